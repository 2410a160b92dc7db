"""From the rooms' rows to the plain values that components show: words, dates and names, decided before the template.

Every side uses these, so that a promise, a voice and a meeting read the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from medspil.base import clock
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import AgreedText, Member, Promise, Text, TextVersion, Thread, Voice
from medspil.cases.promises import Seen, State
from medspil.contact.grants import ANSWERS_GRANT
from medspil.contact.handover import ANSWERS_CONTACT_WISH
from medspil.contact.intake import TALK as TALKS_OF_WHAT_COMES
from medspil.contact.models import CallTry, Part, Request
from medspil.contact.paper import REACHES
from medspil.people.models import Person, Staff, Unit
from medspil.plans.areas import area
from medspil.plans.around import ANSWERS_WISH, CALLS_ABOUT_ANOTHER_DAY
from medspil.plans.clocks import LOOKS_AGAIN, TALKS_OF_GOAL
from medspil.plans.closing import RIGHT_THINGS, SUM_UP
from medspil.plans.disagreeing import FINDS_A_MEDIATOR, TALKS_ABOUT_IT
from medspil.plans.experts import ANSWERS_WISH_TO_ASK, ASKS_THEM, STOPS_ASKING
from medspil.plans.models import Meeting, MeetingWish
from medspil.plans.renewals import ANSWERS_NEWS
from medspil.plans.standing_in import CALLS_ABOUT_MEETING
from medspil.plans.transitions import CLOSES_GAP, TALKS_OF_CHANGE
from medspil.plans.waiting import TELLS_WHAT_CAME, TELLS_WHAT_WE_WAIT_FOR
from medspil.rhythm.asking import invitation_for

from .templatetags.medspil import (
    by_day,
    day_long,
    day_month,
    hour,
    hours,
    in_days,
    moment,
    names,
    phone,
    quoted,
)

Action = dict[str, Any]
"""label, url, and if wanted: style, method ("post"), icon, hidden {name: value}, about (read out only)."""


def owner_name(promise: Promise) -> str:
    """Who owes it, by first name; the unit where no person has it yet."""
    if promise.owner is not None:
        return promise.owner.first_name
    return promise.unit.name if promise.unit else ""


CLOCK_WORDS = {
    CALLS_ABOUT_ANOTHER_DAY: gettext_lazy("ringer til dig om en anden dag"),
    CALLS_ABOUT_MEETING: gettext_lazy("ringer til dig om mødet"),
    ANSWERS_WISH: gettext_lazy("finder en dag, hvor vi kan mødes"),
    ANSWERS_GRANT: gettext_lazy("svarer på, om du kan få penge til det, du gerne vil have"),
    ANSWERS_NEWS: gettext_lazy("læser det, der er nyt, og siger, hvad det fører til"),
    TALKS_OF_GOAL: gettext_lazy("finder en dag, hvor vi kan tale om dit mål"),
    LOOKS_AGAIN: gettext_lazy("ser efter, om det, vi ved, stadig passer"),
    ANSWERS_CONTACT_WISH: gettext_lazy("svarer på, hvem der skal være din faste kontakt"),
    TALKS_OF_WHAT_COMES: gettext_lazy("taler med dig om, hvad der skal ske efter de 20 uger"),
    TALKS_ABOUT_IT: gettext_lazy("taler med dig om det, vi ikke er enige om"),
    TALKS_OF_CHANGE: gettext_lazy("taler med dig om det, der skal ske, og hvem der gør hvad"),
    CLOSES_GAP: gettext_lazy("finder hjælp til dagene imellem, eller siger dig hvorfor ikke"),
    REACHES: gettext_lazy("finder en anden vej til dig, fordi et brev kom tilbage"),
    ANSWERS_WISH_TO_ASK: gettext_lazy("svarer på, om vi spørger dem, du gerne vil have spurgt"),
    ASKS_THEM: gettext_lazy("spørger dem, der ved mere"),
    STOPS_ASKING: gettext_lazy("beder dem stoppe og slette det, de har fået"),
    FINDS_A_MEDIATOR: gettext_lazy("finder en, der kan mægle mellem os"),
    TELLS_WHAT_CAME: gettext_lazy("siger dig, hvad der er kommet, eller hvorfor vi stadig venter"),
    TELLS_WHAT_WE_WAIT_FOR: gettext_lazy("siger dig, hvad vi venter på"),
}
"""What a clock that the system set is about; these are ours to say in both languages."""
CLOCK_WORDS_BY_KIND: dict[str, Any] = {
    Promise.Kind.CALL: gettext_lazy("ringer til dig om det, du har skrevet"),
    Promise.Kind.ANSWER: gettext_lazy("svarer på det, du har skrevet"),
    Promise.Kind.MOVE: gettext_lazy("finder et andet tidspunkt sammen med dig"),
    Promise.Kind.REPLY: gettext_lazy("svarer på din besked"),
    Promise.Kind.READ: gettext_lazy("læser din besked"),
    Promise.Kind.APPLICATION: gettext_lazy("tager stilling til din ansøgning"),
    Promise.Kind.COMPLAINT: gettext_lazy("ser på det, du klager over, igen"),
}


def _clock_words(promise: Promise) -> str:
    words = CLOCK_WORDS.get(promise.what) or CLOCK_WORDS_BY_KIND.get(promise.kind)
    return str(words or promise.what)


def asks_whether_still_so(opened: OpenCase, news: dict[str, Any]) -> str:
    """The first name of whoever asks, or of the one who has come after them; "" where nobody asks."""
    if not news.get("renewal_asked"):
        return ""
    if news["renewal_from"]:
        return str(news["renewal_from"]).split(" ")[0]
    return opened.coordinator.first_name if opened.coordinator else opened.main_thread.unit.name


def what_words(promise: Promise) -> str:
    """What is promised, without its subject: it begins with its verb."""
    return _clock_words(promise) if promise.is_clock else promise.what


def sentence(promise: Promise, opened: OpenCase | None = None) -> str:
    """»Karen ringer til dig om din ansøgning.«; »Du finder papirerne.« when the reader is the one who said it."""
    what = what_words(promise)
    own = promise.side == Promise.Side.CITIZEN and opened is not None and opened.standing == Standing.SELF
    if own:
        # Words that stand in Danish keep a Danish subject also on an English page.
        who = "Du" if language_of(promise) == "da" else gettext("Du")
    else:
        who = owner_name(promise)
    return f"{who} {what}".rstrip(".") + "."


def language_of(promise: Promise) -> str:
    """The language its words are in, where that is not the page's: what people promise is written in Danish."""
    return "" if promise.is_clock or (get_language() or "da").startswith("da") else "da"


def today_sentence(promise: Promise, opened: OpenCase | None = None) -> dict[str, str]:
    """»I dag ringer Karen til dig.«: the answer to "does anybody call me today?", with the day first.

    Danish words on another page are not turned round; there the day stands before them as `lead`.
    """
    if lang := language_of(promise):
        return {"lead": gettext("I dag:"), "sentence": sentence(promise, opened), "lang": lang}
    verb, _space, rest = what_words(promise).rstrip(".").partition(" ")
    words = gettext("I dag %(verb)s %(who)s %(rest)s") % {
        "verb": verb,
        "who": owner_name(promise),
        "rest": rest,
    }
    return {"lead": "", "sentence": words.strip() + ".", "lang": ""}


ENDED = (State.KEPT, State.DONE, State.TOO_MUCH, State.WITHDRAWN)


def when_text(seen: Seen) -> str:
    """»Senest fredag 11. december. Om 18 dage.« and its like for every state."""
    promise, today = seen.promise, clock.today()
    due_hour = f" {hour(promise.due_time)}" if promise.due_time else ""
    if seen.state in ENDED and promise.outcome_at:
        return _capital(day_long(clock.day_of(promise.outcome_at))) + "."
    if seen.state == State.TODAY:
        return _capital(gettext("senest i dag%(hour)s.") % {"hour": due_hour})
    if seen.state == State.BROKEN:
        words = gettext("Det skulle være sket %(day)s%(hour)s.") % {
            "day": day_long(promise.due),
            "hour": due_hour,
        }
        if seen.kept_late and promise.outcome_at:
            words += " " + gettext("Det blev gjort %(day)s.") % {
                "day": day_long(clock.day_of(promise.outcome_at))
            }
        return words
    if seen.state == State.DAY_PASSED:
        return gettext("Dagen var %(day)s.") % {"day": day_long(promise.due)}
    if seen.state == State.PROPOSED:
        return gettext("Foreslået til %(day)s.") % {"day": day_long(promise.due)}
    if seen.state == State.MOVED:
        return gettext("Ny dato: %(day)s.") % {"day": day_month(promise.due)}
    words = _capital(by_day(promise.due)) + due_hour + "."
    return f"{words} {_capital(in_days(promise.due, today))}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_DRAWN = {State.SOON: "slipping", State.DAY_PASSED: "past", State.PROPOSED: "no_date"}


def drawn(state: State) -> str:
    """The dial that a state is drawn with."""
    return _DRAWN.get(state, str(state))


def shown_state(seen: Seen) -> State:
    """A promise of a few days is near its date from the start; that is no slipping while half its time is left."""
    early = seen.state == State.SLIPPING and not seen.promise.slipping_because and seen.share > 0.5
    return State.ON_ITS_WAY if early else seen.state


_OWN_ORDER = (State.DAY_PASSED, State.TODAY, State.SOON, State.ON_ITS_WAY, State.MOVED)


def own_in_order(rows: Iterable[Seen]) -> list[Seen]:
    """The citizen's own among them, by what is nearest; those of a state keep the order they came in."""

    def place(row: Seen) -> int:
        return _OWN_ORDER.index(row.state) if row.state in _OWN_ORDER else len(_OWN_ORDER)

    return sorted((row for row in rows if not row.is_ours), key=place)


def _came_after(seen: Seen, opened: OpenCase | None) -> bool:
    """Whether its owner has it from another, with whom it broke."""
    row = seen.promise
    if opened is None or row.owner is None or seen.state != State.BROKEN or row.bound_by_id == row.owner_id:
        return False
    since = opened.came_after.get(row.owner.name)
    return since is not None and since >= row.deadline


def promise(
    seen: Seen,
    opened: OpenCase | None = None,
    *,
    actions: Iterable[Action] = (),
    url: str = "",
    ask_url: str = "",
) -> dict[str, Any]:
    """A promise for `promise_card`, `desk_row` and `clock_line`."""
    row = seen.promise
    reason = ""
    if seen.state == State.MOVED and seen.last_move:
        reason = seen.last_move.because
    elif seen.state == State.SLIPPING:
        reason = row.slipping_because
    elif seen.state in ENDED or seen.kept_late:
        reason = row.outcome_words
    # What they said to us when it was done, or too much. Who acts for them speaks in no voice of theirs.
    own_words = (
        reason if row.outcome_by_id == row.owner_id and seen.state in (State.DONE, State.TOO_MUCH) else ""
    )
    explained = getattr(row, "explanation", None) if seen.state == State.BROKEN else None
    return {
        "id": f"loefte-{row.pk}",
        "state": drawn(shown_state(seen)),
        "state_word": str(shown_state(seen).label),
        "share": seen.share,
        "side": "citizen" if not seen.is_ours else "municipality",
        "what": sentence(row, opened),
        "lang": language_of(row),
        "who": owner_name(row),
        "when_text": when_text(seen),
        "reason": "" if own_words else reason,
        "own_words": {
            "whose": str(Voice.CITIZEN),
            "name": owner_name(row),
            "words": own_words,
            "objections": [],
        }
        if own_words
        else None,
        "explanation": {"who": explained.by.first_name, "words": explained.words} if explained else None,
        # Then nobody is named for what another did not do.
        "came_after": explained is None and _came_after(seen, opened),
        "actions": list(actions),
        "url": url,
        "new_date_text": gettext("Ny dato: %(day)s.") % {"day": day_long(seen.new_due)}
        if seen.new_due
        else "",
        "ask_url": ask_url,
    }


def voice(
    text: Text | None,
    opened: OpenCase,
    *,
    whose: str = "",
    empty: str = "",
    actions: Iterable[Action] = (),
    version: TextVersion | None = None,
    anchor: str = "",
    verb: str = "said",
) -> dict[str, Any]:
    """One voice for `two_voices`, `voice_block` and `voice_line`, with its objections and what stood there before.

    Without `text` (nobody has said anything) give `whose`; `version` picks an older one, as minutes do.
    """
    whose = text.whose if text else whose
    versions = list(text.versions.all()) if text else []
    # Among those at hand, for these have what this person may read of what was said against them.
    shown = next((one for one in versions if version is None or one == version), version)
    name = _speaker(shown, opened, whose)
    proposal = bool(shown and whose != Voice.PROFESSIONAL and shown.confirmed_at is None)
    says = shown is not None and shown.said_by_id == opened.person.pk
    asked = opened.has_citizens_voice if whose == Voice.CITIZEN else says
    helped = shown is not None and shown.written_by_id != shown.said_by_id
    # Under a mandate: whoever wrote it also said that it stands, and no helper held the pen.
    acted = bool(helped and shown and shown.confirmed_by_id == shown.written_by_id and not shown.hand)
    earlier = [
        version
        for version in versions
        if shown
        and version.number < shown.number
        and (whose != Voice.RELATIVE or version.said_by_id == shown.said_by_id)
    ]
    return {
        "whose": str(whose),
        "name": name,
        "words": shown.words if shown else "",
        "verb": verb,
        "empty": empty,
        "observed": bool(shown and shown.observed),
        "is_proposal": proposal,
        # Only the one who may say so is asked whether it is right.
        "waits": proposal and not asked,
        "proposed_by": shown.written_by.first_name if shown else "",
        "written_by": _pen(shown) if shown and not proposal and not acted else "",
        "acted_by": shown.written_by.first_name if shown and acted else "",
        "in_group": bool(shown and shown.in_group),
        "confirmed": bool(shown and helped and not acted and shown.confirmed_at),
        "confirmed_by": shown.confirmed_by.first_name if shown and shown.confirmed_by else "",
        "objections": _against(shown, opened) if shown else [],
        "earlier": [
            {
                "words": version.words,
                "when": moment(version.at),
                "who": version.written_by.first_name,
                "objections": _against(version, opened),
            }
            for version in earlier
        ],
        # Who spoke against words that others have taken the place of.
        "objected_before": list(
            dict.fromkeys(o.said_by.first_name for version in earlier for o in version.objections.all())
        ),
        "when_text": "",
        "close": _kept(text, opened) if text and text.kept_close else "",
        "actions": list(actions),
        "anchor": anchor,
        "version": shown.pk if shown else None,
        "number": shown.number if shown else 0,
    }


def meanwhile(found: TextVersion | None, opened: OpenCase) -> dict[str, Any] | None:
    """The words that another wrote in the same place since a form was drawn (`unsaid.trying`), as this person reads
    them."""
    rows = opened.texts(None, found.text.about).filter(pk=found.text_id) if found else ()
    return next((voice(text, opened, version=found) for text in rows), None)


def _against(version: TextVersion, opened: OpenCase) -> list[dict[str, Any]]:
    """What was said against these words, and not against those that came before or after them."""
    return [
        {
            "name": o.said_by.first_name,
            "initials": o.said_by.initials,
            "words": o.words,
            "when": moment(o.at),
            "close": only_to(opened, version.text.thread_id) if o.kept_close else "",
        }
        for o in version.objections.all()
    ]


def newest_of_each(*texts: Text | None) -> list[TextVersion]:
    """What stands in these voices now. In that of relatives each has their own words, whoever began first."""
    found: list[TextVersion] = []
    for text in texts:
        rows = list(text.versions.all()) if text else []
        if text is not None and text.whose == Voice.RELATIVE:
            found += {version.said_by_id: version for version in reversed(rows)}.values()
        else:
            found += rows[:1]
    return found


def relatives(text: Text | None, opened: OpenCase) -> list[dict[str, Any]]:
    """What each parent or guardian tells of the one they act for."""
    return [voice(text, opened, version=version, verb="thinks") for version in newest_of_each(text)]


def own_words(text: Text | None, opened: OpenCase) -> TextVersion | None:
    """What somebody's own place holds now: in that of relatives, where several may stand, what they said."""
    rows = list(text.versions.all()) if text else []
    if text is not None and text.whose == Voice.RELATIVE:
        rows = [version for version in rows if version.said_by_id == opened.person.pk]
    return rows[0] if rows else None


def only_to(opened: OpenCase, thread: int | None = None) -> str:
    """»Kun til Karen og Lotte«: how it is said that words are kept from relatives, guardians and companions. They are
    read by all who work in the thread where they stand: the main one, or `thread`."""
    readers = _readers(opened, thread)
    if readers:
        return gettext("Kun til %(name)s") % {"name": readers}
    if opened.standing == Standing.SELF:
        return gettext("Kun til dem, der arbejder i din sag")
    return gettext("Kun til dem, der arbejder i sagen")


def _readers(opened: OpenCase, thread: int | None) -> str:
    """Everybody who works there, the fixed contact first; nobody by name where they are too many for a short label."""
    where = next((one for one in opened.threads if one.pk == thread), opened.main_thread)
    team = sorted(where.team, key=lambda member: member.role != Member.Role.COORDINATING)  # type: ignore[attr-defined]
    people = {member.person_id: member.person.first_name for member in team}
    if not people:
        return where.unit.name
    return names(people.values()) if len(people) <= 3 else ""


def _kept(text: Text, opened: OpenCase) -> str:
    """For whom words that are kept close stand; what we answered to such words is the citizen's."""
    if text.whose != Voice.PROFESSIONAL:
        return only_to(opened, text.thread_id)
    if opened.standing == Standing.SELF:
        return gettext("Kun til dig")
    return gettext("Kun til %(name)s") % {"name": opened.citizen.first_name}


def _let_only(readers: str) -> str:
    """What is done: »Kun til Karen« alone would read as what it is already."""
    if readers:
        return gettext("Lad kun %(name)s læse det") % {"name": readers}
    return gettext("Lad kun dem, der arbejder i din sag, læse det")


def closing(text: Text | None, opened: OpenCase) -> list[Action]:
    """The citizen's choice beside their own words: for their caseworker alone, or for those they share with again."""
    if text is None or text.whose != Voice.CITIZEN or opened.standing != Standing.SELF or opened.preview:
        return []
    return [
        {
            "label": gettext("Lad dem, jeg deler med, læse det")
            if text.kept_close
            else _let_only(_readers(opened, text.thread_id)),
            "url": reverse("keep-close", args=[opened.pk, text.pk]),
            "method": "post",
            "hidden": {"on": "" if text.kept_close else "1"},
            "about": text.versions.all()[0].words[:80],
        }
    ]


def opening(text: Text | None, opened: OpenCase) -> list[Action]:
    """`closing` on a page whose form has the choice to close the words: there it is left to open them."""
    return closing(text, opened) if text is not None and text.kept_close else []


def _pen(shown: TextVersion) -> str:
    """Who wrote it, where that was not whoever said it."""
    if shown.hand:
        return shown.hand.split(" ")[0]
    return shown.written_by.first_name if shown.written_by_id != shown.said_by_id else ""


def _speaker(shown: TextVersion | None, opened: OpenCase, whose: str) -> str:
    if shown is not None:
        return shown.said_by.name
    if whose == Voice.CITIZEN:
        return opened.citizen.name
    return opened.coordinator.name if opened.coordinator else opened.main_thread.unit.name


def you_have_yet_to_say_yes(opened: OpenCase) -> str:
    """What stands by that which waits for the citizen alone; for others it is said with the name."""
    return gettext("Du mangler at sige ja") if opened.standing == Standing.SELF else ""


def agreed(text: AgreedText, *, actions: Iterable[Action] = ()) -> dict[str, Any]:
    """Agreed words for `agreed_block`, or the proposal of them with who has said yes so far."""
    people = [p for p in (text.citizen_yes_by, text.professional_yes_by) if p is not None]
    return {
        "words": text.words,
        "yes": [p.first_name for p in people],
        "is_agreed": text.is_agreed,
        "proposed_by": text.proposed_by.first_name,
        "when": moment(text.proposed_at),
        "actions": list(actions),
    }


def meeting_place(meeting: Meeting, opened: OpenCase | None = None) -> str:
    """»hjemme hos dig« for the citizen, »hjemme hos Ida« for the others; a place that was written goes first."""
    if meeting.place:
        return meeting.place
    mine = opened is not None and opened.standing == Standing.SELF
    name = opened.citizen.first_name if opened is not None else meeting.case.citizen.first_name
    return {
        Meeting.Form.HOME: gettext("hjemme hos dig")
        if mine
        else gettext("hjemme hos %(name)s") % {"name": name},
        Meeting.Form.OFFICE: gettext("på rådhuset"),
        Meeting.Form.WALK: gettext("på en gåtur"),
        Meeting.Form.PHONE: gettext("i telefonen"),
        Meeting.Form.VIDEO: gettext("på video"),
        Meeting.Form.WRITTEN: gettext("på skrift, her på siden"),
    }[Meeting.Form(meeting.form)]


def how_often(days: int) -> str:
    """»hver 14. dag«"""
    words = {
        7: gettext("hver uge"),
        14: gettext("hver 14. dag"),
        28: gettext("hver 4. uge"),
        84: gettext("hver 12. uge"),
    }
    return words.get(days) or gettext("hver %(days)s. dag") % {"days": days}


def unit_notice(unit: Unit, language: str) -> dict[str, str] | None:
    """What the leader of a department says about how things stand there today, for `notice`."""
    found = unit.notice_on(clock.today())
    if found is None:
        return None
    english = language == "en" and bool(found.words_en)
    extra = (
        ngettext(
            "Nye svar kan tage %(days)s hverdag mere. Det, vi har lovet, gælder stadig.",
            "Nye svar kan tage %(days)s hverdage mere. Det, vi har lovet, gælder stadig.",
            found.extra_days,
        )
        % {"days": found.extra_days}
        if found.extra_days
        else gettext("Det, vi har lovet, gælder stadig.")
    )
    return {
        "title": gettext("Sådan står det til i %(unit)s til og med %(day)s")
        % {"unit": unit.name, "day": day_month(found.until)},
        "words": found.words_en if english else found.words,
        "lang": "" if english or language == "da" else "da",
        "extra": extra,
    }


def unit_notices(opened: OpenCase, language: str) -> list[dict[str, str]]:
    """How things stand in the departments that a case is in, once each."""
    units = {thread.unit_id: thread.unit for thread in opened.threads}
    return [found for unit in units.values() if (found := unit_notice(unit, language))]


def meeting_more(meeting: Meeting) -> str:
    """»Der er pauser undervejs.«: what else there is to know of how one meets."""
    return gettext("Der er pauser undervejs.") if meeting.with_pauses else ""


def topic(thread: Thread) -> str:
    """What a part of the case is about, in the language of the page where it has one."""
    english = not (get_language() or "da").startswith("da")
    return thread.topic_en if english and thread.topic_en else thread.topic


def point_title(words: str) -> str:
    """A point as it was written; those that we wrote, in the language of the page."""
    ours = {
        "Det, du har på hjerte": gettext("Det, du har på hjerte"),
        SUM_UP: gettext("Det nåede vi frem til"),
        RIGHT_THINGS: gettext("Talte vi om det rigtige?"),
    }
    return ours.get(words, words)


def is_our_point(words: str) -> bool:
    return point_title(words) != words or words in ("Det, du har på hjerte", SUM_UP, RIGHT_THINGS)


def place_name(about: str) -> str:
    """The place of a life, or »Et mål«, that words stand under."""
    found = area(about.removeprefix("area."))
    return str(found.name) if found else gettext("Et mål")


def change(found: dict[str, Any] | None, opened: OpenCase) -> dict[str, Any] | None:
    """»Karen stopper 1. januar. Sofie tager over.«, from what `contact.handover.asked_of` was answered with."""
    if not found:
        return None
    last = date.fromisoformat(str(found["last_day"]))
    said = {"of": found["of"].split()[0], "to": found["to"].split()[0], "day": day_month(last)}
    if last >= clock.today():
        words = gettext("%(of)s er her til og med %(day)s. %(to)s tager over.") % said
    else:
        words = gettext("%(to)s har taget over efter %(of)s.") % said
    name = opened.citizen.first_name
    closed = found["choice"] == "tell" and not found["told"] and not found["read"]
    choice = {
        "read": gettext("%(name)s siger: Læs gerne min sag først."),
        "tell": gettext("%(name)s vil selv fortælle. Det ældre er lukket, til I har talt."),
    }.get(found["choice"], gettext("%(name)s har ikke valgt, om du læser først. Vent med det."))
    if found["told"]:
        choice = gettext("%(name)s har fortalt.")
    elif found["read"]:
        choice = gettext("Du har læst, før %(name)s fortalte. Grunden står i loggen.")
    return {
        **found,
        "sentence": words,
        "is_coming": last >= clock.today(),
        "choice_words": choice % {"name": name},
        "wants_choice": not found["choice"],
        "is_closed": closed,
        "has_letter": bool(found["letter"]),
    }


def stood_in(of: str, cover: str) -> str:
    """»Karen er væk den dag. Lotte kan komme i stedet.«"""
    words = gettext("%(of)s er væk den dag. %(cover)s kan komme i stedet.")
    return words % {"of": of.split(" ")[0], "cover": cover.split(" ")[0]}


def meeting_when(meeting: Meeting) -> str:
    """»torsdag 26. november kl. 10 til 11«"""
    return f"{day_long(clock.day_of(meeting.starts_at))} {hours(meeting.starts_at, meeting.ends_at)}"


def wish_facts(wish: MeetingWish) -> str:
    """»En gåtur. 30 minutter. Med pauser.«: what the citizen chose about the meeting they wish for, if anything."""
    facts = []
    if wish.form:
        facts.append(str(Meeting.Form(wish.form).label))
    if wish.minutes_long:
        facts.append(gettext("%(count)s minutter") % {"count": wish.minutes_long})
    if wish.with_pauses:
        facts.append(gettext("Med pauser"))
    return "".join(f"{fact}. " for fact in facts).strip()


def reach(unit: Unit, post: Staff | None, language: str) -> str:
    """»hverdage kl. 9 til 12. Ellers Lotte, 20 00 00 13«: the person's own hours, else the unit's, and the cover
    while that one works here."""
    english = language == "en"
    own = (post.hours_en if english and post.hours_en else post.hours) if post else ""
    hours = own or (unit.hours_en if english and unit.hours_en else unit.hours)
    cover = post.cover if post and post.cover_is_here else None  # type: ignore[attr-defined]
    if cover is None or not cover.phone:
        return hours
    said = {"name": cover.first_name, "phone": phone(cover.phone)}
    return ". ".join(filter(None, (hours, gettext("Ellers %(name)s, %(phone)s") % said)))


def team_member(member: Member, thread: Thread, language: str) -> dict[str, Any]:
    """Somebody of the team for `person_card`: the topic first, then who, and when they can be reached."""
    post = next((p for p in member.person.posts if p.unit_id == thread.unit_id), None)
    title = (post.title_en if language == "en" and post.title_en else post.title) if post else ""
    return {
        "topic": thread.topic_en if language == "en" and thread.topic_en else thread.topic,
        "name": member.person.name,
        "initials": member.person.initials,
        "kind": "other" if member.role == Member.Role.PROVIDER else "authority",
        "role": _role(member, title),
        "reach": reach(thread.unit, post, language),
        "phone": member.person.phone or thread.unit.phone,
    }


def _role(member: Member, title: str) -> str:
    if member.role == Member.Role.COORDINATING:
        return gettext("Din faste kontakt")
    if member.covers is not None:
        return gettext("Svarer for %(name)s") % {"name": member.covers.first_name}
    return title


def parted(name: str, to: str | None) -> str:
    """»Sune er ikke længere med. Lotte har taget over.«"""
    said = gettext("%(name)s er ikke længere med.") % {"name": name.split(" ")[0]}
    if not to:
        return said
    return said + " " + gettext("%(to)s har taget over.") % {"to": to.split(" ")[0]}


def stepped_out(found: dict[str, Any]) -> dict[str, str]:
    """The same facts from what `contact.parts.asked_before` was answered with."""
    day = date.fromisoformat(str(found["day"])[:10])
    return {"sentence": parted(found["name"], found["to"]), "when": day_long(day)}


def part_over(part: Part) -> dict[str, str]:
    """Who stepped out, when, and what was said with it."""
    return {
        "sentence": parted(part.person.name, part.to.name if part.to else None),
        "words": part.words,
        "when": day_long(part.said_at),
    }


def told_by(request: Request) -> dict[str, Any]:
    """What another said of the citizen, in that other's name: a relative, a hospital."""
    return {
        "whose": "professional",
        "name": request.told_by,
        "first_name": request.told_by,
        "words": request.told,
        "objections": [],
    }


def call_try(tried: CallTry) -> str:
    """»Karen ringede i dag kl. 10.12. Ingen svarede. »Prøver igen i morgen.««"""
    line = gettext("%(who)s ringede %(when)s. %(came_to)s.") % {
        "who": tried.by.first_name,
        "when": moment(tried.at),
        "came_to": tried.get_came_to_display(),
    }
    return f"{line} {quoted(tried.words)}" if tried.words else line


def invitation(person: Person) -> Action | None:
    """The way to the three questions, for somebody who is asked this month and has not gone to answer."""
    asked = invitation_for(person)
    return {"label": gettext("Se de tre spørgsmål"), "url": asked["url"]} if asked else None
