"""D7: how somebody close sees it, beside the citizen's words and ours, with consent and never instead."""

import pytest
from django.urls import reverse

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import ConsentWithdrawn
from medspil.cases.models import Sharing, Text, Voice
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import relatives
from medspil.project.demo.cast import opened

HERS = "Hun siger, det går. Jeg kan se, hun ligger på sofaen."


@pytest.fixture
def consent(cast):
    """Ida lets her sister write how she sees it; the home she shares as well, how she sleeps she keeps close."""
    ida = opened(cast.ida, cast.ida)
    cases.share(part=Sharing.Part.VIEW, to=cast.mona, by=ida)
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    for about, words, close in (
        ("home", "Klokken fem er jeg tom.", False),
        ("self", "Jeg sover skidt.", True),
    ):
        cases.write(about=f"area.{about}", whose=Voice.CITIZEN, words=words, base=0, kept_close=close, by=ida)
    return cast


def mona_writes(cast, topic="home", words=HERS, base=0):
    return relatives.tell(topic=topic, words=words, base=base, by=opened(cast.mona, cast.ida))


def test_mona_writes_beside_idas_words_and_both_sides_read_it(client, consent):
    client.force_login(consent.mona)
    pk = opened(consent.ida, consent.ida).pk
    page = client.get(reverse("case-views", args=[pk])).content.decode()
    assert 'name="topic"' in page
    sent = {"base": "0", "topic": "home", "words": HERS}
    assert client.post(reverse("case-views", args=[pk]), sent).status_code == 302
    assert Text.objects.get(case=pk, about="area.home", whose=Voice.CITIZEN).versions.count() == 1
    for who, name in (
        (consent.ida, "case-views"),
        (consent.karen, "work-views"),
        (consent.mona, "case-views"),
    ):
        client.force_login(who)
        page = client.get(reverse(name, args=[pk])).content.decode()
        assert page.index("Klokken fem er jeg tom.") < page.index(HERS), who
    told = set(Notice.objects.filter(key__startswith="view-").values_list("to", flat=True))
    assert told == {consent.ida.pk, consent.karen.pk}


def test_what_ida_keeps_close_is_not_beside_monas_words(client, consent):
    mona_writes(consent, topic="self")
    pk = opened(consent.ida, consent.ida).pk
    client.force_login(consent.mona)
    assert "Jeg sover skidt." not in client.get(reverse("case-views", args=[pk])).content.decode()
    client.force_login(consent.karen)
    assert "Jeg sover skidt." in client.get(reverse("work-views", args=[pk])).content.decode()


def test_nobody_else_reads_it_whatever_is_shared_with_them(consent):
    """Not the helper with whom Ida shares all she told, nor another relative who writes a view of his own."""
    mona_writes(consent)
    ida = opened(consent.ida, consent.ida)
    for part in (Sharing.Part.AREAS, Sharing.Part.GOALS):
        cases.share(part=part, to=consent.petra, by=ida)
    petra = opened(consent.petra, consent.ida)
    assert HERS not in {v.words for t in petra.texts(None, "") for v in t.versions.all()}
    with pytest.raises(NotYours):
        relatives.views(petra)
    brother = people.add_person(name="Torben Holm", phone="20000190", login="torben")
    people.give_mandate(actor=brother, citizen=consent.ida, kind=Mandate.Kind.COMPANION)
    cases.share(part=Sharing.Part.VIEW, to=brother, by=ida)
    cases.share(part=Sharing.Part.AREAS, to=brother, by=ida)
    his = opened(brother, consent.ida)
    relatives.tell(topic="home", words="Hun klarer det fint.", base=0, by=his)
    assert [one.text.versions.all()[0].words for one in relatives.views(his)] == ["Hun klarer det fint."]
    assert {one.person.first_name for one in relatives.views(ida)} == {"Mona", "Torben"}


def test_it_is_written_in_ones_own_place_alone(consent):
    mona = opened(consent.mona, consent.ida)
    for about, whose in (
        ("area.home", Voice.RELATIVE),
        ("area.home", Voice.CITIZEN),
        (f"view.{consent.bo.pk}.home", Voice.RELATIVE),
        (f"{mona.own_view}home", Voice.CITIZEN),
    ):
        with pytest.raises((cases.NotYourVoice, NotYours)):
            cases.write(about=about, whose=whose, words="Mit.", base=None, thread=mona.main_thread, by=mona)
    karen = opened(consent.karen, consent.ida)
    with pytest.raises(cases.NotYourVoice):
        cases.write(about=f"{mona.own_view}home", whose=Voice.RELATIVE, words="Mit.", base=0, by=karen)
    with pytest.raises(NotYours):
        mona_writes(consent, topic="bank")


def test_without_consent_nothing_is_written(cast):
    """Meetings are shared with her from the start."""
    with pytest.raises(NotYours):
        mona_writes(cast)


def test_ida_stops_it_and_what_mona_was_writing_is_given_back(client, consent):
    mona_writes(consent)
    pk = opened(consent.ida, consent.ida).pk
    client.force_login(consent.ida)
    stop = {"part": "view", "about": "", "to": consent.mona.pk}
    assert client.post(reverse("stop-sharing", args=[pk]), stop).status_code == 302
    assert HERS in client.get(reverse("case-views", args=[pk])).content.decode()
    client.force_login(consent.mona)
    late = {"base": "1", "topic": "home", "words": "Hun ligger der endnu."}
    answer = client.post(reverse("case-views", args=[pk]), late)
    assert answer.status_code == 404
    assert "Hun ligger der endnu." in answer.content.decode()
    assert str(ConsentWithdrawn.sentence) in answer.content.decode()
    with pytest.raises(NotYours):
        mona_writes(consent, topic="health")


def test_ida_sees_it_differently_and_it_stands_beside(client, consent):
    version = mona_writes(consent)
    pk = opened(consent.ida, consent.ida).pk
    client.force_login(consent.ida)
    said = {"words": "Jeg hviler mig. Det er med vilje."}
    assert client.post(reverse("view-object", args=[pk, version.pk]), said).status_code == 302
    client.force_login(consent.karen)
    assert said["words"] in client.get(reverse("work-views", args=[pk])).content.decode()


def test_two_of_monas_windows_do_not_write_over_each_other(client, consent):
    mona_writes(consent)
    mona_writes(consent, words="Hun sover om dagen.", base=1)
    pk = opened(consent.ida, consent.ida).pk
    client.force_login(consent.mona)
    page = client.post(reverse("case-views", args=[pk]), {"base": "1", "topic": "home", "words": "Andet."})
    assert str(cases.WrittenMeanwhile.sentence) in page.content.decode()
    assert "Andet." in page.content.decode()
    assert Text.objects.get(about=f"view.{consent.mona.pk}.home").versions.count() == 2
