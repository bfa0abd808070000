# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single tasks beside what others have set, each operation failing before and after it was done.

All that iproute2, nft and /proc/sys tell is as before then.
"""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._kernel import kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._model.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)

LAB = """
ip netns add n
ip -n n link set lo up
ip -n n link add e1 address 02:00:00:00:00:e1 type veth peer name e2 address 02:00:00:00:00:e2
ip -n n link set e1 up
ip -n n link set e2 up
ip -n n addr add 10.0.0.1/24 dev e1
ip -n n addr add 2001:db8:1::2/64 dev e1 nodad
ip -n n neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev e1
ip -n n -6 neigh add 2001:db8:1::77 lladdr 02:00:00:00:00:77 router dev e1
ip -n n -6 route add 2001:db8:5::/48 via 2001:db8:1::9
ip netns exec n sysctl -qw net.ipv4.conf.e1.forwarding=1 net.ipv6.conf.e1.forwarding=1 \\
  net.ipv4.conf.e2.rp_filter=2 net.ipv6.conf.e2.disable_ipv6=1
"""
TASKS = {
    # What is for all links is written to each of them, also to those that others have set.
    "forwarding": (
        "netns_sysctl",
        {"sysctls": {"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1}},
    ),
    "no IPv6": ("netns_sysctl", {"sysctls": {"net.ipv6.conf.all.disable_ipv6": 1}}),
}


def attempt(name, number, done):
    """Return how a machine differs after an operation has failed, and what was said, if any did."""
    module, params = TASKS[name]
    witness.sh("ip link set lo up", LAB)
    before, addresses = witness.whole(), witness.made_of_macs()
    apply, told = kernel.Kernel.apply, []

    def failing(self, step):
        told.append(step)
        if len(told) != number or done:
            apply(self, step)
        if len(told) == number:
            raise KernelError(1, step.phrase(), "injected")

    kernel.Kernel.apply = failing
    try:
        modules.run(module, netns="n", **params)
    except NetnsError as error:
        return str(error), witness.becomes_whole(before, addresses)
    return "", []


@pytest.mark.parametrize("done", [False, True], ids=["refused", "done, and then refused"])
@pytest.mark.parametrize("name", TASKS)
def test_all_is_as_it_was(name, done):
    for number in range(1, 20):
        said, found = machine.run(attempt, name, number, done)
        if not said:
            assert number > 1
            return
        assert found == [], (number, said)
        assert "could not be undone" not in said
    pytest.fail("there was no end of operations")
