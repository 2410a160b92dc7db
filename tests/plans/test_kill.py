"""kill -9 in the middle of an action: nothing half done, and doing it again does it once."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from pycrdt import Doc

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Note, Promise, Sharing, TextVersion
from medspil.contact.models import Request
from medspil.letters.models import Notice
from medspil.plans import actions as plans
from medspil.plans import live, minutes
from medspil.plans.models import Approval, Meeting, Snapshot
from medspil.project.demo.cast import opened
from tests.web.serving import ROOT, database_url

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def killed(work: str) -> None:
    """Run `work` in a process of its own that dies by SIGKILL at the marked place, on the database of this test."""
    script = textwrap.dedent(
        """
        import os, signal, uuid, django
        django.setup()
        from datetime import timedelta
        from medspil.base import clock
        from medspil.cases import actions as cases
        from medspil.cases.models import Promise
        from medspil.contact import actions as contact
        from medspil.letters import actions as letters
        from medspil.people.log import Visitor
        from medspil.people.models import Person
        from medspil.plans import actions as plans
        from medspil.plans.models import Meeting
        from medspil.project.demo.cast import opened
        one = lambda login: Person.objects.get(login=login)
        def die(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        """
    ) + textwrap.dedent(work)
    env = {
        **os.environ,
        "MEDSPIL_TESTING": "1",
        "MEDSPIL_DATABASE": database_url(),
        "DJANGO_SETTINGS_MODULE": "medspil.project.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env=env,
        check=False,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def test_a_meeting_whose_closing_was_cut_off_is_still_open(cast):
    karen = opened(cast.karen, cast.ida)
    meeting = plans.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(hours=1), form="home", by=karen
    )
    killed(
        """
        plans.tell_something_new = die   # the last thing before the commit
        karen = opened(one("karen"), one("ida"))
        then = plans.Next(clock.now() + timedelta(days=9), "home")
        plans.end(meeting=Meeting.objects.get(), next_time=then, by=karen)
        """
    )
    meeting.refresh_from_db()
    assert (meeting.state, meeting.next_meeting, Meeting.objects.count()) == (Meeting.State.PLANNED, None, 1)
    assert not Snapshot.objects.exists()
    plans.end(meeting=meeting, next_time=plans.Next(clock.now() + timedelta(days=9), "home"), by=karen)
    assert (Meeting.objects.count(), Snapshot.objects.count()) == (2, 1)


def test_a_request_that_was_cut_off_left_no_clock_and_no_words(cast):
    killed(
        """
        contact.tell_something_new = die
        contact.ask(words="Kan jeg få en rampe?", key=uuid.uuid4(), by=Visitor(one("ida"), uuid.uuid4()))
        """
    )
    assert not Request.objects.exists()
    assert not Promise.objects.exists()
    assert not Note.objects.filter(kind__in=["request", "wrote"]).exists()


def test_a_move_that_was_cut_off_left_the_old_date(cast):
    due = clock.today() + timedelta(days=9)
    promise = cases.make_promise(what="ringer", due=due, by=opened(cast.karen, cast.ida))
    killed(
        """
        cases.promising.note = die
        karen = opened(one("karen"), one("ida"))
        cases.move(promise=Promise.objects.get(), to=clock.today() + timedelta(days=20), because="Syg.", by=karen)
        """
    )
    promise.refresh_from_db()
    assert promise.due == due
    assert not promise.moves.exists()


def test_a_notice_that_was_being_sent_is_tried_again(cast, mailoutbox):
    from medspil.letters import actions as letters

    letters.tell_something_new(to=cast.ida, key="one")
    killed(
        """
        letters.mail.send = die
        letters.send_waiting()
        """
    )
    assert Notice.objects.get().sent_at is None
    assert letters.send_waiting() == (1, 0)
    assert len(mailoutbox) == 1


def test_a_yes_to_the_minutes_that_was_cut_off_confirmed_nothing(cast):
    """What Karen typed for Ida still waits for Ida's yes; said again, it stands once."""
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    now = clock.now()
    with clock.held_at(now - timedelta(days=2)):
        held = plans.plan_meeting(title="Mødet", starts_at=now - timedelta(days=1), form="home", by=karen)
    with clock.held_at(now - timedelta(days=1)):
        doc = Doc()
        minutes.add(
            doc, item=held.agenda.get().key, voice="citizen", writer=cast.karen.pk, words="Jeg er træt."
        )
        live.append([(held.pk, cast.karen.pk, doc.get_update())])
        snapshot = plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    killed(
        """
        plans.cases.note = die   # the last thing before the commit
        snapshot = Meeting.objects.get().snapshots.get()
        ida = opened(one("ida"), one("ida"))
        plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
        """
    )
    said = TextVersion.objects.get(text__about__startswith=f"minutes.{held.pk}.")
    assert (said.confirmed_at, Approval.objects.count()) == (None, 0)
    for _ in range(2):
        plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
    said.refresh_from_db()
    assert (said.confirmed_by, Approval.objects.count()) == (cast.ida, 1)


def test_a_consent_that_was_cut_off_shares_nothing(cast):
    killed(
        """
        cases.sharing.note = die
        ida = opened(one("ida"), one("ida"))
        cases.share_just(parts={("goals", ""), ("areas", "")}, to=one("petra"), what_for="Hjælp", by=ida)
        """
    )
    assert not Sharing.objects.filter(to=cast.petra).exists()
    for _ in range(2):
        cases.share_just(
            parts={("goals", ""), ("areas", "")},
            to=cast.petra,
            what_for="Hjælp",
            by=opened(cast.ida, cast.ida),
        )
    assert Sharing.objects.filter(to=cast.petra).count() == 2
