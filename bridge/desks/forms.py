"""Forms of the desk. Field names differ from form to form, for all of them stand on one page."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from bridge import words
from bridge.fields import choices, class_field, impact_field, urgency_field, words_field
from community.core.forms import PageForm
from community.public import staff

NO_WORDS = _l("Write a few words first.")
THREAD = re.compile(r"(?:.*/threads/)?(\d{1,9})(?:[/?#].*)?")
HOURS = (("", _l("no promise")), ("0.5", "0:30"), ("1", "1:00"), ("2", "2:00"), ("4", "4:00"), ("8", "8:00"))
DAYS = (("24", _l("1 day")), ("48", _l("2 days")), ("120", _l("5 days")))


def hours_field(label: object) -> SelectField:
    """From now until the next news."""
    return SelectField(label, choices=choices([*HOURS, *DAYS]), default="")


class SayForm(PageForm):
    """Words that everybody affected reads."""

    text = words_field(_l("Tell the community"), missing=NO_WORDS)
    next_news = hours_field(_l("Next news in"))


class AcknowledgeForm(PageForm):
    """Understood, with words or without."""


class NoteForm(PageForm):
    """Words that never leave the desk."""

    note = words_field(_l("Internal note"), missing=NO_WORDS)


class ClassForm(PageForm):
    """The right class."""

    query_class = class_field(_l("Class"))
    why = words_field(_l("Why is it another class?"), longest=1000)


class WeighForm(PageForm):
    """Impact and urgency."""

    impact = impact_field()
    urgency = urgency_field()


class AssignForm(PageForm):
    """Who is responsible."""

    assignee = SelectField(_l("Assign to"), coerce=int)

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.assignee.choices = choices((person.id, person.name) for person in staff())


class NewsForm(PageForm):
    """When people hear again."""

    promise = SelectField(
        _l("Next news in"),
        choices=choices([*HOURS[1:], *DAYS]),
        default="2",
    )


class MajorForm(PageForm):
    """Show it to everybody, or no longer."""

    major = BooleanField(_l("Major incident: show it on the first page"))


class JoinForm(PageForm):
    """One more thread."""

    thread = StringField(
        _l("Number or address of the thread"),
        validators=[DataRequired(_l("Give the thread's number or address.")), Length(max=300)],
    )

    def validate_thread(self, field: Field) -> None:
        """Raise `ValidationError` for what is no thread's number or address."""
        if not THREAD.fullmatch((field.data or "").strip()):
            raise ValidationError(_("This is no thread's number or address."))

    @property
    def thread_id(self) -> int:
        """The number that was given."""
        found = THREAD.fullmatch(self.thread.data.strip())
        return int(found.group(1)) if found else 0


class ShowAgainForm(PageForm):
    """It was no threat."""

    why_shown = words_field(
        _l("Why is it no threat? (internal)"), missing=_l("Say why: it stays on the record."), longest=1000
    )


class ReopenForm(PageForm):
    """Work on it again."""

    again = words_field(_l("Why is it opened again? (internal)"), longest=1000)


class CloseForm(PageForm):
    """Nothing more to do."""


class FilterForm(PageForm):
    """What the queue is narrowed to; read from the address, so it carries no token."""

    class Meta:
        """A form that changes nothing."""

        csrf = False

    state = SelectField(_l("State"))
    query_class = SelectField(_l("Class"))
    priority = SelectField(_l("Priority"))
    who = SelectField(_l("Assigned to"))

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        everything = ("", _("all"))
        people = [(str(person.id), person.name) for person in staff()]
        self.state.choices = choices([("", _("in work")), *words.STATUSES.items()])
        self.query_class.choices = choices([everything, *words.CLASSES.items()])
        self.priority.choices = choices([everything, *((str(key), word) for key, word in words.PRIORITIES.items())])
        self.who.choices = choices([everything, ("me", _("me")), ("nobody", _("nobody yet")), *people])
