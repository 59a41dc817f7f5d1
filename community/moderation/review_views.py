"""The inbox: deciding, claiming, asking a second person, handing over, undoing."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.core.db import utcnow
from community.core.forms import tidy
from community.core.numbers import whole_numbers
from community.core.paging import page_number
from community.core.policies import actor, allow, requires
from community.core.web import section
from community.spaces.queries import all_visible_to

from . import cases, inbox, policies, queries
from .cases import DecidedAlreadyError
from .inbox import Wanted
from .kinds import Decision, all_case_kinds
from .models import Case

review = Blueprint("review", __name__, url_prefix="/review")
LONGEST = 500


def _wanted() -> Wanted:
    given = {name: request.values.get(name, "")[:60] for name in ("kind", "space", "about")}
    return Wanted(show=request.values.get("show", "open"), **given)


def _case(case_id: int) -> Case:
    return queries.case_for(actor(), case_id) or abort(404)


def _words() -> str:
    return tidy(request.form.get("words", "")) or ""


@review.get("")
@requires(policies.OPEN_INBOX)
def list_() -> str:
    """What waits for a decision, the most urgent first."""
    section("review.list_")
    wanted = _wanted()
    found = inbox.cases(actor(), wanted, page_number())
    if page_number() > found.pages:
        abort(404)
    return render_template(
        "moderation/inbox.html",
        page=found,
        wanted=wanted,
        counts=inbox.counts(actor()),
        kinds=all_case_kinds(),
        loads=inbox.loads(actor()),
        spaces=[space for space in all_visible_to(actor()) if actor().can(policies.REVIEW, space_id=space.id)],
        waited=inbox.waited,
        now=utcnow(),
    )


@review.get("/<int:case_id>")
@requires(policies.OPEN_INBOX)
def case(case_id: int) -> str:
    """One case, with everything that is known about it."""
    return _shown(_case(case_id))


def _shown(found: Case, words: str = "", problem: str = "") -> str:
    section("review.list_")
    view = inbox.view_of(actor(), found) or abort(404)
    return render_template(
        "moderation/case.html",
        view=view,
        words=words,
        problem=problem,
        people=inbox.reviewers(actor()),
        waited=inbox.waited,
        now=utcnow(),
    )


@review.post("/<int:case_id>/decision")
@requires(policies.OPEN_INBOX)
def decide(case_id: int) -> Response | tuple[str, int]:
    """Decide; whoever comes second is told what the first decided, and nothing happens twice."""
    found, key, words = _case(case_id), request.form.get("decision", ""), _words()
    decision = next((one for one in inbox.decisions_for(actor(), found) if one.key == key), None)
    problem = _problem(found, decision, words)
    if problem or decision is None:
        return _shown(found, words, problem), 409 if found.is_decided else 422
    try:
        cases.decide(found, decision, by_id=actor().id or 0, words=words)
    except DecidedAlreadyError:
        return _shown(found, words, _somebody_else(found)), 409
    flash(_("Decided: %(decision)s", decision=decision.label), "good")
    return redirect(_back())


def _problem(found: Case, decision: Decision | None, words: str) -> str:
    if found.is_decided:
        return _somebody_else(found)
    if decision is None:
        return _("This cannot be decided here.")
    if decision.asks and not words:
        return _("Say in a few words why. The person concerned reads them.")
    return _("At most 500 characters.") if len(words) > LONGEST else ""


def _somebody_else(found: Case) -> str:
    if found.decided_by is None:
        return _("This settled itself meanwhile. Nothing was done twice.")
    return _("%(name)s decided this meanwhile. Nothing was done twice.", name=found.decided_by.name)


def _back() -> str:
    given = {name: value for name in ("kind", "space", "about", "show") if (value := request.form.get(f"at-{name}"))}
    address = url_for("review.list_")
    return f"{address}?{urlencode(given)}" if given else address


@review.post("/decisions")
@requires(policies.OPEN_INBOX)
def decide_many() -> Response:
    """The same decision on several cases: those that were chosen, or all that match."""
    everything = request.form.get("scope") == "all"
    chosen = whole_numbers(request.form.getlist("case"))
    ids = inbox.matching(actor(), _wanted()) if everything else chosen[: inbox.MOST_AT_ONCE]
    words, key = _words()[:LONGEST], request.form.get("decision", "")
    done = sum(_decide_one(case_id, key, words) for case_id in ids)
    left = len(ids) - done
    flash(ngettext("%(num)s case is decided.", "%(num)s cases are decided.", done), "good" if done else "wait")
    if left:
        why = _("It does not fit them, words are missing, or somebody else was quicker.")
        flash(ngettext("%(num)s case was left.", "%(num)s cases were left.", left) + " " + why, "wait")
    return redirect(_back())


def _decide_one(case_id: int, key: str, words: str) -> bool:
    found = queries.case_for(actor(), case_id)
    decision = next((one for one in inbox.decisions_for(actor(), found) if one.key == key), None) if found else None
    if found is None or decision is None or (decision.asks and not words):
        return False
    try:
        cases.decide(found, decision, by_id=actor().id or 0, words=words)
    except DecidedAlreadyError:
        return False
    return True


@review.post("/<int:case_id>/claim")
@requires(policies.OPEN_INBOX)
def claim(case_id: int) -> Response:
    """Take a case, so that nobody else does the same work; or give it back."""
    found = _case(case_id)
    if request.form.get("to") == "off":
        cases.release(found, by_id=actor().id or 0)
    elif not cases.claim(found, by_id=actor().id or 0):
        holder = found.claimed_by.name if found.claimed_by else ""
        flash(_("%(name)s has it already.", name=holder) if holder else _somebody_else(found), "wait")
    return redirect(url_for("review.case", case_id=case_id))


@review.post("/<int:case_id>/assignment")
@requires(policies.OPEN_INBOX)
def assign(case_id: int) -> Response:
    """Hand a case to somebody who may decide it, with a note."""
    found, handle = _case(case_id), request.form.get("to", "")
    person = next((one for one in inbox.reviewers(actor()) if one.handle == handle), None)
    allow(not handle or person is not None)
    cases.assign(found, to_id=person.id if person else None, note=(tidy(request.form.get("note", "")) or "")[:2000])
    flash(_("Kept."), "good")
    return redirect(url_for("review.case", case_id=case_id))


@review.post("/<int:case_id>/second-opinion")
@requires(policies.OPEN_INBOX)
def ask_second(case_id: int) -> Response:
    """Ask for a second opinion."""
    cases.ask_second(_case(case_id))
    flash(_("Others see that you would like a second opinion."), "good")
    return redirect(url_for("review.case", case_id=case_id))


@review.post("/<int:case_id>/opinion")
@requires(policies.OPEN_INBOX)
def give_opinion(case_id: int) -> Response:
    """Say what one would decide, without deciding."""
    found, key = _case(case_id), request.form.get("decision", "")
    allow(any(one.key == key for one in inbox.decisions_for(actor(), found)))
    cases.give_opinion(found, by_id=actor().id or 0, decision=key, words=_words()[:LONGEST])
    flash(_("Your opinion is on the case."), "good")
    return redirect(url_for("review.case", case_id=case_id))


@review.post("/<int:case_id>/undoing")
@requires(policies.OPEN_INBOX)
def undo(case_id: int) -> Response:
    """Take one's own decision back; everything it did is put back."""
    found = _case(case_id)
    view = inbox.view_of(actor(), found) or abort(404)
    allow(view.can_undo)
    done = cases.take_back(found, view.kind.by_key[found.decision], by_id=actor().id or 0)
    flash(
        _("The decision is taken back.") if done else _("It cannot be taken back any more."), "good" if done else "wait"
    )
    return redirect(url_for("review.case", case_id=case_id))
