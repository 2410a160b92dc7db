"""The mapping board (B3): a note is its voice's, what was there can be read, and bytes and rows come together."""

import io
import uuid

import pytest
from django.conf import settings
from PIL import Image

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import kinds
from medspil.cases.models import File, Sharing, Voice
from medspil.plans import board
from medspil.plans.models import BoardNote
from medspil.project.demo.cast import opened


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#A8481A").save(out, "PNG")
    return kinds.check(out, name="sofa.png", size=out.tell())


def put(by, words="Klokken fem er jeg tom.", *, whose=Voice.CITIZEN, column="hard", **more):
    return board.put_up(column=column, whose=whose, words=words, key=uuid.uuid4(), by=by, **more)


def up(by, **more):
    notes, _more = board.board(by, **more)
    return {one.note.pk: one for one in notes}


def test_each_side_puts_up_its_own_and_neither_changes_the_others(ida, karen):
    hers, ours = put(ida), put(karen, "Vi ser på det.", whose=Voice.PROFESSIONAL)
    assert {pk: one.may_change for pk, one in up(karen).items()} == {hers.pk: False, ours.pk: True}
    assert {pk: one.may_change for pk, one in up(ida).items()} == {hers.pk: True, ours.pk: False}
    for act in (board.take_down, lambda note, by: board.move(note=note, to="works", by=by)):
        with pytest.raises(board.OnesOwnNote):
            act(note=hers, by=karen)
        with pytest.raises(board.OnesOwnNote):
            act(note=ours, by=ida)
    with pytest.raises(cases.NotYourVoice):
        put(ida, whose=Voice.PROFESSIONAL)


def test_what_karen_writes_while_ida_speaks_is_idas_once_she_has_said_yes(ida, karen):
    note = put(karen)
    assert up(ida)[note.pk].version.confirmed_at is None
    board.move(note=note, to="needed", by=karen)  # a proposal can still be put right
    cases.confirm(version=board.note(ida, note.pk).version, by=ida)
    with pytest.raises(board.OnesOwnNote):
        board.write(note=note, words="Noget andet", base=1, by=karen)
    board.write(note=note, words="Klokken fire er jeg tom.", base=1, by=ida)
    kept = board.note(karen, note.pk)
    assert [v.words for v in kept.text.versions.all()] == [
        "Klokken fire er jeg tom.",
        "Klokken fem er jeg tom.",
    ]
    assert [(m.from_column, m.to_column, m.by.login) for m in board.moves(kept)] == [
        ("hard", "needed", "karen")
    ]


def test_a_note_is_taken_down_and_put_up_again_and_nothing_twice(ida):
    key = uuid.uuid4()
    first, again = (
        board.put_up(column="works", whose=Voice.CITIZEN, words="Bage brød", key=key, by=ida) for _ in "12"
    )
    assert first == again
    for _ in "12":
        board.move(note=first, to="hard", by=ida)
    assert first.moves.count() == 1
    for _ in "12":
        board.take_down(note=first, by=ida)
    assert up(ida) == {}
    assert [one.note for one in board.taken_down(ida)] == [first]
    board.put_back(note=first, by=ida)
    assert list(up(ida)) == [first.pk]


def test_a_picture_says_it_alone_and_something_must_be_said(ida, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES", tmp_path)
    note = put(ida, "", picture=picture(), shows="En sofa")
    one = up(ida)[note.pk]
    assert one.text is None
    assert [file.shows for file in one.files] == ["En sofa"]
    with pytest.raises(board.NothingOnIt):
        put(ida, " ")
    # Kept close are the words; a picture goes with them, so there must be some.
    with pytest.raises(board.WordsToKeepClose):
        put(ida, "", picture=picture(), kept_close=True)
    assert (BoardNote.objects.count(), File.objects.count()) == (1, 1)


def test_a_note_only_karen_may_read_is_not_there_for_mona_with_its_picture(cast, ida, karen):
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    shared, close = put(ida), put(ida, "Kun til Karen.", picture=picture(), kept_close=True)
    mona = opened(cast.mona, cast.ida)
    assert list(up(mona)) == [shared.pk]
    with pytest.raises(NotYours):
        board.note(mona, close.pk)
    assert set(up(karen)) == {shared.pk, close.pk}
    with pytest.raises(NotYours):
        put(mona)
    for other in (cast.petra, cast.lars):
        with pytest.raises(NotYours):
            board.board(opened(other, cast.ida))


def test_the_board_shows_the_newest_and_says_that_there_are_more(ida):
    notes = [put(ida, f"Seddel {n}", area="home" if n % 2 else "") for n in range(5)]
    shown, more = board.board(ida, limit=3)
    assert [one.note for one in shown] == [notes[4], notes[3], notes[2]]
    assert more
    shown, more = board.board(ida, area="home")
    assert [one.note for one in shown] == [notes[3], notes[1]]
    assert not more
