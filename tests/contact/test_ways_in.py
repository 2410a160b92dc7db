"""A1, A2, A11: what another tells is not the citizen's words; what cannot wait; the open course; nameless advice."""

import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.models import Case, Note, Promise, Text
from medspil.contact import actions as contact
from medspil.contact import advice, intake, urgent
from medspil.contact.models import Advice, Intake, Request
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff
from medspil.people.roles import Role
from medspil.project.demo.cast import opened
from medspil.rhythm import telling
from medspil.web import happened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


def visitor(person):
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())


def text(response) -> str:
    words = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", words).replace("\xa0", " ").split())


def ida_asks(cast):
    ida = opened(cast.ida, cast.ida)
    return contact.ask_for(words="Liften er gået i stykker.", key=uuid.uuid4(), by=ida)


# Told by another


def test_what_a_mother_tells_is_hers_and_stands_in_no_citizens_mouth(client, cast):
    request = contact.write_down(
        words="Hun spiser ikke.",
        channel="relative",
        key=uuid.uuid4(),
        citizen=cast.ida,
        told_by="Idas mor",
        by=visitor(cast.karen),
    )
    assert not Text.objects.filter(about=request.about).exists()
    client.force_login(cast.ida)
    page = client.get(reverse("case-request", args=[request.case_id, request.pk]))
    assert "Hun spiser ikke." in text(page)
    assert "»Hun spiser ikke.«" not in text(page), "quotation marks are the citizen's"
    client.force_login(cast.karen)
    for url in (
        reverse("desk"),
        reverse("requests"),
        reverse("work-request", args=[request.case_id, request.pk]),
    ):
        assert "Hun spiser ikke." in text(client.get(url)), url
    found = contact.answer(request=request, words="Vi ringer.", by=opened(cast.karen, cast.ida))
    assert found.answered_at == MONDAY


def test_a_hospital_without_a_name_is_a_hospital(cast):
    request = contact.write_down(
        words="Hun kommer hjem torsdag.",
        channel="hospital",
        key=uuid.uuid4(),
        citizen=cast.ida,
        by=visitor(cast.karen),
    )
    assert request.told_by == "Fra et hospital"


# What cannot wait


def test_urgent_has_a_reason_and_a_clock_of_one_working_day(cast):
    """Asked on Monday: by Thursday; urgent: by Tuesday."""
    request = ida_asks(cast)
    assert request.promise.due == date(2026, 11, 26)
    ida = opened(cast.ida, cast.ida)
    with pytest.raises(Refusal):
        urgent.say_urgent(request=request, because="  ", by=ida)
    for _twice in range(2):
        found = urgent.say_urgent(request=request, because="Jeg kan ikke komme i seng.", by=ida)
    assert Promise.objects.get(pk=found.promise_id).due == date(2026, 11, 24)
    assert Note.objects.filter(kind="urgent").count() == 1
    assert Notice.objects.filter(key=f"urgent-{found.pk}").count() == 1
    with pytest.raises(NotYours):
        urgent.say_urgent(request=request, because="Nej.", by=opened(cast.bo, cast.bo))


def test_a_late_one_is_told_to_the_leader_once(cast, at):
    urgent.say_urgent(request=ida_asks(cast), because="Hun ligger på gulvet.", by=opened(cast.ida, cast.ida))
    assert urgent.escalate() == 0
    at(MONDAY + timedelta(days=2))
    assert [urgent.escalate(), urgent.escalate()] == [1, 0]
    assert Notice.objects.filter(to=cast.lena).count() == 1
    assert Note.objects.filter(kind="escalated").count() == 1


def test_where_nobody_leads_it_is_told_at_the_front_door_and_nobody_reads_what_is_not_so(cast, at):
    """Lars's department has no leader, so the one of the front door hears; without her, who takes requests there."""

    def late():
        asked = contact.write_down(
            words="Jeg mister boligen.",
            channel="phone",
            key=uuid.uuid4(),
            citizen=cast.ida,
            by=visitor(cast.lars),
        )
        urgent.say_urgent(request=asked, because="Det er i morgen.", by=opened(cast.ida, cast.ida))
        at(clock.now() + timedelta(days=2))

    def told():
        rows = Notice.objects.filter(key__startswith="urgent-late-").order_by("pk")
        lines = Note.objects.filter(kind="escalated").order_by("pk")
        return [row.to for row in rows], [happened.line(line) for line in lines]

    late()
    assert urgent.escalate() == 1
    to_leader = "Det hastede og blev ikke nået. Lederen fik besked."
    assert told() == ([cast.lena], [to_leader])
    assert [len(urgent.of_unit(unit)[1]) for unit in (cast.adult, cast.home)] == [1, 0]
    late()
    Staff.objects.filter(role=Role.LEADER).delete()
    Staff.objects.update(takes_requests=False)
    assert urgent.escalate() == 0
    assert told() == ([cast.lena], [to_leader])
    Staff.objects.filter(person=cast.lotte).update(takes_requests=True)
    assert [urgent.escalate(), urgent.escalate()] == [1, 0]
    assert told() == (
        [cast.lena, cast.lotte],
        [to_leader, "Det hastede og blev ikke nået. Lotte Friis fik besked."],
    )


def test_ida_says_it_on_the_page_and_karen_reads_why_on_her_desk(client, cast):
    request = ida_asks(cast)
    client.force_login(cast.ida)
    url = reverse("case-request", args=[request.case_id, request.pk])
    client.post(url, {"because": "Jeg kan ikke komme i seng."})
    assert "tirsdag 24. november" in text(client.get(url))
    client.force_login(cast.karen)
    assert "haster: Jeg kan ikke komme i seng." in text(client.get(reverse("desk")))


# The open course


def begun(cast, key=None):
    karen = opened(cast.karen, cast.ida)
    lotte = Person.objects.get(pk=cast.lotte.pk)
    return intake.begin(asked="Nogen at spise med.", other_host=lotte, key=key or uuid.uuid4(), by=karen)


def test_a_course_has_two_hosts_and_promises_from_the_first_day_what_comes_next(cast):
    """Twelve weeks from Monday 23 November end on Sunday 14 February; the working day before is Friday 12."""
    key = uuid.uuid4()
    first, again = begun(cast, key), begun(cast, key)
    assert first.pk == again.pk
    assert (first.host, first.other_host) == (cast.karen, cast.lotte)
    assert first.next_talk.due == date(2027, 2, 12)
    assert opened(cast.lotte, cast.ida).works_here
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(intake.AlreadyBegun):
        begun(cast)
    sune = Person.objects.get(pk=cast.sune.pk)
    with pytest.raises(Refusal):
        intake.begin(asked="x", other_host=sune, key=uuid.uuid4(), by=karen)


def test_a_host_is_somebody_who_can_open_the_case(client, cast):
    """Lena leads Karen's department and Nanna administers it: neither works in cases."""
    karen = opened(cast.karen, cast.ida)
    for person in (cast.lena, cast.admin):
        with pytest.raises(Refusal):
            intake.begin(asked="x", other_host=Person.objects.get(pk=person.pk), key=uuid.uuid4(), by=karen)
    client.force_login(cast.karen)
    page = text(client.get(reverse("work-intake", args=[karen.pk])))
    assert "Lotte Friis" in page
    assert not [name for name in ("Lena Brink", "Nanna Ravn") if name in page]


@pytest.mark.parametrize(
    ("days", "week", "prepares"), [(0, 1, False), (76, 11, False), (77, 12, True), (140, 21, True)]
)
def test_the_weeks_are_counted_and_from_the_twelfth_what_comes_is_prepared(cast, at, days, week, prepares):
    begun(cast)
    at(MONDAY + timedelta(days=days))
    found = intake.course(opened(cast.ida, cast.ida))
    assert (found.week, found.prepares) == (week, prepares)


def test_leaving_and_coming_back_asks_nothing_again(client, cast, at):
    begun(cast)
    client.force_login(cast.ida)
    url = reverse("case-intake", args=[opened(cast.ida, cast.ida).pk])
    assert "Uge 1 af 20 i »Din indgang«." in text(client.get(reverse("my-case")))
    client.post(url, {"do": "leave"})
    assert Intake.objects.get().next_talk.outcome == "withdrawn"
    at(MONDAY + timedelta(days=30))
    client.post(url, {"do": "back", "asked": "Nu er det nu.", "key": uuid.uuid4()})
    found = Intake.objects.get(ended_on=None)
    assert (found.host, found.other_host, found.began_on) == (cast.karen, cast.lotte, date(2026, 12, 23))
    assert "Uge 1 af 20" in text(client.get(url))


def test_stopped_twice_it_is_over_and_a_host_who_left_is_another(client, cast):
    begun(cast)
    ida = opened(cast.ida, cast.ida)
    client.force_login(cast.ida)
    url = reverse("case-intake", args=[ida.pk])
    for _click in range(2):
        assert client.post(url, {"do": "leave"}).status_code == 302
    assert Note.objects.filter(kind="intake_ended").count() == 1
    lise = people.add_person(name="Lise Bang")
    people.employ(person=lise, unit=cast.adult, role="caseworker", since=date(2021, 1, 4))
    Staff.objects.filter(person=cast.lotte).update(until=date(2026, 11, 20))
    found = intake.come_back(asked="Nu er det nu.", key=uuid.uuid4(), by=ida)
    assert (found.host, found.other_host) == (cast.karen, lise)
    assert Notice.objects.filter(to=lise, key=f"intake-{found.pk}-{lise.pk}").exists()


def test_what_comes_next_keeps_the_talk_that_was_promised(client, cast):
    found = begun(cast)
    client.force_login(cast.karen)
    url = reverse("work-intake", args=[found.case_id])
    client.post(url, {"do": "next", "words": "Madklub i medborgerhuset."})
    assert Promise.objects.get(pk=found.next_talk_id).outcome == "kept"
    assert "Madklub i medborgerhuset." in text(client.get(url))


# Advice without a name


def code_of(page) -> str:
    return re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page.content.decode())[0]


def test_somebody_asks_without_a_name_and_reads_the_answer_with_a_code(client, cast):
    cases_before, people_before = Case.objects.count(), Person.objects.count()
    sent = {"words": "Må min nabo få en ledsager?", "key": uuid.uuid4()}
    code = code_of(client.post(reverse("advice"), sent))
    assert code_of(client.post(reverse("advice"), sent)) == code
    assert Advice.objects.count() == 1
    assert (Case.objects.count(), Person.objects.count()) == (cases_before, people_before)
    assert code not in str(list(Advice.objects.values())), "only its digest is kept"
    found = Advice.objects.get()
    client.force_login(cast.karen)
    assert "Må min nabo få en ledsager?" in text(client.get(reverse("advice-waiting")))
    url = reverse("advice-answer", args=[found.pk])
    base = client.get(url).context["form"].initial["base"]
    client.post(url, {"words": "Ja, ring til os.", "base": base})
    client.logout()
    page = client.post(reverse("advice-code"), {"code": code.lower().replace("-", " ")})
    assert "Her er svaret." in text(page)
    assert "Ja, ring til os." in text(page)
    client.post(reverse("advice-code"), {"code": code, "words": "Tak. Hvornår?"})
    assert Advice.objects.get().answered_at is None


def test_what_is_asked_while_the_answer_is_written_is_not_taken_for_answered(client, cast):
    code = advice.ask(words="Må min nabo få en ledsager?", key=uuid.uuid4())
    client.force_login(cast.lotte)
    url = reverse("advice-answer", args=[Advice.objects.get().pk])
    base = client.get(url).context["form"].initial["base"]
    advice.add(code=code, words="Og min datter?")
    page = client.post(url, {"words": "Ja, ring til os.", "base": base})
    assert "Og min datter?" in text(page), "what came meanwhile stands there"
    assert "Der er skrevet mere imens." in text(page)
    assert page.context["form"]["words"].value() == "Ja, ring til os."
    assert Advice.objects.get().answered_at is None
    assert "Spørgsmål uden navn" in text(client.get(reverse("advice-waiting")))
    sent = {"words": "Ja, begge. Ring til os.", "base": page.context["form"]["base"].value()}
    assert client.post(url, sent).status_code == 302
    assert Advice.objects.get().answered_at == clock.now()
    assert advice.waiting_for(Person.objects.get(pk=cast.lotte.pk)) == []


def test_who_has_a_question_without_a_name_is_reminded_until_it_is_answered(client, cast, at):
    """Asked on Monday 23 November, three working days to answer: the 26th. On the 25th it is the working day before."""
    code = advice.ask(words="Hvad må jeg?", key=uuid.uuid4())
    found = Advice.objects.get()
    assert (found.owner, found.due) == (cast.lotte, date(2026, 11, 26))

    def reminded(day):
        at(datetime(2026, day.month, day.day, 8, tzinfo=MONDAY.tzinfo))
        return [person.name for person in telling.owners_reminded(day)]

    assert reminded(date(2026, 11, 24)) == []
    assert reminded(date(2026, 11, 25)) == reminded(date(2026, 12, 2)) == ["Lotte Friis"]
    client.force_login(cast.lena)
    assert "1 spørgsmål uden navn har ventet for længe på et råd." in text(
        client.get(reverse("my-unit"), follow=True)
    )
    client.force_login(cast.karen)
    for name in ("desk", "requests"):
        assert "1 spørgsmål uden navn venter på et råd" in text(client.get(reverse(name))), name
    Staff.objects.filter(person=cast.lotte).update(until=date(2026, 12, 1))
    Staff.objects.filter(person=cast.karen).update(takes_requests=True)
    assert reminded(date(2026, 12, 2)) == ["Karen Damsgaard"], "Lotte has left"
    assert advice.add(code=code, words="Er der nogen?").owner == cast.karen
    page = Visitor(Person.objects.get(pk=cast.karen.pk), uuid.uuid4())
    advice.answer(advice=found, words="Ja.", by=page)
    assert reminded(date(2026, 12, 3)) == []


def test_a_code_that_is_none_opens_nothing(client, cast):
    page = client.post(reverse("advice-code"), {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert "Den kode kender vi ikke." in text(page)


def test_other_units_do_not_read_it(client, cast):
    advice.ask(words="Hvad må jeg?", key=uuid.uuid4())
    client.force_login(cast.sune)
    assert "Hvad må jeg?" not in text(client.get(reverse("advice-waiting")))
    assert client.get(reverse("advice-answer", args=[Advice.objects.get().pk])).status_code == 404


def test_a_machine_that_asks_for_ever_is_sent_to_the_telephone(cast):
    for _n in range(advice.MOST_AN_HOUR):
        advice.ask(words="Igen", key=uuid.uuid4())
    with pytest.raises(advice.TooMany):
        advice.ask(words="Igen", key=uuid.uuid4())
    assert Request.objects.count() == 0


def test_a_code_opens_what_it_is_for_also_after_the_sites_key_is_changed(cast, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the old one", []
    code = advice.ask(words="Hvad må jeg?", key=uuid.uuid4())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", ["the old one"]
    assert advice.open_by(code) == Advice.objects.get()
