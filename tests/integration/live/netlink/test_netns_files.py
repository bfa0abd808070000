# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Namespaces as files, by the rules of iproute2; iproute2 is the witness."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    Conflict,
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._info.job import survey
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    names,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    netns_files as files,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    syscalls as system,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace.operations import (
    CreateNamespace,
    DeleteNamespace,
    PutStale,
    RemoveStale,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)


def mounts(at=files.RUN):
    """Return what is mounted at a path: the optional fields of /proc/self/mountinfo."""
    return [optional for path, optional, _kind in witness.mounts() if path == at]


def state(name):
    held = Kernel()
    try:
        return held.survey(Scope((name,), by_name=True)).namespaces[name].state
    finally:
        held.close()


@pytest.mark.parametrize("name", ["a", "é", "with space", "x" * 200, "-n", "7"])
def test_what_is_made_is_what_iproute2_makes(name):
    files.create(name, "make")
    assert [each["name"] for each in witness.ip("netns")] == [name]
    assert witness.names() == {name: "namespace"}
    assert [link["ifname"] for link in witness.ip("link", netns=name)] == ["lo"]
    ours = os.lstat(files.path(name)).st_mode
    witness.sh("ip netns add theirs")
    assert os.lstat("/run/netns/theirs").st_mode == ours
    assert state(name) == state("theirs") == "present"
    files.remove(name, "remove")
    assert witness.names() == {"theirs": "namespace"}


def test_each_of_many_is_made_ready_by_the_thread_that_made_it(monkeypatch):
    class Made:
        def __init__(self):
            self.thread = threading.get_ident()

    def unshare():
        """From here on, let the other threads go first at each line of this one."""

        def slowly(*unused):
            time.sleep(0.001)
            return slowly

        sys.settrace(slowly)
        sys._getframe(1).f_trace = slowly

    elsewhere = []

    def ready(sock):
        if sock.thread != threading.get_ident():
            elsewhere.append(sock)

    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(system, "unshare", unshare)
    monkeypatch.setattr(files.Socket, "open", Made)
    assert len(set(files.create_unnamed(20, "make", ready))) == 20
    assert not elsewhere


def test_the_directory_is_mounted_once_and_shared():
    for name in ("a", "b"):
        files.create(name, "make")
        assert [field[:7] for at in mounts() for field in at] == ["shared:"]
    witness.sh("ip netns add c")
    assert len(mounts()) == 1


def test_what_is_there_is_left_alone():
    files.create("a", "make")
    before = os.stat(files.path("a")).st_ino
    for name in ("a", "stale"):
        witness.sh("touch /run/netns/stale")
        with pytest.raises(KernelError) as told:
            files.create(name, f"create namespace {name}")
        assert told.value.errno == errno.EEXIST
    assert os.stat(files.path("a")).st_ino == before
    assert witness.names() == {"a": "namespace", "stale": "file"}


def test_no_file_stays_where_the_mount_fails(monkeypatch):
    files.create("first", "make")
    mount = system.mount

    def failing(source, target, flags):
        if target == files.path("a"):
            raise OSError(errno.ENOMEM, "no")
        mount(source, target, flags)

    monkeypatch.setattr(system, "mount", failing)
    with pytest.raises(KernelError, match="create namespace a: Cannot allocate memory"):
        files.create("a", "create namespace a")
    assert os.listdir(files.RUN) == ["first"]


def test_it_waits_for_the_lock_that_iproute2_takes_too():
    files.create("first", "make")
    lock = os.open(files.RUN, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    def other():
        os.close(lock)
        files.create("a", "make")

    pid = machine.fork(other)
    time.sleep(0.1)
    assert os.listdir(files.RUN) == ["first"]
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    os.close(lock)
    assert os.waitpid(pid, 0)[1] == 0
    assert witness.names()["a"] == "namespace"


def test_of_racing_creators_one_wins():
    for number in range(10):
        name, start = f"n{number}", time.monotonic() + 0.01

        def racer(name=name, start=start):
            time.sleep(max(0.0, start - time.monotonic()))
            try:
                files.create(name, "make")
            except KernelError as error:
                return error.errno
            return 0

        pids = [machine.fork(racer) for _unused in range(4)]
        codes = sorted(os.WEXITSTATUS(os.waitpid(pid, 0)[1]) for pid in pids)
        assert codes == [0, errno.EEXIST, errno.EEXIST, errno.EEXIST]
        assert len(mounts()) == 1
        assert len(mounts(files.path(f"n{number}"))) == 1
    assert len(witness.ip("netns")) == 10


def test_a_young_file_is_waited_for():
    files.create("first", "make")
    assert state("first") == "present"
    os.close(os.open(files.path("a"), os.O_CREAT | os.O_RDONLY, 0))

    def other():
        time.sleep(0.1)
        system.unshare()
        system.mount("/proc/thread-self/ns/net", files.path("a"), system.MS_BIND)

    pid = machine.fork(other)
    assert state("a") == "present"
    assert os.waitpid(pid, 0)[1] == 0


def test_an_old_file_is_stale_at_once(monkeypatch):
    witness.sh("mkdir -p /run/netns", "touch /run/netns/a", "ln -s /nowhere /run/netns/b")
    witness.sh("printf netns:lab > /run/netns/d")
    monkeypatch.setattr(names, "YOUNG", 0.05)
    time.sleep(0.06)
    assert state("d") == "stale"  # from here on, all that it takes is loaded
    start = time.monotonic()
    assert [state(name) for name in ("a", "b", "c", "d")] == [
        "stale",
        "foreign",
        "absent",
        "stale",
    ]
    assert time.monotonic() - start < 0.05
    with pytest.raises(Conflict, match="a is not a network namespace"):
        Kernel().socket("a")


def test_other_namespaces_are_none_of_the_network():
    witness.sh(
        "mkdir -p /run/netns",
        "touch /run/netns/uts",
        "mount --bind /proc/self/ns/uts /run/netns/uts",
    )
    assert files.open_namespace("/run/netns/uts") is None
    fd = files.open_namespace("/proc/self/ns/net")
    assert fd is not None
    os.close(fd)


def test_stacked_namespaces_are_taken_off_together_and_put_back_in_order():
    witness.sh("ip netns add a", "ip netns add b", "mount --bind /run/netns/b /run/netns/a")
    inodes = [os.stat(f"/run/netns/{name}").st_ino for name in ("a", "b")]
    assert inodes[0] == inodes[1]
    held = Kernel()
    held.apply(DeleteNamespace("a"))
    assert witness.names() == {"b": "namespace"}
    held.apply(CreateNamespace("a", again=True))
    assert os.stat("/run/netns/a").st_ino == inodes[0]
    assert len(mounts(files.path("a"))) == 2
    system.umount("/run/netns/a")
    assert os.stat("/run/netns/a").st_ino != inodes[0]
    held.close()
    files.remove("a", "remove")
    assert os.listdir(files.RUN) == ["b"]


def test_a_namespace_over_something_else_is_left_alone():
    witness.sh(
        "ip netns add a",
        "ip netns add b",
        "touch /run/other",
        "mount --bind /run/other /run/netns/a",
        "mount --bind /run/netns/b /run/netns/a",
    )
    before = mounts(files.path("a"))
    assert state("a") == "present"
    held = Kernel()
    with pytest.raises(KernelError, match="delete namespace a: Device or resource busy"):
        held.apply(DeleteNamespace("a"))
    held.close()
    assert state("a") == "present"
    assert len(mounts(files.path("a"))) == len(before) == 3


def test_a_namespace_that_others_made_again_is_left_alone():
    witness.sh("ip netns add a")
    held = Kernel()
    held.socket("a")
    witness.sh("ip netns del a", "ip netns add a")
    with pytest.raises(KernelError, match="the file was replaced meanwhile") as told:
        held.apply(DeleteNamespace("a"))
    assert told.value.errno == errno.EBUSY
    assert witness.names() == {"a": "namespace"}
    witness.sh("ip netns del a")
    held.apply(DeleteNamespace("a"))  # others were faster
    held.close()


FOREIGN = {
    "a symbolic link to /run/netns/real": "ln -s /run/netns/real /run/netns/x",
    "a symbolic link to real": "ln -s real /run/netns/x",
    "a symbolic link to /run/elsewhere": "ln -s /run/elsewhere /run/netns/x",
    "a symbolic link to /run/file": "ln -s /run/file /run/netns/x",
    "a symbolic link to /nowhere": "ln -s /nowhere /run/netns/x",
    "a symbolic link to x": "ln -s x /run/netns/x",
    "a directory": "mkdir /run/netns/x",
    "a FIFO": "mkfifo /run/netns/x",
    "a device": "mknod /run/netns/x c 1 3",
    "a file of 6 bytes": "echo notes > /run/netns/x",
    "a mount of something else": "touch /run/netns/x && mount --bind /run/file /run/netns/x",
}
ENTERED = ("netns/real", "to real", "elsewhere")


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_namespace_is_told_and_left_alone(what):
    witness.sh(
        "ip netns add real",
        "touch /run/elsewhere",
        "mount --bind /run/netns/real /run/elsewhere",
        "echo notes > /run/file",
        FOREIGN[what],
    )

    def found():
        link = os.readlink("/run/netns/x") if os.path.islink("/run/netns/x") else ""
        at = os.lstat("/run/netns/x")
        return (
            at.st_ino,
            at.st_mode,
            link,
            sorted(witness.mounts()),
            {*os.listdir("/run")} - {"linuxnet.netns.lock"},
        )

    before = found()
    for task in (
        {"name": ["x"]},
        {"name": ["x"], "state": "absent"},
        {"name": ["x"], "state": "absent", "force": True},
    ):
        for check in (True, False):
            with pytest.raises(Conflict, match=f"/run/netns/x is {what}, not a namespace"):
                modules.run("netns", check=check, **task)
    for check in (True, False):
        if what.endswith(ENTERED):
            modules.run("netns_link", check=check, netns="x", name="lo", up=True)
        else:
            with pytest.raises(NetnsError, match=f"/run/netns/x is {what}, not a namespace"):
                modules.run("netns_link", check=check, netns="x", name="lo", up=True)
    assert [
        each["name"] for each in survey(Kernel(), ["x"] if what.endswith(ENTERED) else None, [])
    ]
    assert found() == before


def test_a_link_leads_to_a_namespace_under_its_own_name():
    witness.sh("ip netns add real", "ln -s real /run/netns/alias")
    held = Kernel()
    host = held.survey(Scope(("alias", "real")))
    assert host.at("alias") is host.at("real")
    assert host.at("alias").key == "real"
    told = survey(held, None, [])
    assert [each["name"] for each in told] == [None, "real"]
    held.close()


def test_a_stale_file_is_put_back_as_it_was():
    witness.sh("mkdir -p /run/netns", "printf netns:lab > /run/netns/d", "chmod 640 /run/netns/d")
    held = Kernel()
    held.apply(RemoveStale("d"))
    assert os.listdir(files.RUN) == []
    held.apply(PutStale("d"))
    assert files.read_mark("d") == "netns:lab"
    assert os.stat("/run/netns/d").st_mode & 0o7777 == 0o640
    held.close()


def test_what_is_named_here_is_seen_from_other_mount_namespaces():
    witness.sh("ip netns add first")
    with subprocess.Popen(
        ["unshare", "-m", "--propagation", "slave", "sh", "-c", "read x; ip -n a -br link"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        time.sleep(0.05)
        files.create("a", "make")
        told = other.communicate("go\n")[0]
    assert told.split()[:2] == ["lo", "DOWN"]


def test_private_mounts_are_known():
    witness.sh("ip netns add a")
    assert not files.private_mounts()
    code = (
        "from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import netns_files;"
        "print(netns_files.private_mounts())"
    )
    told = subprocess.run(
        ["ip", "netns", "exec", "a", os.sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ":".join(os.sys.path)},
    ).stdout
    assert told == "True\n"


def test_a_held_namespace_gets_its_name_back_with_all_that_is_in_it():
    witness.sh("ip netns add a", "ip -n a link add v type veth peer name w")
    before = witness.state()
    held = Kernel()
    for _unused in range(2):
        held.apply(DeleteNamespace("a"))
        assert witness.names() == {}
        held.apply(CreateNamespace("a", again=True))
        assert witness.differences(before, witness.state()) == []
    assert held.held == {}
    held.close()


def test_a_name_may_stand_for_another_namespace_by_now():
    witness.sh("ip netns add a", "ip -n a link add old type veth peer name old2")
    held = Kernel()
    first = held.socket("a").identity()
    assert "old" in held.survey(Scope(("a",))).namespaces["a"].links
    witness.sh("ip netns del a", "ip netns add a", "ip -n a link add new type bridge")
    assert set(held.survey(Scope(("a",))).namespaces["a"].links) == {"lo", "new"}
    assert held.socket("a").identity() != first
    held.close()


def test_two_names_of_one_namespace_are_one():
    witness.sh("ip netns add a", "touch /run/netns/b", "mount --bind /run/netns/a /run/netns/b")
    held = Kernel()
    host = held.survey(Scope(("a", "b", "/proc/self/ns/net", "")))
    assert host.at("a") is host.at("b")
    assert host.at("/proc/self/ns/net") is host.at("")
    by_name = held.survey(Scope(("a", "b"), by_name=True))
    assert by_name.at("a") is not by_name.at("b")
    held.close()


def test_few_descriptors_do_for_many_namespaces():
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096))
    lines = []
    for number in range(600):
        files.create(f"n{number}", "make")
        lines.append(f"n{number}")
    held = Kernel()
    host = held.survey(Scope(("", *lines)))
    assert len(host.namespaces) == 601
    assert all(set(namespace.links) == {"lo"} for key, namespace in host.namespaces.items() if key)
    assert len(held.sockets) < 256
    held.close()
