"""Who may do what in the forum: small predicates, asked alike by views and templates."""

from community.core.policies import Actor, Role, declare
from community.spaces.policies import can_read as can_read_space
from community.spaces.policies import can_reply_in

from .editing import windows as editing_windows
from .models import Kind, Post, Thread

EDIT_ANY = declare("forum.edit_any", Role.SUPER_USER, Role.MANAGER)
HIDE = declare("forum.hide", Role.SUPER_USER, Role.MANAGER)
SEE_HIDDEN = declare("forum.see_hidden", Role.SUPER_USER, Role.MANAGER)
SEE_RESTRICTED = declare("forum.see_restricted", Role.AGENT, Role.MANAGER)
SEE_ORGANISATIONS = declare("forum.see_organisations", Role.AGENT, Role.MANAGER)
ACCEPT_ANY = declare("forum.accept_any", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
CLOSE = declare("forum.close", Role.SUPER_USER, Role.MANAGER)
ARRANGE = declare("forum.arrange", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
ANNOUNCE = declare("forum.announce", Role.AGENT, Role.MANAGER)


def can_read_thread(actor: Actor, thread: Thread) -> bool:
    """The space must be readable; hidden threads are for moderators, restricted ones for author and staff, those of an
    organisation for its people and staff.

    One that was merged into another is read by nobody: its address leads on.
    """
    if thread.merged_into_id is not None or not can_read_space(actor, thread.space):
        return False
    if thread.restricted and not _sees_restricted(actor, thread):
        return False
    if thread.organisation_id is not None and not _sees_organisation(actor, thread.organisation_id):
        return False
    return thread.hidden_at is None or actor.can(SEE_HIDDEN, space_id=thread.space_id)


def _sees_restricted(actor: Actor, thread: Thread) -> bool:
    return actor.can(SEE_RESTRICTED) or (actor.is_member and actor.id == thread.author_id)


def _sees_organisation(actor: Actor, organisation_id: int) -> bool:
    return actor.can(SEE_ORGANISATIONS) or actor.organisation_id == organisation_id


def can_start(actor: Actor, kind: str) -> bool:
    """Members start threads; announcements are the provider's."""
    if kind == Kind.ANNOUNCEMENT:
        return actor.can(ANNOUNCE)
    return actor.is_member


def can_reply(actor: Actor, thread: Thread) -> bool:
    """Members reply until a thread is closed or hidden; in some spaces only those whose groups may."""
    if not can_reply_in(actor, thread.space):
        return False
    if thread.closed_at is not None:
        return False
    return thread.hidden_at is None


def can_edit(actor: Actor, post: Post) -> bool:
    """Authors edit their own posts for some time, moderators any in their space; words of the desk only the desk."""
    if not actor.is_member or post.hidden_at is not None:
        return False
    if post.origin == "desk":
        return False
    if post.thread.closed_at is not None:
        return actor.can(EDIT_ANY, space_id=post.thread.space_id)
    if actor.can(EDIT_ANY, space_id=post.thread.space_id):
        return True
    return post.author_id == actor.id and editing_windows.is_open(actor, post)


def can_hide(actor: Actor, post: Post) -> bool:
    """Moderators hide any post of their space; authors take their own back for some time, if nobody relies on it."""
    if actor.can(HIDE, space_id=post.thread.space_id):
        return True
    if not actor.is_member or post.author_id != actor.id:
        return False
    if post.thread.solution_id == post.id or (post.opens and post.thread.reply_count):
        return False
    return post.origin != "desk" and editing_windows.is_open(actor, post)


def can_restore(actor: Actor, post: Post) -> bool:
    """Moderators show a hidden post again, and authors a reply that they took back themselves."""
    if actor.can(HIDE, space_id=post.thread.space_id):
        return True
    return actor.is_member and not post.opens and actor.id == post.author_id == post.hidden_by_id


def can_accept(actor: Actor, thread: Thread) -> bool:
    """The author decides, and so may super users and staff, on questions and ideas that are not closed."""
    if not actor.is_member or thread.closed_at is not None or thread.hidden_at is not None:
        return False
    if thread.kind != Kind.QUESTION:
        return False
    return actor.id == thread.author_id or actor.can(ACCEPT_ANY, space_id=thread.space_id)


def can_vote(actor: Actor, post: Post) -> bool:
    """Members vote on what others wrote."""
    return actor.is_member and post.author_id != actor.id and post.hidden_at is None


def can_have_too(actor: Actor, thread: Thread) -> bool:
    """Members say that they have a question's problem too; its author has it anyway."""
    if not actor.is_member or thread.author_id == actor.id:
        return False
    return thread.kind in (Kind.QUESTION, Kind.IDEA) and thread.hidden_at is None


def can_keep_within(actor: Actor, thread: Thread) -> bool:
    """An author who belongs to an organisation may show a thread to its people only; there is no way back, for what
    they wrote after that was not meant for everybody.
    """
    if not actor.is_member or actor.id != thread.author_id or thread.kind == Kind.ANNOUNCEMENT:
        return False
    return actor.organisation_id is not None and thread.organisation_id is None


def can_arrange(actor: Actor, thread: Thread) -> bool:
    """Super users of the space and staff pin, move, split and merge, and name duplicates."""
    return actor.can(ARRANGE, space_id=thread.space_id)


def can_find_not_helpful(actor: Actor, post: Post) -> bool:
    """What members with standing may find not helpful: what others replied to a question."""
    return can_vote(actor, post) and not post.opens and post.thread.kind == Kind.QUESTION


def can_thank(actor: Actor, post: Post) -> bool:
    """Members thank others for what they wrote."""
    return can_vote(actor, post) and post.thread.hidden_at is None


def can_confirm(actor: Actor, thread: Thread) -> bool:
    """The author of a solved question, once asked, says whether the answer lasted."""
    asked = thread.confirmation_asked_at is not None and thread.confirmed_at is None and thread.solution_id is not None
    return asked and actor.is_member and actor.id == thread.author_id and can_accept(actor, thread)


def can_close(actor: Actor, thread: Thread) -> bool:
    """Moderators close and reopen threads of their space."""
    return actor.can(CLOSE, space_id=thread.space_id)
