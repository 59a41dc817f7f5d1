"""Mail domains as they are compared: in ASCII, small letters, however they were written. Pure."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# Where anybody gets an address, so that an address says nothing about its owner's employer.
_MAILERS = """
126.com 139.com 163.com 163.net 188.com 189.cn 21cn.com 263.net aliyun.com foxmail.com qq.com sina.cn sina.com
sina.com.cn sohu.com tom.com wo.cn yeah.net
aim.com aol.com att.net bellsouth.net bk.ru bluewin.ch bol.com.br btinternet.com comcast.net cox.net daum.net
duck.com ezweb.ne.jp fastmail.com fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
googlemail.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it
hushmail.com i.ua icloud.com inbox.ru interia.pl laposte.net libero.it list.ru live.cn live.com live.co.uk live.de
live.fr mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com o2.pl onet.pl orange.fr outlook.com
outlook.de outlook.es outlook.fr pm.me posteo.de proton.me protonmail.ch protonmail.com rambler.ru rediffmail.com
rocketmail.com seznam.cz sfr.fr sky.com t-online.de tuta.com tuta.io tutanota.com tutanota.de ukr.net uol.com.br
verizon.net virgilio.it wanadoo.fr web.de wp.pl ya.ru yahoo.ca yahoo.cn yahoo.co.in yahoo.co.jp yahoo.co.uk
yahoo.com yahoo.com.br yahoo.com.cn yahoo.com.tw yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
ziggo.nl zoho.com zohomail.com
"""
PUBLIC_MAILERS = frozenset(_MAILERS.split())


@lru_cache(maxsize=4096)
def normal(domain: str) -> str:
    """The domain in ASCII and small letters; "" where no mail could ever go there."""
    try:
        return validate_email(f"x@{domain.strip()}", check_deliverability=False).ascii_domain or ""
    except EmailNotValidError:
        return ""


def domain_of(address: str) -> str:
    """The domain of an address in its normal form; "" where there is none."""
    return normal(address.rpartition("@")[2])


@lru_cache(maxsize=4096)
def written(domain: str) -> str:
    """The domain as its people write it, from its ASCII form."""
    return validate_email(f"x@{domain}", check_deliverability=False).domain


def is_public(domain: str) -> bool:
    """Whether anybody gets addresses in this domain, given in its normal form, or in one above it."""
    labels = domain.split(".")
    return any(".".join(labels[first:]) in PUBLIC_MAILERS for first in range(len(labels)))


def split_domains(text: str | None) -> tuple[str, ...]:
    """What was typed, with lines, spaces or commas in between, without a leading @; each once."""
    parts = (part.lstrip("@") for part in re.split(r"[\s,，、;；]+", text or ""))
    return tuple(dict.fromkeys(part for part in parts if part))
