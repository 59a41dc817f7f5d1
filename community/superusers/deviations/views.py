"""Pages about rules broken on purpose: recording, the list, one of them, and the rule as it became."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.accounts.forms import refuse
from community.accounts.known import KNOWN
from community.accounts.models import Member
from community.core.app import limiter
from community.core.db import db, utcnow
from community.core.i18n import format_month
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, requires
from community.forum import queries as threads
from community.spaces.queries import all_visible_to, by_slug, startable_by

from . import kinds, operations, policies, queries, subjects
from .forms import ChangedRuleForm, DeviationForm, IdeaForm
from .models import Deviation
from .operations import Account
from .queries import Wanted
from .subjects import Subject

deviations = Blueprint("deviations", __name__, url_prefix="/deviations")


@deviations.get("")
@member_required
def list_() -> str:
    """One's own; for managers all, counted by rule, outcome and month."""
    allow(policies.can_record(actor()) or queries.has_own(actor()))
    wanted = Wanted(*(request.args.get(name, "")[:60] for name in ("rule", "outcome", "month")))
    found = queries.page_of(actor(), wanted, page_number())
    if page_number() > found.pages:
        abort(404)
    return render_template(
        "superusers/deviations/list.html",
        page=found,
        wanted=wanted,
        counts=queries.counts(actor()),
        kinds=kinds,
        everything=actor().can(policies.REVIEW_DEVIATIONS),
        can_record=policies.can_record(actor()),
        month_said=lambda month: format_month(date.fromisoformat(f"{month}-01")),
    )


@deviations.route("/new", methods=["GET", "POST"])
@requires(policies.RECORD)
@limiter.limit("60 per hour", methods=["POST"])
def new() -> str | Response | tuple[str, int]:
    """Put a broken rule on the record."""
    about = subjects.from_words(actor(), request.values.get("about", ""))
    spaces = all_visible_to(actor())
    here = next((space.slug for space in spaces if about is not None and space.id == about.space_id), "")
    form = DeviationForm(space=here).offer(spaces)
    made = _recorded(form, about) if form.validate_on_submit() else None
    if made is not None:
        flash(_("It is on the record. Somebody else looks at it, and you are told what they say."), "good")
        return redirect(url_for("deviations.page", deviation_id=made.id))
    status = 422 if form.errors else 200
    return render_template("superusers/deviations/new.html", form=form, about=about), status


def _recorded(form: DeviationForm, about: Subject | None) -> Deviation | None:
    by_id = _who(form.by.data or "")
    if by_id is None:
        refuse(form.by, _("There is nobody of that name."))
        return None
    space = by_slug(actor(), form.space.data) if form.space.data else None
    account = Account(
        rule=form.rule.data,
        which=form.which.data or "",
        why=form.why.data,
        done=form.done.data,
        hoped=form.hoped.data or "",
        space_id=space.id if space else None,
        about_kind=about.kind if about else "",
        about_id=about.id if about else 0,
    )
    return operations.record(account, member_id=actor().id or 0, by_id=by_id)


def _who(handle: str) -> int | None:
    handle = handle.removeprefix("@").lower()
    if not handle:
        return actor().id
    return db.session.scalar(select(Member.id).where(Member.handle == handle, KNOWN))


def _found(deviation_id: int) -> Deviation:
    return queries.deviation_for(actor(), deviation_id) or abort(404)


@deviations.get("/<int:deviation_id>")
@member_required
def page(deviation_id: int) -> str:
    """What was told, what the look at it brought, and what the rule became."""
    found = _found(deviation_id)
    return _page(found, _changed_form(found), _idea_form(found))


def _changed_form(found: Deviation) -> ChangedRuleForm:
    today = utcnow().date()
    return ChangedRuleForm(to=found.changed_to, address=found.changed_address, on=found.changed_on or today)


def _idea_form(found: Deviation) -> IdeaForm:
    rule = found.which or kinds.said(found.rule)
    body = _("This rule gets in the way of helping people:") + f"\n\n> {rule}\n"
    if found.changed_to:
        body += "\n" + _("It is changed to:") + f"\n\n> {found.changed_to}\n"
    place = found.space.slug if found.space else None
    title = _("A better rule: %(rule)s", rule=rule)[:160]
    return IdeaForm(title=title, body=body, idea_space=place).offer(startable_by(actor()))


def _page(found: Deviation, changed: ChangedRuleForm, idea: IdeaForm) -> str:
    can_change = policies.can_change_rule(actor(), found)
    return render_template(
        "superusers/deviations/page.html",
        found=found,
        kinds=kinds,
        about=subjects.find(actor(), found.about_kind, found.about_id) if found.about_kind else None,
        changed=changed if can_change else None,
        idea=idea if can_change and found.idea_id is None else None,
        thread=threads.thread_for(actor(), found.idea_id) if found.idea_id else None,
        case=queries.waiting_case_of(found) if policies.can_review(actor(), found) else None,
    )


@deviations.post("/<int:deviation_id>/rule")
@requires(policies.REVIEW_DEVIATIONS)
def change_rule(deviation_id: int) -> Response | tuple[str, int]:
    """Say what the rule became."""
    found, form = _found(deviation_id), ChangedRuleForm()
    allow(policies.can_change_rule(actor(), found))
    if not form.validate_on_submit():
        return _page(found, form, _idea_form(found)), 422
    address = form.address.data or ""
    operations.change_rule(found, to=form.to.data, address=address, on=form.on.data, by_id=actor().id or 0)
    flash(_("The changed rule is on the record. Whoever recorded this is told."), "good")
    return redirect(url_for("deviations.page", deviation_id=found.id))


@deviations.post("/<int:deviation_id>/idea")
@requires(policies.REVIEW_DEVIATIONS)
def make_idea(deviation_id: int) -> Response | tuple[str, int]:
    """Begin a thread about a better rule, once."""
    found = _found(deviation_id)
    db.session.refresh(found, with_for_update={"of": Deviation})
    form = IdeaForm().offer(startable_by(actor()))
    allow(policies.can_change_rule(actor(), found) and found.idea_id is None)
    space = by_slug(actor(), form.idea_space.data or "") if form.validate_on_submit() else None
    if space is None:
        return _page(found, _changed_form(found), form), 422
    thread = operations.make_idea(found, space=space, title=form.title.data, body=form.body.data, by_id=actor().id or 0)
    return redirect(url_for("forum.thread", thread_id=thread.id))
