"""Forms about organisations."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.models import Member
from community.accounts.words import option
from community.core.forms import PageForm, slug_field, tidy

from .domains import is_public, normal, split_domains, written
from .models import Organisation
from .operations import OrganisationDetails
from .queries import OrganisationSnapshot, holders_of, name_is_free, slug_is_free

RESERVED = frozenset({"new"})
MOST_DOMAINS = 200
BY_ADDRESS, NONE = "address", "none"


class OrganisationForm(PageForm):
    """What an organisation is."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Give the organisation a name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    slug = slug_field(_l("Use small letters, digits and single hyphens, such as acme-europe."))
    service_level = StringField(
        _l("Service level"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("At most 40 characters."))],
    )
    mail_domains = TextAreaField(_l("Mail domains"))

    def __init__(self, organisation: Organisation | None = None) -> None:
        """Begin with the organisation's own values, or empty for a new one."""
        super().__init__(data=_values(organisation) if organisation else None)
        self._organisation = organisation

    def validate_name(self, field: StringField) -> None:
        """Rules and people tell organisations apart by their names."""
        if not name_is_free(field.data, but=self._organisation):
            raise ValidationError(_l("Another organisation has this name."))

    def validate_slug(self, field: StringField) -> None:
        """Addresses lead to one organisation each."""
        if field.data in RESERVED or not slug_is_free(field.data, but=self._organisation):
            raise ValidationError(_l("This short name is taken. Choose another one."))

    def validate_mail_domains(self, field: TextAreaField) -> None:
        """A domain leads to one organisation, and only where its owner decides who gets an address."""
        typed = split_domains(field.data)
        if len(typed) > MOST_DOMAINS:
            raise ValidationError(_("At most %(most)s domains.", most=MOST_DOMAINS))
        problems = [said for said in map(_wrong, typed) if said]
        taken = holders_of(map(normal, typed), but=self._organisation)
        problems += [
            _("%(domain)s leads to %(organisation)s already.", domain=written(domain), organisation=name)
            for domain, name in sorted(taken.items())
        ]
        if problems:
            raise ValidationError(" ".join(problems))

    def details(self) -> OrganisationDetails:
        """What was typed, once it is valid."""
        return OrganisationDetails(
            name=self.name.data,
            slug=self.slug.data,
            service_level=self.service_level.data or "",
            mail_domains=tuple(sorted({normal(domain) for domain in split_domains(self.mail_domains.data)})),
        )


def _wrong(domain: str) -> str:
    """Why the domain cannot lead to an organisation; "" where it can."""
    known = normal(domain)
    if not known:
        return _("“%(domain)s” is not a mail domain, such as company.com.", domain=domain[:60])
    if is_public(known):
        return _(
            "Anybody can have an address at %(domain)s, so it cannot tell whose somebody is. "
            "Leave it out and choose the organisation on the pages of its members.",
            domain=written(known),
        )
    return ""


def _values(organisation: Organisation) -> dict[str, object]:
    return {
        "name": organisation.name,
        "slug": organisation.slug,
        "service_level": organisation.service_level,
        "mail_domains": "\n".join(map(written, organisation.mail_domains)),
    }


class BelongingForm(PageForm):
    """Saying whose a member is."""

    organisation = SelectField(_l("Belongs to"))

    def __init__(self, member: Member, organisations: Iterable[OrganisationSnapshot]) -> None:
        """Begin with how it is."""
        super().__init__(data={"organisation": _present(member)})
        self.organisation.choices = [
            option(BY_ADDRESS, _l("As the confirmed address says")),
            option(NONE, _l("No organisation")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]

    @property
    def by_address(self) -> bool:
        """Whether the address is to decide."""
        return bool(self.organisation.data == BY_ADDRESS)

    @property
    def chosen_id(self) -> int | None:
        """The organisation that was chosen; None for none at all."""
        return None if self.organisation.data in (BY_ADDRESS, NONE) else int(self.organisation.data)


def _present(member: Member) -> str:
    if not member.organisation_fixed:
        return BY_ADDRESS
    return NONE if member.organisation_id is None else str(member.organisation_id)
