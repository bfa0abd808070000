# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What namespaces are called after their nodes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import netns_name
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    DrawingError,
    Node,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.naming import namespace_names


def names(*labels, prefix=""):
    return namespace_names([Node((label, "id")) for label in labels], prefix)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("London", "London"),
        ("r1.lab_2", "r1.lab_2"),
        ("New York, NY", "New-York-NY"),
        ("../../etc", "etc"),
        ("..", "id"),
        ("  ", "id"),
        ("-f", "f"),
        ("a/b\0c\nd", "a-b-c-d"),
        ("S\u00e3o Paulo", "Sao-Paulo"),
        ("\u6771\u4eac", "\u6771\u4eac"),
        ("\ud55c\uad6d", "\ud55c\uad6d"),
        ("\ud800x", "x"),
        ("17", "n17"),
        ("1.7", "1.7"),
        (1000 * "x", 63 * "x"),
        (100 * "\u6771", 21 * "\u6771"),
        (62 * "x" + "-y", 62 * "x"),
    ],
)
def test_a_label_becomes_a_name(label, name):
    assert names(label) == [name]
    assert netns_name(name) == name


def test_a_prefix_comes_first_and_makes_a_number_a_name():
    assert names("17", "a", prefix="zoo-") == ["zoo-17", "zoo-a"]
    assert names("17", prefix="1") == ["n117"]


def test_of_several_that_are_the_same_the_first_keeps_the_name():
    assert names("a", "a", "a!", "b") == ["a", "a-2", "a-3", "b"]


def test_a_number_that_is_taken_is_left_out():
    assert names("a", "a-2", "a", "a", "a-2") == ["a", "a-2", "a-3", "a-4", "a-2-2"]
    assert names("a", "a", "a-2", "a", "a-2") == ["a", "a-2", "a-2-2", "a-3", "a-2-3"]


LABELS = st.lists(st.sampled_from(["a", "a!", "a-2", "a-2-2", "b", "17", "n17", "17-2", ""]))


@settings(deadline=None)
@given(LABELS, LABELS)
def test_more_nodes_at_the_end_leave_the_names_of_the_others_alone(there, new):
    before, after = names(*there), names(*there, *new)
    assert after[: len(there)] == before
    assert len(set(after)) == len(after)


def test_many_that_are_the_same_are_all_different_and_short_enough():
    found = names(*(5000 * [300 * "\u6771"]), prefix="p")
    assert len(set(found)) == 5000
    assert all(netns_name(name) for name in found)


def test_without_any_letter_it_is_a_node():
    assert namespace_names([Node(("!", "?")), Node(("",))], "") == ["node", "node-2"]


@pytest.mark.parametrize("prefix", ["a/b", 250 * "x"])
def test_a_prefix_that_makes_no_name(prefix):
    with pytest.raises(DrawingError, match=r"name_prefix: .*cannot be the name of a namespace"):
        names("a", prefix=prefix)
