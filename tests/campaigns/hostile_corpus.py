"""Hostile files, made by code: what security.md (T15) lists, and their like."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from tests.campaigns.photo_portraits import Pixels, portraits
from tests.campaigns.photo_scenes import Scene, compose, encoded, plain

MARKER = b"PASSAGE-HOSTILE-MARKER"
SCRIPT = b"<script>alert('" + MARKER + b"')</script>"
SIZE = (720, 1008)
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
NO_PICTURE = frozenset({"not_a_picture"})
BROKEN = frozenset({"unreadable", "not_a_picture"})


@dataclass(frozen=True)
class Hostile:
    """One of `kinds` must be found; with none, the file is a good photo with something hidden in
    it, and is kept without that."""

    name: str
    raw: bytes
    kinds: frozenset[str] = frozenset()

    @property
    def is_harmless(self) -> bool:
        return not self.kinds


def corpus(seed: int) -> list[Hostile]:
    chosen = random.Random(seed)
    parts = (_other_formats(), _nothing(chosen), _behind_something(), _broken(chosen), _bombs())
    return [hostile for part in (*parts, _hidden_injpeg(), _hidden_in_png()) for hostile in part]


@lru_cache(maxsize=1)
def _photo() -> Pixels:
    """A photo that is accepted."""
    return compose(portraits()[1], Scene(SIZE, noise=0.0), plain(250))


@lru_cache(maxsize=1)
def jpeg() -> bytes:
    """The same as a file."""
    return encoded(_photo(), quality=88)


@lru_cache(maxsize=1)
def _png() -> bytes:
    return encoded(_photo(), "PNG")


def _other_formats() -> Iterator[Hostile]:
    for format in ("GIF", "TIFF", "BMP", "WEBP", "ICO", "EPS", "PDF", "PPM", "TGA", "PCX", "DDS"):
        yield Hostile(format, encoded(_photo()[::2, ::2], format), NO_PICTURE)
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
    for name, raw in {
        "SVG": svg,
        "SVG with an embedded JPEG": svg.replace(SCRIPT, b"<image>" + b64encode(jpeg())),
        "HTML": b"<!doctype html>" + SCRIPT,
        "HEIC header": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + MARKER * 50,
        "ZIP": _zip(),
        "JPEG in gzip": gzip.compress(jpeg()),
        "JPEG in base64": b64encode(jpeg()),
        "program": b"\x7fELF\x02\x01\x01" + bytes(4096),
        "shell script": b"#!/bin/sh\necho " + MARKER,
    }.items():
        yield Hostile(name, raw, NO_PICTURE)


def _nothing(chosen: random.Random) -> Iterator[Hostile]:
    yield Hostile("no byte", b"", NO_PICTURE)
    yield Hostile("one byte", b"\xff", NO_PICTURE)
    yield Hostile("noise", chosen.randbytes(200_000), NO_PICTURE)
    yield Hostile("zeros", bytes(3_000_000), NO_PICTURE)


def _behind_something() -> Iterator[Hostile]:
    """A picture for one reader, something else for another: the decoder wants its magic first."""
    yield Hostile("HTML, then JPEG", SCRIPT + jpeg(), NO_PICTURE)
    yield Hostile("ZIP, then JPEG", _zip() + jpeg(), NO_PICTURE)
    yield Hostile("GIF header, then JPEG", b"GIF89a" + jpeg(), NO_PICTURE)


def _broken(chosen: random.Random) -> Iterator[Hostile]:
    for name, whole in (("JPEG", jpeg()), ("PNG", _png())):
        for keep in (10, 300, len(whole) // 2, len(whole) * 9 // 10):
            yield Hostile(f"{name}, {keep} bytes of it", whole[:keep], BROKEN)
    yield Hostile("noise behind JPEG's magic", b"\xff\xd8\xff" + chosen.randbytes(50_000), BROKEN)
    yield Hostile("noise behind PNG's magic", PNG_MAGIC + chosen.randbytes(50_000), BROKEN)
    damaged = bytearray(_png())
    damaged[len(damaged) // 2] ^= 0x55
    yield Hostile("PNG with a wrong checksum", bytes(damaged), BROKEN)


def _bombs() -> Iterator[Hostile]:
    large = frozenset({"too_large"})
    yield Hostile("PNG of 169 megapixels", _flat_png(13_000, 13_000), large)
    yield Hostile("PNG of 65,000 x 1", _flat_png(65_000, 1), large)
    yield Hostile("PNG of 1 x 65,000", _flat_png(1, 65_000), large)
    yield Hostile("JPEG that says 65,500 x 65,500", _resized(jpeg(), 65_500, 65_500), large)
    yield Hostile("many scans", _many_scans(), frozenset({"unreadable"}))
    packed = zlib.compress(bytes(100_000_000), 9)
    yield Hostile("zTXt bomb", _with_chunk(b"zTXt", b"a\0\0" + packed), BROKEN)
    yield Hostile("colour profile bomb", _with_chunk(b"iCCP", b"a\0\0" + packed), BROKEN)
    yield Hostile("iTXt bomb", _with_chunk(b"iTXt", b"a\0\1\0\0\0" + packed), BROKEN)


def _hidden_injpeg() -> Iterator[Hostile]:
    photo = Image.fromarray(_photo())
    yield Hostile("JPEG, then ZIP", jpeg() + _zip())
    yield Hostile("JPEG, then HTML", jpeg() + SCRIPT)
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(SCRIPT)) + SCRIPT
    yield Hostile("script in a comment", jpeg()[:2] + comment + jpeg()[2:])
    full = b"\xff\xfe\xff\xff" + (MARKER * 3000)[:65_533]
    yield Hostile("fifty full comments", jpeg()[:2] + full * 50 + jpeg()[2:])
    yield Hostile("place of taking (GPS)", _saved(photo, exif=_gps()))
    yield Hostile("thumbnail of another face", _saved(photo, exif=_thumbnail()))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    huge = profile[:128] + (MARKER * 90_000)[:1_500_000]
    yield Hostile("colour profile of 1.5 MB", _saved(photo, icc_profile=huge))
    other = Image.fromarray(compose(portraits()[0], Scene(SIZE), plain(250)))
    more = {"save_all": True, "append_images": [other]}
    yield Hostile("second picture behind the first (MPO)", _saved(photo, "MPO", **more))
    yield Hostile("CMYK", _saved(photo.convert("CMYK")))


def _hidden_in_png() -> Iterator[Hostile]:
    photo = Image.fromarray(_photo())
    yield Hostile("PNG, then ZIP", _png() + _zip())
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SCRIPT.decode())
    yield Hostile("PNG with a script as text", _saved(photo, "PNG", pnginfo=text))
    other = Image.fromarray(compose(portraits()[0], Scene(SIZE, noise=0.0), plain(250)))
    frames = {"save_all": True, "append_images": [other]}
    yield Hostile("APNG with another face", _saved(photo, "PNG", **frames))
    yield Hostile("another face where it is transparent", _see_through(photo, other))
    yield Hostile("16 bits a colour", _deep_png())


def _saved(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return buffer.getvalue()


def _gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 25.0, 15.0), 3: "W", 4: (75.0, 41.0, 24.0)})
    return exif


def _thumbnail() -> bytes:
    """An EXIF block whose second directory holds a small JPEG of somebody else."""
    small = Image.fromarray(portraits()[0].pixels).resize((160, 160))
    jpeg = _saved(small, comment=MARKER)
    start = 8 + 2 + 4 + 2 + 2 * 12 + 4
    entries = struct.pack("<HHII", 0x0201, 4, 1, start) + struct.pack(
        "<HHII", 0x0202, 4, 1, len(jpeg)
    )
    first = struct.pack("<HI", 0, 14)
    second = struct.pack("<H", 2) + entries + struct.pack("<I", 0)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + second + jpeg


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(kind: bytes, data: bytes) -> bytes:
    """The photo with a chunk right behind its header."""
    end = len(PNG_MAGIC) + 25
    return _png()[:end] + _chunk(kind, data) + _png()[end:]


def _flat_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return PNG_MAGIC + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _see_through(photo: Image.Image, other: Image.Image) -> bytes:
    """All that is white is another picture at full transparency."""
    pixels = np.array(photo)
    shown = (pixels.min(axis=2) < 245).astype(np.uint8) * 255
    hidden = np.where(shown[..., None] > 0, pixels, np.array(other))
    return encoded(np.dstack([hidden, shown]).astype(np.uint8), "PNG")


def _deep_png() -> bytes:
    width, height = SIZE
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    deep = (_photo().astype(">u2") * 257).astype(">u2").reshape(height, -1)
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")
    return PNG_MAGIC + b"".join(chunks)


def _resized(jpeg: bytes, width: int, height: int) -> bytes:
    """The same bytes under a header that says another size."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _many_scans() -> bytes:
    """A progressive JPEG whose last scan comes again and again: seconds of work for each byte."""
    grey = Image.fromarray(np.full((2800, 2000), 120, np.uint8))
    whole = _saved(grey, progressive=True)
    start = whole.rindex(b"\xff\xda")
    scan = whole[start:-2]
    return whole[:start] + scan * (3_900_000 // len(scan)) + whole[-2:]
