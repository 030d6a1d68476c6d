"""A landing in words, with its stepper and what can be done now."""

from __future__ import annotations

from typing import Any

from bot.chat.reply import QuickReply, Reply
from bot.landing.machine import CONFIRMED, ON_HOLD, OUTSIDE_CANADA, RETURNED, UNDER_WAY, WAY
from bot.landing.reading import Standing
from bot.texts import say
from bot.texts.dates import long_moment

INTENT = "start_landing"
# The steps that people know; stages between two of them belong to the later one.
STEPS = (
    "invited", "profile_ready", "declared", "address_given", "photo_received", "confirmed",
    "card_mailed",
)  # fmt: skip
# Where the way goes on for stages beside it.
_BESIDE = {ON_HOLD: "profile_ready", OUTSIDE_CANADA: "profile_ready"}
_PART_STEP = {"declaration": "declared", "address": "address_given", "photo": "photo_received"}


def landing_answer(standing: Standing, family: list[Standing], language: str) -> Reply:
    """Where this landing stands, what is next, and the buttons for it."""
    parts = [now_text(standing, language), *_notes(standing, language)]
    if len(family) > 1:
        parts.append(_family(family, language))
    text = "\n\n".join(parts)
    if not standing.mine:
        text = f"{say(language, 'landing.for_child', name=standing.given_names)}\n\n{text}"
    return Reply(
        text,
        choices=_choices(standing, family, language),
        card=landing_card(standing, family, language),
    )


def now_text(standing: Standing, language: str) -> str:
    """The sentence for the stage."""
    stage = standing.stage
    if standing.returned:
        part, reason = standing.returned
        part_name = say(language, f"landing.part.{part}")
        why = say(language, f"landing.reason.{reason}")
        return say(language, "landing.now.returned", part=part_name, reason=why)
    if stage == RETURNED:
        stage = ON_HOLD
    elif stage == "not_invited" and standing.why == "declined":
        stage = "declined"
    elif stage == ON_HOLD and standing.why == "left_canada":
        stage = "away"
    elif stage == "confirmed" and standing.correcting:
        stage = "correcting"
    return say(language, f"landing.now.{stage}")


def landing_card(standing: Standing, family: list[Standing], language: str) -> dict[str, Any]:
    """The `landing` card: the stepper (shape: docs/architecture.md, "Lines and cards")."""
    title = "landing.title" if standing.mine else "landing.title_other"
    return {
        "kind": "landing",
        "landing": {
            "title": say(language, title, name=standing.given_names),
            "steps": _steps(standing, language),
            "now": now_text(standing, language),
            "notes": _notes(standing, language),
            "family": [
                {"name": member.given_names, "step": say(language, f"landing.step.{at}")}
                for member in family
                if (at := step_of(member))
            ]
            if len(family) > 1
            else [],
        },
    }


def _steps(standing: Standing, language: str) -> list[dict[str, str]]:
    at = STEPS.index(step_of(standing))
    finished = standing.stage == "card_mailed"
    stopped = standing.stage in (ON_HOLD, OUTSIDE_CANADA, RETURNED)
    found = []
    for number, code in enumerate(STEPS):
        state = "next"
        if number < at or finished:
            state = "done"
        elif number == at:
            state = "stopped" if stopped else "now"
        found.append(
            {
                "code": code,
                "label": say(language, f"landing.step.{code}"),
                "state": state,
                "state_label": say(language, f"landing.step_state.{state}"),
            }
        )
    return found


def step_of(standing: Standing) -> str:
    """The step that is under way: the first whose stage is not reached yet."""
    if standing.returned:
        return _PART_STEP[standing.returned[0]]
    stage = _BESIDE.get(standing.stage, standing.stage)
    if stage == RETURNED:
        return "photo_received"
    if standing.stage in _BESIDE:
        return "declared"
    reached = WAY.index(stage)
    # Who is invited has that step before them; a stage that was reached is behind.
    wanted = reached if stage == "invited" else reached + 1
    return next((step for step in STEPS if WAY.index(step) >= wanted), STEPS[-1])


def _after(standing: Standing, language: str) -> str:
    """The step after the present one, while there is something to do."""
    at = STEPS.index(step_of(standing))
    if standing.to_do is None or at + 1 >= len(STEPS):
        return ""
    step = say(language, f"landing.step.{STEPS[at + 1]}")
    return say(language, "landing.after", step=step)


def _notes(standing: Standing, language: str) -> list[str]:
    """What belongs to the present sentence: the next step, and an address that is still held."""
    notes = [_after(standing, language)]
    if standing.held_until and standing.stage not in CONFIRMED:
        when = long_moment(language, standing.held_until)
        notes.append(say(language, "landing.held", when=when))
    return [note for note in notes if note]


def _family(family: list[Standing], language: str) -> str:
    lines = [
        say(
            language,
            "landing.family_line",
            name=member.given_names,
            step=say(language, f"landing.step.{step_of(member)}"),
        )
        for member in family
    ]
    return "\n".join([say(language, "landing.family"), *(f"- {line}" for line in lines)])


def _choices(standing: Standing, family: list[Standing], language: str) -> tuple[QuickReply, ...]:
    found = [_button(language, key, wish, standing) for key, wish in _wishes(standing)]
    # Also who is confirmed: their confirmation waits to be downloaded.
    others = [m for m in family if m.place != standing.place and (m.to_do or m.confirmation)]
    for member in (m for m in others if m.may_do):
        label = say(language, "landing.button.member", name=member.given_names)
        found.append(QuickReply(label, INTENT, (("member", str(member.place.person_id)),)))
    return tuple(found)


def _wishes(standing: Standing) -> list[tuple[str, str]]:
    """(button, wish) of what can be done now."""
    found = []
    if standing.may_do and standing.to_do:
        found.append((standing.to_do, standing.to_do))
        if standing.to_do == "agree":
            found.append(("decline", "decline"))
        if standing.to_do == "declare":
            found.append(("abroad", "abroad"))
    if standing.confirmation and standing.may_do:
        found.append(("download", "download"))
        if standing.stage == "confirmed" and not standing.correcting:
            found.append(("error", "error"))
    if standing.stage in UNDER_WAY and standing.may_do:
        found.append(("leaving", "abroad"))
    if not found:
        found.append(("agent", "agent"))
    return found


def _button(language: str, key: str, wish: str, standing: Standing) -> QuickReply:
    if wish == "agent":
        return QuickReply(say(language, "handoff.button.person"), "request_agent")
    entities = (("wish", wish), ("member", str(standing.place.person_id)))
    return QuickReply(say(language, f"landing.button.{key}"), INTENT, entities)
