"""Photos of real faces, judged by the child."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from bot.photos import checking
from bot.photos.checking import check_photo, check_photo_now
from bot.photos.report import PROBLEMS, WARNINGS, Box, PhotoProblem, PhotoReport
from bot.texts import LANGUAGES, catalogue
from tests.campaigns.photo_portraits import Pixels, portraits
from tests.campaigns.photo_scenes import Scene, compose, encoded, plain

SCENE = Scene((720, 1008))
GOOD_ANSWER = json.dumps(
    {"problems": [], "warnings": [], "width": 1, "height": 1, "face": None}
    | {"frame": None, "not_white": [], "memory": 1}
)
# Children of parallel tests would only wait for each other.
pytestmark = pytest.mark.xdist_group("photos")


def photo(scene: Scene = SCENE, wall: int = 250, person: int = 1) -> Pixels:
    return compose(portraits()[person], scene, plain(wall))


def picture(report: PhotoReport) -> Image.Image:
    assert report.picture
    return Image.open(io.BytesIO(report.picture))


def test_a_good_photo_comes_back_as_a_new_jpeg_of_the_same_size() -> None:
    report = check_photo_now(encoded(photo(), "PNG"))
    assert (report.problems, report.warnings, report.frame, report.not_white) == ((), (), None, ())
    again = picture(report)
    assert (again.format, again.size, again.info.get("exif")) == ("JPEG", SCENE.size, None)
    assert np.abs(np.asarray(again).astype(int) - photo()).mean() < 3


def test_the_face_is_found_where_it_was_put() -> None:
    scene = replace(SCENE, aside=0.03)
    face = check_photo_now(encoded(photo(scene), quality=90)).face
    assert face and face.left + face.width / 2 == pytest.approx(0.53, abs=0.02)
    assert face.top == pytest.approx(scene.above, abs=0.03)
    assert face.height == pytest.approx(scene.share, rel=0.07)


def test_a_turned_camera_is_turned_back() -> None:
    lying = Image.fromarray(np.rot90(photo()).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    lying.save(buffer, "JPEG", exif=exif, quality=90)
    report = check_photo_now(buffer.getvalue())
    assert report.problems == ()
    assert picture(report).size == SCENE.size
    assert not picture(report).getexif()


@pytest.mark.parametrize("person", [0, 1])
def test_the_proposed_frame_makes_the_photo_right(person: int) -> None:
    """From further away, aside and in a wrong shape."""
    scene = Scene((1500, 1800), share=0.34, above=0.22, aside=0.09)
    raw = encoded(photo(scene, person=person), quality=90)
    report = check_photo_now(raw)
    assert {"wrong_shape", "face_small"} <= report.kinds
    assert report.frame and report.frame.fits()
    cropped = check_photo_now(raw, report.frame)
    assert (cropped.problems, cropped.warnings, cropped.frame) == ((), (), None)
    assert picture(cropped).size == (cropped.width, cropped.height)


def test_no_frame_is_proposed_where_none_fits() -> None:
    report = check_photo_now(encoded(photo(replace(SCENE, share=0.3)), quality=90))
    assert report.kinds == {"face_small"}
    assert report.frame is None, "the crop would have too few pixels"


def test_what_is_not_white_is_marked() -> None:
    pixels = photo()
    pixels[:300, :120] = (120, 120, 120)
    report = check_photo_now(encoded(pixels, quality=90))
    assert report.kinds == {"background_not_white"}
    marked = np.zeros(pixels.shape[:2], bool)
    for box in report.not_white:
        left, top = round(box.left * 720), round(box.top * 1008)
        marked[top : top + round(box.height * 1008), left : left + round(box.width * 720)] = True
    assert marked[:280, :100].all()
    assert not marked[330:].any()
    assert not marked[:, 160:].any()


def test_a_dark_skin_before_a_white_wall_is_not_too_dark() -> None:
    """The same face with half its brightness: the wall tells that the light is right."""
    admiral = portraits()[1]
    darker = replace(admiral, pixels=(admiral.pixels * 0.5).astype(np.uint8))
    report = check_photo_now(encoded(compose(darker, SCENE, plain(245)), quality=90))
    assert report.problems == ()


def test_a_lot_of_hair_is_not_background() -> None:
    behind = np.full((1008, 720, 3), 250, np.float32)
    cv2.circle(behind, (360, 340), 300, (45, 35, 30), -1)
    raw = encoded(compose(portraits()[1], replace(SCENE, above=0.2), behind), quality=90)
    assert check_photo_now(raw).problems == ()


def test_too_heavy_is_said_without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "COMMAND", ("/nonexistent",))
    report = check_photo_now(bytes(4 * 1024 * 1024 + 1))
    assert report.problems == (PhotoProblem("too_heavy", {"megabytes": 5}),)


def test_a_crop_outside_the_picture_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="inside"):
        check_photo_now(b"", Box(0.5, 0, 0.6, 1))


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import time; time.sleep(60)",
        "raise MemoryError",
        "print('no JSON')",
        "print('[]')",
        f"print('{GOOD_ANSWER}'); raise SystemExit(1)",
    ],
)
def test_whatever_becomes_of_the_child_there_is_a_report(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "COMMAND", (sys.executable, "-c", program))
    monkeypatch.setattr(checking, "MAX_SECONDS", 1.0)
    assert check_photo_now(bytes(100_000)).kinds == {"unreadable"}


def test_the_child_can_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bounds, seen from inside in the place of the check."""
    program = """
import bot.photos.child as child, bot.photos.examining as examining, json, os, resource, socket
tried = {}
def attempt(name, act):
    try: act()
    except (OSError, MemoryError, ValueError) as error: tried[name] = type(error).__name__
def examine(self, raw, crop):
    attempt("file", lambda: open("/etc/passwd"))
    attempt("socket", lambda: socket.socket())
    attempt("pipe", lambda: os.pipe())
    attempt("memory", lambda: bytearray(600_000_000))
    tried["cpu"] = resource.getrlimit(resource.RLIMIT_CPU)[1]
    tried["processes"] = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    tried["written"] = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    set_inside = {"OPENBLAS_NUM_THREADS", "LC_CTYPE", "LD_LIBRARY_PATH"}  # by us, Python, OpenCV
    tried["environment"] = sorted(set(os.environ) - set_inside)
    print(json.dumps(tried), flush=True)
    os._exit(0)
examining.Examiner.examine = examine
child.main()
"""
    monkeypatch.setattr(checking, "COMMAND", (sys.executable, "-c", program))
    ended = checking._run_child(b"")
    assert json.loads(ended.answer) == {
        "file": "OSError",
        "socket": "OSError",
        "pipe": "OSError",
        "memory": "MemoryError",
        "cpu": 5,
        "processes": 0,
        "written": 0,
        "environment": [],
    }


async def test_two_children_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    running = most = 0

    def counted(raw: bytes, crop: Box | None) -> PhotoReport:
        nonlocal running, most
        running += 1
        most = max(most, running)
        checking.threading.Event().wait(0.05)
        running -= 1
        return PhotoReport(())

    monkeypatch.setattr(checking, "check_photo_now", counted)
    await asyncio.gather(*(check_photo(b"") for _ in range(8)))
    assert most == 2


async def test_the_front_can_wait_for_it() -> None:
    assert (await check_photo(b"GIF89a")).kinds == {"not_a_picture"}


def test_every_problem_and_warning_is_said_in_both_languages() -> None:
    values = {"megabytes": 5, "width": 1, "height": 2, "faces": 2, "millimetres": 20}
    for folder, kinds in (("problem", PROBLEMS), ("warning", WARNINGS)):
        texts = {key for key in catalogue() if key.startswith(f"photo.{folder}.")}
        assert texts == {f"photo.{folder}.{kind}" for kind in kinds}
        for kind in kinds:
            for language in LANGUAGES:
                said = PhotoProblem(kind, values).to_json(folder, language)
                assert said["kind"] == kind
                assert said["label"]
                assert "{" not in said["text"]


def test_the_page_gets_sentences_and_boxes() -> None:
    half = Box(0.25, 0.1, 0.5, 0.5)
    report = PhotoReport((PhotoProblem("tilted"),), (), b"x", 10, 14, half, None, (half,))
    sent = report.to_json("fr")
    assert json.loads(json.dumps(sent)) == sent
    assert sent["problems"][0]["label"] == "Tête penchée"
    assert sent["face"] == {"left": 0.25, "top": 0.1, "width": 0.5, "height": 0.5}
    assert (sent["frame"], len(sent["not_white"])) == (None, 1)
