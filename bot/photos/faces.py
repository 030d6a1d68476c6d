"""Finds faces and measures them. Runs in the child only.

BlazeFace (`models/README.md`) is run twice. First over the whole picture and over overlapping parts
of it, for faces that are small. Then on a square around each face, twice as wide as its box and
turned until the eyes are level: there its box is steady within 1 %, a real face scores 0.87 and
more, and what is none (the cat, the coffee and the flower that ship with scikit-image and
scikit-learn) 0.6 and less.

Chin and crown follow from the refined box. On six portraits (astronaut of scikit-image, Hopper of
Matplotlib, four of the package face_recognition) MediaPipe's face mesh put the chin 1/1.37 of the
box's side (5 % either way) below the eyes, and looking at them the natural crown lies 0.9 times
the distance of eyes and chin above the eyes: they are about halfway. For the two that the tests
use, the height comes out 0 to 6 % too large against a ruler.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.photos.opening import Pixels

MODEL = Path(__file__).parent / "models" / "face_detection_short_range.tflite"
Floats = NDArray[Any]

INPUT = 128
SEARCHED = 1024  # longest side of the copy in which faces are searched
FOUND = 0.5
# Seen again from near, a face is one for sure from here on; below it may be blurred, or a cat.
SURE = 0.75
AROUND = 2.0
SIDES_IN_EYES_TO_CHIN = 1.37
CROWN_ABOVE_EYES = 0.9  # in distances of eyes and chin
SAME_FACE = 0.5  # as far apart as this share of the box's side, two finds are one face


@dataclass(frozen=True)
class Face:
    """In pixels of the picture. `down` is the direction from crown to chin, of length 1."""

    score: float
    middle: Floats
    eyes: Floats
    side: float
    tilt: float  # degrees, clockwise

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE

    @property
    def down(self) -> Floats:
        turn = np.radians(self.tilt)
        return np.array([-np.sin(turn), np.cos(turn)])

    @property
    def eyes_to_chin(self) -> float:
        return self.side / SIDES_IN_EYES_TO_CHIN

    @property
    def height(self) -> float:
        """From chin to crown."""
        return self.eyes_to_chin * (1 + CROWN_ABOVE_EYES)

    @property
    def chin(self) -> Floats:
        return self.eyes + self.down * self.eyes_to_chin

    @property
    def crown(self) -> Floats:
        return self.chin - self.down * self.height


class Detector:
    def __init__(self) -> None:
        self._net = cv2.dnn.readNetFromTFLite(np.fromfile(MODEL, np.uint8))
        self._anchors = np.concatenate([_anchors(16, 2), _anchors(8, 6)])

    def find(self, pixels: Pixels) -> list[Face]:
        """What looks like a face in a picture, the largest first."""
        height, width = pixels.shape[:2]
        scale = min(1.0, SEARCHED / max(height, width))
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        faces: list[Face] = []
        for left, top, side in _windows(small.shape[1], small.shape[0]):
            window = small[top : top + side, left : left + side]
            for found in self._faces(_square(window)):
                if not _is_known(moved := _moved(found, left, top), faces):
                    faces += [f for f in self._refined(small, moved) if not _is_known(f, faces)]
        scaled = [_scaled(face, 1 / scale) for face in faces]
        return sorted(scaled, key=lambda face: -face.side)

    def _refined(self, pixels: Pixels, face: Face) -> list[Face]:
        """The same face, seen again from near and upright; nothing when it is none after all."""
        scale = INPUT / (AROUND * face.side)
        turn: Floats = cv2.getRotationMatrix2D((face.middle[0], face.middle[1]), face.tilt, scale)
        turn[:, 2] += INPUT / 2 - face.middle
        near = cv2.warpAffine(pixels, turn, (INPUT, INPUT), flags=cv2.INTER_AREA)
        again = self._faces(near)
        if not again:
            return []
        back = cv2.invertAffineTransform(turn)
        seen = again[0]
        middle, eyes = (back[:, :2] @ point + back[:, 2] for point in (seen.middle, seen.eyes))
        tilt = (face.tilt + seen.tilt + 180) % 360 - 180
        return [Face(seen.score, middle, eyes, seen.side / scale, tilt)]

    def _faces(self, square: Pixels) -> list[Face]:
        """What the network sees in a square picture, the surest first."""
        size = square.shape[0]
        blob = cv2.dnn.blobFromImage(square, 1 / 127.5, (INPUT, INPUT), (127.5,) * 3)
        self._net.setInput(blob)
        raw_scores, raw_boxes = self._net.forward(["classificators", "regressors"])
        scores = 1 / (1 + np.exp(-np.clip(raw_scores[0, :, 0], -80, 80)))
        kept = np.flatnonzero(scores > FOUND)
        # Eight points each: middle, width and height, right and left eye, nose, mouth, two ears.
        points: Floats = raw_boxes[0, kept].reshape(-1, 8, 2) / INPUT
        points[:, [0, 2, 3, 4, 5, 6, 7]] += self._anchors[kept][:, None]
        return _merged(scores[kept], points * size)


def _anchors(cells: int, each: int) -> Floats:
    """The middles of a grid of cells, `each` times, as the network's last layers have them."""
    rows, columns = np.mgrid[0:cells, 0:cells]
    middles = np.stack([columns, rows], -1).reshape(-1, 2) + 0.5
    return np.repeat(middles / cells, each, axis=0)


def _windows(width: int, height: int) -> list[tuple[int, int, int]]:
    """Left, top and side of the squares to search: all, then overlapping halves of it."""
    whole = max(width, height)
    half = whole // 2
    starts = [range(0, max(1, length - half // 2), half // 2) for length in (width, height)]
    return [(0, 0, whole)] + [(left, top, half) for top in starts[1] for left in starts[0]]


def _square(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    side = max(height, width)
    return cv2.copyMakeBorder(pixels, 0, side - height, 0, side - width, cv2.BORDER_CONSTANT)


def _merged(scores: Floats, points: Floats) -> list[Face]:
    """One face out of the many boxes that the network gives for it: their weighted mean."""
    faces: list[Face] = []
    left = list(np.argsort(-scores))
    while left:
        best = left[0]
        away = np.linalg.norm(points[left, 0] - points[best, 0], axis=1)
        near = away < SAME_FACE * points[best, 1, 0]
        group = [i for i, is_near in zip(left, near, strict=True) if is_near]
        left = [i for i, is_near in zip(left, near, strict=True) if not is_near]
        mean = np.average(points[group], axis=0, weights=scores[group])
        across = mean[3] - mean[2]
        tilt = float(np.degrees(np.arctan2(across[1], across[0])))
        eyes = (mean[2] + mean[3]) / 2
        faces.append(Face(float(scores[best]), mean[0], eyes, float(mean[1].mean()), tilt))
    return faces


def _is_known(face: Face, faces: list[Face]) -> bool:
    return any(
        np.linalg.norm(face.middle - known.middle) < SAME_FACE * max(face.side, known.side)
        for known in faces
    )


def _moved(face: Face, left: int, top: int) -> Face:
    by = np.array([left, top])
    return Face(face.score, face.middle + by, face.eyes + by, face.side, face.tilt)


def _scaled(face: Face, by: float) -> Face:
    return Face(face.score, face.middle * by, face.eyes * by, face.side * by, face.tilt)
