"""Addresses of the outside world: where people reach us, the database, the mail server."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bot.settings.record import Settings, SettingsError

# A scheme, a host or an IPv6 address, perhaps a port: what a browser sends as `Origin`.
_ORIGIN = re.compile(r"https?://(\w([\w.-]*\w)?|\[[0-9A-Fa-f:.]+\])(:\d+)?", re.ASCII)
_DATABASE = re.compile(r"(sqlite:///|postgresql(\+\w+)?://).+")
_MAILBOX = re.compile(r"[^@\s<>(),:;\"]+@\w([\w.-]*\w)?", re.ASCII)
_MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")


def check_addresses(settings: Settings) -> None:
    """Refuse what is set to something that cannot work or is not safe.

    Raises:
        SettingsError
    """
    _check_public_url(settings)
    _check_desk_url(settings)
    if not _DATABASE.fullmatch(settings.database_url) or _split(settings.database_url) is None:
        raise SettingsError(settings.language, "database_url")
    if settings.smtp_url:
        _check_smtp_url(settings)
    if not _MAILBOX.fullmatch(settings.mail_from):
        raise SettingsError(settings.language, "mail_from")


def check_mail(settings: Settings) -> None:
    """Refuse to start when nobody would get their code.

    Raises:
        SettingsError
    """
    if settings.notify_api_key:
        if not settings.notify_template_id:
            raise SettingsError(settings.language, "mail.no_template")
    elif settings.smtp_url:
        _check_smtp_url(settings)
    elif not settings.demo:
        raise SettingsError(settings.language, "mail.none")


def _check_public_url(settings: Settings) -> None:
    if not _ORIGIN.fullmatch(settings.public_url) or _split(settings.public_url) is None:
        raise SettingsError(settings.language, "public_url.form")
    if not settings.demo and not settings.secure:
        raise SettingsError(settings.language, "public_url.https")


def _check_desk_url(settings: Settings) -> None:
    """Cookies know no ports, only host names: the desk's must not travel to applicants' pages."""
    if not settings.desk_url:
        return
    desk = _split(settings.desk_url)
    if not _ORIGIN.fullmatch(settings.desk_url) or desk is None:
        raise SettingsError(settings.language, "desk_url.form")
    if not settings.demo and desk.scheme != "https":
        raise SettingsError(settings.language, "desk_url.https")
    if not settings.demo and desk.hostname == urlsplit(settings.public_url).hostname:
        raise SettingsError(settings.language, "desk_url.host")
    if settings.desk_port == settings.port:
        raise SettingsError(settings.language, "desk_url.port")


def _check_smtp_url(settings: Settings) -> None:
    parts = _split(settings.smtp_url)
    if parts is None or parts.scheme not in _MAIL_SCHEMES or not parts.hostname:
        raise SettingsError(settings.language, "smtp_url.form")
    # An option after the host, as other programs take them, would be passed over in silence.
    if (parts.path + parts.query + parts.fragment).strip("/"):
        raise SettingsError(settings.language, "smtp_url.form")
    if parts.scheme == "smtp" and not settings.demo and not _is_loopback(parts.hostname):
        raise SettingsError(settings.language, "smtp_url.plain")


def _split(url: str) -> SplitResult | None:
    """The parts of `url`; None when its host or port cannot be one."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
