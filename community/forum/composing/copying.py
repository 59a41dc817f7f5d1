"""Files that a text shows once more. Each post has files of its own, so that they are read by who reads that post."""

import secrets
from collections.abc import Collection

from sqlalchemy import and_, or_, select

from community.core.db import db
from community.core.storage import FileMissing

from ..editing.operations import FILE_LINK
from ..models import Attachment, Post, Thread
from ..snapshots import StoredFile
from .files import content_of, storage


def with_own_files(body: str, *, by_id: int, lent: Collection[str] = ()) -> str:
    """The text with copies in the place of files that another post shows: files of `by_id`, and the keys that are lent.

    The copies are `by_id`'s until a post shows them, so that whoever reads that post reads them; who reads the others
    stays as it was. Files of hidden posts, and what is gone from the storage, stay as they are. Raises `StorageError`.
    """
    keys = set(FILE_LINK.findall(body))
    copies = {row.key: copy for row in _to_copy(keys, by_id, lent) if (copy := _copied(row)) is not None}
    db.session.add_all(copy.row(by_id) for copy in copies.values())
    return FILE_LINK.sub(lambda link: f"/files/{copies[link[1]].key}" if link[1] in copies else link[0], body)


def _to_copy(keys: Collection[str], by_id: int, lent: Collection[str]) -> list[Attachment]:
    if not keys:
        return []
    own = and_(Attachment.member_id == by_id, Attachment.post_id.is_not(None))
    anothers = and_(Attachment.member_id != by_id, Attachment.key.in_(lent))
    seen = and_(Post.hidden_at.is_(None), Thread.hidden_at.is_(None))
    wanted = (
        select(Attachment)
        .outerjoin(Post, Post.id == Attachment.post_id)
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .where(Attachment.key.in_(keys), or_(own, anothers), or_(Attachment.post_id.is_(None), seen))
    )
    return list(db.session.scalars(wanted.order_by(Attachment.id)))


def _copied(row: Attachment) -> StoredFile | None:
    try:
        data = content_of(row.key)
    except FileMissing:
        return None
    key = f"{secrets.token_hex(12)}.{row.key.rpartition('.')[2]}"
    storage().put(f"files/{key}", data, row.content_type)
    return StoredFile(key, row.name, row.content_type, row.kind, row.size, row.width or 0, row.height or 0)
