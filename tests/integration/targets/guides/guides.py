# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to the tutorial, done: the tasks on the right return the commands on their left.

And the YAML of all guides is YAML.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import tempfile
import textwrap
import typing as t

import yaml

ROOT = pathlib.Path(os.environ["ANSIBLE_COLLECTIONS_PATH"], "ansible_collections/linuxnet/netns")
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
BLOCK = re.compile(r"\.\. code-block:: (\w+)\n\n((?:(?! *- \.\.)[ ]+.*\n|\n)+)")
ROW = re.compile(r"   \* - (?=\.\. code)(.*?)(?=\n   \* - |\n\S)", re.DOTALL)


class GuideError(Exception):
    """A guide says something else than what is so."""


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the languages of blocks of code, and the code."""
    return [(kind, textwrap.dedent(code)) for kind, code in BLOCK.findall(text)]


def do(tasks: list[dict[str, t.Any]]) -> list[str]:
    """Run tasks, and return the commands that they return."""
    with tempfile.TemporaryDirectory() as folder:
        playbook, told = pathlib.Path(folder, "play.yml"), pathlib.Path(folder, "told")
        last = "{{ results | map('default', {}, true) | to_json }}"
        registered = [{**task, "register": f"done{n}"} for n, task in enumerate(tasks)]
        copy = {"content": last, "dest": str(told), "mode": "0600"}
        facts = {"results": [f"{{{{ done{n} }}}}" for n in range(len(tasks))]}
        keep = {"ansible.builtin.copy": copy, "vars": facts}
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [*registered, keep]}
        playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
        subprocess.run(["ansible-playbook", str(playbook)], check=True)
        results = json.loads(told.read_text(encoding="utf-8"))
    return [command for result in results for command in result.get("commands", [])]


def main() -> None:
    """Do the tutorial, and read the other guides."""
    for guide in GUIDES:
        for kind, code in blocks(guide.read_text(encoding="utf-8")):
            if kind == "yaml" and not yaml.safe_load(code):
                raise GuideError(f"{guide}: no YAML: {code}")
    tutorial = next(guide for guide in GUIDES if guide.stem == "guide_tutorial")
    rows = ROW.findall(tutorial.read_text(encoding="utf-8"))
    if len(rows) != 5:
        raise GuideError(f"{len(rows)} rows of commands and tasks")
    for row in rows:
        (_shell, commands), (_yaml, tasks) = blocks(row + "\n")
        lines = re.sub(r" *\\\n *", " ", commands).splitlines()
        # What only looks has no command among those that are returned.
        said = [line for line in lines if line and not re.search("netns exec| route$", line)]
        made = do(yaml.safe_load(tasks))
        if sorted(made) != sorted(said):
            raise GuideError(f"the guide says {said}, and it is {made}")
    print(f"{len(rows)} rows of the tutorial are true, and {len(GUIDES)} guides can be read")


main()
