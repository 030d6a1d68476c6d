"""The operator's command line: python -m bot --help."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import (
    Settings,
    SettingsError,
    load_settings,
    model_dir,
    operator_language,
)

app = typer.Typer(
    help="Passage: where does my case stand? / Où en est ma demande?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True)


def settings_or_exit() -> Settings:
    """The settings, or exit status 2 with the sentence that says what to set."""
    try:
        return load_settings()
    except SettingsError as error:
        errors.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error


@app.command(help="Run the whole service until Ctrl-C / Lancer tout le service jusqu’à Ctrl-C.")
def serve() -> None:
    from bot.serve import Supervisor

    settings = settings_or_exit()
    check_mail(settings)
    errors.print(f"Passage: {settings.public_url} (Ctrl-C)")
    supervisor = Supervisor()
    # The front first: people can write while the rest is made ready; it waits in the inbox.
    supervisor.start("front")
    try:
        supervisor.wait_until_up(settings.host, settings.port)
        prepare(settings)
        supervisor.start("sender")
        supervisor.start("engine")
        supervisor.run()
    finally:
        supervisor.stop()


def check_mail(settings: Settings) -> None:
    """Exit status 2 when nobody would get their code, before anything is started."""
    if not (settings.demo or settings.smtp_url or settings.notify_api_key):
        errors.print("[red]Set SMTP_URL, or NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID.[/red]")
        raise typer.Exit(2)


def prepare(settings: Settings) -> None:
    """The tables, the demo's cases and a fresh model."""
    from bot.model import is_fresh
    from bot.store import Database

    database = Database(settings.database_url)
    database.migrate()
    if settings.demo:
        from bot.cases.demo import load_demo

        load_demo(database, settings.secret_key)
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
    from bot.store import Database

    Database(settings_or_exit().database_url).migrate()


def main() -> None:
    # Only when they are asked for: the parts of the service start without them.
    if not sys.argv[1:2] or sys.argv[1] in ("cases", "times", "--help"):
        from bot.cases.cli import cases, times

        app.add_typer(cases, name="cases")
        app.add_typer(times, name="times")
    app()


if __name__ == "__main__":
    main()
