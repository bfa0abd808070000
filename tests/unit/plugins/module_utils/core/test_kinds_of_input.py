# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of input that a library would have let pass, with the words that refuse it."""

from __future__ import annotations

import importlib

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core import inet
from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import spec as command
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.operations import (
    AddVlan,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    state as sysctl,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

ZONED = "fe80::1%v1"
KEY = "A" * 43 + "="


def refused(module, **params):
    """Return the words by which a module refuses parameters before it looks at the machine."""
    with pytest.raises(BadInput) as told:
        importlib.import_module(f"{modules.MODULES}.{module}").job_of(
            modules.options(module, **params)
        )
    return str(told.value)


@pytest.mark.parametrize(
    ("module", "params", "words"),
    [
        ("netns_addr", {"link": "v1", "address": f"{ZONED}/64"}, "state the link by link"),
        (
            "netns_addr",
            {"link": "v1", "address": "fe80::2/64", "peer": ZONED},
            "state the link by link",
        ),
        (
            "netns_addr",
            {"link": "v1", "address": "10.0.0.1/24", "broadcast": "10.0.0.9%v1"},
            "broadcast '10.0.0.9%v1' must be an IPv4 address, 'auto' or ''",
        ),
        ("netns_route", {"dst": "default", "via": ZONED}, "state the link by dev"),
        ("netns_route", {"dst": "default", "via": "10.0.0.1%v1"}, "state the link by dev"),
        ("netns_route", {"dst": "default", "dev": "v1", "src": ZONED}, "state the link by dev"),
        ("netns_route", {"dst": f"{ZONED}", "dev": "v1"}, "state the link by dev"),
        ("netns_route", {"dst": "fe80::%v1/64", "dev": "v1"}, "state the link by dev"),
        (
            "netns_route",
            {"dst": "default", "nexthops": [{"via": ZONED}, {"via": "fe80::2", "dev": "v1"}]},
            "state the link by dev",
        ),
        ("netns_rule", {"from": ZONED, "table": "7"}, "leave out the zone ('%…')"),
        ("netns_rule", {"to": "fe80::%v1/64", "table": "7"}, "leave out the zone ('%…')"),
        (
            "netns_neigh",
            {"link": "v1", "address": ZONED, "mac": "02:00:00:00:00:01"},
            "state the link by link",
        ),
        (
            "netns_neigh",
            {"link": "v1", "kind": "fdb", "mac": "02:00:00:00:00:01", "dst": ZONED},
            "state the link by via",
        ),
        (
            "netns_link",
            {"name": "x", "type": "vxlan", "vxlan": {"id": 7, "remote": ZONED}},
            "state the link by device",
        ),
        (
            "netns_link",
            {"name": "x", "type": "vxlan", "vxlan": {"id": 7, "local": ZONED}},
            "state the link by device",
        ),
        (
            "netns_link",
            {"name": "x", "type": "geneve", "geneve": {"id": 7, "remote": ZONED}},
            "leave out the zone",
        ),
        ("netns_masquerade", {"name": "x", "source": "fe80::%v1/64"}, "leave out the zone ('%…')"),
        (
            "netns_dns",
            {"netns": "a", "nameservers": "2001:db8::1%v1"},
            "is not an IP address; only a link-local IPv6 address can have a zone",
        ),
        (
            "netns_dns",
            {"netns": "a", "nameservers": "10.0.0.1%v1"},
            "is not an IP address; only a link-local IPv6 address can have a zone",
        ),
        (
            "netns_dns",
            {"netns": "a", "nameservers": "fe80::1%v/1"},
            "is not an IP address; only a link-local IPv6 address can have a zone",
        ),
        (
            "netns_dns",
            {"netns": "a", "nameservers": "fe80::1%a\0b"},
            "nameservers[0] must not contain a NUL",
        ),
        (
            "netns_dns",
            {"netns": "a", "entries": [{"address": ZONED, "names": ["x"]}]},
            "leave out the zone ('%…')",
        ),
    ],
)
def test_zones(module, params, words):
    assert words in refused(module, **params)


@pytest.mark.parametrize("option", ["endpoint", "allowed_ips"])
def test_zones_of_wireguard(option):
    value = f"[{ZONED}]:51820" if option == "endpoint" else [f"{ZONED}/128"]
    peers = [{"public_key": KEY, option: value}]
    said = refused("netns_link", name="x", type="wireguard", wireguard={"peers": peers})
    assert said.startswith(f"wireguard.peers.{option}")
    assert said.endswith("; leave out the zone ('%…')")


def test_a_link_local_name_server_has_the_link_that_it_is_reached_by():
    # glibc's res_init.c takes a zone with a link-local address, and drops it with any other.
    read = importlib.import_module(f"{modules.MODULES}.netns_dns").DnsSpec.of
    options = modules.options("netns_dns", netns="a", nameservers="FE80:0::1%v1, febf::1%v1")
    assert read(options).nameservers == ("fe80::1%v1", "febf::1%v1")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (
            41135085296,
            "is the number that YAML makes of 52:54:00:12:34:56; put it in",
        ),
        ("41135085296", "of 52:54:00:12:34:56; put it in quotes"),
        ("11:22:33:44:55:66", "is a multicast address"),  # which YAML leaves alone: 66 is above 59
        ("020000000000", "must be six pairs of hexadecimal"),
        (7, "must be six pairs of hexadecimal"),
    ],
)
def test_macs_that_yaml_takes_for_numbers(stated, words):
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load("52:54:00:12:34:56") == 41135085296
    assert yaml.safe_load("11:22:33:44:55:66") == "11:22:33:44:55:66"
    assert words in refused("netns_link", name="v1", mac=stated)
    assert words in refused("veth", name="v1", peer={"name": "v2", "mac": stated})


def test_addresses_that_yaml_takes_for_numbers():
    yaml = pytest.importorskip("yaml")
    number = yaml.safe_load("1:2:3:4:5:6:7:8")
    said = refused("netns_route", dst="default", via=number)
    assert said.endswith(
        "; YAML takes numbers with colons, as 1:10, for one number: put it in quotes"
    )
    assert "in quotes" in refused(
        "netns_qdisc", link="v1", kind="tbf", parent=yaml.safe_load("1:10")
    )


@pytest.mark.parametrize("digits", ["²", "٣", "9" * 5000, "1_0", " 1 0", "0x", "-1", "1e3", "+1"])
@pytest.mark.parametrize(
    ("module", "params", "option"),
    [
        ("netns_addr", {"link": "v1", "address": "10.0.0.1/24"}, "valid_lft"),
        ("netns_addr", {"link": "v1", "address": "10.0.0.1/24"}, "preferred_lft"),
        ("netns_addr", {"link": "v1", "address": "10.0.0.1/24"}, "scope"),
        ("netns_route", {"dst": "default", "via": "10.0.0.1"}, "scope"),
        ("netns_route", {"dst": "default", "via": "10.0.0.1"}, "table"),
        ("netns_route", {"dst": "default", "via": "10.0.0.1"}, "proto"),
        ("netns_rule", {"priority": 7}, "table"),
        ("netns_rule", {"priority": 7}, "proto"),
        ("netns_rule", {"priority": 7}, "fwmark"),
        ("netns_rule", {"priority": 7}, "ipproto"),
        ("netns_rule", {"priority": 7}, "sport"),
        ("netns_rule", {"priority": 7}, "dport"),
        ("netns_neigh", {"link": "v1", "address": "10.0.0.1", "proxy": True}, "proto"),
        ("netns_qdisc", {"link": "v1", "kind": "tbf", "burst": "1kb", "limit": "9kb"}, "rate"),
        ("netns_qdisc", {"link": "v1", "kind": "tbf", "rate": "1mbit", "limit": "9kb"}, "burst"),
        ("netns_qdisc", {"link": "v1", "kind": "netem"}, "delay"),
        ("netns_qdisc", {"link": "v1", "kind": "netem"}, "loss"),
        ("netns_qdisc", {"link": "v1", "kind": "netem"}, "limit"),
    ],
)
def test_numbers_that_python_reads_otherwise(module, params, option, digits):
    assert refused(module, **params, **{option: digits})


def test_prefixes_are_those_of_the_kernel():
    assert inet.network("10.0.0.0/255.255.255.0") == ("10.0.0.0/24", True)
    assert inet.network("0.0.0.0/0.0.0.0") == ("0.0.0.0/0", True)
    assert inet.network("10.0.0.1/24") == ("10.0.0.0/24", False)
    assert inet.network("::ffff:192.0.2.0/120") == ("::ffff:192.0.2.0/120", True)
    # Python takes the mask of hosts for one, and digits of any script.
    for text in ("10.0.0.0/0.0.0.255", "10.0.0.0/255.0.255.0", "10.0.0.0/٨", "10.0.0.0/", "10/8"):
        assert inet.network(text) is None
    for text in ("010.0.0.1", "10.0.1", "1", "fe80::1%v1", "::1%1", "10.0.0.1\0", "\ud800", ""):
        assert inet.plain(text) is None


def test_words_that_no_program_can_be_given():
    with pytest.raises(
        BadInput, match="A word of the command may have at most 131071 bytes, not 131072"
    ):
        command.argv_of(None, ["echo", "x" * 131072])
    assert command.argv_of(None, ["echo", "x" * 131071])
    with pytest.raises(
        BadInput, match="A in the environment may have at most 131071 bytes, not 131074"
    ):
        command.environment_of({}, {"A": "x" * 131072})


def test_a_parameter_that_is_a_number_takes_no_words():
    assert sysctl.fits("net/ipv4/ip_forward", "0", "1")
    assert sysctl.fits("net/ipv4/tcp_rmem", "4096 131072 6291456", "1 2 3")
    assert sysctl.fits("net/ipv4/ip_local_reserved_ports", "8080", "8080,9148-9150")
    assert sysctl.fits("net/ipv4/ip_local_reserved_ports", "8080", "")
    assert sysctl.fits("net/ipv4/tcp_congestion_control", "cubic", "reno")
    assert sysctl.fits("net/ipv6/conf/v1/stable_secret", None, "x")
    for text in ("", "True", "²", "9" * 21, str(1 << 64), "1,2", "1 x"):
        assert not sysctl.fits("net/ipv4/ip_forward", "0", text)


def test_words_of_bridge_are_quoted_wherever_ip_occurs():
    line = AddVlan("my ip x", "a;b", 7, False, False).command()
    assert line == "bridge -n 'my ip x' vlan add dev 'a;b' vid 7"
