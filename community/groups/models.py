"""Groups, who is in them, by which rules, and what spaces allow them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Member
from community.core.db import Base, utcnow


class Joining(StrEnum):
    """How one becomes a member."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"
    AUTOMATIC = "automatic"


class Sight(StrEnum):
    """Who sees that the group is there."""

    EVERYBODY = "everybody"
    MEMBERS = "members"  # everybody who is signed in
    HIDDEN = "hidden"  # its own people


class ListSight(StrEnum):
    """Who sees the list of its members."""

    EVERYBODY = "everybody"  # whoever sees the group
    MEMBERS = "members"  # of the group
    OWNERS = "owners"


class Calling(StrEnum):
    """Who may mention the group."""

    NOBODY = "nobody"
    MEMBERS = "members"  # of the group
    STAFF = "staff"  # and super users
    EVERYBODY = "everybody"


class MemberState(StrEnum):
    """Where somebody is on the way into a group."""

    MEMBER = "member"
    ASKED = "asked"
    INVITED = "invited"


class RuleKind(StrEnum):
    """What a rule of an automatic group looks at. Its value: a domain, an id, or a role."""

    DOMAIN = "domain"
    ORGANISATION = "organisation"
    SUPER_USER = "super_user"  # of the space with this id, or of any
    ROLE = "role"


ANY_SPACE = "any"


class Right(StrEnum):
    """What a space allows a group. Each includes reading; beginning threads includes replying."""

    READ = "read"
    REPLY = "reply"
    START = "start"
    MODERATE = "moderate"
    MANAGE = "manage"


class Group(Base):
    """People who are addressed together, and who get rights in spaces together."""

    __tablename__ = "member_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(300), default="")
    joining: Mapped[str] = mapped_column(String(12), default=Joining.REQUEST.value)
    visibility: Mapped[str] = mapped_column(String(12), default=Sight.EVERYBODY.value)
    list_visibility: Mapped[str] = mapped_column(String(12), default=ListSight.EVERYBODY.value)
    mentionable: Mapped[str] = mapped_column(String(12), default=Calling.MEMBERS.value)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    rules: Mapped[list["GroupRule"]] = relationship(
        cascade="all, delete-orphan", order_by="GroupRule.kind, GroupRule.value", passive_deletes=True
    )


class GroupRule(Base):
    """One reason to belong to an automatic group; any one of them is enough."""

    __tablename__ = "group_rule"

    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(253), primary_key=True)


class GroupMember(Base):
    """Somebody in a group, or on the way into it. `automatic`: a rule brought them, and takes them out again.

    What a rule brought lasts until the standing ends that the rule looks at, to the moment.
    """

    __tablename__ = "group_member"
    __table_args__ = (Index("ix_group_member_of_member", "member_id", "state", "group_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default=MemberState.MEMBER.value)
    owner: Mapped[bool] = mapped_column(default=False)
    automatic: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime | None]

    member: Mapped[Member] = relationship()

    @property
    def belongs(self) -> bool:
        """Whether they are in it, and neither on the way nor past its end."""
        return self.state == MemberState.MEMBER and (self.until is None or self.until > utcnow())


class SpaceRight(Base):
    """What the members of a group may do in a space."""

    __tablename__ = "space_right"
    __table_args__ = (Index("ix_space_right_of_group", "group_id", "space_id"),)

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id", ondelete="CASCADE"), primary_key=True)
    right: Mapped[str] = mapped_column(String(10), primary_key=True)
