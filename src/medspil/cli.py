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
    _add_gap(
        rooms.add_parser("gap", help="how differently citizens, caseworkers and leaders see the same thing")
    )
    rhythm = rooms.add_parser("rhythm", help="one round of what is told by itself; run it from a timer")
    rhythm.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    rhythm.add_argument(
        "--every", type=int, default=0, metavar="SECONDS", help="go on, with a round so often"
    )
    chosen = parser.parse_args(argv)
    return _rhythm(chosen) if chosen.room == "rhythm" else _gap(chosen)


def _rhythm(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspil.project.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("rhythm", dry_run=chosen.dry_run, every=chosen.every)
    return 0


def _add_gap(gap: argparse.ArgumentParser) -> None:
    commands = gap.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str, description: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=help, description=description or f"{help[:1].upper()}{help[1:]}."
        )

    def answers(into: argparse.ArgumentParser, many: str = "+") -> None:
        into.add_argument(
            "answers",
            nargs=many,
            metavar="ANSWERS",
            help="CSV (comma, semicolon, tab; UTF-8 or Windows-1252), Parquet, Arrow, .sav, .zsav, .dta, .xlsx, or "
            "the address of a database: postgresql://server/database",
        )
        into.add_argument("--study", metavar="STUDY.toml", help="what the columns mean (default: VIVE 2021)")

    def engine(into: argparse.ArgumentParser) -> None:
        into.add_argument(
            "--engine",
            choices=("duckdb", "postgresql", "spark"),
            help="let a database count, where answers outgrow one machine or live in one",
        )
        into.add_argument(
            "--query",
            default="",
            metavar="SELECT",
            help="what the database is asked for: one row a respondent, or the name of a table",
        )

    def lang(into: argparse.ArgumentParser) -> None:
        into.add_argument("--lang", choices=("both", "da", "en"), default="both", help="language of the page")

    def method(into: argparse.ArgumentParser) -> None:
        into.add_argument(
            "--method",
            choices=("welch", "pooled", "design", "cr2"),
            help="default: design where the study declares weights, clusters or strata, else welch",
        )
        into.add_argument(
            "--adjust",
            choices=("holm", "bh", "by", "bonferroni", "none"),
            help="for many tests (default: holm)",
        )

    def report(into: argparse.ArgumentParser) -> None:
        method(into)
        lang(into)
        into.add_argument(
            "--out", metavar="DIR", required=True, help="the folder, replaced whole or not at all"
        )
        into.add_argument(
            "--place", default="", metavar="NAME", help="whose answers they are, such as Løvholm"
        )
        into.add_argument(
            "--tables",
            nargs="+",
            choices=("csv", "xlsx", "parquet"),
            default=["csv"],
            metavar="KIND",
            help="csv (default), xlsx, parquet",
        )
        into.add_argument(
            "--publish",
            type=int,
            metavar="K",
            help="a release that is safe to publish: groups from K (5 or more)",
        )
        into.add_argument(
            "--interval",
            type=int,
            default=5,
            metavar="N",
            help="no hidden count can be narrowed to fewer than N values (default 5)",
        )
        into.add_argument(
            "--previous",
            nargs="+",
            metavar="DIR",
            help="earlier releases of these answers that are out already",
        )

    def constructed(into: argparse.ArgumentParser) -> None:
        into.add_argument(
            "--constructed",
            action="store_true",
            help="the answers are constructed, not given by people; every page says so",
        )

    run = command(
        "run",
        "answers in, a folder with results, tables and a page out",
        "Without --study the columns are respondent, group, municipality, education, department, "
        "disability_extent, disability_type and one per item (0-3; empty = not asked or left out).",
    )
    answers(run, "*")
    engine(run)
    report(run)
    constructed(run)
    check = command("check", "say what is wrong with file or study, by row and column")
    answers(check, "*")
    engine(check)
    lang(check)
    count = command("count", "answers in, a count table out: how many gave which answer")
    answers(count, "*")
    engine(count)
    lang(count)
    constructed(count)
    count.add_argument("--out", metavar="FILE.json", required=True)
    ingest = command(
        "ingest",
        "answers in, one Arrow file out that is read faster, again and again",
        "Writes an Arrow file with the columns the study uses and nothing else. It is read where ANSWERS may stand, "
        "also by other programs, and is refused when the files it was made of have changed.",
    )
    answers(ingest)
    lang(ingest)
    constructed(ingest)
    ingest.add_argument("--out", metavar="FILE.arrow", required=True)
    merge = command("merge", "count tables of one study in, their sum out")
    merge.add_argument("tables_in", nargs="+", metavar="TABLE.json")
    merge.add_argument("--out", metavar="FILE.json", required=True)
    lang(merge)
    again = command("report", "a count table in, a folder with results, tables and a page out")
    again.add_argument("table", metavar="TABLE.json")
    again.add_argument("--study", metavar="STUDY.toml", help="refuse a table of another study than this")
    report(again)
    study = command("study", "study init ANSWERS proposes a study file from the columns and labels of a file")
    kinds = study.add_subparsers(dest="study_command", required=True, metavar="init")
    init = kinds.add_parser("init", help="propose a study from a file's columns and labels")
    init.add_argument("answers", metavar="ANSWERS")
    init.add_argument("--out", metavar="STUDY.toml", help="where to write it (default: to the screen)")
    lang(init)
    codebook = command("codebook", "the study in words: what each column and code means")
    codebook.add_argument("--study", metavar="STUDY.toml")
    lang(codebook)
    script = command("script", "an R script that makes a table anew, for whoever doubts it")
    answers(script)
    method(script)
    lang(script)
    script.add_argument("--table", choices=("groups", "gaps", "subgroups", "distributions"), default="gaps")


def _gap(chosen: argparse.Namespace) -> int:
    lang = chosen.lang if chosen.lang != "both" else _terminal_language()
    try:
        # Loads numpy and scipy, so not before a command is really run.
        from medspil.gap import GapRefusal, NotWritten, commands

        try:
            return commands.do(chosen, lang, _progress() if sys.stderr.isatty() else None)
        except NotWritten as refusal:
            print(f"medspil: {refusal.say(lang)}", file=sys.stderr)
            return 1
        except GapRefusal as refusal:
            print(f"medspil: {refusal.say(lang)}", file=sys.stderr)
            return 2
    except KeyboardInterrupt:
        stopped = {"da": "Afbrudt. Intet er skrevet.", "en": "Interrupted. Nothing was written."}
        print(f"medspil: {stopped[lang]}", file=sys.stderr)
        return 130


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
