"""Words that a page has no place for any more: said on top of it, and given back to be copied."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import tell
from medspil.base.refusals import Refusal
from medspil.cases.actions import ChangedMeanwhile, WrittenMeanwhile
from medspil.cases.models import TextVersion


def typed_words(request: HttpRequest) -> list[str]:
    """What somebody had written, as far as can be told without the form: whatever has more than one word."""
    return [words for words in request.POST.values() if isinstance(words, str) and len(words.split()) > 1]


def typed_in(form: forms.BaseForm) -> list[str]:
    """What somebody had written in the text fields of a form."""
    written = (
        form[name].data
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField)
        and not isinstance(field, forms.UUIDField)
        and not field.widget.is_hidden
    )
    return [words for words in written if words and words.strip()]


class trying:  # noqa: N801 - said as a verb: `with trying(request, form):`
    """What is refused within is told in `form`; on top of the next page where a button was all there was.

    `meanwhile` is what another wrote since the form was drawn: the form keeps what was typed, and goes on from there.
    """

    meanwhile: TextVersion | None = None

    def __init__(self, request: HttpRequest, form: forms.BaseForm | None = None) -> None:
        self.request, self.form = request, form

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Refusal):
            return False
        if isinstance(error, WrittenMeanwhile):
            self.meanwhile = error.current
        if isinstance(error, ChangedMeanwhile) and self.form and "base" in self.form.fields:
            go_on_from(self.form, base=error.base)
        refuse(self.request, self.form, error)
        return True


def go_on_from(form: forms.BaseForm, **fresh: Any) -> None:
    """Fields that say what somebody had read say from here on what stands there now."""
    form.is_valid()
    form.data = form.data.copy()  # type: ignore[attr-defined]
    for name, value in fresh.items():
        form.data[form.add_prefix(name)] = value  # type: ignore[index]


def read_again(form: forms.BaseForm, **fresh: Any) -> None:
    """The same of an answer to what was rewritten: a yes was to the words that were read, and has to be said anew."""
    anew = {"answer": ""} if form["answer"].data == "yes" else {}
    go_on_from(form, **fresh, **anew)


def refuse(request: HttpRequest, form: forms.BaseForm | None, refusal: Refusal) -> None:
    """Put a refusal at the form that was sent; on top of the page where none was."""
    if form is not None and form.is_bound:
        tell(form, refusal)
    else:
        messages.error(request, str(refusal.sentence))


class OtherwiseNow(Refusal):
    """The form was there when the page was opened; somebody else has done it since, and it is there no more."""

    sentence = _("Det er ændret, siden du åbnede siden. Se, hvad der står nu.")


def give_back(request: HttpRequest, refusal: Refusal) -> None:
    """Where there is no form at all: the sentence on top of the page, with the words below it."""
    messages.error(request, str(refusal.sentence))
    request.unsaid = typed_words(request)  # type: ignore[attr-defined]


def not_drawn(request: HttpRequest, form: forms.BaseForm | None) -> None:
    """For a form the page draws no longer: what was said to it stands on top, and its words are given back."""
    if form is None or not form.is_bound or form.is_valid():
        return
    said = [
        str(error.message) for errors in form.errors.as_data().values() for error in errors if not error.code
    ]
    for sentence in said or [gettext("Det kan ikke gøres mere. Siden viser, hvordan det står nu.")]:
        messages.error(request, sentence)
    request.unsaid = typed_in(form)  # type: ignore[attr-defined]
