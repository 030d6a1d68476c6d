"""The settings of signing agents in with an OpenID Connect provider: whole, or not there at all."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.settings.keys import read_secret
from bot.settings.record import Oidc, SettingsError

ISSUER, CLIENT, SECRET = (
    "PASSAGE_OIDC_ISSUER", "PASSAGE_OIDC_CLIENT_ID", "PASSAGE_OIDC_CLIENT_SECRET",
)  # fmt: skip
FACTORS, CLAIM = "PASSAGE_OIDC_FACTORS", "PASSAGE_OIDC_CLAIM"
BREAK_GLASS = "PASSAGE_OIDC_BREAK_GLASS"


def read_oidc(env: Mapping[str, str], desk_url: str, demo: bool, language: str) -> Oidc | None:
    """The provider, or None when nothing of one is set.

    Raises:
        SettingsError: with a sentence that says what to set.
    """
    whole = {name: env.get(name, "") for name in (ISSUER, CLIENT, FACTORS)}
    whole[SECRET] = read_secret(env, SECRET, language)
    missing = [name for name, value in whole.items() if not value]
    if len(missing) == len(whole) and not env.get(CLAIM) and not env.get(BREAK_GLASS):
        return None
    if missing:
        raise SettingsError(language, "oidc.half", missing=", ".join(missing))
    if not desk_url:
        raise SettingsError(language, "oidc.no_desk")
    _check_issuer(whole[ISSUER], demo, language)
    factors, values = _factors(whole[FACTORS], language)
    return Oidc(
        issuer=whole[ISSUER],
        client_id=whole[CLIENT],
        client_secret=whole[SECRET],
        factors=factors,
        factor_values=values,
        claim=env.get(CLAIM) or "sub",
        break_glass=_break_glass(env, language),
    )


def _check_issuer(issuer: str, demo: bool, language: str) -> None:
    """It tells who our agents are: nobody on the way may answer in its place."""
    try:
        parts = urlsplit(issuer)
        fine = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        fine = False
    if not fine or parts.scheme not in (("http", "https") if demo else ("https",)):
        raise SettingsError(language, "oidc.issuer")


def _factors(value: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Which claim must hold one of which values; `provider` alone: the provider sees to it."""
    name, _, rest = value.partition("=")
    values = tuple(rest.split())
    if value != "provider" and (name not in ("amr", "acr") or not values):
        raise SettingsError(language, "oidc.factors")
    return name, values


def _break_glass(env: Mapping[str, str], language: str) -> bool:
    value = env.get(BREAK_GLASS) or "no"
    if value not in ("no", "administrators"):
        raise SettingsError(language, "choice", name=BREAK_GLASS, allowed="no, administrators")
    return value == "administrators"
