"""The whole contract, asked of the desks that come as files."""

from tests.bridge.connectors.test_contract import *  # noqa: F403
