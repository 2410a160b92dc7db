"""The gap: how differently citizens, caseworkers and leaders see the same thing, and how sure that is."""

from collections.abc import Sequence
from pathlib import Path

from medspil.gap.counting import CountTable, Source, count, merge
from medspil.gap.effects import Adjust
from medspil.gap.figure import (
    dumbbell_svg,
    figure_css,
    figure_note,
    figure_table,
    legend_html,
    mark_svg,
    shown_items,
)
from medspil.gap.page import constructed_note, page, reference_for
from medspil.gap.reading import Progress, read
from medspil.gap.reference import (
    RESERVATION_2015,
    Reference,
    divided_by_3_33,
    reference2015,
    reference2021,
    times_0_3,
)
from medspil.gap.refusals import GapRefusal, NotWritten, Unreadable
from medspil.gap.release import publishable
from medspil.gap.report import report_files, write_folder
from medspil.gap.results import Results, analyse
from medspil.gap.schema import results_schema
from medspil.gap.sentences import Sentences, gap_sentence, sentences
from medspil.gap.statistics import Method
from medspil.gap.study import Study, constructed_answers, load_study, printed2021, study_from, vive2021


def run(
    answers: str | Path | Sequence[str | Path] | CountTable,
    *,
    study: Study | None = None,
    method: Method | None = None,
    how: Adjust | None = None,
    progress: Progress | None = None,
) -> Results:
    """Results of files or of a count table, by the instrument of 2021 unless another study is given.

    >>> from medspil import gap
    >>> results = gap.run(gap.constructed_answers())
    >>> round(results.gap("influence", "leader", "citizen").difference.gap, 1)
    1.1
    """
    if isinstance(answers, CountTable):
        return analyse(answers, method=method, how=how)
    return analyse(read(answers, study or vive2021(), progress=progress), method=method, how=how)


def write_report(
    folder: str | Path, table: CountTable, results: Results, *, lang: str = "both", place: str = ""
) -> None:
    """Writes results.json, the tables and the page to `folder`, whole or not at all. Raises NotWritten."""
    write_folder(folder, report_files(table, results, lang=lang, place=place))


__all__ = [
    "RESERVATION_2015",
    "CountTable",
    "GapRefusal",
    "Method",
    "NotWritten",
    "Reference",
    "Results",
    "Sentences",
    "Source",
    "Study",
    "Unreadable",
    "analyse",
    "constructed_answers",
    "constructed_note",
    "count",
    "divided_by_3_33",
    "dumbbell_svg",
    "figure_css",
    "figure_note",
    "figure_table",
    "gap_sentence",
    "legend_html",
    "load_study",
    "mark_svg",
    "merge",
    "page",
    "printed2021",
    "publishable",
    "read",
    "reference2015",
    "reference2021",
    "reference_for",
    "results_schema",
    "run",
    "sentences",
    "shown_items",
    "study_from",
    "times_0_3",
    "vive2021",
    "write_report",
]
