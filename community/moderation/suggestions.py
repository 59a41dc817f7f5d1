"""Suggested edits in the inbox. They are decided on their own page, with both texts side by side."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import (
    EditSuggested,
    SuggestionAccepted,
    SuggestionRefused,
    SuggestionWithdrawn,
    ThreadEvent,
)
from community.forum.policies import EDIT_ANY
from community.forum.suggesting.models import Outcome, SuggestedEdit

from . import targets
from .cases import open_case, settle
from .kinds import CaseKind, register_case_kind
from .models import Case

KIND = "suggested_edit"
OUTCOMES: dict[type[ThreadEvent], str] = {
    EditSuggested: "withdrawn",
    SuggestionAccepted: "accepted",
    SuggestionRefused: "refused",
    SuggestionWithdrawn: "withdrawn",
}


def _page(case: Case) -> str:
    return url_for("suggesting.waiting", post=case.target_id)


def _post_of(event: ThreadEvent) -> int:
    return int(getattr(event, "post_id", 0))


@subscribe(EditSuggested, SuggestionAccepted, SuggestionRefused, SuggestionWithdrawn)
def follow(event: ThreadEvent, fact: Fact) -> None:
    """One case for each post with suggestions that wait; settled with the last of them."""
    post_id = _post_of(event)
    waiting = db.session.scalars(
        select(SuggestedEdit)
        .where(SuggestedEdit.post_id == post_id, SuggestedEdit.state == Outcome.OPEN)
        .order_by(SuggestedEdit.id)
    ).all()
    if not waiting:
        settle(KIND, "post", post_id, decision=OUTCOMES[type(event)], by_id=event.actor_id)
        return
    target = targets.look("post", post_id)
    if target is None:
        return
    case = open_case(
        KIND,
        "post",
        post_id,
        space_id=target.space_id,
        staff_only=target.staff_only,
        by_id=event.actor_id,
    )
    case.why = [{"text": f"{one.member.name}: {one.reason}"} for one in waiting]


register_case_kind(CaseKind(KIND, _l("Suggested edit"), "edit", (), elsewhere=_page, permission=EDIT_ANY))
