# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Desired nexthop objects, normalised from a task's options; None means not stated."""

from __future__ import annotations

import typing as t

from ..._core import inet, parse
from ..._core.errors import BadInput
from ..._core.record import dataclass
from ..route.spec import LINK_LOCAL, protocol
from .options import NEXTHOP
from .state import Group

Options = t.Mapping[str, t.Any]

KINDS = ("via", "dev", "blackhole", "group", "fdb")  # what belongs together: where it leads
LARGEST_ID = 0xFFFFFFFF
LARGEST_WEIGHT = 65536  # struct nexthop_grp, linux/nexthop.h; 256 before Linux 6.12


@dataclass(frozen=True)
class NexthopSpec:
    """One desired nexthop object; ``leads`` is whether the task states where it leads."""

    id: int
    version: int | None = None
    via: str | None = None
    dev: str | None = None
    onlink: bool | None = None
    blackhole: bool | None = None
    group: Group | None = None
    fdb: bool | None = None
    proto: str | None = None

    @property
    def leads(self) -> bool:
        """Return whether it is stated where the nexthop object leads."""
        return bool(self.via or self.dev or self.blackhole or self.group)

    def stated(self) -> dict[str, t.Any]:
        """Return what is stated but for the ID."""
        return {
            name: value for name, value in vars(self).items() if value is not None and name != "id"
        }


@dataclass(frozen=True)
class NexthopsSpec:
    """Nexthop objects that a namespace must have or must not have."""

    place: str
    nexthops: tuple[NexthopSpec, ...]
    present: bool = True
    purge: bool = False
    proto: str = "static"
    force: bool = False

    @classmethod
    def of(cls, options: Options) -> NexthopsSpec:
        """Read the options of the netns_nexthop module."""
        present, purge = options["state"] == "present", options["purge"]
        proto = protocol(options["proto"])
        if purge and not present:
            raise BadInput("purge=true requires state=present: it removes what is not listed")
        if purge and proto == "kernel":
            raise BadInput("purge=true cannot be combined with proto=kernel")
        listed = options["nexthops"]
        shared = {name: options[name] for name in NEXTHOP}
        if listed is None:
            listed = [{}] if any(value is not None for value in shared.values()) else []
        elif shared["id"] is not None:
            raise BadInput(
                "id and nexthops are mutually exclusive: each entry has an id of its own"
            )
        if not (listed or purge):
            raise BadInput("No nexthop is listed; an empty list requires purge=true")
        desired = []
        for each in listed:
            own = {name: value for name, value in each.items() if value is not None}
            desired.append(_read_entry({**shared, **own}, proto, present))
        ids = [each.id for each in desired]
        twice = sorted({number for number in ids if ids.count(number) > 1})
        if twice and len(set(desired)) != len(set(ids)):
            raise BadInput(
                f"nexthops lists id {twice[0]} twice, with different options; list it once"
            )
        return cls(
            parse.of_option("netns", parse.place, options["netns"]),
            tuple(dict.fromkeys(desired)),
            present,
            purge,
            proto or "static",
            options["force"],
        )


def _read_entry(options: Options, proto: str | None, present: bool) -> NexthopSpec:
    number = parse.number("id", options["id"], 1, LARGEST_ID)
    if number is None:
        raise BadInput("id is required: nexthop objects are identified by it")
    via, dev = options["via"], options["dev"]
    via = None if via is None else inet.address("via", via, "dev")
    found = NexthopSpec(
        number,
        _version(options["family"], via),
        via,
        None if dev is None else parse.of_option("dev", parse.link_name, dev),
        options["onlink"],
        options["blackhole"],
        _group(number, options["group"]),
        options["fdb"],
        proto,
    )
    if present:
        _check(found)
    return found


def _version(family: str | None, via: str | None) -> int | None:
    stated = None if family is None else 6 if family == "ipv6" else 4
    if via is None:
        return stated
    version = 6 if ":" in via else 4
    if stated not in (None, version):
        raise BadInput(f"via {via} must be an address of family={family}")
    return version


def _group(number: int, listed: t.Sequence[Options] | None) -> Group | None:
    if listed is None:
        return None
    if not listed:
        raise BadInput("group must list at least one nexthop object")
    members: list[tuple[int, int]] = []
    for each in listed:
        member = parse.number("group: id", each["id"], 1, LARGEST_ID)
        weight = parse.number("group: weight", each["weight"], 1, LARGEST_WEIGHT)
        if member == number:
            raise BadInput(f"group of nexthop object {number} must not list itself")
        if any(member == other for other, _weight in members):
            raise BadInput(f"group lists id {member} twice; use weight instead")
        members.append((member or 0, weight or 1))
    return tuple(members)


def _check(desired: NexthopSpec) -> None:
    """Refuse what rtm_to_nh_config() of net/ipv4/nexthop.c refuses."""
    what = f"nexthop object {desired.id}"
    others = [name for name in ("via", "dev", "group", "fdb") if getattr(desired, name)]
    if desired.blackhole and (others or desired.onlink):
        names = ", ".join([*others, *(["onlink"] if desired.onlink else [])])
        raise BadInput(f"blackhole=true of {what} cannot be combined with {names}")
    if desired.group and (desired.via or desired.dev or desired.onlink or desired.version):
        raise BadInput(
            f"group of {what} cannot be combined with via, dev, onlink or family, which its members have"
        )
    if desired.fdb and desired.dev:
        raise BadInput(f"fdb=true of {what} cannot be combined with dev")
    if desired.fdb and not (desired.via or desired.group):
        raise BadInput(f"fdb=true of {what} requires via or group")
    if desired.via and not (desired.dev or desired.fdb):
        why = f"the gateway {desired.via} of {what} must be reached over one link"
        if LINK_LOCAL.match(desired.via):
            why = f"the gateway {desired.via} of {what} is a link-local address"
        raise BadInput(f"dev is required: {why}")
    if desired.onlink and desired.leads and not desired.via:
        raise BadInput(f"onlink=true of {what} requires via")
    if desired.onlink and desired.fdb:
        raise BadInput(f"onlink=true of {what} cannot be combined with fdb=true")
