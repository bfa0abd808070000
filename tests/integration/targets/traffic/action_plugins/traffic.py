# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send traffic between namespaces, and look by `ping`, `ip -s` and `tc -s` what became of it.

It works as root, on this machine. What is to pass has time to, on a busy machine too; what is not
to pass is tried after what is.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import ctypes
import fcntl
import os
import re
import select
import shlex
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

KEYS = {
    "proves",  # the kinds that are proved when this has passed
    "without",  # kinds that the kernel lacks: what is said of them below does not count
    "given",  # each: sh, what is to be done first
    "pings",  # each: from, to, by (a link); answers (false: nothing may come back), or
    # count, every (seconds), loss (percent, between two), delay (milliseconds, between two)
    "counted",  # links and how many packets they have received: netns, link, rx
    "says",  # each: sh, and what it `prints`, an expression; waited for
    "rates",  # each: from, to, bits (a second), and whose bytes count: netns, link, class
    "wires",  # each: link, a tun or tap in two namespaces; between: a program carries packets
    "begin",  # a ping that goes on when the task is done: from, to, every
    "end",  # one that was begun: what `begin` returned; and how many packets it may have lost
    "lost",
}
Spec = dict[str, t.Any]

WAIT = 20.0  # seconds for what is to happen
MEASURED = 3.0  # seconds that a rate is measured for
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA  # linux/if_tun.h
IFF = {"tun": 0x1001, "tap": 0x1002}  # with IFF_NO_PI
SENT = re.compile(r"(\d+) packets transmitted, (\d+) received")
TIMES = re.compile(r"= ([\d.]+)/([\d.]+)/([\d.]+)/")


class ActionModule(ActionBase):  # type: ignore[misc]  # Ansible has no types
    """Runs on this machine what needs no module."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: Spec | None = None) -> Spec:
        """Send, look, and return what was measured."""
        result: Spec = super().run(tmp, task_vars)
        args: Spec = self._task.args
        if unknown := args.keys() - KEYS:
            raise AnsibleActionFail(f"there is no {', '.join(sorted(unknown))}")
        lacking = args.get("without", [])

        def of(name: str) -> list[Spec]:
            return [each for each in args.get(name, []) if each.get("kind") not in lacking]

        figures: list[str] = []
        if "begin" in args:
            result["begun"] = begin(args["begin"])
        if "end" in args:
            figures.append(ended(args["end"], args["lost"]))
        for each in of("given"):
            until(each["sh"], lambda done: done.returncode == 0)
        with contextlib.ExitStack() as stack:
            for each in of("wires"):
                stack.enter_context(Carrier(each))
            pings = of("pings")
            together(answered, [each for each in pings if each.get("answers", not measured(each))])
            figures += together(measure, [each for each in pings if measured(each)])
            together(unanswered, [each for each in pings if not each.get("answers", True)])
            figures += together(rate, of("rates"))
            together(said, of("says"))
            together(counted, of("counted"))
        facts = (task_vars or {}).get("ansible_facts", {})
        proved = [kind for kind in args.get("proves", []) if kind not in lacking]
        result["ansible_facts"] = {
            "traffic_tried": [*facts.get("traffic_tried", []), *proved],
            "traffic_figures": [*facts.get("traffic_figures", []), *figures],
        }
        return result


def together(work: t.Callable[[Spec], t.Any], each: list[Spec]) -> list[t.Any]:
    """Do it for each, at the same time, and return what came of it."""
    if not each:
        return []
    with concurrent.futures.ThreadPoolExecutor(len(each)) as pool:
        return list(pool.map(work, each))


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(
        ["sh", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def until(command: str, seen: t.Callable[[subprocess.CompletedProcess[str]], t.Any]) -> None:
    """Run a command again and again until its outcome is the one wanted; fail in the end."""
    deadline = time.monotonic() + WAIT
    while not seen(done := shell(command)):
        if time.monotonic() > deadline:
            raise AnsibleActionFail(f"{command}: exit status {done.returncode}\n{done.stdout}")
        time.sleep(0.1)


def ping(spec: Spec, options: str) -> str:
    """Return a command that pings."""
    by = f"-I {shlex.quote(spec['by'])} " if "by" in spec else ""
    return f"ip netns exec {spec['from']} ping -n {by}{options} {spec['to']}"


def measured(spec: Spec) -> bool:
    """Return whether a ping is there to be measured."""
    return "count" in spec


def answered(spec: Spec) -> None:
    """Wait for answers."""
    until(ping(spec, "-c 2 -i 0.1 -w 5"), lambda done: done.returncode == 0)


def unanswered(spec: Spec) -> None:
    """See that no answer comes."""
    command = ping(spec, "-c 2 -i 0.2 -W 1")
    done = shell(command)
    sent = SENT.search(done.stdout)
    if int(sent[2]) if sent else "unreachable" not in done.stdout:
        raise AnsibleActionFail(f"{command}: this was not to be answered:\n{done.stdout}")


def measure(spec: Spec) -> str:
    """Measure what is lost, and the shortest time that an answer took."""
    command = ping(spec, f"-q -c {spec['count']} -i {spec['every']} -W 2")
    done = shell(command)
    sent, times = SENT.search(done.stdout), TIMES.search(done.stdout)
    if not sent or not times:
        raise AnsibleActionFail(f"{command}: exit status {done.returncode}\n{done.stdout}")
    # Not the time that an answer takes on average: that grows on a busy machine.
    found = {"loss": 100 - 100 * int(sent[2]) / int(sent[1]), "delay": float(times[1])}
    for name in found.keys() & spec.keys():
        low, high = spec[name]
        if not low <= found[name] <= high:
            raise AnsibleActionFail(f"{name} is {found[name]}, not {low} to {high}\n{done.stdout}")
    return f"{command}: {found['loss']:.1f} % lost, at least {found['delay']:.1f} ms"


def said(spec: Spec) -> None:
    """Wait until a command prints what is wanted."""
    until(spec["sh"], lambda done: re.search(spec["prints"], done.stdout))


def counted(spec: Spec) -> None:
    """See that a link has received packets."""
    packets = received(spec)[1]
    if packets < spec["rx"]:
        raise AnsibleActionFail(f"{spec['link']} has received {packets} packets only: {spec}")


def received(spec: Spec) -> tuple[int, int]:
    """Return how many bytes and packets a link has received, or a class of a link has sent."""
    command = f"ip -n {spec['netns']} -s link show dev {spec['link']}"
    wanted = r"RX:.*\n\s*(\d+)\s+(\d+)"
    if "class" in spec:
        classid = spec["class"]
        command = f"tc -n {spec['netns']} -s class show dev {spec['link']} classid {classid}"
        wanted = r"Sent (\d+) bytes (\d+) pkt"
    done = shell(command)
    found = re.search(wanted, done.stdout)
    if not found:
        raise AnsibleActionFail(f"{command}: exit status {done.returncode}\n{done.stdout}")
    return int(found[1]), int(found[2])


def rate(spec: Spec) -> str:
    """Send more than may pass, and measure what passes once the bucket is empty.

    A machine that stands still for a while loses what might have passed meanwhile: what is not as
    stated is measured again, a few times.
    """
    seen = []
    with Sender(spec):
        time.sleep(1)
        for _attempt in range(5):
            start, first = moment(spec)
            time.sleep(MEASURED)
            end, last = moment(spec)
            seen.append(8 * (last - first) / (end - start))
            if abs(seen[-1] / spec["bits"] - 1) <= 0.1:
                break
    found = ", ".join(f"{each / 1e6:.3f}" for each in seen)
    told = f"{spec['link']} {spec.get('class', '')}: {found} mbit of {spec['bits'] / 1e6}"
    if abs(seen[-1] / spec["bits"] - 1) > 0.1:
        raise AnsibleActionFail(f"{told}: not within 10 %")
    return told


def moment(spec: Spec) -> tuple[float, int]:
    """Return a time, and how many bytes there were at that time."""
    for _attempt in range(20):
        before = time.monotonic()
        count = received(spec)[0]
        after = time.monotonic()
        if after - before < 0.1:
            break
    return (before + after) / 2, count


def within(netns: str, work: t.Callable[[], t.Any]) -> t.Any:
    """Do something in a namespace: in a thread of its own, so that this process stays."""

    def enter() -> t.Any:
        fd = os.open(f"/run/netns/{netns}", os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(fd, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"setns: {netns}")
        finally:
            os.close(fd)
        return work()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(enter).result()


class Sender:
    """Sends datagrams as fast as they are taken, while it lasts."""

    def __init__(self, spec: Spec) -> None:
        self.to = (spec["to"], 9)
        self.ended = threading.Event()
        self.socket = within(spec["from"], lambda: socket.socket(type=socket.SOCK_DGRAM))
        # It sleeps where its buffer is full of what waits in the queue: less than the queue takes.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 131072)
        self.socket.settimeout(0.2)
        if "class" in spec:
            major, minor = (int(word, 16) for word in spec["class"].split(":"))
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, major << 16 | minor)
        self.thread = threading.Thread(target=self.send)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.thread.join()
        self.socket.close()

    def send(self) -> None:
        """Send until it is ended."""
        data = bytes(1400)
        while not self.ended.is_set():
            # What is refused is tried again in the end: on a link without an address, say.
            with contextlib.suppress(OSError):
                self.socket.sendto(data, self.to)


class Carrier:
    """Stands for the program behind tun or tap links: carries packets between two of them."""

    def __init__(self, spec: Spec) -> None:
        self.ends = [within(netns, lambda: opened(spec)) for netns in spec["between"]]
        self.wake, self.waker = os.pipe()
        self.thread = threading.Thread(target=self.carry)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        os.close(self.waker)
        self.thread.join()
        for fd in (*self.ends, self.wake):
            os.close(fd)

    def carry(self) -> None:
        """Carry until it is ended."""
        other = dict(zip(self.ends, reversed(self.ends)))
        while True:
            ready = select.select([*self.ends, self.wake], [], [])[0]
            if self.wake in ready:
                return
            for fd in ready:
                # A link that is down loses what comes.
                with contextlib.suppress(OSError):
                    os.write(other[fd], os.read(fd, 65536))


def opened(spec: Spec) -> int:
    """Return the program's end of a tun or tap link of the current namespace."""
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", spec["link"].encode(), IFF[spec["kind"]]))
    return fd


def begin(spec: Spec) -> Spec:
    """Begin to ping, and return what ends it."""
    with tempfile.NamedTemporaryFile(delete=False) as log:
        command = shlex.split(ping(spec, f"-q -i {spec['every']}"))
        child = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    return {"pid": child.pid, "log": log.name}


def ended(begun: Spec, most: int) -> str:
    """End a ping that was begun, and see how many packets it has lost."""
    os.kill(begun["pid"], signal.SIGINT)
    deadline = time.monotonic() + WAIT
    while not (found := SENT.search(text := read(begun["log"]))) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.unlink(begun["log"])
    if not found:
        raise AnsibleActionFail(f"ping has not said how it went: {text}")
    lost = int(found[1]) - int(found[2])
    if not int(found[2]) or lost > most:
        raise AnsibleActionFail(f"{lost} packets are lost, more than {most}: {text}")
    return f"{lost} of {found[1]} packets lost"


def read(path: str) -> str:
    """Return what is in a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()
