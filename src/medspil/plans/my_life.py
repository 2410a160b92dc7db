"""How is my life: the citizen's own sign and words, over time, and their own choice of sign for a place on the plan."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Text, Voice

from .areas import LIFE_AREAS
from .models import LifeSign
from .plan import AREAS, may_read

Says = LifeSign.Says
WHOLE = (Says.BRIGHT, Says.CHANGING, Says.GREY, Says.HEAVY)
OF_A_PLACE = (Says.WELL, Says.HARD, Says.KNOW, Says.OPEN)


@transaction.atomic
def say(*, says: str, words: str = "", kept_close: bool | None = None, by: OpenCase) -> LifeSign:
    """How life is now, by the citizen or whoever may say it for them; words go with it if they like."""
    _require_voice(by)
    if says not in WHOLE:
        raise Refusal(_("Vælg et af svarene."), field="says")
    by.hold()
    words = words.strip()
    last = _newest(by, "")
    if last is not None and last.says == says and last.at > clock.now() - cases.TWICE and not words:
        return last
    made = LifeSign.objects.create(case=by.case, says=Says(says).value, by=by.person, at=clock.now())
    if words:
        cases.write(
            about=made.about,
            whose=Voice.CITIZEN,
            words=words,
            base=0,
            thread=by.main_thread,
            kept_close=kept_close,
            by=by,
        )
    cases.note(case=by.case, thread=by.main_thread, kind="life_said", by=by.person)
    return made


@transaction.atomic
def mark(*, area: str, says: str, by: OpenCase) -> LifeSign:
    """The citizen's own sign for a place on the plan, before any that the plan would choose."""
    _require_voice(by)
    if area not in {one.key for one in LIFE_AREAS}:
        raise NotYours
    if says not in OF_A_PLACE:
        raise Refusal(_("Vælg et af svarene."), field="says")
    by.hold()
    last = _newest(by, area)
    if last is not None and last.says == says:
        return last
    made = LifeSign.objects.create(
        case=by.case, area=area, says=Says(says).value, by=by.person, at=clock.now()
    )
    cases.note(case=by.case, thread=by.main_thread, kind="life_mark", words=f"area.{area}", by=by.person)
    return made


def may_say(opened: OpenCase) -> bool:
    """How a child's life is nobody says in its place; a parent has words of their own beside it."""
    return opened.has_citizens_voice and opened.whole


def _require_voice(by: OpenCase) -> None:
    by.require_whole()
    if not may_say(by):
        raise cases.NotYourVoice


def _newest(by: OpenCase, area: str) -> LifeSign | None:
    return LifeSign.objects.filter(case=by.case, area=area).order_by("-at", "-pk").first()


def _rows(opened: OpenCase) -> QuerySet[LifeSign]:
    """Those this person reads: with words that are kept close goes the sign that they were said with."""
    rows = LifeSign.objects.filter(case=opened.case)
    if opened.standing == Standing.SELF or (opened.works_here and opened.whole):
        return rows
    about = Concat(Value("mylife."), Cast(OuterRef("pk"), CharField()))
    return rows.exclude(Exists(Text.objects.filter(case=opened.case, about=about, kept_close=True)))


def signs(opened: OpenCase) -> dict[str, LifeSign]:
    """The sign that holds now, by place; "" is life as a whole. One question."""
    if not may_read(opened):
        return {}
    newest = _rows(opened).filter(area=OuterRef("area")).order_by("-at", "-pk")
    rows = _rows(opened).filter(pk=Subquery(newest.values("pk")[:1]))
    return {row.area: row for row in rows if row.says != Says.OPEN}


def said_of_life(opened: OpenCase, *, limit: int = 24) -> list[LifeSign]:
    """Every answer on life as a whole, the newest first."""
    if not may_read(opened):
        return []
    rows = _rows(opened).filter(area="").select_related("by")
    return list(rows.order_by("-at", "-pk")[:limit])


def words_of(opened: OpenCase, rows: Iterable[LifeSign]) -> dict[str, Text]:
    """The words that were said with them, by where they stand."""
    about = [row.about for row in rows]
    if not about:
        return {}
    return {t.about: t for t in opened.texts(AREAS, "mylife.", newest=True).filter(about__in=about)}
