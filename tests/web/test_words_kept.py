"""I1, I4: whatever goes wrong on the way, what somebody wrote is still there, and they are told why."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member, Rhythm, TextVersion
from medspil.contact import actions as contact
from medspil.contact import duties, grants, handover, touch
from medspil.contact import messages as sending
from medspil.contact.models import CallTry, Message, Part, Request
from medspil.contact.urgent import AlreadyUrgent, say_urgent
from medspil.people.models import Unit
from medspil.plans import actions as plans
from medspil.plans import (
    around,
    board,
    disagreeing,
    experts,
    frames,
    goals,
    papers,
    parties,
    preparing,
    renewals,
    transitions,
    waiting,
)
from medspil.plans.models import Agreement, Meeting, Offer
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.web import pointing

THURSDAY = date(2026, 11, 26)


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def meeting(karen):
    return plans.plan_meeting(title="Mødet", starts_at=clock.at(THURSDAY, time(10)), form="home", by=karen)


def post(client, person, name, *keys, **typed):
    client.force_login(person)
    return client.post(reverse(name, args=keys), typed)


def shown(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_enter_in_the_sheet_before_a_meeting_shares_nothing(client, meeting, ida, cast):
    client.force_login(cast.ida)
    page = client.get(reverse("meeting-prepare", args=[ida.pk, meeting.pk])).content.decode()
    buttons = page.split('<form method="post" novalidate>')[1].split("<button")[1:]
    assert "name=" not in buttons[0].split(">")[0]
    assert preparing.shared(ida, meeting) == []


@pytest.mark.parametrize("key", [one.key for one in pointing.PICTURES])
def test_each_picture_pointed_at_is_the_one_that_comes_back(key):
    assert pointing.keys_in(pointing.sentence([key])) == [key]


def test_all_pictures_come_back():
    every = [one.key for one in pointing.PICTURES]
    assert pointing.keys_in(pointing.sentence(every)) == every


@pytest.mark.parametrize(
    ("who", "doing", "name"), [("ida", "view", "disagreement"), ("karen", "way", "work-disagreement")]
)
def test_words_to_a_disagreement_that_has_just_ended_are_given_back(client, ida, cast, who, doing, name):
    found = disagreeing.disagree(topic="Turen", words="Nej.", key=uuid.uuid4(), by=ida)
    disagreeing.keep(found=found, by=ida)
    typed = {"do": doing, f"{doing}-base": "0", f"{doing}-words": "Jeg vil gerne selv køre med bussen"}
    answer = post(client, getattr(cast, who), name, ida.pk, found.pk, **typed)
    assert answer.status_code == 200
    assert str(disagreeing.IsOver.sentence) in shown(answer)
    assert "Jeg vil gerne selv køre med bussen</textarea>" in shown(answer)


def test_setting_a_missing_day_keeps_what_was_said_aloud(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(10, 30)))
    plans.begin(meeting=meeting, by=karen)
    rows = [
        plans.agree_on(meeting=meeting, side="municipality", owner=cast.karen, what=what, due=None, by=karen)
        for what in ("ringer til skolen", "spørger om bussen")
    ]
    spoken = {
        "sum_up": "Petra prøver turen.",
        "right_things": "Vi glemte skolen.",
        "why_no_next": "Vi ringes ved.",
    }
    spoken |= {"form": "home", "minutes_long": "60"}
    first, second = rows
    typed = {**spoken, f"day-{first.pk}-due": "2026-12-01", f"day-{second.pk}-due": "2026-12-02"}
    answer = post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, do=f"day-{first.pk}", **typed)
    assert Agreement.objects.get(pk=first.pk).due == date(2026, 12, 1)
    page = shown(answer)
    for words in ("Petra prøver turen.</textarea>", "Vi glemte skolen.</textarea>", 'value="Vi ringes ved."'):
        assert words in page
    assert f'name="day-{second.pk}-due" value="2026-12-02"' in page
    answer = post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, do=f"drop-{second.pk}", **typed)
    assert "Vi glemte skolen.</textarea>" in shown(answer)
    post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, do="end", **spoken)
    assert Meeting.objects.get().state == Meeting.State.ENDED


def test_a_day_that_is_none_keeps_what_was_said_aloud_too(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(10, 30)))
    row = plans.agree_on(
        meeting=meeting, side="municipality", owner=cast.karen, what="ringer", due=None, by=karen
    )
    typed = {"do": f"day-{row.pk}", f"day-{row.pk}-due": "snart", "right_things": "Vi glemte skolen."}
    page = shown(post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, **typed))
    assert "»snart« er ikke en dato." in page
    assert 'value="snart"' in page
    assert "Vi glemte skolen.</textarea>" in page


def test_a_move_sent_after_its_day_is_told_why_and_keeps_its_reason(client, karen, cast, at):
    found = cases.make_promise(what="ringer til skolen", due=THURSDAY, by=karen)
    at(clock.at(THURSDAY + timedelta(days=1), time(9)))
    typed = {"do": "move", "move-due": "2026-12-04", "move-because": "Skolen har lukket i dag"}
    page = shown(post(client, cast.karen, "work-promise", karen.pk, found.pk, **typed))
    assert 'role="alert"' in page
    assert "Skolen har lukket i dag</textarea>" in page


def test_an_answer_to_a_duty_that_is_answered_already_is_given_back(client, karen, cast):
    unit = Unit.objects.get(pk=cast.lars.posts[0].unit_id)
    duty = duties.ask_whose(
        about="transporten",
        because="Det er jeres",
        unit=unit,
        thread=karen.thread(),
        key=uuid.uuid4(),
        by=karen,
    )
    duties.answer(duty=duty, ours=False, words="Det er ikke os.", by=cast.lars)
    page = shown(post(client, cast.lars, "duty", duty.pk, ours="yes", words="Vi tager os af det nu"))
    assert 'role="alert"' in page
    assert "Vi tager os af det nu</textarea>" in page


def test_what_came_of_a_wait_that_is_over_is_given_back(client, karen, cast):
    found = waiting.wait_for(
        what="Svar om hånden",
        whence="health",
        from_whom="Sygehuset",
        until=clock.today() + timedelta(days=9),
        why="De undersøger den.",
        meanwhile="Petra kommer som før.",
        key=uuid.uuid4(),
        by=karen,
    )
    waiting.came(found=found, words="Et brev.", by=karen)
    typed = {"do": "came", "came-words": "Hånden er fin igen"}
    page = shown(post(client, cast.karen, "work-wait", karen.pk, found.pk, **typed))
    assert 'role="alert"' in page
    assert "Hånden er fin igen</textarea>" in page


def test_what_we_wait_for_is_given_back_where_a_colleague_said_it_meanwhile(client, ida, karen, cast):
    asked = waiting.ask(words="Hvad venter vi på?", key=uuid.uuid4(), by=ida)
    said = {"what": "Svar om hånden", "whence": "health", "from_whom": "Sygehuset"}
    said |= {
        "until": clock.today() + timedelta(days=9),
        "why": "De ser på den.",
        "meanwhile": "Petra kommer.",
    }
    waiting.wait_for(**said, key=uuid.uuid4(), asked=asked, by=karen)
    typed = {**said, "key": str(uuid.uuid4()), "from_whom": "VISO", "why": "De har travlt nu"}
    page = shown(post(client, cast.karen, "work-wait", ida.pk, asked.pk, **typed))
    assert str(waiting.AlreadySaid.sentence) in page
    for words in ("VISO", "De har travlt nu", "Petra kommer."):
        assert f"{words}</textarea>" in page
    asked.refresh_from_db()
    assert asked.from_whom == "Sygehuset"
    again = post(client, cast.karen, "work-wait", ida.pk, asked.pk, **{**said, "key": str(uuid.uuid4())})
    assert again.status_code == 302, "the same button pressed twice loses nothing"


def test_a_point_for_a_meeting_that_is_over_is_given_back(client, meeting, karen, ida, cast):
    plans.cancel(meeting=meeting, because="Sygdom", by=karen)
    page = shown(post(client, cast.ida, "meeting", ida.pk, meeting.pk, words="Jeg vil tale om skolen"))
    assert 'role="alert"' in page
    assert "Jeg vil tale om skolen</textarea>" in page


def test_what_was_written_where_one_may_not_be_is_given_back(client, karen, cast):
    answer = post(client, cast.bo, "case-ask", karen.pk, words="Kan jeg få en tid i morgen?")
    assert answer.status_code == 404
    assert "Kan jeg få en tid i morgen?</textarea>" in shown(answer)


def test_a_note_of_a_call_that_nobody_answered_is_kept_with_it(client, karen, cast):
    typed = {"came_to": "no_answer", "words": "Prøver igen torsdag."}
    post(client, cast.karen, "talked", karen.pk, **typed)
    assert CallTry.objects.get().words == "Prøver igen torsdag."
    client.force_login(cast.karen)
    assert "Ingen svarede. »Prøver igen torsdag.«" in shown(client.get(reverse("talked", args=[karen.pk])))


@pytest.mark.parametrize("language", ["da", "en"])
def test_an_address_that_only_takes_a_post_leads_on_when_it_is_asked_for(
    client, meeting, ida, cast, language
):
    client.force_login(cast.ida)
    client.cookies["medspil_language"] = language
    answer = client.get(reverse("meeting-cancel", args=[ida.pk, meeting.pk]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert {"da": "Den side viser ikke noget", "en": "That page shows nothing"}[language] in shown(answer)
    assert f'href="{reverse("home")}"' in shown(answer)


@pytest.mark.parametrize("name", ["meeting-change", "meeting-cancel"])
def test_a_word_on_another_day_is_kept_when_the_meeting_is_called_off_meanwhile(
    client, meeting, ida, karen, cast, name
):
    plans.cancel(meeting=meeting, because="Sygdom", by=karen)
    page = shown(post(client, cast.ida, name, ida.pk, meeting.pk, words="Torsdage er svære for mig"))
    assert str(plans.MeetingCancelled.sentence) in page
    assert 'value="Torsdage er svære for mig"' in page
    assert f'name="next" value="{reverse("meeting-change", args=[ida.pk, meeting.pk])}"' in page


def test_words_to_somebody_who_has_just_left_reach_the_team(client, ida, cast):
    typed = {"words": "Kan du ringe til mig?", "key": str(uuid.uuid4()), "to": "987654"}
    assert post(client, cast.ida, "case-ask", ida.pk, **typed).status_code == 302
    assert Request.objects.get().case_id == ida.pk
    thread = ida.main_thread.pk
    typed = {"words": "Tak for sidst.", "key": str(uuid.uuid4()), "to": "987654"}
    assert post(client, cast.ida, "case-talk", ida.pk, thread, **typed).status_code == 302
    assert Message.objects.get().thread_id == thread


def test_another_proposal_after_the_yes_is_given_back(client, ida, karen, cast):
    goal = goals.make_goal(
        wish="Ida vil svømme.", horizon="half_year", area="health", key=uuid.uuid4(), by=karen
    )
    proposed = TextVersion.objects.get(words="Ida vil svømme.")
    cases.confirm(version=proposed, by=ida)
    typed = {"do": "propose", "propose-base": "1", "propose-words": "Ida vil svømme hver uge"}
    page = shown(post(client, cast.karen, "work-goal", ida.pk, goal.pk, **typed))
    assert str(cases.NotYourVoice.sentence) in page
    assert "Ida vil svømme hver uge</textarea>" in page


def test_an_answer_to_what_is_answered_already_is_given_back(client, ida, cast):
    page = post(
        client, cast.ida, "renewal", ida.pk, **{"del1-answer": "nyt", "del1-words": "Jeg har fået cykel"}
    )
    assert page.status_code == 409
    assert "Jeg har fået cykel</textarea>" in shown(page)


def test_what_is_missing_in_many_forms_is_told_at_once_with_a_way_to_each(client, ida, karen, cast):
    for about, words in (("area.home", "Gulvene vinder."), ("area.around", "Bussen er svær.")):
        cases.write(about=about, whose="citizen", words=words, base=0, by=ida)
    renewals.ask(abouts=["area.home", "area.around"], key=uuid.uuid4(), by=karen)
    page = shown(post(client, cast.ida, "renewal", ida.pk))
    assert "Vi mangler 2 ting" in page
    summary = page.split('id="mangler"')[1].split("</ul>")[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(set(targets)) == 2
    for target in targets:
        assert f'id="{target}"' in page


def with_faults(client, person, name, *keys, **typed) -> str:
    """The page of a form sent with faults: it says so once, in the place that takes the focus, with ways that lead."""
    page = shown(post(client, person, name, *keys, **typed))
    assert page.count('id="mangler"') == 1, name
    summary = page.split('id="mangler"')[1].split("</ul>")[0]
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in page, target
    return page


@pytest.mark.parametrize(
    ("who", "name", "typed"),
    [
        ("ida", "disagree", {}),
        ("ida", "goal-new", {}),
        ("ida", "case-needs", {"do": "need"}),
        ("karen", "work-disagree", {}),
        ("karen", "work-goal-new", {}),
        ("karen", "work-duties", {"about": ""}),
        ("karen", "work-wait-new", {}),
        ("karen", "plan-meeting", {"title": ""}),
        ("karen", "work-needs", {"do": "phone"}),
    ],
)
def test_a_form_of_the_case_with_faults_says_what_is_missing(client, karen, cast, who, name, typed):
    with_faults(client, getattr(cast, who), name, karen.pk, **typed)


def test_a_form_of_one_thing_with_faults_says_what_is_missing(client, ida, karen, meeting, cast, at):
    goal = goals.make_goal(
        wish="Jeg vil svømme.", horizon="half_year", area="health", key=uuid.uuid4(), by=ida
    )
    differ = disagreeing.disagree(topic="Turen", words="Nej.", key=uuid.uuid4(), by=ida)
    unit = Unit.objects.get(pk=cast.lars.posts[0].unit_id)
    duty = duties.ask_whose(
        about="transporten", because="Jeres", unit=unit, thread=karen.thread(), key=uuid.uuid4(), by=karen
    )
    with_faults(client, cast.ida, "goal", ida.pk, goal.pk, do="step")
    with_faults(client, cast.karen, "work-goal", ida.pk, goal.pk, do="note")
    with_faults(client, cast.ida, "disagreement", ida.pk, differ.pk, do="view")
    with_faults(client, cast.karen, "work-disagreement", ida.pk, differ.pk, do="step")
    with_faults(client, cast.lars, "duty", duty.pk, words="")
    at(clock.at(THURSDAY, time(10, 30)))
    with_faults(client, cast.karen, "end-meeting", ida.pk, meeting.pk, do="end")


def test_a_meeting_planned_against_what_she_likes_is_told_where_the_focus_goes(client, ida, karen, cast):
    post(client, cast.ida, "case-needs", ida.pk, do="need", kind="not_morning", words="")
    typed = {"title": "Skolen", "day": "2026-12-03", "hour": "8", "form": "home", "minutes_long": "60"}
    page = with_faults(client, cast.karen, "plan-meeting", ida.pk, **typed)
    assert page.count('role="alert"') == 1
    assert "Skolen" in page


def test_what_is_ticked_stays_ticked_when_somebody_changed_the_offer_meanwhile(client, karen, cast):
    form = {
        "key": uuid.uuid4(),
        "name": "Korsang",
        "kind": "association",
        "helps_with": "At synge med.",
        "for_whom": "both",
        "areas": ["home", "together", "around"],
        "where": "Sognegården",
        "contact": "Kaj, 20 00 02 01",
    }
    client.force_login(cast.karen)
    assert client.post(reverse("offer-new"), form).status_code == 302
    url = reverse("offer", args=[Offer.objects.get(name="Korsang").pk])
    base = re.search(r'name="base" value="([^"]*)"', client.get(url).content.decode())[1]
    Offer.objects.update(where="Skolen", told_at=clock.now() + timedelta(hours=1))
    page = client.post(url, {**form, "base": base, "name": "Kor for alle"}).content.decode()
    assert "En anden har ændret det imens." in page
    assert len(re.findall(r'name="areas"[^>]* checked', page)) == 3


def given_back(page: str, words: str) -> None:
    """Nowhere on the page is the form; what it said stands on top, with why, to be copied."""
    assert 'role="alert"' in page
    assert f"{words}</textarea>" in page


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("work-meeting", {"do": "point", "point-words": "Om gulvene hjemme"}, "Om gulvene hjemme"),
        ("work-meeting", {"do": "cancel", "cancel-because": "Jeg er syg"}, "Jeg er syg"),
        (
            "work-meeting",
            {"do": "move", "move-day": "2026-12-01", "move-hour": "10", "move-because": "Vi har andet"},
            "Vi har andet",
        ),
        ("prepare-meeting", {"notes": "Spørg om bussen"}, "Spørg om bussen"),
    ],
)
def test_words_for_a_meeting_called_off_meanwhile_are_given_back(
    client, meeting, ida, karen, cast, name, typed, words
):
    plans.cancel(meeting=meeting, because="Kan ikke", by=ida)
    given_back(shown(post(client, cast.karen, name, ida.pk, meeting.pk, **typed)), words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"do": "note", "note-key": str(uuid.uuid4()), "note-words": "Vi var i vandet"}, "Vi var i vandet"),
        (
            {
                "do": "step",
                "step-key": str(uuid.uuid4()),
                "step-what": "ringer til hallen",
                "step-owner": "0",
                "step-due": "2026-12-01",
            },
            "ringer til hallen",
        ),
    ],
)
def test_words_for_a_goal_let_go_meanwhile_are_given_back(client, ida, karen, cast, typed, words):
    goal = goals.make_goal(
        wish="Jeg vil svømme.", horizon="half_year", area="health", key=uuid.uuid4(), by=ida
    )
    goals.set_state(goal=goal, state="let_go", by=ida)
    if "step-owner" in typed:
        typed = {**typed, "step-owner": str(cast.karen.pk)}
    given_back(shown(post(client, cast.karen, "work-goal", ida.pk, goal.pk, **typed)), words)


def test_a_no_to_money_that_she_let_be_is_given_back(client, ida, karen, cast):
    found = grants.ask(what="en cykel", why="Ud.", ore=180_000, key=uuid.uuid4(), by=ida)
    grants.let_be(found=found, by=ida)
    typed = {"do": "no", "no-because": "Den er dyr", "no-instead": "Lån en af koret"}
    page = shown(post(client, cast.karen, "work-grant", ida.pk, found.pk, **typed))
    given_back(page, "Den er dyr")
    assert "Lån en af koret</textarea>" in page
    assert str(grants.AnsweredAlready.sentence) in page


def test_a_paper_is_fetched_by_who_has_it_now_and_not_by_who_left(client, ida, karen, cast):
    cases.join_thread(thread=karen.main_thread, person=cast.lotte)
    paper = papers.ask(
        what="Erklæring",
        from_whom="Lægehuset",
        whence="health",
        what_for="gulve",
        fetch_by=date(2026, 12, 1),
        key=uuid.uuid4(),
        by=opened(cast.lotte, cast.ida),
    )
    gone = clock.today() - timedelta(days=1)
    Member.objects.filter(person=cast.lotte).update(since=gone - timedelta(days=9), until=gone)
    client.force_login(cast.ida)
    url = reverse("case-papers", args=[ida.pk])
    assert "Siger du ja, henter Karen det" in shown(client.get(url))
    page = shown(client.post(url, {"paper": paper.pk, "do": "yes"}, follow=True))
    assert "Tak. Karen henter det." in page
    assert "Lotte henter" not in page


def test_how_she_likes_to_meet_is_not_overwritten_from_an_older_page(client, ida, karen, cast):
    client.force_login(cast.karen)
    url = reverse("work-meeting-frame", args=[ida.pk])
    base = client.get(url).context["form"]["base"].value() or ""
    frames.say_how_to_meet(
        forms=["home"],
        longest=45,
        with_pauses=True,
        earliest=time(10),
        latest=None,
        at_most=None,
        base=base,
        by=ida,
    )
    answer = client.post(url, {"forms": ["office"], "base": base})
    assert "En anden har ændret det imens." in shown(answer)
    assert "Højst 45 minutter." in shown(answer)
    assert frames.frame(karen).longest == 45
    again = re.search(r'name="base" value="([^"]*)"', answer.content.decode())[1]
    assert client.post(url, {"forms": ["office"], "base": again}).status_code == 302
    assert frames.frame(karen).forms == ["office"]


def test_words_that_mean_the_same_are_not_overwritten_from_an_older_page(client, cast, at):
    client.force_login(cast.karen)
    url = reverse("same-words")
    start = client.get(url).context["form"].initial
    client.post(url, {"groups": start["groups"] + "\nkor, sang", "base": start["base"]})
    answer = client.post(url, {"groups": start["groups"] + "\nbil, kørsel", "base": start["base"]})
    assert "En anden har ændret det imens." in shown(answer)
    assert "kor, sang" in shown(answer)
    assert "bil, kørsel" in shown(answer)
    assert "kor, sang" in client.get(url).context["form"].initial["groups"]


@pytest.mark.parametrize("doing", ["came", "missing"])
def test_words_on_a_paper_that_may_not_be_fetched_any_more_are_given_back(client, ida, karen, cast, doing):
    found = papers.ask(
        what="Erklæring",
        from_whom="Lægehuset",
        whence="health",
        what_for="gulve",
        fetch_by=date(2026, 12, 1),
        key=uuid.uuid4(),
        by=karen,
    )
    papers.withdraw(found=papers.answer(found=found, yes=True, by=ida), by=ida)
    typed = {"do": doing, f"{doing}-said": "De svarer ikke på breve"}
    given_back(
        shown(post(client, cast.karen, "work-paper", ida.pk, found.pk, **typed)), "De svarer ikke på breve"
    )


def test_words_to_a_note_that_is_hers_by_now_are_given_back(client, ida, karen, cast):
    note = board.put_up(column="works", whose="citizen", words="Jeg kan lide kor", key=uuid.uuid4(), by=karen)
    cases.confirm(version=TextVersion.objects.get(words="Jeg kan lide kor"), by=ida)
    typed = {"do": "words", "base": "1", "words": "Hun kan lide at synge"}
    given_back(
        shown(post(client, cast.karen, "work-board-note", ida.pk, note.pk, **typed)), "Hun kan lide at synge"
    )


def test_words_on_a_wish_for_another_contact_are_given_back_when_the_wish_is_sent_or_answered(
    client, ida, karen, cast
):
    wish = handover.wish_for_contact(wants=None, words="Vi passer ikke.", key=uuid.uuid4(), by=ida)
    typed = {"key": str(uuid.uuid4()), "wants": "0", "words": "Vi taler forbi hinanden"}
    page = shown(post(client, cast.ida, "case-contact", ida.pk, **typed))
    given_back(page, "Vi taler forbi hinanden")
    assert str(handover.AlreadyWished.sentence) in page
    handover.answer_wish_as_leader(wish=wish, to=None, because="Ingen tid.", by=cast.lena)
    typed = {"do": "answer", "to": "0", "because": "Det er for tidligt"}
    given_back(shown(post(client, cast.karen, "work-contact", ida.pk, **typed)), "Det er for tidligt")
    typed = {"do": "explain", "explain-words": "Vi havde travlt", "explain-new_due": "2026-12-01"}
    given_back(shown(post(client, cast.lena, "contact-wish", wish.pk, **typed)), "Vi havde travlt")


def test_a_letter_after_the_change_is_over_is_given_back(client, ida, karen, cast):
    page = shown(post(client, cast.karen, "work-handover", ida.pk, words="Jeg hedder Karen"))
    given_back(page, "Jeg hedder Karen")


def test_the_leaders_are_asked_with_a_button_that_no_words_go_with(client, karen, cast):
    unit = Unit.objects.get(pk=cast.lars.posts[0].unit_id)
    duty = duties.ask_whose(
        about="transporten", because="Jeres", unit=unit, thread=karen.thread(), key=uuid.uuid4(), by=karen
    )
    client.force_login(cast.karen)
    page = shown(client.get(reverse("work-duty", args=[karen.pk, duty.pk])))
    sent = page.split('value="leaders"')[0].rsplit("<form", 1)[1]
    assert "<textarea" not in sent
    post(client, cast.karen, "work-duty", karen.pk, duty.pk, do="leaders")
    duty.refresh_from_db()
    assert duty.with_leaders_at


def test_a_no_to_what_a_colleague_took_back_is_given_back(client, ida, karen, cast):
    asked = contact.ask_for(words="Hvem ringer til mig?", key=uuid.uuid4(), by=ida)
    handed = contact.hand_on(request=asked, to=cast.lotte, words="Din?", by=karen.visitor)
    contact.call_back(handing=handed, by=karen.visitor)
    page = shown(post(client, cast.lotte, "take", handed.pk, do="decline", words="Det er Beskæftigelse"))
    given_back(page, "Det er Beskæftigelse")
    assert str(contact.AskedNoMore.sentence) in page
    assert "Du har allerede svaret" not in page


def test_a_no_to_a_message_that_a_colleague_took_back_is_given_back(client, ida, karen, cast):
    sent = sending.send(words="Får jeg fleksjob?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    handed = contact.hand_on_message(message=sent, to=cast.lotte, words="Din?", by=karen)
    contact.call_back(handing=handed, by=karen.visitor)
    page = shown(post(client, cast.lotte, "take", handed.pk, do="decline", words="Det er Beskæftigelse"))
    given_back(page, "Det er Beskæftigelse")
    assert str(contact.AskedNoMore.sentence) in page


@pytest.mark.parametrize("state", ["called off", "ended", "missed"])
def test_the_sheet_before_a_meeting_that_is_no_more_is_given_back(
    client, meeting, ida, karen, cast, at, state
):
    why = plans.MeetingCancelled
    if state == "called off":
        plans.cancel(meeting=meeting, because="Sygdom", by=karen)
    elif state == "ended":
        at(clock.at(THURSDAY, time(10, 30)))
        plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
        why = plans.MeetingIsOver
    else:
        at(clock.at(THURSDAY, time(12)))
        around.did_not_meet(meeting=meeting, by=karen)
        why = plans.WasMissed
    typed = {"mind": "Jeg er bange for bussen", "well": "Koret"}
    page = shown(post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **typed))
    assert str(why.sentence) in page
    assert "Jeg er bange for bussen</textarea>" in page
    assert "Koret</textarea>" in page
    assert 'name="mind"' not in page


def test_what_was_said_aloud_is_given_back_when_somebody_else_ends_the_meeting(
    client, meeting, ida, karen, cast, at
):
    at(clock.at(THURSDAY, time(10, 30)))
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    typed = {"do": "end", "sum_up": "Petra prøver turen.", "right_things": "Skolen.", "form": "home"}
    again = {"why_no_next": "Vi ringes ved.", "minutes_long": "60"}
    page = shown(post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, **typed, **again))
    assert "Mødet er allerede afsluttet." in page
    for words in ("Petra prøver turen.</textarea>", "Skolen.</textarea>"):
        assert words in page
    assert "Vi ringes ved.</textarea>" not in page, "that stands at the meeting"
    assert 'name="do" value="end"' not in page


def asked_for(ida):
    return contact.ask_for(words="Hvem ringer til mig?", key=uuid.uuid4(), by=ida)


def an_expert(ida, karen):
    found = experts.propose(
        who="VISO",
        kind="viso",
        words="Hvor meget hvile?",
        shares="Trætheden.",
        ground="consent",
        key=uuid.uuid4(),
        by=karen,
    )
    experts.say_yes(found=found, by=ida)
    return experts.ask(found=found, until=date(2026, 12, 11), meanwhile="Petra kommer.", by=karen)


def test_words_to_what_is_otherwise_by_now_are_given_back(client, ida, karen, cast):
    asked = an_expert(ida, karen)
    along = {"do": "along", "along-base": "0", "along-words": "Bliver det nogensinde bedre"}
    page = shown(post(client, cast.ida, "expert", ida.pk, asked.pk, **along))
    given_back(page, "Bliver det nogensinde bedre")
    experts.say_no(found=asked, by=ida)
    came = {"do": "answer", "answer-words": "De siger hvil hver dag"}
    page = shown(post(client, cast.karen, "work-expert", ida.pk, asked.pk, **came))
    given_back(page, "De siger hvil hver dag")
    party = parties.bring(
        name="Koret", kind="hospital", why="Jeg synger der", contact="", key=uuid.uuid4(), by=ida
    )
    parties.say_no(found=party, by=ida)
    wish = {"do": "wish", "wish-key": str(uuid.uuid4()), "wish-what": "henter Ida", "wish-due": "2026-12-01"}
    given_back(shown(post(client, cast.karen, "work-party", ida.pk, party.pk, **wish)), "henter Ida")
    change = transitions.begin(kind="move", day=date(2027, 5, 14), key=uuid.uuid4(), by=ida)
    transitions.end(found=change, words="Det gik godt.", by=karen)
    said = {"do": "words", "words-base": "0", "words-words": "Katten skal med mig"}
    page = shown(post(client, cast.ida, "transition", ida.pk, change.pk, **said))
    given_back(page, "Katten skal med mig")


@pytest.mark.parametrize("state", ["answered", "urgent"])
def test_that_it_cannot_wait_is_given_back_where_there_is_no_place_for_it(client, ida, karen, cast, state):
    found = asked_for(ida)
    if state == "answered":
        contact.answer(request=found, words="Det gør jeg.", by=karen)
    else:
        say_urgent(request=found, because="Hun har ingen varme", by=karen)
    why = contact.AlreadyAnswered if state == "answered" else AlreadyUrgent
    typed = {"because": "Jeg står uden mad nu"}
    hers = shown(post(client, cast.ida, "case-request", ida.pk, found.pk, **typed))
    typed = {"do": "urgent", "urgent-because": "Jeg står uden mad nu"}
    ours = shown(post(client, cast.karen, "work-request", ida.pk, found.pk, **typed))
    for page in (hers, ours):
        assert str(why.sentence) in page
        assert page.count("Jeg står uden mad nu</textarea>") == 1
    assert "uden mad" not in Request.objects.get().urgent_because


@pytest.mark.parametrize("state", ["answered", "asked"])
def test_words_to_a_colleague_are_given_back_where_the_question_is_asked_no_more(
    client, ida, karen, cast, state
):
    found = asked_for(ida)
    if state == "answered":
        contact.answer(request=found, words="Det gør jeg.", by=karen)
    else:
        contact.hand_on(request=found, to=cast.sune, words="Din?", by=karen.visitor)
    typed = {"do": "hand-on", "hand-to": str(cast.lotte.pk), "hand-words": "Vil du ringe til hende"}
    page = shown(post(client, cast.karen, "work-request", ida.pk, found.pk, **typed))
    assert 'role="alert"' in page
    assert "Vil du ringe til hende</textarea>" in page


def test_a_yes_to_how_often_that_was_proposed_anew_is_told_to_read_again(client, ida, karen, cast):
    how = {"how": "call", "words": "", "also": [], "citizen_said_yes": False, "by": karen}
    before = touch.propose_rhythm(every_days=28, **how)
    touch.propose_rhythm(every_days=84, **how)
    client.force_login(cast.ida)
    url = reverse("case-rhythm", args=[ida.pk])
    page = shown(client.post(url, {"yes": before.pk}, follow=True))
    assert str(cases.ReadAgain.sentence) in page
    assert not Rhythm.objects.filter(citizen_yes_at__isnull=False).exists()


def test_a_leaders_answer_to_what_she_let_be_is_given_back(client, ida, karen, cast):
    found = grants.ask(what="en knallert", why="Ud.", ore=9_000_000, key=uuid.uuid4(), by=ida)
    grants.ask_leader(found=found, because="Den er god.", by=karen)
    grants.let_be(found=found, by=ida)
    answer = post(client, cast.lena, "grants-kept", do="no", grant=found.pk, words="Det er for meget")
    assert answer.status_code == 200
    assert str(grants.AnsweredAlready.sentence) in shown(answer)
    given_back(shown(answer), "Det er for meget")


def test_a_talk_on_a_goal_let_go_meanwhile_is_given_back(client, ida, karen, cast):
    goal = goals.make_goal(
        wish="Jeg vil svømme.", horizon="half_year", area="health", key=uuid.uuid4(), by=ida
    )
    goals.set_state(goal=goal, state="let_go", by=ida)
    typed = {"do": "talk", "talk-key": str(uuid.uuid4()), "talk-words": "Vi går en tur"}
    page = shown(post(client, cast.karen, "work-goal-together", ida.pk, goal.pk, **typed))
    assert str(goals.GoalIsOver.sentence) in page
    given_back(page, "Vi går en tur")


def test_still_there_pressed_twice_is_said_once(client, karen, cast):
    Part.objects.filter(person=cast.karen).delete()
    client.force_login(cast.karen)
    page = shown(client.post(reverse("parts-over"), {"case": karen.pk}, follow=True))
    assert "Du er stadig med hos Ida" in page
    assert not Part.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("room-point", {"words": "Vi skal tale om bussen"}),
        ("room-agree", {"what": "ringer til skolen", "due": "2026-12-01"}),
    ],
)
def test_what_is_sent_to_a_room_after_the_meeting_is_told_so(client, meeting, karen, cast, at, name, typed):
    at(clock.at(THURSDAY, time(10, 30)))
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    answer = post(client, cast.karen, name, karen.pk, meeting.pk, owner=cast.karen.pk, **typed)
    assert answer.status_code == 422
    assert str(plans.MeetingIsOver.sentence) in shown(answer)
    assert next(iter(typed.values())) in shown(answer)


def test_a_point_sent_when_the_meeting_is_over_is_no_answer_to_the_minutes(
    client, meeting, ida, karen, cast, at
):
    at(clock.at(THURSDAY, time(10, 30)))
    plans.begin(meeting=meeting, by=karen)
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    page = shown(post(client, cast.ida, "meeting", ida.pk, meeting.pk, words="Jeg vil tale om skolen"))
    given_back(page, "Jeg vil tale om skolen")
    assert page.count("Jeg vil tale om skolen") == 1
    snapshot = meeting.snapshots.get()
    assert f'name="snapshot" value="{snapshot.pk}"' in page


def test_a_reply_to_what_a_colleague_answered_meanwhile_is_kept_and_can_be_sent(client, ida, karen, cast):
    cases.join_thread(thread=karen.main_thread, person=cast.lotte)
    sent = sending.send(words="Får jeg fleksjob?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    sending.write(
        words="Ja.",
        thread=karen.main_thread,
        key=uuid.uuid4(),
        answers=[sent],
        by=opened(cast.lotte, cast.ida),
    )
    typed = {"key": str(uuid.uuid4()), "words": "Vi ved det i maj"}
    keys = (ida.pk, ida.main_thread.pk)
    page = shown(post(client, cast.karen, "work-talk", *keys, answers=str(sent.pk), **typed))
    assert str(sending.AnsweredMeanwhile.sentence) in page
    assert "Vi ved det i maj</textarea>" in page
    assert 'name="answers"' not in page
    assert post(client, cast.karen, "work-talk", *keys, **typed).status_code == 302


def test_another_day_of_a_death_is_not_dropped_without_a_word(client, karen, cast):
    dying.record(on=date(2026, 11, 20), by=karen)
    client.force_login(cast.karen)
    url = reverse("work-died", args=[karen.pk])
    page = shown(client.post(url, {"do": "died", "on": "2026-11-19"}, follow=True))
    assert "Dagen står her allerede." in page
    page = shown(client.post(url, {"do": "died", "on": "2026-11-20"}, follow=True))
    assert "Dagen står her allerede." not in page
