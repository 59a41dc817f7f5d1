"""The form for what one knows."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField
from wtforms.validators import Length, ValidationError

from community.core.forms import TAG, PageForm, Suggesting, split_tags, tidy
from community.forum.tagging.giving import main_names

MOST = 10


class ExpertiseForm(PageForm):
    """The tags that a person can be asked about."""

    tags = StringField(
        _l("Tags that you know"),
        filters=[tidy],
        validators=[Length(max=450, message=_l("At most 450 characters."))],
        widget=Suggesting("tags"),
    )
    names: tuple[str, ...] = ()

    def validate_tags(self, field: Field) -> None:
        """Few enough, and each a tag; `names` are the main ones."""
        typed = split_tags(field.data)
        for name in typed:
            if not TAG.match(name):
                raise ValidationError(_("“%(tag)s” cannot be a tag: letters, digits and - . + only.", tag=name[:40]))
        names = main_names(typed)
        if len(names) > MOST:
            raise ValidationError(_("At most %(most)s tags.", most=MOST))
        self.names = tuple(names)
