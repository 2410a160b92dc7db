"""A PostgreSQL of our own: in a temporary folder, on a free loopback port, gone when we are done."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dev.console import Stop, run

# Nothing here outlives the run, so nothing waits for a disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: [int(n) for n in path.parent.name.split(".") if n.isdigit()],
    )
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    if found and (Path(found).parent / "postgres").exists():
        return Path(found).parent
    return None


def _owner() -> dict[str, object]:
    """Who the server runs as: PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            person = pwd.getpwnam(name)
            return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise Stop("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as.")


@contextlib.contextmanager
def postgresql(*, durable: bool = False, kept: Path | None = None) -> Iterator[str]:
    """Starts a server and gives its address without a database, postgresql://user:password@host:port.

    `durable`: it waits for its disk at every commit, as a server that is to keep something does.
    `kept`: a folder in which what it holds stays until the next time.
    """
    folder = programs()
    if folder is None:
        raise Stop("PostgreSQL is missing. On Debian and Ubuntu: apt-get install postgresql.")
    owner = _owner()
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    home = kept or Path(tempfile.mkdtemp(prefix="medspil-pg-", dir="/tmp" if os.path.isdir("/tmp") else None))
    server = None
    try:
        env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home), "TZ": "UTC"}
        secret, data = home / "password", home / "data"
        if not data.exists():
            _make(home, folder, owner, env)
        password = secret.read_text()
        port = free_port()
        settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(home)}
        if durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "on")
        log = (home / "log").open("wb")
        server = subprocess.Popen(
            [
                folder / "postgres",
                "-D",
                data,
                *(part for pair in settings.items() for part in ("-c", "=".join(pair))),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=home,
            # Ctrl-C is for us; we end the server when everything that uses it has ended.
            start_new_session=True,
            **owner,  # type: ignore[call-overload]
        )
        log.close()
        _wait(server, folder, port, home)
        yield f"postgresql://medspil:{password}@127.0.0.1:{port}"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT if kept else signal.SIGQUIT)
            try:
                server.wait(120 if kept else 10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _make(home: Path, folder: Path, owner: dict[str, object], env: dict[str, str]) -> None:
    """An empty database in `home`/data, and beside it the password of its one user."""
    secret, data = home / "password", home / "data"
    secret.write_text(secrets.token_urlsafe(18))
    if owner:
        for path in (home, secret):
            os.chown(path, owner["user"], owner["group"])  # type: ignore[arg-type]
    done = subprocess.run(
        [
            folder / "initdb",
            *("--pgdata", data, "--username", "medspil", "--pwfile", secret, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        capture_output=True,
        text=True,
        env=env,
        cwd=home,
        check=False,
        **owner,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise Stop(f"PostgreSQL could not make a database.\n\n{done.stdout}{done.stderr}")


def _wait(server: "subprocess.Popen[bytes]", folder: Path, port: int, home: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Stop(f"PostgreSQL did not start.\n\n{(home / 'log').read_text()}")
        ready = subprocess.run(
            [folder / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"],
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise Stop("PostgreSQL did not answer within half a minute.")


CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of the browser, or None."""
    named = os.environ.get("MEDSPIL_CHROMIUM")
    return named or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def _browser_package() -> str:
    """What the distribution calls Chromium."""
    release = Path("/etc/os-release")
    ubuntu = release.exists() and "ID=ubuntu" in release.read_text().splitlines()
    return "chromium-browser" if ubuntu else "chromium"


def java() -> Path | None:
    """The home of a Java that Spark runs on (17 or 21), or None."""
    named = os.environ.get("JAVA_HOME")
    found = [Path(named)] if named else []
    found += sorted(Path("/usr/lib/jvm").glob("*-1.17*")) + sorted(Path("/usr/lib/jvm").glob("*-17-*"))
    found += sorted(Path("/usr/lib/jvm").glob("*-21-*"))
    return next((home for home in found if (home / "bin" / "java").exists()), None)


def need(*, browser: bool = True, server: bool = True, spark: bool = False) -> None:
    """Sees to Chromium, PostgreSQL and Java: installs them as root on Debian and Ubuntu, else says the command."""
    missing = []
    if browser and chromium() is None:
        missing.append(_browser_package())
    if server and programs() is None:
        missing.append("postgresql")
    if spark and java() is None:
        missing.append("openjdk-17-jre-headless")
    if not missing:
        return
    names = " ".join(missing)
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        raise Stop(
            f"The tests need {' and '.join(missing)}. On Debian and Ubuntu: sudo apt-get install {names}"
        )
    print(f"  Installing {' and '.join(missing)} with apt-get, because the tests need them", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([apt, "update"], env=env, trouble="apt-get update did not work.")
    run(
        [apt, "install", "-y", "--no-install-recommends", *missing],
        env=env,
        trouble=f"apt-get install {names} did not work.",
    )
