"""Forms in which check-lists and their items are written."""

from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from community.core.forms import PageForm, clean, tidy, title_field
from community.core.i18n import LANGUAGES, language
from community.forum.composing.guarding import Guarded

from .audiences import SUPER_USERS, choices
from .models import Checklist, ChecklistItem
from .operations import Written


class ChecklistForm(PageForm):
    """What a list is called and whom it is for."""

    title = title_field(_l("Title"))
    audience = SelectField(_l("For whom?"), default=SUPER_USERS)
    language = SelectField(_l("Language"), choices=[SelectChoice(key, name) for key, name in LANGUAGES.items()])

    def __init__(self, checklist: Checklist | None = None) -> None:
        """Begin with what stands, else with the reader's language."""
        super().__init__(obj=checklist, data={} if checklist else {"language": language()})
        self.audience.choices = [SelectChoice(key, name) for key, name in choices()]


class ItemForm(Guarded):
    """One thing to learn."""

    title = title_field(_l("What should they know or have done?"))
    body = TextAreaField(
        _l("What there is to learn"),
        filters=[clean],
        validators=[Length(max=10_000, message=_l("At most 10,000 characters."))],
    )
    link = StringField(
        _l("Where to read more"),
        filters=[tidy],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
        description=_l("The address of an article, a thread or a page: /articles/7, or https://…"),
    )
    required = BooleanField(_l("Everybody is to do it"), default=True)
    shown = BooleanField(
        _l("It is shown to a mentor"),
        description=_l("It counts once another super user, or somebody of the provider, has confirmed it."),
    )
    again = BooleanField(
        _l("Ask everybody to look at it again"),
        description=_l("For a change in substance: whoever ticked it before is told, and asked to tick it anew."),
    )

    def __init__(self, item: ChecklistItem | None = None) -> None:
        """Begin with what stands."""
        super().__init__(obj=item)
        if item is None:
            del self.again

    def validate_link(self, field: StringField) -> None:
        """A path here, or an address of the web."""
        if field.data and not _leads_somewhere(field.data):
            raise ValidationError(_("Write a path that begins with /, or an address that begins with https://."))

    def written(self) -> Written:
        """What was filled in."""
        return Written(self.title.data, self.body.data or "", self.link.data or "", self.required.data, self.shown.data)


def _leads_somewhere(link: str) -> bool:
    if any(sign.isspace() or sign == "\\" for sign in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https") and bool(parts.netloc)
    return link.startswith("/") and not link.startswith("//")
