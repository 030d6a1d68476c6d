"""The trained model: built by `python -m bot train`, checked before it is loaded.

A model archive is code (Rasa imports the classes it names), so the engine loads only the file
whose SHA-256 was recorded when it was trained here.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = "passage"
# Everything the model is made of; a change in any of them makes it stale.
SOURCES = (
    "config.yml", "domain.yml", "data/languages", "data/nlu", "data/rules", "data/terms.yml",
    "bot/engine/intents.py", "bot/engine/terms.py", "bot/privacy", "bot/understanding",
    "requirements.txt",
)  # fmt: skip
_ENDINGS = (".yml", ".py", ".txt")


class ModelError(Exception):
    """The model is missing or is not the one that was trained; the message says what to do."""


def is_fresh(folder: Path) -> bool:
    """True when the model in `folder` was trained from the present sources."""
    record = _record(folder)
    return record.get("sources") == fingerprint() and _archive(folder).exists()


def check_model(folder: Path) -> Path:
    """The path of the model archive, after comparing it with its record.

    Raises:
        ModelError: there is no model, or it was altered.
    """
    archive = _archive(folder)
    if not archive.exists():
        raise ModelError(f"There is no model at {archive}: run `python -m bot train`.")
    if _sha256(archive) != _record(folder).get("sha256"):
        raise ModelError(f"{archive} is not the model that was trained: run `python -m bot train`.")
    return archive


def train(folder: Path) -> None:
    """Train with Rasa's own command and record what came out.

    Raises:
        ModelError: Rasa could not train; its output has been shown.
    """
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", NAME]
    done = subprocess.run(
        [*command, "--out", str(folder)], cwd=ROOT, env=_environment(), check=False
    )
    if done.returncode != 0 or not _archive(folder).exists():
        raise ModelError("Rasa could not train the model; its messages are above.")
    record = {"sha256": _sha256(_archive(folder)), "sources": fingerprint()}
    (folder / f"{NAME}.json").write_text(json.dumps(record, indent=1) + "\n")


def fingerprint() -> str:
    """SHA-256 over the names and contents of all sources of the model."""
    total = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = [file for file in inside if file.suffix in _ENDINGS]
        for file in files:
            total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def _environment() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3",
            "TQDM_DISABLE": "1", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}  # fmt: skip


def _archive(folder: Path) -> Path:
    return folder / f"{NAME}.tar.gz"


def _record(folder: Path) -> dict[str, str]:
    path = folder / f"{NAME}.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
