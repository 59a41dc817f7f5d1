"""Every text of the interface exists in every language."""

import pytest

from tests.architecture.catalogue import (
    LOCALES,
    SIMPLIFIED,
    TRADITIONAL,
    extracted,
    faults,
    path_of,
    stored,
    traditional_is_up_to_date,
)
from tests.architecture.sources import report
from tests.architecture.traditional import traditional


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogue_is_complete(locale: str) -> None:
    assert path_of(locale).exists(), f"{path_of(locale)} is missing: run make translations"
    report(list(faults(extracted(), stored(locale))), f"{locale} is not complete: run make translations")


def test_traditional_catalogue_is_made_from_the_simplified_one() -> None:
    assert traditional_is_up_to_date(), "zh_Hant is not what zh_Hans makes: run make translations"
    report(list(faults(stored(SIMPLIFIED), stored(TRADITIONAL))), "zh_Hant lost something on the way")


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("“%(title)s”已发布。", "「%(title)s」已發布。"),
        ("用户的文件和链接", "使用者的檔案和連結"),
        ("这份草稿在此期间已被发布或移除。", "這份草稿在此期間已被發布或移除。"),
        ("查看并回复", "檢視並回覆"),
        ("服务台的邮箱地址", "服務台的電子郵件地址"),
        ("恢复到第 %(number)s 版", "恢復到第 %(number)s 版"),
        ("<b>%(num)s</b> 个帖子", "<b>%(num)s</b> 個討論串"),
    ],
)
def test_words_are_those_of_taiwan_and_hong_kong(simplified: str, expected: str) -> None:
    assert traditional(simplified) == expected
