# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kernel parameters on the live kernel: the files below /proc/sys, read by cat, are the witness."""

from __future__ import annotations

import os
import time
from unittest import mock

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    kernel as sysctl_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    kernel_read as sysctl_read,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    state as sysctl,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

GIVEN = (
    "ip netns add a",
    "ip -n a link set lo up",
    "ip link add v1 netns a type veth peer name v2",
    "ip link add eth0.1 netns a type veth peer name v3",
    "ip link set v2 up",
    "ip -n a link set v1 up",
    "ip -n a addr add 10.0.0.1/24 dev v1",
    "ip -n a addr add 2001:db8::1/64 dev v1 nodad",
    "ip -n a -6 route add 2001:db8:9::/48 via 2001:db8::9",
    "nsenter --net=/run/netns/a sh -c 'cd /proc/sys/net/ipv4/conf;"
    " echo 1 >v1/forwarding; echo 0 >all/accept_redirects; echo 2 >v1/rp_filter'",
)
VALUES = {
    "net.ipv4.conf.v1.forwarding": 0,
    "net.ipv4.ip_forward": 1,
    "net.ipv4.conf.default.rp_filter": 1,
    "net.ipv4.conf.eth0/1.rp_filter": 0,
    "net.ipv4.tcp_rmem": [4096, 131072, 6291456],
    "net.ipv4.ip_local_reserved_ports": "8081,8080,9000",
    "net.ipv6.conf.v1.disable_ipv6": 1,
}


def cat(key, netns="a"):
    enter = f"nsenter --net=/run/netns/{netns} " if netns else ""
    return witness.sh(f"{enter}cat '/proc/sys/{key}'").split()


def settled():
    """Return links, addresses and routes, once the kernel has done what it does by itself."""
    last = None
    while (found := witness.state()) != last:
        last = found
        time.sleep(0.05)
    return found


def parameters(netns="a"):
    """Return all parameters that can be read, but for those that count something."""
    said = witness.sh(
        f"nsenter --net=/run/netns/{netns} grep -rs . /proc/sys/net || :",
    )
    return {line for line in said.splitlines() if "_count:" not in line}


def test_check_mode_predicts_the_real_run_and_a_second_one_writes_nothing():
    witness.sh(*GIVEN)
    was = parameters()
    check = modules.run("netns_sysctl", check=True, netns="a", sysctls=VALUES)
    assert parameters() == was
    real = modules.run("netns_sysctl", netns="a", sysctls=VALUES)
    assert real == check
    assert real["changed"]
    assert cat("net/ipv4/ip_forward") == ["1"]
    assert cat("net/ipv4/conf/v1/forwarding") == ["0"]
    assert cat("net/ipv4/conf/default/rp_filter") == ["1"]
    assert cat("net/ipv4/conf/eth0.1/rp_filter") == ["0"]
    assert cat("net/ipv4/tcp_rmem") == ["4096", "131072", "6291456"]
    assert cat("net/ipv4/ip_local_reserved_ports") == ["8080-8081,9000"]
    assert cat("net/ipv6/conf/v1/disable_ipv6") == ["1"]
    assert cat("net/ipv4/ip_forward", netns="") == ["0"]
    with mock.patch.object(sysctl_apply, "_put", side_effect=AssertionError("a write")):
        again = modules.run("netns_sysctl", netns="a", sysctls=VALUES)
    assert (again["changed"], again["commands"]) == (False, [])
    assert again["sysctls"] == real["sysctls"]


def test_commands_replayed_with_sh_come_to_the_same():
    witness.sh(*GIVEN)
    witness.sh(*modules.run("netns_sysctl", check=True, netns="a", sysctls=VALUES)["commands"])
    replayed = modules.run("netns_sysctl", netns="a", sysctls=VALUES)
    assert (replayed["changed"], replayed["commands"]) == (False, [])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("net.ipv4.tcp_rmem", "5000 x 3", "Invalid argument"),
        ("net.ipv4.tcp_ecn", 77, "Invalid argument"),
        ("net.ipv4.tcp_ecn", "", "Invalid argument"),
        ("net.ipv4.tcp_congestion_control", "nobody", "No such file or directory"),
        ("net.ipv4.neigh.v1.delay_first_probe_time", "0x", "Invalid argument"),
    ],
)
def test_what_the_kernel_refuses_leaves_no_trace(name, value, says):
    witness.sh(*GIVEN)
    was, shown = parameters(), settled()
    with pytest.raises(NetnsError) as refused:
        modules.run("netns_sysctl", netns="a", sysctls={**VALUES, name: value})
    assert says in str(refused.value)
    assert parameters() == was
    assert witness.differences(shown, witness.becomes(shown)) == []


def test_a_value_of_which_the_kernel_makes_another_one_is_told_and_put_back():
    witness.sh(*GIVEN)
    was = parameters()
    # Of several numbers, the kernel takes the first one where it has but one.
    values = {"net.ipv4.tcp_sack": 0, "net.ipv4.conf.v1.rp_filter": "1 2"}
    with pytest.raises(NetnsError, match="the kernel stored '1' instead"):
        modules.run("netns_sysctl", netns="a", sysctls=values)
    assert parameters() == was


def test_a_namespace_that_is_not_there_is_supposed_with_what_new_ones_have():
    asked = {"net.ipv4.ip_forward": 1, "net.ipv4.ip_default_ttl": 64, "net.ipv4.conf.v1.tag": 3}
    check = modules.run("netns_sysctl", check=True, netns="a", sysctls=asked)
    assert not os.path.exists("/run/netns")
    witness.sh("ip netns add a", "ip -n a link add v1 type veth peer name v2")
    real = modules.run("netns_sysctl", netns="a", sysctls=asked)
    assert (real["diff"], real["commands"]) == (check["diff"], check["commands"])


def look(fd, keys):
    """Return of what kind parameters are, as read through a socket of a namespace."""
    sock = mock.Mock()
    sock.namespace.return_value = fd
    return {key: each.kind for key, each in sysctl_read.of_socket(sock, keys).items()}


def test_every_file_that_a_new_namespace_may_write_is_its_own_and_no_other():
    witness.sh("ip netns add a")
    found = witness.sh(
        "nsenter --net=/run/netns/a find /proc/sys/net -type f -printf '%m %P\\n'"
    ).splitlines()
    modes = {f"net/{path}": int(mode, 8) for mode, path in (each.split() for each in found)}
    kinds = look(os.open("/run/netns/a", os.O_RDONLY), list(modes))
    for key, mode in modes.items():
        expected = {
            0o644: {sysctl.OWN},
            0o600: {sysctl.OWN},
            0o444: {sysctl.READ_ONLY, sysctl.GLOBAL},
            0o200: {sysctl.WRITE_ONLY},
        }[mode]
        assert kinds[key] in expected or key in sysctl_read.GLOBAL_ALWAYS, key


@pytest.mark.makes_machines
def test_the_parameters_of_the_machine_are_told_from_those_of_its_first_namespace():
    """Nothing is written: the first namespace, where this runs in it, is only read."""
    with open("/proc/thread-self/ns/net", encoding="ascii") as here:
        if os.geteuid() != 0 or not os.path.exists("/proc/sys/net/core/dev_weight"):
            pytest.skip("This does not run as root in the machine's first network namespace")
        keys = ["net/core/dev_weight", "net/core/netdev_max_backlog", "net/ipv4/ip_forward"]
        keys += ["net/core/rmem_max", "net/ipv4/conf/lo/rp_filter", "net/ipv4/tcp_mem"]
        kinds = machine.in_child(look, os.dup(here.fileno()), keys)
    assert {key for key in keys if kinds[key] == sysctl.OWN} == {
        "net/ipv4/ip_forward",
        "net/ipv4/conf/lo/rp_filter",
    }
    assert {kinds[key] for key in keys} == {sysctl.OWN, sysctl.GLOBAL}


def attempt(number):
    """Return what is there before and after a run whose write of a number fails, and its words."""
    witness.sh(*GIVEN)
    before = parameters(), settled()
    real, count = sysctl_apply._put, []

    def put(key, value):
        count.append(key)
        if len(count) == number:
            raise PermissionError(1, "injected")
        real(key, value)

    said = None
    with mock.patch.object(sysctl_apply, "_put", put):
        try:
            modules.run("netns_sysctl", netns="a", sysctls=VALUES)
        except NetnsError as error:
            said = str(error)
    shown = witness.becomes(before[1])
    return before, (parameters(), shown), said, len(count)


@pytest.mark.makes_machines
def test_a_write_that_fails_leaves_no_trace():
    for number in range(1, 99):
        before, after, said, count = machine.run(lambda number=number: attempt(number))
        if count < number:
            assert number > len(VALUES)
            assert said is None
            return
        assert "Operation not permitted" in said, said
        assert rolled_back(said, "Operation not permitted"), said
        assert before[0] == after[0], (number, before[0] ^ after[0])
        assert witness.differences(before[1], after[1]) == [], number
    pytest.fail("there was no end of writes")


SECRET = "net.ipv6.conf.v1.stable_secret"
FULL = "2001:0db8:0000:0000:0000:0000:0000:00ab"


@pytest.mark.parametrize("stated", ["2001:DB8::AB", "2001:db8::ab", FULL, FULL.upper()])
def test_a_secret_may_be_stated_as_any_address_is(stated):
    witness.sh(*GIVEN)
    check = modules.run("netns_sysctl", check=True, netns="a", sysctls={SECRET: stated})
    real = modules.run("netns_sysctl", netns="a", sysctls={SECRET: stated})
    assert real == check
    assert real["changed"]
    assert cat(sysctl.shown(SECRET)) == [FULL]
    for other in ("2001:DB8::AB", FULL, FULL.upper()):
        assert not modules.run("netns_sysctl", netns="a", sysctls={SECRET: other})["changed"]


def test_what_cannot_be_unset_comes_last_and_what_fails_before_it_is_undone():
    witness.sh(*GIVEN)
    was = parameters()
    wrong = {SECRET: "2001:db8::1", "net.ipv4.tcp_ecn": 77}
    with pytest.raises(NetnsError, match="Invalid argument"):
        modules.run("netns_sysctl", netns="a", sysctls=wrong)
    assert parameters() == was


@pytest.mark.parametrize(
    ("key", "stated"),
    [
        ("net.ipv4.neigh.v1.retrans_time_ms", "1001"),
        ("net.ipv4.neigh.v1.base_reachable_time_ms", "0x7531"),
        ("net.ipv4.neigh.default.locktime", "33"),
        ("net.ipv6.neigh.v1.proxy_delay", "1"),
        ("net.ipv6.conf.v1.mldv1_unsolicited_report_interval", "9999"),
        ("net.ipv4.icmp_ratelimit", "1003"),
        ("net.ipv6.icmp.ratelimit", "7"),
        ("net.ipv4.tcp_fastopen_key", "A-B-C-D"),
        ("net.ipv4.ip_local_port_range", "0x8000   60999"),
        ("net.ipv4.ip_local_reserved_ports", "8083,8080-8082,9000-9000"),
        ("net.ipv4.ping_group_range", "0 010"),
        ("net.ipv4.conf.v1.rp_filter", "-0"),
        ("net.core.rps_default_mask", "00000001"),
    ],
)
def test_what_the_kernel_shows_in_another_form_is_no_difference(key, stated):
    witness.sh(*GIVEN)
    modules.run("netns_sysctl", netns="a", sysctls={"net.ipv4.conf.v1.rp_filter": 1})
    if not os.path.exists(f"/proc/sys/{key.replace('.', '/').replace('v1', 'default')}"):
        pytest.skip(f"This kernel has no {key}")
    check = modules.run("netns_sysctl", check=True, netns="a", sysctls={key: stated})
    real = modules.run("netns_sysctl", netns="a", sysctls={key: stated})
    assert real == check
    again = modules.run("netns_sysctl", netns="a", sysctls={key: stated})
    assert not again["changed"]
    assert real["sysctls"] == again["sysctls"]


def test_every_number_may_be_stated_in_another_base():
    """Of all that a namespace has, what is there is no change, however it is stated."""
    witness.sh(*GIVEN)
    values = {}
    for line in sorted(parameters()):
        path, _colon, text = line.partition(":")
        words = text.split()
        mode = witness.sh(f"nsenter --net=/run/netns/a stat -c %a '{path}'").strip()
        if mode != "644" or not all(word.isdigit() for word in words):
            continue
        key = path[len("/proc/sys/") :]
        if key.rpartition("/")[2] in (*sysctl.HEXADECIMAL, "ip_local_reserved_ports"):
            continue
        values[key] = " ".join(hex(int(word)) for word in words)
    assert len(values) > 200
    done = modules.run("netns_sysctl", netns="a", sysctls=values)
    assert not done["changed"], done["commands"]
