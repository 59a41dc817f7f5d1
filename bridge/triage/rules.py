"""Words, tags, spaces and kinds that speak for a class: data, read by `suggesting`."""

from dataclasses import dataclass

from .classes import ONLY_A_QUESTION, QueryClass


@dataclass(frozen=True)
class WordRule:
    """One of the words is enough, and counts once. `why` names the sentence that explains it."""

    query_class: str
    weight: int
    why: str
    words: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" | "))


WORD_RULES: tuple[WordRule, ...] = (
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "threat",
        _words(
            "phishing | malware | ransomware | virus | hacked | scam | spoofed | stolen laptop | "
            "stolen phone | lost laptop | data leak | account taken over | 钓鱼 | 病毒 | 中毒 | 勒索 | 诈骗 | "
            "被盗 | 泄露 | 木马 | 黑客"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "credentials asked for",
        _words(
            "asks for my password | asked for my password | asking for my password | "
            "confirm my password | confirm your password | asks for my badge | asks to confirm | "
            "asked for credentials | asks for credentials | confirm badge number | "
            "verify your account | enter my credentials | 索要密码 | "
            "要求输入密码 | 让我提供密码 | 要我的密码 | 验证您的账户"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        3,
        "odd",
        _words(
            "strange mail | strange email | strange e-mail | suspicious | unknown sender | "
            "unusual login | unusual sign-in | did not sign in | fake | 可疑 | 陌生邮件 | 奇怪的邮件 | 异常登录"
        ),
    ),
    WordRule(
        QueryClass.DISASTER,
        6,
        "emergency",
        _words(
            "flood | flooded | fire in | on fire | earthquake | data centre is down | "
            "data center is down | everything is down | all sites are down | power failure | "
            "site is dark | under water | 火灾 | 着火 | 漏水 | 水淹 | 地震 | 机房断电 | 全部瘫痪 | 全厂断网 | 灾难"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        4,
        "does not work",
        _words(
            "does not work | doesn't work | do not work | don't work | not working | no longer works "
            "| stopped working | stops at | stops working | refuses | broken | is down | outage | "
            "offline | cannot connect | can't connect | cannot sign in | can't sign in | "
            "cannot log in | can't log in | cannot print | can't print | cannot open | can't open | "
            "never comes back | 不能用 | 用不了 | 无法使用 | 无法登录 | 无法连接 | "
            "无法打印 | 连不上 | 打不开 | 登不上 | 坏了 | 故障 | "
            "停了 | 没反应"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        3,
        "error",
        _words(
            "error | errors | fails | failed | failure | crash | crashes | crashed | freezes | frozen "
            "| hangs | disconnects | disconnected | drops | timeout | timed out | blank screen | "
            "asks twice | reconnecting | drop the connection | lose wi-fi | loses | are gone | "
            "is gone | no longer | forgets | is missing | skips | is empty | stop working | "
            "full speed | too big to open | asks for the code twice | half a label | 报错 | 错误 | 失败 | "
            "崩溃 | 不存在 | 乱码 | 看不到 | 切掉 | 半张 | 断断续续 | 登录不了 | "
            "卡死 | 死机 | 断开 | 掉线 | 超时 | 蓝屏 | 闪退 | 两次"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        2,
        "worse than before",
        _words(
            "since yesterday | since monday | since this morning | since the update | "
            "after the update | got worse | used to work | very slow | too slow | 从昨天开始 | 从周一 | 更新之后 "
            "| 升级后 | 特别慢 | 很慢 | 越来越慢"
        ),
    ),
    WordRule(
        QueryClass.SERVICE_REQUEST,
        4,
        "asks for something",
        _words(
            "please install | need access | request access | access to the | new laptop | new phone | "
            "new starter | new colleague | second screen | could i get | can i get | can i have | "
            "i would like to order | i need a license | i need a licence | reset my password | 申请 | "
            "开通 | 领用 | 需要一台 | 新员工 | 安装一个 | 权限 | 重置密码 | 采购"
        ),
    ),
    WordRule(
        QueryClass.CHANGE_REQUEST,
        4,
        "asks for a change",
        _words(
            "please change | change the rule | change the setting | firewall rule | open a port | "
            "move the server | migrate | upgrade to | new approval level | second approver | "
            "another approver | additional level | reconfigure | 变更 | 修改配置 | "
            "迁移 | 升级到 | 开放端口 | 调整规则 | "
            "增加审批"
        ),
    ),
    WordRule(
        QueryClass.COMPLAINT,
        5,
        "unhappy",
        _words(
            "complain | complaint | disappointed | unacceptable | fed up | third time my | "
            "nobody answers | closed unanswered | still waiting | ignored | rude | waste of time | 投诉 "
            "| 不满 | 没人理 | 没人管 | 失望 | 第三次 | 态度差 | 无法接受 | 等了很久"
        ),
    ),
    WordRule(
        QueryClass.COMPLIMENT,
        4,
        "pleased",
        _words(
            "thank you to | thanks to whoever | great job | great work | well done | "
            "excellent service | kudos | so helpful | compliment | 表扬 | 太棒了 | 点赞 | 做得好 | 特别感谢"
        ),
    ),
    WordRule(
        QueryClass.COMPLIMENT,
        1,
        "polite",
        _words("thank you | thanks | many thanks | 谢谢 | 感谢 | 多谢"),
    ),
    WordRule(
        QueryClass.IMPROVEMENT,
        4,
        "suggests",
        _words(
            "would be nice | it would help if | i suggest | suggestion | feature request | "
            "could we have | why not | idea: | could you add | 建议 | 希望能 | 如果能 | 能不能增加 | 改进"
        ),
    ),
    WordRule(
        ONLY_A_QUESTION,
        3,
        "asks how",
        _words(
            "how do i | how can i | how to | where do i | where can i | where is | is it possible | "
            "does anyone know | what is | which one | 怎么 | 如何 | 请问 | 在哪里 | 哪里可以 | 有没有人知道"
        ),
    ),
)

TAG_CLASSES: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("security", "phishing", "安全", "钓鱼"), (QueryClass.SUSPICIOUS, 2)),
    **dict.fromkeys(("outage", "incident", "故障"), (QueryClass.INCIDENT, 2)),
    **dict.fromkeys(
        ("access", "hardware", "licence", "license", "onboarding", "权限"), (QueryClass.SERVICE_REQUEST, 1)
    ),
    **dict.fromkeys(("change", "变更"), (QueryClass.CHANGE_REQUEST, 2)),
    **dict.fromkeys(("feedback", "complaint", "投诉"), (QueryClass.COMPLAINT, 1)),
    **dict.fromkeys(("idea", "improvement", "建议"), (QueryClass.IMPROVEMENT, 2)),
    **dict.fromkeys(("how-to", "howto"), (ONLY_A_QUESTION, 2)),
}

SPACE_CLASSES: dict[str, tuple[str, int]] = {
    "security": (QueryClass.SUSPICIOUS, 2),
    "requests": (QueryClass.SERVICE_REQUEST, 2),
    "ideas": (QueryClass.IMPROVEMENT, 2),
}

KIND_CLASSES: dict[str, tuple[str, int]] = {
    "idea": (QueryClass.IMPROVEMENT, 4),
    "question": (ONLY_A_QUESTION, 1),
}

# From so many people on it is no longer one person's problem: (people, weight), the first that fits counts.
PEOPLE_WEIGHTS = ((20, 3), (3, 2))
MANY_PEOPLE, SOME_PEOPLE = 20, 3

# A threat of this weight wins over everything else: better a false alarm than one discussed in public.
THREAT = 6

EVERYBODY = _words(
    "everyone | everybody | whole office | whole team | whole site | all of us | all users | "
    "company-wide | 所有人 | 全公司 | 全厂 | 整个部门 | 全部门 | 大家都"
)
SEVERAL = _words("several of us | my team | our team | my colleagues | we all | 几个同事 | 我们组 | 同事也 | 我们部门")
STOPPED = _words(
    "cannot work | can't work | unable to work | stopped working | production is stopped | blocked | "
    "urgent | urgently | immediately | as soon as possible | asap | deadline today | stops at | 无法工作 "
    "| 没法工作 | 紧急 | 马上 | 立刻 | 停产 | 停线 | 很急 | 急用"
)
CAN_WAIT = _words(
    "no hurry | not urgent | when you have time | low priority | can wait | whenever | 不急 | 不着急 | 有空 "
    "| 什么时候都行"
)

PATIENT_CLASSES = frozenset({QueryClass.COMPLIMENT, QueryClass.IMPROVEMENT, QueryClass.CHANGE_REQUEST, ONLY_A_QUESTION})
PRESSING_CLASSES = frozenset({QueryClass.DISASTER, QueryClass.SUSPICIOUS})
TROUBLE = frozenset({QueryClass.INCIDENT, QueryClass.DISASTER, QueryClass.SUSPICIOUS, QueryClass.COMPLAINT})
