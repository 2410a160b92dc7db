"""The citizen's side: what happens now, asking, promises, meetings, life, the log and what is shared.

A1, A13, B2, C2, C4, C5, D5, F2, F7, F9, I1-I3.
"""

import re
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pycrdt import Doc

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Promise, Sharing, Text, Voice
from medspil.contact import actions as contact
from medspil.contact.models import Request
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.plans import experts, live, minutes, transitions
from medspil.plans.models import Approval, Meeting
from medspil.project.demo.cast import opened
from medspil.rhythm.models import Asked
from medspil.web import leaving

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
THURSDAY = date(2026, 11, 26)
NBSP = "\u00a0"


@pytest.fixture
def ida(at, cast):
    """Ida as she opens her own case."""
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def lars(at, cast):
    return opened(cast.lars, cast.ida)


def words(response) -> str:
    """The page as it is read: without tags, with single spaces."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace(NBSP, " ").split())


def heading(response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    return " ".join(found[1].replace(NBSP, " ").split())


def see(client, person, name, *keys, **query):
    client.force_login(person)
    return client.get(reverse(name, args=keys), query)


def broken(opened_case, at, *, what="sender dig et brev"):
    """A promise for Monday 16 November that nobody kept."""
    at(MONDAY - timedelta(days=14))
    promise = cases.make_promise(what=what, due=date(2026, 11, 16), by=opened_case)
    at(MONDAY)
    return promise


def planned(karen, cast, **more) -> Meeting:
    return plans.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=clock.at(THURSDAY, time(10)),
        form="home",
        by=karen,
        others=[(cast.mona, "Mona Holm", "bisidder")],
        **more,
    )


def test_a_need_against_one_that_stands_there_is_not_taken(client, ida, karen, cast):
    """»Ring. Skriv ikke« and »Skriv. Ring ikke« at once would let nothing through; said by either of them."""
    people.record_need(person=cast.ida, kind="phone_only", words="efter kl. 10")
    for person, name in ((cast.ida, "case-needs"), (cast.karen, "work-needs")):
        client.force_login(person)
        sent = client.post(reverse(name, args=[ida.pk]), {"do": "need", "kind": "in_writing", "words": ""})
        assert "Der står allerede »Ring. Skriv ikke: efter kl. 10«. Tag det væk først." in words(sent)
    assert list(cast.ida.needs.values_list("kind", flat=True)) == ["phone_only"]
    # Said again it is the same need, and what goes with it is taken.
    people.record_need(person=cast.ida, kind="phone_only", words="efter kl. 11")
    people.record_need(person=cast.ida, kind="not_morning")
    assert cast.ida.needs.count() == 2


# A13, A1: what is on one's mind


def test_somebody_new_is_asked_one_thing_and_told_whom_to_ring(client, at, cast):
    """A13: no form beyond one field, no label, no menu that leads nowhere; 112 and the municipality beside it."""
    nina = people.add_person(login="nina", name="Nina Bach")
    page = see(client, nina, "my-case")
    html = page.content.decode()
    form = html[html.index('action="/sag/skriv/"') :]
    form = form[: form.index("</form>")]
    assert heading(page) == "Hvad har du på hjerte?"
    assert re.findall(r"<(?:input|select|textarea)[^>]*name=\"(?!csrf|key)(\w+)\"", form) == ["words"]
    assert 'href="tel:112"' in html
    assert 'href="tel:20000000"' in html
    assert 'class="site-nav"' not in html


def test_the_first_words_open_a_case_and_are_given_back_with_who_has_them(client, at, cast):
    """A1: an answer at once; Lotte is on duty, and three working days from Monday 23 is Thursday 26 November."""
    nina = people.add_person(login="nina", name="Nina Bach")
    client.force_login(nina)
    sent = {"words": "Jeg kan ikke følge med derhjemme.", "key": uuid.uuid4()}
    page = client.post(reverse("ask"), sent, follow=True)
    assert heading(page) == "Lotte har det, du skrev."
    assert "Du får svar senest torsdag 26. november" in words(page)
    assert '<p class="voice">»Jeg kan ikke følge med derhjemme.«</p>' in page.content.decode()
    client.post(reverse("ask"), sent)
    assert Request.objects.filter(case__citizen=nina).count() == 1


def test_an_empty_question_is_kept_on_the_page_with_what_is_missing(client, at, cast):
    nina = people.add_person(login="nina", name="Nina Bach")
    client.force_login(nina)
    page = client.post(reverse("ask"), {"words": "  ", "key": uuid.uuid4()})
    assert 'id="mangler"' in page.content.decode()
    assert not Case.objects.filter(citizen=nina).exists()


def test_a_question_to_lars_goes_to_lars_with_his_units_clock(client, ida, cast):
    """»Skriv til Lars«: his unit answers within four working days, so by Friday 27 November."""
    client.force_login(cast.ida)
    page = client.get(reverse("case-ask", args=[ida.pk]), {"til": cast.lars.pk})
    assert heading(page) == "Skriv til Lars"
    assert "fredag 27. november" in words(page)
    page = client.post(
        reverse("case-ask", args=[ida.pk]),
        {"words": "Hvornår ses vi?", "key": uuid.uuid4(), "to": cast.lars.pk},
        follow=True,
    )
    assert heading(page) == "Lars har det, du skrev."
    assert Request.objects.get().owner == cast.lars


def test_nobody_can_be_written_to_who_is_not_in_the_team(client, ida, cast):
    client.force_login(cast.ida)
    assert client.get(reverse("case-ask", args=[ida.pk]), {"til": cast.sune.pk}).status_code == 404
    # One who left the team while it was written is nobody in particular: the words reach the one who coordinates.
    sent = {"words": "Hej", "key": uuid.uuid4(), "to": cast.sune.pk}
    client.post(reverse("case-ask", args=[ida.pk]), sent)
    assert Request.objects.get().owner == cast.karen


def test_handing_on_is_told_and_stays_with_the_giver(client, ida, cast):
    """A1: Karen has it until Sune says that he takes it."""
    request = contact.ask(words="Må jeg få en rampe?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    contact.hand_on(
        request=request, to=cast.sune, by=Visitor(Person.objects.get(pk=cast.karen.pk), uuid.uuid4())
    )
    page = see(client, cast.ida, "asked")
    assert "Karen har dit spørgsmål, til Sune siger ja til at tage det." in words(page)


# What happens now


def test_a_call_today_is_the_first_sentence(client, ida, karen, cast):
    """Days: "Does anybody call me today?" """
    cases.make_promise(
        what="ringer til dig om din ansøgning", due=clock.today(), due_time=time(15), kind="call", by=karen
    )
    page = see(client, cast.ida, "my-case")
    assert heading(page) == "I dag ringer Karen til dig om din ansøgning."
    assert "Det bliver senest i dag kl. 15" in words(page)
    assert "Karen ringer fra 20 00 00 12." in words(page)


def test_what_was_not_kept_stands_before_what_comes(client, ida, karen, lars, cast, at):
    """F9: the mother at 23.40 meets "not kept", and that nobody has explained it."""
    broken(lars, at)
    cases.make_promise(what="ringer til dig", due=date(2026, 12, 11), by=karen)
    page = see(client, cast.ida, "my-case")
    assert heading(page) == "Vi holdt ikke, hvad vi lovede dig."
    text = words(page)
    assert text.index("Lars har ikke forklaret det endnu.") < text.index("Karen ringer til dig.")
    assert "Lars sender dig et brev. Det skulle være sket mandag 16. november." in text


def test_a_call_today_does_not_hide_what_was_not_kept(client, ida, karen, lars, cast, at):
    broken(lars, at)
    cases.make_promise(what="ringer til dig", due=clock.today(), kind="call", by=karen)
    page = see(client, cast.ida, "my-case")
    hero = page.content.decode().split('class="now-path"')[0]
    assert heading(page) == "I dag ringer Karen til dig."
    assert "Ikke holdt" in hero
    assert "Lars sender dig et brev." in hero


def test_with_nothing_today_the_page_says_so(client, ida, karen, cast):
    cases.make_promise(what="ringer til dig", due=date(2026, 12, 11), by=karen)
    page = see(client, cast.ida, "my-case")
    assert heading(page) == "Karen ringer til dig."
    assert "Det bliver senest fredag 11. december . Det er om 18 dage. I dag er der ikke noget." in words(
        page
    )


def test_explained_and_with_a_new_day_the_broken_one_carries_it(client, ida, lars, cast, at):
    """F9: the owner's own words, and the day that took its place; the new promise has no second card before its day."""
    promise = broken(lars, at)
    cases.explain(promise=promise, words="Det er min fejl.", new_due=date(2026, 12, 2), by=lars)
    page = see(client, cast.ida, "my-case")
    column = words(page).split("Det skylder vi dig")[1].split("Det har du sagt, du vil")[0]
    assert "Lars skriver: »Det er min fejl.«" in column
    assert "Ny dato: onsdag 2. december." in column
    assert column.count("Lars sender dig et brev.") == 1


def test_the_order_is_broken_today_on_its_way_and_the_last_one_kept(client, ida, karen, lars, cast, at):
    at(MONDAY - timedelta(days=7))
    first = cases.make_promise(what="finder en nøgle", due=clock.today(), by=karen)
    cases.keep(promise=first, by=karen)
    at(MONDAY - timedelta(days=4))
    kept = cases.make_promise(what="sender et kort", due=clock.today(), by=karen)
    cases.keep(promise=kept, by=karen)
    broken(lars, at)
    cases.make_promise(what="skriver til lægen", due=date(2026, 12, 18), by=karen)
    cases.make_promise(what="ringer til dig", due=clock.today(), by=karen)
    page = see(client, cast.ida, "my-case")
    column = words(page).split("Det skylder vi dig")[1].split("Det har du sagt, du vil")[0]
    said = [
        "Lars sender dig et brev.",
        "Karen ringer til dig.",
        "Karen skriver til lægen.",
        "Karen sender et kort.",
    ]
    assert [column.index(one) for one in said] == sorted(column.index(one) for one in said)
    assert "Karen finder en nøgle." not in column


def test_a_wish_of_ones_own_stands_first_in_serif(client, ida, cast):
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvet er en kamp.", base=0, by=ida)
    assert "Det har du sagt: »Gulvet er en kamp.«" in words(see(client, cast.ida, "my-case"))
    cases.write(about="area.wish", whose=Voice.CITIZEN, words="Kræfter til mine børn.", base=0, by=ida)
    page = see(client, cast.ida, "my-case")
    assert "Hej Ida. Det har du sagt, du ønsker dig: »Kræfter til mine børn.«" in words(page)


def test_words_that_wait_for_a_yes_are_not_put_in_the_citizens_mouth(client, ida, karen, cast):
    cases.write(about="area.wish", whose=Voice.CITIZEN, words="Ro.", base=0, by=karen)
    assert "»Ro.«" not in words(see(client, cast.ida, "my-case"))


def test_calm_view_has_the_same_answer_on_its_first_card_and_no_menu(client, ida, karen, lars, cast, at):
    """I2: now, meeting, not kept, mine; own promises as one says them oneself."""
    broken(lars, at)
    cases.make_promise(what="ringer til dig", due=clock.today(), kind="call", by=karen)
    cases.intend(
        case=ida.case, thread=ida.main_thread, what="finder papirerne fra din læge", due=THURSDAY, by=cast.ida
    )
    planned(karen, cast)
    people.choose_for_oneself(by=cast.ida, calm=True)
    page = see(client, cast.ida, "my-case")
    html = page.content.decode()
    assert re.findall(r'<p class="calm-kind">(.*?)</p>', html) == [
        "Lige nu",
        "Møde",
        "Vi holdt ikke",
        "Du har sagt",
    ]
    assert "I dag ringer Karen til dig." in words(page)
    assert "»Jeg finder papirerne fra min læge.«" in words(page)
    assert html.count('data-read="kort-') == 4
    assert 'class="site-nav"' not in html


def test_in_calm_view_with_nothing_today_what_was_not_kept_is_first(client, ida, lars, cast, at):
    broken(lars, at)
    people.choose_for_oneself(by=cast.ida, calm=True)
    html = see(client, cast.ida, "my-case").content.decode()
    assert re.findall(r'<p class="calm-kind">(.*?)</p>', html) == ["Vi holdt ikke"]


def test_calm_view_leaves_out_nothing_that_changes_the_help_or_waits_for_a_yes(client, cast, at):
    """Who takes over, days without help, and whom we may tell something: each a card that leads on."""
    karen = opened(cast.karen, cast.ida)
    leaving.leave(post=cast.karen.posts[0], until=date(2026, 12, 4), to=cast.lotte, by=cast.admin)
    move = transitions.begin(kind="move", day=date(2027, 5, 14), key=uuid.uuid4(), by=karen)
    transitions.write_help(
        found=move,
        ends="Støtte fra Petra",
        ends_on=date(2027, 4, 30),
        follows="Den nye kommune",
        follows_on=date(2027, 5, 13),
        key=uuid.uuid4(),
        by=karen,
    )
    asked = experts.propose(
        who="VISO",
        kind="viso",
        words="Hvor meget hvile?",
        shares="At trætheden kommer klokken fem.",
        ground="consent",
        key=uuid.uuid4(),
        by=karen,
    )
    people.choose_for_oneself(by=cast.ida, calm=True)
    page = see(client, cast.ida, "my-case")
    said = words(page)
    assert "Karen er her til og med 4. december. Lotte tager over." in said
    assert "Når du flytter. 14. maj 2027. Ét sted er der dage uden hjælp." in said
    assert "Må vi tale med VISO?" in said
    html = page.content.decode()
    for name, more in (("case-handover", ()), ("transition", (move.pk,)), ("expert", (asked.pk,))):
        assert f'href="{reverse(name, args=[karen.pk, *more])}"' in html


# C5, F9: promises


def test_ones_own_is_done_or_gets_more_time_and_nothing_is_red(client, ida, cast, at):
    own = cases.intend(
        case=ida.case, thread=ida.main_thread, what="finder papirerne", due=date(2026, 11, 24), by=cast.ida
    )
    at(MONDAY + timedelta(days=3))
    page = see(client, cast.ida, "promises")
    assert "Dagen er gået" in words(page)
    assert "Hvad kunne hjælpe?" in words(page)
    assert 'class="promise promise-broken' not in page.content.decode()
    page = client.post(
        reverse("promise-more-time", args=[ida.pk, own.pk]), {"due": "2026-12-04"}, follow=True
    )
    assert Promise.objects.get(pk=own.pk).due == date(2026, 12, 4)
    assert "fredag 4. december" in words(page) or "4. december" in words(page)
    client.post(reverse("promise-done", args=[ida.pk, own.pk]))
    assert "Gjort" in words(see(client, cast.ida, "promises"))


def test_too_much_asks_what_would_help_and_demands_nothing(client, ida, cast):
    own = cases.intend(
        case=ida.case, thread=ida.main_thread, what="ringer til hallen", due=THURSDAY, by=cast.ida
    )
    client.force_login(cast.ida)
    client.post(reverse("promise-too-much", args=[ida.pk, own.pk]), {"words": ""})
    assert Promise.objects.get(pk=own.pk).outcome == "too_much"


def test_what_was_said_at_the_end_of_a_promise_is_read_by_both(client, ida, karen, cast):
    """The citizen's own stands in their voice, ours in marks; on the page, in the list and in the case."""
    own = cases.intend(
        case=ida.case, thread=ida.main_thread, what="ringer til hallen", due=THURSDAY, by=cast.ida
    )
    ours = cases.make_promise(what="finder en til gulvet", due=THURSDAY, by=karen)
    client.force_login(cast.ida)
    client.post(reverse("promise-too-much", args=[ida.pk, own.pk]), {"words": "At Mona hjælper"})
    pages = [
        client.get(reverse("case-promise", args=[ida.pk, own.pk])),
        see(client, cast.ida, "promises"),
    ]
    client.force_login(cast.karen)
    kept = {"do": "keep", "keep-words": "De kan komme om onsdagen"}
    client.post(reverse("work-promise", args=[ida.pk, ours.pk]), kept)
    pages.append(client.get(reverse("work-case", args=[ida.pk])))
    pages.append(client.get(reverse("work-promise", args=[ida.pk, own.pk])))
    for page in pages:
        assert '<p class="voice">»At Mona hjælper«</p>' in page.content.decode()
    assert "»De kan komme om onsdagen«" in words(pages[2])
    client.force_login(cast.ida)
    assert "»De kan komme om onsdagen«" in words(client.get(reverse("case-promise", args=[ida.pk, ours.pk])))


def test_a_day_that_has_passed_is_said_at_the_field(client, ida, cast):
    own = cases.intend(
        case=ida.case, thread=ida.main_thread, what="ringer til hallen", due=THURSDAY, by=cast.ida
    )
    client.force_login(cast.ida)
    for day, said in (("2026-11-20", "Den dag er gået"), ("i morgen", "»i morgen« er ikke en dato.")):
        page = client.post(reverse("promise-more-time", args=[ida.pk, own.pk]), {"due": day})
        assert said in words(page)
    assert Promise.objects.get(pk=own.pk).due == THURSDAY


def test_the_question_why_is_prefilled_and_gets_a_clock_at_the_one_who_owes(client, ida, lars, cast, at):
    """Days: the mother's "why?" has a clock."""
    promise = broken(lars, at)
    page = see(client, cast.ida, "my-case")
    url = re.search(r'href="([^"]+loefte=\d+)"[^>]*>Spørg Lars', page.content.decode())[1]
    page = client.get(url)
    said = "»Lars sender dig et brev.« Det skulle være sket mandag 16. november. Hvorfor er det ikke sket?"
    assert page.context["form"]["words"].value().replace(NBSP, " ") == said
    client.post(reverse("case-ask", args=[ida.pk]), {"words": said, "key": uuid.uuid4(), "to": cast.lars.pk})
    request = Request.objects.get()
    assert request.owner == promise.owner
    assert request.promise.due == date(2026, 11, 27)


def test_the_citizen_confirms_the_wording_and_says_when_it_is_not_wanted(client, ida, karen, cast):
    promise = cases.make_promise(what="finder et bad", due=date(2026, 12, 11), by=karen)
    client.force_login(cast.ida)
    client.post(reverse("promise-yes", args=[ida.pk, promise.pk]))
    assert Promise.objects.get(pk=promise.pk).wording_yes_at == MONDAY
    page = client.post(
        reverse("promise-not-needed", args=[ida.pk, promise.pk]),
        {"because": "Jeg har fundet et."},
        follow=True,
    )
    assert Promise.objects.get(pk=promise.pk).outcome == "withdrawn"
    assert "Jeg har fundet et." in words(page)


def test_the_municipalitys_promise_is_not_the_citizens_to_keep(client, ida, karen, cast):
    promise = cases.make_promise(what="ringer", due=THURSDAY, by=karen)
    client.force_login(cast.ida)
    page = client.post(reverse("promise-done", args=[ida.pk, promise.pk]), follow=True)
    assert "Det er kun den, der har lovet det, der kan gøre det." in words(page)
    assert Promise.objects.get(pk=promise.pk).outcome == ""


# C2: before a meeting


def test_the_agenda_opens_with_the_free_word_and_takes_a_point(client, ida, karen, cast):
    meeting = planned(karen, cast)
    plans.add_to_agenda(meeting=meeting, words="Papirer fra lægen", by=karen)
    client.force_login(cast.ida)
    page = client.post(reverse("meeting", args=[ida.pk, meeting.pk]), {"words": "Aftenerne"}, follow=True)
    found = re.findall(r'<p class="point-words[^>]*>(.*?)</p>', page.content.decode())
    assert found == ["Det, du har på hjerte", "Papirer fra lægen", "Aftenerne"]
    own = page.context["agenda"][2]
    client.post(own["remove_url"])
    assert "Aftenerne" not in words(client.get(reverse("meeting", args=[ida.pk, meeting.pk])))


def test_the_municipalitys_points_are_not_the_citizens_to_take_off(client, ida, karen, cast):
    meeting = planned(karen, cast)
    point = plans.add_to_agenda(meeting=meeting, words="Papirer fra lægen", by=karen)
    client.force_login(cast.ida)
    client.post(reverse("meeting-take-off", args=[ida.pk, meeting.pk, point.pk]))
    assert "Papirer fra lægen" in words(client.get(reverse("meeting", args=[ida.pk, meeting.pk])))


def test_another_day_is_asked_for_without_a_reason_and_somebody_has_it(client, ida, karen, cast):
    """Days: Thursday is too much. Karen has it at once; one working day from Monday is Tuesday 24."""
    meeting = planned(karen, cast)
    client.force_login(cast.ida)
    page = client.post(reverse("meeting-change", args=[ida.pk, meeting.pk]), {"words": ""}, follow=True)
    assert "Karen har det nu. Du hører om en anden dag senest tirsdag 24. november." in words(page)
    assert "Flyt eller aflys" not in words(page)
    assert Promise.objects.get(kind="move").owner == cast.karen


def test_whoever_has_asked_for_another_day_can_still_call_the_meeting_off(client, ida, karen, cast):
    meeting = planned(karen, cast)
    plans.ask_for_another_time(meeting=meeting, by=ida)
    client.force_login(cast.ida)
    change = reverse("meeting-change", args=[ida.pk, meeting.pk])
    assert change in client.get(reverse("meeting", args=[ida.pk, meeting.pk])).content.decode()
    page = words(client.get(change))
    assert "Vil du hellere aflyse mødet?" in page
    assert "er for meget" not in page
    page = client.post(
        reverse("meeting-cancel", args=[ida.pk, meeting.pk]), {"words": "Vi rejser."}, follow=True
    )
    assert "Mødet er aflyst. Du skal ikke komme. Vi rejser." in words(page)
    assert Promise.objects.get(kind="move").outcome == "withdrawn"


def test_one_meeting_is_the_next_and_those_after_it_have_their_own_name(client, ida, karen, cast):
    planned(karen, cast)
    plans.plan_meeting(
        title="Mødet om sommeren", starts_at=clock.now() + timedelta(days=30), form="home", by=karen
    )
    client.force_login(cast.ida)
    cards = client.get(reverse("case-meetings", args=[ida.pk])).context["ahead"]
    assert [card["title"] for card in cards] == ["Dit næste møde", "Mødet om sommeren"]


def test_a_meeting_is_called_off_and_the_page_says_so_kindly(client, ida, karen, cast):
    meeting = planned(karen, cast)
    client.force_login(cast.ida)
    page = client.post(reverse("meeting-cancel", args=[ida.pk, meeting.pk]), {"words": ""}, follow=True)
    assert "Mødet er aflyst. Du skal ikke komme." in words(page)
    page = client.post(reverse("meeting-cancel", args=[ida.pk, meeting.pk]), {"words": ""}, follow=True)
    assert "Mødet er aflyst." in words(page)


# C4, F7: minutes


@pytest.fixture
def held(karen, ida, cast, at):
    """A meeting on Thursday, ended on Thursday: both have spoken, and Karen held the pen."""
    meeting = planned(karen, cast)
    item = plans.add_to_agenda(meeting=meeting, words="Aftenerne med børnene", by=ida)
    at(clock.at(THURSDAY, time(10)))
    doc = Doc()
    minutes.add(doc, item=item.key, voice="citizen", writer=cast.karen.pk, words="Klokken fem er jeg tom.")
    minutes.add(
        doc, item=item.key, voice="professional", writer=cast.karen.pk, words="Vi ser på hjælp til gulve."
    )
    live.append([(meeting.pk, cast.karen.pk, doc.get_update())])
    plans.agree_on(
        meeting=meeting,
        side="municipality",
        owner=cast.karen,
        what="giver dig svar",
        due=date(2026, 12, 11),
        by=karen,
    )
    plans.agree_on(
        meeting=meeting, side="citizen", owner=cast.ida, what="spørger Bente", due=date(2026, 12, 1), by=karen
    )
    at(clock.at(THURSDAY, time(11)))
    plans.end(meeting=meeting, next_time=plans.Next(clock.at(date(2026, 12, 17), time(10)), "home"), by=karen)
    return Meeting.objects.get(pk=meeting.pk)


def test_minutes_show_both_voices_with_headings_to_jump_by(client, ida, cast, held):
    page = see(client, cast.ida, "meeting", ida.pk, held.pk)
    html = page.content.decode()
    assert re.findall(r"<h2[^>]*id=\"punkt-\d\"[^>]*>(.*?)</h2>", html) == [
        "Det, du har på hjerte",
        "Aftenerne med børnene",
    ]
    assert re.findall(r"<h3 class=\"said-name\">(.*?)</h3>", html) == ["Ida sagde", "Karen sagde"]
    text = words(page)
    assert "Vi talte om én ting. Vi aftalte 2 ting." in text
    assert "»Klokken fem er jeg tom.« Karen har skrevet det. Er det rigtigt?" in text
    assert "Karen giver dig svar." in text
    assert "Vi ses igen torsdag 17. december kl. 10 til 11, hjemme hos dig." in text


def test_yes_to_the_minutes_says_that_the_words_are_right(client, ida, cast, held):
    client.force_login(cast.ida)
    page = client.get(reverse("meeting", args=[ida.pk, held.pk]))
    form = page.context["form"]
    sent = {"snapshot": form["snapshot"].value(), "digest": form["digest"].value(), "answer": "yes"}
    page = client.post(reverse("meeting", args=[ida.pk, held.pk]), sent, follow=True)
    assert Approval.objects.get().is_yes
    assert "Ida har sagt, at det er rigtigt skrevet." in words(page)
    assert "Du har sagt ja til referatet." in words(page)


def test_no_because_is_kept_beside_the_minutes_and_needs_its_because(client, ida, cast, held):
    client.force_login(cast.ida)
    page = client.get(reverse("meeting", args=[ida.pk, held.pk]))
    form = page.context["form"]
    sent = {
        "snapshot": form["snapshot"].value(),
        "digest": form["digest"].value(),
        "answer": "no",
        "words": "",
    }
    page = client.post(reverse("meeting", args=[ida.pk, held.pk]), sent)
    assert 'id="mangler"' in page.content.decode()
    assert not Approval.objects.exists()
    page = client.post(
        reverse("meeting", args=[ida.pk, held.pk]), {**sent, "words": "Jeg vil selv ringe."}, follow=True
    )
    assert "Du husker noget anderledes." in words(page)
    assert "»Jeg vil selv ringe.«" in words(page)
    assert not Approval.objects.get().is_yes


def test_other_minutes_than_those_read_are_not_answered(client, ida, cast, held):
    client.force_login(cast.ida)
    form = client.get(reverse("meeting", args=[ida.pk, held.pk])).context["form"]
    sent = {"snapshot": form["snapshot"].value(), "digest": "0" * 64, "answer": "yes"}
    page = client.post(reverse("meeting", args=[ida.pk, held.pk]), sent)
    assert "Referatet er ændret, siden du åbnede det." in words(page)
    assert not Approval.objects.exists()


def test_an_objection_stands_beside_its_sentence_for_karen_too(client, ida, karen, cast, held):
    """F7: on the minutes, and in the caseworker's own view of them."""
    client.force_login(cast.ida)
    page = client.get(reverse("meeting", args=[ida.pk, held.pk]))
    version = page.context["items"][1]["voices"][1]["version"]
    page = client.post(
        reverse("meeting-object", args=[ida.pk, held.pk, version]),
        {"words": "Jeg spurgte også om tøjet."},
        follow=True,
    )
    assert page.redirect_chain[-1][0].endswith(f"#ord-{version}")
    assert "Ida siger imod" in words(page)
    client.force_login(cast.karen)
    assert "Jeg spurgte også om tøjet." in words(
        client.get(reverse("work-meeting", args=[ida.pk, held.pk]), follow=True)
    )


def test_ones_own_agreement_waits_for_ones_yes(client, ida, cast, held):
    client.force_login(cast.ida)
    page = client.get(reverse("meeting", args=[ida.pk, held.pk]))
    assert "Du mangler at sige ja" in words(page)
    agreement = held.agreements.get(side="citizen")
    (row,) = page.context["open_agreements"]
    (says_yes,) = row["actions"]
    client.post(reverse("meeting-agree", args=[ida.pk, held.pk, agreement.pk]), says_yes["hidden"])
    assert Promise.objects.get(side="citizen").what == "spørger Bente"


def test_what_karen_promised_at_the_meeting_waits_for_idas_yes_on_her_minutes(client, ida, cast, held):
    client.force_login(cast.ida)
    address = reverse("meeting", args=[ida.pk, held.pk])
    (row,) = client.get(address).context["promises"]
    assert row["not_yet"] == "Du mangler at sige ja"
    (says_yes,) = row["actions"]
    page = client.post(says_yes["url"], says_yes["hidden"], follow=True)
    assert page.redirect_chain[-1][0] == address
    assert Promise.objects.get(what="giver dig svar").wording_yes_at
    (row,) = page.context["promises"]
    assert not row.get("not_yet")
    assert row["actions"] == []
    client.force_login(cast.karen)
    case = words(client.get(reverse("work-meeting", args=[ida.pk, held.pk])))
    assert case.count("Ida mangler at sige ja") == 1


# B2: one's life in two voices


def test_the_citizen_writes_and_both_voices_stand_side_by_side(client, ida, karen, cast):
    cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Vi ser på hjælp.", base=0, by=karen)
    client.force_login(cast.ida)
    url = reverse("case-area", args=[ida.pk, "home"])
    client.post(url, {"words": "Gulvet er en kamp.", "base": 0})
    text = words(client.get(url))
    assert text.index("»Gulvet er en kamp.«") < text.index("Vi ser på hjælp.")


def test_words_written_meanwhile_are_not_lost_on_either_side(client, ida, cast):
    """B2: the page that is older than the text shows both."""
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Skrevet på telefonen.", base=0, by=ida)
    client.force_login(cast.ida)
    url = reverse("case-area", args=[ida.pk, "home"])
    page = client.post(url, {"words": "Skrevet på tabletten.", "base": 0})
    text = words(page)
    assert "»Skrevet på telefonen.«" in text
    assert "Skrevet på tabletten." in text
    assert "Det, du skrev, er her endnu." in text
    sent = {"words": "Skrevet på tabletten.", "base": page.context["form"]["base"].value()}
    text = words(client.post(url, sent, follow=True))
    assert "»Skrevet på tabletten.«" in text
    assert "Se, hvad der stod før" in text


def test_a_proposal_becomes_ones_own_words_by_a_yes(client, ida, karen, cast):
    version = cases.write(about="area.self", whose=Voice.CITIZEN, words="Jeg bader selv.", base=0, by=karen)
    page = see(client, cast.ida, "case-area", ida.pk, "self")
    assert "Karen har skrevet det. Er det rigtigt?" in words(page)
    page = client.post(reverse("area-confirm", args=[ida.pk, "self", version.pk]), follow=True)
    assert "Ida har sagt, at det er rigtigt skrevet." in words(page)


def test_an_agreed_text_needs_both(client, ida, karen, cast):
    agreed = cases.propose_agreed(about="area.home", words="Vi prøver i tre måneder.", by=karen)
    page = see(client, cast.ida, "case-area", ida.pk, "home")
    assert "Karen foreslår, at vi skriver" in words(page)
    page = client.post(reverse("area-agree", args=[ida.pk, "home", agreed.pk]), follow=True)
    assert "Det er vi enige om" in words(page)
    assert "Ida og Karen har sagt ja." in words(page)


def test_an_objection_to_the_professionals_words_follows_them(client, ida, karen, cast):
    version = cases.write(
        about="area.home", whose=Voice.PROFESSIONAL, words="Ida klarer alt.", base=0, by=karen
    )
    client.force_login(cast.ida)
    page = client.post(
        reverse("area-object", args=[ida.pk, "home", version.pk]), {"words": "Det gør jeg ikke."}, follow=True
    )
    assert "»Det gør jeg ikke.«" in words(page)


def test_words_for_karen_only_stay_with_karen(client, ida, cast):
    """Mona may see what Ida tells of her life, but not what Ida keeps close."""
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    client.force_login(cast.ida)
    client.post(
        reverse("case-area", args=[ida.pk, "home"]),
        {"words": "Det ved Mona ikke.", "base": 0, "kept_close": "on"},
    )
    client.post(reverse("case-area", args=[ida.pk, "around"]), {"words": "Bussen er langt væk.", "base": 0})
    assert "Kun til Karen" in words(client.get(reverse("my-life")))
    page = see(client, cast.mona, "case-my-life", ida.pk)
    assert "Bussen er langt væk." in words(page)
    assert "Det ved Mona ikke." not in page.content.decode()


def test_an_objection_stays_with_the_words_it_was_made_to(client, ida, karen, cast):
    """Karen mends away a full stop: what Ida said is still there, below the words she said it against."""
    said = cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Ida kan selv.", base=0, by=karen)
    cases.object_to(version=said, words="Det kan jeg ikke.", by=ida)
    cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Ida kan selv", base=1, by=karen)
    for person, name in ((cast.ida, "case-area"), (cast.karen, "work-area")):
        page = words(see(client, person, name, ida.pk, "home"))
        standing, _summary, before = page.partition("Se, hvad der stod før")
        assert "Ida var ikke enig i det, der stod her før." in standing
        assert "Ida siger imod" not in standing
        assert re.search(r"Ida kan selv\. Ida siger imod: »Det kan jeg ikke\.«", before)


def test_to_save_words_anew_opens_nothing_that_ida_keeps_close(client, ida, cast):
    """Not from a screen that stood open since before either; only Ida's own tap beside the words does."""
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    page = reverse("case-area", args=[ida.pk, "home"])
    client.force_login(cast.ida)
    client.post(page, {"words": "Mona slår mig.", "base": 0})
    assert 'type="checkbox" name="kept_close"' in client.get(page).content.decode()
    text = Text.objects.get(about="area.home")
    tap = reverse("keep-close", args=[ida.pk, text.pk])
    client.post(tap, {"on": "1"})
    client.post(page, {"words": "Jeg bor godt.", "base": 1})
    assert "Jeg bor godt." not in words(see(client, cast.mona, "case-area", ida.pk, "home"))
    closed = see(client, cast.ida, "case-area", ida.pk, "home")
    assert "Kun til Karen, ligesom det, der står nu." in words(closed)
    assert 'type="checkbox" name="kept_close"' not in closed.content.decode()
    assert f'action="{tap}"' in closed.content.decode()
    client.post(tap, {"on": ""})
    # What the screen that lies open still says holds for what is written on it.
    client.post(page, {"words": "Mona slår mig om aftenen.", "base": 2, "kept_close": "True"})
    assert "Mona slår" not in see(client, cast.mona, "case-area", ida.pk, "home").content.decode()
    client.force_login(cast.ida)
    client.post(tap, {"on": ""})
    assert "Mona slår mig om aftenen." in words(see(client, cast.mona, "case-area", ida.pk, "home"))


def test_a_guardian_neither_reads_nor_writes_over_what_is_kept_close(client, at, cast):
    otto = opened(cast.otto, cast.otto)
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Kun Karen.", base=0, kept_close=True, by=otto)
    client.force_login(cast.gerda)
    page = client.post(reverse("case-area", args=[otto.pk, "home"]), {"words": "Gerdas ord.", "base": 0})
    assert "De ord hører til den anden." in words(page)
    assert "Gerdas ord." in words(page)
    assert "Kun Karen." not in page.content.decode()
    assert otto.text("areas", "area.home", Voice.CITIZEN).versions.count() == 1


def test_an_area_that_is_not_one_is_not_there(client, ida, cast):
    assert see(client, cast.ida, "case-area", ida.pk, "penge").status_code == 404


# F2: who has looked, who may see


def test_the_log_tells_who_and_why_and_asks_in_one_tap(client, ida, karen, cast):
    """F2: Karen of the team by name; Lotte, who is not in it, by her unit."""
    cases.share(part=Sharing.Part.MEETINGS, to=cast.lotte, by=ida)
    opened(cast.lotte, cast.ida)
    page = see(client, cast.ida, "log")
    text = words(page)
    assert "Karen Damsgaard var her for at arbejde i sagen." in text
    assert "En medarbejder i Voksen og handicap var her" in text
    assert "Lotte" not in text
    line = next(one for one in page.context["lines"] if one["who"] == "Karen Damsgaard")
    asked = client.get(line["ask_url"])
    assert asked.context["form"]["words"].value().replace(NBSP, " ") == (
        "Min sag blev åbnet i dag kl. 8.30 af Karen Damsgaard. Hvorfor?"
    )
    assert "Du så din egen sag." not in text
    assert "Du så din egen sag." in words(client.get(reverse("log"), {"alle": 1}))


def test_the_last_opening_stands_at_the_foot(client, ida, karen, cast):
    page = see(client, cast.ida, "promises")
    assert "Sidst åbnet af Karen Damsgaard i dag kl. 8.30 for at arbejde i sagen." in words(page)


def test_sharing_is_given_and_stopped(client, ida, cast):
    client.force_login(cast.ida)
    chosen = {
        "do": "give",
        "parts": ["meetings", "minutes"],
        "what_for": "Så Mona kan hjælpe",
        "how_long": "half",
    }
    client.post(reverse("share-with", args=[ida.pk, cast.mona.pk]), chosen)
    assert Sharing.objects.filter(part="minutes", to=cast.mona, withdrawn_at=None).exists()
    page = client.post(
        reverse("stop-sharing", args=[ida.pk]), {"part": "minutes", "to": cast.mona.pk}, follow=True
    )
    assert "Mona kan ikke se det mere." in words(page)
    assert not Sharing.objects.filter(part="minutes", to=cast.mona, withdrawn_at=None).exists()


def test_one_shares_with_people_one_knows_only(client, ida, cast):
    client.force_login(cast.ida)
    for sent in (
        {"part": "minutes", "to": cast.bo.pk},
        {"part": "alt", "to": cast.mona.pk},
        {"part": "minutes", "to": "x"},
    ):
        assert client.post(reverse("stop-sharing", args=[ida.pk]), sent).status_code == 404
    assert client.get(reverse("share-with", args=[ida.pk, cast.bo.pk])).status_code == 404


# Beside and for


def test_mona_sees_time_place_and_agenda_and_nothing_of_the_file(client, ida, karen, cast):
    meeting = planned(karen, cast)
    plans.add_to_agenda(meeting=meeting, words="Aftenerne", by=ida)
    cases.make_promise(what="ringer om noget privat", due=THURSDAY, by=karen)
    client.force_login(cast.mona)
    page = client.get(reverse("my-case"), follow=True)
    assert heading(page) == "Her mødes du med Ida."
    assert "hjemme hos Ida" in words(page)
    text = words(client.get(reverse("meeting", args=[ida.pk, meeting.pk])))
    assert "Torsdag 26. november kl. 10 til 11, hjemme hos Ida." in text
    assert "Aftenerne" in text
    assert "privat" not in text
    for name in ("case-promises", "case-my-life", "case-asked", "case-log", "case-sharing", "case-ask"):
        assert client.get(reverse(name, args=[ida.pk])).status_code == 404
    for name in ("meeting-change", "meeting-cancel"):
        client.post(reverse(name, args=[ida.pk, meeting.pk]))
    assert client.post(reverse("meeting", args=[ida.pk, meeting.pk]), {"words": "Mit punkt"}).status_code in (
        404,
        409,
    )
    assert Meeting.objects.get(pk=meeting.pk).state == "planned"
    assert meeting.agenda.count() == 2


def test_after_consent_is_withdrawn_the_next_click_says_so_kindly(client, ida, cast):
    client.force_login(cast.mona)
    assert client.get(reverse("case", args=[ida.pk])).status_code == 200
    cases.stop_sharing(part=Sharing.Part.MEETINGS, to=cast.mona, by=ida)
    page = client.get(reverse("case", args=[ida.pk]))
    assert page.status_code == 404
    assert heading(page) == "Det bliver ikke længere delt med dig. Du er velkommen til at spørge selv."
    assert 'href="tel:20000000"' in page.content.decode()


def test_gerda_sees_and_acts_for_otto_and_the_page_says_for_whom(client, at, cast):
    karen = opened(cast.karen, cast.otto)
    cases.make_promise(what="ringer om duerne", due=date(2026, 12, 11), by=karen)
    client.force_login(cast.gerda)
    page = client.get(reverse("promises"), follow=True)
    assert page.redirect_chain == [(reverse("case-promises", args=[karen.pk]), 302)]
    assert "Du er her for Otto Thorup." in words(page)
    assert f'href="{reverse("case-meetings", args=[karen.pk])}"' in page.content.decode()
    page = client.post(
        reverse("case-ask", args=[karen.pk]), {"words": "Må Otto få besøg?", "key": uuid.uuid4()}, follow=True
    )
    assert heading(page) == "Karen har det, du skrev."
    assert "Skrevet af Gerda for Otto." in words(page)


def test_staff_are_led_to_their_own_page_of_the_same_case(client, ida, karen, cast):
    meeting = planned(karen, cast)
    client.force_login(cast.karen)
    assert client.get(reverse("case", args=[ida.pk]))["Location"] == reverse("work-case", args=[ida.pk])
    found = client.get(reverse("meeting", args=[ida.pk, meeting.pk]))
    assert found["Location"] == reverse("work-meeting", args=[ida.pk, meeting.pk])
    assert client.post(reverse("meeting-cancel", args=[ida.pk, meeting.pk])).status_code == 404


@pytest.mark.parametrize(
    "name", ["case", "case-promises", "case-meetings", "case-my-life", "case-asked", "case-log"]
)
def test_a_stranger_meets_the_same_as_for_a_case_that_is_not_there(client, ida, cast, name):
    client.force_login(cast.bo)
    theirs, none = client.get(reverse(name, args=[ida.pk])), client.get(reverse(name, args=[999_999]))
    assert theirs.status_code == none.status_code == 404
    assert heading(theirs) == heading(none) == "Vi kan ikke finde den side."


def test_danish_words_on_an_english_page_are_marked_and_not_turned_round(client, ida, karen, cast):
    """I1: a promise is written in Danish; who hears the page hears it in Danish."""
    cases.make_promise(what="ringer til dig", due=clock.today(), kind="call", by=karen)
    people.choose_for_oneself(by=cast.ida, language="en")
    client.force_login(cast.ida)
    html = client.get(reverse("my-case"), headers={"accept-language": "en"}).content.decode()
    assert '<h1 id="nu">Today: <span lang="da">Karen ringer til dig.</span></h1>' in html
    assert 'class="what" lang="da"' in html


def test_who_is_asked_this_month_sees_the_way_to_the_three_questions(client, ida, cast):
    """C7: on the whole page, and not in calm view, where nothing else wants something of her."""
    assert "Tre korte spørgsmål" not in words(see(client, cast.ida, "my-case"))
    Asked.objects.create(person=cast.ida, month=date(2026, 10, 1), audience="citizen", unit="voksen")
    page = see(client, cast.ida, "my-case")
    assert "Tre korte spørgsmål" in words(page)
    assert f'href="{reverse("three-questions")}"' in page.content.decode()
    people.choose_for_oneself(by=cast.ida, calm=True)
    assert "Tre korte spørgsmål" not in words(see(client, cast.ida, "my-case"))


# Speed


@pytest.mark.parametrize(
    ("name", "most"),
    [("my-case", 20), ("promises", 16), ("meetings", 15), ("my-life", 14), ("asked", 18), ("log", 12)],
)
def test_a_page_asks_the_database_a_few_times_however_much_there_is(
    client, ida, karen, lars, cast, at, name, most
):
    broken(lars, at)
    for number in range(12):
        cases.make_promise(what=f"gør noget {number}", due=THURSDAY + timedelta(days=number), by=karen)
        contact.ask_for(words=f"Spørgsmål {number}?", key=uuid.uuid4(), by=ida)
    for key in ("wish", "home", "self", "around"):
        cases.write(about=f"area.{key}", whose=Voice.CITIZEN, words="Mine ord.", base=0, by=ida)
        cases.write(about=f"area.{key}", whose=Voice.PROFESSIONAL, words="Vores ord.", base=0, by=karen)
    planned(karen, cast)
    see(client, cast.ida, name)
    with CaptureQueriesContext(connection) as asked:
        assert see_again(client, name).status_code == 200
    assert len(asked) <= most, "\n".join(q["sql"][:160] for q in asked)


def see_again(client, name):
    return client.get(reverse(name))


def test_the_first_page_shows_a_few_promises_and_leads_to_the_rest(client, cast):
    for n in range(1, 9):
        cases.make_promise(
            what=f"gør nummer {n}",
            due=clock.today() + timedelta(days=20 + n),
            by=opened(cast.karen, cast.ida),
        )
    client.force_login(cast.ida)
    page = client.get(reverse("my-case")).content.decode()
    # The nearest five; the other three are a click away.
    assert [n for n in range(1, 9) if f"gør nummer {n}" in page] == [1, 2, 3, 4, 5]
    assert "Se 3 løfter mere" in page
    assert "gør nummer 8" in client.get(reverse("promises")).content.decode()


def test_the_first_page_after_a_bad_year_is_no_wall_of_broken_promises_and_hides_none(client, cast):
    """Eleven are broken and two are on their way: eight stand there, oldest first, and five are told in a sentence."""
    for n in range(11):
        with clock.held_at(clock.now() - timedelta(days=60 - n)):
            cases.make_promise(
                what=f"gør nummer {n}",
                due=clock.today() + timedelta(days=5),
                by=opened(cast.karen, cast.ida),
            )
    for n in (11, 12):
        cases.make_promise(
            what=f"gør nummer {n}",
            due=clock.today() + timedelta(days=20 + n),
            by=opened(cast.karen, cast.ida),
        )
    client.force_login(cast.ida)
    page = client.get(reverse("my-case")).content.decode()
    column = page.split("Det skylder vi dig")[1].split("Det har du sagt, du vil")[0]
    assert [n for n in range(13) if f"gør nummer {n}." in column] == list(range(8))
    assert "Se 5 løfter mere" in column
    assert "3 af dem har vi ikke holdt." in column
