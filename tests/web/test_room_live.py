"""C4: the meeting room in two real browsers, on a server of its own that is killed on the way."""

import base64
import http.client
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from pycrdt import Doc, Map, Text

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member, Sharing
from medspil.people import actions as people
from medspil.people.models import Mandate, Opening
from medspil.plans import actions, live, minutes
from medspil.plans.models import LiveUpdate
from medspil.project.demo.cast import opened
from tests.web.serving import Server, cookie, meeting_now, own_device, session_of, until

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def process(django_db_setup):
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def server(process, transactional_db):
    """Running when a test begins, whatever the one before did to it."""
    process.start()
    return process


@pytest.fixture
def meeting(server, cast):
    return meeting_now(cast)


@pytest.fixture
def enter(browser, browser_context_args, server, meeting):
    """enter(person) opens the room in a browser of their own, and waits until it is live."""
    contexts, problems = [], []

    def go_in(person, *, base=server.address, held=meeting, is_own=False, **more):
        context = browser.new_context(**{**browser_context_args, **more})
        contexts.append(context)
        context.add_cookies([cookie(person, base)])
        if is_own:
            context.add_cookies([own_device(person, base)])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{error.message} {error.stack}"))
        page.on("console", lambda m: problems.append(m.text) if "Content Security" in m.text else None)
        page.goto(f"{base}/sag/{held.case_id}/moede/{held.pk}/rum/")
        if more.get("java_script_enabled", True):
            expect(page.locator("[data-room][data-ready]")).to_be_attached()
            expect(room(page)).to_have_attribute("data-online", "1")
        return page

    go_in.problems = problems
    yield go_in
    for context in contexts:
        context.close()
    assert not problems, problems


def room(page):
    return page.locator("[data-room]")


def citizens(page):
    return page.locator(".said-citizen textarea").first


def is_sent(page):
    expect(room(page)).to_have_attribute("data-unsent", "0", timeout=15000)


def words_in_database(meeting):
    return [u.words for u in minutes.read(meeting).utterances if u.words]


def test_two_browsers_see_each_others_words_within_two_seconds(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida)
    citizens(karen).press_sequentially("Klokken fem er jeg tom.")
    expect(citizens(ida)).to_have_value("Klokken fem er jeg tom.", timeout=2000)
    expect(ida.get_by_text("Karen skriver")).to_be_visible()
    citizens(ida).press("Control+Home")
    citizens(ida).press_sequentially("Jeg siger det selv. ")
    expect(citizens(karen)).to_have_value("Jeg siger det selv. Klokken fem er jeg tom.", timeout=2000)
    is_sent(karen)
    is_sent(ida)
    assert words_in_database(meeting) == ["Jeg siger det selv. Klokken fem er jeg tom."]


def test_every_marked_word_of_two_writers_is_there_once_after_an_outage_and_a_kill(
    cast, meeting, enter, server
):
    """Both write 200 marked words in one block; Ida is offline for half of hers; the server is killed once."""
    karen, ida = enter(cast.karen), enter(cast.ida)
    citizens(karen).focus()
    citizens(ida).focus()

    def both_write(first, last):
        for n in range(first, last):
            for page, name in ((karen, "k"), (ida, "i")):
                # Some letter by letter, the rest a word at a time as a quick keyboard or dictation gives them.
                write = page.keyboard.type if n % 8 == 0 else page.keyboard.insert_text
                write(f"{name}{n:03} ")

    both_write(0, 50)
    ida.context.set_offline(True)
    both_write(50, 100)
    server.kill()
    both_write(100, 125)
    server.start()
    both_write(125, 150)
    expect(room(ida)).to_have_attribute("data-online", "")
    ida.context.set_offline(False)
    both_write(150, 200)
    for page in (karen, ida):
        is_sent(page)
    # What was sent has still to come to the other screen.
    until(lambda: citizens(ida).input_value() == citizens(karen).input_value(), 20)
    [written] = words_in_database(meeting)
    assert written == citizens(karen).input_value()
    wanted = sorted([f"k{n:03}" for n in range(200)] + [f"i{n:03}" for n in range(200)])
    assert sorted(re.findall(r"[ki]\d{3}", written)) == wanted


def test_the_room_works_by_asking_again_where_no_stream_can_stay_open(
    cast, enter, live_server, meeting, server
):
    """Under plain WSGI the same page asks every second."""
    karen, ida = enter(cast.karen, base=live_server.url), enter(cast.ida, base=live_server.url)
    citizens(karen).press_sequentially("Klokken fem er jeg tom.")
    expect(citizens(ida)).to_have_value("Klokken fem er jeg tom.", timeout=4000)
    is_sent(karen)


def test_a_point_an_agreement_and_a_pause_show_on_the_other_screen(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida)
    karen.get_by_text("Ny aftale").click()
    karen.get_by_label("Hvem gør det?").select_option("Karen Damsgaard")
    karen.get_by_label("Hvad aftaler vi?").fill("giver Ida svar om rengøring")
    karen.get_by_label("Senest hvornår?").fill("2031-12-11")
    karen.get_by_role("button", name="Skriv aftalen ned").click()
    for page in (karen, ida):
        expect(page.locator(".agreement")).to_contain_text("Karen giver Ida svar om rengøring")
    ida.get_by_role("button", name="Sig ja giver Ida svar om rengøring").click()
    expect(karen.locator(".agreement")).to_contain_text("Begge har sagt ja")
    ida.get_by_text("Nyt punkt").click()
    ida.get_by_label("Hvad skal vi også tale om?").fill("At komme til svømning")
    ida.get_by_role("button", name="Sæt på").click()
    expect(karen.locator(".room-agenda-wide")).to_contain_text("At komme til svømning")
    ida.get_by_role("button", name="Hold pause").click()
    expect(karen.get_by_text("Ida har bedt om en pause.")).to_be_visible()
    expect(citizens(karen)).to_be_hidden()
    karen.get_by_role("button", name="Vi går videre").click()
    expect(citizens(ida)).to_be_visible()


def test_a_day_that_is_being_chosen_stays_while_news_come_from_the_other_screen(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida)

    def agree(page, what):
        page.get_by_text("Ny aftale").click()
        page.get_by_label("Hvem gør det?").select_option("Karen Damsgaard")
        page.get_by_label("Hvad aftaler vi?").fill(what)
        page.get_by_role("button", name="Skriv aftalen ned").click()
        expect(page.locator(".agreements")).to_contain_text(what)

    def hears(what):
        with karen.expect_response(lambda answer: "/rum/?punkt=" in answer.url):
            agree(ida, what)

    agree(karen, "ringer til Bente")
    agree(karen, "finder en dag til svømning")
    karen.get_by_text("Vælg dag finder en dag").click()
    chosen = karen.get_by_label("Senest hvornår?").nth(1)
    chosen.fill("2031-11-11")
    citizens(karen).focus()
    hears("taler med Hanne")
    expect(karen.locator(".agreements")).to_contain_text("taler med Hanne")
    expect(chosen).to_have_value("2031-11-11")
    expect(chosen).to_be_visible()
    expect(karen.get_by_label("Senest hvornår?").first).to_be_hidden()
    chosen.focus()
    karen.get_by_role("button", name="Gem dagen").focus()
    hears("skriver til Frivilligcentret")
    karen.keyboard.press("Enter")
    expect(karen.locator(".agreement").nth(1)).to_contain_text("11.\u00a0november\u00a02031")
    expect(karen.locator(".agreements")).to_contain_text("Frivilligcentret")


def test_the_next_point_has_words_of_its_own(cast, meeting, enter):
    karen = enter(cast.karen)
    citizens(karen).press_sequentially("Først.")
    karen.get_by_role("button", name="Næste punkt").click()
    expect(karen.locator("h2#point-title")).to_have_text("Aftenerne med børnene")
    expect(citizens(karen)).to_have_value("")
    citizens(karen).press_sequentially("Så om aftenen.")
    is_sent(karen)
    expect(karen.locator(".room-agenda-wide .agenda-done")).to_have_count(1)
    karen.reload()
    expect(citizens(karen)).to_have_value("Så om aftenen.")
    karen.get_by_role("button", name="Ida siger mere").click()
    karen.keyboard.type("Mere.")
    is_sent(karen)
    assert words_in_database(meeting) == ["Først.", "Så om aftenen.", "Mere."]


def test_a_form_without_javascript_merges_with_live_typing(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida, java_script_enabled=False)
    citizens(karen).press_sequentially("Klokken fem er jeg tom. Blåbær 😀")
    is_sent(karen)
    citizens(ida).fill("Jeg skrev dette uden JavaScript.")
    ida.get_by_role("button", name="Gem").click()
    expect(ida.get_by_role("status").filter(has_text="Gemt")).to_be_visible()
    expect(citizens(karen)).to_have_value(re.compile("Jeg skrev dette uden JavaScript."), timeout=2000)
    assert "Klokken fem er jeg tom. Blåbær 😀" in citizens(karen).input_value()
    ida.get_by_role("button", name="Næste punkt").click()
    expect(ida.locator("h2#point-title")).to_have_text("Aftenerne med børnene")


def test_who_loses_the_right_to_be_there_is_told_and_gets_nothing_more(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida)
    Member.objects.filter(person=cast.karen, thread__case=meeting.case).update(
        until=clock.today() - timedelta(days=1)
    )
    meeting.attendees.filter(person=cast.karen).delete()
    expect(karen.get_by_text("Du kan ikke skrive her mere.")).to_be_visible(timeout=8000)
    citizens(ida).press_sequentially("Kun for os.")
    is_sent(ida)
    karen.wait_for_timeout(500)
    expect(citizens(karen)).to_have_value("")
    expect(citizens(karen)).not_to_be_editable()


def test_after_the_end_the_page_says_so_and_late_words_can_be_copied(cast, meeting, enter):
    karen, ida = enter(cast.karen), enter(cast.ida)
    citizens(karen).press_sequentially("Klokken fem er jeg tom.")
    is_sent(karen)
    ida.context.set_offline(True)
    citizens(ida).press("Control+End")
    citizens(ida).press_sequentially(" For sent.")
    actions.end(meeting=meeting, next_time=None, why_no_next="Ida ringer.", by=opened(cast.karen, cast.ida))
    expect(karen.get_by_text("Mødet er slut.")).to_be_visible(timeout=3000)
    ida.context.set_offline(False)
    expect(ida.get_by_text("Mødet er slut. Det her nåede ikke med.")).to_be_visible(timeout=15000)
    expect(citizens(ida)).to_have_value("Klokken fem er jeg tom. For sent.")
    expect(ida.get_by_role("link", name="Læs referatet")).to_be_visible()
    assert words_in_database(meeting) == ["Klokken fem er jeg tom."]


def test_on_a_device_of_ones_own_a_reload_without_a_network_loses_nothing(cast, meeting, enter, server):
    ida = enter(cast.ida, is_own=True)
    citizens(ida).press_sequentially("Klokken fem")
    is_sent(ida)
    until(lambda: ida.evaluate("() => navigator.serviceWorker.controller !== null"), what="no service worker")
    server.kill()
    ida.keyboard.type(" er jeg tom.")
    ida.reload()
    expect(citizens(ida)).to_have_value("Klokken fem er jeg tom.")
    citizens(ida).press("Control+End")
    ida.keyboard.type(" Så ligger jeg på sofaen.")
    ida.reload()
    expect(citizens(ida)).to_have_value("Klokken fem er jeg tom. Så ligger jeg på sofaen.")
    expect(ida.locator("[data-meeting-title]")).to_have_text("Mødet om Idas hverdag")
    server.start()
    is_sent(ida)
    assert words_in_database(meeting) == ["Klokken fem er jeg tom. Så ligger jeg på sofaen."]


NO_ROOM_LEFT = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    const adding = add.apply(this, given);
    if (this.name === "out") this.transaction.abort();
    return adding;
  };
}"""


def test_where_the_machine_has_no_room_left_ida_is_not_told_that_her_words_are_safe(
    cast, meeting, enter, server
):
    ida = enter(cast.ida, is_own=True)
    ida.evaluate(NO_ROOM_LEFT)
    server.kill()
    citizens(ida).press_sequentially("Klokken fem")
    expect(ida.locator("[data-trouble]")).to_contain_text("lad siden stå åben")
    server.start()
    is_sent(ida)
    assert words_in_database(meeting) == ["Klokken fem"]


KEPT = """async () => [
  (await indexedDB.databases()).map((d) => d.name), await caches.keys(), Object.keys(localStorage)
]"""


def test_nothing_is_kept_on_a_machine_that_is_not_ones_own(cast, meeting, enter):
    ida = enter(cast.ida)
    citizens(ida).press_sequentially("Klokken fem er jeg tom.")
    is_sent(ida)
    assert ida.evaluate(KEPT) == [[], [], []]


def test_signing_out_leaves_no_word_on_the_machine(cast, meeting, enter):
    ida = enter(cast.ida, is_own=True)
    citizens(ida).press_sequentially("Klokken fem er jeg tom.")
    is_sent(ida)
    until(lambda: ida.evaluate(KEPT)[1], what="no shell kept")
    assert ida.evaluate(KEPT)[0] == [f"medspil-room:{cast.ida.pk}:{meeting.pk}"]
    other = ida.context.new_page()
    other.goto(ida.url.split("/sag/")[0] + "/ud/")
    other.get_by_role("main").get_by_role("button", name="Log ud").click()
    expect(other.get_by_role("heading", name="Du er logget ud.")).to_be_visible()
    until(lambda: other.evaluate(KEPT) == [[], [], []], what="something stayed")
    expect(ida.get_by_text("Du er logget ud et andet sted.")).to_be_visible(timeout=8000)
    expect(ida.locator("textarea")).to_have_count(0)


def test_words_that_were_not_sent_are_told_of_before_one_signs_out(cast, meeting, enter):
    ida = enter(cast.ida, is_own=True)
    ida.route("**/skriv/", lambda route: route.abort())
    citizens(ida).press_sequentially("Ikke sendt.")
    other = ida.context.new_page()
    other.goto(ida.url.split("/sag/")[0] + "/ud/")
    expect(other.get_by_text("Noget af det, du skrev på et møde, er ikke sendt endnu.")).to_be_visible()


def test_a_long_meeting_is_compacted_and_still_reads_the_same(cast, meeting, enter, monkeypatch):
    karen = enter(cast.karen)
    citizens(karen).press_sequentially("Første linje. ", delay=20)
    is_sent(karen)
    minutes.compact(meeting.pk)
    assert not LiveUpdate.objects.filter(doc=meeting.pk).exists()
    karen.keyboard.type("Anden linje.")
    is_sent(karen)
    ida = enter(cast.ida)
    expect(citizens(ida)).to_have_value("Første linje. Anden linje.")
    assert live.read_since(meeting.pk, 0)[0] == "snap"


# --- what the two endpoints in front of Django refuse -----------------------------------------------------------------


def a_change(words="a"):
    doc = Doc()
    doc["x"] = Text(words)
    return doc.get_update()


@pytest.fixture
def push(server, meeting, cast):
    """push(body, **headers) as Ida; the status. A header set to None is left out."""
    key = session_of(cast.ida)

    def send(body=None, *, meeting_pk=meeting.pk, session=key, **headers):
        known = {
            "Origin": server.address,
            "Content-Type": "application/octet-stream",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": f"medspil={session}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        path = f"/sag/{meeting.case_id}/moede/{meeting_pk}/rum/skriv/"
        known = {k: v for k, v in known.items() if v is not None}
        connection.request("POST", path, body=a_change() if body is None else body, headers=known)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    return send


def test_a_write_must_come_from_this_very_page_and_be_a_change(push, meeting, cast, server):
    assert push() == 200
    foreign = {
        "no origin": push(Origin=None),
        "another origin": push(Origin="http://evil.example"),
        "a null origin": push(Origin="null"),
        "another port": push(Origin="http://127.0.0.1:9"),
        "a form": push(Content_Type="text/plain"),
        "another site": push(Sec_Fetch_Site="cross-site"),
        "another host": push(Host="evil.example", Origin="http://evil.example"),
    }
    assert set(foreign.values()) == {403}, foreign
    assert [push(Cookie=None), push(session="abc"), push(session="")] == [401, 401, 401]
    assert [push(meeting_pk=999999), push(session=session_of(cast.bo))] == [404, 404]
    assert [push(b""), push(b"garbage!"), push(bytes.fromhex("d1f5cf7dc3"))] == [400, 400, 400]
    assert push(b"\0" * 1_000_001) == 413


def test_a_companion_reads_and_does_not_write(push, meeting, cast):
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=opened(cast.ida, cast.ida))
    assert push(session=session_of(cast.mona)) == 403
    assert words_in_database(meeting) == []


def test_the_citizens_browser_does_not_reach_the_professionals_words(push, meeting, cast):
    actions.begin(meeting=meeting, by=opened(cast.karen, cast.ida))
    doc = live.load(meeting.pk)
    made = []
    doc.observe(lambda event: made.append(bytes(event.update)))
    rows = doc.get("utterances", type=Map)
    next(rows[k]["text"] for k in rows if rows[k]["voice"] == "professional").insert(0, "Vi lover alt.")
    assert push(made[-1]) == 403
    assert push(made[-1], session=session_of(cast.karen)) == 200


def test_nothing_is_written_or_streamed_after_the_end(push, meeting, cast, server):
    def stream():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        path = f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/strom/"
        connection.request("GET", path, headers={"Cookie": f"medspil={session_of(cast.ida)}"})
        status = connection.getresponse().status
        connection.close()
        return status

    before = push(), stream()
    actions.end(meeting=meeting, next_time=None, why_no_next="Ida ringer.", by=opened(cast.karen, cast.ida))
    assert (before, (push(), stream())) == ((200, 200), (409, 409))


def test_one_sitting_is_one_row_in_the_log_however_much_is_typed(push, meeting, cast, server):
    key = session_of(cast.karen)
    statuses = [push(a_change(str(n)), session=key) for n in range(5)]
    assert statuses == [200] * 5
    rows = Opening.objects.filter(actor=cast.karen, purpose="meeting")
    assert [r.unit_name for r in rows] == ["Voksen og handicap"]


def test_signing_out_ends_the_open_stream_within_seconds(server, meeting, cast):
    key = session_of(cast.ida)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    path = f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/strom/"
    connection.request("GET", path, headers={"Cookie": f"medspil={key}"})
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    Session.objects.filter(session_key=key).delete()
    heard = answer.read().decode()  # ends only when the server ends it
    connection.close()
    assert heard.endswith("event: gone\ndata: \n\n")


def test_a_mandate_that_ends_closes_the_open_stream_within_seconds(server, push, meeting, cast):
    """The hub asks the door again for every open stream; a write is asked about at least once a second."""
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    actions.begin(meeting=meeting, by=opened(cast.karen, cast.ida))
    key = session_of(cast.gerda)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    path = f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/strom/"
    connection.request("GET", path, headers={"Cookie": f"medspil={key}"})
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"
    people.end_mandates(actor=cast.gerda, citizen=cast.ida, kinds=[Mandate.Kind.GUARDIAN])
    heard = answer.read().decode()
    connection.close()
    assert heard.endswith("event: gone\ndata: \n\n")
    assert push(session=key) == 404


def test_what_ida_writes_for_karen_alone_comes_to_karens_screen_and_over_no_other_wire(
    server, meeting, cast, enter
):
    """B6: Mona's open stream tells her that something was drawn anew, and her page has nothing new to draw."""
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=opened(cast.ida, cast.ida))
    karen, ida, mona = (
        enter(cast.karen),
        enter(cast.ida, viewport={"width": 390, "height": 844}),
        enter(cast.mona),
    )
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    path = f"/sag/{meeting.case_id}/moede/{meeting.pk}/rum/strom/"
    connection.request("GET", path, headers={"Cookie": f"medspil={session_of(cast.mona)}"})
    answer = connection.getresponse()
    ida.locator("summary", has_text="Kun til Karen").click()
    ida.get_by_label("Hvad vil du skrive?").fill("Mona ved det ikke endnu.")
    ida.get_by_role("button", name="Kun til Karen").click()
    expect(ida.get_by_text("Dine ord, som ikke alle ser")).to_be_visible()
    karen.get_by_text("Ord fra Ida, som ikke alle ser").click()
    expect(karen.get_by_text("Mona ved det ikke endnu.")).to_be_visible()
    # A word for all of them, after which Mona's wire has carried whatever there was before it.
    citizens(ida).press_sequentially("Det er alt.")
    expect(citizens(ida)).to_have_value("Det er alt.")
    is_sent(ida)
    expect(citizens(mona)).to_have_value("Det er alt.", timeout=4000)
    heard, text = [], Doc()
    while "Det er alt." not in [u.words for u in minutes.utterances(text)]:
        line = answer.fp.readline()
        assert line, "the stream ended"
        if line.startswith(b"data: "):
            changes = [base64.b64decode(part) for part in line.removeprefix(b"data: ").strip().split(b",")]
            heard += changes
            for change in filter(None, changes):
                text.apply_update(change)
    connection.close()
    assert any(b"turned" in change for change in heard)
    assert not any(b"Mona ved" in change for change in heard)
    assert "Mona ved" not in mona.content()
    assert mona.get_by_text("som ikke alle ser").count() == 0


def test_a_mothers_words_stand_in_a_block_of_her_own_from_the_first_key(cast, server, meeting, enter):
    """B2, C4: Alba's mother writes beside Alba, never in her place; Karen sees both as they are typed."""
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    people.give_mandate(actor=mother, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    held = actions.plan_meeting(
        title="Mødet om skolen",
        starts_at=clock.now() + timedelta(minutes=1),
        form="home",
        by=opened(cast.karen, alba),
    )
    karen = enter(cast.karen, held=held)
    hers = enter(mother, held=held, viewport={"width": 390, "height": 844})
    expect(karen.get_by_label("Vibeke siger", exact=True)).to_be_visible()
    expect(hers.get_by_label("Alba siger", exact=True)).not_to_be_editable()
    hers.get_by_label("Vibeke siger", exact=True).press_sequentially("Hun sover")
    expect(karen.get_by_label("Vibeke siger", exact=True)).to_have_value("Hun sover", timeout=2000)
    expect(karen.get_by_label("Alba siger", exact=True)).to_have_value("")
    karen.get_by_label("Alba siger", exact=True).press_sequentially("Jeg vil gynge.")
    karen.get_by_label("Vibeke siger", exact=True).press("End")
    karen.get_by_label("Vibeke siger", exact=True).press_sequentially(" dårligt.")
    expect(hers.get_by_label("Alba siger", exact=True)).to_have_value("Jeg vil gynge.", timeout=2000)
    hers.get_by_role("button", name="Vibeke siger mere").click()
    hers.get_by_label("Vibeke siger", exact=True).nth(1).press_sequentially("Tak.")
    expect(karen.get_by_label("Vibeke siger", exact=True).nth(1)).to_have_value("Tak.", timeout=2000)
    is_sent(karen)
    is_sent(hers)
    said = [(u.voice, u.words) for u in minutes.read(held).utterances if u.words]
    assert said == [("citizen", "Jeg vil gynge."), ("relative", "Hun sover dårligt."), ("relative", "Tak.")]


def test_what_a_guardian_writes_says_so_on_every_screen_from_the_first_key(cast, server, meeting, enter):
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    karen, gerda = enter(cast.karen), enter(cast.gerda)
    mark = "Skrevet af Gerda for Ida."
    expect(karen.get_by_text(mark)).to_have_count(0)
    citizens(gerda).press("I")
    for page in (karen, gerda):
        expect(page.get_by_text(mark)).to_be_visible(timeout=2000)
    is_sent(gerda)
    gerda.reload()
    expect(gerda.get_by_text(mark)).to_be_visible()


def test_an_open_screen_hears_that_the_meeting_is_called_off_and_leads_to_what_was_written(
    cast, meeting, enter
):
    ida = enter(cast.ida)
    citizens(ida).press_sequentially("Jeg er træt.")
    is_sent(ida)
    actions.cancel(meeting=meeting, because="Strømmen er gået.", by=opened(cast.karen, cast.ida))
    expect(ida.locator("[data-trouble]")).to_contain_text("Mødet er aflyst.", timeout=4000)
    expect(citizens(ida)).not_to_be_editable()
    ida.locator("[data-trouble]").get_by_role("link", name="Se mødet").click()
    expect(ida.get_by_role("heading", name="Det stod her, da mødet blev aflyst")).to_be_visible()
    expect(ida.get_by_text("»Jeg er træt.«")).to_be_visible()


# --- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_room_has_no_fault_that_axe_can_find(cast, meeting, enter, size, language):
    karen = opened(cast.karen, cast.ida)
    actions.agree_on(
        meeting=meeting, side="municipality", owner=cast.karen, what="ringer", due=None, by=karen
    )
    width, height = size
    pause = "Hold pause" if language == "da" else "Take a break"
    page = enter(cast.karen, viewport={"width": width, "height": height}, locale=language)
    citizens(page).press_sequentially("Klokken fem er jeg tom.")
    for summary in page.locator("summary:visible").all():
        summary.click()
    assert not enter.problems
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=pause).click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    enter.problems.clear()  # axe itself writes styles, which the policy refuses


def test_a_meeting_can_be_held_by_keyboard_alone(cast, meeting, enter):
    page = enter(cast.karen)

    def tab_to(name):
        for _n in range(60):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "() => { const here = document.activeElement; const label = here.labels?.[0]?.textContent ?? '';"
                " return here.matches('textarea, input, select') ? label : label + here.textContent }"
            )
            if told.strip().startswith(name):
                return
        raise AssertionError(f"{name} is not reached by Tab")

    tab_to("Ida siger")
    page.keyboard.type("Klokken fem er jeg tom.")
    tab_to("Karen siger")
    page.keyboard.type("Vi ser på hjælp.")
    tab_to("Ida siger mere")
    page.keyboard.press("Enter")
    page.keyboard.type("Tak.")
    tab_to("Ny aftale")
    page.keyboard.press("Enter")
    tab_to("Hvem gør det?")
    page.keyboard.type("Karen")
    tab_to("Hvad aftaler vi?")
    page.keyboard.type("ringer til Bente")
    tab_to("Skriv aftalen ned")
    page.keyboard.press("Enter")
    expect(page.locator(".agreement")).to_contain_text("Karen ringer til Bente")
    tab_to("Vælg dag")
    page.keyboard.press("Enter")
    tab_to("Senest hvornår?")
    page.keyboard.type("11112031")  # the same in every order of day and month
    tab_to("Gem dagen")
    page.keyboard.press("Enter")
    expect(page.locator(".agreement")).to_contain_text("11.\u00a0november\u00a02031")
    tab_to("Næste punkt")
    page.keyboard.press("Enter")
    expect(page.locator("h2#point-title")).to_have_text("Aftenerne med børnene")
    expect(page.locator("h2#point-title")).to_be_focused()
    is_sent(page)
    assert words_in_database(meeting) == ["Klokken fem er jeg tom.", "Vi ser på hjælp.", "Tak."]
