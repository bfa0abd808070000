# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random networks as netns_topology takes them, and random things that a hand does to one.

Names, addresses and numbers come from small pools, so that they meet again and again: in the next
network, in what a hand does, in what others have.
"""

from __future__ import annotations

import contextlib
import subprocess

from hypothesis import strategies as st

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

from . import lab

NAMESPACES = ("n0", "n1", "n2", "n3")
LINKS = ("l0", "l1", "l2", "l3")
MORE_LINKS = ("b0", "x0", "m0")
FOREIGN_LINKS = ("lo", "host0", "there0", "hf0", "hf1")
# A namespace and links of others, in which a network may have something.
FOREIGN = (
    "ip link set lo up",
    "ip link add host0 address 02:00:00:00:01:01 type bridge",
    "ip link set host0 up",
    "ip addr add 10.9.0.1/24 dev host0",
    "ip route add 10.91.0.0/16 via 10.9.0.2",
    "ip netns add other",
    "ip -n other link set lo up",
    "ip -n other link add there0 address 02:00:00:00:01:02 type bridge",
    "ip -n other link set there0 up",
    "ip -n other addr add 10.8.0.1/24 dev there0",
    "ip -n other route add 10.81.0.0/16 via 10.8.0.2",
    "ip -n other rule add priority 80 from 10.8.0.0/24 table 80",
    "ip -n other neigh add 10.8.0.8 lladdr 02:00:00:00:00:08 dev there0",
    "ip link add hf0 address 02:00:00:00:01:03 type veth"
    " peer name hf1 netns other address 02:00:00:00:01:04",
)


def some(draw, most, of):
    """Draw up to so many of a list."""
    return [draw(st.sampled_from(of)) for _each in range(draw(st.integers(0, most)))] if of else []


def maybe(draw, *values):
    """Draw a value, or None."""
    return draw(st.sampled_from((None, *values)))


class Drawing:
    """A network while it is drawn."""

    def __init__(self, draw):
        self.draw = draw
        own = [name for name in NAMESPACES if draw(st.booleans())] or ["n0"]
        self.places = [*own, *(place for place in (None, "other") if draw(st.booleans()))]
        self.used = set()
        self.lists = {"namespaces": [{"name": own, "lo_up": draw(st.booleans())}]}
        self.own, self.ends, self.bridges = own, [], []
        self.subnets = {}  # by namespace: networks, with a link

    def free(self, place, names):
        """Draw a name that nothing listed has in a namespace."""
        names = [name for name in names if (place, name) not in self.used]
        if not names:
            return None
        name = self.draw(st.sampled_from(names))
        self.used.add((place, name))
        return name

    def veths(self):
        """Draw pairs."""
        listed = self.lists["veths"] = []
        for near in some(self.draw, 4, self.places):
            far = self.draw(st.sampled_from(self.places))
            names = self.free(near, LINKS), self.free(far, LINKS)
            if None in names:
                continue
            more = {"mtu": maybe(self.draw, 1400, 9000), "txqueuelen": maybe(self.draw, 0, 77)}
            up = self.draw(st.sampled_from((True, True, True, False)))
            ends = [lab.end(name, place, up=up, **more) for name, place in zip(names, (near, far))]
            listed.append({**ends[0], "peer": ends[1]})
            self.ends += [(near, names[0]), (far, names[1])]

    def links(self):
        """Draw links of kinds, and ports of bridges."""
        listed = self.lists["links"] = []
        for place in some(self.draw, 2, self.places):
            kind = self.draw(st.sampled_from(("bridge", "bridge", "vxlan", "macvlan")))
            parents = [name for at, name in self.ends if at == place]
            name = self.free(place, (*MORE_LINKS, *LINKS[:2]))
            if name is None or (kind == "macvlan" and not parents):
                continue
            entry = lab.end(name, place, type=kind, up=maybe(self.draw, True))
            if kind == "vxlan":
                entry["vxlan"] = {"id": self.draw(st.integers(1, 2))}
            elif kind == "macvlan":
                entry["parent"] = self.draw(st.sampled_from(parents))
            else:
                entry["mtu"] = maybe(self.draw, 1400, 1500)
                self.bridges.append((place, name))
            listed.append(entry)
            self.ends.append((place, name))
        for place, name in list(self.ends):
            bridges = [bridge for at, bridge in self.bridges if at == place and bridge != name]
            is_bridge = (place, name) in self.bridges
            if bridges and not is_bridge and self.draw(st.booleans()):
                typed = [each for each in listed if (each["netns"], each["name"]) == (place, name)]
                entry = typed[0] if typed else lab.end(name, place)
                if not typed:
                    listed.append(entry)
                entry["master"] = self.draw(st.sampled_from(bridges))

    def addresses(self):
        """Draw addresses, of one subnet on several links too."""
        listed = self.lists["addresses"] = []
        seen = set()
        for place, link in some(self.draw, 5, [*self.ends, *self.foreign()]):
            net, host = self.draw(st.integers(0, 3)), self.draw(st.integers(1, 3))
            six = self.draw(st.booleans())
            text = f"2001:db8:{net}::{host}/64" if six else f"10.0.{net}.{host}/24"
            if (place, link, text) in seen:
                continue
            seen.add((place, link, text))
            entry = {"netns": place, "link": link, "address": [text]}
            if six:
                entry["nodad"] = True
            listed.append(entry)
            self.subnets.setdefault(place, []).append((six, net, link))

    def foreign(self):
        """Return the links of others in the namespaces that there are things in."""
        known = {None: "host0", "other": "there0"}
        return [(place, known[place]) for place in self.places if place in known]

    def routes(self):
        """Draw routes: by a gateway, out of a link, and dead ends."""
        listed = self.lists["routes"] = []
        seen = set()
        for place in some(self.draw, 4, self.places):
            dst = self.draw(st.sampled_from(("10.100.0.0/16", "10.101.0.0/16", "default")))
            table = maybe(self.draw, "100")
            entry = {"netns": place, "dst": [dst], "table": table}
            ways = [net for six, net, _link in self.subnets.get(place, ()) if not six]
            links = [link for at, link in self.ends if at == place]
            how = self.draw(st.sampled_from(("via", "dev", "blackhole")))
            if how == "via" and ways:
                entry["via"] = f"10.0.{self.draw(st.sampled_from(ways))}.9"
            elif how == "dev" and links:
                entry["dev"] = self.draw(st.sampled_from(links))
            else:
                entry["type"] = "blackhole"
            if (place, dst, table) not in seen:
                seen.add((place, dst, table))
                listed.append(entry)

    def rest(self):
        """Draw rules, neighbours, parameters and queueing disciplines."""
        for name in ("rules", "neighbours", "sysctls", "qdiscs"):
            self.lists[name] = []
        for place in dict.fromkeys(some(self.draw, 2, self.places)):
            self.lists["rules"].append(
                {"netns": place, "priority": self.draw(st.integers(100, 101)), "table": "100"}
            )
        for place, link in dict.fromkeys(some(self.draw, 2, self.ends)):
            self.lists["neighbours"].append(
                {"netns": place, "link": link, "address": "10.0.0.77", "mac": "02:00:00:00:00:77"}
            )
        for place in dict.fromkeys(some(self.draw, 2, self.own)):
            links = [link for at, link in self.ends if at == place]
            link = self.draw(st.sampled_from(links)) if links else "default"
            values = {"net.ipv4.ip_forward": 1, f"net.ipv4.conf.{link}.rp_filter": 2}
            self.lists["sysctls"].append({"netns": place, "sysctls": values})
        for place, link in dict.fromkeys(some(self.draw, 2, self.ends)):
            tbf = {"kind": "tbf", "rate": "1mbit", "burst": "5kb", "latency": "50ms"}
            self.lists["qdiscs"].append({"netns": place, "link": link, **tbf})


@st.composite
def networks(draw):
    """Return the lists of a random network."""
    drawing = Drawing(draw)
    drawing.veths()
    drawing.links()
    drawing.addresses()
    drawing.routes()
    drawing.rest()
    return {name: listed for name, listed in drawing.lists.items() if listed}


# What a hand does: {dev} is a link that is not of others, {name} a name, {to} a namespace.
HANDS = (
    "ip {at} link set dev {dev} down",
    "ip {at} link set dev {dev} up",
    "ip {at} link set dev {dev} name {name}",
    "ip {at} link set dev {dev} name aside; ip {at} link set dev {other} name {dev};"
    " ip {at} link set dev aside name {other}",
    "ip {at} link del dev {dev}",
    "ip {at} link set dev {dev} netns {to}",
    "ip {at} link set dev {dev} nomaster",
    "ip {at} link set dev {dev} mtu 1300",
    "ip {at} addr flush dev {dev}",
    "ip {at} addr add 172.16.0.1/24 dev {dev}",
    "ip {at} addr add 10.0.0.1/24 dev {dev}",
    "ip {at} route add 10.200.0.0/16 dev {dev}",
    "ip {at} neigh flush dev {dev} nud permanent",
    "ip {at} rule add priority 100 table 100",
    "ip {at} route flush table 100",
    "ip {at} link add f0 type bridge",
    "ip {at} link property add dev {dev} altname other-name",
    "tc {at} qdisc del dev {dev} root",
    "ip netns del {own}",
    "ip {at} netns exec {own} true",
)
drifts = st.lists(
    st.tuples(
        st.sampled_from(HANDS),
        st.integers(0, 5),  # the namespace
        st.integers(0, 5),  # the link
        st.sampled_from((*LINKS, "zz")),
        st.sampled_from((*NAMESPACES, "other", "")),
    ),
    max_size=4,
)


def drift(hands):
    """Do what a hand does, as far as the kernel lets it; return the commands."""
    done = []
    for hand, where, which, name, to in hands:
        names = list(witness.names())
        places = ["", *names]
        place = places[where % len(places)]
        links = [link["ifname"] for link in witness.ip("link", netns=place)]
        links = [link for link in links if link not in FOREIGN_LINKS]
        own = [each for each in names if each != "other"]
        if not own or ("{dev}" in hand and not links):
            continue
        command = hand.format(
            at=f"-n {place}" if place else "",
            dev=links[which % len(links)] if links else "",
            other=links[(which + 1) % len(links)] if links else "",
            name=name,
            to=to or "$$",
            own=own[which % len(own)],
        )
        done.append(command)
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(["sh", "-c", command], capture_output=True, check=True)
        if "netns del" in command:
            normalise()
    return done


def normalise():
    """Return once links of namespaces that were deleted are gone: an own one is the last to go."""
    witness.sh(
        "ip netns add zzz",
        "ip link add zz9 type veth peer name zz9 netns zzz",
        "ip netns del zzz",
        "for n in $(seq 200); do ip link show dev zz9 >/dev/null 2>&1 || break; sleep 0.01; done",
    )


def foreign(state):
    """Return what others have, of a state: as it was made, whatever there is beside it."""
    kept = {}
    for place in ("here", "other"):
        told = state[place]
        for name in FOREIGN_LINKS[1:]:
            link = told["links"].get(name)
            if link is not None:
                addresses = [
                    each for each in link["addr_info"] if each["local"] in ("10.8.0.1", "10.9.0.1")
                ]
                kept[name] = {"address": link["address"], "flags": link["flags"], "of": addresses}
        kept[place] = [
            *(each for each in told["routes"] if "10.81.0.0" in each or "10.91.0.0" in each),
            *(each for each in told["more"]["neighbours"] if "10.8.0.8" in each),
        ]
    kept["rules"] = [each for each in state["other"]["more"]["rules"][0] if each["priority"] == 80]
    return kept
