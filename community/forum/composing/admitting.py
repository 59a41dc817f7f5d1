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

from ..models import Post
from . import drafting, gates
from .gates import Kept, Outcome, Verdict, Way, Writing
from .publishing import Typed, publish
from .timing import open_for


def writing(kind: Way, form: PageForm, **more: Any) -> Writing:
    """What the present form is about to publish."""
    title = form["title"].data if "title" in form else ""
    known = {"title": title or "", "body": form["body"].data or "", "open_for": open_for()}
    return Writing(who=actor().id or 0, kind=kind, ip=request.remote_addr or "", **{**known, **more})


def judged(form: PageForm, about: Writing, *, beside: str = "body", holds: bool = True) -> Verdict:
    """What the gates say. A refusal stands beside its field afterwards, masks in the fields.

    Where nothing can be held back (`holds` is not set), what would be is refused.
    """
    verdict = gates.ask(actor(), about)
    if verdict.holds and not holds:
        verdict = Verdict(Outcome.REFUSE, verdict.rule, message=verdict.message or _("This cannot be sent like this."))
    if verdict.outcome == Outcome.REFUSE:
        refuse(form[beside], verdict.message)
    for name, text in (("title", verdict.title), ("body", verdict.body)):
        if text is not None and name in form:
            form[name].data = text
    return verdict


def through(
    form: PageForm, about: Writing, typed: Callable[[], Typed], put: Callable[[Typed], Post] | None = None
) -> Post | Response | None:
    """Publish what the form holds; the way to where it waits instead, or nothing where it is refused."""
    as_typed = drafting.in_form()
    verdict = judged(form, about)
    if verdict.outcome == Outcome.REFUSE:
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


def words_in(*fields: Field) -> str:
    """What was typed into further fields, for gates that look at words."""
    return "\n".join(str(field.data) for field in fields if field.data)
