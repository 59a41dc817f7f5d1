"""What is held back in the inbox: published, refused with words, or published and the person trusted from now on."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.core.db import db
from community.core.numbers import whole_number
from community.core.policies import Actor
from community.forum.composing.files import reads_too
from community.forum.models import Attachment, Thread
from community.forum.policies import can_read_thread

from ..kinds import CaseKind, Decision, Shown, register_case_kind
from ..models import Case
from ..queries import reviewed_by
from ..targets import Target
from . import held
from .held_kinds import label_of
from .models import HeldWriting
from .trusting import trust_writer, withdraw


def _row(case: Case) -> HeldWriting:
    row = held.held(case.target_id)
    if row is None:
        raise LookupError(f"held writing {case.target_id} is gone")
    return row


def _publish(case: Case, by_id: int, words: str) -> dict[str, Any]:
    held.publish_held(_row(case), by_id=by_id)
    return {}


def _trust(case: Case, by_id: int, words: str) -> dict[str, Any]:
    row = _row(case)
    trusted = trust_writer(row.member_id, row.space_id, by_id=by_id)
    held.publish_held(row, by_id=by_id)
    return {"trusted": trusted}


def _refuse(case: Case, by_id: int, words: str) -> dict[str, Any]:
    draft = held.refuse_held(_row(case), by_id=by_id, words=words)
    return {"draft": {"id": draft.id, "version": draft.version}} if draft is not None else {}


def _unpublish(case: Case, by_id: int) -> bool:
    """It waits again, and who was trusted by this very decision is so no more."""
    if not _still_stands(case):
        return False
    row = _row(case)
    held.unpublish(row, by_id=by_id)
    if case.before.get("trusted") and row.space_id is not None:
        withdraw(row.member_id, row.space_id, by_id=by_id, reason=_("The decision was taken back."))
    return True


def _wait_again(case: Case, by_id: int) -> bool:
    if not _can_wait_again(case):
        return False
    held.wait_again(_row(case), case.before.get("draft", {}), by_id=by_id)
    return True


def _can_publish(_actor: Actor, case: Case) -> bool:
    row = held.held(case.target_id)
    return row is not None and held.can_be_published(row)


def _can_trust(actor: Actor, case: Case) -> bool:
    return case.space_id is not None and _can_publish(actor, case)


def _still_stands(case: Case) -> bool:
    row = held.held(case.target_id)
    return row is not None and held.still_stands(row)


def _can_wait_again(case: Case) -> bool:
    row = held.held(case.target_id)
    return row is not None and held.can_wait_again(row, case.before.get("draft", {}))


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


def _show(case: Case, _target: Target | None, actor: Actor) -> Shown | None:
    """Whoever may review the case may read what it is about: its space and `staff_only` say who that is. Where the
    thread was restricted meanwhile, or went elsewhere, only who reads it there.
    """
    row = held.held(case.target_id)
    if row is None:
        return Shown(title=_("This is gone"), address="")
    thread = db.session.get(Thread, row.thread_id) if row.thread_id is not None else None
    if thread is not None and not can_read_thread(actor, thread):
        return None
    why = why_said(row)
    return Shown(
        title=row.title,
        address=held.address_of(row),
        html=row.html,
        language=row.language,
        parts=[label_of(row.kind)],
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
            Decision(
                "publish",
                "a",
                _l("Publish"),
                _publish,
                _unpublish,
                tone="primary",
                may=_can_publish,
                can_undo=_still_stands,
            ),
            Decision(
                "refuse", "r", _l("Refuse and explain"), _refuse, _wait_again, asks=True, can_undo=_can_wait_again
            ),
            Decision(
                "trust",
                "p",
                _l("Publish and trust the person"),
                _trust,
                _unpublish,
                rare=True,
                may=_can_trust,
                can_undo=_still_stands,
            ),
        ),
        _show,
    )
)
