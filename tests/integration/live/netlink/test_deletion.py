# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a namespace, waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from unittest import mock

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import syscalls as system
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.deletion import DeletionWatch
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)


def test_the_names_of_peers_are_free_at_once():
    for _unused in range(10):
        witness.sh("ip netns add a", "ip link add v type veth peer name w netns a")
        modules.run("netns", name=["a"], state="absent")
        witness.sh("ip link add v type veth peer name w", "ip link del v")


def test_a_namespace_that_stays_is_told():
    witness.sh("ip netns add a")
    fd = os.open("/run/netns/a", os.O_RDONLY)
    start = time.monotonic()
    with pytest.raises(NetnsError) as told:
        modules.run("netns", name=["a"], state="absent", timeout=1)
    assert time.monotonic() - start < 2
    assert str(told.value) == (
        "All was done for netns a, and verified. The names are removed, but after 1 s"
        " these namespaces still exist: a. A process or an open descriptor keeps them; end it, or"
        " state wait=false"
    )
    assert witness.names() == {}
    os.close(fd)


def test_a_namespace_that_is_held_for_a_while_is_waited_for_until_it_is_really_gone():
    witness.sh("ip netns add a", "ip link add v type veth peer name w netns a")
    timer = threading.Timer(0.3, os.close, [os.open("/run/netns/a", os.O_RDONLY)])
    start = time.monotonic()
    timer.start()
    unshare, done = system.unshare, []

    def only_before(*arguments):
        assert witness.names() != {}, "all that waiting takes is made ready before"
        done.append(arguments)
        unshare(*arguments)

    with mock.patch.object(system, "unshare", only_before):
        modules.run("netns", name=["a"], state="absent")
    assert time.monotonic() - start > 0.3
    assert done
    witness.sh("ip link add v type veth peer name w", "ip link del v")
    timer.join()


def test_processes_are_not_waited_for_when_they_are_to_stay():
    witness.sh("ip netns add a")
    with subprocess.Popen(["ip", "netns", "exec", "a", "sleep", "60"]) as process:
        while os.readlink(f"/proc/{process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        with pytest.raises(NetnsError, match=rf"in use by .*\(pid {process.pid}\)"):
            modules.run("netns", name=["a"], state="absent")
        modules.run("netns", name=["a"], state="absent", force=True)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert witness.names() == {}


def test_no_witness_stays_behind():
    witness.sh("ip netns add a", "ip netns add b")
    before = witness.state()
    kernel, watch = Kernel(), DeletionWatch()
    for name in ("a", "b"):
        fd = kernel.socket(name).namespace()
        watch.add(name, fd)
        os.close(fd)
    assert witness.differences(before, witness.state()) == []
    watch.close()
    assert witness.differences(before, witness.state()) == []
    watch.close()
    kernel.close()
