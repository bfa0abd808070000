# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What is particular to a kind of link, read for the few links that a task is about.

A veth has nothing particular: for it alone, pyroute2's classes of all kinds are not loaded.
"""

from __future__ import annotations

import struct
import typing as t

from ...._core.errors import KernelError
from ...._core.host_state import NamespaceState
from ...._core.record import replace
from ...._netlink import attributes as nla
from ...._netlink import codec
from ...._netlink.read import RTM_GETLINK, FoundLink, far_end
from ...._netlink.socket import Socket
from . import kernel_codec as kind_codec
from .consequences import receiver
from .option import NOWHERE, Option, from_wire
from .table import KINDS, PORT

AF_BRIDGE = 7
BRVLAN = 1 << 1  # RTEXT_FILTER_BRVLAN, linux/rtnetlink.h
PVID, UNTAGGED = 0x2, 0x4  # BRIDGE_VLAN_INFO_*, linux/if_bridge.h
TAP, TYPE = 2, 3  # IFF_TAP, linux/if_tun.h; IFLA_TUN_TYPE

Pairs = tuple[tuple[str, t.Any], ...]


class VlanMessage(codec.LinkMessage):
    """RTM_NEWLINK of a bridge's ports: IFLA_AF_SPEC holds a struct bridge_vlan_info for each VLAN."""

    wanted: t.ClassVar[dict[int, tuple[str, nla.Reader]]] = {
        3: ("name", nla.text),
        26: (
            "vlans",
            lambda data: [
                struct.unpack("=HH", value)
                for kind, value in nla.attributes(data, 0, len(data))
                if kind == 2
            ],
        ),
    }


def details(
    namespace: NamespaceState, found: t.Iterable[FoundLink], sock: Socket, names: frozenset[str]
) -> None:
    """Read the options of links, and what they are as ports of a bridge."""
    by_index = {each.link.index: each.link.name for each in found}
    vlans: dict[str, tuple[tuple[int, bool, bool], ...]] | None = None
    for each in found:
        link = each.link
        if link.name not in names and link.master is None and not receiver(link.kind):
            continue  # of those that share what a lower link receives, one matters to the others
        names_of = by_index if each.nsid is None else Elsewhere(sock, each)
        options = decode(each.info.get("kind"), each.info.get("data"), names_of)
        changes: dict[str, t.Any] = {"options": options[1], "kind": options[0]}
        if each.info.get("port") == "bridge":
            port = values(PORT, each.info["port_data"], {})
            vlans = _vlans(sock, namespace.key) if vlans is None else vlans
            changes.update(port=port, vlans=vlans.get(link.name, ()))
        namespace.links[link.name] = replace(namespace.links[link.name], **changes)


class Elsewhere(dict[int, str]):
    """The links of the namespace that a link was made from: one of them is asked for by number."""

    def __init__(self, sock: Socket, found: FoundLink) -> None:
        super().__init__()
        self.sock, self.found = sock, found

    def get(self, index: int, default: t.Any = None) -> t.Any:
        """Return the name of a link."""
        try:
            return far_end(self.sock, replace(self.found, iflink=index))[0]
        except KernelError:
            return default  # it went since, or that namespace did


def decode(
    kind: str | None, data: bytes | None, links: t.Mapping[int, str]
) -> tuple[str | None, Pairs]:
    """Return the kind as tasks call it, and its options by the names that they have there."""
    if kind is None or data is None or (kind not in KINDS and kind != "tun"):
        return kind, ()
    if (
        kind == "tun"
        and TYPE in (attributes := kind_codec.read(data))
        and nla.u8(attributes[TYPE]) == TAP
    ):
        kind = "tap"
    options = values(KINDS[kind].options, data, links)
    if any(kind_codec.read(data).get(KINDS[kind].ttl_inherit, b"")):
        options = tuple((name, None if name == "ttl" else value) for name, value in options)
    return kind, options


def values(options: t.Mapping[str, Option], data: bytes, links: t.Mapping[int, str]) -> Pairs:
    """Return all options, None for those that the kernel omitted."""
    there = kind_codec.read(data)
    pairs = []
    for name, option in options.items():
        value = kind_codec.value(there, option.attr6) if option.attr6 else None
        value = kind_codec.value(there, option.attr) if value is None else value
        if option.shown in there:
            value = there[option.shown][-1]
        if option.form == "link":
            value = links.get(value) if value else None
        elif option.is_address and value in NOWHERE:
            value = None
        elif value is not None:
            value = from_wire(option, value)
        pairs.append((name, value))
    return _remote_or_group(tuple(pairs))


def _remote_or_group(pairs: Pairs) -> Pairs:
    """Return the option, remote or group, for the one attribute that a vxlan has for both."""
    known = dict(pairs)
    if "group" not in known or "remote" not in known:
        return pairs
    address = known["remote"]
    first = int(address.split(".")[0]) if address and ":" not in address else 0
    many = bool(address) and (address.lower().startswith("ff") or 224 <= first <= 239)
    known["remote"], known["group"] = (None, address) if many else (address, None)
    return tuple(known.items())


def _vlans(sock: Socket, key: str) -> dict[str, tuple[tuple[int, bool, bool], ...]]:
    """Return the VLANs of all ports of bridges in a namespace."""
    messages = sock.dump(
        f"read the VLANs of {key or 'the current namespace'}",
        VlanMessage,
        RTM_GETLINK,
        {"family": AF_BRIDGE},
        [("IFLA_EXT_MASK", BRVLAN)],
    )
    return {
        message.found["name"]: tuple(
            (vid, bool(flags & UNTAGGED), bool(flags & PVID))
            for flags, vid in message.found.get("vlans", ())
        )
        for message in messages
    }
