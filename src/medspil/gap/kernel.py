"""The loop that costs: in C where the package was built with it, else in numpy. Both give the same counts."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIBRARY = Path(__file__).with_name("kernel.bin")


@cache
def compiled() -> Any:
    """The compiled loop, or None. MEDSPIL_GAP_KERNEL=0 does without it."""
    if os.environ.get("MEDSPIL_GAP_KERNEL") == "0":
        return None
    try:
        pairs = ctypes.CDLL(str(LIBRARY)).medspil_pairs
    except (OSError, AttributeError):
        return None
    pairs.restype = None
    pairs.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p]
    return pairs


class Pairs:
    """Counts two columns of answers at a time. `keys` (rows,) are below `many`, and answers below 16."""

    def __init__(self, keys: NDArray[Any], many: int) -> None:
        self.many, self.loop = many, compiled()
        if self.loop is None:
            self.base: NDArray[Any] = keys.astype(np.int64) << 8
            self.place = np.empty_like(self.base)
        else:
            self.base = keys.astype(np.uint32) << np.uint32(8)

    def none(self) -> NDArray[np.uint32]:
        """Nothing counted yet; shape (many, 16, 16)."""
        return np.zeros((self.many, 16, 16), np.uint32)

    def count(self, a: NDArray[np.uint8], b: NDArray[np.uint8], into: NDArray[np.uint32]) -> None:
        """Adds to `into` how many rows have which key and answers."""
        if self.loop is None:
            np.add(self.base, (a << 4) | b, out=self.place)
            found = np.bincount(self.place, minlength=self.many * 256)
            into += found.astype(np.uint32).reshape(self.many, 16, 16)
            return
        a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
        self.loop(self.base.ctypes.data, a.ctypes.data, b.ctypes.data, len(self.base), into.ctypes.data)
