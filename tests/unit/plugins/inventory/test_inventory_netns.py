# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, with namespaces that a test states instead of those of the machine."""

from __future__ import annotations

import sys

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar

from ansible_collections.linuxnet.netns.plugins.module_utils._engine import entry

try:
    from ansible.template import trust_as_template as trusted
except ImportError:  # ansible-core before 2.19
    trusted, TRUST = str, False
else:
    TRUST = True


def namespace(name, *kinds):
    links = [{"name": f"{name}{at}", "kind": kind} for at, kind in enumerate(kinds)]
    return {"name": name, "nsid": None, "links": links, "routes": [], "pids": []}


HERE = namespace(None)
ONE, TWO = namespace("one", "veth"), namespace("two", "veth", "bridge")
NAME = {"host_name": "netns_namespace.name"}


class Lab:
    """A file for the plugin, and the namespaces that there are."""

    def __init__(self, folder, monkeypatch):
        self.path = folder / "lab.netns.yml"
        self.inventory = InventoryData()
        self.namespaces = [HERE, ONE, TWO]
        self.warned = []
        self.patch = monkeypatch

    def parse(self, read=True, **stated):
        self.path.write_text(yaml.safe_dump({"plugin": "linuxnet.netns.netns", **stated}))
        plugin = inventory_loader.get("linuxnet.netns.netns")
        if read:
            self.patch.setattr(plugin, "_namespaces", lambda: self.namespaces)
        self.patch.setattr(plugin.display, "warning", self.warned.append)
        assert plugin.verify_file(str(self.path))
        plugin.parse(self.inventory, DataLoader(), str(self.path))
        self.inventory.reconcile_inventory()
        return sorted(self.inventory.hosts)

    def group(self, name):
        return sorted(host.name for host in self.inventory.groups[name].get_hosts())

    def refuses(self, why, **stated):
        """See that nothing is added, and that with skip_failed the reason is a warning."""
        before = list(self.inventory.hosts), list(self.inventory.groups)
        with pytest.raises(AnsibleError, match=f"The namespaces cannot be listed. {why}"):
            self.parse(**stated)
        assert (list(self.inventory.hosts), list(self.inventory.groups)) == before
        self.parse(skip_failed=True, **stated)
        assert list(self.inventory.hosts) == before[0]
        (warning,) = self.warned
        assert warning.startswith("The namespaces of the controller are left out. ")


@pytest.fixture
def lab(tmp_path, monkeypatch):
    return Lab(tmp_path, monkeypatch)


def test_what_this_machine_has(lab):
    assert lab.parse() == ["one.localhost", "two.localhost"]
    found = lab.inventory.hosts["one.localhost"].vars
    assert {key: found[key] for key in found if not key.startswith("inventory_")} == {
        "ansible_become": True,
        "ansible_become_method": "linuxnet.netns.netns",
        "ansible_connection": "local",
        "ansible_netns_name": "one",
        "ansible_python_interpreter": sys.executable,
        "netns_namespace": ONE,
        "netns_parent": "localhost",
    }
    assert lab.group("netns") == lab.group("netns_localhost") == ["one.localhost", "two.localhost"]


def test_patterns(lab):
    lab.namespaces += [namespace("ten"), namespace("Two")]
    assert lab.parse(include=["t*", "o*"], exclude=["?e?"]) == ["one.localhost", "two.localhost"]


def test_constructed(lab):
    lab.parse(
        strict=True,
        compose={"count": "netns_namespace.links | length", "ansible_connection": "'other'"},
        groups={"wide": "count | int > 1"},
        keyed_groups=[{"key": "netns_namespace.links | map(attribute='kind')", "prefix": "with"}],
    )
    # A number is a text before ansible-core 2.19.
    assert int(lab.inventory.hosts["two.localhost"].vars["count"]) == 2
    assert lab.inventory.hosts["two.localhost"].vars["ansible_connection"] == "other"
    assert lab.group("wide") == lab.group("with_bridge") == ["two.localhost"]
    assert lab.group("with_veth") == ["one.localhost", "two.localhost"]


def test_strict(lab):
    wrong = {"compose": {"count": "nonsense.of"}}
    assert lab.parse(**wrong) == ["one.localhost", "two.localhost"]
    lab.inventory = InventoryData()
    lab.refuses("Could not set count", strict=True, **wrong)


@pytest.mark.parametrize("parents", [None, {}, {"localhost": {}}, {"r1": None}, ["r1"]])
def test_parents_are_refused_and_the_recipe_is_named(lab, parents):
    with pytest.raises(AnsibleError, match=r"parents: .* of the controller only.*`Run tasks and"):
        lab.parse(parents=parents, skip_failed=True)
    assert not lab.inventory.hosts


def test_who_is_not_root_is_told_what_else_to_do(lab, monkeypatch):
    monkeypatch.setattr(entry, "lacking", lambda: ["CAP_SYS_ADMIN"])
    why = r"This needs root: CAP_SYS_ADMIN missing. Run Ansible as root; else use a play with"
    lab.refuses(why, read=False)


def test_a_controller_that_is_not_linux(lab, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    lab.refuses("Network namespaces are Linux's", read=False)


@pytest.mark.parametrize(
    "name, why",
    [
        ("all", "the host all, but a group already has that name"),
        ("ungrouped", "the host ungrouped, but a group already has that name"),
        ("routers", "the host routers, but a group already has that name"),
        ("netns", "the host netns, but a group already has that name"),
        ("netns_localhost", "the host netns_localhost, but a group already has that name"),
        ("wide", "the host wide, but a group already has that name"),
        ("web1", "the host web1, but a host already has that name"),
        ("localhost", "the host localhost, but a host already has that name"),
        ("127.0.0.1", "the host 127.0.0.1, but a host already has that name"),
        ("a\nb", r"the host 'a\\nb', which is not a valid host name"),
        ("\x1b[31m", "the host .*not a valid host name"),
        (" ", "the host .*not a valid host name"),
        ("", "the host .*not a valid host name"),
        ("\udc80", "the host .*not a valid host name"),
    ],
)
def test_the_name_of_another_cannot_be_had(lab, name, why):
    lab.inventory.add_group("routers")
    lab.inventory.add_host("web1")
    lab.namespaces = [namespace("fine"), namespace(name)]
    lab.refuses(f"The namespace .* would be {why}", groups={"wide": "false"}, **NAME)
    assert lab.inventory.hosts["web1"].vars.get("netns_parent") is None


def test_no_name_is_a_template(lab):
    names = ["a[1:3]", "b:c", "!d", "~e", "f,g", "*"]
    names += ["{{ 1 + 1 }}", "{% if %}"] if TRUST else []
    lab.namespaces = [namespace(name) for name in names]
    assert lab.parse(**NAME) == sorted(names)
    if TRUST:
        found = lab.inventory.hosts["{{ 1 + 1 }}"]
        assert found.get_vars()["ansible_netns_name"] == "{{ 1 + 1 }}"


@pytest.mark.skipif(TRUST, reason="from ansible-core 2.19 on, no text of a host is a template")
@pytest.mark.parametrize("name", ["{{ 1 + 1 }}", "{% if %}", "a{# b"])
def test_an_older_core_has_no_host_called_as_a_template(lab, name):
    lab.namespaces = [namespace(name)]
    with pytest.raises(AnsibleError, match="not a valid host name"):
        lab.parse(**NAME)


def test_nothing_that_a_namespace_holds_is_a_template(lab):
    lab.namespaces = [namespace("{{ 1 + 1 }}", "{{ 2 + 2 }}")]
    lab.parse(
        host_name="'host'",
        compose={
            "kind": "netns_namespace.links[0].kind",
            "joined": "netns_namespace.name ~ netns_namespace.links[0].kind",
        },
    )
    variables = lab.inventory.hosts["host"].get_vars()
    seen = Templar(DataLoader(), variables=variables)
    for text, value in (
        ("ansible_netns_name", "{{ 1 + 1 }}"),
        ("netns_namespace.links[0].kind", "{{ 2 + 2 }}"),
        ("kind", "{{ 2 + 2 }}"),
        ("joined", "{{ 1 + 1 }}{{ 2 + 2 }}"),
    ):
        assert seen.template(trusted(f"{{{{ {text} }}}}")) == value


@pytest.mark.parametrize("kind", ["web1", "localhost", "fine.localhost"])
def test_no_group_is_called_as_a_host(lab, kind):
    lab.inventory.add_host("web1")
    lab.namespaces = [namespace("fine", kind)]
    keyed = {"key": "netns_namespace.links | map(attribute='kind')", "separator": ""}
    why = f"The namespace fine would be in the group {kind}, but a host already has that name"
    if "." in kind:  # which no group may have in its name
        assert lab.parse(keyed_groups=[keyed]) == ["fine.localhost", "web1"]
    else:
        lab.refuses(why, keyed_groups=[keyed])


@pytest.mark.parametrize(
    "stated",
    [
        {"host_name": "netns_namespace.name ~ netns_namespace.links[0].name"},
        {"compose": {"first": "netns_namespace.links[0].name"}, "strict": True},
        {"groups": {"wired": "netns_namespace.links[0].name != 'x'"}, "strict": True},
        {"keyed_groups": [{"key": "netns_namespace.links[0].name"}], "strict": True},
    ],
)
def test_a_template_that_fails_adds_nothing(lab, stated):
    lab.namespaces = [ONE, {"name": "odd"}]
    lab.refuses("", **stated)


@pytest.mark.parametrize(
    "extra", [{"ansible_become": "no"}, {"ansible_become_method": "ansible.builtin.sudo"}]
)
def test_no_extra_variable_has_tasks_run_on_the_controller(lab, monkeypatch, extra):
    plugin = inventory_loader.get("linuxnet.netns.netns")
    names = type(plugin).parse.__globals__
    monkeypatch.setitem(names, "load_extra_vars", lambda loader: extra)
    with pytest.raises(AnsibleError, match="tasks would not run in the namespaces"):
        lab.parse()


def test_two_of_one_name(lab):
    lab.refuses("The namespace one and the namespace two would both be", host_name="'same'")


def test_other_files_are_left_to_others(lab, tmp_path):
    other = tmp_path / "hosts.yml"
    other.touch()
    assert not inventory_loader.get("linuxnet.netns.netns").verify_file(str(other))
