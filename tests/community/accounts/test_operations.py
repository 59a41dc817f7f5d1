"""Operations on accounts that pages do not reach."""

from flask import Flask
from sqlalchemy import func, select

from community.accounts import operations
from community.accounts.models import SUPER_USER, Grant, Member
from community.accounts.policies import can_change_role
from community.core.db import db
from community.core.events import EventRecord
from community.core.policies import Actor, Role
from community.spaces.policies import can_manage, can_read
from tests.factories import a_member, a_space


def facts(name: str) -> int:
    return db.session.scalar(select(func.count(EventRecord.id)).where(EventRecord.name == name)) or 0


def test_nobody_signs_in_with_nobodys_password(app: Flask) -> None:
    assert not operations.password_matches(None, "nobody has this password")
    member = a_member()
    member.password_hash = ""
    assert not operations.password_matches(member, "nobody has this password")


def test_a_member_made_by_the_operator_can_sign_in_at_once(app: Flask) -> None:
    made = operations.create_member(email="Op@Example.org", password="a quiet harbour town", role="admin")
    assert (made.email, made.name, made.role) == ("op@example.org", "Op", Role.ADMIN)
    assert made.email_confirmed_at is not None
    assert operations.password_matches(made, "a quiet harbour town")


def test_a_new_password_from_a_letter_confirms_the_address(app: Flask) -> None:
    member = a_member()
    member.email_confirmed_at = None
    operations.set_password(member, "a quiet harbour town")
    assert member.email_confirmed_at is not None
    assert facts("accounts.member.confirmed") == 1


def test_standing_is_given_and_taken_once(app: Flask) -> None:
    member, space = a_member(), a_space()
    for _time in range(2):
        operations.grant(member, SUPER_USER, space.id, by_id=None)
    assert db.session.scalar(select(func.count(Grant.id))) == 1
    for _time in range(2):
        operations.revoke(member, SUPER_USER, space.id, by_id=None)
    assert db.session.scalar(select(func.count(Grant.id))) == 0
    assert facts("accounts.role.changed") == 2


def test_the_same_role_again_is_no_change(app: Flask) -> None:
    member = a_member(role="agent")
    operations.set_role(member, "agent", by_id=None)
    assert facts("accounts.role.changed") == 0


def test_members_change_no_roles() -> None:
    member, manager = Actor(id=1, role=Role.MEMBER), Actor(id=2, role=Role.MANAGER)
    assert not can_change_role(member, Role.MEMBER, Role.AGENT)
    assert can_change_role(manager, Role.MEMBER, Role.AGENT)
    assert not can_change_role(manager, Role.MEMBER, Role.ADMIN)


def test_spaces_are_read_by_those_they_are_for(app: Flask) -> None:
    inner = a_space(visibility="members")
    member = Actor(id=1, role=Role.MEMBER)
    assert not can_read(member, inner)
    assert can_read(Actor(id=1, role=Role.MEMBER, member_of=frozenset({inner.id})), inner)
    assert can_read(Actor(id=1, role=Role.AGENT), inner)
    assert not can_manage(member, inner)
    assert can_manage(Actor(id=2, role=Role.MANAGER))
    assert db.session.scalar(select(func.count(Member.id))) == 0
