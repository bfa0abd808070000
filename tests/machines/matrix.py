# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: python -m ansible_collections.linuxnet.netns.tests.machines.matrix [KIND...]

Try each kind of link on the kernel that this runs on, each try in namespaces of its own. A line of
JSON for each: kind, cell, outcome and why. The exit status is 1 if one failed."""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import re
import sys
import time
import traceback
import typing as t

from ansible_collections.linuxnet.netns.plugins import module_utils
from ansible_collections.linuxnet.netns.plugins import modules as plugin_modules
from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

from . import looks, wireguard
from .ears import Ears
from .kinds import COMMON, GIVEN, KINDS, Options
from .ports import BRIDGE, ROWS

CELLS = ("check", "create", "again", "change", "move", "replay", "undo", "absent", "force")
# What stands behind a link that is made with all that can be put on it.
WHOLE: Options = {"up": True, "mtu": 1300, "alias": "a link", "txqueuelen": 77, "group": 7}
OTHERS: Options = {
    "up": True,
    "mtu": 1400,
    "alias": "b",
    "txqueuelen": 7,
    "group": 8,
    "promisc": True,
}
FULL = ("ip -n a addr add 198.51.100.1/24 dev x", "ip -n a route add 203.0.113.0/24 dev x")
OK = "ok", ""
DRAWN = re.compile(
    r"\.(address|permaddr|ifindex|link_index|bridge_id|root_id|designated_\w+|seq_nr)\b"
    "|'stable-privacy': True"
)
# A tunnel over IPv6 that is made again gets another address at random, and a link-local one of it; an
# HSR counts what it sends.
PASSING = re.compile(r"'local': 'fe80:|\.(permaddr|seq_nr) ")


class Failure(Exception):
    """What is not as it was promised."""


class Refused(Exception):
    """What is refused in check mode as in the real run."""


class Noise(Exception):
    """Something has changed where nothing should, or the other way: to be looked at by ip(8)."""


class Witness:
    """Tells whether anything has changed: as the kernel tells those who listen, or by ip(8)."""

    by_ip = False

    def __init__(self) -> None:
        self.ears = None if self.by_ip else Ears()
        self.before = None if self.ears else wireguard.state()

    def touched(self) -> list[str]:
        """Return what has changed that should not have."""
        if self.ears is None:
            return differing(self.before, wireguard.state)
        if self.ears.heard():
            raise Noise
        return []

    def is_unchanged(self) -> bool:
        """Return whether nothing has changed."""
        if self.ears is None:
            return bool(wireguard.state() == self.before)
        if not self.ears.heard():
            raise Noise
        return False


def run(module: str, /, **params: t.Any) -> dict[str, t.Any]:
    """Run a module in this process, and return its result."""
    if module == "netns_topology":
        return t.cast("dict[str, t.Any]", lab.run(**params))
    return t.cast("dict[str, t.Any]", modules.run(module, **params))


def asked(module: str = "netns_link", /, **params: t.Any) -> dict[str, t.Any]:
    """Return what the real run of a task returns. Check mode touches nothing and says the same, and
    a second run changes nothing."""
    watching = Witness()
    predicted = _told(module, watching, check=True, **params)
    real = _told(module, watching, **params)
    if predicted != real:
        raise Failure(
            f"check mode said {_short(predicted, real)}; the real run {_short(real, predicted)}"
        )
    if isinstance(real, str):
        raise Refused(real)
    if not real["changed"]:
        raise Failure("it changed nothing")
    # Of a link; entries of bridges are not looked at here.
    if "type" in params and watching.is_unchanged():
        raise Failure("ip shows no change")
    again = run(module, **_named(params))
    if again["changed"]:
        raise Failure(f"the second run changed {again['commands']}")
    return real


def _told(
    module: str, watching: Witness, /, check: bool = False, **params: t.Any
) -> dict[str, t.Any] | str:
    """Return what a run returns, or says where it fails; check mode and failures touch nothing."""
    said = ""
    try:
        told = run(module, check=check, **params)
    except NetnsError as error:
        said = str(error)
    if (check or said) and (found := watching.touched()):
        raise Failure(f"{said or 'check mode'} touched {found[:4]}")
    return said or t.cast("dict[str, t.Any]", told)


def _named(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a task as it is stated the second time."""
    return {key: value for key, value in params.items() if key != "force"}


def _short(one: t.Any, other: t.Any) -> str:
    if isinstance(one, str):
        return repr(one)
    if isinstance(other, str):
        return f"success: {one['commands']}"
    return str({key: one[key] for key in one if one[key] != other.get(key)})[:600]


def made(kind: str, **more: t.Any) -> dict[str, t.Any]:
    return {"netns": "a", "name": "x", "type": kind, **KINDS[kind].made, **more}


class Machine:
    """Whether what is given is there already, in this process."""

    is_given = False


def given() -> None:
    """Make what each try begins with."""
    if not Machine.is_given:
        looks.run(GIVEN)


def build(kind: str, **more: t.Any) -> None:
    """Make a link of the kind."""
    given()
    modules.run("netns_link", **made(kind, **more))


def has(kind: str) -> bool:
    """Return whether the kernel has the kind, by ip."""
    if kind in ROWS:
        return _succeeds(*BRIDGE)
    parent = "link p0" if "parent" in KINDS[kind].made else ""
    given()
    if kind in ("tun", "tap"):
        return os.path.exists("/dev/net/tun")
    return _succeeds(f"ip -n a link add x {parent} type {kind} {KINDS[kind].tool}")


def _succeeds(*lines: str) -> bool:
    try:
        looks.run(lines)
    except RuntimeError:
        return False
    return True


def check_and_create(kind: str) -> None:
    given()
    asked(**made(kind))
    (link,) = witness.ip("-d", "link", "show", "dev", "x", netns="a")
    told = link["linkinfo"]["info_kind"]
    if told != {"tap": "tun"}.get(kind, kind):
        raise Failure(f"it is a {told}")


def create_whole(kind: str) -> None:
    given()
    asked(**made(kind, **WHOLE))


def change(kind: str, new: Options) -> None:
    build(kind)
    asked(**{**made(kind), **_over(kind, _other(new))})


def _other(new: Options) -> Options:
    """Return the other one of what a link of some kinds has already."""
    (link,) = witness.ip("link", "show", "dev", "x", netns="a")
    flags = {"arp": "NOARP" in link["flags"], "multicast": "MULTICAST" not in link["flags"]}
    return {name: flags.get(name, value) for name, value in new.items()}


def _over(kind: str, new: Options) -> Options:
    """Return a change, without what it was made with: only the one option is stated."""
    return {kind: None, **new} if kind in KINDS[kind].made and kind not in new else new


def change_up(kind: str, new: Options) -> None:
    """Change a link that is up, with an address and a route."""
    build(kind, up=True)
    looks.run(FULL)
    asked(**{**made(kind), **_over(kind, new)})


def force(kind: str, new: Options) -> None:
    """Change by force what only a new link can have; all else stays."""
    build(kind, **WHOLE)
    looks.run(FULL)
    before = wireguard.space("a")
    asked(**{**made(kind), **_over(kind, new)}, force=True)
    wanted = {*new.get(kind, ()), *new}
    lost = [
        each
        for each in witness.differences(before, wireguard.space("a"))
        if not DRAWN.search(each) and not _follows(each, wanted)
    ]
    if lost:
        raise Failure(f"it lost {lost[:6]}")


def _follows(difference: str, wanted: set[str]) -> bool:
    if ".linkinfo.info_data." in difference or ".max_mtu " in difference:
        return True
    if "table" in wanted and ".routes " in difference:
        return True
    told = (".master ", ".linkinfo.info_slave_kind ", ".promiscuity ")
    if wanted & {"slave1", "slave2"} and any(each in difference for each in told):
        return True
    told = (".link ", ".promiscuity ", "'local': 'fe80::")
    return "parent" in wanted and any(each in difference for each in told)


def move(kind: str) -> None:
    build(kind)
    looks.run(FULL[:1])
    asked(name="x", netns="b", move_from="a")


def absent(kind: str) -> None:
    given()
    before = looks.state("a")
    modules.run("netns_link", **made(kind, **WHOLE))
    asked(netns="a", name="x", state="absent")
    if found := differing(before, lambda: looks.state("a")):
        raise Failure(f"it left {found[:6]}")


def replay(kind: str, *news: Options) -> None:
    tasks = [made(kind), *({**made(kind), **_over(kind, new)} for new in news)]
    _replay("netns_link", GIVEN, tasks, lambda: looks.state("a"))


def _replay(
    module: str,
    given: t.Sequence[str],
    tasks: t.Sequence[Options],
    look: t.Callable[[], dict[str, t.Any]],
) -> None:
    """The commands of tasks do what the tasks did."""

    def ours() -> tuple[list[list[str]], dict[str, t.Any]]:
        looks.run(given)
        return [run(module, **task)["commands"] for task in tasks], look()

    def theirs(commands: list[list[str]]) -> dict[str, t.Any]:
        looks.run(given)
        lines = zip(commands, tasks)
        witness.sh(*(wireguard.filled(line, task) for told, task in lines for line in told))
        return look()

    commands, wanted = machine.in_child(_apart, ours)
    got = machine.in_child(_apart, theirs, commands)
    wrong = [each for each in witness.differences(wanted, got) if not DRAWN.search(each)]
    if wrong:
        raise Failure(f"{commands}: {wrong[:6]}")


def _apart(work: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    machine._apart()
    return work(*arguments)


def undo(module: str, given: t.Callable[[], object], task: Options) -> None:
    """Whatever write fails, all is as it was."""
    number, wrong = 1, ""
    while number and not wrong:
        number, wrong = machine.in_child(_apart, _undo_from, number, module, given, task)
    if wrong:
        raise Failure(wrong)


def _undo_from(
    number: int, module: str, given: t.Callable[[], object], task: Options
) -> tuple[int, str]:
    """Let one write after the other fail: what is as it was serves for the next as well. Return the
    number of the write to go on from, once one failed and the task was done all the same, or 0; and
    what is not as it was."""
    given()
    is_kind = module == "netns_link" and "type" in task

    def look() -> looks.Look:
        return looks.state("a") if is_kind else _whole()

    before = look()
    for each in range(number, 60):
        said, failed = _attempt(module, task, each)
        if not failed:
            break
        if not said:
            return each + 1, ""
        if found := differing(before, look):
            return 0, f"write {each}, {failed[0]}: {found[:4]}; {said}"
    return 0, ""


def differing(before: dict[str, t.Any], look: t.Callable[[], dict[str, t.Any]]) -> list[str]:
    """Return how what there is differs from what was, once it does not or after a while."""
    end = time.monotonic() + witness.SECONDS
    while (found := _lasting(witness.differences(before, look()))) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _lasting(differences: t.Iterable[str]) -> list[str]:
    return [each for each in differences if not PASSING.search(each)]


def _whole() -> looks.Look:
    """Return all that there is in the namespaces of the try, but those without a name."""
    return looks.whole(*witness.names(), links=("x", "q0"))


def _attempt(module: str, task: Options, number: int) -> tuple[str, list[str]]:
    """Return what a task says when a write fails, and which that was."""
    faults = Faults(lambda each: each == number)
    with faults.at_work():
        try:
            run(module, **task)
        except NetnsError as error:
            return str(error), faults.failed
    return "", faults.failed


def attempt(work: t.Callable[..., None], *arguments: t.Any) -> tuple[str, str]:
    """Return the outcome of a try, and why."""
    try:
        work(*arguments)
    except Noise:
        return "noise", ""
    except Refused as refused:
        return "refused", str(refused)
    except Failure as failure:
        return "FAIL", str(failure)
    except BaseException:
        return "FAIL", traceback.format_exc()
    return OK


def _outcome(work: t.Callable[..., None], *arguments: t.Any) -> tuple[str, str]:
    """Return the outcome of a try in namespaces of its own, and why."""
    told: tuple[str, str] = "noise", ""
    if arguments[0] != "wireguard":  # of which the kernel tells nobody
        told = machine.in_child(_apart, attempt, work, *arguments)
    if told[0] == "noise":
        told = machine.in_child(_apart, _by_ip, attempt, work, *arguments)
    return told


def _together(kind: str, tries: t.Sequence[tuple[t.Any, ...]]) -> list[tuple[str, str]]:
    """Return the outcomes of tries, one after the other in one place: what is given is made once.
    What fails may do so because of the others."""
    given()
    Machine.is_given = True
    outcomes = []
    for work, *arguments in tries:
        outcomes.append(attempt(work, kind, *arguments))
        for name in ("x", "y"):
            if attempt(_remove, name)[0] != "ok":
                return outcomes
    return outcomes


def _remove(name: str) -> None:
    run("netns_link", netns="a", name=name, state="absent", force=True)


def _by_ip(work: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    Witness.by_ip = True
    return work(*arguments)


def cells(kind: str) -> t.Iterator[tuple[str, ...]]:
    """Yield cell, what was tried, outcome, and why."""

    def tried(cell: str, what: str, work: t.Callable[..., None], *more: t.Any) -> tuple[str, ...]:
        outcome, why = _outcome(work, kind, *more)
        return cell, what, outcome, why

    ways = (("", change), ("up: ", change_up))
    changes = [(*way, new) for new in KINDS[kind].changes for way in ways]
    changes += [(*ways[0], new) for new in COMMON]
    found = machine.in_child(_apart, _together, kind, [each[1:] for each in changes])
    done = {
        what + json.dumps(new) for (what, _work, new), told in zip(changes, found) if told == OK
    }

    def changed(what: str, work: t.Callable[..., None], new: Options) -> tuple[str, ...]:
        """Return the outcome of a change, tried alone unless it was right among others."""
        shown = what + json.dumps(new)
        return ("change", shown, *OK) if shown in done else tried("change", shown, work, new)

    yield tried("create", "", check_and_create)
    yield tried("create", "with all", create_whole)
    forced: list[Options] = []
    for new in (*KINDS[kind].changes, *COMMON):
        shown = json.dumps(new)
        own = new not in COMMON
        for what, work in ways[: 1 + own]:
            yield (told := changed(what, work, new))
            if told[2] == "refused" and "force=true" in told[3] and new not in forced:
                forced.append(new)
                cell, what_, outcome, why = tried("force", shown, force, new)
                # It was asked for: what is refused all the same is a promise that is not kept.
                yield cell, what_, {"refused": "FAIL"}.get(outcome, outcome), why
                yield tried("undo", f"force {shown}", _undo_of, {**_over(kind, new), "force": True})
            if told[2] == "ok" and own and not what:
                yield tried("replay", shown, replay, new)
                yield tried("undo", shown, _undo_of, _over(kind, new))
    yield tried("undo", "all common", _undo_of, OTHERS)
    yield tried("replay", "all common", replay, OTHERS)
    yield tried("move", "", move)
    yield tried("replay", "", replay)
    yield tried("replay", "with all", replay, WHOLE)
    yield tried("absent", "", absent)
    yield tried("undo", "create", _undo_create)
    yield tried("undo", "move", _undo_move)
    yield tried("undo", "absent", _undo_of, {"state": "absent"})


def _undo_of(kind: str, task: Options) -> None:
    given = {**made(kind), **task}
    undo("netns_link", lambda: (build(kind, **WHOLE), looks.run(FULL)), given)


def _undo_move(kind: str) -> None:
    task = {"name": "x", "netns": "b", "move_from": "a", "up": True}
    undo("netns_link", lambda: (build(kind, **WHOLE), looks.run(FULL)), task)


def _undo_create(kind: str) -> None:
    undo("netns_link", given, made(kind, **WHOLE))


def row(name: str) -> t.Iterator[tuple[str, ...]]:
    """Yield what `cells` does, of what is no kind of link."""
    given, module, creates, changes, absents = ROWS[name]

    def ask(task: Options) -> None:
        looks.run(given)
        asked(module, **task)

    def again(task: Options) -> None:
        _replay(module, given, [task], _whole)

    def fail(task: Options) -> None:
        undo(module, lambda: looks.run(given), task)

    for cell, tasks in (("create", creates), ("change", changes), ("absent", absents)):
        for task in tasks:
            for tried, work in ((cell, ask), ("replay", again), ("undo", fail)):
                outcome, why = _outcome(work, task)
                yield tried, json.dumps(task), outcome, why


def _import_all() -> None:
    """Import what a try would, once for all of them: each is a process of its own."""
    for package in (module_utils, plugin_modules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    run("netns_link", check=True, name="lo", up=True)
    # What is collected writes to all that it looks at, of which the processes would get copies.
    gc.disable()


def main(kinds: t.Sequence[str]) -> int:
    _import_all()
    failed = 0
    for kind in kinds or (*KINDS, *ROWS):
        if not machine.in_child(_apart, has, kind):
            print(json.dumps({"kind": kind, "outcome": "lacks"}), flush=True)
            continue
        for cell, what, outcome, why in row(kind) if kind in ROWS else cells(kind):
            failed += outcome == "FAIL"
            told = {"kind": kind, "cell": cell, "what": what, "outcome": outcome, "why": why}
            print(json.dumps(told), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
