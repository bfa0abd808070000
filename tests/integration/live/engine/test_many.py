# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many namespaces at once: entered and made in one go, and none of them for another."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import threading
import time
from unittest import mock

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    Conflict,
    KernelError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Peer
from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._info import job as _survey
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    handles,
    peers,
    read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    netns_files as files,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    syscalls as system,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.operations import (
    CreateNamespace,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

NAMES = [f"n{number:02}" for number in range(12)]


@pytest.fixture
def kernel():
    """A kernel, made inside the machine that the test runs in, and let go of before it ends."""
    made = Kernel()
    yield made
    made.close()


def descriptors():
    return sorted(os.listdir("/proc/self/fd"))


def inodes():
    """Return the namespaces behind all names."""
    return {name: os.stat(f"/run/netns/{name}").st_ino for name in os.listdir("/run/netns")}


def hops():
    """Count how often threads are started to go elsewhere."""
    return mock.patch.object(system, "in_threads", wraps=system.in_threads)


def make(*names):
    witness.sh(*(f"ip netns add {name}" for name in names))


def ring():
    """Wire all in a ring; each has a veth 2 and a veth 3 like all others."""
    make(*NAMES)
    for near, far in zip(NAMES, [*NAMES[1:], NAMES[0]]):
        witness.sh(f"ip link add right netns {near} type veth peer name left netns {far}")


def test_many_are_entered_by_one_thread(kernel):
    make(*NAMES)
    with hops() as counted:
        kernel.socket(NAMES[0], NAMES[1:])
    assert counted.call_count == 1
    files = {name: sock.file()[1] for name, sock in kernel.sockets.items()}
    assert files == inodes()


def test_of_many_only_the_first_has_to_be_there(kernel):
    make("a", "b")
    witness.sh("touch /run/netns/stale")
    before = descriptors()
    kernel.socket("a", ["none", "stale", "/none", "b", "a", ""])
    assert set(kernel.sockets) == {"a", "b"}
    assert len(descriptors()) == len(before) + 2
    with pytest.raises(KernelError, match="enter namespace none: No such file or directory"):
        kernel.socket("none", ["b"])
    with pytest.raises(Conflict, match="stale is not a network namespace"):
        kernel.socket("stale", ["b"])
    assert len(descriptors()) == len(before) + 2


def test_descriptors_are_enough_for_more_namespaces_than_that(kernel):
    make(*NAMES)
    kernel.most, kernel.limits = 5, resource.getrlimit(resource.RLIMIT_NOFILE)
    before = len(descriptors())
    with mock.patch.object(handles, "AT_ONCE", 3):
        host = kernel.survey(Scope(tuple(NAMES), peers=None))
    assert all(host.at(name).state == "present" for name in NAMES)
    assert len(kernel.sockets) <= 5
    assert len(descriptors()) == before + len(kernel.sockets)


def test_all_stay_open_where_descriptors_allow(kernel):
    make(*NAMES)
    kernel.survey(Scope(tuple(NAMES), peers=None))
    assert set(kernel.sockets) == {"", *NAMES}


def test_many_are_made_in_one_go_each_another(kernel):
    steps = [CreateNamespace(name) for name in NAMES]
    before = descriptors()
    with mock.patch.object(files, "THREADS", 2), hops() as counted:
        for number, step in enumerate(steps, 1):
            kernel.upcoming = steps, number
            kernel.apply(step)
    assert counted.call_count == 1
    assert len(descriptors()) == len(before) + len(NAMES)  # a socket in each, kept
    kernel.close()
    assert descriptors() == before
    assert witness.names() == dict.fromkeys(NAMES, "namespace")
    assert len({*inodes().values(), os.stat("/proc/self/ns/net").st_ino}) == len(NAMES) + 1


def test_what_was_made_ahead_and_not_named_ends_with_us(kernel):
    steps = [CreateNamespace(name) for name in NAMES]
    before = descriptors()
    kernel.upcoming = steps, 1
    kernel.apply(steps[0])
    assert len(descriptors()) == len(before) + len(NAMES)
    kernel.close()
    assert descriptors() == before
    assert witness.names() == {NAMES[0]: "namespace"}


def test_when_making_ahead_fails_nothing_is_left(kernel):
    before = descriptors()
    failing = mock.Mock(side_effect=[None, None, *[OSError(28, "No space left on device")] * 12])
    kernel.upcoming = [CreateNamespace(name) for name in NAMES], 1
    told = "create namespace n00: No space left on device"
    with mock.patch.object(system, "unshare", failing), pytest.raises(KernelError, match=told):
        kernel.apply(CreateNamespace(NAMES[0]))
    assert descriptors() == before
    assert witness.names() == {}


def test_the_peers_of_a_ring_are_told_apart(kernel):
    ring()
    found = _survey.survey(kernel, None, ["links"])
    told = {
        (namespace["name"], link["name"]): (link["peer"]["netns"], link["peer"]["name"])
        for namespace in found
        for link in namespace["links"]
        if link["kind"] == "veth"
    }
    expected = {}
    for near, far in zip(NAMES, [*NAMES[1:], NAMES[0]]):
        expected[near, "right"], expected[far, "left"] = (far, "left"), (near, "right")
    assert told == expected
    seen = {
        (name, link["ifname"]): link["link_netnsid"]
        for name in NAMES
        for link in json.loads(witness.sh(f"ip -n {name} -j link"))
        if "link_netnsid" in link
    }
    assert set(seen) == set(expected)


def test_peers_are_asked_for_once_a_pair(kernel):
    ring()
    with mock.patch.object(read, "nsid_of", wraps=read.nsid_of) as asked:
        kernel.survey(Scope(tuple(NAMES), peers=None))
    # One for each namespace as seen from here, the proof of each pair, and a pair that might be.
    assert asked.call_count < 2 * len(NAMES) + peers.MAX_CANDIDATES


def cables(step):
    """Return where the other ends of the ring are: where they are for 1, elsewhere for others."""
    beside = [*NAMES[step:], *NAMES[:step]]
    there = {(near, "right"): (far, "left") for near, far in zip(NAMES, beside)}
    return {**there, **{far: near for near, far in there.items()}}


@pytest.mark.parametrize("step", [1, 3], ids=["right", "wrong"])
def test_a_hint_where_a_peer_is_saves_questions_and_is_not_believed(kernel, step):
    ring()
    scope = Scope(tuple(NAMES), peers=frozenset({"left", "right"}), cables=cables(step))
    with mock.patch.object(read, "far_end", wraps=read.far_end) as asked:
        host = kernel.survey(scope)
    assert (asked.call_count == 0) is (step == 1)
    for near, far in zip(NAMES, [*NAMES[1:], NAMES[0]]):
        assert host.namespaces[near].links["right"].peer == Peer("left", far)
        assert host.namespaces[far].links["left"].peer == Peer("right", near)
    assert json.loads(witness.sh(f"ip -n {NAMES[0]} -j link show right"))[0]["link_netnsid"] >= 0


def test_a_peer_is_found_without_entering_all(kernel):
    make(*NAMES)
    witness.sh(f"ip link add v1 type veth peer name v2 netns {NAMES[-1]}")
    before = len(descriptors())
    host = kernel.survey(Scope(("",), peers=frozenset({"v1"}), anywhere=frozenset({("", "v1")})))
    peer = host.namespaces[""].links["v1"].peer
    assert (peer.name, peer.netns) == ("v2", NAMES[-1])
    assert set(kernel.sockets) == {"", NAMES[-1]}
    assert len(descriptors()) == before + 2


def test_processes_are_read_once_for_all(kernel):
    make("a", "b")
    sleeping = [
        subprocess.Popen(["nsenter", "--net=/run/netns/a", "sleep", "60"]) for _unused in range(2)
    ]
    try:
        witness.sh(
            "for n in 1 2 3 4 5; do [ $(ip netns pids a | wc -l) = 2 ] && break; sleep 0.1; done"
        )
        with mock.patch.object(os, "listdir", wraps=os.listdir) as listed:
            found = _survey.survey(kernel, ["a", "b"], ["processes"])
        assert [call.args for call in listed.call_args_list].count(("/proc",)) == 1
        assert found[0]["pids"] == sorted(each.pid for each in sleeping)
        assert found[1]["pids"] == []
        assert found[0]["pids"] == sorted(map(int, witness.sh("ip netns pids a").split()))
    finally:
        for each in sleeping:
            each.kill()
            each.wait()


def test_a_thread_that_hops_hands_over_what_went_wrong():
    main = threading.get_ident()
    assert system.in_thread(threading.get_ident) != main
    with pytest.raises(KeyError):
        system.in_thread(lambda: {}["none"])
    with pytest.raises(KeyboardInterrupt):
        system.in_thread(mock.Mock(side_effect=KeyboardInterrupt))


def test_several_threads_end_before_what_went_wrong_is_told():
    ended = []

    def slowly():
        time.sleep(0.05)
        ended.append(threading.get_ident())
        return len(ended)

    assert sorted(system.in_threads([slowly] * 3)) == [1, 2, 3]
    assert len({*ended, threading.get_ident()}) == 4
    with pytest.raises(KeyError):
        system.in_threads([lambda: {}["none"], slowly])
    assert len(ended) == 4
