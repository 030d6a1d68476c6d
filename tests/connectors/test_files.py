"""Static files: exactly those of the list, kept for ever, and nothing from outside."""

from __future__ import annotations

import re

import httpx
import pytest

from connectors.webchat.assets import at_home
from tests.connectors.serving import Front


def static(front: Front, path: str, version: str | None = None, **headers: str) -> httpx.Response:
    version = version or front.app.ctx.front.files.version
    return httpx.get(f"{front.url}/static/{version}/{path}", headers=headers)


def test_every_file_of_the_list_is_served_with_its_type(front: Front) -> None:
    files = front.app.ctx.front.files.files
    assert len(files) > 40
    for path, file in files.items():
        answer = static(front, path)
        assert answer.status_code == 200
        assert answer.content == file.body
        assert answer.headers["content-type"] == file.kind
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "../front.py",
        "..%2ffront.py",
        "%2e%2e/front.py",
        "....//front.py",
        "chat/../../front.py",
        "chat/..%5c..%5cfront.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "chat",
        "chat/",
        "chat/element.js%00",
        "templates/chat.html",
        "",
    ],
)
def test_what_is_not_on_the_list_is_not_there(front: Front, path: str) -> None:
    answer = static(front, path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_a_browser_that_has_the_file_gets_nothing_again(front: Front) -> None:
    etag = static(front, "chat/element.js").headers["etag"]
    again = static(front, "chat/element.js", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_packed_for_who_takes_that(front: Front) -> None:
    packed = static(front, "gcds/gcds.css", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    plain = static(front, "gcds/gcds.css", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_another_version_gets_the_present_file_and_must_ask_again(front: Front) -> None:
    answer = static(front, "chat/element.js", version="0123456789ab")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"


def test_no_file_fetches_anything_from_another_host(front: Front) -> None:
    fetching = re.compile(r"""(?:url\(|@import|from|import\()\s*["']?(?:https?:)?//""")
    for path, file in front.app.ctx.front.files.files.items():
        if path.endswith((".css", ".js")):
            assert not fetching.search(file.body.decode()), path


def test_the_design_system_s_addresses_are_brought_home() -> None:
    style = (
        '@import url("https://fonts.googleapis.com/css2?family=Lato;wght@0,400");:root{--a:1}'
        "@font-face{src:url(https://cdn.design-system.canada.ca/@gcds-core/fonts@1.1.1/icons/"
        'gcds-icons.ttf) format("truetype")}'
    )
    assert at_home(style) == (
        ':root{--a:1}@font-face{src:url(../fonts/icons/gcds-icons.ttf) format("truetype")}'
    )


def test_fonts_that_the_styles_name_are_there(front: Front) -> None:
    style = static(front, "gcds/gcds.css").text
    named = re.findall(r"url\(\"?(\.\./fonts/[\w/.-]+)\"?\)", style)
    assert len(named) > 10
    for address in named:
        assert static(front, address.removeprefix("../")).status_code == 200


def test_the_texts_are_modules_in_both_languages(front: Front) -> None:
    english, french = (static(front, f"texts/{code}.js").text for code in ("en", "fr"))
    assert '"page.chat.send": "Send"' in english
    assert '"page.chat.send": "Envoyer"' in french


def test_our_scripts_parse_no_markup_and_store_nothing(front: Front) -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|sessionStorage"
        r"|indexedDB|document\.cookie|new Function"
    )
    for path, file in front.app.ctx.front.files.files.items():
        if path.startswith(("chat/", "site/", "embed")):
            assert not banned.search(file.body.decode()), path


def test_the_embed_script_may_be_loaded_by_other_sites_in_both_languages(front: Front) -> None:
    answer = httpx.get(f"{front.url}/embed.js")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Passage: ask about your application" in answer.text
    assert "renseignez-vous" in answer.text
