"""What a check found: problems, warnings, boxes, and the picture anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Each has `photo.problem.<kind>` (what is wrong, what to do) and `photo.label.<kind>`.
PROBLEMS = (
    "not_a_picture",
    "unreadable",
    "too_heavy",
    "too_small",
    "too_large",
    "wrong_shape",
    "no_face",
    "several_faces",
    "head_cut",
    "face_small",
    "face_large",
    "face_off_centre",
    "turned",
    "tilted",
    "too_dark",
    "too_bright",
    "blurred",
    "background_not_white",
)
# Not sure enough to refuse: `photo.warning.<kind>` asks the person to look.
WARNINGS = (
    "face_size",
    "face_off_centre",
    "tilted",
    "glare",
    "uneven_light",
    "blurred",
    "background_not_white",
    "no_colour",
)


class Box(NamedTuple):
    """A part of a picture, in fractions (0 to 1) of its width and height, upright as shown."""

    left: float
    top: float
    width: float
    height: float

    def fits(self) -> bool:
        """Whether it lies inside the picture and has an area."""
        right, bottom = self.left + self.width, self.top + self.height
        inside = min(self.left, self.top) >= 0 and max(right, bottom) <= 1 + 1e-9
        return inside and self.width > 0 and self.height > 0


@dataclass(frozen=True)
class PhotoProblem:
    """Something that is wrong, or that the person should look at; whole numbers for its text."""

    kind: str
    values: Mapping[str, int] = field(default_factory=dict)

    def to_json(self, folder: str, language: str) -> dict[str, Any]:
        from bot.texts import say  # not in the child: reading the texts takes longer than a check

        return {
            "kind": self.kind,
            "label": say(language, f"photo.label.{self.kind}"),
            "text": say(language, f"photo.{folder}.{self.kind}", **self.values),
        }


@dataclass(frozen=True)
class PhotoReport:
    """Boxes are of `picture`, which is the part that was checked, upright.

    `picture` is a new JPEG of `width` x `height` pixels without any metadata, or None when nothing
    could be decoded. `frame` is a crop of it that would make size, face height and place of the
    face right; None when it needs none or none fits. `memory` is the most that the child held, in
    bytes; 0 when it did not live to tell.
    """

    problems: tuple[PhotoProblem, ...]
    warnings: tuple[PhotoProblem, ...] = ()
    picture: bytes | None = None
    width: int = 0
    height: int = 0
    face: Box | None = None
    frame: Box | None = None
    not_white: tuple[Box, ...] = ()
    memory: int = 0

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(problem.kind for problem in self.problems)

    def to_json(self, language: str) -> dict[str, Any]:
        """All but the picture itself, for the page: sentences in `language`, boxes as
        `{left, top, width, height}`."""
        return {
            "problems": [problem.to_json("problem", language) for problem in self.problems],
            "warnings": [warning.to_json("warning", language) for warning in self.warnings],
            "width": self.width,
            "height": self.height,
            "face": self.face and self.face._asdict(),
            "frame": self.frame and self.frame._asdict(),
            "not_white": [box._asdict() for box in self.not_white],
        }


def refused(kind: str, **values: int) -> PhotoReport:
    """A report of one problem with a file of which nothing can be shown."""
    return PhotoReport((PhotoProblem(kind, values),))
