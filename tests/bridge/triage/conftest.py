import pytest

from bridge.triage.learning import Classifier, available, train


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    """What is learned from the labelled set alone."""
    if not available():
        pytest.skip("the extra `triage` is not installed")
    return train()
