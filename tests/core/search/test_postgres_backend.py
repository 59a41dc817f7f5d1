from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from community.core.search import postgres_backend
from community.core.search.backend import backend_from_url
from community.core.search.documents import SearchUnusableError
from community.core.search.postgres_backend import PostgresBackend
from community.core.search.query import parse_query

from .conftest import EVERYONE, document


def test_missing_and_outdated_tables_are_told(postgres: Engine, tmp_path: Path) -> None:
    backend = backend_from_url("postgresql:", tmp_path, postgres)
    with postgres.begin() as connection:
        connection.execute(text("drop table if exists search_document, search_spelling"))
    assert backend.count() == 0
    with pytest.raises(SearchUnusableError, match="no search index"):
        backend.check()
    with pytest.raises(SearchUnusableError, match="search_document") as caught:
        backend.search(parse_query("x"), EVERYONE)
    assert "\n" not in str(caught.value)
    backend.replace([document(1, "Apple")])
    backend.check()
    with postgres.begin() as connection:
        connection.execute(text("comment on table search_document is 'isthmus search 0'"))
    with pytest.raises(SearchUnusableError, match="version"):
        backend.check()
    backend.clear()
    backend.check()


def test_another_database_is_refused() -> None:
    with pytest.raises(SearchUnusableError, match="PostgreSQL"):
        PostgresBackend(create_engine("sqlite://")).check()


def test_only_so_many_are_ranked(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_backend, "CANDIDATES", 10)
    backend = PostgresBackend(postgres)
    backend.clear()
    backend.replace([document(number, "Apple") for number in range(30)] + [document(99, "Pear")])
    hits = backend.search(parse_query("apple"), EVERYONE)
    assert (hits.total, {hit.id for hit in hits.hits}) == (10, set(range(20, 30)))
    assert [hit.id for hit in backend.similar("apple pear", EVERYONE)] == [99]
