"""Components and words of the pages: pure functions of plain values, no database, no roles.

What each tag takes is described in `templates/components/README.md`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.template.context import Context
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from medspil.base import clock as clocks

register = template.Library()

NBSP = "\u00a0"
DIAL_STATES = (
    "on_its_way",
    "today",
    "slipping",
    "broken",
    "moved",
    "kept",
    "done",
    "no_date",
    "withdrawn",
    "past",
    "too_much",
)
MONTHS_DA = ("jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sept.", "okt.", "nov.", "dec.")
MONTHS_EN = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
AREAS = {
    # key: (pictogram, class)
    "home": "clean",
    "self": "shower",
    "around": "bus",
    "communicate": "forum",
    "society": "store",
    "together": "together",
    "health": "health",
}


def pick(thing: Any, name: str, default: Any = "") -> Any:
    """The value called `name` of a mapping or an object; `default` where it has none."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


ACTION = dict.fromkeys(("method", "icon", "about", "hidden"), "")
DESK_ROW = dict.fromkeys(("voice", "lang", "what", "url", "who", "reason", "action"), "")


def with_all(row: Any, parts: dict[str, str]) -> Any:
    """The row with all its parts, the missing ones empty: a template looks long for what is not there."""
    return {**parts, **row} if isinstance(row, Mapping) else row


# Words


def _danish() -> bool:
    return not (get_language() or "da").startswith("en")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _as_day(value: date | datetime) -> date:
    return clocks.day_of(value) if isinstance(value, datetime) else value


@register.filter
def day_long(value: date | datetime | None) -> str:
    """»torsdag 26. november« / “Thursday 26 November”; with the year when it is another than this one."""
    if not value:
        return ""
    day = _as_day(value)
    return f"{date_format(day, 'l')} {day_month(day)}"


@register.filter
def day_month(value: date | datetime | None) -> str:
    """»26. november« / “26 November”, kept on one line; with the year when it is another than this one."""
    if not value:
        return ""
    day = _as_day(value)
    dot = "." if _danish() else ""
    words = f"{day.day}{dot}{NBSP}{date_format(day, 'F')}"
    return words if day.year == clocks.today().year else f"{words}{NBSP}{day.year}"


@register.filter
def day_year(value: date | datetime | None) -> str:
    """»26. november 2026« / “26 November 2026”, kept on one line."""
    if not value:
        return ""
    day = _as_day(value)
    dot = "." if _danish() else ""
    return f"{day.day}{dot}{NBSP}{date_format(day, 'F')}{NBSP}{day.year}"


@register.filter
def month_short(value: date | datetime | None) -> str:
    """»nov.« / “Nov”: short enough for the block of the next meeting."""
    if not value:
        return ""
    number = _as_day(value).month - 1
    return (MONTHS_DA if _danish() else MONTHS_EN)[number]


@register.filter
def month_year(value: date | datetime | None) -> str:
    """»oktober 2026« / “October 2026”."""
    return f"{date_format(_as_day(value), 'F')}{NBSP}{_as_day(value).year}" if value else ""


@register.filter
def hour(value: Any) -> str:
    """»kl. 15« or »kl. 8.41« / “at 15:00” or “at 8:41”, kept on one line. Takes a time or an aware moment."""
    if not value:
        return ""
    at = value.astimezone(clocks.COPENHAGEN) if isinstance(value, datetime) else value
    if _danish():
        return f"kl.{NBSP}{at.hour}" + (f".{at.minute:02}" if at.minute else "")
    return f"at{NBSP}{at.hour}:{at.minute:02}"


@register.filter
def hours(start: Any, end: Any) -> str:
    """»kl. 10 til 11« / “10:00 to 11:00”: from one time or moment to another."""
    if not start or not end:
        return hour(start)
    first, last = (
        value.astimezone(clocks.COPENHAGEN) if isinstance(value, datetime) else value
        for value in (start, end)
    )
    if _danish():
        ends = f"{last.hour}" + (f".{last.minute:02}" if last.minute else "")
        return f"{hour(start)} til{NBSP}{ends}"
    return f"{first.hour}:{first.minute:02} to{NBSP}{last.hour}:{last.minute:02}"


@register.filter
def by_day(value: date | datetime | None) -> str:
    """»senest fredag 11. december« / “by Friday 11 December”."""
    return gettext("senest %(day)s") % {"day": day_long(value)} if value else ""


@register.filter
def in_days(value: date | datetime | None, today: date | None = None) -> str:
    """»i dag«, »i morgen«, »om 18 dage«, »i går«, »for 4 dage siden«: how far a day is from today (or `today`)."""
    if not value:
        return ""
    count = (_as_day(value) - (today or clocks.today())).days
    if count == 0:
        return gettext("i dag")
    if count == 1:
        return gettext("i morgen")
    if count == -1:
        return gettext("i går")
    if count > 0:
        words = ngettext("om %(count)s dag", "om %(count)s dage", count) % {"count": count}
    else:
        words = ngettext("for %(count)s dag siden", "for %(count)s dage siden", -count) % {"count": -count}
    return words.replace(" ", NBSP)


@register.filter
def moment(value: datetime | None, today: date | None = None) -> str:
    """When something happened: »i dag kl. 8.41«, »i går kl. 8.41«, then »torsdag 19. november«."""
    if not value:
        return ""
    away = (_as_day(value) - (today or clocks.today())).days
    if away in (0, -1, 1):
        return f"{in_days(value, today)} {hour(value)}"
    return day_long(value)


@register.filter
def capital(value: Any) -> str:
    """The words with a capital first letter, the rest untouched."""
    return _capital(str(value or ""))


@register.filter
def phone(value: Any) -> str:
    """»20 00 00 12«: a Danish number in pairs that never part; another number as it is, kept on one line."""
    text = str(value or "")
    bare = "".join(text.split())
    digits = bare.removeprefix("+45")
    if len(digits) == 8 and digits.isdigit():
        return NBSP.join(digits[i : i + 2] for i in range(0, 8, 2))
    return text.strip().replace(" ", NBSP)


@register.filter
def phone_link(value: Any) -> str:
    """The address that rings the number: `tel:20000012`."""
    return "tel:" + "".join(sign for sign in str(value or "") if sign.isdigit() or sign == "+")


@register.filter
def quoted(value: Any) -> str:
    """The words in »…«, in English in “…”; once only, and nothing at all around nothing."""
    words = str(value or "").strip()
    if not words:
        return ""
    if words[0] in "»“" and words[-1] in "«”":
        words = words[1:-1]
    return f"»{words}«" if _danish() else f"“{words}”"


@register.filter
def kroner(ore: int) -> str:
    """»1.800 kr.« / “DKK 1,800”, with the øre where there are any."""
    whole, rest = divmod(ore, 100)
    english = not (get_language() or "da").startswith("da")
    said = f"{whole:,}" + (f".{rest:02}" if rest else "")
    if english:
        return f"DKK\u00a0{said}"
    return said.translate(str.maketrans(",.", ".,")) + "\u00a0kr."


@register.filter
def names(people: Iterable[Any]) -> str:
    """»Karen, Petra og Mona« / “Karen, Petra and Mona”, from names or from things with a `name`."""
    said = [
        str(person if isinstance(person, str) else pick(person, "name", person)) for person in people or ()
    ]
    if len(said) < 2:
        return "".join(said)
    return gettext("%(many)s og %(last)s") % {"many": ", ".join(said[:-1]), "last": said[-1]}


@register.filter
def figure(value: Any, places: int = 1) -> str:
    """»1,3« / “1.3”, with a true minus sign; a whole number stays whole."""
    if value is None or value == "":
        return ""
    words = f"{value:.{places}f}" if isinstance(value, float) else str(value)
    words = words.replace("-", "\u2212")
    return words.replace(".", ",") if _danish() else words


@register.filter
def initials(name: Any) -> str:
    """»IH« of »Ida Holm«: first letter of the first and of the last name."""
    parts = str(name or "").split()
    return "".join(part[0] for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts)).upper()


STATE_WORDS = {
    "on_its_way": gettext_lazy("På vej"),
    "today": gettext_lazy("I dag"),
    "slipping": gettext_lazy("Kan glide"),
    "broken": gettext_lazy("Ikke holdt"),
    "past": gettext_lazy("Dagen er gået"),
    "too_much": gettext_lazy("For meget lige nu"),
    "moved": gettext_lazy("Flyttet i tide"),
    "kept": gettext_lazy("Holdt"),
    "done": gettext_lazy("Gjort"),
    "no_date": gettext_lazy("hvornår?"),
    "withdrawn": gettext_lazy("Ikke aktuelt mere"),
}
OWN_STATE_WORDS = {
    **STATE_WORDS,
    "slipping": gettext_lazy("Snart"),
    "broken": gettext_lazy("Dagen er gået"),
    "kept": gettext_lazy("Gjort"),
}


@register.filter
def state_word(state: str, side: str = "municipality") -> str:
    """The word a promise's state is told by; the citizen's own promises have gentler ones."""
    return str((OWN_STATE_WORDS if side == "citizen" else STATE_WORDS).get(state, ""))


# Small parts


@register.simple_tag
def icon(name: str, size: int = 24, css: str = "") -> SafeString:
    """A filled pictogram from the sprite; hidden from screen readers, because words always stand beside it."""
    return format_html(
        '<svg class="ico {}" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        size,
        size,
        static("vendor/icons.svg"),
        name,
    )


@register.inclusion_tag("components/clock.html")
def clock(state: str, share: float | None = None, size: int = 48) -> dict[str, Any]:
    """The dial of a promise; `share` is the part of the time that is left, 0 to 1."""
    if state not in DIAL_STATES:
        raise template.TemplateSyntaxError(f"clock: no dial is drawn for {state!r}")
    left = 1.0 if share in (None, "") else min(max(float(share or 0), 0.0), 1.0)
    drawing = {"done": "kept", "too_much": "withdrawn", "past": "no_date"}.get(state, state)
    return {"state": drawing, "size": size, "arc": f"{left * 100:.1f}", "whole": left >= 0.995}


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, kind: str = "citizen", size: int = 36, letters: str = "") -> dict[str, Any]:
    """Initials in a disc: peach `citizen`, grey-blue `authority`, green `other`."""
    return {"letters": letters or initials(name), "kind": kind, "size": size}


@register.inclusion_tag("components/action.html")
def action(a: Any, small: bool = False) -> dict[str, Any]:
    """A link or a button that posts, from label, url, style, method, icon, hidden."""
    return {"a": with_all(a, ACTION), "small": small, "style": pick(a, "style") or "link"}


@register.inclusion_tag("components/actions.html")
def actions(items: Any, small: bool = False) -> dict[str, Any]:
    return {"items": items, "small": small}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, text: str) -> dict[str, Any]:
    return {"url": url, "text": text}


@register.inclusion_tag("components/read_aloud.html")
def read_aloud(target: str, text: str = "", kind: str = "tool") -> dict[str, Any]:
    """A button that reads the element with this id aloud; stays hidden where there is no voice on the machine."""
    return {"target": target, "text": text, "kind": kind}


# Promises


def _promise(p: Any) -> dict[str, Any]:
    state = pick(p, "state")
    side = pick(p, "side") or "municipality"
    own = side == "citizen"
    if own and state == "broken":
        state = "past"
    if own and state == "kept":
        state = "done"
    return {
        "p": p,
        "state": state,
        "own": own,
        "word": pick(p, "state_word") or state_word(state, side),
        "share": pick(p, "share", None),
        "over": state in ("kept", "done", "withdrawn"),
    }


@register.inclusion_tag("components/promise_card.html")
def promise_card(p: Any, size: int = 48, level: int = 0) -> dict[str, Any]:
    return {**_promise(p), "size": size, "level": level}


@register.inclusion_tag("components/promise_list.html")
def promise_list(promises: Any, empty: str = "") -> dict[str, Any]:
    return {"promises": promises, "empty": empty}


@register.inclusion_tag("components/step_row.html")
def step_row(p: Any) -> dict[str, Any]:
    """A promise in one or two short lines, as under a goal."""
    return _promise(p)


@register.inclusion_tag("components/clock_line.html")
def clock_line(p: Any, size: int = 60) -> dict[str, Any]:
    """A dial with one sentence at its side: lead, strong, rest."""
    return {**_promise(p), "size": size}


@register.inclusion_tag("components/desk_row.html")
def desk_row(r: Any) -> dict[str, Any]:
    return {**_promise(r), "r": with_all(r, DESK_ROW)}


@register.inclusion_tag("components/agreement_row.html")
def agreement_row(a: Any) -> dict[str, Any]:
    return {**_promise(a), "a": a}


# Voices


def _voice(v: Any) -> dict[str, Any]:
    whose = pick(v, "whose") or "citizen"
    return {
        "v": v,
        "citizen": whose == "citizen",
        "relative": whose == "relative",
        "letters": pick(v, "initials") or initials(pick(v, "name")),
        "first": pick(v, "first_name") or str(pick(v, "name")).split(" ")[0],
    }


@register.inclusion_tag("components/voice.html")
def voice_block(v: Any, size: str = "", head: str = "", level: int = 0) -> dict[str, Any]:
    """One voice as a block. Size: "" | "hero" | "strengths" | "room"; `head` replaces »Ida sagde«."""
    return {**_voice(v), "form": "block", "size": size, "head": head, "level": level}


@register.inclusion_tag("components/voice.html")
def voice_line(v: Any, size: str = "") -> dict[str, Any]:
    """One voice as a line in a list, a tile or a goal card; its objections follow it there too."""
    return {**_voice(v), "form": "line", "size": size}


@register.inclusion_tag("components/two_voices.html")
def two_voices(citizen: Any, professional: Any = None, agreed: Any = None, size: str = "") -> dict[str, Any]:
    """The citizen's voice first, then the others' (one or a list), then what both agreed to."""
    replies = (
        professional if isinstance(professional, (list, tuple)) else [professional] if professional else []
    )
    return {"citizen": citizen, "replies": replies, "agreed": agreed, "size": size}


@register.inclusion_tag("components/voice_agreed.html")
def agreed_block(a: Any, size: str = "") -> dict[str, Any]:
    """Words both agreed to; with `is_agreed` False (or somebody `missing`) a proposal that waits for a yes."""
    whole = pick(a, "is_agreed", None)
    return {
        "a": a,
        "size": size,
        "whole": not pick(a, "missing") if whole is None or whole == "" else bool(whole),
        "yes": pick(a, "yes") or pick(a, "names"),
    }


@register.inclusion_tag("components/disagreement.html")
def disagreement(d: Any, level: int = 3) -> dict[str, Any]:
    return {"d": d, "level": level}


# Cards


@register.inclusion_tag("components/person_card.html")
def person_card(p: Any, level: int = 3) -> dict[str, Any]:
    return {"p": p, "level": level, "role": pick(p, "role") or pick(p, "what")}


@register.inclusion_tag("components/area_tile.html")
def area_tile(a: Any, level: int = 3) -> dict[str, Any]:
    key = pick(a, "key")
    return {"a": a, "key": key, "icon_name": AREAS.get(key, "edit"), "level": level}


@register.inclusion_tag("components/area_sign.html")
def area_sign(key: str, size: int = 64) -> dict[str, Any]:
    """The pictogram of a life area on its tile."""
    return {"key": key, "icon_name": AREAS[key], "size": size, "inner": round(size * 0.56)}


@register.inclusion_tag("components/goal_card.html")
def goal_card(g: Any, level: int = 3) -> dict[str, Any]:
    return {"g": g, "level": level}


@register.inclusion_tag("components/date_block.html")
def date_block(day: date | datetime) -> dict[str, Any]:
    return {"day": _as_day(day), "dot": "." if _danish() else ""}


@register.inclusion_tag("components/meeting_card.html")
def meeting_card(m: Any, level: int = 2) -> dict[str, Any]:
    return {"m": m, "level": level}


@register.inclusion_tag("components/step_path.html")
def step_path(steps: Any) -> dict[str, Any]:
    return {"steps": steps}


@register.inclusion_tag("components/agenda.html")
def agenda(items: Any) -> dict[str, Any]:
    total = list(items)
    here = next((i for i, item in enumerate(total, 1) if pick(item, "state") == "now"), 0)
    return {"items": total, "here": here, "count": len(total)}


@register.inclusion_tag("components/calm_card.html")
def calm_card(c: Any, number: int = 1) -> dict[str, Any]:
    return {"c": c, "number": number}


@register.inclusion_tag("components/log_line.html")
def log_line(entry: Any) -> dict[str, Any]:
    return {
        "entry": entry,
        "name": pick(entry, "name") or pick(entry, "who"),
        "when": pick(entry, "when_text") or pick(entry, "when"),
    }


@register.inclusion_tag("components/fact.html")
def fact(icon_name: str, text: Any, lang: str = "") -> dict[str, Any]:
    """A pictogram and a sentence: who comes, where, what is good to know. `lang`: of words that somebody wrote."""
    return {"icon_name": icon_name, "text": text, "lang": lang}


# Messages


@register.inclusion_tag("components/notice.html")
def notice(
    title: Any, text: Any = "", icon: str = "notice", kind: str = "info", link: Any = None
) -> dict[str, Any]:
    """Kind: "info" (grey-blue), "good" (soft green)."""
    return {"title": title, "text": text, "icon_name": icon, "kind": kind, "link": link}


@register.inclusion_tag("components/empty.html")
def empty(text: Any, title: Any = "", icon: str = "cup", a: Any = None) -> dict[str, Any]:
    return {"title": title, "text": text, "icon_name": icon, "a": a}


@register.inclusion_tag("components/error_box.html")
def error_box(title: Any, text: Any = "", link: Any = None) -> dict[str, Any]:
    return {"title": title, "text": text, "link": link}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*bound_forms: Any, focus: bool = True) -> dict[str, Any]:
    """What is missing in the forms, or lists of them, each with a link to its field; takes the focus.

    Nothing when all is well. A form that is one of many alike says what it is about: `form.about`.
    """
    rows: list[dict[str, str]] = []
    for form in (one for given in bound_forms for one in (given if isinstance(given, list) else [given])):
        if not form or not form.is_bound:
            continue
        for name in form.errors:
            bound = form[name] if name in form.fields else None
            for text in _sentences(form, name):
                where = "" if bound is None else str(bound.label).rstrip(" .:")
                if where and (about := getattr(form, "about", "")):
                    where = f"{about}: {where}"
                joint = " " if where.endswith("?") else ": "
                rows.append(
                    {
                        "text": f"{where}{joint}{text}" if where else text,
                        "target": anchor(bound) if bound else "",
                    }
                )
    return {"rows": rows, "focus": focus}


# Forms


def _sentences(form: Any, name: str) -> list[str]:
    """What is wrong with one field, in our words where Django would have said it in its own."""
    warm = {
        "required": gettext("Vi mangler dit svar her."),
        "invalid_choice": gettext("Vælg et af svarene."),
    }
    field = form.fields.get(name)
    # What Django itself says for each code, gathered as Field does: a form's own sentence is never replaced.
    told: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__ if field else ()):
        told.update(getattr(kind, "default_error_messages", {}))
    sentences = []
    for error in form.errors.as_data()[name]:
        text = " ".join(error.messages)
        stock = error.code in told and error.message == told[error.code]
        if stock and isinstance(field, forms.DateField):
            warm["invalid"] = gettext("Det er ikke en dato. Skriv den som 26.11.2026, eller vælg den.")
        sentences.append(warm.get(error.code or "", text) if stock else text)
    return sentences


def anchor(field: BoundField) -> str:
    """The id that a link from the summary leads to: of a group its first choice."""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.inclusion_tag("components/field.html")
def field(
    f: BoundField, voice: bool = False, label: str = "", help: str = "", rows: int = 0
) -> dict[str, Any]:
    """Label, help, error and control of one form field; `voice` where the citizen writes their own words."""
    widget = f.field.widget
    kind = "text"
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, CheckboxInput):
        kind = "check"
    elif isinstance(widget, Select):
        kind = "select"
    elif isinstance(widget, Textarea):
        kind = "area"
    elif isinstance(widget, FileInput):
        kind = "file"
    about = help or f.help_text
    ids = []
    if about:
        ids.append(f"{f.auto_id}_help")
    if f.errors:
        ids.append(f"{f.auto_id}_error")
    css = [str(widget.attrs.get("class", ""))]
    css.append(
        {"select": "form-select", "choices": "", "check": "choice-input", "file": "form-file"}.get(
            kind, "form-input"
        )
    )
    if voice:
        css.append("voice")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, css))}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if kind == "area" or getattr(widget, "input_type", "") == "text":
        # Who writes from right to left sees it so while they write.
        attrs["dir"] = "auto"
    if kind == "area" and (rows or str(widget.attrs.get("rows")) == "10"):
        # Ten rows are Django's choice, not the form's; four are less daunting, and the box can be drawn larger.
        attrs["rows"] = rows or 4
    data: dict[str, Any] = {
        "f": f,
        "kind": kind,
        "label": label or f.label,
        "about": about,
        "hidden": f.is_hidden,
        "described": " ".join(ids),
        "many": isinstance(widget, CheckboxSelectMultiple),
        # Where one of several is needed, none of them can be left out.
        "optional": not f.field.required and f.name not in getattr(f.form, "one_of", ()),
        "errors": _sentences(f.form, f.name) if f.errors else [],
    }
    if kind != "choices":
        data["control"] = f.as_widget(attrs=attrs)
    return data


@register.inclusion_tag("components/question_card.html")
def question_card(q: Any) -> dict[str, Any]:
    return {"q": q}


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The path of the page, for a setting to return to; "/" where no request is known.

    A page shown at an address that only takes a post says where it stands else: `request.here`.
    """
    request = context.get("request")
    return getattr(request, "here", "") or request.get_full_path() if request is not None else "/"
