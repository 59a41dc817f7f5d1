"""The page that explains a standing."""

from flask import Blueprint, abort, render_template

from community import public
from community.core.paging import page_number
from community.core.policies import actor
from community.core.policies import public as anybody

from .levels import LEVELS, level_at
from .queries import lines, points_by_source
from .rules import MOST_PER_POST, RULES

recognition = Blueprint("gamification", __name__)


@recognition.get("/people/<string:handle>/standing")
@anybody
def standing(handle: str) -> str:
    """Every entry of a person's ledger with its reason, and the rules."""
    member_id = public.member_id_of(handle, actor())
    if member_id is None:
        abort(404)
    points = sum(points_by_source(member_id).values())
    return render_template(
        "gamification/standing.html",
        member=public.members([member_id])[member_id],
        page=lines(actor(), member_id, page_number()),
        points=points,
        level=level_at(points),
        levels=LEVELS,
        rules=RULES,
        most_per_post=MOST_PER_POST,
    )
