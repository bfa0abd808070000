# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine of one's own: a child process in new namespaces, with an empty /run.

As root it is made at once, else by a user namespace. The process of pytest stays where it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import pickle
import signal
import sys
import tempfile
import traceback
import warnings

import pytest

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
SECONDS = 60  # in which a test must be done

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _apart():
    uid, gid = os.geteuid(), os.getegid()
    try:
        _call("unshare", CLONE_NEWNET | CLONE_NEWNS)
    except PermissionError:
        _call("unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"0 {uid} 1"),
            ("gid_map", f"0 {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    _call("mount", b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    _call("mount", b"tmpfs", b"/run", b"tmpfs", ctypes.c_ulong(0), None)


def _child(work, *arguments):
    try:
        _apart()
    except OSError as error:
        return "apart", str(error)
    # A thread, hence only now: a process with threads gets no user namespace.
    faulthandler.dump_traceback_later(SECONDS, exit=True, file=sys.__stderr__)
    try:
        return "done", work(*arguments)
    except pytest.skip.Exception as error:
        return "skipped", str(error)
    except BaseException:
        return "failed", traceback.format_exc()


def run(work, *arguments):
    """Return what the work returns in a process of its own, on a machine of its own."""
    kind, what = in_child(_child, work, *arguments)
    if kind == "apart":
        pytest.skip(f"This machine lets nobody make namespaces: {what}")
    if kind == "skipped":
        pytest.skip(what)
    if kind == "failed":
        pytest.fail(what, pytrace=False)
    return what


def fork(work):
    """Start a process that does the work, and return its number; it ends with 99 if that fails."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        code = work() or 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def in_child(work, *arguments):
    """Return what the work returns in a process of its own. None of its children lives on."""
    with tempfile.TemporaryFile() as told:
        with warnings.catch_warnings():
            # xdist has a thread; nothing in the child waits for it.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            told.write(pickle.dumps(work(*arguments)))
            told.flush()
            sys.stdout.flush()
            os._exit(0)
        status = os.waitpid(pid, 0)[1]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        if status:
            raise RuntimeError(f"the child ended with {status}")
        told.seek(0)
        return pickle.loads(told.read())
