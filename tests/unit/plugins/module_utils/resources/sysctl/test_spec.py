# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of kernel parameters, and what becomes of it."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    state as sysctl,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.spec import (
    SysctlsSpec,
    key,
)


def desired(**options):
    return SysctlsSpec.of(
        {"netns": "a", "name": None, "value": None, "sysctls": None, **options}
    ).values


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
        ("net/ipv4/ip_forward", "net/ipv4/ip_forward"),
        ("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding"),
        ("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding"),
        ("net.bridge.bridge-nf-call-iptables", "net/bridge/bridge-nf-call-iptables"),
    ],
)
def test_a_name_is_read_as_sysctl_reads_it(text, path):
    assert key(text) == path
    assert key(sysctl.shown(path)) == path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net", "parameter 'net' is a directory; name a file in it, as"),
        ("net.", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net..ipv4", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net/../kernel/hostname", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net/ipv4/./ip_forward", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net.ipv4.//.ip_forward", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("net/ipv4/ip_forward\0", "' is not a valid name; write it as net.ipv4.ip_forward"),
        (" net.ipv4.ip_forward", "' is not a valid name; write it as net.ipv4.ip_forward"),
        ("../net/ipv4/ip_forward", "' is not a valid name; write it as net.ipv4.ip_forward"),
        (
            "/proc/sys/net/ipv4/ip_forward",
            "parameter '/proc/sys/net/ipv4/ip_forward' must be named as in",
        ),
        ("/etc/passwd", "parameter '/etc/passwd' must be named as in sysctl(8), for example"),
        (
            "kernel.hostname",
            "parameter kernel.hostname does not belong to network namespaces, only",
        ),
        ("user.max_net_namespaces", "user.* belongs to user namespaces"),
        ("vm.swappiness", "vm.* is the whole machine's"),
        ("fs/file-max", "fs.* is the whole machine's"),
        ("net.ipv4.conf.a-name-that-is-too-long.forwarding", "at most 15 bytes"),
    ],
)
def test_what_is_no_parameter_of_a_namespace_is_refused(text, told):
    with pytest.raises(BadInput) as refused:
        key(text)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        (1, "1"),
        ("1", "1"),
        (True, "1"),
        (False, "0"),
        (-1, "-1"),
        ("0x100", "256"),
        ("-0x10", "-16"),
        ("010", "8"),
        ("0", "0"),
        ("4096\t131072   6291456\n", "4096 131072 6291456"),
        ([4096, "131072", 6291456], "4096 131072 6291456"),
        ("cubic", "cubic"),
        ("", ""),
        ("8081,8080,9000", "8080-8081,9000"),
        ("5,1-3,2-4,7", "1-5,7"),
        ("7-7", "7"),
        ("00000000-00000000-00000000-00000000", "00000000-00000000-00000000-00000000"),
    ],
)
def test_a_value_is_brought_into_the_form_of_the_kernel(stated, value):
    assert desired(name="net.x.y", value=stated) == (("net/x/y", value),)
    assert sysctl.value("net/x/y", value) == value


def test_a_mask_in_hexadecimal_is_no_octal_number():
    assert desired(name="net.core.rps_default_mask", value="010")[0][1] == "10"


@pytest.mark.parametrize("stated", [None, {"a": 1}, 1.5, "1\0", [[None]]])
def test_a_value_that_is_none_is_refused(stated):
    with pytest.raises(BadInput, match=r"of net\.x\.y must"):
        desired(sysctls={"net.x.y": stated})


def test_wider_parameters_come_first_and_the_others_keep_their_order():
    stated = [
        "net.ipv4.conf.v1.forwarding",
        "net.ipv4.tcp_sack",
        "net.ipv4.conf.default.forwarding",
        "net.ipv4.conf.all.accept_redirects",
        "net.ipv4.ip_default_ttl",
        "net.ipv4.ip_forward",
    ]
    ordered = [sysctl.shown(each) for each, _value in desired(sysctls=dict.fromkeys(stated, 1))]
    assert ordered == [
        "net.ipv4.ip_forward",
        "net.ipv4.tcp_sack",
        "net.ipv4.conf.all.accept_redirects",
        "net.ipv4.ip_default_ttl",
        "net.ipv4.conf.default.forwarding",
        "net.ipv4.conf.v1.forwarding",
    ]


def test_one_parameter_with_two_values_is_refused():
    with pytest.raises(
        BadInput, match=r"net\.ipv4\.conf\.all\.forwarding is listed twice, with '1' and with '0'"
    ):
        desired(sysctls={"net.ipv4.ip_forward": 1, "net.ipv4.conf.all.forwarding": 0})
    with pytest.raises(BadInput, match="net/x/y is listed twice, with '1' and with '2'"):
        desired(sysctls={"net.x.y": 1, "net/x/y": 2})
    assert desired(sysctls={"net.x.y": 1, "net/x/y": "0x1"}) == (("net/x/y", "1"),)


def test_none_at_all_is_refused():
    with pytest.raises(BadInput, match="sysctls is empty"):
        desired(sysctls={})


@pytest.mark.parametrize(
    ("name", "stated", "value"),
    [
        ("net.ipv6.conf.all.stable_secret", "FE80::1", "fe80:" + "0000:" * 6 + "0001"),
        ("net.ipv6.conf.all.stable_secret", "none", "none"),
        ("net.ipv4.tcp_fastopen_key", "A-b-0-1", "0000000a-0000000b-00000000-00000001"),
        ("net.ipv4.tcp_fastopen_key", "A-b", "A-b"),
        ("net.core.rps_default_mask", "00000000,0000000F", "f"),
        ("net.netfilter.nf_log.2", "none", "NONE"),
        ("net.ipv4.tcp_sack", "-0", "0"),
        ("net.ipv4.tcp_congestion_control", "Reno", "Reno"),
    ],
)
def test_a_value_has_the_form_in_which_the_kernel_shows_that_parameter(name, stated, value):
    assert desired(name=name, value=stated)[0][1] == value
    assert sysctl.value(desired(name=name, value=stated)[0][0], value) == value


@pytest.mark.parametrize(
    ("ticks", "key", "stated", "shown"),
    [
        (250, "net/ipv4/neigh/v/retrans_time_ms", "1001", "1004"),
        (1000, "net/ipv4/neigh/v/retrans_time_ms", "1001", "1001"),
        (300, "net/ipv4/neigh/v/retrans_time_ms", "10", "10"),
        (100, "net/ipv6/icmp/ratelimit", "1", "10"),
        (250, "net/ipv4/neigh/v/locktime", "1", "0"),
        (250, "net/ipv4/neigh/v/locktime", "33", "32"),
        (100, "net/ipv4/neigh/v/locktime", "33", "33"),
        (250, "net/ipv4/neigh/v/gc_stale_time", "33", "33"),
        (250, "net/ipv4/neigh/v/retrans_time_ms", "x", "x"),
    ],
)
def test_times_are_kept_in_ticks(monkeypatch, ticks, key, stated, shown):
    monkeypatch.setattr(sysctl, "_ticks", lambda: ticks)
    assert sysctl.kept(key, stated) == shown
