# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the pictures of docs/pictures, each from the YAML file beside it.

A unit test holds them against what the filter makes; where it complains, this is what to run.
"""

from __future__ import annotations

import pathlib
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """Draw them."""
    sys.path.insert(0, str(ROOT / ".dev"))
    from ansible_collections.linuxnet.netns.plugins.filter.topology_svg import topology_svg

    for source in sorted(PICTURES.glob("*.yml")):
        made = topology_svg(yaml.safe_load(source.read_text(encoding="utf-8")))
        source.with_suffix(".svg").write_text(made, encoding="utf-8")
        print(source.with_suffix(".svg"))


main()
