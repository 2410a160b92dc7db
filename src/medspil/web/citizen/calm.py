"""The first page in calm view: a card each, and few of them. What is lawful or owed is never left out for calm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.cases.promises import OPEN_STATES, Seen
from medspil.rhythm.next import WhatNow
from medspil.web import show

from . import meetings, promises
from .opening import address


def cards(
    opened: OpenCase,
    what: WhatNow,
    rows: list[Seen],
    *,
    now: dict[str, Any],
    told: Sequence[dict[str, Any] | None],
    asked: Sequence[dict[str, Any]],
    stands: dict[str, Any] | None,
    gone: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Now, meeting, not kept, what is new, what the citizen must know, one question at a time, mine, what we see
    differently, what we wait for. With nothing today, what was not kept is first."""
    broken = _broken_card(what.broken, opened) if what.broken else None
    first = broken if broken and now["broken_first"] else _now_card(now, what)
    own = next((row for row in promises.columns(rows)[1].rows if row.state in OPEN_STATES), None)
    found = [
        first,
        meetings.calm_card(what.meeting, opened, gone) if what.meeting else None,
        broken if broken is not first else None,
        *told,
        _asked_card(asked) if asked else None,
        _coming_card(what.promise, opened) if what.promise and now["broken_first"] else None,
        _own_card(own, opened) if own else None,
        *_standing_cards(stands),
    ]
    return [card for card in found if card]


def new_card(written: show.Action | None) -> dict[str, Any] | None:
    """»Karen har skrevet til dig.«"""
    if not written:
        return None
    read = {**written, "label": gettext("Læs det"), "style": "second"}
    return {"icon": "talk", "kind": gettext("Nyt"), "main": f"{written['label']}.", "actions": [read]}


def told_card(icon: str, main: str, text: str, label: str, url: str) -> dict[str, Any]:
    """Something that happens without the citizen's doing, and where to say what they want with it."""
    return {
        "icon": icon,
        "kind": gettext("Det skal du vide"),
        "main": main,
        "text": text,
        "actions": [{"label": label, "url": url, "style": "second"}],
    }


def _asked_card(asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first of the questions that wait for the citizen; the next comes when it is answered."""
    first, more = asked[0], len(asked) - 1
    after = ngettext("Der er ét spørgsmål mere bagefter.", "Der er %(n)s spørgsmål mere bagefter.", more)
    return {
        "icon": "question",
        "kind": gettext("Vi spørger dig"),
        "main": first["title"],
        "text": f"{first['text']} {after % {'n': more}}" if more else first["text"],
        "actions": [{**first["link"], "style": "second"}],
    }


def _standing_cards(stands: dict[str, Any] | None) -> list[dict[str, Any]]:
    """One for what we see differently and one for what we wait for; the rest is behind the button."""
    cards: list[dict[str, Any]] = []
    if stands and (differ := stands["differ"]):
        more = len(differ) > 1
        cards.append(
            {
                "icon": "opposite",
                "kind": gettext("Her er vi ikke enige"),
                "main": f"{differ[0]['topic'].rstrip('.')}.",
                "lang": "da",
                "text": differ[0]["next"],
                "actions": [
                    {
                        "label": gettext("Se dem alle") if more else gettext("Læs om det"),
                        "url": stands["differ_url"] if more else differ[0]["url"],
                        "style": "second",
                        "about": gettext("Her er vi ikke enige"),
                    }
                ],
            }
        )
    if stands and (found := stands["waiting"]):
        first = found[0]
        said = gettext("Fra %(who)s, %(by)s.") % {"who": first["from_whom"], "by": first["by"]}
        cards.append(
            {
                "icon": "pause",
                "kind": gettext("Det venter vi på"),
                "main": gettext("Der er spurgt, hvad vi venter på.")
                if first["asked"]
                else f"{first['what'].rstrip('.')}.",
                "lang": "" if first["asked"] else "da",
                "text": "" if first["asked"] else said,
                "actions": [
                    {
                        "label": gettext("Se hvorfor"),
                        "url": stands["waiting_url"],
                        "style": "second",
                        "about": gettext("Det venter vi på"),
                    }
                ],
            }
        )
    return cards


def _now_card(now: dict[str, Any], what: WhatNow) -> dict[str, Any]:
    calls = what.promise is not None and what.promise.promise.kind == Promise.Kind.CALL
    card = {
        "icon": "call" if calls else "handshake",
        "kind": gettext("Lige nu"),
        "main": now["sentence"],
        "lead": now["lead"],
        "lang": now["lang"],
    }
    if not now["lines"]:
        return {**card, "text": now["rest"]}
    line = now["lines"][0]
    return {
        **card,
        "state": line["state"],
        "share": line["share"],
        "text": f"{line['lead']} {line['strong']}. {line['rest']}".strip(),
    }


def _broken_card(row: Seen, opened: OpenCase) -> dict[str, Any]:
    drawn = show.promise(row, opened)
    return {
        "icon": "mail" if row.promise.kind == Promise.Kind.LETTER else "hand",
        "kind": gettext("Vi holdt ikke"),
        "main": drawn["what"],
        "lang": drawn["lang"],
        "state": "broken",
        "state_word": f"{drawn['state_word']}.",
        "text": drawn["when_text"],
        "actions": [
            {
                "label": gettext("Spørg hvorfor"),
                "style": "second",
                "url": f"{address(opened, 'case-ask')}?loefte={row.promise.pk}",
            }
        ],
    }


def _coming_card(row: Seen, opened: OpenCase) -> dict[str, Any]:
    drawn = show.promise(row, opened)
    return {
        "icon": "handshake",
        "kind": gettext("Vi har lovet"),
        "main": drawn["what"],
        "lang": drawn["lang"],
        "state": drawn["state"],
        "share": row.share,
        "state_word": f"{drawn['state_word']}.",
        "text": drawn["when_text"],
    }


_AS_I = {"du": "jeg", "dig": "mig", "din": "min", "dit": "mit", "dine": "mine"}


def _own_card(row: Seen, opened: OpenCase) -> dict[str, Any]:
    """What the citizen said they would do, said by themselves."""
    words = " ".join(_AS_I.get(word, word) for word in row.promise.what.rstrip(".").split())
    drawn = show.promise(row, opened)
    return {
        "icon": "voice",
        "own": True,
        "kind": gettext("Du har sagt"),
        # The words are Danish on the English page too, as everything people said.
        "voice": {"whose": "citizen", "name": opened.citizen.name, "words": f"Jeg {words}."},
        "state": drawn["state"],
        "share": row.share,
        "state_word": f"{drawn['state_word']}.",
        "text": drawn["when_text"],
        "actions": [
            {
                "label": gettext("Det er gjort"),
                "url": address(opened, "promise-done", row.promise.pk),
                "method": "post",
                "style": "second",
            }
        ],
    }
