"""What people agree; a module for each subject, all of them named here."""

from medspil.plans.models.board import BoardMove, BoardNote
from medspil.plans.models.circle import Somebody
from medspil.plans.models.disagreements import Disagreement, NextStep
from medspil.plans.models.experts import Expert
from medspil.plans.models.frames import Frame, Joining
from medspil.plans.models.goals import Goal, Progress, Step
from medspil.plans.models.life import LifeSign
from medspil.plans.models.meetings import AgendaItem, Attendee, Companion, Meeting, MeetingWish, Preparation
from medspil.plans.models.met import TimeTogether
from medspil.plans.models.minutes import Agreement, Approval, LiveDoc, LiveUpdate, Snapshot
from medspil.plans.models.offers import Offer, OfferFile, PointedAt, SameWords, TakenUp
from medspil.plans.models.papers import Paper
from medspil.plans.models.parties import Invited, Party, TakenOn
from medspil.plans.models.renewals import LookAgain, Renewal, RenewalPart
from medspil.plans.models.standing_in import StandIn
from medspil.plans.models.together import Follower, GoalTalk
from medspil.plans.models.transitions import HelpChange, Transition, TransitionPoint
from medspil.plans.models.waiting import Waiting

__all__ = [
    "AgendaItem",
    "Agreement",
    "Approval",
    "Attendee",
    "BoardMove",
    "BoardNote",
    "Companion",
    "Disagreement",
    "Expert",
    "Follower",
    "Frame",
    "Goal",
    "GoalTalk",
    "HelpChange",
    "Invited",
    "Joining",
    "LifeSign",
    "LiveDoc",
    "LiveUpdate",
    "LookAgain",
    "Meeting",
    "MeetingWish",
    "NextStep",
    "Offer",
    "OfferFile",
    "Paper",
    "Party",
    "PointedAt",
    "Preparation",
    "Progress",
    "Renewal",
    "RenewalPart",
    "SameWords",
    "Snapshot",
    "Somebody",
    "StandIn",
    "Step",
    "TakenOn",
    "TakenUp",
    "TimeTogether",
    "Transition",
    "TransitionPoint",
    "Waiting",
]
