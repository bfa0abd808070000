# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures in docs/pictures are those that the filter makes of the files beside them."""

from __future__ import annotations

import pathlib
import re
import xml.etree.ElementTree as ET

import pytest
import yaml

from ansible_collections.linuxnet.netns.plugins.filter.topology_svg import topology_svg

PICTURES = pathlib.Path(__file__).resolve().parents[5] / "docs" / "pictures"


def shown(text):
    """All of a picture but where it is: another Graphviz, or other fonts, may lay it out anew."""
    seen = []
    for each in ET.fromstring(text).iter():
        what = {k: v for k, v in each.attrib.items() if k in ("id", "class", "fill", "stroke")}
        seen.append((re.sub("{.*}", "", each.tag), what, (each.text or "").strip()))
    return seen


@pytest.mark.parametrize("name", ["lab", "study"])
def test_a_picture_is_what_is_made_today(name):
    source = (PICTURES / f"{name}.yml").read_text(encoding="utf-8")
    there = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    assert shown(there) == shown(topology_svg(yaml.safe_load(source)))


def test_all_of_them_are_compared():
    assert {path.stem for path in PICTURES.iterdir()} == {"lab", "study"}
