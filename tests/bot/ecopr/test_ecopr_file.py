"""The PDF as a file: readable by ear, the same every time, with nothing active in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from bot.ecopr import CannotPrint, make_ecopr, printing
from tests.bot.ecopr.confirmations import ADULT, CHILD, a_photo, elements, opened

FULL = replace(CHILD, specimen=True, photo=a_photo())


@pytest.fixture(scope="module")
def file() -> pikepdf.Pdf:
    return opened(make_ecopr(FULL))


def test_it_is_tagged_titled_and_says_its_language(file: pikepdf.Pdf) -> None:
    root = file.Root
    assert bool(root.MarkInfo.Marked) and "/StructTreeRoot" in root
    assert str(root.Lang) == "en-CA"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert "Confirmation of Permanent Residence" in str(file.docinfo.Title)
    assert "Confirmation de résidence permanente" in str(file.docinfo.Title)
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata.pdfa_status == "2A"


def test_it_has_headings_a_table_lists_and_french_parts(file: pikepdf.Pdf) -> None:
    found = list(elements(file.Root.StructTreeRoot.K))
    kinds = [str(element.S) for element in found]
    assert kinds.count("/H1") == 2 and kinds.count("/H2") == 6
    assert kinds.count("/Table") == 1 and kinds.count("/TH") == 3 and kinds.count("/TR") == 12
    assert kinds.count("/L") == 2 and kinds.count("/LI") == 12
    french = [str(element.S) for element in found if str(element.get("/Lang", "")) == "fr-CA"]
    assert french.count("/TD") == 11 and french.count("/TH") == 1 and "/H1" in french


def test_the_photo_has_words_in_both_languages(file: pikepdf.Pdf) -> None:
    found = elements(file.Root.StructTreeRoot.K)
    (words,) = [str(element.Alt) for element in found if "/Alt" in element]
    assert "Photo of the person" in words and "Photo de la personne" in words


def test_nothing_in_it_acts_or_leads_away(file: pikepdf.Pdf) -> None:
    for item in file.objects:
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            keys = set(item.keys())
            assert not keys & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/URI", "/EmbeddedFiles"}
    assert "/Annots" not in file.pages[0] and "/AcroForm" not in file.Root


def test_the_mark_of_a_specimen_is_no_part_of_what_is_read() -> None:
    def marked(specimen: bool) -> int:
        file = opened(make_ecopr(replace(ADULT, specimen=specimen)))
        return artifact_texts(file.pages[0])

    assert marked(True) - marked(False) == 2


def artifact_texts(page: Any) -> int:
    """Pieces of text outside the reading order; that there are others is asserted on the way."""
    open_tags: list[str] = []
    counts = {True: 0, False: 0}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            open_tags.append(str(operands[0]))
        elif str(operator) == "EMC":
            open_tags.pop()
        elif str(operator) in ("Tj", "TJ"):
            assert open_tags
            counts["/Artifact" in open_tags] += 1
    assert counts[False] > 40
    return counts[True]


def test_it_is_one_letter_page(file: pikepdf.Pdf) -> None:
    assert len(file.pages) == 1
    assert [float(side) for side in file.pages[0].mediabox] == [0, 0, 612, 792]


def test_the_same_confirmation_is_the_same_file() -> None:
    assert make_ecopr(FULL) == make_ecopr(replace(FULL))
    assert make_ecopr(FULL) != make_ecopr(replace(FULL, number="T123456780"))


def test_its_date_is_the_moment_of_issue(file: pikepdf.Pdf) -> None:
    # Z is another way of writing that offset.
    assert str(file.docinfo.CreationDate).replace("Z", "+00'00") == "D:20261123150400+00'00"


@pytest.mark.parametrize("photo", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"0" * 40])
def test_a_photo_that_is_no_jpeg_is_refused(photo: bytes) -> None:
    with pytest.raises(CannotPrint):
        make_ecopr(replace(ADULT, photo=photo))


def test_without_its_font_it_is_refused_and_not_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    none = printing.typst.Fonts(False, False, [])
    monkeypatch.setattr(printing, "_fonts", lambda: none)
    with pytest.raises(CannotPrint):
        make_ecopr(ADULT)


async def test_an_event_loop_goes_on_while_it_is_made() -> None:
    async def beat() -> int:
        beats = 0
        while not made.done():
            await asyncio.sleep(0)
            beats += 1
        return beats

    made = asyncio.ensure_future(asyncio.to_thread(make_ecopr, replace(FULL, number="T000000001")))
    assert await beat() > 1
    assert (await made).startswith(b"%PDF")
