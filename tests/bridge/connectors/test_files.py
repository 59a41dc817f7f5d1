"""Files and priorities, asked of every real desk through its connector."""

import contextlib
import uuid

import pytest

from bridge.desks.contract import Desk, DeskRefusedError, NotAtDeskError, OutgoingFile

from .benches import Bench
from .test_contract import a_comment, a_query

FILES = (
    OutgoingFile("日志 naïve (1).txt", "text/plain", "第一行\r\nsecond line\n\n".encode()),
    OutgoingFile("picture.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400),
)


@pytest.fixture
def files_cross(desk: Desk) -> None:
    if not desk.capabilities().files:
        pytest.skip("files do not cross to this desk")


@pytest.mark.usefixtures("files_cross")
def test_our_files_hang_on_our_words(desk: Desk) -> None:
    made = desk.create(a_query())
    desk.add_comment(made.id, a_comment("No file"))
    number = desk.add_comment(made.id, a_comment("Two files", files=FILES))
    without, seen = desk.get(made.id).comments
    assert (without.files, seen.id, seen.own) == ((), number, True)
    there = sorted(seen.files, key=lambda file: file.content_type, reverse=True)  # their order is the desk's own
    assert [(file.name, file.content_type) for file in there] == [(file.name, file.content_type) for file in FILES]
    assert [desk.fetch_file(made.id, file.id) for file in there] == [file.content for file in FILES]
    assert all(file.size in (0, len(sent.content)) for file, sent in zip(there, FILES, strict=True))


@pytest.mark.usefixtures("files_cross")
def test_a_file_may_be_as_large_as_is_said(desk: Desk) -> None:
    made = desk.create(a_query())
    large = OutgoingFile("large.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(desk.capabilities().file_limit - 9))
    desk.add_comment(made.id, a_comment("A large one", files=(large,)))
    ((file,),) = (comment.files for comment in desk.get(made.id).comments)
    assert desk.fetch_file(made.id, file.id) == large.content


@pytest.mark.usefixtures("files_cross")
def test_names_of_files_are_no_paths(desk: Desk) -> None:
    made = desk.create(a_query())
    odd = ("../../etc/passwd.txt", 'a"b<script>.txt', "C:\\new\r\nline.txt", "字" * 300 + ".txt", ".txt")
    desk.add_comment(made.id, a_comment("Odd names", files=tuple(OutgoingFile(name, "", b"x") for name in odd)))
    (seen,) = desk.get(made.id).comments
    names = [file.name for file in seen.files]
    assert not [name for name in names if set(name) & set('/\\<>"\r\n') or len(name.encode()) > 120]
    assert {"etc passwd.txt", "a b script .txt", "C new line.txt", "txt"} < set(names)
    assert len(names) == len(odd)
    assert any(name.startswith("字字") and name.endswith("字.txt") for name in names)


@pytest.mark.usefixtures("files_cross")
def test_files_of_the_desk_come_back(bench: Bench, desk: Desk) -> None:
    made, other = desk.create(a_query()), desk.create(a_query())
    content = b"line\r\n\x00\xff\xfe" * 1000
    bench.agent_sends(made.id, "See the file", "trace 1.txt", content)
    (seen,) = desk.get(made.id).comments
    assert (seen.text, seen.own, [file.name for file in seen.files]) == ("See the file", False, ["trace 1.txt"])
    assert desk.fetch_file(made.id, seen.files[0].id) == content
    for query, file in ((other.id, seen.files[0].id), (made.id, "999999"), (made.id, "../1"), (made.id, "")):
        with pytest.raises(NotAtDeskError):
            desk.fetch_file(query, file)


@pytest.mark.usefixtures("files_cross")
def test_private_files_never_come_back(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    cursor = desk.changes_since("").cursor
    secret = f"canary-{uuid.uuid4()}"
    kept = bench.agent_keeps(made.id, f"{secret}.txt", secret.encode())
    assert kept
    with contextlib.suppress(DeskRefusedError):  # not every desk takes files that are private
        desk.add_comment(made.id, a_comment("Ours", public=False, files=(OutgoingFile(f"{secret}.txt", "", b"x"),)))
    bench.agent_sends(made.id, "Public", "public.txt", b"public")
    seen = desk.get(made.id)
    assert [(item.text, [file.name for file in item.files]) for item in seen.comments] == [("Public", ["public.txt"])]
    assert secret not in repr((seen, desk.changes_since(cursor), desk.find_by_ref(seen.our_ref)))
    for number in kept:
        with pytest.raises(NotAtDeskError):
            desk.fetch_file(made.id, number)


def test_priorities_go_out(bench: Bench, desk: Desk) -> None:
    if not desk.capabilities().priorities:
        pytest.skip("this desk has no priorities")
    made = desk.create(a_query(priority=2))
    for priority in (1, 2, 3, 4, 5, 5):
        desk.set_priority(made.id, priority)
        assert bench.priority(made.id) == bench.priorities[priority - 1]
    for wrong in (0, 6):
        with pytest.raises(DeskRefusedError):
            desk.set_priority(made.id, wrong)
    assert bench.priority(made.id) == bench.priorities[4]
