"""Pages for administrators: how one joins here, rules about addresses and networks, and who was invited."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from community.accounts.entering import inviting, rules
from community.accounts.entering.events import EntryChanged
from community.accounts.entering.models import EntryRule, EntrySettings, Invitation, RuleKind
from community.accounts.models import Member
from community.accounts.policies import OPERATE
from community.core import events
from community.core.app import limiter
from community.core.db import db, utcnow
from community.core.paging import Page, page_number
from community.core.policies import actor, requires
from community.core.slots import fill
from community.core.web import section

from .forms import EFFECT_WORDS, MODES, ModeForm, RulesForm

A_PAGE = 50
entry_pages = Blueprint("entry", __name__, url_prefix="/admin/joining")
entry_pages.before_request(lambda: section("operating.overview"))


@entry_pages.route("", methods=["GET", "POST"])
@requires(OPERATE)
def index() -> str | Response | tuple[str, int]:
    """How somebody becomes a member here."""
    form = ModeForm(obj=rules.settings())
    if form.validate_on_submit():
        _save(form)
        flash(_("Kept. It holds from now on; who waits already goes on waiting."), "good")
        return redirect(url_for("entry.index"))
    page = render_template("admin/joining.html", form=form, modes=MODES, rows=_latest())
    return page, 422 if form.errors else 200


def _save(form: ModeForm) -> None:
    row = db.session.get(EntrySettings, 1)
    if row is None:
        row = EntrySettings(id=1)
        db.session.add(row)
    row.mode, row.question, row.invitations = form.mode.data, form.question.data or "", form.invitations.data
    row.changed_by_id, row.changed_at = actor().id, utcnow()
    events.record(EntryChanged(actor_id=actor().id, what=f"mode:{row.mode}"))


def _latest() -> list[Invitation]:
    wanted = select(Invitation).options(joinedload(Invitation.by), joinedload(Invitation.member))
    return list(db.session.scalars(wanted.order_by(Invitation.id.desc()).limit(A_PAGE)))


@entry_pages.route("/<string:kind>", methods=["GET", "POST"])
@requires(OPERATE)
@limiter.limit("60 per hour", methods=["POST"])
def rules_of(kind: str) -> str | Response | tuple[str, int]:
    """Rules about mail domains, or about networks."""
    if kind not in set(RuleKind):
        abort(404)
    form = RulesForm(RuleKind(kind))
    if form.validate_on_submit() and _room(form):
        made = rules.add(kind, form.rules(), form.effect.data, note=form.note.data or "", by_id=actor().id)
        events.record(EntryChanged(actor_id=actor().id, what=f"{kind}:{form.effect.data}"))
        flash(ngettext("%(num)s rule is new.", "%(num)s rules are new.", made), "good")
        return redirect(url_for("entry.rules_of", kind=kind))
    page = render_template("admin/joining_rules.html", form=form, kind=kind, page=_rules(kind), words=EFFECT_WORDS)
    return page, 422 if form.errors else 200


def _room(form: RulesForm) -> bool:
    known = db.session.scalar(select(func.count(EntryRule.id)).where(EntryRule.kind == RuleKind.NETWORK)) or 0
    if form.kind == RuleKind.NETWORK and known + len(form.rules()) > rules.MOST_NETWORKS:
        form["values"].errors = (_("At most 500 networks altogether."),)
        return False
    return True


def _rules(kind: str) -> Page[EntryRule]:
    number = page_number()
    total = db.session.scalar(select(func.count(EntryRule.id)).where(EntryRule.kind == kind)) or 0
    wanted = select(EntryRule).where(EntryRule.kind == kind).order_by(EntryRule.value)
    rows = db.session.scalars(wanted.limit(A_PAGE).offset((number - 1) * A_PAGE))
    return Page(list(rows), number, A_PAGE, total)


@entry_pages.post("/rules/<int:rule_id>/removal")
@requires(OPERATE)
def remove(rule_id: int) -> Response:
    """Forget a rule."""
    rule = db.session.get(EntryRule, rule_id) or abort(404)
    kind, value = rule.kind, rule.value
    rules.remove(rule_id)
    events.record(EntryChanged(actor_id=actor().id, what=f"{kind}:removed"))
    flash(_("The rule about %(value)s is gone.", value=value), "good")
    return redirect(url_for("entry.rules_of", kind=kind))


@fill("admin.member")
def how_they_came(*, person: Member) -> str:
    """On the page of a member: who invited them, and how their registration was decided."""
    return render_template(
        "admin/came_by.html",
        invitation=inviting.who_invited(person.id),
        registration=rules.registration_of(person.id),
        person=person,
    )
