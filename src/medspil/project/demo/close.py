"""Those close to Ida: her sister writes how she sees it, and an old power of attorney is over."""

from __future__ import annotations

from datetime import timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Sharing, TextVersion
from medspil.plans import beside, relatives

from .cast import Cast
from .story import Story


def with_ida(story: Story, cast: Cast) -> None:
    ida, do = story.citizen, story.do
    do(-27, 11, lambda: _neighbour(story, cast))
    do(-13, 19, lambda: _neighbour_stops(story))
    do(
        -7,
        19,
        lambda: cases.share_just(
            parts={(Sharing.Part.MEETINGS, ""), (Sharing.Part.VIEW, ""), (Sharing.Part.AREAS, "area.home")},
            to=cast.mona,
            what_for="Så Mona kan sige det, jeg ikke selv ser",
            until=clock.today() + timedelta(days=182),
            by=story.opened(ida),
        ),
    )
    do(-5, 20, lambda: _mona_tells(story, cast))
    do(-4, 18, lambda: _ida_sees_it_otherwise(story))


def _neighbour(story: Story, cast: Cast) -> None:
    beside.enter(
        rule="power-of-attorney",
        name="Bente Skov",
        phone="20000108",
        area="economic",
        paper="Fuldmagt med underskrift, mens Ida var på hospitalet",
        paper_on=clock.today() - timedelta(days=2),
        until=clock.today() + timedelta(days=90),
        by=story.opened(cast.karen),
    )


def _neighbour_stops(story: Story) -> None:
    by = story.opened(story.citizen)
    found = next(one for one in beside.mandates(by)[0] if one.actor.name == "Bente Skov")
    beside.end(mandate=found, by=by)


def _mona_tells(story: Story, cast: Cast) -> None:
    relatives.tell(
        topic="home",
        words="Hun siger, at det går. Når jeg kommer om søndagen, står opvasken fra hele ugen.",
        base=0,
        by=story.opened(cast.mona),
    )


def _ida_sees_it_otherwise(story: Story) -> None:
    said = TextVersion.objects.get(text__case__citizen=story.citizen, text__about__startswith="view.")
    cases.object_to(
        version=said,
        words="Jeg tager den om søndagen med vilje. Så er børnene hjemme.",
        by=story.opened(story.citizen),
    )
