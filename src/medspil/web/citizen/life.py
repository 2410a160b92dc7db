"""»Mit liv«: the seven areas in two voices, the citizen's own first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import AgreedText, Sharing, Text, TextVersion, Voice
from medspil.cases.reading import agreed_about, version_about
from medspil.plans.areas import LIFE_AREAS, OTHER, STRENGTHS, WISH, Area
from medspil.plans.areas import area as area_of
from medspil.web import differ, keeping, show
from medspil.web.unsaid import trying

from . import forms
from .meetings import objection_page
from .my_life import mark_form
from .opening import address, around, case_page

PART = Sharing.Part.AREAS


@case_page("my-plan", part=PART, work="work-case")
def my_life(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    only = opened.only(PART)
    texts = {(text.about, text.whose): text for text in opened.texts(PART, "area.", newest=True)}
    agreed = {one.about for one in opened.agreed_texts(PART, "area.") if one.is_agreed}
    wish = texts.get((WISH.about, Voice.CITIZEN))
    return render(
        request,
        "citizen/my_life.html",
        around(
            opened,
            plan_url=address(opened, "case-my-plan"),
            name=opened.citizen.first_name,
            own=opened.standing == Standing.SELF,
            wish=show.voice(wish, opened) if wish else None,
            wish_beside=show.relatives(texts.get((WISH.about, Voice.RELATIVE)), opened),
            wish_url=address(opened, "case-area", WISH.key) if opened.speaks_for_citizen or wish else "",
            tiles=[
                _tile(one, texts, agreed, opened) for one in LIFE_AREAS if only is None or one.about in only
            ],
            ask_tile={
                "text": gettext("Skriv det i et spørgsmål til os, så taler vi om det."),
                "url": address(opened, "case-ask"),
                "link_text": gettext("Skriv til os"),
            }
            if opened.speaks_for_citizen
            else None,
        ),
    )


def _tile(
    area: Area, texts: dict[tuple[str, str], Text], agreed: set[str], opened: OpenCase
) -> dict[str, Any]:
    own, theirs = texts.get((area.about, Voice.CITIZEN)), texts.get((area.about, Voice.PROFESSIONAL))
    beside = texts.get((area.about, Voice.RELATIVE))
    newest = own.versions.all()[0] if own else None
    marker, sign = "", ""
    if newest and newest.confirmed_at is None:
        marker = _whose_words(opened, gettext("Er det rigtigt?"), gettext("Venter på et ja fra %(name)s"))
        sign = "question"
    elif area.about in agreed:
        marker, sign = gettext("Det er vi enige om"), "handshake"
    elif own:
        marker, sign = _whose_words(opened, gettext("Her er dine ord"), gettext("Ord fra %(name)s")), "voice"
    elif theirs or beside:
        marker = _whose_words(opened, gettext("Her mangler dine ord"), gettext("Mangler ord fra %(name)s"))
        sign = "edit"
    return {
        "key": area.key,
        "name": area.name,
        "url": address(opened, "case-area", area.key),
        "voice": show.voice(own, opened) if own else None,
        "beside": show.relatives(beside, opened),
        "marker": "" if marker else "none",
        "marker_text": marker,
        "marker_icon": sign,
    }


def _whose_words(opened: OpenCase, yours: str, theirs: str) -> str:
    return yours if opened.has_citizens_voice else theirs % {"name": opened.citizen.first_name}


def _known(key: str) -> Area:
    found = area_of(key)
    if found is None:
        raise NotYours
    return found


@case_page("my-plan", part=PART, work="work-area:key")
def area(request: HttpRequest, opened: OpenCase, key: str) -> HttpResponse:
    """All voices on one place in a life, and a pen for one's own: a parent's words stand beside the child's."""
    known = _known(key)
    only = opened.only(PART)
    if only is not None and known.about not in only:
        raise opened.refusal(PART, known.about)
    form = None
    if request.method == "POST":
        form = _form(opened, request.POST, closed=cases.is_close(opened.case, known.about))
    act = trying(request, form)
    if form is not None:
        opened.require_citizen()
        if form.is_valid():
            data = form.cleaned_data
            with act:
                cases.write(
                    about=known.about,
                    whose=opened.voice,
                    words=data["words"],
                    base=data["base"],
                    kept_close=keeping.chosen(form),
                    by=opened,
                )
                messages.success(request, gettext("Dine ord er gemt."))
                return redirect("case-area", opened.pk, known.key)
    texts = {text.whose: text for text in opened.texts(PART, known.about) if text.about == known.about}
    own, theirs = texts.get(Voice.CITIZEN), texts.get(Voice.PROFESSIONAL)
    beside = texts.get(Voice.RELATIVE)
    newest = own.versions.all()[0] if own else None
    mine_now = show.own_words(texts.get(opened.voice), opened)
    if form is None and opened.speaks_for_citizen:
        form = _form(
            opened,
            initial={
                "base": mine_now.number if mine_now else 0,
                "words": mine_now.words if mine_now else "",
            },
            closed=bool(own and own.kept_close),
        )
    agreed = [one for one in opened.agreed_texts(PART, known.about) if one.about == known.about]
    mine = opened.standing == Standing.SELF
    empty = gettext("Her er plads til dine ord.") if mine else ""
    return render(
        request,
        "citizen/area.html",
        around(
            opened,
            area={
                "key": known.key if known in LIFE_AREAS else "",
                "name": known.name,
                "about": known.about_what,
            },
            citizen=show.voice(
                own,
                opened,
                whose=Voice.CITIZEN,
                empty=empty,
                actions=_own_acts(own, known, opened),
                anchor=f"ord-{newest.pk}" if newest else "",
            ),
            reply=[_theirs(version, known, opened) for version in show.newest_of_each(beside, theirs)],
            agreed=[show.agreed(one, actions=_agree_acts(one, known, opened)) for one in agreed],
            form=form,
            has_words=mine_now is not None,
            # »Du« is the child on these pages, so that a parent is named.
            seen_by=opened.person.first_name if opened.is_parent else "",
            meanwhile=act.meanwhile is not None,
            back_url=address(opened, "case-my-plan"),
            differ=differ.link(opened, known.about) if known in LIFE_AREAS else None,
            mark_form=mark_form(opened, known.key),
            mark_url=address(opened, "area-mark", known.key),
        ),
    )


def seen_beforehand(opened: OpenCase) -> list[dict[str, Any]]:
    """Every voice on each place in a life as somebody would read it, for the citizen who decides; where nobody has said
    anything the place is left out."""
    texts = {(text.about, text.whose): text for text in opened.texts(PART, "area.")}
    agreed = list(opened.agreed_texts(PART, "area."))
    places = []
    for one in (WISH, STRENGTHS, *LIFE_AREAS, OTHER):
        own, theirs, beside = (
            texts.get((one.about, whose)) for whose in (Voice.CITIZEN, Voice.PROFESSIONAL, Voice.RELATIVE)
        )
        both = [each for each in agreed if each.about == one.about]
        if own or theirs or beside or both:
            places.append(
                {
                    "key": one.key if one in LIFE_AREAS else "",
                    "name": one.name,
                    "citizen": show.voice(own, opened, whose=Voice.CITIZEN),
                    "reply": [
                        _theirs(version, one, opened) for version in show.newest_of_each(beside, theirs)
                    ],
                    "agreed": [show.agreed(each) for each in both],
                }
            )
    return places


def _form(
    opened: OpenCase, data: Any = None, initial: dict[str, Any] | None = None, *, closed: bool
) -> forms.OwnWordsForm:
    form = forms.OwnWordsForm(data, initial=initial)
    if opened.is_parent:
        form.fields["words"].label = gettext("Sådan ser jeg det")
    return keeping.with_choice(form, opened, closed=closed)


def _own_acts(own: Text | None, area: Area, opened: OpenCase) -> list[show.Action]:
    newest = own.versions.all()[0] if own else None
    if newest is None or newest.confirmed_at or not opened.has_citizens_voice:
        return show.opening(own, opened)
    return [
        {
            "label": gettext("Ja, det er rigtigt"),
            "url": address(opened, "area-confirm", area.key, newest.pk),
            "method": "post",
            "style": "second",
        },
        {"label": gettext("Ret det"), "url": "#skriv"},
        *show.opening(own, opened),
    ]


def _theirs(version: TextVersion, area: Area, opened: OpenCase) -> dict[str, Any]:
    verb = "thinks" if version.text.whose == Voice.RELATIVE else "wrote"
    acts = _their_acts(version, area, opened)
    return show.voice(
        version.text, opened, version=version, verb=verb, actions=acts, anchor=f"ord-{version.pk}"
    )


def _their_acts(version: TextVersion, area: Area, opened: OpenCase) -> list[show.Action]:
    if not opened.speaks_for_citizen or version.said_by_id == opened.person.pk:
        return []
    return [
        {
            "label": gettext("Det ser jeg anderledes"),
            "url": address(opened, "area-object", area.key, version.pk),
            "about": version.words[:80],
        }
    ]


def _agree_acts(agreed: AgreedText, area: Area, opened: OpenCase) -> list[show.Action]:
    if agreed.citizen_yes_at or not opened.speaks_for_citizen:
        return []
    return [
        {
            "label": gettext("Ja, det er jeg enig i"),
            "url": address(opened, "area-agree", area.key, agreed.pk),
            "method": "post",
            "style": "second",
        }
    ]


@case_page("my-plan", whole=True)
@require_POST
def confirm(request: HttpRequest, opened: OpenCase, key: str, version: int) -> HttpResponse:
    known = _known(key)
    found = version_about(opened, PART, known.about, version)
    return _then(
        request,
        opened,
        known,
        lambda: cases.confirm(version=found, by=opened),
        gettext("Tak. Nu står det som dine ord."),
    )


@case_page("my-plan", whole=True)
@require_POST
def agree(request: HttpRequest, opened: OpenCase, key: str, agreed: int) -> HttpResponse:
    known = _known(key)
    found = agreed_about(opened, PART, known.about, agreed)
    return _then(
        request,
        opened,
        known,
        lambda: cases.agree(agreed=found, by=opened),
        gettext("Tak. Det er vi enige om."),
    )


def _then(
    request: HttpRequest, opened: OpenCase, area: Area, act: Callable[[], object], said: str
) -> HttpResponse:
    with trying(request):
        act()
        messages.success(request, said)
    return redirect("case-area", opened.pk, area.key)


@case_page("my-plan", work="work-area:key", whole=True)
def object_to(request: HttpRequest, opened: OpenCase, key: str, version: int) -> HttpResponse:
    known = _known(key)
    found = version_about(opened, PART, known.about, version)
    back = f"{address(opened, 'case-area', known.key)}#ord-{found.pk}"
    return objection_page(request, opened, found, part=PART, back=back)
