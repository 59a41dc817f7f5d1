"""The form in which an agreement is written."""

from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from community.accounts.models import SUPER_USER, Grant, Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.forms import DayField, DecimalField, PageForm, Suggesting, clean, tidy
from community.organisations.queries import everyone

from ..appointing.forms import handle_field, member_called
from ..appointing.models import HOURS_A_WEEK, months_later
from .models import FURTHEST, Agreement, AgreementState
from .operations import AgreementTerms


class AgreementForm(PageForm):
    """Who agrees on what, for how long."""

    handle = handle_field(_l("Super user"))
    organisation = SelectField(_l("Customer"), coerce=int)
    customer_signer = StringField(
        _l("Signs for the customer"),
        filters=[tidy, lambda text: text.removeprefix("@").lower() if text else text],
        validators=[Length(max=31)],
        widget=Suggesting("people", one=True),
        description=_l("Somebody of that organisation, by their handle."),
    )
    hours_a_week = DecimalField(
        _l("Hours a week"),
        default=HOURS_A_WEEK,
        validators=[InputRequired(_l("A number of hours.")), NumberRange(0.5, 40, _l("Between half an hour and 40."))],
    )
    areas = StringField(
        _l("Areas"),
        filters=[tidy],
        validators=[DataRequired(_l("Name the areas.")), Length(max=500, message=_l("At most 500 characters."))],
    )
    begins = DayField(_l("From"), validators=[InputRequired(_l("Choose a day."))])
    ends = DayField(_l("Until the end of"), validators=[InputRequired(_l("Choose a day."))])
    backup = handle_field(_l("Backup"))
    text = TextAreaField(
        _l("What is agreed"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(max=20_000, message=_l("At most 20,000 characters.")),
        ],
    )

    def __init__(self, agreement: Agreement | None = None) -> None:
        """Begin with what stands, or with whom the address names."""
        super().__init__(data=_standing(agreement) if agreement else _fresh())
        self._kept = agreement
        choices = [SelectChoice(str(each.id), each.name) for each in everyone()]
        self.organisation.choices = [SelectChoice("0", _("none")), *choices]

    def validate_handle(self, field: StringField) -> None:
        """A member; once it was sent, the same one, for its versions are read by whom it is about."""
        found = member_called(field.data)
        if found is None:
            raise ValidationError(_("Nobody here is called that."))
        if self._kept is not None and self._kept.state != AgreementState.DRAFT and found.id != self._kept.member_id:
            raise ValidationError(_("It was sent to somebody else. Write an agreement of its own for this person."))

    def validate_customer_signer(self, field: StringField) -> None:
        """Where there is a customer somebody of theirs signs, who is not the super user."""
        if not self.organisation.data:
            return
        found = member_called(field.data) if field.data else None
        if found is None or found.organisation_id != self.organisation.data:
            raise ValidationError(_("Name somebody who belongs to this organisation."))
        if found.handle == self.handle.data:
            raise ValidationError(_("Nobody signs for two parties."))

    def validate_ends(self, field: DayField) -> None:
        """After it begins, and within five years."""
        if self.begins.data is None or field.data is None:
            return
        if not self.begins.data < field.data <= self.begins.data + FURTHEST:
            raise ValidationError(_("Choose a day after it begins, within five years."))
        if field.data < i18n.day_here(utcnow()):
            raise ValidationError(_("Choose a day that is still to come."))

    def validate_backup(self, field: StringField) -> None:
        """Another super user of a space that the person looks after."""
        found, person = member_called(field.data), member_called(self.handle.data)
        if found is None or person is None or found.id == person.id or not _beside(person, found):
            raise ValidationError(_("Name another super user of the same space."))

    def terms(self) -> AgreementTerms:
        """What was filled in."""
        person = member_called(self.handle.data)
        if person is None:
            raise LookupError(self.handle.data)
        customer = self.organisation.data or None
        return AgreementTerms(
            member=person,
            hours_a_week=self.hours_a_week.data,
            areas=self.areas.data,
            begins_on=self.begins.data,
            ends_on=self.ends.data,
            text=self.text.data,
            backup=member_called(self.backup.data),
            organisation_id=customer,
            customer_signer=member_called(self.customer_signer.data) if customer else None,
        )


def _fresh() -> dict[str, object]:
    now = utcnow()
    return {
        "handle": request.args.get("handle", "")[:31],
        "begins": now.date(),
        "ends": months_later(now, 12).date(),
    }


def _standing(agreement: Agreement) -> dict[str, str | float | date]:
    return {
        "handle": agreement.member.handle,
        "organisation": agreement.organisation_id or 0,
        "customer_signer": agreement.customer_signer.handle if agreement.customer_signer else "",
        "hours_a_week": agreement.hours_a_week,
        "areas": agreement.areas,
        "begins": agreement.begins_on,
        "ends": agreement.ends_on,
        "backup": agreement.backup.handle if agreement.backup else "",
        "text": agreement.text,
    }


def _beside(one: Member, other: Member) -> bool:
    """Whether both are super users of one space now."""
    lasts = or_(Grant.until.is_(None), Grant.until > utcnow())
    spaces = select(Grant.space_id).where(Grant.member_id == one.id, Grant.kind == SUPER_USER, lasts)
    shared = select(Grant.id).where(
        Grant.member_id == other.id, Grant.kind == SUPER_USER, lasts, Grant.space_id.in_(spaces)
    )
    return db.session.scalar(shared.limit(1)) is not None
