"""Makes the PDF, with Typst: PDF/A-2a and PDF/UA-1, so that it is readable by ear and in decades.

Names are data and never markup: Typst reads them from a JSON file in memory. Both standards forbid
a character that the font lacks, so an unprintable name is an error and never an empty box. Typst
gets no folder of this machine, no network and no packages. Compiling releases the interpreter lock
(measured); callers in an event loop use `asyncio.to_thread`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import typst

from bot.ecopr.confirmation import Confirmation, page_data

_TEMPLATE = Path(__file__).with_name("confirmation.typ")
_STANDARDS: list[Any] = ["a-2a", "ua-1"]
# Points of the running text; the next is tried when the page is too short for all of it.
_SIZES = ("8.6", "8", "7.4", "6.6")
_FULL = "does not fit on one page"


class CannotPrint(Exception):
    """This confirmation cannot be printed as it must be; a person has to look at it."""


def make_ecopr(confirmation: Confirmation) -> bytes:
    """The confirmation as a PDF of one letter-size page; the same input gives the same bytes.

    Raises:
        CannotPrint: a character that no font here has, or invisible; a photo that is no JPEG; or
            more text than one page holds.
    """
    data = page_data(confirmation)
    if any(unicodedata.category(char)[0] == "C" for text in _said(data) for char in text):
        raise CannotPrint("a control or invisible character in the details")
    # As numbers: Typst takes only text for a file in memory.
    data["photo"] = None if confirmation.photo is None else list(confirmation.photo)
    files: dict[str, Any] = {
        "main.typ": _TEMPLATE.read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    moment = int(confirmation.issued_at.timestamp())
    for size in _SIZES:
        try:
            return _compiled(files, size, moment)
        except RuntimeError as error:
            if _FULL not in str(error):
                raise CannotPrint("Typst refused the details") from error
    raise CannotPrint("more text than one page holds")


def _compiled(files: Any, size: str, moment: int) -> bytes:
    pdf, warnings = typst.compile_with_warnings(
        files,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"size": size},
        pdf_standards=_STANDARDS,
        timestamp=moment,
    )
    # Without its font Typst only warns, and prints a page without any text.
    if warnings:
        raise CannotPrint(warnings[0].message)
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The folder of matplotlib's fonts, for DejaVu Sans and none of this machine's own: Latin with
    all accents, Cyrillic, Greek, Arabic, Hebrew, Armenian, Georgian, Canadian syllabics. Its
    licence lets anybody embed it. Found without importing it: the engine puts an empty stand-in
    in its place (bot/engine/lean.py)."""
    folder = distribution("matplotlib").locate_file("matplotlib/mpl-data/fonts/ttf")
    return typst.Fonts(False, False, [Path(str(folder))])


def _said(value: Any) -> Iterator[str]:
    """Every string in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _said(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _said(item)
