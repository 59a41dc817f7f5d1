"""What is left of an answer when the program's additions are gone."""

import pytest

from community.core.mail.trimming import REPLY_LINES, trim

QUOTE = "> Ann has this too\n> since Monday"
ADDITIONS = [
    f"On Mon, 22 Nov 2026 at 08:00, Community <c@x.example> wrote:\n\n{QUOTE}",
    f"On Mon, 22 Nov 2026 at 08:00, Community with a long name\n<community+17-abc@x.example> wrote:\n\n{QUOTE}",
    "On Mon, Nov 22, 2026 at 8:00 AM Community <c@x.example> wrote:\n\nAnn has this too, without marks",
    f"Am 22.11.2026 um 08:00 schrieb Community:\n{QUOTE}",
    f"Le lun. 22 nov. 2026 à 08:00, Community <c@x.example> a écrit :\n{QUOTE}",
    f"在 2026年11月22日，Community <c@x.example> 写道：\n{QUOTE}",
    f"Community <c@x.example> 于2026年11月22日周一 08:00写道：\n\n{QUOTE}",
    f'At 2026-11-22 08:00:00, "Community" <c@x.example> wrote:\n{QUOTE}',
    "-----Original Message-----\nFrom: Community\nSent: Monday\n\nold",
    '------------------ 原始邮件 ------------------\n发件人: "Community";\n发送时间: 2026年11月22日\n\nold',
    "---- 回复的原邮件 ----\n| 发件人 | Community |\nold",
    "发件人: Community <c@x.example>\n发送时间: 2026年11月22日 8:00\n收件人: Rosa\n主题: VPN\n\nold",
    "寄件者: Community\n寄件日期: 2026年\n收件者: Rosa\n主旨: VPN\n\nold",
    "________________________________\nFrom: Community <c@x.example>\nSent: Monday\nTo: Rosa\nSubject: VPN\n\nold",
    "**From:** Community <c@x.example>\n**Sent:** Monday\n**To:** Rosa\n**Subject:** VPN\n\nold",
    "Von: Community\nGesendet: Montag\nAn: Rosa\nBetreff: VPN\n\nold",
    "-- \nRosa\nSupport team\n+49 30 1234",
    "Sent from my iPhone",
    "发自我的 iPhone",
    "Get Outlook for iOS<https://aka.ms/x>",
    f"{REPLY_LINES[0]}\n\nold",
    f"On 22.11.2026 08:00 C wrote:\n> {REPLY_LINES[1]}\n> old",
]


@pytest.mark.parametrize("addition", ADDITIONS)
def test_additions_are_cut_off(addition: str) -> None:
    assert trim(f"Please restart it.\n\nThen try again.\n\n{addition}") == "Please restart it.\n\nThen try again."


def test_answers_between_and_below_quotes_are_kept() -> None:
    text = "On 22.11.2026 08:00, Ann wrote:\n> first?\nYes.\n> second?\nNo.\n\n-- \nRosa"
    assert trim(text) == "Yes.\nNo."


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we shall see.",
        "From: the menu choose Tools\nand restart.",
        "Compare 3 > 2 and a -- b",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "She wrote: restart it",
        "在2026年重启",
    ],
)
def test_words_that_only_look_like_additions_stay(text: str) -> None:
    assert trim(text) == text


def test_nothing_new_is_nothing() -> None:
    assert trim(QUOTE) == ""
