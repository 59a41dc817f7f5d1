"""What members of the demo world report, and what was decided about some of it."""

from typing import Any

from sqlalchemy import select

from community.accounts.loading import actor_of
from community.accounts.models import SUPER_USER, Grant, Member
from community.core.db import db
from community.core.policies import Actor
from community.forum.composing import gates
from community.forum.composing.gates import Kept, Outcome, Verdict, Way, Writing
from community.forum.composing.publishing import Typed
from community.forum.models import Post, Thread
from community.moderation import appeals, cases, flagging, queries, targets
from community.moderation.gates import trusting
from community.moderation.kinds import case_kind
from community.moderation.models import Case

from .loading import World


def _actor(world: World, handle: str) -> Actor:
    member = db.session.get_one(Member, world.members[handle])
    spaces = select(Grant.space_id).where(Grant.member_id == member.id, Grant.kind == SUPER_USER)
    return actor_of(member, super_user_in=",".join(str(id_) for id_ in db.session.scalars(spaces)))


def _target(world: World, told: dict[str, Any]) -> tuple[str, int]:
    thread_id = world.threads[told["thread"]]
    if told["post"] == 1:
        return "thread", thread_id
    wanted = select(Post.id).where(Post.thread_id == thread_id, Post.number == told["post"])
    return "post", db.session.scalars(wanted).one()


def flag(world: World, told: dict[str, Any]) -> None:
    """Somebody reports something."""
    target = targets.look(*_target(world, told))
    assert target is not None
    flagging.flag(_actor(world, told["by"]), target, reason=told["reason"], note=told.get("note", ""))


def decide(world: World, told: dict[str, Any]) -> None:
    """Somebody decides about it."""
    case = db.session.scalars(_cases(*_target(world, told))).one()
    kind = case_kind(case.kind)
    assert kind is not None
    by_id = world.members[told["by"]]
    cases.decide(case, kind.by_key[told["decision"]], by_id=by_id, words=told.get("words", ""))


def _cases(kind: str, target_id: int) -> Any:
    return select(Case).where(Case.target_kind == kind, Case.target_id == target_id, Case.state != "decided")


def appeal(world: World, told: dict[str, Any]) -> None:
    """The person concerned asks for a second look at the newest measure about them."""
    member_id = world.members[told["by"]]
    measure = queries.measures_against(member_id)[0]
    appeals.appeal(measure, member_id=member_id, words=told["words"])


def hold(world: World, told: dict[str, Any]) -> None:
    """Somebody's reply waits until a person looked at it."""
    who, thread = _actor(world, told["by"]), db.session.get_one(Thread, world.threads[told["thread"]])
    about = Writing(who=who.id or 0, kind=Way.REPLY, body=told["body"], space_id=thread.space_id, thread_id=thread.id)
    kept = Kept(about, Typed(told["body"], thread_id=thread.id))
    gates.hold(who, kept, Verdict(Outcome.HOLD, told["rule"], told["found"]))


def trust(world: World, told: dict[str, Any]) -> None:
    """Rules for newcomers hold back nothing more of somebody in a space."""
    ids = world.members[told["whom"]], world.spaces[told["space"]]
    trusting.trust_writer(*ids, by_id=world.members[told["by"]])


STEPS = {"flag": flag, "case": decide, "appeal": appeal, "hold": hold, "trust": trust}
