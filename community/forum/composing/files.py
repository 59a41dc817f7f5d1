"""Uploaded files: taken in, checked by content, served only to who may read what they belong to."""

import secrets
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import select

from community.core.app import limiter
from community.core.db import db
from community.core.images import Upload, UploadRefused, generated_avatar, inspect_upload
from community.core.policies import Actor, actor, initials, member_required, public
from community.core.settings import Settings
from community.core.storage import FileMissing, Storage

from .. import queries
from ..models import Attachment
from ..snapshots import StoredFile

files = Blueprint("files", __name__)

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


Reads = Callable[[Actor, Attachment], bool]
_also: list[Reads] = []


def reads_too(may: Reads) -> Reads:
    """Let those read a file that no post shows yet of whom this says so."""
    if may not in _also:
        _also.append(may)
    return may


def storage() -> Storage:
    """Where files are kept."""
    found: Storage = current_app.extensions["isthmus.storage"]
    return found


@files.post("/files")
@member_required
@limiter.limit("60 per hour")
def upload() -> Response | tuple[Response, int]:
    """Take a file in; answers the Markdown that shows it."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return jsonify(error=_("Choose a file first.")), 422
    data = given.read(upload_limit() + 1)
    try:
        (stored,) = take_in(given.filename, data, [secrets.token_hex(12)])
    except UploadRefused as refused:
        return jsonify(error=str(refused.reason)), 422
    db.session.add(stored.row(actor().id or 0))
    return jsonify(markdown=stored.markdown, url=f"/files/{stored.key}")


def upload_limit() -> int:
    """How large a file may be, in bytes."""
    settings: Settings = current_app.extensions["isthmus.settings"]
    return settings.upload_limit


def take_in(name: str, data: bytes, stems: Iterable[str]) -> list[StoredFile]:
    """Check a file and keep its bytes once for each stem of a key; the database learns nothing of it.

    Done again with the same stems it comes to the same. Raises `UploadRefused` and `StorageError`.
    """
    upload = inspect_upload(name, data, limit_bytes=upload_limit())
    return [_store(upload, stem) for stem in stems]


def _store(upload: Upload, stem: str) -> StoredFile:
    ending = upload.safe_name.rpartition(".")[2].lower() or "bin"
    key = f"{stem}.{ending}"
    storage().put(f"files/{key}", upload.data, upload.content_type)
    return StoredFile(
        key=key,
        name=upload.safe_name,
        content_type=upload.content_type,
        kind=upload.kind,
        size=len(upload.data),
        width=upload.width,
        height=upload.height,
    )


def content_of(key: str) -> bytes:
    """What is in a file, whoever asks. Raises `FileMissing` and `StorageError`."""
    return storage().get(f"files/{key}")


@files.get("/files/<string:key>")
@public
def serve(key: str) -> Response:
    """A file, to its uploader and to who may read the post it belongs to."""
    attachment = db.session.scalar(select(Attachment).where(Attachment.key == key))
    if attachment is None or not _may_read(attachment):
        abort(404)
    try:
        data = content_of(key)
    except FileMissing:
        abort(404)
    response = Response(data, mimetype=attachment.content_type)
    shown = "inline" if attachment.kind == "image" else "attachment"
    response.headers.set("Content-Disposition", shown, filename=attachment.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _may_read(attachment: Attachment) -> bool:
    if actor().is_member and attachment.member_id == actor().id:
        return True
    if attachment.post_id is not None:
        return queries.post_for(actor(), attachment.post_id) is not None
    return actor().is_member and any(may(actor(), attachment) for may in _also)


@files.get("/avatars/<string:key>")
@public
def avatar(key: str) -> Response:
    """An uploaded portrait; its name changes with its content."""
    try:
        data = storage().get(f"avatars/{key}")
    except (FileMissing, ValueError):
        abort(404)
    response = Response(data, mimetype="image/webp")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@files.get("/avatars/drawn/<string:handle>.svg")
@public
def drawn(handle: str) -> Response:
    """A portrait that we draw from a handle, for feeds and programs; pages draw initials themselves."""
    response = Response(generated_avatar(handle, initials(handle)), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
