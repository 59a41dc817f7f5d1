import gc
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from whoosh import index
from whoosh.filedb.filestore import FileStorage

from community.core.search import whoosh_backend
from community.core.search.analyzer import VERSION
from community.core.search.backend import backend_from_url
from community.core.search.documents import SearchBusyError, SearchUnusableError
from community.core.search.query import parse_query
from community.core.search.whoosh_backend import WhooshBackend

from .conftest import EVERYONE, document

WRITER = """
import sys
from pathlib import Path
from community.core.search.whoosh_backend import WhooshBackend
from tests.core.search.conftest import document
backend = WhooshBackend(Path(sys.argv[1]))
for batch in range(int(sys.argv[2]), 10_000):
    backend.replace([document(batch * 20 + i, f"Batch {batch}", "vpn printer mail " * 20) for i in range(20)])
    print(batch, flush=True)
"""


def test_missing_and_broken_are_told(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    assert backend.count() == 0
    for call in (backend.check, lambda: backend.search(parse_query("x"), EVERYONE)):
        with pytest.raises(SearchUnusableError, match="no search index"):
            call()
    backend.replace([document(1, "Apple")])
    backend.check()
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700
    for segment in (tmp_path / "index").glob("*.seg"):
        segment.write_bytes(segment.read_bytes()[:50])
    with pytest.raises(SearchUnusableError, match="broken") as caught:
        WhooshBackend(tmp_path / "index").check()
    assert "\n" not in str(caught.value)
    backend.close()
    backend.clear()
    backend.check()
    assert backend.count() == 0
    backend.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves the file open
def test_a_broken_table_of_contents_is_told_and_cleared(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    backend.replace([document(1, "Apple")])
    for contents in (tmp_path / "index").glob("*.toc"):
        contents.write_bytes(b"\x00" * 20)
    with pytest.raises(SearchUnusableError, match="broken"):
        backend.check()
    backend.clear()
    backend.replace([document(1, "Apple")])
    assert backend.search(parse_query("apple"), EVERYONE).total == 1
    backend.close()
    gc.collect()


def test_a_killed_writer_loses_only_its_batch(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    begin = 0
    for delay in (0.0, 0.013, 0.031):
        arguments = [sys.executable, "-W", "ignore", "-c", WRITER, str(tmp_path / "index"), str(begin)]
        writer = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(3)]
        time.sleep(delay)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.readlines()
        writer.wait()
        writer.stdout.close()
        done = int([line for line in lines if line.endswith("\n")][-1]) + 1
        backend.check()
        assert backend.count() in {done * 20, (done + 1) * 20}
        begin = backend.count() // 20
    backend.replace([document(1, "Alive")])
    assert backend.search(parse_query("alive"), EVERYONE).total == 1
    backend.close()


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index", lock_seconds=0.1)
    backend.replace([document(1, "Apple")])
    lock = FileStorage(str(tmp_path / "index")).lock(f"isthmus{VERSION}_WRITELOCK")
    assert lock.acquire()
    try:
        with pytest.raises(SearchBusyError):
            backend.replace([document(2, "Pear")])
        with pytest.raises(SearchBusyError):
            backend.clear()
    finally:
        lock.release()
    backend.replace([document(2, "Pear")])
    assert backend.count() == 2
    backend.close()


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    backend.replace([document(number, f"Apple {number}", "juice " * number) for number in range(50)])

    def read(number: int) -> int:
        query = parse_query(f"apple {number}" if number % 2 else '"apple juice" tag:x apple')
        backend.search(query, EVERYONE)
        backend.similar("apple juice", EVERYONE)
        return backend.search(parse_query("apple"), EVERYONE).total

    with ThreadPoolExecutor(6) as threads:
        totals = [threads.submit(read, number) for number in range(60)]
        for number in range(50, 60):
            backend.replace([document(number, f"Apple {number}")])
        assert all(50 <= total.result() <= 60 for total in totals)
    assert read(1) == 60
    backend.close()


def test_another_process_sees_the_newest_commit(tmp_path: Path) -> None:
    writer, reader = WhooshBackend(tmp_path / "index"), WhooshBackend(tmp_path / "index")
    for number in range(1, 4):
        writer.replace([document(number, "Apple")])
        assert reader.search(parse_query("apple"), EVERYONE).total == number
    writer.clear()
    assert reader.search(parse_query("apple"), EVERYONE).total == 0
    reader.close()
    writer.close()


def test_an_index_of_another_version_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = WhooshBackend(tmp_path / "index")
    backend.replace([document(1, "Apple")])
    backend.close()
    monkeypatch.setattr(whoosh_backend, "_NAME", "isthmus999")
    with pytest.raises(SearchUnusableError, match="rebuild"):
        backend.check()
    backend.clear()
    backend.check()
    assert index.exists_in(str(tmp_path / "index"), "isthmus999")
    assert not index.exists_in(str(tmp_path / "index"), f"isthmus{VERSION}")


def test_the_setting_chooses(tmp_path: Path) -> None:
    assert isinstance(backend_from_url("", tmp_path, None), WhooshBackend)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="SEARCH_URL"):
        backend_from_url("redis://x", tmp_path, None)  # type: ignore[arg-type]
