"""C1, C2: what had been written when a meeting is called off: on its page for whoever reads minutes, and no minutes."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import closeness
from medspil.cases.models import Objection, Sharing
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions, close_lines, live, minutes
from medspil.plans.models import LiveDoc
from medspil.plans.open_asks import OpenAsk, open_asks
from medspil.project.demo.cast import opened

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
HERS, OURS, CLOSE = "Torsdag er jeg for træt.", "Vi tager skolen næste gang.", "Mona skal ikke vide det."


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def meeting(cast, ida, karen):
    """Ida's meeting on Thursday, in whose room both have written already, and Ida a line for Karen alone."""
    made = actions.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=NOW + timedelta(minutes=30),
        form="home",
        by=karen,
        others=[(cast.petra, "Petra Lund", "")],
    )
    actions.begin(meeting=made, by=karen)
    item = made.agenda.get().key
    minutes.say(meeting=made, item=item, voice="citizen", words=HERS, by=ida)
    minutes.say(meeting=made, item=item, voice="professional", words=OURS, by=karen)
    close_lines.write(meeting=made, item=item, words=CLOSE, by=ida)
    return made


def off(meeting, karen):
    return actions.cancel(meeting=meeting, because="Karen er syg.", by=karen)


def page(client, person, meeting):
    client.force_login(person)
    answer = client.get(reverse("meeting", args=[meeting.case_id, meeting.pk]), follow=True)
    return answer.status_code, " ".join(re.sub(r"\s+", " ", strip_tags(answer.content.decode())).split())


def test_what_had_been_written_stands_on_the_page_of_the_meeting_and_asks_nobody(
    client, cast, meeting, karen, ida
):
    off(meeting, karen)
    for person in (cast.ida, cast.karen):
        status, shown = page(client, person, meeting)
        assert status == 200
        assert "Det stod her, da mødet blev aflyst" in shown
        assert shown.index(HERS) < shown.index(OURS)
        assert "Kun til Karen" in shown
        assert CLOSE in shown
        assert "Karen er syg." in shown
        for gone in ("Er det sådan, du husker mødet?", "Har ikke svaret endnu.", "Ret mine ord", "Referat "):
            assert gone not in shown, gone
    closeness.choose(closeness="together", by=ida)
    assert "minutes" not in {ask.kind for ask in open_asks(opened(cast.ida, cast.ida))}
    snapshot = meeting.snapshots.get()
    with pytest.raises(actions.MeetingCancelled):
        actions.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)


def test_it_is_read_by_those_who_read_minutes_and_by_nobody_else(client, cast, meeting, karen, ida):
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    cases.share(part=Sharing.Part.MEETINGS, to=cast.mona, by=ida)
    off(meeting, karen)
    # Petra was asked to it, Gerda acts for Ida; what is kept for Karen is for neither of them.
    for person in (cast.petra, cast.gerda):
        status, shown = page(client, person, meeting)
        assert (status, HERS in shown, OURS in shown) == (200, True, True)
        assert CLOSE not in shown
        assert "Kun til" not in shown
    # Mona sees that it is called off, and no word of it until minutes are shared with her.
    status, shown = page(client, cast.mona, meeting)
    assert (status, "Mødet er aflyst." in shown, HERS in shown) == (200, True, False)
    cases.stop_sharing(part=Sharing.Part.MEETINGS, to=cast.mona, by=ida)
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    status, shown = page(client, cast.mona, meeting)
    assert (status, HERS in shown, CLOSE in shown) == (200, True, False)
    for person in (cast.bo, cast.sune, cast.lena):
        assert page(client, person, meeting)[0] == 404


def test_the_citizen_can_say_that_a_line_is_not_right(client, cast, meeting, karen):
    off(meeting, karen)
    _status, shown = page(client, cast.ida, meeting)
    assert "Det var ikke det, jeg sagde" in shown
    version = next(
        u["version"] for u in meeting.snapshots.get().content[0]["utterances"] if u["words"] == OURS
    )
    url = reverse("meeting-object", args=[meeting.case_id, meeting.pk, version])
    assert client.post(url, {"words": "Det sagde I ikke."}).status_code == 302
    assert Objection.objects.get().words == "Det sagde I ikke."
    assert "Det sagde I ikke." in page(client, cast.karen, meeting)[1]


def test_nothing_is_written_any_more_and_every_open_screen_hears_of_it(meeting, karen, ida):
    seq = LiveDoc.objects.get(meeting=meeting).last_seq
    off(meeting, karen)
    assert LiveDoc.objects.get(meeting=meeting).last_seq == seq + 1  # »turned«
    assert live.append([(meeting.pk, ida.person.pk, b"\x00\x00")]) == [None]


def test_without_a_word_there_is_nothing_to_show(client, cast, karen):
    made = actions.plan_meeting(title="Mødet", starts_at=NOW + timedelta(days=2), form="home", by=karen)
    off(made, karen)
    assert not made.snapshots.exists()
    for person in (cast.ida, cast.karen):
        assert "Det stod her" not in page(client, person, made)[1]


def test_what_was_promised_is_promised_still_and_the_rest_is_nobodys_to_answer(
    client, cast, meeting, karen, ida
):
    day = clock.today() + timedelta(days=4)
    actions.agree_on(meeting=meeting, side="municipality", owner=cast.karen, what="ringer", due=day, by=karen)
    actions.agree_on(meeting=meeting, side="citizen", owner=cast.ida, what="finder brevet", due=day, by=karen)
    closeness.choose(closeness="together", by=ida)
    asked = OpenAsk("agreement", meeting.pk, "finder brevet", meeting.starts_at)
    assert asked in open_asks(opened(cast.ida, cast.ida))
    off(meeting, karen)
    assert asked not in open_asks(opened(cast.ida, cast.ida))
    for person in (cast.ida, cast.karen):
        _status, shown = page(client, person, meeting)
        kept, undone = shown.index("Det er lovet alligevel"), shown.index("Det blev ikke aftalt")
        assert kept < shown.index("ringer", kept) < undone < shown.index("finder brevet")
        assert "mangler at sige ja" not in shown
