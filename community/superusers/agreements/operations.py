"""Agreements: written by the provider, signed by each party as themselves, void again with each change."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from community.accounts.models import Member
from community.core import events, i18n
from community.core.db import db, insert_once, utcnow
from community.core.jobs import every
from community.core.markup import render
from community.core.policies import Actor

from ..appointing.policies import can_run
from .events import AgreementMoved
from .models import REMINDERS, Agreement, AgreementSignature, AgreementState, AgreementVersion, Party

_LISTED = (
    select(Agreement)
    .order_by(Agreement.ends_on, Agreement.id)
    .options(joinedload(Agreement.member), joinedload(Agreement.organisation), selectinload(Agreement.signatures))
)


class ChangedError(Exception):
    """What somebody was about to sign is not the text any more."""


@dataclass(frozen=True)
class AgreementTerms:
    """What is agreed."""

    member: Member
    hours_a_week: float
    areas: str
    begins_on: date
    ends_on: date
    text: str
    backup: Member | None = None
    organisation_id: int | None = None
    customer_signer: Member | None = None


def can_see(actor: Actor, agreement: Agreement) -> bool:
    """Managers; the super user and whoever signs for the customer, once it is no draft."""
    if can_run(actor):
        return True
    parties = {agreement.member_id, agreement.customer_signer_id}
    return actor.is_member and actor.id in parties and agreement.state != AgreementState.DRAFT


def can_read_version(actor: Actor, agreement: Agreement, version: AgreementVersion) -> bool:
    """Parties read what they signed, and what was written between those who are the parties now; managers all."""
    if can_run(actor) or version.number == agreement.version:
        return True
    if any(one.version == version.number and one.member_id == actor.id for one in agreement.signatures):
        return True
    now = content_of(agreement)
    return all(version.content[name] == now[name] for name in ("customer", "super_user"))


def can_change(actor: Actor, agreement: Agreement) -> bool:
    """Managers, until it has ended."""
    return can_run(actor) and agreement.state != AgreementState.ENDED


def signs_as(actor: Actor, agreement: Agreement) -> Party | None:
    """For whom the actor may sign now; nobody signs for two parties, nor for another person."""
    if agreement.state != AgreementState.WAITING or not can_see(actor, agreement):
        return None
    missing = agreement.missing
    if actor.id == agreement.member_id:
        return Party.MEMBER if Party.MEMBER in missing else None
    if actor.id == agreement.customer_signer_id:
        theirs = actor.organisation_id == agreement.organisation_id  # who left the customer signs for it no more
        return Party.CUSTOMER if theirs and Party.CUSTOMER in missing else None
    return Party.PROVIDER if can_run(actor) and Party.PROVIDER in missing else None


def agreement_for(actor: Actor, agreement_id: int) -> Agreement | None:
    """An agreement that the actor may see."""
    row = db.session.get(Agreement, agreement_id)
    return row if row is not None and can_see(actor, row) else None


def seen_among(actor: Actor, agreement_ids: Collection[int]) -> set[int]:
    """Those of the agreements that the actor may see."""
    rows = db.session.scalars(select(Agreement).where(Agreement.id.in_(agreement_ids)))
    return {row.id for row in rows if can_see(actor, row)}


def agreements_of(actor: Actor) -> list[Agreement]:
    """All for managers, one's own for the parties; what ends first stands first."""
    rows = db.session.scalars(_LISTED.limit(500))
    return [row for row in rows if can_see(actor, row)] if can_run(actor) else _own(actor)


def _own(actor: Actor) -> list[Agreement]:
    mine = (Agreement.member_id == actor.id) | (Agreement.customer_signer_id == actor.id)
    rows = db.session.scalars(_LISTED.where(mine))
    return [row for row in rows if can_see(actor, row)]


def draft(terms: AgreementTerms, *, by_id: int | None) -> Agreement:
    """Write an agreement; the parties see it once it is sent."""
    made = Agreement(made_by_id=by_id, made_at=utcnow(), version=1, hours_a_week=terms.hours_a_week)
    _fill(made, terms)
    db.session.add(made)
    db.session.flush()
    _keep_version(made, by_id)
    return made


def change(agreement: Agreement, terms: AgreementTerms, *, by_id: int | None) -> bool:
    """Change the terms: a new version, and every signature is void. False where nothing is different.

    Of a draft, which nobody else has seen, no version is kept.
    """
    _lock(agreement)
    before = content_of(agreement)
    _fill(agreement, terms)
    db.session.flush()
    db.session.refresh(agreement)
    if content_of(agreement) == before:
        return False
    if agreement.state == AgreementState.DRAFT:
        _forget_versions(agreement)
        _keep_version(agreement, by_id)
        return True
    agreement.state, agreement.reminded = AgreementState.WAITING.value, 0
    for one in agreement.standing.values():
        one.voided_at = utcnow()
    agreement.version += 1
    _keep_version(agreement, by_id)
    _record(agreement, "changed", by_id)
    return True


def send(agreement: Agreement, *, by_id: int | None) -> None:
    """Show it to the parties, and ask them to sign."""
    if agreement.state == AgreementState.DRAFT:
        agreement.state = AgreementState.WAITING.value
        _record(agreement, "sent", by_id)


def sign(agreement: Agreement, party: Party, *, member: Member, hash_seen: str) -> None:
    """Sign the text that was shown; in force with the last signature. Raises `ChangedError` for another text."""
    _lock(agreement)
    if hash_seen != hash_of(agreement) or agreement.state != AgreementState.WAITING:
        raise ChangedError(agreement.id)
    insert_once(
        AgreementSignature,
        agreement_id=agreement.id,
        version=agreement.version,
        party=party.value,
        member_id=member.id,
        name=member.name,
        at=utcnow(),
        hash=hash_seen,
    )
    db.session.expire(agreement, ["signatures"])
    _record(agreement, "signed", member.id)
    if not agreement.missing:
        agreement.state = AgreementState.IN_FORCE.value
        _record(agreement, "in_force", member.id)


def end(agreement: Agreement, *, by_id: int | None) -> None:
    """It holds no longer. A draft, which nobody else has seen, is gone."""
    if agreement.state == AgreementState.DRAFT:
        _forget_versions(agreement)
        db.session.delete(agreement)
        return
    agreement.state, agreement.ended_at = AgreementState.ENDED.value, utcnow()
    _record(agreement, "ended", by_id)


def content_of(agreement: Agreement) -> dict[str, Any]:
    """The terms as data, with names as they are now: what is signed."""
    customer = agreement.organisation
    return {
        "super_user": f"{agreement.member.name} (@{agreement.member.handle})",
        "customer": customer.name if customer else "",
        "signs_for_customer": agreement.customer_signer.name if agreement.customer_signer else "",
        "hours_a_week": agreement.hours_a_week,
        "areas": agreement.areas,
        "begins_on": agreement.begins_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat(),
        "backup": f"{agreement.backup.name} (@{agreement.backup.handle})" if agreement.backup else "",
        "text": agreement.text,
    }


def hash_of(agreement: Agreement) -> str:
    """The hash of the present version."""
    return agreement.versions[-1].hash


def hashed(content: dict[str, Any]) -> str:
    """SHA-256 of the terms, written in one way only."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@every(hours=6)
def look_at_agreements() -> None:
    """Remind all parties 30 and 7 days before the end, once each, and close what is past its last day."""
    today = i18n.day_here(utcnow())
    wanted = select(Agreement).where(Agreement.state.in_((AgreementState.IN_FORCE, AgreementState.WAITING)))
    for row in db.session.scalars(wanted.with_for_update(skip_locked=True)).all():
        left = (row.ends_on - today).days
        due = min((days for days in REMINDERS if left <= days), default=0)
        if left < 0:
            end(row, by_id=None)
        elif due and row.state == AgreementState.IN_FORCE and (not row.reminded or due < row.reminded):
            row.reminded = due
            _record(row, "ends_soon", None, days=left)


def _fill(agreement: Agreement, terms: AgreementTerms) -> None:
    agreement.member_id = terms.member.id
    agreement.backup_id = terms.backup.id if terms.backup else None
    agreement.organisation_id = terms.organisation_id
    agreement.customer_signer_id = terms.customer_signer.id if terms.customer_signer else None
    agreement.hours_a_week, agreement.areas = terms.hours_a_week, terms.areas
    agreement.begins_on, agreement.ends_on = terms.begins_on, terms.ends_on
    agreement.text, agreement.text_html = terms.text, render(terms.text).html


def _forget_versions(agreement: Agreement) -> None:
    for kept in agreement.versions:
        db.session.delete(kept)
    db.session.flush()
    db.session.expire(agreement, ["versions"])


def _keep_version(agreement: Agreement, by_id: int | None) -> None:
    content = content_of(agreement)
    kept = AgreementVersion(
        agreement_id=agreement.id,
        number=agreement.version,
        content=content,
        hash=hashed(content),
        by_id=by_id,
        at=utcnow(),
    )
    db.session.add(kept)
    db.session.flush()
    db.session.expire(agreement, ["versions"])


def _lock(agreement: Agreement) -> None:
    """Let nobody sign while it is changed, nor change it while it is signed."""
    unchanged = update(Agreement).where(Agreement.id == agreement.id).values(version=Agreement.version)
    db.session.execute(unchanged, execution_options={"synchronize_session": False})
    db.session.refresh(agreement)


def _record(agreement: Agreement, what: str, by_id: int | None, days: int = 0) -> None:
    events.record(AgreementMoved(actor_id=by_id, agreement_id=agreement.id, what=what, days=days))
