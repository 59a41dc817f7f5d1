"""Pages about super users: whom to ask, who is appointed until when, and how one becomes one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from community.accounts.forms import refuse
from community.core import i18n
from community.core.app import limiter
from community.core.db import db, utcnow
from community.core.forms import tidy
from community.core.policies import actor, allow, member_required, requires
from community.core.web import section
from community.moderation.cases import waiting_case
from community.spaces.queries import all_visible_to

from . import operations, policies, queries
from .cases import reasons_of
from .evidence import evidence_of
from .forms import ApplyForm, AppointForm, NominateForm, RenewForm, member_called
from .models import NOMINATIONS_NEEDED, Appointment, Nomination, State
from .operations import TakenError
from .words import ENDS, STATES, STEPS, WAYS

appointments = Blueprint("appointments", __name__)
appointments.before_request(lambda: section("appointments.people"))
LONGEST = 500


@appointments.app_template_global()
def appointment_state(appointment: Appointment) -> tuple[str, str, str]:
    """Glyph, word and tone of where an appointment stands now."""
    glyph, word, tone = STATES[appointment.shown_state(utcnow())]
    return glyph, str(word), tone


def _appointment(appointment_id: int) -> Appointment:
    return queries.appointment_for(actor(), appointment_id) or abort(404)


def _words() -> str:
    return (tidy(request.form.get("words", "")) or "")[:LONGEST]


def _to(appointment: Appointment) -> Response:
    return redirect(url_for("appointments.one", appointment_id=appointment.id))


@appointments.get("/super-users")
@member_required
def people() -> str:
    """Whom to ask about what, and the ways to become one of them."""
    space, tag = request.args.get("space", "")[:40], request.args.get("tag", "").strip().lower()[:40]
    return render_template(
        "superusers/people.html",
        helpers=queries.helpers(actor(), space, tag),
        spaces=all_visible_to(actor()),
        space=space,
        tag=tag,
        languages=i18n.LANGUAGES,
        own=queries.own(actor()),
        said=queries.own_nominations(actor()),
        runs=policies.can_run(actor()),
        may_put_forward=policies.can_put_forward(actor()),
    )


@appointments.get("/appointments")
@requires(policies.RUN_PROGRAMME)
def list_() -> str:
    """All appointments, for those who run the programme."""
    state = request.args.get("state", "")
    return render_template(
        "superusers/appointments.html",
        rows=queries.all_for(actor(), state if state in STATES else ""),
        waiting=queries.nominations_waiting(actor()),
        needed=NOMINATIONS_NEEDED,
        ways=WAYS,
    )


@appointments.route("/appointments/new", methods=["GET", "POST"])
@requires(policies.RUN_PROGRAMME)
def new() -> str | Response | tuple[str, int]:
    """Ask somebody to be a super user; they accept or decline."""
    form = AppointForm(actor())
    if form.validate_on_submit():
        person = member_called(form.handle.data) or abort(404)
        try:
            made = operations.appoint(person, form.terms(), by_id=actor().id)
        except TakenError:
            refuse(form.spaces, _("They look after one of these spaces already, or are being asked."))
        else:
            flash(_("%(name)s is asked. The role begins once they accept.", name=person.name), "good")
            return _to(made)
    return render_template("superusers/appoint.html", form=form), 422 if form.errors else 200


@appointments.route("/super-users/nominate", methods=["GET", "POST"])
@member_required
@limiter.limit("20 per hour", methods=["POST"])
def nominate() -> str | Response | tuple[str, int]:
    """Say who should look after a space; three members make a proposal."""
    allow(policies.can_put_forward(actor()))
    form = NominateForm(actor())
    if form.validate_on_submit():
        person = member_called(form.handle.data) or abort(404)
        space = form.places[form.space.data]
        try:
            operations.nominate(person, space, by_id=actor().id or 0, reason=form.reason.data)
        except TakenError:
            refuse(form.handle, _("They are a super user there already, or you nominated them before."))
        else:
            flash(_("Thank you. Only those who decide read what you wrote."), "good")
            return redirect(url_for("appointments.people"))
    page = render_template("superusers/nominate.html", form=form, needed=NOMINATIONS_NEEDED)
    return page, 422 if form.errors else 200


@appointments.post("/super-users/nominations/<int:nomination_id>/withdrawal")
@member_required
def withdraw_nomination(nomination_id: int) -> Response:
    """Take one's own nomination back while it waits."""
    found = db.session.get(Nomination, nomination_id) or abort(404)
    allow(found.by_id == actor().id and found.appointment_id is None)
    operations.withdraw_nomination(found)
    flash(_("Your nomination is taken back."), "good")
    return redirect(url_for("appointments.people"))


@appointments.route("/super-users/apply", methods=["GET", "POST"])
@member_required
@limiter.limit("10 per hour", methods=["POST"])
def apply() -> str | Response | tuple[str, int]:
    """Ask to be appointed."""
    allow(policies.can_put_forward(actor()) and not actor().is_staff)
    form = ApplyForm(actor())
    if form.validate_on_submit():
        person = member_called(actor().handle) or abort(404)
        try:
            made = operations.apply(person, form.terms())
        except TakenError:
            refuse(form.spaces, _("You look after one of these spaces already, or wait for an answer about it."))
        else:
            flash(_("Your application is with the people who decide."), "good")
            return _to(made)
    return render_template("superusers/apply.html", form=form), 422 if form.errors else 200


@appointments.get("/appointments/<int:appointment_id>")
@member_required
def one(appointment_id: int) -> str:
    """One appointment: what it is for, what is expected, until when, and what happened to it."""
    return _page(_appointment(appointment_id))


def _page(found: Appointment, renewing: RenewForm | None = None) -> str:
    runs = policies.can_run(actor())
    looks = runs and found.state in (State.PROPOSED, State.ACTIVE, State.PAUSED)
    return render_template(
        "superusers/appointment.html",
        found=found,
        own=found.member_id == actor().id,
        runs=runs,
        reasons=reasons_of(found) if runs else [],
        evidence=evidence_of(found.member_id, [s.id for s in found.spaces]).lines() if looks else [],
        history=queries.history_of(found),
        organisations=queries.organisation_names(set(found.organisation_ids)),
        languages=i18n.LANGUAGES,
        case=waiting_case(operations.CANDIDATE, operations.TARGET, found.id) if looks else None,
        may_answer=policies.can_answer(actor(), found),
        may_offer_again=policies.can_offer_again(actor(), found),
        may_end=policies.can_end(actor(), found) and found.shown_state(utcnow()) != State.ENDED,
        may_pause=policies.can_pause(actor(), found) and found.shown_state(utcnow()) != State.ENDED,
        renewing=(renewing or RenewForm()) if runs and found.can_be_renewed(utcnow()) else None,
        words={"ways": WAYS, "ends": ENDS, "steps": STEPS},
    )


@appointments.post("/appointments/<int:appointment_id>/answer")
@member_required
def answer(appointment_id: int) -> Response:
    """Accept what is offered, or decline it."""
    found = _appointment(appointment_id)
    operations.lock(found)
    allow(policies.can_answer(actor(), found))
    if request.form.get("to") == "yes":
        operations.accept(found)
        flash(_("Thank you for taking this on."), "good")
    else:
        operations.decline(found, words=_words())
        flash(_("Declined. Thank you for thinking about it."), "good")
    return _to(found)


@appointments.post("/appointments/<int:appointment_id>/end")
@member_required
def end(appointment_id: int) -> Response:
    """Resign, or take an application back; managers end it too."""
    found = _appointment(appointment_id)
    operations.lock(found)
    allow(policies.can_end(actor(), found))
    own = found.member_id == actor().id
    how = ("taken_back" if found.state == State.PROPOSED else "resigned") if own else "withdrawn"
    operations.end(found, by_id=actor().id, how=how, words=_words())
    flash(_("Ended. Thank you for all you did here.") if how == "resigned" else _("Ended."), "good")
    return _to(found)


@appointments.post("/appointments/<int:appointment_id>/pause")
@member_required
def pause(appointment_id: int) -> Response:
    """Rest, without the rights, or be back with `to=off`."""
    found = _appointment(appointment_id)
    operations.lock(found)
    allow(policies.can_pause(actor(), found))
    if request.form.get("to") == "off":
        operations.resume(found, by_id=actor().id)
        flash(_("Welcome back."), "good")
    else:
        operations.pause(found, by_id=actor().id)
        flash(_("Enjoy the rest. The rights are back as soon as you are."), "good")
    return _to(found)


@appointments.post("/appointments/<int:appointment_id>/offer")
@requires(policies.RUN_PROGRAMME)
def offer_again(appointment_id: int) -> Response:
    """Ask once more, where nobody answered in time."""
    found = _appointment(appointment_id)
    allow(policies.can_offer_again(actor(), found))
    try:
        operations.offer_again(found, by_id=actor().id or 0)
        flash(_("%(name)s is asked. The role begins once they accept.", name=found.member.name), "good")
    except TakenError:
        flash(_("They look after one of these spaces already, or are being asked."), "wait")
    return _to(found)


@appointments.post("/appointments/<int:appointment_id>/renewal")
@requires(policies.RUN_PROGRAMME)
def renew(appointment_id: int) -> Response | tuple[str, int]:
    """Offer a further term, once the present one is near its end."""
    found, form = _appointment(appointment_id), RenewForm()
    allow(found.can_be_renewed(utcnow()))
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        made = operations.renew(found, months=form.months.data, by_id=actor().id or 0)
    except TakenError:
        flash(_("They are asked already."), "wait")
        return _to(found)
    said = ngettext("A term of %(num)s month is offered.", "A term of %(num)s months is offered.", form.months.data)
    flash(said, "good")
    return _to(made)
