# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn a veth pair, wherever its ends are, into the desired one."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import HERE, HostState, Link, Peer, phrase
from ..._core.link_table import ETHERNET_MTU
from ..._core.plan_builder import PlanBuilder
from ..._core.record import dataclass
from ..link import steps as links
from ..link.spec import EndSpec, VethSpec


@dataclass(frozen=True)
class Pair:
    """Namespace and name of each end of an existing veth pair."""

    near: tuple[str, str]
    far: tuple[str, str]


def plan(builder: PlanBuilder, desired: VethSpec) -> None:
    """Plan one pair."""
    if builder.taking is None:
        builder.taking = lambda thing: desired.force
    if not desired.present:
        _absent(builder, desired)
    elif desired.far is None:
        raise BadInput("peer is required: the other end of the veth, with at least a name")
    else:
        _present(builder, desired, desired.near, desired.far)


def _present(builder: PlanBuilder, desired: VethSpec, near: EndSpec, far: EndSpec) -> None:
    for end in (near, far):
        builder.namespace(end.place)
        builder.refuse_altname(end.place, end.name)
    at_near = (builder.host.at(near.place).key, near.name)
    at_far = (builder.host.at(far.place).key, far.name)
    if at_near == at_far:
        raise BadInput(f"{near.name} cannot be its own peer; give the other end another name")
    pair = _find(builder, at_near, at_far, desired)
    if pair is None:
        _create(builder, near, far)
    else:
        links.move_or_rename(builder, pair.near, at_near)
        links.move_or_rename(builder, pair.far, at_far)
    for end, (key, name) in ((near, at_near), (far, at_far)):
        builder.change_link(key, name, end.link.stated())
        if end.link.altnames is not None:
            from ..link.altnames import ensure

            ensure(builder, key, name, end.link)


def _create(builder: PlanBuilder, near: EndSpec, far: EndSpec) -> None:
    from ..link.operations import CreateVeth, VethEnd

    low, high = ETHERNET_MTU
    for end in (near, far):
        mtu = end.link.get("mtu")
        if mtu is not None and not low <= mtu <= high:
            # For a new link the kernel's error is just "Invalid argument".
            raise BadInput(f"mtu {mtu} of veth {end.name} must be between {low} and {high}")
    ends = (
        VethEnd(
            builder.host.at(end.place).key,
            end.name,
            end.link.get("mac"),
            end.link.get("mtu"),
            end.link.get("txqueuelen"),
            made_with=end.link.made_with(),
        )
        for end in (near, far)
    )
    builder.add(CreateVeth(*ends))


def _find(
    builder: PlanBuilder, near: tuple[str, str], far: tuple[str, str], desired: VethSpec
) -> Pair | None:
    """Return the pair that is, or can become, the desired one; None if it has to be created.

    With force, veths with the desired names are planned to be deleted.
    """
    there = _get(builder.host, near), _get(builder.host, far)
    if there == (None, None):
        return misplaced(builder.host, near, far) if desired.brought else None
    for at, found in zip((near, far), there):
        if found is not None and found.kind != "veth":
            raise Conflict(
                f"link {at[1]} {phrase(at[0])} exists and is {_kind_description(found)}, not a veth. Remove it"
                " first, or use another name"
            )
    peers = [links.location(builder.host, *at) for at in (near, far)]
    if there[1] is None and peers[0] is not None:
        return Pair(near, peers[0])
    if there[0] is None and peers[1] is not None:
        return Pair(peers[1], far)
    if None not in there and peers[0] == far:
        return Pair(near, far)
    in_the_way = [(at, found) for at, found in zip((near, far), there) if found is not None]
    if not desired.force:
        raise Conflict(
            " and ".join(_description(at, found) for at, found in in_the_way)
            + f", not the desired pair {near[1]}/{far[1]}. Set force=true to replace it, or use"
            " another name"
        )
    for at, _unused in in_the_way:
        links.delete(builder, *at)
    return None


def misplaced(host: HostState, near: tuple[str, str], far: tuple[str, str]) -> Pair | None:
    """Return the pair with both names in the current or the desired namespaces, None if not there.

    A pair with the same names in any other namespace is somebody else's.
    """
    places = dict.fromkeys((HERE, near[0], far[0]))
    for key in places:
        peer = links.location(host, key, near[1])
        if peer is not None and peer[1] == far[1] and peer[0] in places:
            return Pair((key, near[1]), peer)
    return None


def _get(host: HostState, at: tuple[str, str]) -> Link | None:
    namespace = host.namespaces.get(at[0])
    return None if namespace is None else namespace.links.get(at[1])


def _kind_description(found: Link) -> str:
    if found.kind:
        return f"a {found.kind}"
    return "a hardware device" if found.hardware else "the loopback"


def _description(at: tuple[str, str], found: Link) -> str:
    return f"link {at[1]} {phrase(at[0])} is a veth {_peer_description(found.peer)}"


def _peer_description(peer: Peer | None) -> str:
    if peer is None:
        return "whose peer was not found"
    if peer.netns is None:
        return f"whose peer {peer.name} is in a namespace without a name (nsid {peer.nsid})"
    return f"with its peer {peer.name} {phrase(peer.netns)}"


def _absent(builder: PlanBuilder, desired: VethSpec) -> None:
    ends = [desired.near] if desired.far is None else [desired.near, desired.far]
    wanted = [(builder.host.at(end.place).key, end.name) for end in ends]
    there = [(at, found) for at in wanted if (found := _get(builder.host, at)) is not None]
    for end in ends:
        builder.refuse_altname(end.place, end.name)
    if not there and desired.far is not None:
        pair = misplaced(builder.host, wanted[0], wanted[1])
        if pair is not None:
            builder.origins.update(zip(wanted, (pair.near, pair.far)))
            links.delete(builder, *pair.near)
        return
    for at, found in there:
        if found.kind != "veth":
            raise Conflict(
                f"link {at[1]} {phrase(at[0])} is {_kind_description(found)}, not a veth, and is not removed;"
                " remove it with netns_link"
            )
        other = [each for each in wanted if each != at]
        peer = links.location(builder.host, *at)
        if other and not desired.force and (peer is None or peer[1] != other[0][1]):
            raise Conflict(
                f"{_description(at, found)}, not the pair to remove. Set force=true to remove it"
            )
    for at, _unused in there:
        links.delete(builder, *at)
