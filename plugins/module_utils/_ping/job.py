# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Run the pings of netns_ping, and compare the results with the expectations."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, unusable
from .._core.host_state import HERE_NAME, HostState, NamespaceState
from .._core.record import dataclass, field
from .._core.scope import Scope
from .._engine.kernel import Kernel
from .._resources.address import RESOURCE as ADDRESS
from .._resources.neighbour import RESOURCE as NEIGHBOUR
from .._resources.neighbour.kernel_flush import Entry, forget
from . import spec
from .kernel import PingResult, Target, Timing, ping
from .kernel_neighbours import created_entries, known_entries
from .schedule import groups

SPARE = 40  # descriptors for everything else

Ends = tuple[str, str]  # the names of source and goal, as in results


@dataclass
class PingPlan:
    """The pings of a task, and the expected results."""

    expected: dict[Ends, bool] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    ends: list[Ends] = field(default_factory=list)  # one for each target
    goals: list[str | None] = field(default_factory=list)  # the key of the target's namespace


def assess(kernel: Kernel, options: t.Mapping[str, t.Any], check: bool = False) -> dict[str, t.Any]:
    """Return the result of a task, a failure if an expectation is not met."""
    spec.check_numbers(options["count"], options["size"], options["timeout"])
    expectations = spec.expectations(options["from"], options["to"], options["expect"])
    if check:
        msg = "Nothing is pinged in check mode: namespaces and links may not exist yet"
        return {"changed": False, "skipped": True, "msg": msg}
    named = _named(expectations)
    host = _read(kernel, expectations, named, neighbours=False)
    plan = _plan(kernel, host, expectations, named, options["family"])
    if not plan.expected:
        raise BadInput(
            "from and to name no pair to ping: a namespace is not pinged from itself. State another one"
        )
    _await_addresses(kernel, host, plan)
    tallies = _ping(kernel, host, plan, options)
    unmet = [
        (*ends, reachable, tallies[ends])
        for ends, reachable in plan.expected.items()
        if not tallies[ends].meets(reachable)
    ]
    matrix: dict[str, dict[str, t.Any]] = {}
    for (source, goal), tally in tallies.items():
        matrix.setdefault(source, {})[goal] = tally.shown()
    result: dict[str, t.Any] = {
        "changed": False,
        "matrix": matrix,
        "broken": [
            {"from": each[0], "to": each[1], "expect": _expect_text(each[2])} for each in unmet
        ],
    }
    if unmet:
        result.update(failed=True, msg=spec.failure_message(unmet))
    return result


def _expect_text(reachable: bool) -> str:
    return spec.REACHABLE if reachable else spec.UNREACHABLE


def _named(expectations: t.Sequence[spec.Expectation]) -> tuple[str, ...]:
    """Return all named namespaces, if any expectation is about all."""
    if all(each.sources is not None and each.goals is not None for each in expectations):
        return ()
    return tuple(Kernel.names())


def _read(
    kernel: Kernel,
    expectations: t.Sequence[spec.Expectation],
    named: tuple[str, ...],
    neighbours: bool,
) -> HostState:
    """Read all namespaces of the expectations; raise BadInput if one is missing."""
    stated = [place for each in expectations for place in each.sources or ()]
    stated += [
        goal.place for each in expectations for goal in each.goals or () if goal.place is not None
    ]
    scope = Scope(
        tuple(dict.fromkeys([*stated, *named])),
        resources=(ADDRESS, NEIGHBOUR),
        numbers=False,
        neighbours=None if neighbours else frozenset(),
    )
    host = kernel.survey(scope)
    for place in stated:
        namespace = host.at(place)
        if namespace.state != "present":
            raise unusable(namespace.key, namespace.state, namespace.foreign)
    return host


def _plan(
    kernel: Kernel,
    host: HostState,
    expectations: t.Sequence[spec.Expectation],
    named: tuple[str, ...],
    family: str,
) -> PingPlan:
    plan = PingPlan()
    known: dict[Ends, tuple[str, spec.Goal]] = {}
    other: str | None
    everyone = tuple(
        key
        for key in dict.fromkeys(host.places[place] for place in named)
        if host.namespaces[key].state == "present"
    )
    for each in expectations:
        sources = everyone if each.sources is None else each.sources
        goals = (
            tuple(spec.Goal(place=key) for key in everyone) if each.goals is None else each.goals
        )
        for place in sources:
            source = host.places.get(place, place)
            for goal in goals:
                other = None if goal.place is None else host.places.get(goal.place, goal.place)
                if other == source:
                    continue
                ends = _display_name(source), _goal_display_name(other, goal)
                known[ends] = source, spec.Goal(other, goal.address, goal.link)
                plan.expected[ends] = each.reachable
    # IPv4 of a source before its IPv6: the requests of one socket must be contiguous.
    addresses: dict[str, list[str]] = {}
    rows = []
    for ends, (source, to) in known.items():
        found = [to.address]
        if to.place is not None:
            if to.place not in addresses:
                addresses[to.place] = _addresses(host.namespaces[to.place], family)
            found = addresses[to.place]
        for address in found:
            scope = kernel.index(source, to.link) if to.link else 0
            rows.append((Target(source, address, scope), ends, to.place))
    order = {key: number for number, key in enumerate(dict.fromkeys(row[0].key for row in rows))}
    rows.sort(key=lambda row: (order[row[0].key], row[0].version))
    plan.targets = [target for target, _ends, _place in rows]
    plan.ends = [ends for _target, ends, _place in rows]
    plan.goals = [place for _target, _ends, place in rows]
    return plan


def _display_name(key: str) -> str:
    return key or HERE_NAME


def _goal_display_name(key: str | None, goal: spec.Goal) -> str:
    if key is not None:
        return _display_name(key)
    return f"{goal.address}%{goal.link}" if goal.link else goal.address


def _addresses(namespace: NamespaceState, family: str) -> list[str]:
    """Return the addresses at which others may reach a namespace."""
    found = [
        address.local
        for address in namespace.addresses
        if address.scope in ("global", "site")
        and family in ("all", f"ipv{address.version}")
        and address.link in namespace.links
    ]
    return list(dict.fromkeys(found))


def _await_addresses(kernel: Kernel, host: HostState, plan: PingPlan) -> None:
    """Wait for duplicate address detection of new IPv6 addresses, which cannot be used before."""
    ends = {
        key
        for target, goal in zip(plan.targets, plan.goals)
        if target.version == 6
        for key in (target.key, goal)
        if key is not None
    }
    if ends:
        from .._resources.address.kernel_tentative import await_decided

        scopes = {"global", "site"} | {"link" for target in plan.targets if target.scope}
        await_decided(kernel, {key: set(_carried(host.namespaces[key], scopes)) for key in ends})


def _carried(namespace: NamespaceState, scopes: t.Container[str]) -> t.Iterator[tuple[int, str]]:
    """Yield ifindex and address of IPv6 addresses on links that have a carrier."""
    for address in namespace.addresses:
        if address.version == 6 and address.scope in scopes and address.link in namespace.links:
            link = namespace.links[address.link]
            if link.operstate not in ("down", "lowerlayerdown"):
                yield link.index, address.local


def _ping(
    kernel: Kernel, host: HostState, plan: PingPlan, options: t.Mapping[str, t.Any]
) -> dict[Ends, spec.Tally]:
    """Ping all targets, as many namespaces at a time as the descriptor limit allows."""
    tallies = {ends: spec.Tally() for ends in plan.expected}
    kernel.close()  # its sockets are no longer needed, and descriptors are scarce
    for wave in _waves(plan.targets, _sockets_at_most()):
        results = _wave(kernel, host, plan, wave, options)
        for number, each in zip(wave, results):
            tallies[plan.ends[number]].add(
                plan.targets[number].address,
                each.sent,
                each.times,
                each.duplicates,
                each.error,
                each.error_from,
            )
    return tallies


def _sockets_at_most() -> int:
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1 << 16 if limit == resource.RLIM_INFINITY else max(1, limit - SPARE)


def _waves(targets: t.Sequence[Target], most: int) -> list[list[int]]:
    """Return target numbers in batches that need at most ``most`` sockets each."""
    waves: list[list[int]] = []
    sockets: dict[tuple[int, str], list[int]] = {}
    for number, target in enumerate(targets):
        sockets.setdefault((target.version, target.key), []).append(number)
    each = sorted(sockets) if len(sockets) > most else list(sockets)
    for start in range(0, len(each), most):
        waves.append([number for key in each[start : start + most] for number in sockets[key]])
    return waves


def _wave(
    kernel: Kernel,
    host: HostState,
    plan: PingPlan,
    wave: t.Sequence[int],
    options: t.Mapping[str, t.Any],
) -> list[PingResult]:
    targets = [plan.targets[number] for number in wave]
    entries = created_entries(host, targets, [plan.goals[number] for number in wave])
    neighbours = len({(key, each) for some in entries for key, each in some})
    pairs = [(target.key, plan.goals[number]) for target, number in zip(targets, wave)]
    order = groups(pairs, neighbours)
    crowded = len(order) > 1
    known = known_entries(kernel, host) if crowded else {}
    timing = Timing(options["count"], options["size"], options["timeout"], 0.01 if crowded else 0.1)

    def open_at(key: str) -> int:
        return kernel.namespace(key)

    def after(number: int) -> None:
        """Make room for the neighbours of the next group."""
        if not crowded:
            return
        gone: dict[str, set[Entry]] = {}
        for each in order[number]:
            for key, entry in entries[each]:
                if entry not in known.get(key, ()):
                    gone.setdefault(key, set()).add(entry)
        forget(gone, open_at)

    return ping(targets, order, timing, open_at, after)
