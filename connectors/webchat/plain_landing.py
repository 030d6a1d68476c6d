"""What the forms of landing and phones do on the plain page: as the API does, then the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.addresses import FIELDS as ADDRESS_FIELDS
from bot.addresses import Address, AddressProblems, check_address
from bot.landing.declaration import DeclarationInvalid
from bot.photos.checking import check_photo
from bot.photos.report import PhotoReport
from bot.texts import say
from connectors.webchat.address import send_code, take_address_code
from connectors.webchat.callers import reading
from connectors.webchat.confirmation import make_url
from connectors.webchat.landing import person_of, take_declaration, take_error
from connectors.webchat.phone import remove_all, send_phone_code, take_phone_code
from connectors.webchat.photos import keep, take_photo, try_one
from connectors.webchat.plain import Refusal, Shown, show

Form = dict[str, str]
DECLARED = ("in_canada", "city", "province", "nothing_changed", "true")


class FieldsWrong(Exception):
    """`errors`: a sentence for each field that cannot be right; `once` is shown with them."""

    def __init__(self, errors: Mapping[str, str], once: Shown | None = None) -> None:
        super().__init__(", ".join(errors))
        self.errors, self.once = errors, once


async def declaration(request: Request, form: Form) -> HTTPResponse | None:
    parts = [form.get(f"since_{part}", "").strip() for part in ("year", "month", "day")]
    # "2024-3-1" as people type it; the three fields stand apart, so no part can be mistaken.
    since = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])]) if any(parts) else ""
    given = {name: form.get(name, "") for name in DECLARED}
    named = {"member": form.get("member", ""), "client_id": form["client_id"]}
    try:
        await take_declaration(request, {**given, "since": since, **named})
    except DeclarationInvalid as invalid:
        errors = {name: say(_language(request), key) for name, key in invalid.errors.items()}
        order = ("in_canada", "nothing_changed", "city", "province", "since", "true")
        raise FieldsWrong({name: errors[name] for name in order if name in errors}) from invalid
    return None


async def address(request: Request, form: Form) -> HTTPResponse:
    """The address in its normal form, for a yes; nothing is kept."""
    member = form.get("member", "")
    await reading(request, lambda session, caller: person_of(session, caller, member))
    found = _address(request, form)
    lines = list(found.lines(_language(request)))
    proposed = {"member": member, "lines": lines, "fields": found.to_json()}
    return await show(request, Refusal(values=form), Shown(address=proposed))


async def address_send(request: Request, form: Form) -> None:
    await send_code(
        request, form.get("member", ""), _address(request, form), form.get("client_id", "")
    )


async def address_code(request: Request, form: Form) -> None:
    await take_address_code(request, form.get("code", ""))


async def phone(request: Request, form: Form) -> None:
    await send_phone_code(request, form.get("phone", ""), form.get("client_id", ""))


async def phone_code(request: Request, form: Form) -> None:
    await take_phone_code(request, form.get("code", ""))


async def phone_remove(request: Request, form: Form) -> None:
    await remove_all(request)


async def photo(request: Request, form: Form, raw: bytes) -> HTTPResponse:
    """Check a photo; cropped to the right frame if that is all it needs and the person agreed."""
    member = form.get("member", "")
    await try_one(request, member)
    report, cropped = await _checked(raw, form.get("crop") == "yes")
    _, photo_id = await keep(request, member, report)
    found = {"id": photo_id, "cropped": cropped, "member": member}
    found |= report.to_json(_language(request))
    return await show(request, Refusal(422 if report.problems else 200), Shown(photo=found))


async def photo_choose(request: Request, form: Form) -> None:
    member, photo_id = form.get("member", ""), form.get("photo", "")[:24]
    if form.get("mine") != "yes":
        sentence = say(_language(request), "cards.photo.mine_missing")
        again = {"id": photo_id, "member": member}
        raise FieldsWrong({"mine": sentence}, Shown(photo=again))
    await take_photo(request, member, photo_id, form["client_id"])


async def confirmation(request: Request, form: Form) -> HTTPResponse:
    """On to the download; the page stays."""
    return redirect(await make_url(request, form.get("member", "")), status=303)


async def error(request: Request, form: Form) -> None:
    text = form.get("error_text", "")
    if not text.strip():
        raise FieldsWrong({"error_text": say(_language(request), "cards.error.missing")})
    await take_error(request, form.get("member", ""), text, form.get("client_id", ""))


ACTS: dict[str, Callable[[Request, Form], Awaitable[HTTPResponse | None]]] = {
    "declaration": declaration,
    "address": address,
    "address_send": address_send,
    "address_code": address_code,
    "phone": phone,
    "phone_code": phone_code,
    "phone_remove": phone_remove,
    "photo_choose": photo_choose,
    "confirmation": confirmation,
    "error": error,
}


def _address(request: Request, form: Form) -> Address:
    found = check_address({name: form.get(name, "") for name in ADDRESS_FIELDS})
    if isinstance(found, AddressProblems):
        raise FieldsWrong(found.sentences(_language(request)))
    return found


async def _checked(raw: bytes, may_crop: bool) -> tuple[PhotoReport, bool]:
    report = await check_photo(raw)
    if report.frame and may_crop:
        cropped = await check_photo(raw, report.frame)
        if not cropped.problems:
            return cropped, True
    return report, False


def _language(request: Request) -> str:
    return str(request.path.split("/")[1])
