"""Reading a photo out of a request: the only body that may be larger than 32 kB."""

from __future__ import annotations

from sanic.request import Request, parse_multipart_form

from bot.photos.limits import MAX_BYTES
from connectors.forms import read_fields
from connectors.origins import check_origin
from connectors.problems import Problem

KINDS = ("image/jpeg", "image/png")
# The fields and boundaries of a form around its file.
FORM_ROOM = 16 * 1024
# Nothing that a camera makes is larger.
DRAIN = 40 * 2**20


async def read_photo(request: Request) -> bytes:
    """The body of `request`, which must be a photo of at most 4 MB.

    Raises:
        Problem: 403 another site's, 413 too heavy, 415 no picture.
    """
    check_origin(request)
    if _kind(request) not in KINDS:
        raise Problem(415, "photo.problem.not_a_picture")
    return await _read(request, MAX_BYTES)


async def read_photo_form(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of a plain form and the file in its field `photo`.

    Raises:
        Problem: 403, 413, 415 as above, 400 unreadable.
    """
    check_origin(request)
    kind, _, boundary = request.headers.get("content-type", "").partition("boundary=")
    if not kind.startswith("multipart/form-data") or not boundary:
        raise Problem(415, "errors.bad_request")
    body = await _read(request, MAX_BYTES + FORM_ROOM)
    try:
        fields, files = parse_multipart_form(body, boundary.strip('"').encode())
    except Exception as error:  # whatever a crooked form makes Sanic's own reader trip over
        raise Problem(400, "errors.bad_request") from error
    sent = files.get("photo")
    if sent is None or not sent.body:
        raise Problem(422, "photo.problem.not_a_picture")
    return read_fields(fields), sent.body


async def _read(request: Request, limit: int) -> bytes:
    """What is too long is read to its end and dropped, up to DRAIN: a browser shows no answer to a
    request that is cut while it is still sending."""
    chunks, size = [], 0
    while size <= DRAIN and (chunk := await request.stream.read()) is not None:
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
    if size > limit:
        raise Problem(413, "photo.problem.too_heavy", megabytes=-(-size // 2**20))
    return b"".join(chunks)


def _kind(request: Request) -> str:
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()
