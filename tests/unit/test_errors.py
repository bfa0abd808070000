# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of errors: it is as the source is, and each message has the one shape.

That a test raises each message is seen where all suites have run: tests/tools/covered.py.
"""

from __future__ import annotations

import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import errors

# What to do begins with one of these, or the message says what has to hold.
ACTIONS = (
    "add|allow|change|choose|correct|create|delete|end|give|install|leave|list|lower|make|move|"
    "name|put|quote|raise|read|remove|rename|repair|run|set|shorten|state|take|use|write"
)
REMEDY = re.compile(
    r"\b(must|requires?|required|needs?|mutually exclusive|cannot be combined)\b"
    rf"|([;.:,(]|\b(and|or|then)) ({ACTIONS})\b",
    re.IGNORECASE,
)
# The message that is put in says what to do, or the kernel's words are all that is known.
INNER = re.compile(
    r"kernel's words|\{(error|reason|why|what|_how_to_rebuild\(link\)|_instead\(.*\))\}\W*$"
)
REASONS = {
    "{what}. It stays as it is": "what failed says what to do; this says how the host is left",
    "{what}. {len(done)} of {len(builder.steps)} steps were done before it, and stay": "so does this",
    "{what}. {_rollback_outcome(left)}": "and this",
    "Stopped by {signal.Signals.name}": "by the user, who knows what to do",
    "No module named 'pyroute2'": "kept for missing_required_lib() of Ansible, which says what to do",
    "All was done for {job.header}, but what is there now is not what was promised: {errors, ...}": (
        "only the differences show what another program, or the kernel, has done"
    ),
    "restore the settings of link {name}: no snapshot was taken before": "a step of the way back",
    "namespace {lost, ...} was deleted, or made again": "what it is put into says to run it again",
    "{refused}; {again}": "both parts are other messages, of which the second says what to do",
    "dot failed with exit status {done.returncode}: {done.stderr.strip}": "dot's own words",
}


def texts():
    """Return each text with the place of its message."""
    return [(each, text) for each in errors.messages() for text in each.texts]


def wrong(text):
    """Return what is wrong with the shape of a text."""
    own = re.sub(r"\{[^{}]*\}", "x", text)
    if re.search(r"\bis no [a-z]|\bthere is no\b", own, re.IGNORECASE):
        return "say '... not found ...' or 'must be ...'"
    if re.search(r"Traceback|unreachable\"|\bself\b|NoneType", own):
        return "words of a program"
    if own.rstrip().endswith(".") or re.search(r"\.\.|;;| ;|: :", own):
        return "it ends with a full stop, or has two signs in a row"
    if not own.strip("x: ") or text in REASONS or INNER.search(text):
        return ""
    return "" if REMEDY.search(text) else "it does not say what to do"


def test_the_catalogue_is_as_the_source_is():
    written = errors.CATALOGUE.read_text(encoding="utf-8")
    assert written == errors.catalogue(), "write it again, and read what has changed: ./dev errors"


def test_each_message_has_the_one_shape():
    found = [f"{each.path}:{each.first}: {text}: {wrong(text)}" for each, text in texts()]
    assert [each for each in found if not each.endswith(": ")] == []


def test_each_exception_is_still_there():
    assert {text for _message, text in texts()}.issuperset(REASONS)


def test_messages_are_found_in_all_that_shows_errors_to_users():
    places = {each.path.split("/")[1] for each in errors.messages()}
    assert places >= {"become", "filter", "inventory", "module_utils", "plugin_utils"}


def test_a_message_that_no_test_raises_is_named():
    message = errors.messages()[0]
    assert message in errors.unraised({})
    ran = {str(errors.ROOT / message.path): {message.last}}
    assert message not in errors.unraised(ran)
