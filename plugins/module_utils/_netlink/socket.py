# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A netlink socket: queries, acknowledged requests and complete dumps.

Blocking, one descriptor, bound for ever to the namespace in which its thread opened it
(netlink(7)). It handles what a bare socket needs: strict checking, extended acknowledgements,
interrupted dumps, and a large receive buffer.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import struct
import typing as t

from .._core.errors import KernelError
from . import attributes as nla
from . import codec

SOL_NETLINK = 270  # linux/socket.h
NETLINK_EXT_ACK = 11  # linux/netlink.h, as the following
NETLINK_GET_STRICT_CHK = 12
SO_RCVBUFFORCE = 33  # asm-generic/socket.h
SO_NETNS_COOKIE = 71
SIOCGSKNS = 0x894C  # linux/sockios.h
NLMSG_ERROR, NLMSG_DONE = 2, 3
REQUEST, ACK, REPLACE, EXCL, CREATE = 0x1, 0x4, 0x100, 0x200, 0x400
DUMP = 0x300
DUMP_INTR = 0x10
CAPPED, ACK_TLVS = 0x100, 0x200
ERROR_MESSAGE = 1  # NLMSGERR_ATTR_MSG
RECEIVE = 1 << 17  # a dump's datagram has at most 32 KiB, an error includes the whole request
ROOM = 1 << 20
DUMP_TRIES = 20


# A description of the request, or a function for one that is needed only in errors.
What = t.Union[str, t.Callable[[], str]]


class Interrupted(Exception):
    """The data changed during a dump (NLM_F_DUMP_INTR): it must be read again."""


class Socket:
    """A route netlink socket in one namespace."""

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw
        self.sequence = 0

    @classmethod
    def open(cls) -> Socket:
        """Open a socket in the namespace of the calling thread."""
        raw = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE
        )
        raw.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        raw.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
        try:
            raw.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        except OSError:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        raw.bind((0, 0))
        return cls(raw)

    def close(self) -> None:
        """Close the socket, which no longer holds the namespace then."""
        self.raw.close()

    def identity(self) -> int:
        """Return a number that is unique to the namespace until the machine restarts."""
        with contextlib.suppress(OSError):
            return t.cast(
                int,
                struct.unpack("=Q", self.raw.getsockopt(socket.SOL_SOCKET, SO_NETNS_COOKIE, 8))[0],
            )
        # Before Linux 5.14; unique as long as this socket is open, which holds the namespace.
        return self.file()[1]

    def file(self) -> tuple[int, int]:
        """Return device and inode of the namespace."""
        fd = self.namespace()
        try:
            at = os.fstat(fd)
            return at.st_dev, at.st_ino
        finally:
            os.close(fd)

    def namespace(self) -> int:
        """Return a descriptor of the socket's namespace; the caller closes it."""
        return fcntl.ioctl(self.raw.fileno(), SIOCGSKNS)

    def request(
        self,
        what: What,
        cls: t.Any,
        kind: int,
        fields: t.Mapping[str, int],
        attrs: t.Sequence[tuple[str, t.Any]] = (),
        flags: int = 0,
    ) -> None:
        """Send one request that changes something, and wait for its acknowledgement.

        Raises KernelError with the kernel's error number and message, and ``what`` as description.
        """
        self.exchange(what, self._encoded(cls, kind, ACK | flags, fields, attrs))

    def exchange(self, what: What, data: bytes) -> None:
        """Send an encoded request that has this socket's sequence number and NLM_F_ACK."""
        self.raw.send(data)
        self._answer(what, None)

    def ask(
        self,
        what: What,
        cls: t.Any,
        kind: int,
        fields: t.Mapping[str, int],
        attrs: t.Sequence[tuple[str, t.Any]] = (),
    ) -> t.Any:
        """Send one query and return its only reply; raise KernelError if it is refused."""
        self.raw.send(self._encoded(cls, kind, 0, fields, attrs))
        return self._answer(what, cls)

    def ask_all(
        self, cls: t.Any, kind: int, questions: t.Sequence[t.Sequence[tuple[str, t.Any]]]
    ) -> list[t.Any]:
        """Send many queries at once; return their replies in order, None for one that is refused."""
        first = self.sequence + 1
        self.raw.send(b"".join(self._encoded(cls, kind, 0, {}, attrs) for attrs in questions))
        answers: list[t.Any] = [None] * len(questions)
        missing = set(range(len(questions)))
        while missing:
            received = self.raw.recv(RECEIVE)
            for offset, _unused, type_, _flags, sequence in codec.split_messages(received):
                if sequence - first in missing:
                    missing.remove(sequence - first)
                    if type_ != NLMSG_ERROR:
                        answers[sequence - first] = cls.read(received, offset)
        return answers

    def _encoded(
        self,
        cls: t.Any,
        kind: int,
        flags: int,
        fields: t.Mapping[str, int],
        attrs: t.Sequence[tuple[str, t.Any]],
    ) -> bytes:
        """Return an encoded request with the next sequence number."""
        self.sequence += 1
        return codec.encode(cls, kind, REQUEST | flags, self.sequence, fields, attrs)

    def _answer(self, what: What, cls: t.Any) -> t.Any:
        while True:
            received = self.raw.recv(RECEIVE)
            for offset, length, kind, flags, sequence in codec.split_messages(received):
                if sequence != self.sequence:
                    continue
                if kind == NLMSG_ERROR:
                    check(what, received, offset, length, flags)
                    return None
                if cls is not None:
                    return cls.read(received, offset)

    def dump(
        self,
        what: What,
        cls: t.Any,
        kind: int,
        fields: t.Mapping[str, int],
        attrs: t.Sequence[tuple[str, t.Any]] = (),
        skip: t.Callable[[bytes, int], bool] | None = None,
    ) -> list[t.Any]:
        """Return all messages of a dump that was not interrupted by changes.

        ``skip`` is called with the datagram and the offset of each message before it is decoded.
        """
        for _unused in range(DUMP_TRIES):
            with contextlib.suppress(Interrupted):
                return self._dump_once(what, cls, kind, fields, attrs, skip)
        raise KernelError(errno.EAGAIN, str(what), "the state kept changing while it was read")

    def _dump_once(
        self,
        what: What,
        cls: t.Any,
        kind: int,
        fields: t.Mapping[str, int],
        attrs: t.Sequence[tuple[str, t.Any]],
        skip: t.Callable[[bytes, int], bool] | None,
    ) -> list[t.Any]:
        self.raw.send(self._encoded(cls, kind, DUMP, fields, attrs))
        messages: list[t.Any] = []
        interrupted = False
        while True:
            received = self.raw.recv(RECEIVE)
            for offset, length, type_, flags, sequence in codec.split_messages(received):
                if sequence != self.sequence:
                    continue
                interrupted = interrupted or bool(flags & DUMP_INTR)
                if type_ in (NLMSG_ERROR, NLMSG_DONE):
                    check(what, received, offset, length, flags)
                    if interrupted:
                        raise Interrupted
                    return messages
                if skip is None or not skip(received, offset):
                    messages.append(cls.read(received, offset))


def check(what: What, data: bytes, offset: int, length: int, flags: int) -> None:
    """Raise KernelError if an acknowledgement, or the end of a dump, carries an error.

    Layout: struct nlmsgerr, then attributes if NLM_F_ACK_TLVS (linux/netlink.h).
    """
    end = offset + length
    offset += codec.HEADER.size
    if offset + 4 > end:
        return
    number = -nla.s32(data[offset : offset + 4])
    if number <= 0:
        return
    words = ""
    if flags & ACK_TLVS:
        is_error = codec.HEADER.unpack_from(data, offset - codec.HEADER.size)[1] == NLMSG_ERROR
        start = offset + 4
        if is_error:
            inner = codec.HEADER.size if flags & CAPPED else nla.u32(data[start : start + 4])
            start += (inner + 3) & ~3
        for kind, value in nla.attributes(data, start, end):
            if kind == ERROR_MESSAGE:
                words = nla.text(value)
    raise KernelError(number, what if isinstance(what, str) else what(), words)
