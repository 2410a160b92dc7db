"""An area of life at work: the citizen's voice first, one's own beside it, and what both may agree to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import row_key
from medspil.base.refusals import NotYours
from medspil.cases import actions
from medspil.cases.door import OpenCase
from medspil.cases.models import AgreedText, Sharing, Text, TextVersion, Voice
from medspil.cases.reading import agreed_about
from medspil.plans.areas import LIFE_AREAS, WISH, Area
from medspil.plans.areas import area as area_called
from medspil.web import differ, show
from medspil.web.unsaid import trying

from . import forms
from .case import work_page


@work_page()
def area(request: HttpRequest, opened: OpenCase, area: str) -> HttpResponse:
    """Read both, write one's own, propose words for the citizen or for both. What two wrote at once, both keep."""
    place = area_called(area)
    if place is None:
        raise NotYours
    if not opened.whole:
        return _shared_area(request, opened, place)
    own, theirs, beside = _texts(opened, place)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    bound = {
        "own": forms.OwnVoiceForm(
            request.POST if doing in ("own", "own-both") else None, prefix="own", initial=_start(own)
        ),
        "propose": forms.ProposalForm(
            request.POST if doing in ("propose", "propose-both") else None,
            prefix="propose",
            initial=_start(theirs),
        ),
        "agreed": forms.AgreedForm(request.POST if doing == "agreed" else None, prefix="agreed"),
    }
    meanwhile: TextVersion | None = None
    form = bound.get(doing.removesuffix("-both"))
    if doing.endswith("-both") and form is not None:
        meanwhile, bound = _put_together(doing, bound, own if doing == "own-both" else theirs)
    elif doing == "agree" or (form is not None and form.is_valid()):
        act = trying(request, form)
        with act:
            done = _act(doing, form.cleaned_data if form is not None else {}, request.POST, opened, place)
            messages.success(request, done)
            return redirect("work-area", opened.pk, area)
        if form is None:
            return redirect("work-area", opened.pk, area)
        meanwhile = act.meanwhile
    return render(
        request,
        "casework/area.html",
        {
            "opened": opened,
            "area": place,
            "name": opened.citizen.first_name,
            "differ": differ.link(opened, place.about) if place in LIFE_AREAS else None,
            "citizen": show.voice(theirs, opened, whose=Voice.CITIZEN),
            "reply": _replies(opened, own, beside),
            "agreed": _agreed(opened, place),
            "forms": bound,
            "doing": doing.removesuffix("-both"),
            "meanwhile": _current(meanwhile),
            # Once the citizen has said that words are right, only they change them.
            "may_propose": theirs is None
            or not theirs.versions.all()
            or theirs.versions.all()[0].confirmed_at is None,
            "others": [
                {"key": one.key, "name": one.name} for one in (*LIFE_AREAS, WISH) if one.key != place.key
            ],
        },
    )


def _shared_area(request: HttpRequest, opened: OpenCase, place: Area) -> HttpResponse:
    """What the citizen shares of it with somebody who helps: to read."""
    only = opened.only(Sharing.Part.AREAS)
    if request.method != "GET" or (only is not None and place.about not in only):
        raise opened.refusal(Sharing.Part.AREAS, place.about)
    own, theirs, beside = _texts(opened, place)
    agreed = [t for t in opened.agreed_texts(Sharing.Part.AREAS, place.about) if t.about == place.about]
    return render(
        request,
        "casework/area_shared.html",
        {
            "signed": place in LIFE_AREAS,
            "opened": opened,
            "area": place,
            "citizen": show.voice(theirs, opened, whose=Voice.CITIZEN),
            "reply": _replies(opened, own, beside),
            "agreed": [show.agreed(one) for one in agreed],
        },
    )


def _texts(opened: OpenCase, place: Area) -> tuple[Text | None, Text | None, Text | None]:
    """Ours, the citizen's, and that of relatives."""
    found = {t.whose: t for t in opened.texts(Sharing.Part.AREAS, place.about) if t.about == place.about}
    return found.get(Voice.PROFESSIONAL), found.get(Voice.CITIZEN), found.get(Voice.RELATIVE)


def _replies(opened: OpenCase, own: Text | None, beside: Text | None) -> list[dict[str, Any]]:
    """Those who know the citizen from home before us."""
    return show.relatives(beside, opened) + ([show.voice(own, opened, verb="wrote")] if own else [])


def _start(text: Text | None) -> dict[str, Any]:
    """What a form begins with: the words that stand, and which version they are."""
    versions = list(text.versions.all()) if text else []
    return {"base": versions[0].number if versions else 0, "words": versions[0].words if versions else ""}


def _current(version: TextVersion | None) -> dict[str, Any] | None:
    """What another wrote meanwhile, in its voice, to read beside what one has typed."""
    if version is None:
        return None
    return {
        "whose": version.text.whose,
        "name": version.said_by.name,
        "words": version.words,
        "objections": [{"name": o.said_by.first_name, "words": o.words} for o in version.objections.all()],
    }


def _put_together(
    doing: str, bound: dict[str, Any], text: Text | None
) -> tuple[TextVersion | None, dict[str, Any]]:
    """Both texts in one field, the other's first, to be shortened by hand; nothing is saved yet."""
    key = doing.removesuffix("-both")
    form, current = bound[key], _start(text)
    data = form.data.copy()
    mine = data.get(f"{key}-words", "").replace("\r\n", "\n").strip()
    if current["words"] and current["words"] not in mine:
        mine = f"{current['words']}\n\n{mine}"
    data[f"{key}-words"], data[f"{key}-base"] = mine, str(current["base"])
    bound[key] = type(form)(data, prefix=key)
    return None, bound


def _act(doing: str, data: dict[str, Any], post: Any, opened: OpenCase, place: Area) -> str:
    name = opened.citizen.first_name
    if doing == "own":
        actions.write(
            about=place.about,
            whose=Voice.PROFESSIONAL,
            words=data["words"],
            base=data["base"],
            thread=opened.main_thread,
            by=opened,
        )
        return gettext("Gemt ved siden af det, %(name)s har sagt.") % {"name": name}
    if doing == "propose":
        actions.write(
            about=place.about,
            whose=Voice.CITIZEN,
            words=data["words"],
            base=data["base"],
            observed=data["observed"],
            thread=opened.main_thread,
            by=opened,
        )
        return gettext("Gemt som forslag. %(name)s skal sige, om det er rigtigt.") % {"name": name}
    if doing == "agreed":
        actions.propose_agreed(about=place.about, words=data["words"], thread=opened.main_thread, by=opened)
        return gettext("Foreslået. Det gælder, når %(name)s også har sagt ja.") % {"name": name}
    number = row_key(post.get("agreed", ""))
    if number is None:
        raise NotYours
    agreed = actions.agree(agreed=agreed_about(opened, Sharing.Part.AREAS, place.about, number), by=opened)
    if agreed.is_agreed:
        return gettext("Nu er I enige.")
    return gettext("Dit ja er gemt.")


def _agreed(opened: OpenCase, place: Area) -> list[dict[str, Any]]:
    """What is agreed and what is proposed; a yes of ours is one button where only it is missing."""
    rows = opened.agreed_texts(Sharing.Part.AREAS, place.about)
    return [_agreed_block(text, opened) for text in rows if text.about == place.about]


def _agreed_block(text: AgreedText, opened: OpenCase) -> dict[str, Any]:
    yes = (
        []
        if text.professional_yes_at
        else [
            {
                "label": gettext("Ja, det er vi enige om"),
                "url": "",
                "method": "post",
                "style": "second",
                "hidden": {"do": "agree", "agreed": text.pk},
            }
        ]
    )
    found = show.agreed(text, actions=yes)
    if text.professional_yes_at and not text.citizen_yes_at:
        found["missing"] = [opened.citizen.first_name]
    return found
