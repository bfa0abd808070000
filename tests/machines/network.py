# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of machines: a bridge with a tap for each, in a namespace that ends with the test.

    with Network() as network, Machine(network.plug(disk, "alpha")) as alpha:
        network.playbook([{"hosts": "alpha", "tasks": [...]}])

Its far end is a process of ours that reads from us: however the test ends, that process ends too,
and with it the namespace, the bridge and the taps.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import typing as t
from collections.abc import Sequence

import machine
from guest import Done, running
from machine import ROOT, MachineError
from systems import Disk, Wire
from watch import Watch

SUBNET = "10.97.0"
SSH = (
    "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    " -o ConnectTimeout=60 -o ControlMaster=auto -o ControlPersist=60s"
)


class Network:
    """Is there at `with`, and gone after it. See the module."""

    def __enter__(self) -> Network:
        machine.commands(ip="iproute2", ssh="openssh-client")
        self.hosts: dict[str, str] = {}  # addresses
        self.stack = contextlib.ExitStack()
        with contextlib.ExitStack() as stack:
            folder = tempfile.TemporaryDirectory(prefix="linuxnet.netns-network-")
            self.folder = pathlib.Path(stack.enter_context(folder))
            self.holder = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", "echo && exec cat"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            self.watch = Watch(self.holder.pid, self.folder)
            stack.callback(self._end)
            running.add(self.holder.pid)
            assert self.holder.stdout
            if not self.holder.stdout.readline():
                raise MachineError("a network namespace of its own")
            self.within = ("nsenter", f"--net=/proc/{self.holder.pid}/ns/net", "--")
            key = str(self.folder / "key")
            machine.output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
            self.check("ip link set lo up && ip link add wires type bridge && ip link set wires up")
            self.check(f"ip address add {SUBNET}.1/24 dev wires")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def plug(self, disk: Disk, name: str) -> Disk:
        """Return the disk of a machine of this name that is plugged in here."""
        address = f"{SUBNET}.{len(self.hosts) + 2}"
        tap = f"tap{len(self.hosts)}"
        self.check(f"ip tuntap add dev {tap} mode tap && ip link set {tap} up master wires")
        self.hosts[name] = address
        key = (self.folder / "key.pub").read_text()
        return disk._replace(name=name, wire=Wire(tap, address, self.within, key))

    def run(self, command: str | Sequence[str], limit: float = 60) -> Done:
        """Run a command of the shell, or of words, in the namespace of the bridge."""
        words = ["sh", "-c", command] if isinstance(command, str) else list(command)
        done = subprocess.run(
            [*self.within, *words],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def check(self, command: str, limit: float = 60) -> str:
        """Run a command that is not to fail there, and return its output."""
        done = self.run(command, limit)
        if done.status:
            raise MachineError(f"{done.output}\n{command}: exit status {done.status}")
        return done.output

    def ssh(self, name: str, command: str, limit: float = 120) -> Done:
        """Run a command on a machine, by ssh."""
        words = ["ssh", "-i", str(self.folder / "key"), *SSH.split()]
        words += ["-o", f"ControlPath={self.folder}/%h", f"root@{self.hosts[name]}", command]
        return self.run(words, limit)

    def playbook(self, plays: Sequence[dict[str, t.Any]], limit: float = 600) -> Played:
        """Run a playbook, here in its data, with the machines as its hosts."""
        (self.folder / "play.json").write_text(json.dumps(plays))
        inventory = self.folder / "hosts.json"
        hosts = {name: {"ansible_host": address} for name, address in self.hosts.items()}
        settings = {
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self.folder / "key"),
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": settings}}))
        program = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
        words = [program, "-i", str(inventory), str(self.folder / "play.json")]
        done = self.run(words, limit)
        return Played(done)

    def _environment(self) -> dict[str, str]:
        """That of a controller: ssh's control sockets are in our folder."""
        keep = {name: v for name, v in os.environ.items() if not name.startswith("ANSIBLE_")}
        return {
            **keep,
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_SSH_ARGS": SSH,
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.folder),
            "ANSIBLE_TIMEOUT": "60",
        }

    def _end(self) -> None:
        """End all that runs in the namespace: ssh keeps a connection, and that the namespace."""
        space = os.stat(f"/proc/{self.holder.pid}/ns/net").st_ino
        until = time.monotonic() + 10
        while others := [pid for pid in _inside(space) if pid != self.holder.pid]:
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        self.holder.kill()
        self.watch.end()
        self.holder.communicate()
        running.discard(self.holder.pid)


class Played:
    """What came of a playbook."""

    def __init__(self, done: Done) -> None:
        self.status, self.output = done
        # alpha : ok=2 changed=1 unreachable=0 ...
        recap = self.output.partition("PLAY RECAP")[2].splitlines()[1:]
        rows = [line.partition(":") for line in recap if ":" in line]
        self.counts = {
            name.strip(): {key: int(n) for key, _is, n in (w.partition("=") for w in said.split())}
            for name, _colon, said in rows
        }


def _inside(space: int) -> list[int]:
    """The processes in a network namespace."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.stat(folder / "ns/net").st_ino == space:
                found.append(int(folder.name))
    return found
