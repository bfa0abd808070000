# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide shows the playbooks that the target inventory_netns runs."""

from __future__ import annotations

import pathlib
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
FILES = ROOT / "tests" / "integration" / "targets" / "inventory_netns" / "files"


@pytest.mark.parametrize(
    "name", ["add_namespaces.yml", "write_namespaces.yml", "group_vars/netns.yml"]
)
def test_the_guide_shows_what_is_tested(name):
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_inside.rst").read_text(encoding="utf-8")
    _header, content = (FILES / name).read_text(encoding="utf-8").split("\n\n", 1)
    assert ".. code-block:: yaml\n\n" + textwrap.indent(content, "    ") in guide
