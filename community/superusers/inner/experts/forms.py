"""Forms for pools, questions and answers."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.models import Member
from community.accounts.words import option
from community.core.db import db
from community.core.forms import PageForm, Suggesting, split_tags, tags_field, tidy, title_field
from community.forum.composing.guarding import Guarded
from community.forum.composing.lengths import REPLY
from community.forum.forms import body_field
from community.messages.forms import named_in, people_called

from .models import ExpertPool


class PoolForm(PageForm):
    """Who answers about what."""

    name = StringField(
        _l("Product or subject"),
        filters=[tidy],
        validators=[DataRequired(_l("Give the pool a name.")), Length(max=80, message=_l("At most 80 characters."))],
    )
    about = StringField(
        _l("In one sentence"), filters=[tidy], validators=[Length(max=300, message=_l("At most 300 characters."))]
    )
    tags = tags_field()
    people = StringField(
        _l("Experts"),
        filters=[tidy],
        validators=[DataRequired(_l("Name at least one expert.")), Length(max=700)],
        widget=Suggesting("people"),
    )

    def __init__(self, pool: ExpertPool | None, experts: Iterable[Member]) -> None:
        """Begin with what holds."""
        handles = ", ".join(f"@{member.handle}" for member in experts)
        own = {"name": pool.name, "about": pool.about, "tags": " ".join(pool.tags), "people": handles} if pool else {}
        super().__init__(data=own)
        self._pool = pool

    def validate_name(self, field: Field) -> None:
        """One pool of a name."""
        taken = db.session.scalar(select(ExpertPool.id).where(func.lower(ExpertPool.name) == field.data.lower()))
        if taken is not None and (self._pool is None or self._pool.id != taken):
            raise ValidationError(_("There is a pool of this name already."))

    def validate_people(self, field: Field) -> None:
        """People of the provider."""
        names = self._names()
        found = people_called(names)
        for name in names:
            if name not in found or not found[name].is_staff:
                raise ValidationError(_("“%(name)s” is nobody of the provider.", name=name[:40]))

    def _names(self) -> list[str]:
        return named_in((self.people.data or "").replace(" @", ", @"))

    @property
    def member_ids(self) -> set[int]:
        """Whom it names."""
        return {member.id for member in people_called(self._names()).values()}

    @property
    def names_of_tags(self) -> list[str]:
        """The tags as typed."""
        return split_tags(self.tags.data)


class AskForm(Guarded):
    """A question to a pool."""

    pool = SelectField(_l("Whom do you ask?"), validators=[DataRequired(_l("Choose whom you ask."))])
    title = title_field(_l("What is it about, in one line?"))
    body = body_field(_l("Your question"), REPLY)

    def offer(self, pools: Iterable[ExpertPool], tags: Iterable[str]) -> None:
        """Offer the pools, the one first that knows most of the tags."""
        known = set(tags)
        order = sorted(pools, key=lambda pool: -len(known & set(pool.tags)))
        choices = [SelectChoice(str(pool.id), pool.name) for pool in order]
        self.pools = {str(pool.id): pool for pool in order}
        self.pool.choices = [option("", _l("Choose")), *choices]
        if order and known & set(order[0].tags):
            self.pool.data = self.pool.data or str(order[0].id)


class AnswerForm(Guarded):
    """The answer, or what of it is published."""

    guarded = ("body",)

    body = body_field(_l("The answer"), REPLY)
