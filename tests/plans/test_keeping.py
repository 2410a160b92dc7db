"""What follows in the plan from words for Karen alone is kept from Otto's guardian as they are (B6)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.closeness import choose
from medspil.cases.models import Text, Voice
from medspil.letters.models import Notice
from medspil.plans import actions as plans
from medspil.plans import disagreeing, experts, goals, keeping, papers, together, transitions, waiting
from medspil.project.demo.cast import opened

SECRET = "finder et hjem langt fra Gerda"


@pytest.fixture
def otto(cast):
    return opened(cast.otto, cast.otto)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.otto)


@pytest.fixture
def gerda(cast):
    return opened(cast.gerda, cast.otto)


def in_days(days):
    return clock.today() + timedelta(days=days)


def a_goal(otto, karen, close):
    """With a step of Karen's, one of Otto's that waited for his yes, and a day to talk of it."""
    key = {"key": uuid.uuid4()}
    goal = goals.make_goal(wish="Jeg vil flytte.", horizon="year", kept_close=close, by=otto, **key)
    for owner in (karen.person, otto.person):
        step = goals.add_step(goal=goal, owner=owner, what=SECRET, due=in_days(9), key=uuid.uuid4(), by=karen)
    goals.say_yes_to_step(step=step, by=otto)
    goals.follow_up(goal=goal, due=in_days(5), by=karen)
    return goal.about, 3


def a_wait(otto, karen, close):
    asked = waiting.ask(words="Hvornår kan jeg flytte?", kept_close=close, key=uuid.uuid4(), by=otto)
    found = waiting.wait_for(
        what=SECRET,
        whence="health",
        from_whom="Boligkontoret",
        until=in_days(5),
        why="De har ingen ledige.",
        meanwhile="Vi øver os.",
        asked=asked,
        key=uuid.uuid4(),
        by=karen,
    )
    waiting.came(found=found, words=SECRET, by=karen)
    return found.about, 2


def a_disagreement(otto, karen, close):
    found = disagreeing.disagree(
        topic="At flytte", words="Jeg vil flytte.", kept_close=close, key=uuid.uuid4(), by=otto
    )
    disagreeing.next_step(found=found, what=SECRET, due=in_days(5), by=karen)
    disagreeing.ask_for_mediation(found=found, by=otto)
    return found.about, 3


def owed(by):
    return list(by.promises())


def told(by):
    return [note for note in by.notes() if SECRET in note.words]


@pytest.mark.parametrize("made", [a_goal, a_wait, a_disagreement])
def test_what_follows_from_words_for_karen_alone_is_not_there_for_gerda(otto, karen, gerda, made):
    about, count = made(otto, karen, close=True)
    assert (len(owed(otto)), len(owed(karen)), len(owed(gerda))) == (count, count, 0)
    assert told(gerda) == []
    text = Text.objects.get(about=about, whose=Voice.CITIZEN)
    keeping.keep_close(text=text, on=False, by=otto)
    assert len(owed(gerda)) == count
    keeping.keep_close(text=text, on=True, by=otto)
    assert len(owed(gerda)) == 0


def test_a_step_that_waits_for_ottos_yes_is_no_line_for_gerda_and_her_own_lines_stay(otto, karen, gerda):
    goal = goals.make_goal(wish="Jeg vil flytte.", horizon="year", kept_close=True, by=otto, key=uuid.uuid4())
    goals.add_step(goal=goal, owner=otto.person, what=SECRET, due=in_days(9), key=uuid.uuid4(), by=karen)
    assert told(gerda) == []
    waiting.ask(words="Hvornår kommer liften?", key=uuid.uuid4(), by=gerda)
    owes = [note for note in gerda.notes() if note.words == waiting.TELLS_WHAT_WE_WAIT_FOR]
    waiting.ask(words="Hvornår kan jeg flytte?", kept_close=True, key=uuid.uuid4(), by=otto)
    still = [note for note in gerda.notes() if note.words == waiting.TELLS_WHAT_WE_WAIT_FOR]
    assert owes
    assert {note.pk for note in owes} <= {note.pk for note in still}


@pytest.mark.parametrize("made", [a_goal, a_disagreement])
def test_the_choice_in_the_form_takes_along_what_was_promised_before(otto, karen, gerda, made):
    about, count = made(otto, karen, close=False)
    assert len(owed(gerda)) == count
    kind, _dot, pk = about.partition(".")

    def write(words, close, by):
        if kind == "goal":
            goal = goals.reading.goal(by, int(pk))
            goals.write_wish(goal=goal, words=words, whose=Voice.CITIZEN, base=None, kept_close=close, by=by)
        else:
            found = disagreeing.disagreement(by, int(pk))
            disagreeing.say_view(found=found, words=words, base=None, kept_close=close, by=by)

    write("Jeg vil flytte snart.", True, otto)
    assert owed(gerda) == []
    # To save it anew opens nothing.
    write("Jeg vil flytte til havet.", False, otto)
    assert owed(gerda) == []
    keeping.keep_close(text=Text.objects.get(about=about, whose=Voice.CITIZEN), on=False, by=otto)
    assert len(owed(gerda)) == count
    # What others choose changes nothing.
    write("Han vil flytte.", True, gerda)
    assert len(owed(gerda)) == count


def test_words_kept_close_are_opened_beside_them_and_not_by_their_form(client, cast, otto, karen):
    """On each page where Otto writes words anew: no box says so, and his tap beside the words brings him back there."""
    close = {"base": 0, "kept_close": True, "by": otto}
    move = transitions.begin(kind="move", day=in_days(40), key=uuid.uuid4(), by=karen)
    transitions.say_words(found=move, words="Jeg tager haven med.", **close)
    asked = experts.want(who="Øjenlægen", words="Kan jeg se nok?", key=uuid.uuid4(), by=otto)
    cases.write(about=asked.about, whose=Voice.CITIZEN, words="Kan jeg stadig så?", **close | {"base": 1})
    pages = {
        a_goal(otto, karen, close=True)[0]: "goal",
        a_disagreement(otto, karen, close=True)[0]: "disagreement",
        move.about: "transition",
        asked.about: "expert",
    }
    client.force_login(cast.otto)
    for about, name in pages.items():
        page = reverse(name, args=[otto.pk, int(about.partition(".")[2])])
        text = Text.objects.get(about=about, whose=Voice.CITIZEN)
        tap = reverse("keep-close", args=[otto.pk, text.pk])
        closed = client.get(page).content.decode()
        assert 'type="checkbox"' not in closed, name
        assert f'action="{tap}"' in closed, name
        assert client.post(tap, {"on": ""}).url == page
        text.refresh_from_db()
        assert not text.kept_close
        assert 'type="checkbox"' in client.get(page).content.decode(), name


def test_a_wait_that_is_kept_close_is_on_no_page_of_gerdas(client, cast, otto, karen, gerda):
    about, _count = a_wait(otto, karen, close=True)
    with pytest.raises(NotYours):
        waiting.waiting(gerda, int(about.split(".")[1]))
    for person, sees in ((cast.otto, True), (cast.gerda, False)):
        client.force_login(person)
        page = client.get(reverse("case-waiting", args=[otto.pk])).content.decode()
        assert (SECRET in page) is sees, person


def test_the_button_beside_the_words_takes_the_promises_along(client, cast, otto, karen, gerda):
    about, count = a_goal(otto, karen, close=False)
    text = Text.objects.get(about=about, whose=Voice.CITIZEN)
    client.force_login(cast.otto)
    for on, seen in (("1", 0), ("", count)):
        client.post(reverse("keep-close", args=[otto.pk, text.pk]), {"on": on})
        assert len(owed(gerda)) == seen


def is_told(act):
    """Who of Otto and Gerda gets a notice of it."""
    before = set(Notice.objects.values_list("pk", flat=True))
    made = act()
    new = Notice.objects.exclude(pk__in=before).filter(to__login__in=["otto", "gerda"])
    return made, sorted(set(new.values_list("to__login", flat=True)))


def test_who_acts_for_otto_hears_what_he_hears_and_nothing_of_what_he_keeps(cast, otto, karen, gerda):
    both, him = ["gerda", "otto"], ["otto"]
    now, key = clock.now(), {"key": uuid.uuid4()}
    with clock.held_at(now - timedelta(hours=3)):
        held, told = is_told(
            lambda: plans.plan_meeting(
                title="Mødet", starts_at=now - timedelta(hours=2), form="home", by=karen
            )
        )
    assert told == both
    snapshot, told = is_told(lambda: plans.end(meeting=held, next_time=None, why_no_next="Nej.", by=karen))
    assert told == both
    plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=gerda)
    move, told = is_told(lambda: transitions.begin(kind="move", day=in_days(40), **key, by=karen))
    assert told == both
    assert is_told(lambda: transitions.move_day(found=move, day=in_days(50), by=karen))[1] == both
    asked = {"what": "Brevet", "from_whom": "Skolen", "whence": "health", "what_for": "et hjem", **key}
    paper, told = is_told(lambda: papers.ask(**asked, fetch_by=in_days(9), by=karen))
    assert told == both
    papers.answer(found=paper, yes=True, by=gerda)
    assert is_told(lambda: papers.came(found=paper, said="Her.", by=karen))[1] == both
    goal = goals.make_goal(wish="Jeg vil spare op.", horizon="year", by=otto, **key)
    talk = {"goal": goal, "words": "Vi talte.", "by": karen}
    assert is_told(lambda: together.talk_held(**talk, key=uuid.uuid4()))[1] == both
    keeping.keep_close(text=Text.objects.get(about=goal.about), on=True, by=otto)
    assert is_told(lambda: together.talk_held(**talk, key=uuid.uuid4()))[1] == him
    waits = {
        "whence": "health",
        "from_whom": "Lægen",
        "until": in_days(5),
        "why": "Kø.",
        "meanwhile": "Vi øver.",
    }
    for close, hear in ((False, both), (True, him)):
        wait = waiting.ask(words="Hvornår?", kept_close=close, key=uuid.uuid4(), by=otto)
        made = {"what": "et svar", "asked": wait, "key": uuid.uuid4(), "by": karen}
        assert is_told(lambda given=made: waiting.wait_for(**waits, **given))[1] == hear
        view = {"topic": "Hjemmet", "words": "Jeg vil flytte.", "key": uuid.uuid4()}
        differ = disagreeing.disagree(**view, kept_close=close, by=otto)
        for by in (otto, karen):
            disagreeing.say_we_agree(found=differ, by=by)
        assert is_told(lambda found=differ: disagreeing.take_up_again(found=found, by=karen))[1] == hear
    wish = experts.want(who="Øjenlægen", words="Kan jeg se?", key=uuid.uuid4(), by=otto)
    assert is_told(lambda: experts.decline(found=wish, words="Nej.", by=karen))[1] == both
    wish = experts.want(who="Ørelægen", words="Kan jeg høre?", key=uuid.uuid4(), by=otto)
    keeping.keep_close(text=Text.objects.get(about=wish.about), on=True, by=otto)
    again = {
        "kind": "specialist",
        "words": "Nu kan vi.",
        "ground": "consent",
        "law": "",
        "shares": "Dit spørgsmål.",
    }
    assert is_told(lambda: experts.take_up(found=wish, **again, by=karen))[1] == him


def test_how_closely_otto_is_asked_holds_for_who_answers_for_him(cast, otto, karen):
    choose(closeness="tell", by=otto)
    now = clock.now()
    with clock.held_at(now - timedelta(hours=3)):
        held = plans.plan_meeting(title="Mødet", starts_at=now - timedelta(hours=2), form="home", by=karen)
    plans.end(meeting=held, next_time=None, why_no_next="Nej.", by=karen)
    told = Notice.objects.filter(key__startswith="minutes-")
    assert list(told.values_list("to__login", "dropped_because")) == [("otto", "wants only to be told")]
