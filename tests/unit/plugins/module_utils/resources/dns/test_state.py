# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of name resolution, and what becomes of a file by it."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns import state as dns
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.dns.spec import DnsSpec

NOTHING = dict.fromkeys(("nameservers", "search", "options", "entries"))
OLD = """\
# by hand
domain old.example
nameserver 192.0.2.1 # the first
nameserver 2001:DB8:0:0::1
sortlist 192.0.2.0/24
options rotate
options ndots:3 timeout:1
 nameserver 192.0.2.9
"""


def desired(**options):
    return DnsSpec.of({"netns": "a", "state": "present", **NOTHING, **options})


def test_a_file_is_read_as_the_resolver_reads_it():
    assert dns.nameservers(OLD) == ["192.0.2.1", "2001:db8::1"]
    assert dns.search(OLD) == ["old.example"]
    assert dns.search(OLD + "search a b\n") == ["a", "b"]
    assert dns.options(OLD) == ["rotate", "ndots:3", "timeout:1"]


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ({}, OLD),
        ({"nameservers": ["192.0.2.1", "2001:db8::1"]}, OLD),
        ({"search": ["old.example"]}, OLD),
        ({"options": ["rotate", "ndots:3", "timeout:1"]}, OLD),
        (
            {"nameservers": ["2001:db8::1"]},
            OLD.replace("nameserver 192.0.2.1 # the first\n", "").replace("DB8:0:0", "db8"),
        ),
        ({"search": ["a", "b"]}, OLD.replace("domain old.example", "search a b")),
        ({"search": []}, OLD.replace("domain old.example\n", "")),
        (
            {"options": ["edns0"]},
            OLD.replace("options rotate", "options edns0").replace(
                "options ndots:3 timeout:1\n", ""
            ),
        ),
    ],
)
def test_what_is_not_stated_stays_as_it_is_written(stated, text):
    wanted = desired(**stated, entries=[])
    made = dns.resolv_conf(OLD, wanted.nameservers, wanted.search, wanted.options)
    assert made == text
    assert dns.resolv_conf(made, wanted.nameservers, wanted.search, wanted.options) == made


def test_a_new_file_has_what_is_stated():
    wanted = desired(
        nameservers=["192.0.2.1", "fe80::1%eth0"], search=["a", "b"], options=["rotate"]
    )
    assert dns.resolv_conf("", wanted.nameservers, wanted.search, wanted.options) == (
        "search a b\nnameserver 192.0.2.1\nnameserver fe80::1%eth0\noptions rotate\n"
    )


def test_a_file_without_an_end_of_line_gets_one():
    assert dns.resolv_conf("sortlist 1.1.1.1", ["192.0.2.1"], None, None) == (
        "sortlist 1.1.1.1\nnameserver 192.0.2.1\n"
    )


def test_entries_that_stay_are_kept_as_they_are_written():
    old = "# ours\n127.0.0.1\tlocalhost  # always\n\n192.0.2.7 gone\n::0001 localhost six\n"
    assert dns.entries(old) == [
        ("127.0.0.1", ("localhost",)),
        ("192.0.2.7", ("gone",)),
        ("::1", ("localhost", "six")),
    ]
    wanted = [
        ("127.0.0.1", ("localhost",)),
        ("192.0.2.8", ("new", "n")),
        ("::1", ("localhost", "six")),
    ]
    made = dns.hosts(old, wanted)
    assert made == (
        "# ours\n127.0.0.1\tlocalhost  # always\n192.0.2.8 new n\n::0001 localhost six\n\n"
    )
    assert dns.hosts(made, wanted) == made
    assert dns.hosts(made, []) == "# ours\n\n"


def test_everything_is_listed_once_and_addresses_are_written_shortest():
    wanted = desired(
        nameservers=["2001:DB8:0::1", "2001:db8::1"],
        entries=[{"address": "::0001", "names": ["a"]}] * 2,
    )
    assert wanted.nameservers == ("2001:db8::1",)
    assert wanted.entries == (("::1", ("a",)),)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "One of the options nameservers, search, options, entries is required"),
        ({"netns": ""}, "the name of a namespace must not be empty"),
        ({"netns": ".."}, "is a directory"),
        ({"netns": "a/b"}, "must not contain '/'"),
        (
            {"netns": "/proc/1/ns/net"},
            "netns '/proc/1/ns/net' must be the name of a namespace: the files are",
        ),
        ({"netns": "/run/netns/.."}, "is a directory"),
        ({"nameservers": ["one"]}, "' is not an IP address;"),
        ({"nameservers": ["192.0.2.1/24"]}, "' is not an IP address;"),
        ({"nameservers": ["192.0.2.1\nsearch x"]}, "' is not an IP address;"),
        ({"nameservers": ["192.0.2.1%eth0"]}, "' is not an IP address;"),
        ({"nameservers": ["fe80::1%a\nb"]}, "' is not an IP address;"),
        ({"nameservers": ["fe80::1%"]}, "' is not an IP address;"),
        ({"search": ["a b"]}, "' must be a word without white space, '#' and ';'"),
        ({"search": [""]}, "' must be a word without white space, '#' and ';'"),
        (
            {"options": ["rotate\nnameserver 192.0.2.1"]},
            "' must be a word without white space, '#' and ';'",
        ),
        ({"options": ["#rotate"]}, "' must be a word without white space, '#' and ';'"),
        ({"entries": [{"address": "x", "names": ["a"]}]}, "' is not an IP address;"),
        (
            {"entries": [{"address": "::1", "names": []}]},
            "entries: names of ::1 is empty; list at least one",
        ),
        (
            {"entries": [{"address": "::1", "names": ["a\n::2 b"]}]},
            "' must be a word without white space, '#' and ';'",
        ),
        (
            {"state": "absent", "search": []},
            "search cannot be combined with state=absent, which removes both files",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(options, told):
    with pytest.raises(BadInput) as refused:
        desired(**options)
    assert told in str(refused.value)


def test_a_path_of_a_name_stands_for_the_name():
    assert desired(netns="/run/netns/a", search=[]).name == "a"
