"""Our own vocabulary, English and Chinese: paragraphs and titles drawn from it, the same with the same seed."""

import random
from dataclasses import dataclass

COMMON = "printer"  # in about every third English post
CHINESE = "打印机"  # in about every third Chinese post
RARE = "zx-4711"  # in a handful of titles


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


THINGS = _words(
    "laptop screen keyboard network password account mailbox calendar meeting server folder permission licence "
    "certificate browser update driver battery phone camera headset dock cable router address form report "
    "invoice ticket project template signature archive backup restore disk memory profile session window button "
    "menu error"
)
DOINGS = _words(
    "restart install remove open close freeze drop fail connect disconnect print scan share sync lock unlock "
    "reset expire refresh load save send receive search find lose move copy rename change approve reject "
    "request order"
)
SMALL = _words(
    "when after before because since while and but so then still again always never often only every second "
    "both with without from into over under near this that my our your their the a one two"
)
SYLLABLES = _words("ba del fo gri hen ka lom mi nor pe qua ri sol ta ven wix yor zan")
HAN = _words(
    "电脑 屏幕 键盘 网络 密码 账户 邮箱 日历 会议 服务器 文件夹 权限 许可证 证书 浏览器 "
    "更新 驱动 电池 手机 摄像头 耳机 路由器 地址 表格 报告 发票 项目 模板 签名 备份 恢复 "
    "内存 窗口 按钮 菜单 错误 重启 安装 打开 关闭 断开 连接 扫描 共享 同步 锁定 重置 过期 "
    "刷新 保存 发送 接收 搜索 移动 复制 修改 批准 申请 昨天 今天 同事 部门 办公室 问题 "
    "方法"
)


@dataclass(frozen=True)
class Vocabulary:
    """Draws texts; two with the same seed draw the same ones."""

    chance: random.Random

    def paragraph(self, *, chinese: bool) -> str:
        """About forty words, or as much in Chinese."""
        return self._han(4) if chinese else self._english(4)

    def title(self, number: int, *, chinese: bool) -> str:
        """One line that no other thread has."""
        words = self.chance.choices(HAN if chinese else THINGS, k=3)
        doing = self.chance.choice(DOINGS)
        return f"{''.join(words)} {number}" if chinese else f"{words[0]} {doing} {words[1]} {words[2]} {number}"

    def invented(self) -> str:
        """A word that stands in no dictionary, as product names do."""
        return "".join(self.chance.choices(SYLLABLES, k=3))

    def _english(self, sentences: int) -> str:
        return " ".join(self._sentence() for _ in range(sentences))

    def _sentence(self) -> str:
        words: list[str] = []
        for _ in range(4):
            words += [self.chance.choice(THINGS), self.chance.choice(DOINGS)]
            words.append(self.chance.choice(SMALL))
        words[self.chance.randrange(len(words))] = self.invented()
        if self.chance.random() < 0.05:
            words[0] = COMMON
        return " ".join(words).capitalize() + "."

    def _han(self, sentences: int) -> str:
        return "".join(self._han_sentence() for _ in range(sentences))

    def _han_sentence(self) -> str:
        words = self.chance.choices(HAN, k=9)
        if self.chance.random() < 0.05:
            words[0] = CHINESE
        return "".join(words[:5]) + "，" + "".join(words[5:]) + "。"


def decorated(paragraph: str, number: int) -> str:
    """Every fourth paragraph in Markdown: a list, code, emphasis or a quotation, as members write."""
    if number % 16 == 3:
        return "\n".join(f"- {part.strip()}" for part in paragraph.replace("。", ".").split(".") if part.strip())
    if number % 16 == 7:
        return f"{paragraph}\n\n```\nerror {number}: not reachable\nretry in {number % 60} s\n```"
    if number % 16 == 11:
        return f"**{paragraph.split(' ')[0]}** {paragraph}"
    if number % 16 == 15:
        return f"> {paragraph}"
    return paragraph
