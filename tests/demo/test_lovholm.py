"""Løvholm is lively: sixty people in different places of the loop, no sentence used twice, and every chain whole."""

import tomllib
from collections import Counter

import pytest

from medspil.base import clock
from medspil.cases.models import Case, Promise, TextVersion
from medspil.cases.promises import State, kept_by_unit, last_days, seen
from medspil.contact.models import HandingOn, Request
from medspil.people import log
from medspil.people.models import Person
from medspil.plans.models import Meeting, Snapshot
from medspil.project.demo import lovholm


@pytest.fixture(scope="module")
def lovholm_filled(django_db_setup, django_db_blocker):
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield lovholm.fill()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            connection.close()


@pytest.mark.django_db
def test_sixty_citizens_in_every_state_a_promise_can_have(lovholm_filled):
    assert Case.objects.count() >= 60
    states = Counter(s.state for s in seen(Promise.objects.all(), clock.now()))
    for state in State:
        if state != State.PROPOSED:
            assert states[state] >= 1, f"no promise is {state}"
    assert states[State.BROKEN] >= 5
    assert states[State.KEPT] >= 10


@pytest.mark.django_db
def test_nobody_says_what_another_said(lovholm_filled):
    said = Counter(TextVersion.objects.filter(text__whose="citizen").values_list("words", flat=True))
    assert [words for words, n in said.items() if n > 1] == []
    assert len(said) > 120


@pytest.mark.django_db
def test_requests_and_meetings_stand_in_different_places(lovholm_filled):
    assert Request.objects.filter(answered_at=None).exists()
    assert Request.objects.exclude(answered_at=None).exists()
    assert HandingOn.objects.filter(answer="").count() >= 3
    assert set(Meeting.objects.values_list("state", flat=True)) >= {"planned", "ended"}
    assert Snapshot.objects.filter(approvals__is_yes=False).exists()
    assert Snapshot.objects.filter(approvals__is_yes=True).exists()


@pytest.mark.django_db
def test_every_chain_of_the_log_is_whole(lovholm_filled):
    for citizen in Person.objects.filter(pk__in=Case.objects.values("citizen")):
        assert list(log.broken_links(citizen)) == []


@pytest.mark.django_db
def test_units_of_five_have_a_figure(lovholm_filled):
    since, until = last_days(clock.today(), 30)
    figures = {k.unit.slug: k.counted for k in kept_by_unit(since=since, until=until, now=clock.now())}
    assert figures["voksen"] > 10
    assert set(figures) <= {"voksen", "job", "hjemme"}


def test_the_source_has_no_sentence_twice():
    rows = tomllib.loads(lovholm.SOURCE.read_text(encoding="utf-8"))["citizen"]
    sentences = [r["wish"] for r in rows] + [a[1] for r in rows for a in r.get("areas", [])]
    assert len(sentences) == len(set(sentences))
