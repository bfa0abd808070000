# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The become plugin: what it has Ansible run, and that Ansible has it run."""

from __future__ import annotations

import os
import shlex
import subprocess
import types

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import action_loader, become_loader, connection_loader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

SHELL = types.SimpleNamespace(
    ECHO="echo",
    COMMAND_SEP=";",
    executable="/bin/sh",
    append_command=lambda command, more: f"{command} ; {more}",  # asked for by ansible-core 2.16
)


def plugin(**options):
    loaded = become_loader.get("linuxnet.netns.netns")
    loaded.set_options(direct={"netns_name": "study01", **options})
    return loaded


def words(command):
    """Return the words that `sh` gives to the last program."""
    return shlex.split(command)


def test_a_command_comes_out_as_it_went_in():
    asked = "printf '%s' \"it's\" '$HOME' \\\\"
    loaded = plugin()
    ended = words(loaded.build_become_command(asked, SHELL))
    assert ended[-3:] == ["/bin/sh", "-c", f"echo {loaded.success} ; {asked}"]
    assert ended[-5:-3] == ["study01", ""]


def test_without_a_command_there_is_none():
    assert plugin().build_become_command("", SHELL) == ""


def test_each_method_enters_by_its_own_tool():
    script = {m: plugin(netns_method=m).build_become_command("x", SHELL) for m in ("ip", "nsenter")}
    assert "netns exec" in script["ip"] and "nsenter" not in script["ip"]
    assert "--net=/run/netns/" in script["nsenter"] and "netns exec" not in script["nsenter"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "must not be empty"),
        (None, "must not be empty"),
        (".", "is a directory"),
        ("..", "is a directory"),
        ("../study01", "must not contain '/'"),
        ("/run/netns/study01", "must not contain '/'"),
        ("a\0b", "and NUL"),
        ("a" * 256, "at most 255 bytes"),
        ("-all", "take for an option"),
        ("a\nb", "printable characters"),
        ("\ud800", "printable characters"),
        ("\udcff", "printable characters"),
        (True, "what YAML makes of yes"),
    ],
)
def test_a_name_that_is_none_is_refused(name, says):
    with pytest.raises(AnsibleError, match=f"ansible_netns_name.*{says}"):
        plugin(netns_name=name).build_become_command("x", SHELL)


@pytest.mark.parametrize("name", ["a b", "it's", "$(reboot)", "ü", "1234"])
def test_a_name_may_hold_what_a_shell_would_take_apart(name):
    assert words(plugin(netns_name=name).build_become_command("x", SHELL))[-5] == name


@pytest.mark.parametrize(
    "user", ["-u", "--login", "a b", "a/b", "a:b", "+1", "\ud800", "\x01", "x" * 257]
)
def test_a_user_that_is_none_is_refused(user):
    with pytest.raises(AnsibleError, match="ansible_netns_user"):
        plugin(become_user=user).build_become_command("x", SHELL)


def test_blanks_around_a_name_are_no_part_of_it():
    assert words(plugin(netns_name=" study01\n").build_become_command("x", SHELL))[-5] == "study01"


@pytest.mark.parametrize("value", ["it's", "a\0b"])
@pytest.mark.parametrize(
    ("option", "variable"),
    [("become_exe", "ansible_netns_become_exe"), ("become_flags", "ansible_netns_become_flags")],
)
def test_words_that_cannot_be_taken_apart_are_told(option, variable, value):
    with pytest.raises(AnsibleError, match=variable):
        plugin(**{option: value}).build_become_command("x", SHELL)


def action_of(loaded, login):
    """Return the action of a task of a play, with this plugin where Ansible loads become plugins."""
    loader = DataLoader()
    content = {
        "hosts": "all",
        "gather_facts": False,
        "become": True,
        "become_method": "linuxnet.netns.netns",
        "tasks": [{"ansible.builtin.command": "true"}],
    }
    if login is not None:
        content["remote_user"] = login
    play = Play.load(content, variable_manager=VariableManager(loader), loader=loader)
    [[task]] = play.get_tasks()
    context, templar = PlayContext(play=play), Templar(loader)
    context = context.set_task_and_variable_override(task=task, variables={}, templar=templar)
    connection = connection_loader.get("ansible.builtin.ssh", context, os.devnull)
    connection.set_options(direct={"remote_user": login})
    connection.set_become_plugin(loaded)
    return action_loader.get(
        "ansible.builtin.command",
        task=task,
        connection=connection,
        play_context=context,
        loader=loader,
        templar=templar,
        shared_loader_obj=None,
    )


@pytest.mark.parametrize("login", ["root", "alice", "", None])
@pytest.mark.parametrize("user", ["", "root", "alice"])
def test_ansible_never_leaves_it_out(monkeypatch, login, user):
    """The one place that decides, as it is in this ansible-core: else it would run on the host."""
    action, ran = action_of(plugin(become_user=user), login), []

    def run(cmd, **_more):
        ran.append(cmd)
        return 0, b"", b""

    monkeypatch.setattr(action._connection, "exec_command", run)
    action._low_level_execute_command("true")
    assert "netns exec" in ran[0]


@pytest.mark.parametrize(
    ("login", "user", "handed"),
    [
        ("root", "", False),
        ("root", "root", False),
        ("root", "alice", True),
        ("alice", "", False),
        ("alice", "alice", False),
        ("alice", "bob", True),
    ],
)
def test_files_are_handed_to_another_ordinary_user_only(login, user, handed):
    assert action_of(plugin(become_user=user), login)._is_become_unprivileged() is handed


@pytest.mark.parametrize(
    ("flags", "left"),
    [
        ("-H -S -n", "-H -S"),
        ("-HSn", "-HS"),
        ("--non-interactive -H", "-H"),
        ("-u nobody -n", "-u nobody"),
        ("-unobody", "-unobody"),
    ],
)
def test_a_password_makes_sudo_ask(flags, left):
    loaded = plugin(become_pass="secret", become_flags=flags)
    command = loaded.build_become_command("x", SHELL)
    assert loaded.expect_prompt()
    assert f"sudo {left} -p {shlex.quote(loaded.prompt)} " in words(command)[2]
    assert loaded.check_password_prompt(f"{loaded.prompt} ".encode())
    assert "secret" not in command


def test_without_a_password_sudo_does_not_ask():
    loaded = plugin()
    assert "sudo -H -S -n " in words(loaded.build_become_command("x", SHELL))[2]
    assert not loaded.expect_prompt()


def test_what_sudo_says_is_understood():
    loaded = plugin()
    assert loaded.check_incorrect_password(b"Sorry, try again.\n")
    assert loaded.check_missing_password(b"sudo: a password is required\n")
    assert not loaded.check_incorrect_password(b"all is well\n")


@pytest.mark.parametrize("method", ["ip", "nsenter"])
def test_nowhere_is_said_and_nothing_runs(method, tmp_path):
    """As whoever runs this test: root hears of the namespace, others of sudo."""
    loaded = plugin(netns_name="no such one", netns_method=method, become_exe="no-such-sudo")
    command = loaded.build_become_command(f"touch {tmp_path}/ran", SHELL)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("linuxnet.netns: ")
    missing = (
        "namespace no such one does not" if os.geteuid() == 0 else "no-such-sudo was not found"
    )
    assert missing in done.stderr
    assert not (tmp_path / "ran").exists()
