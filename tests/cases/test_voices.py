"""Two voices: neither overwrites the other, both keep their history, an agreed text needs both."""

import pytest

from medspil.base.refusals import NotYours
from medspil.cases import actions
from medspil.cases.models import Sharing, TextVersion, Voice
from medspil.project.demo.cast import opened

HOME = {"about": "area.home"}


def test_words_of_the_citizen_stand_confirmed_at_once(cast):
    version = actions.write(
        **HOME, whose=Voice.CITIZEN, words="Klokken fem er jeg tom.", base=0, by=opened(cast.ida, cast.ida)
    )
    assert (version.number, version.said_by, version.confirmed_by) == (1, cast.ida, cast.ida)


def test_words_written_for_the_citizen_are_a_proposal_until_she_says_they_are_right(cast):
    proposal = actions.write(
        **HOME, whose=Voice.CITIZEN, words="Jeg er træt.", base=0, by=opened(cast.karen, cast.ida)
    )
    assert (proposal.said_by, proposal.written_by, proposal.confirmed_at) == (cast.ida, cast.karen, None)
    actions.write(
        **HOME, whose=Voice.CITIZEN, words="Jeg er meget træt.", base=1, by=opened(cast.karen, cast.ida)
    )
    newest = TextVersion.objects.latest("number")
    actions.confirm(version=newest, by=opened(cast.ida, cast.ida))
    with pytest.raises(actions.NotYourVoice):
        actions.write(
            **HOME, whose=Voice.CITIZEN, words="Hun er doven.", base=2, by=opened(cast.karen, cast.ida)
        )


def test_the_citizen_cannot_write_in_the_professionals_voice(cast):
    with pytest.raises(actions.NotYourVoice):
        actions.write(
            **HOME, whose=Voice.PROFESSIONAL, words="Alt er godt.", base=0, by=opened(cast.ida, cast.ida)
        )


def test_earlier_words_stay(cast):
    ida = opened(cast.ida, cast.ida)
    for base, words in enumerate(["Først.", "Så.", "Nu."]):
        actions.write(**HOME, whose=Voice.CITIZEN, words=words, base=base, by=ida)
    text = ida.text(Sharing.Part.AREAS, "area.home", Voice.CITIZEN)
    assert [v.words for v in text.versions.all()] == ["Nu.", "Så.", "Først."]


def test_two_who_write_at_once_are_both_told_and_nothing_is_overwritten(cast):
    actions.write(
        **HOME, whose=Voice.PROFESSIONAL, words="Fra køkkenet.", base=0, by=opened(cast.karen, cast.ida)
    )
    with pytest.raises(actions.WrittenMeanwhile) as refused:
        actions.write(
            **HOME, whose=Voice.PROFESSIONAL, words="Fra kontoret.", base=0, by=opened(cast.karen, cast.ida)
        )
    assert refused.value.current.words == "Fra køkkenet."


def test_an_agreed_text_needs_both(cast):
    agreed = actions.propose_agreed(
        **HOME, words="Vi prøver hjælp til gulve.", by=opened(cast.karen, cast.ida)
    )
    assert not agreed.is_agreed
    actions.share(part=Sharing.Part.AREAS, to=cast.mona, by=opened(cast.ida, cast.ida))
    with pytest.raises(actions.NotYourVoice):
        actions.agree(agreed=agreed, by=opened(cast.mona, cast.ida))
    assert actions.agree(agreed=agreed, by=opened(cast.ida, cast.ida)).is_agreed


def test_words_kept_close_are_not_seen_by_guardian_or_companion(cast):
    actions.write(
        **HOME,
        whose=Voice.CITIZEN,
        words="Kun til Karen.",
        base=0,
        kept_close=True,
        by=opened(cast.otto, cast.otto),
    )
    assert opened(cast.karen, cast.otto).texts(Sharing.Part.AREAS, "area.").count() == 1
    assert opened(cast.gerda, cast.otto).texts(Sharing.Part.AREAS, "area.").count() == 0


def test_who_works_in_another_thread_sees_no_life_area(cast):
    actions.write(**HOME, whose=Voice.CITIZEN, words="Klokken fem.", base=0, by=opened(cast.ida, cast.ida))
    assert opened(cast.lars, cast.ida).texts(Sharing.Part.AREAS, "area.").count() == 0
    with pytest.raises(NotYours):
        actions.write(
            **HOME,
            whose=Voice.PROFESSIONAL,
            words="Jeg mener.",
            base=0,
            thread=opened(cast.karen, cast.ida).main_thread,
            by=opened(cast.lars, cast.ida),
        )
