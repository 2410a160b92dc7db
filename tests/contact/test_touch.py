"""D1, D3: how often the two sides talk is agreed; silence is counted against it; a notice lengthens new dates only."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import touch, work
from medspil.cases.door import NotHere
from medspil.cases.models import Note, Promise, Rhythm
from medspil.cases.touch import Silence
from medspil.contact import actions as contact
from medspil.contact import away, later, messages, paper
from medspil.contact import touch as agreeing
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Person, Unit
from medspil.plans import actions as plans
from medspil.plans import around
from medspil.project.demo.cast import opened
from medspil.web import happened

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def place(person, citizen):
    return next(p for p in work.places_of(Person.objects.get(pk=person.pk)) if p.citizen == citizen)


def test_silence_follows_what_is_agreed_and_is_told_before_it_is_too_late(cast, at):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    cases.note_talk(words="Vi talte om gulvet.", by=karen)
    agreeing.propose_rhythm(every_days=7, how="call", by=karen)
    for day, silence, left in (
        (3, Silence.CALM, 6),
        (4, Silence.SOON, 5),  # Wednesday: three working days to Monday the ninth
        (9, Silence.SOON, 0),
        (10, Silence.OVER, -1),
    ):
        at(2026, 11, day, 9)
        for seen in (touch.touch_of(ida), place(cast.karen, cast.ida).touch):
            assert (seen.silence, seen.days_left, seen.due) == (silence, left, date(2026, 11, 9))


def test_what_the_citizen_writes_does_not_make_us_less_silent(cast, at):
    cases.note_talk(words="Vi talte.", by=opened(cast.karen, cast.ida))
    at(2026, 11, 12, 9)
    ida = opened(cast.ida, cast.ida)
    cases.write(about="area.home", whose="citizen", words="Gulvene vinder.", base=0, by=ida)
    contact.ask(words="Er der nogen?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    assert touch.touch_of(ida).silent_days == place(cast.karen, cast.ida).touch.silent_days == 10
    cases.make_promise(what="ringer", due=date(2026, 11, 20), by=opened(cast.karen, cast.ida))
    assert touch.touch_of(ida).silent_days == 0


def silent_days(cast):
    return touch.touch_of(opened(cast.karen, cast.ida)).silent_days


def test_a_letter_that_came_back_was_no_word(cast, at):
    """Talked on the 2nd; sent on the 12th, which is ten days of silence, and back on the 16th, which is fourteen."""
    karen = opened(cast.karen, cast.ida)
    cases.note_talk(words="Vi talte.", by=karen)
    at(2026, 11, 12, 9)
    letters = [
        paper.write_letter(title="Om torsdag", words="Vi ses.", key=uuid.uuid4(), by=karen) for _ in range(2)
    ]
    for letter in letters:
        paper.mark_printed(letter=letter, sheet={"size": 14}, by=karen)
        paper.mark_sent(letter=letter, by=karen)
    assert silent_days(cast) == 0
    at(2026, 11, 16, 9)
    paper.came_back(letter=letters[1], by=opened(cast.karen, cast.ida))
    assert silent_days(cast) == 4, "the other one reached her"
    paper.came_back(letter=letters[0], by=opened(cast.karen, cast.ida))
    assert silent_days(cast) == 14
    lines = [happened.line(note) for note in work.timeline(opened(cast.karen, cast.ida))]
    assert lines.count("Karen sendte et brev på papir.") == 2, "it was sent all the same"


def test_a_room_that_only_karen_opened_was_no_word(cast, at):
    """Planned on the 2nd; on the 13th Ida does not come. Eleven days of silence stay eleven."""
    karen = opened(cast.karen, cast.ida)
    day = datetime(2026, 11, 13, 10, tzinfo=CPH)
    plan = {"title": "Om hverdagen", "form": "home", "by": karen}
    met = plans.plan_meeting(starts_at=datetime(2026, 11, 2, 9, 30, tzinfo=CPH), **plan)
    missed = plans.plan_meeting(starts_at=day, **plan)
    plans.begin(meeting=met, by=karen)
    at(2026, 11, 13, 9, 50)
    plans.begin(meeting=missed, by=karen)
    at(2026, 11, 13, 10, 30)
    around.did_not_meet(meeting=missed, by=karen)
    assert touch.touch_of(karen).silent_days == 11
    assert Note.objects.filter(kind="meeting_began").count() == 1  # they did meet on the 2nd
    line = Note.objects.get(kind="meeting_began_unheard")
    assert happened.line(line) == "Et møde begyndte. Om hverdagen."


def test_a_date_that_moves_by_itself_is_no_word_and_is_told(cast, at):
    """Ida lets it wait. What Karen promises for a day away after Ida was told of those days moves, and Ida hears."""
    away.choose(choice="wait", by=opened(cast.ida, cast.ida))
    karen = Person.objects.get(pk=cast.karen.pk)
    absence = away.say_away(
        person=karen,
        since=date(2026, 11, 23),
        until=date(2026, 12, 18),
        why="holiday",
        key=uuid.uuid4(),
        by=karen,
    )
    at(2026, 11, 4, 9)
    cases.make_promise(what="ringer", due=date(2026, 11, 25), by=opened(cast.karen, cast.ida))
    at(2026, 11, 9, 9)
    for _twice in range(2):
        list(away.rounds())
    assert Promise.objects.get(what="ringer").due == date(2026, 12, 23)  # third working day after
    assert touch.touch_of(opened(cast.ida, cast.ida)).silent_days == 5
    told = Notice.objects.filter(to=cast.ida, key__startswith=f"away-{absence.pk}-", key__contains="-moved-")
    assert told.count() == 1


def test_a_new_day_its_warning_and_its_explanation_reach_who_acts_for_the_citizen_too(cast, at):
    """A new date with its reason reaches the citizen before the old one passes: Otto, and Gerda, his guardian."""
    karen = opened(cast.karen, cast.otto)
    due, to = date(2026, 11, 6), date(2026, 11, 12)
    moved, broken = (cases.make_promise(what=what, due=due, by=karen) for what in ("ringer", "skriver"))

    def told():
        keys = Notice.objects.filter(to__in=(cast.otto, cast.gerda)).values_list("to", "key")
        return sorted((pk, key.split("-")[0]) for pk, key in keys)

    before = told()
    for _thumb in range(2):
        later.say_it_may_slip(promise=moved, because="Jeg er presset.", by=karen)
    later.move(promise=moved, to=to, because="Jeg er presset.", by=karen)
    at(2026, 11, 9, 9)
    later.explain(promise=broken, words="Jeg glemte det.", new_due=to, by=karen)
    both = (cast.otto.pk, cast.gerda.pk)
    assert told() == sorted(before + [(pk, what) for pk in both for what in ("slips", "moved", "explained")])


def test_what_we_took_back_unread_was_no_word(cast, at):
    karen = opened(cast.karen, cast.ida)
    cases.note_talk(words="Vi talte.", by=karen)
    at(2026, 11, 12, 9)
    sent = messages.write(words="Hov.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    assert silent_days(cast) == 0
    messages.take_back(message=sent, by=karen)
    assert silent_days(cast) == 10


def test_to_open_what_the_citizen_only_tells_is_no_word_to_them(cast, at):
    ida = opened(cast.ida, cast.ida)
    cases.note_talk(words="Vi talte.", by=opened(cast.karen, cast.ida))
    at(2026, 11, 12, 9)
    told = messages.send(
        words="Jeg er på ferie.", thread=ida.main_thread, key=uuid.uuid4(), kind="information", by=ida
    )
    karen = opened(cast.karen, cast.ida)
    messages.mark_read(thread=karen.main_thread, by=karen)
    told.promise.refresh_from_db()
    assert told.promise.outcome == "kept"
    assert silent_days(cast) == 10


def test_without_an_agreement_it_is_fourteen_days_from_the_beginning(cast, at):
    seen = touch.touch_of(opened(cast.ida, cast.ida))
    assert (seen.every_days, seen.is_agreed, seen.due) == (14, False, date(2026, 11, 16))
    at(2026, 11, 17, 0)
    assert seen.silence == Silence.OVER


def test_a_longer_silence_needs_the_citizens_yes_and_a_shorter_does_not(cast):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    often = agreeing.propose_rhythm(every_days=7, how="call", by=karen)
    assert (often.begins_at, often.citizen_yes_at) == (clock.now(), None)
    seldom = agreeing.propose_rhythm(every_days=28, how="call", by=karen)
    assert seldom.begins_at is None
    assert touch.touch_of(ida).every_days == 7
    agreeing.say_yes_to_rhythm(rhythm=seldom, by=ida)
    assert touch.touch_of(ida).every_days == 28
    found = touch.history(ida)
    assert (found.now, found.proposal, found.before) == (seldom, None, [often])


def test_a_new_way_of_telling_needs_the_citizens_yes_too(cast):
    karen = opened(cast.karen, cast.ida)
    agreeing.propose_rhythm(every_days=14, how="call", by=karen)
    by_letter = agreeing.propose_rhythm(every_days=14, how="letter", by=karen)
    assert by_letter.begins_at is None


def test_the_citizens_wish_waits_for_our_yes_and_both_are_told(cast):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    wish = agreeing.propose_rhythm(every_days=7, how="meet", words="Om formiddagen.", by=ida)
    assert wish.begins_at is None
    assert Notice.objects.get().to == cast.karen
    agreeing.say_yes_to_rhythm(rhythm=wish, by=karen)
    seen = touch.touch_of(karen)
    assert (seen.every_days, seen.how, seen.is_agreed) == (7, "meet", True)
    assert list(Note.objects.filter(kind__startswith="rhythm").values_list("kind", "words")) == [
        ("rhythm_wanted", "7"),
        ("rhythm_agreed", "7"),
    ]


def test_a_yes_that_was_said_on_the_telephone_carries_the_name_of_who_wrote_it_down(cast):
    karen = opened(cast.karen, cast.ida)
    made = agreeing.propose_rhythm(every_days=28, how="call", citizen_said_yes=True, by=karen)
    assert (made.citizen_yes_by, made.begins_at) == (cast.karen, clock.now())


def test_the_same_twice_is_one_and_a_new_wish_takes_the_place_of_the_old(cast):
    ida = opened(cast.ida, cast.ida)
    first = agreeing.propose_rhythm(every_days=7, how="call", by=ida)
    assert agreeing.propose_rhythm(every_days=7, how="call", by=ida) == first
    second = agreeing.propose_rhythm(every_days=28, how="call", by=ida)
    assert touch.history(ida).proposal == second
    assert Rhythm.objects.filter(ended_at=None).count() == 1


def test_only_those_beside_the_citizen_are_told_and_only_as_long_as_they_are(cast, at):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    with pytest.raises(agreeing.SomebodyElse):
        agreeing.propose_rhythm(every_days=7, how="call", also=[cast.bo], by=ida)
    wish = agreeing.propose_rhythm(every_days=7, how="call", also=[cast.mona], by=ida)
    agreeing.say_yes_to_rhythm(rhythm=wish, by=karen)
    assert touch.told_too([karen.pk]) == {karen.pk: [cast.mona]}
    cases.stop_sharing(part="meetings", to=cast.mona, by=ida)
    Mandate.objects.filter(actor=cast.mona).update(until=date(2026, 11, 2))
    assert touch.told_too([karen.pk]) == {karen.pk: [cast.mona]}
    at(2026, 11, 3, 9)
    assert touch.told_too([karen.pk]) == {}


def test_it_belongs_to_the_whole_of_the_case(cast):
    wish = agreeing.propose_rhythm(every_days=7, how="call", by=opened(cast.ida, cast.ida))
    for who in (cast.petra, cast.mona):
        with pytest.raises(NotHere):
            agreeing.propose_rhythm(every_days=7, how="call", by=opened(who, cast.ida))
    with pytest.raises(NotYours):
        agreeing.say_yes_to_rhythm(rhythm=wish, by=opened(cast.karen, cast.bo))
    with pytest.raises(agreeing.NoSuchRhythm):
        agreeing.propose_rhythm(every_days=365, how="call", by=opened(cast.karen, cast.ida))


def test_a_notice_lengthens_new_answers_and_nothing_else(cast, at):
    before = contact.ask(words="Før", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    assert before.promise.due == date(2026, 11, 5)
    lena = Person.objects.get(pk=cast.lena.pk)
    people.say_how_things_stand(
        unit=cast.adult,
        words="Vi mangler to, så svar tager en uge mere.",
        extra_days=5,
        since=date(2026, 11, 3),
        until=date(2026, 11, 30),
        by=lena,
    )
    same_day = contact.ask(words="Samme dag", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    assert same_day.promise.due == date(2026, 11, 5)
    at(2026, 11, 3, 9)
    during = contact.ask(words="Imens", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    # Three working days and five more from Tuesday the third: Friday the thirteenth.
    assert during.promise.due == date(2026, 11, 13)
    before.promise.refresh_from_db()
    assert before.promise.due == date(2026, 11, 5)
    at(2026, 12, 1, 9)
    after = contact.ask(words="Efter", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    assert after.promise.due == date(2026, 12, 4)


def test_only_the_leader_says_how_things_stand(cast):
    said = {"unit": cast.adult, "words": "Vi mangler to.", "since": clock.today()}
    for who in (cast.karen, cast.hans, cast.admin):
        with pytest.raises(NotYours):
            people.say_how_things_stand(**said, until=clock.today(), by=Person.objects.get(pk=who.pk))
    lena = Person.objects.get(pk=cast.lena.pk)
    with pytest.raises(people.EndsBeforeItBegins):
        people.say_how_things_stand(**said, until=clock.today() - timedelta(days=1), by=lena)
    people.say_how_things_stand(**said, until=clock.today(), by=lena)
    assert Unit.objects.get(pk=cast.adult.pk).notice_on(clock.today()).words == "Vi mangler to."
    people.take_down_notice(unit=cast.adult, by=lena)
    assert Unit.objects.get(pk=cast.adult.pk).notice_on(clock.today()) is None


def test_what_a_guardian_writes_does_not_make_us_less_silent(cast, at):
    cases.note_talk(words="Vi talte.", by=opened(cast.karen, cast.otto))
    at(2026, 11, 12, 9)
    gerda = opened(cast.gerda, cast.otto)
    cases.write(about="area.home", whose="citizen", words="Otto savner sin bror.", base=0, by=gerda)
    assert touch.touch_of(opened(cast.karen, cast.otto)).silent_days == 10


def test_whose_time_with_us_ran_out_hears_no_more(cast, at):
    ida = opened(cast.ida, cast.ida)
    Mandate.objects.filter(actor=cast.mona).delete()
    cases.stop_sharing(to=cast.mona, by=ida)
    cases.share(part="promises", to=cast.mona, until=date(2026, 11, 9), by=ida)
    found = agreeing.propose_rhythm(every_days=7, how="call", also=[cast.mona], by=ida)
    agreeing.say_yes_to_rhythm(rhythm=found, by=opened(cast.karen, cast.ida))
    assert touch.told_too([ida.case.pk]) == {ida.case.pk: [cast.mona]}
    at(2026, 11, 10, 9)
    assert touch.told_too([ida.case.pk]) == {}
    assert cast.mona not in touch.around(opened(cast.ida, cast.ida))
