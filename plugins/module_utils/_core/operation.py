# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The steps of a plan, as data: each knows its inverse and the iproute2 command that does it."""

from __future__ import annotations

import shlex
import typing as t

Value = t.Union[str, int, bool, None]
Values = tuple[tuple[str, Value], ...]


def ip(netns: str, *words: str) -> str:
    """Return an `ip` command line that acts in the namespace, quoted for sh."""
    return iproute2("ip", netns, words)


def iproute2(tool: str, netns: str, words: t.Sequence[str]) -> str:
    """Return a command line of a tool of iproute2; all of them take -n."""
    line = " ".join(map(_quoted, words))
    if not netns:
        return f"{tool} {line}"
    if netns.startswith("/"):
        return f"nsenter --net={_quoted(netns)} {tool} {line}"
    return f"{tool} -n {_quoted(netns)} {line}"


class _Expanded(str):
    """A word that the shell is to expand, other than one that only looks so."""

    __slots__ = ()


SHELL = _Expanded("$$")  # the shell's own process, which is in the current namespace


def _quoted(word: str) -> str:
    return word if word.__class__ is _Expanded else shlex.quote(word)


def target(netns: str) -> str:
    """Return the namespace as `ip link … netns` takes it: here is where the shell is."""
    return netns or SHELL


# Kinds of things in a namespace that an operation may disturb, as bits.
LINKS, PARAMETERS, ADDRESSES, ROUTES, NEIGHBOURS, FORWARDING, QDISCS, RULES = (
    1 << number for number in range(8)
)
ON_LINK = LINKS | PARAMETERS | ADDRESSES | ROUTES | NEIGHBOURS | FORWARDING | QDISCS  # all it has
LAYER_3 = LINKS | PARAMETERS | ADDRESSES | ROUTES | NEIGHBOURS  # falls when a link goes down

# A namespace, the kinds of things, and the names of the links, None for all.
Touch = tuple[str, int, t.Optional[tuple[str, ...]]]


class Operation:
    """One step from the current state to the desired one, of the ``resource`` that it belongs to."""

    resource: t.ClassVar[t.Any]  # a Resource, which knows this class: no type here, for no circle
    beyond: t.ClassVar[bool] = False  # it deals with other namespaces than its ``netns``

    def inverse(self) -> Operation | None:
        """Return the step that takes this one back, None where there is none."""
        raise NotImplementedError

    def command(self) -> str:
        """Return the shell command that does the same."""
        raise NotImplementedError

    def phrase(self) -> str:
        """Return what is done, as a part of a sentence: 'create namespace study01'."""
        raise NotImplementedError

    def creates_namespace(self) -> str | None:
        """Return the namespace that it makes, where there was none of the name."""
        return None

    def deletes_namespace(self) -> str | None:
        """Return the namespace whose name it takes away."""
        return None

    def places(self) -> tuple[str | None, ...]:
        """Return the namespaces that it deals with; None for something else."""
        return (getattr(self, "netns", None),)

    def removes(self) -> tuple[tuple[str, str], ...]:
        """Return the links, by namespace and name, that it removes on purpose."""
        return ()

    def cleanup(self, done: t.Iterable[Operation]) -> Operation | None:
        """Return the step that takes back what this one may have done although it failed, so that
        nothing is in the way of what comes back; the kernel refuses it where nothing was done."""
        return None

    def waits(self, steps: t.Sequence[Operation]) -> bool:
        """Return whether it is irreversible and can come last: no other step builds on it."""
        return False

    def goes_with(self, done: t.Iterable[Operation]) -> bool:
        """Return whether it is taken back with a link that another step made."""
        return False

    def sysctl_files(self) -> t.Iterable[str]:
        """Return the files below /proc/sys that it writes, for a snapshot."""
        return ()

    def puts(self) -> tuple[tuple[str, str | None], ...]:
        """Return where it puts something new: the namespace, and the link that it is, or is on."""
        return ()

    def loses(self) -> tuple[t.Any, ...]:
        """Return what it changes or removes, of the things that bear the mark of who made them."""
        return ()

    def drops(self) -> tuple[tuple[str, str], ...]:
        """Return the links, by namespace and name, with which the kernel may drop what is not named:
        routes and neighbours."""
        return ()

    def cuts(self) -> tuple[tuple[str, str], ...]:
        """Return the links, by namespace and name, whose other end loses its carrier."""
        return ()

    def touches(self) -> tuple[Touch, ...]:
        """Return what it, or what takes it back, may change or take along: a snapshot has that."""
        return ()

    def begins(self) -> tuple[str, str] | None:
        """Return the namespace and the IPv6 address that can be used only a while after it."""
        return None

    def needs(self) -> tuple[str, str] | None:
        """Return the namespace and the IPv6 address that have to be usable before it."""
        return None


def disturbed(step: Operation, before: t.Any) -> t.Iterator[Touch]:
    """Yield what a step touches, and what may fall at the other ends of links with their carrier:
    nexthop objects, and the routes by them. ``before`` is the host state before the plan."""
    yield from step.touches()
    for key, name in step.cuts():
        namespace = before.namespaces.get(key)
        link = None if namespace is None else namespace.links.get(name)
        if link is not None and link.peer is not None and link.peer.netns is not None:
            yield link.peer.netns, ROUTES, (link.peer.name,)


def commands(steps: t.Iterable[Operation]) -> list[str]:
    """Return the shell commands that do the same, in order.

    What the kernel takes time for is waited for: no route may have an address as its source that is
    still being looked for on another machine (RFC 4862, section 5.4).
    """
    begun: set[tuple[str, str]] = set()
    lines = []
    for step in steps:
        needed, begins = step.needs(), step.begins()
        if needed in begun:
            tentative = ip(needed[0], "-6", "address", "show", "to", needed[1], "tentative")
            lines.append(
                f"for n in $(seq 60); do {tentative} | grep -q inet6 || break; sleep 0.1; done"
            )
            begun.discard(needed)
        lines += [line] if (line := step.command()) else []
        if begins:
            begun.add(begins)
    return lines
