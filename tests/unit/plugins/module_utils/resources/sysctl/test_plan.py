# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From parameters that are there and those that are wanted to operations."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    state as sysctl,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.operations import (
    WriteSysctl,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.plan import (
    plan,
    shown_parameters,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.spec import (
    SysctlsSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.state import Sysctl

V4 = "net/ipv4/conf"
HAVE = {
    "net/ipv4/ip_forward": Sysctl("0"),
    f"{V4}/all/forwarding": Sysctl("0"),
    f"{V4}/default/forwarding": Sysctl("0"),
    f"{V4}/v1/forwarding": Sysctl("1"),
    f"{V4}/all/accept_redirects": Sysctl("1"),
    "net/ipv4/tcp_rmem": Sysctl("1 2 3"),
    "net/ipv6/conf/all/disable_ipv6": Sysctl("0"),
    "net/ipv6/conf/v1/disable_ipv6": Sysctl("0"),
    "net/ipv6/conf/v1/stable_secret": Sysctl(None),
    "net/core/rmem_max": Sysctl("9", sysctl.GLOBAL),
    "net/ipv4/tcp_available_congestion_control": Sysctl("reno", sysctl.READ_ONLY),
    "net/ipv4/route/flush": Sysctl(None, sysctl.WRITE_ONLY),
    "net/nope": Sysctl(None, sysctl.MISSING),
    "net/ipv4/conf/eth0/1/forwarding": Sysctl(None, sysctl.MISSING),
    f"{V4}/v9/forwarding": Sysctl(None, sysctl.MISSING),
    f"{V4}/v1/nope": Sysctl(None, sysctl.MISSING),
    f"{V4}/default/nope": Sysctl(None, sysctl.MISSING),
}
# What the kernel may change along with the forwarding of all.
AROUND = (
    ("net/ipv4/ip_forward", "0"),
    (f"{V4}/default/forwarding", "0"),
    (f"{V4}/v1/forwarding", "1"),
    (f"{V4}/all/accept_redirects", "1"),
)


def draft_of(values, assume_exists=False, state="present"):
    links = {"lo": Link("lo"), "v1": Link("v1", kind="veth")}
    host = HostState({"a": NamespaceState("a", state, links=links, sysctls=dict(HAVE))}, {"a": "a"})
    desired = SysctlsSpec.of({"netns": "a", "sysctls": values})
    builder = PlanBuilder(host, assume_exists)
    plan(builder, desired)
    return builder, desired


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ({"net.ipv4.ip_forward": 0}, []),
        ({"net.ipv4.tcp_rmem": "1\t2\t3"}, []),
        (
            {"net.ipv4.tcp_rmem": [4, 5, 6]},
            [WriteSysctl("a", "net/ipv4/tcp_rmem", "4 5 6", "1 2 3")],
        ),
        (
            {"net.ipv4.conf.all.forwarding": 1},
            [WriteSysctl("a", f"{V4}/all/forwarding", "1", "0", AROUND)],
        ),
        # What the wider write may reach is stated again.
        (
            {
                "net.ipv4.conf.v1.forwarding": 1,
                "net.ipv4.conf.default.forwarding": 0,
                "net.ipv4.conf.all.forwarding": 1,
            },
            [
                WriteSysctl("a", f"{V4}/all/forwarding", "1", "0", AROUND),
                WriteSysctl(
                    "a",
                    f"{V4}/default/forwarding",
                    "0",
                    "0",
                    ((f"{V4}/v1/forwarding", "1"),),
                ),
                WriteSysctl("a", f"{V4}/v1/forwarding", "1", "1"),
            ],
        ),
        (
            {"net.ipv4.conf.all.forwarding": 0, "net.ipv4.conf.v1.forwarding": 1},
            [],
        ),
        (
            {"net.ipv6.conf.all.disable_ipv6": 1},
            [
                WriteSysctl(
                    "a",
                    "net/ipv6/conf/all/disable_ipv6",
                    "1",
                    "0",
                    (("net/ipv6/conf/v1/disable_ipv6", "0"),),
                    links=("lo", "v1"),
                )
            ],
        ),
        (
            {"net.ipv6.conf.v1.disable_ipv6": 1},
            [WriteSysctl("a", "net/ipv6/conf/v1/disable_ipv6", "1", "0", links=("v1",))],
        ),
    ],
)
def test_have_and_want_make_operations(values, steps):
    builder, desired = draft_of(values)
    assert builder.steps == steps
    assert shown_parameters(builder.host.namespaces["a"], desired) == {
        sysctl.shown(key): value for key, value in sorted(desired.values)
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("net.nope", "parameter net.nope not found in namespace a"),
        (
            "net.core.rmem_max",
            "parameter net.core.rmem_max cannot be set in namespace a: it is global,",
        ),
        (
            "net.ipv4.tcp_available_congestion_control",
            "parameter net.ipv4.tcp_available_congestion_control is read-only in",
        ),
        (
            "net.ipv4.route.flush",
            "parameter net.ipv4.route.flush is write-only: it triggers an action and",
        ),
        (
            "net.ipv4.conf.eth0.1.forwarding",
            "parameter net.ipv4.conf.eth0.1.forwarding not found in namespace a;",
        ),
        ("net.ipv4.conf.v9.forwarding", "link v9 not found in namespace a"),
        ("net.ipv4.conf.v1.nope", "parameter net.ipv4.conf.v1.nope not found in namespace a"),
    ],
)
def test_a_parameter_that_cannot_be_set_is_refused_with_all_others(name, says):
    with pytest.raises(NetnsError) as refused:
        draft_of({"net.ipv4.ip_forward": 1, name: 1})
    assert says in str(refused.value)


def test_check_mode_supposes_a_link_with_what_new_links_get():
    builder, desired = draft_of({"net.ipv4.conf.v9.forwarding": 1}, assume_exists=True)
    assert builder.steps == [WriteSysctl("a", f"{V4}/v9/forwarding", "1", "0")]
    assert "link v9 does not exist in namespace a yet" in builder.warnings[0]
    assert shown_parameters(builder.before.namespaces["a"], desired) == {
        "net.ipv4.conf.v9.forwarding": "0"
    }


def test_check_mode_supposes_a_namespace_with_what_new_ones_have():
    builder = draft_of({"net.ipv4.ip_forward": 1}, assume_exists=True, state="absent")[0]
    assert [step.key for step in builder.steps] == ["net/ipv4/ip_forward"]
    assert "namespace a does not exist yet" in builder.warnings[0]
    assert draft_of({"net.ipv4.ip_forward": 0}, assume_exists=True, state="absent")[0].steps == []
    with pytest.raises(NetnsError, match="namespace a not found; create it first"):
        draft_of({"net.ipv4.ip_forward": 1}, state="absent")


def test_the_way_back_puts_the_old_value_and_what_changed_along():
    step = WriteSysctl("a", f"{V4}/all/forwarding", "1", "0", AROUND)
    back = step.inverse()
    assert (back.key, back.new, back.old, back.also) == (step.key, "0", "1", AROUND)
    assert WriteSysctl("a", "net/ipv6/conf/v1/stable_secret", "::1", None).inverse() is None


@pytest.mark.parametrize(
    ("netns", "command"),
    [
        ("", "sysctl -w 'net.ipv4.tcp_rmem=4 5 6'"),
        ("a b", "ip netns exec 'a b' sysctl -w 'net.ipv4.tcp_rmem=4 5 6'"),
        ("/proc/7/ns/net", "nsenter --net=/proc/7/ns/net sysctl -w 'net.ipv4.tcp_rmem=4 5 6'"),
    ],
)
def test_commands_say_the_same_to_sh(netns, command):
    assert WriteSysctl(netns, "net/ipv4/tcp_rmem", "4 5 6", "1 2 3").command() == command
