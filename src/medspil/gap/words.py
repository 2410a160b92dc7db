"""Words of the gap, Danish and English beside each other, and numbers as each language writes them."""

from __future__ import annotations

TEXT: dict[str, dict[str, str]] = {
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
        "en": "everybody in each group answered alike, so there is no spread to tell the doubt from",
    },
}


def text(key: str, lang: str, **values: object) -> str:
    return TEXT[key][lang].format(**values)


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


def interval(bounds: tuple[float, float], lang: str, decimals: int = 1) -> str:
    between = {"da": "til", "en": "to"}[lang]
    return f"{number(bounds[0], lang, decimals)} {between} {number(bounds[1], lang, decimals)}"
