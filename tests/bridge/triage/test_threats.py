import pytest

from bridge import words
from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from bridge.triage.rules import WORD_RULES
from bridge.triage.suggesting import Evidence, suggest
from bridge.triage.threats import THREAT_RULES

SIGNS = (
    "My boss asked me to buy five Google Play cards, urgently and quietly",
    "A supplier writes that their bank details have changed, please use the new IBAN",
    "The attached order wants me to enable content before it shows anything",
    "New sign-in from another country on my account, I've never been there",
    "The authenticator keeps popping up and I did not request anything",
    "A poster in the canteen with a QR code that asks for the company login",
    "Somebody called me and wanted remote access to my computer, from Microsoft he said",
    "I found a USB stick in the meeting room",
    "I sent the payroll spreadsheet to the wrong recipient",
    "There is a ransom note on the desktop",
    "Everyone in our shift uses my account, the password is on a sticky note",
    "A man slipped in behind me at the office door",
    "This mail pretends to be from our bank, dodgy link in it",
    "I lost my work phone",
    "领导发消息让我转账，说很急",
    "供应商说换了银行账户，以后打到新账号",
    "附件打开后提示启用宏",
    "提示境外登录，可我一直在公司",
    "手机半夜收到登录请求",
    "食堂贴了张二维码海报，扫了让输入公司账号",
    "有人打电话自称客服，要远程控制我的电脑",
    "停车场捡到一个u盘上面写着工资",
    "把客户名单误发给了别的公司",
    "文件后缀都变了，还留了比特币地址",
    "班组共用密码，贴在显示器上",
    "有人尾随我进了办公楼",
    "这封邮件发件人地址不对，像骗人的",
    "出差时把公司手机弄丢了",
)
QUESTIONS = (
    "How do I report a phishing mail?",
    "What should I look out for to recognise a scam?",
    "Is there a training about phishing and malware?",
    "怎么举报钓鱼邮件？",
    "如何识别诈骗邮件？有培训吗？",
)
HARMLESS = (
    "How do I change the toner in the printer?",
    "The laptop battery is empty after an hour",
    "Where do I find the office plan?",
    "Please install the new PDF reader",
    "会议室的投影仪打不开",
    "请问怎么申请新的笔记本？",
)


@pytest.mark.parametrize("text", SIGNS)
def test_well_known_signs_are_threats(text: str) -> None:
    assert suggest(Evidence(text, "")).query_class == QueryClass.SUSPICIOUS


@pytest.mark.parametrize("text", QUESTIONS)
def test_to_ask_about_threats_is_none(text: str) -> None:
    found = suggest(Evidence(text, ""))
    assert found.query_class == ONLY_A_QUESTION
    assert "asks about threats" in {reason.why for reason in found.reasons}
    assert found.scores[QueryClass.SUSPICIOUS] == 0


@pytest.mark.parametrize("text", QUESTIONS)
def test_to_ask_with_something_seen_stays_a_threat(text: str) -> None:
    assert suggest(Evidence(text, "I clicked the link this morning")).query_class == QueryClass.SUSPICIOUS
    assert suggest(Evidence(text, "我刚刚点了链接")).query_class == QueryClass.SUSPICIOUS


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_words_are_no_threat(text: str) -> None:
    assert suggest(Evidence(text, "")).query_class != QueryClass.SUSPICIOUS


def test_words_that_need_others_say_nothing_alone() -> None:
    assert suggest(Evidence("There is a QR code on the new badge", "")).scores[QueryClass.SUSPICIOUS] == 0


def test_every_reason_has_its_sentence() -> None:
    assert {rule.why for rule in WORD_RULES} <= words.REASONS.keys()
    assert {"learned", "asks about threats"} <= words.REASONS.keys()


def test_no_word_is_empty() -> None:
    assert all(word.strip() == word != "" for rule in THREAT_RULES for word in (*rule.words, *rule.also))
