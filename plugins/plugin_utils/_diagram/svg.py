# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Has Graphviz draw a graph, and makes the drawing fit for light and dark pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import typing as t
from html import escape

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import dot
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.colours import DARK, LIGHT
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import DiagramError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import Graph

PATIENCE = 300  # seconds; Graphviz takes 2 for 750 namespaces
TITLE = re.compile(r'(<g id="(\w+)" class="\w+"[^>]*>\s*)<title>[^<]*</title>')


def write(graph: Graph, small: bool) -> str:
    """Return the drawing. Raises DiagramError where there is no Graphviz, or it fails."""
    program = shutil.which("dot")
    if program is None:
        raise DiagramError(
            "needs the program dot of Graphviz on the controller;"
            " on Debian and Ubuntu: apt-get install graphviz"
        )
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.write(graph, small),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DiagramError(f"could not have dot draw: {error}") from error
    if done.returncode or "<svg" not in done.stdout:
        raise DiagramError(f"dot failed with exit status {done.returncode}: {done.stderr.strip()}")
    # What stands ahead of it names the version of Graphviz and a document type.
    text = re.sub(r"<!--.*?-->\n?", "", done.stdout[done.stdout.index("<svg") :], flags=re.DOTALL)
    titles = _titles(graph, small)
    text = TITLE.sub(lambda found: found[1] + _title(titles.get(found[2], "")), text)
    return text.replace(">", f">\n<style>{STYLE}</style>", 1)


def _title(text: str) -> str:
    """Return what a browser shows when the pointer rests on something."""
    return f"<title>{escape(text, quote=False)}</title>"


def _titles(graph: Graph, small: bool) -> dict[str, str]:
    """Return what there is to say of each thing, by its id."""
    said = {"graph0": ", ".join(words for _health, words in graph.summary())}
    said.update((f"n{number}", box.told) for number, box in enumerate(graph.boxes))
    groups: t.Sequence[t.Sequence[t.Any]] = [[cable] for cable in graph.cables]
    if not small:
        groups = [bundle.cables for bundle in graph.bundles()]
    for number, cables in enumerate(groups):
        said[f"c{number}"] = said[f"s{number}"] = "\n".join(map(graph.told, cables))
    return said


def _dark() -> str:
    """Return the style that gives everything its colour on dark paper."""
    return "".join(
        f'[{of}="{light}"]{{{of}:{dark}}}'
        for light, dark in zip(LIGHT, DARK)
        for of in ("fill", "stroke")
    )


# Without a colour of its own, text is black, whatever the page.
STYLE = (
    f"svg{{color-scheme:light dark}}text:not([fill]){{fill:{LIGHT.ink}}}"
    f"@media(prefers-color-scheme:dark){{text:not([fill]){{fill:{DARK.ink}}}{_dark()}}}"
)
