# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks to draw, as netns_info tells them."""

from __future__ import annotations


def link(name, *addresses, to=None, **more):
    """A link that is up; ``to`` is where its other end is."""
    kind = None if to is None else "veth"
    peer = None if to is None else {"name": to[1], "netns": to[0], "nsid": None}
    known = {"kind": kind, "up": True, "operstate": "up", "mtu": 1500, "master": None, "peer": peer}
    return {"name": name, "addresses": list(addresses), **known, **more}


def lo(**more):
    return link("lo", "127.0.0.1/8", "::1/128", operstate="unknown", **{"mtu": 65536, **more})


def namespace(name, *links):
    return {"name": name, "links": list(links)}


STUDY = [
    namespace(
        "study01", lo(), link("veth01", "172.16.1.101/24", "fe80::1/64", to=("study02", "veth02"))
    ),
    namespace("study02", lo(), link("veth02", "172.16.1.102/24", to=("study01", "veth01"))),
]

SWITCH = [
    namespace(
        None, lo(), link("eth0", "192.0.2.7/24"), link("up", "10.0.0.1/24", to=("switch", "up"))
    ),
    namespace(
        "switch",
        lo(),
        link("p1", to=("pc", "eth0"), master="br0"),
        link("br0", "10.0.0.2/24", kind="bridge"),
        link("up", to=(None, "up"), master="br0"),
    ),
    namespace("pc", lo(), link("eth0", "10.0.0.3/24", to=("switch", "p1"), mtu=9000)),
]

DOWN = {"up": False, "operstate": "down"}
NO_CARRIER = {"operstate": "lowerlayerdown"}
BROKEN = [
    namespace("left", lo(up=False), link("eth0", to=("router", "left"), **NO_CARRIER)),
    namespace(
        "router",
        link("left", to=("left", "eth0"), **DOWN),
        link("alone", kind="veth"),
        link("odd", to=("left", "gone")),
    ),
]

# Names may hold all but a slash.
WEIRD = 'we"ird <b>&amp;\\N #35; ü日 --> ]] `x` end\x07'


def ring(number):
    """So many namespaces in a ring."""
    namespaces = []
    for here in range(number):
        before, after = (here - 1) % number, (here + 1) % number
        ways = link("a", to=(f"n{before}", "b")), link("b", to=(f"n{after}", "a"))
        namespaces.append(namespace(f"n{here}", lo(), *ways))
    return namespaces
