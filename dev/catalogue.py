"""Sees to the compiled translations from outside the environment."""

import json

from dev import environment
from dev.console import ROOT, run

LOCALE = ROOT / "src" / "medspil" / "locale"


def compile_if_changed() -> bool:
    """Compiles when a part changed or the compiled file is missing; returns whether it did."""
    parts = sorted(LOCALE.glob("*/parts/*.po"))
    names = json.dumps([str(path.relative_to(LOCALE)) for path in parts])
    wanted = environment.digest(ROOT / "dev" / "translations.py", *parts) + names
    compiled = [
        LOCALE / language / "LC_MESSAGES" / "django.mo" for language in {path.parts[-3] for path in parts}
    ]
    if environment.stamps().get("translations") == wanted and all(path.exists() for path in compiled):
        return False
    run(
        [environment.PYTHON, "-m", "dev.translations", "--compile"],
        env=environment.environ(),
        trouble="The translations could not be compiled.",
    )
    environment.stamp(translations=wanted)
    return True
