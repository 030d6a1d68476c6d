"""What the applicants' pages load: our modules and styles, the texts, the GC Design System."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.texts import LANGUAGES, catalogue
from connectors.files import Files

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "node_modules" / "@gcds-core"
# The parts of the catalogue that the page's own code says.
PAGE_TEXTS = ("page.chat.", "page.author.", "cards.")

_OUTSIDE = re.compile(r"@import\s+url\([^)]*\);?")
_ICONS = re.compile(r"url\(https://cdn\.design-system\.canada\.ca/[^)]*/icons/([\w.-]+)\)")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FONTS = ("lato", "noto-sans")


class AssetsMissing(Exception):
    """The GC Design System is not installed; the message says what to run."""


def load_assets() -> Files:
    """All files of the pages.

    Raises:
        AssetsMissing: `npm ci` has not been run.
    """
    if not PACKAGES.is_dir():
        raise AssetsMissing(f"{PACKAGES} is missing: run npm ci --ignore-scripts (make run does).")
    files = Files()
    files.add_folder(HERE / "static")
    files.add("embed.js", _with_frame_titles((HERE / "static" / "embed.js").read_text("utf-8")))
    _add_design_system(files)
    add_texts(files, PAGE_TEXTS)
    return files


def add_texts(files: Files, parts: tuple[str, ...]) -> None:
    """One module a language with the texts whose keys begin with one of `parts`."""
    for language in LANGUAGES:
        texts = json.dumps(page_texts(language, parts), ensure_ascii=False)
        files.add(f"texts/{language}.js", f"export default {texts};\n".encode())


def page_texts(language: str, parts: tuple[str, ...] = PAGE_TEXTS) -> dict[str, str]:
    return {k: t[language] for k, t in catalogue().items() if k.startswith(parts)}


def _with_frame_titles(script: str) -> bytes:
    """embed.js runs in other sites' pages and loads nothing more, so its texts are put in here."""
    titles = json.dumps(catalogue()["page.frame"], ensure_ascii=False)
    return script.replace('"@page.frame"', titles).encode()


def _add_design_system(files: Files) -> None:
    for path in sorted((PACKAGES / "components/dist/gcds").glob("*.js")):
        files.add(f"gcds/{path.name}", path.read_bytes())
    fonts = PACKAGES / "fonts/fonts"
    for path in sorted(fonts.rglob("*")):
        if path.suffix in (".woff2", ".ttf", ".woff") and (path.suffix == ".woff2" or _icon(path)):
            files.add(f"fonts/{path.relative_to(fonts).as_posix()}", path.read_bytes())
    style = (PACKAGES / "components/dist/gcds/gcds.css").read_text("utf-8")
    files.add("gcds/gcds.css", (_faces(fonts) + at_home(style)).encode())


def at_home(style: str) -> str:
    """`style` with everything it fetches from other hosts replaced by our copy."""
    return _ICONS.sub(r"url(../fonts/icons/\1)", _OUTSIDE.sub("", style))


def _faces(fonts: Path) -> str:
    """The font faces of the fonts package, which leaves the addresses to be filled in."""
    faces = []
    for name in _FONTS:
        for face in _FACE.findall((fonts / name / f"gcds-{name}.css").read_text("utf-8")):
            woff2 = re.sub(r",\s*url\([^)]*\.woff\"\) format\(\"woff\"\)", "", face)
            faces.append(woff2.replace("path/to/file/", f"../fonts/{name}/"))
    return "\n".join(faces) + "\n"


def _icon(path: Path) -> bool:
    return path.parent.name == "icons"
