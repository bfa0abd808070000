# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations as data: their way back, the command that does the same, and the phrase for both."""

from __future__ import annotations

import importlib
import pathlib
import shlex

import pytest

from ansible_collections.linuxnet.netns.plugins import module_utils
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    Link,
    Peer,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.operation import (
    Operation,
    commands,
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

V4 = Address("v", "192.0.2.1/24", label="v")
RICH = Address(
    "v",
    "192.0.2.1/24",
    peer="198.51.100.1",
    broadcast="192.0.2.255",
    scope="link",
    label="v:1",
    metric=5,
    valid_lft=60,
    preferred_lft=30,
    noprefixroute=True,
)
V6 = Address("v", "2001:db8::1/64", nodad=True, scope="site")
PAIR = link_ops.CreateVeth(
    link_ops.VethEnd("a", "v", mac="02:00:00:00:00:01", mtu=1400, txqueuelen=0, group=3),
    link_ops.VethEnd("", "w", mtu=9000),
)
GATEWAY = Route("default", 4, "v", "192.0.2.9", metric=7, table=100, proto="static")

# Each with the command that does the same, and the phrase.
TOLD = [
    (
        namespace_ops.CreateNamespace("a"),
        "ip netns add a",
        "create namespace a",
    ),
    (namespace_ops.DeleteNamespace("a"), "ip netns del a", "delete namespace a"),
    (namespace_ops.RemoveStale("a"), "ip netns del a", "remove the stale file of namespace a"),
    (
        namespace_ops.PutStale("a b"),
        "touch '/run/netns/a b'",
        "restore the stale file of namespace a b",
    ),
    (namespace_ops.SetNsid("a", 7), "ip netns set a 7", "set the nsid of namespace a to 7"),
    (
        PAIR,
        "ip link add name v netns a address 02:00:00:00:00:01 mtu 1400 txqueuelen 0 group 3"
        " type veth peer name w mtu 9000",
        "create the veth v in namespace a with its peer w in the current namespace",
    ),
    (link_ops.DeleteLink("a", Link("v")), "ip -n a link del dev v", "delete link v in namespace a"),
    (
        link_ops.MoveLink("a", "v", "", "w"),
        "ip -n a link set dev v netns $$ name w",
        "move link v in namespace a to the current namespace as w",
    ),
    (
        link_ops.MoveLink("", "v", "b c", "v"),
        "ip link set dev v netns 'b c'",
        "move link v in the current namespace to namespace b c",
    ),
    (
        link_ops.ChangeLink(
            "/proc/7/ns/net",
            "v",
            (
                ("mtu", 9),
                ("mac", "02:00:00:00:00:01"),
                ("alias", "x y"),
                ("alias", ""),
                ("arp", True),
                ("promisc", False),
                ("master", "br 0"),
                ("up", True),
            ),
            (),
        ),
        "nsenter --net=/proc/7/ns/net ip link set dev v mtu 9 address 02:00:00:00:00:01"
        " alias 'x y' alias '' arp on promisc off master 'br 0' up",
        "set mtu 9, address 02:00:00:00:00:01, alias x y, alias , arp on, promisc off,"
        " master br 0, up on link v in namespace /proc/7/ns/net",
    ),
    (
        link_ops.ChangeLink("", "v", (("master", ""), ("up", False)), ()),
        "ip link set dev v nomaster down",
        "set nomaster, down on link v in the current namespace",
    ),
    (
        address_ops.AddAddress("a", V4),
        "ip -n a address add 192.0.2.1/24 dev v",
        "add 192.0.2.1/24 to link v in namespace a",
    ),
    (
        address_ops.AddAddress("", RICH),
        "ip address add 192.0.2.1 peer 198.51.100.1/24 dev v broadcast 192.0.2.255 scope link"
        " label v:1 metric 5 valid_lft 60 preferred_lft 30 noprefixroute",
        "add 192.0.2.1/24 to link v in the current namespace",
    ),
    (
        address_ops.AddAddress("a", V6),
        "ip -n a address add 2001:db8::1/64 dev v nodad",
        "add 2001:db8::1/64 to link v in namespace a",
    ),
    (
        address_ops.DeleteAddress("", RICH),
        "ip address del 192.0.2.1 peer 198.51.100.1/24 dev v",
        "remove 192.0.2.1/24 from link v in the current namespace",
    ),
    (
        address_ops.ChangeAddress("a", V6, V6),
        "ip -n a address replace 2001:db8::1/64 dev v nodad",
        "change 2001:db8::1/64 on link v in namespace a",
    ),
    (
        route_ops.AddRoute("a", GATEWAY),
        "ip -n a -4 route add default via 192.0.2.9 dev v metric 7 table 100 proto static",
        "add the route default via 192.0.2.9 dev v metric 7 table 100 proto static in namespace a",
    ),
    (
        route_ops.DeleteRoute("", Route("2001:db8::/64", 6, "v")),
        "ip -6 route del 2001:db8::/64 dev v",
        "delete the route 2001:db8::/64 dev v in the current namespace",
    ),
]


@pytest.mark.parametrize(("step", "command", "phrase"), TOLD, ids=[row[1] for row in TOLD])
def test_what_is_told(step, command, phrase):
    assert step.command() == command
    assert step.phrase() == phrase


NO_WAY_BACK = (namespace_ops.SetNsid, link_ops.DeleteLink)


@pytest.mark.parametrize("step", [row[0] for row in TOLD if not isinstance(row[0], NO_WAY_BACK)])
def test_the_way_back_of_the_way_back(step):
    back = step.inverse()
    again = back.inverse()
    if isinstance(step, (namespace_ops.CreateNamespace, link_ops.CreateVeth)):
        # What is made anew is another thing; here it is the old one that comes back.
        assert again is None or type(again) is type(step)
    elif isinstance(step, namespace_ops.DeleteNamespace):
        assert (back.again, again) == (True, step)
    else:
        assert again == step
    assert back != step or step.new == step.old


def test_a_veth_that_goes_can_be_made_again():
    near = Link("v", "veth", 5, "02:00:00:00:00:01", 1400, peer=Peer("w", ""))
    far = Link("w", "veth", 6, "02:00:00:00:00:02", 1500, peer=Peer("v", "a"))
    back = link_ops.DeleteLink("a", near, far).inverse()
    assert back == link_ops.CreateVeth(
        link_ops.VethEnd("a", "v", "02:00:00:00:00:01", 1400, 1000, 0, 5),
        link_ops.VethEnd("", "w", "02:00:00:00:00:02", 1500, 1000, 0, 6),
    )


def test_another_link_that_goes_is_made_again_from_the_snapshot():
    gone = link_ops.DeleteLink("a", Link("br", "bridge"))
    assert gone.inverse() == link_ops.RestoreLink("a", Link("br", "bridge"))
    assert gone.inverse().inverse() == gone


@pytest.mark.parametrize(
    "step",
    [
        link_ops.DeleteLink("a", Link("v", "veth", peer=Peer("w", None, 3)), None),
        link_ops.DeleteLink("a", Link("v", "veth"), Link("w", "veth")),
        namespace_ops.SetNsid("a", 7),
    ],
)
def test_no_way_back(step):
    assert step.inverse() is None


ODD = ["with space", "it's", 'double"', "$(x)", "a;b", "back\\slash", "é", "*", "-n"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_one_word(name):
    link = name.replace(" ", "_")[:15]
    for step in (
        namespace_ops.CreateNamespace(name),
        link_ops.CreateVeth(link_ops.VethEnd(name, link), link_ops.VethEnd("", link)),
        link_ops.MoveLink("", link, name, link),
        address_ops.AddAddress(name, Address(link, "192.0.2.1/24")),
        route_ops.AddRoute(name, Route("192.0.2.0/24", 4, link)),
    ):
        words = shlex.split(step.command())
        assert name in words
        assert isinstance(step, namespace_ops.CreateNamespace) or link in words


def every_operation():
    here = pathlib.Path(module_utils.__path__[0])
    for path in sorted(here.glob("_resources/**/operations.py")):
        name = ".".join(path.relative_to(here).with_suffix("").parts)
        module = importlib.import_module(f"{module_utils.__name__}.{name}")
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, Operation) and each is not Operation:
                yield each


def test_every_operation_is_known_on_every_floor():
    operations = set(every_operation())
    assert len(operations) > 13
    for each in operations:
        assert each in each.resource.simulators(), each
        assert each in each.resource.appliers(), each


def test_a_source_is_used_once_the_kernel_is_done_with_it():
    plain = Address("v", "2001:db8::1/64")
    near, far = (
        route_ops.AddRoute("a", Route(dst, 6, "v", src="2001:db8::1"))
        for dst in ("2001:db8:1::/48", "2001:db8:2::/48")
    )
    wait = (
        "for n in $(seq 60); do ip -n a -6 address show to 2001:db8::1 tentative"
        " | grep -q inet6 || break; sleep 0.1; done"
    )
    add = address_ops.AddAddress("a", plain)
    told = [add.command(), wait, near.command(), far.command()]
    assert commands([add, near, far]) == told
    for usable in (address_ops.AddAddress("a", V6), address_ops.AddAddress("b", plain)):
        assert commands([usable, near]) == [usable.command(), near.command()]
