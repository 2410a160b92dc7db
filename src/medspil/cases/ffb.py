"""The shared professional concepts (FFB) by which the authority orders help; nothing of a citizen's plan names them.

Their names are Danish terms of their owner's and stand untranslated. Used in step 3 alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

SOURCE = Path(__file__).parent / "data" / "ffb.txt"


@dataclass(frozen=True)
class Concept:
    """One concept, with the names above it from the outermost in."""

    code: UUID
    name: str
    above: tuple[str, ...]


@cache
def concepts() -> dict[UUID, Concept]:
    """Every concept by its code, in the order of the source."""
    found: dict[UUID, Concept] = {}
    above: list[str] = []
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _tab, code = line.partition("\t")
        depth = (len(name) - len(name.lstrip(" "))) // 2
        del above[depth:]
        concept = Concept(UUID(code), name.strip(), tuple(above))
        above.append(concept.name)
        found[concept.code] = concept
    return found


def _under(*path: str) -> Iterator[Concept]:
    return (one for one in concepts().values() if one.above[: len(path)] == path)


def _leaves(*path: str) -> list[Concept]:
    inner = {(*one.above, one.name) for one in concepts().values()}
    parents = {path_[:n] for path_ in inner for n in range(1, len(path_))}
    return [one for one in _under(*path) if (*one.above, one.name) not in parents]


def target_groups() -> list[Concept]:
    return _leaves("Social indsats", "Målgruppe")


def categories() -> list[Concept]:
    """Kinds of help: services and offers, on every level at which one may be granted."""
    return [*_under("Social indsats", "Ydelse"), *_under("Social indsats", "Tilbud")]


def aims() -> list[Concept]:
    return list(_under("Måltype"))


def themes() -> dict[str, Concept]:
    """The themes of a life by their name: what stands right under a group of conditions."""
    return {one.name: one for one in _under("FFB tilstande") if len(one.above) == 2}


def name_of(code: UUID) -> str:
    found = concepts().get(code)
    return found.name if found else str(code)
