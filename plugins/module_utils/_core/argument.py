# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What an attribute table states of an option, as argument specifications have it."""

from __future__ import annotations

import typing as t


def argument(kind: str, **details: t.Any) -> dict[str, t.Any]:
    """Return the specification of an option of a type, with those ``details`` that are not empty."""
    stated = {name: value for name, value in details.items() if value}
    return {
        "type": kind,
        **{name: list(each) if isinstance(each, tuple) else each for name, each in stated.items()},
    }
