# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host state: copied, looked up, described."""

from __future__ import annotations

from ansible_collections.linuxnet.netns.plugins.module_utils._core import host_state as host
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    NamespaceState,
    Route,
)


def test_a_copy_does_not_change_with_the_original():
    original = HostState({"a": NamespaceState("a", links={"v": Link("v")})}, {"a": "a", "/x": "a"})
    copy = original.copy()
    original.namespaces["a"].links["w"] = Link("w")
    original.namespaces["a"].addresses.append(Address("v", "192.0.2.1/24"))
    original.namespaces["a"].routes.append(Route("default", 4, "v"))
    original.namespaces["a"].state = "absent"
    original.places["b"] = "a"
    assert copy == HostState(
        {"a": NamespaceState("a", links={"v": Link("v")})}, {"a": "a", "/x": "a"}
    )
    assert copy != original


def test_two_ways_to_write_one_namespace():
    here = NamespaceState("")
    both = HostState({"": here}, {"": "", "a": "", "b": "b"})
    assert both.at("a") is both.at("") is here


def test_addresses_know_their_family_and_their_subnet():
    assert Address("v", "192.0.2.1/24").version == 4
    assert Address("v", "2001:db8::1/64").version == 6
    assert str(Address("v", "192.0.2.1/24").subnet) == "192.0.2.0/24"
    assert str(Address("v", "192.0.2.1/24", peer="198.51.100.7").subnet) == "198.51.100.0/24"


def test_the_wire_of_a_route_is_no_part_of_it():
    assert Route("default", 4, "v", wire=b"a") == Route("default", 4, "v", wire=b"b")
    assert hash(Route("default", 4, "v", wire=b"a")) == hash(Route("default", 4, "v"))


def test_namespaces_are_born_with_a_loopback():
    born = host.fresh("a")
    assert list(born.links) == ["lo"]
    assert not born.links["lo"].up
    assert host.fresh("a", "absent").state == "absent"


def test_words():
    assert host.phrase("a") == "in namespace a"
    assert host.phrase("") == "in the current namespace"
    assert (host.shown("a"), host.shown("")) == ("a", None)
