"""Words of the gap, Danish and English beside each other, and numbers as each language writes them."""

from __future__ import annotations

LANGUAGES = ("da", "en")

TEXT: dict[str, dict[str, str]] = {
    # Why a number is not there.
    "why_nobody": {
        "da": "ingen i den ene gruppe har svaret",
        "en": "nobody in one of the groups answered",
    },
    "why_one": {
        "da": "kun én i den ene gruppe har svaret, og ét svar har ingen spredning",
        "en": "only one person in one of the groups answered, and one answer has no spread",
    },
    "why_alike": {
        "da": "alle i hver gruppe svarer ens, så der er ingen spredning at regne usikkerhed af",
        "en": "everybody in each group answered alike, so there is no spread to tell the uncertainty from",
    },
    "why_few_clusters": {
        "da": "der er for få klynger til at regne usikkerhed af",
        "en": "there are too few clusters to tell the uncertainty from",
    },
    "why_no_test": {
        "da": "der er under to grupper eller under to svar at holde op mod hinanden, eller for få klynger",
        "en": "there are fewer than two groups or two answers to hold against each other, or too few clusters",
    },
    # The sentence without statistics.
    "less": {
        "da": "{Other} mener i {much}mindre grad end {bench}, at {that}.",
        "en": "{Other} agree {much}less than {bench} do that {that}.",
    },
    "more": {
        "da": "{Other} mener i {much}højere grad end {bench}, at {that}.",
        "en": "{Other} agree {much}more than {bench} do that {that}.",
    },
    "far": {"da": "langt ", "en": "far "},
    "slightly": {"da": "lidt ", "en": "slightly "},
    "unsure": {
        "da": "Vi kan ikke sige sikkert, om {other} og {bench} ser forskelligt på det.",
        "en": "We cannot say for sure whether {other} and {bench} see it differently.",
    },
    "unsure_few": {
        "da": "Der er for få svar til at sige sikkert, om {other} og {bench} ser forskelligt på det.",
        "en": "There are too few answers to say for sure whether {other} and {bench} see it differently.",
    },
    "hidden": {
        "da": "Der er for få svar til at vise en forskel.",
        "en": "There are too few answers to show a gap.",
    },
    "one_group": {
        "da": "Kun {only} har svaret, så der er ingen forskel at vise.",
        "en": "Only {only} answered, so there is no gap to show.",
    },
    "nobody": {"da": "Ingen har svaret endnu.", "en": "Nobody has answered yet."},
    # The sentence with the numbers and their doubt.
    "answers": {
        "da": "{Other} svarer {b} på en skala fra {low} til {high}.",
        "en": "{Other} answer {b} on a scale from {low} to {high}.",
    },
    "answers_bench": {"da": "{Bench} svarer {a}.", "en": "{Bench} answer {a}."},
    "low_is_good_sentence": {"da": "Her er et lavt tal godt.", "en": "Here a low number is good."},
    "gap_only": {"da": "Forskellen er {gap}.", "en": "The gap is {gap}."},
    "gap_largest": {
        "da": "Forskellen på {gap} er den største af de {count}.",
        "en": "The gap of {gap} is the largest of the {count}.",
    },
    "gap_largest_sure": {
        "da": "Forskellen på {gap} er den største af dem, vi er sikre på.",
        "en": "The gap of {gap} is the largest of those we are sure of.",
    },
    "doubt": {
        "da": "Usikkerheden går fra {low} til {high}.",
        "en": "The uncertainty runs from {low} to {high}.",
    },
    "measured": {
        "da": "Den største forskel, vi har målt, er {gap}: »{label}«.",
        "en": "The largest gap we measured is {gap}: “{label}”.",
    },
    "chance": {
        "da": "Så stor en forskel kan være tilfældig, når man ser på {count} på én gang.",
        "en": "A gap of that size may be chance when {count} are looked at together.",
    },
    "too_few_for_doubt": {
        "da": "En af grupperne har under {spread} svar, så vi kan ikke sige, hvor sikker den er.",
        "en": "One of the groups has fewer than {spread} answers, so we cannot say how sure it is.",
    },
    "in_2021": {
        "da": "I hele landet var den {gap} i {year}.",
        "en": "In the whole country it was {gap} in {year}.",
    },
    "larger_unsure": {
        "da": "Om {place} ligger højere, kan vi ikke sige sikkert.",
        "en": "Whether {place} is higher, we cannot say for sure.",
    },
    "smaller_unsure": {
        "da": "Om {place} ligger lavere, kan vi ikke sige sikkert.",
        "en": "Whether {place} is lower, we cannot say for sure.",
    },
    "same_unsure": {
        "da": "Om {place} ligger højere eller lavere, kan vi ikke sige sikkert.",
        "en": "Whether {place} is higher or lower, we cannot say for sure.",
    },
    "larger_sure": {"da": "{Place} ligger højere.", "en": "{Place} is higher."},
    "smaller_sure": {"da": "{Place} ligger lavere.", "en": "{Place} is lower."},
    "here": {"da": "vi", "en": "ours"},
    # The figure.
    "figure_title": {
        "da": "Hvor forskelligt {groups} svarer",
        "en": "How differently {groups} answer",
    },
    "figure_desc": {
        "da": (
            "{count} spørgsmål. For hvert står gruppernes gennemsnit på en skala fra {low} til {high}, med "
            "en streg for usikkerheden og forskellen mellem {bench} og {other}. {headline} Alle tal står i "
            "tabellen."
        ),
        "en": (
            "{count} questions. Each shows the groups' means on a scale from {low} to {high}, with a line "
            "for the uncertainty and the gap between {bench} and {other}. {headline} All numbers are in the "
            "table."
        ),
    },
    "gap": {"da": "Forskel", "en": "Gap"},
    "ci": {"da": "95 %", "en": "95%"},
    "withheld": {
        "da": "Skjult, så ingen kan genkendes",
        "en": "Hidden, so that nobody is recognised",
    },
    "no_answers": {"da": "Ingen svar", "en": "No answers"},
    "own_scale": {"da": "Skala {low} til {high}", "en": "Scale {low} to {high}"},
    "scale_low": {"da": "lavest", "en": "lowest"},
    "scale_high": {"da": "højest", "en": "highest"},
    "low_is_good": {"da": "Her er et lavt tal godt", "en": "Here a low number is good"},
    "n_answers": {"da": "{n} svar", "en": "{n} answers"},
    "one_answer": {"da": "1 svar", "en": "1 answer"},
    "small_marks": {
        "da": "Små, hule mærker: {label}",
        "en": "Small, hollow marks: {label}",
    },
    "figure_note": {
        "da": (
            "Stregen gennem hvert mærke viser usikkerheden (95 %). »Ved ikke« er ikke talt med. Forskel er "
            "{bench} minus {other}."
        ),
        "en": (
            "The line through each mark shows the uncertainty (95%). “Don't know” is not counted. Gap is "
            "{bench} minus {other}."
        ),
    },
    "constructed": {
        "da": "Svarene er konstruerede. Ingen mennesker har givet dem.",
        "en": "The answers are constructed. No person gave them.",
    },
    "constructed_2021": {
        "da": (
            "Svarene er konstrueret, så de passer med de tal, der blev trykt i 2021. Ingen mennesker har "
            "givet dem."
        ),
        "en": "The answers are constructed to agree with the figures printed in 2021. No person gave them.",
    },
    # Tables.
    "question": {"da": "Spørgsmål", "en": "Question"},
    "gap_in": {"da": "Forskel i {year}", "en": "Gap in {year}"},
    "p_adjusted": {"da": "p, justeret", "en": "p, adjusted"},
    "p_plain": {"da": "p", "en": "p"},
    "sure": {"da": "Er der forskel?", "en": "Is there a gap?"},
    "yes_sure": {"da": "ja", "en": "yes"},
    "not_sure": {"da": "kan ikke siges sikkert", "en": "cannot be said for sure"},
    "gap_between": {"da": "Forskel, {first} minus {second}", "en": "Gap, {first} minus {second}"},
    "table_caption": {
        "da": "Gennemsnit på en skala fra {low} til {high}, antal svar og 95 % usikkerhed",
        "en": "Means on a scale from {low} to {high}, number of answers and 95% uncertainty",
    },
    "table_caption_own": {
        "da": "Gennemsnit på hvert spørgsmåls egen skala, antal svar og 95 % usikkerhed",
        "en": "Means on each question's own scale, number of answers and 95% uncertainty",
    },
    # How the answers fall.
    "bars": {"da": "Sådan fordeler svarene sig", "en": "How the answers fall"},
    "bars_title": {"da": "Svarene på »{label}«", "en": "The answers to “{label}”"},
    "bars_note": {
        "da": "Hver bjælke er alle svar i en gruppe. Svar under skalaens midte ligger til venstre for stregen.",
        "en": "Each bar is all answers of a group. Answers below the middle of the scale lie left of the line.",
    },
    "distributions": {"da": "Svar, der ikke er på en skala", "en": "Answers that are on no scale"},
    "distributions_note": {
        "da": "Mærkerne viser, hvor stor en del af hver gruppe der gav hvert svar.",
        "en": "The marks show how large a share of each group gave each answer.",
    },
    "answer": {"da": "Svar", "en": "Answer"},
    "answers_in_all": {"da": "Antal svar", "en": "Number of answers"},
    "shares_differ": {
        "da": "Grupperne svarer forskelligt ({p}).",
        "en": "The groups answer differently ({p}).",
    },
    "shares_unsure": {
        "da": "Vi kan ikke sige sikkert, om grupperne svarer forskelligt ({p}).",
        "en": "We cannot say for sure whether the groups answer differently ({p}).",
    },
    "relations": {"da": "Følges svarene med {column}?", "en": "Do answers go with {column}?"},
    "relation_title": {
        "da": "Hvor meget svarene følges med {column}",
        "en": "How far answers go with {column}",
    },
    "relations_note": {
        "da": (
            "r går fra −1 til 1. Nul er, at svar og {column} ikke følges i en lige linje. At to ting følges, siger "
            "ikke, at den ene er grunden til den anden."
        ),
        "en": (
            "r runs from −1 to 1. At nought answers and {column} do not go together in a straight line. That two "
            "things go together does not say that one causes the other."
        ),
    },
    "relations_none": {
        "da": "Vi kan ikke sige sikkert, at nogen af svarene følges med {column}.",
        "en": "We cannot say for sure that any answers go with {column}.",
    },
    "relation_up": {
        "da": "{label}, {group}: én mere i {column} går sammen med {slope} højere svar ({interval}).",
        "en": "{label}, {group}: one more of {column} goes with answers {slope} higher ({interval}).",
    },
    "relation_down": {
        "da": "{label}, {group}: én mere i {column} går sammen med {slope} lavere svar ({interval}).",
        "en": "{label}, {group}: one more of {column} goes with answers {slope} lower ({interval}).",
    },
    "not_shown": {"da": "vises ikke", "en": "not shown"},
    "few_for_bars": {
        "da": "For få svar til at vise fordelingen",
        "en": "Too few answers to show how they fall",
    },
    "share_of": {"da": "Andel", "en": "Share"},
    "could_see": {
        "da": "Forskellen på »{label}« skulle være mindst {size} for med 80 % sikkerhed at blive set her.",
        "en": "A gap on “{label}” would have to be at least {size} to be seen here four times in five.",
    },
    "lower_plain": {
        "da": "{Other} svarer {much}lavere end {bench}: »{label}«.",
        "en": "{Other} answer {much}lower than {bench}: “{label}”.",
    },
    "higher_plain": {
        "da": "{Other} svarer {much}højere end {bench}: »{label}«.",
        "en": "{Other} answer {much}higher than {bench}: “{label}”.",
    },
    # The page.
    "page_title": {"da": "Kløften", "en": "The gap"},
    "kicker": {"da": "Kløften i {place}", "en": "The gap in {place}"},
    "kicker_nowhere": {
        "da": "Kløften mellem borgere og kommune",
        "en": "The gap between citizens and municipality",
    },
    "see_table": {"da": "Se tallene som tabel", "en": "See the numbers as a table"},
    "see_method": {"da": "Sådan har vi regnet", "en": "How we calculated"},
    "other_language": {"da": "In English", "en": "På dansk"},
    "staff_only": {"da": "Kun spurgt blandt de ansatte", "en": "Asked of staff alone"},
    "subgroups": {
        "da": "Hvem svarer anderledes end de øvrige?",
        "en": "Who answers differently from the rest?",
    },
    "subgroups_none": {
        "da": (
            "Når vi tager højde for, hvor mange grupper vi har set på, kan vi ikke sige sikkert, at nogen "
            "skiller sig ud."
        ),
        "en": "Allowing for how many groups we looked at, we cannot say for sure that any stands out.",
    },
    "subgroups_hidden": {
        "da": ("Nogle er så få, at vi ikke kan holde de andre op mod hinanden uden at røbe, hvad de svarer."),
        "en": "Some are so few that the others cannot be held against each other without telling what they answer.",
    },
    "higher": {"da": "højere", "en": "higher"},
    "lower": {"da": "lavere", "en": "lower"},
    "stands_out": {
        "da": "{level}: {mean} mod {rest} hos de øvrige ({p}).",
        "en": "{level}: {mean} against {rest} among the rest ({p}).",
    },
    "all_of": {"da": "Alle tal: {by}", "en": "All numbers: {by}"},
    "group_of": {"da": "Gruppe", "en": "Group"},
    "n": {"da": "Svar", "en": "Answers"},
    "mean": {"da": "Snit", "en": "Mean"},
    "rest": {"da": "Øvrige", "en": "Rest"},
    "star_note": {
        "da": (
            "* er undersøgelsens egen stjerne: p under 0,05 uden at tage højde for de mange prøver. ** "
            "holder også justeret."
        ),
        "en": (
            "* is the study's own star: p below 0.05 without allowing for the many tests. ** holds when "
            "adjusted too."
        ),
    },
    "untested": {
        "da": "Her vises kun gennemsnit; personen har selv beskrevet sit handicap, og ingen prøve er regnet.",
        "en": (
            "Means alone are shown here; persons describe their disability themselves, and nothing is tested."
        ),
    },
    "method_mean": {
        "da": (
            "Svarene er tal fra {low} ({low_word}) til {high} ({high_word}). »Ved ikke« og tomme svar er "
            "ikke regnet med."
        ),
        "en": (
            "Answers are numbers from {low} ({low_word}) to {high} ({high_word}). “Don't know” and empty "
            "answers are left out."
        ),
    },
    "method_own_scales": {
        "da": "Hvert spørgsmål har sin egen skala. »Ved ikke« og tomme svar er ikke regnet med.",
        "en": "Each question has its own scale. “Don't know” and empty answers are left out.",
    },
    "method_mean_plain": {
        "da": "Svarene er tal fra {low} til {high}. »Ved ikke« og tomme svar er ikke regnet med.",
        "en": "Answers are numbers from {low} to {high}. “Don't know” and empty answers are left out.",
    },
    "method_gap": {
        "da": (
            "Forskellen er {bench}s gennemsnit minus {other}s, regnet før tallene rundes af. Derfor kan den "
            "sidste decimal afvige fra det, man får ved at trække de viste tal fra hinanden."
        ),
        "en": (
            "The gap is the mean of {bench} minus that of {other}, calculated before rounding. So the last "
            "decimal may differ from what the numbers shown would give."
        ),
    },
    "method_welch": {
        "da": "Usikkerhed og p er fra Welchs t-prøve, som ikke forudsætter lige stor spredning i grupperne.",
        "en": "Uncertainty and p are from Welch's t-test, which does not assume that the groups spread alike.",
    },
    "method_pooled": {
        "da": "Usikkerhed og p er fra Students t-prøve med fælles spredning.",
        "en": "Uncertainty and p are from Student's t-test with a common spread.",
    },
    "method_design": {
        "da": "Usikkerhed og p følger, hvordan svarene er indsamlet: vægte, klynger, strata (som R's survey).",
        "en": "Uncertainty and p allow for how the answers were drawn: weights, clusters, strata (as R's survey).",
    },
    "method_cr2": {
        "da": "Usikkerhed og p er regnet til få klynger (CR2 og Satterthwaite, som R's clubSandwich).",
        "en": "Uncertainty and p are made for few clusters (CR2 and Satterthwaite, as R's clubSandwich).",
    },
    "method_holm": {
        "da": (
            "Vi ser på mange forskelle på én gang ({count}). Med Holms metode tager vi højde for det: kun "
            "hvis det justerede p er under 0,05, siger vi, at der er en forskel. Ellers siger vi, at vi ikke "
            "ved det. Det er ikke det samme som, at der ingen forskel er."
        ),
        "en": (
            "We look at many gaps at once ({count}). Holm's method allows for that: only when the adjusted p "
            "is below 0.05 do we say that there is a gap. Else we say that we do not know. That is not the "
            "same as there being none."
        ),
    },
    "method_words": {
        "da": (
            "»Langt« skriver vi kun, når hele usikkerheden ligger over en fjerdedel af skalaen, »lidt« kun "
            "når hele ligger under en sjettedel."
        ),
        "en": (
            "We write “far” only when the whole interval lies above a quarter of the scale, “slightly” only "
            "when all of it lies below a sixth."
        ),
    },
    "method_hidden": {
        "da": (
            "Grupper med under {few} svar er skjult, og så meget mere, at ingen kan regne dem ud ved at trække fra. "
            "Vi har regnet efter (lineær programmering): hvert skjult antal kan være mindst {interval} tal. "
            "Under {spread} svar vises gennemsnit uden usikkerhed."
        ),
        "en": (
            "Groups with fewer than {few} answers are hidden, and so much more that nobody can work them out by "
            "subtraction. We have checked (linear programming): there are at least {interval} numbers that each "
            "hidden count could be. Below {spread} answers means stand without uncertainty."
        ),
    },
    "method_files": {
        "da": (
            "Filerne ved siden af (results.json og tabellerne) skjuler intet. De er til den, der regner, ikke til at "
            "lægge frem."
        ),
        "en": (
            "The files beside it (results.json and the tables) hide nothing. They are for whoever calculates, not "
            "for publishing."
        ),
    },
    "method_reference": {
        "da": (
            "VIVE trykte ingen spredning i 2021. Når vi siger, at vi ligger højere eller lavere end dengang, "
            "har vi regnet med den største spredning, de trykte gennemsnit tillader."
        ),
        "en": (
            "VIVE printed no spread in 2021. When we say that we are higher or lower than then, we have "
            "assumed the largest spread that the printed means allow."
        ),
    },
    "source": {"da": "Fil: {name}. Svar fra {n}.", "en": "File: {name}. Answers from {n}."},
    "head_2015": {"da": "2015 på samme skala", "en": "2015 on the same scale"},
    "who_citizen": {"da": "Borgere", "en": "Citizens"},
    "who_staff": {"da": "Ansatte", "en": "Staff"},
    "who_gap": {"da": "Forskel", "en": "Gap"},
    "who": {"da": "Hvem", "en": "Who"},
    "on_0_10": {"da": "0-10", "en": "0-10"},
    "times_0_3": {"da": "× 0,3", "en": "× 0.3"},
    "by_3_33": {"da": "/ 3,33", "en": "/ 3.33"},
    "as_printed": {"da": "Som trykt", "en": "As printed"},
    "not_printed": {"da": "ikke trykt", "en": "not printed"},
}

NUMBER_WORDS = {
    "da": [
        "nul",
        "en",
        "to",
        "tre",
        "fire",
        "fem",
        "seks",
        "syv",
        "otte",
        "ni",
        "ti",
        "elleve",
        "tolv",
        "tretten",
    ],
    "en": [
        "nought",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
    ],
}


def text(key: str, lang: str, **values: object) -> str:
    return TEXT[key][lang].format(**values)


def in_words(count: int, lang: str) -> str:
    words = NUMBER_WORDS[lang]
    return words[count] if count < len(words) else str(count)


def listed(names: list[str], lang: str) -> str:
    """
    >>> listed(["borgere", "ledere", "andre"], "da")
    'borgere, ledere og andre'
    """
    both = {"da": " og ", "en": " and "}[lang]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + both + names[-1]


def number(value: float, lang: str, decimals: int = 1) -> str:
    """A number as written: decimal comma in Danish, a true minus sign, never minus nought.

    >>> number(-0.04, "da"), number(-1.25, "da", 2), number(2.5, "en")
    ('0,0', '−1,25', '2.5')
    """
    written = f"{value:.{decimals}f}"
    if float(written) == 0:
        written = written.lstrip("-")
    written = written.replace("-", "−")
    return written.replace(".", ",") if lang == "da" else written


def whole(value: int, lang: str) -> str:
    """
    >>> whole(1816, "da"), whole(1816, "en")
    ('1.816', '1,816')
    """
    return f"{value:,}".replace(",", "." if lang == "da" else ",")


def p_value(p: float, lang: str) -> str:
    """
    >>> p_value(0.00004, "da"), p_value(0.0412, "en")
    ('p < 0,001', 'p = 0.041')
    """
    return f"p < {number(0.001, lang, 3)}" if p < 0.001 else f"p = {number(p, lang, 3)}"


def interval(bounds: tuple[float, float], lang: str, decimals: int = 1) -> str:
    between = {"da": "til", "en": "to"}[lang]
    return f"{number(bounds[0], lang, decimals)}\u00a0{between}\u00a0{number(bounds[1], lang, decimals)}"


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
