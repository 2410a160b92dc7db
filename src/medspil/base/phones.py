"""Telephone numbers, kept in one form, so that a number is known again however it was written."""

from __future__ import annotations


def plain(number: str) -> str:
    """»20000012« for a Danish number, with or without its country; »+4640000012« for one from abroad; else ""."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if number.strip().startswith("+"):
        abroad = digits
    elif digits.startswith("00"):
        abroad = digits[2:]
    elif len(digits) == 10 and digits.startswith("45"):
        abroad = digits
    else:
        return digits
    return abroad[2:] if abroad.startswith("45") and len(abroad) == 10 else f"+{abroad}" if abroad else ""
