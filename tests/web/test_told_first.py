"""A5: »Jeg vil selv fortælle«: what was said before the new one came is closed to them until it is told."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import NotHere
from medspil.contact import away, handover, messages, talks
from medspil.people import actions as people
from medspil.people.models import Opening, Person, Staff
from medspil.plans import actions as plans
from medspil.plans.models import Snapshot
from medspil.project.demo.cast import opened
from medspil.web import leaving
from tests.house import world
from tests.house.test_house import patterns


@pytest.fixture
def untold(cast):
    """Everything was said two days ago; Lotte takes over today, and Ida wants to tell it herself."""
    with clock.held_at(clock.now() - timedelta(days=2)):
        made = world.make(cast)
        ended = Snapshot.objects.get(meeting=made.held)
        no = {"is_yes": False, "words": f"{world.MARK} nej.", "by": opened(cast.ida, cast.ida)}
        plans.answer_minutes(snapshot=ended, digest=ended.digest, **no)
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    lotte, admin = (Person.objects.get(pk=p.pk) for p in (cast.lotte, cast.admin))
    leaving.leave(post=post, until=clock.today() + timedelta(days=5), to=lotte, by=admin)
    handover.choose(choice="tell", by=opened(cast.ida, cast.ida))
    return made


def pages(made):
    """The addresses of the case that a worker opens, with the keys of what stands there."""
    known = {
        "pk": made.pk, "meeting_pk": made.held, "meeting": made.held,
        "promise_pk": made.promise, "area": "home", "goal": made.goal,
        "differ": made.differ, "waiting": made.waiting, "note": made.note, "offer": made.offer,
        "thread_pk": made.thread, "duty": made.duty,
    }  # fmt: skip
    for path, found in patterns():
        name = found.name
        keys = re.findall(r"<(?:\w+:)?(\w+)>", path)
        shared = path.startswith("sag/") and name in (
            "meeting",
            "meeting-room",
            "meeting-letter",
            "meeting-letter-file",
        )
        if (shared or path.startswith("arbejde/sag/")) and set(keys) <= set(known):
            yield name, reverse(name, kwargs={k: known[k] for k in keys})


def test_no_page_of_the_case_says_what_was_said_before(cast, untold):
    client = Client()
    client.force_login(cast.lotte)
    seen = 0
    for name, address in pages(untold):
        answer = client.get(address)
        assert answer.status_code < 500, name
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            seen += 1
            page = answer.content.decode()
            # What waits for Lotte's own answer she reads; the rest she hears.
            for owed in ("spørgsmål?", "besked.", "cykel."):
                page = page.replace(f"{world.MARK} {owed}", "")
            assert world.MARK not in page, name
    assert seen > 25
    client.post(reverse("work-handover", args=[untold.pk]), {"do": "told"})
    assert world.MARK in client.get(reverse("work-area", args=[untold.pk, "home"])).content.decode()


def test_new_words_are_hers_at_once_and_the_talk_opens_the_rest(cast, untold):
    ida, lotte = opened(cast.ida, cast.ida), opened(cast.lotte, cast.ida)
    assert lotte.closed_before == clock.at(clock.today(), time())
    assert not lotte.texts(None, "area.").exists()
    assert lotte.promises().exists()
    messages.send(words="Hej Lotte.", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    said, _more = talks.talk(lotte, lotte.main_thread)
    assert [one.text.versions.all()[0].words for one in said if one.is_new][-1] == "Hej Lotte."
    with pytest.raises(NotHere):
        handover.say_it_is_told(by=opened(cast.petra, cast.ida))
    handover.say_it_is_told(by=ida)
    handover.say_it_is_told(by=ida)
    assert opened(cast.lotte, cast.ida).texts(None, "area.").count() > 3


def test_who_covers_for_the_new_one_hears_no_more_than_they_do(cast, untold):
    """Lotte is ill the same day. Lise, who comes in for her, is as new; Karen, who is there still, knows it all."""
    lise = people.add_person(name="Lise Bang")
    people.employ(person=lise, unit=cast.adult, role="caseworker", since=date(2021, 1, 4))
    lotte, ida = Person.objects.get(pk=cast.lotte.pk), opened(cast.ida, cast.ida)
    absence = away.say_away(
        person=lotte,
        since=clock.today(),
        until=clock.today() + timedelta(days=4),
        why="ill",
        cover=lise,
        key=uuid.uuid4(),
        by=lotte,
    )

    def read_by(person):
        return opened(person, cast.ida).texts(None, "area.").count()

    assert opened(lise, cast.ida).is_cover
    assert read_by(lise) == 0
    handover.choose(choice="read", by=ida)
    assert read_by(lise) == read_by(lotte) > 3
    handover.choose(choice="tell", by=ida)
    assert read_by(lise) == 0
    away.name_cover(absence=absence, cover=Person.objects.get(pk=cast.karen.pk), by=lotte)
    cases.let_cover_in(
        threads=[t for t in ida.threads if t.unit_id == cast.job.pk],
        cover=cast.karen,
        covers=cast.lotte,
        until=absence.until,
    )
    assert read_by(cast.karen) > 3
    away.name_cover(absence=absence, cover=lise, by=lotte)
    handover.say_it_is_told(by=ida)
    assert read_by(lise) > 3


def test_a_reason_to_read_first_stands_in_idas_log(cast, untold):
    client = Client()
    client.force_login(cast.lotte)
    address = reverse("work-handover", args=[untold.pk])
    assert "Skriv hvorfor" not in client.post(address, {"do": "read", "because": ""}).content.decode()
    assert opened(cast.lotte, cast.ida).closed_before
    with pytest.raises(cases.ReasonMissing):
        handover.read_first(because=" ", by=opened(cast.lotte, cast.ida))
    answer = client.post(address, {"do": "read", "because": "Ida er indlagt, og medicinen haster."})
    assert answer.status_code == 302
    assert opened(cast.lotte, cast.ida).closed_before is None
    assert Opening.objects.filter(actor=cast.lotte, purpose="read_first").count() == 1
    client.force_login(cast.ida)
    log = client.get(reverse("case-log", args=[untold.pk])).content.decode()
    assert "for at læse, før du selv har fortalt. Grunden: Ida er indlagt, og medicinen haster." in log


def test_somebody_who_was_there_before_has_read_it(cast):
    handover.wish_for_contact(wants=cast.petra, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    wish = handover.wishes(opened(cast.ida, cast.ida))[0]
    # Petra works in another part and comes new to the main one, where the rest stands.
    handover.answer_contact_wish(wish=wish, to=cast.petra, because="Ja.", by=opened(cast.karen, cast.ida))
    found = handover.choose(choice="tell", by=opened(cast.ida, cast.ida))
    assert handover.knew_before(found)
    assert opened(cast.petra, cast.ida).closed_before is None


def test_what_is_not_shown_is_not_read_and_ends_no_clock(cast):
    """Ida told Lars something; Lotte, who is to hear it from her, opens the talk of a later message."""
    with clock.held_at(clock.now() - timedelta(days=2)):
        ida = opened(cast.ida, cast.ida)
        cases.join_thread(thread=ida.main_thread, person=cast.lars)
        ida = opened(cast.ida, cast.ida)
        to_lars = messages.send(
            words="Kun til Lars.",
            thread=ida.main_thread,
            key=uuid.uuid4(),
            kind="information",
            to=cast.lars,
            by=ida,
        )
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    lotte, admin = (Person.objects.get(pk=p.pk) for p in (cast.lotte, cast.admin))
    leaving.leave(post=post, until=clock.today() + timedelta(days=5), to=lotte, by=admin)
    handover.choose(choice="tell", by=opened(cast.ida, cast.ida))
    ida = opened(cast.ida, cast.ida)
    hers = messages.send(words="Hej Lotte.", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    new = opened(cast.lotte, cast.ida)
    said, _more = talks.talk(new, new.main_thread)
    assert [one.message for one in said] == [hers]
    messages.mark_read(thread=new.main_thread, by=new)
    to_lars.refresh_from_db()
    assert to_lars.read_at is None
    assert to_lars.promise.outcome == ""
    hers.refresh_from_db()
    assert hers.read_by == cast.lotte
