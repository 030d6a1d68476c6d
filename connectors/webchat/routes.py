"""Which handler serves which address."""

from __future__ import annotations

from sanic import Sanic

from bot.settings import Settings
from bot.texts import LANGUAGES
from connectors.files import serve
from connectors.health import healthz, readyz
from connectors.sms import routes as sms
from connectors.webchat import (
    address,
    confirmation,
    conversations,
    description,
    events,
    identity,
    kept,
    landing,
    messages,
    not_me,
    notices,
    phone,
    photos,
    plain,
    plain_acts,
    sessions,
    site,
    transcript,
    undo,
    upload,
)

API = "/api/chat"


def add(app: Sanic, settings: Settings) -> None:
    """Add all routes of the applicants' front to `app`."""
    _add_api(app)
    _add_pages(app)
    _add_plain(app)
    _add_not_me(app)
    _add_mailed(app)
    sms.add(app, settings)
    if settings.demo:
        _add_demo(app, settings)
    app.add_route(healthz, "/healthz", name="healthz")
    app.add_route(readyz, "/readyz", name="readyz")
    app.add_route(description.description, "/openapi.json", name="openapi")
    static = serve(app.ctx.front.files)
    app.add_route(static, "/static/<wanted:str>/<path:path>", name="static")


def _add_api(app: Sanic) -> None:
    get = {
        "/conversation": conversations.conversation,
        "/events": events.events,
        "/kept": kept.kept,
        "/sessions": sessions.sessions,
        "/transcript": transcript.transcript,
    }
    post = {
        "/conversations": conversations.open_or_continue,
        "/messages": messages.messages,
        "/identify": identity.identify,
        "/code": identity.code,
        "/language": conversations.language,
        "/notices": notices.notices,
        "/stay": conversations.stay,
        "/end": conversations.end,
        "/typing": conversations.typing,
        "/sessions/end": sessions.end_sessions,
    }
    _add_landing(app)
    for path, handler in get.items():
        app.add_route(handler, API + path, methods=["GET"], name=handler.__name__)
    for path, handler in post.items():
        app.add_route(handler, API + path, methods=["POST"], name=handler.__name__)


def _add_landing(app: Sanic) -> None:
    post = {
        "/landing/declaration": landing.declaration,
        "/landing/error": landing.error,
        "/address": address.address,
        "/address/send": address.send,
        "/address/code": address.code,
        "/phone": phone.phone,
        "/phone/code": phone.code,
        "/phone/remove": phone.remove,
        "/photo": photos.photo,
        "/photo/choose": photos.choose,
        "/confirmation/link": confirmation.link,
    }
    get = {
        "/photo/<photo_id:str>": photos.show,
        "/confirmation/<token:str>": confirmation.confirmation,
    }
    for path, handler in post.items():
        app.add_route(handler, API + path, methods=["POST"], name=path[1:].replace("/", "_"))
    for path, handler in get.items():
        app.add_route(handler, API + path, methods=["GET"], name=f"get{path.split('/')[1]}")


def _add_pages(app: Sanic) -> None:
    app.add_route(site.home, "/", name="home")
    app.add_route(site.embed_script, "/embed.js", name="embed_script")
    for language in LANGUAGES:
        for path, handler in site.PAGES.items():
            app.add_route(handler, f"/{language}{path}", name=f"{handler.__name__}_{language}")


def _add_plain(app: Sanic) -> None:
    for language in LANGUAGES:
        path = f"/{language}/plain"
        app.add_route(plain.plain, path, name=f"plain_{language}")
        app.add_route(
            plain_acts.act, f"{path}/<name:str>", methods=["POST"], name=f"plain_act_{language}"
        )


def _add_not_me(app: Sanic) -> None:
    for language in LANGUAGES:
        path = f"/{language}/not-me"
        app.add_route(not_me.done, f"{path}/done", name=f"not_me_done_{language}")
        app.add_route(not_me.ask, f"{path}/<token:str>", name=f"not_me_{language}")
        app.add_route(
            not_me.refuse, f"{path}/<token:str>", methods=["POST"], name=f"not_me_act_{language}"
        )


def _add_mailed(app: Sanic) -> None:
    """Pages whose addresses people get in a message: nobody is signed in there."""
    for language in LANGUAGES:
        for name, page in (("upload", upload), ("undo", undo)):
            path = f"/{language}/{name}"
            act = upload.send if page is upload else undo.undo
            app.add_route(page.done, f"{path}/done", name=f"{name}_done_{language}")
            app.add_route(page.ask, f"{path}/<token:str>", name=f"{name}_{language}")
            app.add_route(
                act, f"{path}/<token:str>", methods=["POST"], name=f"{name}_act_{language}"
            )
        app.add_route(undo.over, f"/{language}/undo/over", name=f"undo_over_{language}")


def _add_demo(app: Sanic, settings: Settings) -> None:
    # Imported here: an installation that is no demo needs none of the invented people.
    from connectors.demo import phone
    from connectors.webchat import demo

    phone.add(app, settings)
    app.add_route(demo.demo, "/demo", name="demo")
    app.add_route(demo.outbox, "/demo/outbox.json", name="demo_outbox")
