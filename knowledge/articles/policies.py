"""Who may do what with articles."""

from community.core.policies import Actor, Role, declare
from community.public import ThreadSnapshot

from .models import Article, Audience

WRITE = declare("knowledge.write", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
VALIDATE = declare("knowledge.validate", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
PUBLISH = declare("knowledge.publish", Role.SUPER_USER, Role.AGENT, Role.MANAGER)


def can_read(actor: Actor, article: Article, space_ids: frozenset[int]) -> bool:
    """The query form is `queries.visible`; `space_ids` are those of the spaces that the actor may read."""
    if article.audience != Audience.PUBLIC and article.space_id not in space_ids:
        return False
    return not article.is_draft or can_see_drafts(actor, article)


def can_see_drafts(actor: Actor, article: Article) -> bool:
    """What an article said before it was published is for its author and for those who validate."""
    return is_author(actor, article) or actor.can(VALIDATE, space_id=article.space_id)


def is_author(actor: Actor, article: Article) -> bool:
    """Whether the actor wrote it."""
    return actor.is_member and actor.id == article.author_id


def can_draft(actor: Actor, thread: ThreadSnapshot, solver_id: int | None) -> bool:
    """Writers, the thread's author and whoever gave its accepted answer; never from what only a few may see."""
    if not actor.is_member or thread.restricted or thread.hidden or thread.organisation_id is not None:
        return False
    return actor.id in {thread.author.id, solver_id} or actor.can(WRITE, space_id=thread.space.id)


def can_edit(actor: Actor, article: Article) -> bool:
    """Authors edit until it is published, writers at any time; one put away comes back through publishers only."""
    if article.is_archived:
        return actor.can(PUBLISH, space_id=article.space_id)
    if actor.can(WRITE, space_id=article.space_id):
        return True
    return is_author(actor, article) and article.is_draft


def can_validate(actor: Actor, article: Article) -> bool:
    """A second person only: neither its author nor whoever changed it last."""
    if article.is_archived or article.is_validated:
        return False
    return is_second_person(actor, article) and actor.can(VALIDATE, space_id=article.space_id)


def is_second_person(actor: Actor, article: Article) -> bool:
    """Whether the actor neither wrote the article nor changed it last."""
    return actor.is_member and actor.id not in (article.author_id, article.last_editor_id)


def can_publish(actor: Actor, article: Article) -> bool:
    """Only what was validated is published, and once."""
    return article.is_draft and article.is_validated and actor.can(PUBLISH, space_id=article.space_id)


def can_archive(actor: Actor, article: Article) -> bool:
    """Publishers put away what is out of date."""
    return not article.is_archived and actor.can(PUBLISH, space_id=article.space_id)


def can_give_feedback(actor: Actor, article: Article) -> bool:
    """Members other than its author say whether it helped."""
    return actor.is_member and article.is_listed and not is_author(actor, article)
