"""`python -m benchmarks`: load a community, measure it beside two ceilings, print the figures beside the goals."""

import argparse
import logging
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text

from community.core import migrating
from community.core.app import PACKAGES, create_app
from community.core.db import db, transaction
from community.core.settings import settings_from_environment
from tests.servers import UnavailableError, create_database, postgresql, scratch_folder

from . import targets
from .inside import Inside, weight_of_assets
from .loading import load
from .loadtest import Load
from .results import Results, save, show
from .serving import Memory, children, memory, served
from .visiting import SignedIn, Target

console = Console(width=None if Console().is_terminal else 120)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000, help="how many posts are loaded (20000)")
    parser.add_argument("--seconds", type=float, default=5, help="how long each page is under load (5)")
    parser.add_argument("--rounds", type=int, default=3, help="how often; medians count; 0 leaves load out (3)")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), help="PostgreSQL where it runs, else SQLite")
    parser.add_argument("--database-url", default="", help="an EMPTY database to use in place of one of our own")
    parser.add_argument("--search-url", default="", help='SEARCH_URL: "" for Whoosh, postgresql: for PostgreSQL')
    parser.add_argument("--packages", default=",".join(PACKAGES), help="which packages are loaded")
    parser.add_argument("--profile", metavar="PAGE", nargs="*", help="only profile these pages, such as thread_in home")
    parser.add_argument("--save", action="store_true", help="keep the figures in benchmarks/results/")
    return parser.parse_args()


@contextmanager
def database(options: argparse.Namespace, home: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if options.database_url or options.database == "sqlite":
        yield options.database_url or f"sqlite:///{home / 'isthmus.db'}"
        return
    with ExitStack() as stack:
        try:
            url = create_database(stack.enter_context(postgresql()), "isthmus_bench")
        except UnavailableError as reason:
            if options.database == "postgresql":
                raise SystemExit(f"PostgreSQL is not available: {reason}") from reason
            console.print(f"SQLite, for PostgreSQL is not available: {reason}")
            url = f"sqlite:///{home / 'isthmus.db'}"
        yield url


def environment(options: argparse.Namespace, home: Path, url: str) -> dict[str, str]:
    """The installation's settings, as an operator would write them."""
    return {
        "ISTHMUS_HOME": str(home),
        "ISTHMUS_POSTING_LIMITS": "off",
        "ISTHMUS_SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": url,
        "SEARCH_URL": options.search_url,
        "PUBLIC_URL": "http://127.0.0.1",
        "ISTHMUS_PROXIES": "1",
        "REDIS_URL": "",
        "SMTP_URL": "",
        "STORAGE_URL": "",
        "BENCH_PACKAGES": options.packages,
    }


def prepared(options: argparse.Namespace, env: dict[str, str]) -> Flask:
    """The application in this process, on a database that holds the planned community."""
    app = create_app(settings_from_environment(env), packages=tuple(options.packages.split(",")))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrating.upgrade(app)
    with Progress(console=console, transient=True) as progress:
        load(app, options.posts, progress)
    return app


def main() -> None:
    """Run it all in folders and databases that are gone afterwards."""
    options = arguments()
    with scratch_folder("bench") as home, database(options, home) as url:
        env = environment(options, home, url)
        app = prepared(options, env)
        with app.app_context():
            threads = targets.chosen()
        who = targets.members(app)
        pages = targets.targets(who, threads)
        if options.profile is not None:
            profile(Inside(app), [page for page in pages if page.key in options.profile or not options.profile])
            return
        results = measured(options, env, app, who, threads)
    show(results, [*pages, *targets.ceilings()], console)
    if options.save:
        console.print(f"Saved in {save(results)}")


def profile(inside: Inside, pages: list[Target]) -> None:
    """Print the statements of some pages, and where their time goes."""
    for page in pages:
        console.rule(page.label)
        print("\n\n".join(inside.statements(page)))
        print(inside.profile(page))


def measured(
    options: argparse.Namespace,
    env: dict[str, str],
    app: Flask,
    who: tuple[SignedIn, ...],
    threads: targets.Chosen,
) -> Results:
    """Under load first, then within this process: what the latter writes is no load's business."""
    pages, home = targets.targets(who, threads), Path(env["ISTHMUS_HOME"])
    what = about(options, app)
    load, used = Load(options.seconds), (Memory(0, 0, 0),) * 3
    if options.rounds:
        used = under_load(options, env, load, pages, threads.full[0])
    with console.status("measuring within one process"):
        inside = Inside(app)
        costs = {page.key: inside.cost(page) for page in pages}
        short = {page.key: len(inside.statements(page)) for page in targets.short_threads(who, threads)}
    return Results(
        about=what,
        speeds=load.medians(),
        costs=costs,
        statements_short=short,
        memory=used[0],
        parent=used[1],
        renderers=used[2],
        assets=weight_of_assets(app),
        index_mb=sum(file.stat().st_size for file in (home / "index").rglob("*") if file.is_file()) / 1e6,
        database_mb=database_mb(app, home),
    )


def under_load(
    options: argparse.Namespace, env: dict[str, str], load: Load, pages: list[Target], thread_id: int
) -> tuple[Memory, Memory, Memory]:
    """Measure the product and the ceilings in turn; the memory of workers, parent and renderers afterwards."""
    whole = options.packages == ",".join(PACKAGES)
    application = "community.core.wsgi:app" if whole else "benchmarks.partial:app"
    home = Path(env["ISTHMUS_HOME"])
    tiny = {"DATABASE_URL": env["DATABASE_URL"], "BENCH_THREAD": str(thread_id)}
    with (
        served(application, home / "product.log", "/healthz", **env) as product,
        served("benchmarks.ceilings:app", home / "ceilings.log", "/memory", **tiny) as ceiling,
        Progress(console=console, transient=True) as progress,
    ):
        all_of_them = [(page, product.port) for page in pages]
        all_of_them += [(page, ceiling.port) for page in targets.ceilings()]
        task = progress.add_task("under load", total=len(all_of_them) * (options.rounds + 1))
        for number in range(options.rounds + 1):
            for page, port in all_of_them:
                progress.update(task, description=f"round {number} of {options.rounds}: {page.label}", advance=1)
                (load.measure if number else load.warm_up)(page, port)
        workers = product.workers()
        renderers = [child for worker in workers for child in children(worker)]
        return memory(workers), memory([product.pid]), memory(renderers)


def about(options: argparse.Namespace, app: Flask) -> dict[str, str | int | float]:
    """What was measured, and where."""
    with app.app_context():
        return {
            "posts": targets.total_posts(),
            "database": db.engine.dialect.name,
            "search": options.search_url or "whoosh",
            "packages": options.packages,
            "rounds": options.rounds,
            "seconds": options.seconds,
            "cores": os.cpu_count() or 0,
            "python": platform.python_version(),
        }


def database_mb(app: Flask, home: Path) -> float:
    """How much room the database takes, in MB."""
    with app.app_context(), transaction(read_only=True):
        if db.engine.dialect.name == "postgresql":
            return float(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6
    return sum(file.stat().st_size for file in home.glob("isthmus.db*")) / 1e6


if __name__ == "__main__":
    main()
