"""Files with words: how a desk file says that they are sent and fetched."""

import base64
import binascii
from typing import Any

from bridge.desks.connectors.files import name_of, type_of
from bridge.desks.contract import DeskRefusedError, OutgoingFile

from .description import Description
from .paths import read_path
from .reading import text_at
from .templates import Values
from .wire import RAW, Request, Wire


def send(wire: Wire, steps: list[Request], values: Values, sent: tuple[OutgoingFile, ...]) -> None:
    """Run the steps of words with these files. A step that is for each file gives lists of what it takes."""
    each = wire.description.part("files").get("each")
    listed = [file if each is None else values.also(**_described(file)).deep(each) for file in sent]
    values = values.also(files=listed)
    for step in steps:
        values = _for_each(wire, step, values, sent) if step.get("each_file") else wire.step(step, values)[1]


def _for_each(wire: Wire, step: Request, values: Values, sent: tuple[OutgoingFile, ...]) -> Values:
    done = [wire.step(step, values.also(**_described(file)))[1].known for file in sent]
    names = (*step.get("take", {}), *step.get("take_header", {}))
    return values.also(**{name: [known[name] for known in done] for name in names})


def _described(file: OutgoingFile) -> dict[str, Any]:
    return {
        "file": file,
        "file_name": name_of(file),
        "file_type": type_of(file.name, file.content_type),
        "file_base64": base64.b64encode(file.content).decode(),
    }


def fetch(wire: Wire, description: Description, values: Values) -> bytes:
    """What is in a file: the answer itself, or base64 somewhere in it."""
    part = description.part("files.fetch")
    if "content" not in part:
        return wire.ask({**part, RAW: True}, values).answer.body
    document, _values = wire.step(part, values)
    try:
        return base64.b64decode(text_at(read_path(part["content"]), document), validate=False)
    except binascii.Error as error:
        raise DeskRefusedError(f"at “{part['content']}” is no file in base64: {error}") from error
