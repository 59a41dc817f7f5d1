"""What can be done with a query at the desk: each verb a noun in an address, with its form, its predicate, its act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from bridge import words
from bridge.handovers.policies import can_do_here
from bridge.handovers.queries import active_of
from bridge.queries import operations, policies, promotion, queries
from bridge.queries.models import Query, StepKind
from community import public
from community.core.db import utcnow
from community.core.forms import PageForm
from community.core.policies import actor

from . import forms

ONLY_TALK = frozenset({"replies", "information-request"})
# Later the same words may be meant.
AGAIN = timedelta(minutes=10)
Act = Callable[[Query, Any, int], None]


class RefusedError(Exception):
    """What was asked for cannot be done, with the reason for the person who asked."""


@dataclass(frozen=True)
class Verb:
    """One verb. `part` is the place on the page where its form stands."""

    noun: str
    part: str
    form: type[PageForm]
    allowed: Callable[[Query], bool]
    act: Act
    done: LazyString

    def perform(self, query: Query, form: PageForm, by_id: int) -> None:
        """Do it. Raises `RefusedError`, with the reason, where the query is past it."""
        if not self.allowed(query):
            state = str(words.STATUSES[query.status]).lower()
            raise RefusedError(_("This query is %(state)s now. What you wrote is still here.", state=state))
        present = active_of(query.id)
        if present is not None and not can_do_here(self.noun, present):
            desk = present.desk.name
            raise RefusedError(_("%(desk)s works on this query now. What you wrote is still here.", desk=desk))
        if self.noun in ONLY_TALK and not query.active_thread_ids:
            raise RefusedError(_("None of its threads travels with this query now: nobody would read it."))
        self.act(query, form, by_id)


def _acknowledge(query: Query, form: Any, by_id: int) -> None:
    operations.acknowledge(query, by_id=by_id)


def _classify(query: Query, form: forms.ClassForm, by_id: int) -> None:
    operations.classify(query, form.query_class.data, by_id=by_id, reason=form.why.data or "")
    if query.restricted:
        promotion.leave_other_desks([link.thread_id for link in query.links], by_id=by_id)


def _assign(query: Query, form: forms.AssignForm, by_id: int) -> None:
    operations.assign(query, form.assignee.data, by_id=by_id)


def _again(query: Query, kind: StepKind, text: str, by_id: int) -> bool:
    """Whether the same person said just this a moment ago: a double click, or an answer that got lost."""
    last = queries.last_words(query.id)
    if last is None or last.at <= utcnow() - AGAIN:
        return False
    return (last.kind, last.text, last.actor_id) == (kind, text, by_id)


def _ask(query: Query, form: forms.SayForm, by_id: int) -> None:
    if not _again(query, StepKind.ASKED, form.text.data, by_id):
        operations.ask(query, form.text.data, by_id=by_id)


def _reply(query: Query, form: forms.SayForm, by_id: int) -> None:
    if _again(query, StepKind.REPLIED, form.text.data, by_id):
        return
    operations.reply(query, form.text.data, by_id=by_id)
    if form.next_news.data and query.in_work:
        _promise(query, form.next_news.data, by_id)


def _note(query: Query, form: forms.NoteForm, by_id: int) -> None:
    if not _again(query, StepKind.NOTED, form.note.data, by_id):
        operations.note(query, form.note.data, by_id=by_id)


def _resolve(query: Query, form: forms.SayForm, by_id: int) -> None:
    operations.resolve(query, form.text.data, by_id=by_id)


def _decline(query: Query, form: forms.SayForm, by_id: int) -> None:
    operations.decline(query, form.text.data, by_id=by_id)


def _reopen(query: Query, form: forms.ReopenForm, by_id: int) -> None:
    operations.reopen(query, by_id=by_id, reason=form.again.data or "")
    for link in query.links:
        if link.active:
            public.take_back_answer(link.thread_id, by_id=by_id)


def _close(query: Query, form: Any, by_id: int) -> None:
    operations.close(query, by_id=by_id)


def _news(query: Query, form: forms.NewsForm, by_id: int) -> None:
    _promise(query, form.promise.data, by_id)


def _promise(query: Query, hours: str, by_id: int) -> None:
    now = utcnow()
    operations.promise_news(query, now + timedelta(hours=float(hours)), by_id=by_id, at=now)


def _weigh(query: Query, form: forms.WeighForm, by_id: int) -> None:
    operations.weigh(query, form.impact.data, form.urgency.data, by_id=by_id)


def _mark_major(query: Query, form: forms.MajorForm, by_id: int) -> None:
    operations.mark_major(query, major=form.major.data, by_id=by_id)


def _join(query: Query, form: forms.JoinForm, by_id: int) -> None:
    thread = public.thread_for(actor(), form.thread_id)
    if thread is None:
        raise RefusedError(_("There is no such thread."))
    if not policies.can_join(query, thread):
        raise RefusedError(_("That thread is restricted; it would hide this query from everybody else."))
    present = promotion.join(query, thread, by_id=by_id)
    if present.id != query.id:
        raise RefusedError(_("That thread travels with %(reference)s already.", reference=present.reference))


def _show_again(query: Query, form: forms.ShowAgainForm, by_id: int) -> None:
    try:
        operations.show_again(query, form.why_shown.data or "", by_id=by_id)
    except ValueError as error:
        raise RefusedError(
            _("One of its threads travels with another query that is suspicious: it stays restricted.")
        ) from error


VERBS = (
    Verb(
        "acknowledgement",
        "acknowledge",
        forms.AcknowledgeForm,
        policies.can_acknowledge,
        _acknowledge,
        _l("The author knows that it is understood."),
    ),
    Verb(
        "classification",
        "class",
        forms.ClassForm,
        policies.in_work,
        _classify,
        _l("The class is on the record."),
    ),
    Verb("assignment", "assign", forms.AssignForm, policies.in_work, _assign, _l("Assigned.")),
    Verb(
        "information-request",
        "say",
        forms.SayForm,
        policies.in_work,
        _ask,
        _l("Asked. The clock stands still until the author answers."),
    ),
    Verb(
        "replies",
        "say",
        forms.SayForm,
        policies.can_talk,
        _reply,
        _l("Sent. Everybody affected can read it."),
    ),
    Verb("notes", "note", forms.NoteForm, lambda _query: True, _note, _l("Noted. Only the desk sees it.")),
    Verb(
        "resolution",
        "say",
        forms.SayForm,
        policies.in_work,
        _resolve,
        _l("Proposed as the answer in every thread. The authors decide."),
    ),
    Verb("decline", "say", forms.SayForm, policies.in_work, _decline, _l("Declined. The author reads why.")),
    Verb("reopening", "reopen", forms.ReopenForm, policies.can_reopen, _reopen, _l("Opened again.")),
    Verb("closure", "close", forms.CloseForm, policies.can_close, _close, _l("Closed.")),
    Verb(
        "next-news",
        "news",
        forms.NewsForm,
        policies.in_work,
        _news,
        _l("People see when they will hear again."),
    ),
    Verb("priority", "weigh", forms.WeighForm, policies.in_work, _weigh, _l("Priority and targets follow.")),
    Verb("major", "major", forms.MajorForm, policies.in_work, _mark_major, _l("Saved.")),
    Verb(
        "showing",
        "show-again",
        forms.ShowAgainForm,
        policies.can_show_again,
        _show_again,
        _l("Whoever reads the space sees it again."),
    ),
    Verb("threads", "join", forms.JoinForm, policies.in_work, _join, _l("It travels with this query now.")),
)
