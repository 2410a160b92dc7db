"""Finding by plain words: what somebody types, held against the words that stand.

Danish first: »kørsel«, »koersel« and »korsel« find the same, »svømning« finds »svømmehal« by its beginning and »bad«
finds »svømmebad« by its end, one slip of the finger is forgiven in a short word and two in a long one. Words that mean
the same come as groups from outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
_ENDINGS = ("ernes", "erne", "enes", "ene", "ens", "ets", "ers", "en", "et", "er", "es", "e", "s")
STEM_LEAST = 3
_ASKED_WITH = """
og eller i på til med af fra for om at en et den det de der som er kan vil gerne jeg mig min mit mine du dig din
vi os noget nogen hvor hvad hvem når så ikke have har få finde hjælp
and or in on to with of from about a an the that is can would like me my you your we us some help find
"""
"""What is asked with, and not asked for; unless nothing else was typed."""


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One way of writing a word: small letters, æ ø å as ae oe aa, other letters without their accents."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    # Composed first, so that an å typed as a and a ring is an å.
    return [fold(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without the ending that only says which or how many, and not doubled at its end."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LEAST:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > STEM_LEAST and word[-1] == word[-2] else word


def slips(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or exchanged with their neighbour; `most + 1` for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def likeness(typed: str, word: str) -> float:
    """How well a typed word and one that stands go together, both folded: from 1.0, the same, to 0.0, not at all."""
    if typed == word:
        return 1.0
    short, there = stem(typed), stem(word)
    if short == there:
        return 0.9
    if len(typed) >= 3 and word.startswith(typed):
        return 0.8
    if _is_part(short, word, there) or _is_part(there, typed, short):
        return 0.7
    # Few slip at the first letter, and »sang« is not »gang«.
    most = 0 if typed[:1] != word[:1] else 2 if len(typed) >= 8 else 1 if len(typed) >= 4 else 0
    if most and len(word) >= 4 and (off := slips(short, there, most)) <= most:
        return 0.6 if off == 1 else 0.5
    return 0.0


def _is_part(part: str, whole: str, whole_stem: str) -> bool:
    """»bad« of »svømmebad«, »lektie« of »lektiehjælp«: what is left over is a word as well."""
    if len(whole) - len(part) < STEM_LEAST or len(part) < STEM_LEAST:
        return False
    return (len(part) >= 4 and whole.startswith(part)) or whole.endswith(part) or whole_stem.endswith(part)


def groups(text: str) -> list[frozenset[str]]:
    """Words that mean the same, a group a line: »kørsel, bus, flextur«. A line of one word is no group."""
    found = (frozenset(words(line.partition("#")[0])) for line in text.splitlines())
    return [group for group in found if len(group) > 1]


_EMPTY = frozenset(words(_ASKED_WITH))


def _meaning_same(typed: str, same: Iterable[frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    for group in same:
        if any(likeness(typed, word) >= 0.9 for word in group):
            found |= group
    return frozenset(found - {typed})


SAME_MEANING = 0.75
"""A word that means the same counts for a little less than the word itself."""
ENOUGH = 0.5


@dataclass
class Index:
    """Things by their words: {key: [(text, weight)]}. A text of weight 3 counts three times one of weight 1."""

    things: Mapping[int, Sequence[tuple[str, float]]]
    _by_word: dict[str, dict[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, texts in self.things.items():
            for text, weight in texts:
                for word in words(text):
                    here = self._by_word.setdefault(word, {})
                    here[key] = max(here.get(key, 0.0), weight)

    def find(self, text: str, same: Sequence[frozenset[str]] = ()) -> tuple[list[int], bool]:
        """The keys, best first, and whether they have every word that was typed.

        Where nothing has every word, those that have some come, those with most words first. Nothing typed: nothing.
        """
        typed = list(dict.fromkeys(words(text)))
        asked = [word for word in typed if word not in _EMPTY] or typed
        found: list[dict[int, float]] = [self._of(word, _meaning_same(word, same)) for word in asked]
        if not found:
            return [], True
        hits = {key for scores in found for key in scores}
        have = {key: sum(key in scores for scores in found) for key in hits}
        worth = {key: sum(scores.get(key, 0.0) for scores in found) for key in hits}
        whole = [key for key in hits if have[key] == len(asked)]
        ranked = sorted(whole or hits, key=lambda key: (-have[key], -worth[key], key))
        return ranked, bool(whole) or not hits

    def _of(self, typed: str, same: frozenset[str]) -> dict[int, float]:
        out: dict[int, float] = {}
        for word, keys in self._by_word.items():
            like = likeness(typed, word)
            for other in same:
                like = max(
                    like, SAME_MEANING * likeness(other, word) if likeness(other, word) >= 0.7 else 0.0
                )
            if like >= ENOUGH:
                for key, weight in keys.items():
                    out[key] = max(out.get(key, 0.0), like * weight)
        return out
