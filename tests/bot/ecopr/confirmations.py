"""A confirmation to begin with, and what a reader of the PDF finds in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from bot.ecopr import Confirmation, make_ecopr

ADULT = Confirmation(
    number="T123456789",
    family_name="Nguyễn-Łukaszewicz",
    given_names="Thị Ánh François",
    birth_date=date(1990, 3, 12),
    birth_place="Győr, Hungary",
    uci="11-2233-4455",
    application_number="E003456789",
    became_resident_on=date(2026, 11, 22),
    issued_at=datetime(2026, 11, 23, 15, 4, tzinfo=timezone.utc),
    address_lines=("4B-123 rue Principale", "Gatineau (Québec)  J8X 2K1"),
    guardian=None,
    signs_self=True,
    specimen=False,
)
CHILD = replace(ADULT, given_names="Zoé", guardian="Trần Văn Minh", signs_self=False)


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (715, 1000), (200, 210, 220)).save(out, "JPEG")
    return out.getvalue()


def text_of(pdf: bytes) -> str:
    """The text of the only page in reading order, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    # pdfium writes U+FFFE for a hyphen at the end of a line.
    text = document[0].get_textpage().get_text_range().replace("\ufffe", "-")
    return " ".join(text.split())


def printed(confirmation: Confirmation) -> str:
    return text_of(make_ecopr(confirmation))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(node: Any) -> Iterator[Any]:
    """Every structure element below `node`, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pikepdf.Array()))
