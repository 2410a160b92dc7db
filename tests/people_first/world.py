"""Ida's case with one of everything in every state, as the whole-page tests want it."""

import uuid
from datetime import timedelta

import pytest

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Voice
from medspil.contact import actions as contact
from medspil.law.days import add_working_days
from medspil.plans import actions as plans
from medspil.project.demo import campaign
from medspil.project.demo.cast import Cast, opened
from tests.house.world import World, make


def full(cast: Cast) -> World:
    world = make(cast)
    now, today = clock.now(), clock.today()
    ida, karen, lars = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida), opened(cast.lars, cast.ida)
    with clock.held_at(now - timedelta(days=14)):
        late = add_working_days(clock.today(), 3)
        cases.make_promise(what="sender dig et brev om fleksjob", due=late, kind=Promise.Kind.LETTER, by=lars)
        explained = cases.make_promise(what="skriver til din læge", due=late, by=karen)
        kept = cases.make_promise(what="viser dig bussen", due=late, by=opened(cast.petra, cast.ida))
        cases.intend(case=ida.case, thread=ida.main_thread, what="ringer til hallen", due=late, by=cast.ida)
        cases.keep(promise=kept, by=opened(cast.petra, cast.ida))
    cases.explain(
        promise=explained,
        words="Jeg glemte det. Det er min fejl.",
        new_due=today + timedelta(days=5),
        by=karen,
    )
    moved = cases.make_promise(what="finder en tolk", due=today + timedelta(days=4), by=karen)
    cases.move(promise=moved, to=today + timedelta(days=9), because="Tolken er syg.", by=karen)
    cases.make_promise(what="ringer til dig om din ansøgning", due=today, kind=Promise.Kind.CALL, by=karen)
    gone = cases.make_promise(what="bestiller en kørestol", due=today + timedelta(days=4), by=karen)
    cases.withdraw(promise=gone, because="Ida har fået en fra sin bror.", by=karen)
    slips = cases.make_promise(what="spørger svømmehallen", due=today + timedelta(days=2), by=karen)
    cases.say_it_may_slip(promise=slips, because="Hallen holder lukket i denne uge.", by=karen)
    cases.write(
        about="area.wish", whose=Voice.CITIZEN, words="Jeg vil have kræfter til mine børn.", base=None, by=ida
    )
    answered = contact.ask_for(words="Må min søster komme med?", key=uuid.uuid4(), by=ida)
    contact.answer(request=answered, words="Ja, det må hun gerne.", by=opened(answered.owner, cast.ida))
    plans.agree_on(
        meeting=plans.Meeting.objects.get(pk=world.meeting),
        side="municipality",
        owner=cast.karen,
        what="giver Ida svar om rengøring",
        due=None,
        by=karen,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaign, "_trials", lambda: None)  # one is there already
        campaign.build()
    campaign.invite(cast)
    return world
