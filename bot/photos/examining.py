"""All rules applied to one file. Runs in the child only."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from bot.photos import background, framing, limits, measuring
from bot.photos.background import Background
from bot.photos.faces import Detector, Face
from bot.photos.opening import NotOpened, Pixels, encode, load_decoders, open_picture
from bot.photos.report import Box, PhotoProblem, PhotoReport

# With one of these the picture is right once it is cropped.
CROPPABLE = {"too_large", "wrong_shape", "face_small", "face_off_centre"}
UPSIDE_DOWN_SURE = 0.85
# No face is searched in a picture that is this many times as long as wide.
LONGEST = 5


class Findings:
    """What was found so far."""

    def __init__(self) -> None:
        self.problems: list[PhotoProblem] = []
        self.warnings: list[PhotoProblem] = []

    @property
    def kinds(self) -> set[str]:
        return {problem.kind for problem in self.problems}

    def refuse(self, wrong: bool, kind: str, **values: int) -> None:
        if wrong:
            self.problems.append(PhotoProblem(kind, values))

    def grade(self, wrong: bool, doubtful: bool, kind: str) -> None:
        if wrong or doubtful:
            (self.problems if wrong else self.warnings).append(PhotoProblem(kind))


class Examiner:
    """Loads what it needs when it is made: later, no file can be opened."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        load_decoders()
        self._detector = Detector()

    def examine(self, raw: bytes, crop: Sequence[float] | None = None) -> PhotoReport:
        """The report on a file, or on the part `crop` of its upright picture."""
        try:
            pixels = open_picture(raw)
        except NotOpened as refusal:
            return PhotoReport((refusal.problem,))
        if crop is not None:
            rows, columns = framing.cut(Box(*crop), pixels.shape[1], pixels.shape[0])
            pixels = np.ascontiguousarray(pixels[rows, columns])
        return self._report(pixels)

    def _report(self, pixels: Pixels) -> PhotoReport:
        height, width = pixels.shape[:2]
        found = Findings()
        _size(found, width, height)
        is_stripe = max(width, height) > LONGEST * min(width, height)
        face = None if is_stripe else self._face(found, pixels)
        behind = face and _judge(found, pixels, face)
        croppable = face and CROPPABLE & found.kinds
        return PhotoReport(
            problems=tuple(found.problems),
            warnings=tuple(found.warnings),
            picture=encode(pixels),
            width=width,
            height=height,
            face=_box(face, width, height) if face else None,
            frame=framing.propose(width, height, face) if face and croppable else None,
            not_white=behind.boxes if behind and _shows(found, "background_not_white") else (),
        )

    def _face(self, found: Findings, pixels: Pixels) -> Face | None:
        """The one face that stands upright, or None and a problem."""
        seen = self._detector.find(pixels)
        faces = [face for face in seen if face.is_sure]
        if len(faces) > 1:
            found.refuse(True, "several_faces", faces=len(faces))
            return None
        if self._is_turned(pixels, faces):
            found.refuse(True, "turned")
            return None
        if not faces:
            _why_unsure(found, pixels, seen)
            return None
        return faces[0]

    def _is_turned(self, pixels: Pixels, faces: list[Face]) -> bool:
        """On its side, or upside down: that way faces are mostly not found at all."""
        if faces and faces[0].score >= UPSIDE_DOWN_SURE:
            return abs(faces[0].tilt) > limits.TURNED
        turned = self._detector.find(np.ascontiguousarray(pixels[::-1, ::-1]))
        again = [face for face in turned if face.is_sure]
        upside_down = bool(again) and (not faces or again[0].score > faces[0].score)
        return upside_down or (bool(faces) and abs(faces[0].tilt) > limits.TURNED)


def _why_unsure(found: Findings, pixels: Pixels, seen: list[Face]) -> None:
    """There is no face for sure: because of the light, because it is blurred, or there is none."""
    if seen:
        likely = max(seen, key=lambda face: face.score)
        patch = measuring.patch(pixels, likely)
        light = measuring.light(patch)
        found.refuse(light.bright < limits.DARK_FACE, "too_dark")
        found.refuse(light.burnt > limits.MAX_BURNT, "too_bright")
        found.refuse(measuring.sharpness(patch) < limits.MIN_SHARPNESS, "blurred")
    found.refuse(not {"too_dark", "too_bright", "blurred"} & found.kinds, "no_face")


def _judge(found: Findings, pixels: Pixels, face: Face) -> Background:
    """Everything that can be said once there is one upright face."""
    behind = background.look(pixels, face)
    _place(found, pixels, face, behind)
    _light(found, pixels, face, behind)
    wrong = behind.not_white > limits.MAX_NOT_WHITE
    found.grade(wrong, behind.not_white > limits.SOME_NOT_WHITE, "background_not_white")
    return behind


def _size(found: Findings, width: int, height: int) -> None:
    small = width < limits.MIN_WIDTH or height < limits.MIN_HEIGHT
    large = width > limits.MAX_WIDTH or height > limits.MAX_HEIGHT
    shape = abs(width / height / limits.SHAPE - 1) > limits.SHAPE_TOLERANCE
    found.refuse(small, "too_small", width=width, height=height)
    found.refuse(large, "too_large")
    found.refuse(shape, "wrong_shape")


def _place(found: Findings, pixels: Pixels, face: Face, behind: Background) -> None:
    height, width = pixels.shape[:2]
    share, slack = face.height / height, limits.FACE_TOLERANCE
    millimetres = round(share * limits.PAPER_MM)
    small = share < limits.MIN_FACE * (1 - slack)
    large = share > limits.MAX_FACE * (1 + slack)
    found.refuse(small, "face_small", millimetres=millimetres)
    found.refuse(large, "face_large", millimetres=millimetres)
    if not small and not large and not limits.MIN_FACE <= share <= limits.MAX_FACE:
        found.warnings.append(PhotoProblem("face_size"))
    outside = face.crown[1] < -slack * face.height or face.chin[1] > height
    found.refuse(outside or (behind.cut and behind.not_white <= 0.5), "head_cut")
    aside = abs(face.eyes[0] / width - 0.5)
    found.grade(aside > limits.MAX_OFF_CENTRE, aside > limits.SOME_OFF_CENTRE, "face_off_centre")
    tilt = abs(face.tilt)
    found.grade(tilt > limits.MAX_TILT, tilt > limits.SOME_TILT, "tilted")


def _light(found: Findings, pixels: Pixels, face: Face, behind: Background) -> None:
    patch = measuring.patch(pixels, face)
    light = measuring.light(patch)
    dim = behind.brightness < limits.DIM_BACKGROUND
    dark = limits.DARK_FACE_DIM_BACKGROUND if dim else limits.DARK_FACE
    found.refuse(light.bright < dark, "too_dark")
    bright = light.burnt > limits.MAX_BURNT
    found.refuse(bright, "too_bright")
    found.grade(False, light.glare > limits.SOME_GLARE and not bright, "glare")
    found.grade(False, light.uneven > limits.SOME_UNEVEN, "uneven_light")
    found.grade(False, light.colour < limits.SOME_COLOUR, "no_colour")
    sharpness = measuring.sharpness(patch)
    found.grade(sharpness < limits.MIN_SHARPNESS, sharpness < limits.SOME_SHARPNESS, "blurred")


def _shows(found: Findings, kind: str) -> bool:
    return any(problem.kind == kind for problem in found.problems + found.warnings)


def _box(face: Face, width: int, height: int) -> Box:
    """Around the head from crown to chin, as far as it lies in the picture."""
    ends = np.stack([face.crown, face.chin])
    middle, half = ends[:, 0].mean(), 0.36 * face.height
    left, right = np.clip([middle - half, middle + half], 0, width) / width
    top, bottom = np.clip(ends[:, 1], 0, height) / height
    return Box(float(left), float(top), float(right - left), float(bottom - top))
