# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every module, each with values that nobody means: from the argument specs."""

from __future__ import annotations

import copy
import importlib

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.linuxnet.netns.plugins.module_utils._core.options import check
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import job as _exec
from ansible_collections.linuxnet.netns.plugins.module_utils._info import job as _survey
from ansible_collections.linuxnet.netns.plugins.module_utils._ping import job as _ping
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

KEY = "A" * 43 + "="
V4, V6 = "10.0.0.1/24", "2001:db8::1/64"
# What each module is told besides: valid, so that one value alone is wrong.
BASES = {
    "netns": [{"name": ["n1"]}, {"name": ["a"], "state": "absent"}],
    "netns_addr": [
        {"netns": "a", "link": "v1", "address": [V4]},
        {"netns": "a", "link": "v1", "address": [V6]},
    ],
    "veth": [{"name": "w1", "netns": "a", "peer": {"name": "w2", "netns": "b"}}],
    "netns_link": [
        {"name": "v1", "netns": "a", "bridge_port": {}},
        {"name": "v1", "netns": "b", "move_from": "a"},
        {"name": "k1", "netns": "a", "type": "bridge", "bridge": {}},
        {"name": "k1", "netns": "a", "type": "vlan", "parent": "v1", "vlan": {"id": 7}},
        {"name": "k1", "netns": "a", "type": "vxlan", "vxlan": {"id": 7, "dstport": 4789}},
        {"name": "k1", "netns": "a", "type": "macvlan", "parent": "v1", "macvlan": {}},
        {"name": "k1", "netns": "a", "type": "vrf", "vrf": {"table": 7}},
        {"name": "k1", "netns": "a", "type": "bond", "bond": {}},
        {"name": "k1", "netns": "a", "type": "tun", "tun": {}},
        {"name": "k1", "netns": "a", "type": "gre", "gre": {}},
        {"name": "k1", "netns": "a", "type": "geneve", "geneve": {"id": 7, "remote": "10.0.0.9"}},
        {
            "name": "k1",
            "netns": "a",
            "type": "wireguard",
            "wireguard": {"peers": [{"public_key": KEY}]},
        },
    ],
    "netns_route": [
        {"netns": "a", "dst": ["192.0.2.0/24"], "via": "10.0.0.9"},
        {"netns": "a", "dst": ["2001:db8:7::/64"], "via": "2001:db8::9"},
        {"netns": "a", "dst": ["192.0.2.0/24"], "nhid": 7},
        {
            "netns": "a",
            "dst": ["192.0.2.0/24"],
            "nexthops": [{"via": "10.0.0.8", "dev": "v1"}, {"via": "10.0.0.9", "dev": "v1"}],
        },
    ],
    "netns_nexthop": [
        {"netns": "a", "id": 7, "via": "10.0.0.9", "dev": "v1"},
        {"netns": "a", "nexthops": [{"id": 7, "blackhole": True}]},
        {"netns": "a", "id": 8, "group": [{"id": 7, "weight": 2}]},
    ],
    "netns_rule": [
        {"netns": "a", "priority": 100, "table": "100"},
        {"netns": "a", "rules": [{"priority": 100, "table": "100"}]},
    ],
    "netns_neigh": [
        {"netns": "a", "link": "v1", "address": "10.0.0.9", "mac": "02:00:00:00:00:09"},
        {"netns": "a", "link": "v1", "entries": [{"address": "10.0.0.9", "proxy": True}]},
        {"netns": "a", "link": "v1", "kind": "fdb", "mac": "02:00:00:00:00:09"},
    ],
    "netns_sysctl": [
        {"netns": "a", "name": "net.ipv4.ip_forward", "value": 1},
        {"netns": "a", "sysctls": {"net.ipv4.conf.v1.forwarding": 1}},
    ],
    "netns_qdisc": [
        {
            "netns": "a",
            "link": "v1",
            "kind": "tbf",
            "rate": "1mbit",
            "burst": "2000",
            "limit": "4000",
        },
        {"netns": "a", "link": "v1", "kind": "netem", "delay": "1ms"},
        {"netns": "a", "link": "v1", "kind": "fq_codel"},
        {
            "netns": "a",
            "link": "v1",
            "kind": "htb",
            "classes": [{"classid": "1:10", "rate": "1mbit"}],
        },
    ],
    "netns_dns": [
        {
            "netns": "a",
            "nameservers": ["192.0.2.1"],
            "entries": [{"address": "::1", "names": ["x"]}],
        }
    ],
    "netns_masquerade": [{"netns": "a", "name": "out", "source": ["10.0.0.0/24"]}],
    "netns_ping": [{"from": ["a"], "to": ["b"], "timeout": 0.1, "expect": "reachable"}],
    "netns_exec": [{"netns": ["a"], "argv": ["true"]}, {"netns": ["a"], "cmd": "true"}],
    "netns_info": [{"netns": ["a"]}],
}
LISTS = {
    "namespaces": "netns",
    "veths": "veth",
    "links": "netns_link",
    "addresses": "netns_addr",
    "nexthops": "netns_nexthop",
    "routes": "netns_route",
    "rules": "netns_rule",
    "neighbours": "netns_neigh",
    "sysctls": "netns_sysctl",
    "qdiscs": "netns_qdisc",
}
BASES["netns_topology"] = [{"name": "lab"}] + [
    {"name": "lab", which: [base]} for which, module in LISTS.items() for base in BASES[module]
]
MANY = ("netns_link", "netns_topology")  # which have many bases
# Without an end, or beyond what a test may do to the machine it runs on.
LEFT_OUT = {("netns_exec", "cmd"), ("netns_exec", "argv")}

TEXTS = [
    *("", " ", " a ", "a\n", "a\nb", "a\0b", "\ud800", "\udcff", "\udcc3\udca9", "x" * 100_000),
    *(
        "²",
        "٣",
        "9" * 5000,
        "-1",
        "0x10",
        "1e3",
        "010",
        "1_0",
        "4294967296",
        "18446744073709551616",
    ),
    *("a,b", "a, b", "$$", "$(id)", "`id`", "'\"; ", 'a"drop;oif"lo', "v*", "%d", "/", "..", "-n"),
    *("é", "à", "😀", "fe80::1%v1", "fe80::1%v1/64", "10.0.0.1%v1", "fe80::1%a\0b", "16", "1:10"),
    *("41135085296", "True", "False", "None", "['a']", "{'a': 1}", "\x01", "\u2003", "default"),
]
NUMBERS = [-1, 0, 1, 2**31 - 1, 2**31, -(2**31), 2**32 - 1, 2**32, 2**63, 2**64, 10**5000, True]
ODD = [None, True, False, [], {}, [[]], [["a"]], {"a": {"b": []}}, 1.5, float("nan"), float("inf")]
LIST_OF_TEXT = [
    [],
    [[]],
    [["a"]],
    ["a", "a"],
    [None],
    ["a", " "],
    "a, a",
    "a,,a",
    [f"x{n}" for n in range(300)],
]
LIST_OF_DICT = [[], [{}], [{"nonsense": 1}], [None], [[]], "a=1"]


def spec_of(module_name):
    """Return the argument spec that a module hands to AnsibleModule."""
    module = importlib.import_module(f"{modules.MODULES}.{module_name}")
    seen = {}

    class Captured(Exception):
        pass

    def capture(argument_spec, **unused):
        seen.update(argument_spec)
        raise Captured

    real, module.AnsibleModule = module.AnsibleModule, capture
    try:
        module.main()
    except Captured:
        return seen
    finally:
        module.AnsibleModule = real


def values_of(stated):
    """Return what to try for an option: of its own type, and of others."""
    kind = stated.get("type", "str")
    if "choices" in stated:
        return ["", "nonsense", "\0"]
    if kind in ("str", "path"):
        return [*TEXTS, *ODD, -1, 16, 2**64, 10**5000]
    if kind in ("int", "float"):
        return [*NUMBERS, *ODD, "²", "9" * 5000, "0x10", "1e3", "", "1.5", "٣"]
    if kind == "bool":
        return ["", "²", 2, -1, [], "maybe", 1.5]
    if kind == "list" and stated.get("elements") == "dict":
        return LIST_OF_DICT
    if kind == "list":
        return [*LIST_OF_TEXT, *([each] for each in TEXTS + NUMBERS), *ODD]
    if kind == "dict":
        odd = [{"\0": 1}, {"a": "\0"}, {"\ud800": "\ud800"}, {"a": 10**5000}, {"a" * 100_000: 1}]
        return [*odd, {}, "a", "a=1", [], {"a": [["b"]]}, {"": ""}, {"nonsense": {"a": []}}]
    return [*TEXTS, *NUMBERS, *ODD]  # raw


def paths_of(spec, base, at=()):
    """Yield the path of each option, and what is stated of it; of lists, of their first entry."""
    for name, stated in spec.items():
        yield (*at, name), stated
        within = base.get(name) if isinstance(base, dict) else None
        if "options" in stated and within:
            first = isinstance(within, list)
            entry = within[0] if first else within
            yield from paths_of(stated["options"], entry, (*at, name, *([0] if first else [])))
        elif "options" in stated and within == {}:
            yield from paths_of(stated["options"], within, (*at, name))


def entry_of(base, path):
    """Return what holds an option."""
    for key in path[:-1]:
        base = base[key]
    return base


def replaced(base, path, value):
    """Return parameters with another value in one place."""
    params = copy.deepcopy(base)
    entry_of(params, path)[path[-1]] = copy.deepcopy(value)
    return params


def cases(module_name):
    """Yield the path and the parameters of each case, each once."""
    spec = spec_of(module_name)
    tried = set()
    for base in BASES[module_name]:
        for path, stated in paths_of(spec, base):
            if (module_name, path[0]) in LEFT_OUT:
                continue
            # Most of a link's options are the same for each of its kinds, and in a topology.
            if module_name in MANY and path in tried and path[-1] not in entry_of(base, path):
                continue
            tried.add(path)
            for value in values_of(stated):
                yield path, value, replaced(base, path, value)


def validated(module_name, params):
    """Return the options as a module has them, or None where Ansible itself refuses them."""
    try:
        result = ArgumentSpecValidator(spec_of(module_name)).validate(params)
    except (UnicodeError, ValueError, OverflowError):
        return None  # before anything of ours
    return None if result.error_messages else result.validated_parameters


def read(module_name, options):
    """Return the job that options make, as far as it can be made without looking at the machine."""
    check(spec_of(module_name), options)
    if module_name == "netns_exec":
        return _exec._command(options), _exec._places(options["netns"])
    if module_name == "netns_ping":
        _ping.spec.check_numbers(options["count"], options["size"], options["timeout"])
        return _ping.spec.expectations(options["from"], options["to"], options["expect"])
    if module_name == "netns_info":
        return [_survey.parse.place(name or None) for name in options["netns"] or ()]
    if module_name == "netns_topology":
        from ansible_collections.linuxnet.netns.plugins.module_utils._topology.spec import (
            TopologySpec,
        )

        return TopologySpec.of(options)
    module = importlib.import_module(f"{modules.MODULES}.{module_name}")
    return module.job_of(options)


def run(module_name, kernel, options, check_mode):
    """Return whether a task changes something, and rests on what is not there yet."""
    if module_name == "netns_exec":
        result, warnings = _exec.execute(kernel, options, check_mode)
        return result["changed"], bool(warnings) or "skipped" in result
    if module_name == "netns_ping":
        return False, "skipped" in _ping.assess(kernel, options, check_mode)
    if module_name == "netns_info":
        _survey.survey(kernel, options["netns"], options["gather"])
        return False, False
    module = importlib.import_module(f"{modules.MODULES}.{module_name}")
    if module_name == "netns_topology":
        outcome = reconcile(kernel, module.job_of(kernel, options), check_mode)
    else:
        outcome = reconcile(kernel, module.job_of(options), check_mode)
    outcome.result(True)
    return bool(outcome.steps), check_mode and bool(outcome.warnings)
