# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is handed to the Ansible that asks, and what comes back."""

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.linuxnet.netns.plugins.plugin_utils._asking import ask, written


class Loader(yaml.SafeLoader):
    """Takes `!unsafe` for what it is here: a text."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.mark.parametrize(
    "value",
    [
        "{{ open }}",
        'a "quoted": #text\n\twith ends',
        "ünï\u2028",
        [1, 2.5, None, True, ["a"]],
        {"a": {}, "b": [], "1": "yes", "c: d": {"e": "no"}},
    ],
)
def test_values_come_out_as_they_went_in(value):
    assert yaml.load(written(value), Loader) == value


def test_each_text_is_kept_from_being_a_template():
    assert written({"a": ["b"]}) == '{"a": [!unsafe "b"]}'


def test_a_host_that_fails_says_why():
    """It runs the `ansible` command, on a host whose connection there is none of."""
    told = ask({"r1": {"ansible_connection": "local", "ansible_python_interpreter": "/none"}}, [])
    assert "/none" in told["r1"]["failed"]


def test_a_host_that_says_nothing_is_named():
    with pytest.raises(AnsibleError, match=r"r1 did not answer: (.|\n)*unrecognized"):
        ask({"r1": {}}, [], ["--no-such-option"])
