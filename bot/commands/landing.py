"""The command `landing`: the officer's part, where there is no desk yet.

Exit status: 0 done, 1 it is not the time for it, 2 it could not run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.addresses.address import Address
from bot.addresses.checking import AddressProblems, check_address
from bot.addresses.holding import SameAgent, propose_by_agent
from bot.addresses.record import in_review
from bot.audit.showing import NotFound, application_named, person_named
from bot.commands.operator import operator_name
from bot.commands.ready import ready_database
from bot.commands.speaking import COULD_NOT_RUN, NEEDS_A_LOOK, console, stopped, tell
from bot.landing import reviewing
from bot.landing.addressing import decide_address
from bot.landing.confirming import CORRECTABLE, NoConfirmation
from bot.landing.moving import IllegalMove, NoLanding, move
from bot.landing.place import Actor, Place
from bot.settings import operator_language
from bot.texts import say

landing = typer.Typer(
    help="Landings: queue, accept, return / Confirmations : file, accepter, retourner",
    no_args_is_help=True,
)
output = Console(highlight=False)

Number = Annotated[str, typer.Argument(help="Of the application / De la demande")]
Uci = Annotated[str, typer.Argument(metavar="UCI", help="Of the person / De la personne (IUC)")]


@landing.command("queue", help="What waits for an officer / Ce qui attend un agent.")
def queue_command() -> None:
    language = operator_language()
    with ready_database() as database, database.read() as session:
        rows = [*_reviews(session, language), *_errors(session), *_addresses(session, language)]
    if not rows:
        tell("landing_cli.nothing")
        return
    table = Table()
    for name in ("kind", "number", "person", "detail"):
        table.add_column(say(language, f"landing_cli.column.{name}"), overflow="fold")
    for kind, *cells in rows:
        table.add_row(say(language, f"landing_cli.kind.{kind}"), *cells)
    output.print(table)


@landing.command("accept", help="All is in order: confirm / Tout est en règle : confirmer.")
def accept_command(number: Number, uci: Uci) -> None:
    with _about(number, uci) as (session, place):
        issued = reviewing.accept(session, place, operator_name())
    tell("landing_cli.accepted", number=issued)


@landing.command("photo", help="Write the photo to a file / Écrire la photo dans un fichier.")
def photo_command(
    number: Number,
    uci: Uci,
    file: Annotated[Path, typer.Argument(help="A new .jpg file / Un nouveau fichier .jpg")],
) -> None:
    """That it was looked at is a row of the trail, written before the file."""
    with _about(number, uci) as (session, place):
        photo_id = reviewing.review_of(session, place).photo_id
        picture = photo_id and reviewing.photo_bytes(session, photo_id, operator_name())
    if not picture:
        tell("landing_cli.no_photo")
        raise typer.Exit(NEEDS_A_LOOK)
    try:
        with file.open("xb") as new:
            new.write(picture)
    except OSError as error:
        raise stopped("cases_cli.unreadable", path=file, detail=error.strerror) from error
    tell("landing_cli.photo", path=file)


@landing.command("return", help="Give a part back / Retourner un élément.")
def return_command(
    number: Number,
    uci: Uci,
    why: Annotated[str, typer.Argument(help="photo.not_recent, address.not_found …")],
) -> None:
    part, _, reason = why.partition(".")
    with _about(number, uci) as (session, place):
        try:
            reviewing.send_back(session, place, operator_name(), part, reason)
        except reviewing.NoSuchReason as error:
            known = ", ".join(f"{p}.{r}" for p, all_ in reviewing.REASONS.items() for r in all_)
            raise stopped("landing_cli.no_reason", known=known) from error
    tell("landing_cli.done")


@landing.command("correct", help="Answer a reported error / Répondre à une erreur signalée.")
def correct_command(
    number: Number,
    uci: Uci,
    details: Annotated[
        list[str] | None, typer.Argument(help="family_name=… (none: it was right / aucun : exact)")
    ] = None,
) -> None:
    corrected = dict(entry.partition("=")[::2] for entry in details or [])
    with _about(number, uci) as (session, place):
        try:
            issued = reviewing.correct(session, place, operator_name(), corrected)
        except ValueError as error:
            raise stopped("landing_cli.no_field", known=", ".join(CORRECTABLE)) from error
    tell("landing_cli.accepted", number=issued)


@landing.command("move", help="hold, come_back, invite, order_card, mail_card")
def move_command(number: Number, uci: Uci, verb: str) -> None:
    """Any other move that is an agent's."""
    if verb not in ("hold", "come_back", "invite", "order_card", "mail_card"):
        raise stopped("landing_cli.no_verb")
    with _about(number, uci) as (session, place):
        move(session, place, verb, Actor(agent=operator_name()), why=verb)
    tell("landing_cli.done")


@landing.command("new-address", help="Give an address for somebody / Donner une adresse.")
def new_address_command(
    number: Number, uci: Uci, street: str, unit: str, city: str, province: str, postal_code: str
) -> None:
    """Another agent accepts it (`landing address`); also while a card is in print."""
    typed = {"street": street, "unit": unit, "city": city, "province": province,
             "postal_code": postal_code}  # fmt: skip
    found = check_address(typed)
    if isinstance(found, AddressProblems):
        for sentence in found.sentences(operator_language()).values():
            console.print(sentence, style="red", markup=False)
        raise typer.Exit(COULD_NOT_RUN)
    with _about(number, uci) as (session, place):
        change = propose_by_agent(session, place.person_id, found, operator_name())
    tell("landing_cli.address_given", change=change)


@landing.command("address", help="Decide on an address / Trancher une adresse.")
def address_command(
    change: Annotated[str, typer.Argument(help="As in the queue / Comme dans la file")],
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Yes or no / Oui ou non")],
) -> None:
    try:
        with ready_database() as database, database.write() as session:
            done = decide_address(session, change, operator_name(), accept)
    except SameAgent as error:
        raise stopped("landing_cli.same_agent") from error
    tell("landing_cli.done" if done else "landing_cli.not_now")
    raise typer.Exit(0 if done else NEEDS_A_LOOK)


@contextmanager
def _about(number: str, uci: str) -> Iterator[tuple[Any, Place]]:
    """A transaction about one person of one application; what is wrong becomes a sentence."""
    with ready_database() as database:
        try:
            with database.write() as session:
                yield session, Place(application_named(session, number), person_named(session, uci))
        except NotFound as error:
            raise stopped(f"audit_cli.{error.key}") from error
        except (IllegalMove, NoLanding, NoConfirmation) as error:
            tell("landing_cli.not_now")
            raise typer.Exit(NEEDS_A_LOOK) from error


def _reviews(session: Any, language: str) -> Iterator[tuple[str, ...]]:
    for item in reviewing.waiting(session):
        declared = item.declaration or {}
        where = " ".join(declared.get(name, "") for name in ("city", "province", "since"))
        lines = item.address.lines(language) if item.address else ()
        yield "review", item.number, item.name, " · ".join([where, *lines])


def _errors(session: Any) -> Iterator[tuple[str, ...]]:
    for item in reviewing.reported(session):
        yield "error", item.confirmation, item.name, item.said


def _addresses(session: Any, language: str) -> Iterator[tuple[str, ...]]:
    for change_id, name, value in in_review(session):
        lines = Address.from_json(value).lines(language)
        yield "address", change_id, name, " · ".join(lines)
