"""The crop that would make size, face height and place of the face right. Runs in the child only.

No source gives the place of the head between top and bottom; the crown is put as far below the top
edge as the usual templates have it.
"""

from __future__ import annotations

import numpy as np

from bot.photos import limits
from bot.photos.faces import Face
from bot.photos.report import Box

# Share of the frame's height between its top and the crown: wished, and allowed.
ABOVE, MIN_ABOVE, MAX_ABOVE = 0.14, 0.06, 0.24
# The middle first, then towards both ends of what is allowed, a little inside.
FACE_SHARES = tuple(
    limits.MIN_FACE + (limits.MAX_FACE - limits.MIN_FACE) * part
    for part in (0.5, 0.3, 0.7, 0.1, 0.9)
)


def propose(width: int, height: int, face: Face) -> Box | None:
    """The frame around the face in a picture of `width` x `height` pixels; None when none fits.

    Measured where the sides are whole pixels, so cropping with it gives the limits' shape.
    """
    for share in FACE_SHARES:
        tall = round(face.height / share)
        wide = round(tall * limits.SHAPE)
        if not _is_size(wide, tall) or wide > width or tall > height:
            continue
        left = _inside(face.eyes[0] - wide / 2, width - wide)
        top = _inside(face.crown[1] - ABOVE * tall, height - tall)
        off_centre = abs(left + wide / 2 - face.eyes[0]) / wide
        above = (face.crown[1] - top) / tall
        if off_centre <= limits.SOME_OFF_CENTRE and MIN_ABOVE <= above <= MAX_ABOVE:
            return Box(left / width, top / height, wide / width, tall / height)
    return None


def cut(box: Box, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of a box in whole pixels."""
    left, top = round(box.left * width), round(box.top * height)
    wide, tall = round(box.width * width), round(box.height * height)
    return slice(top, top + tall), slice(left, left + wide)


def _is_size(width: int, height: int) -> bool:
    return (
        limits.MIN_WIDTH <= width <= limits.MAX_WIDTH
        and limits.MIN_HEIGHT <= height <= limits.MAX_HEIGHT
    )


def _inside(wished: float, most: int) -> int:
    return int(np.clip(round(wished), 0, most))
