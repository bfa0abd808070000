# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What results and diffs show of a host state: plain dicts, stable from one run to the next."""

from __future__ import annotations

import socket
import typing as t

from .host_state import Address, HostState, Link, NamespaceState, Route, shown
from .link_table import MARK, OPTIONS
from .parse import FOREVER

if t.TYPE_CHECKING:
    from .._resources.wireguard.state import WgDevice

Shown = dict[str, t.Any]
OPTIONAL = tuple(row.name for row in OPTIONS if row.optional)
# The attributes of a link in the order in which results have them.
SHOWN = ("mac", "mtu", "up", *(row.name for row in OPTIONS if row.name not in ("mac", "mtu", "up")))


def namespace(namespace: NamespaceState) -> Shown:
    """Return a namespace as the netns module shows it."""
    there = namespace.state == "present"
    return {
        "name": namespace.key,
        "path": f"/run/netns/{namespace.key}",
        "state": namespace.state,
        "nsid": namespace.nsid if there else None,
        "lo_up": namespace.links["lo"].up if there and "lo" in namespace.links else None,
    }


def link(host: HostState, key: str, name: str) -> Shown:
    """Return a link as the modules show it; one that is not there has only a state."""
    where = {"name": name, "netns": shown(key)}
    namespace = host.namespaces.get(key)
    if namespace is None or name not in namespace.links:
        return {**where, "state": "absent"}
    there = namespace.links[name]
    return {
        **where,
        "state": "present",
        **attributes(there),
        "addresses": [address.cidr for address in _own(namespace, name)],
    }


def along(host: HostState, links: t.Iterable[tuple[tuple[str, str], Link]]) -> list[Shown]:
    """Return links that are removed with another one, or lose it as their master."""
    return [link(host, *at) for at, _unused in links]


def attributes(link: Link) -> Shown:
    """Return what a task can state of a link, None for what the kernel has yet to choose."""
    fields: Shown = {name: getattr(link, name) for name in ("kind", *SHOWN)}
    for name in OPTIONAL:
        if fields[name] is None:
            del fields[name]
    others = [name for name in link.altnames if not name.startswith(MARK)]
    if others:
        fields["altnames"] = others
    return {name: None if name in link.unknown else value for name, value in fields.items()}


def kind(host: HostState, key: str, name: str) -> Shown:
    """Return a link as netns_link shows it: with what is particular to its kind."""
    fields = link(host, key, name)
    namespace = host.namespaces.get(key)
    if namespace is None or name not in namespace.links:
        return fields
    there = namespace.links[name]
    parent = there.parent
    fields["parent"] = parent and {"name": parent.name, "netns": shown(parent.netns or "")}
    fields["options"] = dict(there.options)
    if name in namespace.wireguards:
        fields["options"] = wireguard(namespace.wireguards[name])
    fields["bridge_port"] = None
    if there.port:
        fields["bridge_port"] = {**dict(there.port), **_vlans(there)}
    return fields


def _vlans(port: Link) -> Shown:
    """Return the VLANs of a port of a bridge, null where the kernel has still to give them."""
    if "vlans" in port.unknown:
        return {"tagged": None, "untagged": None, "pvid": None}
    return {
        "tagged": [vid for vid, untagged, _pvid in port.vlans if not untagged],
        "untagged": [vid for vid, untagged, _pvid in port.vlans if untagged],
        "pvid": next((vid for vid, _untagged, pvid in port.vlans if pvid), 0),
    }


def wireguard(device: WgDevice) -> Shown:
    """Return how a WireGuard link is configured, without its secrets."""
    return {
        "public_key": device.public_key or None,
        "listen_port": device.listen_port or None,
        "fwmark": device.fwmark,
        "peers": [
            {
                "public_key": peer.public_key,
                "preshared_key": "(set)" if peer.preshared_key.strip("A=") else None,
                "endpoint": peer.endpoint,
                "allowed_ips": list(peer.allowed_ips),
                "persistent_keepalive": peer.keepalive,
            }
            for peer in device.peers
        ],
    }


def veth(host: HostState, near: tuple[str, str], far: tuple[str, str] | None) -> Shown:
    """Return a pair: one end, and the other as its peer."""
    shown_near = link(host, *near)
    if far is not None:
        shown_near["peer"] = link(host, *far)
    return shown_near


def lifetime(seconds: int) -> int | str:
    """Return a lifetime as it is stated: seconds, or 'forever'."""
    return "forever" if seconds == FOREVER else seconds


def address(address: Address) -> Shown:
    """Return an address with all that a task can state of it."""
    return {
        "address": address.cidr,
        "peer": address.peer,
        "scope": address.scope,
        "label": address.label,
        "broadcast": address.broadcast,
        "valid_lft": lifetime(address.valid_lft),
        "preferred_lft": lifetime(address.preferred_lft),
        "nodad": address.nodad,
        "noprefixroute": address.noprefixroute,
        "metric": address.metric,
        "secondary": address.secondary,
        "dadfailed": address.dadfailed,
    }


def addresses(host: HostState, key: str, name: str) -> list[Shown]:
    """Return the addresses of a link, without those that the kernel makes and keeps itself."""
    namespace = host.namespaces.get(key)
    if namespace is None:
        return []
    return [address(each) for each in _own(namespace, name)]


def _own(namespace: NamespaceState, name: str) -> list[Address]:
    """Return the addresses of a link that are not the kernel's own, by number.

    The kernel's order is its own affair: it differs by family, scope and age.
    """
    ours = [address for address in namespace.of_link(name) if not address.kernel_made]
    return sorted(ours, key=lambda each: (each.version, _packed(each.cidr), each.peer or ""))


def _packed(cidr: str) -> tuple[bytes, int]:
    """Return an address and its prefix as something that sorts by number."""
    local, _slash, prefix = cidr.partition("/")
    family = socket.AF_INET6 if ":" in local else socket.AF_INET
    return socket.inet_pton(family, local), int(prefix)


def route(route: Route) -> Shown:
    """Return a route as netns_info shows it; one that no task can state, with what makes it one."""
    others = [" ".join(pair) for pair in route.foreign]
    single = route.ways[0] if len(route.ways) == 1 else route  # where a nexthop object leads
    return {
        **({"others": others} if others else {}),
        **({"nhid": route.nhid} if route.nhid else {}),
        "dst": route.dst,
        "via": single.via,
        "dev": single.dev,
        "src": route.src,
        "metric": route.metric,
        "table": route.table,
        "proto": route.proto,
        "scope": route.scope,
        "type": route.type,
        "mtu": route.mtu or None,
        "onlink": single.onlink,
        "nexthops": [
            {
                "via": nexthop.via,
                "dev": nexthop.dev,
                "weight": nexthop.weight,
                "onlink": nexthop.onlink,
            }
            for nexthop in route.nexthops or (route.ways if len(route.ways) > 1 else ())
        ],
    }


def routes(host: HostState, key: str, table: int) -> list[Shown]:
    """Return the routes of a table, without those that the kernel makes itself, in a stable order."""
    namespace = host.namespaces.get(key)
    ours = [
        each
        for each in (namespace.routes if namespace else ())
        if each.table == table and each.proto not in ("kernel", "ra")
    ]
    shown_routes = sorted(ours, key=lambda each: (each.version, each.dst, each.metric, str(each)))
    return [route(each) for each in shown_routes]


def found(link: Link, addresses: list[str]) -> Shown:
    """Return a link as netns_info shows it."""
    peer = link.peer
    return {
        "name": link.name,
        "index": link.index,
        "kind": link.kind,
        "mac": link.mac,
        "mtu": link.mtu,
        "up": link.up,
        "operstate": link.operstate,
        "master": link.master,
        "addresses": addresses,
        "peer": None
        if peer is None
        else {"name": peer.name, "netns": shown(peer.netns or ""), "nsid": peer.nsid},
    }
