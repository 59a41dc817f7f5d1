"""Browsers that ask to be told, and no longer do. One browser, one sign-in, one subscription."""

import base64
import binascii
from collections.abc import Iterable
from typing import cast

from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import joinedload

from community.accounts.models import SignIn, hash_token
from community.core import sealing
from community.core.db import db, insert_once, utcnow
from community.core.outgoing import Outgoing, RefusedAddressError
from community.core.settings import Settings

from .models import LONGEST_ENDPOINT, PushSubscription

PURPOSE = "isthmus push keys"
AUTH_BYTES = 16


class UnusableError(ValueError):
    """What a browser gave is no subscription that we could use."""


def settings() -> Settings:
    """The installation's."""
    return cast(Settings, current_app.extensions["isthmus.settings"])


def is_on() -> bool:
    """Whether the installation tells browsers at all."""
    return bool(settings().push_private_key)


def way_to(endpoint: str) -> Outgoing:
    """The way to a push service. Raises `RefusedAddressError`."""
    return Outgoing(endpoint, allow_private=settings().testing)


def sign_in_id(token: str) -> int | None:
    """The sign-in of the present browser."""
    return db.session.scalar(select(SignIn.id).where(SignIn.token_hash == hash_token(token)))


def subscribe(member_id: int, sign_in: int, *, endpoint: str, p256dh: str, auth: str) -> None:
    """Tell this browser from now on, instead of whatever it or its sign-in asked for before.

    Raises `UnusableError`.
    """
    _check(endpoint, p256dh, auth)
    before = or_(PushSubscription.endpoint == endpoint, PushSubscription.sign_in_id == sign_in)
    db.session.execute(delete(PushSubscription).where(before))
    keys = sealing.seal({"p256dh": p256dh, "auth": auth}, PURPOSE)
    insert_once(PushSubscription, member_id=member_id, sign_in_id=sign_in, endpoint=endpoint, keys=keys)


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii():
        raise UnusableError("the address is too long")
    try:
        way_to(endpoint)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(p256dh))
        short = len(raw(auth)) != AUTH_BYTES
    except (RefusedAddressError, binascii.Error, ValueError) as error:
        raise UnusableError("this is no address or key of a push service") from error
    if short:
        raise UnusableError("the secret has another length")


def raw(text: str) -> bytes:
    """Bytes that are written in base64url, with or without its padding."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def own(member_id: int) -> list[PushSubscription]:
    """A member's browsers, the newest first."""
    mine = select(PushSubscription).join(PushSubscription.sign_in).where(*_living([member_id]))
    return list(
        db.session.scalars(mine.order_by(PushSubscription.id.desc()).options(joinedload(PushSubscription.sign_in)))
    )


def reached(member_ids: Iterable[int]) -> frozenset[int]:
    """Those of the members who have a browser that is told."""
    wanted = select(PushSubscription.member_id).join(PushSubscription.sign_in).where(*_living(member_ids))
    return frozenset(db.session.scalars(wanted.distinct()))


def _living(member_ids: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
    """While its sign-in lasts."""
    return PushSubscription.member_id.in_(list(member_ids)), SignIn.ends_at > utcnow()


def end(member_id: int, subscription_id: int) -> bool:
    """Tell one of a member's browsers no more; whether there was one."""
    found = db.session.get(PushSubscription, subscription_id)
    if found is None or found.member_id != member_id:
        return False
    db.session.delete(found)
    return True
