# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over a pipe, to another program or into a system call, on the live kernel; and numbers
that are those of processes too."""

from __future__ import annotations

import os
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    BadInput,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import job as _exec
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import kernel as process
from ansible_collections.linuxnet.netns.plugins.module_utils._exec.spec import Command
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

SECONDS = 10  # in which whatever hangs would be noticed


def execute(**params):
    kernel = Kernel()
    try:
        return _exec.execute(kernel, modules.options("netns_exec", **params), False)[0]
    finally:
        kernel.close()


@pytest.mark.parametrize("length", [4096, 65536, 1 << 20])
def test_a_folder_with_a_long_name_is_refused(length):
    with pytest.raises(BadInput, match=r"^chdir .* at most 409[56] "):
        execute(argv=["true"], chdir="/" * length)
    with pytest.raises(BadInput, match="creates must have at most 4096 characters"):
        execute(argv=["true"], creates="x" * 4097)


def test_a_child_never_waits_for_its_parent_to_read():
    begun = time.monotonic()
    command = Command(("true",), chdir="/" + "x" * (1 << 20), timeout=2.0)
    ended = process.run(command, [""], lambda key: None)[""]
    assert (ended.rc, ended.start_error[:22]) == (1, "change to directory /x")
    assert time.monotonic() - begun < SECONDS


def test_many_files_that_cannot_be_bound_are_told_as_far_as_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "ETC", str(tmp_path / "etc"))
    monkeypatch.setattr(process, "ETC_NETNS", str(tmp_path / "netns"))
    folder = tmp_path / "netns" / "a"
    folder.mkdir(parents=True)
    for number in range(1000):
        (folder / f"{number}{'x' * 200}").touch()
    witness.sh("ip netns add a")
    begun = time.monotonic()
    assert execute(netns=["a"], argv=["true"], timeout=8)["rc"] == 0
    assert time.monotonic() - begun < SECONDS


def test_much_is_read_while_much_is_written():
    data = "x" * (4 << 20)
    assert execute(argv=["cat"], stdin=data, stdin_add_newline=False)["stdout"] == data
    assert execute(argv=["true"], stdin=data)["rc"] == 0  # which reads nothing of it
    begun = time.monotonic()
    late = execute(argv=["sh", "-c", "sleep 60"], stdin=data, timeout=0.5)
    assert late["namespaces"][0]["timed_out"]
    assert time.monotonic() - begun < SECONDS


def test_the_longest_word_is_given_and_one_more_byte_refused():
    assert execute(argv=["test", "-n", "x" * 131071])["rc"] == 0
    assert execute(argv=["sh", "-c", 'test -n "$A"'], environment={"A": "x" * 131069})["rc"] == 0
    with pytest.raises(BadInput, match="at most 131071 bytes"):
        execute(argv=["test", "-n", "x" * 131072])
    with pytest.raises(BadInput, match="at most 131071 bytes"):
        execute(argv=["true"], environment={"A": "x" * 131070})
    # All words together are bounded too, by a limit that only the kernel knows.
    told = execute(argv=["true", *["x" * 100_000] * 100])
    assert told["failed"] and "Argument list too long" in told["msg"]


def test_a_name_of_digits_is_no_process():
    name = str(os.getpid())  # there is one of that number, in the current namespace
    for check in (True, False):
        done = modules.run("netns", check=check, name=[name], lo_up=True)
        assert done["changed"] and done["namespaces"][0]["name"] == name
    assert witness.names() == {name: "namespace"}
    assert modules.run("netns", name=[name], lo_up=True)["changed"] is False
    # What has the name stands before the process of the number.
    there = modules.run("netns_link", netns=name, name="br0", type="bridge")
    assert there["commands"][0].startswith(f"ip -n {name} link add name br0 ")
    for check in (True, False):
        assert modules.run("netns", check=check, name=[name], state="absent")["changed"]
    assert witness.names() == {}
    # Without a name it is the process.
    modules.run("netns_link", netns=name, name="br0", type="bridge")
    assert "br0" in {link["ifname"] for link in witness.ip("link")}


def test_what_a_topology_lists_is_no_process():
    from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
    from ansible_collections.linuxnet.netns.plugins.module_utils._topology import job as _topology

    name = str(os.getpid())
    params = {
        "name": "lab",
        "namespaces": [{"name": name}],
        "veths": [{"name": "v1", "netns": name, "up": True, "peer": {"name": "v2", "netns": name}}],
        "addresses": [{"netns": name, "link": "v1", "address": "10.0.0.1/24"}],
    }

    def run(check, **more):
        kernel = Kernel()
        try:
            job = _topology.job_of(kernel, modules.options("netns_topology", **params, **more))
            return bool(reconcile(kernel, job, check).steps)
        finally:
            kernel.close()

    assert [run(True), run(False), run(False)] == [True, True, False]
    assert "v1" in {link["ifname"] for link in witness.ip("link", netns=name)}
    assert {link["ifname"] for link in witness.ip("link")} == {"lo"}
    assert [run(True, state="absent"), run(False, state="absent")] == [True, True]
    assert witness.names() == {}


@pytest.mark.parametrize("number", [0, (1 << 31) - 1, 1 << 31, (1 << 32) - 2])
def test_owners_of_32_bits(number):
    if not os.path.exists("/dev/net/tun"):
        pytest.skip("this machine has no /dev/net/tun")
    with open("/proc/self/uid_map", encoding="ascii") as told:
        if told.read().split() != ["0", "0", "4294967295"]:
            pytest.skip("this machine knows few users")
    params = {"name": "t0", "type": "tun", "tun": {"owner": str(number), "group": str(number)}}
    made = modules.run("netns_link", **params)
    assert made["link"]["options"]["owner"] == number
    assert modules.run("netns_link", **params)["changed"] is False


@pytest.mark.parametrize("number", [str(1 << 32), str((1 << 32) - 1), "9" * 5000])
def test_owners_beyond(number):
    with pytest.raises(NetnsError, match=r"tun\.owner"):
        modules.run("netns_link", name="t0", type="tun", tun={"owner": number})


def test_letters_of_which_the_kernel_takes_a_byte_for_a_space():
    with pytest.raises(BadInput, match="for a space"):
        modules.run("netns_link", name="à", type="bridge")
    with pytest.raises(RuntimeError):
        witness.sh("ip link add à type bridge")
    assert modules.run("netns_link", name="é", type="bridge")["changed"]
