"""What comes from a desk by mail. Nothing of it becomes public by itself: it waits for somebody's click."""

import hashlib

from sqlalchemy import select

from bridge.desks.connecting import KINDS
from bridge.handovers.models import DeskMessage, HandOver, HandOverState, MessageState, ServiceDesk
from bridge.handovers.receiving import touch_threads_of
from community.core.db import db, utcnow
from community.core.mail import matching
from community.core.mail.letters import Attachment, Bounce, Letter
from community.core.mail.matching import Arrival, Evidence
from community.core.numbers import whole_number

from . import wording
from .desk import MailDesk
from .wording import Ref

KIND = "mail"
BY_MAIL = "mail:"  # how the keys of such messages begin
LONGEST = 20_000  # characters of a message that is held
# Why somebody should look twice before a message is released; kept with it, see `pages.remark_of`.
BY_SUBJECT, BY_STRANGER = "unproven: subject", "unproven: sender"


def _hand_over_of(ref: Ref) -> HandOver | None:
    """By the query and the turn, also under an address that the installation had before."""
    return db.session.scalar(
        select(HandOver)
        .join(HandOver.desk)
        .where(
            HandOver.query_id == ref.number,
            HandOver.ref.endswith(f"-{ref.query}-{ref.turn}", autoescape=True),
            ServiceDesk.kind == KIND,
        )
    )


def by_address(ids: tuple[int, ...]) -> str | None:
    """The hand-over of a signed address."""
    if len(ids) != 2 or max(ids) >= 2**31:
        return None
    found = _hand_over_of(Ref("", *ids))
    return str(found.id) if found else None


def by_reference(key: str) -> str | None:
    """The hand-over of a letter of ours that is answered."""
    read = wording.read_ref(key)
    return by_address((read[0].number, read[0].turn)) if read else None


def by_subject(letter: Letter) -> str | None:
    """The hand-over that a subject names, where it comes from the desk's own domain."""
    ref = wording.mark_in(letter.subject)
    found = _hand_over_of(ref) if ref and ref.number < 2**31 else None
    if ref is None or found is None or not found.ref.startswith(f"isthmus-{ref.installation}-"):
        return None
    return str(found.id) if _is_of_desk(letter, found.desk) else None


def take(arrival: Arrival) -> None:
    """Hold the words of a person until somebody releases them."""
    hand_over, letter = _locked(arrival), arrival.letter
    digest = hashlib.sha256(f"{letter.message_id}\0{letter.content}".encode("utf-8", "replace")).hexdigest()
    remote_id = f"{BY_MAIL}{digest[:40]}"
    known = select(DeskMessage.id).where(DeskMessage.hand_over_id == hand_over.id, DeskMessage.remote_id == remote_id)
    if db.session.scalar(known) is not None:
        return
    db.session.add(
        DeskMessage(
            hand_over_id=hand_over.id,
            remote_id=remote_id,
            state=MessageState.HELD.value,
            author=_author(letter),
            text=_text(letter),
            at=min(letter.sent_at or utcnow(), utcnow()),
            error=_doubt(arrival, hand_over.desk),
        )
    )
    hand_over.seen_at = utcnow()
    _learn_number(hand_over, arrival)
    db.session.flush()
    touch_threads_of(hand_over)


def note(arrival: Arrival) -> None:
    """What machines say is not shown: a receipt tells the desk's number, a bounce that a letter did not arrive."""
    hand_over, bounce = _locked(arrival), arrival.letter.bounce
    if bounce is None:
        _learn_number(hand_over, arrival)
    elif bounce.final and hand_over.active:
        _fail(hand_over, bounce, arrival.message_key)
        db.session.flush()
        touch_threads_of(hand_over)


def _fail(hand_over: HandOver, bounce: Bounce, message_key: str) -> None:
    """The letter that came back can be sent again by `operations.retry`, once staff know what was wrong."""
    words = " ".join(part for part in (bounce.status, bounce.recipient, bounce.words) if part)[:2000]
    part = (wording.read_ref(message_key) or (None, ""))[1]
    message = _sent_as(hand_over, part)
    hand_over.error = words
    if message is not None:
        message.state, message.error = MessageState.DEAD.value, words
    elif not part and (message_key or hand_over.seen_at is None):
        hand_over.state, hand_over.remote_id, hand_over.next_try_at = HandOverState.DEAD.value, "", None


def _sent_as(hand_over: HandOver, part: str) -> DeskMessage | None:
    """The message of ours whose key stood in a Message-ID."""
    number = whole_number(part.rpartition("-")[2])
    if number is None:
        return None
    return db.session.scalar(
        select(DeskMessage).where(
            DeskMessage.id == number,
            DeskMessage.hand_over_id == hand_over.id,
            DeskMessage.state == MessageState.SENT,
        )
    )


def _takes_generated(target: str) -> bool:
    hand_over = db.session.get(HandOver, int(target))
    return hand_over is not None and hand_over.desk.options.get("ticket_system") == "1"


def _locked(arrival: Arrival) -> HandOver:
    return db.session.get_one(HandOver, int(arrival.target), with_for_update=True)


def _learn_number(hand_over: HandOver, arrival: Arrival) -> None:
    """Letters that follow carry the number of the desk's own system, or it would make something new of each."""
    number = wording.their_number(arrival.letter.subject)
    ref = wording.read_ref(hand_over.ref)
    unknown = ref is not None and hand_over.remote_number in ("", ref[0].query)
    if number and unknown and arrival.evidence is not Evidence.SUBJECT:
        hand_over.remote_number = number


def _doubt(arrival: Arrival, desk: ServiceDesk) -> str:
    if arrival.evidence is Evidence.SUBJECT:
        return BY_SUBJECT
    return "" if _is_of_desk(arrival.letter, desk) else BY_STRANGER


def _is_of_desk(letter: Letter, desk: ServiceDesk) -> bool:
    """Whether it says that it comes from the desk's domain; this can be forged."""
    domain = desk.options.get("address", "").lower().rpartition("@")[2]
    return bool(domain) and letter.sender.rpartition("@")[2] == domain


def _author(letter: Letter) -> str:
    return f"{letter.sender_name} <{letter.sender}>"[:120] if letter.sender_name else letter.sender[:120]


def _text(letter: Letter) -> str:
    text = (letter.words or letter.whole)[:LONGEST]
    files = ", ".join(map(_file, letter.attachments))
    return f"{text}\n\n\N{PAPERCLIP} {files}".strip() if files else text


def _file(attachment: Attachment) -> str:
    name = attachment.name.replace("`", "'")
    return f"`{name}` ({max(1, attachment.size // 1024)} KB)"


KINDS[KIND] = MailDesk
matching.register(
    matching.Feature(
        name=wording.NAME,
        take=take,
        note=note,
        by_address=by_address,
        by_reference=by_reference,
        by_subject=by_subject,
        takes_generated=_takes_generated,
    )
)
