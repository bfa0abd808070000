# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules open beside hundreds of namespaces of others: no more than beside none."""

from __future__ import annotations

import collections
import contextlib
import importlib
import io
import json
import os
import subprocess
import sys

import pytest
from ansible.module_utils import basic

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Peer
from ansible_collections.linuxnet.netns.plugins.module_utils._core.scope import Scope
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    netns_files as files,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import (
    visit,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark import (
    kernel_read as marked,
)
from ansible_collections.linuxnet.netns.tests.benchmark.beside import GIVEN, SEARCHING, TASKS
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)

COUNT = 300
FOREIGN = [f"foreign-{number}" for number in range(COUNT)]


def make(names):
    """Make namespaces, quickly."""
    for start in range(0, len(names), 50):
        some = names[start : start + 50]
        for name, sock in zip(some, files.create_unnamed(len(some), "make namespaces")):
            files.bind(sock, name, f"name {name}")
            sock.close()


def run(module, options):
    """Run a module as a managed host does, in this process, and return its result."""
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    said = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(said):
        importlib.import_module(f"{modules.MODULES}.{module}").main()
    result = json.loads(said.getvalue())
    assert not result.get("failed"), (module, result)
    return result


def given():
    """Make what the tasks find, and have them run once."""
    witness.sh(*GIVEN)
    for task in (*TASKS.values(), *SEARCHING.values()):
        run(*task)


def asked_for(task):
    """Return whether a task changed anything, and how often it opens what grows with others."""
    counted = collections.Counter()

    def count(event, arguments):
        path = str(arguments[0]) if event in ("open", "os.listdir", "os.scandir") else ""
        if event == "socket.__new__":
            counted["sockets"] += 1
        elif "mountinfo" in path or "/run/netns" in path or path == files.RUN:
            counted[event, path.partition("foreign-")[0]] += 1

    pid = os.getpid()
    sys.addaudithook(lambda *told: count(*told) if os.getpid() == pid and told else None)
    result = run(*task)
    return result["changed"], counted


@pytest.mark.parametrize("name", TASKS)
def test_a_task_that_names_its_namespaces_looks_at_no_others(name):
    given()
    alone = machine.in_child(asked_for, TASKS[name])
    make(FOREIGN)
    beside = machine.in_child(asked_for, TASKS[name])
    assert beside == alone
    assert ("os.listdir", files.RUN) not in beside[1]


@pytest.mark.parametrize("name, times", [(name, 2 if "link" in name else 1) for name in SEARCHING])
def test_what_looks_everywhere_opens_each_no_oftener_than_it_must(name, times):
    given()
    alone = machine.in_child(asked_for, SEARCHING[name])[1]
    make(FOREIGN)
    beside = machine.in_child(asked_for, SEARCHING[name])[1]
    opened = "open", f"{files.RUN}/"
    assert beside[opened] - alone[opened] <= times * COUNT
    assert beside["sockets"] - alone["sockets"] <= times * COUNT
    assert beside["os.listdir", files.RUN] <= 2


def test_a_peer_is_found_where_it_is_looked_for():
    make(["a", "far", *FOREIGN[:70], "zz"])
    witness.sh(
        "touch /run/netns/dead",
        "mkdir /run/netns/folder",
        "ln -s nowhere /run/netns/dangling",
        "ip link add v1 netns a type veth peer name v2 netns zz",
        "ip link add w1 netns a type veth peer name w2 netns far",
    )
    kernel = Kernel()
    scope = Scope(("a",), peers=frozenset({"v1", "w1"}))
    links = kernel.survey(scope).namespaces["a"].links
    assert [(links[each].peer.name, links[each].peer.netns) for each in ("v1", "w1")] == [
        ("v2", None),
        ("w2", None),
    ]
    scope = Scope(("a",), peers=scope.peers, anywhere=frozenset({("a", "v1"), ("a", "w1")}))
    host = kernel.survey(scope)
    links = host.namespaces["a"].links
    assert (links["v1"].peer, links["w1"].peer) == (Peer("v2", "zz"), Peer("w2", "far"))
    assert host.namespaces["zz"].links["v2"].peer == Peer("v1", "a")


def test_a_peer_in_a_namespace_without_a_name_is_in_none():
    make(["a", *FOREIGN[:40]])
    with subprocess.Popen(["unshare", "-n", "sleep", "60"]) as sleeping:
        witness.sh(
            f"for n in $(seq 50); do [ /proc/{sleeping.pid}/ns/net -ef /proc/$$/ns/net ] || break;"
            " sleep 0.1; done",
            f"ip link add v1 netns a type veth peer name v2 netns {sleeping.pid}",
        )
        kernel = Kernel()
        scope = Scope(("a",), peers=frozenset({"v1"}), anywhere=frozenset({("a", "v1")}))
        peer = kernel.survey(scope).namespaces["a"].links["v1"].peer
        sleeping.kill()
    assert (peer.name, peer.netns) == ("v2", None)


def test_the_other_end_of_a_link_that_goes_is_known():
    make(["a", *FOREIGN[:40], "zz"])
    witness.sh(
        "ip link add v1 netns a type veth peer name v2 netns zz",
        "ip -n zz addr add 10.0.0.1/24 dev v2",
    )
    before = witness.state()
    assert modules.run("netns_link", name="v1", netns="a", state="absent")["changed"]
    assert "v2" not in witness.state()["zz"]["links"]
    assert "v2" in before["zz"]["links"]


def test_marks_are_found_among_others_and_what_has_none_is_not():
    make(["a", "b", *FOREIGN[:40]])
    witness.sh(
        "ip -n a link property add dev lo altname netns:x",
        "ip -n foreign-7 link property add dev lo altname netns:y",
        "ip -n foreign-8 link set lo alias netns:x",  # an alias is no mark
        "printf netns:x >/run/netns/dead",
        "touch /run/netns/empty",
        "mkdir /run/netns/folder",
        "ln -s nowhere /run/netns/dangling",
        "mkfifo /run/netns/pipe",
        "touch -d '1 hour ago' /run/netns/dead /run/netns/empty /run/netns/pipe",
    )
    kernel = Kernel()
    found = marked.marked(kernel, "netns:x", files.names())
    assert found == {"a": ("netns:x",), "dead": ("netns:x",)}
    assert set(kernel.recent_links) == {"a"}
    assert set(kernel.sockets) == {"a"}


def test_a_visit_tells_who_did_not_answer():
    make(["a", "b"])
    witness.sh("touch /run/netns/dead")
    heard = {}
    silent = visit.visit(["a", "dead", "none", "b"], visit.question(), heard.__setitem__)
    assert (list(heard), silent) == (["a", "b"], ["dead", "none"])
    assert all(b"lo\0" in answer[0] for answer in heard.values())
