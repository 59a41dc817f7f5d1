"""The desks of the contract test, spoken to by a file instead of a connector."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from tests.bridge.connectors.benches import Bench, django_helpdesk_bench, roundup_bench

from .kontor import KontorBench, kontor


@contextmanager
def roundup_by_file() -> Iterator[Bench]:
    with roundup_bench() as bench:
        bench.settings = replace(bench.settings, kind="file:roundup", options={"account": "bridge"})
        yield bench


@contextmanager
def django_helpdesk_by_file() -> Iterator[Bench]:
    """The file does not name people by their numbers."""
    with django_helpdesk_bench() as bench:
        options = {"account": "bridge", "user": "1"}
        bench.settings, bench.agent = (
            replace(bench.settings, kind="file:django-helpdesk", options=options),
            "Service desk",
        )
        yield bench


@contextmanager
def kontor_by_guide() -> Iterator[Bench]:
    with kontor() as (url, desk):
        yield KontorBench(url, desk)


BENCHES: Mapping[str, Callable[[], AbstractContextManager[Bench]]] = {
    "roundup": roundup_by_file,
    "django-helpdesk": django_helpdesk_by_file,
    "kontor": kontor_by_guide,
}
