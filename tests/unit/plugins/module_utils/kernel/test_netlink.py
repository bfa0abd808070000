# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlink sockets: where they are, what they cost, and what they make of the kernel's answers."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import struct
import threading

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import KernelError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.socket import (
    DUMP_TRIES,
    Socket,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    RESOURCE as ADDRESS,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    ChangeLink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    RESOURCE as ROUTE,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

NEWLINK, ERROR, DONE = 16, 2, 3
MULTI, INTR, CAPPED, TLVS = 0x2, 0x10, 0x100, 0x200


def descriptors():
    return os.listdir("/proc/self/fd")


def children():
    """Return the processes that are children of any of our threads."""
    found = []
    for path in glob.glob("/proc/self/task/*/children"):
        with contextlib.suppress(FileNotFoundError), open(path, encoding="ascii") as table:
            found += table.read().split()  # a thread may just have ended
    return found


def place():
    return os.readlink("/proc/self/ns/net"), os.readlink("/proc/thread-self/ns/net")


@pytest.mark.live
def test_a_namespace_costs_one_descriptor_and_no_process():
    witness.sh("ip netns add a", "ip netns add b")
    kernel = Kernel()
    kernel.socket("")
    before, was = len(descriptors()), place()
    kernel.socket("a")
    assert len(descriptors()) == before + 1
    kernel.socket("a")
    kernel.socket("b")
    assert len(descriptors()) == before + 2
    assert children() == []
    assert threading.active_count() == 1
    assert place() == was
    kernel.close()
    assert len(descriptors()) == before - 1


@pytest.mark.live
def test_the_process_stays_where_it_is_whatever_happens():
    witness.sh("ip netns add a", "touch /run/netns/dead")
    was = place()
    kernel = Kernel()
    kernel.survey(
        Scope(("a", "", "dead", "none"), resources=(ADDRESS, ROUTE), keeps=True, pids=True)
    )
    for key in ("dead", "none"):
        with pytest.raises(Exception, match=key):
            kernel.socket(key)
    assert place() == was
    kernel.close()
    assert place() == was


@pytest.mark.live
def test_each_socket_is_bound_to_its_namespace():
    witness.sh("ip netns add a", "ip -n a link add v type veth peer name w")
    kernel = Kernel()
    world = kernel.survey(Scope(("", "a")))
    assert {key: set(space.links) for key, space in world.spaces.items()} == {
        "": {link["ifname"] for link in witness.ip("link")},
        "a": {link["ifname"] for link in witness.ip("link", netns="a")},
    }
    kernel.close()


@pytest.mark.live
def test_errors_come_with_the_words_of_the_kernel():
    witness.sh("ip link add v type veth peer name w")
    kernel = Kernel()
    with pytest.raises(KernelError) as told:
        kernel.apply(ChangeLink("", "v", (("mtu", 70000),), ()))
    assert (told.value.errno, told.value.words) == (errno.EINVAL, "mtu greater than device maximum")
    assert str(told.value) == (
        "set mtu 70000 on link v in the current namespace: Invalid argument:"
        " mtu greater than device maximum"
    )
    with pytest.raises(KernelError) as told:
        kernel.apply(ChangeLink("", "none", (("mtu", 1400),), ()))
    assert told.value.errno == errno.ENODEV
    assert "find link none in the current namespace: No such device" in str(told.value)
    kernel.close()


@pytest.mark.live
def test_the_kernel_filters_what_is_dumped():
    witness.sh(
        "ip link add v type veth peer name w",
        "ip addr add 192.0.2.1/24 dev v",
        "ip addr add 192.0.2.2/24 dev w",
    )
    sock = Socket.open()
    index = witness.ip("link", "show", "v")[0]["ifindex"]
    found = sock.dump("read", codec.AddressMessage, 22, {"family": 2, "index": index})
    assert [each.found["local"] for each in found] == ["192.0.2.1"]
    with pytest.raises(KernelError) as told:
        sock.dump("read", codec.AddressMessage, 22, {"prefixlen": 24})
    assert told.value.errno == errno.EINVAL
    assert told.value.words
    sock.close()


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
