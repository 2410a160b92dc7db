"""Form bits: days and hours as people write them, and a refusal put where it belongs."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext

from . import clock
from .refusals import Refusal

_DIGITS = re.compile(r"[0-9]{1,18}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_HOUR = re.compile(r"\d{2}:\d{2}")
REACH = 100
"""Years from today, both ways, in which a day can be meant."""
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y")
_HOUR_FORMATS = ("%H:%M", "%H.%M", "%H", "%H:%M:%S")


def row_key(text: str) -> int | None:
    """The number by which a form names a row; None for what cannot be one, however large or whatever its digits."""
    return int(text) if _DIGITS.fullmatch(text) else None


def row_day(text: str) -> date | None:
    """The day that a form says a row had when it was drawn; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class _Kept(forms.DateInput):
    """A browser throws away what it cannot read in its own day field, so such words come back in a plain one."""

    readable = _ISO_DAY

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not self.readable.fullmatch(shown):
            context["widget"]["type"] = "text"
        return context


class DayInput(_Kept):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(_Kept):
    input_type = "time"
    readable = _ISO_HOUR

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def _shorten(words: str) -> str:
    return words if len(words) <= 30 else words[:29] + "…"


class DayField(forms.DateField):
    """A day from the browser's calendar, or as it is written by hand: 3/12/2026, 3.12.2026, 3/12."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return clock.day_of(value)
        if isinstance(value, date):
            return value
        text = "".join(str(value).split()).rstrip(".")
        for form in _DAY_FORMATS:
            try:
                return self._within_reach(datetime.strptime(text, form).date(), str(value))  # noqa: DTZ007
            except ValueError:
                continue
        if short := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})", text):
            return self._coming(int(short[1]), int(short[2]), str(value))
        raise self._no_day(str(value))

    @staticmethod
    def _within_reach(day: date, typed: str) -> date:
        """No day that nobody alive meant: the year 206 or 20226 is a slip of the finger, and clocks end at 9999."""
        if abs(day.year - clock.today().year) > REACH:
            raise forms.ValidationError(
                gettext("»%(typed)s« er for langt væk. Er året rigtigt?") % {"typed": _shorten(typed)},
                code="too_far",
            )
        return day

    def _coming(self, day: int, month: int, typed: str) -> date:
        """That day this year, or next year when it has been."""
        today = clock.today()
        for year in (today.year, today.year + 1):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found >= today:
                return found
        raise self._no_day(typed)

    @staticmethod
    def _no_day(typed: str) -> forms.ValidationError:
        return forms.ValidationError(
            gettext("»%(typed)s« er ikke en dato. Skriv den som 3/12/2026.") % {"typed": _shorten(typed)},
            code="no_day",
        )


class HourField(forms.TimeField):
    """An hour: 10, 10.30, 10:30 or kl. 10."""

    widget = HourInput

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        text = str(value).strip().lower().removeprefix("kl.").removeprefix("kl").strip()
        for form in _HOUR_FORMATS:
            try:
                return datetime.strptime(text, form).time()  # noqa: DTZ007
            except ValueError:
                continue
        raise forms.ValidationError(
            gettext("»%(typed)s« er ikke et klokkeslæt. Skriv det som 10.30.")
            % {"typed": _shorten(str(value))},
            code="no_hour",
        )


_KRONER = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?")


class KronerField(forms.CharField):
    """An amount as people write it, 1.800 or 1800,50 kr. or 1,800.50; gives whole øre, never a broken number."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "size": "10"}))
        super().__init__(max_length=20, **more)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        typed = super().clean(value)
        if not typed:
            return None
        plain = typed.casefold().removesuffix(",-").removesuffix(".").removesuffix("kr").removesuffix(".")
        found = _KRONER.fullmatch(plain.removeprefix("kr").strip(" ."))
        if found is None or not found[0].isascii():
            raise forms.ValidationError(
                gettext("»%(typed)s« er ikke et beløb. Skriv det som 1.800 eller 1.800,50.")
                % {"typed": _shorten(typed)},
                code="no_amount",
            )
        whole = int(re.sub(r"[., ]", "", found[1]))
        return whole * 100 + int((found[2] or "0").ljust(2, "0"))


_TYPED_AS = {"due": "until", "new_due": "until", "starts_at": "day", "next_starts_at": "day"}
"""What a refusal is about, and the field of a form where it was typed under another name."""


def tell(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put the sentence of a refusal at the field it is about, or above the form."""
    form.is_valid()
    names = (refusal.field, _TYPED_AS.get(refusal.field or ""))
    form.add_error(next((name for name in names if name in form.fields), None), str(refusal.sentence))


class telling:  # noqa: N801 - said as a verb: `with telling(form):`
    """What is refused within is told in the form, and the page is drawn again with what was typed.

    `at` is the field that a refusal is told at, whatever it is about.
    """

    def __init__(self, form: forms.BaseForm, at: str = "") -> None:
        self.form, self.at = form, at

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Refusal):
            return False
        error.field = self.at or error.field
        tell(self.form, error)
        return True
