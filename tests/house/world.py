"""Ida's case with one of everything in it, so that every page has something to open."""

import io
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image
from pycrdt import Doc

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import bringing_in, ffb, footing
from medspil.cases.files import keep_file
from medspil.cases.kinds import check
from medspil.cases.models import Case, Text, TextVersion, Voice
from medspil.contact import actions as contact
from medspil.contact import advice, away, duties, grants, handover, messages, paper
from medspil.contact.models import Advice
from medspil.law.days import add_working_days
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff
from medspil.plans import actions as plans
from medspil.plans import (
    beside,
    board,
    circle,
    disagreeing,
    experts,
    goals,
    live,
    met,
    minutes,
    my_life,
    offer_file,
    offers,
    papers,
    parties,
    relatives,
    renewals,
    transitions,
    waiting,
)
from medspil.project.demo.cast import Cast, opened
from medspil.rhythm.models import Round
from medspil.strategy import actions as strategy

MARK = "Mærket"
"""In everything somebody says, so that a test finds it wherever it is shown."""


@dataclass
class World:
    """What stands in an address: keys of Ida's case and what is in it."""

    cast: Cast
    pk: int
    meeting: int
    held: int
    point: int
    promise: int
    own: int
    agreement: int
    version: int
    proposal: int
    agreed: int
    request: int
    handing: int
    unit: int
    staff: int
    post: int
    spoken: int
    trial: int
    goal: int
    goal_reply: int
    differ: int
    waiting: int
    file: uuid.UUID
    thread: int
    message: int
    message_clock: int
    our_message: int
    advice: int
    delivery: int
    duty: int
    text: int
    joining: int
    note: int
    note_reply: int
    somebody: int
    offer: int
    mandate: int
    view: int
    absence: int
    transition: int
    offer_file: int
    wish: int
    expert: int
    grant: int
    party: int
    paper: int
    letter: int


def make(cast: Cast) -> World:
    today, now = clock.today(), clock.now()
    Round.objects.create(began_at=now, ended_at=now)
    cases.share(part="prep", to=cast.petra, by=opened(cast.ida, cast.ida))
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    day = add_working_days(today, 9)
    promise = cases.make_promise(what="ringer til dig", due=day, by=karen)
    own = cases.intend(case=ida.case, thread=ida.main_thread, what="finder papirerne", due=day, by=cast.ida)
    cases.write(about="area.wish", whose=Voice.CITIZEN, words=f"{MARK} ønske.", base=0, by=ida)
    cases.write(about="area.home", whose=Voice.CITIZEN, words=f"{MARK} om gulvet.", base=0, by=ida)
    version = cases.write(
        about="area.home", whose=Voice.PROFESSIONAL, words=f"{MARK} svar om gulvet.", base=0, by=karen
    )
    cases.object_to(version=version, words=f"{MARK} indsigelse.", by=ida)
    proposal = cases.write(about="area.self", whose=Voice.CITIZEN, words=f"{MARK} forslag.", base=0, by=karen)
    agreed = cases.propose_agreed(about="area.home", words=f"{MARK} aftale.", by=karen)
    request = contact.ask(words=f"{MARK} spørgsmål?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    handing = contact.hand_on(
        request=request, to=cast.sune, by=Visitor(Person.objects.get(pk=cast.karen.pk), uuid.uuid4())
    )
    with clock.held_at(now - timedelta(days=2)):
        held = plans.plan_meeting(
            title="Mødet før",
            starts_at=now - timedelta(days=1),
            form="home",
            by=karen,
            others=[(cast.mona, "Mona Holm", "din søster")],
        )
    with clock.held_at(now - timedelta(days=1)):
        doc = Doc()
        item = held.agenda.get()
        minutes.add(doc, item=item.key, voice="citizen", writer=cast.ida.pk, words=f"{MARK} i referatet.")
        live.append([(held.pk, cast.ida.pk, doc.get_update())])
        agreement = plans.agree_on(
            meeting=held, side="municipality", owner=cast.karen, what="skriver", due=day, by=karen
        )
        plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    planned = plans.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=now + timedelta(days=4),
        form="home",
        by=karen,
        others=[(cast.mona, "Mona Holm", "din søster")],
    )
    point = plans.add_to_agenda(meeting=planned, words="At komme til svømning", by=ida)
    goal = goals.make_goal(wish=f"{MARK} mål.", horizon="half_year", area="around", key=uuid.uuid4(), by=ida)
    goals.write_wish(goal=goal, words=f"{MARK} svar til målet.", whose=Voice.PROFESSIONAL, base=0, by=karen)
    reply = TextVersion.objects.get(text__about=goal.about, text__whose=Voice.PROFESSIONAL)
    cases.object_to(version=reply, words=f"{MARK} indsigelse mod målet.", by=ida)
    goals.add_step(
        goal=goal,
        owner=cast.ida,
        what="ringer til Flextur",
        due=day,
        back_to="bussen",
        key=uuid.uuid4(),
        by=ida,
    )
    differ = disagreeing.disagree(
        topic="Turen til svømning", words=f"{MARK} uenig.", source=f"goal.{goal.pk}", key=uuid.uuid4(), by=ida
    )
    disagreeing.say_view(found=differ, words=f"{MARK} vores side.", base=0, by=karen)
    disagreeing.say_what_is_in_the_way(found=differ, words=f"{MARK} i vejen.", base=0, by=karen)
    waiting.ask(words=f"{MARK} venter.", key=uuid.uuid4(), by=ida)
    waited = waiting.wait_for(
        what="Svar om hånden",
        whence="health",
        from_whom="Sygehuset",
        until=day,
        why="De undersøger den.",
        meanwhile="Petra kommer som før.",
        key=uuid.uuid4(),
        by=karen,
    )
    my_life.say(says="changing", words=f"{MARK} om livet.", by=ida)
    my_life.mark(area="home", says="hard", by=ida)
    cases.go_to_step(step=Case.Step.MAKE_POSSIBLE, by=karen)
    footing.enter(
        law="serviceloven § 85",
        target_group=ffb.target_groups()[0].code,
        category=ffb.categories()[0].code,
        aim=ffb.aims()[0].code,
        plainly="Du får hjælp hjemme.",
        by=opened(cast.karen, cast.ida),
    )
    cases.write(about="area.strengths", whose=Voice.CITIZEN, words=f"{MARK} styrker.", base=0, by=ida)
    main = ida.main_thread
    message = messages.send(words=f"{MARK} besked.", thread=main, key=uuid.uuid4(), by=ida)
    ours = messages.write(words=f"{MARK} svar på besked.", thread=main, key=uuid.uuid4(), by=karen)
    renewals.ask(abouts=["area.home", "area.strengths"], key=uuid.uuid4(), by=karen)
    board.put_up(column="hard", whose=Voice.CITIZEN, words=f"{MARK} seddel.", key=uuid.uuid4(), by=ida)
    met.tell(how="saw", held_on=today, there="Karen", words=f"{MARK} set.", key=uuid.uuid4(), by=karen)
    kept = offers.keep_offer(
        key=uuid.uuid4(),
        told={
            "name": "Kilden",
            "kind": "association",
            "helps_with": "Kaffe",
            "where": "Torvet",
            "contact": "Kaj",
        },
        by=Person.objects.get(pk=cast.karen.pk),
    )
    note = board.put_up(
        column="works", whose=Voice.PROFESSIONAL, words=f"{MARK} seddel til.", key=uuid.uuid4(), by=karen
    )
    advice.ask(words=f"{MARK} råd?", key=uuid.uuid4())
    advice_row = Advice.objects.get()
    cases.share(part="view", to=cast.mona, by=ida)
    view = relatives.tell(topic="home", words=f"{MARK} ser det.", base=0, by=opened(cast.mona, cast.ida))
    acts = beside.enter(
        rule="power-of-attorney",
        name="Torben Holm",
        phone="20000190",
        until=today + timedelta(days=90),
        by=ida,
    )
    post = Staff.objects.get(person=cast.lotte)
    spoken = TextVersion.objects.get(text__about__startswith=f"minutes.{held.pk}.")
    trial = strategy.choose(
        item="influence",
        chosen="practice:C4",
        unit="voksen",
        words="Vi prøver.",
        look_again_on=today + timedelta(days=60),
    )
    return World(
        cast,
        Case.objects.get(citizen=cast.ida).pk,
        planned.pk,
        held.pk,
        point.pk,
        promise.pk,
        own.pk,
        agreement.pk,
        version.pk,
        proposal.pk,
        agreed.pk,
        request.pk,
        handing.pk,
        cast.adult.pk,
        cast.lotte.pk,
        post.pk,
        spoken.pk,
        trial.pk,
        goal.pk,
        reply.pk,
        differ.pk,
        waited.pk,
        picture(ida).key,
        main.pk,
        message.pk,
        message.promise_id,
        ours.pk,
        advice_row.pk,
        delivery(cast, ida.case).pk,
        duties.ask_whose(
            about="transporten til træning",
            because="Ida skal til prøver for jobbet.",
            unit=cast.job,
            thread=karen.main_thread,
            key=uuid.uuid4(),
            by=karen,
        ).pk,
        Text.objects.get(about="area.home", whose=Voice.CITIZEN).pk,
        karen.threads[-1].pk,
        note.pk,
        TextVersion.objects.get(text__about=note.about).pk,
        circle.put_in(name="Bente", ring="near", key=uuid.uuid4(), by=ida).pk,
        kept.pk,
        acts.pk,
        view.pk,
        away.say_away(
            person=Person.objects.get(pk=cast.karen.pk),
            since=today + timedelta(days=60),
            until=today + timedelta(days=66),
            why="holiday",
            key=uuid.uuid4(),
            by=Person.objects.get(pk=cast.karen.pk),
        ).pk,
        changing(cast, ida, karen).pk,
        offer_file.receive(
            source="Frivilligcentret",
            name="tilbud.csv",
            data=b"id;name;kind;helps_with;where;contact\n1;Kor;kultur;Sang;Torvet;Kaj",
            by=Person.objects.get(pk=cast.karen.pk),
        ).pk,
        handover.wish_for_contact(wants=cast.lotte, words="En, der lytter.", key=uuid.uuid4(), by=ida).pk,
        asking(ida, karen).pk,
        grants.ask(what="en cykel", why=f"{MARK} cykel.", ore=180_000, key=uuid.uuid4(), by=ida).pk,
        along(ida, karen, planned).pk,
        papers.ask(
            what="Epikrisen",
            whence="health",
            from_whom="Sygehuset",
            what_for="Så Ida ikke skal fortælle det igen",
            fetch_by=day,
            key=uuid.uuid4(),
            by=karen,
        ).pk,
        paper.write_letter(title="Om mødet", words="Vi ses på torsdag.", key=uuid.uuid4(), by=karen).pk,
    )


def along(ida, karen, meeting):
    """The hospital, by Ida's own wish: asked to the meeting, wished to do two things, and one of them taken on."""
    made = parties.bring(name="Sygehuset", kind="hospital", why="Ida skal hjem.", key=uuid.uuid4(), by=ida)
    parties.invite(found=made, meeting=meeting, by=karen)
    day = add_working_days(clock.today(), 5)
    for what in ("sender medicinlisten", "ringer til Petra"):
        wished = parties.wish(found=made, what=what, due=day, key=uuid.uuid4(), by=karen)
    parties.heard(found=made, wished=wished.pk, is_yes=True, said_by="Sygeplejerske Lone", by=karen)
    return made


def asking(ida, karen):
    """VISO asked with Ida's yes and her question, and what they answered; her words on it."""
    made = experts.propose(
        who="VISO",
        kind="viso",
        words=f"{MARK} spørgsmål til VISO.",
        shares="At hånden bliver træt.",
        ground="consent",
        key=uuid.uuid4(),
        by=karen,
    )
    experts.ask_along(found=made, words=f"{MARK} mit spørgsmål.", base=0, by=ida)
    experts.say_yes(found=made, by=ida)
    day = add_working_days(clock.today(), 9)
    made = experts.ask(found=experts.expert(karen, made.pk), until=day, meanwhile="Petra kommer.", by=karen)
    experts.received(found=made, words=f"{MARK} svar fra VISO.", by=karen)
    experts.say_what_changed(found=made, words=f"{MARK} det ændrede.", base=0, by=ida)
    return made


def changing(cast, ida, karen):
    """A move that Ida prepares, with words of hers, a help that ends, and the days without it."""
    day = clock.today() + timedelta(days=200)
    made = transitions.begin(kind="move", day=day, key=uuid.uuid4(), by=ida)
    transitions.say_words(found=made, words=f"{MARK} om flytningen.", base=0, by=ida)
    transitions.write_help(found=made, ends="Støtten hjemme", ends_on=day, key=uuid.uuid4(), by=karen)
    return made


def delivery(cast, case):
    """Ida's case as another system knows it, brought in; and the file come again, to be looked at."""
    system = bringing_in.keep_system(name="Voksensystemet", slug="voksensystem", link="", by=cast.admin)
    rows = {
        "citizens": [{"id": "B-1", "name": "Ida Holm", "our_case": str(case.pk)}],
        "cases": [{"id": "S-1", "citizen": "B-1", "unit": "voksen", "caseworker": "karen"}],
    }
    files = [("sager.json", json.dumps(rows).encode())]
    first = bringing_in.receive(system=system, files=files, by=cast.admin)
    bringing_in.bring_in(delivery=first, by=cast.admin)
    return bringing_in.receive(system=system, files=files, by=cast.admin)


def picture(opened):
    """A small picture in the opened case, of what the citizen has told of home."""
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "#A8481A").save(drawn, "PNG")
    checked = check(drawn, name="gulvet.png", size=drawn.tell())
    return keep_file(checked=checked, about="area.home", part="areas", whose=Voice.CITIZEN, by=opened)
