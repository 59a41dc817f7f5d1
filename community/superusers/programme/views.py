"""The page of the programme, for its owner."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from community.core.app import limiter
from community.core.policies import actor, requires
from community.core.web import section
from community.superusers.appointing.policies import RUN_PROGRAMME
from community.superusers.duty.pages import weekday_words
from community.superusers.duty.workload import concerns

from . import counting, rules
from .coverage import asked_in, gaps, stretches
from .pages import Programme, programme
from .weeks import Week, week_of
from .words import state_said

MOST_GAPS = 8

programme_pages = Blueprint("programme", __name__, url_prefix="/programme")


@programme_pages.get("")
@requires(RUN_PROGRAMME)
def overview() -> str:
    """Who could join, who helps where and until when, when nobody is there, and on how few people it all rests."""
    section("programme.overview")
    running, last = counting.under_way(), counting.latest()
    shown = programme(last.result, last.finished_at) if last is not None and last.finished_at is not None else None
    chosen, weeks = _weeks(shown) if shown else (0, {})
    alone = stretches(shown.coverage[str(chosen)])[:MOST_GAPS] if shown and weeks else []
    return render_template(
        "superusers/programme/overview.html",
        shown=shown,
        running=running,
        chosen=chosen,
        weeks=weeks,
        alone=[(weekday_words(day), f"{begins:02}:00–{ends:02}:00", asked) for day, begins, ends, asked in alone],
        concerns=concerns(actor()),
        rules=rules,
        state_said=state_said,
    )


def _weeks(shown: Programme) -> tuple[int, dict[str, Week]]:
    """The space whose week is shown: the one that is asked for, else the one with the most questions."""
    covered = {int(key): week for key, week in shown.coverage.items()}
    asked = next((row.space.id for row in shown.spaces if row.space.slug == request.args.get("space")), 0)
    chosen = asked or max(covered, key=lambda space: sum(asked_in(covered[space])), default=0)
    found = covered.get(chosen)
    if not found:
        return chosen, {}
    questions = week_of(asked_in(found), gaps(found))
    return chosen, {"asked": questions, **{key: week_of(found[key]) for key in ("planned", "actual")}}


@programme_pages.post("/count")
@requires(RUN_PROGRAMME)
@limiter.limit("20 per hour")
def count_again() -> Response:
    """Have it counted now."""
    counting.ask(by_id=actor().id)
    return redirect(url_for("programme.overview"))
