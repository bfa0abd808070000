# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From a pair as it is, wherever its ends are, to the pair that is wanted."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import HERE, Link, Peer, World, phrase
from ..._core.plan_builder import Draft
from ..._core.record import dataclass
from ..link import steps as links
from ..link.spec import EndSpec, VethSpec


@dataclass(frozen=True)
class Pair:
    """Where the two ends of an existing veth are: namespace and name of each."""

    near: tuple[str, str]
    far: tuple[str, str]


def plan(draft: Draft, desired: VethSpec) -> None:
    """Plan one pair."""
    if draft.taking is None:
        draft.taking = lambda thing: desired.force
    if not desired.present:
        _absent(draft, desired)
    elif desired.far is None:
        raise BadInput("A veth has two ends: state peer, with its name at least")
    else:
        _present(draft, desired, desired.near, desired.far)


def _present(draft: Draft, desired: VethSpec, near: EndSpec, far: EndSpec) -> None:
    for end in (near, far):
        draft.space(end.place)
        draft.refuse_altname(end.place, end.name)
    at_near = (draft.world.at(near.place).key, near.name)
    at_far = (draft.world.at(far.place).key, far.name)
    if at_near == at_far:
        raise BadInput(f"{near.name} cannot be its own peer: name the other end otherwise")
    pair = _find(draft, at_near, at_far, desired)
    if pair is None:
        _create(draft, near, far)
    else:
        links.bring(draft, pair.near, at_near)
        links.bring(draft, pair.far, at_far)
    for end, (key, name) in ((near, at_near), (far, at_far)):
        draft.change_link(key, name, end.link.stated())


def _create(draft: Draft, near: EndSpec, far: EndSpec) -> None:
    from ..link.operations import CreateVeth, VethEnd
    from ..link.simulate import MAX_VETH_MTU, MIN_VETH_MTU

    for end in (near, far):
        mtu = end.link.mtu
        if mtu is not None and not MIN_VETH_MTU <= mtu <= MAX_VETH_MTU:
            # Of a link that is made, the kernel says no more than "Invalid argument".
            raise BadInput(
                f"The MTU of the veth {end.name} lies between {MIN_VETH_MTU} and {MAX_VETH_MTU}: {mtu}"
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
    """Return the pair that is, or can become, the wanted one; None if it has to be made.

    With force, the veths that stand in its way are planned to go.
    """
    there = _get(draft.world, near), _get(draft.world, far)
    if there == (None, None):
        return misplaced(draft.world, near, far) if desired.brought else None
    for at, found in zip((near, far), there):
        if found is not None and found.kind != "veth":
            raise Conflict(
                f"{at[1]} {phrase(at[0])} is no veth but {_kind(found)}; it is left alone"
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
            " and ".join(_tell(at, found) for at, found in in_the_way)
            + f": not the pair {near[1]}/{far[1]} that is wanted;"
            " state force=true to have it replaced"
        )
    for at, _unused in in_the_way:
        links.delete(draft, *at)
    return None


def misplaced(world: World, near: tuple[str, str], far: tuple[str, str]) -> Pair | None:
    """Look for the pair by both its names, here and where its ends are wanted, nowhere else.

    Elsewhere a pair with the same names is another one: somebody else's.
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


def _kind(found: Link) -> str:
    if found.kind:
        return f"a {found.kind}"
    return "a hardware device" if found.hardware else "the loopback"


def _tell(at: tuple[str, str], found: Link) -> str:
    return f"{at[1]} {phrase(at[0])} is a veth {_tell_peer(found.peer)}"


def _tell_peer(peer: Peer | None) -> str:
    if peer is None:
        return "whose peer cannot be found"
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
            raise Conflict(f"{at[1]} {phrase(at[0])} is no veth but {_kind(found)}; it stays")
        other = [each for each in wanted if each != at]
        peer = links.location(draft.world, *at)
        if other and not desired.force and (peer is None or peer[1] != other[0][1]):
            raise Conflict(
                f"{_tell(at, found)}: not the pair that is to go; state force=true to remove it"
            )
    for at, _unused in there:
        links.delete(draft, *at)
