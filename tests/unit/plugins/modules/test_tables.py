# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the attribute tables, records, specifications and documentation are the same ones."""

from __future__ import annotations

import pytest
import yaml
from pyroute2.netlink.rtnl.fibmsg import fibmsg
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from ansible_collections.linuxnet.netns.plugins.doc_fragments import _link
from ansible_collections.linuxnet.netns.plugins.module_utils._core import link_table, render
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    Link,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import fields
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    options as address_options,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    table as address_table,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address.spec import (
    AddressSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import (
    options as link_options,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    options as neighbour_options,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour import (
    table as neighbour_table,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    options as route_options,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    table as route_table,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.spec import RouteSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
    options as rule_options,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule import (
    table as rule_table,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.spec import RuleSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.rule.state import Rule
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth import (
    options as veth_options,
)
from ansible_collections.linuxnet.netns.plugins.modules import (
    netns_addr,
    netns_link,
    netns_neigh,
    netns_route,
    netns_rule,
    veth,
)

# What is stated of each option: the table's rows, where they are specified, and the module's pages.
PLACES = {
    "netns_link": (link_table.arguments(), link_options.SPEC, netns_link, ()),
    "veth": (link_table.arguments(only_veth=True), veth_options.SPEC, veth, ()),
    "veth, its peer": (
        link_table.arguments(only_veth=True),
        veth_options.SPEC["peer"]["options"],
        veth,
        ("peer", "suboptions"),
    ),
    "netns_addr": (address_table.arguments(), address_options.SPEC, netns_addr, ()),
    "netns_neigh": (neighbour_table.arguments(), neighbour_options.SPEC, netns_neigh, ()),
    "netns_neigh, its list": (
        neighbour_table.arguments(),
        neighbour_options.SPEC["entries"]["options"],
        netns_neigh,
        ("entries", "suboptions"),
    ),
    "netns_route": (route_table.arguments(), route_options.SPEC, netns_route, ()),
    "netns_rule": (rule_table.arguments(), rule_options.SPEC, netns_rule, ()),
    "netns_rule, its list": (
        rule_table.arguments(),
        rule_options.SPEC["rules"]["options"],
        netns_rule,
        ("rules", "suboptions"),
    ),
}
SAME = ("type", "choices", "elements", "default", "aliases")
# By table: the number and the name of each row's attribute, and pyroute2's list of these.
NUMBERS = {
    "link": (link_table.ROWS, ifinfmsg.ifinfmsg if hasattr(ifinfmsg, "ifinfmsg") else ifinfmsg),
    "address": (address_table.ROWS, ifaddrmsg),
    "neighbour": (neighbour_table.ROWS, ndmsg),
    "route": (route_table.ROWS, rtmsg),
    "rule": (rule_table.ROWS, fibmsg),
}


def options_of(module):
    """Return the documented options of a module, with those that it has from a fragment."""
    page = yaml.safe_load(module.DOCUMENTATION)
    if "linuxnet.netns._link" not in page["extends_documentation_fragment"]:
        return page["options"]
    fragment = yaml.safe_load(_link.ModuleDocFragment.DOCUMENTATION)
    assert not fragment["options"].keys() & page["options"].keys()
    return {**page["options"], **fragment["options"]}


def names(record):
    return {each.name for each in fields(record)}


@pytest.mark.parametrize("place", PLACES)
def test_a_row_is_an_option_and_is_documented(place):
    rows, specification, module, path = PLACES[place]
    documented = options_of(module)
    for step in path:
        documented = documented[step]
    for name, row in rows.items():
        assert specification[name] == row, name
        stated = {each: documented[name].get(each) for each in SAME}
        assert stated == {each: row.get(each) for each in SAME}, name


@pytest.mark.parametrize(
    ("table", "records"),
    [
        (link_table.BY_NAME, (Link,)),
        (address_table.NAMES, (Address, AddressSpec)),
        ([row.name for row in route_table.ROWS], (Route, RouteSpec)),
        ([row.field for row in rule_table.ROWS], (Rule, RuleSpec)),
    ],
    ids=["link", "address", "route", "rule"],
)
def test_a_row_is_a_field_of_the_records(table, records):
    for record in records:
        assert set(table) <= names(record), record


@pytest.mark.parametrize("table", NUMBERS)
def test_an_attribute_has_its_number_in_the_kernel(table):
    rows, message = NUMBERS[table]
    listed = enumerate(each[0] for each in message.nla_map)
    if isinstance(message.nla_map[0][0], int):
        listed = ((each[0], each[1]) for each in message.nla_map)
    known = dict(listed)
    numbered = [row for row in rows if row.attr and row.number in known]
    assert numbered
    for row in numbered:
        assert known[row.number].lower().replace("_", "") == row.attr.lower().replace("_", ""), row


def test_results_show_each_option_of_a_link_but_what_is_not_known():
    values = {row.name: 1 for row in link_table.OPTIONS if row.optional}
    shown = render.attributes(Link("v", kind="veth", **values))
    assert set(shown) == {"kind", *(row.name for row in link_table.OPTIONS)}
    assert not values.keys() & render.attributes(Link("v", kind="veth")).keys()
