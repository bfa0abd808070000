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
        ("", "A namespace needs a name: it is empty"),
        (".", "'.' is a directory, not the name of a namespace"),
        ("..", "'..' is a directory, not the name of a namespace"),
        ("a/b", "The name of a namespace holds no '/' and no NUL: 'a/b'"),
        ("a\0b", r"The name of a namespace holds no '/' and no NUL: 'a\x00b'"),
        (LONG, f"The name of a namespace has at most 255 bytes: '{LONG}'"),
        ("é" * 128, f"The name of a namespace has at most 255 bytes: '{'é' * 128}'"),
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
        ("/a\0b", r"A path holds no NUL: '/a\x00b'"),
        ("/run/netns/", "A namespace needs a name: it is empty"),
        ("/run/netns/..", "'..' is a directory, not the name of a namespace"),
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
        ("", "A link needs a name: it is empty"),
        ("x" * 16, "The name of a link has at most 15 bytes: 'xxxxxxxxxxxxxxxx'"),
        ("é" * 8, "The name of a link has at most 15 bytes: 'éééééééé'"),
        (".", "'.' cannot be the name of a link"),
        ("..", "'..' cannot be the name of a link"),
        *(
            (name, f"The name of a link holds no space and none of '/', ':', '%': {name!r}")
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
            (text, f"A MAC address has six pairs of hexadecimal digits: {text!r}")
            for text in ("", "02:00:00:00:00", "02:00:00:00:00:0g", "020000000000", "2:0:0:0:0:1")
        ),
        (
            "01:00:5e:00:00:01",
            "'01:00:5e:00:00:01' is a multicast address: no link can bear it as its MAC",
        ),
        ("00:00:00:00:00:00", "The MAC address of a link cannot be all zeros"),
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
        assert str(told.value) == f"mtu lies between 0 and 9: {value}"


def test_aliases():
    assert [parse.alias(text) for text in (None, "", "x" * 255)] == [None, "", "x" * 255]
    for text in ("x" * 256, "é" * 128, "a\0b"):
        with pytest.raises(BadInput) as told:
            parse.alias(text)
        assert str(told.value) == "An alias has at most 255 bytes and no NUL"


def test_lifetimes():
    texts = (None, "forever", "0", "3600", str(parse.FOREVER - 1))
    numbers = [None, parse.FOREVER, 0, 3600, parse.FOREVER - 1]
    assert [parse.lifetime("valid_lft", text) for text in texts] == numbers
    for text in ("", "-1", "1.5", "1h", str(parse.FOREVER)):
        with pytest.raises(BadInput) as told:
            parse.lifetime("valid_lft", text)
        assert str(told.value) == f"valid_lft is a number of seconds or 'forever': {text!r}"


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
        assert str(told.value) == f"{text!r} is no scope; global, site, link, host and 0 to 255 are"
