# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change in any release.

"""What a task needs no process of its own for, where the host that it is for is the controller.

To run a module, Ansible collects the files that it imports, packs them, starts a shell and a Python,
and has that compile and import all again: half a second, in which a small network could have been
built three times. Each task is carried out by a worker, a process that ends with it; where that one
runs as the same user, on the same host, with the same Python, it does the work itself.
"""

from __future__ import annotations

import gc
import json
import os.path
import sys
import typing as t

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.display import Display

from ..module_utils._core.errors import NetnsError
from ..module_utils._core.options import check
from ..module_utils._engine.capabilities import lacking
from ..module_utils._engine.job import Job
from ..module_utils._engine.kernel import Kernel
from ..module_utils._engine.reconcile import converge
from ..module_utils._netlink.messages import MISSING
from ._bytecode import kept

try:
    from ansible.module_utils.common.json import Direction, get_module_encoder
except ImportError:  # ansible-core before 2.19
    HAS_ENCODER = False
else:
    HAS_ENCODER = True

if t.TYPE_CHECKING:
    from ansible.plugins.action import ActionBase

Task = dict[str, t.Any]  # what one returns
DISCOVERED = ("", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent")


def suits(action: ActionBase, task_vars: t.Mapping[str, t.Any]) -> bool:
    """Return whether a module would be started on this host, by this user and with this Python, with
    nothing around it, and would find all that it needs."""
    connection, task = action._connection, action._task
    return (
        HAS_ENCODER  # else there is no telling here what arguments a module would get
        and connection.transport == "local"
        and connection.become is None
        and not task.async_val
        and not any(task.environment or ())
        and not C.DEFAULT_KEEP_REMOTE_FILES  # to look at what is sent
        and _is_ours(_python(action, task_vars))
        and not lacking()
        and MISSING is None
    )


def _python(action: ActionBase, task_vars: t.Mapping[str, t.Any]) -> str | None:
    """Return the Python that a module would be run by, None if that is not known yet."""
    host = action._task.delegate_to
    its = task_vars.get("ansible_delegated_vars", {}).get(host, {}) if host else task_vars
    stated = C.config.get_config_value("INTERPRETER_PYTHON", variables=its)
    python = action._templar.template(stated) or ""
    if python in DISCOVERED:
        python = its.get("ansible_facts", {}).get("discovered_interpreter_python")
    return t.cast("str | None", python)


def _is_ours(python: str | None) -> bool:
    """Return whether a Python is the one that runs this, maybe by another of its names.

    That of a virtual environment is a link to one elsewhere: which it is, its folder tells.
    """
    ours = sys.executable
    return python is not None and all(
        of(python) == of(ours) for of in (os.path.dirname, os.path.realpath)
    )


def carry_out(
    action: ActionBase,
    spec: t.Mapping[str, t.Any],
    job_of: t.Callable[[Kernel, t.Mapping[str, t.Any]], Job],
) -> Task | None:
    """Do what a module would with the arguments of a task, and return what it would; None, and
    nothing is done, where these are not as they should be, or secret: a module knows what to say.

    It gets the arguments as a module does, without what Ansible knows of where they were written,
    and returns nothing but what can be sent.
    """
    encoder = get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)
    sent = json.loads(json.dumps(action._task.args, cls=encoder))
    checked = ArgumentSpecValidator(spec).validate(sent)
    if checked.error_messages or getattr(checked, "_no_log_values", True):
        return None
    display = Display()
    display.vvv(f"{action._task.action}: no module is sent, this worker does it")
    gc.freeze()  # all that Ansible has loaded: no garbage need be looked for in that
    gc.disable()
    kernel = Kernel()
    try:
        with kept():
            job = job_of(kernel, check(spec, checked.validated_parameters))
            outcome = converge(kernel, job, action._task.check_mode)
        for warning in outcome.warnings:
            display.warning(warning)
        result = outcome.result(action._task.diff)
        result.pop("invocation", None)  # which is for modules to tell
        return t.cast(Task, json.loads(json.dumps(result)))
    except (NetnsError, OSError) as error:
        return {"failed": True, "msg": str(error)}
    finally:
        kernel.close()
        gc.freeze()  # and what was made meanwhile goes with the process
        gc.enable()
