"""Files that came with a letter, checked like uploads; decoration and signatures of programs are left out."""

import hashlib

from community.core.images import UploadRefused
from community.core.mail.letters import Attachment, Letter
from community.forum.composing.files import take_in
from community.forum.snapshots import StoredFile

MOST_FILES = 10
SMALLEST_PICTURE = 10_000  # bytes; smaller ones within a text are logos and counting dots
NO_FILES = frozenset(
    {
        "application/pgp-signature",
        "application/pgp-keys",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/ms-tnef",
        "message/delivery-status",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
    }
)


def files_of(member_id: int, letter: Letter) -> tuple[list[StoredFile], list[str]]:
    """The files that were taken, and a line for each that could not be. Raises `StorageError`.

    A letter that is received again after a failure keeps its files in the same places.
    """
    files: list[StoredFile] = []
    troubles: list[str] = []
    for number, file in enumerate(file for file in letter.attachments if _is_meant(file)):
        name = file.name.replace("\n", " ")
        try:
            if number >= MOST_FILES:
                troubles.append(name)
            else:
                files += take_in(name, file.read(), [_stem(member_id, letter, number)])
        except UploadRefused as refused:
            troubles.append(f"{name}: {refused.reason}")
    return files, troubles


def _is_meant(file: Attachment) -> bool:
    decoration = file.embedded and file.type.startswith("image/") and file.size < SMALLEST_PICTURE
    return file.type not in NO_FILES and not decoration


def _stem(member_id: int, letter: Letter, number: int) -> str:
    """A name that nobody can guess, for whoever knows it may try to fetch the file; the content makes it so."""
    identity = f"{member_id}\0{letter.message_id}\0{letter.content}\0{number}"
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:24]
