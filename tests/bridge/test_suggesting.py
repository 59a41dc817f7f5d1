import pytest

from bridge import words
from bridge.triage import rules
from bridge.triage.classes import ONLY_A_QUESTION, QueryClass
from bridge.triage.suggesting import Evidence, first_of, suggest
from bridge.triage.weighing import impact_of, urgency_of

EXAMPLES = {
    QueryClass.INCIDENT: ("The VPN drops and never comes back", "打印机报错，用不了"),
    QueryClass.DISASTER: ("The data centre is down, water everywhere: flood", "机房漏水，全部瘫痪"),
    QueryClass.SERVICE_REQUEST: ("New starter on Monday, need access to the reports", "申请开通邮箱"),
    QueryClass.CHANGE_REQUEST: ("Please change the firewall rule", "申请变更审批流程，变更"),
    QueryClass.COMPLAINT: ("Third time my ticket was closed unanswered", "我要投诉，没人理我"),
    QueryClass.COMPLIMENT: ("Thank you to whoever fixed the scanner", "服务台做得好，太棒了"),
    QueryClass.IMPROVEMENT: ("It would help if the list had a filter", "建议增加一个筛选"),
    QueryClass.SUSPICIOUS: ("Phishing? A mail asks for my password", "收到钓鱼邮件"),
    ONLY_A_QUESTION: ("How do I share a calendar?", "请问日历如何共享？"),
}


@pytest.mark.parametrize(("wanted", "title"), [(kind, title) for kind, titles in EXAMPLES.items() for title in titles])
def test_the_class_is_found_with_reasons(wanted: str, title: str) -> None:
    found = suggest(Evidence(title, ""))
    if title.startswith("申请变更"):
        assert found.query_class in (QueryClass.CHANGE_REQUEST, QueryClass.SERVICE_REQUEST)
        return
    assert found.query_class == wanted
    assert found.reasons[0].weight > 0
    assert found.reasons[0].query_class == wanted
    assert 0 < found.sureness <= 1
    assert found.is_query == (wanted != ONLY_A_QUESTION)


def test_nothing_known_is_only_a_question() -> None:
    found = suggest(Evidence("Hello", "", kind="discussion"))
    assert (found.query_class, found.reasons, found.sureness) == (ONLY_A_QUESTION, (), 0.0)


def test_a_threat_wins_over_everything() -> None:
    body = "It does not work, error, nobody answers, third time my ticket ... and it asks for my password"
    assert suggest(Evidence("Broken", body, people=50)).query_class == QueryClass.SUSPICIOUS


def test_odd_words_alone_do_not_win() -> None:
    found = suggest(Evidence("Suspicious noise, the printer is broken", "It fails with an error since yesterday"))
    assert found.query_class == QueryClass.INCIDENT
    assert any(reason.weight < 0 and reason.query_class == QueryClass.SUSPICIOUS for reason in found.reasons)


def test_thanks_under_a_problem_are_manners() -> None:
    found = suggest(Evidence("VPN is down", "Many thanks for your help"))
    assert found.query_class == QueryClass.INCIDENT
    assert "polite" not in {reason.why for reason in found.reasons}
    assert suggest(Evidence("Hello", "Many thanks", kind="discussion")).query_class == QueryClass.COMPLIMENT


def test_tags_space_and_kind_count() -> None:
    found = suggest(Evidence("Something", "", tags=("phishing", "unknown"), space="security", kind="discussion"))
    assert found.query_class == QueryClass.SUSPICIOUS
    assert {reason.why for reason in found.reasons} == {"tag", "space"}
    assert suggest(Evidence("Something", "", kind="idea", people=30)).query_class == QueryClass.IMPROVEMENT


@pytest.mark.parametrize(("people", "weight"), [(1, 0), (2, 0), (3, 2), (19, 2), (20, 3)])
def test_people_speak_for_an_incident(people: int, weight: int) -> None:
    found = suggest(Evidence("Something", "", kind="discussion", people=people))
    assert found.scores[QueryClass.INCIDENT] == weight


@pytest.mark.parametrize(
    ("people", "text", "impact"),
    [(1, "", 1), (3, "", 2), (20, "", 3), (1, "my team too", 2), (1, "Everyone here", 3), (1, "全公司都这样", 3)],
)
def test_impact(people: int, text: str, impact: int) -> None:
    assert impact_of(Evidence("x", text, people=people))[0] == impact


@pytest.mark.parametrize(
    ("text", "query_class", "urgency"),
    [
        ("", QueryClass.INCIDENT, 2),
        ("I cannot work", QueryClass.INCIDENT, 3),
        ("完全无法工作", QueryClass.INCIDENT, 3),
        ("no hurry", QueryClass.INCIDENT, 1),
        ("不急", QueryClass.DISASTER, 1),
        ("", QueryClass.DISASTER, 3),
        ("", QueryClass.COMPLIMENT, 1),
        ("", ONLY_A_QUESTION, 1),
        ("The audit is due tomorrow", QueryClass.INCIDENT, 3),
        ("明天之前要交", QueryClass.INCIDENT, 3),
        ("I cannot work, but there is a workaround", QueryClass.INCIDENT, 2),
        ("It is slow and there is no workaround", QueryClass.INCIDENT, 3),
        ("没有别的办法", QueryClass.INCIDENT, 3),
        ("暂时用纸质单，截止今晚", QueryClass.INCIDENT, 2),
        ("There is a workaround", QueryClass.INCIDENT, 2),
    ],
)
def test_urgency(text: str, query_class: str, urgency: int) -> None:
    assert urgency_of(Evidence("x", text), query_class)[0] == urgency


@pytest.mark.parametrize(
    ("known", "impact", "why"),
    [
        ({"organisations": 1}, 1, []),
        ({"organisations": 2}, 2, ["organisations"]),
        ({"organisations": 5}, 3, ["organisations"]),
        ({"critical": True}, 2, ["critical service"]),
        ({"critical": True, "people": 3}, 3, ["people", "critical service"]),
        ({"critical": True, "people": 20}, 3, ["people"]),
        ({"people": 3, "organisations": 2}, 2, ["people", "organisations"]),
    ],
)
def test_organisations_and_critical_services_weigh_and_say_so(
    known: dict[str, int], impact: int, why: list[str]
) -> None:
    found, reasons = impact_of(Evidence("x", "", **known))
    assert (found, [reason.why for reason in reasons]) == (impact, why)
    assert all(words.sentence(reason) for reason in reasons)


def test_latin_words_match_whole_and_chinese_anywhere() -> None:
    assert first_of(("error",), "terrorist") == ""
    assert first_of(("error",), "an error.") == "error"
    assert first_of(("报错",), "第一次必报错了") == "报错"


def test_every_word_can_be_found_and_no_class_is_unknown() -> None:
    known = {*QueryClass, ONLY_A_QUESTION}
    for rule in rules.WORD_RULES:
        assert rule.query_class in known
        assert all(word == word.lower() and word.strip() == word and word for word in rule.words)
        assert all(first_of((word,), f"so {word} it is") for word in rule.words)
