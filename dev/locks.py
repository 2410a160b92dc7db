"""The lock files: every package by version and hash, and none of the addresses they were fetched from."""

import hashlib
import json
import os
import re
import shutil
import tomllib
from pathlib import Path

from dev import environment
from dev.console import ROOT, Stop, run, say

FOLDER = ROOT / "requirements"
PYPROJECT = ROOT / "pyproject.toml"
# What each lock is compiled from, beside pyproject.toml where it says so.
SOURCES = {
    "demo": [],
    "test": [FOLDER / "test.in"],
    "engines": [FOLDER / "engines.in"],
    "node": [FOLDER / "node.in"],
}
FROM_PROJECT = {
    "demo": ["web"],
    "test": ["web"],
    "engines": ["duckdb", "postgresql", "spark"],
}
# The site reads no files of answers; without these it is 60 MB smaller. The engine alone has them.
NOT_IN_THE_SITE = ["pyarrow", "pyreadstat", "openpyxl", "narwhals", "et-xmlfile"]
ADDRESS = re.compile(r"[a-z]+://|--(?:index-url|extra-index-url|find-links|trusted-host)\b", re.IGNORECASE)


def wanted_digest(name: str) -> str:
    """What the lock called `name` must say it was made from."""
    sources: list[object] = [
        [
            line.split(" #")[0].strip()
            for line in path.read_text().splitlines()
            if line and not line.startswith("#")
        ]
        for path in SOURCES[name]
    ]
    if name in FROM_PROJECT:
        project = tomllib.loads(PYPROJECT.read_text())["project"]
        sources.append(
            [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
        )
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def faults(name: str, text: str) -> list[str]:
    """What is wrong with the text of a lock, as sentences."""
    found = []
    if f"# made-from: {wanted_digest(name)}\n" not in text:
        found.append(f"requirements/{name}.txt is older than what it is made from. Run: python3 dev.py lock")
    for number, line in enumerate(text.splitlines(), 1):
        if ADDRESS.search(line):
            found.append(f"requirements/{name}.txt line {number} names an address: {line.strip()}")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    for block in blocks:
        if re.match(r"[A-Za-z0-9]", block) and "--hash=sha256:" not in block:
            found.append(f"requirements/{name}.txt has no hash for {block.split()[0]}.")
    return found


def check() -> list[str]:
    found = []
    for name in SOURCES:
        path = FOLDER / f"{name}.txt"
        if path.exists():
            found += faults(name, path.read_text())
        else:
            found.append(f"requirements/{name}.txt is missing. Run: python3 dev.py lock")
    found += npm_faults((ROOT / "frontend" / "package-lock.json").read_text())
    return found


def npm_faults(text: str) -> list[str]:
    """What is wrong with the text of frontend/package-lock.json."""
    lock = json.loads(text)
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())
    here = lock["packages"][""]
    found = []
    for kind in ("dependencies", "devDependencies"):
        if here.get(kind, {}) != wanted.get(kind, {}):
            found.append("frontend/package-lock.json does not follow package.json. Run: python3 dev.py lock")
    for name, package in lock["packages"].items():
        if not name:
            continue
        if "resolved" in package:
            found.append(f"frontend/package-lock.json names an address for {name}.")
        if not package.get("integrity", "").startswith("sha512-"):
            found.append(f"frontend/package-lock.json has no hash for {name}.")
    return found


def make(upgrade: bool) -> None:
    """Makes all lock files anew; with `upgrade` takes the newest versions that are allowed."""
    uv = _uv()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    for name, sources in SOURCES.items():
        path = FOLDER / f"{name}.txt"
        command = [
            uv,
            "pip",
            "compile",
            "--no-config",
            "--universal",
            "--generate-hashes",
            "--python-version",
            "3.11",
        ]
        command += [
            "--no-emit-index-url",
            "--no-header",
            "--quiet",
            "--output-file",
            str(path.relative_to(ROOT)),
        ]
        command += [str(source.relative_to(ROOT)) for source in sources]
        if name in FROM_PROJECT:
            command += ["pyproject.toml", *(f"--extra={extra}" for extra in FROM_PROJECT[name])]
        if name in ("test", "engines"):
            command += ["--constraint", "requirements/demo.txt"]
        if name == "demo":
            command += [f"--no-emit-package={package}" for package in NOT_IN_THE_SITE]
        if upgrade:
            command.append("--upgrade")
        run(command, env=env, trouble=f"requirements/{name}.txt could not be made.")
        _finish(name, path)
        say(f"  requirements/{name}.txt")
    npm = shutil.which("npm")
    if npm is None:
        raise Stop("frontend/package-lock.json needs npm. On Debian and Ubuntu: apt-get install npm.")
    run(
        [npm, "install", "--package-lock-only", "--ignore-scripts"],
        cwd=ROOT / "frontend",
        trouble="frontend/package-lock.json could not be made.",
    )
    say("  frontend/package-lock.json")
    if found := check():
        raise Stop("\n".join(found))


def _finish(name: str, path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("--", "# "))]
    head = [
        "# Every package that this needs, by version and hash. Made by: python3 dev.py lock",
        f"# made-from: {wanted_digest(name)}",
    ]
    path.write_text("\n".join([*head, *lines]) + "\n")


def _uv() -> str:
    ours = environment.BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not ours.exists() and (FOLDER / "test.txt").exists():
        environment.ensure("test")
    if ours.exists():
        return str(ours)
    if found := shutil.which("uv"):
        return found
    raise Stop("The lock files are made by uv. Install it, then run this again.")
