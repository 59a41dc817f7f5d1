"""Mail domains as they are compared."""

import pytest

from community.organisations.domains import domain_of, is_public, normal, split_domains, written


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("acme.com", "acme.com"),
        (" ACME.Com ", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("MÜNCHEN.DE", "xn--mnchen-3ya.de"),
        ("XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de"),
        ("公司.cn", "xn--55qx5d.cn"),
        ("公司。cn", "xn--55qx5d.cn"),
        ("com", ""),
        ("", ""),
        ("acme .com", ""),
        ("a@acme.com", ""),
        ("[127.0.0.1]", ""),
        ("127.0.0.1", ""),
        ("imported.invalid", ""),
        ("acme.com\x00", ""),
        ("x" * 64 + ".com", ""),
    ],
)
def test_one_form_for_every_way_of_writing(typed: str, kept: str) -> None:
    assert normal(typed) == kept


def test_an_address_leads_to_its_domain() -> None:
    assert domain_of("ann@MÜNCHEN.de") == "xn--mnchen-3ya.de"
    assert domain_of('"a@b.org"@acme.com') == "acme.com"
    assert domain_of("nothing") == ""


def test_domains_are_shown_as_their_people_write_them() -> None:
    assert (written("xn--mnchen-3ya.de"), written("acme.com")) == ("münchen.de", "acme.com")


def test_public_mailers_are_known_with_what_is_below_them() -> None:
    for domain in ("gmail.com", "outlook.com", "qq.com", "vip.qq.com", "163.com", "vip.163.com", "126.com"):
        assert is_public(domain), domain
    for domain in ("acme.com", "notgmail.com", "gmail.com.acme.com", "tencent.com"):
        assert not is_public(domain), domain


def test_domains_are_read_from_lines_spaces_and_commas() -> None:
    assert split_domains("@acme.com, acme.org\nacme.com；公司.cn、a.de") == ("acme.com", "acme.org", "公司.cn", "a.de")
    assert split_domains(" \n") == split_domains(None) == ()
