# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the pictures of docs/pictures, each from the YAML file beside it.

A unit test holds them against what the filter makes; where it complains, this is what to run.
"""

from __future__ import annotations

import pathlib
import sys
import typing as t

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"


def svg(given: t.Any) -> str:
    """The picture of what is stated."""
    sys.path.insert(0, str(ROOT / ".dev") if (ROOT / ".dev").exists() else str(ROOT.parents[2]))
    from ansible_collections.linuxnet.netns.plugins.filter.topology_svg import topology_svg

    return topology_svg(given)


def many() -> dict[str, t.Any]:
    """The lists of 200 namespaces: a ring of 8, 4 below each, 5 below each of these."""
    names = [f"core{n}" for n in range(8)]
    cables = [(f"core{n}", f"core{(n + 1) % 8}") for n in range(8)]
    for core in range(8):
        for hub in range(4):
            below = [f"pc{core}{hub}{n}" for n in range(5)]
            names += [f"hub{core}{hub}", *below]
            cables.append((f"core{core}", f"hub{core}{hub}"))
            cables += [(f"hub{core}{hub}", name) for name in below]
    return {
        "namespaces": [{"name": names, "lo_up": True}],
        "veths": [
            {
                "name": f"to-{far}",
                "netns": near,
                "up": True,
                "peer": {"name": f"to-{near}", "netns": far, "up": far not in ("hub21", "pc603")},
            }
            for near, far in cables
        ],
    }


def main() -> None:
    """Draw them."""
    for source in sorted(PICTURES.glob("*.yml")):
        made = svg(yaml.safe_load(source.read_text(encoding="utf-8")))
        source.with_suffix(".svg").write_text(made, encoding="utf-8")
        print(source.with_suffix(".svg"))


if __name__ == "__main__":
    main()
