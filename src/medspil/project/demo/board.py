"""What hangs on Ida's board: hers, Karen's, and one that Karen wrote while Ida spoke."""

from __future__ import annotations

import io
import math
import struct
import uuid
import wave
from datetime import datetime, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.kinds import Checked, check
from medspil.cases.models import Voice
from medspil.plans import board

from . import cast as cast_of
from . import drawn


def _hummed() -> Checked:
    """Two seconds of a soft tone: nobody's voice."""
    rate = 8000
    tones = (
        int(6000 * math.sin(2 * math.pi * 220 * n / rate) * math.exp(-n / rate)) for n in range(rate * 2)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", tone) for tone in tones))
    return check(out, name="optagelse.wav", size=out.tell())


def fill(cast: cast_of.Cast, now: datetime) -> None:
    ida, karen = cast_of.opened(cast.ida, cast.ida), cast_of.opened(cast.karen, cast.ida)
    own, ours = Voice.CITIZEN, Voice.PROFESSIONAL
    with clock.held_at(now - timedelta(days=12)):
        board.put_up(
            column="hard",
            area="home",
            whose=own,
            words="Klokken fem er jeg tom. Så ligger jeg her.",
            picture=drawn.sofa(),
            shows="En sofa med et tæppe og en lampe",
            key=uuid.uuid4(),
            by=ida,
        )
        board.put_up(
            column="works",
            area="home",
            whose=own,
            words="Jeg bager om formiddagen.",
            picture=drawn.bread(),
            shows="Et nybagt brød på et bræt",
            key=uuid.uuid4(),
            by=ida,
        )
        tired = board.put_up(
            column="hard",
            area="around",
            whose=own,
            words="Trinene i bussen er høje.",
            picture=drawn.stairs(),
            shows="Tre trin op i en bus",
            key=uuid.uuid4(),
            by=ida,
        )
    with clock.held_at(now - timedelta(days=9)):
        board.put_up(
            column="works",
            whose=ours,
            words="Ida ved selv, hvornår på dagen kræfterne er der.",
            key=uuid.uuid4(),
            by=karen,
        )
        spoken = board.put_up(
            column="needed",
            area="together",
            whose=own,
            words="Nogen, der kender til at være træt hele tiden.",
            key=uuid.uuid4(),
            by=karen,
        )
        board.put_up(
            column="needed",
            area="home",
            whose=ours,
            words="Vi skal vide, hvad der tager flest kræfter derhjemme.",
            key=uuid.uuid4(),
            by=karen,
        )
    with clock.held_at(now - timedelta(days=8)):
        cases.confirm(version=board.note(ida, spoken.pk).version, by=ida)  # type: ignore[arg-type]
        board.move(note=tired, to="needed", by=ida)
        board.put_up(column="hard", area="communicate", whose=own, sound=_hummed(), key=uuid.uuid4(), by=ida)
