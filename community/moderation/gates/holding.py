"""What a person looks at before others can read it: the rules of a space, what it inherits, and whom they concern."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import current_app
from rapidfuzz import fuzz
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import db, utcnow
from community.core.settings import Settings
from community.forum.composing.gates import Way, Writing
from community.forum.models import Post
from community.forum.standing import DAYS

from ..rules import ALIKE_OTHERS_WITHIN, ALIKE_SHORTEST, ALIKE_WITHIN, HOLDING, HOLDS_NOTHING, Holding
from .models import SITE, GateRules, HeldState, HeldWriting, TrustedWriter
from .pace import links_in

NAMES = tuple(asdict(HOLDING))
COMPARED = 2_000  # characters
MOST_COMPARED = 50
CONTRIBUTED = (Way.THREAD, Way.REPLY, Way.ARTICLE)
HELD_WAYS = (*CONTRIBUTED, Way.PROFILE, Way.LINE)


@dataclass(frozen=True)
class Held:
    """Why something is held: the rule, and what it found."""

    rule: str
    found: str = ""


def limits_on() -> bool:
    """Whether this installation limits and holds back by default."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    return settings.posting_limits


def scope_of(space_id: int | None) -> str:
    """The key of a space's rules."""
    return SITE if space_id is None else f"space:{space_id}"


def rows_for(space_id: int | None) -> dict[str, GateRules]:
    """What was set everywhere and in a space, by scope."""
    scopes = {SITE, scope_of(space_id)}
    return {row.scope: row for row in db.session.scalars(select(GateRules).where(GateRules.scope.in_(scopes)))}


def inherited(rows: Mapping[str, GateRules], scope: str) -> Holding:
    """What holds where a scope says nothing itself."""
    usual = HOLDING if limits_on() else HOLDS_NOTHING
    return usual if scope == SITE else _over(usual, rows.get(SITE))


def effective(rows: Mapping[str, GateRules], space_id: int | None) -> Holding:
    """The rules that hold in a space."""
    scope = scope_of(space_id)
    return _over(inherited(rows, scope), rows.get(scope))


def _over(usual: Holding, row: GateRules | None) -> Holding:
    own = {name: getattr(row, name, None) for name in NAMES}
    return Holding(**{**asdict(usual), **{name: value for name, value in own.items() if value is not None}})


def why_held(writing: Writing, rules: Holding, level: int) -> Held | None:
    """Why a person must look at this first; nothing where it may go out."""
    if writing.kind not in HELD_WAYS or rules == HOLDS_NOTHING or is_trusted(writing.who, writing.space_id):
        return None
    posts, contributed = posts_of(writing.who), writing.kind in CONTRIBUTED
    if contributed and posts < rules.first_posts:
        return Held("first_posts", str(rules.first_posts))
    if level > 0:
        return None
    links = len(links_in(f"{writing.body}\n{writing.more}"))
    if rules.newcomer_links and links >= rules.newcomer_links:
        return Held("newcomer_links", str(links))
    seconds = writing.open_for.total_seconds() if writing.open_for is not None else float(rules.seconds)
    if posts == 0 and seconds < rules.seconds:
        return Held("too_fast", f"{seconds:.0f}")
    percent = likest(writing) if contributed and rules.alike else 0
    return Held("alike", str(percent)) if rules.alike and percent >= rules.alike else None


def is_trusted(member_id: int, space_id: int | None) -> bool:
    """Whether a reviewer trusts this person's words in the space."""
    return space_id is not None and db.session.get(TrustedWriter, (member_id, space_id)) is not None


def posts_of(member_id: int) -> int:
    """How many posts of a person are in view."""
    mine = select(func.count(Post.id)).where(Post.author_id == member_id, Post.hidden_at.is_(None))
    return db.session.scalar(mine) or 0


def likest(writing: Writing) -> int:
    """How much this is like the person's own last words or what newcomers wrote lately: the likest, in percent.

    Words that stood in the text before are not compared, such as those of the thread that an article was made of.
    """
    text, stood = _plain(writing.body), _plain(writing.before)
    if len(text) < ALIKE_SHORTEST:
        return 0
    others = (plain for other in _others(writing) if (plain := _plain(other)) not in stood)
    return max((int(fuzz.ratio(text[:COMPARED], plain[:COMPARED])) for plain in others), default=0)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _others(writing: Writing) -> Iterable[str]:
    """Posts and what is held: the person's own of a week, and those of newcomers of a day, the newest fifty of each.

    Of one thing the newest words count, so they are not compared with those that they take the place of.
    """
    now = utcnow()
    own_since, since = now - ALIKE_WITHIN, now - ALIKE_OTHERS_WITHIN
    new = select(Member.id).where(Member.joined_at > now - timedelta(days=DAYS))
    of_own = select(Post.body).where(Post.author_id == writing.who, Post.created_at > own_since)
    of_new = select(Post.body).where(Post.author_id.in_(new), Post.created_at > since)
    counted = HeldWriting.state.in_((HeldState.WAITING, HeldState.REFUSED))
    held = select(HeldWriting).where(HeldWriting.at > since, counted).order_by(HeldWriting.id.desc())
    for wanted in (of_own, of_new):
        yield from db.session.scalars(wanted.order_by(Post.id.desc()).limit(MOST_COMPARED))
    for row in db.session.scalars(held.limit(MOST_COMPARED)):
        if not writing.of or (row.member_id, row.typed.get("of")) != (writing.who, writing.of):
            yield row.body
    yield from writing.own()
