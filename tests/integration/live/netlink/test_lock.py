# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that write acquire turns, and tell whether what they saw before may be out of date."""

from __future__ import annotations

import os
import signal
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import lock as turn
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink.lock import WriterLock
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine


def nothing():
    pass


def test_alone_nothing_is_out_of_date():
    one = WriterLock()
    assert one.acquire(nothing) is False
    assert one.acquire(nothing) is False
    one.release()
    one.release()
    assert WriterLock().acquire(nothing) is False


def test_one_waits_for_the_other_and_makes_way():
    first, second = WriterLock(), WriterLock()
    first.acquire(nothing)

    def other():
        os.close(first.lock)
        made = []
        waited = second.acquire(lambda: made.append(True))
        return 7 if waited and made else 8

    pid = machine.fork(other)
    time.sleep(0.05)
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)
    first.release()
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 7


def test_another_that_came_and_went_is_noticed():
    first, second = WriterLock(), WriterLock()
    first.acquire(nothing)
    third = WriterLock()  # it looks while the first one writes
    first.release()
    assert third.acquire(nothing) is True
    third.release()
    assert second.acquire(nothing) is True
    second.release()
    assert WriterLock().acquire(nothing) is False


def test_another_that_was_killed_is_noticed():
    late = WriterLock()

    def killed():
        WriterLock().acquire(nothing)
        os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(machine.fork(killed), 0)
    assert late.acquire(nothing) is True
    late.release()
    assert WriterLock().acquire(nothing) is False


def test_it_goes_without_a_file(monkeypatch):
    monkeypatch.setattr(turn, "FILE", "/run/none/lock")
    one, other = WriterLock(), WriterLock()
    assert one.acquire(nothing) is False
    assert other.acquire(nothing) is False
    one.release()


def test_one_that_never_ends_is_told_of(monkeypatch):
    monkeypatch.setattr(turn, "TIMEOUT", 0.05)
    one, other = WriterLock(), WriterLock()
    one.acquire(nothing)
    with pytest.raises(turn.Conflict, match="Another run of this collection has held"):
        other.acquire(nothing)
