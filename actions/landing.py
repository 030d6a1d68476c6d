"""Landing in the chat: where it stands, and each step of it, for the person themselves.

The forms (declaration, address, photo) are cards that go from the page to the front; what is
decided by a word or a button happens here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.help_content import help_reply, person_choice
from actions.person import person_button
from actions.retelling import LANDING_DISCLOSED
from bot import audit
from bot.addresses import find_address
from bot.addresses.record import is_client
from bot.answers.help import help_answer
from bot.answers.landing import INTENT, landing_answer
from bot.answers.texted import landing_text
from bot.chat.reply import QuickReply, Reply
from bot.identity.knowing import known_person
from bot.landing import steps
from bot.landing.machine import UNDER_WAY
from bot.landing.members import member_ref
from bot.landing.moving import IllegalMove, NoLanding
from bot.landing.photos import make_link, new_token
from bot.landing.place import Actor, Place
from bot.landing.reading import Standing, standings
from bot.rights.authorize import NotAllowed
from bot.texts import say
from bot.vault import kept

Events = list[dict[str, Any]]
# Questions with a general answer, which the own stage follows.
QUESTIONS = frozenset(
    {"ask_landing_process", "ask_invitation", "portal_sign_in_problem", "ask_photo_rules",
     "ask_pr_card", "ask_family_profiles", "ask_travel", "check_email_genuine"}
)  # fmt: skip
# What somebody who writes this wants to do, unless a button says otherwise.
WISHES = {
    "report_outside_canada": "abroad",
    "submit_photo": "give_photo",
    "photo_rejected": "give_photo",
    "update_address": "give_address",
    "ecopr_error": "error",
    "ask_ecopr": "download",
}
# What went wrong may need a person.
TROUBLES = frozenset({"photo_rejected", "ecopr_error", "portal_sign_in_problem"})
LANDING_QUESTIONS = frozenset({*QUESTIONS, *WISHES, "start_landing"})


class ActionLanding(Action):
    """Answers every question about landing from the person's own stage when they are signed in,
    and in general otherwise."""

    def name(self) -> str:
        return "action_landing"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        return answer_landing(asked, asked.intent)


def answer_landing(asked: Asked, question: str) -> Events:
    """The answer to `question`, an intent of data/intents.yml about landing."""
    person_id, family = _read(asked)
    if asked.by_text:
        return _by_text(asked, question, person_id, family)
    if person_id is None:
        return _stranger(asked, question)
    standing = _whose(asked, family)
    if standing is None:
        _nothing_to_land(asked, question, person_id)
        return [SlotSet("pending_question", None)]
    _disclose(asked, person_id, standing)
    if question in QUESTIONS:
        asked.reply(help_answer(question, asked.language))
    wish = asked.entity("wish") or _wish(question, standing)
    _ACTS.get(wish, _show)(asked, person_id, standing, family)
    if question in TROUBLES:
        text = say(asked.language, "handoff.offer.landing")
        asked.reply(Reply(text, choices=(person_button(asked, "landing_problem"),)))
    return [SlotSet("pending_question", None)]


def _read(asked: Asked) -> tuple[int | None, list[Standing]]:
    if asked.turn is None:
        return None, []
    with asked.turn.database.read() as session:
        person_id = known_person(session, asked.turn.conversation_id)
        return person_id, standings(session, person_id) if person_id is not None else []


def _whose(asked: Asked, family: list[Standing]) -> Standing | None:
    """The member that a button names, else the reader's own, else the first they act for."""
    member = asked.entity("member")
    named = [s for s in family if str(s.place.person_id) == member]
    return next(iter(named or family), None)


def _wish(question: str, standing: Standing) -> str:
    """What the words alone ask for; a step that is not due is shown, not done."""
    wish = WISHES.get(question, "show")
    due = {standing.to_do, "abroad" if standing.stage in UNDER_WAY else None}
    if standing.confirmation:
        due |= {"download", "error"}
    if wish == "abroad" and standing.to_do:
        due.add("abroad")
    return wish if wish in due or wish == "give_address" else "show"


def _by_text(asked: Asked, question: str, person_id: int | None, family: list[Standing]) -> Events:
    """The own step for whose phone it is, and for a photo that is due the address to send it to;
    everything else is done on the page."""
    mine = next((s for s in family if s.mine), None)
    if person_id is None or mine is None or question in QUESTIONS:
        asked.reply(help_reply(asked, question))
        return []
    _disclose(asked, person_id, mine)
    if _wish(question, mine) == "give_photo" and mine.to_do == "give_photo" and mine.may_do:
        _photo_link(asked, person_id, mine)
        return []
    details = say(asked.language, "sms.case.details", page=asked.page)
    text = f"{landing_text(mine, asked.language)} {details}"
    asked.reply(Reply(text, short=text))
    return []


def _stranger(asked: Asked, question: str) -> Events:
    """In general, and the way to the own stage."""
    general = help_answer(question, asked.language)
    button = asked.button("landing.sign_in", "check_status", keep="question",
                          product="permanent_residence")  # fmt: skip
    choices = (button, *person_choice(asked, question))
    asked.reply(Reply(general.text, general.links, choices))
    return [SlotSet("pending_question", question), SlotSet("product", "permanent_residence")]


def _nothing_to_land(asked: Asked, question: str, person_id: int) -> None:
    """No landing, or none that this person may know of: both hear the same, general words."""
    if question == "update_address" and _is_client(asked, person_id):
        _card_for(asked, "address", person_id, _typed_address(asked))
        return
    general = help_answer(question, asked.language)
    asked.reply(Reply(general.text, general.links))


def _disclose(asked: Asked, person_id: int, standing: Standing) -> None:
    assert asked.turn is not None
    conversation_id, place = asked.turn.conversation_id, standing.place
    asked.turn.later(
        lambda session: audit.record(
            session,
            LANDING_DISCLOSED,
            person_id=person_id,
            application_id=place.application_id,
            conversation_id=conversation_id,
            about=place.person_id,
            stage=standing.stage,
        )
    )


def _show(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
    asked.reply(landing_answer(standing, family, asked.language))


def _step(name: str, act: Callable[[Any, Place, Actor], Any]) -> Callable[..., None]:
    """A step that a button does: now, in the turn's transaction; then where it stands after it."""

    def do(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
        turn = asked.turn
        assert turn is not None
        actor = Actor(person_id=person_id, conversation_id=turn.conversation_id)
        try:
            after = _tried(turn.database, person_id, standing.place, actor, act)
        except (IllegalMove, NoLanding, steps.NotNow):
            asked.say("landing.cannot.not_now")
            _show(asked, person_id, standing, family)
            return
        except NotAllowed:
            asked.say("landing.cannot.not_yours")
            return
        turn.later(lambda session: act(session, standing.place, actor))
        asked.say(f"landing.done.{name}")
        seen = [after if s.place == standing.place else s for s in family]
        asked.reply(landing_answer(after, seen, asked.language))

    return do


def _tried(
    database: Any,
    person_id: int,
    place: Place,
    actor: Actor,
    act: Callable[[Any, Place, Actor], Any],
) -> Standing:
    """Where it would stand after `act`: it is done and taken back here, and done for good in the
    turn's transaction, so that nothing counts without its answer."""
    with database.rehearse() as session:
        act(session, place, actor)
        session.flush()
        return next(s for s in standings(session, person_id) if s.place == place)


def _form(kind: str) -> Callable[..., None]:
    """A step whose form the page shows."""

    def show(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
        wanted = {"declaration": "declare", "photo": "give_photo"}[kind]
        if standing.to_do != wanted or not standing.may_do:
            asked.say("landing.cannot.not_now")
            _show(asked, person_id, standing, family)
            return
        _card(asked, kind, standing)

    return show


def _photo_link(asked: Asked, person_id: int, standing: Standing) -> None:
    """A one-time address at which the photo is sent; it works once the turn is written."""
    turn, token = asked.turn, new_token()
    assert turn is not None
    actor = Actor(person_id=person_id, conversation_id=turn.conversation_id)
    turn.later(lambda session: make_link(session, standing.place, actor, token))
    url = f"{turn.public_url}/{asked.language}/upload/{token}"
    asked.say("landing.ask.photo_link", url=url)


def _card(
    asked: Asked, kind: str, standing: Standing, choices: tuple[QuickReply, ...] = ()
) -> None:
    about = {} if standing.mine else {"name": standing.given_names}
    _card_for(asked, kind, standing.place.person_id, about, choices)


def _card_for(
    asked: Asked,
    kind: str,
    member: int,
    about: dict[str, Any],
    choices: tuple[QuickReply, ...] = (),
) -> None:
    """A form; `about` has the name of a child, and what fills the form in."""
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        ref = member_ref(session, asked.turn.conversation_id, member)
    text = say(asked.language, f"landing.ask.{kind}")
    asked.reply(Reply(text, choices=choices, card={"kind": kind, "member": ref, **about}))


def _address(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
    name = {} if standing.mine else {"name": standing.given_names}
    _card_for(asked, "address", standing.place.person_id, {**name, **_typed_address(asked)})


def _typed_address(asked: Asked) -> dict[str, Any]:
    """The fields of an address that was typed as a sentence, which only the vault has."""
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        typed = kept(session, asked.turn.conversation_id).get("address", "")
    fields = find_address(typed)
    return {"fields": fields} if fields else {}


def _is_client(asked: Asked, person_id: int) -> bool:
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        return is_client(session, person_id)


def _confirmation(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
    if standing.confirmation is None:
        _show(asked, person_id, standing, family)
        return
    error = (
        ()
        if standing.stage != "confirmed" or standing.correcting
        else (
            asked.button(
                "landing.button.error", INTENT, wish="error", member=str(standing.place.person_id)
            ),
        )
    )
    _card(asked, "confirmation", standing, error)


def _error(asked: Asked, person_id: int, standing: Standing, family: list[Standing]) -> None:
    if standing.stage != "confirmed" or standing.correcting:
        _show(asked, person_id, standing, family)
        return
    _card(asked, "error", standing)


_ACTS: dict[str, Callable[..., None]] = {
    "agree": _step("agree", steps.agree),
    "decline": _step("decline", steps.decline),
    "come_back": _step("come_back", steps.come_back),
    "abroad": _step("abroad", steps.report_abroad),
    "declare": _form("declaration"),
    "give_photo": _form("photo"),
    "give_address": _address,
    "download": _confirmation,
    "error": _error,
}
