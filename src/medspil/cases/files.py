"""Files in a case: bytes and row come together or not at all, and whoever may read the words may open the file.

The bytes are written first, whole and under a name nobody has heard of, then the row. What is left when a transaction
does not end well is a file that no row knows; `sweep` takes it away a day later.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from medspil.base import clock
from medspil.base.refusals import NotYours

from .actions import NotYourVoice
from .door import OpenCase
from .kinds import Checked
from .models import File, Thread, Voice

ORPHANED = timedelta(days=1)
"""What a row may still be on its way for; nothing waits so long."""


def path_of(key: uuid.UUID) -> Path:
    """Where the bytes lie. The name is ours: nothing of what was sent is in it."""
    return Path(settings.FILES) / key.hex[:2] / key.hex


def _write(key: uuid.UUID, data: bytes) -> Path:
    """The bytes on the disk, whole, before anybody is told of them."""
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path


def keep_file(
    *,
    checked: Checked,
    about: str,
    part: str,
    whose: Voice,
    shows: str = "",
    thread: Thread | None = None,
    by: OpenCase,
) -> File:
    """Keep a file that `kinds.check` has looked into, with the thing that `about` names.

    The citizen's own, or brought for them by somebody in the team or acting for them; the team's own by the team alone.
    """
    if by.is_beside or (whose == Voice.PROFESSIONAL and not by.works_here):
        raise NotYourVoice
    thread = thread or by.thread()
    if by.thread_ids is not None and thread.pk not in by.thread_ids:
        raise NotYours
    key = uuid.uuid4()
    path = _write(key, checked.data)
    try:
        with transaction.atomic():
            return File.objects.create(
                case=by.case,
                thread=thread,
                key=key,
                part=part,
                about=about,
                whose=whose,
                name=checked.name,
                shows=" ".join(shows.split())[:300],
                kind=checked.kind,
                media_type=checked.media_type,
                size=len(checked.data),
                sha256=digest(checked),
                width=checked.width,
                height=checked.height,
                brought_for=by.citizen if whose == Voice.CITIZEN else by.person,
                brought_by=by.person,
                at=clock.now(),
            )
    except DatabaseError:
        path.unlink()
        raise


def digest(checked: Checked) -> str:
    return hashlib.sha256(checked.data).hexdigest()


def lies_there(about: str, files: Iterable[Checked], by: OpenCase) -> bool:
    """Whether all of `files` were laid there by this person before."""
    wanted = {digest(one) for one in files}
    if not wanted:
        return True
    kept = File.objects.filter(case=by.case, about=about, brought_by=by.person, sha256__in=wanted)
    return set(kept.values_list("sha256", flat=True)) == wanted


def files_about(opened: OpenCase, abouts: Iterable[str]) -> dict[str, list[File]]:
    """The files of many things at once, by what they belong to, oldest first."""
    found: dict[str, list[File]] = {}
    for file in opened.files().filter(about__in=list(abouts)):
        found.setdefault(file.about, []).append(file)
    return found


def file(opened: OpenCase, key: uuid.UUID) -> File:
    found = opened.files().filter(key=key).first()
    if found is None:
        raise NotYours
    return found


def read(found: File) -> bytes:
    """The bytes, as they were kept."""
    return path_of(found.key).read_bytes()


# --- what whoever runs the site asks ---------------------------------------------------------------------------------


def _on_disk() -> Iterator[Path]:
    yield from (path for path in Path(settings.FILES).glob("??/*") if path.is_file())


def faults() -> Iterator[str]:
    """Rows whose bytes are gone or are other bytes than those that were kept."""
    for found in File.objects.only("key", "sha256").iterator():
        path = path_of(found.key)
        if not path.is_file():
            yield f"{found.key.hex} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != found.sha256:
            yield f"{found.key.hex} is not what was kept"


def sweep(*, dry: bool = False) -> int:
    """Take away bytes that no row has known for a day; answers how many."""
    before = (clock.now() - ORPHANED).timestamp()
    old = [path for path in _on_disk() if path.stat().st_mtime < before]
    known = set(File.objects.values_list("key", flat=True)) if old else set()
    orphans = [path for path in old if path.suffix or uuid.UUID(hex=path.name) not in known]
    if not dry:
        for path in orphans:
            path.unlink(missing_ok=True)
    return len(orphans)
