"""Writing with the team of one part of the case."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.fields import row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Thread
from medspil.contact import messages, talks
from medspil.contact.models import Message
from medspil.people.models import Person
from medspil.web import keeping
from medspil.web import talks as shown
from medspil.web.unsaid import trying

from . import forms
from .opening import address, around, case_page


@case_page("asked", part=talks.PART, work="work-talk:thread_pk")
def talk(request: HttpRequest, opened: OpenCase, thread_pk: int) -> HttpResponse:
    """What has been written, the newest last, and one field to write more."""
    thread = talks.with_team(opened, thread_pk)
    if request.method == "POST" and not opened.speaks_for_citizen:
        raise NotYours
    to = _to(request, thread)
    form = keeping.with_choice(
        forms.MessageForm(request.POST, request.FILES)
        if request.method == "POST"
        else forms.MessageForm.fresh(to=to.pk if to else None),
        opened,
        thread=thread.pk,
    )
    if request.method == "POST" and form.is_valid():
        with telling(form):
            sent = messages.send(
                words=form.cleaned_data["words"],
                thread=thread,
                key=form.cleaned_data["key"],
                kind=form.cleaned_data["kind"],
                to=_member(thread, form.cleaned_data["to"]),
                files=[file for file in [form.cleaned_data["beside"]] if file],
                kept_close=bool(keeping.chosen(form)),
                by=opened,
            )
            return redirect(f"{address(opened, 'case-talk', thread.pk)}#besked-{sent.pk}")
    said, more = talks.talk(opened, thread, whole="alle" in request.GET)
    entries = [shown.entry(one, opened) for one in said]
    if any(one.is_new for one in said):
        messages.mark_read(thread=thread, by=opened)
    return render(
        request,
        "citizen/talk.html",
        around(
            opened,
            entries=entries,
            more=more,
            who=to.first_name if to else shown.with_whom(thread),
            topic=shown.topic(thread),
            may_write=opened.speaks_for_citizen,
            form=form,
            back_url=address(opened, "case-asked"),
        ),
    )


def _to(request: HttpRequest, thread: Thread) -> Person | None:
    """One of the team, when the reader came to write to just that one."""
    pk = row_key(request.GET.get("til", ""))
    found = _member(thread, pk)
    if pk and found is None and request.method != "POST":
        raise NotYours
    return found


def _member(thread: Thread, pk: int | None) -> Person | None:
    """Whoever left the team while one wrote to them is nobody in particular."""
    team = [member.person for member in thread.team]  # type: ignore[attr-defined]
    return next((person for person in team if person.pk == pk), None)


def _back(opened: OpenCase, message: Message) -> HttpResponse:
    return redirect(f"{address(opened, 'case-talk', message.thread_id)}#besked-{message.pk}")


@case_page("asked")
@require_POST
def take_back(request: HttpRequest, opened: OpenCase, message_pk: int) -> HttpResponse:
    opened.require_citizen()
    message = talks.message(opened, message_pk)
    with trying(request):
        messages.take_back(message=message, by=opened)
        flash.success(request, gettext("Taget tilbage. Ingen har læst den."))
    return _back(opened, message)


@case_page("asked")
@require_POST
def say_kind(request: HttpRequest, opened: OpenCase, message_pk: int) -> HttpResponse:
    message, kind = talks.message(opened, message_pk), request.POST.get("kind", "")
    if kind not in Message.Kind.values:
        raise NotYours
    messages.say_kind(message=message, kind=kind, by=opened)
    flash.success(request, gettext("Tak. Nu ved vi, hvad det er."))
    return _back(opened, message)
