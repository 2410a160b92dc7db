"""The tests, on both databases and without one at once, and the measurements."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from dev import database, environment, frontend, kernel
from dev.console import ROOT, Stop, one_at_a_time, say, step

WORDS = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def prepare() -> None:
    """The environment with what tests need, what the browser gets, and the compiled translations."""
    with one_at_a_time():
        environment.ensure("test")
        frontend.build()
        translate()
        kernel.build()


def translate() -> None:
    step("Compiling the translations", _translate)


def _translate() -> bool:
    from dev import catalogue

    return catalogue.compile_if_changed()


class Run:
    """One pytest on one database, its lines marked with the database's name."""

    def __init__(
        self, name: str, arguments: list[str], env: dict[str, str], tally: Path, marked: bool
    ) -> None:
        self.name = name
        self.tally = tally
        self.marked = marked
        command = [
            environment.PYTHON,
            "-m",
            "pytest",
            "--no-skips",
            "--durations=8",
            "--durations-min=3",
            "--tally",
            tally,
            *arguments,
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read)
        self.lines: list[str] = []
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            line = line.rstrip("\n")
            self.lines.append(line)
            print(f"{self.name:10} │ {line}" if self.marked else line, flush=True)

    def wait(self) -> int:
        code = self.process.wait()
        self.reader.join()
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
        self.reader.join(5)

    def counts(self) -> dict[str, list[str]]:
        try:
            return json.loads(self.tally.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}


def run_all(*, sqlite: bool, postgresql: bool, arguments: list[str]) -> int:
    """Runs the suite and returns 0 only when every test passed and none was skipped."""
    both = sqlite == postgresql
    prepare()
    database.need()
    color = ["--color=yes"] if sys.stdout.isatty() else []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medspil-test-")))
        runs: list[Run] = []
        stack.callback(lambda: [run.end() for run in runs])
        common = {"MEDSPIL_TESTING": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}

        def start(name: str, address: str = "") -> None:
            """What belongs to `name` where all run, else everything on that database."""
            part = name.replace(" ", "-").lower()
            state = folder / part
            state.mkdir()
            env = environment.environ(
                **common,
                MEDSPIL_STATE=str(state),
                MEDSPIL_DATABASE=address or f"sqlite:///{state / 'medspil.sqlite3'}",
            )
            cache = ["-o", f"cache_dir=.pytest_cache/{part}"]
            only = ["--part", part] if both else []
            tally = folder / f"{part}.json"
            runs.append(Run(name, [*color, *cache, *only, *arguments], env, tally, both))

        if both or sqlite:
            start("SQLite")
        if both or postgresql:
            start("PostgreSQL", f"{stack.enter_context(database.postgresql())}/medspil")
        if both:
            start("Neither")
        codes = {run.name: run.wait() for run in runs}
        counts = {run.name: run.counts() for run in runs}
        closing = [
            (run.name, next((line for line in reversed(run.lines) if line.strip()), "")) for run in runs
        ]
    return _close(codes, counts, closing)


def run_engines(arguments: list[str]) -> int:
    """Runs tests/engines: the real DuckDB, a PostgreSQL of our own, and Spark on this machine."""
    with one_at_a_time():
        python = environment.engines()
    database.need(browser=False, spark=True)
    with database.postgresql() as server:
        env = environment.environ(
            MEDSPIL_ENGINES_POSTGRESQL=server, JAVA_HOME=str(database.java()), SPARK_LOCAL_IP="127.0.0.1"
        )
        command = [python, "-m", "pytest", "-c", "tests/engines/pytest.ini", "tests/engines", *arguments]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _close(
    codes: dict[str, int], counts: dict[str, dict[str, list[str]]], closing: list[tuple[str, str]]
) -> int:
    """Says how it went, pytest's own last lines first and one plain line last; returns the exit code."""
    say()
    for name, line in closing:
        say(f"{name}:")
        say(line)
    total = {word: sum(len(count.get(word, ())) for count in counts.values()) for word in WORDS}
    silent = [
        f"  {name}: {test}"
        for name, count in counts.items()
        for word in ("skipped", "xfailed")
        for test in count.get(word, ())
    ]
    if silent:
        say("\nThese did not run to a yes or a no, which counts as a failure:")
        say("\n".join(silent))
    # That nothing in one run touches the database is no failure; that nothing ran at all is.
    broken = {name: code for name, code in codes.items() if code not in (0, 5) or not counts[name]}
    for name, code in broken.items():
        if code not in (0, 1, 5):
            say(f"\npytest on {name} ended with code {code} before it was done.")
    failed = total["failed"] + total["error"] + total["xpassed"] + len(silent)
    if broken and not failed:
        failed = 1
    if not total["passed"] and not failed:
        say("\nNo test ran.")
        failed = 1
    say()
    say(f"{total['passed']} passed, {failed} failed")
    return 1 if failed else 0


def bench(*, name: str | None, arguments: list[str]) -> int:
    """Runs bench/NAME.py, which may start a PostgreSQL of its own; without a name lists what there is."""
    found = {path.stem: path for path in sorted((ROOT / "bench").glob("[a-z]*.py"))}
    if name is None:
        say("python3 dev.py bench NAME [-- ARGUMENTS]\n")
        for stem, path in found.items():
            first = path.read_text().lstrip().removeprefix('"""').splitlines()[0].removesuffix('"""')
            say(f"  {stem:12} {first}")
        if not found:
            say("  There is nothing to measure in bench/.")
        return 0
    if name not in found:
        raise Stop(f"There is no bench/{name}.py. There is: {', '.join(found) or 'nothing'}.")
    prepare()
    database.need(browser=False)
    with tempfile.TemporaryDirectory(prefix="medspil-bench-") as folder:
        env = environment.environ(MEDSPIL_STATE=folder)
        command = [str(environment.PYTHON), "-m", f"bench.{name}", *arguments]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
