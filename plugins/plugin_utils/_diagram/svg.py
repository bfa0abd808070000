# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Let Graphviz draw a graph, for light and dark pages."""

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

TIMEOUT = 300  # seconds; Graphviz takes 2 for 750 namespaces
TITLE = re.compile(r'(<g id="(\w+)" class="\w+"[^>]*>\s*)<title>[^<]*</title>')


def write(graph: Graph, small: bool) -> str:
    """Return the drawing; raise DiagramError if Graphviz is missing or fails."""
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
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DiagramError(
            f"dot could not be run: {error}. Install Graphviz on the controller"
        ) from error
    if done.returncode or "<svg" not in done.stdout:
        raise DiagramError(f"dot failed with exit status {done.returncode}: {done.stderr.strip()}")
    # Before it, there are the version of Graphviz and a document type.
    text = re.sub(r"<!--.*?-->\n?", "", done.stdout[done.stdout.index("<svg") :], flags=re.DOTALL)
    titles = _titles(graph, small)
    text = TITLE.sub(lambda found: found[1] + _title(titles.get(found[2], "")), text)
    return text.replace(">", f">\n<style>{STYLE}</style>", 1)


def _title(text: str) -> str:
    """Return what a browser shows as a tooltip."""
    return f"<title>{escape(text, quote=False)}</title>"


def _titles(graph: Graph, small: bool) -> dict[str, str]:
    """Return the tooltips by element id."""
    texts = {"graph0": ", ".join(words for _health, words in graph.summary())}
    texts.update((f"n{number}", box.description) for number, box in enumerate(graph.boxes))
    groups: t.Sequence[t.Sequence[t.Any]] = [[cable] for cable in graph.cables]
    if not small:
        groups = [bundle.cables for bundle in graph.bundles()]
    for number, cables in enumerate(groups):
        texts[f"c{number}"] = texts[f"s{number}"] = "\n".join(map(graph.describe, cables))
    return texts


def _dark() -> str:
    """Return a style that replaces every colour on dark pages."""
    return "".join(
        f'[{of}="{light}"]{{{of}:{dark}}}'
        for light, dark in zip(LIGHT, DARK)
        for of in ("fill", "stroke")
    )


# Without a colour, text is black on any page.
STYLE = (
    f"svg{{color-scheme:light dark}}text:not([fill]){{fill:{LIGHT.ink}}}"
    f"@media(prefers-color-scheme:dark){{text:not([fill]){{fill:{DARK.ink}}}{_dark()}}}"
)
