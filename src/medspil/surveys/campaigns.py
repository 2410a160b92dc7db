"""Rounds of the whole instrument, read as count tables."""

from __future__ import annotations

from typing import Any

from medspil import gap

from .models import Campaign
from .tables import respondents


def as_json(table: gap.CountTable) -> dict[str, Any]:
    """The table as plain values: its cells that are not empty, and how many answered."""
    return {
        "cells": [list(cell) for cell in table.cells()],
        "respondents": [[*key, int(n)] for key, n in zip(table.keys, table.respondents, strict=True)],
    }


def table_of(campaign: Campaign) -> gap.CountTable:
    """The campaign's count table. Raises LookupError when its instrument is not one we know."""
    study = gap.vive2021()
    if campaign.instrument != study.name:
        raise LookupError(campaign.instrument)
    answers: dict[tuple[str, ...], dict[str, list[tuple[int, int]]]] = {}
    for item, answer, *key, many in campaign.counts["cells"]:
        if answer != "left_out":
            answers.setdefault(tuple(key), {}).setdefault(item, []).append((answer, many))
    columns = ("group", *(subgroup.by for subgroup in study.subgroups))
    people = (
        each
        for *key, many in campaign.counts["respondents"]
        for each in respondents(
            who=dict(zip(columns, key, strict=True)), many=many, answers=answers.get(tuple(key), {})
        )
    )
    return gap.count(
        people, study, source=gap.Source(name=campaign.name, constructed=campaign.is_constructed)
    )


def latest() -> Campaign | None:
    return Campaign.objects.order_by("-held_in", "-pk").first()
