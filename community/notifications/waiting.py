"""What came by mail goes through the same gates as what is typed on the page."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from community.core.db import db
from community.core.policies import Actor
from community.forum.composing import gates
from community.forum.composing.gates import Kept, Outcome, Way, Writing
from community.forum.composing.publishing import Typed
from community.forum.snapshots import StoredFile

from .unusable import UnusableError


def admitted(actor: Actor, typed: Typed, files: Sequence[StoredFile], *, space_id: int) -> Typed:
    """What may be published. Raises `UnusableError` for what is refused, and for what waits until a person saw it."""
    with_files = "\n\n".join(part for part in (typed.body, *(file.markdown for file in files)) if part)
    about = Writing(
        who=actor.id or 0,
        kind=Way.THREAD if typed.thread_id is None else Way.REPLY,
        title=typed.title,
        body=with_files,
        space_id=space_id,
        thread_id=typed.thread_id,
    )
    verdict = gates.ask(actor, about)
    if verdict.outcome == Outcome.REFUSE:
        raise UnusableError("refused", verdict.message)
    if verdict.holds:
        _hold(actor, Kept(about, replace(typed, body=with_files)), verdict, files)
    return _masked(typed, verdict, files)


def _masked(typed: Typed, verdict: gates.Verdict, files: Sequence[StoredFile]) -> Typed:
    body = verdict.body_of(typed.body)
    for file in files:
        body = body.replace(file.markdown, "").rstrip()
    return replace(typed, body=body, title=typed.title if verdict.title is None else verdict.title)


def _hold(actor: Actor, kept: Kept, verdict: gates.Verdict, files: Sequence[StoredFile]) -> None:
    db.session.add_all(file.row(actor.id or 0) for file in files)
    address = gates.hold(actor, kept, verdict)
    words = _(
        "Your mail has arrived. Somebody looks at it before others can read it, and you are told what they decide. "
        "Until then you find it on your page:"
    )
    raise UnusableError("held", words, link=address, quoted=False)
