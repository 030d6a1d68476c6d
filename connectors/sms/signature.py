"""Whether a request is Twilio's: signed with a token of ours, on the address we are known by.

The address is the configured one, never the Host header: a proxy may change that, and a forger
chooses it. All parameters count, also those that Twilio adds one day (knowledge: security, T12).
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl

from sanic.request import Request
from twilio.request_validator import RequestValidator

from bot.settings import Settings
from connectors.problems import Problem

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 200


def signed_form(request: Request) -> dict[str, str]:
    """The parameters of a request that Twilio signed.

    Raises:
        Problem: 403, whatever is wrong: a forger learns nothing from it.
    """
    settings: Settings = request.app.ctx.front.settings
    form = _form(request)
    signatures = request.headers.getall("x-twilio-signature", [])
    if form is None or len(signatures) != 1 or not settings.texts:
        raise Problem(403, "errors.not_signed")
    if form.get("AccountSid") != settings.twilio_account_sid:
        raise Problem(403, "errors.not_signed")
    target = request.raw_url.decode("latin-1")
    if not target.startswith("/"):
        raise Problem(403, "errors.not_signed")
    checks = [
        validator.validate(settings.public_url + target, form, signatures[0])
        for validator in _validators(settings.twilio_auth_token, settings.twilio_auth_token_next)
    ]
    if not any(checks):
        raise Problem(403, "errors.not_signed")
    return form


def _form(request: Request) -> dict[str, str] | None:
    """The form's fields, empty ones too; None when it is no such form. A name that comes twice is
    nothing that Twilio sends, and would not be counted twice in the signature."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        return None
    try:
        pairs = parse_qsl(
            request.body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return None
    form = dict(pairs)
    return form if len(form) == len(pairs) else None


@lru_cache(maxsize=8)
def _validators(*tokens: str) -> tuple[RequestValidator, ...]:
    return tuple(RequestValidator(token) for token in tokens if token)
