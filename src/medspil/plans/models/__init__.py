"""What people agree; a module for each subject, all of them named here."""

from medspil.plans.models.goals import Goal, Progress, Step
from medspil.plans.models.meetings import AgendaItem, Attendee, Companion, Meeting, MeetingWish, Preparation
from medspil.plans.models.minutes import Agreement, Approval, LiveDoc, LiveUpdate, Snapshot

__all__ = [
    "AgendaItem",
    "Agreement",
    "Approval",
    "Attendee",
    "Companion",
    "Goal",
    "LiveDoc",
    "LiveUpdate",
    "Meeting",
    "MeetingWish",
    "Preparation",
    "Progress",
    "Snapshot",
    "Step",
]
