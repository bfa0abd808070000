# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals that wait: they come when they are asked for, or at the end, and never get lost."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._engine import signals as stops
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import machine


@pytest.fixture
def alarm():
    """Let the alarm raise TimeoutError, as Ansible's does that a task took too long."""

    def late(number, frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    yield late
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGALRM, TimeoutError)]
)
def test_a_signal_waits_until_it_is_answered(alarm, number, error):
    handler = signal.getsignal(number)
    with stops.waiting() as told:
        signal.raise_signal(number)
        assert [each for each, _frame in told.came] == [number]
        with pytest.raises(error):
            told.answer()
        told.answer()
    assert signal.getsignal(number) is handler


def test_a_signal_comes_at_the_end_at_the_latest(alarm):
    reached = []
    with pytest.raises(TimeoutError), stops.waiting():
        signal.raise_signal(signal.SIGALRM)
        reached.append(True)
    assert reached == [True]
    assert signal.getsignal(signal.SIGALRM) is alarm


def test_what_goes_wrong_meanwhile_goes_first(alarm):
    with pytest.raises(KeyError), stops.waiting():
        signal.raise_signal(signal.SIGALRM)
        raise KeyError
    assert signal.getsignal(signal.SIGALRM) is alarm


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGALRM])
def test_what_ends_the_process_waits_as_well(number):
    pid = machine.fork(lambda: ended_by(number))
    assert os.waitpid(pid, 0)[1] == number


def ended_by(number):
    signal.signal(number, signal.SIG_DFL)
    with stops.waiting() as told:
        signal.raise_signal(number)
        raise told.stopped()
    return 1


def test_what_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stops.waiting() as told:
            signal.raise_signal(signal.SIGHUP)
            assert told.came == []
    finally:
        signal.signal(signal.SIGHUP, before)


def test_who_answers_and_goes_on_is_told_that_it_stopped():
    before = signal.signal(signal.SIGHUP, lambda number, frame: None)
    try:
        with pytest.raises(stops.Stopped, match="Stopped by SIGHUP"), stops.waiting() as told:
            signal.raise_signal(signal.SIGHUP)
            raise told.stopped()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_thread_has_no_signals():
    told = []

    def work():
        with stops.waiting() as each:
            told.append(each.handlers)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == [{}]
