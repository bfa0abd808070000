# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Derive unique names of namespaces from labels, suitable for files and shells."""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import netns_name
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    DrawingError,
    Node,
)

LONGEST = 63  # bytes that a name keeps of a label: the limit of a host name's part
ACCENTS = "[\u0300-\u036f]"


def namespace_names(nodes: t.Sequence[Node], prefix: str) -> list[str]:
    """Return a name for each node."""
    try:
        # Check the prefix with the longest possible name.
        netns_name(prefix + (LONGEST + len(f"-{len(nodes)}")) * "x")
    except BadInput as error:
        raise DrawingError(f"name_prefix: {error}") from error
    return list(_unique([_name(node, prefix) for node in nodes]))


def _name(node: Node, prefix: str) -> str:
    slug = next(filter(None, map(_slug, node.labels)), "node")
    # A number would refer to a process as long as the namespace does not exist.
    return f"{prefix}{slug}" if not f"{prefix}{slug}".isdigit() else f"n{prefix}{slug}"


def _slug(label: str) -> str:
    """Return the readable part of a label: letters of all scripts without accents, and digits."""
    text = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", label))
    text = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text)).strip("-.")
    return text.encode()[:LONGEST].decode(errors="ignore").rstrip("-.")


def _unique(names: t.Sequence[str]) -> t.Iterator[str]:
    """Yield unique names: the first one stays, duplicates are numbered from 2.

    Names do not depend on later nodes, so that a new node at the end never renames others.
    """
    taken: set[str] = set()
    last: dict[str, int] = {}
    for name in names:
        unique, number = name, last.get(name, 1)
        while unique in taken:
            number += 1
            unique = f"{name}-{number}"
        last[name] = number
        taken.add(unique)
        yield unique
