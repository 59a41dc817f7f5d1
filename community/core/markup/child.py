"""The renderer process: answers length-prefixed JSON on its pipes until they close.

The package is loaded here under its bare name, without its parents, so that a start costs no more than
Markdown itself. That is why imports inside `markup` are relative.
"""

import json
import signal
import struct
import sys
from typing import BinaryIO

from .convert import Converter

if sys.platform != "win32":
    import resource

HEADER = struct.Struct(">I")
MEMORY_LIMIT = 512 << 20  # bytes of address space
ORPHAN_SECONDS = 15  # a child whose parent died in the middle of a text ends by itself


def main() -> None:
    """Serve until the parent closes the pipe."""
    _limit()
    converter = Converter()
    answers = sys.stdout.buffer
    _send(answers, {"ready": True})
    while (request := _receive(sys.stdin.buffer)) is not None:
        _watch(ORPHAN_SECONDS)
        _send(answers, _answer(converter, request))
        _watch(0)


def _answer(converter: Converter, request: dict[str, object]) -> object:
    text, handles, groups = request["text"], request["handles"], request.get("groups", [])
    if not isinstance(text, str) or not isinstance(handles, list) or not isinstance(groups, list):
        return {"error": "malformed request"}
    try:
        return converter.convert(text, frozenset(handles), frozenset(map(str, groups)))
    except Exception as error:
        # Whatever a parser stumbles over belongs to this one text; the next text must still be served.
        return {"error": type(error).__name__}


def _limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _watch(seconds: int) -> None:
    if sys.platform != "win32":
        signal.alarm(seconds)


def _receive(stream: BinaryIO) -> dict[str, object] | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    request: dict[str, object] = json.loads(stream.read(HEADER.unpack(header)[0]))
    return request


def _send(stream: BinaryIO, message: object) -> None:
    data = json.dumps(message).encode()
    stream.write(HEADER.pack(len(data)) + data)
    stream.flush()
