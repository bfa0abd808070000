# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module of this collection without sending it, where the controller is the managed host.

To pack a module, store it and start a Python for it takes Ansible 0.4 s. Where that Python is the one
that runs Ansible, a child of its worker calls the module's `main()` instead. Only the steps that build
and start a module are replaced; what a module does to its process ends with the child.
"""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import signal
import sys
import typing as t
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader

from ansible import constants as C
from ansible.executor import module_common
from ansible.executor.interpreter_discovery import InterpreterDiscoveryRequiredError
from ansible.module_utils import basic
from ansible.module_utils.common import json as encoders
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as Normal
from ansible.utils.display import Display

OPTION = "ansible_netns_import_modules"
PLUGINS = __name__.rpartition(".plugins.")[0] + ".plugins."
PROFILE = "legacy"  # of modules' arguments in JSON, since ansible-core 2.19
LONG = 100  # entries in all lists of a task together


class _Bytecode:
    """Finds files for Python's own loader; Ansible's compiles them: 128 ms more for an idle task."""

    @staticmethod
    def find_spec(name: str, path: t.Any, target: t.Any = None) -> ModuleSpec | None:
        """Return how a file of this collection is loaded."""
        paths = path if path is not None and name.startswith(PLUGINS) else ()
        finders = (FileFinder(each, (SourceFileLoader, [".py"])) for each in paths)
        return next(filter(None, (each.find_spec(name) for each in finders)), None)


def _run(main: t.Callable[[], None], arguments: bytes, cwd: str, *outputs: t.IO[t.Any]) -> None:
    """Call a module's `main()` as a new process would find its surroundings."""
    for number in filter(lambda each: callable(signal.getsignal(each)), signal.valid_signals()):
        interrupts = number == signal.SIGINT
        signal.signal(number, signal.default_int_handler if interrupts else signal.SIG_DFL)
    sys.stdout, sys.stderr = outputs
    for fd, output in enumerate(outputs, start=1):
        os.dup2(output.fileno(), fd)
    os.chdir(cwd)
    os.environ["PWD"] = cwd
    if "ansible.module_utils._internal" in sys.modules:  # else warnings are not returned
        vars(sys.modules["ansible.module_utils._internal"])["is_controller"] = False
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = arguments, PROFILE
    gc.disable()  # the process ends soon
    main()


class ActionModule(Normal):
    """Runs a module as any other, but in a child of the worker where that makes no difference."""

    direct = False

    def _execute_module(self, *arguments: t.Any, **options: t.Any) -> t.Any:
        why = self._why_sent(options.get("task_vars") or {})
        way = f"is sent: {why}" if why else "runs in a child of this worker"
        module = options.get("module_name") or (arguments or [self._task.action])[0]
        Display().vvv(f"{module} {way}", host=self._play_context.remote_addr)
        self.direct = not why
        try:
            return super()._execute_module(*arguments, **options)
        finally:
            self.direct = False
            # They return with the result: a sixth of the time of a task for 750 namespaces.
            given = self._task.args
            lists = {key: value for key, value in given.items() if isinstance(value, list)}
            again = self._task.until or self._task.retries
            if sum(map(len, lists.values())) > LONG and not again:
                self._task.args = {key: given[key] for key in given.keys() - lists}

    def _why_sent(self, variables: dict[str, t.Any]) -> str:
        """Return why the module has to be sent, nothing if it need not be."""
        task, connection = self._task, self._connection
        if task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(task.delegate_to, {})
        wanted = variables.get(OPTION, os.environ.get(OPTION.upper(), True))
        user, other = self._get_remote_user(), self.get_become_option("become_user")
        try:
            python = module_common._get_shebang("/usr/bin/python", variables, self._templar)[1]
        except InterpreterDiscoveryRequiredError:
            python = "not yet discovered"
        # A virtual environment's Python is a link: its folder tells which environment it is.
        same = (f(python) == f(sys.executable) for f in (os.path.dirname, os.path.realpath))
        reasons = {
            f"{OPTION} is false": not boolean(self._templar.template(wanted), strict=False),
            "the connection is not local": connection.ansible_name != "ansible.builtin.local",
            "the controller does not run Linux": not sys.platform.startswith("linux"),
            # The condition is Ansible's; of the two users, the plugin's may have its own `!=`.
            "it becomes another user, or enters a namespace": connection.become
            and (C.BECOME_ALLOW_SAME_USER or other != user or not user),
            "it has async or environment": task.async_val or any(task.environment or ()),
            "remote files are kept": C.DEFAULT_KEEP_REMOTE_FILES,
            f"the Python interpreter is {python}": not all(same),
        }
        return next((why for why, holds in reasons.items() if holds), "")

    def _is_pipelining_enabled(self, *arguments: t.Any, **options: t.Any) -> t.Any:
        return self.direct or super()._is_pipelining_enabled(*arguments, **options)

    def _configure_module(self, module_name: str, module_args: t.Any, task_vars: t.Any) -> t.Any:
        if not self.direct:
            return super()._configure_module(module_name, module_args, task_vars)
        if _Bytecode not in sys.meta_path:
            sys.meta_path.insert(0, _Bytecode)
        self.module = importlib.import_module(f"{PLUGINS}modules.{module_name.rpartition('.')[2]}")
        given, python = {"ANSIBLE_MODULE_ARGS": module_args}, f"#!{sys.executable}"
        if not hasattr(module_common, "_BuiltModule"):  # ansible-core before 2.19
            data = json.dumps(given, cls=encoders.AnsibleJSONEncoder, vault_to_text=True)
            return "new", python, data.encode(), self.module.__file__
        encoder = encoders.get_module_encoder(PROFILE, encoders.Direction.CONTROLLER_TO_MODULE)
        content = json.dumps(given, cls=encoder).encode()
        built = {"module_style": "new", "shebang": python, "serialization_profile": PROFILE}
        return module_common._BuiltModule(b_module_data=content, **built), self.module.__file__

    def _low_level_execute_command(self, *arguments: t.Any, **options: t.Any) -> t.Any:
        if not self.direct:
            return super()._low_level_execute_command(*arguments, **options)
        out, err = (
            os.fdopen(os.memfd_create(each), "w+", errors="replace") for each in ("out", "err")
        )
        given = (self.module.main, options["in_data"], self._loader.get_basedir(), out, err)
        child = multiprocessing.get_context("fork").Process(target=_run, args=given)
        child.start()
        try:
            child.join()
        finally:
            if child.is_alive():  # its time is over, or the worker's: the module rolls back
                child.terminate()
                child.join()
        with out, err:
            out.seek(0), err.seek(0)
            return {"rc": child.exitcode, "stdout": out.read(), "stderr": err.read()}
