"""The one name for arrays of numbers; their shapes are said where they are used."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
