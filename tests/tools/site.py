# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the site of the documentation, in the folder given; whatever reads badly is an error.

antsibull-docs makes pages of all plugins and guides, and Sphinx a site of these. Nothing
is fetched: what there is in Ansible's own documentation is known from the Ansible installed.
"""

from __future__ import annotations

import importlib.resources
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

import pictures
from pictures import PICTURES, ROOT

ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
LABEL = re.compile(r"<(ansible_collections\.([a-z_]+)\.([a-z_]+)\.(\w+)_([a-z]+))>")
VARIABLE = re.compile(r":envvar:`(ANSIBLE[\w\\]+)`")
PAGES = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html#$",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
}
# Of collections that are not installed: (collection, plugin, type).
ELSEWHERE = {("ansible.posix", "sysctl", "module")}

CONF = """\
project = "linuxnet.netns"
html_title = html_short_title = "Network namespaces for Ansible"
extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {"ansible": ("@ANSIBLE@", "ansible.inv")}
html_theme = "sphinx_ansible_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_theme_options = {"vcs_pageview_mode": "edit"}
html_show_copyright = html_show_sphinx = html_copy_source = html_use_index = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True
# Before the first release, the page of changes has no title.
suppress_warnings = ["toc.no_title"]
"""


# Commands and tasks side by side begin at the same height.
STYLE = ".rst-content table.docutils td { vertical-align: top }"


def main(site: str) -> None:
    """Build it."""
    with tempfile.TemporaryDirectory() as work:
        rst = pathlib.Path(work, "rst")
        rst.mkdir(mode=0o755)
        antsibull = pathlib.Path(sys.executable).with_name("antsibull-docs")
        pages = ("collection", "--use-current", "--squash-hierarchy", "--fail-on-error")
        run(str(antsibull), *pages, "--dest-dir", str(rst), "linuxnet.netns")
        add_pictures(rst / "docsite" / "pictures")
        text = "".join(page.read_text(encoding="utf-8") for page in rst.rglob("*.rst"))
        (rst / "ansible.inv").write_bytes(inventory(text))
        static = pathlib.Path(work, "static")
        static.mkdir()
        (static / "site.css").write_text(STYLE, encoding="utf-8")
        conf = pathlib.Path(work, "conf.py")
        conf.write_text(CONF.replace("@ANSIBLE@", ANSIBLE), encoding="utf-8")
        strict = ("-q", "-E", "--fail-on-warning", "--keep-going", "--nitpicky")
        doctrees = os.path.join(work, "doctrees")
        run(sys.executable, "-m", "sphinx", *strict, "-c", work, "-d", doctrees, str(rst), site)
    index = pathlib.Path(site, "index.html").resolve()
    print(f"{len(list(index.parent.rglob('*.html')))} pages: {index}")


def add_pictures(folder: pathlib.Path) -> None:
    """Put the pictures beside the guides. The site is light; so are they, whoever reads it."""
    folder.mkdir()
    drawn = {path.stem: path.read_text(encoding="utf-8") for path in PICTURES.glob("*.svg")}
    drawn["many"] = pictures.svg(pictures.many())
    for name, text in drawn.items():
        light = re.sub(r"<style>.*?</style>", "", text)
        (folder / f"{name}.svg").write_text(light, encoding="utf-8")


def inventory(text: str) -> bytes:
    """Return what Sphinx would fetch: where Ansible's documentation has what the text refers to."""
    lines = [f"{label} std:label -1 {page} {label}" for label, page in PAGES.items()]
    settings = (importlib.resources.files("ansible") / "config" / "base.yml").read_text("utf-8")
    for name in sorted({found.replace("\\", "") for found in VARIABLE.findall(text)}):
        if re.search(rf"\b{name}\b", settings):
            page = f"reference_appendices/config.html#envvar-{name}"
            lines.append(f"{name} std:envvar 1 {page} -")
    for label, namespace, collection, plugin, kind in sorted(set(LABEL.findall(text))):
        name = f"{namespace}.{collection}"
        if name == "linuxnet.netns" or not known(name, plugin, kind):
            continue
        page = f"collections/{namespace}/{collection}/{plugin}_{kind}.html"
        anchor = re.sub(r"[._]", "-", label)
        lines.append(f"{label} std:label -1 {page}#{anchor} {name}.{plugin}")
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n"
    head += "# The remainder of this file is compressed using zlib.\n"
    return head.encode() + zlib.compress("\n".join([*lines, ""]).encode())


def known(collection: str, plugin: str, kind: str) -> bool:
    """Whether there is such a plugin."""
    if collection != "ansible.builtin":
        return (collection, plugin, kind) in ELSEWHERE
    folder = importlib.resources.files("ansible")
    folder = folder / "modules" if kind == "module" else folder / "plugins" / kind
    return any((folder / f"{plugin}.{suffix}").is_file() for suffix in ("py", "yml"))


def run(*command: str) -> None:
    """Run a command, and end with what it says if it fails."""
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}")


main(*sys.argv[1:])
