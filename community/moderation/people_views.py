"""Measures against people: what is known, taking one, changing its end, lifting it, cleaning up in one act."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.models import Member
from community.core.policies import actor, allow, requires

from . import cleaning, measures, people, policies, queries
from .forms import AskManagerForm, CleanForm, EndForm, PunishForm
from .in_place import named_rules
from .models import Measure
from .rules import UNDO_WITHIN
from .words import rule_said

about_people = Blueprint("about_people", __name__)

VERBS = {"warn": _l("Warn them"), "silence": _l("Silence them"), "suspend": _l("Suspend them")}
Page = str | Response | tuple[str, int]


def _member(handle: str) -> Member:
    return people.member_for(actor(), handle) or abort(404)


def _back(member: Member) -> Response:
    return redirect(url_for("about_people.known", handle=member.handle))


def _punishing(member: Member) -> PunishForm:
    kinds = [(key, str(VERBS[key])) for key in people.offered(actor(), member)]
    return PunishForm().offer(kinds, named_rules(), people.spaces_of(actor(), member))


@about_people.route("/people/<string:handle>/measures", methods=["GET", "POST"])
@requires(policies.PUNISH)
def known(handle: str) -> Page:
    """What was done to a person and to what they wrote, what is reported about them; and taking a measure."""
    member = _member(handle)
    form = _punishing(member)
    if form.is_submitted():
        allow(bool(people.offered(actor(), member)))
        if form.validate():
            return _taken(member, form)
    return _shown(member, form), 422 if form.errors else 200


def _shown(member: Member, form: PunishForm) -> str:
    return render_template(
        "moderation/person.html",
        member=member,
        form=form,
        known=people.known_of(actor(), member),
        offered=people.offered(actor(), member),
        proposed=people.proposed(member),
        may_change=lambda measure: people.may_change(actor(), measure),
        can_clean=cleaning.can_clean(actor(), member),
        asking=AskManagerForm(),
        can_void=actor().can(policies.VOID_VOTES),
    )


def _taken(member: Member, form: PunishForm) -> Response:
    lasts = measures.measure_kind(form.kind.data).lasts
    taken = measures.take(
        form.kind.data,
        rule=form.rule.data,
        member_id=member.id,
        by_id=actor().id,
        space_id=form.space_id,
        words=form.words.data,
        until=form.end if lasts else None,
    )
    flash(_("Done. %(name)s is told why, and how to ask for a second look.", name=member.name), "good")
    return redirect(url_for("moderation.measure", measure_id=taken.id))


@about_people.post("/people/<string:handle>/measures/question")
@requires(policies.PUNISH)
def ask(handle: str) -> Response:
    """Bring somebody before the managers, where one may not act oneself."""
    member, form = _member(handle), AskManagerForm()
    if form.validate():
        people.ask_a_manager(actor(), member, form.words.data)
        flash(_("A manager looks at it."), "good")
    else:
        flash(_("Write a few words first."), "wait")
    return _back(member)


def _changeable(measure_id: int) -> Measure:
    found = queries.measure_for(actor(), measure_id) or abort(404)
    allow(people.may_change(actor(), found))
    return found


@about_people.post("/measures/<int:measure_id>/lifting")
@requires(policies.PUNISH)
def lift(measure_id: int) -> Response:
    """End a measure against a person before its time."""
    found = _changeable(measure_id)
    measures.end(found, by_id=actor().id, how="lifted")
    flash(_("It is lifted."), "good")
    return redirect(url_for("moderation.measure", measure_id=found.id))


@about_people.post("/measures/<int:measure_id>/until")
@requires(policies.PUNISH)
def change_end(measure_id: int) -> Response:
    """Let a measure end on another day."""
    found, form = _changeable(measure_id), EndForm()
    if form.validate() and form.end is not None:
        people.change_end(found, form.end, by_id=actor().id or 0)
        flash(_("It ends on another day now; the person is told."), "good")
    else:
        flash(_("Choose a day that is not over yet, within ten years."), "wait")
    return redirect(url_for("moderation.measure", measure_id=found.id))


@about_people.route("/people/<string:handle>/cleaning", methods=["GET", "POST"])
@requires(policies.PUNISH)
def clean(handle: str) -> Page:
    """What cleaning up after a spammer touches, and doing it in one act."""
    member = _member(handle)
    allow(cleaning.can_clean(actor(), member))
    form = CleanForm().offer(named_rules())
    if form.validate_on_submit():
        head = cleaning.clean(actor(), member, rule=form.rule.data, words=form.words.data)
        flash(_("Done. For seven days all of it can be taken back at once."), "good")
        return redirect(url_for("about_people.act", measure_id=head.id))
    prepared = cleaning.plan(actor(), member)
    page = render_template("moderation/cleaning.html", member=member, form=form, plan=prepared)
    return page, 422 if form.errors else 200


def _head(measure_id: int) -> Measure:
    found = queries.measure_for(actor(), measure_id) or abort(404)
    allow(cleaning.is_act(found) and found.member_id != actor().id)
    return found


@about_people.get("/measures/<int:measure_id>/act")
@requires(policies.PUNISH)
def act(measure_id: int) -> str:
    """How far a cleaning is, and taking it back."""
    head = _head(measure_id)
    done, total = cleaning.progress(head)
    return render_template(
        "moderation/act.html",
        head=head,
        kind=measures.measure_kind(head.kind),
        rule=rule_said(head.rule),
        done=done,
        total=total,
        turned_down=cleaning.turned_down(head),
        can_undo=cleaning.can_undo(actor(), head),
        last=head.at + UNDO_WITHIN,
    )


@about_people.post("/measures/<int:measure_id>/act/undoing")
@requires(policies.PUNISH)
def undo(measure_id: int) -> Response:
    """Take a cleaning back as a whole."""
    head = _head(measure_id)
    allow(cleaning.can_undo(actor(), head))
    cleaning.put_back(head, by_id=actor().id or 0)
    flash(_("All of it is taken back; everything is as it was before."), "good")
    return redirect(url_for("about_people.act", measure_id=head.id))
