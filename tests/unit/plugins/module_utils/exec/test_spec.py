# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may state of a command and its environment."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._exec import spec as command


def test_words_of_a_command():
    assert command.argv_of("a 'b c' $D", None) == ("a", "b c", "$D")
    assert command.argv_of(None, ["a", "b c"]) == ("a", "b c")
    for cmd, argv, says in (
        ("", None, "The command is empty"),
        ("'' x", None, "The command is empty"),
        ("'x", None, "No closing quotation"),
        (None, [], "The command is empty"),
        (None, ["a\0"], "NUL"),
    ):
        with pytest.raises(BadInput, match=says):
            command.argv_of(cmd, argv)


def test_variables_of_a_command():
    base = {"PATH": "/bin", "HOME": "/root"}
    assert command.environment_of(base, {"A": 1, "HOME": None}) == {"PATH": "/bin", "A": "1"}
    assert base == {"PATH": "/bin", "HOME": "/root"}
    for stated in ({"": "x"}, {"A=": "x"}, {"A": "x\0"}):
        with pytest.raises(BadInput):
            command.environment_of(base, stated)
