# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links of all kinds as messages: what is encoded is decoded again by pyroute2's whole classes."""

from __future__ import annotations

import struct

import pytest
from pyroute2.netlink import nla as nla_class
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    attributes as nla,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kernel_codec import (
    LinkRequest,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel as kind_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel_codec as kind_codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel_read as kind_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.table import (
    KINDS,
    PORT,
)


class Macsec(nla_class):
    """The attributes of linux/if_link.h, of which pyroute2 has no class."""

    prefix = "IFLA_"
    nla_map = (
        ("IFLA_MACSEC_UNSPEC", "none"),
        ("IFLA_MACSEC_SCI", "be64"),
        ("IFLA_MACSEC_PORT", "be16"),
        ("IFLA_MACSEC_ICV_LEN", "uint8"),
        ("IFLA_MACSEC_CIPHER_SUITE", "uint64"),
        ("IFLA_MACSEC_WINDOW", "uint32"),
        ("IFLA_MACSEC_ENCODING_SA", "uint8"),
        ("IFLA_MACSEC_ENCRYPT", "uint8"),
        ("IFLA_MACSEC_PROTECT", "uint8"),
        ("IFLA_MACSEC_INC_SCI", "uint8"),
        ("IFLA_MACSEC_ES", "uint8"),
        ("IFLA_MACSEC_SCB", "uint8"),
        ("IFLA_MACSEC_REPLAY_PROTECT", "uint8"),
        ("IFLA_MACSEC_VALIDATION", "uint8"),
    )


class Hsr(nla_class):
    """Likewise."""

    prefix = "IFLA_"
    nla_map = (
        ("IFLA_HSR_UNSPEC", "none"),
        ("IFLA_HSR_SLAVE1", "uint32"),
        ("IFLA_HSR_SLAVE2", "uint32"),
        ("IFLA_HSR_MULTICAST_SPEC", "uint8"),
        ("IFLA_HSR_SUPERVISION_ADDR", "l2addr"),
        ("IFLA_HSR_SEQ_NR", "uint16"),
        ("IFLA_HSR_VERSION", "uint8"),
        ("IFLA_HSR_PROTOCOL", "uint8"),
    )


ifinfmsg.ifinfo.data_map.setdefault("macsec", Macsec)
ifinfmsg.ifinfo.data_map.setdefault("hsr", Hsr)

# Options as tasks state them, and the attributes that the kernel has to get.
CASES = {
    "bridge": (
        {"stp": True, "vlan_filtering": True, "ageing": 100, "forward_delay": 4.5, "priority": 7},
        {
            "IFLA_BR_STP_STATE": 1,
            "IFLA_BR_VLAN_FILTERING": 1,
            "IFLA_BR_AGEING_TIME": 10000,
            "IFLA_BR_FORWARD_DELAY": 450,
            "IFLA_BR_PRIORITY": 7,
        },
    ),
    "vlan": (
        {"protocol": "802.1ad", "id": 100},
        {"IFLA_VLAN_PROTOCOL": 0x88A8, "IFLA_VLAN_ID": 100},
    ),
    "vxlan": (
        {"id": 42, "local": "192.0.2.1", "remote": "192.0.2.2", "dstport": 4789, "learning": False},
        {
            "IFLA_VXLAN_ID": 42,
            "IFLA_VXLAN_LOCAL": "192.0.2.1",
            "IFLA_VXLAN_GROUP": "192.0.2.2",
            "IFLA_VXLAN_PORT": 4789,
            "IFLA_VXLAN_LEARNING": 0,
        },
    ),
    "macvlan": ({"mode": "private"}, {"IFLA_MACVLAN_MODE": "private"}),
    "macvtap": ({"mode": "vepa"}, {"IFLA_MACVTAP_MODE": "vepa"}),
    "ipvlan": ({"mode": "l3s"}, {"IFLA_IPVLAN_MODE": 2}),
    "vrf": ({"table": 10}, {"IFLA_VRF_TABLE": 10}),
    "bond": (
        {"mode": "802.3ad", "miimon": 100},
        {"IFLA_BOND_MODE": 4, "IFLA_BOND_MIIMON": 100},
    ),
    "gre": (
        {"local": "192.0.2.1", "remote": "192.0.2.2", "ttl": 64},
        {
            "IFLA_GRE_LOCAL": "192.0.2.1",
            "IFLA_GRE_REMOTE": "192.0.2.2",
            "IFLA_GRE_TTL": 64,
        },
    ),
    "gretap": ({"ttl": 3}, {"IFLA_GRE_TTL": 3}),
    "ipip": (
        {"local": "192.0.2.1", "ttl": 5},
        {"IFLA_IPIP_LOCAL": "192.0.2.1", "IFLA_IPIP_TTL": 5},
    ),
    "sit": ({"remote": "192.0.2.2"}, {"IFLA_SIT_REMOTE": "192.0.2.2"}),
    "geneve": (
        {"id": 5, "remote": "192.0.2.2", "dstport": 6081, "ttl": 9},
        {
            "IFLA_GENEVE_ID": 5,
            "IFLA_GENEVE_REMOTE": "192.0.2.2",
            "IFLA_GENEVE_PORT": 6081,
            "IFLA_GENEVE_TTL": 9,
        },
    ),
    "ip6gre": (
        {"local": "2001:db8::1", "remote": "2001:db8::2", "ttl": 64, "encap_limit": 4},
        {
            "IFLA_IP6GRE_LOCAL": "2001:db8::1",
            "IFLA_IP6GRE_REMOTE": "2001:db8::2",
            "IFLA_IP6GRE_TTL": 64,
            "IFLA_IP6GRE_ENCAP_LIMIT": 4,
        },
    ),
    "ip6tnl": (
        {"local": "2001:db8::1", "ttl": 9, "encap_limit": 0, "mode": "ipip6"},
        {
            "IFLA_IP6TNL_LOCAL": "2001:db8::1",
            "IFLA_IP6TNL_TTL": 9,
            "IFLA_IP6TNL_ENCAP_LIMIT": 0,
            "IFLA_IP6TNL_PROTO": 4,
        },
    ),
    "vti": (
        {"local": "192.0.2.1", "ikey": 5, "okey": 0xC0000201},
        {"IFLA_VTI_LOCAL": "192.0.2.1", "IFLA_VTI_IKEY": 5, "IFLA_VTI_OKEY": 0xC0000201},
    ),
    "vti6": (
        {"remote": "2001:db8::2", "ikey": 7},
        {"IFLA_VTI_REMOTE": "2001:db8::2", "IFLA_VTI_IKEY": 7},
    ),
    "hsr": (
        {"supervision": 5, "protocol": "prp"},
        {"IFLA_HSR_MULTICAST_SPEC": 5, "IFLA_HSR_PROTOCOL": 1},
    ),
    "xfrm": ({"if_id": 4}, {"IFLA_XFRM_IF_ID": 4}),
    "macsec": (
        {
            "sci": "0200000000001234",
            "cipher": "gcm-aes-256",
            "icv_len": 12,
            "encrypt": True,
            "send_sci": False,
            "replay_protect": True,
            "window": 32,
            "validate": "check",
            "encoding_sa": 3,
        },
        {
            "IFLA_MACSEC_SCI": 0x0200000000001234,
            "IFLA_MACSEC_CIPHER_SUITE": 0x0080C20001000002,
            "IFLA_MACSEC_ICV_LEN": 12,
            "IFLA_MACSEC_ENCRYPT": 1,
            "IFLA_MACSEC_INC_SCI": 0,
            "IFLA_MACSEC_REPLAY_PROTECT": 1,
            "IFLA_MACSEC_WINDOW": 32,
            "IFLA_MACSEC_VALIDATION": 1,
            "IFLA_MACSEC_ENCODING_SA": 3,
        },
    ),
}


def _named(kind, attrs):
    return [("IFLA_IFNAME", "x"), kind_codec.info(kind, kind_codec.packed(attrs))]


def message(kind, attrs):
    """Return a request for a link, decoded by pyroute2."""
    data = codec.encode(LinkRequest, 16, 0, 1, {"index": 0}, _named(kind, attrs))
    decoded = ifinfmsg(data)
    decoded.decode()
    return decoded


@pytest.mark.parametrize("kind", CASES)
def test_what_is_encoded_is_what_the_kernel_gets(kind):
    stated, attributes = CASES[kind]
    attrs = kind_apply.encoded(KINDS[kind].options, tuple(stated.items()), lambda name: 7)
    info = message(kind, attrs).get_attr("IFLA_LINKINFO")
    assert info.get_attr("IFLA_INFO_KIND") == kind
    data = info.get_attr("IFLA_INFO_DATA")
    assert {name: data.get_attr(name) for name in attributes} == attributes


@pytest.mark.parametrize("kind", CASES)
def test_what_the_kernel_tells_is_what_was_stated(kind):
    stated, _unused = CASES[kind]
    attrs = kind_apply.encoded(KINDS[kind].options, tuple(stated.items()), lambda name: 7)
    data = codec.encode(LinkRequest, 16, 0, 1, {"index": 0}, _named(kind, attrs))
    (info,) = (value for number, value in nla.attributes(data, 32, len(data)) if number == 18)
    (raw,) = (value for number, value in nla.attributes(info, 0, len(info)) if number == 2)
    read_kind, options = kind_read.decode(kind, raw, {})
    assert read_kind == kind
    assert {name: value for name, value in options if value is not None} == stated


def test_six_has_attributes_of_its_own():
    options = KINDS["vxlan"].options
    attrs = kind_apply.encoded(
        options, (("local", "2001:db8::1"), ("group", "ff02::7"), ("device", "w")), lambda name: 3
    )
    assert attrs == [
        ("IFLA_VXLAN_LOCAL6", "2001:db8::1"),
        ("IFLA_VXLAN_GROUP6", "ff02::7"),
        ("IFLA_VXLAN_LINK", 3),
    ]


@pytest.mark.parametrize(
    ("address", "name"),
    [("239.1.1.1", "group"), ("192.0.2.1", "remote"), ("ff02::1", "group"), ("fe80::1", "remote")],
)
def test_a_group_is_told_from_a_remote_by_its_address(address, name):
    attrs = kind_apply.encoded(KINDS["vxlan"].options, (("remote", address),), lambda name: 0)
    pairs = dict(kind_read.decode("vxlan", kind_codec.packed(attrs), {})[1])
    other = {"group": "remote", "remote": "group"}[name]
    assert (pairs[name], pairs[other]) == (address, None)


def test_a_port_of_a_bridge():
    attrs = kind_apply.encoded(
        PORT, (("isolated", True), ("learning", False), ("hairpin", True)), lambda name: 0
    )
    assert attrs == [
        ("IFLA_BRPORT_ISOLATED", 1),
        ("IFLA_BRPORT_LEARNING", 0),
        ("IFLA_BRPORT_MODE", 1),
    ]


def test_vlans_of_ports_are_read():
    infos = [(0x6, 1), (0, 10), (0x4, 20)]
    spec = b"".join(struct.pack("=HHHH", 8, 2, flags, vid) for flags, vid in infos)
    name = struct.pack("=HH", 6, 3) + b"p\0\0\0"
    body = struct.pack("=BxHiII", 7, 1, 3, 0, 0) + name + struct.pack("=HH", 4 + len(spec), 26)
    data = struct.pack("=IHHII", 16 + len(body) + len(spec), 16, 0, 1, 0) + body + spec
    told = kind_read.VlanMessage.read(data, 0)
    assert told.found["name"] == "p"
    assert told.found["vlans"] == infos


def test_unknown_kinds_have_no_options():
    assert kind_read.decode("netdevsim", b"\x08\0\x01\0\0\0\0\0", {}) == ("netdevsim", ())
    assert kind_read.decode(None, None, {}) == (None, ())
