# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diagrams as they are written, and as Graphviz draws them."""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import (
    colours,
    dot,
    mermaid,
    reading,
    svg,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import DiagramError
from ansible_collections.linuxnet.netns.tests.unit.plugins.plugin_utils.diagram.networks import (
    BROKEN,
    STUDY,
    SWITCH,
    WEIRD,
    link,
    namespace,
    ring,
)

SVG = "{http://www.w3.org/2000/svg}"
WEIRDS = [
    namespace(WEIRD, link(WEIRD[:12], to=("b", "w"))),
    namespace("b", link("w", to=(WEIRD, WEIRD[:12])), link("v", to=(WEIRD + "2", "x"))),
]
SHOWN = WEIRD.replace("\x07", "?")


def graph(given):
    return reading.read(given, "the host", None)


def drawn(given, small=True):
    """What Graphviz draws, as XML."""
    return ET.fromstring(svg.write(graph(given), small))


def texts(root):
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def titles(root):
    """What is said of each thing, by its id."""
    return {
        group.get("id"): group.find(f"{SVG}title").text
        for group in root.iter(f"{SVG}g")
        if group.find(f"{SVG}title") is not None
    }


def body(text):
    """A flowchart without its head and its styles, which are the same in all."""
    lines = text.splitlines()
    assert lines[:2] == mermaid.HEAD.splitlines()
    return [line for line in lines[2:] if not line.lstrip().startswith("classDef ")]


def test_mermaid():
    assert (
        body(mermaid.write(graph(SWITCH), True))
        == textwrap.indent(
            textwrap.dedent("""\
            n0["<b>the host</b><br>eth0 up 192.0.2.7/24<br>up up 10.0.0.1/24"]
            n1["<b>switch</b><br>br0 bridge up 10.0.0.2/24<br>#9492; p1 up<br>#9492; up up"]
            n2["<b>pc</b><br>eth0 up 10.0.0.3/24 MTU 9000"]
            n0 ---|"up #8596; up"| n1
            n1 ---|"p1 #8596; eth0"| n2
        """),
            "  ",
        ).splitlines()
    )


def test_mermaid_in_other_colours():
    lines = body(mermaid.write(graph(BROKEN), True))
    assert lines == [
        '  n0["<b>left</b><br>lo down<br>eth0 no carrier"]:::broken',
        '  n1["<b>router</b><br>left down<br>alone no peer<br>odd no peer"]:::broken',
        '  n0 ---|"eth0 #8596; left"| n1',
        '  n1 ---|"odd"| s1["gone in left"]:::out',
        "  linkStyle 0,1 stroke:#e5484d,stroke-width:2px,stroke-dasharray:6 4",
    ]
    down = [namespace("a", link("v", to=("a", "w"), up=False), link("w", to=("a", "v"), up=False))]
    assert body(mermaid.write(graph(down), True)) == [
        '  n0["<b>a</b><br>v down to w<br>w down to v"]:::down'
    ]


def test_mermaid_in_short():
    lines = body(mermaid.write(graph([*SWITCH, *BROKEN]), False))
    assert lines[1] == '  n1["<b>switch</b><br>br0"]'
    assert lines[4] == '  n4["<b>router</b><br>3 links down / no peer"]:::broken'
    twice = [
        namespace(
            "a", link("v1", to=("b", "w1")), link("v2", to=("b", "w2")), link("v", to=("c", "w"))
        ),
        namespace("b", link("w1", to=("a", "v1")), link("w2", to=("a", "v2"))),
    ]
    lines = body(mermaid.write(graph(twice), False))
    assert lines[2:] == ['  n0 ---|"2"| n1', '  n0 --- s1["…"]:::out']
    assert len(mermaid.write(graph(ring(200)), False)) < 10_000  # Mermaid takes 50,000


def test_mermaid_sees_no_meaning_in_names():
    lines = body(mermaid.write(graph(WEIRDS), True))
    for line in lines:
        told = re.sub(r'"[^"]*"', "TEXT", line)
        assert re.fullmatch(r" *(n\d\[TEXT\]|n\d ---\|TEXT\| (n\d|s\d\[TEXT\]:::out))", told)
    said = re.findall(r'"([^"]*)"', "\n".join(lines))
    assert re.fullmatch(r"<b>(.*)</b><br>.*", said[0])[1] == "".join(
        c if re.match("[A-Za-z0-9 ]", c) else f"#{ord(c)};" for c in SHOWN
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("1. a", "1#46; a"), ("- a", "#45; a"), ("a-b.c", "a-b.c"), ("a--b", "a#45;#45;b"), ("", " ")],
)
def test_mermaid_makes_no_list_of_a_name(name, written):
    assert body(mermaid.write(graph([namespace(name)]), True)) == [f'  n0["<b>{written}</b>"]']


def test_dot_chooses_a_layout():
    def layout(number):
        chart = graph(ring(number))
        return re.search(r'layout="(\w+)"', dot.write(chart, chart.small))[1]

    assert [layout(number) for number in (2, 6, 7, 30, 31)] == [
        "dot",
        "dot",
        "neato",
        "neato",
        "sfdp",
    ]


def test_dot_is_the_same_each_time():
    assert dot.write(graph(SWITCH), True) == dot.write(graph(SWITCH), True)
    assert svg.write(graph(ring(60)), False) == svg.write(graph(ring(60)), False)


def test_svg():
    root = drawn(STUDY)
    assert texts(root) == [
        *("study01", "veth01", "up", "172.16.1.101/24"),
        *("study02", "veth02", "up", "172.16.1.102/24"),
    ]
    assert titles(root) == {
        "graph0": "2 namespaces, 1 cable",
        "n0": "study01\nveth01 up 172.16.1.101/24",
        "n1": "study02\nveth02 up 172.16.1.102/24",
        "c0": "veth01 in study01 to veth02 in study02",
    }


def test_svg_of_a_bridge():
    root = drawn(SWITCH)
    assert [text.strip("\xa0 ") for text in texts(root)][7:17] == [
        *("switch", "br0", "bridge", "up", "10.0.0.2/24", "p1", "up", "up", "up", "pc"),
    ]
    tinted = [p for p in root.iter(f"{SVG}polygon") if p.get("fill") == colours.LIGHT.group]
    assert len(tinted) == 9  # three cells each of the bridge and its two ports


@pytest.mark.parametrize("small", [True, False])
def test_svg_in_other_colours(small):
    root = drawn(BROKEN, small)
    by_colour = {}
    for text in root.iter(f"{SVG}text"):
        by_colour.setdefault(text.get("fill"), []).append("".join(text.itertext()))
    bad = colours.LIGHT
    if small:
        assert by_colour[bad.down] == ["down", "down"]
        assert by_colour[bad.broken] == ["no carrier", "no peer", "no peer"]
    else:
        assert by_colour[bad.down] == ["2 links down"]
        assert by_colour[bad.broken] == [
            *("3 links broken", "2 links down / no carrier", "3 links down / no peer"),
        ]
    lines = list(root.iter(f"{SVG}path"))
    assert [line.get("stroke") for line in lines] == [bad.broken] * 2
    assert all(line.get("stroke-dasharray") for line in lines)


@pytest.mark.parametrize("number", [7, 200])
def test_svg_of_many(number):
    chart = graph(ring(number))
    root = ET.fromstring(svg.write(chart, chart.small))
    assert {f"n{n}" for n in range(number)} <= set(texts(root))
    ways = [title for name, title in titles(root).items() if name.startswith("c")]
    assert sorted(ways) == sorted(chart.describe(cable) for cable in chart.cables)
    assert len(list(root.iter(f"{SVG}path"))) == number


def test_svg_has_every_colour_for_dark_pages():
    for given, small in (
        (SWITCH, True),
        (BROKEN, True),
        ([*SWITCH, *BROKEN], False),
        (ring(9), True),
    ):
        text = svg.write(graph(given), small)
        used = set(re.findall(r'(?:fill|stroke)="([^"]*)"', text.partition("</style>")[2]))
        assert used <= {*colours.LIGHT, "none", "transparent"}
    style = text.partition("</style>")[0]
    for light, dark in zip(colours.LIGHT, colours.DARK):
        assert f'[fill="{light}"]{{fill:{dark}}}' in style
        assert f'[stroke="{light}"]{{stroke:{dark}}}' in style
    assert len({*colours.LIGHT, *colours.DARK}) == 2 * len(colours.LIGHT)


def contrast(one, other):
    """How well two colours can be told from each other, as WCAG 2 counts it."""

    def light(colour):
        parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [colours.LIGHT, colours.DARK])
def test_all_can_be_read(palette):
    for ink in (palette.ink, palette.faint, palette.down, palette.broken):
        for paper in (palette.paper, palette.box, palette.title, palette.here, palette.group):
            assert contrast(ink, paper) >= 4.5, (ink, paper)


@pytest.mark.parametrize("small", [True, False])
def test_svg_shows_any_name(small):
    root = drawn(WEIRDS, small)
    assert SHOWN in "".join(texts(root))
    assert titles(root)["n0"].startswith(f"{SHOWN}\n")
    assert titles(root)["c0"] == f"{WEIRD[:12]} in {SHOWN} to w in b"


def test_svg_without_graphviz(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DiagramError, match="on Debian and Ubuntu: apt-get install graphviz"):
        svg.write(graph(STUDY), True)
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\necho no font >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(DiagramError, match="dot failed with exit status 3: no font"):
        svg.write(graph(STUDY), True)
    program.write_text("#!/nowhere\n")
    with pytest.raises(DiagramError, match=r"dot could not be run: .*No such file"):
        svg.write(graph(STUDY), True)
