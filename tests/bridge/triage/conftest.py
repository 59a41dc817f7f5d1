import pytest

from bridge.triage.classifying import Classifier, available
from bridge.triage.learning import train


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """What is learned from the labelled set alone."""
    if not available():
        pytest.skip("the extra `triage` is not installed")
    return train()
