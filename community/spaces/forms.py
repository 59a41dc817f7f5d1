"""Forms about spaces."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from community.accounts.forms import tidy
from community.accounts.models import SPACE_MEMBER
from community.accounts.words import option
from community.core.forms import LONGEST_NEW_TAG, SHORTEST_NEW_TAG, TAG, PageForm, Suggesting, slug_field, split_tags
from community.core.i18n import LANGUAGES
from community.core.markup import clean_text

from .models import MEMBERS, OPEN, Space
from .operations import TAG_LISTS, SpaceDetails, slug_is_free

RESERVED = frozenset({"new", "about"})
MOST_TAGS = 40
RUNNERS = [
    option("provider", _l("The provider: service staff own it and its promise")),
    option("customer", _l("The customer: staff take part by agreement")),
    option("user", _l("Its users: staff are guests, and marked as such")),
]


class SpaceForm(PageForm):
    """What a space is."""

    name = StringField(
        _l("Name"), filters=[tidy], validators=[DataRequired(_l("Give the space a name.")), Length(max=80)]
    )
    slug = slug_field(_l("Use small letters, digits and single hyphens, such as finance-systems."))
    description = StringField(
        _l("In one sentence"),
        filters=[tidy],
        validators=[Length(max=300, message=_l("At most 300 characters."))],
    )
    charter = TextAreaField(
        _l("Charter"),
        filters=[lambda text: clean_text(text).strip() if text else ""],
        validators=[Length(max=20_000, message=_l("At most 20,000 characters."))],
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(tag, name) for tag, name in LANGUAGES.items()])
    visibility = RadioField(
        _l("Who may read it"),
        choices=[
            option(OPEN, _l("Everybody, also without an account")),
            option(MEMBERS, _l("Its members and staff only")),
        ],
        default=OPEN,
    )
    run_by = RadioField(_l("Who runs it"), choices=RUNNERS, default="provider")
    promise_hours = IntegerField(
        _l("Promised first reply, in working hours"),
        default=0,
        validators=[
            InputRequired(_l("Enter a number of hours; 0 promises nothing.")),
            NumberRange(0, 500, _l("Enter a number from 0 to 500.")),
        ],
    )
    service = StringField(
        _l("Service that it is about"),
        filters=[tidy],
        validators=[Length(max=80, message=_l("At most 80 characters."))],
    )
    service_critical = BooleanField(_l("People cannot work without this service"))
    tags = StringField(_l("Tags to choose from"), filters=[tidy], widget=Suggesting("tags"))
    required_tags = StringField(_l("Each thread needs one of these tags"), filters=[tidy], widget=Suggesting("tags"))
    reserved_tags = StringField(
        _l("Tags that only super users and staff give"), filters=[tidy], widget=Suggesting("tags")
    )

    def __init__(self, space: Space | None = None) -> None:
        """Begin with the space's own values, or empty for a new one."""
        super().__init__(data=_values(space) if space else None)
        self._space = space

    def validate_slug(self, field: StringField) -> None:
        """Addresses lead to one space each."""
        if field.data in RESERVED or not slug_is_free(field.data, but=self._space):
            raise ValidationError(_l("This short name is taken. Choose another one."))

    def validate_tags(self, field: StringField) -> None:
        """Tags are words; those that the space has already may be shorter or longer than new ones."""
        names = split_tags(field.data)
        if len(names) > MOST_TAGS:
            raise ValidationError(_l("At most 40 tags."))
        had = getattr(self._space, field.name) if self._space else ()
        if not all(_is_tag(name) or name in had for name in names):
            raise ValidationError(_l("A tag is one word of 2 to 30 letters, digits or hyphens."))

    validate_required_tags = validate_reserved_tags = validate_tags

    def details(self) -> SpaceDetails:
        """What was typed, once it is valid."""
        return SpaceDetails(
            slug=self.slug.data,
            name=self.name.data,
            description=self.description.data or "",
            charter=self.charter.data or "",
            language=self.language.data,
            visibility=self.visibility.data,
            run_by=self.run_by.data,
            promise_hours=self.promise_hours.data,
            service=self.service.data or "",
            service_critical=bool(self.service_critical.data),
            **{name: tuple(split_tags(self[name].data)) for name in TAG_LISTS},
        )


def _values(space: Space) -> dict[str, object]:
    names: tuple[str, ...] = ("slug", "name", "description", "charter", "language", "visibility", "run_by")
    names += ("promise_hours", "service", "service_critical")
    lists = {name: ", ".join(getattr(space, name)) for name in TAG_LISTS}
    return {name: getattr(space, name) for name in names} | lists


def _is_tag(name: str) -> bool:
    return TAG.match(name) is not None and SHORTEST_NEW_TAG <= len(name) <= LONGEST_NEW_TAG


class StandingForm(PageForm):
    """Giving a member a standing within a space."""

    space_id = SelectField(_l("Space"), coerce=int)
    kind = SelectField(
        _l("As"),
        choices=[option(SPACE_MEMBER, _l("Member of a members-only space"))],
    )
