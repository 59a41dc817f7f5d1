"""Files that go to a desk with the words they came with: which of them go, and what is said of those that stay."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from bridge.desks.contract import Capabilities, OutgoingFile
from bridge.queries.models import QueryThread
from community import public
from community.core.db import db
from community.core.markup import without_private
from community.core.storage import FileMissing
from community.public import FileSnapshot, PostSnapshot

from .models import DeskMessage, HandOver, MessageState

# What crosses with one message, in either direction; bytes in all.
MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
MEGABYTE = 1024 * 1024
# A file that is not shown any more is not even named: its name was hidden with it.
HIDDEN = "hidden"
KEY = re.compile(r"/files/([a-z0-9.-]+)")
LINK = re.compile(r"!?\[([^\]\n]*)\]\(/files/[a-z0-9.-]+\)")


def files_with(way: HandOver, post: PostSnapshot, author_id: int) -> list[dict[str, Any]]:
    """The files of a post whose words cross: the author's, others' where the desk wants their words; each once."""
    if not post.attachments or post.hidden or (way.desk.only_author and post.author.id != author_id):
        return []
    leave = crossing_keys(post) - _sent_before(way)
    return [described(file) for file in public.files_of_posts([post.id]).get(post.id, ()) if file.key in leave]


def crossing_keys(post: PostSnapshot) -> set[str]:
    """The files of a post but for those that it shows in private passages only."""
    outside = _linked(without_private(post.body)[0])
    return set(post.attachment_keys) - (_linked(post.body) - outside)


def _linked(text: str) -> set[str]:
    return set(KEY.findall(text))


def posts_with_files(link: QueryThread) -> list[PostSnapshot]:
    """The author's own posts with files when the thread was taken to the desk: their files go with the query."""
    return [post for post in public.post_snapshots(link.thread_id) if post.attachments and went_with(post, link)]


def went_with(post: PostSnapshot, link: QueryThread) -> bool:
    """Whether a post is the author's own and was there when the thread was taken to the desk."""
    return post.author.id == link.author_id and post.created_at <= link.linked_at


def names_that_go(posts: Iterable[PostSnapshot], author_id: int) -> tuple[str, ...]:
    """The names of the files that go with a query made of these posts, for whoever decides on it. Asks nothing."""
    return tuple(
        name
        for post in posts
        if post.author.id == author_id
        for key, name in zip(post.attachment_keys, post.attachments, strict=True)
        if key in crossing_keys(post)
    )


def described(file: FileSnapshot) -> dict[str, Any]:
    """A file as it is kept with the words that it goes with."""
    return {
        "key": file.key,
        "name": file.name,
        "size": file.size,
        "type": file.content_type,
        "post_id": file.post_id,
        "stays": "",
    }


def _sent_before(way: HandOver) -> set[str]:
    kept = db.session.scalars(
        select(DeskMessage.files).where(
            DeskMessage.hand_over_id == way.id, DeskMessage.state != MessageState.RECEIVED.value
        )
    )
    return {str(file["key"]) for files in kept for file in files}


def named_in(text: str) -> str:
    """Words in which files stand by their names: their addresses here lead nowhere at the desk."""
    return LINK.sub(r"[\1]", text)


def sort_out(files: Sequence[Mapping[str, Any]], desk: Capabilities) -> list[dict[str, Any]]:
    """The files, those that cannot go with the reason in `stays`, as things are now; in the language that is spoken."""
    known = public.files_by_keys([file["key"] for file in files])
    sorted_out: list[dict[str, Any]] = []
    for file in files:
        going = [each for each in sorted_out if not each["stays"]]
        reason = _reason_to_stay(file, known.get(file["key"]), desk, going)
        sorted_out.append({**file, "stays": reason})
    return sorted_out


def _reason_to_stay(
    file: Mapping[str, Any], known: FileSnapshot | None, desk: Capabilities, going: Sequence[Mapping[str, Any]]
) -> str:
    if known is None or known.hidden:
        return HIDDEN
    if not desk.files:
        return _("files do not cross to this desk")
    if desk.file_limit and file["size"] > desk.file_limit:
        return too_large(desk.file_limit)
    if len(going) >= MOST_FILES:
        return too_many()
    if sum(each["size"] for each in going) + file["size"] > MOST_BYTES:
        return too_large_together()
    return ""


def too_large(limit: int) -> str:
    """Why a file of more than so many bytes does not cross."""
    return _("it is larger than %(limit)s MB", limit=f"{limit / MEGABYTE:.3g}")


def too_many() -> str:
    """Why the next file does not cross."""
    return _("no more than %(count)s files cross with one message", count=MOST_FILES)


def too_large_together() -> str:
    """Why a file does not cross beside others."""
    return _("the files of one message are larger than %(limit)s MB together", limit=MOST_BYTES // MEGABYTE)


def read_in(message: DeskMessage) -> tuple[OutgoingFile, ...]:
    """The files that go, with what is in them; one that the storage has lost stays. Asks the storage, holds nothing."""
    read, kept = [], []
    for file in message.files:
        stays = file["stays"]
        try:
            if not stays:
                read.append(OutgoingFile(file["name"], file["type"], public.file_content(file["key"])))
        except FileMissing:
            stays = _("it is lost")
        kept.append({**file, "stays": stays})
    message.files = kept
    return tuple(read)


def leave_here(message: DeskMessage) -> bool:
    """The desk refuses the words with their files: they go without them. Whether there were any that went."""
    going = any(not file["stays"] for file in message.files)
    refused = _("the desk did not take it")
    message.files = [{**file, "stays": file["stays"] or refused} for file in message.files]
    return going


def with_notes(message: DeskMessage) -> str:
    """The words, and which of their files stay here, why, and where they are found."""
    base = str(current_app.config["PUBLIC_URL"])
    notes = [
        _(
            "%(name)s stays in the community (%(reason)s): %(url)s",
            name=file["name"],
            reason=file["stays"],
            url=f"{base}/posts/{file['post_id']}",
        )
        for file in message.files
        if file["stays"] not in ("", HIDDEN)
    ]
    return "\n\n".join([message.text, *notes])
