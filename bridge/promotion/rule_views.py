"""Where managers say what rules ask for, where they hold, and when work is done."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from bridge.permissions import MANAGE_TARGETS
from community import public
from community.core.db import db
from community.core.policies import actor, requires
from community.core.web import section

from . import ruling, trials
from .book import open_book
from .explaining import rule_name
from .models import PromotionTrial
from .rule_data import rule_from
from .rule_forms import HoursBase, HoursForm, RuleForm, present_hours, present_rule
from .rule_pages import Place, only_in_spaces, rule_rows
from .rule_words import DAYS
from .rules import USUAL_RULES, Effect, Placed, Rule
from .trials import PERIODS

rules = Blueprint("promotion_rules", __name__, url_prefix="/admin/promotion-rules")
rules.before_request(lambda: section("promotion_rules.index"))


def _place() -> Place:
    """The space that the address names, or everywhere."""
    slug = request.args.get("space", "")
    if not slug:
        return Place(None)
    found = next((space for space in public.spaces_visible_to(actor()) if space.slug == slug), None)
    return Place(found or abort(404))


def _placed(key: str, place: Place) -> Placed:
    return ruling.placed(open_book(), key, place.id) or abort(404)


@rules.get("")
@requires(MANAGE_TARGETS)
def index() -> str:
    """The rules of a place, with where each comes from."""
    place, book, spaces = _place(), open_book(), public.spaces_visible_to(actor())
    return render_template(
        "bridge/rules/index.html",
        place=place,
        spaces=spaces,
        rows=rule_rows(book, place, spaces),
        elsewhere=[] if place.space else only_in_spaces(book, spaces),
        calendar=book.calendar_in(place.id),
        usual={rule.key for rule in USUAL_RULES},
    )


@rules.route("/new", methods=["GET", "POST"])
@requires(MANAGE_TARGETS)
def new() -> str | WsgiResponse | tuple[str, int]:
    """Make a rule, which suggests until it was tried."""
    fresh = Rule(ruling.new_key(), "", (), cap=trials.USUAL_CAP)
    return _edited(fresh, _place(), made=True)


@rules.route("/<string:key>", methods=["GET", "POST"])
@requires(MANAGE_TARGETS)
def edit(key: str) -> str | WsgiResponse | tuple[str, int]:
    """Change a rule in a place; what asks for other things than before only suggests until it was tried."""
    place = _place()
    return _edited(_placed(key, place).rule, place, made=False)


def _edited(present: Rule, place: Place, *, made: bool) -> str | WsgiResponse | tuple[str, int]:
    name = rule_name(present) if present.name else ""
    form = RuleForm(public.spaces_visible_to(actor()), data=present_rule(present, name))
    if request.method == "GET":
        return _form_page(form, present, place, made=made)
    if form.rearrange(add="add" in request.form):
        return _form_page(form, present, place, made=made)
    changed = form.rule(present.key, present.effect)
    if changed is None:
        return _form_page(form, present, place, made=made), 422
    _save(present, changed, place, shown_name=name)
    return redirect(place.url("index"))


def _save(present: Rule, changed: Rule, place: Place, *, shown_name: str) -> None:
    """Keep it; a usual name that was only shown in the reader's language stays the usual one."""
    kept = replace(changed, name=present.name) if changed.name == shown_name else changed
    if present.automatic and ruling.digest(kept) != ruling.digest(present):
        kept = replace(kept, effect=Effect.SUGGEST)
        flash(_("Saved. It only suggests now: try it on what happened before it acts on its own again."), "wait")
    else:
        flash(_("Saved. Every thread that waits is looked at again."), "good")
    ruling.put(kept, place.id, by_id=actor().id)


def _form_page(form: RuleForm, rule: Rule, place: Place, *, made: bool) -> str:
    return render_template(
        "bridge/rules/form.html",
        form=form,
        rule=rule,
        name=rule_name(rule) if rule.name else "",
        place=place,
        made=made,
    )


@rules.post("/<string:key>/switch")
@requires(MANAGE_TARGETS)
def switch(key: str) -> WsgiResponse:
    """On or off."""
    place = _place()
    rule = _placed(key, place).rule
    ruling.put(replace(rule, enabled=not rule.enabled), place.id, by_id=actor().id)
    said = _("“%(name)s” is off.") if rule.enabled else _("“%(name)s” is on.")
    flash(said % {"name": rule_name(rule)}, "good")
    return redirect(place.url("index"))


@rules.post("/<string:key>/suggest")
@requires(MANAGE_TARGETS)
def suggest(key: str) -> WsgiResponse:
    """From now on it only suggests."""
    place = _place()
    ruling.put(replace(_placed(key, place).rule, effect=Effect.SUGGEST), place.id, by_id=actor().id)
    flash(_("From now on it only suggests."), "good")
    return redirect(place.url("index"))


@rules.post("/<string:key>/automatic")
@requires(MANAGE_TARGETS)
def automatic(key: str) -> WsgiResponse:
    """From now on it acts on its own, as it was tried."""
    place = _place()
    rule = _placed(key, place).rule
    if request.form.get("tried") != ruling.digest(rule):
        flash(_("Try it on what happened first: it has changed since, or was never tried."), "bad")
        return redirect(place.url("trial", key=key))
    ruling.put(trials.acting(rule), place.id, by_id=actor().id)
    flash(_("From now on it takes threads to the service desk on its own. Super users are told before."), "good")
    return redirect(place.url("index"))


@rules.post("/<string:key>/reset")
@requires(MANAGE_TARGETS)
def reset(key: str) -> WsgiResponse:
    """As everywhere, as usual, or gone."""
    place = _place()
    ruling.reset(_placed(key, place).rule.key, place.id)
    flash(_("Put back. What nobody else has is gone."), "good")
    return redirect(place.url("index"))


@rules.get("/<string:key>/trial")
@requires(MANAGE_TARGETS)
def trial(key: str) -> str:
    """What it would have done by itself; a large community is asked in the background."""
    place, days = _place(), request.args.get("days", PERIODS[0], type=int)
    rule = _placed(key, place).rule
    if days not in PERIODS:
        abort(404)
    number = trials.threads_in(place.id, days)
    result = trials.try_now(rule, place.id, days) if number <= trials.MOST_IN_A_REQUEST else None
    return _trial_page(rule, place, days, result, number=number)


@rules.post("/<string:key>/trials")
@requires(MANAGE_TARGETS)
def ask(key: str) -> WsgiResponse:
    """Have it tried in the background."""
    place, days = _place(), request.form.get("days", PERIODS[0], type=int)
    made = trials.ask_for(
        _placed(key, place).rule, place.id, days if days in PERIODS else PERIODS[0], by_id=actor().id or 0
    )
    return redirect(place.url("tried", trial_id=made.id))


@rules.get("/trials/<int:trial_id>")
@requires(MANAGE_TARGETS)
def tried(trial_id: int) -> str:
    """How far a trial in the background is, or what it found."""
    found = db.session.get(PromotionTrial, trial_id) or abort(404)
    place = _place()
    if place.id != found.space_id:
        abort(404)
    rule = rule_from(found.definition)
    return _trial_page(rule, place, found.days, found.result, number=found.total, running=found)


def _trial_page(
    rule: Rule,
    place: Place,
    days: int,
    result: dict[str, object] | None,
    *,
    number: int,
    running: PromotionTrial | None = None,
) -> str:
    return render_template(
        "bridge/rules/trial.html",
        rule=rule,
        name=rule_name(rule),
        place=place,
        days=days,
        periods=PERIODS,
        view=trials.view_of(result, actor()) if result else None,
        number=number,
        running=running if result is None else None,
        digest=ruling.digest(rule),
    )


@rules.route("/hours", methods=["GET", "POST"])
@requires(MANAGE_TARGETS)
def hours() -> str | WsgiResponse | tuple[str, int]:
    """When work is done in a place."""
    place = _place()
    form = HoursForm(data=present_hours(open_book().calendar_in(place.id)))
    if request.method == "GET":
        return _hours_page(form, place)
    if "reset" in request.form:
        ruling.reset_hours(place.id)
        flash(_("Put back."), "good")
        return redirect(place.url("hours"))
    calendar = form.calendar()
    if calendar is None:
        return _hours_page(form, place), 422
    ruling.put_hours(calendar, place.id, by_id=actor().id)
    flash(_("Saved. Every thread that waits is looked at again."), "good")
    return redirect(place.url("index"))


def _hours_page(form: HoursBase, place: Place) -> str:
    own = ruling.hours_of(place.id) is not None
    return render_template("bridge/rules/hours.html", form=form, place=place, days=DAYS, own=own)
