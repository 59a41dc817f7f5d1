"""Every text of the interface exists in every language."""

import pytest

from tests.architecture.catalogue import LOCALES, extracted, faults, path_of, stored
from tests.architecture.sources import report


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogue_is_complete(locale: str) -> None:
    assert path_of(locale).exists(), f"{path_of(locale)} is missing: run make translations"
    report(list(faults(extracted(), stored(locale))), f"{locale} is not complete: run make translations")
