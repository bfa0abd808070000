# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""Query hosts for their namespaces, from within an inventory plugin.

Ansible runs modules only in plays, and a play cannot start while its inventory is being read. So a
second `ansible` process queries the hosts, with their variables.
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

# The `ansible` command, even if it is not in PATH.
ANSIBLE = "from ansible.cli.adhoc import main; main()"
ANSWERS = pathlib.Path(__file__).resolve().parent / "_answers"

_ESCAPED = re.compile(r"[^ !#-\[\]-~]")  # all but printable ASCII without quote and backslash

Answer = dict[str, t.Any]  # `namespaces`, or `failed` and the reason


def ask(
    hosts: Mapping[str, Mapping[str, t.Any]],
    gather: Sequence[str],
    arguments: Sequence[str] = (),
) -> dict[str, Answer]:
    """Return the result of netns_info for each of the hosts, which are given with their variables."""
    results: dict[str, Answer] = {}
    yaml_hosts: list[str] = []
    names: dict[str, str] = {}  # names of hosts may not be valid in a YAML inventory
    for number, (name, variables) in enumerate(hosts.items()):
        try:
            yaml_variables = as_yaml(variables)
        # the error would show a part of the text, which may be a password
        except UnicodeEncodeError:
            results[name] = {"failed": "one of its variables is not valid Unicode"}
            continue
        yaml_hosts.append(f'"host{number}": {yaml_variables}')
        names[f"host{number}"] = name
    if not names:
        return results
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-") as folder:
        inventory, answers = pathlib.Path(folder, "hosts.yml"), pathlib.Path(folder, "answers")
        # The variables may include passwords: the folder is private.
        inventory.write_text(f'{{"all": {{"hosts": {{{", ".join(yaml_hosts)}}}}}}}', "utf-8")
        command = [sys.executable, "-c", ANSIBLE, "all", "-i", str(inventory), *arguments]
        command += ["-m", "linuxnet.netns.netns_info", "-a", json.dumps({"gather": list(gather)})]
        done = subprocess.run(
            command,
            env=environment(str(answers)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    for line in lines:
        # The name comes first: the rest may be too large to be decoded.
        alias, _unused, answer = line.partition(" ")
        results[names[alias]] = _read(answer)
    if not lines:
        raise AnsibleError(f"{', '.join(sorted(hosts))} did not answer: {done.stdout.strip()}")
    no_answer = {"failed": f"it did not answer: {done.stdout.strip()}"}
    return {name: results.get(name, no_answer) for name in hosts}


def _read(answer: str) -> Answer:
    try:
        read: Answer = json.loads(answer)
    except (ValueError, RecursionError) as error:
        return {"failed": f"its answer cannot be read: {error}"}
    return read


def environment(answers: str) -> dict[str, str]:
    """Return the environment for the other Ansible: the same paths and configuration."""
    return {
        **os.environ,
        "ANSIBLE_CALLBACK_PLUGINS": str(ANSWERS),
        "ANSIBLE_STDOUT_CALLBACK": "netns_answers",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "true",
        "ANSIBLE_CALLBACKS_ENABLED": "netns_answers",  # disables the user's own callbacks
        "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(C.COLLECTIONS_PATHS),
        **({"ANSIBLE_CONFIG": str(C.CONFIG_FILE)} if C.CONFIG_FILE else {}),
        "ANSIBLE_INVENTORY_ENABLED": "ansible.builtin.yaml",
        "ANSIBLE_NOCOLOR": "true",
        "NETNS_ANSWERS": answers,
    }


def as_yaml(value: t.Any) -> str:
    """Return a value as YAML with all texts marked unsafe: templates have been expanded already."""
    if isinstance(value, Mapping):
        pairs = (f"{_quoted(str(key))}: {as_yaml(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(as_yaml, value))}]"
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return f"!unsafe {_quoted(str(value))}"


def _quoted(text: str) -> str:
    """Return text in double quotes; JSON would write surrogate pairs, which YAML lacks."""
    text.encode()  # raises UnicodeEncodeError
    return '"' + _ESCAPED.sub(lambda each: f"\\U{ord(each[0]):08x}", text) + '"'
