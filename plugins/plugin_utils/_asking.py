# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""Ask hosts for their namespaces, from within an inventory plugin.

Ansible runs modules in plays only, and none can be begun while its inventory is still being read.
So a second one is started, the `ansible` command, on the hosts in question, with their variables.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing as t
from collections.abc import Mapping, Sequence

from ansible import constants as C
from ansible.errors import AnsibleError

# The `ansible` command; there need be none of that name in PATH.
ANSIBLE = "from ansible.cli.adhoc import main; main()"
ANSWERS = pathlib.Path(__file__).resolve().parent / "_answers"

_ESCAPED = re.compile(r"[^ !#-\[\]-~]")  # all but printable ASCII without quote and backslash

Answer = dict[str, t.Any]  # `namespaces`, or `failed` and why


def ask(
    hosts: Mapping[str, Mapping[str, t.Any]],
    gather: Sequence[str],
    arguments: Sequence[str] = (),
) -> dict[str, Answer]:
    """Return what netns_info tells on each of the hosts, which come with their variables."""
    told: dict[str, Answer] = {}
    written_hosts: list[str] = []
    names: dict[str, str] = {}  # a host may be called as no host can be in a file of YAML
    for number, (name, variables) in enumerate(hosts.items()):
        try:
            variables_written = written(variables)
        except UnicodeEncodeError:  # which tells a part of the text, and that may be a password
            told[name] = {"failed": "one of its variables is no text in Unicode"}
            continue
        written_hosts.append(f'"host{number}": {variables_written}')
        names[f"host{number}"] = name
    if not names:
        return told
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-") as folder:
        inventory, answers = pathlib.Path(folder, "hosts.yml"), pathlib.Path(folder, "answers")
        # Passwords may be among the variables: nobody else can read that folder.
        inventory.write_text(f'{{"all": {{"hosts": {{{", ".join(written_hosts)}}}}}}}', "utf-8")
        asked = [sys.executable, "-c", ANSIBLE, "all", "-i", str(inventory), *arguments]
        asked += ["-m", "linuxnet.netns.netns_info", "-a", json.dumps({"gather": list(gather)})]
        done = subprocess.run(
            asked,
            env=surroundings(str(answers)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    for line in lines:
        # The name is first: what follows may be more than can be read.
        alias, _unused, answer = line.partition(" ")
        told[names[alias]] = _read(answer)
    if not lines:
        raise AnsibleError(f"{', '.join(sorted(hosts))} did not answer: {done.stdout.strip()}")
    silent = {"failed": f"it did not answer: {done.stdout.strip()}"}
    return {name: told.get(name, silent) for name in hosts}


def _read(answer: str) -> Answer:
    try:
        read: Answer = json.loads(answer)
    except (ValueError, RecursionError) as error:
        return {"failed": f"its answer cannot be read: {error}"}
    return read


def surroundings(answers: str) -> dict[str, str]:
    """Return the environment for the other Ansible: it finds what this one finds."""
    return {
        **os.environ,
        "ANSIBLE_CALLBACK_PLUGINS": str(ANSWERS),
        "ANSIBLE_STDOUT_CALLBACK": "netns_answers",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
        "ANSIBLE_CALLBACKS_ENABLED": "netns_answers",  # and none that the user has
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(C.COLLECTIONS_PATHS),
        **({"ANSIBLE_CONFIG": str(C.CONFIG_FILE)} if C.CONFIG_FILE else {}),
        "ANSIBLE_INVENTORY_ENABLED": "ansible.builtin.yaml",
        "ANSIBLE_NOCOLOR": "true",
        "NETNS_ANSWERS": answers,
    }


def written(value: t.Any) -> str:
    """Return a value in YAML, in which no text is a template: it has been one already."""
    if isinstance(value, Mapping):
        pairs = (f"{_quoted(str(key))}: {written(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return f"!unsafe {_quoted(str(value))}"


def _quoted(text: str) -> str:
    """Return a text in double quotes. JSON writes two halves where YAML knows one character."""
    text.encode()  # or UnicodeEncodeError
    return '"' + _ESCAPED.sub(lambda each: f"\\U{ord(each[0]):08x}", text) + '"'
