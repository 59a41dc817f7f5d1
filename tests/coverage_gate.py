"""Fails where tests reach too little of a module: `python -m tests.coverage_gate report.json`, after `pytest --cov`.

The thresholds stand in pyproject.toml under `tool.coverage_gate`.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Gate:
    """How much of a module must be reached, in percent; all branches count in decisive ones only."""

    lines: float
    branches: float
    decisive: tuple[str, ...]

    def faults(self, name: str, module: Mapping[str, Any]) -> Iterator[str]:
        """What is missing in one module, as coverage reports it."""
        summary = module["summary"]
        decisive = any(fnmatch(name, pattern) for pattern in self.decisive)
        least = 100 if decisive else self.lines
        if _percent(summary["covered_lines"], summary["num_statements"]) < least:
            yield f"{name}: lines {_listed(module['missing_lines'])} are not reached"
        if decisive and _percent(summary["covered_branches"], summary["num_branches"]) < self.branches:
            jumps = (f"{start}->{end}" for start, end in module["missing_branches"])
            yield f"{name}: branches {_listed(jumps)} are not taken"


def _percent(covered: int, all_: int) -> float:
    return 100 * covered / all_ if all_ else 100


def _listed(things: object) -> str:
    return ", ".join(str(thing) for thing in things)  # type: ignore[attr-defined]


def gate_of(pyproject: Path) -> Gate:
    """The thresholds that the project declares."""
    told = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["coverage_gate"]
    return Gate(told["lines"], told["branches"], tuple(told["decisive"]))


def faults_of(report: Path, gate: Gate) -> list[str]:
    """Everything below the thresholds. Fails where the report names no decisive module: it measured something else."""
    modules = json.loads(report.read_text(encoding="utf-8"))["files"]
    for pattern in gate.decisive:
        if not any(fnmatch(name, pattern) for name in modules):
            return [f"the report names no module like {pattern}"]
    return [fault for name, module in sorted(modules.items()) for fault in gate.faults(name, module)]


def main() -> int:
    """Print what is below; the exit code is 1 when anything is."""
    faults = faults_of(Path(sys.argv[1]), gate_of(ROOT / "pyproject.toml"))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or "Every module is tested as far as it must be.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
