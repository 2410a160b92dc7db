"""Small invented pictures, drawn by a few lines, as somebody might have taken or painted them."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

from medspil.cases.kinds import Checked, check

Pen = ImageDraw.ImageDraw
SIZE = (900, 600)


def _drawn(name: str, ground: str, draw: Callable[[Pen], None]) -> Checked:
    image = Image.new("RGB", SIZE, ground)
    draw(ImageDraw.Draw(image))
    out = io.BytesIO()
    image.save(out, "PNG")
    return check(out, name=name, size=out.tell())


def sofa() -> Checked:
    """A sofa in the evening, with a blanket and a lamp."""

    def draw(pen: Pen) -> None:
        pen.rectangle((0, 430, 900, 600), fill="#B98B5E")
        pen.rounded_rectangle((180, 250, 720, 400), 40, fill="#3F6B63")
        pen.rounded_rectangle((150, 330, 750, 470), 40, fill="#4E8177")
        pen.rounded_rectangle((380, 315, 640, 430), 24, fill="#D98E4A")
        for x in (400, 450, 500, 550, 600):
            pen.line((x, 320, x, 428), fill="#B96A2B", width=8)
        pen.rectangle((190, 470, 215, 505), fill="#2F4F4A")
        pen.rectangle((685, 470, 710, 505), fill="#2F4F4A")
        pen.line((810, 180, 810, 505), fill="#5B4632", width=12)
        pen.polygon([(760, 180), (860, 180), (835, 90), (785, 90)], fill="#F4D58A")

    return _drawn("sofaen kl 17.png", "#E9DCC7", draw)


def bread() -> Checked:
    """A loaf on a board."""

    def draw(pen: Pen) -> None:
        pen.rectangle((0, 400, 900, 600), fill="#8F6A48")
        pen.rounded_rectangle((130, 390, 770, 450), 20, fill="#D9B382")
        pen.rounded_rectangle((210, 190, 690, 400), 100, fill="#A85F2A")
        pen.rounded_rectangle((235, 205, 665, 360), 80, fill="#C77F3E")
        for x in (310, 420, 530):
            pen.line((x, 230, x + 50, 330), fill="#F1D9AE", width=16)

    return _drawn("brød fra i går.png", "#F5EBDD", draw)


def stairs() -> Checked:
    """Steps up to a bus."""

    def draw(pen: Pen) -> None:
        pen.rectangle((0, 470, 900, 600), fill="#8C9398")
        pen.rounded_rectangle((120, 110, 1000, 440), 40, fill="#2A66A3")
        for x in (440, 610, 780):
            pen.rounded_rectangle((x, 160, x + 140, 280), 16, fill="#DCEBF7")
        pen.rectangle((210, 160, 380, 440), fill="#16324F")
        for n, y in enumerate((395, 350, 305)):
            pen.rectangle((230 + 14 * n, y, 380, y + 45), fill=("#B6BEC4", "#A3ABB1", "#8F979D")[n])
        pen.ellipse((470, 390, 580, 500), fill="#20262B")
        pen.ellipse((505, 425, 545, 465), fill="#B6BEC4")

    return _drawn("bussens trin.png", "#EDF2F4", draw)


def swing() -> Checked:
    """A child's drawing: a swing, a sun and two who push."""

    def draw(pen: Pen) -> None:
        pen.ellipse((700, 60, 820, 180), fill="#F3B93B")
        for x, y in ((760, 20), (860, 120), (660, 120), (760, 230), (840, 50), (680, 200)):
            pen.line((760, 120, x, y), fill="#F3B93B", width=10)
        pen.line((200, 520, 290, 120), fill="#7A3210", width=14)
        pen.line((560, 520, 470, 120), fill="#7A3210", width=14)
        pen.line((280, 120, 480, 120), fill="#7A3210", width=14)
        pen.line((340, 120, 320, 400), fill="#1D2A25", width=6)
        pen.line((430, 120, 410, 400), fill="#1D2A25", width=6)
        pen.rectangle((300, 398, 430, 414), fill="#A84818")
        for x, colour in ((365, "#A8396A"), (650, "#00706F"), (740, "#6E479C")):
            top = 270 if x == 365 else 330
            pen.ellipse((x - 34, top, x + 34, top + 68), outline=colour, width=10)
            pen.line((x, top + 68, x, top + 150), fill=colour, width=10)
            pen.line((x, top + 95, x - 45, top + 120), fill=colour, width=10)
            pen.line((x, top + 95, x + 45, top + 120), fill=colour, width=10)
            if x != 365:
                pen.line((x, top + 150, x - 30, top + 200), fill=colour, width=10)
                pen.line((x, top + 150, x + 30, top + 200), fill=colour, width=10)
        pen.line((0, 545, 900, 535), fill="#3C742B", width=18)

    return _drawn("gyngen.png", "#FFFFFF", draw)
