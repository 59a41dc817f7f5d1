"""Words, tags, spaces and kinds that speak for a class: data, read by `suggesting`."""

from .classes import ONLY_A_QUESTION, QueryClass
from .threats import THREAT_RULES
from .word_rule import WordRule
from .word_rule import words_in as _words

WORD_RULES: tuple[WordRule, ...] = (
    *THREAT_RULES,
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "threat",
        _words(
            "phishing | malware | ransomware | virus | hacked | scam | spoofed | stolen laptop | stolen phone | "
            "lost laptop | data leak | account taken over | 钓鱼 | 病毒 | 中毒 | 勒索 | 诈骗 | 被盗 | 泄露 | "
            "木马 | 黑客 | trojan | hijacked | impersonates | i fell for it | fell for a | gift card | "
            "was stolen | has been stolen | changed bank account | new bank account | clicked on a link | "
            "clicked the link | unknown device | someone else's account | 骗子 | 骗局 | 上当 | 收款账户 | "
            "收款账号 | 购物卡 | 礼品卡 | 被偷 | 被黑 | 转发规则 | 不是我设 | 远程软件 | 赌博网站"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "credentials asked for",
        _words(
            "asks for my password | asked for my password | confirm my password | confirm your password | "
            "asks for my badge | asks to confirm | asked for credentials | asks for credentials | "
            "confirm badge number | verify your account | enter my credentials | 索要密码 | 要求输入密码 | "
            "让我提供密码 | 要我的密码 | 验证您的账户"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        3,
        "odd",
        _words(
            "strange mail | strange email | strange e-mail | suspicious | unknown sender | unusual login | "
            "unusual sign-in | did not sign in | fake | 可疑 | 陌生邮件 | 奇怪的邮件 | 异常登录 | "
            "asking for my password | i did not click | i didn't click | i have not opened | i didn't ask for | "
            "i didn't create | i did not create | moves by itself | unknown number | without a badge | "
            "visitors' list | usb stick | public link | share link | wrong address | spam | someone logged in | "
            "deepfake | short link | bank details | 陌生 | 不对劲 | 我没点 | 没戴工牌 | 银行卡 | 自己在动 | "
            "别人工资 | 不是我"
        ),
    ),
    WordRule(
        QueryClass.DISASTER,
        6,
        "emergency",
        _words(
            "flood | flooded | fire in | on fire | earthquake | data centre is down | data center is down | "
            "everything is down | all sites are down | power failure | site is dark | under water | 火灾 | "
            "着火 | 漏水 | 水淹 | 地震 | 机房断电 | 全部瘫痪 | 全厂断网 | 灾难 | flooding | fire brigade | "
            "fire alarm | smoke | blaze | explosion | evacuated | evacuation | burnt out | burnt down | "
            "burned down | tornado | typhoon | hurricane | chemical spill | collapsed | crisis team | crisis | "
            "continuity plan | major emergency | on generator | all sites | at any location | in all plants | "
            "whole campus | entire company | whole company | complete loss | worldwide | lives are at risk | "
            "爆炸 | 疏散 | 撤离 | 撤出 | 冒烟 | 浓烟 | 起火 | 烧光 | 全毁 | 停电 | 进水 | 积水 | 洪水 | 屋顶塌 | "
            "压塌 | 泄漏 | 封楼 | 瘫痪 | 全院 | 两地都 | 全部客户 | 业务连续性"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        4,
        "does not work",
        _words(
            "does not work | doesn't work | do not work | don't work | not working | no longer works | "
            "stopped working | stops at | stops working | refuses | broken | is down | outage | offline | "
            "cannot connect | can't connect | cannot sign in | can't sign in | cannot log in | can't log in | "
            "cannot print | can't print | cannot open | can't open | never comes back | 不能用 | 用不了 | "
            "无法使用 | 无法登录 | 无法连接 | 无法打印 | 连不上 | 打不开 | 登不上 | 坏了 | 故障 | 停了 | "
            "没反应 | never arrives | never arrived | nothing happens | nothing comes | returns nothing | "
            "not responding | stuck | stays empty | stays dark | keeps asking | unreachable | unusable | "
            "can't get into | cannot get into | cant open | cant connect | cant log in | cannot submit | "
            "can't submit | breaks up | still does not | still doesn't | 还是不行 | 也不行 | 进不去 | 收不到 | "
            "没收到 | 就断 | 就掉 | 刷不开 | 没信号 | 没传上来 | 白屏 | 一直弹 | 没法提交 | 没有记录"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        3,
        "error",
        _words(
            "error | errors | fails | failed | failure | crash | crashes | crashed | freezes | frozen | hangs | "
            "disconnects | disconnected | drops | timeout | timed out | blank screen | asks twice | "
            "reconnecting | drop the connection | lose wi-fi | loses | are gone | is gone | no longer | "
            "forgets | is missing | skips | is empty | stop working | full speed | too big to open | "
            "asks for the code twice | half a label | 报错 | 错误 | 失败 | 崩溃 | 不存在 | 乱码 | 看不到 | "
            "切掉 | 半张 | 断断续续 | 登录不了 | 卡死 | 死机 | 断开 | 掉线 | 超时 | 蓝屏 | 闪退 | 两次 | "
            "unavailable | not found | white page | counted twice | are wrong | the wrong | doesn't exist | "
            "invalid | paper jam | is anybody else | 数据不对 | 不对 | 红灯 | 一直提示 | 一直显示 | 显示一直 | "
            "也没有任何提示 | 有没有别人"
        ),
    ),
    WordRule(
        QueryClass.INCIDENT,
        2,
        "worse than before",
        _words(
            "since yesterday | since monday | since this morning | since the update | after the update | "
            "got worse | used to work | very slow | too slow | 从昨天开始 | 从周一 | 更新之后 | 升级后 | "
            "特别慢 | 很慢 | 越来越慢 | soooo slow | worked fine | last month it | normally it takes | "
            "until yesterday | since the first | since last week | after the migration | before the migration | "
            "since the migration | restarted | same result | behaves the same | 重启过 | 还好好的 | 就这样了 | "
            "这周开始 | 以前可以"
        ),
    ),
    WordRule(
        QueryClass.SERVICE_REQUEST,
        4,
        "asks for something",
        _words(
            "please install | need access | request access | access to the | new laptop | new phone | "
            "new starter | new colleague | second screen | could i get | can i get | can i have | "
            "i would like to order | i need a license | i need a licence | reset my password | 申请 | 开通 | "
            "领用 | 需要一台 | 新员工 | 安装一个 | 权限 | 重置密码 | 采购 | read access | admin rights | "
            "please send | please order | please create | please issue | please assign | please unlock | "
            "set one up | can you create | i'd like to have | i would like | new badge | guest accounts | "
            "parking permit | toner | roaming | offboarding | from the catalogue | in the catalogue | "
            "another copy | licence for | license for | create a shared | my approval | 领一 | 想领 | 开个 | "
            "开一个 | 帮忙重置 | 换一台 | 借一 | 寄一份 | 解一下锁 | 解锁 | 停用账号 | 换新 | 席位 | 能否配 | "
            "要两 | 没有我的账号"
        ),
    ),
    WordRule(
        QueryClass.CHANGE_REQUEST,
        4,
        "asks for a change",
        _words(
            "please change | change the rule | change the setting | firewall rule | open a port | "
            "move the server | migrate | upgrade to | new approval level | second approver | another approver | "
            "additional level | reconfigure | 变更 | 修改配置 | 迁移 | 升级到 | 开放端口 | 调整规则 | 增加审批 | "
            "standard change | emergency change | has to be changed | have to be changed | must be changed | "
            "should become | should be reconfigured | to be switched | could you move | please merge | "
            "please add | please take it out | please set it | decommission | whitelist | the firewall | "
            "reassign | rollback | upgrade the | we propose | proposal | group policy | retention | go-live | "
            "requesting approval | advisory board | needs to be in production | should be moved | should point | "
            "to be blocked | vlan | 改成 | 要改 | 改一下 | 一起改 | 换掉 | 替换 | 放行 | 下线 | 调整 | 禁用 | "
            "必填 | 切换 | 对调 | 回退 | 排期 | 阈值"
        ),
    ),
    WordRule(
        QueryClass.COMPLAINT,
        5,
        "unhappy",
        _words(
            "complain | complaint | disappointed | unacceptable | fed up | third time my | nobody answers | "
            "closed unanswered | still waiting | ignored | rude | waste of time | 投诉 | 不满 | 没人理 | "
            "没人管 | 失望 | 第三次 | 态度差 | 无法接受 | 等了很久 | nobody told | nobody talked | unhappy | "
            "apology | apologise | seriously? | angry | mockery | without notice | without a word | "
            "without telling | for the third time | overpromised | tired of | on hold | not acceptable | "
            "laughing | how many times | keeps happening | beforehand in the future | lost an hour | reminders | "
            "no answer | money back | ping pong | who decides | we wait for weeks | not how i want | "
            "how about announcing | would've been enough | 没人联系 | 不被重视 | 被重视 | 火大 | 放鸽子 | 道歉 | "
            "寒心 | 讽刺 | 石沉大海 | 太冲 | 不满意 | 没有回音 | 不通知 | 没人说 | 不舒服 | 有那么难 | 催了 | "
            "不是第一次 | 第四次 | 算什么 | 不登记"
        ),
    ),
    WordRule(
        QueryClass.COMPLIMENT,
        4,
        "pleased",
        _words(
            "thank you to | thanks to whoever | great job | great work | well done | excellent service | kudos | "
            "so helpful | compliment | 表扬 | 太棒了 | 点赞 | 做得好 | 特别感谢 | hats off | five stars | "
            "i must praise | wonderful | brilliant | excellent | impressive | impressed | superb | so happy | "
            "is a joy | thumbs up | i admire | deserves a | big thanks | keep it up | you listened | pleasant | "
            "so good | so patient | well informed | really better | perfect | 要夸 | 服气 | 厉害 | 完美 | 五星 | "
            "很满意 | 真高 | 真不错 | 谢意 | 地道 | 温暖 | 进步很大 | 听进去 | 心里有底 | 终于有人"
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
            "would be nice | it would help if | i suggest | suggestion | feature request | could we have | "
            "why not | idea: | could you add | 建议 | 希望能 | 如果能 | 能不能增加 | 改进 | it'd be nice | "
            "would be worth | worth trying | would help | would love | would suit | would make | would save | "
            "would have saved | would spare | would reach | would be more | would cut | just a thought | "
            "a thought | what if | why don't we | if we could | should be feasible | wish list | i'd volunteer | "
            "idea | 就好了 | 怎么样？ | 加个 | 应该不难 | 能快不少 | 希望可以 | 我可以当 | 随便一提 | 会大很多 | "
            "成本很低 | 就行。 | 说不定"
        ),
    ),
    WordRule(
        ONLY_A_QUESTION,
        3,
        "asks how",
        _words(
            "how do i | how can i | how to | where do i | where can i | where is | is it possible | "
            "does anyone know | what is | which one | 怎么 | 如何 | 请问 | 在哪里 | 哪里可以 | 有没有人知道 | "
            "how does | how do | how long | how often | what are | what happens | who is | who approves | "
            "does anyone | does the | is there | are there | do i need | can i | short for | 哪里 | 哪个 | "
            "哪台 | 哪儿 | 多久 | 是什么 | 吗？ | 会不会 | 要不要 | 应该用"
        ),
    ),
    WordRule(
        QueryClass.SERVICE_REQUEST,
        2,
        "asks for something",
        _words(
            "i need | i'd need | i still need | would need | needs | we need | please install | please book | "
            "please close | please bring | 需要 | 麻烦 | 请增加 | 请装 | 名单见附件 | 报到 | 工号 | 序列号 | "
            "成本中心"
        ),
    ),
    WordRule(
        QueryClass.CHANGE_REQUEST,
        2,
        "asks for a change",
        _words(
            "approved | agreed | attached | from next month | as of the first | from the first | planned date | "
            "downtime | the board | specification | routing | mapping | on the agenda | test window | 同意了 | "
            "见附件 | 决定 | 号起 | 测试环境 | 评审"
        ),
    ),
    WordRule(
        ONLY_A_QUESTION,
        3,
        "asks how",
        _words(
            "out of interest | curiosity | just want to know | just wanted to know | looking for inspiration | "
            "i'm not asking for | nothing wrong with | i can't remember | 好奇 | 先问清楚 | 我没有要 | "
            "还是只有 | 还是一定 | 大家都是怎么"
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
MANY_ORGANISATIONS, SOME_ORGANISATIONS = 5, 2

# A threat of this weight wins over everything else: better a false alarm than one discussed in public.
THREAT = 6

EVERYBODY = _words(
    "everyone | everybody | whole office | whole team | whole site | all of us | all users | "
    "company-wide | 所有人 | 全公司 | 全厂 | 整个部门 | 全部门 | 大家都"
)
SEVERAL = _words("several of us | my team | our team | my colleagues | we all | 几个同事 | 我们组 | 同事也 | 我们部门")
STOPPED = _words(
    "cannot work | can't work | unable to work | stopped working | production is stopped | blocked | "
    "urgent | urgently | immediately | as soon as possible | asap | stops at | 无法工作 "
    "| 没法工作 | 紧急 | 马上 | 立刻 | 停产 | 停线 | 很急 | 急用"
)
DEADLINE = _words(
    "deadline | due today | due tomorrow | by tomorrow | before tomorrow | by tonight | by noon | by end of day | "
    "audit tomorrow | 截止 | 今天之内 | 今天下班前 | 明天之前 | 明早之前 | 今晚之前 | 最后期限"
)
WORKAROUND = _words(
    "workaround | work around | work-around | for now i use | for now we use | in the meantime i | "
    "in the meantime we | still works in the browser | 临时办法 | 变通办法 | 暂时用 | 先用"
)
NO_WORKAROUND = _words(
    "no workaround | no work-around | without a workaround | no other way | 没有别的办法 | 没有替代办法"
)
CAN_WAIT = _words(
    "no hurry | not urgent | when you have time | low priority | can wait | whenever | 不急 | 不着急 | 有空 "
    "| 什么时候都行"
)

PATIENT_CLASSES = frozenset({QueryClass.COMPLIMENT, QueryClass.IMPROVEMENT, QueryClass.CHANGE_REQUEST, ONLY_A_QUESTION})
PRESSING_CLASSES = frozenset({QueryClass.DISASTER, QueryClass.SUSPICIOUS})
TROUBLE = frozenset({QueryClass.INCIDENT, QueryClass.DISASTER, QueryClass.SUSPICIOUS, QueryClass.COMPLAINT})
