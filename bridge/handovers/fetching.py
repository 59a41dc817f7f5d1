"""Files that come home with the desk's words: fetched and kept before the words are written, in no transaction.

Their keys are made from what the desk calls them, so that fetching them again comes to the same files. Until the words
are written no row knows of them, and nobody can read them.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from bridge.desks.contract import (
    Comment,
    Desk,
    DeskBusyError,
    DeskError,
    DeskKeyError,
    DeskUnreachableError,
    RemoteFile,
    Snapshot,
)
from bridge.queries.models import Query
from bridge.queries.operations import Files
from community import public
from community.core.images import UploadRefused, safe_file_name
from community.core.storage import valid_key
from community.public import StoredFile

from .attaching import MOST_BYTES, MOST_FILES, too_large, too_large_together, too_many

LONGEST_ENDING = 10


class OtherThreadsError(Exception):
    """A thread joined the query while its files were fetched: begin again."""


@dataclass(frozen=True)
class HomeFile:
    """A file of the desk's words: kept once for each thread, or the reason why it stays at the desk."""

    remote: RemoteFile
    stored: Mapping[int, StoredFile]
    stays: str = ""

    @property
    def name(self) -> str:
        """Its name without anything that could act in a text."""
        if self.stored:
            return next(iter(self.stored.values())).name
        ending = "".join(c for c in self.remote.name.rpartition(".")[2].lower() if c.isalnum())[:LONGEST_ENDING]
        return safe_file_name(self.remote.name, ending or "bin")

    def as_kept(self) -> dict[str, Any]:
        """What the register says of it."""
        stored = next(iter(self.stored.values()), None)
        return {
            "remote": self.remote.id,
            "key": stored.key if stored else "",
            "name": self.name,
            "size": stored.size if stored else self.remote.size,
            "type": stored.content_type if stored else self.remote.content_type[:80],
            "stays": self.stays,
        }


@dataclass(frozen=True)
class Fetcher:
    """Brings files of one query home. `renew` is called before each, for it may take long."""

    desk: Desk
    ref: str
    remote_id: str
    thread_ids: tuple[int, ...]
    renew: Callable[[], None]

    def files_of(self, words: Iterable[Comment]) -> dict[str, list[HomeFile]]:
        """The files of each comment by its id. Raises `DeskError` where the desk is silent: then nothing came yet."""
        return {comment.id: self._files(comment) for comment in words if comment.files}

    def _files(self, comment: Comment) -> list[HomeFile]:
        brought: list[HomeFile] = []
        for file in {file.id: file for file in comment.files}.values():
            taken = [next(iter(each.stored.values())).size for each in brought if each.stored]
            brought.append(self._bring(comment, file, len(taken), sum(taken)))
        return brought

    def _bring(self, comment: Comment, file: RemoteFile, count: int, size: int) -> HomeFile:
        limit = public.upload_limit()
        if file.size > limit:
            return HomeFile(file, {}, too_large(limit))
        if count >= MOST_FILES:
            return HomeFile(file, {}, too_many())
        if size + file.size > MOST_BYTES:
            return HomeFile(file, {}, too_large_together())
        self.renew()
        data = self._fetch(file)
        if data is None:
            return HomeFile(file, {}, _("it cannot be read there"))
        if len(data) > limit:
            return HomeFile(file, {}, too_large(limit))
        if size + len(data) > MOST_BYTES:
            return HomeFile(file, {}, too_large_together())
        return self._keep(comment, file, data)

    def _fetch(self, file: RemoteFile) -> bytes | None:
        try:
            return self.desk.fetch_file(self.remote_id, file.id)
        except (DeskUnreachableError, DeskBusyError, DeskKeyError):
            raise
        except DeskError:
            return None

    def _keep(self, comment: Comment, file: RemoteFile, data: bytes) -> HomeFile:
        stems = [_stem(self.ref, comment.id, file.id, thread_id) for thread_id in self.thread_ids]
        try:
            stored = public.take_in_file(file.name, data, stems)
        except UploadRefused:
            return HomeFile(file, {}, _("files of this kind are not shown here, or it is damaged"))
        return HomeFile(file, dict(zip(self.thread_ids, stored, strict=True)))


def _stem(*names: object) -> str:
    """The beginning of a key that is the same whenever the same file comes to the same thread."""
    digest = hashlib.sha256("\n".join(map(str, names)).encode()).hexdigest()
    return valid_key(digest[:32])


def for_threads(query: Query, files: Sequence[HomeFile]) -> Files:
    """The files for each thread that travels with the query now. Raises `OtherThreadsError` where one joined since."""
    kept = [file.stored for file in files if file.stored]
    try:
        return {thread_id: [stored[thread_id] for stored in kept] for thread_id in query.active_thread_ids}
    except KeyError as error:
        raise OtherThreadsError from error


def language_of(query: Query) -> str:
    """In which language our own sentences stand in the threads of a query: that of the first one's space."""
    thread = public.thread_snapshot(query.links[0].thread_id)
    return thread.space.language if thread else "en"


def with_notes(text: str, files: Sequence[HomeFile]) -> str:
    """The desk's words, and which of their files stayed there and why."""
    notes = [
        _("%(name)s stays at the service desk: %(reason)s.", name=file.name, reason=file.stays)
        for file in files
        if file.stays
    ]
    return "\n\n".join(part for part in (text, *notes) if part)


def has_files(snapshot: Snapshot) -> bool:
    """Whether anything at the desk has files, so that it is worth looking for new ones."""
    return any(comment.files for comment in snapshot.comments if not comment.own)
