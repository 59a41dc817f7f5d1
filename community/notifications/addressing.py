"""Addresses and Message-IDs of mail to and from members. All are signed, so nobody else can think of one.

- `reply+MEMBER-THREAD-DAY-…` answers in a thread, until that day. The day is one of the signed numbers and not the
  address's own end, so that a late answer is still known for what it is, and its writer told why it comes to nothing.
- `ask+MEMBER-SPACE-TURN-…` starts a thread in a space. It belongs to a member and not to the space, for a sender's name
  in mail proves nothing: an address that everybody knows would let anybody write as anyone, and collect spam.
- `back+MEMBER-…` is where mail servers report that a mail did not arrive.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app

from community.core.mail import addresses
from community.core.numbers import LARGEST_NUMBER, whole_numbers
from community.core.settings import Settings

REPLY, ASK, BACK, ANSWER = "reply", "ask", "back", "answer"
THREAD = "thread"
REPLIES_FOR = timedelta(days=90)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class About:
    """What a letter is about: whose address it came to, and the thread or the space."""

    member_id: int
    thing_id: int
    mark: int  # of a reply the last day, of a space the turn

    @property
    def target(self) -> str:
        """As the receiver keeps it."""
        return f"{self.member_id}-{self.thing_id}-{self.mark}"


def receives_mail() -> bool:
    """Whether answers can arrive: the installation reads a mailbox, or names the domain that answers come to."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    return bool(settings.imap_url or settings.mail_domain)


def last_day(sent_at: datetime) -> int:
    """The last day on which mail of this moment can be answered, in days since 1970."""
    return (sent_at + REPLIES_FOR - EPOCH) // DAY


def has_ended(about: About, now: datetime) -> bool:
    """Whether an answer comes too late."""
    return (now - EPOCH) // DAY > about.mark


def reply_address(member_id: int, thread_id: int, sent_at: datetime) -> str:
    """Where one member's answers in one thread come to."""
    return addresses.make_address(REPLY, (member_id, thread_id, last_day(sent_at)))


def space_address(member_id: int, space_id: int, turn: int) -> str:
    """Where one member's new threads in one space come to."""
    return addresses.make_address(ASK, (member_id, space_id, turn))


def return_address(member_id: int) -> str:
    """Where mail servers report about mail to a member."""
    return addresses.make_address(BACK, (member_id,))


def about(ids: tuple[int, ...]) -> About | None:
    """What the numbers of an address or of a Message-ID stand for."""
    return About(*ids) if len(ids) == 3 and max(ids) <= LARGEST_NUMBER else None


def about_target(target: str) -> About:
    """The same, of what the receiver kept."""
    return About(*map(int, target.split("-")))


def news_id(about: About, notification_id: int) -> str:
    """The Message-ID of mail about one piece of news in a thread."""
    return addresses.make_message_id(REPLY, f"{about.target}-{notification_id}")


def other_id(member_id: int, key: str) -> str:
    """The Message-ID of mail that is about no single thread."""
    return addresses.make_message_id(BACK, f"{member_id}-{key}")


def about_news(key: str) -> About | None:
    """What mail was about whose Message-ID has this key."""
    parts = key.split("-")
    numbers = whole_numbers(parts)
    return about(tuple(numbers[:3])) if len(parts) == len(numbers) == 4 else None


def thread_root(thread_id: int) -> str:
    """The Message-ID that all mail about a thread names, so that mail programs show it together."""
    return addresses.make_message_id(THREAD, str(thread_id))
