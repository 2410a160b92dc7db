"""I1, A1, C2, C4, C5, H4: the loop walked once by each of its people, by keyboard alone and without scripts."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases.models import Objection, Promise
from medspil.plans.models import Agreement, Approval, Meeting
from medspil.project.demo import campaign
from medspil.project.demo import cast as demo
from medspil.strategy.models import Trial

from .hands import Hands, Keyboard, WithoutScripts

pytestmark = pytest.mark.django_db(transaction=True)

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=CPH)
MEETING = datetime(2026, 12, 12, 10, 0, tzinfo=CPH)
AFTER = datetime(2026, 12, 14, 9, 0, tzinfo=CPH)
DUE = date(2027, 1, 1)
NEXT = date(2027, 2, 2)


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_to


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The cast, and the figures that Lena reads; nothing has happened between them yet."""
    with django_db_blocker.unblock():
        with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
            cast = demo.build()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(campaign, "_trials", lambda: None)
            patch.setattr(clock, "now", lambda: MONDAY)
            campaign.build()
        yield cast
        from .conftest import empty

        empty()


@pytest.mark.parametrize(
    ("hands", "scripts"), [(Keyboard, True), (WithoutScripts, False)], ids=["keyboard", "no scripts"]
)
def test_the_loop(site, filled, at, hands: type[Hands], scripts: bool):
    words = "Må jeg få hjælp til gulvene?" if scripts else "Hvem ringer jeg til om natten?"
    title = "Gulvene" if scripts else "Natten"
    at(MONDAY)
    ida, karen, lena = (
        hands(site.window(person, java_script_enabled=scripts), site.url)
        for person in (filled.ida, filled.karen, filled.lena)
    )

    # Ida asks, in her own words, and sees at once who has it and by when she hears.
    ida.at("/hjem/")
    ida.write("Hvad vil du gerne vide?", words)
    ida.press("button", "Send spørgsmål")
    ida.reads("Karen har det, du skrev.")
    ida.reads(f"»{words}«")
    ida.reads("torsdag 3. december")

    # Karen answers from her desk and plans a meeting from the case.
    karen.at("/hjem/")
    karen.press("link", "Skriv svar")
    karen.reads("Ida venter på svar fra dig.")
    karen.write("Dit svar", "Det ser vi på sammen.")
    karen.press("button", "Send svar")
    karen.reads("Sendt. Ida kan læse dit svar nu.")
    karen.at("/arbejde/borgere/")
    karen.press("link", "Ida Holm")
    karen.press("link", "Aftal et møde")
    karen.write("Hvad handler mødet om?", title)
    karen.day("Dag", MEETING.date())
    karen.hour("Klokken", "10:00")
    karen.press("button", "Aftal mødet")
    karen.reads("Mødet er aftalt. Ida får besked.")

    # Both put a point on the agenda. Ida's own word stands first.
    karen.write("Hvad vil du tale om?", "Papirer fra lægen")
    karen.press("button", "Sæt på dagsordenen")
    karen.reads("Papirer fra lægen")
    ida.at("/hjem/")
    ida.press("link", "Gør dig klar til mødet")
    ida.write("Hvad vil du tale om?", "Aftenerne med børnene")
    ida.press("button", "Sæt det på")
    ida.reads("Aftenerne med børnene")
    meeting = Meeting.objects.get(title=title, state=Meeting.State.PLANNED)
    points = list(meeting.agenda.order_by("position", "pk"))
    assert points[0].is_free_word
    assert {p.words for p in points} >= {"Papirer fra lægen", "Aftenerne med børnene"}

    # The meeting: words in both voices, an agreement with a day, the next time.
    at(MEETING)
    karen.at("/arbejde/moeder/")
    karen.press("link", "Ida Holm")
    karen.press("link", "Gå ind i mødet")
    in_the_room(karen, ida, meeting, scripts)
    karen.press("link", "Afslut mødet", within=".room-foot")
    if Meeting.objects.filter(case=meeting.case, starts_at__date=NEXT).exists():
        # Agreed by the one who walked before.
        karen.reads("Vi ses igen tirsdag 2.")
        karen.press("fold", "Vælg en anden dag, eller ingen")
    else:
        karen.reads("Hvornår ses I igen?")
    karen.day("Vi ses igen", NEXT)
    karen.hour("Klokken", "10:00")
    karen.press("button", "Slut mødet")
    karen.reads("Mødet er slut. Referatet ligger klar til jer alle.")
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.ENDED
    following = Meeting.objects.filter(case=meeting.case, state=Meeting.State.PLANNED).latest("pk")
    assert following.starts_at.astimezone(CPH) == datetime(2027, 2, 2, 10, 0, tzinfo=CPH)
    promise = Agreement.objects.get(meeting=meeting).promise
    assert (promise.due, promise.owner) == (DUE, filled.karen)

    # Ida reads the minutes, objects to one sentence and says yes to the rest.
    at(AFTER)
    ida.at("/sag/moeder/")
    ida.press("link", title, exact=True)
    ida.reads("»Klokken fem er jeg tom.«")
    ida.press("link", "Det var ikke det, jeg sagde")
    ida.write("Hvad er rigtigt?", "Jeg sagde klokken fire.")
    ida.press("button", "Sæt mine ord ved siden af")
    ida.reads("Dine ord står nu ved siden af.")
    ida.reads("Jeg sagde klokken fire.")
    ida.tick("Ja, det er sådan, jeg husker det")
    ida.press("button", "Send mit svar")
    ida.reads("Du har sagt ja til referatet.")
    objection = Objection.objects.filter(
        words="Jeg sagde klokken fire.", version__text__about__startswith=f"minutes.{meeting.pk}."
    )
    assert objection.get().said_by == filled.ida
    assert Approval.objects.get(snapshot__meeting=meeting).is_yes

    # Karen sees the objection beside the sentence, and keeps what she promised.
    karen.at(f"/arbejde/sag/{meeting.case_id}/moede/{meeting.pk}/")
    karen.reads("Jeg sagde klokken fire.")
    at(datetime(2027, 1, 1, 9, 0, tzinfo=CPH))
    karen.at("/hjem/")
    karen.press("link", "Hold eller flyt")
    karen.press("button", "Ja, det er gjort")
    karen.reads("Skrevet som gjort. Ida kan se det nu.")
    promise.refresh_from_db()
    assert promise.outcome == Promise.Outcome.KEPT
    ida.at("/sag/loefter/")
    ida.reads("Holdt")

    # Lena reads the gap, and chooses something to try, with a day to look again.
    lena.at("/hjem/")
    lena.reads("Borgerne oplever langt mindre indflydelse på deres sag, end lederne mener, de har.")
    lena.press("link", "Vælg en indsats")
    if not scripts:
        lena.choose("Hvad vil I prøve?", "Dagsorden fra begge")
    lena.write("Hvordan gør I det?", "Vi begynder hvert møde med borgerens eget ord.")
    lena.press("button", "Vi prøver det")
    lena.reads("Vi begynder hvert møde med borgerens eget ord.")
    assert Trial.objects.filter(words="Vi begynder hvert møde med borgerens eget ord.").exists()
    Trial.objects.all().delete()
    assert not site.said


def in_the_room(karen: Hands, ida: Hands, meeting: Meeting, scripts: bool) -> None:
    said = "Klokken fem er jeg tom."
    karen.write("Ida siger", said)
    if not scripts:
        karen.press("button", "Gem", exact=True)
        karen.reads("Gemt")
    ida.at(f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/")
    expect(ida.page.get_by_label("Ida siger").first).to_have_value(said)
    karen.write("Karen siger", "Vi ser på hjælp til gulve.")
    if not scripts:
        karen.press("button", "Gem", exact=True)
    karen.press("fold", "Ny aftale")
    karen.choose("Hvem gør det?", "Karen")
    karen.write("Hvad aftaler vi?", "giver Ida svar om gulvene")
    karen.day("Senest hvornår?", DUE)
    karen.press("button", "Skriv aftalen ned")
    karen.reads("giver Ida svar om gulvene")
    if not scripts:
        ida.at(f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/")
    ida.reads("giver Ida svar om gulvene")
    ida.press("button", "Sig ja")
    ida.reads("Begge har sagt ja")
    if scripts:
        expect(karen.page.locator("[data-room]")).to_have_attribute("data-unsent", "0")
