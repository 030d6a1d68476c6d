"""Is the background white, and where is it not? Runs in the child only.

What is background is found in two ways, both without a model of people. Some of the picture is
surely not the person: above the chin, far enough from the head that hair seldom reaches there. And
from there, what can be reached without crossing an edge is background, too: a shadow or a wall that
gets darker behind the head is reached, hair and clothes are not. Dark hair belongs to the person
wherever it goes, as long as it does not reach the edge of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.photos import limits
from bot.photos.faces import Face, Floats
from bot.photos.opening import Pixels
from bot.photos.report import Box

Mask = NDArray[np.bool_]

FACE_HEIGHT = 160  # from chin to crown, in the copy that is looked at
STEP = 3  # a point differs from its neighbour by no more, or there is an edge between them
ROWS, COLUMNS = 28, 20
CELL_IS_BACKGROUND, CELL_IS_NOT_WHITE = 0.25, 0.5

# The zone of the person around the middle of the head, in heights of the face: half-width and
# half-height of an ellipse for head and hair, and half-width of the core that is head for sure.
HAIR_ACROSS, HAIR_UP, HEAD_ACROSS = 0.62, 0.80, 0.42
# Darker than this (0 to 255), what hangs together with the head is hair: no shadow on a white wall
# is as dark.
DARK_HAIR = 90
# The shoulders begin this far above the chin, in heights of the face.
SHOULDERS_ABOVE_CHIN = 0.05


@dataclass(frozen=True)
class Background:
    """`not_white`: share of the background that is not white; `brightness`: its median, 0 to 255;
    `cut`: whether something that is not white meets the upper edge right above the face."""

    not_white: float
    brightness: float
    cut: bool
    boxes: tuple[Box, ...]


def look(pixels: Pixels, face: Face) -> Background:
    scale = min(1.0, FACE_HEIGHT / face.height)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.medianBlur(small, 3)
    brightness = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    colour = small.max(axis=2).astype(int) - small.min(axis=2)
    white = (brightness >= limits.WHITE_BRIGHTNESS) & (colour <= limits.WHITE_COLOUR)
    far, near, core = _zones(small, face, scale)
    hair = _hair((brightness < DARK_HAIR) & (far | near | core), core)
    background = (far | (_reached(small, far) & near)) & ~hair
    inside = background.sum() or 1
    middle, half = face.middle[0] * scale, 0.2 * face.height * scale
    above = white[:3, max(0, int(middle - half)) : int(middle + half)]
    return Background(
        not_white=float((background & ~white).sum() / inside),
        brightness=float(np.median(brightness[background])) if background.any() else 255.0,
        cut=bool(above.size and (~above).mean() > 0.5),
        boxes=_boxes(background, background & ~white),
    )


def _zones(pixels: Pixels, face: Face, scale: float) -> tuple[Mask, Mask, Mask]:
    """Where the background is for sure, where it may be, and where the head is, above the
    shoulders."""
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    head: Floats = (face.chin + face.crown) / 2 * scale
    height = face.height * scale
    across, up = (columns - head[0]) / height, (rows - head[1]) / height
    above = rows < face.chin[1] * scale - SHOULDERS_ABOVE_CHIN * height
    hair = (across / HAIR_ACROSS) ** 2 + (up / HAIR_UP) ** 2 < 1
    core = (across / HEAD_ACROSS) ** 2 + (up / HAIR_UP) ** 2 < 1
    return above & ~hair, above & hair & ~core, above & core


def _hair(dark: Mask, core: Mask) -> Mask:
    """What is dark, hangs together with the head and does not reach an edge of the picture."""
    _, labels = cv2.connectedComponents(dark.astype(np.uint8))
    edges = np.concatenate([labels[0], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.setdiff1d(labels[core & dark], edges))


def _reached(pixels: Pixels, start: Mask) -> Mask:
    """All that hangs together with `start` without an edge between."""
    mask = np.zeros((pixels.shape[0] + 2, pixels.shape[1] + 2), np.uint8)
    seeds = np.argwhere(start)[:: max(1, int(start.sum()) // 400)]
    for row, column in seeds:
        if not mask[row + 1, column + 1]:
            step = (STEP,) * 3
            flags = 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY
            cv2.floodFill(pixels, mask, (int(column), int(row)), (0,), step, step, flags)
    return mask[1:-1, 1:-1] > 0


def _boxes(background: Mask, wrong: Mask) -> tuple[Box, ...]:
    """The cells of a coarse grid that are not white, neighbours joined: first along a row, then
    equal stretches of rows below each other."""
    size = (COLUMNS, ROWS)
    shares = [
        cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for mask in (background, wrong)
    ]
    flagged = (shares[0] >= CELL_IS_BACKGROUND) & (shares[1] >= CELL_IS_NOT_WHITE * shares[0])
    open_boxes: dict[tuple[int, int], int] = {}
    boxes: list[Box] = []
    for row in range(ROWS + 1):
        stretches = _stretches(flagged[row]) if row < ROWS else set()
        for ended in set(open_boxes) - stretches:
            boxes.append(_box(*ended, open_boxes.pop(ended), row))
        for stretch in stretches - set(open_boxes):
            open_boxes[stretch] = row
    return tuple(sorted(boxes, key=lambda box: (box.top, box.left)))


def _stretches(flags: Mask) -> set[tuple[int, int]]:
    """First and last-but-one of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return {(int(start), int(end)) for start, end in edges.reshape(-1, 2)}


def _box(start: int, end: int, top: int, bottom: int) -> Box:
    return Box(start / COLUMNS, top / ROWS, (end - start) / COLUMNS, (bottom - top) / ROWS)
