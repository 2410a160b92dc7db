"""How a meeting is closed: with the next time that is agreed already, and on the day it was held. C2, C4, C6."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise, TextVersion
from medspil.plans import actions as plans
from medspil.plans import closing, goals, joint, live, minutes, reading
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened


@pytest.fixture
def karen(at, cast):
    """It is Monday 23 November 2026, half past eight."""
    return opened(cast.karen, cast.ida)


def planned(by, days=0, **more):
    at = clock.now() + timedelta(days=days, minutes=30)
    return plans.plan_meeting(**{"title": f"Møde {days}", "starts_at": at, "form": "home", "by": by, **more})


def url(held, name="end-meeting"):
    return reverse(name, args=[held.case_id, held.pk])


def page(client, person, held, name="end-meeting"):
    client.force_login(person)
    return client.get(url(held, name)).content.decode()


def close(client, person, held, **more):
    client.force_login(person)
    return client.post(url(held), {"do": "end", "form": "home", "minutes_long": "60", **more}, follow=True)


def say(held, voice, writer, words):
    doc, item = live.load(held.pk), held.agenda.first().key
    minutes.add(doc, item=item, voice=voice, writer=writer.pk, words=words)
    live.append([(held.pk, writer.pk, doc.get_update())])


def test_idas_yes_to_the_minutes_is_none_to_what_she_said_no_to(cast, karen):
    held = planned(karen)
    for words in ("Klokken fem er jeg tom.", "Jeg vil bo alene."):
        say(held, "citizen", cast.karen, words)
    snapshot = plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    ida = opened(cast.ida, cast.ida)
    right, wrong = TextVersion.objects.filter(said_by=cast.ida).order_by("pk")
    cases.object_to(version=wrong, words="Det var ikke det, jeg sagde.", by=ida)
    plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (right.confirmed_by, wrong.confirmed_by) == (cast.ida, None)


def test_the_day_that_is_agreed_already_is_when_we_meet_again(client, cast, karen):
    """Nothing else is asked for, and what the room says is what the minutes say."""
    held, next_one = planned(karen), planned(karen, 7)
    assert "Vi ses igen mandag 30.\u00a0november" in page(client, cast.karen, held, "meeting-room")
    asked = page(client, cast.karen, held)
    assert "Vi ses igen mandag 30.\u00a0november" in asked
    assert "Hvornår ses I igen?" not in asked
    close(client, cast.karen, held)
    held.refresh_from_db()
    assert (held.state, held.next_meeting, held.why_no_next) == ("ended", next_one, "")
    assert Meeting.objects.count() == 2
    assert "Vi ses igen mandag 30.\u00a0november" in page(client, cast.ida, held, "meeting")


def test_another_day_or_none_can_still_be_chosen(client, cast, karen):
    first, second, _third = planned(karen), planned(karen, 1), planned(karen, 7)
    close(client, cast.karen, first, why_no_next="Ida ringer selv.")
    close(client, cast.karen, second, held_today="on", day="7.12.2026", hour="10")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.next_meeting, first.why_no_next) == (None, "Ida ringer selv.")
    assert clock.day_of(second.next_meeting.starts_at).isoformat() == "2026-12-07"


def test_without_a_day_one_is_asked_for_and_neither_field_is_called_optional(client, cast, karen):
    held = planned(karen)
    asked = page(client, cast.karen, held)
    assert "Hvornår ses I igen?" in asked
    for label in ("Vi ses igen", "Eller: hvorfor skal I ikke ses igen?"):
        (rest,) = asked.split(f">{label}")[1:]
        assert rest.startswith("</label>"), label
    assert "Vælg, hvornår vi ses igen" in close(client, cast.karen, held).content.decode()
    held.refresh_from_db()
    assert held.state == "planned"


def test_a_meeting_with_others_is_not_when_we_meet_again(cast, karen):
    """Lars sees Ida next week, and Karen is not there: that is no next meeting of theirs, until Karen comes too."""
    held = planned(karen)
    (lars,) = (t for t in karen.threads if t.topic == "Arbejde og fleksjob")
    other = planned(opened(cast.lars, cast.ida), 7, thread=lars)
    assert reading.agreed_after(karen, held, clock.now()) is None
    other.attendees.create(person=cast.karen)
    assert reading.agreed_after(karen, held, clock.now()) == other


def test_rounded_off_is_what_has_words(client, cast, karen):
    """Two points that nobody wrote under are asked about still; one that has words is not."""
    held = planned(karen)
    closing.round_off(meeting=held, by=karen)
    told = "I har samlet op i mødet."
    asked = page(client, cast.karen, held)
    assert told not in asked
    assert 'name="sum_up"' in asked
    assert 'name="right_things"' in asked
    closing.note_aloud(meeting=held, sum_up="Petra prøver turen.", by=karen)
    asked = page(client, cast.karen, held)
    assert told not in asked
    assert 'name="sum_up"' not in asked
    assert 'name="right_things"' in asked
    # What was typed while it was written in the room is not lost.
    close(
        client, cast.karen, held, sum_up="Og Lars ringer.", right_things="Ja.", why_no_next="Vi ringes ved."
    )
    (snapshot,) = held.snapshots.all()
    said = [[u["words"] for u in item["utterances"]] for item in snapshot.content[-2:]]
    assert said == [["Petra prøver turen.", "Og Lars ringer."], ["Ja."]]


def test_a_meeting_that_is_closed_before_its_day_was_held_today_or_is_not_closed(client, cast, karen):
    held = planned(karen, 3)
    assert "Det var aftalt til torsdag 26.\u00a0november." in page(client, cast.karen, held)
    answer = close(client, cast.karen, held, why_no_next="Vi ringes ved.")
    assert "Sæt et flueben, hvis I holdt det i dag." in answer.content.decode()
    held.refresh_from_db()
    assert held.state == "planned"
    close(client, cast.karen, held, why_no_next="Vi ringes ved.", held_today="on")
    held.refresh_from_db()
    assert (held.state, held.starts_at) == ("ended", clock.now())
    assert "torsdag 26" not in page(client, cast.ida, held, "meeting")


def test_one_who_does_not_see_the_whole_case_is_not_told_that_nothing_is_agreed(client, cast, karen):
    """Petra comes to one of Karen's meetings; the next is agreed without her."""
    held = planned(karen, others=[(cast.petra, "", "")])
    planned(karen, 7)
    seen = page(client, cast.petra, held, "meeting-room")
    assert "Næste møde er ikke aftalt" not in seen
    assert "Vi ses igen" not in seen
    assert "Vi ses igen mandag 30.\u00a0november" in page(client, cast.karen, held, "meeting-room")


def test_who_looks_in_first_does_not_become_the_one_who_speaks(client, cast, karen):
    """Petra only looked at the room; what stands ready is Karen's, who called the meeting."""
    held = planned(karen, others=[(cast.petra, "", "")])
    page(client, cast.petra, held, "meeting-room")
    page(client, cast.karen, held, "meeting-room")
    ready = [(u.voice, u.writer) for u in minutes.read(held).utterances]
    assert ready == [("citizen", 0), ("professional", cast.karen.pk)]
    # What Petra writes down at the end is said by Petra.
    closing.note_aloud(meeting=held, sum_up="Petra prøver turen.", by=opened(cast.petra, cast.ida))
    (said,) = (u for u in minutes.read(held).utterances if u.words)
    assert said.writer == cast.petra.pk


def test_nobody_waits_for_a_yes_to_a_meeting_that_is_over(client, cast, karen):
    held = planned(karen)
    (lars,) = (t for t in karen.threads if t.topic == "Arbejde og fleksjob")
    joint.ask_to_join(meeting=held, thread=lars, by=karen)
    told = "Vi venter på, om Ida siger ja til Lars"
    assert told in page(client, cast.karen, held, "work-meeting")
    plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    assert told not in page(client, cast.karen, held, "work-meeting")


def test_the_next_steps_of_a_goal_on_the_plan_are_those_still_to_be_taken(client, cast, karen):
    ida = opened(cast.ida, cast.ida)
    goal = goals.make_goal(wish="Til svømning.", horizon="month", area="self", key=uuid.uuid4(), by=ida)
    for what, days in (("deler vasketøjet op", 0), ("køber en badedragt", 7)):
        due = clock.today() + timedelta(days=days)
        goals.add_step(goal=goal, owner=cast.ida, what=what, due=due, key=uuid.uuid4(), by=ida)
    over, _ahead = Promise.objects.filter(what__in=["deler vasketøjet op", "køber en badedragt"]).order_by(
        "due"
    )
    cases.too_much(promise=over, by=ida)
    client.force_login(cast.ida)
    plan = client.get(reverse("case-my-plan", args=[ida.pk])).content.decode()
    assert "køber en badedragt" in plan
    assert "deler vasketøjet op" not in plan
    assert "deler vasketøjet op" in client.get(reverse("goal", args=[ida.pk, goal.pk])).content.decode()
