"""Writing with a citizen: their messages with their clocks, and one field to answer in."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.fields import row_key, tell, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.contact import messages, talks
from medspil.contact.models import Message
from medspil.web import talks as shown
from medspil.web.templatetags.medspil import moment
from medspil.web.unsaid import trying

from . import forms, needs
from .case import work_page


@work_page()
def talk(request: HttpRequest, opened: OpenCase, thread_pk: int | None = None) -> HttpResponse:
    """One department's talk; without its key the first that the reader works in. One that the citizen shares is there
    to be read."""
    thread = opened.thread() if thread_pk is None else talks.with_team(opened, thread_pk)
    mine = opened.works_in(thread)
    if request.method == "POST" and not mine:
        raise NotYours
    said, more = talks.talk(opened, thread, whole="alle" in request.GET)
    waiting = [one for one in said if one.waits]
    wanted = row_key(request.GET.get("svar", ""))
    chosen = [one for one in waiting if one.message.pk == wanted] or waiting[-1:]
    choices = [
        (str(one.message.pk), gettext("Beskeden fra %(when)s") % {"when": moment(one.message.sent_at)})
        for one in waiting
    ]
    form = forms.ReplyForm.fresh(choices=choices, answers=[str(one.message.pk) for one in chosen])
    if request.method == "POST":
        typed = request.POST.copy()
        answered = set(typed.getlist("answers")) - {key for key, _label in choices}
        typed.setlist("answers", [key for key in typed.getlist("answers") if key not in answered])
        form = forms.ReplyForm(typed, request.FILES, choices=choices)
        # What the writer answered a moment ago, with a second press or with more to say, is no colleague's answer.
        if answered - talks.answered_oneself(opened, answered):
            tell(form, messages.AnsweredMeanwhile())
        if form.is_valid():
            answers = [one.message for one in waiting if str(one.message.pk) in form.cleaned_data["answers"]]
            with telling(form):
                sent = messages.write(
                    words=form.cleaned_data["words"],
                    thread=thread,
                    key=form.cleaned_data["key"],
                    answers=answers,
                    anyway=form.cleaned_data["anyway"],
                    files=[file for file in [form.cleaned_data["beside"]] if file],
                    by=opened,
                )
                flash.success(
                    request, gettext("Sendt. %(name)s kan læse det nu.") % {"name": opened.citizen.first_name}
                )
                return redirect(f"{reverse('work-talk', args=[opened.pk, thread.pk])}#besked-{sent.pk}")
    entries = [shown.entry(one, opened) for one in said]
    if mine and any(one.is_new for one in said):
        messages.mark_read(thread=thread, by=opened)
    return render(
        request,
        "casework/talk.html",
        {
            "opened": opened,
            "entries": entries,
            "more": more,
            "waiting": len(waiting) if mine else 0,
            "needs": needs.shown(opened),
            "topic": shown.topic(thread),
            "form": form if mine else None,
        },
    )


@work_page()
def answer(request: HttpRequest, opened: OpenCase, promise_pk: int) -> HttpResponse:
    """From a clock on the desk to the message it runs on."""
    promise = opened.promise(promise_pk)
    try:
        message = talks.of_clock(opened, promise)
    except NotYours:
        # The message was taken back; that its clock ran stands on its own page.
        return redirect("work-promise", opened.pk, promise.pk)
    url = reverse("work-talk", args=[opened.pk, message.thread_id])
    return redirect(f"{url}?svar={message.pk}#besked-{message.pk}")


@work_page()
@require_POST
def take_back(request: HttpRequest, opened: OpenCase, message_pk: int) -> HttpResponse:
    message = talks.message(opened, message_pk)
    with trying(request):
        messages.take_back(message=message, by=opened)
        flash.success(request, gettext("Taget tilbage. Ingen har læst den."))
    return redirect("work-talk", opened.pk, message.thread_id)


@work_page()
@require_POST
def propose_kind(request: HttpRequest, opened: OpenCase, message_pk: int) -> HttpResponse:
    message, kind = talks.message(opened, message_pk), request.POST.get("kind", "")
    if kind not in Message.Kind.values:
        raise NotYours
    with trying(request):
        messages.propose_kind(message=message, kind=kind, by=opened)
        flash.success(
            request,
            gettext("%(name)s bliver spurgt, om det er rigtigt.") % {"name": opened.citizen.first_name},
        )
    return redirect(f"{reverse('work-talk', args=[opened.pk, message.thread_id])}#besked-{message.pk}")
