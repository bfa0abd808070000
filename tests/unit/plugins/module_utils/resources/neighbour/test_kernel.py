# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neighbours and forwarding entries on the wire, told by pyroute2's own class for their message."""

from __future__ import annotations

import struct
from unittest import mock

import pytest
from pyroute2.netlink.rtnl.ndmsg import ndmsg

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    attributes as nla,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.read import FoundLink
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import (
    kernel as fdb_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb import (
    kernel_read as fdb_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.state import (
    ZERO,
    Forward,
    Tunnel,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    kernel as neighbour_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    kernel_read as neighbour_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.state import (
    Neighbour,
)

MAC = "02:00:00:00:00:05"
V1 = Link("v1", index=5)
NEIGHBOURS = [
    Neighbour("v1", "192.0.2.1", MAC, proto="static", state="permanent"),
    Neighbour("v1", "2001:db8::1", MAC, router=True, proto="77", state="permanent"),
    Neighbour("v1", "192.0.2.1", MAC, nud="noarp", proto="boot", state="noarp"),
    Neighbour("v1", "192.0.2.1", MAC, nud="dynamic", state="stale", flags=(0x10, 1)),
    Neighbour("v1", "192.0.2.1", nud="", proxy=True, proto="static"),
]
NAMES = {5: "v1", 6: "vx", 7: "br", 8: "v2"}
FORWARDS = [
    Forward("v1", MAC, master=True, nud="static", vlan=7),
    Forward("v1", MAC, master=True, nud="dynamic", flags=0x40),
    Forward("v1", MAC, nud="permanent"),
    Forward("vx", MAC, dst="192.0.2.1", port=4789, vni=10, nud="static"),
    Forward("vx", ZERO, dst="2001:db8::1", port=5, vni=0xFFFFFF, via="v2", src_vni=8),
    Forward("vx", MAC, nhid=3, nud="static"),
]


def wire(fields, attrs):
    return codec.encode(neighbour_read.NeighbourMessage, 28, 0, 1, fields, attrs)


def message(data):
    return neighbour_read.NeighbourMessage.read(data, 0)


@pytest.mark.parametrize("each", NEIGHBOURS, ids=repr)
def test_what_is_written_reads_the_same(each):
    fields, attrs = neighbour_apply.encoded(each, 5)
    found = neighbour_read._neighbour(message(wire({**fields, "type": 1}, attrs)), V1)
    assert (found, found.state) == (each, each.state)


@pytest.mark.parametrize("each", FORWARDS, ids=repr)
def test_what_is_written_to_a_table_reads_the_same(each):
    index = {name: number for number, name in NAMES.items()}
    fields, attrs = fdb_apply.encoded(each, index[each.link], index.get(each.via))
    read = message(wire(fields, attrs))
    if each.master:
        read.found["master"] = 7  # the kernel tells the bridge, a request does not
    namespace = NamespaceState("", tunnels={"vx": Tunnel(10, 4789)})
    assert fdb_read._forward(read, NAMES, namespace) == each


def test_what_is_written_to_pyroute2():
    each = Forward("vx", MAC, dst="192.0.2.1", port=5, vni=6, via="v2", nud="static")
    read = ndmsg(wire(*fdb_apply.encoded(each, 6, 8)))
    read.decode()
    assert (read["family"], read["ifindex"], read["state"], read["flags"]) == (7, 6, 0x42, 2)
    assert dict(read["attrs"]) == {
        "NDA_LLADDR": MAC,
        "NDA_DST": "192.0.2.1",
        "NDA_PORT": 5,
        "NDA_VNI": 6,
        "NDA_IFINDEX": 8,
    }


def test_what_is_read_of_pyroute2():
    fields = {"family": 10, "ifindex": 5, "state": 0x40, "flags": 0x80, "ndm_type": 5}
    attrs = [("NDA_DST", "ff02::1"), ("NDA_LLADDR", "33:33:00:00:00:01"), ("NDA_PROBES", 0)]
    data = codec.encode(ndmsg, 28, 0, 1, fields, attrs)
    assert neighbour_read._neighbour(message(data), V1) == Neighbour(
        "v1", "ff02::1", "33:33:00:00:00:01", nud="noarp", router=True, kernel_made=True
    )


@pytest.mark.parametrize("state", [0x00, 0x01, 0x20])
def test_what_was_never_resolved_is_not_there(state):
    fields = {"family": 2, "ifindex": 5, "state": state, "flags": 0, "ndm_type": 1}
    data = codec.encode(ndmsg, 28, 0, 1, fields, [("NDA_DST", "192.0.2.1")])
    sock = mock.Mock()
    sock.dump.side_effect = [[message(data)], []]
    assert neighbour_read.neighbours(sock, "", {"v1": V1}, None) == []


@pytest.mark.parametrize(
    ("attributes", "tunnel"),
    [
        ({1: struct.pack("=I", 10), 15: struct.pack("!H", 4789)}, Tunnel(10, 4789, None, 4)),
        ({1: struct.pack("=I", 1), 2: bytes((192, 0, 2, 1))}, Tunnel(1, 0, "192.0.2.1", 4)),
        ({16: bytes(15) + b"\1"}, Tunnel(0, 0, "::1", 6)),
        ({17: bytes(15) + b"\1"}, Tunnel(0, 0, None, 6)),
        ({25: b"\1"}, Tunnel(0, 0, None, None)),
    ],
)
def test_what_a_device_takes_where_an_entry_does_not_say(attributes, tunnel):
    data = b"".join(
        struct.pack("=HH", len(value) + 4, kind) + value + bytes(-len(value) % 4)
        for kind, value in attributes.items()
    )
    assert fdb_read._tunnel(nla.nested(fdb_read.TUNNEL)(data)) == tunnel


class Dump:
    """A socket that has its answer already."""

    def __init__(self, *messages):
        self.messages = messages

    def dump(self, *unused):
        return list(self.messages)


def test_a_port_with_vlans_as_kernels_that_filter_them_tell_it():
    links = {
        "v1": Link("v1", "veth", 5, mac=MAC, master="br"),
        "br": Link("br", "bridge", 7),
        "v2": Link("v2", "veth", 8, master="br"),
        "vx": Link("vx", "vxlan", 6),
    }
    namespace = NamespaceState("", links=links)

    def told(index, state, flags=0, **found):
        fields = {"family": 7, "ifindex": index, "state": state, "flags": flags, "type": 0}
        each = message(wire(fields, [("NDA_LLADDR", found.pop("mac"))]))
        each.found.update(found)
        return each

    other = "02:00:00:00:00:06"
    sock = Dump(
        told(5, 0x80, master=7, mac=MAC, vlan=1),  # its own MAC
        told(5, 0x40, master=7, mac=other),
        told(5, 0x40, master=7, mac=other, vlan=1),
        told(8, 0x02, master=7, mac="02:00:00:00:00:07"),
        told(7, 0x80, master=7, mac="02:00:00:00:00:08"),
        told(5, 0x80, flags=2, mac="33:33:00:00:00:01"),
        told(6, 0x80, flags=2, mac=other),
    )
    fdb_read.forwards(
        sock,
        namespace,
        [FoundLink(link, 0, None, {}) for link in links.values()],
        frozenset({"v1"}),
    )
    assert namespace.fdb == [
        Forward("v1", MAC, master=True, vlan=1, kernel_made=True),
        Forward("v1", other, master=True, nud="static"),
        Forward("v1", other, master=True, nud="static", vlan=1),
        Forward("v2", "02:00:00:00:00:07", master=True, nud="dynamic"),
        Forward("br", "02:00:00:00:00:08"),
        Forward("v1", "33:33:00:00:00:01", kernel_made=True),
    ]
