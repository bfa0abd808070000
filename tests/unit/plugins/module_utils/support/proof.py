# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task promises: check mode predicts it, a second run and a refusal touch nothing."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)


def proved(module_name="netns_link", /, **params):
    """Return the result of a task, which check mode has to predict and a second run to leave alone."""
    predicted = modules.run(module_name, check=True, **params)
    real = modules.run(module_name, **params)
    assert predicted == real
    assert not modules.run(module_name, **params)["changed"]
    return real


def refused(words, module_name="netns_link", /, **params):
    """Hold that a task is refused, with these words, and that all is as it was."""
    before = witness.state()
    for check in (True, False):
        with pytest.raises(NetnsError, match=words):
            modules.run(module_name, check=check, **params)
    assert witness.differences(before, witness.state()) == []
