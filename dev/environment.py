"""The environment in .venv: made once, and filled from the lock files only when they changed."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.console import ROOT, Stop, run, step

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "medspil-stamp.json"
LOCKS = {
    "demo": ROOT / "requirements" / "demo.txt",
    "test": ROOT / "requirements" / "test.txt",
    "engines": ROOT / "requirements" / "engines.txt",
    "node": ROOT / "requirements" / "node.txt",
}


def digest(*paths: Path) -> str:
    """One SHA-256 over names and contents of the files, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def stamps() -> dict[str, str]:
    """What was done last, by name; empty when nothing was."""
    try:
        return json.loads(STAMP.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def stamp(**done: str) -> None:
    STAMP.write_text(json.dumps({**stamps(), **done}, indent=1, sort_keys=True) + "\n")


def ensure(which: str) -> None:
    """Makes the environment and brings it to the lock called demo, test or node."""
    step("Making an environment in .venv", _make)
    step(f"Installing what {which} needs", lambda: _install(which))
    _link()


def engines() -> Path:
    """The Python of an environment of its own with the databases that count, which are large."""
    folder = ROOT / ".venv-engines"
    python = folder / PYTHON.relative_to(VENV)
    wanted, done = digest(LOCKS["engines"]), folder / "medspil-stamp"
    step("Making an environment in .venv-engines", lambda: _make(folder, python))
    if not done.exists() or done.read_text() != wanted:
        step("Installing DuckDB, PostgreSQL's client and Spark", lambda: _fill(python, LOCKS["engines"]))
        done.write_text(wanted)
    return python


def _make(folder: Path = VENV, python: Path = PYTHON) -> bool:
    # An environment without pip is one whose making was interrupted.
    if python.exists() and any(folder.glob("[Ll]ib*/**/site-packages/pip/__init__.py")):
        return False
    if folder.exists():
        shutil.rmtree(folder)
    if importlib.util.find_spec("ensurepip") is not None:
        run(
            [sys.executable, "-m", "venv", folder],
            trouble="The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv.",
        )
    elif importlib.util.find_spec("virtualenv") is not None:
        run([sys.executable, "-m", "virtualenv", folder], trouble="The environment could not be made.")
    elif found := shutil.which("virtualenv"):
        run([found, "-p", sys.executable, folder], trouble="The environment could not be made.")
    else:
        raise Stop("This Python lacks venv. On Debian and Ubuntu: apt-get install python3-venv.")
    return True


def _install(which: str) -> bool:
    lock = LOCKS[which]
    wanted = digest(lock)
    if stamps().get(which) == wanted:
        return False
    _fill(PYTHON, lock)
    done = {which: wanted}
    if which == "test":
        # The tests' lock is made on top of the demo's, with the same versions.
        done["demo"] = digest(LOCKS["demo"])
    stamp(**done)
    return True


def _fill(python: Path, lock: Path) -> None:
    command = [python, "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "-r", lock]
    if not sys.stdout.isatty():
        command.append("--quiet")
    run(command, trouble="What Medspil needs could not be installed. Is there a way to the package registry?")


def _link() -> None:
    """Puts src on the path and `medspil` among the programs, without building a package."""
    where = VENV / "medspil-link"
    wanted = f"{VENV}\n{ROOT}\n2\n"
    if where.exists() and where.read_text() == wanted:
        return
    site = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(site) / "medspil.pth").write_text(f"{ROOT / 'src'}\n")
    if os.name == "nt":
        (BIN / "medspil.bat").write_text(f'@"{PYTHON}" -m medspil.cli %*\r\n')
    else:
        program = BIN / "medspil"
        # Through sh, because a #! line may hold neither a long path nor one with spaces.
        program.write_text(
            f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"
            "import sys\n\nfrom medspil.cli import main\n\nsys.exit(main())\n"
        )
        program.chmod(0o755)
    where.write_text(wanted)


def environ(**more: str) -> dict[str, str]:
    """The environment for programs of ours: this one, without what would change how they behave."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MEDSPIL_") or name == "MEDSPIL_CHROMIUM"
    }
    for name in ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        kept.pop(name, None)
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', '')}"
    kept["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    kept["PYTHONUNBUFFERED"] = "1"
    return {**kept, **more}


def django(*arguments: str, env: dict[str, str], trouble: str) -> str:
    """Runs a management command of the site quietly and returns what it printed."""
    return run([PYTHON, "-m", "django", *arguments], env=env, trouble=trouble)


def relaunch(module: str, *arguments: str, env: dict[str, str]) -> int:
    """Runs a module of the workshop that needs the environment's packages; returns its exit code."""
    return subprocess.run([PYTHON, "-m", module, *arguments], cwd=ROOT, env=env, check=False).returncode
