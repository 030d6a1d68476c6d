"""Dependencies point down the list of rooms only (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# room -> the rooms of ours it may import. A service may use the services written before it.
BASE = {
    "bot.settings",
    "bot.opening",
    "bot.clock",
    "bot.logs",
    "bot.store",
    "bot.texts",
    "bot.yaml_files",
    "bot.zones",
}
SERVICES = {
    "bot.store": set(),
    "bot.texts": {"bot.yaml_files"},
    "bot.yaml_files": set(),
    "bot.clock": set(),
    "bot.zones": set(),
    "bot.logs": set(),
    "bot.settings": {"bot.texts"},
    "bot.opening": {"bot.settings", "bot.store"},
    "bot.audit": BASE,
    "bot.privacy": {"bot.store"},
    "bot.understanding": {"bot.privacy", "bot.yaml_files"},
    "bot.vault": BASE,
    "bot.rights": BASE,
    "bot.notices": BASE | {"bot.audit", "bot.rights"},
    "bot.chat": BASE | {"bot.privacy", "bot.vault"},
    "bot.cases": BASE | {"bot.notices", "bot.rights"},
    "bot.messages": BASE | {"bot.chat"},
    "bot.notifying": BASE | {"bot.messages", "bot.notices", "bot.phones", "bot.rights"},
    "bot.phones": BASE | {"bot.audit", "bot.chat", "bot.messages"},
    "bot.answers": BASE | {"bot.cases", "bot.chat", "bot.landing", "bot.notices", "bot.rights"},
    "bot.identity": BASE
    | {
        "bot.audit",
        "bot.cases",
        "bot.chat",
        "bot.messages",
        "bot.phones",
        "bot.rights",
        "bot.vault",
    },
    "bot.agents": BASE | {"bot.audit"},
    "bot.oidc": BASE,
    "bot.handoff": BASE | {"bot.audit", "bot.chat", "bot.identity", "bot.messages"},
    "bot.figures": BASE | {"bot.handoff"},
    "bot.retention": BASE | {"bot.audit", "bot.vault"},
    "bot.addresses": BASE | {"bot.audit", "bot.identity", "bot.messages", "bot.rights"},
    "bot.photos": BASE,
    "bot.ecopr": BASE,
    "bot.landing": BASE
    | {
        "bot.addresses",
        "bot.audit",
        "bot.chat",
        "bot.ecopr",
        "bot.identity",
        "bot.messages",
        "bot.notices",
        "bot.photos",
        "bot.rights",
    },
    "bot.desk": BASE
    | {
        "bot.agents",
        "bot.answers",
        "bot.audit",
        "bot.cases",
        "bot.chat",
        "bot.handoff",
        "bot.identity",
        "bot.privacy",
        "bot.rights",
    },
}
ALL_SERVICES = set(SERVICES)
ROOMS = {
    **SERVICES,
    "bot.model": set(),
    "bot.rotation": BASE | {"bot.addresses", "bot.audit"},
    "bot.commands": ALL_SERVICES | {"bot.rotation"},
    "bot.serve": BASE,
    "bot.upkeep": BASE
    | {
        "bot.audit",
        "bot.chat",
        "bot.handoff",
        "bot.landing",
        "bot.messages",
        "bot.notices",
        "bot.notifying",
        "bot.phones",
        "bot.retention",
    },
    "bot.part": ALL_SERVICES | {"bot.engine", "bot.upkeep", "connectors"},
    "bot.__main__": ALL_SERVICES | {"bot.commands", "bot.model", "bot.rotation", "bot.serve"},
    "bot.engine": ALL_SERVICES | {"bot.model", "actions"},
    "actions": ALL_SERVICES,
    "connectors": ALL_SERVICES,
}
OUTSIDE = {"rasa": {"bot.engine"}, "sanic": {"connectors"}, "rasa_sdk": {"actions", "bot.engine"}}


def room_of(module: str) -> str | None:
    """The room a module name belongs to; None for what is not ours."""
    if module == "bot":
        return "bot.settings"
    matches = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    return max(matches, key=len, default=None)


def imported(path: Path) -> set[str]:
    """Full names of the modules a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def source_files() -> list[Path]:
    found = [
        p for folder in ("bot", "actions", "connectors") for p in (ROOT / folder).rglob("*.py")
    ]
    return [p for p in found if "migrations" not in p.parts]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def wrong_imports(module: str, names: set[str]) -> list[str]:
    room = room_of(module)
    assert room is not None, f"{module} is in no room: add it to ROOMS and docs/architecture.md"
    wrong = []
    for name in names:
        top = name.split(".")[0]
        target = room_of(name) if top in ("bot", "actions", "connectors") else None
        if target is not None and target != room and target not in ROOMS[room]:
            wrong.append(f"{module} imports {name}")
        if top in OUTSIDE and room not in OUTSIDE[top]:
            wrong.append(f"{module} imports {name}")
    return wrong


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    assert wrong_imports(module_of(path), imported(path)) == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("connectors.front", "rasa.core.agent"),
        ("actions.asked", "connectors.front"),
        ("bot.store.cases", "bot.chat.turn"),
        ("bot.chat.turn", "bot.identity.codes"),
        ("bot.cases.reading", "sanic"),
        ("bot.rights.authorize", "bot.cases.reading"),
    ],
)
def test_a_forbidden_import_is_found(module: str, name: str) -> None:
    assert wrong_imports(module, {name}) != []
