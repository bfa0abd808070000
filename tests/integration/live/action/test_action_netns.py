# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin, by real playbooks: results are the same whether or not a module is sent."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine

ROOT = pathlib.Path(__file__).resolve().parents[4]
OPTION = "ansible_netns_import_modules"
PYTHON = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
DIRECT = "runs in a child of this worker"

# Tells whole results, as nothing that Ansible has does.
CALLBACK = """
import json
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "told"
    def told(self, kind, result):
        with open({file!r}, "a", encoding="utf-8") as file:
            whole = {{"task": result._task.get_name(), "kind": kind, "result": result._result}}
            whole["args"] = sorted(result._task_fields.get("args", ()))
            file.write(json.dumps(whole, default=str) + chr(10))
    def v2_runner_on_ok(self, result): self.told("ok", result)
    def v2_runner_on_failed(self, result, ignore_errors=False): self.told("failed", result)
    def v2_runner_on_skipped(self, result): self.told("skipped", result)
    def v2_runner_on_unreachable(self, result): self.told("unreachable", result)
"""
# What differs from run to run.
CHANCE = {
    "start",
    "end",
    "delta",
    "rtt",
    "mac",
    "operstate",
    "pids",
    "token",
    "index",
    "ansible_job_id",
}


def play(folder, tasks, hosts=("localhost",), variables=None, arguments=(), **environment):
    """Run a playbook of tasks, and return what it says and the results of its tasks."""
    folder.mkdir(parents=True)
    collection = folder / "ansible_collections" / "linuxnet" / "netns"
    collection.parent.mkdir(parents=True)
    collection.symlink_to(ROOT)
    (folder / "callbacks").mkdir()
    told = folder / "told"
    (folder / "callbacks" / "told.py").write_text(CALLBACK.format(file=str(told)))
    plays = {
        "hosts": "all",
        "connection": "local",
        "gather_facts": False,
        "vars": {**PYTHON, **(variables or {})},
        "tasks": tasks,
    }
    (folder / "play.json").write_text(json.dumps([plays]), encoding="utf-8")
    command = [sys.executable, "-m", "ansible.cli.playbook", "-vvv", "play.json", *arguments]
    done = subprocess.run(
        [*command, "-i", f"{','.join(hosts)},"],
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("ANSIBLE_")},
            "ANSIBLE_CALLBACK_PLUGINS": str(folder / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "told",
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
            **environment,
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return done.stdout + done.stderr, [json.loads(line) for line in lines]


def ways(said):
    """Return which way each task of a playbook has gone."""
    return re.findall(r"linuxnet\.netns\.(\w+) (runs in .*|is sent: .*)", said)


def comparable(value, folder):
    """Return a result without what is left to chance."""
    if isinstance(value, dict):
        return {
            key: "chance" if key in CHANCE else comparable(each, folder)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [comparable(each, folder) for each in value if not comes_with_time(each)]
    if isinstance(value, str):
        if value.startswith('  File "'):
            # A traceback, which ansible-core before 2.19 adds: it tells where the files are, and
            # has the lines of those that are files.
            return re.findall(r"^  File .*, in (.+)$", value, re.MULTILINE)
        return value.replace(str(folder), "FOLDER")
    return value


def comes_with_time(each):
    """Return whether the kernel makes something by itself, some time after a link went up."""
    told = each.get("dst") if isinstance(each, dict) else each
    return isinstance(told, str) and told.startswith(("fe80:", "ff00:"))


def task(module, **arguments):
    """Return a task of this collection: its options, and keywords, which begin with _."""
    keywords = {key[1:]: arguments.pop(key) for key in list(arguments) if key.startswith("_")}
    return {f"linuxnet.netns.{module}": arguments, "ignore_errors": True, **keywords}


def module_of(task):
    """Return the module that a task runs."""
    return next(key.rpartition(".")[2] for key in task if key.startswith("linuxnet.netns."))


NET = {"netns": "a", "link": "left"}
WIRED = {"name": "left", "netns": "a", "mac": "02:00:00:00:00:01", "up": True}
WIRED["peer"] = {"name": "right", "netns": "b", "mac": "02:00:00:00:00:02", "up": True}
SECRET = {"private_key": "a" * 42 + "A="}
# What the tasks below find, made without sending anything.
MADE = [
    task(
        "netns_topology",
        name="made",
        namespaces=[{"name": ["a", "b"], "lo_up": True}],
        veths=[WIRED],
        addresses=[
            {"netns": "a", "link": "left", "address": ["10.0.0.1/24"]},
            {"netns": "b", "link": "right", "address": ["10.0.0.2/24"]},
        ],
        _vars={OPTION: True},
    )
]
AT_ONCE = 4
TASKS = [
    task(
        "veth",
        **WIRED | {"name": "w", "mac": "02:00:00:00:00:03"},
        _check_mode=True,
        _diff=True,
    ),
    task("veth", name="w", netns="a", peer={"name": "x", "netns": "b"}),
    task("netns_link", **{"name": "left", "netns": "a", "mtu": 1400}, _diff=True),
    task("netns_qdisc", **NET, kind="tbf", rate="1mbit", burst=3000, latency="50ms", _diff=True),
    task("netns_neigh", **NET, address="10.0.0.9", mac="02:00:00:00:00:09", _diff=True),
    task("veth", name="w", netns="a", state="absent", peer={"name": "x", "netns": "b"}),
    task("netns_addr", **NET, address="10.0.0.3/24", _diff=True),
    task("netns_route", netns="a", dst="10.9.0.0/16", via="10.0.0.2", _diff=True),
    task("netns_rule", netns="a", source="10.0.0.0/24", table=100, priority=100, _diff=True),
    task("netns_nexthop", netns="a", id=1, blackhole=True, _diff=True),
    task("netns_sysctl", netns="a", name="net.ipv4.ip_forward", value="1", _diff=True),
    task("netns_masquerade", netns="a", name="out", source=["10.0.0.0/24"], _diff=True),
    task("netns_dns", netns="a", nameservers=["10.0.0.2"], _check_mode=True, _diff=True),
    task("netns_info", netns=["a", "b"], gather=["links", "addresses", "routes"], as_facts=True),
    task("netns_ping", **{"from": ["a"], "to": ["10.0.0.2"], "timeout": 2}),
    task("netns_exec", netns=["a"], argv=["sh", "-c", "env | sort"]),
    task("netns_exec", netns=["a"], cmd="pwd", chdir="."),
    task("netns_topology", name="t", namespaces=[{"name": "c"}], _diff=True),
    task("netns_topology", name="t", state="absent"),
    task("netns_addr", **NET),
    task("netns", name="c", nosuch=1),
    task("netns_addr", netns="nosuch", link="lo", address="10.0.0.1/24"),
    task("netns_exec", netns=["a"], cmd="false"),
    task("netns_exec", netns=["a"], cmd="sleep 2", _timeout=1),
    task("netns", name="{{ item }}", _loop=["c", "a/b", "c"]),
    task("netns_info", netns=["a"], gather=[], _no_log=True),
    task("netns", name="d", _delegate_to="localhost"),
    task("netns", name="e", _become=True),
    task(
        "netns_exec",
        cmd="false",
        netns="a",
        _until="x.rc == 0",
        _register="x",
        _retries=1,
        _delay=0,
    ),
    task(
        "netns_topology",
        name="w",
        links=[{"name": "w", "type": "wireguard", "wireguard": SECRET}],
        _check_mode=True,
    ),
]


@pytest.mark.makes_machines
@pytest.mark.parametrize("first", range(0, len(TASKS), AT_ONCE))
def test_results_are_equal_to_the_last_key(tmp_path, first):
    told = {}
    tasks = TASKS[first : first + AT_ONCE]
    for way, why in (("true", DIRECT), ("false", f"is sent: {OPTION} is false")):
        given = (tmp_path / way, MADE + tasks, ("localhost",), {OPTION: way})
        said, results = machine.run(play, *given)
        assert len(results) == len(tasks) + 1, said
        found = ways(said)
        assert found[0] == ("netns_topology", DIRECT)
        assert {module for module, _way in found[1:]} == set(map(module_of, tasks)), said
        assert {way for _module, way in found[1:]} == {why}, said
        told[way] = [comparable(each, tmp_path / way) for each in results]
    for direct, sent in zip(told["true"], told["false"]):
        assert direct == sent


@pytest.mark.makes_machines
def test_each_module_is_compared_and_routed():
    """Neither list forgets a module."""
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert set(map(module_of, TASKS)) == modules
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["plugin_routing"]["modules"] == {
        name: {"action_plugin": "linuxnet.netns.netns"} for name in modules - {"netns"}
    }
    plugin = ROOT / "plugins" / "action" / "netns.py"
    assert len(plugin.read_text(encoding="utf-8").splitlines()) <= 150


OTHER = """
from ansible.plugins.connection.local import Connection as Local
class Connection(Local):
    transport = "local"
"""
WHY = {
    "become": ("it becomes another user, or enters a namespace", {"become": True}),
    "environment": ("it has async or environment", {"environment": {"LANG": "C"}}),
    "async": ("it has async or environment", {"async": 20, "poll": 1}),
    "variable": (f"{OPTION} is false", {"vars": {OPTION: "{{ 1 > 2 }}"}}),
    "python": (
        "the Python interpreter is /usr/bin/python3",
        {"vars": {"ansible_python_interpreter": "/usr/bin/python3"}},
    ),
    "connection": ("the connection is not local", {"connection": "other"}),
}


def test_why_a_module_is_sent(tmp_path):
    (tmp_path / "connection").mkdir()
    (tmp_path / "connection" / "other.py").write_text(
        f"DOCUMENTATION = 'name: other'{chr(10)}{OTHER}"
    )
    inside = {"become_method": "linuxnet.netns.netns", "vars": {"ansible_netns_name": "a"}}
    tasks = [
        task("netns_info", gather=[]) | keywords | (inside if name == "become" else {})
        for name, (_why, keywords) in WHY.items()
    ]
    said, results = play(
        tmp_path / "play",
        [task("netns", name="a"), *tasks],
        ANSIBLE_CONNECTION_PLUGINS=str(tmp_path / "connection"),
    )
    sent = play(tmp_path / "variable", [task("netns", name="b")], **{OPTION.upper(): "no"})[0]
    assert ways(sent) == [("netns", f"is sent: {OPTION} is false")], sent
    assert ways(said)[1:] == [("netns_info", f"is sent: {why}") for why, _more in WHY.values()], (
        said
    )
    assert len(results) == 1 + len(tasks), said


def test_hosts_at_once_and_what_is_left_of_a_task(tmp_path):
    """Several workers, each with a loop: no item meets what another one did to its process."""
    hosts = ("one", "two", "three")
    tasks = [
        task("netns", name="{{ inventory_hostname }}{{ item }}", _loop=[1, 2]),
        task(
            "netns_exec", netns="{{ inventory_hostname }}{{ item }}", cmd="ip -o link", _loop=[1, 2]
        ),
        task("netns_info", gather=[], _loop=[1, 2]),
    ]
    said, results = play(tmp_path / "play", tasks, hosts, arguments=["--forks=3"])
    assert {way for _module, way in ways(said)} == {DIRECT}, said
    last = [each["result"]["results"][1]["namespaces"] for each in results[-3:]]
    names = {f"{host}{number}" for host in hosts for number in (1, 2)}
    assert all({each["name"] for each in found} >= names for found in last), said


def test_a_long_document_does_not_go_back(tmp_path):
    """The arguments of a task return with its result; long lists are left out, unless it is retried."""
    namespaces = [{"name": f"n{number}"} for number in range(101)]
    long = task("netns_topology", name="n", namespaces=namespaces, _check_mode=True)
    retried = {"register": "it", "until": "it.attempts == 2", "retries": 2, "delay": 0}
    said, results = play(tmp_path / "play", [long, long | retried])
    once, twice = results
    assert len(once["result"]["commands"]) == len(twice["result"]["commands"]) == 101, said
    assert twice["result"]["attempts"] == 2
    assert "name" in once["args"]
    assert "namespaces" not in once["args"]
