# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations

import json
import os
import re
import typing as t

import yaml

Options = dict[str, t.Any]

MODULES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "modules")
LISTS = {
    "namespaces": ("netns", "Namespaces"),
    "veths": ("veth", "Veth pairs"),
    "links": ("netns_link", "Other links, and changes of links that exist"),
    "addresses": ("netns_addr", "Addresses"),
    "nexthops": ("netns_nexthop", "Nexthop objects"),
    "routes": ("netns_route", "Routes"),
    "rules": ("netns_rule", "Routing policy rules"),
    "neighbours": ("netns_neigh", "Neighbours and forwarding entries"),
    "sysctls": ("netns_sysctl", "Kernel parameters of the namespaces"),
    "qdiscs": ("netns_qdisc", "Queueing disciplines"),
}
# What the topology itself says once for all.
WITHOUT = {
    "netns": ("wait", "timeout"),
    "netns_addr": ("purge",),
    "netns_route": ("purge",),
    "netns_nexthop": ("purge", "force"),
    "netns_rule": ("purge",),
    "netns_neigh": ("purge",),
}


def _options_of(module: str) -> Options:
    """Return the documented options of a module, with those that it shares with others."""
    with open(os.path.join(MODULES, f"{module}.py"), encoding="utf-8") as file:
        text = file.read()
    found = re.search(r'^DOCUMENTATION = r"""\n(.*?)^"""', text, re.DOTALL | re.MULTILINE)
    documentation = yaml.safe_load(found[1]) if found else {}
    options: Options = documentation["options"]
    from ansible_collections.linuxnet.netns.plugins.doc_fragments import _link, _netns

    for name, fragment in (("_netns", _netns), ("_link", _link)):
        if f"linuxnet.netns.{name}" in documentation["extends_documentation_fragment"]:
            shared = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)
            options = {**shared["options"], **options}
    return {name: each for name, each in options.items() if name not in WITHOUT.get(module, ())}


def _list(name: str, module: str, what: str) -> Options:
    """Return the documentation of a list, whose entries have the options of a module."""
    # O(name) of the module is O(veths[].name) here.
    text = re.sub(r"\bO\((?=[a-z])", f"O({name}[].", json.dumps(_options_of(module)))
    return {
        "description": [
            f"{what}, each with the options of M(linuxnet.netns.{module}).",
        ],
        "type": "list",
        "elements": "dict",
        "suboptions": json.loads(text),
    }


class ModuleDocFragment:
    """The lists of a topology: written once, where the modules are documented."""

    # With its type: what ansible-test reads of an assignment without one is text only.
    DOCUMENTATION: t.ClassVar[str] = yaml.safe_dump(
        {"options": {name: _list(name, *how) for name, how in LISTS.items()}}, sort_keys=False
    )
