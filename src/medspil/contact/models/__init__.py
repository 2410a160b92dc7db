"""What somebody comes with, and what is written and said between them and us: a module a subject."""

from .advice import Advice, AdviceLine
from .away import Absence, WhenAway
from .calls import CallTry
from .duties import Duty
from .grants import Grant, GrantLimit
from .handover import ContactWish, Handover, Leaving
from .intake import Intake
from .messages import Message, TalkSeen
from .parts import Part
from .requests import HandingOn, Request

__all__ = [
    "Absence",
    "Advice",
    "AdviceLine",
    "CallTry",
    "ContactWish",
    "Duty",
    "Grant",
    "GrantLimit",
    "HandingOn",
    "Handover",
    "Intake",
    "Leaving",
    "Message",
    "Part",
    "Request",
    "TalkSeen",
    "WhenAway",
]
