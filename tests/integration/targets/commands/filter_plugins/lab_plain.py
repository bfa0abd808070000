# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netns_info tells of a namespace, without what the kernel draws by lot."""

from __future__ import annotations

import typing as t

Shown = dict[str, t.Any]
STATED = "02:00:00:00"  # with which the MACs begin that the test states


def lab_plain(space: Shown, word: str) -> Shown:
    """Return a namespace without numbers and drawn MACs, and of the machine itself what is ours."""
    links = [each for each in space["links"] if space["name"] or word in each["name"]]
    names = {each["name"] for each in links}
    routes = [each for each in space["routes"] if space["name"] or each["dev"] in names]
    return {
        "name": space["name"],
        "links": sorted(map(_link, links), key=lambda each: str(each["name"])),
        "routes": sorted(routes, key=str),
    }


def _link(link: Shown) -> Shown:
    plain = {key: value for key, value in link.items() if key not in ("index", "mac")}
    if link["mac"].startswith(STATED):
        plain["mac"] = link["mac"]
    return plain


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return it by its name."""
        return {"lab_plain": lab_plain}
