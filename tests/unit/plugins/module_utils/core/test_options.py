# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What YAML and Ansible make of what users write: put right where that is certain, else refused."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.options import check
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

SPEC = {
    "name": {"type": "list", "elements": "str"},
    "link": {"type": "str", "aliases": ["dev"]},
    "alias": {"type": "str"},
    "stdin": {"type": "str"},
    "key": {"type": "str", "no_log": True},
    "chdir": {"type": "path"},
    "mtu": {"type": "int"},
    "ageing": {"type": "float"},
    "sysctls": {"type": "dict"},
    "peers": {"type": "list", "elements": "dict", "options": {"mac": {"type": "str"}}},
}


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ({"name": ["bg1", " bg2"]}, {"name": ["bg1", "bg2"]}),
        ({"name": ["a\n", "\tb ", "c d"]}, {"name": ["a", "b", "c d"]}),
        ({"link": "v1\n", "dev": "v1\n"}, {"link": "v1", "dev": "v1\n"}),
        ({"key": "secret\n"}, {"key": "secret"}),
        ({"alias": " near \n", "stdin": " a\0\n"}, {"alias": " near \n", "stdin": " a\0\n"}),
        ({"alias": "None", "stdin": "[]"}, {"alias": "None", "stdin": "[]"}),
        ({"chdir": "/a "}, {"chdir": "/a "}),
        ({"peers": [{"mac": None}, {"mac": " x"}]}, {"peers": [{"mac": None}, {"mac": "x"}]}),
        # A name with bytes that are no UTF-8, and one whose bytes are, but came one by one.
        ({"link": "\udcff", "alias": "\udcc3\udca9"}, {"link": "\udcff", "alias": "é"}),
        ({"link": ""}, {"link": ""}),
        ({"mtu": 0, "ageing": 0.5, "sysctls": {"a": [1, True]}},) * 2,
    ],
)
def test_what_is_put_right(stated, meant):
    assert check(SPEC, stated) == meant


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"name": ["a", " "]}, "name[1] must not be blank, as ' ' is; leave it out"),
        (
            {"name": ["a", "False"]},
            "name[1] is 'False', what YAML makes of no, off and false: put it in quotes",
        ),
        ({"link": "True"}, "link is 'True', what YAML makes of yes, on and true: put it in quotes"),
        (
            {"link": "None"},
            "link is 'None', what YAML makes of null, ~ and nothing: put it in quotes",
        ),
        ({"name": ["['a', 'b']"]}, "name[0] must be text, not a list: ['a', 'b']"),
        ({"link": "{'a': 1}"}, "link must be text, not a dictionary: {'a': 1}"),
        ({"key": "['secret']"}, "key must be text, not a list"),
        (
            {"peers": [{}, {"mac": "a\0"}]},
            r"peers[1].mac must not contain a NUL character: 'a\x00'",
        ),
        (
            {"alias": "\ud800"},
            r"alias must not contain half of a surrogate pair: '\ud800'",
        ),
        ({"key": "a\0"}, "key must not contain a NUL character"),
        ({"link": "x" * 4097}, "link must have at most 4096 characters, not 4097"),
        ({"chdir": "x" * 4097}, "chdir must have at most 4096 characters, not 4097"),
        ({"mtu": True}, "mtu must be a number, not True, what YAML makes of yes, on and true"),
        ({"mtu": 10**5000}, "mtu must be a number of at most 64 bits"),
        ({"ageing": float("nan")}, "ageing must be a number, not nan"),
        ({"ageing": float("inf")}, "ageing must be a number, not inf"),
        (
            {"sysctls": {"a": ["\0"]}},
            r"sysctls['a'][0] must not contain a NUL character: '\x00'",
        ),
    ],
)
def test_what_is_refused(stated, words):
    with pytest.raises(BadInput) as told:
        check(SPEC, stated)
    assert str(told.value) == words


def test_lists_of_a_task_are_read_alike():
    for module, option, more in (
        ("netns", "name", {}),
        ("netns_addr", "address", {"link": "v"}),
        ("netns_route", "dst", {"via": "10.0.0.9"}),
        ("netns_masquerade", "source", {"name": "x"}),
        ("netns_dns", "search", {"netns": "a"}),
        ("netns_ping", "from", {"to": "a"}),
        ("netns_exec", "netns", {"cmd": "true"}),
        ("netns_info", "netns", {}),
    ):
        assert modules.options(module, **more, **{option: "one, two\n"})[option] == ["one", "two"]
