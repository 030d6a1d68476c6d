"""Settings from the environment, read once at start. Every name is listed in README.md."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.settings.addresses import check_addresses, check_mail
from bot.settings.keys import read_keys, read_secret
from bot.settings.oidc import read_oidc
from bot.settings.record import Oidc, Settings, SettingsError
from bot.settings.texting import read_texting

__all__ = [
    "Oidc", "Settings", "SettingsError", "check_mail", "desk_always_open", "load_settings",
    "model_dir", "operator_language",
]  # fmt: skip


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process's), creating the state folder.

    Raises:
        SettingsError: with a sentence that says what to set.
    """
    env = os.environ if environ is None else environ
    language = operator_language(env)
    demo = env.get("PASSAGE_DEMO", "") == "1"
    home, (key, previous) = _home_and_keys(env, demo, language)
    database_url = read_secret(env, "PASSAGE_DATABASE_URL", language)
    port = _number(env, "PASSAGE_PORT", 8080, range(1, 65536), language)
    desk_port = _number(env, "PASSAGE_DESK_PORT", 8081, range(1, 65536), language)
    # Outside the demo only an address that was given: a guessed one would refuse every form.
    desk_url = env.get("PASSAGE_DESK_URL", f"http://localhost:{desk_port}" if demo else "")
    settings = Settings(
        home=home,
        database_url=database_url or f"sqlite:///{home / 'passage.db'}",
        host=env.get("PASSAGE_HOST", "127.0.0.1"),
        port=port,
        public_url=env.get("PASSAGE_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        demo=demo,
        secret_key=key,
        previous_secret_key=previous,
        brand=_choice(env, "PASSAGE_BRAND", ("neutral", "gc"), language),
        embed_origins=tuple(env.get("PASSAGE_EMBED_ORIGINS", "").split()),
        proxies=_number(env, "PASSAGE_PROXIES", 0, range(11), language),
        smtp_url=read_secret(env, "SMTP_URL", language),
        notify_api_key=read_secret(env, "NOTIFY_API_KEY", language),
        notify_base_url=env.get("NOTIFY_BASE_URL", "https://api.notification.canada.ca"),
        notify_template_id=env.get("NOTIFY_TEMPLATE_ID", ""),
        mail_from=env.get("PASSAGE_MAIL_FROM", "no-reply@localhost"),
        mail_at_once=_number(env, "PASSAGE_MAIL_AT_ONCE", 8, range(1, 51), language),
        mail_per_second=_number(
            env, "PASSAGE_MAIL_PER_SECOND", _usual_pace(env), range(1, 1001), language
        ),
        **read_texting(env, port, demo, language),
        sms_parts_per_second=_number(
            env, "PASSAGE_SMS_PARTS_PER_SECOND", 1, range(1, 1001), language
        ),
        sms_per_number_daily=_number(
            env, "PASSAGE_SMS_PER_NUMBER_DAILY", 20, range(1, 1001), language
        ),
        sms_daily=_number(env, "PASSAGE_SMS_DAILY", 90_000, range(1, 100_000), language),
        language=language,
        model_dir=model_dir(env),
        desk_port=desk_port,
        desk_url=desk_url.rstrip("/"),
        metrics_token=read_secret(env, "PASSAGE_METRICS_TOKEN", language),
        oidc=read_oidc(env, desk_url, demo, language),
    )
    check_addresses(settings)
    desk_always_open(env)
    return settings


def desk_always_open(environ: Mapping[str, str] | None = None) -> bool:
    """True when agents are there day and night; the demo is, as somebody may try it on a Sunday.

    Raises:
        SettingsError: PASSAGE_DESK_HOURS is neither office nor always.
    """
    env = os.environ if environ is None else environ
    usual = "always" if env.get("PASSAGE_DEMO") == "1" else "office"
    chosen = {"PASSAGE_DESK_HOURS": env.get("PASSAGE_DESK_HOURS") or usual}
    hours = _choice(chosen, "PASSAGE_DESK_HOURS", ("office", "always"), operator_language(env))
    return hours == "always"


def model_dir(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of the trained model; needs no other setting."""
    env = os.environ if environ is None else environ
    return Path(env.get("PASSAGE_MODELS", "models"))


def operator_language(environ: Mapping[str, str] | None = None) -> str:
    """The operator's language (en or fr), for the command line and its reports."""
    env = os.environ if environ is None else environ
    value = env.get("PASSAGE_LANG") or env.get("LC_ALL") or env.get("LANG") or "en"
    return "fr" if value.lower().startswith("fr") else "en"


def _home_and_keys(
    env: Mapping[str, str], demo: bool, language: str
) -> tuple[Path, tuple[str, str]]:
    """The state folder, and the keys, of which the demo keeps its own in there."""
    home = Path(env.get("PASSAGE_HOME", "./var")).resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass  # only an attempt tells whether one can write there: the mount may forbid it
        return home, read_keys(env, home, demo, language)
    except OSError:
        raise SettingsError(language, "home", path=home) from None


def _number(env: Mapping[str, str], name: str, default: int, allowed: range, language: str) -> int:
    value = env.get(name, str(default))
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) not in allowed:
        raise SettingsError(language, "number", name=name, low=allowed[0], high=allowed[-1])
    return int(value)


def _usual_pace(env: Mapping[str, str]) -> int:
    """E-mails a second: GC Notify takes 1,000 requests a minute, a mail server is our own."""
    return 16 if env.get("NOTIFY_API_KEY") or env.get("NOTIFY_API_KEY_FILE") else 100


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...], language: str) -> str:
    value = env.get(name, allowed[0])
    if value not in allowed:
        raise SettingsError(language, "choice", name=name, allowed=", ".join(allowed))
    return value
