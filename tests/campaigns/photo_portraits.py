"""Real faces, cut out of the pictures that ship with packages, to be put before a white wall.

The astronaut Eileen Collins (scikit-image) and Rear Admiral Grace Hopper (Matplotlib, which comes
with Rasa): works of NASA and of the United States Navy, in the public domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Portrait:
    """`alpha` is 0 to 1. Crown and chin were read off the picture with a ruler, not found by what
    is tested: rows of the picture (Hopper's crown, under her cap, as far above the eyes as the chin
    is below); `column` is between the eyes."""

    name: str
    pixels: Pixels
    alpha: NDArray[np.float32]
    crown: float
    chin: float
    column: float

    @property
    def face_height(self) -> float:
        return self.chin - self.crown


@dataclass(frozen=True)
class _Source:
    path: Path
    crown: float
    chin: float
    column: float
    head: tuple[int, int, int, int]  # left, top, right, bottom of hair and chin
    body: tuple[tuple[int, int], ...]  # corners of what is surely clothes


def _sources() -> dict[str, _Source]:
    # Their files only: to import matplotlib would keep an engine from starting in this process.
    hopper = _file("matplotlib", "matplotlib/mpl-data/sample_data/grace_hopper.jpg")
    return {
        "astronaut": _Source(
            _file("scikit-image", "skimage/data/astronaut.png"),
            42, 182, 222, (165, 12, 287, 185),
            ((150, 260), (200, 200), (262, 200), (330, 250), (400, 330), (430, 511), (60, 511)),
        ),
        "hopper": _Source(
            hopper, 54, 328, 264, (172, 22, 366, 338),
            ((225, 345), (315, 345), (440, 470), (490, 599), (20, 599), (90, 470)),
        ),
    }  # fmt: skip


def _file(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


@lru_cache(maxsize=1)
def portraits() -> tuple[Portrait, ...]:
    """All, cut out once in a process."""
    return tuple(_cut_out(name, source) for name, source in _sources().items())


def _cut_out(name: str, source: _Source) -> Portrait:
    pixels = np.array(Image.open(source.path).convert("RGB"))
    mask = _guess(pixels, source)
    models: list[Any] = [np.zeros((1, 65)), np.zeros((1, 65))]
    cv2.setRNGSeed(1)
    bgr = np.ascontiguousarray(pixels[:, :, ::-1])
    cv2.grabCut(bgr, mask, (0, 0, 0, 0), *models, 6, cv2.GC_INIT_WITH_MASK)
    person = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(person)
    person = (labels == 1 + int(sizes[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    person = cv2.erode(person, np.ones((3, 3), np.uint8))
    alpha = cv2.GaussianBlur(person.astype(np.float32), (0, 0), 0.8)
    return Portrait(name, pixels, alpha, source.crown, source.chin, source.column)


def _guess(pixels: Pixels, source: _Source) -> NDArray[np.uint8]:
    """What is known by hand: the core of the head and of the clothes, and what lies far away."""
    mask = np.full(pixels.shape[:2], cv2.GC_BGD, np.uint8)
    left, top, right, bottom = source.head
    middle = ((left + right) // 2, (top + bottom) // 2)
    half = ((right - left) // 2, (bottom - top) // 2)
    body = np.array(source.body, np.int32)
    for grown, kind in ((1.12, cv2.GC_PR_FGD), (0.75, cv2.GC_FGD)):
        axes = (int(half[0] * grown), int(half[1] * grown))
        cv2.ellipse(mask, middle, axes, 0, 0, 360, kind, -1)
        if kind == cv2.GC_PR_FGD:
            near = np.zeros_like(mask)
            cv2.fillPoly(near, [body], 1)
            mask[cv2.dilate(near, np.ones((41, 41), np.uint8)) > 0] = cv2.GC_PR_FGD
    cv2.fillPoly(mask, [body], cv2.GC_FGD)
    return mask
