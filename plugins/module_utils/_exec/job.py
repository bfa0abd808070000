# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Run the command of netns_exec in one or many namespaces, and build the result."""

from __future__ import annotations

import datetime
import glob
import math
import os
import typing as t

from .._core import parse
from .._core.errors import BadInput, unusable
from .._core.host_state import HERE, phrase, shown
from .._core.scope import Scope
from .._engine.kernel import Kernel
from . import kernel as process
from .spec import Command, argv_of, environment_of, path_of

Result = dict[str, t.Any]


def execute(
    kernel: Kernel, options: t.Mapping[str, t.Any], check: bool
) -> tuple[Result, list[str]]:
    """Return the result of a task, and its warnings."""
    command = _command(options)
    places = _places(options["netns"])
    keys, warnings = _keys(kernel, places, check)
    result: Result = {"changed": False, "rc": 0, "cmd": list(command.argv), "namespaces": []}
    reason = _skip_reason(options)
    if reason:
        msg = f"{'Would' if check else 'Did'} not run command since {reason}"
        return {**result, "msg": msg}, warnings
    if check:
        decided = options["creates"] is not None or options["removes"] is not None
        result["msg"] = "Command would have run if not in check mode"
        # A skipped task must not be reported as changed.
        return {**result, **({"changed": True} if decided else {"skipped": True})}, warnings
    ended = process.run(command, keys, lambda key: _open(kernel, key))
    for key, each in ended.items():
        warnings += [
            f"{phrase(key)[0].upper()}{phrase(key)[1:]}, {warning}" for warning in each.warnings
        ]
    return {**result, "changed": True, **_combined_result(command, ended, options)}, warnings


def _command(options: t.Mapping[str, t.Any]) -> Command:
    stdin = options["stdin"]
    if stdin is not None and options["stdin_add_newline"]:
        stdin += "\n"
    if options["timeout"] is not None and not 0 < options["timeout"] < math.inf:
        raise BadInput(f"timeout must be more than 0 seconds, not {options['timeout']}")
    return Command(
        argv_of(options["cmd"], options["argv"]),
        chdir=path_of("chdir", options["chdir"]),
        stdin=None if stdin is None else stdin.encode(errors="surrogateescape"),
        environment=environment_of(os.environ, options["environment"]),
        timeout=options["timeout"],
    )


def _places(netns: t.Sequence[str] | None) -> tuple[str, ...]:
    if netns is None:
        return (HERE,)
    if not netns:
        raise BadInput(
            "netns must name at least one namespace; '' is the one that the module runs in"
        )
    return parse.each_of("netns", parse.place, (name or None for name in netns))


def _keys(
    kernel: Kernel, places: tuple[str, ...], check: bool
) -> tuple[tuple[str, ...], list[str]]:
    """Return the keys of the namespaces; raise BadInput if one is missing, before running anything."""
    scope = Scope(places, numbers=False, bare=frozenset(places), by_name=True)
    host = kernel.survey(scope)
    warnings = []
    for namespace in host.namespaces.values():
        if namespace.state != "present" and (namespace.foreign or not check):
            raise unusable(namespace.key, namespace.state, namespace.foreign)
        if namespace.state != "present":
            warnings.append(
                f"Namespace {namespace.key} does not exist yet: an earlier task would have created it"
            )
    return tuple(dict.fromkeys(host.places[place] for place in places)), warnings


def _skip_reason(options: t.Mapping[str, t.Any]) -> str:
    """Return why the command need not be run, '' if it must."""
    base = options["chdir"] or ""
    creates, removes = (path_of(name, options[name]) for name in ("creates", "removes"))
    if creates is not None and glob.glob(os.path.join(base, creates)):
        return f"{creates!r} exists"
    if removes is not None and not glob.glob(os.path.join(base, removes)):
        return f"{removes!r} does not exist"
    return ""


def _open(kernel: Kernel, key: str) -> tuple[int, str] | None:
    if key == HERE:
        return None
    return kernel.namespace(key), "" if key.startswith("/") else key


def _combined_result(
    command: Command, ended: t.Mapping[str, process.CommandResult], options: t.Mapping[str, t.Any]
) -> Result:
    """Return the results of all namespaces; of a single one in the format of
    ansible.builtin.command."""
    strip = options["strip_empty_ends"]
    namespaces = [
        {"name": shown(key), **_single_result(each, strip)} for key, each in ended.items()
    ]
    bad = [namespace for namespace in namespaces if namespace["rc"]]
    result: Result = {"namespaces": namespaces, "rc": bad[0]["rc"] if bad else 0}
    if len(namespaces) == 1:
        alone = ("stdout", "stderr", "stdout_lines", "stderr_lines", "start", "end", "delta")
        result.update({name: namespaces[0][name] for name in alone})
    if bad:
        why = "; ".join(
            f"{phrase(key)} {_failure_reason(command, each)}"
            for key, each in ended.items()
            if each.rc
        )
        result.update(failed=True, msg=f"The command failed {why}")
    return result


def _failure_reason(command: Command, each: process.CommandResult) -> str:
    if each.start_error:
        return f"to start: {each.start_error}"
    if each.timed_out:
        return f"by running longer than {command.timeout:g} s, and was killed"
    if each.rc < 0:
        return f"by signal {-each.rc}"
    return f"with return code {each.rc}"


def _single_result(each: process.CommandResult, strip: bool) -> Result:
    start, end = (datetime.datetime.fromtimestamp(moment) for moment in (each.start, each.end))
    out, err = (data.decode(errors="backslashreplace") for data in (each.stdout, each.stderr))
    if strip:
        out, err = out.rstrip("\r\n"), err.rstrip("\r\n")
    return {
        "rc": each.rc,
        "stdout": out,
        "stderr": err,
        "stdout_lines": out.splitlines(),
        "stderr_lines": err.splitlines(),
        "start": str(start),
        "end": str(end),
        "delta": str(end - start),
        "timed_out": each.timed_out,
    }
