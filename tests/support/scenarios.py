"""Scenario files: one conversation, played in both languages through the real front and engine.

A step is one of
  user: {en: ..., fr: ...}        what the person types
  press: key or {en, fr}          the button with this text (a key of bot/texts, or the words)
  bot: key or {en, fr}            the next line has this text; `card:`, `has:` and `lacks:` (several
                                  texts that line and card must have, or not) may be added
  answer: intent                  the next line has the answer of data/answers [+ has:, lacks:]
  now: other                      the service is to have changed to the other language by itself
  identify: name or {en, fr}      send the details form as a person of the demo
                                  [+ change: {field: value}]
  code: right | wrong | <digits>  enter the code that was mailed, or another [+ for: address]
  no_mail: true                   nobody was e-mailed since `identify`
  language: other                 the page's language link; the play goes on in the other language
  ended: true                     the session ends: nothing more can be read with it
  text: {en, fr}                  what the phone of this play texts, signed as Twilio signs it
  sms: key or {en, fr}            the next text to that phone has this [+ has:, lacks:]
  no_sms: true                    nothing is texted to it
  link: phone                     the phone becomes the person's: the two forms, and the code texted
  opens: true                     the address in the newest text shows a page
  post: {path, body, status}      a request of its own, for what only the API can do; $member in the
                                  body is whom the newest card is about, $new an id
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.answers.help import help_answer
from bot.identity.details import FIELDS, REPRESENTATIVE_FIELDS
from bot.messages.parts import parts, plain
from bot.texts import catalogue, has_text
from tests.support.applicant import Applicant, mailed_code, mailed_codes
from tests.support.texting import TextingPhone

FOLDER = Path(__file__).parents[1] / "conversations"
MAIL_SECONDS = 2


@dataclass(frozen=True)
class Scenario:
    name: str
    steps: list[dict[str, Any]]


def scenarios() -> list[Scenario]:
    """Every scenario file, by its path below tests/conversations."""
    return [
        Scenario(
            str(path.relative_to(FOLDER).with_suffix("")), yaml.safe_load(path.read_text())["steps"]
        )
        for path in sorted(FOLDER.rglob("*.yml"))
    ]


class Player:
    """Plays a scenario in one language; an unmet expectation is an AssertionError."""

    def __init__(self, url: str, language: str, people: dict[str, dict[str, str]]) -> None:
        self._url = url
        self._people = people
        self._applicant = Applicant(url, language)
        self._phone = TextingPhone(url)
        self._language = language
        self._person: dict[str, str] = {}
        self._mails = 0

    def play(self, scenario: Scenario) -> None:
        try:
            for number, step in enumerate(scenario.steps, 1):
                try:
                    self._step(step)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"step {number} {step}: {error}") from error
        finally:
            self._applicant.close()
            self._phone.close()

    def _step(self, step: dict[str, Any]) -> None:
        kind = next(iter(step))
        getattr(self, f"_do_{kind}")(step)

    def _words(self, what: Any) -> str:
        """The words of a step in the language of the play."""
        if isinstance(what, dict):
            return str(what[self._language])
        if has_text(what):
            return catalogue()[what][self._language].split("{")[0].strip()
        raise AssertionError(f"{what} is no text of the catalogue")

    def _do_user(self, step: dict[str, Any]) -> None:
        self._applicant.type(self._words(step["user"]))

    def _do_press(self, step: dict[str, Any]) -> None:
        self._applicant.choose(self._words(step["press"]))

    def _do_bot(self, step: dict[str, Any]) -> None:
        line = self._applicant.next_bot_line()
        wanted = self._words(step["bot"])
        assert wanted in line["text"], f"wanted {wanted!r}, got {line['text']!r}"
        self._look_at(line, step)

    def _do_answer(self, step: dict[str, Any]) -> None:
        line = self._applicant.next_bot_line()
        wanted = help_answer(step["answer"], self._language).text
        assert wanted in line["text"], f"wanted {wanted!r}, got {line['text']!r}"
        self._look_at(line, step)

    def _look_at(self, line: dict[str, Any], step: dict[str, Any]) -> None:
        if "card" in step:
            assert line.get("card", {}).get("kind") == step["card"], line.get("card")
        for words in step.get("has", []):
            assert self._words(words) in json.dumps(line, ensure_ascii=False), line
        lacks = step.get("lacks", [])
        for words in lacks if isinstance(lacks, list) else [lacks]:
            assert self._words(words) not in json.dumps(line, ensure_ascii=False), line

    def _do_text(self, step: dict[str, Any]) -> None:
        self._phone.text(self._words(step["text"]))

    def _do_sms(self, step: dict[str, Any]) -> None:
        text = self._phone.next_text()
        for words in (step["sms"], *step.get("has", [])):
            wanted = plain(self._words(words))
            assert wanted in text, f"wanted {wanted!r}, got {text!r}"
        for words in step.get("lacks", []):
            assert self._words(words) not in text, text
        assert parts(text).count <= 2

    def _do_no_sms(self, _: dict[str, Any]) -> None:
        time.sleep(MAIL_SECONDS)
        assert self._phone.waiting() == []

    def _do_link(self, _: dict[str, Any]) -> None:
        self._phone.link(self._applicant.post)

    def _do_opens(self, _: dict[str, Any]) -> None:
        assert self._phone.opens()

    def _do_identify(self, step: dict[str, Any]) -> None:
        who = step["identify"]
        self._person = self._people[self._words(who) if isinstance(who, dict) else who]
        mails = len(mailed_codes(self._url, self._person["email"]))
        names = FIELDS + (REPRESENTATIVE_FIELDS if self._person["party_id"] else ())
        details = {name: str(self._person[name]) for name in names}
        answer = self._applicant.identify({**details, **step.get("change", {})})
        assert answer.status_code == step.get("status", 202), answer.text
        for field in step.get("errors", []):
            assert field in answer.json()["errors"], answer.text
        self._mails = mails

    def _do_no_mail(self, _: dict[str, Any]) -> None:
        time.sleep(MAIL_SECONDS)
        assert len(mailed_codes(self._url, self._person["email"])) == self._mails

    def _do_code(self, step: dict[str, Any]) -> None:
        code = str(step["code"])
        if code == "right":
            code = mailed_code(self._url, self._person["email"], after=self._mails)
        elif code == "wrong":
            code = "0000 0000"
        path = f"{step['for']}/code" if "for" in step else "code"
        answer = self._applicant.post(path, {"code": code})
        assert answer.status_code == step.get("status", 200), answer.text

    def _do_language(self, step: dict[str, Any]) -> None:
        """Switch to the other language, as the page's link does, and go on playing in it."""
        self._language = "fr" if self._language == "en" else "en"
        answer = self._applicant.post("language", {"language": self._language})
        assert answer.status_code == 200, answer.text

    def _do_now(self, _: dict[str, Any]) -> None:
        self._language = "fr" if self._language == "en" else "en"

    def _do_ended(self, _: dict[str, Any]) -> None:
        self._applicant.wait_until_ended()

    def _value(self, value: Any) -> Any:
        if value == "$new":
            return uuid.uuid4().hex
        if value == "$member":
            cards = [line["card"] for line in self._applicant.lines if "card" in line]
            return next(card["member"] for card in reversed(cards) if "member" in card)
        return value

    def _do_post(self, step: dict[str, Any]) -> None:
        wanted = step["post"]
        if self._person:
            self._mails = len(mailed_codes(self._url, self._person["email"]))
        body = {name: self._value(value) for name, value in wanted.get("body", {}).items()}
        answer = self._applicant.post(wanted["path"], body)
        assert answer.status_code == wanted["status"], answer.text
