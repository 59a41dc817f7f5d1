"""The gate of `make coverage` lets through what it should, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.coverage_gate import Gate, faults_of, gate_of

ROOT = Path(__file__).parent.parent.parent
GATE = Gate(lines=95, branches=100, decisive=("*/policies.py", "bridge/desks/*.py"))


def a_module(covered: int, branches: int = 4, *, of: int = 100) -> dict[str, Any]:
    summary = {"covered_lines": covered, "num_statements": of, "covered_branches": branches, "num_branches": 4}
    return {"summary": summary, "missing_lines": [7, 9], "missing_branches": [[3, 5]]}


@pytest.mark.parametrize(
    ("name", "module", "faults"),
    [
        ("community/a.py", a_module(95, 0), []),
        ("community/a.py", a_module(94), ["community/a.py: lines 7, 9 are not reached"]),
        ("community/empty.py", a_module(0, of=0), []),
        ("x/policies.py", a_module(100), []),
        ("x/policies.py", a_module(99), ["x/policies.py: lines 7, 9 are not reached"]),
        ("bridge/desks/verbs.py", a_module(100, 3), ["bridge/desks/verbs.py: branches 3->5 are not taken"]),
    ],
)
def test_what_is_below(tmp_path: Path, name: str, module: dict[str, Any], faults: list[str]) -> None:
    report = tmp_path / "report.json"
    whole = {"a/policies.py": a_module(100), "bridge/desks/forms.py": a_module(100), name: module}
    report.write_text(json.dumps({"files": whole}))
    assert faults_of(report, GATE) == faults


def test_a_report_of_something_else_is_no_success(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"files": {"x/policies.py": a_module(100)}}))
    assert faults_of(report, GATE) == ["the report names no module like bridge/desks/*.py"]


def test_each_pattern_of_the_project_names_modules() -> None:
    for pattern in gate_of(ROOT / "pyproject.toml").decisive:
        assert list(ROOT.glob(f"**/{pattern.removeprefix('*/')}")), pattern
