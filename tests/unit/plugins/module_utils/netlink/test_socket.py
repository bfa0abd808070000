# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlink sockets: where they are, what they cost, and what they make of the kernel's answers."""

from __future__ import annotations

import errno
import os
import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import KernelError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.socket import (
    DUMP_TRIES,
    Socket,
)

NEWLINK, ERROR, DONE = 16, 2, 3
MULTI, INTR, CAPPED, TLVS = 0x2, 0x10, 0x100, 0x200


class Script:
    """In the place of a raw socket: answers each request with the next of its datagrams."""

    def __init__(self, *answers):
        self.answers, self.sequence, self.sent = list(answers), 0, 0

    def send(self, data):
        self.sequence = struct.unpack_from("=I", data, 8)[0]
        self.sent += 1

    def recv(self, unused):
        return self.answers.pop(0)(self.sequence)


def message(kind, flags=0, body=b"", sequence=0):
    """Return a datagram, or a part of one, once the sequence number of the request is known."""

    def made(asked):
        return struct.pack("=IHHII", 16 + len(body), kind, flags, asked + sequence, 0) + body

    return made


def joined(*parts):
    return lambda asked: b"".join(part(asked) for part in parts)


def link(name, flags=MULTI, sequence=0):
    text = name.encode() + b"\0"
    attribute = struct.pack("=HH", 4 + len(text), 3) + text + b"\0" * (-len(text) % 4)
    return message(NEWLINK, flags, struct.pack("=BxHiII", 0, 1, 5, 0, 0) + attribute, sequence)


def number(value):
    return struct.pack("=i", value)


def names(sock):
    return [each.found["name"] for each in sock.dump("read", codec.LinkMessage, 18, {})]


def test_a_dump_that_was_interrupted_is_read_again():
    raw = Script(
        link("old", MULTI | INTR),
        joined(link("older"), message(DONE, MULTI, number(0))),
        joined(link("new"), link("newer")),
        message(DONE, MULTI, number(0)),
    )
    assert names(Socket(raw)) == ["new", "newer"]
    assert raw.sent == 2


def test_an_interruption_that_only_the_end_tells_counts_too():
    raw = Script(
        joined(link("old"), message(DONE, MULTI | INTR, number(0))),
        joined(link("new"), message(DONE, MULTI, number(0))),
    )
    assert names(Socket(raw)) == ["new"]


def test_a_dump_that_never_comes_to_rest_is_given_up():
    end = joined(link("x", MULTI | INTR), message(DONE, MULTI, number(0)))
    raw = Script(*[end] * (DUMP_TRIES + 1))
    with pytest.raises(KernelError, match="the state kept changing while it was read"):
        names(Socket(raw))
    assert raw.sent == DUMP_TRIES


def test_what_belongs_to_another_request_is_left_alone():
    raw = Script(
        joined(link("other", sequence=-1), message(DONE, MULTI, number(-1), sequence=-1)),
        joined(link("mine"), message(DONE, MULTI, number(0))),
    )
    assert names(Socket(raw)) == ["mine"]


def test_a_dump_may_end_with_an_error():
    raw = Script(joined(link("x"), message(DONE, MULTI, number(-errno.ENOENT))))
    with pytest.raises(KernelError) as told:
        names(Socket(raw))
    assert (told.value.errno, told.value.words) == (errno.ENOENT, "")


def words(text):
    data = text.encode() + b"\0"
    return struct.pack("=HH", 4 + len(data), 1) + data + b"\0" * (-len(data) % 4)


@pytest.mark.parametrize(
    ("flags", "inner"),
    [
        (TLVS, struct.pack("=IHHII", 20, NEWLINK, 0, 1, 0) + b"body"),
        (TLVS | CAPPED, struct.pack("=IHHII", 20, NEWLINK, 0, 1, 0)),
    ],
)
def test_the_words_of_an_error_follow_the_request_that_it_repeats(flags, inner):
    raw = Script(message(ERROR, flags, number(-errno.EBUSY) + inner + words("in the way")))
    with pytest.raises(KernelError) as told:
        Socket(raw).request("do it", codec.LinkMessage, 18, {})
    assert str(told.value) == f"do it: {os.strerror(errno.EBUSY)}: in the way"


def test_a_question_returns_its_answer():
    raw = Script(link("v", 0))
    assert Socket(raw).ask("ask", codec.LinkMessage, 18, {}).found["name"] == "v"


def test_a_question_that_is_refused_raises_what_the_kernel_says():
    raw = Script(message(ERROR, CAPPED, number(-errno.ENODEV) + b"\0" * 16))
    with pytest.raises(KernelError) as told:
        Socket(raw).ask("ask", codec.LinkMessage, 18, {})
    assert told.value.errno == errno.ENODEV


def test_a_request_waits_for_its_acknowledgement_whatever_comes_before():
    raw = Script(link("v", 0), message(ERROR, CAPPED, number(-errno.EBUSY) + b"\0" * 16))
    with pytest.raises(KernelError):
        Socket(raw).request("tell", codec.LinkMessage, 18, {})
