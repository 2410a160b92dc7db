"""The one door: who comes in, as what, and what is written about it."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions, door
from medspil.cases.models import Case, Sharing, Voice
from medspil.people import log
from medspil.people.log import Visitor
from medspil.people.models import Opening, RefusedOpening, Staff
from medspil.project.demo.cast import opened

EXPECTED = {  # what each of the cast is in Ida's case; worked out from decisions, "Case and sight"
    "ida": "self",
    "mona": "beside",
    "karen": "works",
    "petra": "works",
    "lars": "works",
    "sune": None,
    "bo": None,
    "gerda": None,
    "otto": None,
    "lena": None,
    "hans": None,
    "yasmin": None,
    "lotte": None,
    "admin": None,
}


@pytest.mark.parametrize(("name", "standing"), EXPECTED.items())
def test_each_of_the_cast_meets_idas_case_as_what_they_are(cast, name, standing):
    person = getattr(cast, name)
    if standing is None:
        with pytest.raises(NotYours):
            opened(person, cast.ida)
    else:
        assert opened(person, cast.ida).standing == standing


def test_one_row_a_sitting_and_another_for_the_next(cast):
    case = Case.objects.get(citizen=cast.ida)
    sitting = Visitor(cast.karen, uuid.uuid4())
    before = Opening.objects.filter(citizen=cast.ida).count()
    for _ in range(3):
        door.open_case(sitting, case.pk)
    assert Opening.objects.filter(citizen=cast.ida).count() == before + 1
    door.open_case(sitting, case.pk, purpose=door.Purpose.MEETING)
    door.open_case(Visitor(cast.karen, uuid.uuid4()), case.pk)
    assert Opening.objects.filter(citizen=cast.ida).count() == before + 3


def test_not_yours_and_not_there_are_the_same_and_logged_apart(cast):
    case = Case.objects.get(citizen=cast.ida)
    stranger = Visitor(cast.bo, uuid.uuid4())
    before = Opening.objects.count()
    answers = []
    for pk in (case.pk, 987654321):
        with pytest.raises(NotYours) as refused:
            door.open_case(stranger, pk)
        answers.append((type(refused.value), str(refused.value)))
    assert answers[0] == answers[1]
    assert Opening.objects.count() == before
    assert list(RefusedOpening.objects.order_by("pk").values_list("asked_for", flat=True)) == [
        case.pk,
        987654321,
    ]


def test_a_withdrawn_consent_is_told_kindly_on_the_next_click(cast):
    opened(cast.mona, cast.ida)
    actions.stop_sharing(part=Sharing.Part.MEETINGS, to=cast.mona, by=opened(cast.ida, cast.ida))
    with pytest.raises(door.ConsentWithdrawn):
        opened(cast.mona, cast.ida)


def test_the_chain_shows_a_row_that_was_changed_behind_our_back(cast):
    for person in (cast.ida, cast.karen, cast.petra):
        opened(person, cast.ida)
    assert list(log.broken_links(cast.ida)) == []
    second = Opening.objects.filter(citizen=cast.ida).order_by("number")[1]
    from medspil.people import append_only

    with connection.schema_editor() if connection.vendor == "postgresql" else PlainEditor() as editor:
        append_only.remove(editor)
    Opening.objects.filter(pk=second.pk).update(purpose="changed")
    assert second.number in list(log.broken_links(cast.ida))


class PlainEditor:
    """Run schema statements inside the test's own transaction, which SQLite's schema editor would refuse."""

    def __enter__(self):
        self.connection = connection
        return self

    def __exit__(self, *error):
        return False

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("change", ["UPDATE people_opening SET purpose = 'x'", "DELETE FROM people_opening"])
def test_the_database_refuses_to_change_or_remove_a_row_of_the_log(cast, change):
    opened(cast.karen, cast.ida)
    with (
        pytest.raises(DatabaseError, match="append only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_who_no_longer_works_here_has_no_way_in_by_a_thread_they_still_stand_in(cast):
    """Sune took over a task in a thread of another department; when his post ends, nobody ends his place there."""
    thread = opened(cast.karen, cast.ida).main_thread
    actions.join_thread(thread=thread, person=cast.sune, role="caseworker")
    assert opened(cast.sune, cast.ida).works_here
    yesterday = clock.today() - timedelta(days=1)
    Staff.objects.filter(person=cast.sune).update(until=yesterday)
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)
    # A post in which one works in no case opens none either.
    Staff.objects.filter(person=cast.sune).update(until=None, role="leader")
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)


def test_what_both_agreed_to_is_kept_as_close_as_the_words_it_grew_from(cast):
    """ "Only Karen": neither the guardian nor a companion reads it again in what was agreed."""
    otto, karen = opened(cast.otto, cast.otto), opened(cast.karen, cast.otto)
    actions.write(
        about="area.home", whose=Voice.CITIZEN, words="Jeg vil flytte.", base=0, kept_close=True, by=otto
    )
    actions.agree(
        agreed=actions.propose_agreed(about="area.home", words="Otto vil flytte.", by=karen), by=otto
    )
    open_still = actions.propose_agreed(about="area.work", words="Otto vil i værkstedet.", by=karen)
    actions.share(part=Sharing.Part.AREAS, to=cast.mona, by=otto)

    def read(person):
        return {a.words for a in opened(person, cast.otto).agreed_texts(Sharing.Part.AREAS, "area.")}

    # What is only proposed is between the two sides.
    assert read(cast.gerda) == {"Otto vil i værkstedet."}
    assert read(cast.mona) == set()
    actions.agree(agreed=open_still, by=otto)
    assert read(cast.gerda) == read(cast.mona) == {"Otto vil i værkstedet."}
    assert read(cast.otto) == read(cast.karen) == {"Otto vil flytte.", "Otto vil i værkstedet."}
