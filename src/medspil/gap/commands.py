"""What `medspil gap` does, one function a command. The command line itself is in `medspil.cli`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from medspil.gap import counting, ingest, proposing, reading, report, results, scripts
from medspil.gap.counting import CountTable
from medspil.gap.page import constructed_note, reference_for
from medspil.gap.refusals import GapRefusal, NotWritten, Unreadable
from medspil.gap.sentences import sentences
from medspil.gap.study import Study, load_study, vive2021

Show = Callable[[float], None] | None


def do(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    """Runs one command. Raises GapRefusal where the input cannot be used, NotWritten where nothing was written."""
    doing = {
        "run": _run,
        "check": _check,
        "count": _count,
        "ingest": _ingest,
        "merge": _merge,
        "report": _report,
        "study": _study_init,
        "codebook": _codebook,
        "script": _script,
    }
    return doing[chosen.command](chosen, lang, show)


def _study(chosen: argparse.Namespace) -> Study:
    return load_study(chosen.study) if chosen.study else vive2021()


def _read(
    chosen: argparse.Namespace, study: Study, show: Show, problems: list[GapRefusal] | None = None
) -> CountTable:
    try:
        return reading.read(
            chosen.answers,
            study,
            constructed=getattr(chosen, "constructed", False),
            progress=show,
            problems=problems,
            engine=getattr(chosen, "engine", None) or "",
            query=getattr(chosen, "query", ""),
        )
    finally:
        _clear(show)


def _clear(show: Show) -> None:
    """Takes the progress off the terminal's line."""
    if show is not None:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()


def _run(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    table = _read(chosen, _study(chosen), show)
    if unanswered := list(_too_few(table, chosen)):
        raise unanswered[0]
    return _write(table, chosen, lang)


def _too_few(table: CountTable, chosen: argparse.Namespace) -> Iterator[Unreadable]:
    """Items that cannot be studied: answered by nobody, or once. A part of a study that is counted may hold such."""
    source = chosen.answers[0]
    for at, item in enumerate(table.study.items):
        answers = int(table.n[:, at, : len(item.points)].sum())
        if not table.respondents_in(item.asked or table.study.groups):
            continue
        if answers == 0:
            yield Unreadable(
                source,
                column=item.column or item.name,
                da="Ingen har svaret. Er det den rigtige kolonne? Tag ellers spørgsmålet ud af undersøgelsen.",
                en="Nobody answered. Is it the right column? Otherwise take the question out of the study.",
            )
        elif answers == 1:
            yield Unreadable(
                source,
                column=item.column or item.name,
                da="Der er kun ét svar, og det siger ikke noget. Tag spørgsmålet ud af undersøgelsen.",
                en="There is one answer only, and it tells nothing. Take the question out of the study.",
            )


def _report(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    study = load_study(chosen.study) if chosen.study else None
    return _write(read_table(chosen.table, study=study), chosen, lang)


def _write(table: CountTable, chosen: argparse.Namespace, lang: str) -> int:
    found = results.analyse(table, method=chosen.method, how=chosen.adjust)
    if chosen.publish is not None:
        from medspil.gap import release

        published = release.make(
            found, few=chosen.publish, interval=chosen.interval, previous=chosen.previous
        )
        found = published.results
        files = report.release_files(published, lang=chosen.lang, place=chosen.place, tables=chosen.tables)
    else:
        files = report.report_files(table, found, lang=chosen.lang, place=chosen.place, tables=chosen.tables)
    report.write_folder(chosen.out, files)
    for warning in found.warnings:
        print(f"medspil: {warning[lang]}", file=sys.stderr)
    said = sentences(found, reference=reference_for(found), lang=lang, place=chosen.place)
    print("\n".join(filter(None, [said.headline, said.numbers, constructed_note(found.source, lang)])))
    print(os.path.join(chosen.out, "report.html"))
    return 0


def _check(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    problems: list[GapRefusal] = []
    table = _read(chosen, _study(chosen), show, problems)
    if not problems:
        problems.extend(_too_few(table, chosen))
    for problem in problems[:50]:
        print(problem.say(lang), file=sys.stderr)
    if len(problems) > 50:
        more = {"da": f"… og {len(problems) - 50} til.", "en": f"… and {len(problems) - 50} more."}
        print(more[lang], file=sys.stderr)
    if problems:
        return 2
    found = results.analyse(table)
    for warning in found.warnings:
        print(warning[lang])
    for item, where, why in found.unanswered_questions():
        print(f"{item}, {where}: {results_why(why, lang)}.")
    for group, n in found.respondents.items():
        print(f"{found.study.group_name(group, lang)}: {n}")
    return 0


def results_why(why: str, lang: str) -> str:
    from medspil.gap.words import text

    return text(f"why_{why}", lang)


def _count(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    write_table(chosen.out, _read(chosen, _study(chosen), show))
    print(chosen.out)
    return 0


def _ingest(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    try:
        table = ingest.ingest(
            chosen.answers, _study(chosen), chosen.out, constructed=chosen.constructed, progress=show
        )
    finally:
        _clear(show)
    for group, n in results.analyse(table).respondents.items():
        print(f"{table.study.group_name(group, lang)}: {n}")
    print(chosen.out)
    return 0


def _merge(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    write_table(chosen.out, counting.merge([read_table(path) for path in chosen.tables_in]))
    print(chosen.out)
    return 0


def write_table(path: str | Path, table: CountTable) -> None:
    """Writes a count table as JSON, whole or not at all. Raises NotWritten."""
    with ingest.replaced(Path(path)) as beside, beside.open("w", encoding="utf-8") as file:
        json.dump(counting.to_archive(table), file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def read_table(path: str | Path, *, study: Study | None = None) -> CountTable:
    """Reads a count table that `write_table` wrote. Raises GapRefusal, as where it is of another `study`."""
    path = Path(path)
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(
            path,
            da=f"filen kan ikke åbnes ({error.strerror}).",
            en=f"the file cannot be opened ({error.strerror}).",
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            path,
            da="det er ikke en hel tælletabel fra medspil gap count.",
            en="this is not a whole count table from medspil gap count.",
        ) from error
    return counting.from_archive(found, path.name, study=study)


def _study_init(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    proposed = proposing.propose_study(Path(chosen.answers))
    if not chosen.out:
        print(proposed, end="")
        return 0
    if os.path.exists(chosen.out):
        raise NotWritten(
            da=f"{chosen.out} findes allerede og røres ikke.",
            en=f"{chosen.out} is there already and is left alone.",
        )
    try:
        Path(chosen.out).write_text(proposed, encoding="utf-8")
    except OSError as error:
        raise NotWritten(
            da=f"{chosen.out} kan ikke skrives ({error.strerror}).",
            en=f"{chosen.out} cannot be written ({error.strerror}).",
        ) from error
    print(chosen.out)
    return 0


def _codebook(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    print(scripts.codebook(_study(chosen), lang), end="")
    return 0


def _script(chosen: argparse.Namespace, lang: str, show: Show) -> int:
    study = _study(chosen)
    method = results.choose_method(study, chosen.method)
    if method in ("design", "cr2"):
        paths, how = [Path(p) for p in chosen.answers], chosen.adjust or study.adjust
        print(scripts.design_script(study, paths, method, chosen.table, how), end="")
    else:
        print(
            scripts.count_script(
                _read(chosen, study, show), chosen.table, method, chosen.adjust or study.adjust
            ),
            end="",
        )
    return 0
