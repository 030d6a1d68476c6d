"""Photos as people send them: acceptable ones, and one thing wrong at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.campaigns.photo_portraits import Pixels, Portrait, portraits
from tests.campaigns.photo_scenes import (
    Floats,
    Scene,
    Wall,
    compose,
    encoded,
    fading,
    plain,
    striped,
)

SIZES = ((715, 1000), (720, 1008), (900, 1260), (1200, 1680), (1500, 2100), (2000, 2800))
SMALLER = SIZES[:3]


@dataclass(frozen=True)
class Variation:
    """`kind` is the problem that must be found; empty for an acceptable photo."""

    name: str
    kind: str
    raw: bytes


# What is acceptable.

WHITES: tuple[Wall, ...] = (
    plain(255), plain(250), plain(242), plain(232), plain(240, 238, 230), plain(232, 238, 244),
    fading(252, 228), fading(230, 250, across=True),
)  # fmt: skip


def acceptable(count: int, seed: int) -> Iterator[Variation]:
    chosen = random.Random(seed)
    for number in range(count):
        portrait = portraits()[number % 2]
        scene = Scene(
            SIZES[number // 2 % len(SIZES)],
            share=chosen.uniform(0.447, 0.510),
            above=chosen.uniform(0.13, 0.17),
            aside=chosen.uniform(-0.035, 0.035),
            tilt=chosen.uniform(-4, 4),
            gain=_light(chosen),
        )
        as_png = scene.size in SMALLER and chosen.random() < 0.4
        if as_png:
            scene = replace(scene, noise=0.0)
        pixels = compose(portrait, scene, chosen.choice(WHITES))
        quality = chosen.choice([70, 80, 88, 95])
        raw = encoded(pixels, "PNG") if as_png else encoded(pixels, quality=quality)
        yield Variation(f"{portrait.name} {number} {scene}", "", raw)


def _light(chosen: random.Random) -> tuple[float, float, float]:
    """A little darker or brighter, a little warmer or cooler."""
    level, warmth = chosen.uniform(0.9, 1.06), chosen.uniform(-0.025, 0.025)
    return (level * (1 + warmth), level, level * (1 - warmth))


# What is not: each maker gives pictures with one thing wrong.

Maker = Callable[[random.Random, Portrait, Scene], bytes]


def _size_of(width: int, height: int) -> Maker:
    return lambda chosen, portrait, scene: _jpeg(portrait, replace(scene, size=(width, height)))


def _jpeg(
    portrait: Portrait, scene: Scene, wall: Wall | Floats | None = None, **more: float
) -> bytes:
    return encoded(
        compose(portrait, scene, plain(250) if wall is None else wall, **more), quality=88
    )


def _as(format: str) -> Maker:
    return lambda chosen, portrait, scene: encoded(compose(portrait, scene, plain(250)), format)


def _placed(name: str, low: float, high: float, signed: bool = False) -> Maker:
    def make(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
        value = chosen.uniform(low, high) * (chosen.choice([-1, 1]) if signed else 1)
        return _jpeg(portrait, replace(scene, **{name: value}))

    return make


def _before(wall: Wall) -> Maker:
    return lambda chosen, portrait, scene: _jpeg(portrait, scene, wall)


def _changed(change: Callable[[random.Random, Pixels, float], Pixels]) -> Maker:
    """Changed after it was taken; the change is also told the height of the face."""

    def make(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
        pixels = compose(portrait, scene, plain(250))
        face = scene.share * scene.size[1]
        return encoded(change(chosen, pixels, face), quality=88)

    return make


def _scaled(low: float, high: float) -> Maker:
    def change(chosen: random.Random, pixels: Pixels, face: float) -> Pixels:
        return np.clip(pixels * chosen.uniform(low, high), 0, 255).astype(np.uint8)

    return _changed(change)


def _soft(chosen: random.Random, pixels: Pixels, face: float) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), face * chosen.uniform(0.02, 0.035))


def _shaken(chosen: random.Random, pixels: Pixels, face: float) -> Pixels:
    length = int(face * chosen.uniform(0.09, 0.12))
    kernel = np.eye(length, dtype=np.float32) / length
    return cv2.filter2D(pixels, -1, kernel)


def _heavy(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
    large = replace(scene, size=(2000, 2800), noise=12.0)
    return encoded(compose(portrait, large, plain(245)), "PNG", compress_level=1)


def _with_another(share: float, aside: float) -> Maker:
    """A second person, beside the first one or behind."""

    def make(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
        other = portraits()[portrait is portraits()[0]]
        back = replace(scene, share=share, aside=aside, above=0.1, noise=0.0)
        behind = compose(other, back, plain(250)).astype(np.float32)
        return _jpeg(
            portrait, replace(scene, share=min(0.4, share * 2), aside=-aside, above=0.4), behind
        )

    return make


def _behind_shadow(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
    return _jpeg(portrait, scene, shadow=chosen.uniform(0.35, 0.6))


def _scene_behind(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
    """With the background that the picture was taken before."""
    whole = replace(portrait, alpha=np.ones_like(portrait.alpha))
    return _jpeg(whole, scene)


def _nobody(chosen: random.Random, portrait: Portrait, scene: Scene) -> bytes:
    """The wall, an outline without a face, or a picture of something else."""
    width, height = scene.size
    what = chosen.choice(["wall", "outline", "chelsea.png", "coffee.png", "rocket.jpg"])
    if what == "wall":
        return encoded(np.full((height, width, 3), 250, np.uint8))
    if what == "outline":
        return _jpeg(replace(portrait, pixels=np.full_like(portrait.pixels, 90)), scene)
    import skimage

    image = Image.open(Path(skimage.__file__).parent / "data" / what).convert("RGB")
    return encoded(np.array(image.resize(scene.size)))


def _quarter(chosen: random.Random, pixels: Pixels, face: float) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, chosen.choice([1, 2, 3])))


VIOLATIONS: tuple[tuple[str, Maker], ...] = (
    ("too_small", _size_of(714, 1000)),
    ("too_small", _size_of(500, 700)),
    ("too_large", _size_of(2003, 2804)),
    ("too_large", _size_of(3000, 4200)),
    ("too_heavy", _heavy),
    ("wrong_shape", _size_of(1000, 1000)),
    ("wrong_shape", _size_of(1100, 1400)),
    ("wrong_shape", _size_of(1400, 1050)),
    ("not_a_picture", _as("GIF")),
    ("not_a_picture", _as("WEBP")),
    ("not_a_picture", _as("TIFF")),
    ("not_a_picture", _as("BMP")),
    ("face_small", _placed("share", 0.20, 0.37)),
    ("face_large", _placed("share", 0.60, 0.72)),
    ("face_off_centre", _placed("aside", 0.17, 0.26, signed=True)),
    ("head_cut", _placed("above", -0.17, -0.10)),
    ("tilted", _placed("tilt", 22, 40, signed=True)),
    ("turned", _changed(_quarter)),
    ("several_faces", _with_another(0.33, 0.24)),
    ("several_faces", _with_another(0.17, 0.30)),
    ("no_face", _nobody),
    ("too_dark", _scaled(0.12, 0.30)),
    ("too_bright", _scaled(2.4, 3.2)),
    ("blurred", _changed(_soft)),
    ("blurred", _changed(_shaken)),
    ("background_not_white", _before(plain(150))),
    ("background_not_white", _before(plain(90))),
    ("background_not_white", _before(plain(120, 160, 220))),
    ("background_not_white", _before(plain(200, 225, 190))),
    ("background_not_white", _before(plain(250, 225, 180))),
    ("background_not_white", _before(fading(250, 110, across=True))),
    ("background_not_white", _before(striped(250, 150, 14))),
    ("background_not_white", _behind_shadow),
    ("background_not_white", _scene_behind),
)

STRIDE = 7  # has no divisor in common with their number


def violations(count: int, seed: int) -> Iterator[Variation]:
    """Each maker in turn, so that every kind is there once `count` reaches their number; fewer
    are taken from all over."""
    chosen = random.Random(seed)
    for number in range(count):
        kind, make = VIOLATIONS[number * STRIDE % len(VIOLATIONS)]
        portrait = chosen.choice(portraits())
        scene = Scene(chosen.choice(SMALLER), aside=chosen.uniform(-0.02, 0.02))
        yield Variation(f"{kind} {number} {portrait.name}", kind, make(chosen, portrait, scene))
