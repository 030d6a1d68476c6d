"""What an installation is set to, and what a setting that cannot be used says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.texts import say


class SettingsError(Exception):
    """A setting is missing or unusable; the message says what to set, in the operator's language.

    It never holds the value: a secret may stand in any variable by mistake.
    """

    def __init__(self, language: str, key: str, **values: Any) -> None:
        super().__init__(say(language, f"settings.{key}", **values))


@dataclass(frozen=True)
class Oidc:
    """The provider that signs agents in.

    `factors` is the claim, amr | acr, that must hold one of `factor_values`, or `provider`: the
    provider itself lets nobody in with one factor. `claim` holds what an agent is known by.
    With `break_glass` administrators may also sign in with a password and a code.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    factors: str
    factor_values: tuple[str, ...] = ()
    claim: str = "sub"
    break_glass: bool = False


@dataclass(frozen=True)
class Settings:
    """All settings of one installation.

    Ports are TCP ports on `host`; `desk_url` is the agents' own address, with its own host
    name, and empty when no desk is served; `home` holds the state; `secret_key` is the root from
    which the keys for blind indexes and codes are derived, `previous_secret_key` the one before a
    rotation; `metrics_token` opens /metrics on the desk's port; durations are said in the field
    names. What is secret stays out of `repr`, and so out of logs.
    """

    home: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    public_url: str
    demo: bool
    secret_key: str = field(repr=False)
    previous_secret_key: str = field(default="", repr=False)
    brand: str = "neutral"
    embed_origins: tuple[str, ...] = ()
    proxies: int = 0
    smtp_url: str = field(default="", repr=False)
    notify_api_key: str = field(default="", repr=False)
    notify_base_url: str = "https://api.notification.canada.ca"
    notify_template_id: str = ""
    mail_from: str = "no-reply@localhost"
    # How many e-mails are on their way at the same time, and leave in a second.
    mail_at_once: int = 8
    mail_per_second: int = 100
    # Text messages: none without an account. The second token counts beside the first while
    # Twilio's is being rotated; a number of our own sends when there is no Messaging Service.
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_auth_token_next: str = field(default="", repr=False)
    twilio_messaging_service_sid: str = ""
    twilio_api_base: str = "https://api.twilio.com"
    sms_from: str = ""
    sms_countries: tuple[str, ...] = ("CA", "US")
    # How fast (one number of ours sends a part a second), and how many to one number and to all
    # in 24 hours.
    sms_parts_per_second: int = 1
    sms_per_number_daily: int = 20
    sms_daily: int = 90_000
    language: str = "en"
    model_dir: Path = Path("models")
    desk_port: int = 8081
    desk_url: str = ""
    metrics_token: str = field(default="", repr=False)
    # None: agents sign in with a password and a code.
    oidc: Oidc | None = None

    @property
    def texts(self) -> bool:
        """True when there are text messages."""
        return bool(self.twilio_account_sid)

    @property
    def secure(self) -> bool:
        """True when applicants reach us over https, so that cookies can be `__Host-` ones."""
        return self.public_url.startswith("https://")
