"""Other words for what one said at a meeting; what stood before stays readable."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing, Voice
from medspil.plans import mending, reading
from medspil.web import show
from medspil.web.unsaid import trying

from . import forms
from .opening import address, around, case_page


@case_page("meetings", work="work-meeting-mend:meeting:version")
def mend(request: HttpRequest, opened: OpenCase, meeting: int, version: int) -> HttpResponse:
    held = reading.meeting_to_act_in(opened, meeting)
    found = reading.version_in(opened, held, version)
    opened.require_citizen()
    back = f"{address(opened, 'meeting', held.pk)}#ord-{found.pk}"
    form = forms.MendForm(forms.posted(request), initial={"words": found.words})
    if form.is_valid():
        act = trying(request, form)
        with act:
            mending.mend(meeting=held, version=found, words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Rettet. Det, der stod før, kan stadig læses."))
            return redirect(address(opened, "meeting", held.pk))
        found = reading.version_in(opened, held, act.meanwhile.pk) if act.meanwhile else found
    text = opened.text(Sharing.Part.MINUTES, found.text.about, Voice(found.text.whose))
    said = show.voice(text, opened, version=found)
    save = address(opened, "meeting-mend", held.pk, found.pk)
    return render(
        request, "citizen/mend.html", around(opened, said=said, form=form, back_url=back, save_url=save)
    )
