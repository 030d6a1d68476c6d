"""A portrait before a wall, as a camera would take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.campaigns.photo_portraits import Pixels, Portrait

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """How a portrait is placed: `share` is chin to crown over the height, `above` the crown's
    distance from the top over the height, `aside` that from the middle over the width."""

    size: tuple[int, int]
    share: float = 0.479
    above: float = 0.14
    aside: float = 0.0
    tilt: float = 0.0
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 1.5


Wall = Callable[[int, int], Floats]


def plain(*colour: int) -> Wall:
    tone = np.array(colour if len(colour) == 3 else colour * 3, np.float32)
    return lambda width, height: np.broadcast_to(tone, (height, width, 3))


def fading(start: int, end: int, across: bool = False) -> Wall:
    """From one grey at the left (or top) to another."""

    def wall(width: int, height: int) -> Floats:
        ramp = np.linspace(start, end, width if across else height, dtype=np.float32)
        ramp = ramp[None, :, None] if across else ramp[:, None, None]
        return np.broadcast_to(ramp, (height, width, 3))

    return wall


def striped(one: int, other: int, parts: int) -> Wall:
    def wall(width: int, height: int) -> Floats:
        tone = np.where(np.arange(width) * parts // width % 2, other, one).astype(np.float32)
        return np.broadcast_to(tone[None, :, None], (height, width, 3))

    return wall


def compose(portrait: Portrait, scene: Scene, wall: Wall | Floats, shadow: float = 0.0) -> Pixels:
    """The portrait before the wall; `shadow` is how much of the light its shadow takes away."""
    width, height = scene.size
    behind = wall if isinstance(wall, np.ndarray) else wall(width, height)
    scale = scene.share * height / portrait.face_height
    middle = (portrait.column, (portrait.crown + portrait.chin) / 2)
    turn = cv2.getRotationMatrix2D(middle, -scene.tilt, scale)
    turn[0, 2] += width * (0.5 + scene.aside) - middle[0]
    turn[1, 2] += height * (scene.above + scene.share / 2) - middle[1]
    how = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    person = cv2.warpAffine(portrait.pixels, turn, scene.size, **how).astype(np.float32)
    alpha = np.clip(cv2.warpAffine(portrait.alpha, turn, scene.size, **how), 0, 1)[..., None]
    if shadow:
        behind = behind * (1 - shadow * _shadow(alpha, scene.share * height))
    lit = (person * alpha + behind * (1 - alpha)) * np.array(scene.gain, np.float32)
    if scene.noise:
        noise = np.random.default_rng(width).normal(0, scene.noise, lit.shape[:2])
        lit += noise.astype(np.float32)[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


def _shadow(alpha: Floats, face: float) -> Floats:
    move = np.array([[1, 0, 0.38 * face], [0, 1, 0.06 * face]], np.float32)
    moved = cv2.warpAffine(alpha, move, alpha.shape[1::-1])
    return cv2.GaussianBlur(moved, (0, 0), 0.03 * face)[..., None]


def encoded(pixels: Pixels, format: str = "JPEG", **options: int) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()
