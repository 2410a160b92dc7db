"""Two hands at the very same moment, each on a connection of its own: done once, and both are told."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from pycrdt import Doc

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases import actions as cases
from medspil.cases.models import Text, TextVersion, Voice
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions as plans
from medspil.plans import live, mending, minutes
from medspil.plans.models import Approval, Meeting, Snapshot
from medspil.project.demo.cast import opened

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def slowly(monkeypatch):
    """Whoever is first stays inside the transaction until the other has long knocked."""
    for module in (cases, cases.speaking):
        real = module.note

        def note(*args, real=real, **kwargs):
            if threading.current_thread() is not threading.main_thread():
                time.sleep(0.3)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, "note", note)


def at_once(*works):
    """Each in a thread of its own, let go at the same moment; what each says of it, sorted."""
    gate, said, broke = threading.Barrier(len(works)), [], []

    def run(work):
        gate.wait(10)
        try:
            work()
        except Refusal as refusal:
            said.append(type(refusal).__name__)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            broke.append(error)
        else:
            said.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not broke, broke
    return sorted(said)


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def held(cast, karen):
    """A meeting that has been, with a line that Karen typed for Ida."""
    now = clock.now()
    with clock.held_at(now - timedelta(hours=2)):
        made = plans.plan_meeting(title="Mødet", starts_at=now - timedelta(hours=1), form="home", by=karen)
        doc = Doc()
        item = made.agenda.get().key
        minutes.add(doc, item=item, voice="citizen", writer=cast.karen.pk, words="Jeg er træt.")
        live.append([(made.pk, cast.karen.pk, doc.get_update())])
    return made


@pytest.fixture
def snapshot(held, karen):
    return plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)


def yes(snapshot, by):
    return lambda: plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=by)


def test_two_who_close_the_same_meeting_close_it_once_and_the_second_is_told(held, karen):
    def close():
        plans.end(meeting=held, next_time=plans.Next(clock.now() + timedelta(days=9), "home"), by=karen)

    assert at_once(close, close) == ["MeetingIsOver", "done"]
    assert (Snapshot.objects.count(), Meeting.objects.count()) == (1, 2)
    assert TextVersion.objects.filter(text__about__startswith=f"minutes.{held.pk}.").count() == 1
    assert Notice.objects.filter(key__startswith="minutes-").count() == 1


def test_both_sides_who_answer_the_minutes_at_once_have_both_answered(cast, snapshot, ida, karen):
    assert at_once(yes(snapshot, ida), yes(snapshot, karen)) == ["done", "done"]
    assert sorted(Approval.objects.values_list("side", "is_yes")) == [
        ("citizen", True),
        ("municipality", True),
    ]
    assert TextVersion.objects.get().confirmed_by == cast.ida


def test_ida_who_says_yes_on_two_devices_at_once_has_said_it_once(snapshot, ida):
    assert at_once(yes(snapshot, ida), yes(snapshot, ida)) == ["done", "done"]
    assert Approval.objects.count() == 1


def test_a_yes_to_minutes_that_are_put_right_at_that_moment_is_to_what_was_read_or_none(
    held, snapshot, ida, karen
):
    """Whoever is first: the yes stands to the edition that was read, or one is told that there is a newer one."""
    version = TextVersion.objects.select_related("text").get()

    def mend():
        mending.mend(meeting=held, version=version, words="Jeg er ikke træt.", by=ida)

    said = at_once(yes(snapshot, karen), mend)
    assert said in (["done", "done"], ["MinutesHaveChanged", "done"])
    assert Snapshot.objects.count() == 2
    assert list(Approval.objects.values_list("snapshot", "digest")) == [(snapshot.pk, snapshot.digest)] * (
        said.count("done") - 1
    )


def test_two_parents_who_write_at_once_both_stand(cast):
    alba = people.add_person(login="alba", name="Alba Steen")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    parents = [people.add_person(login=login, name=f"{login} Steen") for login in ("vibeke", "jens")]
    for parent in parents:
        people.give_mandate(actor=parent, citizen=alba, kind=Mandate.Kind.PARENT)

    def writes(parent):
        by = opened(parent, alba)
        return lambda: cases.write(about="area.home", whose=Voice.RELATIVE, words=parent.login, base=0, by=by)

    assert at_once(*map(writes, parents)) == ["done", "done"]
    versions = Text.objects.get(about="area.home").versions.order_by("number")
    assert [v.number for v in versions] == [1, 2]
    assert sorted(v.words for v in versions) == ["jens", "vibeke"]
