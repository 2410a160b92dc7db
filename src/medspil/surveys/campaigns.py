"""Rounds of the whole instrument, read as count tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from medspil import gap

from .models import Campaign


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
    keys = [tuple(key) for *key, _ in campaign.counts["respondents"]]
    at = {key: i for i, key in enumerate(keys)}
    items = {item.name: i for i, item in enumerate(study.items)}
    columns = {score: i for i, score in enumerate(study.scale)} | {"left_out": len(study.scale)}
    n = np.zeros((len(keys), len(items), len(columns)), np.int64)
    for item, answer, *key, many in campaign.counts["cells"]:
        n[at[tuple(key)], items[item], columns[answer]] = many
    people = np.array([many for *_, many in campaign.counts["respondents"]], np.int64)
    return gap.CountTable(
        study, tuple(keys), n, people, gap.Source(name=campaign.name, constructed=campaign.is_constructed)
    )


def latest() -> Campaign | None:
    return Campaign.objects.order_by("-held_in", "-pk").first()
