# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prove one case of a module: what it says in check mode, what it does, and that it does it once.

A case says what is there (`given`), what is asked for (`args`), and what is to come of it. It is
run in check mode, for real, and again. Before and after, `ip` tells what is there; meanwhile a
netlink socket in every namespace hears what is written. It works as root, on this machine.

The first real run of a module in a task takes the whole way through Ansible. The others, of the
same module with arguments of the same make, are begun in a process that has loaded it before: a
tenth of the time.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import functools
import itertools
import json
import os
import pathlib
import re
import shlex
import socket
import struct
import subprocess
import tempfile
import threading
import time
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common import json as encoders
from ansible.plugins.action import ActionBase

from ansible_collections.linuxnet.netns.plugins.action.netns import ActionModule as OfModules

KEYS = {
    "name",
    "module",  # without the collection
    "given",  # shell commands that lay what is there before
    "held",  # namespaces with a process in them
    "looks",  # shell commands that print what else is there and may not be touched unasked
    "through",  # a command that runs the interpreter, which {} stands for, or another interpreter
    "args",
    "where",  # arguments that many cases share
    "commands",  # which the module is to return; none: it is to change nothing
    "result",  # what its result has to hold, among other things
    "diff",
    "warns",  # what a warning has to say; without it, there is to be none
    "fails",  # what the message has to say
    "supposes",  # what check mode has to warn of, where only the real run fails
    "unforeseen",  # true where only the kernel can know that it will refuse
    "witness",
    "skips",  # true where check mode is to skip the module
    "replay",  # true: its commands are to make of a bare machine what the module made of it
}
OLDER = not hasattr(encoders, "get_module_encoder")  # than ansible-core 2.19
RUN = "/run/netns"
HERE = "/proc/self/ns/net"
CLONE_NEWNET = 0x40000000
READ = r"link show\naddress show\nroute show table all\nnetns list\n"
# What the clock changes: the timers of bridges, and how long an address or its route is to live.
CLOCKS = re.compile(r".*_timer$|(valid|preferred)_life_time$|expires$|fdb_n_learned$")
# A link that was up once keeps another queueing discipline than one that never was.
QUEUE = "qdisc"
FOREVER = 0xFFFFFFFF
LOWER = "LOWERLAYERDOWN"
FAN = "fan-map "  # Ubuntu's `ip` puts it into the JSON of a VXLAN, outside of any string
DRAWN = ("ifindex", "link_index", "link_netnsid")
LOTS = re.compile(r"(?!02:00:00:00)(([0-9a-f]{1,2}:){5}[0-9a-f]{1,2})|fe80::(?!ff:fe00:)\S+")
# RTNLGRP_LINK, _TC, _IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR, _IPV6_ROUTE and _NSID,
# linux/rtnetlink.h.
GROUPS = sum(1 << group - 1 for group in (1, 4, 5, 7, 9, 11, 28))
LINK, ADDRESS, ROUTE = (16, 17), (20, 21), (24, 25)  # RTM_NEW… and RTM_DEL…
TRAFFIC = (36, 37, 40, 41)  # of a queueing discipline, of a class
IFLA_IFNAME, RTA_OIF = 3, 4

GONE_THROUGH: set[str] = set()  # modules that took the way through Ansible in this task

Shown = dict[str, t.Any]


class ActionModule(OfModules):
    """Runs the case, and fails with all that did not turn out as it says."""

    def run(self, tmp: str | None = None, task_vars: Shown | None = None) -> Shown:
        ActionBase.run(self, tmp, task_vars)  # and no module by the name of this task
        self.vars = task_vars or {}
        case = {**self._task.args.get("common", {}), **self._task.args["case"]}
        if unknown := case.keys() - KEYS:
            raise AnsibleActionFail(f"no such keys in a case: {sorted(unknown)}")
        self.lab = Lab(self.vars["lab"], self.vars["lab_spaces"], self.vars["lab_nameless"])
        self.lab.looks = case.get("looks", [])
        self.told: list[str] = []
        with contextlib.ExitStack() as after:
            after.callback(self.lab.reset)
            shell("\n".join(case.get("given", [])))
            for name in case.get("held", []):
                sleep = ["nsenter", f"--net={RUN}/{name}", "sleep", "600"]
                held = after.enter_context(subprocess.Popen(sleep))
                after.callback(held.kill)
            self.warm = "through" not in case
            if not self.warm:
                self.vars = through(self.vars, case["through"], after)
            runs = self.prove(case)
        if self.told:
            return {"failed": True, "msg": "\n".join(self.told), **runs}
        return {"changed": False, **runs}

    def prove(self, case: Shown) -> dict[str, Shown]:
        """Run the case three times, or twice if it is to fail or to do nothing."""
        idle = not case.get("commands")
        was = self.lab.settled()
        runs = {"check": self.quietly("check mode", case, was, self.dry)}
        if "fails" in case:
            runs["real"] = self.real(case)
            self.told += [f"the failure touched {each}" for each in differ(was, self.lab.look())]
            self.failure(case, **runs)
            self.testify(case)
            return runs
        if idle:
            runs["real"] = self.quietly("the real run", case, was, self.real)
        else:
            runs["real"] = self.real(case)
        if runs["real"].get("failed"):
            self.told.append(f"the real run failed: {runs['real'].get('msg')}")
            return runs
        self.success(case, **runs)
        self.testify(case)
        if not idle:
            again = self.quietly("the second run", case, self.lab.settled(), self.again)
            if again.get("failed") or again["changed"] or again["commands"]:
                self.told.append(f"the second run changed something: {again}")
            if case.get("replay"):
                self.replay(case, runs["real"]["commands"])
        return runs

    def testify(self, case: Shown) -> None:
        """Have its witnesses tell what is there."""
        for each in case.get("witness", []):
            self.told += testify(each)

    def dry(self, case: Shown) -> Shown:
        """Run the module in check mode."""
        return self.ask(case, check=True, warm=self.warm)

    def real(self, case: Shown) -> Shown:
        """Run the module for real, the first time as Ansible runs it."""
        first = case["module"] not in GONE_THROUGH
        GONE_THROUGH.add(case["module"])
        return self.ask(case, check=False, warm=self.warm and not first)

    def again(self, case: Shown) -> Shown:
        """Run the module for real, as it was run before."""
        return self.ask(case, check=False, warm=self.warm)

    def ask(self, case: Shown, check: bool, warm: bool) -> Shown:
        """Run the module once, and return what it printed, without what tells of the run itself.

        Ansible makes of that what it passes on: it takes the warnings out, for one.
        """
        self._task.check_mode, self._task.diff = check, True
        name = f"linuxnet.netns.{case['module']}"
        args = copy.deepcopy({**case.get("where", {}), **case["args"]})
        self.printed = ""
        if warm:
            self._update_module_args(name, args, self.vars)
            self.printed = warmed(self.vars["ansible_python_interpreter"]).run(name, args)
        else:
            returned = self._execute_module(name, args, task_vars=self.vars)
            if not self.printed:
                raise AnsibleActionFail(f"{name} printed no result: {returned}")
        result: Shown = json.loads(self.printed[self.printed.index("{") :])
        return {
            **{key: result[key] for key in result.keys() - {"invocation"} if key[0] != "_"},
            "warnings": json.dumps(result.get("warnings", []), ensure_ascii=False),
        }

    def _low_level_execute_command(self, *args: t.Any, **options: t.Any) -> Shown:
        done: Shown = super()._low_level_execute_command(*args, **options)
        if "{" in done["stdout"]:
            self.printed = done["stdout"]
        return done

    def quietly(self, when: str, case: Shown, was: Shown, run: t.Callable[[Shown], Shown]) -> Shown:
        """Run the module once; it may not touch anything."""
        with Watch(self.lab, was) as watch:
            result = run(case)
        self.told += [f"{when} wrote: {event}" for event in watch.heard]
        self.told += [f"{when} touched {each}" for each in differ(was, self.lab.look())]
        return result

    def success(self, case: Shown, check: Shown, real: Shown) -> None:
        """Hold both results against each other, and against what the case wants."""
        if case.get("skips"):
            if not check.get("skipped"):
                self.told.append(f"check mode was to skip it: {check}")
        else:
            found = differ(check, real)
            self.told += [f"check mode and real run differ in {each}" for each in found]
        changed = bool(case.get("commands"))
        wanted = {"changed": changed, **case.get("result", {})}
        if "commands" in case:
            wanted["commands"] = case["commands"]
        self.told += [f"result: {each}" for each in unlike(wanted, real)]
        sides = real.get("diff", {})
        self.told += [f"diff: {each}" for each in unlike(case.get("diff", {}), sides)]
        if (sides.get("before") != sides.get("after")) != changed:
            self.told.append(f"the diff shows a change and there is none, or hides one: {sides}")
        if not re.search(case.get("warns", r"^\[\]$"), real["warnings"]):
            self.told.append(f"warnings: {real['warnings']}")

    def failure(self, case: Shown, check: Shown, real: Shown) -> None:
        """See that the module said why it failed, in check mode too if it can know it there."""
        if "supposes" in case or case.get("unforeseen"):
            supposes = case.get("supposes", r"^\[\]$")
            if check.get("failed") or not re.search(supposes, check["warnings"]):
                self.told.append(f"check mode was to warn of {supposes!r}: {check}")
        else:
            self.refused("check mode", case["fails"], check)
        self.refused("the real run", case["fails"], real)

    def replay(self, case: Shown, commands: list[str]) -> None:
        """Begin anew, run the commands with sh, and hold what comes of it against what was made."""
        made = plain(self.lab.settled())
        self.lab.reset()
        shell("\n".join(case.get("given", [])))
        self.lab.settled()
        try:
            shell("\n".join(commands))
        except AnsibleActionFail as error:
            self.told.append(f"the commands fail: {error}")
            return
        # That a bridge has no carrier, say, is noticed within a second.
        deadline = time.monotonic() + 3
        while (found := differ(made, plain(self.lab.settled()))) and time.monotonic() < deadline:
            time.sleep(0.2)
        self.told += [f"the commands make a difference: {each}" for each in found]

    def refused(self, when: str, pattern: str, result: Shown) -> None:
        """See that a run failed with a clear message, and with no traceback."""
        if not result.get("failed") or not re.search(pattern, str(result.get("msg"))):
            self.told.append(f"{when} was to fail with {pattern!r}: {result}")
        if "Traceback" in json.dumps(result, default=str):
            self.told.append(f"{when} shows a traceback: {result}")


class Warm:
    """A process of an interpreter that has loaded all that the modules load (files/warm.py)."""

    def __init__(self, interpreter: str) -> None:
        script = pathlib.Path(__file__).parents[1] / "files" / "warm.py"
        self.process = subprocess.Popen(
            [interpreter, str(script), os.environ["ANSIBLE_COLLECTIONS_PATH"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, name: str, args: Shown) -> str:
        """Run a module in a child of the process, and return what it prints."""
        collection, _dot, module = name.rpartition(".")
        line = [
            f"ansible_collections.{collection}.plugins.modules.{module}",
            encoded({"ANSIBLE_MODULE_ARGS": args}),
        ]
        assert self.process.stdin and self.process.stdout
        print(json.dumps(line), file=self.process.stdin, flush=True)
        printed: str = json.loads(self.process.stdout.readline())
        return printed


warmed = functools.cache(Warm)


def encoded(args: Shown) -> str:
    """Return what Ansible sends a module."""
    if OLDER:
        return json.dumps(args, cls=encoders.AnsibleJSONEncoder, vault_to_text=True)
    direction = encoders.Direction.CONTROLLER_TO_MODULE
    return json.dumps(args, cls=encoders.get_module_encoder("legacy", direction))


class Lab:
    """What belongs to a test: all with the lab's word in its name, and the machine's own links.

    Others may run tests beside us, so that their links on this machine are not looked at.
    """

    def __init__(self, word: str, stays: list[str], nameless: str) -> None:
        self.word = word
        self.stays = stays
        self.unnamed = nameless
        self.looks: list[str] = []

    def named(self) -> list[str]:
        """Return the files under /run/netns that are ours."""
        return sorted(name for name in os.listdir(RUN) if self.word in name)

    def places(self) -> list[str]:
        """Return the paths of all namespaces that we look at."""
        live = [path for path in map(path_of, self.named()) if is_namespace(path)]
        return [HERE, *live, self.unnamed]

    def look(self) -> Shown:
        """Return all that is there, as `ip` shows it, and the files under /run/netns."""
        names = {name: inode(path_of(name)) for name in self.named()}
        looks = {each: shell(each) for each in self.looks}
        return {"names": names, "looks": looks, **self.read()}

    def read(self) -> Shown:
        """Return links, addresses and routes of all namespaces, and which others each knows."""
        places = self.places()
        lines = []
        for path in places:
            lines.append(f"printf '{READ}' | {enter(path)}ip -j -d -batch -")
        told = (json.loads(each) for each in shell("\n".join(lines)).splitlines() if each)
        return {path: self.sorted(path, *itertools.islice(told, 4)) for path in places}

    def sorted(self, path: str, *tables: list[Shown]) -> Shown:
        """Return what belongs to the lab of what was told of a namespace."""
        links, addresses, routes, nsids = tables
        ours = {
            link["ifname"]: link
            for link in links
            if path != HERE or self.word in link["ifname"] or "linkinfo" not in link
        }
        read = {
            "links": ours,
            "addresses": {
                each["ifname"]: each["addr_info"]
                for each in addresses
                if each and each["ifname"] in ours
            },
            "routes": [each for each in routes if path != HERE or each.get("dev") in ours],
            "nsids": {each["name"]: each.get("id") for each in nsids if self.word in each["name"]},
        }
        return t.cast(Shown, without_clocks(read))

    def settled(self) -> Shown:
        """Return all that is there once the kernel has done what it does by itself."""
        deadline = time.monotonic() + 5
        while True:
            seen = self.look()
            if not unsettled(seen) or time.monotonic() > deadline:
                return seen
            time.sleep(0.2)

    def reset(self) -> None:
        """Remove what a case left: names, links, addresses, and numbers of namespaces."""
        lines = []
        for path in (path_of(name) for name in self.named() if name not in self.stays):
            quoted = shlex.quote(path)
            lines.append(f"while umount -l {quoted} 2>/dev/null; do :; done; rm -f {quoted}")
        left = self.read()
        gone = {
            nsid
            for name, nsid in left[HERE]["nsids"].items()
            if name not in self.stays and not os.path.islink(path_of(name))
        }
        for path, seen in left.items():
            if os.path.basename(path) not in self.stays and path not in (HERE, self.unnamed):
                continue
            ip = f"{enter(path)}ip"
            for name in seen["links"]:
                if name != "lo" and (path != HERE or self.word in name):
                    lines.append(f"{ip} link del dev {shlex.quote(name)} 2>/dev/null || :")
            lo = seen["links"]["lo"]
            if path != HERE and (lo["flags"] != ["LOOPBACK"] or seen["addresses"].get("lo")):
                lines.append(f"{ip} address flush dev lo; {ip} link set dev lo down")
        shell("\n".join(lines))
        if nsids := gone - {None}:
            self.forgotten(nsids)

    def forgotten(self, nsids: set[int]) -> None:
        """Return once the kernel has let go of namespaces, by their numbers: it takes its time."""
        deadline = time.monotonic() + 5
        while nsids & {each["nsid"] for each in json.loads(shell("ip -j netns list-id") or "[]")}:
            if time.monotonic() > deadline:
                return  # one lives on, by another name
            time.sleep(0.02)


class Watch:
    """Hears what is written in all namespaces of the lab while it lasts."""

    def __init__(self, lab: Lab, was: Shown) -> None:
        self.lab = lab
        self.heard: list[str] = []
        self.names = {
            path: {link["ifindex"]: name for name, link in was[path]["links"].items()}
            for path in lab.places()
        }

    def __enter__(self) -> Watch:
        self.sockets = {path: listen(path) for path in self.names}
        return self

    def __exit__(self, *unused: object) -> None:
        for path, sock in self.sockets.items():
            with sock:
                self.heard += [f"{event} in {path}" for event in self.events(path, sock)]

    def events(self, path: str, sock: socket.socket) -> t.Iterator[str]:
        """Yield what was heard in a namespace: on the machine itself, of our links only."""
        known = self.names[path]
        while True:
            try:
                data = sock.recv(1 << 16)
            except BlockingIOError:
                return
            kind = struct.unpack_from("=H", data, 4)[0]
            name = self.name(kind, data, known)
            if path != HERE or name in known.values() or self.lab.word in name:
                yield f"message {kind} of {name or 'something'}"

    def name(self, kind: int, data: bytes, known: dict[int, str]) -> str:
        """Return the name of the link that a message is about."""
        if kind in LINK:
            found = dict(attributes(data, 32)).get(IFLA_IFNAME, b"")
            return found.rstrip(b"\0").decode(errors="replace")
        if kind in (*ADDRESS, *TRAFFIC):
            return known.get(struct.unpack_from("=i", data, 20)[0], "")
        if kind in ROUTE:
            found = dict(attributes(data, 28)).get(RTA_OIF, b"\0\0\0\0")
            return known.get(struct.unpack("=i", found)[0], "")
        return ""


def listen(path: str) -> socket.socket:
    """Return a socket that hears all that is written in a namespace."""
    made: list[socket.socket] = []

    def work() -> None:
        fd = os.open(path, os.O_RDONLY)
        try:
            if ctypes.CDLL(None).setns(fd, CLONE_NEWNET) == 0:
                made.append(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE))
        finally:
            os.close(fd)

    # A thread of its own, so that this process stays where it is.
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    made[0].bind((0, GROUPS))
    made[0].setblocking(False)
    return made[0]


def attributes(data: bytes, start: int) -> t.Iterator[tuple[int, bytes]]:
    """Walk the attributes of a message (struct nlattr)."""
    while start + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, start)
        if length < 4:
            return
        yield kind, data[start + 4 : start + length]
        start += (length + 3) & ~3


def through(task_vars: Shown, command: str, after: contextlib.ExitStack) -> Shown:
    """Return variables with a command as the interpreter."""
    folder = after.enter_context(tempfile.TemporaryDirectory(prefix="prove"))
    path = os.path.join(folder, "python")
    python = shlex.quote(task_vars["ansible_python_interpreter"])
    with open(path, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\nexec {command.replace("{}", python)} "$@"\n')
    os.chmod(path, 0o755)
    return {**task_vars, "ansible_python_interpreter": path}


def shell(script: str) -> str:
    """Run a script with sh -e, and return what it printed."""
    done = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AnsibleActionFail(f"{script}\n{done.stderr}\nexit status {done.returncode}")
    return done.stdout.replace(FAN, "")


def enter(path: str) -> str:
    """Return how a command in a namespace begins."""
    return "" if path == HERE else f"nsenter --net={shlex.quote(path)} "


def path_of(name: str) -> str:
    """Return where a name is."""
    return f"{RUN}/{name}"


def is_namespace(path: str) -> bool:
    """Return whether a namespace is there, not only a file."""
    return os.path.exists(path) and os.stat(path).st_dev == os.stat(HERE).st_dev


def inode(path: str) -> str:
    """Return what tells one file from another."""
    found = os.lstat(path)
    return f"{found.st_dev}:{found.st_ino}"


def unsettled(seen: t.Any) -> bool:
    """Return whether the kernel is still at work: it looks for duplicates of an address, or has
    not yet noticed that a link got or lost its carrier."""
    if isinstance(seen, dict):
        flags = seen.get("flags", ())
        carrier = "UP" in flags and ("NO-CARRIER" in flags) == ("LOWER_UP" in flags)
        busy = seen.get("tentative") is True or carrier
        return busy or any(map(unsettled, seen.values()))
    return isinstance(seen, list) and any(map(unsettled, seen))


def without_clocks(value: t.Any) -> t.Any:
    """Return what was read without what changes by itself."""
    if isinstance(value, dict):
        return {
            key: each == FOREVER if CLOCKS.match(str(key)) else without_clocks(each)
            for key, each in value.items()
            if key != QUEUE
        }
    return [without_clocks(each) for each in value] if isinstance(value, list) else value


def plain(seen: t.Any) -> t.Any:
    """Return what was seen without what the kernel draws by lot: numbers, and MACs that nobody
    stated (the tests state such as begin with 02:00:00:00), with all that comes of them; and
    without who made an address, which not every `ip` can say, so that commands do not."""
    if isinstance(seen, dict):
        untold = (*DRAWN, "protocol") if "local" in seen else DRAWN
        return {
            # A number of a namespace that is stated is a large one.
            key: [name for name, value in each.items() if key == "names" or (value or 0) > 999]
            if key in ("names", "nsids")
            else plain(each)
            for key, each in seen.items()
            if key not in untold
        }
    if isinstance(seen, list):
        # Routes come in the order of their addresses, drawn ones too.
        drawn = any(isinstance(each, dict) and "dst" in each for each in seen)
        return sorted(map(plain, seen), key=json.dumps) if drawn else [*map(plain, seen)]
    # A veth without carrier is DOWN, not LOWERLAYERDOWN, where both its ends drew the same number
    # (default_operstate() of net/core/link_watch.c).
    return LOTS.sub("drawn", {LOWER: "DOWN"}.get(seen, seen)) if isinstance(seen, str) else seen


def without_blanks(value: t.Any) -> t.Any:
    """Return an answer of `ip` without the `{}` that stands for each thing it was not to show."""
    if isinstance(value, dict):
        return {key: without_blanks(each) for key, each in value.items()}
    return [without_blanks(each) for each in value if each] if isinstance(value, list) else value


def differ(one: t.Any, other: t.Any, at: str = "") -> list[str]:
    """Return where two things differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            told
            for key in sorted(one.keys() | other.keys(), key=str)
            for told in differ(one.get(key), other.get(key), f"{at}.{key}".lstrip("."))
        ]
    return [] if one == other else [f"{at}: {one!r} / {other!r}"]


def unlike(wanted: t.Any, found: t.Any, at: str = "") -> list[str]:
    """Return where what was found lacks what is wanted. A dict may hold more, a list may not."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        pairs = [(each, found.get(key), f"{at}.{key}") for key, each in wanted.items()]
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = [(*each, f"{at}[{i}]") for i, each in enumerate(zip(wanted, found))]
    else:
        # Before ansible-core 2.19 what a template of a case makes is a text.
        told = str(found) if OLDER and isinstance(wanted, str) and found is not None else found
        return [] if wanted == told else [f"{at or 'it'} is {found!r}, wanted is {wanted!r}"]
    return [told for pair in pairs for told in unlike(*pair)]


def testify(witness: Shown) -> list[str]:
    """Ask `ip -j`, or another command, and return where the answer is not the one wanted.

    `is`: exactly these things, `has`: these among others, `lacks`: none of these; `prints`: a text.
    """
    asked = f"ip -j {witness['ip']}" if "ip" in witness else witness["sh"]
    said = shell(asked)
    if "prints" in witness:
        wanted = witness["prints"]
        return [] if re.search(wanted, said) else [f"{asked}: {said!r} has no {wanted!r}"]
    if not {"is", "has", "lacks"} & witness.keys():
        raise AnsibleActionFail(f"a witness is asked for nothing: {witness}")
    found = without_blanks(json.loads(said or "[]"))
    told = unlike(witness.get("is", found), found, asked)
    for each in witness.get("has", []):
        if all(unlike(each, other) for other in found):
            told.append(f"{asked} lacks {each}: {found}")
    for each in witness.get("lacks", []):
        if not all(unlike(each, other) for other in found):
            told.append(f"{asked} has {each}: {found}")
    return told
