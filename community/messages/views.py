"""Conversations: the list with its search, one of them, beginning, writing, adding, leaving, muting."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.accounts.availability import away_of
from community.accounts.cards import card
from community.accounts.forms import refuse
from community.core.app import limiter
from community.core.numbers import whole_number
from community.core.policies import actor, allow, member_required
from community.forum.composing import admitting, gates
from community.forum.composing.gates import Way, Writing

from . import blocking, operations, policies, queries
from .forms import AddForm, MessageForm, NewForm, named_in, people_called
from .models import Participant

messages = Blueprint("messages", __name__)

LONGEST_QUERY = 200
LARGEST = 2**53  # no row has a higher number, and every database can hold it


@messages.before_request
def only_where_there_are_messages() -> None:
    """An installation without messages has none of these pages."""
    if not policies.enabled():
        abort(404)


def own_part(conversation_id: int) -> Participant:
    """One's own part in the conversation, or 404, whoever asks."""
    return queries.part_of(actor(), conversation_id) or abort(404)


def living_part(conversation_id: int) -> Participant:
    """The same, while one takes part."""
    part = own_part(conversation_id)
    allow(policies.can_write(part))
    return part


def _key(name: str) -> int | None:
    """A number of the address from which a page goes on; what makes no sense is left out."""
    return whole_number(request.args.get(name, ""), most=LARGEST)


@messages.get("/messages")
@member_required
def index() -> str:
    """One's own conversations, or those in which something is found."""
    words = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    before = _key("before")
    listed = queries.search(actor(), words, before) if words else queries.list_for(actor(), before)
    return render_template("messages/list.html", listed=listed, words=words, first=before is None)


@messages.route("/messages/new", methods=["GET", "POST"])
@member_required
@limiter.limit("40 per hour", methods=["POST"])
def new() -> str | WsgiResponse | tuple[str, int]:
    """Begin a conversation."""
    form = NewForm()
    if form.validate_on_submit() and _may_send(form):
        try:
            made = operations.start(
                sender_id=actor().id or 0,
                to=form.people,
                subject=form.subject.data,
                body=form.body.data,
                limits=policies.limits_of(actor()),
            )
            return redirect(url_for("messages.conversation", conversation_id=made.id))
        except operations.Refused as refused:
            refuse(form.to, str(refused))
    return _new_page(form), 422 if form.is_submitted() else 200


def _may_send(form: NewForm | MessageForm) -> bool:
    """Whether the gates let it go out. Messages are held back by nobody, for only those concerned read them."""
    return admitting.judged(form, admitting.writing(Way.MESSAGE, form), holds=False).goes


def _new_page(form: NewForm) -> str:
    """The page with the form; who cannot be written to is said before anything is typed."""
    if not form.is_submitted():
        form.to.data = ", ".join(f"@{name}" for name in named_in(",".join(request.args.getlist("to")))[:20])
        people = list(people_called(named_in(form.to.data)).values())
        why_not = operations.refusal(actor().id or 0, people)
        if why_not:
            refuse(form.to, why_not)
    else:
        people = list(form.people)
    away = away_of(member.id for member in people)
    limits = policies.limits_of(actor())
    return render_template("messages/new.html", form=form, people=people, away=away, limits=limits)


@messages.get("/messages/<int:conversation_id>")
@member_required
def conversation(conversation_id: int) -> str:
    """One conversation, for those who take part or did."""
    return _page(own_part(conversation_id), MessageForm(), AddForm(formdata=None))


def _page(part: Participant, form: MessageForm, adding: AddForm) -> str:
    blocked, blockers = blocking.around(part.member_id)
    people = queries.known_to(part, queries.people_in([part.conversation_id])[part.conversation_id])
    page = queries.page_of(part, blocked, before=_key("before"), after=_key("after"))
    return render_template(
        "messages/conversation.html",
        part=part,
        people=people,
        cards={each.member_id: card(each.member) for each in people},
        page=page,
        form=form,
        adding=adding,
        silent=_silent(part, people, blocked, blockers),
        unread=queries.unread_in(part.member_id, part.conversation_id),
        away=away_of(each.member_id for each in people if each.left_at is None),
        several=policies.limits_of(actor()).several,
        most=policies.MOST_PEOPLE,
    )


def _silent(part: Participant, people: Sequence[Participant], blocked: set[int], blockers: set[int]) -> str:
    """Why nothing can be written here; "" where something can."""
    if not policies.can_write(part):
        return _("You left this conversation. You can still read what was written until then.")
    others = [each.member for each in people if each.left_at is None and each.member_id != part.member_id]
    if not others:
        return _("Nobody else takes part any more.")
    if len(others) > 1:
        return ""
    (other,) = others
    if other.id in blocked:
        return _("You blocked %(name)s. Unblock them first.", name=other.name)
    if other.id in blockers or not policies.is_reachable(other):
        return _("%(name)s cannot be written to.", name=other.name)
    return ""


@messages.post("/messages/<int:conversation_id>/replies")
@member_required
@limiter.limit("120 per hour")
def reply(conversation_id: int) -> WsgiResponse | tuple[str, int]:
    """Write in a conversation."""
    part, form = living_part(conversation_id), MessageForm()
    if form.validate_on_submit() and _may_send(form):
        try:
            limits, me = policies.limits_of(actor()), part.member_id
            made = operations.send(conversation_id, author_id=me, body=form.body.data, limits=limits)
            return _to(conversation_id, f"message-{made.id}")
        except operations.Refused as refused:
            refuse(form.body, str(refused))
    return _page(part, form, AddForm(formdata=None)), 422


def _may_add(form: AddForm) -> bool:
    """Whether the actor may write at all: who is brought in hears of it, as of a message."""
    verdict = gates.ask(actor(), Writing(actor().id or 0, Way.MESSAGE, body=""))
    if not verdict.goes:
        refuse(form.to, verdict.message)
    return verdict.goes


@messages.post("/messages/<int:conversation_id>/people")
@member_required
@limiter.limit("40 per hour")
def add(conversation_id: int) -> WsgiResponse | tuple[str, int]:
    """Bring people into a conversation."""
    part, form = living_part(conversation_id), AddForm()
    limits = policies.limits_of(actor())
    allow(limits.several)
    if form.validate_on_submit() and _may_add(form):
        try:
            operations.add(conversation_id, *form.people, by_id=part.member_id, limits=limits)
            flash(_("They read what is written from now on."), "good")
            return _to(conversation_id)
        except operations.Refused as refused:
            refuse(form.to, str(refused))
    return _page(part, MessageForm(formdata=None), form), 422


@messages.route("/messages/<int:conversation_id>/leaving", methods=["GET", "POST"])
@member_required
def leave(conversation_id: int) -> str | WsgiResponse:
    """Ask whether somebody wants to leave, and let them."""
    part = living_part(conversation_id)
    if request.method == "GET":
        return render_template("messages/leave.html", part=part)
    operations.leave(conversation_id, part.member_id)
    flash(_("You left “%(subject)s”.", subject=part.conversation.subject), "good")
    return redirect(url_for("messages.index"))


@messages.post("/messages/<int:conversation_id>/muting")
@member_required
def mute(conversation_id: int) -> WsgiResponse:
    """Be told nothing more of a conversation, or be told again."""
    part, muted = living_part(conversation_id), request.form.get("to") == "on"
    operations.mute(conversation_id, part.member_id, muted=muted)
    flash(_("You are told nothing more of this.") if muted else _("You are told again of what is written."), "good")
    return _to(conversation_id)


@messages.post("/messages/<int:conversation_id>/read")
@member_required
@limiter.limit("600 per hour")
def read(conversation_id: int) -> Response | WsgiResponse:
    """Messages were shown up to this number; sent by the page's script, or by a button without it."""
    part, number = own_part(conversation_id), max(0, min(request.form.get("number", 0, type=int), LARGEST))
    operations.mark_read(conversation_id, part.member_id, number)
    return _to(conversation_id) if "back" in request.form else Response(status=204)


def _to(conversation_id: int, anchor: str = "") -> WsgiResponse:
    return redirect(url_for("messages.conversation", conversation_id=conversation_id, _anchor=anchor or None))
