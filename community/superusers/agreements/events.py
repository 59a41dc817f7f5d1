"""Facts about agreements. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AgreementMoved(Event):
    """An agreement came to another place: sent, changed, signed, in_force, ends_soon (in `days`), ended."""

    name = "superusers.agreement.moved"
    subject = "agreement_id"
    agreement_id: int
    what: str
    days: int = 0
