"""Many matches: only some are scored, all are counted, and what may not be seen stays unseen."""

from pathlib import Path

import pytest

from community.core.search import whoosh_ranking
from community.core.search.documents import Reader
from community.core.search.query import parse_query
from community.core.search.whoosh_backend import WhooshBackend

from .conftest import EVERYONE, NOON, document

PUBLIC = Reader(frozenset({1}), frozenset({"public"}))


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhooshBackend:
    monkeypatch.setattr(whoosh_ranking, "CANDIDATES", 5)
    backend = WhooshBackend(tmp_path / "index")
    for first in (1, 8, 15):  # three segments
        audiences = {number: "staff" if number % 3 == 0 else "public" for number in range(first, first + 7)}
        backend.replace(
            [document(number, "Question", "vpn is slow", audience=who) for number, who in audiences.items()]
        )
    return backend


def ids(backend: WhooshBackend, text: str, reader: Reader, **options: int) -> list[int]:
    return [hit.id for hit in backend.search(parse_query(text), reader, **options).hits]


def test_all_are_counted_and_paged_once(backend: WhooshBackend) -> None:
    public = [number for number in range(1, 22) if number % 3]
    assert backend.search(parse_query("vpn"), PUBLIC, limit=2).total == len(public)
    paged = [number for start in range(0, 16, 4) for number in ids(backend, "vpn", PUBLIC, limit=4, offset=start)]
    assert sorted(paged) == public
    assert set(ids(backend, "vpn", PUBLIC, limit=5)) == set(public[-5:])
    scores = [hit.score for hit in backend.search(parse_query("vpn"), EVERYONE, limit=50).hits]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 21
    backend.close()


def test_an_old_title_is_among_those_that_are_scored(backend: WhooshBackend) -> None:
    backend.replace([document(1, "The VPN", "is old"), document(2, "Staff VPN", audience="staff")])
    assert ids(backend, "vpn", PUBLIC, limit=1) == [1]
    assert set(ids(backend, "vpn", EVERYONE, limit=2)) == {1, 2}
    backend.close()


def test_a_weighty_document_is_among_those_that_are_scored(backend: WhooshBackend) -> None:
    backend.replace([document(4, "Question", "vpn is slow", weight=3.0, at=NOON)])
    assert ids(backend, "vpn", PUBLIC, limit=1) == [4]
    backend.close()


def test_replaced_and_gone_documents_are_not_found(backend: WhooshBackend) -> None:
    backend.replace([document(20, "Other")], gone=[("thread", 19)])
    found = ids(backend, "vpn", PUBLIC, limit=50)
    assert not {19, 20} & set(found)
    assert backend.search(parse_query('"vpn is slow"'), PUBLIC).total == len(found)
    assert backend.search(parse_query("type:thread"), PUBLIC).total == len(found) + 1
    assert 20 not in {hit.id for hit in backend.similar("vpn slow", PUBLIC, limit=50)}
    backend.close()
