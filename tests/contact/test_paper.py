"""D6: letters on paper: in the form the citizen needs, printed and sent by a person, never wrong unnoticed."""

import io
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import citizen as known
from medspil.cases.models import Note
from medspil.contact import handover, messages, paper, parts
from medspil.contact.reaching import HasDied, WrongForm
from medspil.letters import pdf
from medspil.letters.actions import send_waiting
from medspil.letters.models import Notice, PaperLetter
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from medspil.rhythm import dying

CPH = ZoneInfo("Europe/Copenhagen")
TODAY = datetime(2026, 11, 23, 9, tzinfo=CPH)


@pytest.fixture(autouse=True)
def _today():
    with clock.held_at(TODAY):
        yield


@pytest.fixture
def karen(cast):
    """She works in the case of Ida, who reads no screen."""
    known.say_need(kind="on_paper", by=opened(cast.karen, cast.ida))
    return opened(cast.karen, cast.ida)


def write(karen, words="Vi ses på torsdag.", **more):
    return paper.write_letter(title="Om torsdag", words=words, key=uuid.uuid4(), by=karen, **more)


def read(page):
    """The words of a PDF, and its pages' largest letters in points."""
    with pikepdf.open(io.BytesIO(page.content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "da"
        sizes = []
        for part in file.pages:
            for operands, operator in pikepdf.parse_content_stream(part):
                if str(operator) == "Tf":
                    sizes.append(round(float(operands[1])))
        return sizes


def test_a_notice_becomes_one_letter_in_the_queue_and_no_mail(cast, karen, mailoutbox):
    with pytest.raises(WrongForm):
        messages.write(words="Vi ses.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    for _ in range(2):
        messages.write(
            words="Vi ses.",
            thread=karen.main_thread,
            key=uuid.uuid4(),
            anyway="Hun læser også her.",
            by=karen,
        )
    assert set(Notice.objects.filter(to=cast.ida).values_list("dropped_because", flat=True)) == {
        "a letter goes instead"
    }
    assert PaperLetter.objects.get().about == "notice", "said once while it waits"
    send_waiting()
    assert not [m for m in mailoutbox if m.to == [cast.ida.email]]


def test_an_invitation_is_the_whole_invitation(cast, karen, client):
    met = plans.plan_meeting(
        title="Om hverdagen", starts_at=TODAY + timedelta(days=3, hours=1), form="office", by=karen
    )
    waiting = PaperLetter.objects.get()
    assert waiting.about == f"meeting.{met.pk}"
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, waiting.pk])
    assert client.get(url)["Content-Type"] == "application/pdf"
    client.post(url, {"do": "printed"})
    sheet = PaperLetter.objects.get().sheet
    assert sheet["title"] == "Vi ses torsdag 26.\xa0november"
    # A meeting that is called off invites nobody.
    plans.cancel(meeting=met, because="Karen er syg.", by=karen)
    client.post(url, {"do": "printed"})
    assert PaperLetter.objects.get(pk=waiting.pk).sheet["title"] == "Der er nyt til dig"


def test_it_is_printed_and_sent_on_one_day_by_somebody_and_stays_as_it_was(cast, karen, client):
    letter = write(karen)
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, letter.pk])

    def act(do):
        return client.post(url, {"do": do}, follow=True).content.decode()

    assert "Print brevet først." in act("sent")
    act("printed")
    with clock.held_at(TODAY + timedelta(days=1)):
        assert "Brevet har en ældre dato." in act("sent")
        act("printed")
        act("sent")
    letter = PaperLetter.objects.get()
    assert (letter.sent_on, letter.sent_by, letter.sheet["day"]) == (
        date(2026, 11, 24),
        cast.karen,
        "Tirsdag 24.\xa0november",
    )
    assert "Brevet er sendt." in act("printed")
    assert "Ingen breve venter." in client.get(reverse("letters-to-send")).content.decode()
    assert Note.objects.filter(kind="letter_sent").count() == 1


def test_large_print_follows_the_need_also_when_it_is_said_late(cast, karen, client):
    letter = write(karen)
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, letter.pk])
    assert 14 in read(client.get(url))
    client.post(url, {"do": "printed"})
    known.say_need(kind="large_print", by=opened(cast.karen, cast.ida))
    page = client.post(url, {"do": "sent"}, follow=True).content.decode()
    assert "Print brevet igen." in page
    assert PaperLetter.objects.get().sent_on is None
    sizes = read(client.get(url))
    assert 20 in sizes
    assert 14 not in sizes
    client.post(url, {"do": "printed"})
    client.post(url, {"do": "sent"})
    assert PaperLetter.objects.get().sent_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("need", "words", "goes"),
    [
        ("large_print", "Vi ses på torsdag.", True),
        ("easy_language", "Vi ses på torsdag.", True),
        # Four words in one sentence, three of them long: LIX 4 + 75 = 79.
        ("easy_language", "Sagsbehandlingstiden er desværre forlænget.", False),
        ("read_aloud", "Vi ses på torsdag.", False),
        ("phone_only", "Vi ses på torsdag.", False),
        ("in_writing", "Vi ses på torsdag.", True),
        ("interpreter", "Vi ses på torsdag.", True),
    ],
)
def test_a_letter_that_does_not_reach_goes_only_with_a_reason_that_is_seen(cast, karen, need, words, goes):
    known.say_need(kind=need, words="", by=opened(cast.karen, cast.ida))
    karen = opened(cast.karen, cast.ida)
    if goes:
        assert write(karen, words).pk
        return
    with pytest.raises(WrongForm):
        write(karen, words)
    assert not PaperLetter.objects.exists()
    write(karen, words, anyway="Hendes søster læser det op.")
    assert Note.objects.get(kind="need_passed_over").words == "Hendes søster læser det op."


def test_a_need_said_after_the_writing_stops_the_printing(cast, karen):
    letter = write(karen)
    known.say_need(kind="phone_only", by=opened(cast.karen, cast.ida))
    by = opened(cast.karen, cast.ida)
    with pytest.raises(WrongForm):
        paper.mark_printed(letter=letter, sheet={"size": 14}, by=by)
    assert PaperLetter.objects.get().printed_at is None


def test_a_protected_address_stands_on_no_letter(cast, karen, client):
    letter = write(karen)
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, letter.pk])
    client.post(url, {"do": "printed"})
    assert PaperLetter.objects.get().sheet["address"] == "Lærkevej 4"
    known.protect_address(protected=True, by=opened(cast.karen, cast.ida))
    client.post(url, {"do": "printed"})
    assert PaperLetter.objects.get().sheet["address"] == ""
    page = client.get(reverse("letters-to-send")).content.decode()
    assert "Lærkevej" not in page
    assert "Adressen er beskyttet og står ikke i brevet." in page


def test_no_letter_goes_to_the_dead_and_none_is_seen_by_others(cast, karen, client):
    letter = write(karen)
    client.force_login(cast.lotte)
    assert "Ida Holm" not in client.get(reverse("letters-to-send")).content.decode()
    assert client.get(reverse("work-letter-file", args=[karen.pk, letter.pk])).status_code == 404
    with pytest.raises(NotYours):
        paper.letter(opened(cast.karen, cast.bo), letter.pk)
    client.force_login(cast.karen)
    assert "1 brev på papir skal sendes" in client.get(reverse("desk")).content.decode()
    dying.record(on=date(2026, 11, 22), by=opened(cast.karen, cast.ida))
    assert "skal sendes" not in client.get(reverse("desk")).content.decode()
    with pytest.raises(HasDied):
        paper.mark_printed(letter=letter, sheet={"size": 14}, by=opened(cast.karen, cast.ida))
    assert Person.objects.get(pk=cast.ida.pk).died_on


def test_a_need_said_between_printing_and_sending_is_asked_and_a_reason_lets_it_go(cast, karen, client):
    letter = write(karen)
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, letter.pk])
    client.post(url, {"do": "printed"})
    with clock.held_at(TODAY + timedelta(hours=1)):
        known.say_need(kind="phone_only", by=opened(cast.karen, cast.ida))
    with clock.held_at(TODAY + timedelta(hours=2)):
        page = client.post(url, {"do": "sent"}).content.decode()
        assert 'name="anyway"' in page
        assert PaperLetter.objects.get().sent_on is None
        client.post(url, {"do": "sent", "anyway": "Hendes søster læser det op."})
    assert PaperLetter.objects.get().sent_on == date(2026, 11, 23)
    assert Note.objects.get(kind="need_passed_over").words == "Hendes søster læser det op."


def test_a_reason_given_where_it_was_written_is_not_asked_for_again(cast, karen):
    known.say_need(kind="phone_only", by=opened(cast.karen, cast.ida))
    with clock.held_at(TODAY + timedelta(hours=1)):
        by = opened(cast.karen, cast.ida)
        letter = write(by, anyway="Hendes søster læser det op.")
        paper.mark_printed(letter=letter, sheet={"size": 14}, by=by)
        paper.mark_sent(letter=letter, by=by)
    assert Note.objects.filter(kind="need_passed_over").count() == 1


def test_nothing_that_is_printed_is_sent_to_somebody_who_has_died(cast, karen):
    letter = write(karen)
    paper.mark_printed(letter=letter, sheet={"size": 14}, by=karen)
    dying.record(on=TODAY.date(), by=opened(cast.karen, cast.ida))
    with pytest.raises(HasDied):
        paper.mark_sent(letter=letter, by=opened(cast.karen, cast.ida))


def test_a_letter_is_read_by_the_team_that_wrote_it(cast, karen, client):
    """Petra works in the case, and not in the part that holds it together."""
    mine = write(karen)
    with pytest.raises(NotYours):
        paper.letter(opened(cast.petra, cast.ida), mine.pk)
    with pytest.raises(NotYours):
        paper.mark_printed(letter=mine, sheet={"size": 14}, by=opened(cast.petra, cast.ida))
    client.force_login(cast.petra)
    page = client.get(reverse("letters-to-send")).content.decode()
    assert "Om torsdag" not in page
    hers = write(opened(cast.petra, cast.ida))
    assert [one.pk for one in paper.to_send(cast.petra)] == [hers.pk]
    assert [one.pk for one in paper.to_send(cast.karen)] == [mine.pk]


def test_a_letter_of_somebody_who_stepped_out_is_sent_by_who_holds_the_case(cast, karen):
    letter = write(opened(cast.lars, cast.ida))
    assert [queue.name for queue in paper.queues(cast.adult)] == ["Lars Winther"]
    assert letter not in paper.to_send(cast.karen)
    parts.step_out(person=cast.lars, by=opened(cast.lars, cast.ida))
    with clock.held_at(TODAY + timedelta(days=1)):
        karen = opened(cast.karen, cast.ida)
        assert letter in paper.to_send(cast.karen)
        assert paper.letter(karen, letter.pk) == letter
        assert {queue.name for queue in paper.queues(cast.adult)} == {"Karen Damsgaard"}


def test_a_letter_of_before_is_closed_to_whom_the_citizen_tells_first(cast, karen):
    before = write(karen)
    wish = handover.wish_for_contact(wants=cast.lotte, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    with clock.held_at(TODAY + timedelta(days=1)):
        ida = opened(cast.ida, cast.ida)
        handover.answer_contact_wish(wish=wish, to=cast.lotte, because="Ja.", by=opened(cast.karen, cast.ida))
        handover.choose(choice="tell", by=ida)
        lotte = opened(cast.lotte, cast.ida)
        with pytest.raises(NotYours):
            paper.letter(lotte, before.pk)
        # That there is something new is the house's own sentence, and somebody must send it.
        waits = set(paper.to_send(cast.lotte).values_list("about", flat=True))
        assert waits == {"notice"}
        handover.say_it_is_told(by=ida)
        assert paper.letter(opened(cast.lotte, cast.ida), before.pk) == before


def test_an_address_protected_later_stands_in_no_letter_that_was_sent(cast, karen, client, monkeypatch):
    letter = write(karen)
    client.force_login(cast.karen)
    url = reverse("work-letter-file", args=[karen.pk, letter.pk])
    for do in ("printed", "sent"):
        client.post(url, {"do": do})
    known.protect_address(protected=True, by=opened(cast.karen, cast.ida))
    drawn = {}
    real = pdf.sheet
    monkeypatch.setattr(pdf, "sheet", lambda name, words: drawn.update(words) or real(name, words))
    client.get(url)
    assert (drawn["title"], drawn["address"]) == ("Om torsdag", "")
    assert PaperLetter.objects.get().sheet["address"] == "Lærkevej 4", "what was sent stays as it was"
