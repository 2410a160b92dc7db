"""A line only for Karen while the minutes are being written: over no wire to those who may not see it. B6, F3."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Sharing, Text
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions, close_lines, live, minutes, preparing, reading
from medspil.plans.models import Snapshot
from medspil.project.demo.cast import opened

SECRET = "Gerda må ikke vide, at jeg flytter."


@pytest.fixture
def meeting(cast):
    """Ida and Karen with Ida's guardian Gerda and her sister Mona, who reads the minutes."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    made = actions.plan_meeting(
        title="Om at bo",
        starts_at=clock.now() + timedelta(minutes=10),
        form="home",
        by=karen,
        others=[(cast.mona, "", "companion"), (cast.gerda, "", "guardian")],
    )
    actions.begin(meeting=made, by=karen)
    return made


def url(meeting, name="meeting-room"):
    return reverse(name, args=[meeting.case_id, meeting.pk])


def page(client, person, meeting, name="meeting-room"):
    client.force_login(person)
    return client.get(url(meeting, name)).content.decode()


def keep(client, person, meeting, words=SECRET):
    client.force_login(person)
    item = meeting.agenda.order_by("position").first().key
    return client.post(url(meeting, "room-close"), {"words": words, "item": item})


def end(cast, meeting):
    return actions.end(
        meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=opened(cast.karen, cast.ida)
    )


def test_what_ida_keeps_for_karen_stands_for_the_two_of_them_and_for_nobody_else(client, cast, meeting):
    """Without JavaScript: a form, and the page again."""
    assert keep(client, cast.ida, meeting).status_code == 302
    assert keep(client, cast.ida, meeting).status_code == 302  # a nervous thumb
    assert SECRET in page(client, cast.ida, meeting)
    at_karens = page(client, cast.karen, meeting)
    assert "Ord fra Ida, som ikke alle ser" in at_karens
    assert at_karens.count(SECRET) == 1
    for other in (cast.gerda, cast.mona):
        seen = page(client, other, meeting)
        assert "<textarea" in seen or "Du læser med" in seen, "they are in the room"
        assert SECRET not in seen
        assert "ikke alle ser" not in seen
        # The stream from the beginning, which carries every change and every snapshot of the text.
        stream = page(client, other, meeting, "room-stream")
        assert stream.startswith("retry")
        assert SECRET not in stream
    parts = [bytes(part) for part in live.read_since(meeting.pk, 0)[2]]
    assert parts
    live.compact(meeting.pk)
    doc = live.load(meeting.pk)
    for said in (*parts, doc.get_update(), str(minutes.utterances(doc)).encode()):
        assert b"flytter" not in said


def test_at_the_end_it_stands_in_the_minutes_under_its_point_for_the_same_two(client, cast, meeting):
    keep(client, cast.ida, meeting)
    end(cast, meeting)
    for person, name, sees in (
        (cast.ida, "meeting", True),
        (cast.karen, "work-meeting", True),
        (cast.gerda, "meeting", False),
        (cast.mona, "meeting", False),
    ):
        assert (SECRET in page(client, person, meeting, name)) is sees, person
    (version,) = (u for item in Snapshot.objects.get().content for u in item["utterances"])
    text = Text.objects.get(about=version["about"])
    assert (text.whose, text.kept_close, text.thread) == ("citizen", True, meeting.thread)
    said = text.versions.get()
    assert (said.said_by, said.confirmed_by) == (cast.ida, cast.ida)
    # She may let the others read it after all.
    cases.keep_close(text=text, on=False, by=opened(cast.ida, cast.ida))
    assert SECRET in page(client, cast.gerda, meeting, "meeting")


def test_somebody_from_another_part_of_the_case_who_was_there_does_not_get_it(client, cast, meeting):
    """Lars hears what is said at the table; this was not said there."""
    meeting.attendees.create(person=cast.lars, comes_as="professional")
    keep(client, cast.ida, meeting)
    lars = opened(cast.lars, cast.ida)
    assert not close_lines.may_read(lars, meeting)
    assert SECRET not in page(client, cast.lars, meeting)
    end(cast, meeting)
    meeting.refresh_from_db()
    found = reading.minutes_of(lars, meeting)
    assert found is None or not [text for _item, texts in found.items for text in texts]
    assert SECRET not in page(client, cast.lars, meeting, "work-meeting")


def test_what_is_made_ready_or_answered_for_karen_alone_is_hers_at_a_joint_meeting_too(cast, meeting):
    """Lars comes by Ida's yes; Petra sees that there is a meeting. Of the sheet they get what Ida shares with them."""
    ida, karen, lars = (opened(person, cast.ida) for person in (cast.ida, cast.karen, cast.lars))
    meeting.attendees.create(person=cast.lars, comes_as="professional")
    cases.share(part=Sharing.Part.MEETINGS, to=cast.petra, by=ida)
    written = {"mind": SECRET, "well": "Jeg var i haven."}
    preparing.save(meeting=meeting, words=written, by=ida)
    preparing.share(meeting=meeting, key="mind", kept_close=True, by=ida)
    preparing.share(meeting=meeting, key="well", by=ida)

    def reads(person):
        texts = preparing.shared(opened(person, cast.ida), meeting)
        return [text.versions.all()[0].words for text in texts]

    assert reads(cast.karen) == [SECRET, "Jeg var i haven."]
    assert reads(cast.lars) == ["Jeg var i haven."]
    assert reads(cast.petra) == []
    cases.share(part=Sharing.Part.PREP, to=cast.petra, by=ida)
    assert reads(cast.petra) == ["Jeg var i haven."]

    end(cast, meeting)
    snapshot = Snapshot.objects.get()
    actions.answer_minutes(
        snapshot=snapshot, digest=snapshot.digest, is_yes=False, words=SECRET, kept_close=True, by=ida
    )
    meeting.refresh_from_db()
    found = {who.person: reading.minutes_of(who, meeting) for who in (ida, karen, lars)}
    words = {person: minutes and minutes.by_citizen[0].words for person, minutes in found.items()}
    assert words == {cast.ida: SECRET, cast.karen: SECRET, cast.lars: ""}


def test_one_more_line_of_the_sheet_opens_nothing_that_is_kept_close(cast, meeting):
    ida = opened(cast.ida, cast.ida)
    for words, close in ((SECRET, True), ("Og husk nøglen.", False)):
        preparing.save(meeting=meeting, words={"mind": words}, by=ida)
        preparing.share(meeting=meeting, key="mind", kept_close=close, by=ida)
    (text,) = preparing.shared(ida, meeting)
    assert [version.words for version in text.versions.all()] == ["Og husk nøglen.", SECRET]
    assert text.kept_close
    assert preparing.shared(opened(cast.gerda, cast.ida), meeting) == []


def test_nobody_keeps_words_close_for_ida_and_nothing_is_kept_when_it_is_over(client, cast, meeting):
    for other in (cast.karen, cast.gerda, cast.mona, cast.bo):
        assert keep(client, other, meeting).status_code == 404
        assert url(meeting, "room-close") not in page(client, other, meeting)
    with pytest.raises(NotYours):
        close_lines.write(meeting=meeting, item="", words="x", by=opened(cast.gerda, cast.ida))
    answer = keep(client, cast.ida, meeting, words="  ")
    assert answer.status_code == 422
    end(cast, meeting)
    with pytest.raises(actions.MeetingIsOver):
        close_lines.write(meeting=meeting, item="", words="x", by=opened(cast.ida, cast.ida))
    assert not Text.objects.filter(about__contains=".kept.").exists()


def test_thirty_thousand_characters_are_kept_and_one_more_is_told(client, cast, meeting):
    assert keep(client, cast.ida, meeting, words="å" * 30_000).status_code == 302
    assert keep(client, cast.ida, meeting, words="å" * 30_001).status_code == 422
    assert [len(t.versions.get().words) for t in Text.objects.filter(about__contains=".kept.")] == [30_000]
