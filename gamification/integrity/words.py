"""A finding in words, for whoever decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core import i18n

from .findings import Kind

TITLES = {
    Kind.PAIR: _l("Two people vote for each other"),
    Kind.RING: _l("A circle of people vote for each other"),
    Kind.BURST: _l("Many votes for one person within days"),
    Kind.SERIAL: _l("One person's votes go to one other"),
    Kind.AGAINST: _l("Votes against one person, again and again"),
    Kind.NEW_ACCOUNTS: _l("New accounts vote for one person"),
    Kind.ANSWERS: _l("Answers accepted between the same two"),
}


def title_of(evidence: Mapping[str, Any]) -> str:
    """What kind of pattern it is."""
    return str(TITLES[Kind(evidence["kind"])])


def lines_of(evidence: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """Who, how many in which time, what share that is, and what chance would give."""
    also = [str(TITLES[Kind(kind)]) for kind in evidence["also"]]
    lines = [_who(evidence, names), _when(evidence), _share(evidence), _chance(evidence)]
    if Kind(evidence["kind"]) == Kind.ANSWERS:
        lines.append(
            _("Setting votes aside leaves accepted answers as they are; those are taken back in their threads.")
        )
    if also:
        lines.append(_("Among the same people: %(what)s", what="; ".join(also)))
    return lines


def _named(ids: list[int], names: Mapping[int, str]) -> str:
    return i18n.listed(names.get(id_, _("somebody who left")) for id_ in ids)


def _who(evidence: Mapping[str, Any], names: Mapping[int, str]) -> str:
    kind, number = Kind(evidence["kind"]), evidence["number"]
    giver, getter = evidence["giver_id"], evidence["getter_id"]
    if kind in (Kind.PAIR, Kind.RING):
        people = _named(evidence["members"], names)
        return _("%(people)s gave each other %(number)s votes.", people=people, number=number)
    to = _named([getter], names)
    if kind == Kind.NEW_ACCOUNTS:
        people = _named([id_ for id_ in evidence["members"] if id_ != getter], names)
        return _("%(people)s, all new at the time, gave %(to)s %(number)s votes.", people=people, to=to, number=number)
    by = _named([giver], names)
    if kind == Kind.AGAINST:
        return _("%(by)s found %(number)s replies of %(to)s not helpful.", by=by, to=to, number=number)
    if kind == Kind.ANSWERS:
        return _("%(by)s accepted %(number)s answers of %(to)s.", by=by, to=to, number=number)
    return _("%(by)s gave %(to)s %(number)s votes.", by=by, to=to, number=number)


def _when(evidence: Mapping[str, Any]) -> str:
    since, until = (datetime.fromisoformat(evidence[key]) for key in ("since", "until"))
    days = (until.date() - since.date()).days + 1
    within = ngettext("within %(num)s day", "within %(num)s days", days)
    return _(
        "From %(since)s to %(until)s, %(within)s.", since=format_date(since), until=format_date(until), within=within
    )


def _share(evidence: Mapping[str, Any]) -> str:
    kind, number = Kind(evidence["kind"]), evidence["number"]
    of_given, of_got = (round(100 * number / max(1, evidence[key])) for key in ("given", "got"))
    if kind == Kind.ANSWERS:
        return _(
            "That is %(given)s %% of what the one accepted, and %(got)s %% of what the other solved.",
            given=of_given,
            got=of_got,
        )
    if kind in (Kind.PAIR, Kind.RING):
        return _(
            "That is %(given)s %% of all votes that they gave in that time, and %(got)s %% of all that they got.",
            given=of_given,
            got=of_got,
        )
    return _(
        "That is %(given)s %% of all such votes that they gave, and %(got)s %% of those that were given to them.",
        given=of_given,
        got=of_got,
    )


def _chance(evidence: Mapping[str, Any]) -> str:
    expected = format_decimal(evidence["chance"], format="#,##0.##")
    if Kind(evidence["kind"]) == Kind.NEW_ACCOUNTS:
        return _("Chance would bring about %(expected)s such accounts together.", expected=expected)
    return _("If all voted as the others in their spaces do, it would be about %(expected)s.", expected=expected)
