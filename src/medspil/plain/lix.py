"""LIX, the Danish readability index (Björnsson): words per sentence plus the share of long words.

LIX = words / sentences + 100 * long words / words, where a long word has more than six letters and a sentence ends at
a full stop, colon, question or exclamation mark, semicolon, or where its text ends. Up to 24 is very easy, 25 to 34
easy, 35 to 44 medium. It says something about running text only, not about headings, lists or quotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_END = re.compile(r"[.:;?!]+(?=\s|$|[»«”\"’)])")
# A full stop in these ends no sentence.
_SHORT = re.compile(
    r"\b(?:bl\.a|f\.eks|fx|jf|stk|nr|kl|ca|dvs|evt|mv|m\.m|osv|pga|tlf|kr|pkt|hr|fr|dr|pct|mio|e\.g|i\.e|Mr|Mrs|St"
    r"|d(?=\.\s+\d))\.",
    re.IGNORECASE,
)
# »26. november«, »§ 83, stk. 2.« in the middle of a sentence: the stop belongs to the number.
_ORDINAL = re.compile(r"(\d)\.(?=\s+[a-zæøå])")


@dataclass(frozen=True)
class Lix:
    """What the index is made of; `value` is 0 for a text without words."""

    words: int
    long_words: int
    sentences: int

    @property
    def value(self) -> float:
        if not self.words:
            return 0.0
        return self.words / self.sentences + 100 * self.long_words / self.words


def lix(text: str) -> Lix:
    """The index of a running text.

    >>> lix("Karen ringer i dag. Du skal ikke gøre noget.")
    Lix(words=9, long_words=0, sentences=2)
    >>> round(lix("Sagsbehandlingstiden er desværre forlænget.").value, 1)   # 4 words, 3 long, 1 sentence
    79.0
    >>> lix("Vi ses d. 26. november kl. 10.").sentences
    1
    >>> lix("Vi talte om din hund. Den hedder Bob.").sentences
    2
    """
    plain = _ORDINAL.sub(r"\1", _SHORT.sub(lambda m: m[0].replace(".", ""), text))
    words = _WORD.findall(plain)
    sentences = len(_END.findall(plain))
    if plain.strip() and not re.search(r"[.:;?!][»«”\"’)]*\s*$", plain.strip()):
        sentences += 1
    return Lix(len(words), sum(len(w) > 6 for w in words), max(1, sentences) if words else 0)
