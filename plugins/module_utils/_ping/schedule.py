# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Order the pings between many namespaces so that the neighbour table does not overflow.

On one wire, each pair takes two entries of the kernel's neighbour table, which has 1024 for the
whole host. Large numbers of pairs are therefore pinged in blocks.
"""

from __future__ import annotations

import typing as t

FEW = 400  # entries that the table has room for, besides those of others
BLOCK = 16  # 16 by 16 pairs need 512 entries


def groups(pairs: t.Sequence[tuple[str, str | None]], neighbours: int) -> list[list[int]]:
    """Return the numbers of pairs (source, and goal if it is a namespace) in ordered groups.

    Both directions of a pair are in the same group. ``neighbours`` is the number of entries that
    all pairs need.
    """
    if not pairs:
        return []
    if neighbours <= FEW:
        return [_mixed(pairs, range(len(pairs)))]
    block: dict[str, int] = {}
    for ends in pairs:
        for key in ends:
            if key is not None:
                block.setdefault(key, len(block) // BLOCK)
    found: dict[tuple[int, int, int], list[int]] = {}
    alone: dict[str, int] = {}
    for number, (source, goal) in enumerate(pairs):
        if goal is None:  # an address: group as many of them as there would be namespaces
            nth = alone[source] = alone.get(source, -1) + 1
            turn = (block[source], block[source], 1 + nth // BLOCK)
        else:
            low, high = sorted((block[source], block[goal]))
            turn = (low, high, 0)
        found.setdefault(turn, []).append(number)
    return [_mixed(pairs, group) for _turn, group in sorted(found.items())]


def _mixed(pairs: t.Sequence[tuple[str, str | None]], group: t.Iterable[int]) -> list[int]:
    """Return the numbers in an order in which no namespace is source, or goal, of many in a row."""
    by_source: dict[str, list[int]] = {}
    for number in group:
        by_source.setdefault(pairs[number][0], []).append(number)
    most = max(len(numbers) for numbers in by_source.values())
    return [
        numbers[(turn + shift) % len(numbers)]
        for turn in range(most)
        for shift, numbers in enumerate(by_source.values())
        if turn < len(numbers)
    ]
