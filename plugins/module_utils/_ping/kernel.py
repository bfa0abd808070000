# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Pings between namespaces: raw sockets in all of them, served by one thread.

What may lose an answer on the way is paced: sockets are read after every few requests, links are
asked again when they had no room, and no more neighbours are waited for than the kernel can hold.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
import typing as t

from .._core.errors import KernelError
from .._core.host_state import HERE, phrase
from .._core.record import dataclass, field
from .._netlink import syscalls
from . import icmp as echo

SO_RCVBUFFORCE, SO_SNDBUFFORCE, SO_TIMESTAMPNS = 33, 32, 35  # asm-generic/socket.h
SOL_RAW, ICMP_FILTER, ICMP6_FILTER = 255, 1, 1  # linux/icmp.h, linux/icmpv6.h
IP_RECVERR, IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h
EXTENDED = struct.Struct("=IBBBBII")  # struct sock_extended_err, linux/errqueue.h
LOCAL = 1  # SO_EE_ORIGIN_LOCAL
TIMESPEC = struct.Struct("@ll")
ROOM = 1 << 22
BURST = 32  # requests that are sent before the sockets are read
RECEIVE = 1 << 16
UNANSWERED = 400  # requests that may wait for neighbours: the kernel holds 1024 of these
QUIET = 0.05  # seconds without an answer, after which those that are missing are not waited for
FULL = (errno.ENOBUFS, errno.EAGAIN)
LOCALLY = {
    errno.ENETUNREACH: "network unreachable",
    errno.EHOSTUNREACH: "host unreachable",
    errno.EACCES: "administratively prohibited",
    errno.EMSGSIZE: "packet too big",
}


@dataclass(frozen=True)
class Target:
    """Whom to ping from which namespace; ``scope`` is the ifindex for link-local addresses."""

    key: str
    address: str
    scope: int = 0

    @property
    def version(self) -> int:
        """Return 4 or 6."""
        return 6 if ":" in self.address else 4


@dataclass
class Heard:
    """What came of the pings to one target. Times are in nanoseconds."""

    sent: int = 0
    times: list[int] = field(default_factory=list)
    duplicates: int = 0
    error: str | None = None
    error_from: str | None = None


@dataclass(frozen=True)
class Pace:
    """How often a target is pinged, with how much data; how far apart, how long an answer takes."""

    count: int
    size: int
    timeout: float
    interval: float


class Line:
    """A raw socket in a namespace, for one version of IP."""

    def __init__(self, version: int, first: int) -> None:
        """Open it in the namespace of the calling thread. ``first`` is its lowest request."""
        self.version, self.first = version, first
        six = version == 6
        self.raw = raw = socket.socket(
            socket.AF_INET6 if six else socket.AF_INET,
            socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
            socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP,
        )
        try:
            if six:
                blocked = bytearray(b"\xff" * 32)
                blocked[echo.REPLY[6] // 8] &= ~(1 << echo.REPLY[6] % 8) & 0xFF
                passed = b"".join(
                    struct.pack("=I", int.from_bytes(blocked[at : at + 4], "little"))
                    for at in range(0, 32, 4)
                )
                raw.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, passed)
                raw.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
            else:
                raw.setsockopt(SOL_RAW, ICMP_FILTER, struct.pack("=I", ~1 & 0xFFFFFFFF))
                raw.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
            raw.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            for option in (SO_RCVBUFFORCE, SO_SNDBUFFORCE):
                raw.setsockopt(socket.SOL_SOCKET, option, ROOM)
        except BaseException:
            raw.close()
            raise


class Round:
    """Everything that is under way: which requests wait for an answer, and what was heard."""

    def __init__(self, targets: t.Sequence[Target], pace: Pace) -> None:
        self.targets, self.pace = targets, pace
        self.packets = echo.Packets(pace.size)
        self.heard = [Heard() for _unused in targets]
        self.waiting: dict[int, int] = {}  # since when, by request: those waiting longest first
        self.answered: set[int] = set()
        self.lines: dict[tuple[str, int], Line] = {}
        self.by_fd: dict[int, Line] = {}
        self.poll = select.epoll()

    def open(self, open_at: t.Callable[[str], int]) -> None:
        """Open a socket for each namespace and version of IP among the targets."""
        needed: dict[str, dict[int, int]] = {}
        for number, target in enumerate(self.targets):
            first = needed.setdefault(target.key, {})
            first.setdefault(target.version, number * self.pace.count)

        def work() -> None:
            for key, firsts in needed.items():
                try:
                    if key != HERE:
                        fd = open_at(key)
                        try:
                            syscalls.setns(fd)
                        finally:
                            os.close(fd)
                    for version, first in firsts.items():
                        self.lines[key, version] = Line(version, first)
                except OSError as error:
                    what = f"open a socket to ping {phrase(key)}"
                    raise KernelError(error.errno or errno.EIO, what) from error

        # Here comes first: from elsewhere there is no way back for a thread.
        needed = {key: needed[key] for key in sorted(needed, key=lambda key: key != HERE)}
        syscalls.in_thread(work)
        for line in self.lines.values():
            self.by_fd[line.raw.fileno()] = line
            self.poll.register(line.raw.fileno(), select.EPOLLIN)

    def close(self) -> None:
        """Close all sockets."""
        for line in self.lines.values():
            line.raw.close()
        self.poll.close()

    def go(self, chosen: t.Sequence[int], last: bool) -> None:
        """Ping some of the targets, by their numbers. Wait for all that is missing if it is last."""
        for turn in range(self.pace.count):
            began = time.monotonic()
            self._send([number * self.pace.count + turn for number in chosen])
            if turn + 1 < self.pace.count:
                self._listen(began + self.pace.interval)
        if last:
            self._listen()
        else:
            self._settle()

    def _send(self, requests: t.Sequence[int]) -> None:
        now = time.monotonic()
        due = dict.fromkeys(requests, now + self.pace.timeout)
        while due:
            full = {}
            for at, (request, late) in enumerate(due.items()):
                if not self._sent(request, late):
                    full[request] = late
                if at % BURST == BURST - 1:
                    self._hear(0)
            self._hear(0.02 if full else 0)
            due = full

    def _sent(self, request: int, late: float) -> bool:
        """Send a request; return False if it has to be sent again, there being no room for it."""
        number = request // self.pace.count
        target = self.targets[number]
        line = self.lines[target.key, target.version]
        sequence = request - line.first & 0xFFFF
        packet = self.packets.request(line.version, sequence, request)
        at: t.Any = (
            (target.address, 0) if line.version == 4 else (target.address, 0, 0, target.scope)
        )
        for _unused in range(8):
            now = time.monotonic_ns()
            self.waiting[request] = now
            try:
                line.raw.sendto(packet, at)
            except OSError as error:
                del self.waiting[request]
                # It may be the error of an earlier request, which is told once only.
                if self._errors(line):
                    continue
                if error.errno in FULL and time.monotonic() < late:
                    return False
                if self.heard[number].error is None:
                    words = (error.strerror or "").lower()
                    self.heard[number].error = LOCALLY.get(error.errno or 0, words)
            break
        self.heard[number].sent += 1
        return True

    def _hear(self, seconds: float) -> bool:
        """Take what the sockets have, waiting for something; return whether there was anything."""
        ready = self.poll.poll(seconds)
        for fd, events in ready:
            line = self.by_fd[fd]
            if events & select.EPOLLERR:
                self._errors(line)
            if events & select.EPOLLIN:
                self._answers(line)
        return bool(ready)

    def _answers(self, line: Line) -> None:
        count, answered = self.pace.count, self.packets.answered
        for _unused in range(1024):
            try:
                data, extra, _flags, _at = line.raw.recvmsg(RECEIVE, 64)
            except BlockingIOError:
                return
            except OSError:
                self._errors(line)
                return
            now, clock = time.monotonic_ns(), time.time_ns()
            request = answered(line.version, data)
            if request is None or not 0 <= request < count * len(self.targets):
                continue
            heard = self.heard[request // count]
            since = self.waiting.pop(request, None)
            if since is None:
                heard.duplicates += request in self.answered
                continue
            self.answered.add(request)
            for _level, kind, value in extra:
                if kind == SO_TIMESTAMPNS and len(value) >= TIMESPEC.size:
                    seconds, nanoseconds = TIMESPEC.unpack_from(value)
                    # How long ago it came in: the clock may be set, but hardly in between.
                    now -= max(0, clock - seconds * 10**9 - nanoseconds)
            heard.times.append(max(0, now - since))

    def _errors(self, line: Line) -> bool:
        """Take what the kernel and routers say of requests; return whether there was anything."""
        told = False
        for _unused in range(1024):
            try:
                data, extra, _flags, _at = line.raw.recvmsg(
                    RECEIVE, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT
                )
            except OSError:
                break
            told = True
            for _level, kind, value in extra:
                if kind in (IP_RECVERR, IPV6_RECVERR) and len(value) >= EXTENDED.size:
                    self._error(line, data, value)
        return told

    def _error(self, line: Line, data: bytes, value: bytes) -> None:
        quoted = self.packets.quoted(line.version, data)
        if quoted is None:
            return
        request, sequence = quoted
        if request is None:  # the quote is short: of those with this sequence, the one that waits
            request = line.first + sequence
            while request not in self.waiting and request < self.pace.count * len(self.targets):
                request += 0x10000
        if self.waiting.pop(request, None) is None:
            return
        heard = self.heard[request // self.pace.count]
        if heard.error is None:
            number, origin, kind, code = EXTENDED.unpack_from(value)[:4]
            if origin == LOCAL:
                heard.error = LOCALLY.get(number, os.strerror(number).lower())
            else:
                heard.error = echo.words(line.version, kind, code)
                heard.error_from = _offender(value[EXTENDED.size :])

    def _listen(self, until: float | None = None) -> None:
        """Hear until a time, or until each request has its answer or has waited long enough."""
        patience = int(self.pace.timeout * 1e9)
        while True:
            self._expire(patience)
            now = time.monotonic()
            if until is None:
                if not self.waiting:
                    return
                oldest = next(iter(self.waiting.values()))
                left = (oldest + patience) / 1e9 - now
            else:
                left = until - now
                if left <= 0:
                    return
            self._hear(max(0.001, min(left, 1.0)))

    def _settle(self) -> None:
        """Hear until all is answered, or nothing comes any more and not too many are missing."""
        patience = int(self.pace.timeout * 1e9)
        while self.waiting:
            heard = self._hear(QUIET)
            self._expire(patience)
            if not heard and len(self.waiting) <= UNANSWERED:
                return

    def _expire(self, patience: int) -> None:
        late = time.monotonic_ns() - patience
        while self.waiting:
            request, since = next(iter(self.waiting.items()))
            if since > late:
                return
            del self.waiting[request]


def _offender(data: bytes) -> str | None:
    """Return the address of whoever complained (SO_EE_OFFENDER)."""
    if len(data) < 8:
        return None
    family = struct.unpack_from("=H", data)[0]
    if family == socket.AF_INET:
        return socket.inet_ntop(family, data[4:8])
    if family == socket.AF_INET6 and len(data) >= 24:
        return socket.inet_ntop(family, data[8:24])
    return None


def ping(
    targets: t.Sequence[Target],
    groups: t.Sequence[t.Sequence[int]],
    pace: Pace,
    open_at: t.Callable[[str], int],
    after: t.Callable[[int], None],
) -> list[Heard]:
    """Ping targets, group by group, and return what was heard of each.

    ``after`` is called with the number of a group when it is done. Targets of one namespace and
    version follow each other.
    """
    course = Round(targets, pace)
    try:
        course.open(open_at)
        for number, group in enumerate(groups):
            course.go(group, last=number == len(groups) - 1)
            after(number)
    finally:
        course.close()
    return course.heard
