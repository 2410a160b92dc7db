"""A4, A5: who the citizen turns to, and what happens when somebody else takes over."""

import re
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import unit as numbers
from medspil.cases.door import NotHere
from medspil.cases.models import Member, Promise
from medspil.contact import actions as contact
from medspil.contact import away, calls, grants, handover, messages
from medspil.contact.models import HandingOn, Handover, Leaving, Message, Request
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff
from medspil.people.roles import Role
from medspil.plans import actions as plans
from medspil.plans import around
from medspil.plans.models import Attendee, StandIn
from medspil.plans.reading import agreements_waiting_for, coming_meetings
from medspil.project.demo.cast import opened
from medspil.rhythm import of_absence
from medspil.rhythm.run import run
from medspil.web import leaving

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def again(person):
    return Person.objects.get(pk=person.pk)


def karen_leaves(cast, last_day=date(2026, 11, 13)):
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(post=post, until=last_day, to=again(cast.lotte), by=again(cast.admin))


def test_who_acts_for_the_citizen_hears_what_happens_to_whom_they_act_for(cast):
    """Gerda acts for Otto in everything: she hears what he hears, and nothing of what he keeps from her."""

    def asked(by, **more):
        made = contact.ask_for(words="Hvad sker der?", key=uuid.uuid4(), by=opened(by, cast.otto), **more)
        karen, lotte = (Visitor(again(person), uuid.uuid4()) for person in (cast.karen, cast.lotte))
        handing = contact.hand_on(request=made, to=again(cast.lotte), by=karen)
        contact.take(handing=handing, by=lotte)

    def told(act):
        before = set(Notice.objects.values_list("pk", flat=True))
        act()
        new = Notice.objects.exclude(pk__in=before).filter(to__in=[cast.otto, cast.gerda])
        return sorted(new.values_list("to__name", flat=True))

    both = sorted([cast.otto.name, cast.gerda.name])
    karen, gerda = opened(cast.karen, cast.otto), opened(cast.gerda, cast.otto)
    grant = grants.ask(what="en cykel", why="", ore=100_000, key=uuid.uuid4(), by=gerda)
    assert told(lambda: grants.give(found=grant, by=karen)) == both
    assert told(lambda: calls.note_try(came_to="no_answer", by=karen)) == both
    assert told(lambda: asked(cast.gerda)) == both
    assert told(lambda: asked(cast.otto, kept_close=True)) == [cast.otto.name]
    absence = {"since": date(2026, 11, 9), "until": date(2026, 11, 13), "why": "holiday", "key": uuid.uuid4()}
    assert told(lambda: away.say_away(person=again(cast.karen), **absence, by=again(cast.karen))) == both
    assert told(lambda: karen_leaves(cast)) == both
    lotte = opened(cast.lotte, cast.otto)
    assert told(lambda: handover.introduce(words="Hej Otto.", by=lotte)) == both


def test_each_citizen_is_told_who_leaves_when_and_who_takes_over(cast):
    karen_leaves(cast)
    assert sorted(Handover.objects.values_list("case__citizen__name", "since", "last_day")) == [
        (name, date(2026, 11, 2), date(2026, 11, 13))
        for name in ("Bo Kristiansen", "Ida Holm", "Otto Thorup")
    ]
    for person in (cast.ida, cast.bo, cast.otto):
        assert Notice.objects.filter(to=person, key__startswith="handover-").count() == 1
    assert Notice.objects.filter(to=cast.lotte, key__startswith="handovers-").count() == 1


def test_forty_promises_and_what_is_taken_on_until_the_last_day_all_find_an_owner(cast, at):
    for n in range(40):
        cases.make_promise(what=f"ringer {n}", due=date(2026, 12, 1), by=opened(cast.karen, cast.ida))
    karen_leaves(cast)
    assert Promise.objects.filter(owner=cast.lotte, outcome="").count() == 40
    at(2026, 11, 12, 15)
    late = cases.make_promise(
        what="sender papirerne", due=date(2026, 11, 20), by=opened(cast.karen, cast.ida)
    )
    written = contact.write_down(
        words="Kan I ringe?",
        channel="phone",
        key=uuid.uuid4(),
        name="Rie Holst",
        phone="20009999",
        by=Visitor(again(cast.karen), uuid.uuid4()),
    )
    at(2026, 11, 13, 12)
    list(run())
    late.refresh_from_db()
    assert late.owner == cast.karen  # still her last day
    at(2026, 11, 14, 0, 5)
    assert "Voksen og handicap: 2 promises and 1 requests taken on late went over." in list(run())
    late.refresh_from_db()
    assert late.owner == cast.lotte
    assert Request.objects.get(pk=written.pk).owner == cast.lotte
    assert not Promise.objects.filter(owner=cast.karen, outcome="").exists()
    assert not Member.objects.on(clock.today()).filter(person=cast.karen).exists()
    # Rie is told too, and a second round does nothing more.
    assert Handover.objects.filter(case=written.case).count() == 1
    assert not [line for line in run() if "went over" in line]


def test_when_the_one_who_took_over_has_left_as_well_the_department_takes_it(cast, at):
    new = people.add_person(name="Maja Juul")
    people.employ(person=new, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(post=post, until=date(2026, 11, 13), to=again(new), by=again(cast.admin))
    at(2026, 11, 13, 9)
    late = cases.make_promise(what="ringer", due=date(2026, 11, 20), by=opened(cast.karen, cast.ida))
    Staff.objects.filter(person=new).update(until=date(2026, 11, 13))
    at(2026, 11, 14, 9)
    list(run())
    late.refresh_from_db()
    assert late.owner == cast.lotte
    assert Leaving.objects.get().swept_at


def test_the_new_one_writes_first_and_the_citizen_chooses_who_tells(cast):
    karen_leaves(cast)
    lotte, ida = opened(cast.lotte, cast.ida), opened(cast.ida, cast.ida)
    assert {row.case.citizen for row in handover.waiting_for_letter(cast.lotte)} == {
        cast.bo,
        cast.ida,
        cast.otto,
    }
    with pytest.raises(cases.WordsMissing):
        handover.introduce(words="  ", by=lotte)
    with pytest.raises(NotHere):
        handover.introduce(words="Hej, jeg er Karen.", by=opened(cast.karen, cast.ida))
    handover.introduce(words="Hej Ida. Jeg hedder Lotte.", by=lotte)
    assert len(handover.waiting_for_letter(cast.lotte)) == 2
    assert handover.choose(choice="tell", by=ida).choice == "tell"
    handover.choose(choice="tell", by=ida)
    assert Notice.objects.filter(to=cast.lotte, key__startswith="handover-tell-").count() == 1
    with pytest.raises(NotYours):
        handover.choose(choice="anything", by=ida)
    with pytest.raises(NotHere):
        handover.choose(choice="read", by=lotte)
    assert handover.handover(ida).letter == "Hej Ida. Jeg hedder Lotte."


def test_changes_are_counted_over_three_years_for_the_department(cast, at):
    for year, citizen in ((2023, cast.ida), (2024, cast.ida), (2025, cast.ida), (2025, cast.bo)):
        Handover.objects.create(
            case=opened(citizen, citizen).case,
            unit=cast.adult,
            of=cast.lotte,
            to=cast.karen,
            since=date(year, 6, 1),
            last_day=date(year, 6, 14),
        )
    # June 2023 is more than three years ago.
    assert handover.changes(cast.adult) == {"changes": 3, "citizens": 2, "often": 1}
    assert handover.changes(cast.job) == {"changes": 0, "citizens": 0, "often": 0}


def test_the_citizen_proposes_and_is_answered_with_a_reason(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    wish = handover.wish_for_contact(wants=cast.petra, words="Petra lytter.", key=uuid.uuid4(), by=ida)
    assert (wish.promise.owner, wish.promise.due) == (cast.lena, date(2026, 11, 5))
    assert {n.to for n in Notice.objects.filter(key__startswith="contact-wish-")} == {cast.karen, cast.lena}
    with pytest.raises(handover.AlreadyWished):
        handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=ida)
    with pytest.raises(handover.TheLeaderSaysNo):
        handover.answer_contact_wish(wish=wish, to=None, because="Nej.", by=karen)
    lena, hans = again(cast.lena), again(cast.hans)
    with pytest.raises(NotYours):
        handover.answer_wish_as_leader(wish=wish, to=None, because="Nej.", by=hans)
    with pytest.raises(cases.ReasonMissing):
        handover.answer_wish_as_leader(wish=wish, to=None, because=" ", by=lena)
    looked = Opening.objects.count()
    assert list(handover.wishes_before(lena)) == [wish]
    handover.answer_wish_as_leader(
        wish=wish, to=None, because="Petra giver hjælpen og kan ikke afgøre.", by=lena
    )
    assert Opening.objects.count() == looked  # no case was opened for it
    wish.refresh_from_db()
    assert (wish.answer, wish.answered_by) == ("no", cast.lena)
    wish.promise.refresh_from_db()
    assert wish.promise.outcome == "kept"
    assert opened(cast.ida, cast.ida).coordinator == cast.karen
    with pytest.raises(cases.AlreadyEnded):
        handover.answer_contact_wish(wish=wish, to=cast.lotte, because="Jo.", by=karen)


def test_where_nobody_leads_the_contact_answers_alone(cast):
    Staff.objects.filter(person=cast.lena).delete()
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    assert wish.promise.owner == cast.karen
    karen = opened(cast.karen, cast.ida)
    assert handover.answer_contact_wish(wish=wish, to=None, because="Ingen kan.", by=karen).answer == "no"


def test_the_leader_says_yes_and_the_contact_changes(cast):
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    lotte = again(cast.lotte)
    handover.answer_wish_as_leader(wish=wish, to=lotte, because="Lotte har tid.", by=again(cast.lena))
    assert opened(cast.ida, cast.ida).coordinator == cast.lotte
    assert Notice.objects.filter(to=cast.karen, key__startswith="contact-answer-").count() == 1


def test_a_yes_changes_the_contact_with_an_overlap_and_is_a_change_like_any_other(cast, at):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=ida)
    handover.answer_contact_wish(wish=wish, to=again(cast.lotte), because="Lotte har tid.", by=karen)
    assert opened(cast.ida, cast.ida).coordinator == cast.lotte
    change = handover.handover(opened(cast.ida, cast.ida))
    assert (change.of, change.to, change.last_day) == (cast.karen, cast.lotte, date(2026, 11, 16))
    assert opened(cast.karen, cast.ida).works_here
    at(2026, 11, 17, 9)
    with pytest.raises(NotYours):
        opened(cast.karen, cast.ida)


def test_a_yes_to_another_contact_takes_the_work_along_now_and_on_the_last_day(cast, at):
    """Nothing stays with somebody who can no longer open the case, also not what they promise in the days of both."""
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    promised = cases.make_promise(what="ringer", due=date(2026, 11, 30), by=karen)
    asked = contact.ask_for(words="Hvad nu?", key=uuid.uuid4(), by=ida)
    applied = messages.send(
        words="Jeg søger.", thread=ida.main_thread, key=uuid.uuid4(), kind="application", by=ida
    )
    contact.hand_on(request=asked, to=again(cast.lotte), by=karen.visitor)
    wish = handover.wish_for_contact(wants=again(cast.lotte), key=uuid.uuid4(), by=ida)
    handover.answer_contact_wish(wish=wish, to=again(cast.lotte), because="Ja.", by=karen)
    for owed in (promised, asked.promise, applied.promise, applied.matter):
        owed.refresh_from_db()
        assert owed.owner == cast.lotte
    assert Request.objects.get(pk=asked.pk).owner == cast.lotte
    assert Message.objects.get(pk=applied.pk).owner == cast.lotte
    assert HandingOn.objects.get().answer == "called_back", "what Lotte was asked to take is hers"
    # 2 November and the fourteen days after it: the 16th is Karen's last.
    at(2026, 11, 16, 12)
    late = cases.make_promise(what="sender brevet", due=date(2026, 11, 27), by=opened(cast.karen, cast.ida))
    list(run())
    late.refresh_from_db()
    assert late.owner == cast.karen
    at(2026, 11, 17, 8)
    assert numbers.without_owner(cast.adult).get() == late, "the leader sees what nobody can see to"
    assert "1 promises of a steady contact of before went over." in list(run())
    late.refresh_from_db()
    assert late.owner == cast.lotte
    assert not numbers.without_owner(cast.adult).exists()
    assert not [line for line in run() if "went over" in line]


def test_who_is_the_contact_again_keeps_what_is_theirs(cast, at):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    for wanted, by in ((cast.lotte, karen), (cast.karen, karen)):
        wish = handover.wish_for_contact(wants=again(wanted), key=uuid.uuid4(), by=ida)
        handover.answer_contact_wish(wish=wish, to=again(wanted), because="Ja.", by=by)
        karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    mine = cases.make_promise(what="ringer", due=date(2026, 11, 30), by=karen)
    at(2026, 11, 18, 8)
    list(run())
    mine.refresh_from_db()
    assert mine.owner == cast.karen


def test_what_a_colleague_has_while_the_contact_is_away_goes_to_the_new_one(cast, at):
    promised = cases.make_promise(what="ringer", due=date(2026, 11, 4), by=opened(cast.karen, cast.ida))
    away.say_away(
        person=again(cast.karen),
        since=date(2026, 11, 2),
        until=date(2026, 11, 6),
        why="holiday",
        cover=again(cast.lotte),
        key=uuid.uuid4(),
        by=again(cast.karen),
    )
    promised.refresh_from_db()
    assert (promised.owner, promised.covered_for) == (cast.lotte, cast.karen)
    new = people.add_person(name="Maja Juul")
    people.employ(person=new, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    wish = handover.wish_for_contact(wants=again(new), key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    handover.answer_wish_as_leader(wish=wish, to=again(new), because="Ja.", by=again(cast.lena))
    promised.refresh_from_db()
    assert (promised.owner, promised.covered_for) == (new, None)
    at(2026, 11, 9, 8)
    list(run())
    promised.refresh_from_db()
    assert promised.owner == new, "and is not given back to who it is no more of"


def test_an_application_seen_for_what_it_is_after_its_answerer_left_is_the_new_ones(cast, at):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    sent = messages.send(words="Kan jeg få hjælp?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    messages.write(words="Ja.", thread=karen.main_thread, answers=[sent], key=uuid.uuid4(), by=karen)
    karen_leaves(cast, last_day=date(2026, 11, 6))
    at(2026, 11, 9, 9)
    list(run())
    found = messages.propose_kind(message=sent, kind="application", by=opened(cast.lotte, cast.ida))
    assert found.matter.owner == cast.lotte


def test_nobody_is_wished_for_or_chosen_from_outside(cast):
    ida = opened(cast.ida, cast.ida)
    with pytest.raises(handover.NobodyWished):
        handover.wish_for_contact(wants=cast.bo, key=uuid.uuid4(), by=ida)
    wish = handover.wish_for_contact(wants=cast.petra, key=uuid.uuid4(), by=ida)
    for who in (cast.petra, cast.lars):
        with pytest.raises(NotYours):
            handover.answer_contact_wish(wish=wish, to=None, because="Nej.", by=opened(who, cast.ida))
    with pytest.raises(NotYours):
        handover.answer_contact_wish(wish=wish, to=None, because="Nej.", by=opened(cast.karen, cast.bo))
    with pytest.raises(NotHere):
        handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=opened(cast.mona, cast.ida))


def test_the_four_ways_of_working_are_said(cast):
    karen = opened(cast.karen, cast.ida)
    assert len(karen.case.Model) == 4
    assert cases.work_as(model="paired", by=karen).model == "paired"
    with pytest.raises(NotYours):
        cases.work_as(model="alone", by=karen)


def test_who_works_in_the_case_already_becomes_the_steady_contact_for_good(cast, at):
    main = opened(cast.karen, cast.ida).main_thread
    cases.join_thread(thread=main, person=cast.lotte)
    Member.objects.filter(thread=main, person=cast.lotte).update(until=date(2026, 11, 20))
    karen_leaves(cast)
    at(2026, 11, 30, 9)
    assert opened(cast.ida, cast.ida).coordinator == cast.lotte


def test_a_wish_for_another_contact_is_answered_by_a_colleague_and_its_clock_ends(cast):
    ida = opened(cast.ida, cast.ida)
    cases.join_thread(thread=ida.main_thread, person=cast.lotte)
    wish = handover.wish_for_contact(wants=cast.lotte, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    handover.answer_contact_wish(
        wish=wish, to=cast.lotte, because="Ja, det passer.", by=opened(cast.lotte, cast.ida)
    )
    assert Promise.objects.get(pk=wish.promise_id).outcome == "kept"


def test_what_somebody_takes_on_who_leaves_with_nothing_open_finds_an_owner_too(cast, at):
    post = Staff.objects.select_related("person", "unit").get(person=cast.lotte)
    leaving.leave(post=post, until=date(2026, 11, 13), to=None, by=again(cast.admin))
    written = contact.write_down(
        words="Kan I ringe?",
        channel="phone",
        key=uuid.uuid4(),
        name="Rie Holst",
        phone="20009999",
        by=Visitor(again(cast.lotte), uuid.uuid4()),
    )
    at(2026, 11, 14, 9)
    assert any("1 promises and 1 requests" in line for line in handover.sweep())
    now = Request.objects.select_related("promise").get(pk=written.pk)
    assert now.owner == now.promise.owner != cast.lotte
    assert now.owner == opened(now.owner, now.case.citizen).coordinator


def meets(cast, day, who=None):
    return plans.plan_meeting(
        title="Om hverdagen",
        starts_at=clock.at(day, time(10)),
        form="home",
        by=opened(who or cast.karen, cast.ida),
    )


def calendar(person):
    return coming_meetings(again(person), since=clock.now(), until=clock.now() + timedelta(days=60))


def test_whoever_leaves_leaves_no_meeting_without_them_and_no_agreement_without_a_yes(cast, at):
    """Karen's last day is the 13th: to what is held until then she comes, to the rest Lotte, and Ida hears of it."""
    before, after = meets(cast, date(2026, 11, 12)), meets(cast, date(2026, 11, 20))
    ida = opened(cast.ida, cast.ida)
    said = plans.agree_on(
        meeting=before, side="municipality", owner=cast.karen, what="ringer til lægen", due=None, by=ida
    )
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    owes = leaving.owes(post)
    assert (owes.meetings, owes.agreements) == (2, 1)
    karen_leaves(cast)
    assert (calendar(cast.karen), calendar(cast.lotte)) == ([before], [after])
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"taken-over-{after.pk}-").count() == 1
    assert agreements_waiting_for(again(cast.lotte)) == [said]
    at(2026, 11, 12, 9)
    # In her last days she plans, and is written down for, something that she will not see to.
    late = meets(cast, date(2026, 11, 27))
    asked = plans.agree_on(
        meeting=late,
        side="municipality",
        owner=cast.karen,
        what="sender brevet",
        due=date(2026, 11, 30),
        by=opened(cast.ida, cast.ida),
    )
    at(2026, 11, 14, 0, 5)
    assert "2 meetings and agreements of somebody who left went over." in list(run())
    assert calendar(cast.lotte) == [after, late]
    lotte = opened(cast.lotte, cast.ida)
    assert plans.say_yes_to_agreement(agreement=asked, due=asked.due, by=lotte).promise.owner == cast.lotte
    assert not [line for line in run() if "went over" in line]


def test_a_yes_to_another_contact_takes_the_meetings_after_the_days_of_both_along(cast, at):
    """2 November and fourteen days: on the 16th Karen still comes, on the 17th it is Lotte."""
    last, first = meets(cast, date(2026, 11, 16)), meets(cast, date(2026, 11, 17))
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=ida)
    handover.answer_contact_wish(wish=wish, to=again(cast.lotte), because="Ja.", by=karen)
    list(run())
    assert (calendar(cast.karen), calendar(cast.lotte)) == ([last], [first])


def test_who_was_to_come_for_somebody_away_and_leaves_is_followed_by_who_covers_now(cast, at):
    """Lotte is away on the 20th and Karen was to come for her; Karen leaves, and whoever took over comes."""
    new = people.add_person(name="Maja Juul")
    people.employ(person=new, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    cases.join_thread(thread=opened(cast.karen, cast.ida).main_thread, person=cast.lotte)
    meeting = meets(cast, date(2026, 11, 20), cast.lotte)
    absence = away.say_away(
        person=again(cast.lotte),
        since=date(2026, 11, 18),
        until=date(2026, 11, 25),
        why="holiday",
        cover=again(cast.karen),
        key=uuid.uuid4(),
        by=again(cast.lotte),
    )
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(post=post, until=date(2026, 11, 13), to=again(new), by=again(cast.admin))
    assert StandIn.objects.get().cover == new
    assert {row.person for row in meeting.attendees.select_related("person")} == {cast.ida, new}


def test_what_the_contact_of_before_owes_in_another_part_is_the_new_ones_too(cast, at):
    """Karen notes at meetings of Lars's that nobody came, and so owes Ida a call; Lars keeps what is his."""
    lars, ida = opened(cast.lars, cast.ida), opened(cast.ida, cast.ida)
    his = cases.make_promise(what="finder en praktikplads", due=date(2026, 12, 4), by=lars)
    first, second = meets(cast, date(2026, 11, 3), cast.lars), meets(cast, date(2026, 11, 17), cast.lars)
    for meeting in (first, second):
        Attendee.objects.create(meeting=meeting, person=cast.karen, name=cast.karen.name)

    def owes_a_call(meeting):
        call = around.did_not_meet(meeting=meeting, by=opened(cast.karen, cast.ida)).missed_call
        assert (call.thread.unit, call.owner) == (cast.job, cast.karen)
        return call

    at(2026, 11, 3, 10, 30)
    now = owes_a_call(first)
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=ida)
    karen = opened(cast.karen, cast.ida)
    handover.answer_contact_wish(wish=wish, to=again(cast.lotte), because="Ja.", by=karen)
    now.refresh_from_db()
    assert now.owner == cast.lotte
    at(2026, 11, 17, 10, 30)  # fourteen days on, Karen's last here
    late = owes_a_call(second)
    at(2026, 11, 18, 8)
    assert list(numbers.without_owner(cast.job)) == [late]
    assert "1 promises of a steady contact of before went over." in list(run())
    late.refresh_from_db()
    assert late.owner == cast.lotte
    assert opened(cast.lotte, cast.ida).promise(late.pk)
    his.refresh_from_db()
    assert his.owner == cast.lars


def test_what_was_not_told_to_somebody_who_left_waits_for_nobody(client, cast, at):
    """Ida wanted to tell Lotte herself and did not say that she had; Lotte has left since, and Maja came."""
    karen_leaves(cast)
    handover.choose(choice="tell", by=opened(cast.ida, cast.ida))
    at(2026, 12, 1, 9)
    list(run())
    ida = opened(cast.ida, cast.ida)
    assert [row.to for row in handover.new_in(ida)] == [cast.lotte], "while Lotte works there it waits"
    maja = people.add_person(name="Maja Juul")
    people.employ(person=maja, unit=cast.adult, role="caseworker", since=date(2026, 1, 1))
    post = Staff.objects.select_related("person", "unit").get(person=cast.lotte)
    leaving.leave(post=post, until=date(2026, 12, 11), to=maja, by=again(cast.admin))
    handover.choose(choice="read", by=ida)
    at(2027, 6, 1, 9)
    list(run())
    ida = opened(cast.ida, cast.ida)
    assert handover.new_in(ida) == []
    client.force_login(cast.ida)
    page = client.get(reverse("case-handover", args=[ida.pk])).text
    assert 'value="told"' not in page
    assert re.findall(r"(\w+) \w+ tog over efter (\w+)", page) == [("Maja", "Lotte"), ("Lotte", "Karen")]
    assert "har taget over" not in client.get(reverse("case", args=[ida.pk])).text
