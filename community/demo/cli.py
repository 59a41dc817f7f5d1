"""The command that loads the demo world."""

import importlib
import importlib.util
from datetime import UTC, datetime

import click
from flask import Flask
from rich.progress import track

from community.core import indexing
from community.core.app import PACKAGES
from community.core.cli import console, with_app
from community.core.db import at_time, transaction
from community.core.jobs import run_all
from community.forum.lists.hot import find_hot
from community.forum.reading import viewing

from . import happening, loading, reading


@click.command()
@with_app
def seed_demo(app: Flask) -> None:
    """Load the demo community; a second time it changes nothing."""
    with transaction(read_only=True):
        if loading.is_loaded():
            console.print("The demo community is there already.")
            _print_accounts()
            return
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        world = _load()
    for name in PACKAGES[1:]:
        _load_upper(app, name, world)
    with app.app_context(), transaction():
        for thread_id in world.threads.values():
            loading.put_in_order(thread_id)
    _settle(app, world)
    _print_accounts()
    console.print(f"{len(world.members)} members, {len(world.spaces)} spaces, {len(world.threads)} threads.")


def _load() -> loading.World:
    with transaction():
        world = loading.load_people_and_spaces(datetime.now(UTC))
        acts = sorted([*loading.acts(world), *happening.acts(world)], key=lambda act: act.at)
        for act in track(acts, "Threads", console=console, disable=not console.is_terminal):
            with at_time(act.at):
                act.run()
    return world


def _load_upper(app: Flask, name: str, world: loading.World) -> None:
    """Packages above bring demo content of their own, in a module `seeding`; it is looked up by name."""
    if importlib.util.find_spec(f"{name}.seeding") is None:
        return
    seeding = importlib.import_module(f"{name}.seeding")
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]), transaction():
        seeding.seed(world.threads, world.now)


def _settle(app: Flask, world: loading.World) -> None:
    """Do the jobs that follow from it all, so that the world is whole when the server starts."""
    with app.app_context(), transaction(read_only=True):
        for _kind, _done in indexing.rebuild():
            pass
    run_all(app)
    with app.app_context(), transaction():
        for member_id in world.members.values():
            reading.read_most(member_id)
            reading.read_threads(member_id, world.now)
        reading.look_around()
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        reading.search(world.now)
        viewing.flush()
        with transaction():
            find_hot()


ACCOUNTS = (
    ("member", "ingrid@halden.example"),
    ("member (中文)", "lihua@halden.example"),
    ("member (繁體)", "hoi-yan@halden.example"),
    ("super user", "priya@halden.example"),
    ("agent", "jonas@halden.example"),
    ("manager", "oksana@halden.example"),
    ("admin", "admin@halden.example"),
)


def _print_accounts() -> None:
    console.print(f"Demo accounts, all with the password [bold]{loading.PASSWORD}[/bold]:")
    for role, address in ACCOUNTS:
        console.print(f"  {role:14} {address}")
