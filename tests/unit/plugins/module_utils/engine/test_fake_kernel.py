# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel in memory knows every operation, and modules of all resources work on it."""

from __future__ import annotations

import copy
import importlib
import pkgutil

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils import _resources
from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Address
from ansible_collections.linuxnet.netns.plugins.module_utils._core.operation import Operation
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.fake_kernel import (
    FakeKernel,
    snapshot,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

MAC = "02:00:00:00:09:09"
V1 = {"netns": "a", "link": "v1"}
DEVICE = {"private_key": "A" * 43 + "=", "listen_port": 51820}
TASKS = {
    "rules": [("netns_rule", {"netns": "a", "priority": 7, "from": "10.0.0.0/24", "table": "9"})],
    "nexthop objects": [
        (
            "netns_nexthop",
            {
                "netns": "a",
                "nexthops": [{"id": 9, "group": [{"id": 1}]}, {"id": 1, "dev": "v1"}],
            },
        ),
        ("netns_nexthop", {"netns": "a", "id": 1, "via": "10.0.0.9", "dev": "v1"}),
        ("netns_nexthop", {"netns": "a", "id": 1, "state": "absent", "force": True}),
    ],
    "neighbours": [("netns_neigh", {**V1, "address": "10.0.0.9", "mac": MAC})],
    "parameters": [("netns_sysctl", {"netns": "a", "sysctls": {"net.ipv4.ip_forward": 1}})],
    "a queueing discipline": [
        ("netns_qdisc", {**V1, "kind": "tbf", "rate": "1mbit", "burst": "10kb", "limit": "9kb"}),
        ("netns_qdisc", {**V1, "kind": "tbf", "rate": "2mbit", "burst": "10kb", "limit": "9kb"}),
        ("netns_qdisc", {**V1, "state": "absent"}),
    ],
    "masquerading": [("netns_masquerade", {"netns": "a", "name": "m", "source": ["10.0.0.0/24"]})],
    "name resolution": [("netns_dns", {"netns": "a", "nameservers": ["192.0.2.53"]})],
    "WireGuard": [
        ("netns_link", {"netns": "a", "name": "wg", "type": "wireguard", "wireguard": DEVICE}),
        (
            "netns_link",
            {"netns": "a", "name": "wg", "type": "wireguard", "wireguard": {"listen_port": 5}},
        ),
    ],
    "a bridge": [
        ("netns_link", {"netns": "a", "name": "br", "type": "bridge", "bridge": {"ageing": 70}}),
        ("netns_link", {"netns": "a", "name": "br", "type": "bridge", "bridge": {"ageing": 80}}),
        ("netns_link", {"netns": "a", "name": "br", "state": "absent"}),
    ],
}


def every_operation():
    """Yield the class of each operation of each resource."""
    for each in pkgutil.walk_packages(_resources.__path__, f"{_resources.__name__}."):
        if each.name.endswith(".operations"):
            importlib.import_module(each.name)
    todo = [Operation]
    while todo:
        classes = todo.pop().__subclasses__()
        yield from (each for each in classes if each.__module__.startswith(_resources.__name__))
        todo += classes


def test_it_knows_every_operation():
    found = {each.__name__ for each in every_operation()}
    assert len(found) > 40
    assert sorted(name for name in found if not hasattr(FakeKernel, f"_{name}")) == []


def lab():
    """Return two namespaces with a cable between them."""
    kernel = FakeKernel()
    near, _far = kernel.pair(("a", "v1"), ("b", "v2"), up=True)
    near.addresses = [Address("v1", "10.0.0.1/24", label="v1", broadcast="10.0.0.255")]
    return kernel


@pytest.mark.parametrize("name", TASKS)
def test_modules_of_all_resources_work_on_it(name):
    kernel = lab()
    for module, params in TASKS[name]:
        before = snapshot(kernel)
        promised = modules.run(module, check=True, kernel=kernel, **params)
        assert snapshot(kernel) == before
        result = modules.run(module, kernel=kernel, **params)
        assert result["commands"] == promised["commands"] != []
        assert snapshot(kernel) != before
        assert not modules.run(module, kernel=kernel, **params)["changed"]


class Failing(FakeKernel):
    """Refuses one of its writes."""

    def __init__(self, of, number):
        vars(self).update({**vars(copy.deepcopy(of)), "log": []})
        self.number = number

    def apply(self, step, coming=()):
        if len(self.log) + 1 == self.number:
            self.log.append(step)
            raise KernelError(1, step.phrase(), "no")
        super().apply(step, coming)


@pytest.mark.parametrize("name", TASKS)
def test_they_roll_back_whatever_fails(name):
    kernel = lab()
    for module, params in TASKS[name]:
        steps = modules.run(module, kernel=copy.deepcopy(kernel), **params)["commands"]
        for number in range(1, len(steps) + 1):
            failing = Failing(kernel, number)
            with pytest.raises(NetnsError) as failed:
                modules.run(module, kernel=failing, **params)
            assert rolled_back(str(failed.value), ": no")
            assert snapshot(failing) == snapshot(kernel), number
        modules.run(module, kernel=kernel, **params)
