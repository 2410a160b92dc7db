"""Words on the terminal, and programs started with a sentence when they fail."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """The workshop cannot go on; the text is one sentence that says why and what to do."""


def say(words: str = "") -> None:
    print(words, flush=True)


def step(words: str, work: Callable[[], object]) -> None:
    """Does one piece of work and prints it as a line with its time, or nothing if all was in place.

    `work` returns False when there was nothing to do.
    """
    start = time.monotonic()
    shown = sys.stdout.isatty()
    if shown:
        print(f"  {words} …", end="", flush=True)
    try:
        done = work()
    except BaseException:
        if shown:
            print(flush=True)
        raise
    took = time.monotonic() - start
    if done is False:
        if shown:
            print("\r\033[K", end="", flush=True)
    else:
        print(f"{chr(13) if shown else ''}  {words} … {took:.1f} s", flush=True)


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    trouble: str,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
) -> str:
    """Runs a program quietly and returns what it printed; on failure raises Stop with its last lines.

    `trouble` is the sentence that says what did not work and what to do.
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise Stop(f"{trouble} The program {os.fspath(command[0])} is missing.") from None
    if done.returncode:
        raise Stop(f"{trouble}\n\n{os.linesep.join(done.stdout.strip().splitlines()[-25:])}")
    return done.stdout
