"""Two at one moment, in threads of their own: one of them gets it, the other is told, and there is one owner."""

import threading
import uuid

import pytest
from django.db import connection

from medspil.base.refusals import Refusal
from medspil.contact import actions as contact
from medspil.contact import away, messages
from medspil.contact.models import Absence, HandingOn, Message, Request
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.project.demo.cast import opened

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def visitor(person):
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())


def at_once(*works):
    """What each came to: the name of its refusal, or »done«."""
    barrier, came_to = threading.Barrier(len(works)), [""] * len(works)

    def run(number, work):
        try:
            barrier.wait(timeout=20)
            work()
            came_to[number] = "done"
        except Refusal as refusal:
            came_to[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return came_to


@pytest.fixture
def handing(cast):
    request = contact.ask(words="Hvem kan hjælpe?", key=uuid.uuid4(), by=visitor(cast.ida))
    return contact.hand_on(request=request, to=visitor(cast.sune).person, by=visitor(cast.karen))


def test_taken_in_two_windows_it_is_taken_once(cast, handing):
    by = [visitor(cast.sune) for _window in range(2)]
    came_to = at_once(*(lambda one=one: contact.take(handing=handing, by=one) for one in by))
    assert sorted(came_to) == ["AlreadyAnswered", "done"]
    assert Request.objects.get().owner == cast.sune


def test_taken_and_called_back_at_once_it_has_one_owner(cast, handing):
    sune, karen = visitor(cast.sune), visitor(cast.karen)
    came_to = at_once(
        lambda: contact.take(handing=handing, by=sune), lambda: contact.call_back(handing=handing, by=karen)
    )
    taken = HandingOn.objects.get().answer == "taken"
    assert came_to == (["done", "AlreadyAnswered"] if taken else ["AskedNoMore", "done"])
    request = Request.objects.select_related("promise").get()
    assert request.owner == request.promise.owner == (cast.sune if taken else cast.karen)


def test_a_message_taken_and_answered_at_once_has_one_owner(cast):
    """Both hold the message before who was asked to take it, so that neither waits for the other."""
    ida, karen, sune = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida), visitor(cast.sune)
    sent = messages.send(words="Hvad nu?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    handing = contact.hand_on_message(message=sent, to=sune.person, by=karen)
    thread = karen.main_thread
    came_to = at_once(
        lambda: contact.take_message(handing=handing, by=sune),
        lambda: messages.write(words="Ja.", thread=thread, answers=[sent], key=uuid.uuid4(), by=karen),
    )
    assert came_to in (["done", "done"], ["AskedNoMore", "done"])
    sent = Message.objects.select_related("promise").get(pk=sent.pk)
    assert sent.promise.outcome == "kept"
    assert HandingOn.objects.get().answer == ("taken" if came_to[0] == "done" else "called_back")


def test_taken_and_answered_at_once_it_is_the_one_or_the_other(cast, handing):
    sune, karen = visitor(cast.sune), opened(cast.karen, cast.ida)
    request = handing.request
    came_to = at_once(
        lambda: contact.take(handing=handing, by=sune),
        lambda: contact.answer(request=request, words="Det kan jeg.", by=karen),
    )
    assert came_to in (["done", "NotYourRequest"], ["AskedNoMore", "done"])
    request = Request.objects.select_related("promise").get()
    assert request.owner == request.promise.owner
    assert bool(request.answered_at) == (came_to[1] == "done") == (request.promise.outcome == "kept")


def test_away_is_said_once_by_two_thumbs(cast):
    from medspil.base import clock

    key, karen = uuid.uuid4(), visitor(cast.karen).person

    def say():
        away.say_away(person=karen, since=clock.today(), until=clock.today(), why="ill", key=key, by=karen)

    assert at_once(say, say) == ["done", "done"]
    assert Absence.objects.count() == 1
