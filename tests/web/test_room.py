"""C4: the meeting room as a page: its form without JavaScript, who may come in, agreements and points."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Sharing, Text
from medspil.people import actions as people
from medspil.people.models import Mandate, Opening
from medspil.plans import actions, live, minutes
from medspil.plans.models import AgendaItem, LiveDoc, Meeting
from medspil.project.demo.cast import opened
from medspil.web.room import wire

CPH = ZoneInfo("Europe/Copenhagen")
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=CPH)


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(THURSDAY - timedelta(days=3))
    return set_to


@pytest.fixture
def meeting(cast, at):
    made = actions.plan_meeting(
        title="Mødet om Idas hverdag",
        purpose="Vi finder ud af, hvad der tager kræfter.",
        starts_at=THURSDAY,
        form="home",
        by=opened(cast.karen, cast.ida),
        others=[(cast.petra, "Petra Lund", "")],
    )
    actions.add_to_agenda(meeting=made, words="Aftenerne med børnene", by=opened(cast.ida, cast.ida))
    actions.add_to_agenda(meeting=made, words="Papirer fra lægen", by=opened(cast.karen, cast.ida))
    at(THURSDAY + timedelta(minutes=24))
    return made


def url(meeting, name="meeting-room", *more):
    return reverse(name, args=[meeting.case_id, meeting.pk, *more])


def enter(client, person, meeting, **query):
    client.force_login(person)
    return client.get(url(meeting), query)


def fields(response):
    """The form of the words as a browser would send it back."""
    blocks = {f"ord-{b['key']}": b["draft"] for b in response.context["blocks"]}
    return {"base": response.context["written"].seq, "item": response.context["here"].key, **blocks}


def said(meeting):
    return [(u.voice, u.words) for u in minutes.read(meeting).utterances if u.words]


def test_the_room_opens_with_the_citizens_free_word_and_a_block_for_each_voice(client, meeting, cast):
    page = enter(client, cast.karen, meeting)
    assert [b["is_citizen"] for b in page.context["blocks"]] == [True, False]
    assert [p["title"] for p in page.context["points"]] == [
        "Det, Ida har på hjerte",
        "Aftenerne med børnene",
        "Papirer fra lægen",
    ]
    assert [p["from_text"] for p in page.context["points"]] == ["Fra Ida", "Fra Ida", "Fra Karen"]
    assert "36\xa0minutter tilbage" in page.content.decode()
    assert Meeting.objects.get(pk=meeting.pk).began_at == THURSDAY + timedelta(minutes=24)


def test_opening_the_room_twice_makes_no_second_set_of_blocks(client, meeting, cast):
    enter(client, cast.karen, meeting)
    page = enter(client, cast.ida, meeting)
    assert len(page.context["blocks"]) == 2
    assert LiveDoc.objects.get(meeting=meeting).last_seq == page.context["written"].seq


def test_days_before_its_time_the_room_can_be_looked_at_without_beginning(client, meeting, cast, at):
    at(THURSDAY - timedelta(hours=2))
    assert "Så begynder vi" in enter(client, cast.ida, meeting).content.decode()
    assert Meeting.objects.get(pk=meeting.pk).began_at is None


def test_one_row_in_the_log_for_a_sitting_with_its_purpose(client, meeting, cast):
    enter(client, cast.karen, meeting)
    page = client.get(url(meeting))
    client.post(url(meeting, "room-save"), {**fields(page), "then": "gem"})
    client.get(url(meeting, "room-stream"))
    client.post(url(meeting, "room-push"), b"\0\0", content_type="application/octet-stream")
    sitting = client.session["sitting"]
    assert [(o.purpose, o.unit_name) for o in Opening.objects.filter(sitting=sitting)] == [
        ("meeting", "Voksen og handicap")
    ]


def test_without_javascript_two_forms_from_the_same_page_merge(client, meeting, cast):
    """C4, F7: each adds a sentence to the same block; both stand there, neither is overwritten."""
    page = enter(client, cast.karen, meeting)
    first = fields(page)
    block = next(iter(k for k in first if k.startswith("ord-")))
    client.post(url(meeting, "room-save"), {**first, block: "Klokken fem er jeg tom.", "then": "gem"})
    page = client.get(url(meeting))
    karens, idas = fields(page), fields(page)
    karens[block] += "\r\nSå ligger jeg på sofaen."
    idas[block] = "Jeg vil sige det selv. " + idas[block]
    assert client.post(url(meeting, "room-save"), {**karens, "then": "gem"}, follow=True).context["messages"]
    client.force_login(cast.ida)
    saved = client.post(url(meeting, "room-save"), {**idas, "then": "gem"}, follow=True)
    assert "Gemt" in [str(m) for m in saved.context["messages"]]
    assert said(meeting) == [
        ("citizen", "Jeg vil sige det selv. Klokken fem er jeg tom.\nSå ligger jeg på sofaen.")
    ]


def test_a_form_older_than_what_is_kept_is_asked_about_and_overwrites_nothing(client, meeting, cast):
    page = enter(client, cast.karen, meeting)
    old = fields(page)
    block = next(k for k in old if k.startswith("ord-"))
    client.post(url(meeting, "room-save"), {**old, block: "Det nye står her.", "then": "gem"})
    minutes.compact(meeting.pk)
    answer = client.post(url(meeting, "room-save"), {**old, block: "Mine gamle ord", "then": "gem"})
    assert answer.status_code == 409
    assert "Mine gamle ord" in answer.content.decode()
    assert said(meeting) == [("citizen", "Det nye står her.")]


@pytest.mark.parametrize("base", ["", "-1", "x", "999999999999999", "1e3"])
def test_a_base_that_is_no_number_of_ours_saves_nothing(client, meeting, cast, base):
    form = fields(enter(client, cast.karen, meeting))
    answer = client.post(url(meeting, "room-save"), {**form, "base": base, "then": "gem"})
    assert answer.status_code == 409
    assert said(meeting) == []


def test_the_citizen_writes_in_her_own_voice_alone(client, meeting, cast):
    """F7: neither voice is written by the other side's form; the caseworker may hold the pen for the citizen."""
    page = enter(client, cast.ida, meeting)
    assert [b["may_write"] for b in page.context["blocks"]] == [True, False]
    form = {k: "Idas ord" if k.startswith("ord-") else v for k, v in fields(page).items()}
    client.post(url(meeting, "room-save"), {**form, "then": "gem"})
    client.post(url(meeting, "room-save"), {**fields(client.get(url(meeting))), "then": "tal-professional"})
    assert said(meeting) == [("citizen", "Idas ord")]
    assert len(client.get(url(meeting)).context["blocks"]) == 2


def test_saying_more_opens_a_block_and_keeps_what_was_typed(client, meeting, cast):
    form = fields(enter(client, cast.karen, meeting))
    block = next(k for k in form if k.startswith("ord-"))
    page = client.post(
        url(meeting, "room-save"), {**form, block: "Først.", "then": "tal-citizen"}, follow=True
    )
    assert [b["is_citizen"] for b in page.context["blocks"]] == [True, False, True]
    assert page.redirect_chain[0][0].endswith(f"#ord-{page.context['blocks'][2]['key']}")
    assert said(meeting) == [("citizen", "Først.")]


def test_next_point_saves_marks_and_moves_on(client, meeting, cast):
    form = fields(enter(client, cast.karen, meeting))
    block = next(k for k in form if k.startswith("ord-"))
    page = client.post(
        url(meeting, "room-save"), {**form, block: "Klokken fem.", "then": "videre"}, follow=True
    )
    assert page.context["here"].words == "Aftenerne med børnene"
    assert [p["done"] for p in page.context["points"]] == [True, False, False]
    assert said(meeting) == [("citizen", "Klokken fem.")]


def test_a_pause_covers_the_words_until_somebody_goes_on(client, meeting, cast):
    form = fields(enter(client, cast.ida, meeting))
    page = client.post(url(meeting, "room-save"), {**form, "then": "pause"}, follow=True)
    assert page.context["written"].pause == "Ida"
    assert "Ida har bedt om en pause." in page.content.decode()
    client.force_login(cast.karen)
    page = client.post(
        url(meeting, "room-save"), {**fields(client.get(url(meeting))), "then": "i-gang"}, follow=True
    )
    assert page.context["written"].pause == ""


def test_a_point_can_be_put_on_in_the_meeting_and_gets_its_blocks(client, meeting, cast):
    enter(client, cast.ida, meeting)
    client.post(url(meeting, "room-point"), {"words": "At komme til svømning"})
    made = AgendaItem.objects.get(words="At komme til svømning")
    assert (made.source, len(client.get(url(meeting), {"punkt": made.key}).context["blocks"])) == (
        "citizen",
        2,
    )
    assert client.post(url(meeting, "room-point"), {"words": " "}).status_code == 422


def test_agreements_are_written_down_dated_said_yes_to_and_taken_off(client, meeting, cast):
    """C5: it binds when its owner says yes; without a day it is asked for."""
    enter(client, cast.karen, meeting)
    agree = url(meeting, "room-agree")
    client.post(agree, {"owner": cast.karen.pk, "what": "giver Ida svar om rengøring", "due": "2026-12-11"})
    client.post(agree, {"owner": cast.ida.pk, "what": "spørger Bente om aftenerne", "due": ""})
    client.post(agree, {"owner": cast.petra.pk, "what": "prøver turen", "due": "2026-12-03"})
    karens, idas, petras = client.get(url(meeting)).context["agreements"]
    assert (karens["missing"], karens["state"]) == (["Ida"], "on_its_way")
    assert (idas["state"], idas["day_form"] is not None) == ("no_date", True)
    assert petras["missing"] == ["Petra", "Ida"]
    assert [p.what for p in Promise.objects.filter(bound_at__isnull=False)] == ["giver Ida svar om rengøring"]
    client.post(url(meeting, "room-day", idas["pk"]), {"due": "2026-12-01"})
    client.post(url(meeting, "room-drop", petras["pk"]))
    client.force_login(cast.ida)
    for row in client.get(url(meeting)).context["agreements"]:
        client.post(url(meeting, "room-yes", row["pk"]), row["actions"][0]["hidden"])
    karens, idas = client.get(url(meeting)).context["agreements"]
    assert (karens["both"], idas["missing"]) == (True, ["Karen"])
    assert Promise.objects.get(side="citizen").what == "spørger Bente om aftenerne"


def test_a_yes_is_to_the_day_that_stood_on_the_screen(client, meeting, cast):
    """Karen's form lay open from before there was a day, and sets an earlier one than Ida is looking at."""
    enter(client, cast.karen, meeting)
    typed = {"owner": cast.ida.pk, "what": "spørger Bente", "due": "2026-12-20"}
    client.post(url(meeting, "room-agree"), typed)
    row = meeting.agreements.get()
    page = enter(client, cast.ida, meeting).content.decode()
    assert page.count('name="due" value="2026-12-20"') == 1
    actions.set_day(agreement=row, due=date(2026, 11, 27), by=opened(cast.karen, cast.ida))
    ask = {"data": {"due": "2026-12-20"}, "follow": True}
    page = client.post(url(meeting, "room-yes", row.pk), **ask).content.decode()
    assert "Her er skrevet noget andet, siden du læste det." in page
    row.refresh_from_db()
    assert row.promise is None
    client.post(url(meeting, "room-yes", row.pk), {"due": "2026-11-27"})
    assert Promise.objects.get(side="citizen").due == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due": "2026-11-25"}, "due"),
        ({"due": "31-31-2026"}, "due"),
        ({"what": " "}, "what"),
        ({"owner": "0"}, "owner"),
    ],
)
def test_an_agreement_that_cannot_be_says_why_and_keeps_what_was_typed(client, meeting, cast, more, field):
    enter(client, cast.karen, meeting)
    typed = {"owner": cast.karen.pk, "what": "ringer", "due": "2026-12-11", **more}
    answer = client.post(url(meeting, "room-agree"), typed)
    assert (answer.status_code, list(answer.context["agreement_form"].errors)) == (422, [field])
    assert not meeting.agreements.exists()


def test_a_colleague_cannot_say_yes_for_another(client, meeting, cast):
    enter(client, cast.karen, meeting)
    client.post(
        url(meeting, "room-agree"), {"owner": cast.petra.pk, "what": "prøver turen", "due": "2026-12-03"}
    )
    row = meeting.agreements.get()
    client.post(url(meeting, "room-yes", row.pk), {"due": "2026-12-03"})
    row.refresh_from_db()
    assert (row.promise, row.other_yes_at) == (None, None)


def test_a_companion_reads_along_when_minutes_are_shared_and_never_writes(client, meeting, cast):
    assert enter(client, cast.mona, meeting).status_code == 404
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=opened(cast.ida, cast.ida))
    enter(client, cast.karen, meeting)
    page = enter(client, cast.mona, meeting)
    assert [b["may_write"] for b in page.context["blocks"]] == [False, False]
    form = {k: "Monas ord" if k.startswith("ord-") else v for k, v in fields(page).items()}
    assert client.post(url(meeting, "room-save"), {**form, "then": "gem"}).status_code == 409
    assert client.post(url(meeting, "room-point"), {"words": "Noget"}).status_code == 422
    assert (
        client.post(url(meeting, "room-push"), b"\0\0", content_type="application/octet-stream").status_code
        == 403
    )
    assert said(meeting) == []


def test_a_companion_learns_no_name_that_does_not_come_to_the_meeting(client, meeting, cast):
    """Lars works in the case and is not at the table: neither the page nor what its script is told names him."""
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=opened(cast.ida, cast.ida))
    assert "Lars" in enter(client, cast.karen, meeting).content.decode()
    page = enter(client, cast.mona, meeting).content.decode()
    assert "Karen" in page
    for hidden in ("Lars", f'"{cast.lars.pk}"'):
        assert hidden not in page.partition("<main")[2]


def test_a_mandate_that_ends_in_the_middle_closes_the_room_and_keeps_what_was_said(client, meeting, cast):
    """The next word is refused with a sentence, and given back; what Gerda wrote before stands for the others."""
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    page = enter(client, cast.gerda, meeting)
    own = next(b["key"] for b in page.context["blocks"] if b["is_citizen"])
    form = {**fields(page), "then": "gem"}
    assert client.post(url(meeting, "room-save"), {**form, f"ord-{own}": "Ida vil ud."}).status_code == 302
    people.end_mandates(actor=cast.gerda, citizen=cast.ida, kinds=[Mandate.Kind.GUARDIAN])
    late = client.post(url(meeting, "room-save"), {**form, f"ord-{own}": "Ida vil ud og spise."})
    assert late.status_code == 404
    assert "Din ret til at handle for en anden her er slut." in late.content.decode()
    assert "Ida vil ud og spise." in late.content.decode()
    push = client.post(url(meeting, "room-push"), b"\0\0", content_type="application/octet-stream")
    assert (push.status_code, client.get(url(meeting, "room-stream")).status_code) == (404, 404)
    assert said(meeting) == [("citizen", "Ida vil ud.")]
    assert "Ida vil ud." in enter(client, cast.karen, meeting).content.decode()


def test_minutes_that_are_shared_no_more_close_the_room_with_a_sentence(client, meeting, cast):
    ida = opened(cast.ida, cast.ida)
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    assert enter(client, cast.mona, meeting).status_code == 200
    cases.stop_sharing(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    page = client.get(url(meeting))
    assert page.status_code == 404
    assert "Det bliver ikke længere delt med dig." in page.content.decode()
    assert client.get(url(meeting, "room-stream")).status_code == 404


def test_a_colleague_with_whom_minutes_are_shared_finds_no_way_in(client, meeting, cast):
    """Lars works in the case and does not come: he reads what is shared afterwards, and holds no pen."""
    for part in (Sharing.Part.MEETINGS, Sharing.Part.MINUTES):
        cases.share(part=part, to=cast.lars, by=opened(cast.ida, cast.ida))
    enter(client, cast.karen, meeting)
    assert enter(client, cast.lars, meeting).status_code == 404
    assert client.get(url(meeting, "room-stream")).status_code == 404
    push = client.post(url(meeting, "room-push"), b"\0\0", content_type="application/octet-stream")
    assert push.status_code == 404


def test_minutes_are_kept_only_in_the_browser_that_ida_says_is_her_own(client, meeting, cast):
    """At home she ticks it; at the library it is not ticked, and Karen does not inherit it on Ida's computer."""
    mine = {"language": "da", "palette": "colourful", "ask_every": "1", "own_device": "on"}
    client.force_login(cast.ida)
    client.post(reverse("settings"), mine)
    kept = 'data-own-device="1"'

    def keeps(browser, person):
        return kept in enter(browser, person, meeting).content.decode()

    library = Client()
    assert (keeps(client, cast.ida), keeps(library, cast.ida), keeps(client, cast.karen)) == (
        True,
        False,
        False,
    )
    page = library.get(reverse("settings"))
    assert page.context["form"]["own_device"].value() is False
    # What she sets at the library changes nothing at home, nor does signing out there.
    library.post(reverse("settings"), mine | {"own_device": ""})
    client.force_login(cast.ida)
    client.post(reverse("sign-out"))
    assert keeps(client, cast.ida)
    client.post(reverse("settings"), mine | {"own_device": ""})
    assert not keeps(client, cast.ida)


@pytest.mark.parametrize("name", ["bo", "sune", "lena", "hans", "otto"])
def test_others_find_no_room(client, meeting, cast, name):
    assert enter(client, cast.people()[name], meeting).status_code == 404
    assert client.get(url(meeting, "room-stream")).status_code == 404
    assert client.post(url(meeting, "room-save"), {"base": "1"}).status_code == 404


def test_a_meeting_of_another_case_is_not_found(client, meeting, cast):
    others = opened(cast.bo, cast.bo)
    client.force_login(cast.karen)
    assert client.get(reverse("meeting-room", args=[others.pk, meeting.pk])).status_code == 404


def test_signed_out_is_said_in_a_way_the_script_understands(client, meeting):
    assert client.get(url(meeting, "room-stream")).status_code == 401
    assert client.post(url(meeting, "room-push")).status_code == 401
    assert client.get(url(meeting)).status_code == 302


def test_after_the_end_the_form_is_kept_to_copy_and_the_room_leads_to_the_minutes(client, meeting, cast):
    form = fields(enter(client, cast.karen, meeting))
    block = next(k for k in form if k.startswith("ord-"))
    actions.end(meeting=meeting, next_time=None, why_no_next="Ida vil ikke.", by=opened(cast.karen, cast.ida))
    answer = client.post(url(meeting, "room-save"), {**form, block: "Det sidste, Ida sagde", "then": "gem"})
    assert answer.status_code == 409
    assert "Det sidste, Ida sagde" in answer.content.decode()
    assert reverse("meeting", args=[meeting.case_id, meeting.pk]) in answer.content.decode()
    push = client.post(url(meeting, "room-push"), b"\0\0", content_type="application/octet-stream")
    assert push.status_code == 409
    assert "Læs referatet" in client.get(url(meeting)).content.decode()


def test_after_the_end_no_stream_gives_out_what_ida_keeps_close_in_the_minutes(client, meeting, cast):
    """C4: the minutes are shared with Mona, and Ida keeps her own line from them; the live text knows of neither."""
    ida = opened(cast.ida, cast.ida)
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=ida)
    form = fields(enter(client, cast.ida, meeting))
    block = next(k for k in form if k.startswith("ord-"))
    client.post(url(meeting, "room-save"), {**form, block: "Mona tager mine penge.", "then": "gem"})
    client.force_login(cast.mona)
    assert client.get(url(meeting, "room-stream")).status_code == 200
    actions.end(meeting=meeting, next_time=None, why_no_next="Ida ringer.", by=opened(cast.karen, cast.ida))
    cases.keep_close(text=Text.objects.get(versions__words="Mona tager mine penge."), on=True, by=ida)
    for person in (cast.mona, cast.ida, cast.karen):
        client.force_login(person)
        # The script asks by HEAD why a stream ended; 409 is "over", where 404 would be "you may not any more".
        for answer in (client.get(url(meeting, "room-stream")), client.head(url(meeting, "room-stream"))):
            assert (answer.status_code, "event:" in answer.content.decode()) == (409, False)


def test_the_room_asks_the_database_little(client, meeting, cast, django_assert_max_num_queries):
    for n in range(6):
        actions.agree_on(
            meeting=meeting,
            side="municipality",
            owner=cast.karen,
            what=f"ringer {n}",
            due=None,
            by=opened(cast.karen, cast.ida),
        )
    enter(client, cast.karen, meeting)
    with django_assert_max_num_queries(20):
        client.get(url(meeting))


def test_what_others_wrote_comes_with_the_next_answer(client, meeting, cast):
    page = enter(client, cast.karen, meeting)
    base = page.context["written"].seq
    form = fields(page)
    block = next(k for k in form if k.startswith("ord-"))
    client.post(url(meeting, "room-save"), {**form, block: "Nye ord", "then": "gem"})
    answer = client.get(url(meeting, "room-stream"), {"after": base})
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert f"id: {base + 1}\nevent: u\ndata: " in answer.content.decode()
    kind, _seq, changes = live.read_since(meeting.pk, base)
    assert (kind, len(changes)) == ("u", 1)


# --- who acts for somebody, and a parent of a child ------------------------------------------------------------------


def blocks(page):
    return [(b["name"], b["draft"], b["acted_by"], b["may_write"]) for b in page.context["blocks"]]


def test_a_mother_has_a_block_of_her_own_and_the_child_keeps_hers(client, cast, at):
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    people.give_mandate(actor=mother, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    held = actions.plan_meeting(
        title="Mødet om skolen", starts_at=THURSDAY, form="home", by=opened(cast.karen, alba)
    )
    at(THURSDAY)
    page = enter(client, mother, held)
    assert blocks(page) == [
        ("Alba", "", "", False),
        ("Vibeke", "", "", True),
        ("Karen", "", "", False),
    ]
    assert [more["name"] for more in page.context["more"]] == ["Vibeke"]
    # Whatever she sends back in the fields of the others stays where it was.
    form = {k: "Hun sover dårligt." if k.startswith("ord-") else v for k, v in fields(page).items()}
    more = client.post(url(held, "room-save"), {**form, "then": f"tal-relative-{mother.pk}"}, follow=True)
    assert [b["name"] for b in more.context["blocks"]] == ["Alba", "Vibeke", "Karen", "Vibeke"]
    client.post(url(held, "room-save"), {**fields(more), "then": f"tal-relative-{cast.karen.pk}"})
    client.post(url(held, "room-save"), {**fields(more), "then": "tal-citizen"})
    assert said(held) == [("relative", "Hun sover dårligt.")]
    page = enter(client, cast.karen, held)
    assert blocks(page)[1] == ("Vibeke", "Hun sover dårligt.", "", True)
    assert len(page.context["blocks"]) == 4
    assert [more["name"] for more in page.context["more"]] == ["Alba", "Vibeke", "Karen"]
    assert blocks(enter(client, alba, held))[:2] == [
        ("Alba", "", "", True),
        ("Vibeke", "Hun sover dårligt.", "", False),
    ]


def test_what_gerda_writes_for_otto_says_so_while_the_meeting_goes_on(client, cast, at):
    held = actions.plan_meeting(
        title="Mødet om bussen", starts_at=THURSDAY, form="home", by=opened(cast.karen, cast.otto)
    )
    at(THURSDAY)
    page = enter(client, cast.gerda, held)
    assert "Skrevet af Gerda for Otto." not in page.content.decode()
    own = next(k for k in fields(page) if k.startswith("ord-"))
    client.post(url(held, "room-save"), {**fields(page), own: "Jeg vil køre bus.", "then": "gem"})
    for person in (cast.karen, cast.gerda, cast.otto):
        page = enter(client, person, held)
        assert blocks(page)[0][:3] == ("Otto", "Jeg vil køre bus.", "Gerda")
        assert page.content.decode().count("Skrevet af Gerda for Otto.") == 1


@pytest.mark.parametrize("others", ["", 'prefs={"a": 1}; ', "consent=[1,2]; ", "a; "])
def test_what_another_site_of_the_domain_left_in_the_browser_signs_nobody_out(others):
    assert wire._key({b"cookie": f"{others}medspil=abc".encode()}) == "abc"
