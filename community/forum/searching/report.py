"""What people search for, for those who decide what to write: the words, never who asked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from community.accounts.policies import MANAGE_MEMBERS, OPERATE
from community.core.db import utcnow
from community.core.policies import actor, requires
from community.core.results import Result
from community.core.search.documents import Hit
from community.core.web import section

from . import helped as searching_helped
from . import log as searching_log
from .queries import load

searching_report = Blueprint("searching_report", __name__, url_prefix="/admin")
searching_report.before_request(lambda: section("operating.overview"))
WEEKS_OFFERED = 5


@dataclass(frozen=True)
class Period:
    """The days that the report is about, both included; `key` is "" for all that is kept."""

    key: str
    first: date
    last: date


def _kept() -> Period:
    today = utcnow().date()
    return Period("", today - searching_log.KEPT, today)


def _period() -> Period:
    """The week asked for by its Monday; everything where that is no week."""
    try:
        first = searching_log.monday(date.fromisoformat(request.args.get("week", "")))
        return Period(first.isoformat(), first, first + timedelta(days=6))
    except (ValueError, OverflowError):
        return _kept()


@searching_report.get("/searches")
@requires(MANAGE_MEMBERS)
def searches() -> str:
    """What was searched for most, what found nothing, by week; and what answered before it was asked."""
    period, kept = _period(), _kept()
    weeks = searching_log.by_week(kept.first, kept.last)
    return render_template(
        "admin/searches.html",
        period=period,
        top=searching_log.most(period.first, period.last),
        empty=searching_log.most(period.first, period.last, empty=True),
        weeks=[(format_date(week, "short"), times, none) for week, times, none in weeks],
        offered=[("", _("90 days")), *_offered(weeks)],
        helped=_helped(period),
        helped_total=searching_helped.total(*_moments(period)),
        operates=actor().can(OPERATE),
        least=searching_log.OFTEN,
    )


def _offered(weeks: list[tuple[date, int, int]]) -> list[tuple[str, str]]:
    latest = [week for week, _times, _none in weeks[: -WEEKS_OFFERED - 1 : -1]]
    return [(week.isoformat(), _("Week of %(day)s", day=format_date(week, "short"))) for week in latest]


def _moments(period: Period) -> tuple[datetime, datetime]:
    zone = utcnow().tzinfo
    return (
        datetime.combine(period.first, time(), zone),
        datetime.combine(period.last, time(), zone) + timedelta(days=1),
    )


def _helped(period: Period) -> list[tuple[Result | None, int]]:
    """Targets with their numbers; without a name what the reader may not read, or what is gone."""
    counted = searching_helped.most(*_moments(period))
    results = {(one.kind, one.id): one for one in load(actor(), (Hit(kind, id_, None, 0) for kind, id_, _n in counted))}
    return [(results.get((kind, id_)), count) for kind, id_, count in counted]
