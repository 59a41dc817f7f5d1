"""Files on their way to a desk and back."""

import mimetypes
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from bridge.desks.contract import NotAtDeskError, NotDoneError, OutgoingFile, RemoteFile, Snapshot
from community.core.outgoing import Body

from .texts import clean

LARGEST = 5 * 1024 * 1024  # in base64 and with what stands around it, still within what we read of an answer
LONGEST_NAME = 120  # in bytes, for disks count so
UNKNOWN = "application/octet-stream"
NO_NAME = "file"
SEPARATORS = re.compile(r"[/\\\"<>|:*?\s]+")
TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


def name_of(file: OutgoingFile) -> str:
    """Its name without what a desk could take for a path or markup; the ending stays where it is cut."""
    name = SEPARATORS.sub(" ", clean(file.name)).strip(" .") or NO_NAME
    ending = PurePosixPath(name).suffix[-20:] if len(name.encode()) > LONGEST_NAME else ""
    start = name.removesuffix(ending).encode()[: LONGEST_NAME - len(ending.encode())]
    return start.decode("utf-8", "ignore").strip() + ending


def type_of(name: str, said: str = "") -> str:
    """What kind of file it is: as it was said, without parameters, else by the ending of its name."""
    kind = said.partition(";")[0].strip()
    return kind if TYPE.fullmatch(kind) else mimetypes.guess_type(name)[0] or UNKNOWN


def multipart(fields: Iterable[tuple[str, str | OutgoingFile]]) -> Body:
    """A web form with texts and files under the names of their fields."""
    data, kind = encode_multipart_formdata([RequestField.from_tuples(name, _part(value)) for name, value in fields])
    return Body(data, kind)


def _part(value: str | OutgoingFile) -> str | tuple[str, bytes, str]:
    if isinstance(value, str):
        return value
    return name_of(value), value.content, type_of(value.name, value.content_type)


def must_hang(sent: Iterable[OutgoingFile], kept: Sequence[RemoteFile]) -> None:
    """Raises `NotDoneError` unless everything that was sent hangs there, as large as it was where the desk tells."""
    there = Counter(file.name for file in kept)
    sizes = {(file.name, file.size) for file in kept}
    for name, count in Counter(name_of(file) for file in sent).items():
        if there[name] < count:
            raise NotDoneError(f"the file {name!r} does not hang on the words")
    for file in sent:
        name = name_of(file)
        if (name, 0) not in sizes and (name, len(file.content)) not in sizes:
            raise NotDoneError(f"the file {name!r} is not as large at the desk as it was")


def hanging(snapshot: Snapshot, file_id: str) -> RemoteFile:
    """The file of a public comment with this id. Raises `NotAtDeskError` where none has it."""
    for comment in snapshot.comments:
        for file in comment.files:
            if file.id == file_id:
                return file
    raise NotAtDeskError(f"no public words of {snapshot.ref.id} have a file {file_id[:80]!r}")


def words_for(text: str, files: Sequence[RemoteFile]) -> str:
    """The words of a comment; where it has files only, their names."""
    return text or "\n".join(file.name for file in files)
