"""Users become members who cannot sign in yet; authors whose account is gone become members of their own."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from community.accounts.models import Member
from community.core.db import db, transaction, utcnow
from community.core.markup import Rendered
from community.importing.models import ImportedBadge, ImportedProfile

from .convert import handle_of, markdown_of_html, one_line
from .reading import Row
from .writing import Mapping, Target, insert_ids, insert_many, known, remember, rendered, unseen

LONGEST_HANDLE = 30
LONGEST_NAME = 80
DELETED = "Deleted user"


@dataclass(frozen=True)
class Author:
    """Who wrote something, as a row names them: by number, by name if the account is gone, or not at all."""

    number: int | None
    name: str

    @property
    def key(self) -> str:
        """What the map knows an author without an account by; two names never share one."""
        name = self.name or (f"user{self.number}" if self.number is not None else DELETED)
        return hashlib.sha256(name.encode()).hexdigest()[:32]


def author_of(row: Row, number: str = "UserId", name: str = "UserDisplayName") -> Author:
    """Return the author that the row's columns name."""
    return Author(row.number(number), one_line(row.text(name), LONGEST_NAME))


def address(target: Target, local: str) -> str:
    """Return a placeholder e-mail address, in a domain that can never exist."""
    return f"{local}@{target.source.partition(':')[2]}.import.invalid"


def write_users(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of Users.xml."""
    with transaction(read_only=True):
        fresh = unseen(target, "user", rows, "users")
    if not fresh:
        return
    about = [markdown_of_html(row.text("AboutMe")) for row in fresh]
    shown = rendered(about)
    with transaction():
        handles = _handles((row.text("DisplayName"), str(row.required("Id"))) for row in fresh)
        members = [_member(target, *parts) for parts in zip(fresh, handles, about, shown, strict=True)]
        ids = insert_ids(Member, members)
        insert_many(ImportedProfile, [_profile(row, id_) for row, id_ in zip(fresh, ids, strict=True)])
        remember(
            target,
            (Mapping("user", row.key, id_, f"/users/{row.text('Id')}") for row, id_ in zip(fresh, ids, strict=True)),
        )
    target.summary.imported["users"] += len(fresh)


def _member(target: Target, row: Row, handle: str, about: str, shown: Rendered) -> dict[str, Any]:
    number = row.required("Id")
    return {
        "handle": handle,
        "name": one_line(row.text("DisplayName"), LONGEST_NAME) or f"user{number}",
        "email": address(target, f"se-{number}"),
        "about": about,
        "about_html": shown.html if about else "",
        "joined_at": row.moment("CreationDate") or utcnow(),
    }


def _profile(row: Row, member_id: int) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "reputation": row.count("Reputation"),
        "views": row.count("Views"),
        "up_votes": row.count("UpVotes"),
        "down_votes": row.count("DownVotes"),
        "account_id": row.number("AccountId"),
        "location": one_line(row.text("Location"), 200),
        "website": one_line(row.text("WebsiteUrl"), 300),
        "picture": one_line(row.text("ProfileImageUrl"), 500),
        "last_seen_at": row.moment("LastAccessDate"),
    }


def _handles(people: Iterable[tuple[str, str]]) -> list[str]:
    """Return a free handle for each (name, number): the name's letters, and the number if those are taken."""
    wanted = [(handle_of(name, LONGEST_HANDLE), handle_of(number, 18)) for name, number in people]
    choices = [[h for h in (first, f"{first[:11] or 'user'}-{number}") if len(h) > 1] for first, number in wanted]
    asked = {handle for handles in choices for handle in handles}
    taken = set(db.session.scalars(select(func.lower(Member.handle)).where(func.lower(Member.handle).in_(asked))))
    found: list[str] = []
    for handles in choices:
        free = next((handle for handle in handles if handle not in taken), None) or _another(handles[-1], taken)
        taken.add(free)
        found.append(free)
    return found


def _another(handle: str, taken: set[str]) -> str:
    for number in range(2, 1_000_000):
        tried = f"{handle[:23]}-{number}"
        used = select(Member.id).where(func.lower(Member.handle) == tried)
        if tried not in taken and db.session.scalar(used) is None:
            return tried
    raise LookupError(f"no handle like {handle} is free")


def members_for(target: Target, authors: Iterable[Author]) -> dict[Author, int]:
    """Return the member of each author; who has no account gets a member by name, within this transaction."""
    wanted = set(authors)
    users = known(target, "user", (a.number for a in wanted if a.number is not None))
    found = {author: users[str(author.number)] for author in wanted if str(author.number) in users}
    nameless = {author.key: author for author in sorted(wanted - found.keys(), key=lambda a: a.key)}
    ghosts = known(target, "ghost", nameless)
    ghosts.update(_add_ghosts(target, [a for key, a in nameless.items() if key not in ghosts]))
    found.update((author, ghosts[author.key]) for author in wanted - found.keys())
    return found


def _add_ghosts(target: Target, authors: Sequence[Author]) -> dict[str, int]:
    names = [a.name or (DELETED if a.number is None else f"user{a.number}") for a in authors]
    handles = _handles((name, author.key[:8]) for name, author in zip(names, authors, strict=True))
    rows = [
        {
            "handle": handle,
            "name": name,
            "email": address(target, f"se-gone-{author.key}"),
        }
        for author, name, handle in zip(authors, names, handles, strict=True)
    ]
    ids = dict(zip((author.key for author in authors), insert_ids(Member, rows), strict=True))
    remember(target, (Mapping("ghost", key, id_) for key, id_ in ids.items()))
    target.summary.note("users", "made for authors whose account is not in the dump", len(ids))
    return ids


def write_badges(target: Target, rows: Sequence[Row]) -> None:
    """Import a batch of Badges.xml."""
    with transaction():
        fresh = unseen(target, "badge", rows, "badges")
        members = known(target, "user", (row.required("UserId") for row in fresh))
        kept = [row for row in fresh if row.reference("UserId") in members]
        target.summary.skip("badges", "the user is not in the dump", len(fresh) - len(kept))
        ids = insert_ids(ImportedBadge, [_badge(row, members[row.reference("UserId")]) for row in kept])
        remember(target, (Mapping("badge", row.key, id_) for row, id_ in zip(kept, ids, strict=True)))
    target.summary.imported["badges"] += len(kept)


def _badge(row: Row, member_id: int) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "name": one_line(row.text("Name"), 80),
        "grade": row.count("Class"),
        "for_tag": row.text("TagBased").lower() == "true",
        "at": row.required_moment("Date"),
    }
