"""A14, in the browser: Karen asks Lars' department, he takes it, and Ida only reads who helps and by when."""

from django.urls import reverse

from medspil.cases.models import Case

from .serving import cookie


def test_two_departments_settle_it_behind_ida(page, live_server, cast):
    case = Case.objects.get(citizen=cast.bo)

    def enter(person, name, *args):
        page.context.clear_cookies()
        page.context.add_cookies([cookie(person, live_server.url)])
        page.goto(live_server.url + reverse(name, args=args))

    enter(cast.karen, "work-case", case.pk)
    page.get_by_role("link", name="Er det en anden, der skal hjælpe?").click()
    page.get_by_label("Hvad er der brug for hjælp til?").fill("transporten til træning")
    page.get_by_label("Hvilken afdeling kan det være?").select_option(label="Beskæftigelse")
    page.get_by_label("Hvorfor tror I, det er deres?").fill("Prøverne er for jobbet.")
    page.get_by_role("button", name="Spørg, og hjælp imens").click()
    page.get_by_text("Beskæftigelse er spurgt. Du hjælper imens").wait_for()
    enter(cast.bo, "my-case")
    page.get_by_text(
        "Karen finder ud af, hvem hos os der hjælper dig med transporten til træning."
    ).first.wait_for()
    assert page.get_by_text("Prøverne er for jobbet.").count() == 0
    enter(cast.lars, "requests")
    page.get_by_role("link", name="En anden afdeling spørger, om det er jer").click()
    page.get_by_role("link", name="transporten til træning").click()
    page.get_by_text("Prøverne er for jobbet.").wait_for()
    page.get_by_label("Ja, det er os. Jeg hjælper.").check()
    page.get_by_role("button", name="Svar").click()
    page.get_by_text("Beskæftigelse hjælper fra nu af. Bo får det at vide.").wait_for()
    enter(cast.bo, "my-case")
    page.get_by_role("heading", name="Transporten til træning").wait_for()
