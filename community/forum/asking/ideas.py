"""What becomes of an idea: the provider's people say so, with a word to everybody."""

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField

from community.accounts.words import option
from community.core import events
from community.core.policies import Actor, Role, actor, allow, declare, member_required
from community.core.small_texts import Publishes

from .. import operations
from ..composing import guarding
from ..composing.guarding import Guarded
from ..composing.lengths import REPLY
from ..events import IdeaDecided
from ..forms import body_field
from ..models import Kind, Post, State, Thread
from ..views import readable_thread, to_post

DECIDE = declare("forum.decide_ideas", Role.AGENT, Role.MANAGER)
DECISIONS = {
    State.PLANNED: _l("Planned"),
    State.DONE: _l("Done"),
    State.DECLINED: _l("Declined"),
    State.OPEN: _l("Open again"),
}

ideas = Blueprint("ideas", __name__)


def can_decide(actor: Actor, thread: Thread) -> bool:
    """The provider's people decide on ideas that are in view and take replies."""
    open_ = thread.kind == Kind.IDEA and thread.closed_at is None and thread.hidden_at is None
    return open_ and actor.can(DECIDE)


def decide(thread: Thread, state: str, word: str, *, by_id: int) -> Post:
    """Say what becomes of an idea; the word stands in the thread as a reply."""
    thread.decided_state = "" if state == State.OPEN else state
    post = operations.reply(thread, author_id=by_id, body=word)
    thread.settle()
    events.record(IdeaDecided(actor_id=by_id, thread_id=thread.id, post_id=post.id, state=state))
    return post


class DecisionForm(Publishes, Guarded):
    """What becomes of an idea, and why."""

    public = ("body",)

    state = RadioField(
        _l("What becomes of it?"), choices=[option(state.value, label) for state, label in DECISIONS.items()]
    )
    body = body_field(_l("A word to everybody who wants it"), REPLY)


@ideas.route("/threads/<int:thread_id>/decision", methods=["GET", "POST"], endpoint="decide")
@member_required
def decide_page(thread_id: int) -> str | Response | tuple[str, int]:
    """Decide on an idea."""
    thread = readable_thread(thread_id)
    allow(can_decide(actor(), thread))
    form = DecisionForm(state=thread.decided_state or State.PLANNED.value)
    if form.validate_on_submit() and form.may_go(thread.space_id):
        post = decide(thread, form.state.data, form.body.data, by_id=actor().id or 0)
        guarding.note(form, post, by_id=post.author_id)
        flash(_("Everybody who follows this idea is told."), "good")
        return to_post(post)
    return render_template("forum/decision.html", thread=thread, form=form), 422 if form.errors else 200
