"""The settings of text messages: Twilio's account, and what stands in for it in the demo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.settings.keys import read_secret
from bot.settings.record import SettingsError

ACCOUNT, TOKEN, NEXT = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_NEXT"
SERVICE, BASE = "TWILIO_MESSAGING_SERVICE_SID", "TWILIO_API_BASE"
FROM, COUNTRIES = "PASSAGE_SMS_FROM", "PASSAGE_SMS_COUNTRIES"
# Of nobody: the demo signs its own requests, so that the simulator of /demo works by itself.
DEMO_ACCOUNT = "AC" + "00000000000000000000000000000de0"
DEMO_TOKEN = "0" * 29 + "de0"
DEMO_FROM = "+16135550100"
_SID = "[0-9a-fA-F]{32}"


def read_texting(env: Mapping[str, str], port: int, demo: bool, language: str) -> dict[str, Any]:
    """The values of Settings that concern text messages.

    Raises:
        SettingsError: with a sentence that says what to set.
    """
    values = {
        "twilio_account_sid": env.get(ACCOUNT, ""),
        "twilio_auth_token": read_secret(env, TOKEN, language),
        "twilio_auth_token_next": read_secret(env, NEXT, language),
        "twilio_messaging_service_sid": env.get(SERVICE, ""),
        "twilio_api_base": env.get(BASE, "https://api.twilio.com").rstrip("/"),
        "sms_from": env.get(FROM, ""),
    }
    if demo and not any(values[name] for name in values if name != "twilio_api_base"):
        return _stand_in(env, port)
    _check(values, demo, language)
    return {**values, "sms_countries": _countries(env, language)}


def _stand_in(env: Mapping[str, str], port: int) -> dict[str, Any]:
    return {
        "twilio_account_sid": DEMO_ACCOUNT,
        "twilio_auth_token": DEMO_TOKEN,
        "twilio_api_base": env.get(BASE, f"http://127.0.0.1:{port}/demo/twilio").rstrip("/"),
        "sms_from": DEMO_FROM,
    }


def _check(values: dict[str, str], demo: bool, language: str) -> None:
    """An account is whole or not there at all."""
    account, token = values["twilio_account_sid"], values["twilio_auth_token"]
    others = ("twilio_auth_token_next", "twilio_messaging_service_sid", "sms_from")
    if not account and (token or any(values[name] for name in others)):
        raise SettingsError(language, "texting.account")
    if not account:
        return
    if not re.fullmatch(f"AC{_SID}", account):
        raise SettingsError(language, "texting.account")
    if not token:
        raise SettingsError(language, "texting.token")
    service, sender = values["twilio_messaging_service_sid"], values["sms_from"]
    if service and not re.fullmatch(f"MG{_SID}", service):
        raise SettingsError(language, "texting.service")
    if not service and not re.fullmatch(r"\+[1-9]\d{6,14}|\d{3,8}", sender):
        raise SettingsError(language, "texting.sender")
    _check_base(values["twilio_api_base"], demo, language)


def _check_base(base: str, demo: bool, language: str) -> None:
    """The account's token is sent there."""
    try:
        parts = urlsplit(base)
        fine = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        fine = False
    if not fine or parts.scheme not in (("http", "https") if demo else ("https",)):
        raise SettingsError(language, "texting.base")


def _countries(env: Mapping[str, str], language: str) -> tuple[str, ...]:
    found = tuple(env.get(COUNTRIES, "CA US").split())
    if not found or not all(re.fullmatch("[A-Z]{2}", country) for country in found):
        raise SettingsError(language, "texting.countries")
    return found
