"""From counts to the gap room's table, by its own door: as many answers of each kind as were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Answer = int | None


def respondents(
    *, who: Mapping[str, object], many: int, answers: Mapping[str, Sequence[tuple[Answer, int]]]
) -> Iterator[dict[str, object]]:
    """`many` mappings that hold, item by item, as many of each answer as `answers` says; None is left out.

    They stand for no person: which answers of different questions fall together means nothing, and nothing that is
    counted here depends on it.
    """
    columns = {item: [score for score, n in counted for _ in range(n)] for item, counted in answers.items()}
    for i in range(many):
        yield {**who, **{item: column[i] if i < len(column) else None for item, column in columns.items()}}
