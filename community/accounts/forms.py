"""Forms about accounts."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, Form, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, EqualTo, Length, ValidationError

from community.core.forms import PageForm, clean
from community.core.forms import tidy as tidy
from community.core.i18n import LANGUAGES

from .operations import LONGEST_PASSWORD, weakness
from .words import option

WEAKNESSES = {
    "short": _l("Use at least 10 characters. A short sentence is easy to remember."),
    "plain": _l("This is one of the first things that somebody would try. Use a short sentence."),
    "personal": _l("Leave your name and address out of it. Use a short sentence."),
}


def tidy_email(value: str | None) -> str | None:
    """An address without surrounding space, in lower case."""
    return value.strip().lower() if value else value


def refuse(field: Field, message: str) -> None:
    """Put a message beside a field, for what only the operation could find out."""
    field.errors = (*field.errors, message)


class StrongEnough:
    """Refuses passwords that are easy to guess, given what else the form holds."""

    def __init__(self, *about: str) -> None:
        self._about = about

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` with advice."""
        words = tuple(form[name].data or "" for name in self._about if name in form)
        problem = weakness(field.data or "", about=words)
        if problem:
            raise ValidationError(WEAKNESSES[problem])


def new_password(*about: str, label: object = None) -> PasswordField:
    """The field for a password to come; `about` are fields that it must not resemble."""
    return PasswordField(
        label or _l("New password"),
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(max=LONGEST_PASSWORD, message=_l("At most 200 characters.")),
            StrongEnough(*about),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def email_field() -> StringField:
    """The field for an address."""
    return StringField(
        _l("E-mail address"),
        filters=[tidy_email],
        validators=[
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=254),
            Email(_l("This does not look like an e-mail address. Example: name@company.com")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


def name_field() -> StringField:
    """The field for a person's name."""
    return StringField(
        _l("Your name"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter the name that colleagues know.")), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )


class SignInForm(PageForm):
    """Signing in."""

    email = email_field()
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Enter your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class AskResetForm(PageForm):
    """Asking for a link to choose a new password."""

    email = email_field()


class InviteForm(PageForm):
    """Saying whose an imported account is."""

    email = StringField(
        _l("Invite to claim this account"),
        filters=[tidy_email],
        validators=[
            DataRequired(_l("Enter the person's e-mail address.")),
            Length(max=254),
            Email(_l("This does not look like an e-mail address. Example: name@company.com")),
        ],
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )


class ResetForm(PageForm):
    """Choosing a new password from a link."""

    password = new_password()


class ChangePasswordForm(PageForm):
    """Changing the password while signed in."""

    current = PasswordField(
        _l("Present password"),
        validators=[DataRequired(_l("Enter your present password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password()
    again = PasswordField(
        _l("New password again"),
        validators=[EqualTo("password", _l("The two do not match."))],
        render_kw={"autocomplete": "new-password"},
    )


@cache
def zone_names() -> tuple[str, ...]:
    """Time zones as they are offered: UTC, then those of places."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return "UTC", *sorted(zone for zone in available_timezones() if zone.startswith(regions))


def _zones() -> Sequence[SelectChoice]:
    own = option("", _l("As the installation"))
    return [own, *(SelectChoice(name, name.replace("_", " ")) for name in zone_names())]


class PreferencesForm(PageForm):
    """How a person appears, and how pages appear to them."""

    name = name_field()
    about = TextAreaField(
        _l("About you"),
        filters=[clean],
        validators=[Length(max=2000, message=_l("At most 2,000 characters."))],
    )
    avatar = FileField(_l("Picture"))
    remove_avatar = BooleanField(_l("Remove my picture"))
    language = SelectField(
        _l("Language"),
        choices=[
            option("", _l("As my browser")),
            *(SelectChoice(tag, name) for tag, name in LANGUAGES.items()),
        ],
    )
    time_zone = SelectField(_l("Time zone"), choices=_zones())
    theme = SelectField(
        _l("Theme"),
        choices=[
            option("", _l("As my system")),
            option("light", _l("Light")),
            option("dark", _l("Dark")),
        ],
    )
