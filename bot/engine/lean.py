"""Start Rasa without TensorFlow, Keras and matplotlib: imported by it, used by nothing of ours.

`rasa.core.agent` reaches TensorFlow through module-level imports whatever the pipeline is
(knowledge: docs/adr/0002). In the engine's process only, these packages are answered by empty
stand-ins: about 350 MB and half the start-up time less. Training and `rasa shell` are untouched.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

REPLACED = (
    "tensorflow",
    "tensorflow_addons",
    "tensorflow_hub",
    "tensorflow_text",
    "keras",
    "matplotlib",
)


class _StandInType(type):
    """A class any attribute of which is again such a class, so that it can stand for anything."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandInType(name, (), {})

    def __iter__(cls) -> Any:
        return iter(())


class _StandInModule(ModuleType):
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandInType(name, (), {})


class _StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.split(".")[0] in REPLACED:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> ModuleType:
        module = _StandInModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        return None


def install() -> None:
    """Answer the replaced packages by stand-ins from now on.

    Raises:
        RuntimeError: one of them was imported before, so the stand-ins would come too late.
    """
    early = [name for name in REPLACED if name in sys.modules]
    if early:
        raise RuntimeError(f"imported before the stand-ins: {', '.join(early)}")
    sys.meta_path.insert(0, _StandInFinder())
