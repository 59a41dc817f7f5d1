"""What is held back in the inbox: published, refused with words, or published and the person trusted from now on."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.numbers import whole_number
from community.core.policies import Actor
from community.forum.composing.files import reads_too
from community.forum.composing.gates import Way
from community.forum.models import Attachment

from ..kinds import CaseKind, Decision, Shown, register_case_kind
from ..models import Case
from ..queries import reviewed_by
from ..targets import Target
from . import held
from .models import HeldWriting

WAYS = {Way.THREAD: _l("New thread"), Way.REPLY: _l("Reply"), Way.EDIT: _l("Edit")}


def _row(case: Case) -> HeldWriting:
    row = held.held(case.target_id)
    if row is None:
        raise LookupError(f"held writing {case.target_id} is gone")
    return row


def _publish(case: Case, by_id: int, words: str) -> dict[str, Any]:
    return {"post": held.publish_held(_row(case), by_id=by_id).id}


def _trust(case: Case, by_id: int, words: str) -> dict[str, Any]:
    row = _row(case)
    held.trust_writer(row, by_id=by_id)
    return {"post": held.publish_held(row, by_id=by_id).id}


def _refuse(case: Case, by_id: int, words: str) -> dict[str, Any]:
    held.refuse_held(_row(case), by_id=by_id, words=words)
    return {}


def _can_publish(_actor: Actor, case: Case) -> bool:
    row = held.held(case.target_id)
    return row is not None and held.can_be_published(row)


def why_said(row: HeldWriting) -> str:
    """What the rule found, for those who review."""
    number = whole_number(row.found) or 0
    if row.rule == "watched":
        return _("Found: “%(word)s”", word=row.found)
    if row.rule == "alike":
        return _("%(num)s percent alike.", num=number)
    if row.rule == "newcomer_links":
        return ngettext("%(num)s link in it.", "%(num)s links in it.", number)
    if row.rule == "too_fast":
        return ngettext("The page was open for %(num)s second.", "The page was open for %(num)s seconds.", number)
    return ""


def _show(case: Case, _target: Target | None, _actor: Actor) -> Shown | None:
    """Whoever may review the case may read what it is about: its space and `staff_only` say who that is."""
    row = held.held(case.target_id)
    if row is None:
        return Shown(title=_("This is gone"), address="")
    address = url_for("forum.thread", thread_id=row.thread_id) if row.thread_id is not None else ""
    if row.post_id is not None:
        address = url_for("forum.post", post_id=row.post_id)
    why = why_said(row)
    return Shown(
        title=row.title,
        address=address,
        html=row.html,
        language=row.language,
        parts=[str(WAYS[Way(row.kind)])],
        why=[why] if why else [],
    )


@reads_too
def reads_file(actor: Actor, attachment: Attachment) -> bool:
    """Whoever reviews words that wait reads the files in them."""
    ids = [row.id for row in held.own(attachment.member_id) if row.waits and attachment.key in row.body]
    cases = select(Case.id).where(Case.kind == held.KIND, Case.target_id.in_(ids), reviewed_by(actor))
    return bool(ids) and db.session.scalar(cases.limit(1)) is not None


register_case_kind(
    CaseKind(
        held.KIND,
        _l("Held back"),
        "clock",
        (
            Decision("publish", "a", _l("Publish"), _publish, tone="primary", may=_can_publish),
            Decision("refuse", "r", _l("Refuse and explain"), _refuse, asks=True),
            Decision("trust", "p", _l("Publish and trust the person"), _trust, rare=True, may=_can_publish),
        ),
        _show,
    )
)
