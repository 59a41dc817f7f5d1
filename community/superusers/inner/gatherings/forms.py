"""Forms about gatherings."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from community.accounts.models import Member
from community.accounts.words import option
from community.core import i18n
from community.core.db import db
from community.core.forms import DayField, PageForm, Suggesting, tidy, title_field
from community.core.policies import Actor
from community.forum.composing.guarding import Guarded
from community.forum.composing.lengths import Shortest
from community.forum.dates.forms import EventFields
from community.forum.dates.operations import When
from community.forum.forms import body_field
from community.groups.forms import MultiCheckboxField
from community.groups.models import ANY_SPACE
from community.groups.queries import directory
from community.messages.forms import named_in, people_called
from community.spaces.queries import all_visible_to

from ..people import still_inside
from .models import Gathering, GatheringGuest
from .operations import Call

ANYTHING = Shortest(1, 1)


class GatheringForm(Guarded, EventFields):
    """Calling a gathering, or saying anew what it is."""

    guarded = ("title", "agenda")

    title = title_field(_l("What is it called?"))
    agenda = body_field(_l("Agenda"), ANYTHING)
    spaces = MultiCheckboxField(_l("Super users of"))
    groups = MultiCheckboxField(_l("Groups"))
    people = StringField(
        _l("And these people"),
        filters=[tidy],
        validators=[Length(max=700)],
        widget=Suggesting("people"),
    )

    def offer(self, who: Actor) -> None:
        """Offer whom it can be for."""
        named = [SelectChoice(str(space.id), space.name) for space in all_visible_to(who)]
        self.spaces.choices = [option(ANY_SPACE, _l("Any space")), *named]
        self.groups.choices = [SelectChoice(str(each.group.id), each.group.name) for each in directory(who)]
        self.offer_zones(i18n.zone().key)

    def show(self, gathering: Gathering) -> None:
        """Begin with what holds."""
        self.hold(When(gathering.starts_at, gathering.ends_at, gathering.zone, gathering.place))
        if self.is_submitted():
            return
        self.title.data, self.agenda.data = gathering.title, gathering.agenda
        parts = [each.partition(":") for each in gathering.audience]
        self.spaces.data = [value for kind, _colon, value in parts if kind == "space"]
        self.groups.data = [value for kind, _colon, value in parts if kind == "group"]
        ids = [int(value) for kind, _colon, value in parts if kind == "person"]
        handles = db.session.scalars(select(Member.handle).where(Member.id.in_(ids)).order_by(Member.handle))
        self.people.data = ", ".join(f"@{handle}" for handle in handles)

    def validate_people(self, field: StringField) -> None:
        """Names of people who are inside."""
        names = _names(field.data)
        found = people_called(names)
        welcome = {member.id for member in still_inside([member.id for member in found.values()])}
        for name in names:
            if name not in found or found[name].id not in welcome:
                raise ValidationError(_("“%(name)s” is no super user and nobody of the provider.", name=name[:40]))

    def said(self) -> Call | None:
        """What was typed, if it says when."""
        when = self.date()
        if when is None:
            return None
        people = {member.id for member in people_called(_names(self.people.data)).values()}
        audience = (
            *(f"space:{value}" for value in self.spaces.data or ()),
            *(f"group:{value}" for value in self.groups.data or ()),
            *(f"person:{id_}" for id_ in sorted(people)),
        )
        return Call(self.title.data, self.agenda.data, when, audience)


def _names(text: str | None) -> list[str]:
    """Handles and names; a script puts handles one after the other with spaces between them."""
    return named_in((text or "").replace(" @", ", @"))


class MaterialForm(Guarded):
    """What belongs to a gathering: links and files."""

    guarded = ("body",)

    body = body_field(_l("Links, files, minutes"), ANYTHING)


class FollowUpForm(PageForm):
    """What somebody does after it."""

    text = StringField(
        _l("What is to be done?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say what is to be done.")), Length(max=300)],
        render_kw={"maxlength": 300},
    )
    member = SelectField(_l("Who does it?"), validators=[DataRequired(_l("Choose who does it."))])
    due = DayField(_l("Until"), validators=[Optional()])

    def offer(self, guests: Sequence[GatheringGuest], by: Member) -> None:
        """Offer who is invited, and who called it."""
        people = {by.id: by.name} | {guest.member_id: guest.member.name for guest in guests}
        self.member.choices = [
            option("", _l("Choose")),
            *(SelectChoice(str(id_), name) for id_, name in people.items()),
        ]
