# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What it costs to open a socket in a namespace, to make namespaces, and to wire them."""

from __future__ import annotations

import gc
import os
import sys
import time
import typing as t
from unittest import mock

import sandbox
from measure import Cost, Row, interleaved, judge, shown, timed

from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import socket as netlink
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    CreateVeth,
    VethEnd,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.operations import (
    CreateNamespace,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from measure import Costs

SOCKETS = 40  # pyroute2 cannot have many more open
SETTLE = (
    0.5  # seconds in which the kernel lets go of hundreds of namespaces, behind everyone's back
)
SOCKET = 1e-4  # seconds to open one
RTM_NEWLINK = 16

forks = 0


def _count_fork() -> None:
    global forks
    forks += 1


os.register_at_fork(before=_count_fork)


def names(count: int) -> list[str]:
    """Return the names of namespaces that are there for as long as a figure takes."""
    return [f"bench-{number}" for number in range(count)]


def make(count: int) -> None:
    """Have ip make namespaces."""
    sandbox.ip(*(f"netns add {name}" for name in names(count)))


def clear(count: int) -> None:
    """Have ip delete them, and wait until the kernel has."""
    sandbox.ip(*(f"netns del {name}" for name in names(count)))
    gc.collect()
    time.sleep(SETTLE)


def sockets(rounds: int) -> Iterator[Row]:
    """Yield rows about opening sockets in namespaces."""
    from pyroute2 import IPRoute

    def together() -> list[t.Any]:
        kernel = Kernel()
        kernel.socket(names(SOCKETS)[0], names(SOCKETS)[1:])
        return [kernel]

    def one_by_one() -> list[t.Any]:
        kernel = Kernel()
        for name in names(SOCKETS):
            kernel.socket(name)
        return [kernel]

    def by_pyroute2() -> list[t.Any]:
        return [IPRoute(netns=name, flags=0) for name in names(SOCKETS)]

    def each(opening: Callable[[], list[t.Any]]) -> Cost:
        opened: list[t.Any] = []
        before = _descriptors(), forks
        cost = timed(lambda: opened.extend(opening()), SOCKETS)
        used[opening] = [
            (_descriptors() - before[0]) / SOCKETS,
            (forks - before[1]) / SOCKETS,
        ]
        for handle in opened:
            handle.close()
        return cost

    used: dict[object, list[float]] = {}
    make(SOCKETS)
    costs = interleaved(
        rounds,
        {
            f"socket in each of {SOCKETS} namespaces": lambda: each(together),
            "socket in one namespace": lambda: each(one_by_one),
            "pyroute2": lambda: each(by_pyroute2),
        },
    )
    clear(SOCKETS)
    theirs = costs.pop("pyroute2")
    for figure, taken in costs.items():
        ratio = taken.times(theirs)
        yield Row(
            figure,
            shown(taken.median.wall),
            f"{shown(theirs.median.wall)} (IPRoute)",
            f"{ratio.wall:.3f}",
            f"{ratio.processor:.3f}",
            f"at most {shown(SOCKET)}",
            judge(taken.median, lambda seconds: seconds <= SOCKET),
        )
    for number, (what, promised) in enumerate((("descriptors", 1), ("forks", 0))):
        ours = {used[together][number], used[one_by_one][number]}
        yield Row(
            f"  {what}",
            " or ".join(f"{each:g}" for each in ours),
            f"{used[by_pyroute2][number]:g} (IPRoute)",
            promised=f"{promised}",
            verdict="kept" if ours == {promised} else "BROKEN",
        )


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def namespaces(rounds: int, count: int) -> Iterator[Row]:
    """Yield a row about making namespaces."""

    def by_us() -> None:
        kernel = Kernel()
        steps = [CreateNamespace(name) for name in names(count)]
        for number, step in enumerate(steps, 1):
            kernel.upcoming = steps, number  # as for a task that names them all
            kernel.apply(step)
        kernel.close()

    def then_cleared(work: Callable[[], None]) -> Cost:
        cost = timed(work, count)
        clear(count)
        return cost

    costs = interleaved(
        rounds,
        {"ours": lambda: then_cleared(by_us), "ip": lambda: then_cleared(lambda: make(count))},
    )
    yield _against_ip(f"new namespace, one of {count}", costs, 1)


def _against_ip(figure: str, costs: dict[str, Costs], promised: float) -> Row:
    ratio = costs["ours"].times(costs["ip"])
    return Row(
        figure,
        shown(costs["ours"].median.wall),
        f"{shown(costs['ip'].median.wall)} (ip -batch)",
        f"{ratio.wall:.2f}",
        f"{ratio.processor:.2f}",
        f"at most {promised}",
        judge(ratio, lambda times: times <= promised),
    )


def ring(count: int) -> list[tuple[str, str, str, str]]:
    """Return for each veth of a ring its namespaces and names: near, far, and near, far."""
    near = names(count)
    far = [*near[1:], near[0]]
    return [
        (*ends, f"right{number}", f"left{number}") for number, ends in enumerate(zip(near, far))
    ]


def wire(count: int) -> None:
    """Have ip wire the ring, each end in its place from the start."""
    sandbox.ip(
        *(
            f"link add name {right} netns {near} type veth peer name {left} netns {far}"
            for near, far, right, left in ring(count)
        )
    )


def veths(rounds: int, count: int) -> Iterator[Row]:
    """Yield rows about wiring namespaces in a ring."""
    sent: list[int] = []
    exchange = netlink.Socket.exchange

    def counted(self: netlink.Socket, what: str, data: bytes) -> None:
        sent.append(int.from_bytes(data[4:6], sys.byteorder))
        exchange(self, what, data)

    def by_us() -> None:
        kernel = Kernel()
        for near, far, right, left in ring(count):
            kernel.apply(CreateVeth(VethEnd(near, right), VethEnd(far, left)))
        kernel.close()

    def in_new_namespaces(work: Callable[[], None]) -> Cost:
        make(count)
        cost = timed(work, count)
        clear(count)
        return cost

    costs = interleaved(
        rounds,
        {
            "ours": lambda: in_new_namespaces(by_us),
            "ip": lambda: in_new_namespaces(lambda: wire(count)),
        },
    )
    with mock.patch.object(netlink.Socket, "exchange", counted):
        in_new_namespaces(by_us)
    yield _against_ip(f"new veth between two namespaces, one of {count}", costs, 1.5)
    moves = len(sent) - sent.count(RTM_NEWLINK)
    yield Row(
        "  messages, and moves",
        f"{len(sent) / count:g}, {moves}",
        promised="1, 0",
        verdict="kept" if sent == [RTM_NEWLINK] * count else "BROKEN",
    )
