# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, with answers that are laid before it."""

from __future__ import annotations

import sys

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template as trusted
except ImportError:  # ansible-core before 2.19
    trusted, TRUST = str, False
else:
    TRUST = True


def namespace(name, *kinds):
    links = [{"name": f"{name}{at}", "kind": kind} for at, kind in enumerate(kinds)]
    return {"name": name, "nsid": None, "links": links, "routes": [], "pids": []}


def nested(levels):
    value = "deep"
    for _unused in range(levels):
        value = [value]
    return value


HERE = namespace(None)
ONE, TWO = namespace("one", "veth"), namespace("two", "veth", "bridge")


class Lab:
    """A file for the plugin, and hosts that answer."""

    def __init__(self, folder, monkeypatch):
        self.path = folder / "lab.netns.yml"
        self.inventory = InventoryData()
        self.answers = {"localhost": {"namespaces": [HERE, ONE, TWO]}}
        self.asked, self.arguments = [], []
        self.warned = []
        self.plugin = None
        self.patch = monkeypatch

    def answer(self, hosts, gather, arguments=()):
        self.asked.append((dict(hosts), list(gather)))
        self.arguments = list(arguments)
        return {host: self.answers[host] for host in hosts}

    def parse(self, may_use_cache=True, **stated):
        self.path.write_text(yaml.safe_dump({"plugin": "linuxnet.netns.netns", **stated}))
        plugin = inventory_loader.get("linuxnet.netns.netns")
        self.patch.setitem(type(plugin).parse.__globals__, "ask", self.answer)
        self.patch.setattr(plugin.display, "warning", self.warned.append)
        assert plugin.verify_file(str(self.path))
        plugin.parse(self.inventory, DataLoader(), str(self.path), cache=may_use_cache)
        if stated.get("cache"):
            plugin.update_cache_if_changed()
        self.inventory.reconcile_inventory()
        return sorted(self.inventory.hosts)

    def group(self, name):
        return sorted(host.name for host in self.inventory.groups[name].get_hosts())


@pytest.fixture
def lab(tmp_path, monkeypatch):
    return Lab(tmp_path, monkeypatch)


def test_what_this_machine_has(lab):
    assert lab.parse() == ["one.localhost", "two.localhost"]
    found = lab.inventory.hosts["one.localhost"].get_vars()
    assert found["ansible_become"] is True
    assert found["ansible_become_method"] == "linuxnet.netns.netns"
    assert found["ansible_netns_name"] == "one"
    assert found["ansible_connection"] == "local"
    assert found["ansible_python_interpreter"] == sys.executable
    assert found["netns_parent"] == "localhost"
    assert found["netns_namespace"] == ONE
    assert lab.group("netns") == lab.group("netns_localhost") == ["one.localhost", "two.localhost"]
    assert lab.asked[0][1] == ["links", "addresses"]


def test_patterns(lab):
    lab.answers["localhost"]["namespaces"] += [namespace("ten"), namespace("Two")]
    assert lab.parse(include=["t*", "o*"], exclude=["?e?"]) == ["one.localhost", "two.localhost"]


def test_constructed(lab):
    lab.parse(
        strict=True,
        compose={"count": "netns_namespace.links | length"},
        groups={"wide": "count | int > 1"},
        keyed_groups=[{"key": "netns_namespace.links | map(attribute='kind')", "prefix": "with"}],
    )
    # A number is a text before ansible-core 2.19.
    assert int(lab.inventory.hosts["two.localhost"].vars["count"]) == 2
    assert lab.group("wide") == lab.group("with_bridge") == ["two.localhost"]
    assert lab.group("with_veth") == ["one.localhost", "two.localhost"]


def test_strict(lab):
    wrong = {"compose": {"count": "nonsense.of"}}
    assert lab.parse(**wrong) == ["one.localhost", "two.localhost"]
    lab.inventory = InventoryData()
    with pytest.raises(AnsibleError, match="Could not set count"):
        lab.parse(strict=True, **wrong)


def test_parents_of_other_sources(lab):
    lab.inventory.add_group("routers")
    lab.inventory.set_variable("routers", "ansible_user", "admin")
    lab.inventory.set_variable("routers", "ansible_become_user", "other")
    # As one is written with !unsafe, which any text is from ansible-core 2.19 on.
    password = wrap_var("it's {{ open }}")
    lab.inventory.set_variable("routers", "ansible_become_password", password)
    lab.inventory.set_variable("routers", "application", "web")
    for name in ("r1", "r2"):
        lab.inventory.add_host(name, "routers")
        lab.answers[name] = {"namespaces": [HERE, ONE]}
    lab.inventory.set_variable("r2", "ansible_host", "192.0.2.2")
    hosts = lab.parse(parents={"routers": None, "r2": {"ansible_port": 2222}})
    assert hosts == ["one.r1", "one.r2", "r1", "r2"]
    asked = lab.asked[0][0]
    assert asked["r1"]["ansible_host"] == "r1"
    assert asked["r1"]["ansible_become_user"] == "other"
    assert "application" not in asked["r1"]
    found = lab.inventory.hosts["one.r2"].get_vars()
    assert found["ansible_host"] == "192.0.2.2"
    assert found["ansible_port"] == 2222
    assert found["ansible_user"] == "admin"
    assert found["ansible_become_password"] == "it's {{ open }}"
    assert "ansible_become_user" not in found
    assert "ansible_become" not in lab.inventory.hosts["r2"].get_vars()


def test_a_variable_of_nothing(lab):
    lab.path.touch()
    with pytest.raises(AnsibleError, match=r"r1: ansible_host: .*nowhere"):
        lab.parse(parents={"r1": {"ansible_host": "{{ nowhere }}"}})


def test_parents_have_variables_or_none(lab):
    with pytest.raises(
        AnsibleError, match=r"parents.r1 must be a dictionary of variables, not 'admin'"
    ):
        lab.parse(parents={"r1": "admin"})


def test_all_that_do_not_tell_are_named(lab):
    lab.answers.update(r1={"failed": "This needs root"}, r2={"failed": "no route"})
    parents = {"localhost": {}, "r1": {}, "r2": {}}
    with pytest.raises(AnsibleError, match=r"r1: This needs root; r2: no route"):
        lab.parse(parents=parents)
    assert lab.parse(parents=parents, skip_failed=True) == ["one.localhost", "two.localhost"]


@pytest.mark.parametrize(
    "answer, why",
    [
        ({}, "namespaces is null, not a list"),
        (5, "namespaces is a number, not a list"),
        ("one", "namespaces is a text, not a list"),
        ({"one": {}}, "namespaces is a dictionary, not a list"),
        ([{}], r"namespaces\[0\] has no name"),
        ([5], r"namespaces\[0\] is a number, not a dictionary"),
        ([None], r"namespaces\[0\] is null"),
        ([["one"]], r"namespaces\[0\] is a list"),
        ([ONE, {"name": 5}], r"namespaces\[1\].name is a number, not a text or null"),
        ([{**ONE, "name": ["a"]}], r"namespaces\[0\].name is a list"),
        ([{**ONE, "nsid": True}], r"namespaces\[0\].nsid is true or false, not a number or null"),
        ([{**ONE, "links": 5}], r"namespaces\[0\].links is a number"),
        ([{**ONE, "links": None}], r"namespaces\[0\].links is null, not a list"),
        ([{**ONE, "links": {"name": "x"}}], r"namespaces\[0\].links is a dictionary"),
        ([{**ONE, "links": ["x"]}], r"namespaces\[0\].links\[0\] is a text"),
        ([{**ONE, "links": [{"name": None}]}], r"links\[0\].name is null, not a text"),
        ([{**ONE, "links": [{"name": "x", "kind": {}}]}], r"links\[0\].kind is a dictionary"),
        ([{**ONE, "links": [{"name": "x", "addresses": [1]}]}], r"addresses\[0\] is a number"),
        ([{**ONE, "links": [{"name": "x", "peer": 1}]}], r"links\[0\].peer is a number"),
        ([{**ONE, "routes": [1]}], r"routes\[0\] is a number"),
        ([{**ONE, "pids": ["1"]}], r"pids\[0\] is a text, not a number"),
        ([{**ONE, "routes": [{"dst": "default", "nexthops": nested(50)}]}], "nested too deep"),
        ([{**ONE, "more": nested(2000)}], "nested too deep"),
    ],
)
def test_an_answer_that_no_module_gives_is_that_parents_alone(lab, answer, why):
    lab.answers["evil"] = {"namespaces": answer} if answer != {} else {}
    parents = {"localhost": {}, "evil": {}}
    with pytest.raises(AnsibleError, match=f"evil: its answer is not that of netns_info: .*{why}"):
        lab.parse(parents=parents)
    assert not lab.inventory.hosts
    assert lab.parse(parents=parents, skip_failed=True) == ["one.localhost", "two.localhost"]
    assert "evil: its answer is not that of netns_info" in lab.warned[0]
    assert "netns_evil" not in lab.inventory.groups


def test_a_peer_and_a_route_are_told_as_they_are(lab):
    peer = {"name": "b", "netns": None, "nsid": None}
    routes = [{"dst": "default", "via": None, "nexthops": [{"via": "192.0.2.1"}]}]
    full = {**ONE, "links": [{"name": "a", "peer": peer}, {"name": "lo", "peer": None}]}
    full["routes"] = routes
    lab.answers["localhost"]["namespaces"] = [full]
    lab.parse()
    assert lab.inventory.hosts["one.localhost"].vars["netns_namespace"] == full


EVIL = {"localhost": {}, "evil": {}, "quiet": {}}
NAME = {"host_name": "netns_namespace.name"}


@pytest.mark.parametrize(
    "name, why",
    [
        ("all", "the host all, but a group already has that name"),
        ("ungrouped", "the host ungrouped, but a group already has that name"),
        ("routers", "the host routers, but a group already has that name"),
        ("netns", "the host netns, but a group already has that name"),
        ("netns_quiet", "the host netns_quiet, but a group already has that name"),
        ("wide", "the host wide, but a group already has that name"),
        ("web1", "the host web1, but a host already has that name"),
        ("localhost", "the host localhost, but a host already has that name"),
        ("127.0.0.1", "the host 127.0.0.1, but a host already has that name"),
        ("quiet", "the host quiet, but a host already has that name"),
        ("a\nb", r"the host 'a\\nb', which is not a valid host name"),
        ("\x1b[31m", "not a valid host name"),
        (" ", "not a valid host name"),
        ("", "not a valid host name"),
        ("\udc80", "not a valid host name"),
    ],
)
def test_the_name_of_another_cannot_be_had(lab, name, why):
    lab.inventory.add_group("routers")
    lab.inventory.add_host("web1")
    lab.answers["evil"] = {"namespaces": [namespace("fine"), namespace(name)]}
    lab.answers["quiet"] = {"namespaces": []}
    stated = {"parents": EVIL, "groups": {"wide": "false"}, **NAME}
    with pytest.raises(AnsibleError, match=f"evil: The namespace .*of evil would be .*{why}"):
        lab.parse(**stated)
    assert list(lab.inventory.hosts) == ["web1"]
    assert lab.parse(skip_failed=True, **stated) == ["one", "two", "web1"]
    assert lab.inventory.hosts["web1"].vars.get("netns_parent") is None
    assert "netns_evil" not in lab.inventory.groups


def test_a_name_that_parents_contend_for_is_neithers(lab):
    lab.answers["evil"] = {"namespaces": [namespace("fine"), ONE]}
    lab.answers["quiet"] = {"namespaces": []}
    with pytest.raises(
        AnsibleError,
        match="evil, localhost: The namespace one of evil and the namespace one of localhost",
    ):
        lab.parse(parents=EVIL, **NAME)
    assert lab.parse(parents=EVIL, skip_failed=True, **NAME) == ["fine", "two"]
    assert lab.group("netns_evil") == ["fine"]


def test_no_name_is_a_template(lab):
    names = ["a[1:3]", "b:c", "!d", "~e", "f,g", "*"]
    names += ["{{ 1 + 1 }}", "{% if %}"] if TRUST else []
    lab.answers["localhost"]["namespaces"] = [namespace(name) for name in names]
    assert lab.parse(**NAME) == sorted(names)
    if TRUST:
        found = lab.inventory.hosts["{{ 1 + 1 }}"]
        assert found.get_vars()["ansible_netns_name"] == "{{ 1 + 1 }}"


@pytest.mark.skipif(TRUST, reason="from ansible-core 2.19 on, no text of a host is a template")
@pytest.mark.parametrize("name", ["{{ 1 + 1 }}", "{% if %}", "a{# b"])
def test_an_older_core_has_no_host_called_as_a_template(lab, name):
    lab.answers["localhost"]["namespaces"] = [namespace(name)]
    with pytest.raises(AnsibleError, match="not a valid host name"):
        lab.parse(**NAME)


def test_nothing_that_a_host_tells_is_a_template(lab):
    told = namespace("{{ 1 + 1 }}", "{{ 2 + 2 }}")
    lab.answers["localhost"]["namespaces"] = [told]
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


@pytest.mark.parametrize(
    "kind, why",
    [
        ("web1", "in the group web1, but a host already has that name"),
        ("localhost", "in the group localhost, but a host already has that name"),
        ("quiet", "in the group quiet, but a host already has that name"),
    ],
)
def test_no_group_is_called_as_a_host(lab, kind, why):
    lab.inventory.add_host("web1")
    lab.answers["evil"] = {"namespaces": [namespace("fine", kind)]}
    lab.answers["quiet"] = {"namespaces": []}
    keyed = {"key": "netns_namespace.links | map(attribute='kind')", "separator": ""}
    stated = {"parents": EVIL, "keyed_groups": [keyed]}
    with pytest.raises(AnsibleError, match=f"evil: The namespace fine of evil would be {why}"):
        lab.parse(**stated)
    hosts = ["one.localhost", "two.localhost", "web1"]
    assert lab.parse(skip_failed=True, **stated) == hosts
    assert kind not in lab.inventory.groups


def test_a_template_that_one_parent_breaks_is_no_matter_of_others(lab):
    lab.answers["evil"] = {"namespaces": [{"name": "odd"}]}
    lab.answers["quiet"] = {"namespaces": []}
    for stated in (
        {"host_name": "netns_namespace.name ~ netns_namespace.links[0].name"},
        {"compose": {"first": "netns_namespace.links[0].name"}, "strict": True},
        {"groups": {"wired": "netns_namespace.links[0].name != 'x'"}, "strict": True},
        {"keyed_groups": [{"key": "netns_namespace.links[0].name"}], "strict": True},
    ):
        lab.inventory = InventoryData()
        with pytest.raises(AnsibleError, match="evil: "):
            lab.parse(parents=EVIL, **stated)
        assert not lab.inventory.hosts
        found = lab.parse(parents=EVIL, skip_failed=True, **stated)
        assert len(found) == 2
        assert not any("odd" in name for name in found)


def test_a_cache_of_something_else_is_not_believed(lab, tmp_path):
    kept = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    lab.parse(**kept)
    for file in (tmp_path / "cache").iterdir():
        file.write_text('{"localhost": 5}')
    lab.inventory = InventoryData()
    assert lab.parse(**kept) == ["one.localhost", "two.localhost"]
    assert len(lab.asked) == 2


def say(lab, monkeypatch, line, extra):
    """Have the command line say something."""
    plugin = inventory_loader.get("linuxnet.netns.netns")
    names = type(plugin).parse.__globals__
    monkeypatch.setitem(names, "load_extra_vars", lambda loader: extra)
    monkeypatch.setattr(names["context"], "CLIARGS", line)
    lab.answers["r1"] = {"namespaces": [HERE, ONE]}


def test_what_the_command_line_says_is_for_the_parents_too(lab, monkeypatch):
    line = {"remote_user": "me", "become": True, "private_key_file": None}
    say(lab, monkeypatch, line, {"ansible_port": 2222, "application": "web"})
    assert lab.parse(parents={"r1": {"ansible_port": 22}}) == ["one.r1"]
    assert lab.asked[0][0]["r1"] == {"ansible_host": "r1", "ansible_port": 2222}
    assert lab.arguments == ["--user=me", "--become"]


@pytest.mark.parametrize(
    "extra", [{"ansible_become": "no"}, {"ansible_become_method": "ansible.builtin.sudo"}]
)
def test_nothing_said_may_have_tasks_run_on_the_parent(lab, monkeypatch, extra):
    say(lab, monkeypatch, {}, extra)
    with pytest.raises(AnsibleError, match="tasks would not run in the namespaces"):
        lab.parse(parents={"r1": None})


def test_two_of_one_name(lab):
    with pytest.raises(AnsibleError, match="two of localhost would be the host same"):
        lab.parse(host_name="'same'")


def test_a_name_that_another_source_has(lab):
    lab.inventory.add_host("one")
    with pytest.raises(AnsibleError, match="already"):
        lab.parse(host_name="netns_namespace.name")


def test_cache(lab, tmp_path):
    kept = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    lab.parse(**kept)
    lab.answers["localhost"]["namespaces"] = [TWO]
    for may_use, hosts, times in (
        (True, ["one.localhost", "two.localhost"], 1),
        (False, ["two.localhost"], 2),  # as with --flush-cache
        (True, ["two.localhost"], 2),
    ):
        lab.inventory = InventoryData()
        assert lab.parse(may_use, **kept) == hosts
        assert len(lab.asked) == times
    # Of other parents it knows nothing.
    lab.inventory = InventoryData()
    lab.answers["r1"] = {"namespaces": [ONE]}
    assert lab.parse(parents={"r1": {}}, **kept) == ["one.r1"]


def test_other_files_are_left_to_others(lab, tmp_path):
    other = tmp_path / "hosts.yml"
    other.touch()
    assert not inventory_loader.get("linuxnet.netns.netns").verify_file(str(other))
