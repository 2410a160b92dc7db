"""The lines of a case's timeline: who did what, each note as a sentence."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from medspil.cases.models import Case, Note
from medspil.people.models import Mandate
from medspil.plans.areas import area
from medspil.plans.models import Transition

from .show import how_often
from .templatetags.medspil import day_long


def _where(about: str) -> str:
    """Where a text of the case stands, in everyday words with their preposition, from the key it stands under."""
    if about.startswith("area."):
        found = area(about.removeprefix("area."))
        return gettext("om »%(area)s«") % {"area": found.name} if found else gettext("om livet")
    return {
        "goal": gettext("om et mål i planen"),
        "board": gettext("på en seddel på tavlen"),
        "met": gettext("om tid sammen"),
        "request": gettext("i en henvendelse"),
        "differ": gettext("om det, vi ikke er enige om"),
        "hinder": gettext("om det, vi ikke er enige om"),
        "wait": gettext("om det, vi venter på"),
        "view": gettext("om den måde, de pårørende ser det på"),
        "expert": gettext("om viden udefra"),
        "transition": gettext("om en overgang"),
        "mylife": gettext("om livet lige nu"),
        "message": gettext("i en besked"),
        "prep": gettext("i forberedelsen af et møde"),
        "meet": gettext("om et ønske om et møde"),
        "missed": gettext("om et møde, vi ikke nåede"),
        "another": gettext("om en anden dag til et møde"),
    }.get(about.partition(".")[0], gettext("i referatet"))


def line(note: Note) -> str:
    """One line of the timeline as a sentence: who did what. Quotes nobody's voice."""
    who = note.by.first_name if note.by else gettext("Medspil")
    if note.kind in ("wrote", "confirmed", "objected", "agreed", "kept_close", "opened_up"):
        said = {"who": who, "where": _where(note.words)}
        return {
            "wrote": gettext("%(who)s skrev %(where)s."),
            "confirmed": gettext("%(who)s sagde ja til det, der står %(where)s."),
            "objected": gettext("%(who)s sagde imod det, der står %(where)s."),
            "agreed": gettext("Begge sagde ja til det, der står %(where)s."),
            "kept_close": gettext(
                "%(who)s lader kun dem, der arbejder med det, læse det, der står %(where)s."
            ),
            "opened_up": gettext("%(who)s lod igen andre læse det, der står %(where)s."),
        }[note.kind] % said
    words = note.words.rstrip(".")
    if note.kind == "closeness":
        return {
            Case.Closeness.TELL: gettext("%(who)s vil bare have det at vide."),
            Case.Closeness.ASK: gettext("%(who)s vil gerne spørges."),
            Case.Closeness.TOGETHER: gettext("%(who)s vil gerne være med i det hele."),
        }[Case.Closeness(note.words)] % {"who": who}
    if note.kind in ("mandate", "mandate_over"):
        kind, _colon, name = words.partition(": ")
        words = f"{name} ({str(Mandate.Kind(kind).label).lower()})"
    if note.kind == "step" and words.isdigit():
        words = str(Case.Step(int(words)).label)
    if note.kind == "works_as" and words in Case.Model.values:
        words = str(Case.Model(words).label)
    if note.kind.startswith("transition_") and words in Transition.Kind.values:
        words = str(Transition.Kind(words).label)
    if note.kind in ("rhythm_wanted", "rhythm_agreed") and words.isdigit():
        words = how_often(int(words))
    if note.kind == "look_again":
        words = day_long(date.fromisoformat(note.words))
    said = {"who": who, "what": words}
    sentence = {
        "case_opened": gettext("Sagen begyndte."),
        "case_reopened": gettext("%(who)s skrev igen. Sagen er åben."),
        "brought_in": gettext("Det, vi vidste i forvejen, blev hentet fra %(what)s."),
        "joined": gettext("%(what)s begyndte at arbejde i sagen."),
        "handover_read": gettext("%(who)s sagde, at den nye gerne må læse sagen først."),
        "handover_tell": gettext("%(who)s vil selv fortælle den nye om sagen."),
        "handover_told": gettext("%(who)s skrev, at sagen er fortalt."),
        "handover_read_first": gettext("%(who)s måtte læse sagen, før den var fortalt: %(what)s."),
        "covered": gettext("%(what)s svarer, mens %(who)s er væk."),
        "away_cover": gettext("%(who)s valgte, at en anden må svare, når vi er væk."),
        "away_wait": gettext("%(who)s valgte, at det må vente, når vi er væk."),
        "introduced": gettext("%(who)s skrev for at præsentere sig."),
        "contact_wished": gettext("%(who)s ønskede en anden fast kontakt."),
        "new_contact": gettext("%(what)s blev fast kontakt."),
        "works_as": gettext("%(who)s skrev, hvordan vi arbejder sammen: %(what)s."),
        "silent": gettext("Det var for længe siden, vi talte sammen: %(what)s dage."),
        "rhythm_wanted": gettext("%(who)s foreslog, hvor tit vi taler sammen: %(what)s."),
        "rhythm_agreed": gettext("Det blev aftalt, hvor tit vi taler sammen: %(what)s."),
        "taken_over": gettext("%(what)s tog over efter %(who)s."),
        "part_over": gettext("%(what)s er ikke længere med. %(who)s skrev det."),
        "promise_taken_on": gettext("%(who)s tog over, hvad der var lovet: %(what)s."),
        "thread_opened": gettext("%(who)s begyndte på »%(what)s«."),
        "mandate": gettext("%(who)s skrev ind: %(what)s."),
        "mandate_over": gettext("%(who)s skrev, at det er slut: %(what)s."),
        "parted": gettext("%(what)s er ikke med hos %(who)s mere."),
        "shared": gettext("%(who)s delte noget med %(what)s."),
        "sharing_stopped": gettext("%(who)s deler ikke længere med %(what)s."),
        "promised": gettext("%(who)s lovede: %(what)s."),
        "promise_kept": gettext("%(who)s holdt, hvad der var lovet: %(what)s."),
        "promise_done": gettext("%(who)s har gjort det: %(what)s."),
        "promise_too_much": gettext("Det var for meget for %(who)s: %(what)s."),
        "promise_withdrawn": gettext("%(who)s sagde, at det ikke er aktuelt mere: %(what)s."),
        "promise_slipping": gettext("%(who)s sagde, at datoen kan glide: %(what)s."),
        "promise_moved": gettext("%(who)s flyttede datoen i tide: %(what)s."),
        "promise_explained": gettext("%(who)s forklarede, hvorfor det ikke blev holdt: %(what)s."),
        "access_given": gettext("%(who)s gav %(what)s en vej ind på siden."),
        "need_said": gettext("%(who)s skrev, hvordan vi skal mødes: %(what)s."),
        "need_forgotten": gettext("%(who)s tog det tilbage: %(what)s."),
        "need_passed_over": gettext("%(who)s sendte det, selv om det ikke er den aftalte måde: %(what)s."),
        "phone_said": gettext("%(who)s skrev et nyt telefonnummer."),
        "address_said": gettext("%(who)s skrev en ny adresse."),
        "address_protected": gettext("%(who)s skrev, at adressen er beskyttet."),
        "address_open": gettext("%(who)s skrev, at adressen ikke længere er beskyttet."),
        "died": gettext("%(who)s skrev, at borgeren er død."),
        "letter_written": gettext("%(who)s skrev et brev på papir: %(what)s."),
        "letter_sent": gettext("%(who)s sendte et brev på papir."),
        "letter_sent_unheard": gettext("%(who)s sendte et brev på papir."),
        "letter_back": gettext("Et brev på papir kom tilbage. %(who)s skrev det."),
        "told_of_death": gettext("%(who)s har sagt det til %(what)s."),
        "case_closed": gettext("%(who)s lukkede sagen."),
        "not_dead": gettext("%(who)s skrev, at det var en fejl. Borgeren lever."),
        "urgent": gettext("%(who)s sagde, at det haster."),
        "escalated": gettext("Det hastede og blev ikke nået. %(what)s fik besked.")
        if words
        else gettext("Det hastede og blev ikke nået. Lederen fik besked."),
        "intake_begun": gettext("%(who)s begyndte på »Din indgang«."),
        "intake_next": gettext("%(who)s skrev, hvad der sker efter »Din indgang«."),
        "intake_ended": gettext("%(who)s sluttede »Din indgang«."),
        "call_no_answer": gettext("%(who)s ringede. Ingen svarede."),
        "call_wrong_number": gettext("%(who)s ringede. Nummeret passer ikke."),
        "talked": gettext("%(who)s skrev efter en samtale: %(what)s."),
        "request": gettext("En henvendelse kom. %(who)s skrev den."),
        "handed_on": gettext("%(who)s spurgte %(what)s, om de vil tage henvendelsen."),
        "message_handed_on": gettext("%(who)s spurgte %(what)s, om de vil svare på en besked."),
        "message_taken": gettext("%(what)s svarer på en besked."),
        "step": gettext("Næste skridt begyndte: %(what)s."),
        "duty_settled": gettext("Det er afgjort, hvem der hjælper. %(what)s."),
        "taken": gettext("%(what)s tog henvendelsen."),
        "meeting_planned": gettext("%(who)s aftalte et møde. %(what)s."),
        "stand_in": gettext("%(who)s skrev, at %(what)s kan komme til et møde i stedet."),
        "stand_in_yes": gettext("%(who)s sagde ja til, at %(what)s kommer til et møde."),
        "meeting_taken_over": gettext("%(what)s kommer til et møde i stedet for %(who)s."),
        "meeting_began": gettext("Et møde begyndte. %(what)s."),
        "meeting_began_unheard": gettext("Et møde begyndte. %(what)s."),
        "meeting_ended": gettext("Et møde sluttede. %(what)s."),
        "meeting_cancelled": gettext("%(who)s aflyste et møde. %(what)s."),
        "companion": gettext("%(who)s har %(what)s med til møder.")
        if words
        else gettext("%(who)s kommer alene til møder."),
        "meeting_wanted": gettext("%(who)s vil gerne mødes."),
        "meeting_missed": gettext("Vi nåede ikke at ses. %(what)s."),
        "missed_answered": gettext("%(who)s vil gerne finde en anden dag. %(what)s."),
        "meeting_moved": gettext("%(who)s flyttede et møde. %(what)s."),
        "meeting_move_wanted": gettext("%(who)s vil gerne mødes en anden dag."),
        "differ_raised": gettext("%(who)s skrev, hvad vi ikke er enige om."),
        "differ_mediation": gettext("%(who)s bad om en, der kan mægle."),
        "differ_over": gettext("%(who)s sagde, at vi er enige nu."),
        "differ_agreed": gettext("Begge har sagt, at vi er enige."),
        "differ_kept": gettext("%(who)s sagde, at vi stadig er uenige."),
        "differ_again": gettext("%(who)s tog en uenighed op igen."),
        "wait_asked": gettext("%(who)s spurgte, hvad vi venter på."),
        "wait_for": gettext("%(who)s skrev, hvad vi venter på."),
        "wait_came": gettext("%(who)s skrev, at det, vi ventede på, er kommet."),
        "expert_wished": gettext("%(who)s vil gerne have %(what)s spurgt."),
        "expert_declined": gettext("%(who)s sagde nej til at spørge %(what)s og skrev hvorfor."),
        "expert_proposed": gettext("%(who)s vil gerne spørge %(what)s."),
        "expert_yes": gettext("%(who)s skrev ja til at spørge %(what)s."),
        "expert_no": gettext("%(who)s sagde nej til, at %(what)s får noget at vide."),
        "expert_asked": gettext("%(who)s spurgte %(what)s."),
        "expert_answered": gettext("%(what)s svarede. %(who)s skrev det ned."),
        "party_wanted": gettext("%(who)s vil gerne have %(what)s med."),
        "party_yes": gettext("%(who)s skrev ja til, at %(what)s er med."),
        "party_no": gettext("%(who)s sagde, at %(what)s ikke skal være med."),
        "party_invited": gettext("%(who)s inviterede %(what)s til et møde."),
        "party_wish": gettext("%(who)s skrev et ønske til %(what)s."),
        "party_took": gettext("%(what)s sagde ja til et ønske. %(who)s hørte det."),
        "party_declined": gettext("%(what)s sagde nej til et ønske. %(who)s hørte det."),
        "party_did": gettext("%(what)s gjorde, hvad de sagde ja til. %(who)s skrev det."),
        "party_did_not": gettext("%(what)s gjorde ikke, hvad de sagde ja til. %(who)s skrev det."),
        "follower_asked": gettext("%(who)s vil gerne have, at %(what)s følger et mål."),
        "follower_yes": gettext("%(who)s sagde ja til, at %(what)s følger et mål."),
        "follower_ended": gettext("%(who)s sagde, at %(what)s ikke følger et mål mere."),
        "goal_talk": gettext("%(who)s skrev, hvad en samtale om et mål ændrer."),
        "born_said": gettext("%(who)s skrev fødselsdagen."),
        "transition_begun": gettext("%(who)s begyndte på en overgang: %(what)s."),
        "transition_moved": gettext("%(who)s rettede dagen for en overgang: %(what)s."),
        "transition_sides": gettext("%(who)s skrev, hvem der er med i en overgang: %(what)s."),
        "transition_point": gettext("%(who)s satte noget på listen for en overgang: %(what)s."),
        "transition_dropped": gettext("%(who)s tog noget af listen for en overgang: %(what)s."),
        "transition_help": gettext("%(who)s skrev, hvornår en hjælp slutter: %(what)s."),
        "transition_help_removed": gettext("%(who)s tog en hjælp, der slutter, af listen: %(what)s."),
        "transition_gap_told": gettext("%(who)s skrev, hvad der sker i dage uden hjælp: %(what)s."),
        "transition_ended": gettext("%(who)s skrev, at en overgang er slut: %(what)s."),
        "life_said": gettext("%(who)s sagde, hvordan livet er."),
        "life_mark": gettext("%(who)s valgte selv et tegn i planen."),
        "goal_rhythm": gettext("%(who)s valgte, hvor tit vi taler om et mål."),
        "footing": gettext("%(who)s skrev, hvad hjælpen bygger på."),
        "goal_made": gettext("%(who)s begyndte på et mål i planen."),
        "goal_frame": gettext("%(who)s rettede tid eller sted for et mål."),
        "goal_active": gettext("%(who)s tog et mål op."),
        "goal_waiting": gettext("%(who)s lod et mål vente."),
        "goal_reached": gettext("%(who)s sagde, at et mål er nået."),
        "goal_let_go": gettext("%(who)s lagde et mål fra sig."),
        "goal_progress": gettext("%(who)s sagde, hvordan det går med et mål."),
        "step_made": gettext("%(who)s skrev et skridt i planen: %(what)s."),
        "step_given_back": gettext("%(who)s gav et skridt tilbage efter en prøve: %(what)s."),
        "meeting_frame": gettext("%(who)s skrev, hvordan det er godt at mødes."),
        "joining_asked": gettext("%(who)s vil gerne have »%(what)s« med til et møde."),
        "joining_yes": gettext("%(who)s sagde ja til et fælles møde. %(what)s."),
        "joining_no": gettext("%(who)s sagde nej til »%(what)s« ved et møde."),
        "minutes_mended": gettext("%(who)s rettede i et referat. %(what)s."),
        "goal_quiet": gettext("Det er noget tid siden, %(what)s har sagt, hvordan det går med et mål."),
        "goal_silent": gettext("Vi fik ikke talt om et mål, som vi havde aftalt."),
        "look_again": gettext("%(who)s valgte, hvornår vi spørger igen: %(what)s."),
        "paper_asked": gettext("%(who)s spurgte, om vi må hente %(what)s."),
        "paper_yes": gettext("%(who)s sagde ja til, at vi henter %(what)s."),
        "paper_no": gettext("%(who)s sagde nej til, at vi henter %(what)s."),
        "paper_withdrawn": gettext("%(who)s tog sit ja til %(what)s tilbage."),
        "paper_came": gettext("%(who)s har hentet %(what)s."),
        "paper_gave_up": gettext("%(who)s kunne ikke hente %(what)s."),
        "grant_asked": gettext("%(who)s spurgte, om der er penge til %(what)s."),
        "grant_proposed": gettext("%(who)s foreslog penge til %(what)s."),
        "grant_yes": gettext("%(who)s sagde ja til penge til %(what)s."),
        "grant_no": gettext("%(who)s sagde nej til penge til %(what)s."),
        "grant_application": gettext("%(who)s søgte om %(what)s."),
        "grant_let_be": gettext("%(who)s vil ikke have penge til %(what)s alligevel."),
        "grant_leader": gettext("%(who)s spurgte lederen om penge til %(what)s."),
        "grant_receipt": gettext("%(who)s lagde en bon for %(what)s."),
        "renewal_asked": gettext("%(who)s spurgte, om det stadig passer."),
        "renewal_answered": gettext("%(who)s svarede på, om det stadig passer."),
        "circle_in": gettext("%(who)s satte en ind blandt menneskene omkring sig."),
        "circle_out": gettext("%(who)s tog en ud af menneskene omkring sig."),
        "taken_up": gettext("%(who)s satte »%(what)s« i planen."),
        "taken_up_now": gettext("%(who)s sagde, hvor langt det er med »%(what)s«."),
        "board_put_up": gettext("%(who)s satte en seddel på tavlen."),
        "board_moved": gettext("%(who)s flyttede en seddel på tavlen."),
        "board_taken_down": gettext("%(who)s tog en seddel ned fra tavlen."),
        "minutes_yes": gettext("%(who)s sagde ja til et referat. %(what)s."),
        "minutes_no": gettext("%(who)s husker et møde anderledes. %(what)s."),
    }.get(note.kind)
    if sentence is None:
        return f"{who}: {words}." if words else f"{who}."
    if note.kind in ("step_made", "step_given_back") and not words:
        sentence = {
            "step_made": gettext("%(who)s skrev et skridt i planen."),
            "step_given_back": gettext("%(who)s gav et skridt tilbage efter en prøve."),
        }[note.kind]
    if note.kind == "promised" and note.by is None:
        sentence = gettext("En frist begyndte: %(what)s.")
    return sentence % said
