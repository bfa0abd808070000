# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the modules, and the wants that are read from them."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import FOREVER
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.spec import (
    AddressesSpec,
    AddressSpec,
    cidr,
    natural_scope,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import (
    EndSpec,
    LinkSpec,
    MoveSpec,
    VethSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.spec import (
    NetnsSpec,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

WANTS = {
    "netns": NetnsSpec,
    "veth": VethSpec,
    "netns_link": MoveSpec,
    "netns_addr": AddressesSpec,
}


def desired(module, /, **params):
    return WANTS[module].of(modules.options(module, **params))


def test_nothing_stated_is_nothing_wanted():
    assert desired("netns", name=["a"]) == NetnsSpec(("a",))
    assert desired("netns_link", name="v") == MoveSpec("", "v", LinkSpec())
    assert desired("veth", name="v", state="absent") == VethSpec(
        EndSpec("", "v", LinkSpec()), None, present=False
    )
    assert desired("netns_addr", link="v", address=["192.0.2.1/24"]) == AddressesSpec(
        "", "v", (AddressSpec("192.0.2.1/24"),)
    )
    assert LinkSpec().stated() == {}


def test_what_is_stated_of_a_link():
    stated = desired(
        "netns_link", name="v", mtu=0, mac="02-00-00-00-00-0A", alias="", master="", up=False
    )
    assert stated.link.stated() == {
        "mtu": 0,
        "mac": "02:00:00:00:00:0a",
        "alias": "",
        "master": "",
        "up": False,
    }
    assert list(desired("netns_link", name="v", up=True, mtu=9).link.stated()) == ["mtu", "up"]


def test_names():
    assert desired("netns", name=["b", "a", "b"]).names == ("b", "a")
    assert desired("netns_link", name="v", new_name="w").final_name == "w"
    assert desired("netns_link", name="v").final_name == "v"
    assert desired("netns_link", name="v", netns="/run/netns/a", move_from="7").move_from == "7"
    assert desired("veth", name="v", netns="a", peer={"name": "v", "netns": "b"}).far.place == "b"


@pytest.mark.parametrize(
    ("module", "params", "words"),
    [
        ("netns", {"name": []}, "name is empty; list at least one namespace"),
        (
            "netns",
            {"name": ["a", "b"], "nsid": 1},
            "nsid 1 requires a single namespace, but name lists 2",
        ),
        ("netns", {"name": ["a"], "nsid": -1}, "nsid must be between 0 and 2147483647, not -1"),
        (
            "netns",
            {"name": ["a", ".."]},
            "name[1]: '..' cannot be the name of a namespace: it is a directory; choose another",
        ),
        ("netns_link", {"name": "v", "mtu": -1}, "mtu must be between 0 and 2147483647, not -1"),
        (
            "netns_link",
            {"name": "v", "master": "a b"},
            "master: 'a b' cannot be the name of a link: it must not contain space",
        ),
        (
            "netns_link",
            {"name": "v", "new_name": ""},
            "new_name: the name of a link must not be empty; state a name",
        ),
        ("netns_link", {"name": "v", "group": 1 << 32}, "group must be between 0 and 4294967295"),
        ("veth", {"name": "v", "peer": {"name": "v"}}, "v cannot be its own peer"),
        (
            "veth",
            {"name": "v", "netns": "a", "peer": {"name": "v", "netns": "/run/netns/a"}},
            "v cannot be its own peer",
        ),
        (
            "veth",
            {"name": "v", "peer": {"name": "w", "mac": "x"}},
            "peer: mac: MAC address 'x' must be six pairs of hexadecimal digits, as 02:00:00:00:00:01",
        ),
    ],
)
def test_no_wants(module, params, words):
    with pytest.raises(BadInput) as told:
        desired(module, **params)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("192.0.2.1/24", "192.0.2.1/24"),
        (" 192.0.2.1/024 ", "192.0.2.1/24"),
        ("2001:DB8:0::1/64", "2001:db8::1/64"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_addresses(text, normal):
    assert str(cidr(text)) == normal
    assert cidr(str(cidr(text))) == cidr(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "address '' is not an IP address; write it as 192.0.2.1/24 or 2001:db8::1/64"),
        (
            "192.0.2.256/24",
            "address '192.0.2.256/24' is not an IP address; write it as 192.0.2.1/24 or 2001:db8::1/64",
        ),
        (
            "192.0.2.1",
            "address '192.0.2.1' has no prefix length; write it as 192.0.2.1/24, for example",
        ),
        ("192.0.2.1/33", "address '192.0.2.1/33' has an invalid prefix length; use /0 to /32"),
        ("192.0.2.1/-1", "address '192.0.2.1/-1' has an invalid prefix length; use /0 to /32"),
        (
            "192.0.2.1/255.255.255.0",
            "address '192.0.2.1/255.255.255.0' has an invalid prefix length; use /0 to /32",
        ),
        ("192.0.2.1/", "address '192.0.2.1/' has an invalid prefix length; use /0 to /32"),
        (
            "2001:db8::1/129",
            "address '2001:db8::1/129' has an invalid prefix length; use /0 to /128",
        ),
    ],
)
def test_no_addresses(text, words):
    with pytest.raises(BadInput) as told:
        cidr(text)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("127.0.0.2/8", "host"),
        ("192.0.2.1/24", "global"),
        ("169.254.0.1/16", "global"),
        ("::1/128", "host"),
        ("fe80::1/64", "link"),
        ("fec0::1/64", "site"),
        ("2001:db8::1/64", "global"),
    ],
)
def test_natural_scopes(text, scope):
    assert natural_scope(cidr(text)) == scope


def address(text="192.0.2.1/24", **params):
    return desired("netns_addr", link="v", address=[text], **params).addresses[0]


def test_attributes_of_an_address():
    assert address(broadcast="auto").broadcast == "192.0.2.255"
    assert address("192.0.2.1/31", broadcast="auto").broadcast == ""
    assert address(broadcast="").broadcast == ""
    assert address(broadcast="192.0.2.9").broadcast == "192.0.2.9"
    assert address(peer="192.0.2.7/24").peer == address(peer="192.0.2.7").peer == "192.0.2.7"
    assert address(valid_lft="forever", preferred_lft="10") == AddressSpec(
        "192.0.2.1/24", valid_lft=FOREVER, preferred_lft=10
    )
    assert address(label="v:1", scope="254").label == "v:1"
    assert address(scope="254").scope == "host"
    assert address(nodad=True).nodad is None  # IPv4 has none
    assert address("2001:db8::1/64", nodad=True).nodad is True
    assert address("2001:db8::1/64", scope="universe").scope == "global"


@pytest.mark.parametrize(
    ("text", "params", "words"),
    [
        (
            "2001:db8::1/64",
            {"label": "v:1"},
            "label is for IPv4 only, and 2001:db8::1/64 is an IPv6 address; leave label out",
        ),
        (
            "2001:db8::1/64",
            {"broadcast": "192.0.2.9"},
            "broadcast is for IPv4 only, and 2001:db8::1/64 is an IPv6 address; leave broadcast out",
        ),
        (
            "2001:db8::1/64",
            {"scope": "link"},
            "scope link is not possible for 2001:db8::1/64: the kernel sets global",
        ),
        ("192.0.2.1/24", {"broadcast": "x"}, "broadcast 'x' must be an IPv4 address, 'auto' or ''"),
        ("192.0.2.1/24", {"peer": "x"}, "peer 'x' must be an IP address"),
        (
            "192.0.2.1/24",
            {"peer": "::1"},
            "peer ::1 and address 192.0.2.1/24 must both be IPv4 or both be IPv6",
        ),
        (
            "192.0.2.1/24",
            {"peer": "192.0.2.2/25"},
            "peer 192.0.2.2/25 must have the prefix length of the address, /24, or none",
        ),
        (
            "192.0.2.1/24",
            {"valid_lft": "0"},
            "valid_lft must be greater than 0; use state=absent to remove an address",
        ),
        (
            "192.0.2.1/24",
            {"valid_lft": "5", "preferred_lft": "6"},
            "preferred_lft 6 must not be greater than valid_lft 5",
        ),
        (
            "192.0.2.1/24",
            {"label": "w:1"},
            "label 'w:1' must be 'v' or begin with 'v:', as in ip-address(8)",
        ),
        ("192.0.2.1/24", {"label": "v:" + "x" * 14}, "15"),
        (
            "192.0.2.1/24",
            {"purge": True, "state": "absent"},
            "purge=true requires state=present: it removes what is not listed",
        ),
    ],
)
def test_no_attributes_of_an_address(text, params, words):
    with pytest.raises(BadInput) as told:
        address(text, **params)
    assert words in str(told.value)


def test_lists_of_addresses():
    def several(*texts, **params):
        return desired("netns_addr", link="v", address=[*texts], **params).addresses

    assert several("192.0.2.1/24", "192.0.2.1/24") == (AddressSpec("192.0.2.1/24"),)
    assert len(several("192.0.2.1/24", "192.0.2.1/25")) == 2  # two addresses, says the kernel
    assert several(purge=True) == ()
    with pytest.raises(
        BadInput,
        match="2001:db8::1/64 and 2001:db8::1/80, which are the same address",
    ):
        several("2001:db8::1/64", "2001:db8::1/80")
    with pytest.raises(BadInput, match="address is empty; an empty list requires purge=true"):
        several()
