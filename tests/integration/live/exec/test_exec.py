# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands in namespaces, on the live kernel, beside what `ip netns exec` does."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import job as _exec
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import kernel as process
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)


def run(netns, *argv, check=False, **options):
    kernel = Kernel()
    try:
        full = modules.options("netns_exec", netns=netns, argv=list(argv), **options)
        result, warnings = _exec.execute(kernel, full, check)
        return {**result, "warnings": warnings}
    finally:
        kernel.close()


def outputs(result):
    return [each["stdout"] for each in result["namespaces"]]


@pytest.fixture
def etc(tmp_path, monkeypatch):
    """Stand /etc, and /etc/netns, in folders of their own."""
    for name in ("etc", "netns"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(process, "ETC", str(tmp_path / "etc"))
    monkeypatch.setattr(process, "ETC_NETNS", str(tmp_path / "netns"))
    return tmp_path


def test_a_process_sees_its_namespace_and_this_one_stays():
    witness.sh("ip netns add a", "ip netns add b", "ip -n b link add name br0 type bridge")
    here = os.readlink("/proc/thread-self/ns/net"), os.readlink("/proc/thread-self/ns/mnt")
    script = "readlink /proc/self/ns/net; ls /sys/class/net; grep -c sysfs /proc/self/mounts"
    result = run(["a", "b"], "sh", "-c", script)
    assert outputs(result) == [
        witness.sh(f"ip netns exec {name} sh -c '{script}'").rstrip("\n") for name in "ab"
    ]
    assert "br0" in outputs(result)[1]
    assert (
        os.readlink("/proc/thread-self/ns/net"),
        os.readlink("/proc/thread-self/ns/mnt"),
    ) == here
    assert witness.names() == {"a": "namespace", "b": "namespace"}


def test_what_it_mounts_nobody_else_sees():
    witness.sh("ip netns add a", "mkdir /run/m")
    was = witness.sh("cat /proc/self/mountinfo")
    run(["a"], "mount", "-t", "tmpfs", "x", "/run/m")
    assert witness.sh("cat /proc/self/mountinfo") == was


def test_files_of_the_namespace_lie_over_those_of_etc(etc):
    witness.sh("ip netns add a", "ip netns add b")
    (etc / "etc" / "hosts").write_text("all")
    (etc / "netns" / "a").mkdir()
    (etc / "netns" / "a" / "hosts").write_text("own")
    (etc / "netns" / "a" / "none").write_text("lost")
    result = run(["a", "b", "/run/../run/netns/a"], "cat", str(etc / "etc" / "hosts"))
    assert outputs(result) == ["own", "all", "all"]
    assert (etc / "etc" / "hosts").read_text() == "all"
    (told,) = result["warnings"]
    assert told.startswith(
        f"In namespace a, {etc}/netns/a/none could not be mounted over {etc}/etc/none: "
    )


def test_no_descriptor_gets_through():
    witness.sh("ip netns add a", "ip netns add b")
    leaks = [os.open("/dev/null", os.O_RDONLY) for _unused in range(4)]
    for leak in leaks:
        os.set_inheritable(leak, True)
    was = sorted(os.listdir("/proc/self/fd"))
    result = run(["a", "b", ""], "sh", "-c", "cd /proc/self/fd; echo *", stdin="x")
    assert outputs(result) == ["0 1 2 3"] * 3  # the last one is that of the folder
    assert sorted(os.listdir("/proc/self/fd")) == was


def test_much_goes_both_ways_without_a_standstill():
    witness.sh(*(f"ip netns add n{number}" for number in range(6)))
    text = "0123456789abcde\n" * 100000
    script = "cat; head -c 1000000 /dev/zero | tr '\\0' x >&2"
    result = run(
        [f"n{number}" for number in range(6)],
        "sh",
        "-c",
        script,
        stdin=text,
        strip_empty_ends=False,
    )
    assert outputs(result) == [text + "\n"] * 6
    assert [each["stderr"] for each in result["namespaces"]] == ["x" * 1000000] * 6
    # One that does not read what it is given.
    assert run(["n1"], "true", stdin=text)["rc"] == 0


def test_many_run_at_the_same_time_but_not_all():
    names = [f"n{number}" for number in range(process.AT_ONCE + 8)]
    witness.sh(*(f"ip netns add {name}" for name in names))
    began = time.monotonic()
    result = run(names, "sh", "-c", "date +%s.%N; sleep 0.5; date +%s.%N")
    assert time.monotonic() - began < 0.5 * len(names) / 2
    spans = [[float(line) for line in each.split()] for each in outputs(result)]
    together = max(sum(a <= start < b for a, b in spans) for start, _end in spans)
    assert 2 < together <= process.AT_ONCE
    assert [each["name"] for each in result["namespaces"]] == names


def test_time_is_up_for_the_whole_group():
    witness.sh("ip netns add a", "ip netns add b")
    began = time.monotonic()
    script = "echo $$; [ -e /sys/class/net/v ] && exit 0; sleep 60 & sleep 60"
    witness.sh("ip link add v netns b type veth peer name w netns b")
    result = run(["a", "b"], "sh", "-c", script, timeout=0.5)
    assert time.monotonic() - began < 10
    assert [(each["rc"], each["timed_out"]) for each in result["namespaces"]] == [
        (-signal.SIGKILL, True),
        (0, False),
    ]
    assert result["msg"] == (
        "The command failed in namespace a by running longer than 0.5 s, and was killed"
    )
    group = int(outputs(result)[0])
    deadline = time.monotonic() + 5
    while group_lives(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group_lives(group)


def group_lives(group):
    """Return whether a process of a group does something yet."""
    states = witness.sh("cat /proc/[0-9]*/stat 2>/dev/null || :").splitlines()
    fields = [line.rpartition(")")[2].split() for line in states]
    return any(each[2] == str(group) and each[0] not in "ZX" for each in fields)


def test_what_is_left_in_the_background_is_not_waited_for():
    witness.sh("ip netns add a")
    began = time.monotonic()
    result = run(["a"], "sh", "-c", "sleep 30 & echo $!")
    assert time.monotonic() - began < 10
    pid = int(result["stdout"])
    os.kill(pid, signal.SIGKILL)
    assert result["rc"] == 0


def test_bytes_that_are_no_text_are_shown():
    witness.sh("ip netns add a")
    result = run(["a"], "printf", r"a\377\000b\r\n\n")
    assert result["stdout"] == "a\\xff\0b"
    kept = run(["a"], "printf", r"\n\n", strip_empty_ends=False)
    assert (kept["stdout"], kept["stdout_lines"]) == ("\n\n", ["", ""])


def test_nothing_is_run_where_a_namespace_is_missing():
    witness.sh("ip netns add a", "touch /run/netns/stale")
    for missing in ("none", "stale", "/run/none", "99999999"):
        with pytest.raises(NetnsError, match="not found"):
            run(["a", missing], "touch", "/run/made")
    assert not os.path.exists("/run/made")
    check = run(["a", "none"], "touch", "/run/made", check=True)
    assert check["warnings"] == [
        "Namespace none does not exist yet: an earlier task would have created it"
    ]
    assert check["skipped"]
    assert not os.path.exists("/run/made")


def test_secrets_stay_out_of_what_is_told():
    witness.sh("ip netns add a")
    result = run(["a"], "false", stdin="s3cret", environment={"PASSWORD": "s3cret"})
    assert result["failed"]
    assert "s3cret" not in repr(result)


def threaded():
    """Run a command while another thread is at work, as in a process that serves many tasks."""
    witness.sh("ip netns add a")
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        return run(["a"], "readlink", "/proc/self/ns/net")["stdout"]
    finally:
        done.set()
        other.join()


@pytest.mark.makes_machines
def test_another_thread_does_no_harm():
    assert machine.run(threaded).startswith("net:[")
