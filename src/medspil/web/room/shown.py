"""From the meeting's rows and its shared text to what the room shows."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from medspil.base import clock
from medspil.base.fields import row_key
from medspil.cases.door import OpenCase
from medspil.cases.models import Voice
from medspil.people.models import Mandate, Person
from medspil.plans import close_lines, minutes, reading
from medspil.plans.models import AgendaItem, Agreement, Meeting
from medspil.web import look, show
from medspil.web.templatetags.medspil import NBSP, capital, day_long, hour, initials, moment, names

from .forms import AgreementForm, CloseForm, DayForm, PointForm
from .guide import GUIDE

# What the script copies when somebody says more.
BLANK = {
    voice: {
        "key": "",
        "is_citizen": voice == Voice.CITIZEN,
        "is_relative": voice == Voice.RELATIVE,
        "name": "",
        "letters": "",
        "draft": "",
        "acted_by": "",
        "may_write": True,
    }
    for voice in Voice.values
}


def people_here(opened: OpenCase, held: Meeting, written: minutes.Written | None = None) -> dict[int, Person]:
    """Everybody whose words may stand on the screen: those who come, whoever made the meeting, those who act or have
    acted for the citizen, and the team. Somebody beside the citizen learns only the names that stand in what is
    written."""
    known = {
        opened.citizen.pk: opened.citizen,
        held.made_by_id: held.made_by,
        opened.person.pk: opened.person,
    }
    known |= {a.person_id: a.person for a in held.attendees.all() if a.person}
    acting = {m.actor_id: m.actor for m in opened.ever_acting}
    if opened.is_beside:
        there = {pk for u in written.utterances for pk in (u.writer, u.by)} if written else set()
        return known | {pk: person for pk, person in acting.items() if pk in there}
    return known | acting | team(opened)


def team(opened: OpenCase) -> dict[int, Person]:
    return {m.person_id: m.person for thread in opened.threads for m in thread.team}  # type: ignore[attr-defined]


def address(held: Meeting, name: str = "meeting-room", *more: int, **query: str) -> str:
    url = reverse(name, args=[held.case_id, held.pk, *more])
    return f"{url}?{urlencode(query)}" if query else url


def current(held: Meeting, asked_for: str) -> AgendaItem | None:
    """The point on the screen: the one asked for, else the first that was not talked about."""
    points = list(held.agenda.all())
    for point in points:
        if point.key == asked_for:
            return point
    return next((p for p in points if p.talked_about_at is None), points[-1] if points else None)


def after(held: Meeting, point: AgendaItem | None) -> AgendaItem | None:
    points = list(held.agenda.all())
    if point not in points:
        return None
    at = points.index(point) + 1
    return points[at] if at < len(points) else None


def page(
    request: HttpRequest,
    opened: OpenCase,
    held: Meeting,
    *,
    written: minutes.Written | None = None,
    point_form: PointForm | None = None,
    agreement_form: AgreementForm | None = None,
    day_form: tuple[int, DayForm] | None = None,
    close_form: CloseForm | None = None,
) -> dict[str, Any]:
    written = written or minutes.read(held)
    people = people_here(opened, held, written)
    here = current(held, request.POST.get("item") or request.GET.get("punkt", ""))
    item = here.key if here else ""
    following = after(held, here)
    points = list(held.agenda.all())
    may_write = reading.acts_in(opened, held)
    now = clock.now()
    return {
        "opened": opened,
        "meeting": held,
        "citizen": opened.citizen,
        "people": names([a.name.split(" ")[0] for a in held.attendees.all()]),
        "points": [_point(p, here, opened, held) for p in points],
        "here": here,
        "here_title": title(here, opened) if here else "",
        "here_lang": "da" if here and not (here.is_free_word or here.closing) else "",
        "here_number": points.index(here) + 1 if here else 0,
        "following": following,
        "may_round_off": may_write and following is None and not any(p.closing for p in points),
        "count": len(points),
        "blocks": [_block(u, opened, held, people, may_write) for u in written.utterances if u.item == item],
        "written": written,
        "time": _time(held, now),
        "agreements": [
            _agreement(a, opened, held, day_form, item, may_write) for a in reading.agreements(opened, held)
        ],
        "point_form": point_form or PointForm(auto_id="punkt_%s"),
        "agreement_form": agreement_form or AgreementForm(people=owners(opened), auto_id="aftale_%s"),
        "close": _close(opened, held),
        "close_form": close_form or CloseForm(auto_id="naer_%s") if close_lines.may_write(opened) else None,
        "only_to": show.only_to(opened, held.thread_id) if close_lines.may_read(opened, held) else "",
        "next_text": _next_text(opened, held, now),
        "may_write": may_write,
        "blank": BLANK,
        "says_for": opened.works_here,
        "more": _who_may_say_more(opened, written, people) if may_write else [],
        "voice": opened.voice.value,
        "acts": sorted(_acting(opened) & people.keys()),
        "guide": GUIDE if opened.works_here else (),
        "end_url": _end_url(opened, held),
        "urls": {
            "room": address(held),
            "save": address(held, "room-save"),
            "push": address(held, "room-push"),
            "stream": address(held, "room-stream"),
            "minutes": reverse("meeting", args=[held.case_id, held.pk]),
            "point": address(held, "room-point"),
            "agree": address(held, "room-agree"),
            "close": address(held, "room-close"),
            "sign_in": f"{reverse('sign-in')}?{urlencode({'next': address(held)})}",
            "worker": reverse("room-service-worker"),
        },
        "state": base64.b64encode(written.state).decode(),
        "names": json.dumps(
            {pk: [p.first_name, p.initials] for pk, p in people.items()},
            ensure_ascii=False,
        ),
        "points_json": json.dumps(
            [[p.key, title(p, opened), _from(p, opened)] for p in points], ensure_ascii=False
        ),
        "own_device": look.is_own_device(request, opened.person),
        "me": opened.person,
    }


def title(point: AgendaItem, opened: OpenCase) -> str:
    """A point as it was written; the free word, which all on the screen read, by the citizen's name."""
    if point.is_free_word:
        return gettext("Det, %(name)s har på hjerte") % {"name": opened.citizen.first_name}
    return str(point.get_closing_display()) if point.closing else point.words


def _from(point: AgendaItem, opened: OpenCase) -> str:
    if point.source == AgendaItem.Source.TOGETHER:
        return gettext("Sammen")
    who = opened.citizen if point.source == AgendaItem.Source.CITIZEN else point.added_by
    return gettext("Fra %(name)s") % {"name": who.first_name}


def _point(point: AgendaItem, here: AgendaItem | None, opened: OpenCase, held: Meeting) -> dict[str, Any]:
    return {
        "key": point.key,
        "title": title(point, opened),
        "lang": "" if point.is_free_word or point.closing else "da",
        "state": "now" if point == here else "done" if point.talked_about_at else "open",
        "done": point.talked_about_at is not None,
        "from_text": _from(point, opened),
        "from_citizen": point.source == AgendaItem.Source.CITIZEN,
        "url": address(held, punkt=point.key),
    }


def _block(
    said: minutes.Utterance, opened: OpenCase, held: Meeting, people: dict[int, Person], may_write: bool
) -> dict[str, Any]:
    """One voice on the screen, as a field of the form."""
    is_citizen = said.voice == Voice.CITIZEN
    somebody = held.made_by if opened.is_beside else opened.coordinator or opened.person
    who = opened.citizen if is_citizen else people.get(said.writer) or somebody
    acts = is_citizen and said.by in _acting(opened)
    return {
        "key": said.key,
        "is_citizen": is_citizen,
        "is_relative": said.voice == Voice.RELATIVE,
        "acted_by": people[said.by].first_name if acts else "",
        "name": who.first_name,
        "letters": initials(who.name),
        "draft": said.words,
        "may_write": may_write and minutes.may_write_in(said.voice, said.writer, opened),
    }


def _acting(opened: OpenCase) -> set[int]:
    """Those who may have written in the citizen's own voice by a mandate. A parent has a voice of their own."""
    return {m.actor_id for m in opened.ever_acting if m.kind != Mandate.Kind.PARENT}


def who_says_more(then: str, opened: OpenCase) -> tuple[str, int]:
    """The voice, and whose it is, of a button »... siger mere« (`_who_may_say_more`); ("", 0) for another button."""
    voice, _dash, whose = then.removeprefix("tal-").partition("-")
    if not then.startswith("tal-") or voice not in Voice.values:
        return "", 0
    if voice == Voice.RELATIVE:
        parents = {m.actor_id for m in opened.ever_acting if m.kind == Mandate.Kind.PARENT}
        pk = row_key(whose)
        return (voice, pk) if pk in parents else ("", 0)
    return voice, opened.person.pk


def _who_may_say_more(
    opened: OpenCase, written: minutes.Written, people: dict[int, Person]
) -> list[dict[str, Any]]:
    """A button for each whose words this person may write, in the order in which they stand."""
    pen = minutes.pen_of(opened)
    parents = dict.fromkeys(u.writer for u in written.utterances if u.voice == Voice.RELATIVE)
    rows = [
        (Voice.CITIZEN, opened.person.pk, opened.citizen),
        *((Voice.RELATIVE, pk, people[pk]) for pk in parents if pk in people),
        (Voice.PROFESSIONAL, opened.person.pk, opened.person),
    ]
    return [
        {
            "then": f"tal-{voice}-{whose}" if voice == Voice.RELATIVE else f"tal-{voice}",
            "voice": voice.value,
            "writer": whose,
            "name": person.first_name,
        }
        for voice, whose, person in rows
        if pen is None or pen.holds(voice, whose)
    ]


def _time(held: Meeting, now: datetime) -> dict[str, Any]:
    """The dial and two short lines; before the meeting when it begins, after its time that it has passed."""
    left = round((held.ends_at - now).total_seconds() / 60)
    if now < held.starts_at:
        return {
            "state": "on_its_way",
            "share": 1.0,
            "lead": capital(moment(held.starts_at)),
            "text": gettext("Så begynder vi"),
        }
    if left <= 0:
        return {
            "state": "kept",
            "share": 0,
            "lead": capital(hour(now)),
            "text": gettext("Tiden er gået"),
        }
    text = ngettext("%(n)s minut tilbage", "%(n)s minutter tilbage", left) % {"n": left}
    return {
        "state": "on_its_way",
        "share": left / held.minutes_long,
        "lead": capital(hour(now)),
        "text": text.replace(" ", NBSP, 1),
    }


def _close(opened: OpenCase, held: Meeting) -> dict[str, Any] | None:
    """The lines kept close, folded: a screen in a room is seen by more than the one who sits at it."""
    if not close_lines.may_read(opened, held):
        return None
    rows = close_lines.of(opened, held)
    told = (
        gettext("Dine ord, som ikke alle ser")
        if close_lines.may_write(opened)
        else gettext("Ord fra %(name)s, som ikke alle ser") % {"name": opened.citizen.first_name}
    )
    return {
        "title": told if rows else "",
        "rows": [
            {"point": title(point, opened) if point else "", "voice": show.voice(text, opened)}
            for point, text in rows
        ],
    }


def owners(opened: OpenCase) -> list[tuple[int, str]]:
    """Who can promise something here: the citizen, and the team. Who only reads along needs no names to choose from."""
    if opened.is_beside:
        return []
    return [(opened.citizen.pk, opened.citizen.name)] + [
        (pk, person.name) for pk, person in team(opened).items() if pk != opened.citizen.pk
    ]


def _agreement(
    row: Agreement,
    opened: OpenCase,
    held: Meeting,
    day_form: tuple[int, DayForm] | None,
    here: str,
    may_write: bool,
) -> dict[str, Any]:
    """A row for `agreement_row`, with what this person may do about it."""
    ours = row.side == Agreement.Side.MUNICIPALITY
    other = opened.citizen if ours else opened.coordinator or held.made_by
    other_yes = row.other_yes_at or (row.promise and row.promise.wording_yes_at)
    missing = ([] if row.promise_id else [row.owner.first_name]) + ([] if other_yes else [other.first_name])
    owns = opened.speaks_for_citizen if not ours else row.owner_id == opened.person.pk
    is_other = opened.speaks_for_citizen if ours else opened.works_here
    actions = []
    may_bind = owns and row.due and not row.promise_id and not row.came_too_late
    if may_write and (may_bind or (is_other and row.due and not other_yes)):
        actions.append(
            {
                "label": gettext("Sig ja"),
                "url": address(held, "room-yes", row.pk),
                "method": "post",
                "style": "second",
                "about": row.what,
                "hidden": {"item": here, "due": str(row.due)},
            }
        )
    if not row.promise_id and may_write:
        actions.append(
            {
                "label": gettext("Fjern"),
                "url": address(held, "room-drop", row.pk),
                "method": "post",
                "about": row.what,
                "hidden": {"item": here},
            }
        )
    tried = day_form[1] if day_form and day_form[0] == row.pk else None
    needs_day = row.due is None or row.came_too_late
    return {
        "id": f"aftale-{row.pk}",
        "pk": row.pk,
        "state": "no_date" if row.due is None else "today" if row.due <= clock.today() else "on_its_way",
        "share": _share(row),
        "who": row.owner.first_name,
        "what": row.what,
        "when_text": day_long(row.due) if row.due else "",
        "both": not missing,
        "missing": missing if row.due else [],
        "not_yet": show.you_have_yet_to_say_yes(opened)
        if row.due and missing == [opened.citizen.first_name]
        else "",
        "actions": actions,
        "day_form": tried or DayForm(auto_id=f"dag_{row.pk}_%s") if may_write and needs_day else None,
        "day_tried": tried is not None,
        "day_url": address(held, "room-day", row.pk),
    }


def _share(row: Agreement) -> float | None:
    if row.due is None:
        return None
    whole = (row.due - clock.day_of(row.at)).days
    return (row.due - clock.today()).days / whole if whole > 0 else 0.0


def _next_text(opened: OpenCase, held: Meeting, now: datetime) -> dict[str, str]:
    """What the bottom bar says about when we meet again."""
    other = reading.agreed_after(opened, held, now)
    if other:
        when = f"{day_long(other.starts_at)} {hour(other.starts_at)}"
        return {"lead": gettext("Vi ses igen %(when)s.") % {"when": when}, "text": ""}
    if opened.thread_ids is not None and not opened.whole:
        # Others may have agreed on one that this person does not see.
        return {"lead": "", "text": ""}
    return {"lead": gettext("Næste møde er ikke aftalt."), "text": gettext("Vi aftaler det, før vi går.")}


def _end_url(opened: OpenCase, held: Meeting) -> str:
    return reverse("end-meeting", args=[opened.pk, held.pk]) if opened.works_here else ""


def over(request: HttpRequest, opened: OpenCase, held: Meeting) -> dict[str, Any]:
    """The page of a meeting where nobody writes any more: how it ended, and the way on."""
    words = {
        Meeting.State.CANCELLED: gettext("Mødet er aflyst."),
        Meeting.State.MISSED: gettext("Vi nåede ikke at ses."),
    }
    ended = held.state not in words
    return {
        "heading": words.get(Meeting.State(held.state), gettext("Mødet er slut.")),
        "told": gettext("Det, vi skrev, er blevet til referatet.")
        if ended
        else gettext("Der skrives ikke mere her. Er der skrevet noget, står det ved mødet."),
        "way_on": gettext("Læs referatet") if ended else gettext("Se mødet"),
        "opened": opened,
        "meeting": held,
        "own_device": look.is_own_device(request, opened.person),
        "me": opened.person,
        "blank": BLANK,
        "urls": {"minutes": reverse("meeting", args=[held.case_id, held.pk])},
    }
