"""The well-known warning signs of a threat: data, read by `suggesting`.

Each speaks of something that happened; what people ask about threats in general is told apart by `ASKS_ABOUT`.
"""

from .classes import QueryClass
from .word_rule import WordRule, words_in

_PEOPLE_IN_CHARGE = (
    "ceo | cfo | boss | managing director | finance director | director | our head of | head of finance | "
    "president | chairman | chairwoman | 老板 | 总经理 | 董事长 | 领导 | 总裁 | 财务总监 | 校长 | 院长"
)
_UNASKED = (
    "didn't ask | did not ask | never asked | not me | wasn't me | was not me | didn't request | did not request | "
    "never requested | without me | i'm not signing in | not signing in | didn't try | did not try | out of nowhere | "
    "again and again | all night | in the middle of the night | 不是我 | 我没 | 我并没 | 没有登录 | 没在登录 | "
    "一直弹 | 不停地弹 | 半夜"
)

THREAT_RULES: tuple[WordRule, ...] = (
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "in charge and money",
        words_in(_PEOPLE_IN_CHARGE),
        words_in(
            "gift card | gift cards | voucher codes | urgent payment | urgent transfer | wire transfer | "
            "confidential transfer | asking for a transfer | asks for a transfer | asked for a transfer | "
            "asks me to transfer | asked me to transfer | asks me to pay | asked me to pay | asks me to buy | "
            "asked me to buy | wants me to pay | wants me to buy | wants me to transfer | itunes | google play card | "
            "让我转账 | 叫我转账 | 要我转账 | 让我汇款 | 要我汇款 | 让我打款 | 让我付款 | 让我买 | 叫我买 | 要我买 | "
            "购物卡 | 礼品卡 | 充值卡 | 让我垫 | 紧急付款 | 紧急转账 | 急着转账 | 加微信转账"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "money elsewhere",
        words_in(
            "new bank details | changed bank details | change of bank details | changed their bank details | "
            "different bank account | other bank account | another bank account | new iban | different iban | "
            "changed iban | bank details have changed | bank account has changed | account number has changed | "
            "payment details changed | changed payment details | updated payment details | change my bank account | "
            "redirect my salary | salary to a new account | 变更银行账户 | 换了银行账户 | 更换银行账号 | "
            "银行账号变了 | 换了账号 | 新的银行账户 | 新账户打款 | 改打到 | 换个账户 | 变更收款 | 汇款账户变更"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "attachment",
        words_in(
            "enable macros | enable the macros | enable content | enable editing | wants macros | asks for macros | "
            "asks to enable | attachment with macros | activate macros | opened the attachment | "
            "opened an attachment | password-protected zip | .exe attachment | .iso file | .html attachment | "
            "attached html | double extension | invoice.exe | ran a script | paste this command | "
            "press windows and r | 启用宏 | 启用内容 | 开启宏 | 要启用编辑 | 附件是exe | 附件是 exe | 打开了附件 | "
            "点开了附件 | 点了附件 | 双击了附件 | 带密码的压缩包 | 运行了附件"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "sign-in by somebody else",
        words_in(
            "sign-in from abroad | login from abroad | sign-in from another country | login from another country | "
            "signed in from another country | logged in from another country | new sign-in from | new login from | "
            "login from an unknown | sign-in from an unknown | unrecognised device | unrecognized device | "
            "unknown session | device i don't know | device i do not know | phone i don't own | "
            "i have never been there | i've never been there | never been to | impossible travel | "
            "somebody else signed in | somebody signed in | someone signed in | somebody logged in | "
            "password was changed without | password reset i didn't | password was reset without | "
            "sent mails from my account | sends mail in my name | sending mails in my name | mails in my name | "
            "emails from my account that i | sent items that i didn't | sent folder that i didn't | "
            "messages i didn't write | messages i did not write | mails i didn't write | mails i did not write | "
            "异地登录 | 境外登录 | 国外登录 | 海外登录 | 陌生设备 | 未知设备 | 不认识的设备 | 别人登录了 | "
            "有人登录了我 | 密码被改 | 密码被人改 | 用我的账号发 | 以我的名义发 | 冒用我的 | 账号被盗 | 不是我发的 | "
            "不是我登录 | 不是我操作 | 从没去过"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "prompts nobody asked for",
        words_in(
            "mfa | authenticator | approval request | approval requests | approve a login | approve a sign-in | "
            "approve the sign-in | login requests | sign-in requests | push requests | verification code | "
            "verification codes | one-time code | one-time codes | security code | 2fa | 验证码 | 登录请求 | "
            "批准登录 | 登录确认 | 身份验证器 | 二次验证 | 动态码"
        ),
        words_in(_UNASKED),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "credentials asked for",
        words_in(
            "asked for a code | wants the code | wanted my code | "
            "read out the code | tell him the code | tell her the code | asked me for my password | "
            "wants my password | wanted my password | asks for our password | wants me to log in | "
            "copy of our login | looks like our login | fake login | login page that isn't | "
            "address of the page is different | entered my password | typed my password | entered my data | "
            "gave my password | gave him my password | gave her my password | told him my password | "
            "told her my password | your mailbox is full | account will be closed | account will be suspended | "
            "account will be blocked | password expires today | 问我验证码 | 把验证码 | 要我的验证码 | "
            "问我密码 | 要我密码 | 输了密码 | 输入了密码 | 填了密码 | 填了账号 | 假的登录 | 仿冒登录 | "
            "登录页面不一样 | 网址不一样 | 网址不对 | 账号将被停用 | 邮箱将被停用 | 密码即将过期"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "code to scan",
        words_in("qr code | qr-code | qr codes | 二维码"),
        words_in(
            "poster | posters | stuck over | pasted over | sticker | parking meter | log in with | sign in with | "
            "company login | unknown | strange | nobody knows | parcel | not ours | asks for | wants my | 海报 | "
            "贴了 | 贴在 | 贴纸 | 覆盖 | 传单 | 要登录 | 让登录 | 要输入 | 让输入 | 填个人 | 填身份证 | 补贴 | 奇怪 | "
            "不知道谁"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "caller",
        words_in(
            "remote control | remote access | remote session | teamviewer | anydesk | quick assist | "
            "screen sharing | take over my screen | access to my computer | access to my pc | install a program | "
            "install something | 远程控制 | 远程协助 | 远程软件 | 控制我的电脑 | 共享屏幕 | 屏幕共享 | 装个软件 | "
            "下载一个软件"
        ),
        words_in(
            "called me | a caller | caller | phone call | somebody called | someone called | a man called | "
            "a woman called | rang me | rang up | calls and | claimed to be | claims to be | pretended to be | "
            "says he is from | said he was from | said she was from | from microsoft | 打电话 | 来电 | 电话里 | "
            "自称 | 冒充 | 说是微软 | 说是客服"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "found device",
        words_in(
            "usb stick | usb drive | usb key | flash drive | thumb drive | memory stick | usb cable | "
            "hard drive | u盘 | 优盘 | 移动硬盘 | 数据线"
        ),
        words_in(
            "found a | found an | found in | found on | was found | were found | lying | in the car park | "
            "in the parking | left at reception | came by post | came in the mail | plugged it in | nobody's | "
            "捡到 | 捡了 | 地上 | 停车场 | 前台放着 | 不知道谁 | 插上 | 寄来"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "data to the wrong people",
        words_in(
            "wrong recipient | wrong person | wrong recipients | wrong customer | wrong address | "
            "wrong distribution list | by mistake to | external address by mistake | everybody in cc | in open cc | "
            "instead of bcc | visible to everybody on the internet | on a public site | on a public website | "
            "publicly accessible | anyone with the link | private cloud | private mailbox | private e-mail account | "
            "personal dropbox | lost a folder | lost the folder | left on the train | left in the taxi | "
            "left in a taxi | 发错人 | 发错了人 | 误发 | 发给了错误 | 发到外部 | 发到了外部 | 抄送了所有 | "
            "忘记密送 | 公开链接 | 任何人都能看 | 任何人都可以看 | 传到网盘 | 私人邮箱 | 个人网盘 | 落在出租车 | "
            "落在地铁 | 落在高铁"
        ),
        words_in(
            "personal data | customer | customers | customer data | salary | salaries | payroll | payslip | "
            "payslips | contract | contracts | confidential | birth dates | medical | patient | patients | "
            "passport | passports | addresses of | personnel | application documents | drawings | source code | "
            "price list | prices | list of | spreadsheet | file | files | documents | 客户 | 工资 | 薪资 | 合同 | "
            "机密 | 保密 | 身份证 | 病历 | 患者 | 简历 | 图纸 | 源代码 | 报价 | 名单 | 个人信息 | 资料 | 文件"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "ransom",
        words_in(
            "ransom | ransom note | read_me_to_decrypt | how_to_decrypt | strange file ending | strange extension | "
            "bitcoin | decrypt | files are encrypted | files were encrypted | "
            "all files encrypted | everything is encrypted | pay in crypto | extortion | blackmail | blackmails | "
            "blackmailed | threatens to publish | 赎金 | 比特币 | 被加密 | 全部加密 | 解密 | 敲诈 | 威胁公开 | "
            "文件后缀变 | 后缀都变"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "shared password",
        words_in(
            "shares his password | shares her password | share their password | shared password | "
            "shared passwords | everybody uses the same password | password on a sticky note | password on a note | "
            "password is on the whiteboard | password under the keyboard | uses my account | using my account | "
            "uses my login | used my login | works with my account | passwords in a spreadsheet | "
            "passwords in an excel | in plain text | leaked passwords | list of passwords | 共用密码 | 共用账号 | "
            "共用一个账号 | 密码贴在 | 密码写在 | 密码告诉了 | 用我的账号 | 用别人的账号 | 密码表 | 明文密码 | 明文保存"
        ),
        words_in("password | passwords | account | login | 密码 | 账号"),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "stranger inside",
        words_in(
            "tailgating | tailgated | piggybacked | followed me in | followed me through | slipped in behind | "
            "came in behind | walked in behind | held the door | without a badge | without badge | no badge | "
            "borrow my badge | lost my badge | badge was stolen | break-in | broke in | burglary | "
            "forced open | wedged open | propped open | stranger in | stranger walked | somebody strange | "
            "unknown person | unknown man | unknown woman | taking photos of | took photos of | hidden camera | "
            "microphone under | 尾随 | 跟着我进 | 跟在后面进 | 没戴工牌 | 没有工牌 | 没戴胸牌 | 借我的工牌 | "
            "借工牌 | 工牌丢了 | 门禁卡丢了 | 陌生人进 | 不认识的人 | 撬开 | 偷拍 | 针孔 | 窃听"
        ),
        words_in(
            "building | office | door | gate | floor | badge | server room | room | reception | entrance | "
            "warehouse | lab | screens | whiteboard | site | laptop | desk | 楼 | 门 | 办公室 | 机房 | 前台 | 车间 | "
            "实验室 | 仓库 | 工牌 | 胸牌 | 屏幕 | 白板 | 会议室 | 厂区"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "machine acts alone",
        words_in(
            "mouse moves | cursor moves | cursor moved | moves on its own | typing by itself | "
            "windows open by themselves | program i didn't install | program that i didn't install | "
            "software i didn't install | software that i didn't install | extension i didn't install | "
            "browser extension i | homepage changed by itself | redirects to another site | "
            "redirects me to | antivirus is switched off | antivirus was switched off | "
            "virus protection is off | defender is off | camera light | webcam light | "
            "rule i didn't create | rule that i didn't create | forwarding rule | forwards everything to | "
            "unknown administrator | unknown admin | admin account nobody | account that nobody knows | "
            "account of a former | former employee's account | still has access | "
            "鼠标自己 | 自己打字 | 自动打开窗口 | 不是我装的 | 没装过这个 | 自己装上 | 主页被改 | 跳转到别的 | "
            "杀毒软件被关 | 防护被关 | 摄像头灯 | 摄像头自己 | 自动转发到 | 陌生管理员 | 不认识的账号 | "
            "离职员工的账号 | 离职同事的账号 | 还能登录系统 | 还有权限"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "odd message",
        words_in(
            "mail | e-mail | email | message | text message | sms | whatsapp | link | linkedin | attachment | parcel | "
            "invoice | 邮件 | 短信 | 消息 | 微信 | 链接 | 附件 | 快递 | 发票"
        ),
        words_in(
            "sender address is | sender address looks | sender's address | sender is not | domain is misspelled | "
            "domain is spelled | misspelled | one letter is different | one letter different | spelling mistakes | "
            "looks like it comes from us | pretends to be | pretending to be | claims to be | claiming to be | "
            "smells like | looks dodgy | dodgy | fishy | shady | seems off | feels off | strange link | odd link | "
            "not from our domain | not our domain | lookalike | impersonating | impersonation | threatens | "
            "urges me | very urgent and secret | keep it confidential | don't tell anyone | "
            "发件人不对 | 发件人地址不对 | 发件人很奇怪 | 域名不对 | 域名多了 | 差一个字母 | 少一个字母 | 假冒 | "
            "冒充 | 仿冒 | 很可疑 | 有点可疑 | 怪怪的 | 不像真的 | 像骗 | 别告诉 | 不要告诉 | 保密"
        ),
    ),
    WordRule(
        QueryClass.SUSPICIOUS,
        6,
        "gone with data",
        words_in(
            "laptop | notebook | work phone | company phone | tablet | hard disk | backup tape | master key | "
            "security token | 笔记本 | 工作手机 | 公司手机 | 平板 | 电脑包 | 硬盘"
        ),
        words_in(
            "stolen | was taken | got stolen | robbed | burgled | i lost | i've lost | lost it | have lost my | "
            "left my laptop | left my phone | 被偷 | 偷了 | 丢了 | 弄丢 | 遗失 | 落在 | "
            "忘在"
        ),
    ),
)

# Somebody asks about threats in general …
ASKS_ABOUT = words_in(
    "how do i report | how do we report | how can i report | how to report | where do i report | where can i report | "
    "where to report | whom do i tell | who do i tell | how do i recognise | how do i recognize | how to recognise | "
    "how to recognize | how can i recognise | how can i recognize | how do i spot | how to spot | how can i tell | "
    "how do i tell | what should i look out for | what is phishing | what does phishing | what is a phishing | "
    "what counts as | is there a training | is there training | is there a course | phishing training | "
    "security training | awareness training | phishing test | phishing simulation | what is the procedure | "
    "what's the procedure | what would i do if | what do i do if | what should i do if | what happens if | "
    "what if i get | what if somebody | just in case | in general | hypothetically | 如何举报 | 怎么举报 | 怎样举报 | "
    "如何上报 | 怎么上报 | 往哪举报 | 在哪里举报 | 在哪举报 | 如何识别 | 怎么识别 | 怎样识别 | 如何辨别 | 怎么辨别 | "
    "怎么判断 | 如何判断 | 什么是 | 是什么意思 | 培训 | 演练 | 如果收到 | 万一收到 | 假如收到 | 如果遇到 | 万一遇到 | "
    "假如遇到 | 万一丢 | 如果丢"
)
# … unless they tell what they saw or did themselves.
OBSERVED = words_in(
    "i got | i've got | i have got | we got | i received | i've received | we received | i have received | just got | "
    "just received | has received | have received | came today | came in today | came this morning | i clicked | "
    "i've clicked | i opened | i've opened | i entered | i typed | i found | we found | i saw | i've seen | "
    "i noticed | i lost | i've lost | i gave | i sent | called me | called us | wrote to me | sent me | sent us | "
    "it says | it said | it wants | it asks | asks me | asked me | wants me | wants my | was stolen | were stolen | "
    "is gone | this morning | yesterday | last night | tonight | today | right now | since | again and again | "
    "colleague got | colleague clicked | 我收到 | 收到了 | 收到一 | 刚收到 | 刚刚收到 | 我们收到 | 同事收到 | 我点了 | "
    "点了链接 | 我打开了 | 我输入了 | 输了密码 | 填了 | 我发现 | 发现了 | 我看到 | 今天 | 昨天 | 昨晚 | 刚才 | 刚刚 | "
    "今早 | 早上 | 有人给我 | 给我打电话 | 打电话给我 | 让我 | 叫我 | 要我 | 被偷了 | 丢了手机 | 不见了 | 一直"
)
