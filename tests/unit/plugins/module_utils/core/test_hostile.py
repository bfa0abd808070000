# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody means, for each option of each module: it is read, or refused by name and value."""

from __future__ import annotations

import collections
import time
import traceback

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    hostile as walk,
)

LONGEST = 12_000  # characters of a message: the longest text that is repeated, escaped
HANGS = 10  # seconds in which anything is read, on a machine that is busy otherwise


@pytest.mark.parametrize("module", sorted(walk.BASES))
def test_whatever_is_stated_is_read_or_refused(module):
    wrong, tried = collections.OrderedDict(), 0
    for path, value, params in walk.cases(module):
        options = walk.validated(module, params)
        if options is None:
            continue
        tried += 1
        begun = time.monotonic()
        try:
            walk.read(module, options)
        except NetnsError as error:
            said = str(error)
            if len(said) > LONGEST:
                wrong.setdefault((path, "a long message"), said[:200])
            said.encode()  # can be sent to whoever asked
        except Exception:
            told = traceback.format_exc().strip().splitlines()
            wrong.setdefault((path, repr(value)[:60]), "\n".join(told[-4:]))
        if time.monotonic() - begun > HANGS:
            wrong.setdefault((path, repr(value)[:60]), "takes too long")
    assert tried > 50
    told = [f"{where}: {what}" for where, what in wrong.items()]
    assert not told, "\n".join(told).encode("ascii", "backslashreplace").decode()
