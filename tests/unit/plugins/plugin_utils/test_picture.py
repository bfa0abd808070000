# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drawings, line by line."""

from __future__ import annotations

import textwrap

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils import _picture


def link(name, *addresses, to=None, **more):
    """A link that is up, as netns_info returns it; ``to`` is where its other end is."""
    kind = None if to is None else "veth"
    peer = None if to is None else {"name": to[1], "netns": to[0], "nsid": None}
    known = {"kind": kind, "up": True, "operstate": "up", "master": None, "peer": peer}
    return {"name": name, "addresses": list(addresses), **known, **more}


def lo(**more):
    return link("lo", "127.0.0.1/8", "::1/128", operstate="unknown", **more)


def namespace(name, *links):
    return {"name": name, "links": list(links)}


def picture(*namespaces, here="the host", only=None, ascii=False):
    return _picture.draw(namespaces, here, only, ascii)


def drawn(text):
    return textwrap.dedent(text).strip("\n")


STUDY01 = namespace("study01", lo(), link("veth01", "172.16.1.101/24", to=("study02", "veth02")))
STUDY02 = namespace("study02", lo(), link("veth02", "172.16.1.102/24", to=("study01", "veth01")))


def test_two_namespaces():
    assert picture(STUDY01, STUDY02) == drawn("""
        ┌ study01 ────────────────────┐
        │ lo      up  127.0.0.1/8     │
        │             ::1/128         │
        │ veth01  up  172.16.1.101/24 ├── veth02 in study02 ─┐
        └─────────────────────────────┘                      │
        ┌ study02 ────────────────────┐                      │
        │ lo      up  127.0.0.1/8     │                      │
        │             ::1/128         │                      │
        │ veth02  up  172.16.1.102/24 ├── veth01 in study01 ─┘
        └─────────────────────────────┘
    """)


def test_two_namespaces_in_ascii():
    assert picture(STUDY01, STUDY02, ascii=True) == drawn("""
        + study01 --------------------+
        | lo      up  127.0.0.1/8     |
        |             ::1/128         |
        | veth01  up  172.16.1.101/24 +-- veth02 in study02 -+
        +-----------------------------+                      |
        + study02 --------------------+                      |
        | lo      up  127.0.0.1/8     |                      |
        |             ::1/128         |                      |
        | veth02  up  172.16.1.102/24 +-- veth01 in study01 -+
        +-----------------------------+
    """)


def test_only_shows_the_ends_of_cables_elsewhere():
    here = namespace(
        None,
        lo(),
        link("eth0", "192.0.2.7/24"),
        link("veth02", "172.16.1.102/24", to=("study01", "veth01")),
        link("veth9", to=("other", "veth0")),
    )
    study = namespace("study01", lo(), link("veth01", "172.16.1.101/24", to=(None, "veth02")))
    other = namespace("other", lo(), link("veth0", to=(None, "veth9")))
    assert picture(here, other, study, only=["study01", "study02"]) == drawn("""
        ┌ the host ───────────────────┐
        │ veth02  up  172.16.1.102/24 ├── veth01 in study01 ──┐
        └─────────────────────────────┘                       │
        ┌ study01 ────────────────────┐                       │
        │ lo      up  127.0.0.1/8     │                       │
        │             ::1/128         │                       │
        │ veth01  up  172.16.1.101/24 ├── veth02 in the host ─┘
        └─────────────────────────────┘
    """)


def test_each_state_and_kind_of_link():
    inside = namespace(
        "lab",
        lo(),
        link("br0", "2001:db8::1/64", "fe80::5/64", kind="bridge"),
        link("port", to=("gone", "far"), master="br0", operstate="lowerlayerdown"),
        link("tap0", kind="tun", operstate="down"),
        link("idle", up=False, operstate="down"),
        link("odd", operstate="dormant"),
        link(
            "lost", to=(None, "if7"), peer={"name": "if7", "netns": None, "nsid": 4}, master="br0"
        ),
    )
    assert picture(inside, here="this box") == drawn("""
        ┌ lab ─────────────────────────────┐
        │ lo    up          127.0.0.1/8    │
        │                   ::1/128        │
        │ br0   up          bridge         │
        │                   2001:db8::1/64 │
        │ port  no carrier  port of br0    ├── far in gone
        │ tap0  no carrier  tun            │
        │ idle  down                       │
        │ odd   dormant                    │
        │ lost  up          port of br0    ├── if7 in a namespace without a name
        └──────────────────────────────────┘
    """)


def test_a_cable_that_stays_in_its_box():
    assert picture(namespace("a", link("x", to=("a", "y")), link("y", to=("a", "x")))) == drawn("""
        ┌ a ────┐
        │ x  up ├── y in a ─┐
        │ y  up ├── x in a ─┘
        └───────┘
    """)


def test_links_of_the_same_name():
    assert picture(
        namespace("a", link("x", to=("b", "x"))), namespace("b", link("x", to=("a", "x")))
    ) == (
        drawn("""
            ┌ a ────┐
            │ x  up ├── x in b ─┐
            └───────┘           │
            ┌ b ────┐           │
            │ x  up ├── x in a ─┘
            └───────┘
        """)
    )


def test_cables_cross_but_never_merge():
    """The longer cable is further out; one that ends where another began uses its lane again."""
    namespaces = (
        namespace("a", link("long", to=("c", "long")), link("p", to=("b", "p"))),
        namespace("b", link("p", to=("a", "p")), link("q", to=("c", "q"))),
        namespace("c", link("q", to=("b", "q")), link("long", to=("a", "long"))),
    )
    assert picture(*namespaces) == drawn("""
        ┌ a ───────┐
        │ long  up ├── long in c ───┐
        │ p     up ├── p in b ────┐ │
        └──────────┘              │ │
        ┌ b ───────┐              │ │
        │ p     up ├── p in a ────┘ │
        │ q     up ├── q in c ────┐ │
        └──────────┘              │ │
        ┌ c ───────┐              │ │
        │ q     up ├── q in b ────┘ │
        │ long  up ├── long in a ───┘
        └──────────┘
    """)


def test_a_cable_goes_over_another():
    namespaces = (
        namespace("a", link("p", to=("b", "p")), link("q", to=("b", "q"))),
        namespace("b", link("p", to=("a", "p")), link("q", to=("a", "q"))),
    )
    assert picture(*namespaces) == drawn("""
        ┌ a ────┐
        │ p  up ├── p in b ─┐
        │ q  up ├── q in b ─┼─┐
        └───────┘           │ │
        ┌ b ────┐           │ │
        │ p  up ├── p in a ─┘ │
        │ q  up ├── q in a ───┘
        └───────┘
    """)


def test_ten_namespaces_around_a_bridge():
    names = [f"node{number}" for number in range(1, 10)]
    hub = namespace(
        None,
        link("br0", "10.0.0.1/24", kind="bridge"),
        *(link(f"to-{name}", to=(name, "eth0"), master="br0") for name in names),
    )
    nodes = (namespace(n, link("eth0", f"10.0.0.1{n[4:]}/24", to=(None, f"to-{n}"))) for n in names)
    assert picture(hub, *nodes) == drawn("""
        ┌ the host ──────────────────┐
        │ br0       up  bridge       │
        │               10.0.0.1/24  │
        │ to-node1  up  port of br0  ├── eth0 in node1 ────────┐
        │ to-node2  up  port of br0  ├── eth0 in node2 ────────┼─┐
        │ to-node3  up  port of br0  ├── eth0 in node3 ────────┼─┼─┐
        │ to-node4  up  port of br0  ├── eth0 in node4 ────────┼─┼─┼─┐
        │ to-node5  up  port of br0  ├── eth0 in node5 ────────┼─┼─┼─┼─┐
        │ to-node6  up  port of br0  ├── eth0 in node6 ────────┼─┼─┼─┼─┼─┐
        │ to-node7  up  port of br0  ├── eth0 in node7 ────────┼─┼─┼─┼─┼─┼─┐
        │ to-node8  up  port of br0  ├── eth0 in node8 ────────┼─┼─┼─┼─┼─┼─┼─┐
        │ to-node9  up  port of br0  ├── eth0 in node9 ────────┼─┼─┼─┼─┼─┼─┼─┼─┐
        └────────────────────────────┘                         │ │ │ │ │ │ │ │ │
        ┌ node1 ─────────────────────┐                         │ │ │ │ │ │ │ │ │
        │ eth0      up  10.0.0.11/24 ├── to-node1 in the host ─┘ │ │ │ │ │ │ │ │
        └────────────────────────────┘                           │ │ │ │ │ │ │ │
        ┌ node2 ─────────────────────┐                           │ │ │ │ │ │ │ │
        │ eth0      up  10.0.0.12/24 ├── to-node2 in the host ───┘ │ │ │ │ │ │ │
        └────────────────────────────┘                             │ │ │ │ │ │ │
        ┌ node3 ─────────────────────┐                             │ │ │ │ │ │ │
        │ eth0      up  10.0.0.13/24 ├── to-node3 in the host ─────┘ │ │ │ │ │ │
        └────────────────────────────┘                               │ │ │ │ │ │
        ┌ node4 ─────────────────────┐                               │ │ │ │ │ │
        │ eth0      up  10.0.0.14/24 ├── to-node4 in the host ───────┘ │ │ │ │ │
        └────────────────────────────┘                                 │ │ │ │ │
        ┌ node5 ─────────────────────┐                                 │ │ │ │ │
        │ eth0      up  10.0.0.15/24 ├── to-node5 in the host ─────────┘ │ │ │ │
        └────────────────────────────┘                                   │ │ │ │
        ┌ node6 ─────────────────────┐                                   │ │ │ │
        │ eth0      up  10.0.0.16/24 ├── to-node6 in the host ───────────┘ │ │ │
        └────────────────────────────┘                                     │ │ │
        ┌ node7 ─────────────────────┐                                     │ │ │
        │ eth0      up  10.0.0.17/24 ├── to-node7 in the host ─────────────┘ │ │
        └────────────────────────────┘                                       │ │
        ┌ node8 ─────────────────────┐                                       │ │
        │ eth0      up  10.0.0.18/24 ├── to-node8 in the host ───────────────┘ │
        └────────────────────────────┘                                         │
        ┌ node9 ─────────────────────┐                                         │
        │ eth0      up  10.0.0.19/24 ├── to-node9 in the host ─────────────────┘
        └────────────────────────────┘
    """)


def test_no_more_cables_side_by_side_than_one_can_follow():
    count = _picture.LANES + 3
    hub = namespace("hub", *(link(f"p{n}", to=(f"leaf{n}", "up")) for n in range(count)))
    leaves = [namespace(f"leaf{n}", link("up", to=("hub", f"p{n}"))) for n in range(count)]
    lines = picture(hub, *leaves).splitlines()
    hub_lines = lines[1 : 1 + count]
    assert [line.endswith("┐") for line in hub_lines] == [True] * _picture.LANES + [False] * 3
    assert hub_lines[-1].split("├")[1].strip(" │") == f"── up in leaf{count - 1}"
    leaf_lines = [line for line in lines[1 + count :] if "├" in line]
    assert ["┘" in line for line in leaf_lines] == [True] * _picture.LANES + [False] * 3


def test_names_as_wide_as_a_terminal_shows_them_and_nothing_that_it_obeys():
    assert picture(
        namespace("試験", lo()), namespace("e\u0301", link("a\x1b[2J", to=("z\x07", "b\n")))
    ) == drawn("""
        ┌ 試験 ──────────────────┐
        │ lo     up  127.0.0.1/8 │
        │            ::1/128     │
        └────────────────────────┘
        ┌ e\u0301 ─────────────────────┐
        │ a?[2J  up              ├── b? in z?
        └────────────────────────┘
    """)


def test_a_title_that_is_wider_than_what_is_in_the_box():
    assert picture(namespace("a-rather-long-name", link("x"))) == drawn("""
        ┌ a-rather-long-name ┐
        │ x  up              │
        └────────────────────┘
    """)


@pytest.mark.parametrize(
    ("namespaces", "only", "said"),
    [
        ([], None, "(no namespaces)"),
        ([STUDY01], ["a"], "(nothing named a)"),
        ([STUDY01], ["a", "b"], "(nothing named a or b)"),
        ([], [], "(nothing named )"),
    ],
)
def test_nothing_to_draw(namespaces, only, said):
    assert picture(*namespaces, only=only) == said


def test_an_empty_namespace():
    assert picture(namespace("a")) == "┌ a ┐\n└───┘"
