"""The sentences on screen: found in the code, matched with the parts in locale/en/parts, compiled.

Danish is what stands in the code; each room keeps its English in a part of its own. Needs the environment.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "medspil"
LOCALE = PACKAGE / "locale"
METADATA = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")

# What a sentence is known by: its context (or None) and its Danish, in the singular.
Key = tuple[str | None, str]


@dataclass
class Sentence:
    """A Danish sentence in the code, and where it stands."""

    danish: str
    context: str | None = None
    plural: str | None = None
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.context, self.danish


def _python(source: str) -> Iterator[tuple[int, str, object, list[str]]]:
    from babel.messages.extract import extract_python

    yield from extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})


def _template(source: str) -> Iterator[tuple[int, str, object, list[str]]]:
    from django.utils.translation.template import templatize

    # Django turns the template into lines with calls in them; in brackets their indentation means nothing.
    for line, function, message, comments in _python(f"(\n{templatize(source)}\n)"):
        yield line - 1, function, message, comments


def sentences(package: Path = PACKAGE) -> dict[Key, Sentence]:
    """Every sentence in the code and the templates that wants a translation."""
    found: dict[Key, Sentence] = {}
    for path in sorted(package.rglob("*")):
        relative = path.relative_to(package)
        if {"migrations", "static", "locale"}.intersection(relative.parts):
            continue
        if path.suffix == ".py":
            read = _python
        elif path.suffix in {".html", ".txt", ".svg"} and "templates" in relative.parts:
            read = _template
        else:
            continue
        try:
            for line, function, message, _ in read(path.read_text()):
                sentence = _sentence(function, message)
                if sentence is None:
                    continue
                known = found.setdefault(sentence.key, sentence)
                known.plural = known.plural or sentence.plural
                known.places.append(f"{relative}:{line}")
        except (SyntaxError, tokenize.TokenError) as error:
            raise SystemExit(f"{relative} cannot be read: {error}") from error
    return found


def _sentence(function: str, message: object) -> Sentence | None:
    spec = KEYWORDS.get(function, 0)
    if spec == 0:
        return None
    texts = list(message) if isinstance(message, (tuple, list)) else [message]
    context = None
    if function.lstrip("n").startswith("pgettext"):
        context = texts.pop(0)
    if not texts or not isinstance(texts[0], str) or not texts[0]:
        return None
    plural = texts[1] if function.startswith("n") and len(texts) > 1 and isinstance(texts[1], str) else None
    return Sentence(texts[0], context, plural)


def parts(language: str = "en", locale: Path = LOCALE) -> list[tuple[Path, polib.POFile]]:
    return [(path, polib.pofile(str(path))) for path in sorted((locale / language / "parts").glob("*.po"))]


def merge(found: list[tuple[Path, polib.POFile]]) -> tuple[polib.POFile, list[str]]:
    """One catalogue of all parts, and what they disagree on."""
    catalogue = polib.POFile()
    catalogue.metadata = dict(METADATA)
    known: dict[Key, tuple[Path, polib.POEntry]] = {}
    faults = []
    for path, part in found:
        for entry in part:
            if entry.obsolete or not entry.translated():
                continue
            key = (entry.msgctxt, entry.msgid)
            if key not in known:
                known[key] = (path, entry)
                catalogue.append(entry)
                continue
            other_path, other = known[key]
            if (other.msgstr, other.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                faults.append(f"{path.name} and {other_path.name} translate »{entry.msgid}« differently.")
            elif entry.msgid_plural and not other.msgid_plural:
                faults.append(f"{other_path.name} lacks the plural of »{entry.msgid}« that {path.name} has.")
    return catalogue, faults


def _marks(text: str) -> list[str]:
    return sorted(match.group(0) for match in PLACEHOLDER.finditer(text))


def faults(wanted: dict[Key, Sentence], found: list[tuple[Path, polib.POFile]]) -> list[str]:
    """What is missing, stale or wrong in the parts, a sentence each."""
    said = []
    have: dict[Key, polib.POEntry] = {}
    for path, part in found:
        for entry in part:
            key = (entry.msgctxt, entry.msgid)
            if entry.obsolete:
                said.append(f"{path.name}: »{entry.msgid}« is marked obsolete; take it out.")
                continue
            if entry.fuzzy:
                said.append(f"{path.name}: »{entry.msgid}« is marked fuzzy; make it sure.")
            if key not in wanted:
                said.append(f"{path.name}: »{entry.msgid}« is no longer said anywhere; take it out.")
                continue
            if not entry.translated():
                continue
            have[key] = entry
            sentence = wanted[key]
            if entry.msgid_plural:
                pairs = [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
                # »one« may leave the number out, so only what both forms name is compared.
                missing = [
                    mark
                    for danish, english in pairs[1:]
                    for mark in set(_marks(danish)) ^ set(_marks(english))
                ]
                if missing:
                    said.append(
                        f"{path.name}: »{entry.msgid_plural}« and its English differ in {', '.join(missing)}."
                    )
                if sentence.plural and sentence.plural != entry.msgid_plural:
                    said.append(
                        f"{path.name}: the plural of »{entry.msgid}« is »{sentence.plural}« in the code."
                    )
            else:
                if set(_marks(entry.msgid)) != set(_marks(entry.msgstr)):
                    said.append(f"{path.name}: »{entry.msgid}« and its English differ in what is filled in.")
                if sorted(TAG.findall(entry.msgid)) != sorted(TAG.findall(entry.msgstr)):
                    said.append(f"{path.name}: »{entry.msgid}« and its English differ in their tags.")
    for key, sentence in wanted.items():
        if key not in have:
            said.append(f"{sentence.places[0]}: »{sentence.danish}« has no English.")
        elif sentence.plural and not have[key].msgid_plural:
            said.append(f"{sentence.places[0]}: »{sentence.danish}« has no English plural.")
    return said


def compile_all(language: str = "en") -> Path:
    """Writes django.mo of all parts at once, so that a running site never reads half of it."""
    catalogue, disagreements = merge(parts(language))
    for disagreement in disagreements:
        print(disagreement)
    target = LOCALE / language / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    catalogue.save_as_mofile(str(new))
    new.replace(target)
    return target


def draft(wanted: dict[Key, Sentence], found: list[tuple[Path, polib.POFile]], where: str) -> str:
    """Entries to fill in: sentences without English in files whose path begins with `where`."""
    have = {(entry.msgctxt, entry.msgid) for _, part in found for entry in part if entry.translated()}
    file = polib.POFile()
    for key, sentence in wanted.items():
        places = [place for place in sentence.places if place.startswith(where)]
        if key in have or not places:
            continue
        plural = {"msgid_plural": sentence.plural, "msgstr_plural": {0: "", 1: ""}} if sentence.plural else {}
        entry = polib.POEntry(msgctxt=sentence.context, msgid=sentence.danish, **plural)
        entry.occurrences = [tuple(place.rsplit(":", 1)) for place in places]
        file.append(entry)
    return "\n".join(str(entry) for entry in file)


def main(arguments: list[str]) -> int:
    compile_all()
    if "--compile" in arguments:
        return 0
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    wanted, found = sentences(), parts()
    if "--draft" in arguments:
        print(draft(wanted, found, arguments[arguments.index("--draft") + 1]))
        return 0
    said = merge(found)[1] + faults(wanted, found)
    if "--missing" in arguments or "--check" in arguments:
        for line in said:
            print(line)
    missing = sum(line.endswith(("has no English.", "has no English plural.")) for line in said)
    stale = len(said) - missing
    print(f"{len(wanted)} sentences, {missing} without English, {stale} stale or at odds.")
    return 1 if said and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
