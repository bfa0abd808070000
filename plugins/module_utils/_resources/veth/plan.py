# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn a veth pair, wherever its ends are, into the desired one."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import HERE, Link, Peer, World, phrase
from ..._core.plan_builder import Draft
from ..._core.record import dataclass
from ..link import steps as links
from ..link.spec import EndSpec, VethSpec


@dataclass(frozen=True)
class Pair:
    """Namespace and name of each end of an existing veth pair."""

    near: tuple[str, str]
    far: tuple[str, str]


def plan(draft: Draft, desired: VethSpec) -> None:
    """Plan one pair."""
    if draft.taking is None:
        draft.taking = lambda thing: desired.force
    if not desired.present:
        _absent(draft, desired)
    elif desired.far is None:
        raise BadInput("peer is required: the other end of the veth, with at least a name")
    else:
        _present(draft, desired, desired.near, desired.far)


def _present(draft: Draft, desired: VethSpec, near: EndSpec, far: EndSpec) -> None:
    for end in (near, far):
        draft.space(end.place)
        draft.refuse_altname(end.place, end.name)
    at_near = (draft.world.at(near.place).key, near.name)
    at_far = (draft.world.at(far.place).key, far.name)
    if at_near == at_far:
        raise BadInput(f"{near.name} cannot be its own peer; give the other end another name")
    pair = _find(draft, at_near, at_far, desired)
    if pair is None:
        _create(draft, near, far)
    else:
        links.move_or_rename(draft, pair.near, at_near)
        links.move_or_rename(draft, pair.far, at_far)
    for end, (key, name) in ((near, at_near), (far, at_far)):
        draft.change_link(key, name, end.link.stated())


def _create(draft: Draft, near: EndSpec, far: EndSpec) -> None:
    from ..link.operations import CreateVeth, VethEnd
    from ..link.simulate import MAX_VETH_MTU, MIN_VETH_MTU

    for end in (near, far):
        mtu = end.link.mtu
        if mtu is not None and not MIN_VETH_MTU <= mtu <= MAX_VETH_MTU:
            # For a new link the kernel's error is just "Invalid argument".
            raise BadInput(
                f"mtu {mtu} of veth {end.name} must be between {MIN_VETH_MTU} and {MAX_VETH_MTU}"
            )
    ends = (
        VethEnd(
            draft.world.at(end.place).key,
            end.name,
            end.link.mac,
            end.link.mtu,
            end.link.txqueuelen,
        )
        for end in (near, far)
    )
    draft.add(CreateVeth(*ends))


def _find(
    draft: Draft, near: tuple[str, str], far: tuple[str, str], desired: VethSpec
) -> Pair | None:
    """Return the pair that is, or can become, the desired one; None if it has to be created.

    With force, veths with the desired names are planned to be deleted.
    """
    there = _get(draft.world, near), _get(draft.world, far)
    if there == (None, None):
        return misplaced(draft.world, near, far) if desired.brought else None
    for at, found in zip((near, far), there):
        if found is not None and found.kind != "veth":
            raise Conflict(
                f"link {at[1]} {phrase(at[0])} exists and is {_kind_description(found)}, not a veth. Remove it"
                " first, or use another name"
            )
    peers = [links.location(draft.world, *at) for at in (near, far)]
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
        links.delete(draft, *at)
    return None


def misplaced(world: World, near: tuple[str, str], far: tuple[str, str]) -> Pair | None:
    """Return the pair with both names in the current or the desired namespaces, None if not there.

    A pair with the same names in any other namespace is somebody else's.
    """
    places = dict.fromkeys((HERE, near[0], far[0]))
    for key in places:
        peer = links.location(world, key, near[1])
        if peer is not None and peer[1] == far[1] and peer[0] in places:
            return Pair((key, near[1]), peer)
    return None


def _get(world: World, at: tuple[str, str]) -> Link | None:
    space = world.spaces.get(at[0])
    return None if space is None else space.links.get(at[1])


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


def _absent(draft: Draft, desired: VethSpec) -> None:
    ends = [desired.near] if desired.far is None else [desired.near, desired.far]
    wanted = [(draft.world.at(end.place).key, end.name) for end in ends]
    there = [(at, found) for at in wanted if (found := _get(draft.world, at)) is not None]
    for end in ends:
        draft.refuse_altname(end.place, end.name)
    if not there and desired.far is not None:
        pair = misplaced(draft.world, wanted[0], wanted[1])
        if pair is not None:
            draft.origins.update(zip(wanted, (pair.near, pair.far)))
            links.delete(draft, *pair.near)
        return
    for at, found in there:
        if found.kind != "veth":
            raise Conflict(
                f"link {at[1]} {phrase(at[0])} is {_kind_description(found)}, not a veth, and is not removed;"
                " remove it with netns_link"
            )
        other = [each for each in wanted if each != at]
        peer = links.location(draft.world, *at)
        if other and not desired.force and (peer is None or peer[1] != other[0][1]):
            raise Conflict(
                f"{_description(at, found)}, not the pair to remove. Set force=true to remove it"
            )
    for at, _unused in there:
        links.delete(draft, *at)
