"""The mapping board for both sides: three columns, each note with its voice, and one form to put up another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.kinds import Kind
from medspil.cases.models import Voice
from medspil.plans import board
from medspil.plans.areas import LIFE_AREAS, Area, area
from medspil.plans.models import BoardNote
from medspil.web.unsaid import not_drawn, trying

from . import files, proposals, show
from .templatetags.medspil import moment

Around = Callable[..., dict[str, Any]]
Column = BoardNote.Column
PLACES = [("", _("Livet i det hele taget")), *((one.key, one.name) for one in LIFE_AREAS)]
SIGNS = {Column.WORKS: "check-circle", Column.HARD: "hard", Column.NEEDED: "hand"}


@dataclass(frozen=True)
class Side:
    """Where the board's pages are on one side; `whole` is its template, `layout` that of one note."""

    board: str
    area: str
    note: str
    back: str
    whole: str
    layout: str
    objection: str = ""


CITIZEN = Side(
    "case-board",
    "case-board-area",
    "board-note",
    "case-my-plan",
    "citizen/page.html",
    "citizen/reading.html",
    "board-note-object",
)
WORK = Side(
    "work-board",
    "work-board-area",
    "work-board-note",
    "work-plan",
    "casework/base.html",
    "casework/reading.html",
)


class NoteForm(forms.Form):
    """One thing a note; a picture or a recording says as much as words."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    whose = forms.ChoiceField(label=_("Hvem siger det?"), widget=forms.RadioSelect, required=False)
    column = forms.ChoiceField(
        label=_("Hvor skal den sidde?"), choices=Column.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Hvad skal der stå?"),
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    picture = files.KeptField(only=Kind.PICTURE, label=_("Et billede"), required=False)
    shows = forms.CharField(
        label=_("Hvad kan man se på billedet?"),
        help_text=_("Så kan det også læses højt."),
        max_length=300,
        required=False,
    )
    sound = files.KeptField(
        only=Kind.SOUND,
        label=_("Noget, du har sagt"),
        help_text=_("En lydfil på højst 25 MB. Nogen kan skrive den ned bagefter."),
        required=False,
    )
    area = forms.ChoiceField(label=_("Hvor i livet hører det til?"), choices=PLACES, required=False)
    kept_close = forms.BooleanField(required=False)

    def __init__(self, opened: OpenCase, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        first = opened.citizen.first_name
        if opened.works_here:
            self.fields["whose"].choices = [  # type: ignore[attr-defined]
                (Voice.CITIZEN, gettext("%(name)s siger det") % {"name": first}),
                (Voice.PROFESSIONAL, gettext("Jeg siger det")),
            ]
            self.fields["whose"].required = True
            self.fields["sound"].label = gettext("Noget, der er sagt")
        else:
            del self.fields["whose"]
        if opened.standing == Standing.SELF:
            self.fields["kept_close"].label = show.only_to(opened)
            self.fields["kept_close"].help_text = gettext(
                "Så kan værge, pårørende og dem, du deler med, ikke læse det."
            )
        else:
            del self.fields["kept_close"]

    @property
    def has_extra_errors(self) -> bool:
        return bool({"picture", "shows", "sound", "area"} & self.errors.keys()) if self.is_bound else False


class WordsForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Hvad skal der stå?"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def page(request: HttpRequest, opened: OpenCase, side: Side, around: Around, key: str = "") -> HttpResponse:
    """All notes that are up, of life as a whole or of one place in it."""
    place = area(key) if key else None
    if key and place not in LIFE_AREAS:
        raise NotYours
    here = _here(opened, side, place)
    form = None
    if board.may_write(opened):
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        wanted = request.GET.get("spalte", "")
        column = wanted if wanted in Column.values else Column.WORKS
        form = NoteForm(
            opened,
            *posted,
            initial={"key": uuid.uuid4(), "column": column, "area": key, "whose": Voice.CITIZEN},
        )
        if request.method == "POST" and form.is_valid():
            with telling(form):
                up = board.put_up(
                    **{
                        "whose": Voice.CITIZEN,
                        **form.cleaned_data,
                    },
                    by=opened,
                )
                messages.success(request, gettext("Sedlen hænger på tavlen."))
                return redirect(f"{here}#seddel-{up.pk}")
    elif request.method == "POST":
        raise NotYours
    limit = 10_000 if request.GET.get("alle") == "1" else board.SHOWN
    notes, more = board.board(opened, area=key, limit=limit)
    down = board.taken_down(opened, area=key)
    return render(
        request,
        "case/board.html",
        around(
            opened,
            layout=side.whole,
            place=place,
            first=opened.citizen.first_name,
            own=opened.standing == Standing.SELF,
            **_hanging(notes, down, opened, side, place),
            places=[
                {"name": one.name, "key": one.key, "url": _here(opened, side, one)} for one in LIFE_AREAS
            ],
            whole_url=_here(opened, side, None),
            more_url=f"{here}?alle=1" if more else "",
            form=form,
            back_url=reverse(side.back, args=[opened.pk]),
        ),
    )


def seen_beforehand(opened: OpenCase) -> dict[str, Any]:
    """The board as somebody would see it, for the citizen who decides: nothing on it leads on."""
    notes, _more = board.board(opened, limit=10_000)
    return _hanging(notes, board.taken_down(opened), opened, CITIZEN, None)


def _hanging(
    notes: list[board.OnBoard],
    down: list[board.OnBoard],
    opened: OpenCase,
    side: Side,
    place: Area | None,
) -> dict[str, Any]:
    return {
        "columns": [
            {
                "key": column.value,
                "name": column.label,
                "icon": SIGNS[column],
                "notes": [_shown(one, opened, side, place) for one in notes if one.note.column == column],
                "write_url": f"?spalte={column.value}#skriv",
            }
            for column in Column
        ],
        "down": [_shown(one, opened, side, place) for one in down],
    }


def _here(opened: OpenCase, side: Side, place: Area | None) -> str:
    if place is None:
        return reverse(side.board, args=[opened.pk])
    return reverse(side.area, args=[opened.pk, place.key])


def _shown(one: board.OnBoard, opened: OpenCase, side: Side, place: Area | None) -> dict[str, Any]:
    """A note for the board: its voice, what hangs on it, and the columns it could stand in instead."""
    note = one.note
    url = "" if opened.preview else reverse(side.note, args=[opened.pk, note.pk])
    known = area(note.area) if note.area and place is None else None
    return {
        "pk": note.pk,
        "url": url,
        "voice": _voice(one, opened, side),
        "files": [files.shown(file) for file in one.files],
        "area": {"key": known.key, "name": known.name} if known else None,
        "may_change": one.may_change,
        "elsewhere": [
            {"key": column.value, "name": column.label, "icon": SIGNS[column]}
            for column in Column
            if column != note.column
        ],
        "column": Column(note.column).label,
        "unwritten": one.text is None and any(file.kind == Kind.SOUND for file in one.files),
        "from": place.key if place else "",
    }


def _voice(one: board.OnBoard, opened: OpenCase, side: Side, **more: Any) -> dict[str, Any]:
    version = one.version
    acts = proposals.actions(one.text, opened, reverse(side.note, args=[opened.pk, one.note.pk]))
    empty = "" if version else _without_words(one)
    verb = "thinks" if one.note.whose == Voice.RELATIVE else "said"
    voice = show.voice(one.text, opened, whose=one.note.whose, empty=empty, actions=acts, verb=verb, **more)
    if one.note.whose != Voice.CITIZEN and version is None:
        voice["name"] = one.note.made_by.name
    return voice


def _without_words(one: board.OnBoard) -> str:
    if any(file.kind == Kind.SOUND for file in one.files):
        return gettext("Her er en optagelse. Ingen har skrevet den ned endnu.")
    return next((file.shows for file in one.files if file.shows), "") or gettext("Et billede.")


def note(request: HttpRequest, opened: OpenCase, pk: int, side: Side, around: Around) -> HttpResponse:
    """One note: its words and those before, where it has been, and one thing to do about it."""
    one = board.note(opened, pk)
    url = reverse(side.note, args=[opened.pk, pk])
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    version = one.version
    start = {"base": version.number if version else 0, "words": version.words if version else ""}
    form = WordsForm(request.POST if doing == "words" else None, initial=start)
    act = trying(request, form)
    if request.method == "POST" and not board.may_write(opened):
        raise NotYours
    if doing == "words" and form.is_valid():
        with act:
            board.write(note=one.note, by=opened, **form.cleaned_data)
            messages.success(request, gettext("Gemt."))
            return redirect(url)
    elif request.method == "POST" and doing != "words":
        with act:
            messages.success(request, _act(doing, request.POST, opened, one))
            return redirect(_back(request, opened, side, one))
        return redirect(url)
    if not one.may_change:
        not_drawn(request, form)
    return render(
        request,
        "case/board_note.html",
        around(
            opened,
            layout=side.layout,
            note=_shown(one, opened, side, None),
            voice=_voice(one, opened, side),
            objection_url=_objection(one, opened, side),
            down=one.note.taken_down_at is not None,
            moves=[
                {
                    "when": moment(made.at),
                    "who": made.by.first_name,
                    "from": Column(made.from_column).label,
                    "to": Column(made.to_column).label,
                }
                for made in board.moves(one)
            ],
            put_up=gettext("%(name)s satte den op %(when)s.")
            % {"name": one.note.made_by.first_name, "when": moment(one.note.made_at)},
            form=form if one.may_change else None,
            doing=doing,
            meanwhile=act.meanwhile is not None,
            back_url=_here(opened, side, None),
        ),
    )


def _objection(one: board.OnBoard, opened: OpenCase, side: Side) -> str:
    if not (side.objection and opened.speaks_for_citizen and one.version):
        return ""
    if one.version.said_by_id == opened.person.pk or (one.note.whose == Voice.CITIZEN and opened.is_parent):
        return ""
    if one.note.whose == Voice.CITIZEN and one.version.written_by_id == opened.citizen.pk:
        return ""
    return reverse(side.objection, args=[opened.pk, one.note.pk, one.version.pk])


def _act(doing: str, post: Any, opened: OpenCase, one: board.OnBoard) -> str:
    if doing == "move" and post.get("to") in Column.values:
        moved = board.move(note=one.note, to=post["to"], by=opened)
        return gettext("Flyttet til »%(column)s«.") % {"column": Column(moved.column).label}
    if doing == "down":
        board.take_down(note=one.note, by=opened)
        return gettext("Sedlen er taget ned. Den kan sættes op igen.")
    if doing == "up":
        board.put_back(note=one.note, by=opened)
        return gettext("Sedlen hænger på tavlen.")
    if doing == proposals.RIGHT:
        return proposals.confirm(one.text, post.get("number", ""), opened)
    raise NotYours


def _back(request: HttpRequest, opened: OpenCase, side: Side, one: board.OnBoard) -> str:
    place = area(request.POST.get("from", ""))
    return f"{_here(opened, side, place if place in LIFE_AREAS else None)}#seddel-{one.note.pk}"
