"""Who may propose changes to posts, and who decides on them."""

from community.core.policies import Actor

from ..models import Post
from ..policies import EDIT_ANY, can_edit
from .models import SuggestedEdit


def can_suggest(actor: Actor, post: Post) -> bool:
    """Members, on what others wrote and what they cannot change themselves; not on words of the service desk."""
    if not actor.is_member or post.author_id == actor.id or post.hidden_at is not None or post.origin == "desk":
        return False
    open_thread = post.thread.closed_at is None and post.thread.hidden_at is None
    return open_thread and not can_edit(actor, post)


def can_decide(actor: Actor, post: Post) -> bool:
    """The post's author, however long ago it was written, and those who edit any post there."""
    if not actor.is_member or post.hidden_at is not None:
        return False
    if actor.can(EDIT_ANY, space_id=post.thread.space_id):
        return True
    return post.author_id == actor.id and post.thread.closed_at is None


def can_see(actor: Actor, suggestion: SuggestedEdit) -> bool:
    """Those who decide, and whoever proposed it."""
    return can_decide(actor, suggestion.post) or (actor.is_member and actor.id == suggestion.member_id)
