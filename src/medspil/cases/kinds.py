"""What somebody sends us, seen by what is in it: never by its name, and never kept as it came when it is a picture."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

import pi_heif
import puremagic
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from medspil.base.refusals import Refusal

pi_heif.register_heif_opener(thumbnails=False)

MB = 1024 * 1024


class Kind(models.TextChoices):
    """What a file is to the one who gets it: something to see, to hear or to read."""

    PICTURE = "picture", _("Billede")
    SOUND = "sound", _("Optagelse")
    PAPER = "paper", _("Dokument")


LIMITS = {Kind.PICTURE: 15 * MB, Kind.SOUND: 25 * MB, Kind.PAPER: 10 * MB + MB // 2}
"""What a file may fill. A letter of ten megabytes passes, with a little to spare for how programs count."""
LARGEST = max(LIMITS.values())
LONGEST_SIDE = 2000
"""Pictures are shrunk to so many points: enough for a whole screen and a printed page."""
MOST_POINTS = 80_000_000
MOST_MEMORY = 160 * MB
"""A small file can hold a picture that fills the machine's memory; beyond these we do not unfold it."""
MOST_UNFOLDED = 100 * MB

_SOUNDS = {
    "video/webm": ("audio/webm", "webm"),
    "audio/webm": ("audio/webm", "webm"),
    "application/ogg": ("audio/ogg", "ogg"),
    "audio/ogg": ("audio/ogg", "ogg"),
    "audio/mpeg": ("audio/mpeg", "mp3"),
    "audio/mp4": ("audio/mp4", "m4a"),
    "video/mp4": ("audio/mp4", "m4a"),
    "audio/wave": ("audio/wav", "wav"),
    "audio/x-wav": ("audio/wav", "wav"),
}
_PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heif": "HEIF",
    "image/heic": "HEIF",
}
_ZIPPED = {
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("[Content_Types].xml", "word/document.xml"),
    ),
    "odt": ("application/vnd.oasis.opendocument.text", ("mimetype", "content.xml")),
}
_EXTENSIONS = {
    "jpg": Kind.PICTURE,
    "jpeg": Kind.PICTURE,
    "png": Kind.PICTURE,
    "webp": Kind.PICTURE,
    "heic": Kind.PICTURE,
    "heif": Kind.PICTURE,
    "webm": Kind.SOUND,
    "ogg": Kind.SOUND,
    "oga": Kind.SOUND,
    "opus": Kind.SOUND,
    "mp3": Kind.SOUND,
    "m4a": Kind.SOUND,
    "mp4": Kind.SOUND,
    "wav": Kind.SOUND,
    "pdf": Kind.PAPER,
    "docx": Kind.PAPER,
    "odt": Kind.PAPER,
    "txt": Kind.PAPER,
}
ACCEPTED = {
    kind: ",".join(f".{ending}" for ending, its in _EXTENSIONS.items() if its == kind) for kind in Kind
}
"""For the `accept` of a form's field, by kind."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class CannotKeep(Refusal):
    """The file is not one we can keep; the sentence says which and why."""

    field = "file"


@dataclass(frozen=True)
class Checked:
    """A file as it will be kept: looked into, and a picture drawn anew without what the camera wrote beside it."""

    name: str
    kind: Kind
    media_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


def tidy(name: str) -> str:
    """A file's name as words alone: no folders, nothing invisible, at most 120 characters with its ending."""
    name = _UNSEEN.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip().lstrip(".").strip()
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: 119 - len(ending)]}.{ending}"
    return name[:120]


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _size(size: int) -> str:
    return f"{max(1, round(size / MB))} MB"


def check(stream: IO[bytes], *, name: str, size: int, only: Kind | None = None) -> Checked:
    """What is in `stream`, to be kept; reads no more than may be kept. Raises CannotKeep with a sentence."""
    name = tidy(name) or gettext("fil")
    told = {"name": name if len(name) <= 40 else name[:39] + "…"}
    stream.seek(0)
    head = stream.read(64 * 1024)
    if not head:
        raise CannotKeep(gettext("Filen »%(name)s« er tom. Prøv at vælge den igen.") % told)
    kind, media_type, ending = _recognise(head, _ending(name), told, only)
    said = _EXTENSIONS.get(_ending(name))
    if (said is not None and said != kind) or (only is not None and only != kind):
        raise CannotKeep((_not_the_one_wanted(only) or _not_what_it_says(kind)) % told)
    if size > LIMITS[kind]:
        raise CannotKeep(
            _too_large(kind) % {**told, "size": _size(size), "limit": _size(LIMITS[kind] // MB * MB)}
        )
    data = head + stream.read(LIMITS[kind] - len(head) + 1)
    if len(data) < size:
        raise CannotKeep(gettext("Kun noget af »%(name)s« nåede frem. Prøv at sende den igen.") % told)
    if kind == Kind.PICTURE:
        return _picture(data, name, told, _PICTURES[media_type])
    if kind == Kind.PAPER:
        data = _paper(data, media_type, told)
    return Checked(_with_ending(name, ending), kind, media_type, data)


def _not_the_one_wanted(only: Kind | None) -> str:
    """What to choose in a field that takes pictures alone, or recordings alone; nothing to say for any other."""
    if only == Kind.PICTURE:
        return gettext(
            "»%(name)s« er ikke et billede, vi kan vise. Vælg et billede (JPG, PNG, WEBP eller HEIC)."
        )
    if only == Kind.SOUND:
        return gettext(
            "»%(name)s« er ikke en optagelse, vi kan spille. Vælg en lydfil (MP3, M4A, OGG, WEBM eller WAV)."
        )
    return ""


def _not_what_it_says(kind: Kind) -> str:
    return {
        Kind.PICTURE: gettext(
            "»%(name)s« er et billede, men hedder noget andet. Giv den det rigtige navn, og prøv igen."
        ),
        Kind.SOUND: gettext(
            "»%(name)s« er lyd, men hedder noget andet. Giv den det rigtige navn, og prøv igen."
        ),
        Kind.PAPER: gettext(
            "»%(name)s« er et dokument, men hedder noget andet. Giv den det rigtige navn, og prøv igen."
        ),
    }[kind]


def _too_large(kind: Kind) -> str:
    return {
        Kind.PICTURE: gettext(
            "Billedet »%(name)s« fylder %(size)s. Der er plads til %(limit)s. Gør det mindre, eller tag et nyt."
        ),
        Kind.SOUND: gettext(
            "Optagelsen »%(name)s« fylder %(size)s. Der er plads til %(limit)s. Del den i to."
        ),
        Kind.PAPER: gettext("»%(name)s« fylder %(size)s. Der er plads til %(limit)s. Del den i to."),
    }[kind]


def _recognise(head: bytes, ending: str, told: dict[str, str], only: Kind | None) -> tuple[Kind, str, str]:
    """Kind, media type and the ending that goes with it."""
    if head.startswith(b"PK\x03\x04"):
        if ending in _ZIPPED:
            return Kind.PAPER, _ZIPPED[ending][0], ending
    elif head.startswith(b"%PDF-"):
        return Kind.PAPER, "application/pdf", "pdf"
    else:
        try:
            guesses = [guess.mime_type for guess in puremagic.magic_string(head)]
        except (puremagic.PureError, ValueError):
            guesses = []
        for guess in guesses:
            if guess in _PICTURES:
                return Kind.PICTURE, guess, ""
            if guess in _SOUNDS:
                return Kind.SOUND, *_SOUNDS[guess]
        if ending == "txt" and b"\x00" not in head:
            return Kind.PAPER, "text/plain", "txt"
    wanted = _not_the_one_wanted(only) or gettext(
        "Vi kan ikke åbne »%(name)s«. Send et billede, en optagelse eller et dokument (PDF, Word, ODT eller TXT)."
    )
    raise CannotKeep(wanted % told)


def _with_ending(name: str, ending: str) -> str:
    return name if _EXTENSIONS.get(_ending(name)) else tidy(f"{name}.{ending}")


def _broken(told: dict[str, str]) -> CannotKeep:
    return CannotKeep(
        gettext("»%(name)s« er gået i stykker på vejen. Prøv at sende den igen, eller gem den på ny.") % told
    )


def _picture(data: bytes, name: str, told: dict[str, str], form: str) -> Checked:
    """Drawn anew: upright, no larger than a screen needs, and without place, time and camera."""
    many = CannotKeep(
        gettext("Billedet »%(name)s« har for mange punkter til, at vi kan vise det. Gør det mindre.") % told
    )
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as found:
            if found.width * found.height > MOST_POINTS or _memory(found) > MOST_MEMORY:
                raise many
            found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = ImageOps.exif_transpose(found)
    except Image.DecompressionBombError as error:
        raise many from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise _broken(told) from error
    clear = drawn.has_transparency_data
    drawn = drawn.convert("RGBA" if clear else "RGB")
    out = io.BytesIO()
    colours = {"icc_profile": profile} if (profile := found.info.get("icc_profile")) else {}
    if clear or form == "PNG":
        drawn.save(out, "PNG", optimize=True, **colours)
        media_type, ending = "image/png", "png"
    else:
        drawn.save(out, "JPEG", quality=85, **colours)
        media_type, ending = "image/jpeg", "jpg"
    stem = name.rpartition(".")[0] or name
    kept = tidy(f"{stem}.{ending}")
    return Checked(kept, Kind.PICTURE, media_type, out.getvalue(), drawn.width, drawn.height)


def _memory(found: Image.Image) -> int:
    """Bytes that unfolding and shrinking a picture takes: a JPEG is shrunk as it is read, and what is partly clear is
    copied whole."""
    if found.format == "JPEG":
        return 0
    return found.width * found.height * (8 if found.has_transparency_data else 3)


def _paper(data: bytes, media_type: str, told: dict[str, str]) -> bytes:
    if media_type == "application/pdf":
        if b"%%EOF" not in data[-2048:]:
            raise _broken(told)
        return data
    if media_type == "text/plain":
        for letters in ("utf-8-sig", "cp1252"):
            try:
                return data.decode(letters).encode()
            except UnicodeDecodeError:
                continue
        raise _broken(told)
    needed = next(parts for known, parts in _ZIPPED.values() if known == media_type)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = {one.filename: one for one in packed.infolist()}
            # The list stands last in the file, so a letter that broke off has none.
            whole = all(part in inside for part in needed)
            if sum(one.file_size for one in inside.values()) > MOST_UNFOLDED:
                whole = False
            if any(part.lower().endswith("vbaproject.bin") for part in inside):
                raise CannotKeep(
                    gettext(
                        "»%(name)s« indeholder et lille program (makro). Gem den uden makroer, og send den igen."
                    )
                    % told
                )
    except (zipfile.BadZipFile, ValueError, struct.error) as error:
        raise _broken(told) from error
    if not whole:
        raise _broken(told)
    return data
