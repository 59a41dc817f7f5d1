"""Our own files, as the tests of the architecture read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("community", "knowledge", "gamification", "bridge")
TEMPLATES = ROOT / "templates"
MIGRATIONS = ROOT / "community/core/migrations"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file and its syntax tree."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        """Its path from the top of the checkout."""
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """Its dotted name."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_package(self) -> bool:
        """Whether it is an `__init__.py`."""
        return self.path.name == "__init__.py"


@cache
def read(path: Path) -> Source:
    """Parse a file, once."""
    text = path.read_text(encoding="utf-8")
    return Source(path, ast.parse(text, str(path)), len(text.splitlines()))


def python_files(*folders: str) -> list[Source]:
    """Sources below these folders of the checkout; generated migrations are not ours to shape."""
    found = sorted(path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py"))
    return [read(path) for path in found if MIGRATIONS not in path.parents]


def templates(*endings: str) -> list[Path]:
    """Template files with these endings."""
    return sorted(p for ending in endings or (".html", ".txt") for p in TEMPLATES.rglob(f"*{ending}"))


def functions(source: Source) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    for node in ast.walk(source.tree):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from `def` to the last one."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def imported(source: Source, node: ast.AST) -> list[str]:
    """Absolute dotted names that an import statement asks for; empty for any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = _absolute(source, node)
        return [f"{base}.{alias.name}" for alias in node.names]
    return []


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = source.module.split(".")
    up = node.level - 1 if source.is_package else node.level
    base = parts[: len(parts) - up]
    return ".".join([*base, node.module] if node.module else base)


def is_ours(name: str) -> bool:
    """Whether a dotted name belongs to one of the four packages."""
    return name.partition(".")[0] in PACKAGES


def report(offenders: list[str], rule: str) -> None:
    """Fail with every offender, one a line."""
    assert not offenders, f"{rule}: {len(offenders)} offenders\n  " + "\n  ".join(offenders)
