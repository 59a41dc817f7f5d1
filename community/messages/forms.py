"""Forms for conversations; what is written is looked at for secrets as posts are."""

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.known import KNOWN
from community.accounts.models import Member
from community.core.db import db
from community.core.forms import PageForm, tidy
from community.forum.composing.guarding import Guarded
from community.forum.composing.lengths import Shortest
from community.forum.forms import body_field

ANYTHING = Shortest(1, 1)
LONGEST_NAMES = 700
_BETWEEN = re.compile(r"[,，、;；\n]+")


def named_in(text: str | None) -> list[str]:
    """The handles or names in a line, without @, each once."""
    words = (part.strip().removeprefix("@").strip() for part in _BETWEEN.split(text or ""))
    return list(dict.fromkeys(word for word in words if word))


def people_called(names: Sequence[str]) -> dict[str, Member]:
    """Who has these handles, or else these names where only one person is called so."""
    small = [name.lower() for name in names]
    called = or_(Member.handle.in_(small), func.lower(Member.name).in_(small))
    rows = list(db.session.scalars(select(Member).where(called, KNOWN).order_by(Member.id)))
    found: dict[str, Member] = {}
    for name in names:
        by_handle = [row for row in rows if row.handle == name.lower()]
        by_name = [row for row in rows if row.name.lower() == name.lower()]
        if by_handle or len(by_name) == 1:
            found[name] = (by_handle or by_name)[0]
    return found


class Names:
    """Refuses names that nobody, or more than one person, has; `form.people` are those who are meant."""

    def __call__(self, form: "NewForm | AddForm", field: Field) -> None:
        """Raise `ValidationError` naming the first that is unknown."""
        names = named_in(field.data)
        found = people_called(names)
        for name in names:
            if name not in found:
                raise ValidationError(
                    _("“%(name)s” is nobody’s handle here, and not the name of one person alone.", name=name[:40])
                )
        form.people = list({member.id: member for member in found.values()}.values())


def _names_field(label: object) -> StringField:
    return StringField(
        label,
        filters=[tidy],
        validators=[DataRequired(_l("Say to whom.")), Length(max=LONGEST_NAMES), Names()],
        description=_l("Handles such as @priya, or full names; several with commas between them."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": LONGEST_NAMES},
    )


class NewForm(Guarded):
    """Beginning a conversation."""

    guarded = ("subject", "body")
    people: Sequence[Member] = ()

    to = _names_field(_l("To whom?"))
    subject = StringField(
        _l("What is it about?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say in a few words what it is about.")), Length(max=160)],
        render_kw={"maxlength": 160},
    )
    body = body_field(_l("Your message"), ANYTHING)


class MessageForm(Guarded):
    """Writing in a conversation."""

    guarded = ("body",)

    body = body_field(_l("Your message"), ANYTHING)


class AddForm(PageForm):
    """Bringing people in."""

    people: Sequence[Member] = ()

    to = _names_field(_l("Who else?"))
