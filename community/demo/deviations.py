"""Rules that people of the demo world broke on purpose, and what became of them."""

from typing import Any

from sqlalchemy import select

from community.core.db import db
from community.moderation import cases
from community.moderation.kinds import case_kind
from community.moderation.models import Case
from community.superusers.deviations import operations
from community.superusers.deviations.models import KIND, Deviation
from community.superusers.deviations.operations import Account

from .loading import World


def deviation(world: World, told: dict[str, Any]) -> None:
    """Somebody puts a broken rule on the record."""
    about = told.get("thread", "")
    account = Account(
        rule=told["rule"],
        which=told.get("which", ""),
        why=told["why"],
        done=told["done"],
        hoped=told.get("hoped", ""),
        space_id=world.spaces.get(told.get("space", "")),
        about_kind="thread" if about else "",
        about_id=world.threads[about] if about else 0,
    )
    member_id = world.members[told["by"]]
    operations.record(account, member_id=member_id, by_id=member_id)


def look(world: World, told: dict[str, Any]) -> None:
    """Somebody else looks at the oldest one that waits, and perhaps the rule is changed."""
    found = db.session.scalars(select(Deviation).where(Deviation.outcome == "").order_by(Deviation.id)).first()
    kind = case_kind(KIND)
    assert found is not None and kind is not None
    case = db.session.scalars(select(Case).where(Case.kind == KIND, Case.target_id == found.id)).one()
    by_id = world.members[told["by"]]
    cases.decide(case, kind.by_key[told["decision"]], by_id=by_id, words=told["words"])
    if "changed_to" in told:
        address = told.get("address", "")
        operations.change_rule(
            found, to=told["changed_to"], address=address, on=world.ago(told["hours_ago"]).date(), by_id=by_id
        )


STEPS = {"deviation": deviation, "deviation_look": look}
