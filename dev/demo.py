"""The demo: Løvholm filled, served on loopback, and one sign-in link per person of the cast."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from dev import database, environment, frontend, suite
from dev.console import ROOT, Stop, one_at_a_time, say, step

STATE = ROOT / ".medspil"
PORT = 8000


class Demo:
    """A demo in a folder of its own: database, secret key, mail and collected static files."""

    def __init__(self, state: Path, port: int) -> None:
        self.state = state
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.filled = state / "filled.json"
        state.mkdir(parents=True, exist_ok=True)
        key = state / "secret-key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(48))
            key.chmod(0o600)
        self.env = environment.environ(
            DJANGO_SETTINGS_MODULE="medspil.project.settings",
            MEDSPIL_DEMO="1",
            MEDSPIL_STATE=str(state),
            MEDSPIL_DATABASE=f"sqlite:///{state / 'medspil.sqlite3'}",
            MEDSPIL_SECRET_KEY=key.read_text(),
            MEDSPIL_HOSTS="127.0.0.1,localhost",
            MEDSPIL_ADDRESS=self.address,
        )

    def prepare(self, cases: int | None) -> None:
        """Migrates, collects static files and fills what is not filled yet."""
        if not self.filled.exists():
            # What an interrupted filling left is neither empty nor whole.
            for leftover in self.state.glob("medspil.sqlite3*"):
                leftover.unlink()
        step("Preparing the database", self._migrate)
        step("Collecting static files", self._collect)
        if self.filled.exists():
            kept = json.loads(self.filled.read_text())["cases"]
            if cases is not None and cases != kept:
                say(
                    f"  Keeping what is here ({kept or 0} cases beside the lively sixty). --fresh starts over."
                )
            return
        say("  Filling Løvholm")
        more = [] if cases is None else ["--cases", str(cases)]
        done = subprocess.run(
            [environment.PYTHON, "-m", "django", "fill_demo", *more], cwd=ROOT, env=self.env, check=False
        )
        if done.returncode:
            raise Stop("Løvholm could not be filled.")
        self.filled.write_text(json.dumps({"cases": cases}))

    def _migrate(self) -> None:
        environment.django(
            "migrate",
            "--verbosity=0",
            env=self.env,
            trouble="The database could not be prepared. --fresh starts over.",
        )

    def _collect(self) -> bool:
        stamp = self.state / "static-from"
        wanted = _static_digest()
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        environment.django(
            "collectstatic",
            "--noinput",
            "--clear",
            "--verbosity=0",
            env=self.env,
            trouble="Static files could not be collected.",
        )
        stamp.write_text(wanted)
        return True

    def links(self) -> str:
        """What the site prints: a line with a name and a sign-in link for each person of the cast."""
        return environment.django(
            "demo_links", env=self.env, trouble="The sign-in links could not be made."
        ).rstrip()

    @contextlib.contextmanager
    def serving(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Serves until the block ends; the server answers when the block begins."""
        # A static file is read whole before it is sent, which is said once and matters to nobody here.
        quiet = "ignore:StreamingHttpResponse must consume synchronous iterators"
        command = [environment.PYTHON, "-W", quiet, "-m", "uvicorn", "medspil.project.asgi:application"]
        command += [
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--log-level",
            "warning",
            "--no-access-log",
        ]
        command += ["--timeout-graceful-shutdown", "3"]
        # What is told by itself, as on a real site. It may be cut off at any moment.
        worker = [environment.PYTHON, "-W", quiet, "-m", "medspil.cli", "rhythm", "--every", "60"]
        server = subprocess.Popen(command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL)
        rhythm: subprocess.Popen[bytes] | None = None
        try:
            self._wait(server)
            rhythm = subprocess.Popen(
                worker, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            yield server
        finally:
            for process in (rhythm, server):
                if process is None or process.poll() is not None:
                    continue
                process.terminate()
                try:
                    process.wait(8)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _wait(self, server: "subprocess.Popen[bytes]") -> None:
        # Straight to this machine, whatever proxy the network may have.
        ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if server.poll() is not None:
                raise Stop("The server stopped before it answered; its own words stand above.")
            try:
                with ask(self.address, timeout=10):
                    return
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    return
                raise Stop(
                    f"The first page answers {answer.code}; the server's own words stand above."
                ) from None
            except OSError:
                time.sleep(0.1)
        raise Stop("The server did not answer within half a minute.")


def _static_digest() -> str:
    """Changes whenever a static file of ours or of a package does, without reading them all."""
    lines = [environment.digest(environment.LOCKS["demo"])]
    for path in sorted((ROOT / "src" / "medspil").glob("*/static/**/*")):
        if path.is_file():
            seen = path.stat()
            lines.append(f"{path.relative_to(ROOT)} {seen.st_size} {seen.st_mtime_ns}")
    return "\n".join(lines)


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _port(wanted: int | None) -> int:
    if wanted is not None:
        if not 1 <= wanted <= 65535:
            raise Stop(f"A port is a number from 1 to 65535, not {wanted}.")
        if _busy(wanted):
            raise Stop(f"Port {wanted} is taken or not allowed. Choose another with --port, or leave it out.")
        return wanted
    for port in range(PORT, PORT + 20):
        if not _busy(port):
            if port != PORT:
                say(f"  Port {PORT} is taken, so this demo uses {port}.")
            return port
    return database.free_port()


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Holds the folder for one demo at a time; the system lets go of it however we end."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a+") as held:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Stop("A demo runs from this folder already. Stop it first with Ctrl-C.") from None
        yield


def _clear(state: Path) -> None:
    for path in state.iterdir():
        if path.name == "lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _prepare_code() -> None:
    with one_at_a_time():
        environment.ensure("demo")
        frontend.build()
        suite.translate()


def serve(*, fresh: bool, cases: int | None, port: int | None) -> int:
    if cases is not None and cases < 1:
        raise Stop("--cases wants a number from 1 up.")

    start = time.monotonic()
    say("Medspil, the demo")
    try:
        with _alone(STATE):
            _prepare_code()
            if fresh:
                _clear(STATE)
            demo = Demo(STATE, _port(port))
            demo.prepare(cases)
            with demo.serving() as server:
                say(f"\nReady after {time.monotonic() - start:.0f} s: {demo.address}\n")
                say(
                    "Each link signs in as one person; open them in windows of their own to be two at once.\n"
                )
                say(demo.links())
                say("\nStop with Ctrl-C.")
                server.wait()
                raise Stop("The server stopped by itself; its own words stand above.")
    except KeyboardInterrupt:
        # A second Ctrl-C while the server closes changes nothing.
        kept = "What you did is kept" if (STATE / "filled.json").exists() else "Nothing was filled yet"
        say(f"\nStopped. {kept}; python3 dev.py demo goes on from here, with --fresh it starts over.")
        return 0


def pictures(*, only: list[str]) -> int:
    """Takes the pictures of README and docs from a demo in a temporary folder."""
    suite.prepare()
    database.need(server=False)
    with tempfile.TemporaryDirectory(prefix="medspil-pictures-") as folder:
        demo = Demo(Path(folder), database.free_port())
        demo.prepare(None)
        with demo.serving():
            links = Path(folder) / "links.txt"
            links.write_text(demo.links())
            env = environment.environ(MEDSPIL_CHROMIUM=database.chromium() or "")
            return environment.relaunch("dev.pictures", demo.address, str(links), *only, env=env)
