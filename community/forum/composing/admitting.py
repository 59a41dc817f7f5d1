"""How forms go through the gates: published, kept back with a word to the author, or refused beside the field."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Field

from community.accounts.forms import refuse
from community.core.forms import PageForm
from community.core.policies import actor
from community.drafts.models import DraftKind, Place

from ..asking.fields import AsksFields
from ..models import Post
from . import drafting, gates
from .gates import Kept, Outcome, Verdict, Way, Writing
from .guarding import TAGS_FIELD, put
from .publishing import Typed, publish
from .timing import open_for

FURTHER = (TAGS_FIELD, "poll_options", "event_place", "reason")


def writing(kind: Way, form: PageForm, **more: Any) -> Writing:
    """What the present form is about to publish."""
    title = form[_title_of(form)].data if _title_of(form) in form else ""
    known = {"title": title or "", "body": form["body"].data or "", "open_for": open_for()}
    known["more"] = words_in(*further(form))
    return Writing(who=actor().id or 0, kind=kind, ip=request.remote_addr or "", **{**known, **more})


def _title_of(form: PageForm) -> str:
    return "subject" if "subject" in form else "title"


def further(form: PageForm) -> list[Field]:
    """What others read beside title and text: tags, choices of a poll, a place, a reason, the fields of a space."""
    asked = form.asked_texts() if isinstance(form, AsksFields) else []
    return [*(form[name] for name in FURTHER if name in form), *asked]


def judged(form: PageForm, about: Writing, *, beside: str = "body", holds: bool = True) -> Verdict:
    """What the gates say. A refusal stands beside its field afterwards, masks in the fields.

    Where nothing can be held back (`holds` is not set), what would be is refused; so is what no longer fits masked.
    """
    verdict = gates.ask(actor(), about)
    if verdict.holds and not holds:
        verdict = Verdict(Outcome.REFUSE, verdict.rule, message=verdict.message or _("This cannot be sent like this."))
    if verdict.outcome == Outcome.REFUSE:
        refuse(form[_title_of(form) if verdict.in_title and _title_of(form) in form else beside], verdict.message)
    return verdict if _masked(form, verdict) else Verdict(Outcome.REFUSE, "watched")


def _masked(form: PageForm, verdict: Verdict) -> bool:
    """Put masks into the fields; whether the form takes them like that."""
    for name, text in ((_title_of(form), verdict.title), ("body", verdict.body)):
        if text is not None and name in form:
            form[name].data = text
    if verdict.mask is None or verdict.outcome == Outcome.REFUSE:
        return True
    changed = [(field, verdict.mask(field.data)) for field in further(form) if field.data]
    fits = [put(form, field, text) for field, text in changed if text != field.data]
    return all(fits)


def through(
    form: PageForm, about: Writing, typed: Callable[[], Typed], put: Callable[[Typed], Post] | None = None
) -> Post | Response | None:
    """Publish what the form holds; the way to where it waits instead, or nothing where it is refused."""
    as_typed = drafting.in_form()
    verdict = judged(form, about)
    if verdict.outcome == Outcome.REFUSE:
        drafting.keep_refused(_place(about, typed), as_typed)
        return None
    if verdict.holds:
        form_of = {**as_typed.fields, "space": [as_typed.space]}
        address = gates.hold(actor(), Kept(about, typed(), form_of), verdict)
        flash(
            _("Thank you. Somebody looks at it before others can read it; you are told what they decide."),
            "wait",
        )
        return redirect(address)
    ready = typed()
    post = put(ready) if put is not None else publish(ready, author_id=about.who)
    verdict.published(post)
    return post


def _place(about: Writing, typed: Callable[[], Typed]) -> Place:
    if about.kind == Way.EDIT:
        return Place(DraftKind.EDIT, typed().post_id or 0)
    return Place(DraftKind.REPLY, about.thread_id) if about.thread_id is not None else Place(DraftKind.THREAD)


def words_in(*fields: Field) -> str:
    """What was typed into further fields, for gates that look at words."""
    return "\n".join(str(field.data) for field in fields if field.data)
