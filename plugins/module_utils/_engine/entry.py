# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""How every module starts and ends: what it needs is there, and nobody sees a traceback."""

from __future__ import annotations

import sys
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import payload as _payload

_payload.start()

from .._core.errors import NetnsError
from .._core.options import check
from .capabilities import lacking

if t.TYPE_CHECKING:
    from .job import Reconciliation
    from .kernel import Kernel


def open_kernel(how_to_be_root: str = "Run it with become: true") -> Kernel:
    """Return the kernel of this host.

    Raises NetnsError where it is not Linux, the process is not root, or pyroute2 cannot be used.
    """
    if not sys.platform.startswith("linux"):
        raise NetnsError(
            f"Network namespaces are Linux's; this managed host runs {sys.platform}. Use a Linux host"
        )
    missing = lacking()
    if missing:
        raise NetnsError(f"This needs root: {' and '.join(missing)} missing. {how_to_be_root}")
    from .._netlink.messages import MISSING, TooOld
    from .kernel import Kernel

    if MISSING is not None:
        reason = str(MISSING) if isinstance(MISSING, TooOld) else missing_required_lib("pyroute2")
        raise NetnsError(reason) from MISSING
    return Kernel()


def run(module: AnsibleModule, work: t.Callable[[Kernel], dict[str, t.Any]]) -> None:
    """Do a module's work and exit with what it returns, or with what went wrong.

    A result that has ``failed`` and ``msg`` is a failure with more details.
    """
    try:
        kernel = open_kernel()
    except NetnsError as error:
        # Of a library that is missing, the module returns the import error as well.
        details = {} if error.__cause__ is None else {"exception": str(error.__cause__)}
        module.fail_json(msg=str(error), **details)
    kernel.run_command = module.run_command
    try:
        check(module.argument_spec, module.params)
        result = work(kernel)
    except (NetnsError, OSError) as error:
        module.fail_json(msg=str(error))
    finally:
        kernel.close()
    _payload.end()
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def run_job(
    module: AnsibleModule, job_of: t.Callable[..., Reconciliation], looks: bool = False
) -> None:
    """Run the loop for a module: its options make a job, the job's outcome is its result.

    With ``looks``, the kernel is passed before the options: what the job is about depends on what is there.
    """

    def work(kernel: Kernel) -> dict[str, t.Any]:
        from .reconcile import reconcile

        job = job_of(kernel, module.params) if looks else job_of(module.params)
        outcome = reconcile(kernel, job, module.check_mode)
        for warning in outcome.warnings:
            module.warn(warning)
        return outcome.result(module._diff)

    run(module, work)
