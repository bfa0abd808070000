# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Ping between namespaces: raw sockets in all of them, served by one thread.

The rate is limited so that nothing gets lost: sockets are read after every few requests, a request
is repeated if a queue was full, and no more neighbours are resolved at once than the kernel can
hold.
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
from .kernel_socket import IP_RECVERR, IPV6_RECVERR, SO_TIMESTAMPNS, PingSocket

EXTENDED = struct.Struct("=IBBBBII")  # struct sock_extended_err, linux/errqueue.h
LOCAL = 1  # SO_EE_ORIGIN_LOCAL
TIMESPEC = struct.Struct("@ll")
BURST = 32  # requests to send before reading the sockets
RECEIVE = 1 << 16
UNANSWERED = 400  # requests that may wait for neighbours: the kernel holds 1024 of these
QUIET = 0.05  # seconds without a reply after which missing ones are not waited for
FULL = (errno.ENOBUFS, errno.EAGAIN)
LOCAL_ERRORS = {
    errno.ENETUNREACH: "network unreachable",
    errno.EHOSTUNREACH: "host unreachable",
    errno.EACCES: "administratively prohibited",
    errno.EMSGSIZE: "packet too big",
}


@dataclass(frozen=True)
class Target:
    """A source namespace and an address to ping; ``scope`` is the ifindex for link-local addresses."""

    key: str
    address: str
    scope: int = 0

    @property
    def version(self) -> int:
        """Return the IP version, 4 or 6."""
        return 6 if ":" in self.address else 4


@dataclass
class PingResult:
    """The results of the pings to one target; times in nanoseconds."""

    sent: int = 0
    times: list[int] = field(default_factory=list)
    duplicates: int = 0
    error: str | None = None
    error_from: str | None = None


@dataclass(frozen=True)
class Timing:
    """Requests per target, their size, the time to wait for a reply, and between requests."""

    count: int
    size: int
    timeout: float
    interval: float


class PingRun:
    """A run of pings: the requests that wait for a reply, and the results so far."""

    def __init__(self, targets: t.Sequence[Target], timing: Timing) -> None:
        self.targets, self.timing = targets, timing
        self.packets = echo.Packets(timing.size)
        self.results = [PingResult() for _unused in targets]
        self.waiting: dict[int, int] = {}  # time of sending by request, the oldest first
        self.answered: set[int] = set()
        self.sockets: dict[tuple[str, int], PingSocket] = {}
        self.by_fd: dict[int, PingSocket] = {}
        self.poll = select.epoll()

    def open(self, open_at: t.Callable[[str], int]) -> None:
        """Open a socket for each namespace and IP version among the targets."""
        needed: dict[str, dict[int, int]] = {}
        for number, target in enumerate(self.targets):
            first = needed.setdefault(target.key, {})
            first.setdefault(target.version, number * self.timing.count)

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
                        self.sockets[key, version] = PingSocket(version, first)
                except OSError as error:
                    what = f"open a socket to ping {phrase(key)}"
                    raise KernelError(error.errno or errno.EIO, what) from error

        # The current namespace comes first: the thread cannot return to it.
        needed = {key: needed[key] for key in sorted(needed, key=lambda key: key != HERE)}
        syscalls.in_thread(work)
        for sock in self.sockets.values():
            self.by_fd[sock.raw.fileno()] = sock
            self.poll.register(sock.raw.fileno(), select.EPOLLIN)

    def close(self) -> None:
        """Close all sockets."""
        for sock in self.sockets.values():
            sock.raw.close()
        self.poll.close()

    def run_group(self, chosen: t.Sequence[int], last: bool) -> None:
        """Ping some of the targets, by number; wait for all missing replies if it is the last
        group."""
        for turn in range(self.timing.count):
            began = time.monotonic()
            self._send([number * self.timing.count + turn for number in chosen])
            if turn + 1 < self.timing.count:
                self._receive_until(began + self.timing.interval)
        if last:
            self._receive_until()
        else:
            self._drain()

    def _send(self, requests: t.Sequence[int]) -> None:
        now = time.monotonic()
        due = dict.fromkeys(requests, now + self.timing.timeout)
        while due:
            full = {}
            for at, (request, deadline) in enumerate(due.items()):
                if not self._send_one(request, deadline):
                    full[request] = deadline
                if at % BURST == BURST - 1:
                    self._receive(0)
            self._receive(0.02 if full else 0)
            due = full

    def _send_one(self, request: int, deadline: float) -> bool:
        """Send a request; return False if a full queue requires sending it again."""
        number = request // self.timing.count
        target = self.targets[number]
        sock = self.sockets[target.key, target.version]
        sequence = request - sock.first & 0xFFFF
        packet = self.packets.request(sock.version, sequence, request)
        at: t.Any = (
            (target.address, 0) if sock.version == 4 else (target.address, 0, 0, target.scope)
        )
        for _unused in range(8):
            now = time.monotonic_ns()
            self.waiting[request] = now
            try:
                sock.raw.sendto(packet, at)
            except OSError as error:
                del self.waiting[request]
                # It may be the error of an earlier request, which is reported only once.
                if self._errors(sock):
                    continue
                if error.errno in FULL and time.monotonic() < deadline:
                    return False
                if self.results[number].error is None:
                    words = (error.strerror or "").lower()
                    self.results[number].error = LOCAL_ERRORS.get(error.errno or 0, words)
            break
        self.results[number].sent += 1
        return True

    def _receive(self, seconds: float) -> bool:
        """Read the sockets, waiting up to ``seconds``; return whether there was anything."""
        ready = self.poll.poll(seconds)
        for fd, events in ready:
            sock = self.by_fd[fd]
            if events & select.EPOLLERR:
                self._errors(sock)
            if events & select.EPOLLIN:
                self._answers(sock)
        return bool(ready)

    def _answers(self, sock: PingSocket) -> None:
        count, answered = self.timing.count, self.packets.answered
        for _unused in range(1024):
            try:
                data, extra, _flags, _at = sock.raw.recvmsg(RECEIVE, 64)
            except BlockingIOError:
                return
            except OSError:
                self._errors(sock)
                return
            now, clock = time.monotonic_ns(), time.time_ns()
            request = answered(sock.version, data)
            if request is None or not 0 <= request < count * len(self.targets):
                continue
            results = self.results[request // count]
            since = self.waiting.pop(request, None)
            if since is None:
                results.duplicates += request in self.answered
                continue
            self.answered.add(request)
            for _level, kind, value in extra:
                if kind == SO_TIMESTAMPNS and len(value) >= TIMESPEC.size:
                    seconds, nanoseconds = TIMESPEC.unpack_from(value)
                    # Subtract the time since it arrived, by the clock: that may jump, but hardly in
                    # between.
                    now -= max(0, clock - seconds * 10**9 - nanoseconds)
            results.times.append(max(0, now - since))

    def _errors(self, sock: PingSocket) -> bool:
        """Read the errors that the kernel and routers report; return whether there were any."""
        found = False
        for _unused in range(1024):
            try:
                data, extra, _flags, _at = sock.raw.recvmsg(
                    RECEIVE, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT
                )
            except OSError:
                break
            found = True
            for _level, kind, value in extra:
                if kind in (IP_RECVERR, IPV6_RECVERR) and len(value) >= EXTENDED.size:
                    self._record_error(sock, data, value)
        return found

    def _record_error(self, sock: PingSocket, data: bytes, value: bytes) -> None:
        quoted = self.packets.quoted(sock.version, data)
        if quoted is None:
            return
        request, sequence = quoted
        # the quote is short: take the request with this sequence that is waiting
        if request is None:
            request = sock.first + sequence
            while request not in self.waiting and request < self.timing.count * len(self.targets):
                request += 0x10000
        if self.waiting.pop(request, None) is None:
            return
        results = self.results[request // self.timing.count]
        if results.error is None:
            number, origin, kind, code = EXTENDED.unpack_from(value)[:4]
            if origin == LOCAL:
                results.error = LOCAL_ERRORS.get(number, os.strerror(number).lower())
            else:
                results.error = echo.words(sock.version, kind, code)
                results.error_from = _error_source(value[EXTENDED.size :])

    def _receive_until(self, until: float | None = None) -> None:
        """Receive until a time, or until each request has its reply or has timed out."""
        patience = int(self.timing.timeout * 1e9)
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
            self._receive(max(0.001, min(left, 1.0)))

    def _drain(self) -> None:
        """Receive until all replies are in, or none arrive any more and few are missing."""
        patience = int(self.timing.timeout * 1e9)
        while self.waiting:
            results = self._receive(QUIET)
            self._expire(patience)
            if not results and len(self.waiting) <= UNANSWERED:
                return

    def _expire(self, patience: int) -> None:
        deadline = time.monotonic_ns() - patience
        while self.waiting:
            request, since = next(iter(self.waiting.items()))
            if since > deadline:
                return
            del self.waiting[request]


def _error_source(data: bytes) -> str | None:
    """Return the address of the host that sent an error (SO_EE_OFFENDER)."""
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
    timing: Timing,
    open_at: t.Callable[[str], int],
    after: t.Callable[[int], None],
) -> list[PingResult]:
    """Ping targets, group by group, and return the results of each.

    ``after`` is called with the number of each finished group. Targets of one namespace and IP
    version must be contiguous.
    """
    run = PingRun(targets, timing)
    try:
        run.open(open_at)
        for number, group in enumerate(groups):
            run.run_group(group, last=number == len(groups) - 1)
            after(number)
    finally:
        run.close()
    return run.results
