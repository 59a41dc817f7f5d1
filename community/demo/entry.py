"""People of the demo world who are on their way in: one waits for a person, one was invited."""

from collections.abc import Callable
from typing import Any

from community.accounts import operations
from community.accounts.entering import inviting, joining, rules
from community.accounts.entering.models import Effect, RuleKind
from community.accounts.models import Member
from community.core.db import db

from .loading import PASSWORD, World

Told = dict[str, Any]
Step = Callable[[World, Told], object]
NETWORK = "192.0.2.17"


def _mail_domain(world: World, told: Told) -> None:
    """Whoever has an address there waits for a person."""
    by_id = world.members[told["by"]]
    rules.add(RuleKind.DOMAIN.value, [told["domain"]], Effect.HOLD.value, note=told["note"], by_id=by_id)


def _registration(_world: World, told: Told) -> None:
    """Somebody asks to join and confirms their address, under the rules that hold."""
    verdict = rules.judge(told["email"], NETWORK)
    member = joining.join(
        name=told["name"],
        email=told["email"],
        password=PASSWORD,
        language="en",
        address=NETWORK,
        words=told["why"],
        verdict=verdict,
    )
    db.session.flush()
    operations.confirm(member)


def _invitation(world: World, told: Told) -> None:
    by = db.session.get_one(Member, world.members[told["by"]])
    inviting.invite(told["email"], by=by, words=told["words"], language="en")


STEPS: dict[str, Step] = {"mail_domain": _mail_domain, "registration": _registration, "invitation": _invitation}
