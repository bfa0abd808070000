# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of what the matrix says."""

from __future__ import annotations

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TESTS / "machines"), str(TESTS / "tools")]

import compatibility
import page
from jobs import Job, Outcome
from kernels import KERNELS


def cell(name, what="", outcome="ok", why=""):
    return {"kind": "vlan", "cell": name, "what": what, "outcome": outcome, "why": why}


ID, PROTOCOL = '{"vlan": {"id": 5}}', '{"vlan": {"protocol": "802.1ad"}}'
CELLS = (
    cell("create"),
    cell("change", ID, "refused", "… force=true …"),
    cell("force", ID),
    cell("undo", f"force {ID}"),
    cell("change", PROTOCOL, "FAIL", "the second run changed [...]"),
    cell("change", '{"up": true}'),
    cell("change", '{"master": "br0"}', "refused", "it cannot be a port"),
    cell("undo", "create", "FAIL", "Traceback\n  File x\nKeyError: 'x'"),
)


def test_a_summary():
    told = compatibility.summary(CELLS)
    assert told["cells"] == {
        "check": "ok",
        "create": "ok",
        "again": "FAIL",
        "change": "ok",
        "move": "",
        "replay": "",
        "undo": "FAIL",
        "absent": "",
        "force": "ok",
    }
    assert told["changes"] == {
        "id: 5": "anew",
        "protocol: 802.1ad": "fails",
        "up: true": "in place",
        "master: br0": "refused",
    }
    assert told["failures"] == [
        "change protocol: 802.1ad: the second run changed [...]",
        "undo create: KeyError: 'x'",
    ]


def test_what_a_kernel_lacks():
    assert compatibility.summary(({"kind": "vlan", "outcome": "lacks"},)) == {"lacks": True}
    assert page.verdict({"lacks": True}) == "not there"


@pytest.mark.parametrize(
    "what, said",
    [
        ('up: {"vlan": {"id": 5}}', "up: id: 5"),
        ('{"vxlan": {"group": "239.1.1.1", "device": "p0"}}', "group: 239.1.1.1, device: p0"),
        ('{"arp": false}', "arp: false"),
        ("all common", "all common"),
        (
            '{"wireguard": {"peers": [{"public_key": "k", "allowed_ips": ["10.0.0.0/8"],'
            ' "preshared_key": "s"}]}}',
            "peers: allowed_ips 10.0.0.0/8 preshared_key",
        ),
    ],
)
def test_a_change_in_short(what, said):
    assert compatibility.shortened(what) == said


def test_a_table():
    kept = {
        "6.1": {"release": "6.1.9", "kinds": {"vlan": compatibility.summary(CELLS)}},
        "here": {"release": "6.18", "kinds": {"vlan": {"lacks": True}}},
    }
    _blank, head, one, other = compatibility.table(kept).splitlines()
    assert head.split() == ["kind", *compatibility.CELLS]
    assert one.split() == ["6.1", "vlan", "ok", "ok", "FAIL", "ok", "-", "-", "FAIL", "-", "ok"]
    assert other == "here vlan  not in this kernel"
    assert compatibility.table({}) == ""


def test_the_page():
    vlan = compatibility.summary(CELLS)
    other = {**vlan, "changes": {**vlan["changes"], "id: 5": "in place"}, "failures": []}
    text = page.made_of(
        {
            "here": {"release": "6.18", "kinds": {"vlan": {"lacks": True}}},
            "6.1": {"release": "6.1.9", "kinds": {"vlan": vlan}},
            "newest": {"release": "7.2", "kinds": {"vlan": {**other, "cells": {"check": "ok"}}}},
        }
    )
    old, new = page.about("6.1"), page.about("newest")
    assert f"     - {old} (6.1.9)" in text
    assert "     - fails: again, undo\n     - yes\n" in text
    assert f"     - ``id: 5``\n     - {old}: anew; {new}: in place\n" in text
    assert f"- ``vlan``, {old}: ``undo create: KeyError: 'x'``" in text
    assert "Integration tests" not in text


def test_what_is_kept_of_kinds_and_targets():
    old, other = KERNELS[1], KERNELS[2]
    kept = compatibility.gathered(
        {
            Job(old, "veth"): Outcome(True, "", release="6.1.9"),
            Job(old, "netns"): Outcome(False, "", release="6.1.9"),
            Job(old, "vlan", True): Outcome(False, "", CELLS, "6.1.9"),
            Job(old, "vrf", True): Outcome(False, "it ended", release="6.1.9"),
            Job(other, "veth"): Outcome(False, "it did not boot"),
        }
    )
    assert kept == {
        "6.1": {
            "release": "6.1.9",
            "kinds": {"vlan": compatibility.summary(CELLS)},
            "targets": {"netns": False, "veth": True},
        }
    }
    text = page.made_of({**kept, "newest": {"release": "7.2", "kinds": {}}})
    assert text.count("     - not tried\n") == 1
    assert f"   * - Test\n     - {page.about('6.1')}\n   * - ``netns``\n     - fails\n" in text


def test_what_was_kept_before_stays(monkeypatch, tmp_path):
    monkeypatch.setattr(compatibility, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(page, "PAGE", tmp_path / "page")
    one = {"release": "6.1.9", "kinds": {}, "targets": {"veth": True}}
    compatibility.write({"6.1": one})
    compatibility.write({"6.1": {**one, "targets": {"netns": True}}, "newest": one})
    text = page.PAGE.read_text()
    assert "   * - ``netns``\n     - yes\n     - not run\n" in text
    assert "   * - ``veth``\n     - yes\n     - yes\n" in text
