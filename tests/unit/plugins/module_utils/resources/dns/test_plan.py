# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From files that are there and those that are wanted to operations."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import HostState
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.operations import (
    MakeFolder,
    RemoveFile,
    RemoveFolder,
    WriteFile,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.plan import plan, shown
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.spec import DnsSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.state import (
    Etc,
    File,
    Folder,
)

NOTHING = dict.fromkeys(("nameservers", "search", "options", "entries"))
BARE = Etc("a")
TOP = Etc("a", True)
RESOLV = File("nameserver 192.0.2.1\n", 0o600, 7, 8, (("security.selinux", b"x"),))
HOSTS = File("127.0.0.1 localhost\n")
FULL = Etc("a", True, Folder(0o700, 1, 2), {"resolv.conf": RESOLV, "hosts": HOSTS})
SHARED = Etc("a", True, Folder(), {"hosts": HOSTS}, ("nsswitch.conf",))
SEARCH = File("search x\n")


def draft_of(etc, **options):
    desired = DnsSpec.of({"netns": "a", "state": "present", **NOTHING, **options})
    builder = PlanBuilder(HostState(etc={"a": etc}))
    plan(builder, desired)
    return builder


@pytest.mark.parametrize(
    ("etc", "options", "steps"),
    [
        (
            BARE,
            {"search": ["x"]},
            [
                MakeFolder("/etc/netns", Folder()),
                MakeFolder("/etc/netns/a", Folder()),
                WriteFile("a", "resolv.conf", SEARCH, None),
            ],
        ),
        (
            TOP,
            {"entries": []},
            [MakeFolder("/etc/netns/a", Folder()), WriteFile("a", "hosts", File(""), None)],
        ),
        (FULL, {"nameservers": ["192.0.2.1"]}, []),
        (
            FULL,
            {"nameservers": ["192.0.2.2"]},
            [
                WriteFile(
                    "a",
                    "resolv.conf",
                    File("nameserver 192.0.2.2\n", 0o600, 7, 8, RESOLV.xattrs),
                    RESOLV,
                )
            ],
        ),
        (
            FULL,
            {"state": "absent"},
            [
                RemoveFile("a", "resolv.conf", RESOLV),
                RemoveFile("a", "hosts", HOSTS),
                RemoveFolder("/etc/netns/a", Folder(0o700, 1, 2)),
            ],
        ),
        (SHARED, {"state": "absent"}, [RemoveFile("a", "hosts", HOSTS)]),
        (TOP, {"state": "absent"}, []),
        (BARE, {"state": "absent"}, []),
    ],
)
def test_have_and_want_make_operations(etc, options, steps):
    builder = draft_of(etc, **options)
    assert builder.steps == steps
    for step in reversed(builder.steps):
        builder.add(step.inverse())
    assert builder.host.etc["a"] == etc


def test_the_result_tells_what_the_files_say():
    assert shown(FULL) == {
        "netns": "a",
        "path": "/etc/netns/a",
        "exists": True,
        "resolv_conf": {
            "nameservers": ["192.0.2.1"],
            "search": [],
            "options": [],
            "lines": ["nameserver 192.0.2.1"],
        },
        "hosts": {
            "entries": [{"address": "127.0.0.1", "names": ["localhost"]}],
            "lines": ["127.0.0.1 localhost"],
        },
    }
    assert shown(BARE)["resolv_conf"] is None


def test_more_name_servers_than_are_asked_are_worth_a_warning():
    four = [f"192.0.2.{last}" for last in range(4)]
    assert draft_of(BARE, nameservers=four[:3]).warnings == []
    assert "first 3 only" in draft_of(BARE, nameservers=four).warnings[0]


def test_commands_are_quoted_for_sh():
    write = WriteFile("a b", "hosts", File("127.0.0.1 it's\n# x\n"), None)
    assert write.command() == (
        "printf '%s\\n' '127.0.0.1 it'\"'\"'s' '# x' > '/etc/netns/a b/hosts'"
    )
    assert WriteFile("a", "hosts", File(""), None).command() == ": > /etc/netns/a/hosts"
    assert RemoveFile("a b", "hosts", HOSTS).command() == "rm '/etc/netns/a b/hosts'"
