# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""README.md, typed word for word; its first lines say which blocks, and what is to come of them."""

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
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What ansible-test sets for its own use of Ansible, a reader of README.md has not set.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ANSIBLE_") or name.startswith("ANSIBLE_TEST_")
}
# ./dev would set up another Ansible than the one that is tested.
DEV = "./dev study", "ansible-playbook playbooks/study.yml"


class ReadmeError(Exception):
    """README.md says something else than what is so."""


def run(script: str) -> str:
    """Run a script in the root of the clone; return what it prints."""
    print(textwrap.indent(script, "$ "), flush=True)
    done = subprocess.run(
        ["sh", "-ec", script.replace(*DEV)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout, flush=True)
    if done.returncode:
        raise ReadmeError(f"exit status {done.returncode}: {script}")
    return done.stdout


def commands(output: str) -> list[str]:
    """Return the commands that the modules returned, all in their order."""
    found = []
    for result in re.findall(r"^localhost \| \w+ => *\n((?:(?: .*)?\n)+)", output, re.MULTILINE):
        found += yaml.safe_load(result).get("commands", [])
    return found


def shell(block: str) -> str:
    """Run commands, and hold what they return against what README.md says that they do."""
    output = run(block)
    said = re.findall(r"^# (ip .*)", block, re.MULTILINE)
    if commands(output) != said:
        raise ReadmeError(f"not {said}, but {commands(output)}")
    return output


def tasks(block: str) -> str:
    """Run tasks, which have to find nothing left to do."""
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": yaml.safe_load(block)}]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as playbook:
        yaml.safe_dump(play, playbook)
        playbook.flush()
        output = run(f"ansible-playbook {playbook.name}")
    if " changed=0 " not in output:
        raise ReadmeError(f"something was left to do for the tasks: {block}")
    return output


def bare(text: str) -> str:
    """Return lines as they are at the left, where lists of YAML are not indented either."""
    return "\n".join(re.sub(r"^- +", "- ", line.strip()) for line in text.splitlines())


def machine() -> dict[str, t.Any]:
    """Return what ip tells: the namespaces, and by each the links and their addresses."""
    spaces = run("ip netns list").split("\n")
    names = [line.split()[0] for line in spaces if line]
    told = {name: json.loads(run(f"ip -j -n {name} address")) for name in names}
    told[""] = json.loads(run("ip -j address"))
    return {
        name: {
            link["ifname"]: [
                link["operstate"],
                *(a["local"] for a in link["addr_info"] if not a["local"].startswith("fe80:")),
            ]
            for link in links
        }
        for name, links in told.items()
    }


def check_end(before: dict[str, t.Any], wired: dict[str, t.Any]) -> None:
    """Check what was there before the last command, and that nothing is left after it."""
    loopback = ["UNKNOWN", "127.0.0.1", "::1"]
    for netns, link, address in (
        ("study01", "veth01", "172.16.1.101"),
        ("study02", "veth02", "172.16.1.102"),
    ):
        if (wired[netns]["lo"], wired[netns][link]) != (loopback, ["UP", address]):
            raise ReadmeError(f"the tutorial leads to {wired}")
    if machine() != before:
        raise ReadmeError(f"the tutorial leaves {machine()}, and there was {before}")


def check_names() -> None:
    """Check that README.md names all that there is."""
    files = [*ROOT.glob("plugins/modules/*.py"), *ROOT.glob("plugins/filter/*.py")]
    names = {path.stem for path in files} | {path.name for path in ROOT.glob("roles/*")}
    told = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    if names != told:
        raise ReadmeError(f"the table of what there is: {sorted(names ^ told)}")


def main() -> None:
    """Type it."""
    check_names()
    blocks = BLOCK.findall(README)
    # What takes away all that the tutorial has led to.
    last = next(block for _kind, _mark, block in blocks if "study01,study02 state=absent" in block)
    before, wired, printed = machine(), {}, ""
    for kind, mark, block in blocks:
        if block is last:
            wired = machine()
        if (kind, mark) == ("sh", "run"):
            printed += shell(block)
        elif (kind, mark) == ("yaml", "run"):
            printed += tasks(block)
        elif mark == "seen":
            if bare(block) not in bare(printed):
                raise ReadmeError(f"this was not seen: {block}")
        else:
            raise ReadmeError(f"a block marked {kind} {mark}")
    check_end(before, wired)
    print(f"{len(blocks)} blocks of README.md are true")


main()
