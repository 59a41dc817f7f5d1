"""Sends load to running servers, each page in turn, several rounds, and takes the medians."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .generator import CONNECTIONS, MOST, PATIENCE
from .visiting import Target

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Speed:
    """Requests per second; milliseconds that half and 95 % of the answers took; how many there were."""

    rate: float
    p50: float
    p95: float
    count: int


@dataclass
class Load:
    """Measures targets; numbers its requests through all of them, so that none repeats another."""

    seconds: float
    connections: int = CONNECTIONS
    _next: int = 1
    _measured: dict[str, list[Speed]] = field(default_factory=dict)

    def warm_up(self, target: Target, port: int) -> None:
        """So that every worker has imported, compiled and connected."""
        self._send(target, port, seconds=min(2.0, self.seconds), most=120)

    def measure(self, target: Target, port: int) -> Speed:
        """One round of one target."""
        speed = self._send(target, port, seconds=self.seconds, most=MOST)
        self._measured.setdefault(target.key, []).append(speed)
        return speed

    def medians(self) -> dict[str, Speed]:
        """The median round of each figure, by target."""
        return {key: _median(speeds) for key, speeds in self._measured.items()}

    def _send(self, target: Target, port: int, *, seconds: float, most: int) -> Speed:
        asked = {
            "port": port,
            "requests": [visit.raw() for visit in target.visits],
            "seconds": seconds,
            "most": most,
            "connections": self.connections,
            "first": self._next,
        }
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.generator"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=seconds + 2 * PATIENCE,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{target.label}: {ran.stderr.strip().splitlines()[-1]}")
        found = json.loads(ran.stdout)
        self._next += found["count"]
        if set(found["statuses"]) != {str(target.status)}:
            raise RuntimeError(f"{target.label}: answers were {found['statuses']}, only {target.status} is right")
        return Speed(found["rate"], found["p50"], found["p95"], found["count"])


def _median(speeds: list[Speed]) -> Speed:
    return Speed(
        rate=statistics.median(speed.rate for speed in speeds),
        p50=statistics.median(speed.p50 for speed in speeds),
        p95=statistics.median(speed.p95 for speed in speeds),
        count=sum(speed.count for speed in speeds),
    )
