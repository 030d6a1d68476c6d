"""The operator's command line: python -m bot --help."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.speaking import settings_or_exit, stopped, tell
from bot.settings import Settings, check_mail, model_dir, operator_language

app = typer.Typer(
    help="Passage: where does my case stand? / Où en est ma demande?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True)


@app.command(help="Run the whole service until Ctrl-C / Lancer tout le service jusqu’à Ctrl-C.")
def serve() -> None:
    from bot.serve import Supervisor, check_ports

    settings = settings_or_exit(check_mail, check_ports)
    desk = f" · {settings.desk_url}" if settings.desk_url else ""
    errors.print(f"Passage: {settings.public_url}{desk} (Ctrl-C)")
    supervisor = Supervisor()
    # The front first: people can write while the rest is made ready; it waits in the inbox.
    supervisor.start("front")
    try:
        supervisor.wait_until_up(settings.host, settings.port)
        prepare(settings)
        supervisor.start("sender")
        supervisor.start("engine")
        if settings.desk_url:
            supervisor.start("desk")
        supervisor.run()
    finally:
        supervisor.stop()


def prepare(settings: Settings) -> None:
    """The tables, the demo's cases and a fresh model."""
    from bot.model import is_fresh
    from bot.opening import open_database

    database = open_database(settings)
    database.migrate()
    if settings.demo:
        from bot.agents.demo import load_demo_agents
        from bot.cases.demo import load_demo

        load_demo(database)
        load_demo_agents(database)
    database.close()
    if not is_fresh(settings.model_dir):
        train_or_exit()


@app.command(help="Train the model if it is stale / Entraîner le modèle s’il n’est plus à jour.")
def train(
    force: Annotated[
        bool, typer.Option(help="Even if it is fresh / Même s’il est à jour.")
    ] = False,
) -> None:
    from bot.model import is_fresh
    from bot.texts import say

    if is_fresh(model_dir()) and not force:
        errors.print(say(operator_language(), "cli.fresh"))
    else:
        train_or_exit()


def train_or_exit() -> None:
    """Train the model, or exit status 2 with what went wrong."""
    from bot.model import ModelError
    from bot.model import train as train_model
    from bot.texts import say

    errors.print(say(operator_language(), "cli.training"))
    try:
        train_model(model_dir())
    except ModelError as error:
        errors.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error


@app.command(help="Bring the database's tables up to date / Mettre à jour les tables de la base.")
def migrate() -> None:
    from bot.opening import open_database

    open_database(settings_or_exit()).migrate()


@app.command(
    help="Make everything anew with the new secret / Tout renouveler avec la nouvelle clé."
)
def rotate() -> None:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from bot.audit.anchor import FILE
    from bot.commands.ready import ready_database
    from bot.rotation import rotate as rotate_database
    from bot.texts import say

    settings = settings_or_exit()
    if not settings.previous_secret_key:
        raise stopped("commands.no_previous_key")
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:.0f}"))
    with ready_database() as database, Progress(*columns, console=errors) as bar:
        task = bar.add_task("")

        def moved(table: str, count: int) -> None:
            name = say(operator_language(), "commands.rotating", table=table)
            bar.update(task, description=name, completed=count)

        changed = rotate_database(database, moved, settings.home / FILE)
    tell("commands.rotated", count=sum(changed.values()))


def main() -> None:
    # Only when they are asked for: the parts of the service start without them.
    if not sys.argv[1:2] or sys.argv[1] in ("cases", "times", "--help"):
        from bot.commands.cases import cases, times

        app.add_typer(cases, name="cases")
        app.add_typer(times, name="times")
    if not sys.argv[1:2] or sys.argv[1] in ("answers", "--help"):
        from bot.commands.answers import content

        app.add_typer(content, name="answers")
    if not sys.argv[1:2] or sys.argv[1] in ("purge", "hold", "--help"):
        from bot.commands.retention import hold_command, purge_command

        removes = "Remove what is past its period / Supprimer ce dont la durée est passée."
        holds = "Legal hold on an application's people / Conserver pour raisons juridiques."
        app.command("purge", help=removes)(purge_command)
        app.command("hold", help=holds)(hold_command)
    if not sys.argv[1:2] or sys.argv[1] in ("landing", "--help"):
        from bot.commands.landing import landing

        app.add_typer(landing, name="landing")
    if not sys.argv[1:2] or sys.argv[1] in ("outbox", "--help"):
        from bot.commands.outbox import outbox

        app.add_typer(outbox, name="outbox")
    if not sys.argv[1:2] or sys.argv[1] in ("audit", "--help"):
        from bot.commands.audit import audit

        app.add_typer(audit, name="audit")
    if not sys.argv[1:2] or sys.argv[1] in ("agents", "--help"):
        from bot.commands.agents import agents

        app.add_typer(agents, name="agents")
    if not sys.argv[1:2] or sys.argv[1] in ("desk", "--help"):
        from bot.commands.desk import desk

        app.add_typer(desk, name="desk")
    app()


if __name__ == "__main__":
    main()
