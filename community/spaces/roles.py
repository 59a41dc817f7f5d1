"""Who holds a role in a space, until when, and the form that lets somebody in.

Super users are appointed with their consent and for a term, by the feature of that name, never here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from community.accounts import operations as accounts
from community.accounts.known import KNOWN
from community.accounts.models import SPACE_MEMBER, SUPER_USER, Grant, Member
from community.accounts.words import option
from community.core import i18n
from community.core.db import db, utcnow
from community.core.forms import DayField, PageForm, Suggesting, tidy

from .models import Space

ROLES: dict[str, LazyString] = {SUPER_USER: _l("Super user"), SPACE_MEMBER: _l("Member")}
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Held:
    """A role that somebody holds in a space, or held until its end."""

    grant: Grant
    word: LazyString | str
    over: bool

    @property
    def last_day(self) -> str:
        """The day of its end where the reader is, as a field takes it; "" where it has none."""
        return self.grant.until.astimezone(i18n.zone()).date().isoformat() if self.grant.until else ""


def held_in(space: Space) -> list[Held]:
    """All roles in a space, super users first, by name; what is over stands at the end."""
    rows = db.session.scalars(
        select(Grant)
        .join(Grant.member)
        .where(Grant.space_id == space.id)
        .order_by(Grant.kind.desc(), Member.name)
        .options(joinedload(Grant.member))
    )
    now = utcnow()
    found = [Held(row, ROLES.get(row.kind, row.kind), not row.lasts(now)) for row in rows]
    return sorted(found, key=lambda held: held.over)


class RoleForm(PageForm):
    """Letting a member into a space, until a day or for good."""

    handle = StringField(
        _l("Which person?"),
        filters=[tidy, lambda text: text.removeprefix("@").lower() if text else text],
        validators=[DataRequired(_l("Name somebody by their handle.")), Length(max=31)],
        widget=Suggesting("people", one=True),
    )
    kind = SelectField(_l("As"), choices=[option(SPACE_MEMBER, ROLES[SPACE_MEMBER])])
    until = DayField(_l("Until the end of"), validators=[Optional()])

    def __init__(self) -> None:
        """Begin with whom the address names."""
        super().__init__(data={name: request.args.get(name, "") for name in ("handle", "kind")} | _day_asked())

    @property
    def member(self) -> Member | None:
        """Whom it names."""
        return db.session.scalar(select(Member).where(Member.handle == self.handle.data, KNOWN))

    @property
    def end(self) -> datetime | None:
        """The last second of the chosen day where the reader is."""
        day = self.until.data
        return datetime.combine(day, LAST_SECOND, i18n.zone()).astimezone(UTC) if day else None

    def validate_handle(self, field: StringField) -> None:
        """Somebody whom everybody can look up."""
        if self.member is None:
            raise ValidationError(_("Nobody here is called that."))

    def validate_until(self, field: DayField) -> None:
        """A role that is over before it began is none."""
        if self.end is not None and self.end <= utcnow():
            raise ValidationError(_("Choose a day that is still to come."))

    def appoint(self, space: Space, *, by_id: int | None) -> Member:
        """Give the role, or move the end of the one that is held. Raises `LookupError` for nobody."""
        person = self.member
        if person is None:
            raise LookupError(self.handle.data)
        accounts.grant(person, self.kind.data, space.id, by_id=by_id, until=self.end)
        return person


def _day_asked() -> dict[str, date]:
    try:
        return {"until": date.fromisoformat(request.args.get("until", ""))}
    except ValueError:
        return {}
