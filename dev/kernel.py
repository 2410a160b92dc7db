"""Builds the gap engine's C loop where there is a compiler. Nobody needs one: without it numpy counts."""

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src" / "medspil" / "gap"
SOURCE = FOLDER / "kernel.c"
LIBRARY = FOLDER / "kernel.bin"


def build() -> bool:
    """Makes kernel.bin from kernel.c where it is older, and says whether it is there."""
    if LIBRARY.exists() and LIBRARY.stat().st_mtime >= SOURCE.stat().st_mtime:
        return True
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return False
    beside = LIBRARY.with_name(".kernel.bin")
    command = [compiler, "-O3", "-shared", "-fPIC", "-nostdlib", "-o", str(beside), str(SOURCE)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return False
    beside.replace(LIBRARY)
    return True
