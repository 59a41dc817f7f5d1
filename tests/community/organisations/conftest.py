"""What tests of organisations share."""

import re

import pytest
from flask import Flask

from community.organisations.models import Organisation
from community.organisations.operations import OrganisationDetails, create
from tests.community.accounts.letters import letters as letters
from tests.conftest import LoginAs
from tests.factories import a_member
from tests.visit import Visitor


def an_organisation(name: str = "Acme", *domains: str, level: str = "") -> Organisation:
    """An organisation with these domains, in their ASCII form."""
    slug = "-".join(re.findall("[a-z0-9]+", name.lower()))
    details = OrganisationDetails(name=name, slug=slug, service_level=level, mail_domains=tuple(sorted(domains)))
    return create(details, by_id=None)


@pytest.fixture
def mia(app: Flask, login_as: LoginAs) -> Visitor:
    """A manager."""
    a_member("mia", role="manager")
    return login_as("mia")
