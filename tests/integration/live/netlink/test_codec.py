# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages as our own reader has them, against the whole classes of the installed pyroute2."""

from __future__ import annotations

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    Link,
    Nexthop,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    codec,
    messages,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    socket as netlink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    operations as address_ops,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import (
    operations as link_ops,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace import (
    operations as namespace_ops,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    operations as route_ops,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import (
    BRIDGE,
    LAB,
)

CLASSES = {"link": "ifinfmsg", "addr": "ifaddrmsg", "route": "rtmsg", "nsid": "nsidmsg"}


def pyroute2_class(name):
    return messages.pyroute2_class(f"pyroute2.netlink.rtnl.{name}", name)


def whole(name, data, offset=0):
    """Return a message as pyroute2 reads all of it."""
    message = pyroute2_class(CLASSES[name])(data, offset)
    message.decode()
    return message


def known(name):
    """Return whether this pyroute2 knows an attribute of addresses; 0.7.2 has not all."""
    return any(name in each for each in pyroute2_class("ifaddrmsg").nla_map)


def attribute(message, *path):
    """Return an attribute, or one within it."""
    for name in path:
        if message is None:
            return None
        message = message.get_attr(name)
    return message


def replies(kind, cls, name):
    """Return the kernel's messages, each as we read it and as pyroute2 does."""
    kernel, found = Kernel(), []
    for key in ("", "a", "b"):
        found += kernel.socket(key).dump("read", cls, kind, {}, netlink_attributes(cls))
    kernel.close()
    assert len(found) > 2
    return [(each, whole(name, each.data, each.offset)) for each in found]


def netlink_attributes(cls):
    return [("IFLA_EXT_MASK", 8)] if cls is codec.LinkMessage else []


def test_links():
    witness.sh(*LAB, *BRIDGE, "ip -n a link set v1 master bridge0", "ip -n a link set lo up")
    kinds = set()
    for ours, theirs in replies(18, codec.LinkMessage, "link"):
        found = ours.found
        for field in ("family", "ifi_type", "index", "flags", "change"):
            assert ours[field] == theirs[field]
        for key, name in (
            ("mac", "IFLA_ADDRESS"),
            ("name", "IFLA_IFNAME"),
            ("mtu", "IFLA_MTU"),
            ("iflink", "IFLA_LINK"),
            ("master", "IFLA_MASTER"),
            ("txqueuelen", "IFLA_TXQLEN"),
            ("alias", "IFLA_IFALIAS"),
            ("group", "IFLA_GROUP"),
            ("nsid", "IFLA_LINK_NETNSID"),
            ("min_mtu", "IFLA_MIN_MTU"),
            ("max_mtu", "IFLA_MAX_MTU"),
        ):
            assert found.get(key) == attribute(theirs, name), name
        kind = found.get("info", {}).get("kind")
        assert kind == attribute(theirs, "IFLA_LINKINFO", "IFLA_INFO_KIND")
        kinds.add(kind)
    assert kinds >= {None, "veth", "bridge"}


def test_addresses():
    witness.sh(
        *LAB,
        "ip -n b addr add 192.0.2.9/24 brd + dev v2 valid_lft 900 preferred_lft 600 metric 5",
        "ip -n b addr add 2001:db8::9 peer 2001:db8::8/128 dev v2",
    )
    for ours, theirs in replies(22, codec.AddressMessage, "addr"):
        found = ours.found
        for field in ("family", "prefixlen", "flags", "scope", "index"):
            assert ours[field] == theirs[field]
        for key, name in (
            ("address", "IFA_ADDRESS"),
            ("local", "IFA_LOCAL"),
            ("label", "IFA_LABEL"),
            ("broadcast", "IFA_BROADCAST"),
            ("flags", "IFA_FLAGS"),
            ("metric", "IFA_RT_PRIORITY"),
        ):
            assert found.get(key) == attribute(theirs, name) or not known(name), name
        lives = attribute(theirs, "IFA_CACHEINFO")
        names = ("ifa_preferred", "ifa_valid", "cstamp", "tstamp")
        assert found["cacheinfo"] == tuple(lives[name] for name in names)


def test_routes():
    witness.sh(
        *LAB,
        "ip -n a route add 203.0.113.0/24 nexthop via 10.0.0.8 weight 3 nexthop via 10.0.0.9",
        "ip -n a route add 203.0.114.0/24 via inet6 2001:db8::9 dev v1",
        "ip -n a route add blackhole 203.0.115.0/24 metric 9 table 1000",
    )
    seen = 0
    for ours, theirs in replies(26, codec.RouteMessage, "route"):
        found = ours.found
        for field in ("family", "dst_len", "table", "proto", "scope", "type", "flags"):
            assert ours[field] == theirs[field]
        for key, name in (
            ("dst", "RTA_DST"),
            ("dev", "RTA_OIF"),
            ("metric", "RTA_PRIORITY"),
            ("src", "RTA_PREFSRC"),
            ("table", "RTA_TABLE"),
        ):
            assert found.get(key) == attribute(theirs, name), name
        gateway = attribute(theirs, "RTA_GATEWAY")
        other = attribute(theirs, "RTA_VIA")
        assert found.get("via") == (gateway or (other and other["addr"]))
        mtu = attribute(theirs, "RTA_METRICS", "RTAX_MTU")
        assert found.get("metrics", {}).get("mtu") == mtu
        ways = attribute(theirs, "RTA_MULTIPATH")
        if ways:
            seen += 1
            assert [way[1:3] for way in found["multipath"]] == [
                (way["hops"], way["oif"]) for way in ways
            ]
    assert seen == 1


NEAR = link_ops.VethEnd("a", "p1", "02:00:00:00:00:0a", 1400, 77, 5, 40)
FAR = link_ops.VethEnd("b", "p2", mtu=9000)
RICH = Address(
    "v1",
    "192.0.2.1/24",
    peer="198.51.100.1",
    broadcast="192.0.2.255",
    scope="link",
    label="v1:1",
    metric=5,
    valid_lft=900,
    preferred_lft=600,
    noprefixroute=True,
)
SIX = Address("v1", "2001:db8:1::1/64", nodad=True, metric=7)
WAYS = (Nexthop("v1", "10.0.0.8", 3), Nexthop("v1", "10.0.0.9"))
ROUTES = [
    Route("203.0.113.0/24", 4, "v1", "10.0.0.8", metric=9, table=1000, proto="static"),
    Route("203.0.114.0/24", 4, nexthops=WAYS, mtu=1300),
    Route("2001:db8:7::/48", 6, "v1", "2001:db8::9", metric=1024),
    Route("203.0.115.0/24", 4, type="blackhole"),
]


def applied(*steps):
    """Carry out steps on a lab; return what was sent for them, but for questions."""
    witness.sh(*LAB, *BRIDGE)
    kernel, sent = Kernel(), []
    exchange = netlink.Socket.exchange

    def noting(sock, what, data):
        sent.append(data)
        exchange(sock, what, data)

    netlink.Socket.exchange = noting
    try:
        for step in steps:
            kernel.apply(step)
    finally:
        netlink.Socket.exchange = exchange
        kernel.close()
    return sent


def test_a_new_pair_is_one_message_that_says_all():
    (sent,) = applied(link_ops.CreateVeth(NEAR, FAR))
    message = whole("link", sent)
    assert message["index"] == 40
    info = attribute(message, "IFLA_LINKINFO")
    assert attribute(info, "IFLA_INFO_KIND") == "veth"
    peer = attribute(info, "IFLA_INFO_DATA", "VETH_INFO_PEER")
    for end, told in ((NEAR, message), (FAR, peer)):
        for value, name in (
            (end.name, "IFLA_IFNAME"),
            (end.mac, "IFLA_ADDRESS"),
            (end.mtu, "IFLA_MTU"),
            (end.txqueuelen, "IFLA_TXQLEN"),
            (end.group, "IFLA_GROUP"),
        ):
            assert attribute(told, name) == value, name
        link = witness.ip("link", "show", end.name, netns=end.netns)[0]
        assert (link["ifname"], link["mtu"]) == (end.name, end.mtu)
    link = witness.ip("link", "show", "p1", netns="a")[0]
    assert (link["ifindex"], link["address"], link["txqlen"]) == (40, NEAR.mac, 77)


def test_a_change_of_a_link_is_one_message():
    new = (("mtu", 1300), ("mac", "02:00:00:00:00:0c"), ("alias", "x y"), ("txqueuelen", 9))
    new += (("group", 4), ("arp", False), ("promisc", True), ("master", "bridge0"), ("up", True))
    (sent,) = applied(link_ops.ChangeLink("a", "v1", new, ()))
    message = whole("link", sent)
    assert message["change"] == 0x80 | 0x100 | 0x1
    assert message["flags"] == message["change"]
    assert attribute(message, "IFLA_IFALIAS") == "x y"
    assert attribute(message, "IFLA_MASTER") == witness.ip("link", netns="a")[-1]["ifindex"]
    link = witness.ip("-d", "link", "show", "v1", netns="a")[0]
    assert (link["mtu"], link["address"], link["ifalias"]) == (1300, "02:00:00:00:00:0c", "x y")
    assert (link["txqlen"], link["group"], link["master"]) == (9, "4", "bridge0")
    assert {"NOARP", "PROMISC", "UP"} <= set(link["flags"])


def test_addresses_are_told_whole():
    four, six = applied(address_ops.AddAddress("a", RICH), address_ops.AddAddress("a", SIX))
    message = whole("addr", four)
    assert (message["family"], message["prefixlen"], message["scope"]) == (2, 24, 253)
    for value, name in (
        ("192.0.2.1", "IFA_LOCAL"),
        ("198.51.100.1", "IFA_ADDRESS"),
        ("192.0.2.255", "IFA_BROADCAST"),
        ("v1:1", "IFA_LABEL"),
        (5, "IFA_RT_PRIORITY"),
        (0x200, "IFA_FLAGS"),
    ):
        assert attribute(message, name) == value or not known(name), name
    lives = attribute(message, "IFA_CACHEINFO")
    assert (lives["ifa_preferred"], lives["ifa_valid"]) == (600, 900)
    message = whole("addr", six)
    assert (message["family"], attribute(message, "IFA_FLAGS")) == (10, 0x02)
    told = {each["local"]: each for each in witness.ip("addr", netns="a")[1]["addr_info"]}
    assert told["192.0.2.1"]["address"] == "198.51.100.1"
    assert told["192.0.2.1"]["metric"] == 5
    assert told["2001:db8:1::1"]["nodad"] is True


def test_addresses_go_as_they_came():
    before = applied(address_ops.AddAddress("a", RICH), address_ops.DeleteAddress("a", RICH))
    assert len(before) == 2
    locals_ = {each["local"] for each in witness.ip("addr", netns="a")[1]["addr_info"]}
    assert "192.0.2.1" not in locals_


def test_routes_are_told_whole_and_go_as_they_came():
    adds = [route_ops.AddRoute("a", route) for route in ROUTES]
    sent = applied(*adds)
    told = [whole("route", data) for data in sent]
    assert [attribute(message, "RTA_DST") for message in told] == [
        route.dst.partition("/")[0] for route in ROUTES
    ]
    assert attribute(told[0], "RTA_TABLE") == 1000
    found = witness.ip("-4", "route", "show", "table", "all", netns="a")
    found += witness.ip("-6", "route", netns="a")
    for route in ROUTES:
        (each,) = [each for each in found if each["dst"] == route.dst]
        assert each.get("gateway") == route.via
        assert each.get("metric") == (route.metric or None)
        assert [way["gateway"] for way in each.get("nexthops", [])] == [
            way.via for way in route.nexthops
        ]
    kernel = Kernel()
    for step in adds:
        kernel.apply(step.inverse())
    kernel.close()
    left = witness.ip("-4", "route", "show", "table", "all", netns="a")
    assert not {route.dst for route in ROUTES} & {each["dst"] for each in left}


def test_namespaces_get_their_number():
    (sent,) = applied(namespace_ops.SetNsid("a", 777))
    assert attribute(whole("nsid", sent), "NETNSA_NSID") == 777
    assert {each["name"]: each.get("id") for each in witness.ip("netns")}["a"] == 777


def test_links_go_with_their_peers_and_move():
    applied(
        link_ops.MoveLink("a", "v1", "", "w1"),
        link_ops.MoveLink("b", "v2", "a", "w2", index=99),
    )
    assert "w1" in {link["ifname"] for link in witness.ip("link")}
    (moved,) = [link for link in witness.ip("link", netns="a") if link["ifname"] == "w2"]
    assert moved["ifindex"] == 99
    kernel = Kernel()
    kernel.apply(link_ops.MoveLink("a", "w2", "b", "w2", index=1))  # taken: another will do
    kernel.apply(link_ops.DeleteLink("", Link("w1", "veth")))
    kernel.close()
    assert {link["ifname"] for link in witness.ip("link", netns="b")} == {"lo"}
