"""From results, trials and figures to the plain values that the leader's and the public pages show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, ngettext

from medspil import gap
from medspil.base import clock
from medspil.cases.promises import Kept, kept_by_unit, last_days
from medspil.gap.figure import rows_by_theme
from medspil.gap.page import SubgroupShown, method_words, subgroups_shown
from medspil.gap.words import number, text
from medspil.strategy import catalogue
from medspil.strategy.reading import TrialSeen
from medspil.surveys import campaigns
from medspil.surveys.models import TOGETHER


def lang() -> str:
    return "en" if (get_language() or "da").startswith("en") else "da"


def place() -> str:
    """»Løvholm« of »Løvholm Kommune«."""
    return settings.MUNICIPALITY_NAME.removesuffix(" Kommune")


def newest_gap() -> dict[str, Any] | None:
    """The latest round: its sentences, figure, table and method; None when there is none."""
    campaign = campaigns.latest()
    if campaign is None:
        return None
    language = lang()
    table = campaigns.table_of(campaign)
    results = gap.publishable(gap.analyse(table))
    reference = gap.reference_for(results)
    said = gap.sentences(results, reference=reference, lang=language, place=place())
    return {
        "said": said,
        "item": said.item,
        "held_in": campaign.held_in,
        "constructed": campaign.is_constructed,
        "figure": figure(results, reference=reference, highlight=said.item, prefix="gap"),
        "tables": list(_tables(results, reference)),
        "subgroups": [_subgroup(s) for s in subgroups_shown(results, language) if s.note],
        "subgroups_title": text("subgroups", language),
        "method": list(method_words(results, reference, language)),
        "reservation": reference.reservation[language] if reference else "",
        "study_2015": _study_2015() if reference else None,
    }


def figure(
    results: gap.Results, *, prefix: str, reference: gap.Reference | None = None, highlight: str | None = None
) -> dict[str, Any]:
    """Legend, both drawings and the note under them; what the gap room draws is escaped there."""
    language = lang()
    draw = {"reference": reference, "lang": language, "highlight": highlight, "id_prefix": prefix}
    return {
        "legend": mark_safe(gap.legend_html(results, reference=reference, lang=language)),  # noqa: S308
        "wide": mark_safe(gap.dumbbell_svg(results, **draw)),  # type: ignore[arg-type]  # noqa: S308
        "narrow": mark_safe(gap.dumbbell_svg(results, narrow=True, **draw)),  # type: ignore[arg-type]  # noqa: S308
        "note": gap.figure_note(results, lang=language),
    }


def small_note(results: gap.Results) -> str:
    """The note of a figure in which the groups may be too small for lines of doubt."""
    drawn = [g.ci95 for item in results.items.values() for g in item.groups.values() if g.mean is not None]
    if all(drawn):
        return gap.figure_note(results, lang=lang())
    return gettext(
        "»Ved ikke« er ikke talt med. Forskel er sagsbehandlere minus borgere. "
        "Under tyve svar vises ingen usikkerhed, så ingen kan regne de enkelte svar ud."
    )


def table(results: gap.Results, **more: Any) -> dict[str, Any]:
    found = gap.figure_table(results, lang=lang(), **more)
    return {
        "caption": found.caption,
        "columns": found.columns,
        "span": len(found.columns),
        "themes": [{"name": theme, "rows": rows} for theme, rows in rows_by_theme(found)],
    }


def _subgroup(shown: SubgroupShown) -> dict[str, Any]:
    return {
        "title": shown.title,
        "out": shown.out,
        "said": shown.said,
        "note": shown.note,
        "table": {
            "caption": shown.table.caption,
            "columns": shown.table.columns,
            "themes": [{"name": "", "rows": shown.table.rows}],
        },
    }


def _tables(results: gap.Results, reference: gap.Reference | None) -> Iterable[dict[str, Any]]:
    yield table(results, reference=reference)
    rest = [item for item in results.study.items if item not in gap.shown_items(results)]
    asked = [g for g in results.study.groups if all(g in item.asked for item in rest)]
    if rest and len(asked) == 2:
        staff = table(results, reference=reference, items=rest, pair=(asked[0], asked[1]))
        yield {**staff, "title": text("staff_only", lang())}


def _study_2015() -> dict[str, Any]:
    language = lang()
    missing = text("not_printed", language)
    study = gap.vive2021()
    return {
        "reservation": gap.RESERVATION_2015[language],
        "title": text("head_2015", language),
        "columns": [
            text(c, language) for c in ("question", "who", "on_0_10", "times_0_3", "by_3_33", "as_printed")
        ],
        "rows": [
            (
                study.item(r.item).label[language],
                text(f"who_{r.who}", language),
                missing if r.on_0_10 is None else number(r.on_0_10, language),
                missing if r.exact is None else number(r.exact, language, 2),
                missing if r.as_the_study is None else number(r.as_the_study, language, 2),
                number(r.as_printed, language),
            )
            for r in gap.reference2015()
        ],
    }


def question_label(item: str) -> str:
    """What the instrument calls the question; the id itself when it is of another instrument."""
    found = catalogue.questions().get(item)
    return found[lang()] if found else item


def practice(p: catalogue.Practice) -> dict[str, Any]:
    return {"key": p.key, "name": p.name[lang()], "what": p.what[lang()], "icon": p.icon}


def initiative(i: catalogue.Initiative) -> dict[str, Any]:
    language = lang()
    return {
        "key": i.key,
        "anchor": i.id,
        "name": i.name[language],
        "where": i.where[language],
        "whom": i.whom[language],
        "what": i.what[language],
        "evidence": i.evidence[language],
        "source": i.source,
        "dilemmas": [{"name": catalogue.DILEMMAS[d][language], "named": d in i.named} for d in i.dilemmas],
        "questions": [question_label(q) for q in i.questions],
        "item": i.questions[0] if i.questions else "",
    }


def trial(seen: TrialSeen, names: dict[str, str], *, own: frozenset[str] = frozenset()) -> dict[str, Any]:
    t = seen.trial
    return {
        "pk": t.pk,
        "name": seen.what.name[lang()],
        "unit": names.get(t.unit, t.unit),
        "words": t.words,
        "item": question_label(t.item),
        "begun_on": t.begun_on,
        "look_again_on": t.look_again_on,
        "is_due": seen.is_due,
        "outcome": t.get_outcome_display(),
        "outcome_words": t.outcome_words,
        "looked_on": t.looked_on,
        "is_own": t.unit in own,
    }


def kept(days: int) -> dict[str, Any]:
    """What each unit of five or more kept of what it promised with a date in the last `days` days."""
    since, until = last_days(clock.today(), days)
    return {
        "days": days,
        "title": ngettext("Den seneste dag", "De seneste %(days)s dage", days) % {"days": days},
        "rows": [_kept_row(k) for k in kept_by_unit(since=since, until=until, now=clock.now())],
        "since": since,
        "until": until,
    }


def _kept_row(k: Kept) -> dict[str, Any]:
    held = k.kept + k.moved_then_kept
    return {
        "unit": k.unit.name,
        "counted": k.counted,
        "held": gettext("%(held)s af %(all)s") % {"held": held, "all": k.counted} if k.counted else "",
        "kept": k.kept,
        "moved": k.moved_then_kept,
        "broken": k.broken,
    }


def unit_name(slug: str, names: dict[str, str]) -> str:
    return gettext("De små afdelinger samlet") if slug == TOGETHER else names.get(slug, slug)
