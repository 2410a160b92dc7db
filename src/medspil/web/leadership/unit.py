"""The leader's own department: what needs somebody, how much each has, and how things stand, said to those who wait."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from medspil.base import clock
from medspil.base.fields import DayField, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases import unit as numbers
from medspil.contact import advice, away, duties, paper
from medspil.contact.handover import changes, wishes_before
from medspil.contact.models import HandingOn
from medspil.contact.reading import not_taken
from medspil.contact.urgent import of_unit as urgent_of
from medspil.people import actions as people
from medspil.people.models import Person, Unit
from medspil.people.reading import how_many
from medspil.people.roles import Role
from medspil.rhythm import of_absence
from medspil.web import away as absences
from medspil.web import show
from medspil.web.templatetags.medspil import day_month, moment

MOST_DAYS = 20


class NoticeForm(forms.Form):
    words = forms.CharField(
        label=_("Hvordan står det til?"),
        help_text=_("Sig det, som det er: Vi mangler to kolleger, så svar tager en uge mere."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words_en = forms.CharField(
        label=_("Det samme på engelsk"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    extra_days = forms.IntegerField(
        label=_("Hvor mange hverdage mere tager nye svar?"),
        help_text=_("Det, der er lovet, flytter sig ikke. Lovens frister løber videre."),
        min_value=0,
        max_value=MOST_DAYS,
        initial=0,
    )
    since = DayField(label=_("Fra og med"))
    until = DayField(label=_("Til og med"))


def own_unit(request: HttpRequest, slug: str) -> Unit:
    found = next((unit for unit in request.user.leads if unit.slug == slug), None)  # type: ignore[union-attr]
    if found is None:
        raise NotYours
    return found


OLDEST, OLDEST_HANDED = 10, 20


@open_to(Role.LEADER)
def my_unit(request: HttpRequest) -> HttpResponse:
    """The department one leads; where there are several, the first by name."""
    units = sorted(request.user.leads, key=lambda unit: unit.name)  # type: ignore[union-attr]
    if not units:
        raise NotYours
    return redirect("one-unit", units[0].slug)


@open_to(Role.LEADER)
def one_unit(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs somebody, how much each has, and what is late: of the department, with no case in it."""
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    here = own_unit(request, slug)
    found = _found(here, request.user)  # type: ignore[arg-type]
    return render(
        request,
        "leadership/unit.html",
        {
            "unit": here,
            "others": [unit for unit in request.user.leads if unit.pk != here.pk],  # type: ignore[union-attr]
            "sentence": _sentence(found),
            "found": show.unit_notice(here, request.LANGUAGE_CODE),  # type: ignore[attr-defined]
            **found,
        },
    )


def _found(here: Unit, leader: Person) -> dict[str, Any]:
    late = numbers.broken(here)
    urgent, urgent_late = urgent_of(here)
    gone = away.of_unit(here)
    advising = advice.waiting_in([here.pk])
    return {
        "not_taken": [_handed(found) for found in not_taken(here)[:OLDEST_HANDED]],
        "letters": [_queue(found) for found in paper.queues(here)],
        "meetings": [absences.row_of(row) for row in of_absence.waiting(gone)],
        "loads": numbers.loads(here),
        "oldest": [
            {
                "due": promise.due,
                "kind": promise.get_kind_display(),
                "number": promise.case_id,
                "explained": hasattr(promise, "explanation"),
            }
            for promise in late.select_related("explanation")[:OLDEST]
        ],
        "changes": changes(here),
        "urgent": urgent,
        "urgent_late": urgent_late,
        "away": [{"absence": row, "sentence": absences.sentence(absences.of_row(row))} for row in gone],
        **how_many(
            leader,
            waits=not_taken(here),
            broken=late,
            unexplained=numbers.unexplained(here),
            without_owner=numbers.without_owner(here),
            without_coordinator=numbers.without_coordinator(here),
            wishes=wishes_before(leader),
            asked_whose=duties.before(leader),
            advice=advising,
            advice_late=advising.filter(due__lt=clock.today()),
        ),
    }


def _handed(found: HandingOn) -> dict[str, str]:
    """»Karen har den, til Lotte tager den.«, since when, and by when the citizen hears."""
    owed = found.request.promise if found.request else found.message.promise if found.message else None
    names = {"giver": found.giver.first_name, "to": found.to.first_name}
    asked = gettext("Spurgt %(when)s.") % {"when": moment(found.at)}
    by = gettext("Svar senest %(day)s.") % {"day": day_month(owed.due)} if owed else ""
    return {
        "sentence": gettext("%(giver)s har den, til %(to)s tager den.") % names,
        "when": f"{asked} {by}".strip(),
    }


def _queue(found: paper.Queue) -> dict[str, Any]:
    days = (clock.today() - clock.day_of(found.oldest)).days
    waited = ngettext("Det ældste har ventet %(n)s dag.", "Det ældste har ventet %(n)s dage.", days)
    return {
        "name": found.name or gettext("Ingen fast kontakt"),
        "count": found.letters,
        "letters": ngettext("%(n)s brev.", "%(n)s breve.", found.letters) % {"n": found.letters},
        "days": days,
        "oldest": waited % {"n": days} if days else gettext("Det ældste er fra i dag."),
    }


def _gaps(found: dict[str, Any]) -> int:
    return sum(1 for one in found["away"] if one["absence"].cover is None)


def _sentence(found: dict[str, Any]) -> str:
    """»To henvendelser venter på en, der tager dem. Tre løfter er brudt.«"""
    waits, late = found["waits"], found["broken"]
    alone = found["without_owner"] + found["without_coordinator"]
    parts = []
    if waits:
        parts.append(
            ngettext(
                "%(n)s henvendelse venter på en, der tager den.",
                "%(n)s henvendelser venter på en, der tager dem.",
                waits,
            )
            % {"n": waits}
        )
    if gaps := _gaps(found):
        parts.append(
            ngettext("%(n)s er væk uden en afløser.", "%(n)s er væk uden en afløser.", gaps) % {"n": gaps}
        )
    if alone:
        parts.append(
            ngettext("%(n)s ting mangler en, der har den.", "%(n)s ting mangler en, der har dem.", alone)
            % {"n": alone}
        )
    if waited := found["advice_late"]:
        parts.append(
            ngettext(
                "%(n)s spørgsmål uden navn har ventet for længe på et råd.",
                "%(n)s spørgsmål uden navn har ventet for længe på råd.",
                waited,
            )
            % {"n": waited}
        )
    if late:
        parts.append(
            ngettext(
                "%(n)s løfte er brudt og ikke indfriet endnu.",
                "%(n)s løfter er brudt og ikke indfriet endnu.",
                late,
            )
            % {"n": late}
        )
    return " ".join(parts) or gettext("Alt er fordelt, og ingen løfter er brudt.")


@open_to(Role.LEADER)
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The same numbers for a spreadsheet, as Danish ones read it."""
    here = own_unit(request, slug)
    found = _found(here, request.user)  # type: ignore[arg-type]
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow([gettext("Afdeling"), gettext("Dag"), gettext("Hvad"), gettext("Hvem"), gettext("Antal")])
    today = f"{clock.today():%Y-%m-%d}"

    def row(what: str, count: int, who: str = "") -> None:
        rows.writerow([_plain(here.name), today, what, _plain(who), count])

    row(gettext("Henvendelser, ingen har taget"), found["waits"])
    row(gettext("Spørgsmål uden navn, der venter"), found["advice"])
    row(gettext("Løfter uden en, der har dem"), found["without_owner"])
    row(gettext("Borgere uden fast kontakt"), found["without_coordinator"])
    row(gettext("Medarbejdere væk uden afløser"), _gaps(found))
    row(gettext("Møder, der skal flyttes eller overtages"), len(found["meetings"]))
    for letters in found["letters"]:
        row(gettext("Breve, der skal sendes"), letters["count"], letters["name"])
        row(gettext("Det ældste brev, dage"), letters["days"], letters["name"])
    row(gettext("Brudte løfter"), found["broken"])
    row(gettext("Brudte løfter uden forklaring"), found["unexplained"])
    row(gettext("Hastede, de sidste 90 dage"), found["urgent"])
    row(gettext("Hastede og blev for sent"), len(found["urgent_late"]))
    row(gettext("Flest borgere til én medarbejder"), here.caseload_limit)
    row(gettext("Skift af fast kontakt og sagsbehandler på tre år"), found["changes"]["changes"])
    row(gettext("Borgere, der har skiftet mere end én gang"), found["changes"]["often"])
    for late in found["oldest"]:
        days = (clock.today() - late["due"]).days
        row(gettext("Brudt løfte, dage over"), days, f"{gettext('Sag')} {late['number']}: {late['kind']}")
    for load in found["loads"]:
        row(gettext("Borgere"), load.citizens, load.person.name)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{here.slug}-{today}.csv"'
    return answer


def _plain(words: str) -> str:
    """A spreadsheet reckons with what begins like this; a name does not."""
    return "'" + words if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


@open_to(Role.LEADER)
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """What the department says about how things stand, from a day to a day; or that all is as usual again."""
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    unit = own_unit(request, slug)
    now = unit.notice if unit.notice and unit.notice.until >= clock.today() else None
    fields: dict[str, Any] = {"since": clock.today()}
    if now:
        fields = {name: getattr(now, name) for name in NoticeForm.base_fields}
    if request.POST.get("do") == "down":
        people.take_down_notice(unit=unit, by=request.user)  # type: ignore[arg-type]
        messages.success(request, gettext("Beskeden er taget ned."))
        return redirect("unit-notice", slug)
    form = NoticeForm(request.POST or None, initial=fields)
    if form.is_valid():
        with telling(form):
            said = people.say_how_things_stand(unit=unit, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request,
                gettext("Borgerne kan læse det fra %(since)s til %(until)s.")
                % {"since": day_month(said.since), "until": day_month(said.until)},
            )
            return redirect("unit-notice", slug)
    return render(
        request,
        "leadership/notice.html",
        {
            "unit": unit,
            "form": form,
            "now": now,
            "found": show.unit_notice(unit, request.LANGUAGE_CODE),  # type: ignore[attr-defined]
        },
    )


@open_to(Role.LEADER)
def say_away(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody of the department is away, said by its leader; why is told to nobody when they are ill."""
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    here = own_unit(request, slug)
    staff = [load.person for load in numbers.loads(here)]
    return absences.say(
        request, who=staff, cover=staff, template="leadership/away.html", home="my-unit", unit=here
    )
