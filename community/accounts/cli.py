"""Commands about accounts."""

import click
from flask import Flask

from community.accounts import operations
from community.core.cli import console, with_app
from community.core.db import transaction
from community.core.policies import Role

ROLES = [str(role) for role in Role if role != Role.SUPER_USER]


@click.command()
@click.option("--email", required=True)
@click.option("--password", required=True, help="At least 10 characters.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--name", default="", help="How the person is called; the part before @ when left out.")
@with_app
def create_user(app: Flask, email: str, password: str, role: str, name: str) -> None:
    """Make a confirmed account."""
    if operations.weakness(password, about=(email, name)):
        raise click.ClickException("the password is too easy to guess; take at least 10 characters")
    with transaction():
        if operations.by_email(email):
            raise click.ClickException(f"{email} has an account already")
        member = operations.create_member(email=email, password=password, role=role, name=name)
        handle = member.handle
    console.print(f"{email} can sign in as {role}, shown as @{handle}.")
