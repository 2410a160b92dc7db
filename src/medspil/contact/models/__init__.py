"""What somebody comes with, and what is written between them and us: a module a subject."""

from .calls import CallTry
from .messages import Message, TalkSeen
from .requests import HandingOn, Request

__all__ = ["CallTry", "HandingOn", "Message", "Request", "TalkSeen"]
