"""Commands of the community."""

import click

from community.accounts.cli import create_user
from community.core.receiving_cli import mail_group
from community.core.rerendering import rerender_command
from community.demo.cli import seed_demo
from community.importing.cli import import_group
from community.notifications.pushing.cli import push_group


def register(group: click.Group) -> None:
    """Add the community's commands to `isthmus`."""
    group.add_command(create_user)
    group.add_command(seed_demo)
    group.add_command(import_group)
    group.add_command(mail_group)
    group.add_command(push_group)
    group.add_command(rerender_command)
