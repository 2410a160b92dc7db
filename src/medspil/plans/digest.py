"""What both sides say yes to is exactly these minutes: one number for all of their words."""

from __future__ import annotations

import hashlib
import json


def digest_of(content: list[dict]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
