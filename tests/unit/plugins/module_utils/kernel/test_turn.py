# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that write take turns, and tell whether what they saw before may be out of date."""

from __future__ import annotations

import os
import signal
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import lock as turn
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.lock import Turn
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine

pytestmark = pytest.mark.live


def nothing():
    pass


def test_alone_nothing_is_out_of_date():
    one = Turn()
    assert one.take(nothing) is False
    assert one.take(nothing) is False
    one.end()
    one.end()
    assert Turn().take(nothing) is False


def test_one_waits_for_the_other_and_makes_way():
    first, second = Turn(), Turn()
    first.take(nothing)

    def other():
        os.close(first.lock)
        made = []
        waited = second.take(lambda: made.append(True))
        return 7 if waited and made else 8

    pid = machine.fork(other)
    time.sleep(0.05)
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    first.end()
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 7


def test_another_that_came_and_went_is_noticed():
    first, second = Turn(), Turn()
    first.take(nothing)
    third = Turn()  # it looks while the first one writes
    first.end()
    assert third.take(nothing) is True
    third.end()
    assert second.take(nothing) is True
    second.end()
    assert Turn().take(nothing) is False


def test_another_that_was_killed_is_noticed():
    late = Turn()

    def killed():
        Turn().take(nothing)
        os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(machine.fork(killed), 0)
    assert late.take(nothing) is True
    late.end()
    assert Turn().take(nothing) is False


def test_it_goes_without_a_file(monkeypatch):
    monkeypatch.setattr(turn, "FILE", "/run/none/lock")
    one, other = Turn(), Turn()
    assert one.take(nothing) is False
    assert other.take(nothing) is False
    one.end()


def test_one_that_never_ends_is_told_of(monkeypatch):
    monkeypatch.setattr(turn, "PATIENCE", 0.05)
    one, other = Turn(), Turn()
    one.take(nothing)
    with pytest.raises(turn.Conflict, match="Another run of this collection has been at work"):
        other.take(nothing)
