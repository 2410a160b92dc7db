"""Calling a citizen: the number, how they like to be met, what was tried, and half a minute to note what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases import work
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.contact import calls, reaching
from medspil.web import show

from . import case, forms, needs
from .case import work_page


@work_page()
def talked(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Call, and leave a line of it; one that was promised (`loefte`) is kept by the talk."""
    promise = _promise(request, opened)
    form = forms.TalkForm(request.POST or None)
    if form.is_valid():
        with telling(form):
            said = _note(form, promise, opened)
            messages.success(request, said % {"name": opened.citizen.first_name})
            return redirect("desk" if promise else "work-case", *([] if promise else [opened.pk]))
    asked = calls.request_of(opened, promise) if promise else None
    return render(
        request,
        "casework/talked.html",
        {
            "opened": opened,
            "form": form,
            "promise": show.sentence(promise) if promise else "",
            "suits": asked.suits if asked else "",
            "needs": needs.shown(opened),
            "mind": [f"{need}. {verdict.sentence}" for need, verdict in reaching.call_now(opened)],
            "tries": [show.call_try(one) for one in calls.last_tries(opened)],
            "last": [case.note(n) for n in work.timeline(opened, limit=3)],
        },
    )


def _promise(request: HttpRequest, opened: OpenCase) -> Promise | None:
    """The call that was promised, by the key in the address."""
    key = row_key(request.GET.get("loefte", ""))
    if key is None:
        return None
    found = opened.promise(key)
    if found.kind != Promise.Kind.CALL:
        raise NotYours
    return found


def _note(form: forms.TalkForm, promise: Promise | None, opened: OpenCase) -> str:
    came_to = form.cleaned_data["came_to"] or forms.TalkForm.TALKED
    if came_to == forms.TalkForm.TALKED:
        calls.note_talk(words=form.cleaned_data["words"], promise=promise, by=opened)
        return gettext("Gemt. %(name)s kan læse det.")
    calls.note_try(came_to=came_to, words=form.cleaned_data["words"], promise=promise, by=opened)
    return gettext("Gemt. %(name)s kan se, at du har ringet.")
