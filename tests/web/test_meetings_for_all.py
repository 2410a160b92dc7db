"""Meetings that follow the citizen, are shared, and end with what was said. B7, C1, C2, C4, C7, C8, D11."""

import io
import re
import uuid
from datetime import date, time, timedelta

import pikepdf
import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member, Promise, Sharing, Text, TextVersion, Voice
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.plans import actions as plans
from medspil.plans import (
    areas,
    assessing,
    closing,
    frames,
    goals,
    joint,
    mending,
    minutes,
    preparing,
    reading,
    renewals,
)
from medspil.plans.models import AgendaItem, Attendee, Meeting, Preparation, Renewal, Snapshot
from medspil.project.demo.cast import opened
from medspil.surveys.models import Box, Token
from tests.web.test_around_meetings import THURSDAY, get, post
from tests.web.test_citizen import words


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def meeting(karen):
    return plans.plan_meeting(
        title="Mødet om din hverdag", starts_at=clock.at(THURSDAY, time(10)), form="home", by=karen
    )


@pytest.fixture
def ended(meeting, karen, at):
    item = meeting.agenda.get().key
    plans.add_to_agenda(meeting=meeting, words="Om gulvene", by=karen)
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    minutes.say(meeting=meeting, item=item, voice="citizen", words="Klokken fem er jeg tom.", by=karen)
    minutes.say(meeting=meeting, item=item, voice="professional", words="Vi ser på gulvene.", by=karen)
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    return Meeting.objects.get(pk=meeting.pk)


def thread_of(person):
    return Member.objects.get(person=person).thread


# C1: place, length and form follow the citizen


def says(by, **more):
    said = {
        "forms": [],
        "longest": None,
        "with_pauses": False,
        "earliest": None,
        "latest": None,
        "at_most": None,
    }
    return frames.say_how_to_meet(by=by, **{**said, **more})


FRAME = {"forms": ["home", "walk"], "longest": 45, "with_pauses": True, "earliest": time(10), "at_most": 2}
TYPED = {
    "title": "Om hverdagen",
    "day": "26.11.2026",
    "hour": "09.00",
    "minutes_long": "60",
    "form": "office",
}


def test_what_ida_has_said_is_proposed_when_karen_plans(client, ida, karen, cast):
    says(ida, **FRAME)
    people.record_need(person=cast.ida, words="Ikke for mange på én gang.")
    page = get(client, cast.karen, "plan-meeting", ida.pk)
    form = page.context["form"]
    assert [form[name].value() for name in ("form", "minutes_long", "with_pauses", "hour")] == [
        "home",
        45,
        True,
        time(10),
    ]
    assert "Højst 45 minutter." in words(page)
    assert "Ikke for mange på én gang." in words(page)


def test_what_goes_against_it_is_said_before_anything_is_saved(client, ida, cast):
    """Nine o'clock at the office for an hour without breaks, three others: five things against what Ida said."""
    says(ida, **FRAME)
    more = {"joint": [str(thread_of(one).pk) for one in (cast.petra, cast.lars)]}
    page = post(client, cast.karen, "plan-meeting", ida.pk, **TYPED, **more)
    told = words(page)
    for sentence in (
        "Ida vil helst mødes sådan: hjemme hos dig og en gåtur.",
        "Ida kan højst 45 minutter.",
        "Ida har brug for pauser undervejs.",
        "Ida vil ikke mødes før kl. 10.",
        "Ida vil højst have 2 andre med.",
    ):
        assert sentence in told
    assert not Meeting.objects.exists()
    post(client, cast.karen, "plan-meeting", ida.pk, **TYPED, anyway="on")
    assert Meeting.objects.get().form == "office"


def test_a_need_of_an_interpreter_is_held_against_the_meeting(client, ida, cast):
    people.record_need(person=cast.ida, kind="interpreter", words="arabisk")
    page = post(client, cast.karen, "plan-meeting", ida.pk, **TYPED)
    assert "Der skal en tolk med." in words(page)
    assert not Meeting.objects.exists()
    post(client, cast.karen, "plan-meeting", ida.pk, **TYPED, interpreter="on")
    assert Meeting.objects.get().attendees.filter(name="Tolk").exists()


def test_what_follows_it_is_saved_at_once(client, ida, cast):
    says(ida, **FRAME)
    fitting = {"form": "walk", "hour": "10", "minutes_long": "45", "with_pauses": "on"}
    post(client, cast.karen, "plan-meeting", ida.pk, **{**TYPED, **fitting})
    made = Meeting.objects.get()
    assert (made.form, made.minutes_long, made.with_pauses) == ("walk", 45, True)


def test_a_video_meeting_has_its_address_and_only_a_safe_one(client, ida, cast):
    video = {**TYPED, "form": "video"}
    for bad in ("javascript:alert(1)", "http://example.dk/moede"):
        page = post(client, cast.karen, "plan-meeting", ida.pk, **video, link=bad)
        assert page.context["form"].errors["link"]
    post(client, cast.karen, "plan-meeting", ida.pk, **video, link="https://video.example.dk/moede")
    made = Meeting.objects.get()
    page = get(client, cast.ida, "meeting", ida.pk, made.pk)
    assert 'href="https://video.example.dk/moede"' in page.content.decode()


def test_only_the_two_sides_say_how_to_meet(client, meeting, ida, cast):
    assert get(client, cast.mona, "meeting-frame", ida.pk).status_code == 404
    post(client, cast.ida, "meeting-frame", ida.pk, forms=["walk"], longest="30", with_pauses="on")
    assert frames.frame(ida).forms == ["walk"]
    late = {"earliest": "15", "latest": "10"}
    assert "Det skal slutte senere, end det begynder." in words(
        post(client, cast.ida, "meeting-frame", ida.pk, **late)
    )


# The invitation, and sheets on paper


def tags(content):
    """Every kind of tag in a PDF's tree of structure."""
    sheet = pikepdf.open(io.BytesIO(content))
    found, waiting = set(), [sheet.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.add(str(one.S))
            if "/K" in one:
                waiting.append(one.K)
    return found


def fonts(content):
    sheet = pikepdf.open(io.BytesIO(content))
    rows = [font for page in sheet.pages for font in page.Resources.Font.values()]
    carried = [font.DescendantFonts[0].FontDescriptor for font in rows]
    assert all(any(f"/FontFile{n}" in one for n in ("", "2", "3")) for one in carried), (
        "a font is not carried along"
    )
    return {str(one.FontName).split("+")[-1] for one in carried}


@pytest.mark.parametrize("who", ["ida", "karen", "mona"])
def test_the_invitation_is_a_letter_to_ida_whoever_prints_it(client, meeting, ida, cast, who):
    plans.add_to_agenda(meeting=meeting, words="Aftenerne", by=ida)
    page = words(get(client, getattr(cast, who), "meeting-letter", ida.pk, meeting.pk))
    assert "Ida Holm" in page
    assert "Vi ses torsdag 26. november kl. 10 til 11, hjemme hos dig." in page
    assert "Aftenerne (fra Ida)" in page
    assert "Du skal ikke forklare hvorfor." in page


def test_the_letter_as_a_file_is_tagged_has_its_language_and_carries_its_fonts(client, meeting, ida, cast):
    answer = get(client, cast.ida, "meeting-letter-file", ida.pk, meeting.pk)
    sheet = pikepdf.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], str(sheet.Root.Lang)) == ("application/pdf", "da")
    assert str(sheet.docinfo["/Title"]).split() == ["Vi", "ses", "torsdag", "26.", "november"]
    assert {"/H1", "/H2", "/P", "/L", "/LI"} <= tags(answer.content)
    assert fonts(answer.content) == {"IBMPlexSans", "IBMPlexSans-SemiBold"}
    plans.cancel(meeting=meeting, because="", by=ida)
    assert get(client, cast.ida, "meeting-letter-file", ida.pk, meeting.pk).status_code == 404


@pytest.mark.parametrize("palette", ["colourful", "toned"])
def test_the_plan_as_a_file_is_one_tagged_sheet_across(client, ida, karen, cast, palette):
    cast.ida.palette = palette
    cast.ida.save(update_fields=["palette"])
    cases.write(about="area.strengths", whose=Voice.CITIZEN, words="Jeg kan bage.", base=0, by=ida)
    version = cases.write(
        about="area.home", whose=Voice.CITIZEN, words="مرحبا #panic(1) $x$", base=0, by=karen
    )
    cases.object_to(version=version, words="Det var ikke mig.", by=ida)
    cases.write(about="area.self", whose=Voice.CITIZEN, words="Kun Karen.", base=0, by=ida, kept_close=True)
    answer = get(client, cast.ida, "plan-file", ida.pk)
    sheet = pikepdf.open(io.BytesIO(answer.content))
    box = [float(n) for n in sheet.pages[0].mediabox]
    assert len(sheet.pages) == 1
    assert box[2] > box[3], "A4 lies across"
    assert {"/H1", "/H2", "/H3", "/P"} <= tags(answer.content)
    assert str(sheet.Root.Lang) == "da"
    assert "LibertinusSerif-Regular" in fonts(answer.content), "serif is the citizen's"


def test_what_is_kept_close_is_not_on_the_sheet_and_an_objection_is(ida, karen, cast, at):
    from medspil.web import plan as page

    version = cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=karen)
    cases.object_to(version=version, words="Det var ikke mig.", by=ida)
    cases.object_to(version=version, words="Kun Karen.", kept_close=True, by=ida)
    for about in ("area.self", "area.strengths", "area.other"):
        cases.write(about=about, whose=Voice.CITIZEN, words="Kun Karen.", base=0, by=ida, kept_close=True)
    for wish, area, close in (("Kun Karen.", "health", True), ("Til havet.", "around", False)):
        goal = goals.make_goal(
            wish=wish, horizon="year", area=area, kept_close=close, key=uuid.uuid4(), by=ida
        )
        due = clock.today() + timedelta(days=9)
        goals.add_step(
            goal=goal, owner=cast.ida, what=f"{wish} Først bus.", due=due, key=uuid.uuid4(), by=ida
        )
    sheet = page.sheet(ida, page.CITIZEN, "da", toned=False)
    assert "Kun Karen." not in str(sheet)
    places = {place["name"]: place for place in sheet["places"]}
    home = places["Praktiske ting hjemme"]["voice"]
    assert home["against"] == [{"by": "Ida siger imod", "words": "Det var ikke mig."}]
    assert home["note"].startswith("Karen har skrevet det.")
    assert {name: place["sign"] for name, place in places.items() if place["sign"]} == {
        "Praktiske ting hjemme": "Godt at vide",
        "Komme rundt": "Her er et mål",
    }
    (goal,) = sheet["goals"]
    assert (goal["voice"]["words"], goal["steps"][0]["what"]) == ("Til havet.", "Du Til havet. Først bus.")
    assert sheet["goals_head"] == "Mit mål"


# C8: several parts of the case share one meeting


def test_lars_is_asked_along_and_sees_nothing_before_ida_says_yes(client, meeting, ida, karen, cast):
    joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=karen)
    assert get(client, cast.lars, "work-meeting", ida.pk, meeting.pk).status_code == 404
    assert "Karen vil gerne have Lars med" in words(get(client, cast.ida, "meeting", ida.pk, meeting.pk))
    said = {"thread": thread_of(cast.lars).pk, "answer": "ja"}
    assert "Lars er med til mødet." in words(
        post(client, cast.ida, "meeting-join", ida.pk, meeting.pk, **said)
    )
    page = get(client, cast.lars, "work-meeting", ida.pk, meeting.pk)
    assert "Fælles møde med Arbejde og fleksjob: Lars er med." in words(page)
    assert get(client, cast.lars, "meeting-room", ida.pk, meeting.pk).status_code == 200


def test_lars_sees_the_meeting_and_no_more_of_the_case_than_before(client, meeting, ida, cast):
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    before = get(client, cast.lars, "work-case", ida.pk)
    joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    after = get(client, cast.lars, "work-case", ida.pk)
    assert "Gulvene" not in words(before) + words(after)
    assert get(client, cast.lars, "work-area", ida.pk, "home").status_code == 404
    assert opened(cast.lars, cast.ida).thread_ids == {thread_of(cast.lars).pk}


def test_ida_takes_her_yes_back_and_lars_is_out_at_the_next_click(client, meeting, ida, cast):
    row = joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    assert Attendee.objects.filter(meeting=meeting, person=cast.lars).exists()
    joint.answer_joining(joining=row, is_yes=False, by=ida)
    assert not Attendee.objects.filter(meeting=meeting, person=cast.lars).exists()
    assert get(client, cast.lars, "work-meeting", ida.pk, meeting.pk).status_code == 404
    again = joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    assert again.yes_at
    assert again.pk == row.pk


def test_what_lars_promises_at_the_joint_meeting_is_his_departments(meeting, ida, cast, at):
    joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    at(clock.at(THURSDAY, time(10)))
    lars = opened(cast.lars, cast.ida)
    plans.begin(meeting=meeting, by=lars)
    day = clock.today() + timedelta(days=9)
    plans.agree_on(
        meeting=meeting, side="municipality", owner=cast.lars, what="ringer til praktikken", due=day, by=lars
    )
    promise = Promise.objects.get(what="ringer til praktikken")
    assert promise.thread == thread_of(cast.lars)
    assert promise.unit == thread_of(cast.lars).unit


def test_nobody_else_decides_who_comes(meeting, ida, karen, cast):
    from medspil.base.refusals import NotYours
    from medspil.cases.door import NotHere

    row = joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=karen)
    with pytest.raises(NotHere):
        joint.answer_joining(joining=row, is_yes=True, by=karen)
    with pytest.raises(NotYours):
        joint.ask_to_join(meeting=meeting, thread=karen.main_thread, by=karen)
    with pytest.raises(NotYours):
        joint.ask_to_join(meeting=meeting, thread=thread_of(cast.petra), by=opened(cast.mona, cast.ida))


# C2 and C7: summed up, and asked aloud


def test_the_room_ends_with_what_we_came_to_and_the_question_asked_aloud(
    client, meeting, ida, karen, cast, at
):
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    for _twice in range(2):
        first = closing.round_off(meeting=meeting, by=karen)
    later = plans.add_to_agenda(meeting=meeting, words="Og skolen", by=ida)
    points = list(meeting.agenda.order_by("position").values_list("words", flat=True))
    assert points[1:] == ["Og skolen", "Det nåede vi frem til", "Talte vi om det rigtige?"]
    assert later.position < first.position
    page = get(client, cast.karen, "meeting-room", ida.pk, meeting.pk, punkt=first.key)
    assert [block["is_citizen"] for block in page.context["blocks"]] == [True, False]


def test_the_answer_said_aloud_stands_in_the_minutes_and_nowhere_in_the_three_questions(
    client, meeting, ida, cast, at
):
    at(clock.at(THURSDAY, time(10, 30)))
    typed = {
        "do": "end",
        "why_no_next": "Vi ringes ved.",
        "sum_up": "Petra prøver turen.",
        "right_things": "Vi glemte skolen.",
    }
    typed |= {"form": "home", "minutes_long": "60"}
    post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, **typed)
    content = Snapshot.objects.get().content
    assert [(i["title"], [(u["voice"], u["words"]) for u in i["utterances"]]) for i in content[-2:]] == [
        ("Det nåede vi frem til", [("professional", "Petra prøver turen.")]),
        ("Talte vi om det rigtige?", [("citizen", "Vi glemte skolen.")]),
    ]
    said = TextVersion.objects.get(words="Vi glemte skolen.")
    assert (said.said_by, said.written_by, said.confirmed_at) == (cast.ida, cast.karen, None)
    assert not Box.objects.exists()
    assert not Token.objects.exists()


def test_a_meeting_ends_also_without_the_question(client, meeting, ida, cast, at):
    at(clock.at(THURSDAY, time(10, 30)))
    typed = {"do": "end", "why_no_next": "Vi ringes ved.", "form": "home", "minutes_long": "60"}
    post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, **typed)
    assert not AgendaItem.objects.exclude(closing="").exists()
    assert Meeting.objects.get().state == Meeting.State.ENDED


# C4: put right after the meeting


def version_of(held, whose):
    return TextVersion.objects.filter(
        text__about__startswith=f"minutes.{held.pk}.", text__whose=whose
    ).latest("pk")


def test_ida_puts_her_words_right_and_both_are_asked_again(client, ended, ida, cast):
    snapshot = ended.snapshots.get()
    plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
    first = version_of(ended, "citizen")
    page = post(
        client, cast.ida, "meeting-mend", ida.pk, ended.pk, first.pk, words="Klokken seks er jeg tom."
    )
    told = words(page)
    assert "»Klokken seks er jeg tom.«" in told
    assert "»Klokken fem er jeg tom.«" in told, "what stood before can be read"
    assert "Er det sådan, du husker mødet?" in told
    assert [s.number for s in ended.snapshots.order_by("number")] == [1, 2]
    assert ended.snapshots.get(number=1).content == snapshot.content, "the old edition is as it was"
    with pytest.raises(plans.MinutesHaveChanged):
        plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def test_an_answer_to_minutes_that_were_put_right_meanwhile_is_sent_after_reading_again(
    client, ended, ida, karen, cast
):
    old = ended.snapshots.get()
    said = {"words": "Vi ser på gulvene i maj.", "by": karen}
    mending.mend(meeting=ended, version=version_of(ended, "professional"), **said)
    new = ended.snapshots.get(number=2)
    hers = {"snapshot": old.pk, "digest": old.digest, "answer": "yes", "words": "Klokken seks"}
    page = post(client, cast.ida, "meeting", ida.pk, ended.pk, **hers)
    assert str(plans.MinutesHaveChanged.sentence) in words(page)
    assert "Klokken seks</textarea>" in page.content.decode()
    assert "checked" not in page.content.decode().split('id="svar"')[1], "a yes was to what she had read"
    hers |= {"snapshot": hidden(page, "snapshot"), "digest": hidden(page, "digest"), "answer": "no"}
    post(client, cast.ida, "meeting", ida.pk, ended.pk, **hers)
    ours = {"do": "minutes", "minutes-digest": old.digest, "minutes-answer": "no", "minutes-words": "I juni"}
    page = post(client, cast.karen, "work-meeting", ida.pk, ended.pk, **ours)
    assert str(plans.MinutesHaveChanged.sentence) in words(page)
    ours["minutes-digest"] = hidden(page, "minutes-digest")
    post(client, cast.karen, "work-meeting", ida.pk, ended.pk, **ours)
    assert [a.words for a in new.approvals.order_by("pk")] == ["Klokken seks", "I juni"]


def test_words_put_right_by_two_presses_are_one_edition(client, ended, ida, karen, cast):
    version = version_of(ended, "professional")
    for _press in range(2):
        post(client, cast.karen, "work-meeting-mend", ida.pk, ended.pk, version.pk, words="Klokken seks.")
    assert ended.snapshots.count() == 2
    assert Notice.objects.filter(to=cast.ida, key__startswith="mended-").count() == 1


def test_words_put_right_in_two_tabs_go_on_from_those_that_stand_there(client, ended, ida, karen, cast):
    for who, by, whose, name in (
        (cast.ida, ida, "citizen", "meeting-mend"),
        (cast.karen, karen, "professional", "work-meeting-mend"),
    ):
        version = version_of(ended, whose)
        mending.mend(meeting=ended, version=version, words="Klokken seks.", by=by)
        page = post(client, who, name, ida.pk, ended.pk, version.pk, words="Klokken syv.")
        told = page.content.decode()
        assert str(cases.WrittenMeanwhile.sentence) in words(page)
        assert "Klokken seks." in told
        assert "Klokken syv.</textarea>" in told
        newest = version_of(ended, whose)
        assert newest.words == "Klokken seks."
        save = reverse(name, args=[ida.pk, ended.pk, newest.pk])
        assert f'action="{save}"' in told
        client.post(save, {"words": "Klokken syv."})
        assert version_of(ended, whose).words == "Klokken syv."


@pytest.mark.parametrize("close", [False, True])
def test_idas_no_stands_beside_the_minutes_when_they_are_put_right(client, ended, ida, karen, cast, close):
    """Her words are those of a voice; Karen's full stop asks her anew and takes nothing away from what she said."""
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    snapshot = ended.snapshots.get()
    answer = {"words": "I glemte min søster.", "kept_close": close, "by": ida}
    plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=False, **answer)
    mending.mend(meeting=ended, version=version_of(ended, "professional"), words="Vi ser på dem.", by=karen)
    hers = words(get(client, cast.ida, "meeting", ida.pk, ended.pk))
    ours = words(get(client, cast.karen, "work-meeting", ida.pk, ended.pk))
    for page in (hers, ours):
        assert page.count("I glemte min søster.") == 1
        assert "Tidligere svar" in page
    assert "Har ikke svaret endnu." in ours, "she is asked anew"
    assert ("I glemte min søster." in words(get(client, cast.mona, "meeting", ida.pk, ended.pk))) is not close


def test_a_guardians_yes_takes_nothing_away_from_ottos_no(client, cast, at):
    karen, otto, gerda = (opened(who, cast.otto) for who in (cast.karen, cast.otto, cast.gerda))
    held = plans.plan_meeting(title="Om haven", starts_at=clock.at(THURSDAY, time(10)), form="home", by=karen)
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=held, by=karen)
    said = {"item": held.agenda.get().key, "voice": "citizen", "words": "Jeg flytter gerne."}
    minutes.say(meeting=held, by=karen, **said)
    snapshot = plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    told = {"snapshot": snapshot, "digest": snapshot.digest}
    plans.answer_minutes(**told, is_yes=False, words="Det har jeg aldrig sagt.", by=otto)
    plans.answer_minutes(**told, is_yes=True, by=gerda)
    assert version_of(held, "citizen").confirmed_by is None
    assert "Det har jeg aldrig sagt." in words(get(client, cast.otto, "meeting", otto.pk, held.pk))
    page = words(get(client, cast.karen, "work-meeting", otto.pk, held.pk))
    assert "Det har jeg aldrig sagt." in page
    assert "Gerda har sagt ja" in page
    # What he says himself later is what counts.
    plans.answer_minutes(**told, is_yes=True, by=otto)
    assert version_of(held, "citizen").confirmed_by == cast.otto


def test_what_ida_said_against_a_line_of_the_minutes_is_lost_neither_there_nor_in_the_plan(
    client, ended, ida, karen, cast
):
    said = version_of(ended, "professional")
    cases.object_to(version=said, words="Det er ikke gulvene.", by=ida)
    for _again in (1, 2):
        # Laid twice it is said once.
        assessing.lay_in_plan(version=said, area=areas.area("home"), by=karen)
    page = words(get(client, cast.ida, "case-area", ida.pk, "home"))
    assert page.count("Ida siger imod") == page.count("»Det er ikke gulvene.«") == 1
    mending.mend(meeting=ended, version=said, words="Vi ser på gulvene", by=karen)
    for person, name in ((cast.ida, "meeting"), (cast.karen, "work-meeting")):
        page = words(get(client, person, name, ida.pk, ended.pk))
        assert "Ida var ikke enig i det, der stod her før." in page
        assert "Vi ser på gulvene. Ida siger imod: »Det er ikke gulvene.«" in page


def test_nobody_puts_anothers_words_right(ended, ida, karen, cast):
    with pytest.raises(mending.NotTheirWords):
        mending.mend(meeting=ended, version=version_of(ended, "professional"), words="Nej.", by=ida)
    with pytest.raises(mending.NotTheirWords):
        mending.mend(meeting=ended, version=version_of(ended, "citizen"), words="Ja.", by=karen)
    assert ended.snapshots.count() == 1


def test_lars_puts_his_words_of_a_joint_meeting_right(client, meeting, ida, karen, cast, at):
    joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    at(clock.at(THURSDAY, time(10)))
    lars = opened(cast.lars, cast.ida)
    plans.begin(meeting=meeting, by=lars)
    item = meeting.agenda.get().key
    minutes.say(meeting=meeting, item=item, voice="professional", words="Jeg ringer i maj.", by=lars)
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    version = version_of(meeting, "professional")
    said = {"words": "Jeg ringer i april."}
    page = post(client, cast.lars, "work-meeting-mend", ida.pk, meeting.pk, version.pk, **said)
    assert page.redirect_chain == [(reverse("work-meeting", args=[ida.pk, meeting.pk]), 302)]
    assert version_of(meeting, "professional").words == "Jeg ringer i april."
    with pytest.raises(mending.NotTheirWords):
        mending.mend(meeting=meeting, version=version_of(meeting, "professional"), words="Nej.", by=karen)


def test_two_who_put_the_same_words_right_at_once_overwrite_nothing(ended, ida):
    version = version_of(ended, "citizen")
    mending.mend(meeting=ended, version=version, words="Klokken seks.", by=ida)
    with pytest.raises(cases.WrittenMeanwhile):
        mending.mend(meeting=ended, version=version, words="Klokken syv.", by=ida)


def test_headings_of_minutes_say_that_they_are_danish_on_an_english_page(client, ended, ida, cast):
    client.force_login(cast.ida)
    page = client.get(
        reverse("meeting", args=[ida.pk, ended.pk]), headers={"Accept-Language": "en"}
    ).content.decode()
    assert '<h1 lang="da">Mødet om din hverdag</h1>' in page
    assert 'id="punkt-1" lang' not in page, "what we wrote is said in English"
    assert 'id="punkt-2" lang="da">Om gulvene</h2>' in page


# B7: the sheet


SHEET = {"mind": "Om jeg skal flytte.", "well": "", "remember": "", "made": ""}


def test_a_line_of_the_sheet_becomes_a_point_on_the_agenda(client, meeting, ida, cast):
    post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **SHEET, agenda="mind")
    assert meeting.agenda.get(is_free_word=False).words == "Om jeg skal flytte."
    assert not Preparation.objects.exists()
    long = {**SHEET, "mind": "x" * 201, "agenda": "mind"}
    page = post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **long)
    assert "Skriv det kortere." in words(page)
    assert meeting.agenda.count() == 2


def test_what_a_helper_wrote_is_marked_as_written_by_the_one_and_said_by_the_other(
    client, meeting, ida, cast
):
    typed = {**SHEET, "made": "hand", "hand": "Mona Holm", "share": "mind"}
    page = post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **typed)
    assert "Mona skrev det, Ida sagde det." in words(page)
    nameless = {**SHEET, "made": "hand"}
    assert "Skriv navnet" in words(post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **nameless))


def test_pictures_that_are_pointed_at_and_what_came_up_in_a_group(client, meeting, ida, cast):
    typed = {**SHEET, "made": "group", "pictures": ["sleep", "rest"], "share": "pictures"}
    page = post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **typed)
    assert "»Jeg peger på: søvn og ro.«" in words(page)
    assert "Det blev sagt i en gruppe." in words(page)
    shown = get(client, cast.karen, "prepare-meeting", ida.pk, meeting.pk)
    assert "»Jeg peger på: søvn og ro.«" in words(shown)


def test_the_pictures_stay_chosen_until_they_are_shared(client, meeting, ida, cast):
    post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **SHEET, pictures=["money"])
    form = get(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk).context["form"]
    assert form["pictures"].value() == ["money"]


# D11: is it still so?


@pytest.fixture
def told(ida, karen):
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    cases.write(about="area.around", whose=Voice.CITIZEN, words="Bussen er svær.", base=0, by=karen)
    return renewals.ask(abouts=["area.home", "area.around"], key=uuid.uuid4(), by=karen)


def read(*parts):
    return {f"del{one.part.pk}-read": one.newest.pk for one in parts}


def test_nothing_has_changed_and_two_answers_are_all(client, told, ida, karen, cast):
    home, around = renewals.parts_of(ida, told)
    assert home.text.about == "area.home"
    shown = get(client, cast.ida, "renewal", ida.pk).content.decode()
    for name, value in read(home, around).items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in shown
    typed = {f"del{one.part.pk}-answer": "ja" for one in (home, around)} | read(home, around)
    page = post(client, cast.ida, "renewal", ida.pk, **typed)
    assert "Tak. Så ved vi, at det stadig passer." in words(page)
    told.refresh_from_db()
    assert told.promise is None
    assert TextVersion.objects.get(words="Bussen er svær.").confirmed_by == cast.ida, (
        "what Karen wrote is right"
    )
    assert TextVersion.objects.count() == 2, "nothing had to be written again"


def test_still_so_is_said_of_the_words_that_were_read(client, told, ida, karen, cast):
    """Karen rewrites what Ida has on her screen: nothing of hers is answered, and she sees the new words."""
    before = renewals.parts_of(ida, told)
    cases.write(about="area.around", whose=Voice.CITIZEN, words="Jeg kan ikke gå ud.", base=1, by=karen)
    typed = {f"del{one.part.pk}-answer": "ja" for one in before}
    page = post(client, cast.ida, "renewal", ida.pk, **typed, **read(*before))
    assert "Læs det, og svar så igen." in words(page)
    assert "»Jeg kan ikke gå ud.«" in words(page)
    ticked = {part["name"]: part["form"]["answer"].value() for part in page.context["parts"]}
    assert list(ticked.values()) == ["ja", None], (
        "the yes to words that are gone is not there to be sent again"
    )
    assert not TextVersion.objects.filter(text__about="area.around", confirmed_at__isnull=False).exists()
    assert Renewal.objects.get().answered_at is None
    now = read(*renewals.parts_of(ida, told))
    assert now != read(*before)
    post(client, cast.ida, "renewal", ida.pk, **typed, **now)
    assert TextVersion.objects.get(words="Jeg kan ikke gå ud.").confirmed_by == cast.ida


def test_what_is_new_becomes_idas_words_and_is_answered_by_a_day(client, told, ida, karen, cast):
    """Five working days from Monday 23 November is Monday 30."""
    home, around = renewals.parts_of(ida, told)
    typed = {
        f"del{home.part.pk}-answer": "nyt",
        f"del{home.part.pk}-words": "Jeg har fået en robot.",
        f"del{around.part.pk}-answer": "ja",
    }
    page = post(client, cast.ida, "renewal", ida.pk, **typed, **read(home, around))
    assert "Karen læser det nye og svarer senest mandag 30. november." in words(page)
    told.refresh_from_db()
    assert (told.promise.owner, told.promise.due) == (cast.karen, date(2026, 11, 30))
    shown = words(get(client, cast.karen, "work-renewal", ida.pk))
    assert "»Jeg har fået en robot.«" in shown
    assert "»Gulvene vinder.«" in shown, "what stood before"
    assert Text.objects.get(about="area.home").versions.latest("number").confirmed_by == cast.ida


def test_a_part_without_an_answer_is_asked_for_by_name_and_nothing_is_lost(client, told, ida, cast):
    home, around = renewals.parts_of(ida, told)
    typed = {f"del{home.part.pk}-answer": "nyt", f"del{home.part.pk}-words": "Noget nyt."}
    page = post(client, cast.ida, "renewal", ida.pk, **typed)
    assert "Vælg, om det passer" in words(page)
    assert "Noget nyt." in page.content.decode()
    assert Renewal.objects.get().answered_at is None
    assert not TextVersion.objects.filter(words="Noget nyt.").exists()
    assert around.part.pk


def asked_of_otto(cast, **said):
    """Karen asks Otto whether it is still so; what he said of his health is kept from Gerda, his guardian."""
    karen, otto = opened(cast.karen, cast.otto), opened(cast.otto, cast.otto)
    for key, told in said.items():
        close = key == "health"
        cases.write(about=f"area.{key}", whose=Voice.CITIZEN, words=told, base=0, kept_close=close, by=otto)
    asked = renewals.ask(abouts=[f"area.{key}" for key in said], key=uuid.uuid4(), by=karen)
    return asked, renewals.parts_of(otto, asked)


@pytest.mark.usefixtures("at")
def test_otto_is_still_asked_what_his_guardian_can_neither_read_nor_answer(client, cast):
    """Five working days from Monday 23 November is Monday 30."""
    asked, (home, health) = asked_of_otto(
        cast, home="Jeg kan lide min have.", health="Jeg er bange for Gerda."
    )
    case = asked.case_id
    typed = {f"del{home.part.pk}-answer": "nyt", f"del{home.part.pk}-words": "Haven er for stor."}
    page = post(client, cast.gerda, "renewal", case, **typed, **read(home))
    assert "Karen læser det nye og svarer senest mandag 30. november." in words(page)
    assert "Passer det stadig?" not in words(get(client, cast.gerda, "case-my-plan", case))
    assert get(client, cast.gerda, "renewal", case).status_code == 302, "nothing of it waits for her"
    at_work = words(get(client, cast.karen, "work-renewal", case))
    assert "Otto er spurgt, og noget mangler svar" in at_work
    assert "Ikke svaret endnu OT Otto sagde »Jeg er bange for Gerda.«" in at_work
    assert at_work.count("Noget nyt") == 1
    assert "Karen spørger: Passer det stadig?" in words(get(client, cast.otto, "my-plan"))
    late = {f"del{home.part.pk}-answer": "nyt", f"del{home.part.pk}-words": "Haven er min."}
    mine = {f"del{health.part.pk}-answer": "ja", **read(health)}
    page = post(client, cast.otto, "renewal", case, **late, **mine)
    assert page.status_code == 409
    assert "Haven er min.</textarea>" in page.content.decode(), "what was typed is given back"
    assert Renewal.objects.get().answered_at is None
    page = post(client, cast.otto, "renewal", case, **mine)
    assert "Tak. Så ved vi, at det stadig passer." in words(page)
    assert Renewal.objects.get().answered_at
    assert Promise.objects.count() == 1, "the new was answered for once"
    assert "Ikke svaret endnu" not in words(get(client, cast.karen, "work-renewal", case))


@pytest.mark.usefixtures("at")
def test_an_empty_form_of_a_guardian_answers_nothing_that_is_kept_from_them(client, cast):
    asked, _parts = asked_of_otto(cast, health="Jeg er bange for Gerda.")
    assert "Passer det stadig?" not in words(get(client, cast.gerda, "case", asked.case_id))
    post(client, cast.gerda, "renewal", asked.case_id)
    assert Renewal.objects.get().answered_at is None
    renewals.answer(renewal=asked, answers={}, by=opened(cast.gerda, cast.otto))
    assert Renewal.objects.get().answered_at is None
    assert "Karen spørger: Passer det stadig?" in words(get(client, cast.otto, "my-case"))


def test_karen_asks_once_and_ida_sees_it_on_her_plan(client, told, ida, karen, cast):
    with pytest.raises(renewals.AskedAlready):
        renewals.ask(abouts=["area.home"], key=uuid.uuid4(), by=karen)
    assert renewals.ask(abouts=["area.home"], key=told.key, by=karen) == told
    for page in ("my-plan", "my-case"):
        assert "Karen spørger: Passer det stadig?" in words(get(client, cast.ida, page))
    assert get(client, cast.petra, "work-renewal", ida.pk).status_code == 404
    assert get(client, cast.mona, "renewal", ida.pk).status_code == 404


# Faults


def test_thirty_thousand_letters_in_one_box_are_kept_and_one_more_is_told(client, meeting, ida, cast):
    full = {**SHEET, "mind": "å" * 30_000}
    post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **full)
    assert preparing.own(ida, meeting)["mind"] == "å" * 30_000
    page = post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **{**full, "mind": "å" * 30_001})
    assert page.context["form"].errors["mind"]
    assert preparing.own(ida, meeting)["mind"] == "å" * 30_000


def test_thirty_thousand_letters_in_the_room_are_in_the_minutes(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    written = minutes.read(meeting)
    own = next(u for u in written.utterances if u.voice == "citizen")
    post(
        client,
        cast.ida,
        "room-save",
        ida.pk,
        meeting.pk,
        base=written.seq,
        **{f"ord-{own.key}": "ø" * 30_000},
    )
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    assert TextVersion.objects.get(said_by=cast.ida).words == "ø" * 30_000
    assert get(client, cast.ida, "meeting", ida.pk, meeting.pk).status_code == 200


def test_words_from_right_to_left_stay_as_they_were_written(client, meeting, ida, karen, cast, at):
    said = "أنا متعب في المساء"
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    minutes.say(meeting=meeting, item=meeting.agenda.get().key, voice="citizen", words=said, by=karen)
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    page = get(client, cast.ida, "meeting", ida.pk, meeting.pk).content.decode()
    assert f"»{said}«" in page
    assert 'dir="auto"' in page, "so that it begins at its own side"


def test_two_end_the_meeting_at_once_and_it_ends_once(client, meeting, ida, karen, cast, at):
    joint.ask_to_join(meeting=meeting, thread=thread_of(cast.lars), by=ida)
    at(clock.at(THURSDAY, time(10, 30)))
    typed = {
        "do": "end",
        "why_no_next": "Vi ringes ved.",
        "form": "home",
        "minutes_long": "60",
        "right_things": "Ja.",
    }
    post(client, cast.karen, "end-meeting", ida.pk, meeting.pk, **typed)
    page = post(client, cast.lars, "end-meeting", ida.pk, meeting.pk, **{**typed, "right_things": "Nej."})
    assert "Mødet er allerede afsluttet." in words(page)
    assert "Nej.</textarea>" in page.content.decode()
    assert "Vi ringes ved.</textarea>" not in page.content.decode()
    assert Snapshot.objects.count() == 1
    assert not TextVersion.objects.filter(words="Nej.").exists()


def test_a_yes_on_the_page_that_ends_the_meeting_is_to_the_day_that_stands_there(
    client, meeting, ida, karen, cast, at
):
    at(clock.at(THURSDAY, time(10, 30)))
    plans.begin(meeting=meeting, by=karen)
    agreed = {"side": "municipality", "owner": cast.karen, "what": "ringer", "by": ida}
    row = plans.agree_on(meeting=meeting, due=date(2026, 12, 1), **agreed)
    page = get(client, cast.karen, "end-meeting", ida.pk, meeting.pk)
    assert f'name="due-{row.pk}" value="2026-12-01"' in page.text
    asked = ("end-meeting", ida.pk, meeting.pk)
    post(client, cast.karen, *asked, do=f"yes-{row.pk}", **{f"due-{row.pk}": "2026-12-20"})
    assert not Promise.objects.filter(what="ringer").exists()
    post(client, cast.karen, *asked, do=f"yes-{row.pk}", **{f"due-{row.pk}": "2026-12-01"})
    assert Promise.objects.get(what="ringer").due == date(2026, 12, 1)


def test_two_meetings_that_lead_to_the_same_next_one_both_end(client, ida, karen, cast, at):
    """Last week's was never closed; Karen closes it after this week's, with the same next day and hour."""
    hours = {"title": "Ugens møde", "form": "home", "by": karen}
    last, this = (
        plans.plan_meeting(starts_at=clock.at(THURSDAY + timedelta(days=n), time(10)), **hours)
        for n in (0, 7)
    )
    at(clock.at(THURSDAY + timedelta(days=7), time(10, 30)))
    typed = {"do": "end", "day": "17.12.2026", "hour": "10.00", "form": "home", "minutes_long": "60"}
    typed["right_things"] = "Vi glemte skolen."
    for held in (this, last):
        post(client, cast.karen, "end-meeting", ida.pk, held.pk, **typed)
        held.refresh_from_db()
    following = Meeting.objects.get(starts_at=clock.at(date(2026, 12, 17), time(10)))
    assert (this.state, this.next_meeting, this.why_no_next) == ("ended", following, "")
    assert (last.state, last.next_meeting) == ("ended", None)
    assert "Det næste møde er aftalt i forvejen." in words(get(client, cast.ida, "meeting", ida.pk, last.pk))
    assert TextVersion.objects.filter(words="Vi glemte skolen.").count() == 2


def test_no_day_in_the_past_is_agreed_on_planned_or_moved_to(client, meeting, ida, cast):
    yesterday = {"day": "22.11.2026", "hour": "10"}
    assert "Det tidspunkt er gået." in words(
        post(client, cast.karen, "plan-meeting", ida.pk, **{**TYPED, **yesterday})
    )
    moved = {"do": "move", "move-day": "22.11.2026", "move-hour": "10", "move-because": "Vi blev syge."}
    assert "Det tidspunkt er gået." in words(
        post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, **moved)
    )
    typed = {"owner": cast.ida.pk, "what": "ringer", "due": "22.11.2026"}
    page = client.post(reverse("room-agree", args=[ida.pk, meeting.pk]), typed)
    assert "Den dag er gået." in words(page)
    assert Meeting.objects.get().starts_at == clock.at(THURSDAY, time(10))


def test_what_a_phone_had_sent_when_it_died_mid_sentence_is_in_the_minutes(meeting, karen, cast, at):
    """Half a sentence was acknowledged; the meeting ends without the phone coming back."""
    from pycrdt import Doc, Map

    from medspil.plans import live

    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    doc = live.load(meeting.pk) or Doc()
    spoken = doc.get("utterances", type=Map)
    own = next(key for key in spoken if spoken[key]["voice"] == "citizen")
    made = []
    watching = doc.observe(lambda event: made.append(bytes(event.update)))
    spoken[own]["text"] += "Om aftenen er jeg så tr"
    doc.unobserve(watching)
    live.append([(meeting.pk, cast.ida.pk, made[0])])
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    said = reading.minutes_of(karen, Meeting.objects.get()).items[0][1][0].versions.all()[0]
    assert said.words == "Om aftenen er jeg så tr"
    assert said.confirmed_by == cast.ida, "her own hand alone was on it"
