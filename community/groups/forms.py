"""Forms about groups."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import column, select, table
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput

from community.accounts.words import ROLES, option
from community.core.db import db
from community.core.forms import PageForm, slug_field, tidy
from community.organisations.domains import is_public, normal, split_domains, written
from community.organisations.queries import everyone

from .models import ANY_SPACE, Calling, Group, Joining, ListSight, RuleKind, Sight
from .operations import GroupDetails
from .queries import slug_is_free
from .words import CALLING, JOINING, LIST_SIGHT, SIGHT

RESERVED = frozenset({"new"})
MOST_DOMAINS = 50
# Spaces stand above; here they are only named.
_space = table("space", column("id"), column("name"))


class MultiCheckboxField(SelectMultipleField):
    """Several of some, each with a box of its own."""

    option_widget = CheckboxInput()  # type: ignore[assignment] # any widget will do


def _options(words: Mapping[str, LazyString]) -> list[SelectChoice]:
    return [option(value, label) for value, label in words.items()]


class GroupForm(PageForm):
    """What owners write about their group."""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Give the group a name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    description = StringField(
        _l("In one sentence"), filters=[tidy], validators=[Length(max=300, message=_l("At most 300 characters."))]
    )
    joining = RadioField(_l("How people join"), choices=_options(JOINING), default=Joining.REQUEST.value)
    visibility = SelectField(_l("Who sees the group"), choices=_options(SIGHT), default=Sight.EVERYBODY.value)
    list_visibility = SelectField(
        _l("Who sees its members"), choices=_options(LIST_SIGHT), default=ListSight.EVERYBODY.value
    )
    mentionable = SelectField(
        _l("Who may mention all of it at once"), choices=_options(CALLING), default=Calling.MEMBERS.value
    )

    def __init__(self, group: Group | None = None) -> None:
        """Begin with the group's own values, or empty for a new one."""
        super().__init__(data=_values(group) if group else None)
        automatic = group is not None and group.joining == Joining.AUTOMATIC
        if not automatic and not isinstance(self, RuledForm):
            self.joining.choices = _options({key: word for key, word in JOINING.items() if key != Joining.AUTOMATIC})

    def rules(self) -> frozenset[tuple[str, str]] | None:
        """The rules as typed; None where whoever writes has no say in them."""
        return None

    def details(self) -> GroupDetails:
        """What was typed, once it is valid."""
        return GroupDetails(
            name=self.name.data,
            description=self.description.data or "",
            joining=self.joining.data,
            visibility=self.visibility.data,
            list_visibility=self.list_visibility.data,
            mentionable=self.mentionable.data,
            rules=self.rules(),
        )


class RuledForm(GroupForm):
    """The same with the rules, for managers: only they know of all organisations."""

    domains = TextAreaField(_l("Mail domains"))
    organisations = MultiCheckboxField(_l("Organisations"))
    spaces = MultiCheckboxField(_l("Super users of"))
    roles = MultiCheckboxField(_l("Roles"))

    def __init__(self, group: Group | None = None) -> None:
        """Offer what rules can look at."""
        super().__init__(group)
        self.organisations.choices = [SelectChoice(str(each.id), each.name) for each in everyone()]
        spaces = db.session.execute(select(_space.c.id, _space.c.name).order_by(_space.c.name))
        named = [SelectChoice(str(id_), name) for id_, name in spaces]
        self.spaces.choices = [option(ANY_SPACE, _l("Any space")), *named]
        self.roles.choices = _options(ROLES)

    def validate_domains(self, field: TextAreaField) -> None:
        """Only domains whose owner decides who gets an address."""
        typed = split_domains(field.data)
        if len(typed) > MOST_DOMAINS:
            raise ValidationError(_("At most %(most)s domains.", most=MOST_DOMAINS))
        for domain in typed:
            if not normal(domain):
                raise ValidationError(_("“%(domain)s” is not a mail domain, such as company.com.", domain=domain[:60]))
            if is_public(normal(domain)):
                raise ValidationError(_("Anybody can have an address at %(domain)s.", domain=written(normal(domain))))

    def validate_joining(self, field: RadioField) -> None:
        """An automatic group without rules would have nobody."""
        if field.data == Joining.AUTOMATIC and not self.rules():
            raise ValidationError(_("Write at least one rule below, or choose another way to join."))

    def rules(self) -> frozenset[tuple[str, str]]:
        """The rules as typed."""
        domains = {(RuleKind.DOMAIN.value, normal(each)) for each in split_domains(self.domains.data) if normal(each)}
        chosen = {
            (kind.value, value)
            for kind, field in (
                (RuleKind.ORGANISATION, self.organisations),
                (RuleKind.SUPER_USER, self.spaces),
                (RuleKind.ROLE, self.roles),
            )
            for value in field.data or ()
        }
        return frozenset(domains | chosen)


class NewGroupForm(RuledForm):
    """A new group, with the short name that it keeps."""

    slug = slug_field(_l("Use small letters, digits and single hyphens, such as network-team."))

    def validate_slug(self, field: StringField) -> None:
        """Addresses and mentions lead to one group, or one person."""
        if len(field.data) < 2 or len(field.data) > 30:  # as long as what can be mentioned
            raise ValidationError(_("Between 2 and 30 characters."))
        if field.data in RESERVED or not slug_is_free(field.data):
            raise ValidationError(_("This short name is taken. Choose another one."))


def _values(group: Group) -> dict[str, object]:
    names = ("name", "description", "joining", "visibility", "list_visibility", "mentionable")
    own = {name: getattr(group, name) for name in names}
    return own | {
        "domains": "\n".join(written(value) for value in _of(group, RuleKind.DOMAIN)),
        "organisations": _of(group, RuleKind.ORGANISATION),
        "spaces": _of(group, RuleKind.SUPER_USER),
        "roles": _of(group, RuleKind.ROLE),
    }


def _of(group: Group, kind: RuleKind) -> list[str]:
    return [rule.value for rule in group.rules if rule.kind == kind]


class InvitationForm(PageForm):
    """Inviting somebody by handle or address."""

    person = StringField(
        _l("Which person?"), filters=[tidy], validators=[DataRequired(_l("Enter a name as in @name."))]
    )
