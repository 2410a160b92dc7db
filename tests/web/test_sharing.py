"""One plan, and not everybody sees everything (B6, F1): given with its terms, seen beforehand, stopped at once."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from pycrdt import Doc

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import door
from medspil.cases.models import Sharing, Text, Voice
from medspil.contact import messages
from medspil.people import actions as people
from medspil.people.models import Mandate, Opening
from medspil.plans import actions as plans
from medspil.plans import board, goals, live, met, minutes, my_life, preparing, reading
from medspil.plans import plan as plan_reading
from medspil.project.demo.cast import opened

Part = Sharing.Part
WISH = "Jeg vil handle selv om lørdagen."
HOME = "Jeg kan ikke støvsuge."
HEALTH = "Jeg græder om natten."


@pytest.fixture
def ida(cast):
    """Ida has told of home and of her health, the latter for Karen alone, and has two goals."""
    ida = opened(cast.ida, cast.ida)
    cases.write(about="area.home", whose=Voice.CITIZEN, words=HOME, base=0, by=ida)
    cases.write(about="area.health", whose=Voice.CITIZEN, words=HEALTH, base=0, kept_close=True, by=ida)
    return ida


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def goal(ida):
    goals.make_goal(wish="Jeg vil på ferie.", horizon="year", key=uuid.uuid4(), by=ida)
    return goals.make_goal(wish=WISH, horizon="month", area="home", key=uuid.uuid4(), by=ida)


def text(page):
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


def at(client, person, name, *keys):
    client.force_login(person)
    return client.get(reverse(name, args=keys))


def send(client, person, name, *keys, **typed):
    client.force_login(person)
    return client.post(reverse(name, args=keys), typed)


def choose(client, ida, person, do, **more):
    typed = {"do": do, "what_for": "Så vi kan øve os sammen", "how_long": "half", **more}
    return send(client, ida.person, "share-with", ida.pk, person.pk, **typed)


def inside(page):
    """What stands in the plan itself, without what each side has around it."""
    html = page.content.decode()
    start = html.index('<div class="plan">')
    end = min(html.find(mark, start) % len(html) for mark in ('class="log-band"', "</main>"))
    plan = html[start : html.rindex("</div>", start, end)]
    plan = re.sub(r'<form class="switch".*?</form>|<p class="no-print">.*?</p>', "", plan, flags=re.S)
    return re.sub(r"\s+", " ", strip_tags(plan)).strip()


def shared(page):
    """The part of a page that tells what is shared beside the plan."""
    html = page.content.decode()
    found = html[html.index('<ul class="plain-list shared-terms">') :]
    found = found[
        : found.index('<div class="plan">') if '<div class="plan">' in found else found.index("</main>")
    ]
    return re.sub(r"\s+", " ", strip_tags(found)).strip()


# Given


def test_nothing_is_shared_before_the_yes_and_the_yes_says_who_what_for_what_and_how_long(
    client, ida, goal, cast
):
    page = choose(client, ida, cast.petra, "see", parts=["goals"], areas=["area.home"])
    said = text(page)
    assert "Det her vil Petra se." in said
    for words in ("Petra Lund", "Mine mål og de næste skridt", "Det, jeg har fortalt: Praktiske ting hjemme"):
        assert words in said
    assert "Så vi kan øve os sammen" in said
    half_a_year = clock.today() + timedelta(days=182)
    assert str(half_a_year.day) in said
    assert not Sharing.objects.filter(to=cast.petra).exists()
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 404
    choose(client, ida, cast.petra, "give", parts=["goals"], areas=["area.home"])
    rows = Sharing.objects.in_force().filter(to=cast.petra)
    assert {(r.part, r.about, r.what_for, r.until) for r in rows} == {
        ("goals", "", "Så vi kan øve os sammen", half_a_year),
        ("areas", "area.home", "Så vi kan øve os sammen", half_a_year),
    }
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 200


def test_what_she_sees_beforehand_is_what_petra_gets(client, ida, goal, cast):
    preview = choose(client, ida, cast.petra, "see", parts=["goals", "people"], areas=["area.home"])
    choose(client, ida, cast.petra, "give", parts=["goals", "people"], areas=["area.home"])
    hers = at(client, cast.petra, "work-plan", ida.pk)
    assert inside(preview) == inside(hers)
    assert WISH in inside(hers)
    assert HOME in inside(hers)
    also = at(client, cast.petra, "work-shared", ida.pk)
    assert shared(preview) == shared(also).replace("Se planen", "").strip()
    assert "»Så vi kan øve os sammen.«" in shared(also)
    # Petra's being there stands in the log when she opens it, and not because Ida looked.
    assert Opening.objects.filter(actor=cast.petra).count() == 1


def test_petra_sees_what_is_shared_and_is_not_told_of_the_rest(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", areas=["area.home"])
    said = text(at(client, cast.petra, "work-plan", ida.pk))
    assert HOME in said
    for hidden in (WISH, HEALTH, "Helbred", "Mona", "ferie"):
        assert hidden not in said
    assert at(client, cast.petra, "work-goal", ida.pk, goal.pk).status_code == 404
    assert at(client, cast.petra, "work-area", ida.pk, "home").status_code == 200
    assert at(client, cast.petra, "work-area", ida.pk, "health").status_code == 404


def test_words_for_karen_alone_are_in_no_sharing(client, ida, cast):
    choose(client, ida, cast.petra, "give", parts=["areas"])
    assert HEALTH not in text(at(client, cast.petra, "work-plan", ida.pk))
    assert HEALTH not in text(at(client, cast.petra, "work-area", ida.pk, "health"))
    page = at(client, cast.karen, "work-area", ida.pk, "health")
    assert HEALTH in text(page)
    assert "Kun til Karen" in text(page)


def test_one_goal_can_be_shared_alone(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", goals=[goal.about])
    said = text(at(client, cast.petra, "work-plan", ida.pk))
    assert WISH in said
    assert "ferie" not in said
    assert [g.pk for g in plan_reading.plan(opened(cast.petra, cast.ida)).goals] == [goal.pk]


def test_what_is_chosen_anew_is_what_holds_and_what_was_stays_in_the_history(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals", "areas"])
    choose(client, ida, cast.petra, "give", parts=["goals"], how_long="open", what_for="Fordi vi øver")
    rows = Sharing.objects.in_force().filter(to=cast.petra)
    assert [(r.part, r.what_for, r.until) for r in rows] == [("goals", "Fordi vi øver", None)]
    page = at(client, cast.ida, "case-sharing", ida.pk)
    assert "Fordi vi øver. Til du siger stop." in text(page)
    past = page.content.decode().split("share-past")[1]
    assert past.count("Petra Lund") == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "parts"),
        ({"parts": ["goals"], "what_for": " "}, "what_for"),
        ({"parts": ["goals"], "what_for": "x" * 201}, "what_for"),
        ({"parts": ["goals"], "how_long": "altid"}, "how_long"),
        ({"parts": ["alt"]}, "parts"),
        ({"areas": ["area.job"]}, "areas"),
        ({"goals": ["goal.999999"]}, "goals"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_shared(client, ida, cast, typed, field):
    for do in ("see", "give"):
        page = choose(client, ida, cast.petra, do, **typed)
        assert field in page.context["form"].errors
    assert not Sharing.objects.filter(to=cast.petra).exists()


def test_nobody_is_chosen_who_sees_the_whole_acts_for_her_or_is_a_stranger(client, ida, cast):
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    for person in (cast.karen, cast.gerda, cast.bo, cast.ida):
        assert choose(client, ida, person, "give", parts=["goals"]).status_code == 404
    page = text(at(client, cast.ida, "case-sharing", ida.pk))
    assert "Må handle i alt og ser hele sagen." in page


def test_nobody_else_chooses_or_looks_as_another(client, ida, cast):
    choose(client, ida, cast.mona, "give", parts=list(Part.values))
    for person in (cast.mona, cast.petra, cast.karen, cast.bo):
        assert at(client, person, "share-with", ida.pk, cast.petra.pk).status_code == 404
        by = opened(person, cast.ida) if person != cast.bo else None
        if by:
            with pytest.raises(door.NotHere):
                door.preview(by, cast.petra, frozenset())
            with pytest.raises(door.NotHere):
                cases.share(part=Part.GOALS, to=cast.petra, by=by)


def test_nothing_can_be_done_with_what_one_only_looks_at(ida, goal, cast):
    seen = door.preview(ida, cast.petra, frozenset({("goals", "")}))
    for act in (
        lambda: goals.tell_how(goal=goal, words="Hej", key=uuid.uuid4(), by=seen),
        lambda: goals.say_how_it_goes(goal=goal, how="well", by=seen),
        lambda: cases.note_talk(words="Talt", by=seen),
    ):
        with pytest.raises((NotYours, door.NotHere)):
            act()


# Stopped


def test_stopping_takes_effect_on_the_next_click_and_gives_back_what_was_typed(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals"])
    key = uuid.uuid4()
    assert at(client, cast.petra, "work-goal", ida.pk, goal.pk).status_code == 200
    send(client, cast.ida, "stop-sharing", ida.pk, part="goals", to=cast.petra.pk)
    page = send(
        client, cast.petra, "work-goal", ida.pk, goal.pk,
        **{"do": "note", "note-words": "Vi øvede os i Netto.", "note-key": str(key)},
    )  # fmt: skip
    assert page.status_code == 404
    assert "Det bliver ikke længere delt med dig." in text(page)
    assert "Vi øvede os i Netto." in text(page)
    assert not Text.objects.filter(about__contains="note").exists()
    again = at(client, cast.petra, "work-plan", ida.pk)
    assert again.status_code == 404
    assert "Det bliver ikke længere delt med dig." in text(again)
    # Her own part of the case is as open as before.
    assert at(client, cast.petra, "work-case", ida.pk).status_code == 200


def test_a_consent_whose_time_is_out_is_over_like_one_that_was_stopped(client, ida, goal, cast, monkeypatch):
    choose(client, ida, cast.petra, "give", parts=["goals"], how_long="quarter")
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(days=91))
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(days=92))
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 404
    choose(client, ida, cast.petra, "give", parts=["goals"], how_long="quarter")
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 200


@pytest.mark.parametrize(("days", "asked"), [(76, False), (77, True), (91, True), (92, False)])
def test_ida_is_asked_before_a_consent_runs_out(client, ida, goal, cast, monkeypatch, days, asked):
    """By hand: 91 days; asked in the last fourteen, from the 77th to the last."""
    choose(client, ida, cast.petra, "give", parts=["goals"], how_long="quarter")
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(days=days))
    page = text(at(client, cast.ida, "my-case"))
    assert ("Petra kan se med til og med" in page) is asked
    assert ("vælg en ny dag" in page) is asked


def test_nobody_is_asked_about_the_sight_of_one_who_acts_for_ida(client, ida, cast):
    choose(client, ida, cast.mona, "give", parts=["goals"], how_long="quarter")
    Sharing.objects.filter(to=cast.mona).update(until=clock.today() + timedelta(days=3))
    assert "Mona kan se med" in text(at(client, cast.ida, "my-case"))
    people.give_mandate(actor=cast.mona, citizen=cast.ida, kind=Mandate.Kind.REPRESENTATIVE)
    assert "kan se med" not in text(at(client, cast.ida, "my-case"))


def test_everything_with_one_person_stops_at_once(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals", "areas", "people"])
    send(client, cast.ida, "stop-sharing", ida.pk, to=cast.petra.pk)
    assert not Sharing.objects.in_force().filter(to=cast.petra).exists()
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 404


# The provider's own part of the same plan


def test_petras_step_and_note_stand_in_the_one_plan_for_ida_and_karen(client, ida, karen, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals"])
    due = (clock.today() + timedelta(days=10)).isoformat()
    step = {
        "do": "step", "step-owner": cast.petra.pk, "step-what": "går med til Netto", "step-due": due,
        "step-key": str(uuid.uuid4()),
    }  # fmt: skip
    note = {"do": "note", "note-words": "Vi gik turen to gange.", "note-key": str(uuid.uuid4())}
    for typed in (step, note, note, {"do": "how", "how-how": "well"}):
        assert send(client, cast.petra, "work-goal", ida.pk, goal.pk, **typed).status_code == 302
    assert Text.objects.filter(about__contains=".note.").count() == 1
    promise = plan_reading.steps_of(ida, goal)[0].promise
    # Her own word binds, in her own unit.
    assert promise.bound_by == cast.petra
    assert promise.unit == cast.home
    for person, name in ((cast.ida, "goal"), (cast.karen, "work-goal")):
        said = text(at(client, person, name, ida.pk, goal.pk))
        assert "Vi gik turen to gange." in said
        assert "går med til Netto" in said
        assert "Petra: godt" in said


def test_each_finds_in_the_form_only_what_they_said_themselves(client, ida, goal, cast, karen):
    """Karen's »tungt« is no answer of Petra's, nor Ida's one of her guardian's."""
    choose(client, ida, cast.petra, "give", parts=["goals"])
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)

    def chosen():
        pages = [
            (cast.ida, "goal"),
            (cast.gerda, "goal"),
            (cast.karen, "work-goal"),
            (cast.petra, "work-goal"),
        ]
        found = []
        for person, name in pages:
            for one in (name, f"{name}-together"):
                form = at(client, person, one, ida.pk, goal.pk).context["forms"]["how"]
                found.append(form["how"].value())
        assert found[::2] == found[1::2], "the goal's page and that of talking of it together"
        return found[::2]

    assert chosen() == ["", "", "", ""]
    goals.say_how_it_goes(goal=goal, how="well", by=ida)
    goals.say_how_it_goes(goal=goal, how="hard", by=karen)
    assert chosen() == ["well", "", "hard", ""]
    goals.say_how_it_goes(goal=goal, how="both_ways", by=opened(cast.petra, cast.ida))
    assert chosen() == ["well", "", "hard", "both_ways"]


def test_the_wish_and_its_frame_are_not_petras_to_change(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals"])
    page = at(client, cast.petra, "work-goal", ida.pk, goal.pk)
    assert set(page.context["forms"]) == {"how", "step", "note"}
    petra = opened(cast.petra, cast.ida)
    for act in (
        lambda: goals.set_state(goal=goal, state="let_go", by=petra),
        lambda: goals.set_frame(goal=goal, horizon="week", area="", by=petra),
        lambda: goals.write_wish(goal=goal, words="Nej", whose=Voice.CITIZEN, base=None, by=petra),
        lambda: goals.make_goal(wish="Mit", horizon="week", key=uuid.uuid4(), by=petra),
        lambda: goals.follow_up(goal=goal, due=clock.today() + timedelta(days=3), by=petra),
    ):
        with pytest.raises(NotYours):
            act()
    with pytest.raises(goals.OnlyYourOwn):
        goals.add_step(
            goal=goal, owner=cast.karen, what="ringer", due=clock.today(), key=uuid.uuid4(), by=petra
        )


def test_ida_says_that_it_was_not_like_that_and_it_follows_the_note(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals"])
    note = goals.tell_how(goal=goal, words="Ida gik selv.", key=uuid.uuid4(), by=opened(cast.petra, cast.ida))
    page = at(client, cast.ida, "goal", ida.pk, goal.pk)
    assert "Sådan var det ikke" in text(page)
    sent = send(client, cast.ida, "goal-object", ida.pk, goal.pk, note.pk, words="Petra holdt mig i hånden.")
    assert sent.status_code == 302
    for person, name in ((cast.petra, "work-goal"), (cast.karen, "work-goal"), (cast.ida, "goal")):
        assert "Petra holdt mig i hånden." in text(at(client, person, name, ida.pk, goal.pk))


def test_lars_reads_nothing_of_what_is_shared_with_petra(client, ida, goal, cast):
    choose(client, ida, cast.petra, "give", parts=["goals", "areas"])
    assert at(client, cast.lars, "work-plan", ida.pk).status_code == 404
    assert at(client, cast.lars, "work-goal", ida.pk, goal.pk).status_code == 404


def test_minutes_that_are_shared_are_read_and_neither_answered_nor_moved(client, ida, karen, cast):
    now = clock.now()
    with clock.held_at(now - timedelta(days=2)):
        held = plans.plan_meeting(title="Om maden", starts_at=now - timedelta(days=1), form="home", by=karen)
    with clock.held_at(now - timedelta(days=1)):
        doc = Doc()
        minutes.add(
            doc, item=held.agenda.get().key, voice="citizen", writer=cast.ida.pk, words="Jeg spiser sent."
        )
        live.append([(held.pk, cast.ida.pk, doc.get_update())])
        plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    coming = plans.plan_meeting(title="Om penge", starts_at=now + timedelta(days=5), form="home", by=karen)
    petra = opened(cast.petra, cast.ida)
    assert list(reading.meetings(petra)) == []
    choose(client, ida, cast.petra, "give", parts=["minutes"])
    choose(client, ida, cast.mona, "give", parts=["minutes"])
    assert "Om maden" in text(at(client, cast.petra, "work-shared", ida.pk))
    assert at(client, cast.petra, "work-plan", ida.pk).status_code == 404
    page = at(client, cast.petra, "work-meeting", ida.pk, held.pk)
    assert "Jeg spiser sent." in text(page)
    answer = send(
        client, cast.petra, "work-meeting", ida.pk, held.pk,
        **{"do": "minutes", "minutes-answer": "yes", "minutes-digest": held.snapshots.get().digest},
    )  # fmt: skip
    assert answer.status_code == 404
    # Minutes without meetings open those that were held, and nothing of those to come.
    assert "Jeg spiser sent." in text(at(client, cast.mona, "meeting", ida.pk, held.pk))
    assert at(client, cast.mona, "meeting", ida.pk, coming.pk).status_code == 404
    assert "Om penge" not in text(at(client, cast.mona, "case-meetings", ida.pk))
    choose(client, ida, cast.petra, "give", parts=["meetings"])
    seen = at(client, cast.petra, "work-meeting", ida.pk, coming.pk)
    assert "Det taler vi om" in text(seen)
    assert "Flyt mødet" not in text(seen)
    assert at(client, cast.petra, "meeting-room", ida.pk, coming.pk).status_code == 404
    for act in (
        lambda: plans.cancel(meeting=coming, because="x", by=opened(cast.petra, cast.ida)),
        lambda: plans.add_to_agenda(meeting=coming, words="x", by=opened(cast.petra, cast.ida)),
    ):
        with pytest.raises(NotYours):
            act()
    assert "Jeg spiser sent." not in text(at(client, cast.petra, "work-meeting", ida.pk, held.pk))


# Those beside her


def test_words_written_for_ida_are_nobodys_to_read_before_her_yes(client, ida, karen, cast):
    cases.write(about="area.self", whose=Voice.CITIZEN, words="Ida sover til ti.", base=0, by=karen)
    said = cases.write(about="area.self", whose=Voice.CITIZEN, words="Ida sover til ni.", base=1, by=karen)
    for person in (cast.mona, cast.petra):
        choose(client, ida, person, "give", parts=["areas"])

    def reads(person):
        texts = opened(person, cast.ida).texts(Part.AREAS, "area.self")
        return [version.words for one in texts for version in one.versions.all()]

    assert reads(cast.mona) == reads(cast.petra) == []
    assert reads(cast.karen) == ["Ida sover til ni.", "Ida sover til ti."]
    cases.confirm(version=said, by=ida)
    assert reads(cast.mona) == reads(cast.petra) == ["Ida sover til ni."]


def test_a_guide_sees_the_lines_of_the_sheet_that_are_shared_and_nothing_else(client, ida, karen, goal, cast):
    guide = people.add_person(login="guide", name="Rasmus Holt", email="")
    people.give_mandate(actor=guide, citizen=cast.ida, kind=Mandate.Kind.GUIDE, ground="Borgerguide")
    meeting = plans.plan_meeting(
        title="Om foråret", starts_at=clock.now() + timedelta(days=4), form="home", by=karen
    )
    written = {"mind": "Jeg er bange for at miste Petra.", "well": "Jeg var i haven.", "remember": "Nøglen."}
    preparing.save(meeting=meeting, words=written, by=ida)
    with pytest.raises(NotYours):
        opened(guide, cast.ida)
    page = choose(client, ida, guide, "see", parts=["prep"])
    assert "Borgerguide" in text(page)
    choose(client, ida, guide, "give", parts=["prep"])
    preparing.share(meeting=meeting, key="well", by=ida)
    preparing.share(meeting=meeting, key="remember", kept_close=True, by=ida)
    said = text(at(client, guide, "case", ida.pk))
    assert "Jeg var i haven." in said
    for hidden in ("bange", "Nøglen", "Om foråret", WISH, HOME, "Karen"):
        assert hidden not in said
    for name in ("case-meetings", "case-my-plan", "case-promises", "case-asked", "case-log", "case-sharing"):
        assert at(client, guide, name, ida.pk).status_code == 404
    assert at(client, guide, "meeting", ida.pk, meeting.pk).status_code == 404


def test_parting_is_one_press_and_the_meetings_to_come_know(client, ida, karen, cast):
    meeting = plans.plan_meeting(
        title="Om foråret", starts_at=clock.now() + timedelta(days=4), form="home", by=karen,
        others=[(cast.mona, "Mona Holm", "bisidder")],
    )  # fmt: skip
    assert at(client, cast.mona, "case", ida.pk).status_code == 200
    page = at(client, cast.ida, "share-with", ida.pk, cast.mona.pk)
    assert page.context["part_url"]
    send(client, cast.ida, "part-ways", ida.pk, cast.mona.pk)
    page = at(client, cast.mona, "case", ida.pk)
    assert page.status_code == 404
    assert "Det bliver ikke længere delt med dig." in text(page)
    assert not meeting.attendees.filter(person=cast.mona).exists()
    assert at(client, cast.ida, "share-with", ida.pk, cast.mona.pk).status_code == 404


# Only my caseworker


def test_the_choice_stands_beside_the_words_and_is_hers_to_change(client, ida, karen, cast):
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    page = send(
        client, cast.ida, "goal-new", ida.pk,
        words="Jeg vil væk herfra.", horizon="year", key=str(uuid.uuid4()), kept_close="on",
    )  # fmt: skip
    assert page.status_code == 302
    made = plan_reading.plan(ida).goals[0]
    assert plan_reading.plan(opened(cast.gerda, cast.ida)).goals == []
    assert at(client, cast.gerda, "goal", ida.pk, made.pk).status_code == 404
    assert "Kun til Karen" in text(at(client, cast.karen, "work-goal", ida.pk, made.pk))
    # A guardian is not asked.
    assert "kept_close" not in at(client, cast.gerda, "goal-new", ida.pk).context["form"].fields
    wish = Text.objects.get(about=made.about)
    send(client, cast.ida, "keep-close", ida.pk, wish.pk, on="")
    assert "Jeg vil væk herfra." in text(at(client, cast.gerda, "goal", ida.pk, made.pk))
    send(client, cast.ida, "keep-close", ida.pk, wish.pk, on="1")
    assert at(client, cast.gerda, "goal", ida.pk, made.pk).status_code == 404
    assert send(client, cast.gerda, "keep-close", ida.pk, wish.pk, on="").status_code == 404


def test_an_objection_and_a_remark_can_be_for_karen_alone(client, ida, karen, cast):
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    said = cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Ida klarer det.", base=0, by=karen)
    send(
        client, cast.ida, "area-object", ida.pk, "home", said.pk, words="Nej, Gerda gør det.", kept_close="on"
    )
    now = clock.now()
    with clock.held_at(now - timedelta(days=2)):
        held = plans.plan_meeting(title="Før", starts_at=now - timedelta(days=1), form="home", by=karen)
    with clock.held_at(now - timedelta(days=1)):
        snapshot = plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    send(
        client, cast.ida, "meeting", ida.pk, held.pk,
        snapshot=snapshot.pk, digest=snapshot.digest, answer="no", words="Gerda svarede for mig.", kept_close="on",
    )  # fmt: skip
    for person, area, meeting in (
        (cast.ida, "case-area", "meeting"),
        (cast.karen, "work-area", "work-meeting"),
        (cast.gerda, "case-area", "meeting"),
    ):
        sees = person != cast.gerda
        assert ("Nej, Gerda gør det." in text(at(client, person, area, ida.pk, "home"))) is sees
        page = text(at(client, person, meeting, ida.pk, held.pk))
        assert ("Gerda svarede for mig." in page) is sees


def test_what_is_asked_for_karen_alone_is_not_among_the_guardians_messages(client, ida, cast):
    from medspil.contact import actions as contact

    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    asked = contact.ask_for(words="Må jeg få en anden værge?", key=uuid.uuid4(), by=ida)
    words = Text.objects.get(about=asked.about)
    assert "anden værge" in text(at(client, cast.gerda, "case-request", ida.pk, asked.pk))
    send(client, cast.ida, "keep-close", ida.pk, words.pk, on="1")
    assert at(client, cast.gerda, "case-request", ida.pk, asked.pk).status_code == 404
    assert "anden værge" not in text(at(client, cast.gerda, "case-asked", ida.pk))
    assert "anden værge" in text(at(client, cast.karen, "work-request", ida.pk, asked.pk))


def test_the_pages_of_sharing_speak_english(client, ida, goal, cast):
    client.cookies["language"] = "en"
    client.force_login(cast.ida)
    for name, keys in (("case-sharing", ()), ("share-with", (cast.petra.pk,))):
        page = client.get(reverse(name, args=[ida.pk, *keys]), headers={"accept-language": "en"})
        assert 'lang="en"' in page.content.decode()
        assert "Petra" in text(page)
        assert "må se" not in text(page)


def test_the_sheet_is_read_by_date_of_its_meeting(ida, karen, cast):
    """Lines of a meeting that was called off, or held, are not among those to come."""
    first = plans.plan_meeting(title="A", starts_at=clock.now() + timedelta(days=4), form="home", by=karen)
    preparing.save(meeting=first, words={"well": "Haven."}, by=ida)
    preparing.share(meeting=first, key="well", by=ida)
    assert [t.about for t in preparing.lines(ida)] == [f"prep.{first.pk}.well"]
    plans.cancel(meeting=first, because="Syg", by=karen)
    assert preparing.lines(ida) == []


def test_the_pages_of_whom_it_is_shared_with_ask_the_database_a_few_times(
    client, ida, karen, goal, cast, django_assert_max_num_queries
):
    plans.plan_meeting(title="A", starts_at=clock.now() + timedelta(days=4), form="home", by=karen)
    goals.add_step(goal=goal, owner=cast.karen, what="ringer", due=clock.today(), key=uuid.uuid4(), by=karen)
    everything = {(part, "") for part in Part.values}
    for person in (cast.petra, cast.mona):
        cases.share_just(parts=everything, to=person, by=ida)
    for person, name, *keys in (
        (cast.petra, "work-shared"),
        (cast.petra, "work-plan"),
        (cast.petra, "work-goal", goal.pk),
        (cast.mona, "case"),
        (cast.mona, "case-my-plan"),
        (cast.ida, "case-sharing"),
        (cast.ida, "share-with", cast.petra.pk),
    ):
        assert at(client, person, name, ida.pk, *keys).status_code == 200
        with django_assert_max_num_queries(20):
            client.get(reverse(name, args=[ida.pk, *keys]))


def test_the_pages_that_petra_could_open_are_seen_beforehand_too(client, ida, goal, cast):
    """The goal as she will read it, with nothing to press; and no page of what is not chosen."""
    seen = choose(client, ida, cast.petra, "see", parts=["goals"], page=f"goal-{goal.pk}")
    assert f'value="goal-{goal.pk}" aria-current="page"' in seen.content.decode()
    assert WISH in seen.content.decode()
    assert 'name="do" value="step"' not in seen.content.decode()
    assert 'value="meeting-' not in seen.content.decode()
    cases.share(part=Part.GOALS, to=cast.petra, by=ida)
    gets = text(at(client, cast.petra, "work-goal", ida.pk, goal.pk))
    for told in (WISH, "Skridt", "Sådan går det"):
        assert told in gets
        assert told in text(seen)


BEHIND = {
    "told": ("case-area", "home"),
    "board": ("case-board",),
    "life": ("how-is-life",),
    "met": ("case-met",),
    "ended": ("ended-goals",),
}


def test_what_stands_behind_the_plan_is_seen_beforehand_as_mona_will_find_it(client, ida, karen, goal, cast):
    """Notes, how life is, times together, goals from before and messages: each with its words and nothing to press,
    and without what is for Karen alone."""
    for close in (False, True):

        def said(words, close=close):
            more = {"words": "Kun Karen." if close else words, "kept_close": close}
            return {**more, "key": uuid.uuid4(), "by": ida}

        board.put_up(whose=Voice.CITIZEN, column="hard", **said("Det står på tavlen."))
        messages.send(thread=ida.main_thread, **said("Må jeg få en anden dag?"))
        without_key = {k: v for k, v in said("Solen kommer tilbage.").items() if k != "key"}
        my_life.say(says="bright", **without_key)
        row = met.tell(
            how="did", held_on=clock.today(), there="Ida", **{**said("Vi lo ved søen."), "by": karen}
        )
        cases.confirm(version=Text.objects.get(about=row.about).versions.get(), by=ida)
    goals.set_state(goal=goal, state="reached", by=ida)
    thread = ida.main_thread.pk
    told = {
        "told": HOME,
        "board": "Det står på tavlen.",
        "life": "Solen kommer tilbage.",
        "met": "Vi lo ved søen.",
        "ended": WISH,
        f"talk-{thread}": "Må jeg få en anden dag?",
    }
    parts = ["areas", "goals", "messages"]
    seen = {key: choose(client, ida, cast.mona, "see", parts=parts, page=key) for key in told}
    choose(client, ida, cast.mona, "give", parts=parts)
    for key, words in told.items():
        gets = at(client, cast.mona, *_page_of(key, ida.pk, thread))
        assert words in text(gets), key
        assert words in text(seen[key]), key
        inside = seen[key].content.decode()
        assert f'value="{key}" aria-current="page"' in inside
        assert "Kun Karen" not in inside, key
        preview = inside[inside.index('id="saadan"') :].partition("</form>")[2].partition("</main>")[0]
        preview = preview.partition('class="log-band"')[0]
        assert "<form" not in preview, key
        assert 'href="/sag/' not in preview, key
    # What is not shared is not among the pages; a part of it opens no more than that part.
    listed = choose(client, ida, cast.mona, "see", areas=["area.home"]).content.decode()
    assert [key for key in told if f'name="page" value="{key}"' in listed] == ["told"]
    only = text(choose(client, ida, cast.mona, "see", areas=["area.home"], page="board"))
    assert "tavlen" not in only


def _page_of(key, pk, thread):
    name, *more = BEHIND.get(key, ("case-talk", thread))
    return name, pk, *more


def test_a_page_that_is_not_chosen_cannot_be_looked_at_by_its_number(client, ida, goal, cast):
    seen = choose(client, ida, cast.petra, "see", areas=["area.home"], page=f"goal-{goal.pk}")
    assert seen.status_code == 200
    assert WISH not in seen.content.decode()


def test_minutes_are_read_beforehand_as_mona_will_read_them(client, ida, karen, cast):
    meeting = plans.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(hours=1), form="home", by=karen
    )
    doc = Doc()
    item = meeting.agenda.get()
    minutes.add(doc, item=item.key, voice="citizen", writer=cast.ida.pk, words="Jeg kan ikke bære vasken.")
    live.append([(meeting.pk, cast.ida.pk, doc.get_update())])
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    first = choose(client, ida, cast.mona, "see", parts=["minutes"])
    assert "Jeg kan ikke bære vasken." not in text(first)
    seen = text(choose(client, ida, cast.mona, "see", parts=["minutes"], page=f"meeting-{meeting.pk}"))
    assert "Jeg kan ikke bære vasken." in seen
    assert "Det var ikke det, jeg sagde" not in seen


def test_what_ida_asks_for_karen_alone_is_so_from_the_first_moment(client, ida, cast):
    """Chosen in the form, which needs no JavaScript; a guardian never sees it, and cannot choose it either."""
    guardian = people.add_person(login="torben", name="Torben Holm")
    people.give_mandate(actor=guardian, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    for page in ("case", "case-asked", "case-ask"):
        assert 'name="kept_close"' in at(client, cast.ida, page, ida.pk).content.decode(), page
        assert 'name="kept_close"' not in at(client, guardian, page, ida.pk).content.decode(), page
    words = "Min værge tager mine penge."
    send(client, cast.ida, "case-ask", ida.pk, words=words, key=uuid.uuid4(), kept_close="on")
    assert Text.objects.get(case=ida.case, about__startswith="request.").kept_close
    assert "Kun til Karen" in text(at(client, cast.ida, "case-asked", ida.pk))
    assert words not in text(at(client, guardian, "case-asked", ida.pk))


def test_a_question_to_petra_alone_says_so_by_her_name(client, ida, cast):
    client.force_login(cast.ida)
    page = client.get(reverse("case-ask", args=[ida.pk]), {"til": cast.petra.pk})
    assert "Kun til Petra" in text(page)
