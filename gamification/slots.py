"""What recognition puts into pages of the community."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from community import public
from community.core.policies import Actor
from community.core.slots import fill

from .badges import badges_of
from .levels import LEVELS, level_at, next_level
from .queries import helped_lately, points_by_source
from .what_if import VoteThere, points_lost
from .words import SOURCE_WORDS


@fill("profile.cards")
def profile_cards(*, member_id: int, actor: Actor, **_others: object) -> str:
    """How the person stands, what that allows, what is missing, their badges and how they have helped lately."""
    sources = points_by_source(member_id)
    points = sum(sources.values())
    level = level_at(points)
    badges = badges_of(member_id)
    return render_template(
        "gamification/cards.html",
        member=public.members([member_id])[member_id],
        bar=[(str(SOURCE_WORDS[source]), count) for source, count in sources.items()],
        points=points,
        level=level,
        position=LEVELS.index(level) + 1,
        levels=LEVELS,
        above=next_level(level),
        badges=badges,
        held=sum(view.earned_at is not None for view in badges),
        helped=helped_lately(actor, member_id),
    )


@fill("votes.between")
def votes_between(*, votes: Sequence[Any], people: Sequence[Any], whole: bool, **_others: object) -> str:
    """What setting these votes aside would cost each of two people."""
    there = [VoteThere(one.post_id, one.author_id, one.voter_id, one.helpful, one.thread_id) for one in votes]
    lost = points_lost(there)
    figures = [(person.name, lost[person.id], "", "") for person in people if person.id in lost]
    return render_template("gamification/points_lost.html", lost=figures, whole=whole)
