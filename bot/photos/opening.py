"""From the bytes of a file to upright pixels. Runs in the child only."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin
from PIL import UnidentifiedImageError as Unidentified

from bot.photos import limits
from bot.photos.report import PhotoProblem

Pixels = NDArray[Any]  # bytes: height x width x 3, red green blue; OpenCV's types say no more
QUALITY = 92
# Everything that decoding needs is loaded by now: later, no file can be opened.
NEEDED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin)

Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class NotOpened(Exception):
    """The file gives no picture; `problem` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.problem = PhotoProblem(kind)


def load_decoders() -> None:
    Image.preinit()


def open_picture(raw: bytes) -> Pixels:
    """The first frame of a JPEG or PNG file, turned as its EXIF says, on white where transparent.

    The decoder decides what the file is, and only these two are tried: Pillow knows seventy. The
    size is read from the header before anything is decoded. Colour profiles are not applied.

    Raises:
        NotOpened: not_a_picture, too_large, unreadable.
    """
    try:
        with Image.open(BytesIO(raw), formats=limits.FORMATS) as image:
            if image.width * image.height > limits.MAX_PIXELS:
                raise NotOpened("too_large")
            return _pixels(image)
    except NotOpened:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotOpened("too_large") from error
    except Unidentified as error:
        raise NotOpened("not_a_picture") from error
    except Exception as error:  # decoders raise whatever comes to their mind
        raise NotOpened("unreadable") from error


def encode(pixels: Pixels) -> bytes:
    """A JPEG of the pixels and nothing else."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _pixels(image: Image.Image) -> Pixels:
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # grey in 16 bits: Pillow would cut off at 255
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    if upright.has_transparency_data:
        coloured = upright.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        upright = Image.alpha_composite(white, coloured)
    return np.array(upright.convert("RGB"))
