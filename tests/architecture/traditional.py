"""The Traditional Chinese catalogue, made from the Simplified one: converted by phrases, then put right by a table."""

import io
import re
from functools import lru_cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from opencc import OpenCC

# Words that the conversion gets wrong or that nobody says in Taiwan or Hong Kong, as they come out of it.
BETTER = {
    "“": "「",
    "”": "」",
    "‘": "『",
    "’": "』",
    "发布": "發布",
    "髮布": "發布",
    "釋出": "發布",
    "公佈": "公布",
    "賬號": "帳號",
    "郵箱": "電子郵件",
    "個郵箱": "個電子郵件地址",
    "個郵箱地址": "個電子郵件地址",
    "郵箱郵件": "信箱郵件",
    "共享郵箱": "共用信箱",
    "域名": "網域",
    "郵箱域名": "電子郵件網域",
    "無域名": "無網域",
    "帖子": "討論串",
    "重複帖": "重複的討論串",
    "回帖": "回文",
    "發帖": "發文",
    "原帖": "原討論串",
    "新帖": "新討論串",
    "新帖子": "新討論串",
    "采納": "採納",
    "許可權": "權限",
    "跟蹤": "追蹤",
    "登入後反饋": "登入後回饋",
    "反饋": "回饋",
    "退出登入": "登出",
    "令牌": "權杖",
    "專案": "項目",
    "型別": "類型",
    "質量": "品質",
    "文本檔案": "文字檔",
    "文本": "文字",
    "壓縮包": "壓縮檔",
    "快捷鍵": "快速鍵",
    "後臺任務": "背景工作",
    "後臺": "背景",
    "臺": "台",
    "檯": "台",
    "計劃": "計畫",
    "列表": "清單",
    "任務列表": "待辦清單",
    "歸檔": "封存",
    "通過": "透過",
    "匹配": "相符",
    "最匹配": "最相符",
    "會匹配": "會符合",
    "當前": "目前",
    "身份": "身分",
    "身份證": "身分證",
    "節假日": "假日",
    "站點": "網站",
    "訂閱源": "訂閱來源",
    "示例": "範例",
    "按周": "按週",
    "回復過": "回覆過",
    "並回復": "並回覆",
    "再回復": "再回覆",
    "上回復": "上回覆",
    "直接回復": "直接回覆",
    "勿回復": "勿回覆",
    "明瞭": "明了",
    "試執行": "試行",
    "查詢原因": "找出原因",
    "方便再次查詢": "方便再次找到",
    "回車": "Enter ",
    "保存於": "儲存於",
    "運行於": "執行於",
    "許可證": "授權條款",
    "關鍵詞": "關鍵字",
    "資料表": "對應表",
    "重新載入": "重新整理",
    "正規表示式": "規則運算式",
}
_WORDS = re.compile("|".join(sorted(map(re.escape, BETTER), key=len, reverse=True)))


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2twp")


def traditional(text: str) -> str:
    """Simplified Chinese as it is written in Taiwan and Hong Kong; placeholders and markup stay as they are."""
    return _WORDS.sub(lambda found: BETTER[found[0]], str(_converter().convert(text)))


def traditional_file(simplified: Catalog) -> bytes:
    """The whole catalogue in Traditional Chinese, as it is kept; made from the same texts it is always the same."""
    made = Catalog(
        "zh_Hant",
        header_comment="# The texts of Isthmus in zh_Hant, made from zh_Hans by `make translations`.",
        project="Isthmus",
        last_translator="Isthmus contributors",
        creation_date=simplified.creation_date,
        fuzzy=False,
    )
    for message in simplified:
        if message.id:
            made.add(
                message.id,
                _converted(message.string),
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    file = io.BytesIO()
    write_po(file, made, width=110, include_lineno=False, sort_output=True)
    return file.getvalue()


def _converted(string: str | tuple[str, ...] | list[str] | None) -> str | tuple[str, ...]:
    return traditional(string) if isinstance(string, str) else tuple(traditional(form) for form in string or ())
