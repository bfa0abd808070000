# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals that wait: they come when they are asked for, or at the end, and never get lost."""

from __future__ import annotations

import signal
import threading

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._kernel import stops


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


def test_what_ends_the_process_is_left_alone():
    before = signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        with stops.waiting():
            assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_thread_has_no_signals():
    told = []

    def work():
        with stops.waiting() as each:
            told.append(each.handlers)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == [{}]
