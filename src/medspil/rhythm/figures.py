"""What figures are called by: the rooms behind the wall know a unit by its slug alone."""

from __future__ import annotations

from medspil.people.models import Unit


def unit_names() -> dict[str, str]:
    """{slug: name} of every unit."""
    return dict(Unit.objects.order_by("name").values_list("slug", "name"))
