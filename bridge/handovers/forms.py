"""Forms for connected desks. What stands on the page of a query has other field names than the desk's own forms."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional, ValidationError

from bridge import words
from bridge.desks.contract import DeskStatus
from bridge.fields import choices, words_field
from community.core import i18n
from community.core.forms import PageForm, tidy
from community.public import OrganisationSnapshot, SpaceSnapshot, staff

from .entering import Entered, kept_secrets, origin
from .kinds import Asked, Kind
from .models import AT_ONCE, MOST_AT_ONCE, ServiceDesk
from .wording import DESK_STATUSES

NO_REASON = _l("Say why: it stays on the record, and the desk reads it.")
SPARE_ROWS = 3


def stripped(value: str | None) -> str | None:
    """Without space around it."""
    return value.strip() if value else value


class DeskForm(PageForm):
    """What every kind of desk needs; `form_for` adds the options and keys of one kind."""

    kind: Kind
    desk: ServiceDesk | None = None

    name = StringField(
        _l("Name of the desk"), filters=[tidy], validators=[DataRequired(_l("Give the desk a name.")), Length(max=80)]
    )
    url = StringField(
        _l("Web address"),
        filters=[stripped],
        validators=[DataRequired(_l("Enter the address of the desk.")), Length(max=300)],
    )
    speaker = SelectField(_l("Who speaks for the desk here"), coerce=int)
    language = SelectField(_l("Language of our own sentences there"))
    people = RadioField(
        _l("Which address the desk gets"),
        choices=choices((("alias", _l("An alias of ours")), ("real", _l("The author's own address")))),
        default="alias",
    )
    posts = RadioField(
        _l("Which posts follow a query"),
        choices=choices((("author", _l("Only the author's")), ("all", _l("Everybody's")))),
        default="author",
    )
    at_once = IntegerField(
        _l("How many queries are carried at the same time"),
        default=AT_ONCE,
        validators=[
            Optional(),
            NumberRange(1, MOST_AT_ONCE, _l("A whole number from 1 to %(most)s.", most=MOST_AT_ONCE)),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_AT_ONCE},
    )
    allow_private = BooleanField(_l("It is in our own network"))
    enabled = BooleanField(_l("Send queries there"), default=True)

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        self.speaker.choices = choices((person.id, person.name) for person in staff())
        self.language.choices = choices(i18n.LANGUAGES.items())

    def validate_url(self, field: Field) -> None:
        """Raise `ValidationError` for what is no address that a desk may have."""
        try:
            parts = urlsplit(field.data)
            known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or True)
        except ValueError:
            known = False
        if not known:
            raise ValidationError(_("This is no web address. It begins with https://"))
        if parts.username or parts.password:
            raise ValidationError(_("Leave names and passwords out of the address; they have fields of their own."))
        if parts.scheme == "http" and not self.allow_private.data:
            raise ValidationError(_("Outside of our own network a desk is only asked over https."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks for the keys that are needed, and for all of them anew when the address leads to another server."""
        good: bool = super().validate(extra_validators)
        return all([good, *(self._has_key(asked) for asked in self.kind.secrets)])

    def _has_key(self, asked: Asked) -> bool:
        """Typed now, kept for the same server, or neither needed nor left behind by a move."""
        typed = self.secret(asked.name)
        kept = asked.name in self.kept - self.forgotten
        if typed.data or (kept and not self.moves) or not (kept or asked.needed):
            return True
        moved = _("The address leads to another server. Enter this again, so that it only goes where you want.")
        typed.errors = (*typed.errors, moved if kept else _("Enter this."))
        return False

    @property
    def kept(self) -> frozenset[str]:
        """Names of the keys that the desk has already."""
        return frozenset(kept_secrets(self.desk))

    @property
    def moves(self) -> bool:
        """Whether the address leads to another server than before."""
        return self.desk is not None and origin(self.desk.url) != origin(self.address)

    @property
    def address(self) -> str:
        """Where the desk is on the web, "" for one that is not."""
        return (self.url.data or "").rstrip("/") if self.kind.web else ""

    @property
    def forgotten(self) -> frozenset[str]:
        """Names of the keys to be dropped."""
        return frozenset(name for name in self.kept if self.forget(name).data)

    def option(self, name: str) -> Field:
        """The field of an option."""
        found: Field = self[f"option_{name}"]
        return found

    def secret(self, name: str) -> Field:
        """The field of a key: what is in it never comes back to a page."""
        found: Field = self[f"secret_{name}"]
        return found

    def forget(self, name: str) -> Field:
        """The field that drops a key."""
        found: Field = self[f"forget_{name}"]
        return found

    @property
    def entered(self) -> Entered:
        """What was entered, once it was found right."""
        typed = ((asked, self.option(asked.name).data or "") for asked in self.kind.options)
        options = {asked.name: value for asked, value in typed if value or asked.open}
        return Entered(
            name=self.name.data,
            kind=self.kind.key,
            url=self.address,
            speaker_id=self.speaker.data,
            options=options | {"language": self.language.data},
            alias_only=self.people.data == "alias",
            only_author=self.posts.data == "author",
            at_once=self.at_once.data or AT_ONCE,
            allow_private=self.kind.web and self.allow_private.data,
            enabled=self.enabled.data,
            secrets={asked.name: self.secret(asked.name).data or "" for asked in self.kind.secrets},
            forgotten=self.forgotten,
        )


def form_for(kind: Kind, desk: ServiceDesk | None = None, *, fresh: bool = False) -> DeskForm:
    """The form of a kind of desk, `fresh` as it begins: with what a desk has, but never with its keys."""
    fields: dict[str, object] = {"kind": kind, "desk": desk}
    if not kind.web:
        fields |= {"url": None, "allow_private": None, "validate_url": None}
    for asked in kind.options:
        needed: list[Any] = [DataRequired(_l("Enter this."))] if asked.needed else []
        if asked.mail:
            needed.append(Email(_l("This is no mail address.")))
        fields[f"option_{asked.name}"] = StringField(
            asked.label, filters=[stripped], validators=[*needed, Length(max=300)], default=asked.usual
        )
    for asked in kind.secrets:
        fields[f"secret_{asked.name}"] = PasswordField(asked.label, filters=[stripped], validators=[Length(max=500)])
        fields[f"forget_{asked.name}"] = BooleanField(_l("Forget it"))
    made: type[DeskForm] = type("KindForm", (DeskForm,), fields)
    return made(None, data=_present(kind, desk)) if fresh else made()


def _present(kind: Kind, desk: ServiceDesk | None) -> dict[str, object]:
    if desk is None:
        return {"name": kind.name}
    return {
        "name": desk.name,
        "url": desk.url,
        "speaker": desk.speaker_id,
        "language": desk.options.get("language", "en"),
        "people": "alias" if desk.alias_only else "real",
        "posts": "author" if desk.only_author else "all",
        "at_once": desk.at_once,
        "allow_private": desk.allow_private,
        "enabled": desk.enabled,
        **{f"option_{asked.name}": desk.options.get(asked.name, asked.usual) for asked in kind.options},
    }


class RowsForm(PageForm):
    """A form of equal rows, whose faults are told as sentences."""

    rows: FieldList

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form; what is wrong within rows is told once, for all of them."""
        good: bool = super().validate(extra_validators)
        self.rows.errors = tuple(dict.fromkeys(_sentences(self.rows.errors)))
        return good


def _sentences(errors: Any) -> Iterator[str]:
    """The texts within the faults of rows."""
    for error in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(error, dict | list | tuple):
            yield from _sentences(error)
        else:
            yield str(error)


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def _one_of(none: str, things: Iterable[_Named]) -> Any:
    return choices([("", none), *((str(thing.id), thing.name) for thing in things)])


class RouteRow(Form):
    """One route; without a desk it is left out."""

    query_class = SelectField(_l("Class"))
    space = SelectField(_l("Space"))
    organisation = SelectField(_l("Author's organisation"))
    desk = SelectField(_l("Goes to"))


class RoutesForm(RowsForm):
    """All routes in their order, with a few empty rows for new ones."""

    rows = FieldList(FormField(RouteRow))

    def __init__(
        self,
        desks: Iterable[ServiceDesk],
        spaces: Iterable[SpaceSnapshot],
        organisations: Iterable[OrganisationSnapshot],
        **given: Any,
    ) -> None:
        super().__init__(**given)
        offered = {
            "query_class": choices([("", _("every class")), *words.CLASSES.items()]),
            "space": _one_of(_("every space"), spaces),
            "organisation": _one_of(_("every organisation"), organisations),
            "desk": _one_of(_("(no route)"), desks),
        }
        for row in self.rows:
            for name, values in offered.items():
                row.form[name].choices = values

    def validate_rows(self, field: Field) -> None:
        """Raise `ValidationError` where two routes say different things of the same."""
        seen = set()
        for row in self.wanted:
            case = row["query_class"], row["space_id"], row["organisation_id"]
            if case in seen:
                raise ValidationError(_("Two routes are for the same; only one of them can hold."))
            seen.add(case)

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """The routes that lead to a desk."""
        return [
            {
                "query_class": row.form.query_class.data,
                "space_id": int(row.form.space.data) if row.form.space.data else None,
                "organisation_id": int(row.form.organisation.data) if row.form.organisation.data else None,
                "desk_id": int(row.form.desk.data),
            }
            for row in self.rows
            if row.form.desk.data
        ]


class StatusRow(Form):
    """One word of the desk."""

    word = StringField(_l("The desk's word"), filters=[tidy], validators=[Length(max=80)])
    ours = SelectField(_l("Means here"), choices=choices((("", _l("as usual")), *DESK_STATUSES.items())))


class StatusesForm(RowsForm):
    """What the desk's own words mean."""

    rows = FieldList(FormField(StatusRow))

    def validate_rows(self, field: Field) -> None:
        """Raise `ValidationError` for a meaning without a word, or a word with two meanings."""
        given = [(row.form.word.data or "", row.form.ours.data) for row in self.rows if row.form.ours.data]
        names = [word for word, _ours in given]
        if "" in names:
            raise ValidationError(_("Write the desk's word for “%(ours)s”.", ours=self._first_without_word(given)))
        twice = next((word for word in names if names.count(word) > 1), "")
        if twice:
            raise ValidationError(_("“%(word)s” stands there twice.", word=twice))

    @staticmethod
    def _first_without_word(given: Sequence[tuple[str, str]]) -> str:
        return next(str(DESK_STATUSES[DeskStatus(ours)]) for word, ours in given if not word)

    @property
    def wanted(self) -> dict[str, str]:
        """Each word that was given a meaning."""
        rows = (row.form for row in self.rows)
        return {row.word.data: row.ours.data for row in rows if row.word.data and row.ours.data}


class TakeBackForm(PageForm):
    """The built-in desk goes on with a query."""

    back_reason = words_field(_l("Why is it taken back?"), missing=NO_REASON, longest=2000)


class MoveForm(PageForm):
    """Another desk goes on with a query."""

    other_desk = SelectField(_l("To which desk?"), coerce=int)
    move_reason = words_field(_l("Why does it move?"), missing=NO_REASON, longest=2000)


class HandOverForm(PageForm):
    """A query of the built-in desk goes to another one."""

    chosen_desk = SelectField(_l("To which desk?"), coerce=int)


def desk_choices(desks: Iterable[ServiceDesk]) -> Any:
    """Desks to choose from, by name."""
    return choices((desk.id, desk.name) for desk in desks)
