# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules as functions: their own argument spec and job, run by the loop in this process."""

from __future__ import annotations

import importlib

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.linuxnet.netns.plugins.module_utils._core.options import check
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile

MODULES = "ansible_collections.linuxnet.netns.plugins.modules"


class _Spec(Exception):
    pass


def options(module_name, /, **params):
    """Return the options as AnsibleModule hands them to the module."""
    module = importlib.import_module(f"{MODULES}.{module_name}")

    def capture(argument_spec, **unused):
        raise _Spec(argument_spec)

    spec = None
    real, module.AnsibleModule = module.AnsibleModule, capture
    try:
        module.main()
    except _Spec as captured:
        spec = captured.args[0]
    finally:
        module.AnsibleModule = real
    result = ArgumentSpecValidator(spec).validate(params)
    assert not result.error_messages, result.error_messages
    return check(spec, result.validated_parameters)


def job(module_name, /, **params):
    """Return the job of a module for these parameters."""
    return importlib.import_module(f"{MODULES}.{module_name}").job_of(
        options(module_name, **params)
    )


def run(module_name, /, check=False, kernel=None, **params):
    """Return the result of a module, as _entry.run_job() makes it, with its diff."""
    own = kernel is None
    kernel = kernel or Kernel()
    try:
        outcome = reconcile(kernel, job(module_name, **params), check)
    finally:
        if own:
            kernel.close()
    return {
        **outcome.after,
        "changed": bool(outcome.steps),
        "commands": outcome.commands,
        "warnings": list(outcome.warnings),
        "diff": {"before": outcome.before, "after": outcome.after},
    }
