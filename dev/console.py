"""Words on the terminal, and programs started with a sentence when they fail."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """The workshop cannot go on; the text is one sentence that says why and what to do."""


def say(words: str = "") -> None:
    print(words, flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Lets two commands started at once build one after the other; the system lets go however we end."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with (ROOT / "pyproject.toml").open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another dev.py is building; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def step(words: str, work: Callable[[], object]) -> None:
    """Does one piece of work and prints it as a line with its time, or nothing if all was in place.

    `work` returns False when there was nothing to do. On a terminal the seconds are seen running.
    """
    start = time.monotonic()
    shown = sys.stdout.isatty()
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.5):
            print(f"\r  {words} … {time.monotonic() - start:.0f} s", end="", flush=True)

    ticking = threading.Thread(target=tick, daemon=True)
    if shown:
        ticking.start()
    try:
        result = work()
    finally:
        done.set()
        if shown:
            ticking.join()
            print("\r\033[K", end="", flush=True)
    if result is not False:
        print(f"  {words} … {time.monotonic() - start:.1f} s", flush=True)


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
