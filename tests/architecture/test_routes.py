"""Each route says who may use it, and addresses look alike."""

import re

from flask import Flask
from werkzeug.routing import Rule

from community.core.policies import Access
from tests.architecture.sources import report

VARIABLE = re.compile(r"<([^>]+)>")
KEBAB = re.compile(r"\.?[a-z0-9]+([-.][a-z0-9]+)*")
BEHIND_A_PERMISSION = ("/admin", "/desk", "/review")


def rules(app: Flask) -> list[Rule]:
    """All rules of the application, by address."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def access_of(app: Flask, rule: Rule) -> object:
    """What the view of a rule declares."""
    return getattr(app.view_functions[rule.endpoint], "access", None)


def test_every_route_declares_who_may_use_it(plain_app: Flask) -> None:
    silent = [f"{r.rule} ({r.endpoint})" for r in rules(plain_app) if not isinstance(access_of(plain_app, r), Access)]
    report(silent, "a view has one of @public, @member_required, @requires(...)")


def test_addresses_of_staff_need_a_permission(plain_app: Flask) -> None:
    offenders = []
    for rule in rules(plain_app):
        access = access_of(plain_app, rule)
        below = any(rule.rule == top or rule.rule.startswith(f"{top}/") for top in BEHIND_A_PERMISSION)
        if below and isinstance(access, Access) and access.kind != "permission":
            offenders.append(f"{rule.rule} ({rule.endpoint}) is open to {access.kind}")
    report(offenders, f"everything below {', '.join(BEHIND_A_PERMISSION)} has @requires(...)")


def test_addresses_are_in_kebab_case(plain_app: Flask) -> None:
    offenders = []
    for rule in rules(plain_app):
        parts = VARIABLE.sub("", rule.rule).split("/")
        if not all(KEBAB.fullmatch(part.strip(".-@")) for part in parts if part.strip(".-@")):
            offenders.append(f"{rule.rule} ({rule.endpoint})")
    report(offenders, "an address is lower case with hyphens")


def test_variables_in_addresses_have_a_type(plain_app: Flask) -> None:
    offenders = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in rules(plain_app)
        for variable in VARIABLE.findall(rule.rule)
        if ":" not in variable
    ]
    report(offenders, "write <int:id>, <string:slug>, not <id>")
