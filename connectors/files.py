"""Static files, from a list made at start: what is not on the list cannot be asked for.

(Sanic 21.12's own static routes have a history of path traversal.) The address carries a digest of
all files, so browsers may keep them for ever, and relative imports between modules still work.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from connectors.problems import Problem

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True)
class File:
    """One file as it is sent; `packed` is empty when packing does not make it smaller."""

    body: bytes
    packed: bytes
    kind: str
    etag: str


@dataclass
class Files:
    """The list: path below /static/<version>/ -> file."""

    files: dict[str, File] = field(default_factory=dict)

    def add(self, path: str, body: bytes) -> None:
        packed = gzip.compress(body, 6, mtime=0) if not path.endswith(".woff2") else b""
        digest = hashlib.sha256(body).hexdigest()[:20]
        kind = _TYPES[Path(path).suffix]
        smaller = packed if len(packed) < len(body) else b""
        self.files[path] = File(body, smaller, kind, f'"{digest}"')

    def add_folder(self, folder: Path, below: str = "") -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in _TYPES:
                self.add(below + path.relative_to(folder).as_posix(), path.read_bytes())

    @property
    def version(self) -> str:
        """A digest of everything on the list."""
        parts = (f"{path} {file.etag}" for path, file in sorted(self.files.items()))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def serve(files: Files) -> object:
    """The handler of GET /static/<version>/<path>."""
    version = files.version

    async def static(request: Request, wanted: str, path: str) -> HTTPResponse:
        file = files.files.get(path)
        if file is None:
            raise Problem(404, "errors.not_found")
        return send(request, file, _FOR_EVER if wanted == version else _ASK_AGAIN)

    return static


def send(request: Request, file: File, caching: str) -> HTTPResponse:
    """`file`, packed when the browser takes that; nothing when it has it already."""
    headers = {"ETag": file.etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return empty(304, headers)
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        packed = {**headers, "Content-Encoding": "gzip"}
        return raw(file.packed, headers=packed, content_type=file.kind)
    return raw(file.body, headers=headers, content_type=file.kind)
