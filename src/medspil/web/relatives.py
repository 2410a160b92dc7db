"""»Sådan ser Mona det« for all: the relative writes it, the citizen and those who hold the whole read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.plans import relatives
from medspil.plans.relatives import View
from medspil.web.unsaid import trying

from . import show
from .templatetags.medspil import names

Around = Callable[..., dict[str, Any]]


class ViewForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    topic = forms.ChoiceField(label=_("Hvad handler det om?"))
    words = forms.CharField(
        label=_("Sådan ser jeg det"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, topics: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["topic"]
        field.choices = topics
        if len(topics) == 1:
            field.widget = forms.HiddenInput()


def _shown(one: View, opened: OpenCase, objection: str) -> dict[str, Any]:
    version = one.text.versions.all()[0]
    actions: list[show.Action] = []
    if objection and opened.has_citizens_voice and not opened.preview:
        actions = [
            {
                "label": gettext("Det ser jeg anderledes"),
                "url": reverse(objection, args=[opened.pk, version.pk]),
                "about": version.words[:80],
            }
        ]
    said = show.voice(one.text, opened, verb="thinks", actions=actions, anchor=f"ord-{version.pk}")
    return {
        "key": one.topic.key,
        "person": one.person.pk,
        "name": one.topic.name,
        "citizen": show.voice(one.citizen, opened) if one.citizen else None,
        "replies": [*([show.voice(one.ours, opened, verb="wrote")] if one.ours else []), said],
        "said": said,
    }


def page(
    request: HttpRequest, opened: OpenCase, *, layout: str, back: str, around: Around, objection: str = ""
) -> HttpResponse:
    found = relatives.views(opened)
    first = opened.citizen.first_name
    own = opened.standing == Standing.SELF
    wrote = list(dict.fromkeys(one.person.first_name for one in found))
    may = relatives.writers(opened) if own or opened.works_here else []
    if opened.is_beside:
        title = gettext("Sådan ser du det.")
    elif wrote:
        title = gettext("Sådan ser %(names)s det.") % {"names": names(wrote)}
    else:
        title = gettext("Ingen har skrevet, hvordan de ser det.")
    shown = [_shown(one, opened, objection) for one in found]
    answer = _writing(request, opened, found, shown)
    if isinstance(answer, HttpResponse):
        return answer
    return render(
        request,
        "case/views.html",
        around(
            opened,
            layout=layout,
            first=first,
            own=own,
            beside=opened.is_beside,
            works=opened.works_here,
            heading=title,
            rows=shown,
            form=answer,
            may=[{"name": person.name, "first": person.first_name, "pk": person.pk} for person in may],
            stop_url=reverse("stop-sharing", args=[opened.pk]) if own else "",
            sharing_url=reverse("case-sharing", args=[opened.pk]) if own else "",
            coordinator=opened.coordinator.first_name if opened.coordinator else opened.main_thread.unit.name,
            back_url=reverse(back, args=[opened.pk]),
            back_name=opened.citizen.name if not own else gettext("Min sag"),
        ),
    )


def _writing(
    request: HttpRequest, opened: OpenCase, found: list[View], shown: list[dict[str, Any]]
) -> ViewForm | HttpResponse | None:
    """The relative's forms: one for each place they wrote of, and one for the others. What was sent is saved."""
    if not opened.may_tell_view:
        if request.method == "POST":
            raise NotYours
        return None
    written = {one.topic.key: one for one in found}
    left = [(one.key, str(one.name)) for one in relatives.TOPICS if one.key not in written]
    everything = [(one.key, str(one.name)) for one in relatives.TOPICS]
    sent = None
    if request.method == "POST":
        sent = ViewForm(request.POST, topics=everything)
        if sent.is_valid():
            with trying(request, sent):
                relatives.tell(**sent.cleaned_data, by=opened)
                said = gettext("Dine ord står nu ved siden af. %(name)s kan læse dem.")
                messages.success(request, said % {"name": opened.citizen.first_name})
                return redirect(request.path)
    topic = str(sent["topic"].value()) if sent is not None else ""
    for row in shown:
        one = written[row["key"]]
        start = {
            "topic": row["key"],
            "base": one.text.versions.all()[0].number,
            "words": row["said"]["words"],
        }
        row["open"] = topic == row["key"]
        row["form"] = (
            sent
            if row["open"]
            else ViewForm(initial=start, topics=[(row["key"], row["name"])], auto_id=f"id_{row['key']}_%s")
        )
    if sent is not None and topic not in written:
        return sent
    return ViewForm(initial={"base": 0}, topics=left) if left else None
