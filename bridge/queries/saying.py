"""What members write about queries is read by everybody who reads the thread: it goes through the gates of replies."""

from flask import request
from flask_babel import gettext as _
from wtforms import Field

from community import public
from community.core.policies import Actor
from community.public import Outcome, ThreadSnapshot, Verdict, Way, Writing


def _asked(who: Actor, text: str, thread: ThreadSnapshot) -> tuple[Writing, Verdict]:
    about = Writing(
        who=who.id or 0,
        kind=Way.REPLY,
        body=text,
        space_id=thread.space.id,
        thread_id=thread.id,
        open_for=public.open_for(),
        ip=request.remote_addr or "",
    )
    return about, public.ask_gates(who, about)


def say(who: Actor, field: Field, thread: ThreadSnapshot) -> str | None:
    """Reply with what stands in the field; where that waits for somebody to look at it, "" where it is public.

    None where the gates refuse it: the field says why.
    """
    about, verdict = _asked(who, field.data, thread)
    if verdict.outcome == Outcome.REFUSE:
        field.errors = (*field.errors, verdict.message)
        return None
    return public.put_reply(who, about, verdict)


def admitted(who: Actor, thread: ThreadSnapshot, *fields: Field) -> bool:
    """Whether what stands in these fields may be shown beside the thread at once, masked where it must be.

    Where it may not, its field says why, for nothing of it can wait for somebody to look at it.
    """
    for field in (field for field in fields if field.data):
        _about, verdict = _asked(who, field.data, thread)
        if not verdict.goes:
            field.errors = (*field.errors, verdict.message or _("This cannot be sent like this."))
            return False
        field.data = verdict.body_of(field.data)
    return True
