"""The load generator, a process of its own: `python -m benchmarks.generator` reads what to do as JSON, answers JSON.

One thread keeps a number of connections busy. Sync workers close a connection after each answer, so each request
has its own. Bounded in count and time, and it speaks to this machine only.
"""

import json
import selectors
import socket
import statistics
import sys
import time
from dataclasses import dataclass, field

CONNECTIONS = 8
MOST = 50_000
PATIENCE = 30.0  # seconds for one answer
ADDRESSES = 4000  # pretended visitors, so that no limit per address is met
NUMBER = b"@@@@@@@"  # replaced by the request's number, at the same length


@dataclass
class Exchange:
    """One request on its way."""

    connection: socket.socket
    begun: float
    head: bytes = b""
    size: int = 0


@dataclass
class Outcome:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    size: int = 0
    elapsed: float = 0.0


class Generator:
    """Sends requests in turn over several connections until the time is over."""

    def __init__(self, port: int, requests: list[bytes], first: int) -> None:
        self._port = port
        self._requests = requests
        self._number = first
        self._selector = selectors.DefaultSelector()
        self.outcome = Outcome()

    def run(self, seconds: float, most: int, connections: int) -> Outcome:
        """Keep `connections` busy for so long, at most `most` requests; wait for the answers that are due."""
        begun = time.perf_counter()
        until, last = begun + seconds, self._number + min(most, MOST)
        for _ in range(min(connections, most)):
            self._send()
        while self._selector.get_map():
            ready = self._selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
            for key, _events in ready:
                if self._receive(key.data) and time.perf_counter() < until and self._number < last:
                    self._send()
        self.outcome.elapsed = time.perf_counter() - begun
        return self.outcome

    def _send(self) -> None:
        number = self._number
        self._number += 1
        visitor = number % ADDRESSES
        address = f"X-Forwarded-For: 10.9.{visitor // 250}.{visitor % 250 + 1}\r\n\r\n".encode()
        request = self._requests[number % len(self._requests)].replace(NUMBER, b"%07d" % number)
        begun = time.perf_counter()
        connection = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\n" + address, 1))
        self._selector.register(connection, selectors.EVENT_READ, Exchange(connection, begun))

    def _receive(self, exchange: Exchange) -> bool:
        """Take what came; whether the answer is whole."""
        try:
            data = exchange.connection.recv(262_144)
        except ConnectionError:
            data = b""
        exchange.head = exchange.head or data[:200]
        exchange.size += len(data)
        if data:
            return False
        self._selector.unregister(exchange.connection)
        exchange.connection.close()
        self.outcome.seconds.append(time.perf_counter() - exchange.begun)
        status = exchange.head[9:12].decode("ascii", "replace") or "none"
        self.outcome.statuses[status] = self.outcome.statuses.get(status, 0) + 1
        self.outcome.size = exchange.size
        return True


def summary(outcome: Outcome) -> dict[str, object]:
    """Requests per second, the median and 95th percentile in milliseconds, and what answers there were."""
    times = sorted(outcome.seconds)
    return {
        "count": len(times),
        "rate": len(times) / outcome.elapsed,
        "p50": statistics.median(times) * 1000,
        "p95": times[min(len(times) - 1, int(len(times) * 0.95))] * 1000,
        "statuses": outcome.statuses,
        "size": outcome.size,
    }


def main() -> None:
    """Do what standard input says: {port, requests, seconds, most, connections, first}."""
    asked = json.load(sys.stdin)
    requests = [request.encode() for request in asked["requests"]]
    generator = Generator(asked["port"], requests, asked["first"])
    outcome = generator.run(asked["seconds"], asked["most"], asked["connections"])
    json.dump(summary(outcome), sys.stdout)


if __name__ == "__main__":
    main()
