"""Who is trusted in a space, as those who review there see it; and trust that is withdrawn, with its reason."""

import pytest
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.events import EventRecord
from community.moderation.gates.models import TrustedWriter
from community.moderation.models import Case
from community.spaces.models import Space
from tests.conftest import LoginAs
from tests.visit import Visitor

from .conftest import asks, rules, waiting

PAGE = "/spaces/home/manage/trusted-writers"


@pytest.fixture
def trusted(home: Space, ann: Visitor, login_as: LoginAs) -> Member:
    """Ann, whom Sue trusts in a space that looks at the first five posts of each person."""
    rules(home, first_posts=5)
    asks(ann)
    (row,) = waiting()
    case = db.session.scalars(select(Case).where(Case.kind == "held", Case.target_id == row.id)).one()
    sue = login_as("sue")
    sue.get(f"/review/{case.id}")
    sue.post(f"/review/{case.id}/decision", {"decision": "trust"})
    return row.member


def test_who_is_trusted_since_when_and_by_whom(trusted: Member, login_as: LoginAs) -> None:
    sue, boss = login_as("sue"), login_as("boss")
    sue.get("/spaces/home/manage")
    assert PAGE in sue.links()
    for who in (sue, boss):
        who.get(PAGE)
        assert trusted.name in who.text
        assert "by Sue" in who.text
    login_as("olga").get(PAGE, status=404)
    login_as("ann").get(PAGE, status=404)


def test_trust_is_withdrawn_for_a_reason_that_stays(trusted: Member, ann: Visitor, login_as: LoginAs) -> None:
    asks(ann, "Nobody looks at this first")
    assert waiting() == []
    sue = login_as("sue")
    sue.get(PAGE)
    (way,) = [link for link in sue.links() if link.endswith("/withdrawal")]
    login_as("olga").get(way, status=404)
    login_as("ann").get(way, status=404)
    sue.get(way)
    sue.submit("#withdrawal-form", reason="", status=422)
    assert db.session.query(TrustedWriter).count() == 1
    sue.submit("#withdrawal-form", reason="Advertises now.")
    assert db.session.query(TrustedWriter).count() == 0
    assert "Nobody is trusted here yet." in sue.text
    assert "Advertises now." in sue.text
    fact = db.session.scalars(select(EventRecord).where(EventRecord.name == "moderation.writer.trust_withdrawn")).one()
    assert (fact.subject, fact.payload["reason"]) == (f"member:{trusted.id}", "Advertises now.")
    asks(ann, "Somebody looks at this first")
    assert len(waiting()) == 1
    sue.post(way, {"reason": "Once more"}, status=404)
