"""A12: a small free pot for each citizen; the amounts below are counted by hand."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from medspil.base import clock
from medspil.base.fields import KronerField
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.kinds import check
from medspil.cases.models import File, Member, Promise
from medspil.contact import grants
from medspil.contact.models import Grant, Message
from medspil.letters.models import Notice
from medspil.people.models import Person
from medspil.project.demo.cast import opened


@pytest.fixture
def two(cast):
    return opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)


def ask(by, kroner=1800, what="en cykel"):
    return grants.ask(what=what, why="Så kommer jeg ud.", ore=kroner * 100, key=uuid.uuid4(), by=by)


def test_the_citizen_asks_by_a_clock_and_hears_in_minutes(two):
    ida, karen = two
    asked = ask(ida)
    assert (asked.promise.owner, asked.promise.is_clock, asked.promise.kind) == (karen.person, True, "answer")
    grants.give(found=asked, by=karen)
    asked.refresh_from_db()
    assert (asked.answer, asked.given_on, asked.answered_by) == ("yes", clock.today(), karen.person)
    assert Promise.objects.get().outcome == Promise.Outcome.KEPT
    assert (grants.pot(ida.case).left, grants.pot(ida.case).given) == (320_000, 180_000)
    with pytest.raises(grants.AnsweredAlready):
        grants.say_no(found=asked, because="Nej", instead="Andet", by=karen)


def test_what_is_given_of_the_pot_is_said_in_whole_sentences(two, client):
    """»kr.« ends in a stop of its own: of 5,000 kroner 1,800 are given, and no sentence ends in two stops."""
    ida, karen = two
    grants.give(found=ask(ida), by=karen)
    client.force_login(karen.person)
    page = client.get(reverse("work-grants", args=[ida.pk])).text.replace("\xa0", " ")
    assert "Af 5.000 kr. er 1.800 kr. givet. Du kan sige ja med det samme." in page
    assert ".." not in re.sub(r"<[^>]*>", " ", page)


def test_what_the_citizen_lets_be_or_sends_elsewhere_nobody_has_answered(two):
    ida, _karen = two
    left, sent = ask(ida), ask(ida, 9000, "en knallert")
    grants.let_be(found=left, by=ida)
    grants.to_application(found=sent, key=uuid.uuid4(), by=ida)
    ended = Promise.objects.filter(pk__in=[left.promise_id, sent.promise_id])
    assert [promise.outcome for promise in ended] == ["withdrawn", "withdrawn"]
    application = Promise.objects.get(kind=Promise.Kind.APPLICATION)
    assert application.outcome == "", "which has a clock of its own"


def test_sent_twice_it_is_one_and_in_another_case_it_is_nobodys(two, cast):
    ida, _karen = two
    key = uuid.uuid4()
    told = {"what": "en cykel", "why": "", "ore": 100, "key": key}
    assert grants.ask(**told, by=ida) == grants.ask(**told, by=ida)
    with pytest.raises(NotYours):
        grants.ask(**told, by=opened(cast.bo, cast.bo))


def test_the_last_krone_may_be_given_and_not_one_more_until_the_year_is_over(two):
    ida, karen = two
    first, exactly, more = ask(ida, 4000), ask(ida, 1000), ask(ida, 1)
    grants.give(found=first, by=karen)
    grants.give(found=exactly, by=karen)
    with pytest.raises(grants.OverLimit):
        grants.give(found=more, by=karen)
    assert grants.pot(ida.case).left == 0
    new_year = clock.at(clock.today().replace(month=12, day=31), clock.now().time()) + timedelta(days=1)
    with clock.held_at(new_year):
        assert grants.pot(ida.case).left == 500_000
        grants.give(found=more, by=opened(karen.person, ida.citizen))


def test_a_no_has_its_reason_and_what_else(two):
    ida, karen = two
    asked = ask(ida)
    for because, instead in (("", "Lån"), ("Dyrt", " ")):
        with pytest.raises(Refusal):
            grants.say_no(found=asked, because=because, instead=instead, by=karen)
    grants.say_no(found=asked, because="Vi har en i depotet.", instead="Lån den.", by=karen)
    asked.refresh_from_db()
    assert (asked.because, asked.instead, asked.given_on) == ("Vi har en i depotet.", "Lån den.", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=asked.pk).update(because="")


def test_over_the_limit_the_leader_decides_without_a_name_or_it_is_an_application(two, cast):
    ida, karen = two
    lena = Person.objects.get(pk=cast.lena.pk)
    dear, dearer = ask(ida, 6000), ask(ida, 9000, "en knallert")
    grants.ask_leader(found=dear, because="Sparer kørsel.", by=karen)
    assert [one.pk for one in grants.before_leader(lena)] == [dear.pk]
    for other in (cast.karen, cast.hans, cast.admin):
        with pytest.raises(NotYours):
            grants.decide(pk=dear.pk, yes=True, words="Ja", by=Person.objects.get(pk=other.pk))
    grants.decide(pk=dear.pk, yes=True, words="Det kan betale sig.", by=lena)
    assert grants.pot(ida.case) == grants.Pot(500_000, 600_000)
    assert grants.pot(ida.case).left == 0
    sent = grants.to_application(found=dearer, key=uuid.uuid4(), by=ida)
    message = Message.objects.get()
    assert (sent.answer, sent.message, message.kind) == ("application", message, "application")
    said = ida.texts(None, message.about).get().versions.all()[0].words
    assert said == "Jeg søger om en knallert til 9000 kr. Så kommer jeg ud."
    assert grants.sums([cast.adult])[0] == grants.UnitSum(cast.adult, 600_000, 1, 0)


def test_what_the_leader_wrote_is_there_still_when_it_is_refused(two, cast, client):
    ida, karen = two
    dear = ask(ida, 6000)
    grants.ask_leader(found=dear, because="Sparer kørsel.", by=karen)
    client.force_login(cast.lena)
    long = "Det kan betale sig. " * 40
    page = client.post(reverse("grants-kept"), {"do": "no", "grant": dear.pk, "words": long})
    [shown] = page.context["asked"]
    assert shown["form"].errors
    assert shown["form"]["words"].value() == long
    assert grants.before_leader(Person.objects.get(pk=cast.lena.pk)) == [dear]
    sent = client.post(reverse("grants-kept"), {"do": "no", "grant": dear.pk, "words": "Se i depotet."})
    assert sent.status_code == 302
    dear.refresh_from_db()
    assert (dear.answer, dear.because) == ("no", "Se i depotet.")


def test_a_proposal_waits_for_the_citizens_yes(two):
    ida, karen = two
    told = {"what": "en skammel", "why": "", "ore": 65_000}
    now = grants.propose(**told, agreed=True, key=uuid.uuid4(), by=karen)
    waits = grants.propose(**told, agreed=False, key=uuid.uuid4(), by=karen)
    assert (now.answer, waits.answer) == ("yes", "")
    with pytest.raises(grants.NotWantedYet):
        grants.give(found=waits, by=karen)
    assert grants.accept(found=waits, by=ida).answer == "yes"
    too_much = grants.propose(**(told | {"ore": 500_000}), agreed=False, key=uuid.uuid4(), by=karen)
    assert grants.accept(found=too_much, by=ida).answer == ""
    with pytest.raises(grants.OverLimit):
        grants.give(found=too_much, by=karen)


def test_what_the_citizen_said_yes_to_and_is_too_dear_has_its_clock_with_who_is_here(two, cast):
    """4,000 and 3,000 out of 5,000: the second waits, as does 6,000 that was agreed beforehand."""
    ida, karen = two
    first, second = (
        grants.propose(what=what, why="", ore=ore, agreed=False, key=uuid.uuid4(), by=karen)
        for what, ore in (("en cykel", 400_000), ("en hjelm", 300_000))
    )
    assert grants.accept(found=first, by=ida).promise is None
    owed = grants.accept(found=second, by=ida).promise
    due = cast.adult.answer_by(clock.today())
    assert (owed.owner, owed.due, owed.is_clock, owed.outcome) == (karen.person, due, True, "")
    dear = grants.propose(what="en seng", why="", ore=600_000, agreed=True, key=uuid.uuid4(), by=karen)
    assert (dear.answer, dear.promise.owner) == ("", karen.person)
    waits = grants.propose(what="en stol", why="", ore=200_000, agreed=False, key=uuid.uuid4(), by=karen)
    Member.objects.filter(person=karen.person).delete()
    cases.join_thread(thread=ida.main_thread, person=cast.lotte, role=Member.Role.COORDINATING)
    taken = grants.accept(found=waits, by=opened(cast.ida, cast.ida))
    assert taken.promise.owner == cast.lotte
    assert Notice.objects.filter(to=cast.lotte, key=f"grant-wanted-{waits.pk}").exists()
    grants.say_no(found=second, because="For dyrt.", instead="Lån en.", by=opened(cast.lotte, cast.ida))
    assert Promise.objects.get(pk=owed.pk).outcome == Promise.Outcome.KEPT


def test_the_receipt_is_words_or_a_picture_and_seen_by_both(two, tmp_path, settings):
    settings.FILES = tmp_path
    ida, karen = two
    asked = ask(ida)
    with pytest.raises(NotYours):
        grants.keep_receipt(found=asked, words="En cykel", by=ida)
    grants.give(found=asked, by=karen)
    with pytest.raises(grants.ReceiptMissing):
        grants.keep_receipt(found=asked, words=" ", by=ida)
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (20, 20), "#fff").save(drawn, "PNG")
    checked = check(drawn, name="bon.png", size=drawn.tell())
    grants.keep_receipt(found=asked, words="", files=[checked], by=ida)
    assert File.objects.get().about == f"grant.{asked.pk}"
    assert karen.files().count() == 1


def test_who_may_not(two, cast):
    ida, _karen = two
    asked = ask(ida)
    petra, mona = opened(cast.petra, cast.ida), opened(cast.mona, cast.ida)
    assert not grants.grants(mona).exists()
    assert not grants.grants(petra).exists()
    for by in (petra, mona, opened(cast.lars, cast.ida)):
        with pytest.raises(NotYours):
            grants.give(found=asked, by=by)
    for person in (cast.karen, cast.ida, cast.hans):
        with pytest.raises(NotYours):
            grants.set_limit(ore=1, because="x", by=Person.objects.get(pk=person.pk))
    grants.set_limit(ore=200_000, because="Mindre i år.", by=Person.objects.get(pk=cast.admin.pk))
    assert grants.pot(ida.case).left == 200_000


@pytest.mark.parametrize(
    ("typed", "ore"),
    [("1.800", 180_000), ("1800,50 kr.", 180_050), ("1,800.50", 180_050), ("200,-", 20_000), ("0,1", 10)],
)
def test_an_amount_as_people_write_it(typed, ore):
    assert KronerField().clean(typed) == ore


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_never_give_more_than_there_is(cast):
    """Eight at once of 900 kr. from a pot of 5,000: five are given, three are told that it is too much."""
    ida = opened(cast.ida, cast.ida)
    keys = [ask(ida, 900, f"stol {n}").pk for n in range(8)]
    ready, said = threading.Barrier(len(keys)), []

    def give(pk):
        try:
            karen = opened(Person.objects.get(pk=cast.karen.pk), Person.objects.get(pk=cast.ida.pk))
            found = grants.grant(karen, pk)
            ready.wait(20)
            grants.give(found=found, by=karen)
            said.append("yes")
        except grants.OverLimit:
            said.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=[pk]) for pk in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["over"] * 3 + ["yes"] * 5
    assert grants.pot(ida.case).given == 450_000
