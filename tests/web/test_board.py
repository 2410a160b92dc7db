"""The mapping board's pages, on both sides: what is typed stays, what hangs there is seen as it is. B3."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from medspil.cases import actions as cases
from medspil.cases.models import File, TextVersion, Voice
from medspil.plans import board
from medspil.plans.models import BoardNote
from medspil.project.demo.cast import opened


@pytest.fixture
def pk(cast):
    return opened(cast.ida, cast.ida).pk


def picture(name="sofa.png", **more):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#A8481A").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), **more)


def typed(**more):
    return {"key": str(uuid.uuid4()), "column": "hard", "words": "Klokken fem er jeg tom.", "area": ""} | more


def test_ida_puts_up_a_note_with_a_picture_and_it_is_told_in_words_too(client, cast, pk):
    client.force_login(cast.ida)
    page = reverse("case-board", args=[pk])
    answer = client.post(page, typed(picture=picture(), shows="En sofa", area="home"), follow=True)
    words = answer.content.decode()
    assert "»Klokken fem er jeg tom.«" in words
    assert 'alt="En sofa"' in words
    note = BoardNote.objects.get()
    assert answer.redirect_chain[-1][0] == f"{page}#seddel-{note.pk}"
    kept = File.objects.get()
    assert client.get(reverse("file", args=[pk, kept.key]))["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (SimpleUploadedFile("ferie.jpg", b"%PDF-1.7 %%EOF"), "er ikke et billede"),
        (SimpleUploadedFile("tom.jpg", b""), "er tom"),
        (SimpleUploadedFile("../../x.png", b"\x89PNG\r\n\x1a\n" + bytes(40)), "»x.png« er gået i stykker"),
    ],
)
def test_a_picture_that_is_none_is_told_of_and_what_was_typed_stays(client, cast, pk, sent, says):
    client.force_login(cast.ida)
    answer = client.post(reverse("case-board", args=[pk]), typed(picture=sent))
    words = answer.content.decode()
    assert says in words
    assert "Klokken fem er jeg tom.</textarea>" in words
    assert (BoardNote.objects.count(), File.objects.count(), TextVersion.objects.count()) == (0, 0, 0)


def yes_to(read):
    return {"do": "right", "number": read.pk}


def test_a_yes_to_words_that_were_rewritten_meanwhile_is_no_yes_to_the_new_ones(client, cast, pk):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    note = board.put_up(
        column="hard", whose=Voice.CITIZEN, words="Trappen er svær.", key=uuid.uuid4(), by=karen
    )
    read = board.note(ida, note.pk).version
    board.write(note=note, words="Hun magter ikke mere.", base=1, by=karen)
    client.force_login(cast.ida)
    url = reverse("board-note", args=[pk, note.pk])
    answer = client.post(url, yes_to(read), follow=True)
    assert "Læs det, og svar så igen." in answer.content.decode()
    with pytest.raises(cases.ReadAgain):
        cases.confirm(version=read, by=ida)
    assert not TextVersion.objects.filter(confirmed_at__isnull=False).exists()
    client.post(url, yes_to(board.note(ida, note.pk).version))
    assert TextVersion.objects.get(confirmed_by=cast.ida).words == "Hun magter ikke mere."


def test_karen_writes_while_ida_speaks_and_ida_says_yes(client, cast, pk):
    client.force_login(cast.karen)
    work = reverse("work-board", args=[pk])
    client.post(work, typed(whose="citizen"))
    client.post(work, typed(whose="professional", words="Vi ser på det sammen.", column="needed"))
    words = client.get(work).content.decode()
    assert "Ida har ikke sagt endnu, om det er rigtigt." in words
    hers = BoardNote.objects.get(whose=Voice.CITIZEN)
    client.force_login(cast.ida)
    assert "Er det rigtigt?" in client.get(reverse("case-board", args=[pk])).content.decode()
    client.post(
        reverse("board-note", args=[pk, hers.pk]), yes_to(TextVersion.objects.get(text__whose="citizen"))
    )
    client.force_login(cast.karen)
    assert "Ida har sagt, at det er rigtigt skrevet." in client.get(work).content.decode()
    # From now on it is hers: no way to move it, and none is shown.
    note = reverse("work-board-note", args=[pk, hers.pk])
    assert "Flyt sedlen" not in client.get(note).content.decode()
    answer = client.post(note, {"do": "move", "to": "works"}, follow=True)
    assert "Den seddel er den andens." in answer.content.decode()
    hers.refresh_from_db()
    assert hers.column == "hard"


def test_what_ida_says_against_a_note_follows_it_to_the_board(client, cast, pk):
    note = board.put_up(
        column="works",
        whose=Voice.PROFESSIONAL,
        words="Det går fint.",
        key=uuid.uuid4(),
        by=opened(cast.karen, cast.ida),
    )
    version = TextVersion.objects.get()
    client.force_login(cast.ida)
    client.post(reverse("board-note-object", args=[pk, note.pk, version.pk]), {"words": "Det gør det ikke."})
    client.force_login(cast.karen)
    assert "»Det gør det ikke.«" in client.get(reverse("work-board", args=[pk])).content.decode()


def test_two_who_change_a_note_at_once_lose_nothing(client, cast, pk):
    ida = opened(cast.ida, cast.ida)
    note = board.put_up(column="works", whose=Voice.CITIZEN, words="Ét", key=uuid.uuid4(), by=ida)
    board.write(note=note, words="To", base=1, by=ida)
    client.force_login(cast.ida)
    answer = client.post(
        reverse("board-note", args=[pk, note.pk]), {"do": "words", "base": "1", "words": "Tre"}
    )
    words = answer.content.decode()
    assert "Tre</textarea>" in words
    assert "»To«" in words


def test_a_board_of_sixty_notes_costs_what_one_of_six_does(cast, pk):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)

    def more(count):
        for n in range(count):
            whose, by = ((Voice.CITIZEN, ida), (Voice.PROFESSIONAL, karen))[n % 2]
            board.put_up(column="works", whose=whose, words=f"Nummer {n}", key=uuid.uuid4(), by=by)

    def asked(client, page):
        with CaptureQueriesContext(connection) as found:
            assert client.get(page).status_code == 200
        return len(found)

    pages = []
    for person, name in ((cast.ida, "case-board"), (cast.karen, "work-board")):
        theirs = Client()
        theirs.force_login(person)
        pages.append((theirs, reverse(name, args=[pk])))
        asked(*pages[-1])  # the first opening writes the log
    more(6)
    few = [asked(*each) for each in pages]
    more(54)
    assert [asked(*each) for each in pages] == few
    assert max(few) <= 20
