"""Which of our three languages a text is written in."""

import re
from typing import Literal

Language = Literal["en", "zh-Hans", "zh-Hant"]

# The commonest characters that differ between the two scripts, each pair simplified then traditional.
_PAIRS = (
    "个個们們这這来來时時会會国國说說对對学學发發经經过過还還没沒后後为為么麼样樣问問题題机機电電网網络絡"
    "关關开開间間见見现現实實应應该該当當动動种種长長门門无無从從进進认認识識让讓请請谢謝给給统統线線级級"
    "据據数數处處点點设設备備错錯误誤码碼输輸装裝载載软軟体體图圖页頁户戶号號密密书書读讀写寫试試测測调調"
    "务務员員单單双雙报報带帶帮幫师師总總惯慣总總决決况況准準区區医醫药藥办辦观觀规規视視览覽觉覺响響"
    "复複连連远遠运運边邊选選费費资資质質转轉轻輕较較达達维維护護续續结結约約组組细細终終练練习習历歷"
    "几幾条條极極标標树樹档檔检檢档檔权權术術产產亲親仅僅价價优優传傳伤傷众眾异異启啟显顯盘盤键鍵钱錢"
    "铁鐵锁鎖闭閉闻聞队隊阳陽际際难難顺順须須预預领領频頻颜顏类類额額风風飞飛验驗马馬鱼魚龙龍业業东東"
    "专專两兩严嚴丰豐临臨举舉义義乐樂买買卖賣云雲亚亞于於仪儀层層归歸张張忆憶怀懷战戰户戶执執扩擴扫掃"
)
_SIMPLIFIED = frozenset(_PAIRS[0::2]) - frozenset(_PAIRS[1::2])
_TRADITIONAL = frozenset(_PAIRS[1::2]) - frozenset(_PAIRS[0::2])
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SAMPLE = 20_000


def detect_language(plain: str) -> Language:
    """The language of the visible words `plain`: Chinese as soon as it carries a third of them."""
    sample = plain[:_SAMPLE]
    han = _HAN.findall(sample)
    # A Chinese word has about two characters, and technical posts quote many English names.
    if not han or len(han) < len(_LATIN_WORD.findall(sample)):
        return "en"
    traditional = sum(character in _TRADITIONAL for character in han)
    simplified = sum(character in _SIMPLIFIED for character in han)
    return "zh-Hant" if traditional > simplified else "zh-Hans"
