"""Pushes of the desks that come as files."""

from tests.bridge.connectors.test_pushes import *  # noqa: F403
