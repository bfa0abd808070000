# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of kinds, the specification of arguments and the documentation have the same rows."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import codec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import options
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel_codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.option import (
    from_wire,
    to_wire,
    words,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.table import (
    KINDS,
    PORT,
)
from ansible_collections.linuxnet.netns.plugins.modules import netns_link
from ansible_collections.linuxnet.netns.tests.machines import kinds as matrix

DOCUMENTED = yaml.safe_load(netns_link.DOCUMENTATION)["options"]
ROWS = [(kind, name) for kind, row in KINDS.items() for name in row.options]
ROWS += [("bridge_port", name) for name in PORT]


def row(kind, name):
    """Return the row of an option."""
    return PORT[name] if kind == "bridge_port" else KINDS[kind].options[name]


def values(option):
    """Return values that an option may have."""
    if isinstance(option.form, dict):
        return list(option.form)
    return {
        "number": [option.low, min(option.high, {"u8": 0xFF, "u16": 0xFFFF}.get(option.wire, 99))],
        "switch": [False, True],
        "onoff": [False, True],
        "seconds": [0, 300, 4.5],
        "ip": ["192.0.2.1"],
        "ip6": ["2001:db8::1"],
        "hex": ["0200000000001234"],
        "user": [12],
        "link": [],
    }[option.form]


def test_all_kinds_are_documented():
    assert DOCUMENTED["type"]["choices"] == list(KINDS) == options.SPEC["type"]["choices"]
    for kind, row_ in KINDS.items():
        stated = set(options.SPEC.get(kind, {}).get("options", ()))
        assert stated == set(DOCUMENTED.get(kind, {}).get("suboptions", ())), kind
        assert stated >= set(row_.options), kind


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_an_option_is_documented_as_it_is_specified(kind, name):
    spec = options.SPEC[kind]["options"][name]
    documented = DOCUMENTED[kind]["suboptions"][name]
    assert {each: documented.get(each) for each in ("type", "choices")} == {
        each: spec.get(each) for each in ("type", "choices")
    }


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_an_option_goes_to_the_wire_and_back(kind, name):
    option = row(kind, name)
    number, form = kernel_codec.NUMBERS[option.attr]
    assert (number, form) == (option.number, option.wire)
    for value in values(option):
        sent = value if option.is_address else to_wire(option, value)
        read = codec.READERS[form](codec.WRITERS[form](sent))
        assert (read if option.is_address else from_wire(option, read)) == value
        assert option.word in " ".join(words({name: option}, ((name, value),)))


def test_no_two_options_of_a_kind_are_one_attribute():
    # But for a VXLAN's remote and group, which are.
    for kind, row_ in KINDS.items():
        numbers = [option.number for name, option in row_.options.items() if name != "group"]
        if kind not in ("tun", "tap"):
            assert len(numbers) == len(set(numbers)), kind


def test_rows_name_options_that_there_are():
    for kind in KINDS.values():
        named = {each.partition("=")[0] for pair in kind.excludes for each in pair}
        named |= {kind.unique} - {""}
        named |= {option.needs for option in kind.options.values()} - {""}
        assert named <= set(kind.options)
        assert not kind.ends or {"local", "remote"} <= set(kind.options)


def test_the_matrix_tries_every_kind_and_changes_every_option():
    assert list(matrix.KINDS) == list(KINDS)
    for kind, row_ in KINDS.items():
        given = matrix.KINDS[kind]
        tried = {name for new in (given.made, *given.changes) for name in new.get(kind, ())}
        assert tried >= set(row_.options), kind
        assert bool(row_.parent != "must") == ("parent" not in given.made), kind


def test_numbers_are_those_of_the_headers():
    """Where linux/if_link.h is installed, the numbers are those of its enumerations."""
    found = {}
    for header in ("if_link.h", "if_tunnel.h"):
        path = pathlib.Path("/usr/include/linux", header)
        if not path.exists():
            pytest.skip("no kernel headers are installed")
        for body in re.findall(r"enum [a-z_]*\s*\{(.*?)\}", path.read_text(), re.DOTALL):
            names = re.findall(r"^\s*(IFLA_\w+)\s*,?", re.sub(r"/\*.*?\*/", "", body), re.MULTILINE)
            found.update({name: number for number, name in enumerate(names)})
    other = {"IFLA_IPIP_": "IFLA_IPTUN_", "IFLA_SIT_": "IFLA_IPTUN_"}
    for name, (number, _form) in kernel_codec.NUMBERS.items():
        for old, new in other.items():
            name = name.replace(old, new)
        if name in found:
            assert found[name] == number, name
    assert found["IFLA_MACSEC_SCI"] == 1
