"""Pages about accounts."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from community.core import email, i18n
from community.core.app import limiter
from community.core.db import db, let_stay, utcnow
from community.core.jobs import enqueue
from community.core.numbers import whole_number
from community.core.policies import actor, allow, member_required, public
from community.core.web import public_url, safe_next

from . import claiming, operations, profile_gate, profiles, suspending
from .entering import joining, rules
from .entering.forms import JoinForm
from .entering.models import Mode, Registration, State
from .forms import AskResetForm, ChangePasswordForm, PreferencesForm, ResetForm, SignInForm, refuse
from .handlers import send_password_link
from .known import person_called
from .loading import actor_of
from .models import Member, SignIn, hash_token

accounts = Blueprint("accounts", __name__)
WAITS = _l("Your request waits for a person who looks at it. We write to you as soon as they did.")
NOT_ADMITTED = _l("Your request to join was not granted. We wrote to you why.")


def without_own_choices(response: Response) -> Response:
    """What the profile says now counts here too, whatever this browser was told before."""
    for name in (i18n.LANGUAGE_COOKIE, "theme"):
        response.delete_cookie(name)
    return response


def device() -> operations.Device:
    """The browser that makes this request."""
    return operations.Device(request.user_agent.string, request.remote_addr or "")


def begin(member: Member) -> None:
    """Sign the member in, with a session that nobody could have prepared."""
    token = operations.sign_in(member, device())
    session.clear()
    session.permanent = True
    login_user(actor_of(member, token=token))


@accounts.route("/join", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def join() -> str | tuple[str, int]:
    """Ask for an account. The answer is the same whether the address is known or not."""
    if rules.settings().mode == Mode.INVITATION:
        return render_template("accounts/by_invitation.html"), 200 if request.method == "GET" else 403
    form = JoinForm()
    if form.validate_on_submit() and form.is_a_persons() and form.may_go():
        verdict = rules.judge(form.email.data, request.remote_addr or "")
        if not verdict.refuses:
            _register(form, verdict)
            return render_template("accounts/check_mail.html", address=form.email.data)
        form.refuse(verdict)
    return render_template("accounts/join.html", form=form), 422 if form.errors else 200


def _register(form: JoinForm, verdict: rules.Verdict) -> None:
    try:
        joining.join(
            name=form.name.data,
            email=form.email.data,
            password=form.password.data,
            language=i18n.language(),
            address=request.remote_addr or "",
            words=form.words,
            verdict=verdict,
        )
    except operations.AddressTakenError:
        known, link = operations.by_email(form.email.data), public_url(url_for("accounts.forgotten"))
        if known is not None:
            email.post("already-member", known.email, member=known, link=link)


@accounts.route("/confirm/<string:token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> str | Response:
    """The link from the mail opens a page with one button, for mail scanners follow links too."""
    member = operations.member_of_link("confirm", token, to_use=request.method == "POST")
    if request.method == "POST" and member is not None:
        if not operations.confirm(member):
            return _waits(joining.standing(member))
        begin(member)
        flash(_("Welcome, %(name)s. Your address is confirmed.", name=member.name), "good")
        return redirect("/")
    return render_template("accounts/confirm.html", member=member)


def _waits(registration: Registration | None) -> str:
    refused = registration is not None and registration.state == State.REFUSED
    return render_template("accounts/waits.html", refused=refused)


@accounts.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour;10 per minute", methods=["POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in with address and password."""
    form = SignInForm()
    if form.validate_on_submit():
        member = operations.by_email(form.email.data)
        if operations.password_matches(member, form.password.data) and member is not None:
            return _admit(member, form)
        refuse(form.password, _("Address and password do not belong together. Nothing was changed."))
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


def _admit(member: Member, form: SignInForm) -> Response | tuple[str, int]:
    held = joining.standing(member) if member.email_confirmed_at is None else None
    if held is not None and (held.confirmed_at is not None or held.state == State.REFUSED):
        refuse(form.email, str(WAITS if held.state == State.WAITING else NOT_ADMITTED))
        return render_template("accounts/sign_in.html", form=form), 422
    if member.email_confirmed_at is None:
        let_stay()
        link = public_url(url_for("accounts.confirm", token=operations.link_token("confirm", member)))
        email.post("confirm-address", member.email, member=member, link=link)
        refuse(form.email, _("This address is not confirmed yet. We have just sent you a new link."))
        return render_template("accounts/sign_in.html", form=form), 422
    suspended = suspending.refusal(member)
    if suspended is not None:
        refuse(form.email, suspended)
        return render_template("accounts/sign_in.html", form=form), 422
    begin(member)
    return redirect(safe_next(request.args.get("next")))


@accounts.post("/sign-out")
@public
def sign_out() -> Response:
    """End the sign-in of this browser."""
    if actor().is_member:
        operations.end_sign_in(actor().token)
    logout_user()
    session.clear()
    flash(_("You are signed out."), "good")
    return redirect("/")


@accounts.route("/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
def forgotten() -> str | tuple[str, int]:
    """Ask for a link to choose a new password. The answer is the same for an unknown address."""
    form = AskResetForm()
    if form.validate_on_submit():
        enqueue(send_password_link, address=form.email.data, language=i18n.language())
        return render_template("accounts/check_mail.html", address=form.email.data)
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors else 200


@accounts.route("/reset/<string:token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def reset(token: str) -> str | Response | tuple[str, int]:
    """Choose a new password; every sign-in ends, then this browser is signed in."""
    member, form = operations.member_of_link("reset", token, to_use=request.method == "POST"), ResetForm()
    if member is not None and form.validate_on_submit():
        claims = claiming.is_unclaimed(member)
        operations.set_password(member, form.password.data)
        if (held := joining.standing(member)) is not None:
            return _waits(held)
        begin(member)
        flash(_claimed(member) if claims else _("Your new password is set, and every other sign-in has ended."), "good")
        return redirect("/")
    return render_template("accounts/reset.html", form=form, member=member), 422 if form.errors else 200


def _claimed(member: Member) -> str:
    return _("Welcome, %(name)s. The account is yours, with everything that you wrote.", name=member.name)


@accounts.get("/people/<string:handle>")
@public
def profile(handle: str) -> str:
    """What a person knows and how they have helped."""
    member = person_called(handle, actor()) or abort(404)
    return render_template("accounts/profile.html", member=member, view=profiles.view_of(member, actor()))


@accounts.route("/preferences", methods=["GET", "POST"])
@member_required
def preferences() -> str | Response | tuple[str, int]:
    """How one appears, and how pages appear."""
    member = db.session.get_one(Member, actor().id)
    form = PreferencesForm(obj=member)
    if form.validate_on_submit() and profiles.save(member, form, actor()):
        flash(_("Your preferences are saved."), "good")
        return without_own_choices(redirect(url_for("accounts.preferences")))
    if not form.is_submitted():
        for name, text in profile_gate.kept(member.id, whole_number(request.args.get("waiting", "")) or 0).items():
            form[name].data = text
    waits = profile_gate.waits(member.id)
    page = render_template("accounts/preferences.html", form=form, member=member, waits=waits)
    return page, 422 if form.errors else 200


@accounts.get("/sign-ins")
@member_required
def sign_ins() -> str:
    """Where one is signed in."""
    return _sign_ins(ChangePasswordForm())


def _sign_ins(form: ChangePasswordForm) -> str:
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.member_id == actor().id, SignIn.ends_at > utcnow())
        .order_by(SignIn.created_at.desc())
    )
    here = hash_token(actor().token)
    return render_template("accounts/sign_ins.html", rows=list(rows), here=here, form=form)


@accounts.post("/sign-ins/<int:sign_in_id>/end")
@member_required
def end_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sign-ins."""
    row = db.session.get(SignIn, sign_in_id)
    allow(row is not None and row.member_id == actor().id)
    db.session.delete(row)
    flash(_("That sign-in has ended."), "good")
    return redirect(url_for("accounts.sign_ins"))


@accounts.post("/sign-ins/end-others")
@member_required
def end_others() -> Response:
    """End all sign-ins but this browser's."""
    operations.end_other_sign_ins(actor().id or 0, actor().token)
    flash(_("You are signed in here only."), "good")
    return redirect(url_for("accounts.sign_ins"))


@accounts.post("/password")
@member_required
@limiter.limit("10 per hour")
def change_password() -> Response | tuple[str, int]:
    """Change one's password; other sign-ins end."""
    member, form = db.session.get_one(Member, actor().id), ChangePasswordForm()
    if form.validate_on_submit():
        if operations.password_matches(member, form.current.data):
            operations.set_password(member, form.password.data, keep=actor().token)
            flash(_("Your password is changed, and you are signed in here only."), "good")
            return redirect(url_for("accounts.sign_ins"))
        refuse(form.current, _("This is not your present password. Nothing was changed."))
    return _sign_ins(form), 422
