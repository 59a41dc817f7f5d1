"""What pages show of connected desks and hand-overs, gathered in a fixed number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from bridge import words
from bridge.queries.models import Query, Status, suspicious
from bridge.triage.classes import QueryClass
from community.core import i18n
from community.core.db import utcnow
from community.core.forms import PageForm
from community.core.paging import Page
from community.public import OrganisationSnapshot, SpaceSnapshot

from . import policies, routing, watching
from .attaching import HIDDEN
from .forms import HandOverForm, MoveForm, TakeBackForm, desk_choices
from .kinds import kind_of
from .models import DeskRoute, HandOver, HandOverState, MessageState, ServiceDesk
from .queries import of_query
from .routing import Case
from .watching import Load
from .wording import BUILT_IN, DESK_STATUSES, FIELDS, MESSAGES, STAGES


@dataclass(frozen=True)
class Condition:
    """How a desk fares, as a word. `since` says what `at` is: its `last` answer, none since (`silent`), `connected`."""

    glyph: str
    tone: str
    word: str
    since: str
    at: datetime | None


def condition_of(desk: ServiceDesk, now: datetime) -> Condition:
    """Whether a desk answers."""
    answered = desk.answered_at
    if not desk.enabled:
        return Condition("pause", "plain", _("Switched off"), "last", answered)
    if desk.failures:
        paused = desk.paused_until is not None and desk.paused_until > now
        word = _("Does not answer") if paused else _("Did not answer just now")
        return Condition("warn", "bad", word, "silent", answered)
    if desk.last_error:
        return Condition("warn", "wait", _("Reports a fault"), "last", answered)
    if answered is None:
        return Condition("clock", "plain", _("Not asked yet"), "connected", desk.created_at)
    return Condition("check", "solved", _("Answers"), "last", answered)


@dataclass(frozen=True)
class DeskRow:
    """A connected desk in the list."""

    desk: ServiceDesk
    kind: str
    condition: Condition
    load: Load


def desk_rows() -> list[DeskRow]:
    """All connected desks."""
    now, desks = utcnow(), watching.desks_with_routes()
    loads = watching.loads([desk.id for desk in desks])
    return [DeskRow(desk, kind_of(desk.kind).label, condition_of(desk, now), loads[desk.id]) for desk in desks]


@dataclass(frozen=True)
class DeskView:
    """How one desk fares."""

    row: DeskRow
    traffic: watching.Traffic
    paused: bool
    states: list[tuple[str, str, str, int]]


def desk_view(desk: ServiceDesk) -> DeskView:
    """Health and traffic of a desk; what crossed in the last 24 hours."""
    now = utcnow()
    load = watching.loads([desk.id])[desk.id]
    return DeskView(
        row=DeskRow(desk, kind_of(desk.kind).label, condition_of(desk, now), load),
        traffic=watching.traffic(desk.id, now - watching.DAY),
        paused=desk.paused_until is not None and desk.paused_until > now,
        states=[(*stage_of(name), load.states[name]) for name in HandOverState if load.states.get(name)],
    )


def stage_of(name: str) -> tuple[str, str, str]:
    """Glyph, tone and word of how far a hand-over is."""
    glyph, tone, word = STAGES[name]
    return glyph, tone, str(word)


@dataclass(frozen=True)
class Failure:
    """A hand-over that does not go on, with the reasons."""

    hand_over: HandOver
    stage: tuple[str, str, str]
    reasons: list[str]
    goes_on: bool


def failure_rows(*, desk_id: int | None, number: int) -> Page[Failure]:
    """One page of what failed."""
    found = watching.failures(desk_id=desk_id, number=number)
    refusals = watching.refusals([row.id for row in found.rows])
    return found.map(lambda row: _failure(row, refusals.get(row.id, [])))


def _failure(row: HandOver, refusals: Collection[str]) -> Failure:
    reasons = list(dict.fromkeys(reason for reason in (row.error, *refusals) if reason))
    stage = stage_of(row.state)
    if row.state == HandOverState.SENT:
        stage = ("warn", "bad", _("Messages were refused")) if refusals else ("history", "wait", _("Messages wait"))
    return Failure(row, stage, reasons, goes_on=row.next_try_at is not None)


@dataclass(frozen=True)
class RegisterRow:
    """One hand-over in the register."""

    hand_over: HandOver
    stage: tuple[str, str, str]
    words: int


def register_rows(*, desk_id: int | None, number: int) -> Page[RegisterRow]:
    """One page of all that was handed over."""
    found = watching.register(desk_id=desk_id, number=number)
    counted = watching.words_crossed([row.id for row in found.rows])
    return found.map(lambda row: RegisterRow(row, stage_of(row.state), counted.get(row.id, 0)))


@dataclass(frozen=True)
class Word:
    """Words or a status that crossed, or are about to; files as name, bytes, and why it did not cross or ""."""

    stage: tuple[str, str, str]
    to_desk: bool
    author: str
    text: str
    at: datetime
    sent_at: datetime | None
    error: str
    files: list[tuple[str, int, str]]


@dataclass(frozen=True)
class Sheet:
    """All that was sent to one desk about one query, and all that came back."""

    hand_over: HandOver
    stage: tuple[str, str, str]
    fields: list[tuple[str, str]]
    text: str
    words: list[Word]


def sheets_of(query: Query) -> list[Sheet]:
    """The register of one query, the latest hand-over first."""
    return [
        Sheet(
            hand_over=row,
            stage=stage_of(row.state),
            fields=_fields(row.outgoing),
            text=str(row.outgoing.get("text", "")),
            words=[_word(message) for message in row.messages],
        )
        for row in reversed(watching.whole_of_query(query.id))
    ]


def _fields(outgoing: dict[str, Any]) -> list[tuple[str, str]]:
    asked = outgoing | {f"requester_{name}": value for name, value in outgoing.get("requester", {}).items()}
    named = asked | {"query_class": words.CLASSES.get(asked.get("query_class", ""), "")}
    return [(str(label), _plain(named[name])) for name, label in FIELDS.items() if named.get(name)]


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _word(message: Any) -> Word:
    glyph, tone, word = MESSAGES[message.state]
    status = _("Status: %(word)s", word=DESK_STATUSES[message.status]) if message.status else ""
    return Word(
        stage=(glyph, tone, str(word)),
        to_desk=message.state != MessageState.RECEIVED,
        author=message.author,
        text=message.text or status,
        at=message.at,
        sent_at=message.sent_at,
        error=message.error,
        files=[(file["name"], file["size"], _stays(file["stays"])) for file in message.files],
    )


def _stays(reason: str) -> str:
    return _("it is no longer shown") if reason == HIDDEN else reason


@dataclass(frozen=True)
class Elsewhere:
    """A query as another desk has it, and what can be done. `present` is None where the built-in one has it."""

    present: HandOver | None
    stage: tuple[str, str, str]
    url: str
    ours: str
    reasons: list[str]
    waiting: int
    held: int
    paused_until: datetime | None
    can_retry: bool
    history: list[tuple[HandOver, tuple[str, str, str]]]
    forms: dict[str, PageForm | None]


def elsewhere(query: Query, failed: PageForm | None = None) -> Elsewhere:
    """Where a query is worked on; `failed` is the form that was sent and is shown with what was typed."""
    rows = of_query(query.id)
    present = next((row for row in rows if row.active), None)
    desks = [desk for desk in watching.desks_with_routes() if policies.takes(desk, query)]
    refusals = _refusals(present)
    waiting, held = watching.waiting_words(present.id) if present else (0, 0)
    return Elsewhere(
        present=present,
        stage=stage_of(present.state) if present else ("", "", ""),
        url=safe_url(present.remote_url) if present else "",
        ours=str(DESK_STATUSES.get(present.desk_status, "")) if present else "",
        reasons=list(dict.fromkeys(reason for reason in (present.error, *refusals) if reason)) if present else [],
        waiting=waiting,
        held=held,
        paused_until=_pause(present),
        can_retry=present is not None and policies.can_retry(present, dead_words=bool(refusals)),
        history=[(row, stage_of(row.state)) for row in reversed(rows)],
        forms=_forms(query, present, desks, failed),
    )


def _refusals(present: HandOver | None) -> list[str]:
    return watching.refusals([present.id]).get(present.id, []) if present else []


def _pause(present: HandOver | None) -> datetime | None:
    until = present.desk.paused_until if present else None
    return until if until and until > utcnow() else None


def safe_url(url: str) -> str:
    """An address of a desk that may be linked to, or ""."""
    return url if url.startswith(("https://", "http://")) else ""


def _forms(
    query: Query, present: HandOver | None, desks: Sequence[ServiceDesk], failed: PageForm | None
) -> dict[str, PageForm | None]:
    """The forms as they begin, but for the one that was sent; None for those that make no sense now."""
    others = [desk for desk in desks if present is None or desk.id != present.desk_id]
    goes = bool(others) and policies.can_hand_over(query)
    made: dict[str, PageForm | None] = {
        "back": TakeBackForm(formdata=None) if policies.can_take_back(query, present) else None,
        "move": MoveForm(formdata=None) if present and goes else None,
        "hand_over": HandOverForm(formdata=None) if goes and not present else None,
    }
    for name, form in made.items():
        if form is not None and type(failed) is type(form):
            made[name] = failed
        offer(made[name], others)
    return made


def offer(form: PageForm | None, desks: Iterable[ServiceDesk]) -> None:
    """Let these desks be chosen in a form that asks for one."""
    for name in ("other_desk", "chosen_desk"):
        if form is not None and name in form:
            form[name].choices = desk_choices(desks)


def desks_open_to(query: Query, *, besides: int | None = None) -> list[ServiceDesk]:
    """Desks to which a query may go by hand."""
    return [desk for desk in watching.desks_with_routes() if policies.takes(desk, query) and desk.id != besides]


@dataclass(frozen=True)
class Effect:
    """Where queries of a class go, and from which spaces and organisations they go elsewhere."""

    label: str
    desk: str
    exceptions: list[tuple[str, str]]


def effects(
    routes: Sequence[DeskRoute], spaces: Iterable[SpaceSnapshot], organisations: Iterable[OrganisationSnapshot]
) -> list[Effect]:
    """What the routes come to, for each class."""
    names = {space.id: space.name for space in spaces}, {one.id: one.name for one in organisations}
    places = {(route.space_id, route.organisation_id): None for route in routes}
    special = {place: label for place in places if (label := _label(place, names))}
    return [_effect(routes, special, name) for name in QueryClass]


Place = tuple[int | None, int | None]


def _label(place: Place, names: tuple[dict[int, str], dict[int, str]]) -> str:
    """A space, an organisation or both in words; "" for everywhere, and where one of them is not known any more."""
    found = [known.get(id_, "") for id_, known in zip(place, names, strict=True) if id_ is not None]
    return i18n.listed(found) if all(found) else ""


def _effect(routes: Sequence[DeskRoute], special: Mapping[Place, str], name: QueryClass) -> Effect:
    def goes_to(space_id: int | None, organisation_id: int | None) -> str:
        case = Case(name, _only(space_id), _only(organisation_id))
        desk = routing.choose(routes, case, restricted=suspicious(name))
        return desk.name if desk else str(BUILT_IN)

    usual = goes_to(None, None)
    there = [(label, goes_to(*place)) for place, label in special.items()]
    return Effect(str(words.CLASSES[name]), usual, [(label, desk) for label, desk in there if desk != usual])


def _only(id_: int | None) -> frozenset[int]:
    return frozenset() if id_ is None else frozenset({id_})


@dataclass(frozen=True)
class OnItsWay:
    """What a thread's page says of the way to another desk: plain words, and the number there for staff only."""

    headline: str
    text: str
    number: str
    url: str


def on_its_way(query: Query, present: HandOver | None, *, staff: bool) -> OnItsWay | None:
    """What is true of the way to the desk; None where there is nothing to say."""
    if present is None:
        return None
    if policies.arrived(present):
        number = f"{present.desk.name} {present.remote_number}"
        return OnItsWay("", "", number, safe_url(present.remote_url)) if staff else None
    headline = _("On its way to the service desk") if query.status == Status.NEW else ""
    return OnItsWay(headline, _delay(present), present.desk.name if staff else "", "")


def _delay(present: HandOver) -> str:
    if present.state == HandOverState.DEAD:
        return _("It has not reached the service desk yet. Those who look after the desk see it and settle it.")
    if present.state == HandOverState.FAILED or _pause(present):
        return _("The service desk cannot be reached at the moment. It goes on by itself; nothing is lost.")
    return ""
