"""What must hold besides the tests: each check says in a line whether it does, and if not, why."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dev import environment, locks, suite
from dev.console import ROOT, Stop, say

PURE = ("law", "gap", "plain")
# Pieced together, so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
)
MACHINE = (
    "/ro" + "ot/",
    "/wo" + "rk/",
    "/opt/py" + "pi",
    "/opt/wh" + "eels",
    "/tmp/med" + "spil/",
    "../sha" + "red",
)
HOME = re.compile(r"/(?:home|Users)/[A-Za-z0-9_-]+/")
UNREAD = {".woff2", ".png", ".ico", ".jpg", ".pdf", ".mo"}


def _run(command: list[object], env: dict[str, str]) -> list[str]:
    """The lines of a program that failed; none when it succeeded."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    return done.stdout.strip().splitlines() or [f"{command[0]} ended with code {done.returncode}."]


def _tool(module: str, *arguments: object) -> list[str]:
    return _run([environment.PYTHON, "-m", module, *arguments], _env())


def _env() -> dict[str, str]:
    return environment.environ(MEDSPIL_TESTING="1", DJANGO_SETTINGS_MODULE="tests.settings")


def style() -> list[str]:
    """ruff: style, and the calls that this house bans."""
    return _tool("ruff", "check", "--output-format", "concise") + _unformatted()


def _unformatted() -> list[str]:
    lines = _tool("ruff", "format", "--check", "--output-format", "concise")
    files = dict.fromkeys(line.split(":")[0] for line in lines if ": unformatted" in line)
    return [f"{file} is not formatted (python3 dev.py check --fix)" for file in files] or lines


def types() -> list[str]:
    """mypy, strictly, on the rooms that are pure Python and on every actions.py."""
    package = ROOT / "src" / "medspil"
    targets = [package / room for room in PURE if any((package / room).glob("*.py"))]
    targets += sorted(package.glob("*/actions.py")) + sorted(package.glob("*/actions/*.py"))
    # django-stubs reads the settings, and the address of a database is among them.
    return _tool("mypy", *(path.relative_to(ROOT) for path in targets))


def templates() -> list[str]:
    """djlint: templates that a browser need not guess about."""
    found = sorted((ROOT / "src" / "medspil").glob("**/templates/**/*.html"))
    return _tool("djlint", "--lint", "--quiet", *(path.relative_to(ROOT) for path in found)) if found else []


def floors() -> list[str]:
    """import-linter: the floors, the wall, the pure rooms, the three sides."""
    lint = environment.BIN / "lint-imports"
    return _run([lint, "--no-cache"], _env())


def house() -> list[str]:
    """The house tests: what import-linter cannot see."""
    folder = ROOT / "tests" / "house"
    if not folder.exists():
        return ["tests/house is missing."]
    return _tool("pytest", folder, "--no-skips", "--quiet", "-p", "no:cacheprovider")


def migrations() -> list[str]:
    """Every change of a model has its migration."""
    return _tool("django", "makemigrations", "--check", "--dry-run", "--verbosity=1") + _tool(
        "django", "check"
    )


def locked() -> list[str]:
    """The lock files follow what they are made from, hold hashes and name no address."""
    return locks.check()


def translations() -> list[str]:
    """Every sentence on screen has its English, and none lingers."""
    return _tool("dev.translations", "--check")


def words() -> list[str]:
    """No file names a package registry or a path of somebody's machine."""
    return foreign_words(ROOT)


def foreign_words(folder: Path) -> list[str]:
    """A sentence for each line of a tracked file in `folder` that holds what belongs to one machine."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=folder, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        return ["git could not list the files."]
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = folder / name
        if path.suffix in UNREAD or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            hit = next((word for word in (*REGISTRIES, *MACHINE) if word in line), None) or HOME.search(line)
            if hit:
                shown = hit if isinstance(hit, str) else hit.group(0)
                found.append(f"{name}:{number} holds {shown}")
    return found


CHECKS: dict[str, Callable[[], list[str]]] = {
    "style": style,
    "types": types,
    "templates": templates,
    "floors": floors,
    "house": house,
    "migrations": migrations,
    "locks": locked,
    "translations": translations,
    "words": words,
}


def run_all(*, only: list[str], without: list[str], fix: bool) -> int:
    """Runs the checks and returns 0 only when all of them hold."""
    if unknown := [name for name in (*only, *without) if name not in CHECKS]:
        raise Stop(f"There is no check {', '.join(unknown)}. There is: {', '.join(CHECKS)}.")
    wanted = [name for name in only or CHECKS if name not in without]
    suite.prepare()
    if fix:
        for arguments in (("check", "--fix", "--quiet"), ("format", "--quiet")):
            _tool("ruff", *arguments)
    broken = []
    for name in wanted:
        start = time.monotonic()
        found = CHECKS[name]()
        took = time.monotonic() - start
        words_of_it = (CHECKS[name].__doc__ or "").strip()
        say(f"  {'fails' if found else 'holds'}  {name:13} {words_of_it}  ({took:.1f} s)")
        for line in found:
            say(f"           {line}")
        if found:
            broken.append(name)
    say()
    if broken:
        print(
            f"{len(broken)} of {len(wanted)} checks fail: {', '.join(broken)}.",
            file=sys.stderr,
            flush=True,
        )
        return 1
    say("All checks hold.")
    return 0
