"""F3: who acts for whom is entered and ended on a page, by whoever may, and told to the citizen."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import Standing
from medspil.cases.models import Case, Note, Text
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Mandate, Person
from medspil.plans import beside, transitions
from medspil.project.demo.cast import opened

ALL = ("guardian-5", "guardian-6", "future-power", "custody", "power-of-attorney", "companion", "guide")
MAY_ENTER = {
    "ida": ("power-of-attorney", "companion", "guide"),
    "karen": ALL,
    "gerda": ("companion", "guide"),
    "petra": (),
    "lars": (),
    "mona": (),
}
"""Written from the law and the decisions on sight: by law only the authority, by consent the citizen."""


def next_year():
    return clock.today() + timedelta(days=365)


def paper(**more):
    """What Karen holds in her hand."""
    said = {
        "rule": "guardian-5",
        "name": "Torben Holm",
        "phone": "20000190",
        "paper": "Værgebeskikkelse fra Familieretshuset",
        "paper_on": date(2021, 1, 20),
        "until": next_year(),
    }
    return said | more


@pytest.mark.parametrize("who", MAY_ENTER)
def test_each_enters_what_is_theirs_to_enter_and_nothing_else(cast, who):
    person = cast.people()[who]
    by = opened(person, cast.otto if who == "gerda" else cast.ida)
    for number, rule in enumerate(ALL):
        said = paper(rule=rule, phone=f"2000020{number}")
        if rule in MAY_ENTER[who]:
            assert beside.enter(**said, by=by).entered_by == person
        else:
            with pytest.raises(NotYours):
                beside.enter(**said, by=by)


def test_a_guardian_is_entered_by_karen_with_the_paper_and_ida_reads_all_of_it(client, cast):
    case = Case.objects.get(citizen=cast.ida)
    client.force_login(cast.karen)
    sent = {
        "who": "anden",
        "name": "Torben Holm",
        "phone": "20 00 01 90",
        "rule": "guardian-5",
        "area": "economic",
        "paper": "Værgebeskikkelse fra Familieretshuset",
        "paper_on": "2021-01-20",
        "since": "2021-02-01",
        "until": next_year().isoformat(),
    }
    assert client.post(reverse("work-mandate-new", args=[case.pk]), sent).status_code == 302
    assert client.post(reverse("work-mandate-new", args=[case.pk]), sent).status_code == 302
    assert Mandate.objects.filter(actor__name="Torben Holm").count() == 1
    assert Note.objects.filter(kind="mandate").count() == 1
    assert Notice.objects.filter(to=cast.ida, key__startswith="mandate-").count() == 1
    client.force_login(cast.ida)
    page = client.get(reverse("case-mandates", args=[case.pk])).content.decode()
    for told in (
        "Torben Holm",
        "Må handle i det, der handler om penge, og ser kun det.",
        "1. februar 2021",
        "Værgebeskikkelse fra Familieretshuset, dateret 20. januar 2021.",
        "værgemålsloven § 5",
        "Ingen jurist har endnu bekræftet, at vi forstår reglen rigtigt.",
        "Karen skrev det ind",
    ):
        assert told in page.replace("\xa0", " "), told
    assert (
        reverse("mandate-end", args=[case.pk, Mandate.objects.get(actor__name="Torben Holm").pk]) not in page
    )


def test_a_power_of_attorney_rests_on_a_rule_that_is_checked(client, cast):
    beside.enter(**paper(rule="power-of-attorney"), by=opened(cast.ida, cast.ida))
    client.force_login(cast.ida)
    page = client.get(reverse("case-mandates", args=[Case.objects.get(citizen=cast.ida).pk])).content.decode()
    assert "forvaltningsloven § 8" in page
    assert "Ingen jurist" not in page


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"paper": "  "}, beside.PaperMissing),
        ({"paper_on": None}, beside.PaperDayMissing),
        ({"paper_on": clock.today() + timedelta(days=1)}, beside.PaperNotYet),
        ({"until": None}, beside.EndMissing),
        ({"until": clock.today() - timedelta(days=1)}, beside.HasEndedAlready),
        ({"since": clock.today() + timedelta(days=400)}, people.EndsBeforeItBegins),
        ({"name": "Lars Winther", "phone": "20000021"}, beside.WorksInTheCase),
        ({"name": "Ida Holm", "phone": "20000101"}, people.ActsForThemselves),
        ({"phone": ""}, people.NeedsNameAndPhone),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(cast, changed, refusal):
    with pytest.raises(refusal):
        beside.enter(**paper(**changed), by=opened(cast.karen, cast.ida))
    assert not Mandate.objects.filter(citizen=cast.ida, kind="guardian").exists()


def test_idas_own_word_needs_no_paper_but_an_end(cast):
    ida = opened(cast.ida, cast.ida)
    with pytest.raises(beside.EndMissing):
        beside.enter(rule="power-of-attorney", person=cast.mona, by=ida)
    made = beside.enter(rule="power-of-attorney", person=cast.mona, until=next_year(), by=ida)
    assert opened(cast.mona, cast.ida).standing == Standing.FOR
    assert made.entered_by == cast.ida


# Today is day 0. What stands is a power of attorney for money from day 10 to day 20.
@pytest.mark.parametrize(
    ("area", "first", "last", "fits"),
    [
        ("economic", 0, 9, True),
        ("economic", 0, 10, False),
        ("economic", 20, 30, False),
        ("economic", 21, 30, True),
        ("economic", 0, 30, False),
        ("all", 15, 16, False),
        ("personal", 10, 20, True),
    ],
)
def test_the_same_person_is_the_same_in_the_same_matters_only_once_a_day(cast, area, first, last, fits):
    ida, today = opened(cast.ida, cast.ida), clock.today()

    def give(area, first, last):
        people.give_mandate(
            actor=cast.mona,
            citizen=cast.ida,
            kind=Mandate.Kind.REPRESENTATIVE,
            area=area,
            since=today + timedelta(days=first),
            until=today + timedelta(days=last),
            by=ida.person,
        )

    give("economic", 10, 20)
    if fits:
        give(area, first, last)
    else:
        with pytest.raises(people.ActsAlready):
            give(area, first, last)


def test_custody_ends_on_the_day_before_the_child_is_of_age(at, cast):
    """No later day is entered, and one entered before we knew the birthday ends then too."""
    karen = opened(cast.karen, cast.ida)
    father = beside.enter(**paper(rule="custody", until=clock.today() + timedelta(days=1000)), by=karen)
    # Eighteen on the 14th of May 2027.
    transitions.say_born(day=date(2009, 5, 14), by=karen)
    karen = opened(cast.karen, cast.ida)
    mother = {"rule": "custody", "name": "Vibeke Steen", "phone": "20000191"}
    with pytest.raises(beside.CustodyEnds):
        beside.enter(**paper(**mother, until=date(2027, 5, 14)), by=karen)
    mother = beside.enter(**paper(**mother, until=date(2027, 5, 13)), by=karen)
    at(clock.at(date(2027, 5, 13), time(12)))
    for parent in (father, mother):
        assert opened(parent.actor, cast.ida).is_parent
    at(clock.at(date(2027, 5, 14), time(12)))
    for parent in (father, mother):
        with pytest.raises(NotYours):
            opened(parent.actor, cast.ida)
    now, before = beside.mandates(opened(cast.ida, cast.ida))
    assert {row.kind for row in now} == {Mandate.Kind.COMPANION}
    assert {row.last_day for row in before} == {date(2027, 5, 13)}


def test_two_parents_act_side_by_side(cast):
    karen = opened(cast.karen, cast.ida)
    beside.enter(**paper(rule="custody"), by=karen)
    beside.enter(**paper(rule="custody", name="Vibeke Steen", phone="20000191"), by=karen)
    assert Mandate.objects.on(clock.today()).filter(citizen=cast.ida, kind="parent").count() == 2


MAY_END = {
    ("guardian-5", "karen"): True,
    ("guardian-5", "ida"): False,
    ("guardian-5", "torben"): False,
    ("power-of-attorney", "karen"): True,
    ("power-of-attorney", "ida"): True,
    ("power-of-attorney", "torben"): True,
    ("companion", "karen"): False,
    ("companion", "ida"): True,
}


@pytest.mark.parametrize(("rule", "who"), MAY_END)
def test_it_is_ended_by_whoever_may_and_from_the_next_click(cast, rule, who):
    made = beside.enter(**paper(rule=rule), by=opened(cast.karen, cast.ida))
    person = made.actor if who == "torben" else cast.people()[who]
    by = opened(person, cast.ida)
    if MAY_END[rule, who]:
        beside.end(mandate=made, because="Idas søn gør det nu", by=by)
        assert not Mandate.objects.on(clock.today()).filter(pk=made.pk).exists()
        assert Mandate.objects.get(pk=made.pk).ended_by == person
        with pytest.raises(NotYours):
            opened(made.actor, cast.ida)
    else:
        with pytest.raises(NotYours):
            beside.end(mandate=made, because="Idas søn gør det nu", by=by)
        assert Mandate.objects.on(clock.today()).filter(pk=made.pk).exists()


def test_karen_says_why_and_it_is_over_once(cast):
    karen = opened(cast.karen, cast.ida)
    made = beside.enter(**paper(), by=karen)
    with pytest.raises(cases.ReasonMissing):
        beside.end(mandate=made, because=" ", by=karen)
    beside.end(mandate=made, because="Værgemålet er ophævet", by=karen)
    beside.end(mandate=made, because="Igen", by=karen)
    assert Mandate.objects.get(pk=made.pk).because == "Værgemålet er ophævet"
    assert Note.objects.filter(kind="mandate_over").count() == 1


def test_what_karen_wrote_of_why_is_there_still_when_it_is_refused(client, cast):
    made = beside.enter(**paper(), by=opened(cast.karen, cast.ida))
    client.force_login(cast.karen)
    address = reverse("work-mandate-end", args=[Case.objects.get(citizen=cast.ida).pk, made.pk])
    assert str(cases.ReasonMissing.sentence) in client.post(address, {"because": " "}).content.decode()
    long = "Værgemålet er ophævet af Familieretshuset. " * 6
    page = client.post(address, {"because": long})
    assert page.status_code == 200
    [shown] = [one for one in page.context["acting"] if one["pk"] == made.pk]
    assert shown["end"].errors
    assert shown["end"]["because"].value() == long
    assert Mandate.objects.get(pk=made.pk).ended_at is None
    assert client.post(address, {"because": "Det er ophævet"}).status_code == 302
    assert Mandate.objects.get(pk=made.pk).because == "Det er ophævet"


def test_what_torben_typed_when_it_ended_is_given_back_to_him_and_stands_nowhere(client, cast):
    ida = opened(cast.ida, cast.ida)
    made = beside.enter(**paper(rule="power-of-attorney"), by=ida)
    area = reverse("case-area", args=[ida.pk, "home"])
    client.force_login(made.actor)
    assert client.get(area).status_code == 200
    at_home = client_of(cast.ida)
    assert at_home.post(reverse("mandate-end", args=[ida.pk, made.pk])).status_code == 302
    answer = client.post(area, {"base": "0", "words": "Ida vil flytte til byen."})
    assert answer.status_code == 404
    assert "Din ret til at handle for en anden her er slut." in answer.content.decode()
    assert "Ida vil flytte til byen." in answer.content.decode()
    assert not Text.objects.filter(case=ida.case, about="area.home").exists()


def client_of(person):
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client


def test_nobody_is_let_in_where_a_case_of_their_own_would_open(cast):
    """Else a caseworker could enter any citizen as somebody's companion and take their sign-in over."""
    karen = opened(cast.karen, cast.ida)
    bo = beside.enter(**paper(rule="companion", name="Bo Kristiansen", phone="20000103"), by=karen)
    assert bo.actor == cast.bo
    with pytest.raises(NotYours):
        beside.give_way_in(mandate=bo, login="bo2", email="", by=karen)
    torben = beside.enter(**paper(), by=karen)
    beside.give_way_in(mandate=torben, login="torben", email="", by=karen)
    Person.objects.filter(pk=torben.actor_id).update(password="chosen")
    torben.refresh_from_db()
    with pytest.raises(NotYours):
        beside.give_way_in(mandate=Mandate.objects.get(pk=torben.pk), login="torben2", email="", by=karen)


def test_the_link_is_shown_once(client, cast):
    made = beside.enter(**paper(), by=opened(cast.karen, cast.ida))
    way_in = reverse("work-mandate-way-in", args=[Case.objects.get(citizen=cast.ida).pk, made.pk])
    client.force_login(cast.karen)
    assert "link-once" in client.post(way_in, {"login": "torben", "email": ""}, follow=True).content.decode()
    assert "link-once" not in client.get(way_in).content.decode()
