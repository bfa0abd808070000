# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other Ansible, which asks hosts: here each has a Python that says what it was told to say."""

from __future__ import annotations

import json
import os

import pytest
import yaml
from ansible import constants as C

from ansible_collections.linuxnet.netns.plugins.plugin_utils import _asking

COLLECTIONS = _asking.__file__.rpartition("/ansible_collections/")[0]


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Return what makes the variables of a host that answers a text."""
    monkeypatch.setattr(C, "COLLECTIONS_PATHS", [COLLECTIONS])
    monkeypatch.setenv("ANSIBLE_REMOTE_TEMP", str(tmp_path / "remote"))
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "home"))
    numbers = iter(range(100))

    def with_answer(answer, **more):
        number = next(numbers)
        python, said = tmp_path / f"python{number}", tmp_path / f"said{number}"
        said.write_text(answer)
        python.write_text(f"#!/bin/sh\nexec cat {said}\n")
        python.chmod(0o755)
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": os.fspath(python),
            **more,
        }

    return with_answer


def good(name):
    return json.dumps({"changed": False, "namespaces": [{"name": name}]})


def test_each_host_answers_for_itself(host):
    hosts = {
        "good": host(good("one"), ansible_password="p😀\u2028\x85\\\"'{{ x }}\t\x7f"),
        "all": host(good("two")),  # no host of a file can be called so
        "web[1:3]:22": host(good("three")),
        "ключ😀": host(good("four")),
        "empty": host("{}"),
        "number": host("5"),
        "list": host("[1]"),
        "nothing": host(""),
        "deep": host('{"namespaces": ' + "[" * 100000 + "]" * 100000 + "}"),
        "failed": host('{"failed": true, "msg": "😀 no"}'),
        "half": host('{"namespaces": [{"name": "o'),
        "wrong": host(good("five"), ansible_password="\udc80secret"),
    }
    told = _asking.ask(hosts, ["links"])
    assert told.keys() == hosts.keys()
    for name, found in (
        ("good", "one"),
        ("all", "two"),
        ("web[1:3]:22", "three"),
        ("ключ😀", "four"),
    ):
        assert told[name] == {"namespaces": [{"name": found}]}
    for name in ("number", "list", "nothing", "deep", "half", "failed", "wrong"):
        assert "failed" in told[name], (name, told[name])
    assert told["empty"] == {"namespaces": None}
    assert told["failed"]["failed"] == "😀 no"
    assert told["wrong"] == {"failed": "one of its variables is not valid Unicode"}


def test_where_none_answers_it_is_told_why(host):
    with pytest.raises(_asking.AnsibleError, match=r"(?s)one did not answer: .*--nonsense"):
        _asking.ask({"one": host(good("one"))}, ["links"], ["--nonsense"])


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", None)])
def test_every_text_arrives_as_it_is(loader):
    if loader is None:
        pytest.skip("PyYAML has no libyaml here")
    reader = type("Reader", (loader,), {})
    reader.add_constructor("!unsafe", lambda loading, node: node.value)
    characters = [
        chr(number)
        for number in range(0x110000)
        if (number < 0x3000 or number % 251 == 0 or number & 0xFFFE == 0xFFFE)
        and not 0xD800 <= number < 0xE000
    ]
    value = {"ansible_😀": "".join(characters), "more": [None, True, 1, 1.5, "null", "<<", ""]}
    assert yaml.load(_asking.as_yaml(value), Loader=reader) == value
