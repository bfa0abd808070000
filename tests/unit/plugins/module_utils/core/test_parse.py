# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users type, and what is made of it: each normal form, each refusal with its words."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core import parse
from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput

LONG = "n" * 256


@pytest.mark.parametrize(
    "name", ["a", "study01", "with space", "-n", "hé_é", "x" * 255, "..a", "1"]
)
def test_names_of_namespaces(name):
    assert parse.netns_name(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "the name of a namespace must not be empty; state a name"),
        (".", "'.' cannot be the name of a namespace: it is a directory; choose another"),
        ("..", "'..' cannot be the name of a namespace: it is a directory; choose another"),
        ("a/b", "'a/b' cannot be the name of a namespace: it must not contain '/' and NUL"),
        (
            "a\0b",
            r"'a\x00b' cannot be the name of a namespace: it must not contain '/' and NUL",
        ),
        (LONG, f"'{LONG}' cannot be the name of a namespace: it must have at most 255 bytes"),
        (
            "é" * 128,
            f"'{'é' * 128}' cannot be the name of a namespace: it must have at most 255 bytes",
        ),
    ],
)
def test_no_names_of_namespaces(name, words):
    for reader in (parse.netns_name, parse.place):
        with pytest.raises(BadInput) as told:
            reader(name)
        assert str(told.value) == words or (reader is parse.place and name == "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (None, ""),
        ("a", "a"),
        ("4711", "4711"),
        ("/run/netns/a", "a"),
        ("/var/run/netns/a", "a"),
        ("/run/netns/a/b", "/run/netns/a/b"),
        ("/proc/1/ns/net", "/proc/1/ns/net"),
    ],
)
def test_places(text, place):
    assert parse.place(text) == place


def test_normal_places_stay():
    for text in ("a", "4711", "/proc/1/ns/net", "/run/netns/a/b"):
        assert parse.place(parse.place(text)) == parse.place(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/a\0b", r"path '/a\x00b' must not contain a NUL character"),
        ("/run/netns/", "the name of a namespace must not be empty; state a name"),
        (
            "/run/netns/..",
            "'..' cannot be the name of a namespace: it is a directory; choose another",
        ),
    ],
)
def test_no_places(text, words):
    with pytest.raises(BadInput) as told:
        parse.place(text)
    assert str(told.value) == words


@pytest.mark.parametrize("name", ["lo", "veth01", "x" * 15, "a.b", "é" * 7, "-l", "$(x)", "a@b"])
def test_names_of_links(name):
    assert parse.link_name(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "the name of a link must not be empty; state a name"),
        (
            "x" * 16,
            "'xxxxxxxxxxxxxxxx' cannot be the name of a link: it must have at most 15 bytes",
        ),
        ("é" * 8, "'éééééééé' cannot be the name of a link: it must have at most 15 bytes"),
        (".", "'.' cannot be the name of a link: it is a directory; choose another"),
        ("..", "'..' cannot be the name of a link: it is a directory; choose another"),
        *(
            (
                name,
                f"{name!r} cannot be the name of a link: it must not contain space, '/', ':' and '%'",
            )
            for name in ("a b", "a/b", "a:b", "eth%d", "a\tb", "a\nb", "a\0b")
        ),
    ],
)
def test_no_names_of_links(name, words):
    with pytest.raises(BadInput) as told:
        parse.link_name(name)
    assert str(told.value) == words


@pytest.mark.parametrize("text", ["02:00:00:00:00:0a", "02:00:00:00:00:0A", "02-00-00-00-00-0a"])
def test_macs(text):
    assert parse.mac(text) == "02:00:00:00:00:0a"
    assert parse.mac(parse.mac(text)) == parse.mac(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *(
            (
                text,
                f"MAC address {text!r} must be six pairs of hexadecimal digits, as 02:00:00:00:00:01",
            )
            for text in ("", "02:00:00:00:00", "02:00:00:00:00:0g", "020000000000", "2:0:0:0:0:1")
        ),
        (
            "01:00:5e:00:00:01",
            "MAC address '01:00:5e:00:00:01' is a multicast address, which a link cannot have; use one"
            " with an even first byte",
        ),
        ("00:00:00:00:00:00", "the MAC address of a link must not be all zeros; use another"),
    ],
)
def test_no_macs(text, words):
    with pytest.raises(BadInput) as told:
        parse.mac(text)
    assert str(told.value) == words


def test_numbers():
    assert parse.number("mtu", None, 0, 9) is None
    assert [parse.number("mtu", value, 0, 9) for value in (0, 9)] == [0, 9]
    for value in (-1, 10):
        with pytest.raises(BadInput) as told:
            parse.number("mtu", value, 0, 9)
        assert str(told.value) == f"mtu must be between 0 and 9, not {value}"


def test_aliases():
    assert [parse.alias(text) for text in (None, "", "x" * 255)] == [None, "", "x" * 255]
    for text in ("x" * 256, "é" * 128, "a\0b"):
        with pytest.raises(BadInput) as told:
            parse.alias(text)
        assert str(told.value) == "alias must have at most 255 bytes and no NUL character"


def test_lifetimes():
    texts = (None, "forever", "0", "3600", str(parse.FOREVER - 1))
    numbers = [None, parse.FOREVER, 0, 3600, parse.FOREVER - 1]
    assert [parse.lifetime("valid_lft", text) for text in texts] == numbers
    for text in ("", "-1", "1.5", "1h", str(parse.FOREVER)):
        with pytest.raises(BadInput) as told:
            parse.lifetime("valid_lft", text)
        assert str(told.value) == f"valid_lft {text!r} must be a number of seconds, or 'forever'"


@pytest.mark.parametrize(
    ("text", "scope", "number"),
    [
        ("global", "global", 0),
        ("universe", "global", 0),
        ("0", "global", 0),
        ("site", "site", 200),
        ("253", "link", 253),
        ("254", "host", 254),
        ("nowhere", "nowhere", 255),
        ("77", "77", 77),
    ],
)
def test_scopes(text, scope, number):
    assert parse.scope(text) == parse.scope(scope) == scope
    assert parse.scope_number(scope) == number


def test_no_scopes():
    assert parse.scope(None) is None
    for text in ("", "wide", "-1", "256"):
        with pytest.raises(BadInput) as told:
            parse.scope(text)
        assert str(told.value) == (
            f"scope {text!r} must be global, site, link, host, or a number from 0 to 255"
        )
