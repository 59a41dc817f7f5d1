"""What was measured, and whether it reaches the goals."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .inside import Cost
from .loadtest import Speed
from .serving import Memory
from .visiting import Target

FOLDER = Path(__file__).parent / "results"
PAGE_KB, ASSETS_KB, MEMORY_MB, CPU_MS = 60, 60, 220, 8
STATEMENTS = {"thread": 3, "thread_new": 3, "thread_in": 8, "home_in": 6, "live": 1, "live_in": 2, "reply": 12}
TABS, ASKED_EVERY, CORE_SHARE = 1000, 20, 10  # open pages, seconds between two questions of one, % of a core
THREADS = ("thread", "thread_new", "thread_in")


@dataclass(frozen=True)
class Results:
    """All figures of one run."""

    about: dict[str, str | int | float]
    speeds: dict[str, Speed]
    costs: dict[str, Cost]
    statements_short: dict[str, int]
    memory: Memory
    parent: Memory
    renderers: Memory
    assets: dict[str, int]
    index_mb: float
    database_mb: float


@dataclass(frozen=True)
class Goal:
    """A goal beside its figure; `met` is None where the figure is missing."""

    what: str
    wanted: str
    figure: str
    met: bool | None


def goals(results: Results) -> list[Goal]:
    """Every goal beside what was measured."""
    found = [
        _ratio(results, "thread", "ceiling_jinja", 1.0),
        _ratio(results, "thread_in", "ceiling_orm", 0.5),
        _at_most("CPU, thread signed in", _cpu(results, "thread_in"), CPU_MS, "ms"),
        *(_share(results, key) for key in ("live", "live_in")),
    ]
    for key, most in STATEMENTS.items():
        found.append(_at_most(f"SQL statements, {key}", results.costs[key].statements, most))
    for key in THREADS:
        few, many = results.statements_short[key], results.costs[key].statements
        found.append(Goal(f"SQL of 3 and of 20 replies, {key}", "the same", f"{few} and {many}", few == many))
    heaviest = max(results.costs[key].plain for key in THREADS) / 1000
    found.append(_at_most("HTML of a thread", heaviest, PAGE_KB, "KB"))
    assets = (results.assets["css"] + results.assets["js"]) / 1000
    found.append(_at_most("CSS and JS, compressed", assets, ASSETS_KB, "KB"))
    found.append(_at_most("Two web workers, most resident", results.memory.peak or None, MEMORY_MB, "MB"))
    share = results.memory.share + results.parent.share  # pages that processes share count once
    found.append(_at_most("Workers and parent, shared fairly", share or None, MEMORY_MB, "MB"))
    return found


def _cpu(results: Results, key: str) -> float:
    return results.costs[key].cpu


def _share(results: Results, key: str) -> Goal:
    """What of one core many open pages take that all ask whether something came."""
    share = _cpu(results, key) / 1000 * TABS / ASKED_EVERY * 100
    return _at_most(f"{TABS} open pages, {key}", share, CORE_SHARE, "% of a core")


def _ratio(results: Results, key: str, ceiling: str, least: float) -> Goal:
    what = f"{key} per second / {ceiling}"
    if key not in results.speeds or ceiling not in results.speeds:
        return Goal(what, f">= {least}", "not measured", None)
    ratio = results.speeds[key].rate / results.speeds[ceiling].rate
    return Goal(what, f">= {least}", f"{ratio:.2f}", ratio >= least)


def _at_most(what: str, figure: float | None, most: float, unit: str = "") -> Goal:
    if figure is None:
        return Goal(what, f"<= {most:g} {unit}".strip(), "not measured", None)
    return Goal(
        what, f"<= {most:g} {unit}".strip(), f"{figure:.1f}".removesuffix(".0") + f" {unit}".rstrip(), figure <= most
    )


def show(results: Results, targets: list[Target], console: Console) -> None:
    """Print the figures, then the goals."""
    console.print("  ".join(f"{name}: {value}" for name, value in results.about.items()), style="dim")
    console.print(_figures(results, targets))
    console.print(_rest(results))
    console.print(_goals(results))


def _figures(results: Results, targets: list[Target]) -> Table:
    table = Table(title="Pages")
    table.add_column("page")
    for name in ("requests/s", "p50 ms", "p95 ms", "CPU ms", "SQL", "HTML KB", "gzip KB"):
        table.add_column(name, justify="right")
    for target in targets:
        speed, cost = results.speeds.get(target.key), results.costs.get(target.key)
        table.add_row(
            target.label,
            *((f"{speed.rate:.0f}", f"{speed.p50:.1f}", f"{speed.p95:.1f}") if speed else ("", "", "")),
            *(_cost(cost) if cost else ()),
        )
    return table


def _cost(cost: Cost) -> tuple[str, ...]:
    weight = (f"{cost.plain / 1000:.1f}", f"{cost.packed / 1000:.1f}") if cost.plain > 1000 else ("", "")
    return (f"{cost.cpu:.2f}", str(cost.statements), *weight)


def _rest(results: Results) -> Table:
    table = Table(title="Memory and disk")
    for name in ("what", "figure"):
        table.add_column(name)
    processes = {"two workers": results.memory, "their parent": results.parent, "their renderers": results.renderers}
    for name, memory in processes.items():
        figures = f"{memory.peak:.0f} MB at most, {memory.resident:.0f} now, {memory.share:.0f} shared fairly"
        table.add_row(name, figures if memory.peak else "not known here")
    sizes = ", ".join(f"{name} {size / 1000:.1f} KB" for name, size in results.assets.items())
    table.add_row("static files, compressed", sizes)
    table.add_row("search index", f"{results.index_mb:.1f} MB")
    table.add_row("database", f"{results.database_mb:.1f} MB")
    return table


def _goals(results: Results) -> Table:
    table = Table(title="Goals")
    for name in ("what", "goal", "figure", ""):
        table.add_column(name)
    for goal in goals(results):
        verdict = {True: "[green]met[/green]", False: "[red]missed[/red]", None: ""}[goal.met]
        table.add_row(goal.what, goal.wanted, goal.figure, verdict)
    return table


def save(results: Results) -> Path:
    """Keep the figures as JSON under the day's date, beside those of other days."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y-%m-%d}.json"
    content = {**asdict(results), "goals": [asdict(goal) for goal in goals(results)]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
