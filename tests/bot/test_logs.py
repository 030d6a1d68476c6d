"""Whoever logs, and however: only listed keys come out, and never a text or a value."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.logs import ALLOWED, MAX_LENGTH

ROOT = Path(__file__).parents[2]
CANARY = "Zoe-Tremblay-8613"
# A program of its own each time: what is set up concerns the whole process.
PROGRAM = """
import asyncio, logging, sys, threading, warnings
import structlog
from bot.logs import configure_logs
text = sys.argv[1]
log = structlog.get_logger()
library = logging.getLogger("library.part")
configure_logs("front")

def broken(secret):
    {secret: secret}["missing " + secret]
"""
BREAK = f"<string>:{PROGRAM.count(chr(10))}"
HERE = f"<string>:{PROGRAM.count(chr(10)) + 1}"


def run(code: str, **environ: str) -> list[dict[str, Any]]:
    """The events that `code` logs. Neither stream holds the canary or a line of another kind."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + code, CANARY],
        cwd=ROOT,
        env={"PATH": "", **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert CANARY not in done.stdout + done.stderr
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_keeps_its_listed_keys_and_its_process() -> None:
    (event,) = run("log.info('turn.failed', message=7, tries=2, route=None)")
    assert event.pop("timestamp")
    assert event == {
        "event": "turn.failed",
        "level": "info",
        "process": "front",
        "message": 7,
        "tries": 2,
        "route": None,
    }


def test_a_key_that_is_not_listed_is_dropped_and_named() -> None:
    (event,) = run("log.info('turn.failed', message=7, uci=text, name=text)")
    assert event["dropped"] == ["name", "uci"]
    assert (event["message"], set(event) & {"uci", "name"}) == (7, set())


@pytest.mark.parametrize("value", ["text", "[text]", "{text: 1}", "ValueError(text)"])
def test_a_listed_key_takes_only_its_own_kind_of_value(value: str) -> None:
    (event,) = run(f"log.info('turn.failed', message={value})")
    assert event["dropped"] == ["message"]
    assert "message" not in event


@pytest.mark.parametrize("value", ["[text]", "{text: 1}", "ValueError(text)"])
def test_a_key_for_texts_takes_no_object(value: str) -> None:
    (event,) = run(f"log.info('turn.failed', kind={value})")
    assert event["dropped"] == ["kind"]


def test_a_long_value_is_cut() -> None:
    (event,) = run("log.info('turn.failed', kind='x' * 1000 + text)")
    assert event["kind"] == "x" * MAX_LENGTH


@pytest.mark.parametrize("call", ["log.info('said ' + text)", "log.info('said %s', text)"])
def test_an_event_that_is_a_sentence_is_dropped(call: str) -> None:
    (event,) = run(call)
    assert event["dropped"] == ["event"]
    assert "event" not in event


def test_an_exception_is_its_kind_and_places_only() -> None:
    (event,) = run("try: broken(text)\nexcept KeyError: log.exception('turn.failed')")
    assert event["exception"] == "KeyError"
    assert event["where"] == f"{HERE} > {BREAK}"


def test_a_library_keeps_its_template_without_values() -> None:
    (event,) = run("library.warning('said %s', text)")
    assert event["event"] == "library.said"
    assert (event["logger"], event["template"]) == ("library.part", "said %s")
    assert (event["where"], event["level"]) == (HERE, "warning")


@pytest.mark.parametrize(
    "call",
    [
        "library.warning(text)",
        "library.warning('said')",
        "library.warning('said ' + text)",
        "library.warning(f'{text} said %s', 1)",
        "library.warning(ValueError(text))",
        "library.warning('said %s', text, text, extra={'user': text})",
        "library.log(45, {'said': text})",
        "logging.warning(text)",
    ],
)
def test_of_a_library_s_message_that_was_put_together_only_the_place_is_kept(call: str) -> None:
    (event,) = run(call)
    assert event["where"] == HERE
    assert event.get("template") in (None, "said %s")


def test_a_library_s_exception_is_its_kind_and_places_only() -> None:
    (event,) = run("try: broken(text)\nexcept KeyError: library.exception('said %s', text)")
    assert (event["exception"], event["where"]) == ("KeyError", f"{HERE} > {BREAK}")


def test_a_library_s_own_handlers_say_nothing_even_if_they_come_later() -> None:
    said = run(
        "library.addHandler(logging.StreamHandler())\n"
        "logging.root.addHandler(logging.StreamHandler(sys.stdout))\n"
        "library.propagate = False\n"
        "library.warning('said %s', text)"
    )
    assert [event["template"] for event in said] == ["said %s"]


def test_a_message_that_does_not_fit_its_values_is_not_shown_either() -> None:
    (event,) = run("library.warning('%d %d', text)")
    assert event["template"] == "%d %d"


@pytest.mark.parametrize("level", ["DEBUG", "NOTSET", "1", "nonsense"])
def test_details_are_not_logged_whatever_is_set(level: str) -> None:
    said = run(
        "library.setLevel(1)\nlibrary.debug('a %s', text)\nlog.debug('a.b')\nlog.info('a.c')",
        PASSAGE_LOG_LEVEL=level,
    )
    assert [event["event"] for event in said] == ["a.c"]


def test_a_warning_is_its_kind_and_place_only() -> None:
    (event,) = run("warnings.warn(f'{text} is deprecated', UserWarning)")
    assert (event["event"], event["kind"]) == ("python.warned", "UserWarning")
    assert event["where"] == HERE


TASK = (
    "async def main():\n  asyncio.create_task(turn(text))\n  await asyncio.sleep(0.01)\n"
    "async def turn(secret): broken(secret)\nasyncio.run(main())"
)
UNCAUGHT = {
    "main thread": "broken(text)",
    "another thread": "t = threading.Thread(target=broken, args=[text])\nt.start()\nt.join()",
    "a task": TASK,
    "a task of the front": f"import uvloop\nuvloop.install()\n{TASK}",
    "a callback": "async def main():\n  asyncio.get_running_loop().call_soon(broken, text)\n"
    "  await asyncio.sleep(0.01)\nasyncio.run(main())",
    "a destructor": "class Gone:\n  def __del__(self): broken(text)\nGone()",
}


@pytest.mark.parametrize("where", UNCAUGHT)
def test_what_nobody_caught_is_its_kind_and_places_only(where: str) -> None:
    (event,) = run(UNCAUGHT[where])
    assert event["exception"] == "KeyError"
    assert event["where"].endswith(BREAK)


def test_the_cause_of_an_exception_is_not_shown() -> None:
    (event,) = run("try: broken(text)\nexcept KeyError as e: raise ValueError(text) from e")
    assert event["exception"] == "ValueError"


def test_a_thread_that_ends_itself_is_no_error() -> None:
    assert run("t = threading.Thread(target=sys.exit)\nt.start()\nt.join()") == []


def calls_of_log() -> list[Any]:
    """Every `log.…(…)` in our code, as (place, call)."""
    found = []
    for folder in ("bot", "actions", "connectors"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "log"
                ):
                    found.append(pytest.param(node, id=f"{path.relative_to(ROOT)}:{node.lineno}"))
    return found


def test_our_calls_are_found() -> None:
    assert len(calls_of_log()) > 8


@pytest.mark.parametrize("call", calls_of_log())
def test_our_events_are_constant_names_and_our_keys_are_listed(call: Any) -> None:
    positional = call.args[1:] if call.func.attr == "log" else call.args
    assert [type(argument) for argument in positional] == [ast.Constant]
    assert {keyword.arg for keyword in call.keywords} <= {*ALLOWED, "exc_info"}
