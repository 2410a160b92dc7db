"""A meeting for somebody's own calendar: when and where, and nothing of what it is about (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from .models import Meeting


def _escaped(words: str) -> str:
    words = " ".join(words.split())
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """No line over 75 octets; what goes on begins with a space, and no letter is cut."""
    parts, part, room = [], "", 75
    for letter in line:
        if len(part.encode()) + len(letter.encode()) > room:
            parts.append(part)
            part, room = "", 74
        part += letter
    return "\r\n ".join([*parts, part])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _event(meeting: Meeting, *, title: str, place: str, now: datetime) -> list[str]:
    name = salted_hmac("medspil.plans.calendar", str(meeting.pk), algorithm="sha256").hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{name}@medspil",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        "END:VEVENT",
    ]


def _calendar(events: list[str]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Medspil//DA", "METHOD:PUBLISH", *events]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def file(meeting: Meeting, *, title: str, place: str, now: datetime) -> str:
    """The same meeting has the same name each time, so that a calendar moves it and does not add it again."""
    return _calendar(_event(meeting, title=title, place=place, now=now))


def feed(meetings: Iterable[Meeting], *, title: str, now: datetime) -> str:
    """When somebody meets, and nothing else: neither with whom, nor where, nor about what."""
    return _calendar([line for m in meetings for line in _event(m, title=title, place="", now=now)])
