"""The first page: what is on one's mind, or what happens now and by when one hears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.cases import reading
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase, Standing, asked_of_acting, cases_beside, open_case, own_case
from medspil.cases.models import Case, Promise, Sharing, Text, Voice
from medspil.cases.promises import Seen, State
from medspil.cases.touch import Silence, Touch, answered, asked_of
from medspil.contact import actions as contact
from medspil.contact import away, handover, parts, talks
from medspil.contact import intake as courses
from medspil.contact.models.intake import WEEKS
from medspil.people.reading import advisers, at_once
from medspil.people.roles import Role
from medspil.plans import experts, parties, renewals, standing_in, transitions, waiting
from medspil.plans.areas import WISH
from medspil.plans.reading import next_meeting
from medspil.rhythm.next import WhatNow, from_what_is_known
from medspil.web import agreed_rhythm, keeping, plan, sharing, show, waits
from medspil.web import away as absences
from medspil.web import intake as shown_course
from medspil.web import transitions as changes
from medspil.web.templatetags.medspil import by_day, capital, day_long, hour, in_days, phone, phone_link

from . import calm, forms, meetings, promises
from .opening import address, around, menu_names, place


@open_to(Role.CITIZEN)
def front(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One's own first page, with or without a case; or that of the case `pk`."""
    opened = own_case(request.visitor) if pk is None else open_case(request.visitor, pk)  # type: ignore[attr-defined]
    return _without_case(request) if opened is None else _front(request, opened)


def _without_case(request: HttpRequest) -> HttpResponse:
    """What is on your mind, and nothing else; for somebody who is here for others, first whom."""
    request.menu_at = "home"  # type: ignore[attr-defined]
    others = cases_beside(request.visitor.person)  # type: ignore[attr-defined]
    if not others:
        return _first_page(request, forms.OnMyMindForm.fresh())
    if len(others) == 1:
        return redirect("case", others[0].pk)
    return render(request, "citizen/others.html", {"people": _people(others)})


def _asked(opened: OpenCase) -> dict[str, Any]:
    """What the front page counts, all of it asked with one question."""
    return {
        **asked_of(opened),
        **reading.asked_of(opened),
        **handover.asked_of(opened),
        **away.asked_of(opened),
        **parts.asked_of(opened),
        **standing_in.asked_of(opened),
        **renewals.asked_of(opened),
        **talks.asked_of(opened),
        **waiting.asked_of(opened),
        **transitions.asked_of(opened),
        **experts.asked_of(opened),
        **parties.asked_of(opened),
        **courses.asked_of(opened),
        **asked_of_acting(opened.citizen),
    }


WEEKS_AFTER = 4
"""So long after its last week the open course stands on the first page, where nobody has rounded it off."""


def _course(opened: OpenCase, news: dict[str, Any]) -> show.Action | None:
    """»Uge 5 af 20 i Din indgang«: the way to the open course, while it runs."""
    if news["intake_began"] is None:
        return None
    week = courses.week_of(news["intake_began"], clock.today())
    if week > WEEKS + WEEKS_AFTER:
        return None
    return {"label": shown_course.sentence(week), "url": address(opened, "case-intake")}


def _written(opened: OpenCase, news: dict[str, Any]) -> show.Action | None:
    """»Karen har skrevet til dig«: the way to what is new since one looked last."""
    if not news["new_from"]:
        return None
    name = news["new_from"].split(" ")[0]
    return {
        "label": gettext("%(name)s har skrevet til dig") % {"name": name},
        "url": address(opened, "case-talk", news["new_in"]),
        "icon": "talk",
    }


def _parted(opened: OpenCase, news: dict[str, Any]) -> dict[str, str] | None:
    """Who is in the case no more since lately, and what they said with it."""
    found = news["part_over"]
    if not found or not opened.whole:
        return None
    return {
        "sentence": show.parted(found["name"], found["to"]),
        "words": found["words"],
        "url": address(opened, "case-where"),
    }


def _rhythm(opened: OpenCase, what: WhatNow, touch: Touch) -> dict[str, Any]:
    """Where the silence stands, unless the sentence of the page says so already; it is said aloud before it hurts."""
    told = what.broken is None and what.promise is None and what.meeting is None
    return {
        "sentence": "" if told else agreed_rhythm.sentence(touch, opened),
        "over": touch.silence == Silence.OVER,
        "where_url": address(opened, "case-where") if opened.whole else "",
    }


def _others(opened: OpenCase) -> list[dict[str, Any]]:
    """The others whom the citizen is here for."""
    if opened.standing != Standing.SELF or Role.BESIDE not in opened.person.roles:
        return []
    return _people(cases_beside(opened.person))


def _people(cases: list[Case]) -> list[dict[str, Any]]:
    return [{"name": case.citizen.name, "case": case.pk} for case in cases]


def _first_page(request: HttpRequest, form: forms.OnMyMindForm) -> HttpResponse:
    if own_case(request.visitor) is None:  # type: ignore[attr-defined]
        # Nothing of the menu leads anywhere before there is a case.
        request.menu_names = frozenset()  # type: ignore[attr-defined]
    try:
        unit = contact.front_door()
    except contact.NobodyAtTheDoor:
        shown: dict[str, Any] = {"due": None}
    else:
        shown = {
            "due": unit.answer_by(clock.today()),
            "notice": show.unit_notice(unit, request.LANGUAGE_CODE),  # type: ignore[attr-defined]
        }
    return render(request, "citizen/first.html", {"form": form, **shown})


@open_to(Role.CITIZEN)
def ask_first(request: HttpRequest) -> HttpResponse:
    """The first question of somebody without a case; those who have one ask in it."""
    request.menu_at = "asked"  # type: ignore[attr-defined]
    opened = own_case(request.visitor)  # type: ignore[attr-defined]
    if opened is not None and request.method != "POST":
        return redirect("case-ask", opened.pk)
    if request.method != "POST":
        return _first_page(request, forms.OnMyMindForm.fresh())
    form = forms.OnMyMindForm(request.POST)
    if form.is_valid():
        with telling(form):
            asked = contact.ask(
                words=form.cleaned_data["words"],
                key=form.cleaned_data["key"],
                wants_call=form.cleaned_data["wants_call"],
                by=request.visitor,  # type: ignore[attr-defined]
            )
            return redirect("case-request", asked.case_id, asked.pk)
    return _first_page(request, form)


def _front(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    if opened.works_here:
        return redirect("work-case", opened.pk)
    place(request, opened, "home")
    if opened.is_beside:
        return _beside(request, opened)
    now = clock.now()
    rows = promises.now_and_lately(opened)
    news = at_once(opened.person, **_asked(opened))
    touch = answered(opened, news)
    change = show.change(news["handover"], opened) if opened.whole else None
    what = from_what_is_known(rows, next_meeting(opened, now), touch)
    if opened.person.calm:
        return _calm(request, opened, what, rows, news)
    gone = away.answered(news) if opened.whole else []
    ours, mine = promises.columns(rows)
    form = forms.QuestionForm.fresh()
    if news["acted_for"]:
        keeping.with_choice(form, opened)
    return render(
        request,
        "citizen/front.html",
        around(
            opened,
            voice=_hero_voice(opened),
            wish_url=address(opened, "case-area", WISH.key) if opened.whole else "",
            now=happening(opened, what),
            written=_written(opened, news),
            course=_course(opened, news),
            course_offered=address(opened, "case-intake")
            if courses.is_offered(opened, ever=news["intake_ever"])
            else "",
            steps=_steps(opened.case.step),
            notices=show.unit_notices(opened, request.LANGUAGE_CODE),
            change=change,
            change_url=address(opened, "case-handover"),
            parted=_parted(opened, news),
            away=absences.notice(gone, address(opened, "case-away")),
            rhythm=_rhythm(opened, what, touch),
            meeting=meetings.card(what.meeting, opened, gone) if what.meeting else None,
            ours=[promises.card(row, opened) for row in ours.rows],
            more_ours=ours.more,
            more_broken=ours.broken,
            mine=[promises.card(row, opened) for row in mine.rows],
            more_mine=mine.more,
            promises_url=address(opened, "case-promises"),
            people=_team(opened, request.LANGUAGE_CODE, change, away.answered(news)),
            question=question(opened, form),
            sharing_url=address(opened, "case-sharing") if opened.whole else "",
            others=_others(opened),
            invitation=_invitation(opened),
            stands=waits.stands(opened, waiting.answered(news)),
            changes=changes.coming(opened, news),
            asked=_questions(opened, news),
            asks_wish=wants(opened.case, Ask.WISH),
            parent_of=opened.citizen.first_name if opened.is_parent else "",
            asks_url=address(opened, "open-asks")
            if opened.whole and wants(opened.case, Ask.OPEN_ASKS)
            else "",
            tell_url=address(opened, "just-tell") if opened.case.closeness == Case.Closeness.TELL else "",
            more=_more(opened),
        ),
    )


def _questions(opened: OpenCase, news: dict[str, Any]) -> list[dict[str, Any]]:
    """What we ask the citizen, what has a day first: {title, text, link}."""
    found = []
    if line := news["stand_in"]:
        found.append(_stand_in(opened, line))
    for asked, name in (("expert_asks", "expert"), ("party_asks", "party")):
        if line := news[asked]:
            found.append(
                {
                    "title": gettext("Må vi tale med %(who)s?") % {"who": line["who"]},
                    "text": gettext("Du ser, hvad de får at vide. Du siger ja eller nej."),
                    "link": {"label": gettext("Læs og svar"), "url": address(opened, name, line["pk"])},
                }
            )
    if who := show.asks_whether_still_so(opened, news):
        found.append(
            {
                "title": gettext("%(who)s spørger: Passer det stadig?") % {"who": who},
                "text": gettext("Du ser det, du har fortalt, og siger, om det passer."),
                "link": {"label": gettext("Se det igennem"), "url": address(opened, "renewal")},
            }
        )
    if line := news["sharing_ends"]:
        day = day_long(date.fromisoformat(line["until"]))
        found.append(
            {
                "title": gettext("%(name)s kan se med til og med %(day)s.")
                % {"name": line["name"].split(" ")[0], "day": day},
                "text": gettext("Skal det fortsætte, så vælg en ny dag. Ellers stopper det af sig selv."),
                "link": {
                    "label": gettext("Se, hvad du deler"),
                    "url": address(opened, "share-with", line["to"]),
                },
            }
        )
    return found


def _stand_in(opened: OpenCase, line: dict[str, Any]) -> dict[str, Any]:
    """Somebody is away on the day of a meeting, and a colleague can come."""
    return {
        "title": show.stood_in(line["of"], line["cover"]),
        "text": gettext("Tid og sted er det samme. Det er dig, der bestemmer."),
        "link": {
            "label": gettext("Sig, om det passer dig"),
            "url": address(opened, "meeting", line["meeting"]),
        },
    }


def _invitation(opened: OpenCase) -> show.Action | None:
    """The three questions, for the citizen alone and only where they want to be asked."""
    if opened.standing != Standing.SELF or not wants(opened.case, Ask.THREE_QUESTIONS):
        return None
    return show.invitation(opened.person)


def _more(opened: OpenCase) -> list[dict[str, str]]:
    """The pages of the case that are no part of the menu."""
    return [
        {"label": label, "url": address(opened, name), "icon": icon}
        for name, label, icon in (
            ("just-tell", gettext("Bare sig mig, hvad der sker"), "notice"),
            ("case-needs", gettext("Sådan vil jeg mødes"), "lightbulb"),
            ("closeness", gettext("Så meget vil jeg være med"), "settings"),
            ("case-mandates", gettext("Hvem der handler for mig"), "groups"),
            ("case-waiting", gettext("Det venter vi på"), "pause"),
            ("case-parties", gettext("Andre, der er med"), "groups"),
            ("case-experts", gettext("Viden udefra"), "forum"),
            ("case-transitions", gettext("Når noget i livet skifter"), "steps"),
            ("case-disagreements", gettext("Når vi ikke er enige"), "opposite"),
            ("how-is-life", gettext("Sådan er mit liv"), "heart"),
            ("case-papers", gettext("Papirer, vi henter"), "file"),
            ("case-grants", gettext("Penge til små ting"), "store"),
            ("case-footing", gettext("Det, hjælpen bygger på"), "law"),
        )
        if opened.whole or name in ("just-tell", "case-waiting", "case-disagreements")
    ]


# What happens now


def happening(opened: OpenCase, what: WhatNow) -> dict[str, Any]:
    """The sentence and what stands under it. What is today is said first; what was not kept is never left out."""
    today = what.promise is not None and what.promise.state == State.TODAY
    meets_today = what.meeting is not None and clock.day_of(what.meeting.starts_at) == clock.today()
    lines: list[dict[str, Any]] = []
    broken = None
    if what.broken:
        broken = {**promises.card(what.broken, opened), "id": ""}
    if what.promise and (today or not broken):
        lines.append(_clock_line(what.promise, told=True, idle=not (today or meets_today)))
    elif what.promise:
        lines.append(_clock_line(what.promise, told=False, idle=not meets_today))
    said = {"lead": "", "lang": ""}
    if what.promise and today:
        said = show.today_sentence(what.promise.promise, opened)
    elif what.meeting and meets_today:
        said["sentence"] = gettext("Vi ses i dag %(hour)s.") % {"hour": hour(what.meeting.starts_at)}
    elif broken:
        said["sentence"] = gettext("Vi holdt ikke, hvad vi lovede dig.")
    elif what.promise:
        said["sentence"] = show.sentence(what.promise.promise, opened)
        said["lang"] = show.language_of(what.promise.promise)
    elif what.meeting:
        said["sentence"] = gettext("Vi ses %(day)s %(hour)s.") % {
            "day": day_long(what.meeting.starts_at),
            "hour": hour(what.meeting.starts_at),
        }
    elif what.touch:
        said["sentence"] = agreed_rhythm.sentence(what.touch, opened)
    else:
        said["sentence"] = gettext("Der sker ikke noget lige nu.")
    return {
        **said,
        "broken": broken,
        "lines": lines,
        "rest": "" if lines or today or meets_today else gettext("I dag er der ikke noget."),
        "broken_first": bool(broken) and not (today or meets_today),
    }


def _clock_line(row: Seen, *, told: bool, idle: bool) -> dict[str, Any]:
    """When it comes; with what it is, unless the sentence above has `told` so. `idle`: nothing else is today."""
    promise = row.promise
    drawn = show.promise(row)
    rest = []
    if row.state == State.TODAY:
        lead, strong = gettext("Det bliver senest"), gettext("i dag")
        if promise.due_time:
            strong += f" {hour(promise.due_time)}"
        elif promise.kind == Promise.Kind.CALL:
            lead, strong = gettext("Det bliver i løbet af"), gettext("dagen")
        if promise.kind == Promise.Kind.CALL and promise.owner and promise.owner.phone:
            rest.append(
                gettext("%(who)s ringer fra %(phone)s.")
                % {"who": promise.owner.first_name, "phone": phone(promise.owner.phone)}
            )
    else:
        lead, strong = gettext("Det bliver senest"), day_long(promise.due)
        rest.append(gettext("Det er %(when)s.") % {"when": in_days(promise.due)})
        if idle:
            rest.append(gettext("I dag er der ikke noget."))
    if not told:
        lead, strong = show.sentence(promise), capital(by_day(promise.due))
    return {
        "state": drawn["state"],
        "state_word": drawn["state_word"],
        "share": row.share,
        "lead": lead,
        "strong": strong,
        "rest": " ".join(rest),
    }


def _steps(here: int) -> list[dict[str, str]]:
    texts = {
        1: (gettext("Vi har hørt, hvad du ønsker."), gettext("Her er vi nu. Vi lytter til dig."), ""),
        2: (
            gettext("Vi har fundet hjælp sammen."),
            gettext("Her er vi nu. Det gør vi sammen."),
            gettext("Det gør vi sammen."),
        ),
        3: (
            "",
            gettext("Her er vi nu. Vi ser på, hvad loven siger."),
            gettext("Vi ser på, hvad loven siger."),
        ),
    }
    rows = []
    for step in Case.Step:
        state = "now" if step == here else "done" if step < here else "open"
        done, now, coming = texts[step.value]
        rows.append(
            {
                "title": str(step.label),
                "text": {"done": done, "now": now, "open": coming}[state],
                "state": state,
            }
        )
    return rows


def _hero_voice(opened: OpenCase) -> dict[str, Any] | None:
    """What the citizen wishes, in their own words; else the last they said about their life."""
    own = opened.texts(Sharing.Part.AREAS, "area.", newest=True).filter(whose=Voice.CITIZEN)
    texts = [text for text in own if _confirmed(text)]
    if not texts:
        return None
    wish = next((text for text in texts if text.about == WISH.about), None)
    text = wish or max(texts, key=lambda one: one.versions.all()[0].at)
    mine = opened.standing == Standing.SELF
    said = show.voice(text, opened)
    name = opened.citizen.first_name
    said["greeting"] = (
        gettext("Hej %(name)s.") % {"name": name} if mine else gettext("%(name)s.") % {"name": name}
    )
    if wish:
        said["intro"] = gettext("Det har du sagt, du ønsker dig:") if mine else gettext("Det ønsker jeg mig:")
    else:
        said["intro"] = gettext("Det har du sagt:") if mine else gettext("Det har jeg sagt:")
    return said


def _confirmed(text: Text) -> bool:
    versions = text.versions.all()
    return bool(versions) and versions[0].confirmed_at is not None


# Whom about what


def _team(
    opened: OpenCase,
    language: str,
    change: dict[str, Any] | None = None,
    gone: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    members = [(member, thread) for thread in opened.threads for member in thread.team]  # type: ignore[attr-defined]
    advising = advisers(beside=[member.person for member, _thread in members])
    cards = []
    # The first absence of each: somebody may be away twice.
    absent = {found["pk"]: found for found in reversed(gone)}
    for member, thread in members:
        who = show.team_member(member, thread, language)
        if change and change["is_coming"] and member.person_id == change["of_pk"]:
            who |= {"state": "leaving", "state_text": change["sentence"]}
        elif change and change["is_coming"] and member.person_id == change["to_pk"]:
            who |= {"role": gettext("Tager over")}
        elif found := absent.get(member.person_id):
            who |= {"state": "leaving", "state_text": absences.sentence(found)}
        cards.append(
            {
                **who,
                "reach": capital(who["reach"]),
                "topic": who["topic"]
                if not thread.is_main or member.person == opened.coordinator
                else gettext("Også i din sag"),
                "link_url": f"{address(opened, 'case-talk', thread.pk)}?til={member.person_id}#skriv",
                "link_text": gettext("Skriv til %(name)s") % {"name": member.person.first_name},
            }
        )
    for post in advising:
        number = post.person.phone or post.unit.phone
        cards.append(
            {
                "topic": gettext("Når vi er uenige"),
                "name": post.person.name,
                "initials": post.person.initials,
                "kind": "other",
                "role": gettext("Borgerrådgiver og uvildig"),
                "reach": capital(post.unit.hours_en if language == "en" else post.unit.hours),
                "link_url": phone_link(number),
                "link_icon": "call",
                "link_text": gettext("Ring %(phone)s") % {"phone": phone(number)},
            }
        )
    return cards


def question(opened: OpenCase, form: forms.QuestionForm) -> dict[str, Any]:
    """The band where one asks: what happens to it, by when, and one field."""
    due = opened.main_thread.unit.answer_by(clock.today())
    who = opened.answers_now.first_name if opened.answers_now else opened.main_thread.unit.name
    return {
        "title": gettext("Spørg os om noget"),
        "text": gettext("Du behøver ikke vide, hvem der har svaret. %(who)s læser det og finder den rigtige.")
        % {"who": who},
        "clock": {
            "state": "on_its_way",
            "share": 1,
            "lead": gettext("Du får svar senest"),
            "strong": day_long(due),
        },
        "action_url": address(opened, "case-ask"),
        "hidden": {"key": form.initial["key"]},
        "fields": [form[name] for name in ("words", keeping.FIELD) if name in form.fields],
        "call_url": f"{address(opened, 'case-ask')}?ring=1",
    }


# Calm view


def _calm(
    request: HttpRequest, opened: OpenCase, what: WhatNow, rows: list[Seen], news: dict[str, Any]
) -> HttpResponse:
    return render(
        request,
        "citizen/calm.html",
        around(
            opened,
            cards=calm.cards(
                opened,
                what,
                rows,
                now=happening(opened, what),
                told=[calm.new_card(_written(opened, news)), *_told(opened, news)],
                asked=_questions(opened, news),
                stands=waits.stands(opened, waiting.answered(news)),
                gone=away.answered(news) if opened.whole else [],
            ),
            question_url=address(opened, "case-ask"),
            ways=_calm_ways(opened),
            name=opened.person.first_name,
        ),
    )


def _told(opened: OpenCase, news: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is away, who leaves, who is done, and days without help: cards of calm view."""
    found = []
    if opened.whole and (gone := absences.notice(away.answered(news), address(opened, "case-away"))):
        text = " ".join([gone["meanwhile"], *gone["others"]])
        found.append(
            calm.told_card("pause", gone["sentence"], text, gettext("Vælg, hvad der sker"), gone["url"])
        )
    if opened.whole and (change := show.change(news["handover"], opened)):
        choose = gettext("Vælg, hvordan I lærer hinanden at kende")
        label = choose if change["wants_choice"] else gettext("Læs mere om skiftet")
        found.append(
            calm.told_card("person", change["sentence"], "", label, address(opened, "case-handover"))
        )
    if parted := _parted(opened, news):
        label = gettext("Se, hvem der er med")
        found.append(calm.told_card("person", parted["sentence"], "", label, parted["url"]))
    for line in changes.coming(opened, news):
        if line["gap"]:
            text = f"{line['when'].rstrip('.')}. {line['gap']}"
            found.append(
                calm.told_card("steps", f"{line['title']}.", text, gettext("Se, hvad vi gør"), line["url"])
            )
    return found


def _calm_ways(opened: OpenCase) -> list[dict[str, str]]:
    """The few other pages that calm view leads to, whatever stands on them."""
    names = ("case-waiting", "case-disagreements", "closeness")
    urls = {address(opened, name) for name in names}
    return [way for way in _more(opened) if way["url"] in urls]


# Beside somebody


def _beside(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """What a companion sees: when and where, and whatever else is shared; nothing tells what is not."""
    names = menu_names(opened)
    links = [
        {"label": label, "url": address(opened, f"case-{name}")}
        for name, label in (("meetings", gettext("Alle møder")), ("asked", gettext("Beskeder")))
        if name in names
    ]
    return render(
        request,
        "citizen/beside.html",
        around(
            opened,
            name=opened.citizen.first_name,
            shared=sharing.page(opened, plan.CITIZEN),
            links=links,
        ),
    )
