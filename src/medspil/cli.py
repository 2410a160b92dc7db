"""The command `medspil`. Nothing heavy is imported before it is needed, so that help comes at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; answers 0 when done, 2 for input that cannot be used, 1 when it is not written."""
    parser = argparse.ArgumentParser(
        prog="medspil", description="Medspil: one case, one promise, two voices, one gap."
    )
    rooms = parser.add_subparsers(dest="room", required=True, metavar="ROOM")
    gap = rooms.add_parser("gap", help="how differently citizens, caseworkers and leaders see the same thing")
    commands = gap.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="answers in, a folder with results, tables and a page out",
        description=(
            "Reads a CSV file with the columns respondent, group, municipality, education, department, "
            "disability_extent, disability_type and one per item (0-3; empty = not asked or left out)."
        ),
    )
    run.add_argument(
        "answers", metavar="FILE.csv", help="comma, semicolon or tab; UTF-8 or Windows-1252; 3 or 3,0"
    )
    run.add_argument("--out", metavar="DIR", required=True, help="the folder, replaced whole or not at all")
    run.add_argument("--lang", choices=("both", "da", "en"), default="both", help="language of the page")
    run.add_argument("--place", default="", metavar="NAME", help="whose answers they are, such as Løvholm")
    run.add_argument("--method", choices=("welch", "pooled"), default="welch", help="t-test (default: welch)")
    run.add_argument(
        "--constructed",
        action="store_true",
        help="the answers are constructed, not given by people; every page says so",
    )
    rhythm = rooms.add_parser("rhythm", help="one round of what is told by itself; run it from a timer")
    rhythm.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    chosen = parser.parse_args(argv)
    return _rhythm(chosen) if chosen.room == "rhythm" else _gap_run(chosen)


def _rhythm(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspil.project.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("rhythm", dry_run=chosen.dry_run)
    return 0


def _gap_run(chosen: argparse.Namespace) -> int:
    from medspil import gap

    lang = chosen.lang if chosen.lang != "both" else _terminal_language()
    show = _progress() if sys.stderr.isatty() else None
    try:
        try:
            table = gap.read(chosen.answers, gap.vive2021(), constructed=chosen.constructed, progress=show)
        finally:
            if show is not None:
                sys.stderr.write("\r\033[K")
        results = gap.analyse(table, method=chosen.method)
        gap.write_report(chosen.out, table, results, lang=chosen.lang, place=chosen.place)
    except gap.NotWritten as refusal:
        print(f"medspil: {refusal.say(lang)}", file=sys.stderr)
        return 1
    except gap.GapRefusal as refusal:
        print(f"medspil: {refusal.say(lang)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        stopped = {"da": "Afbrudt. Intet er skrevet.", "en": "Interrupted. Nothing was written."}
        print(f"medspil: {stopped[lang]}", file=sys.stderr)
        return 130
    for warning in results.warnings:
        print(f"medspil: {warning[lang]}", file=sys.stderr)
    said = gap.sentences(results, reference=gap.reference_for(results), lang=lang, place=chosen.place)
    print("\n".join(filter(None, [said.headline, said.numbers, gap.constructed_note(results.source, lang)])))
    print(os.path.join(chosen.out, "report.html"))
    return 0


def _terminal_language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "da" if spoken.startswith("da") else "en"


def _progress() -> Callable[[float], None]:
    shown = -1

    def show(share: float) -> None:
        nonlocal shown
        per_cent = int(share * 100)
        if per_cent != shown:
            shown = per_cent
            sys.stderr.write(f"\r{'█' * (per_cent // 4):<25} {per_cent} %")
            sys.stderr.flush()

    return show


if __name__ == "__main__":
    sys.exit(main())
