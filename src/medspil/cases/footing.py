"""What help is made possible by: entered last, in step 3, and by the authority alone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal

from . import ffb
from .actions import WordsMissing, note
from .door import OpenCase
from .models import Case, Footing, Member
from .work import holds_the_whole


class NotYetPossible(Refusal):
    sentence = _("Lov og kategori hører til trin 3. Forstå først, og find hjælpen sammen.")


def is_authority(opened: OpenCase) -> bool:
    """Whether this reader decides here: a caseworker of the main thread, and no provider."""
    if not opened.works_here or not holds_the_whole(opened):
        return False
    deciding = (Member.Role.COORDINATING, Member.Role.CASEWORKER)
    return any(
        member.person_id == opened.person.pk and member.role in deciding
        for member in opened.main_thread.team  # type: ignore[attr-defined]
    )


def may_enter(opened: OpenCase) -> bool:
    return is_authority(opened) and opened.case.step == Case.Step.MAKE_POSSIBLE


@transaction.atomic
def enter(*, law: str, target_group: UUID, category: UUID, aim: UUID, plainly: str, by: OpenCase) -> Footing:
    """Law, target group, category and kind of aim, and the same in everyday words. What stood before is kept.

    Raises NotYours for all but the authority, NotYetPossible before step 3.
    """
    if not is_authority(by):
        raise NotYours
    case = by.hold()
    if case.step != Case.Step.MAKE_POSSIBLE:
        raise NotYetPossible
    law, plainly = " ".join(law.split()), plainly.replace("\r\n", "\n").strip()
    for name, words in (("law", law), ("plainly", plainly)):
        if not words:
            raise WordsMissing(field=name)
    for name, code, known in (
        ("target_group", target_group, ffb.target_groups()),
        ("category", category, ffb.categories()),
        ("aim", aim, ffb.aims()),
    ):
        if code not in {one.code for one in known}:
            raise Refusal(_("Vælg et af svarene."), field=name)
    said = {"law": law, "target_group": target_group, "category": category, "aim": aim, "plainly": plainly}
    standing = Footing.objects.filter(case=case, replaced_at=None).first()
    if standing is not None:
        if all(getattr(standing, name) == value for name, value in said.items()):
            return standing
        standing.replaced_at = clock.now()
        standing.save(update_fields=["replaced_at"])
    made = Footing.objects.create(case=case, entered_by=by.person, entered_at=clock.now(), **said)
    note(case=case, thread=by.main_thread, kind="footing", by=by.person)
    return made


def footings(opened: OpenCase) -> list[Footing]:
    """The one in force first, then those before it; for the citizen's side, and for the authority in step 3."""
    theirs = opened.speaks_for_citizen and opened.whole
    if opened.preview or not (theirs or may_enter(opened)):
        return []
    return list(
        Footing.objects.filter(case=opened.case).select_related("entered_by").order_by("-entered_at", "-pk")
    )
