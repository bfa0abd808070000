# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlink sockets on the live kernel: where they are, what they cost, and what it answers."""

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

NEWLINK, MULTI = 16, 0x2


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


def test_each_socket_is_bound_to_its_namespace():
    witness.sh("ip netns add a", "ip -n a link add v type veth peer name w")
    kernel = Kernel()
    host = kernel.survey(Scope(("", "a")))
    assert {key: set(namespace.links) for key, namespace in host.namespaces.items()} == {
        "": {link["ifname"] for link in witness.ip("link")},
        "a": {link["ifname"] for link in witness.ip("link", netns="a")},
    }
    kernel.close()


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


def message(kind, flags=0, body=b"", sequence=0):
    """Return a datagram, or a part of one, once the sequence number of the request is known."""

    def made(asked):
        return struct.pack("=IHHII", 16 + len(body), kind, flags, asked + sequence, 0) + body

    return made


def link(name, flags=MULTI, sequence=0):
    text = name.encode() + b"\0"
    attribute = struct.pack("=HH", 4 + len(text), 3) + text + b"\0" * (-len(text) % 4)
    return message(NEWLINK, flags, struct.pack("=BxHiII", 0, 1, 5, 0, 0) + attribute, sequence)
