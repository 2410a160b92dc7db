"""D11: the municipality fetches its own papers, each by the citizen's consent, and asks for nothing twice."""

import io
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import NotHere
from medspil.cases.kinds import check
from medspil.cases.models import File, Promise
from medspil.plans import papers, waiting
from medspil.plans.models import Paper
from medspil.project.demo.cast import opened


@pytest.fixture
def two(cast):
    return opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)


def ask(by, what="Lægeerklæringen om ryggen", whom="Lægehuset", days=9, **more):
    told = {"what": what, "from_whom": whom, "whence": "health", "what_for": "hjælp til gulve"}
    more = {"key": uuid.uuid4(), "fetch_by": clock.today() + timedelta(days=days)} | more
    return papers.ask(**told, **more, by=by)


def test_nothing_is_promised_or_fetched_before_the_yes(two):
    ida, karen = two
    asked = ask(karen)
    with pytest.raises(papers.NoConsent):
        papers.came(found=asked, said="Den er her", by=karen)
    assert not Promise.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=asked.pk).update(came_at=clock.now())
    papers.answer(found=asked, yes=True, by=ida)
    promise = Promise.objects.get()
    assert (promise.owner, promise.due, promise.bound_by) == (karen.person, asked.fetch_by, karen.person)
    assert promise.what == "henter Lægeerklæringen om ryggen hos Lægehuset"
    papers.answer(found=asked, yes=True, by=ida)
    assert Promise.objects.count() == 1
    with pytest.raises(papers.AnsweredAlready):
        papers.answer(found=asked, yes=False, by=ida)


def test_a_yes_after_the_day_gives_five_working_days(two):
    ida, karen = two
    with clock.held_at(clock.now() - timedelta(days=30)):
        asked = ask(karen, days=3)
    # 14 October 2026 is a Wednesday: five working days later is Wednesday the 21st.
    with clock.held_at(clock.now().replace(year=2026, month=10, day=14, hour=9)):
        asked.fetch_by = clock.today() - timedelta(days=1)
        asked.save()
        papers.answer(found=asked, yes=True, by=ida)
    assert str(Promise.objects.get().due) == "2026-10-21"


def test_it_came_and_is_not_asked_for_again(two, tmp_path, settings):
    settings.FILES = tmp_path
    ida, karen = two
    asked = ask(karen)
    papers.answer(found=asked, yes=True, by=ida)
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "#fff").save(drawn, "PNG")
    checked = check(drawn, name="side1.png", size=drawn.tell())
    papers.came(found=asked, said="", files=[checked], by=karen)
    assert Promise.objects.get().outcome == Promise.Outcome.KEPT
    assert File.objects.get().about == f"paper.{asked.pk}"
    assert ida.files().count() == 1
    with pytest.raises(papers.HereAlready) as here:
        ask(karen, what="lægeerklæring ryg", whom="lægehuset")
    assert here.value.known == asked
    assert ask(karen, newer=True).pk != asked.pk
    assert ask(karen, what="Blodprøver").pk != asked.pk
    assert papers.sources(karen) == ["Lægehuset"]


def test_whom_other_parts_of_the_case_fetch_from_or_wait_for_is_not_told(two, cast):
    _ida, karen = two
    ask(karen, whom="Misbrugscentret")
    waiting.wait_for(
        what="Svar om boligen",
        whence="department",
        from_whom="Boligkontoret",
        until=clock.today() + timedelta(days=9),
        why="De skal finde en bolig.",
        meanwhile="Bostøtten kommer.",
        key=uuid.uuid4(),
        by=karen,
    )
    assert papers.sources(karen) == ["Boligkontoret", "Misbrugscentret"]
    petra = opened(cast.petra, cast.ida)
    assert petra.works_here
    assert papers.sources(petra) == []


def test_taken_back_nothing_more_is_fetched(two):
    ida, karen = two
    asked = ask(karen)
    papers.answer(found=asked, yes=True, by=ida)
    for _ in range(2):
        papers.withdraw(found=asked, by=ida)
    assert Promise.objects.get().outcome == Promise.Outcome.WITHDRAWN
    with pytest.raises(papers.NoConsent):
        papers.came(found=asked, said="Den er her", by=karen)


def test_it_did_not_come_a_new_day_before_the_day_and_an_explanation_after(two):
    ida, karen = two
    asked = ask(karen, days=9)
    papers.answer(found=asked, yes=True, by=ida)
    new = clock.today() + timedelta(days=20)
    with pytest.raises(cases.ReasonMissing):
        papers.did_not_come(found=asked, said=" ", until=new, by=karen)
    papers.did_not_come(found=asked, said="Lægen har ferie.", until=new, by=karen)
    assert Promise.objects.get().due == new
    with clock.held_at(clock.now() + timedelta(days=25)):
        late = papers.did_not_come(
            found=asked, said="Den er væk.", until=clock.today() + timedelta(days=5), by=karen
        )
        assert late.promise.replaces.explanation.words == "Den er væk."
        over = papers.did_not_come(found=late, said="Vi spørger en anden læge.", until=None, by=karen)
        over.promise.refresh_from_db()
        assert (over.gave_up_at is not None, over.promise.outcome) == (True, "withdrawn")
    assert ask(karen).pk != asked.pk


@pytest.mark.parametrize("outcome", ["kept", "withdrawn"])
def test_a_new_day_where_the_promise_ended_on_its_own_page_is_promised_anew(two, outcome):
    ida, karen = two
    asked = papers.answer(found=ask(karen), yes=True, by=ida)
    if outcome == "kept":
        cases.keep(promise=asked.promise, by=karen)
    else:
        cases.withdraw(promise=asked.promise, because="De har det ikke.", by=karen)
    new = clock.today() + timedelta(days=20)
    again = papers.did_not_come(found=asked, said="De finder det frem.", until=new, by=karen)
    assert again.gave_up_at is None
    assert (again.promise.due, again.promise.outcome, again.promise.bound_by) == (new, "", karen.person)
    assert Promise.objects.exclude(pk=again.promise_id).get().outcome == outcome, "what was said stands"
    papers.came(found=again, said="I sagen", by=karen)
    assert Promise.objects.get(pk=again.promise_id).outcome == "kept"


def test_a_paper_after_the_first_sixty_has_a_page_of_its_own(two, cast, client):
    """Those that are answered stand after those that wait for an answer: a no is row sixty-one of sixty-one."""
    ida, karen = two
    last = papers.answer(found=ask(karen), yes=False, by=ida)
    for n in range(60):
        ask(karen, what=f"Brev {n}", newer=True)
    client.force_login(cast.karen)
    page = client.get(reverse("work-paper", args=[karen.pk, last.pk])).content.decode()
    assert "Lægeerklæringen om ryggen" in page


def test_a_no_is_a_no_and_whose_it_is_not(two, cast):
    ida, karen = two
    asked = ask(karen)
    for other in (cast.mona, cast.petra, cast.lars):
        with pytest.raises((NotYours, NotHere)):
            papers.answer(found=asked, yes=True, by=opened(other, cast.ida))
        assert not papers.papers(opened(other, cast.ida)).exists()
    papers.answer(found=asked, yes=False, by=ida)
    assert not Promise.objects.exists()
    key = uuid.uuid4()
    assert ask(karen, what="A", key=key) == ask(karen, what="A", key=key)
