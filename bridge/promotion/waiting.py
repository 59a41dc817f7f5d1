"""What rules suggest to staff, in the one inbox of all that needs a decision; decided in the list of their own."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from bridge.permissions import WORK_QUERIES
from community import public
from community.public import Case, CaseKind

from .models import ThreadWatch

KIND = "promotion"


def follow(watch: ThreadWatch) -> None:
    """One case while the thread is suggested; asked whenever that begins or ends."""
    if watch.suggested_at is None:
        public.settle_case(KIND, "thread", watch.thread_id, decision="settled")
    else:
        public.open_case(KIND, "thread", watch.thread_id, space_id=watch.space_id, staff_only=True)


def _page(case: Case) -> str:
    return url_for("desk.suggestions", space=case.space_id)


public.register_case_kind(
    CaseKind(KIND, _l("For the service desk?"), "bridge", (), elsewhere=_page, permission=WORK_QUERIES)
)
