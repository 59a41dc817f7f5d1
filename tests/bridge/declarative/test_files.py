"""Files and priorities of the desks that come as files."""

from tests.bridge.connectors.test_files import *  # noqa: F403
