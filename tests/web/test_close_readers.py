"""Who words kept close are said to be for is who reads them: all who work where they stand, and nobody else. B6."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Sharing, Text, Voice
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from medspil.web import show

SECRET = "Gerda må ikke vide, at jeg flytter."


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


def joined(cast, thread, *people):
    for person in people:
        cases.join_thread(thread=thread, person=person)
    return opened(cast.ida, cast.ida)


def page(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(name, args=args), query).content.decode()


def test_who_reads_what_is_kept_for_karen_is_named(client, cast, ida):
    ida = joined(cast, ida.main_thread, cast.lotte)
    client.force_login(cast.ida)
    said = {"words": SECRET, "base": 0, "kept_close": "on"}
    client.post(reverse("case-area", args=[ida.pk, "home"]), said)
    for reader in (cast.karen, cast.lotte):
        seen = page(client, reader, "work-area", ida.pk, "home")
        assert SECRET in seen
        assert "Kun til Karen og Lotte" in seen
    for name, *more in (("case-area", "home"), ("case-area", "self"), ("case-board",)):
        assert "Kun til Karen og Lotte" in page(client, cast.ida, name, ida.pk, *more)


def test_the_label_of_another_thread_names_those_who_work_there(client, cast, ida):
    """Lars and Sune share a thread: on the page headed »Skriv til Sune« it says both, and nowhere Karen."""
    (lars,) = (t for t in ida.threads if t.topic == "Arbejde og fleksjob")
    ida = joined(cast, lars, cast.sune)
    assert "Kun til Lars og Sune" in page(client, cast.ida, "case-ask", ida.pk, til=cast.sune.pk)
    assert "Kun til Lars og Sune" in page(client, cast.ida, "case-talk", ida.pk, lars.pk)
    assert "Kun til Karen" in page(client, cast.ida, "case-ask", ida.pk)


def test_too_many_to_name_are_those_who_work_in_the_case(cast, ida):
    ida = joined(cast, ida.main_thread, cast.lotte, cast.sune)
    assert show.only_to(ida) == "Kun til Karen, Lotte og Sune"
    ida = joined(cast, ida.main_thread, cast.lars)
    assert show.only_to(ida) == "Kun til dem, der arbejder i din sag"
    assert show.only_to(opened(cast.karen, cast.ida)) == "Kun til dem, der arbejder i sagen"


def test_a_meeting_of_petras_keeps_words_for_petra_and_not_for_karen_who_sits_there(client, cast, ida):
    """In the room, in the preparation and in what is said against the minutes afterwards."""
    (petras,) = (t for t in ida.threads if t.topic == "Hjælp derhjemme")
    petra = opened(cast.petra, cast.ida)
    held = plans.plan_meeting(
        title="Hjemme", starts_at=clock.now() + timedelta(minutes=10), form="home", thread=petras, by=petra
    )
    held.attendees.create(person=cast.karen, comes_as="professional")
    plans.begin(meeting=held, by=petra)
    room = page(client, cast.ida, "meeting-room", ida.pk, held.pk)
    assert "Kun til Petra" in room
    assert "Kun til Karen" not in room
    assert "De andre på mødet kan ikke" not in room
    said = cases.write(
        about=f"minutes.{held.pk}.1",
        whose=Voice.PROFESSIONAL,
        words="Ida klarer det.",
        base=0,
        thread=petras,
        by=petra,
    )
    cases.object_to(version=said, words=SECRET, kept_close=True, by=ida)

    def against(person):
        text = opened(person, cast.ida).texts(Sharing.Part.MINUTES, said.text.about, present=True).get()
        (version,) = text.versions.all()
        return [one.words for one in version.objections.all()]

    assert Text.objects.get(pk=said.text_id).thread == petras
    assert against(cast.petra) == [SECRET]
    assert against(cast.karen) == []
