"""Completions as a shell asks for them. bash is asked in earnest; zsh and fish are checked for syntax where they are."""

import json
import os
import shutil
import subprocess

import pytest

from support.host import BINARY, clean_environment, run

ASK = r"""
source "$1"; shift
COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMP_TYPE=9; COMP_KEY=9
_xinglin xinglin "${@: -1}" "${@: -2:1}"
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("completion") / "xinglin.bash"
    done = run("completions", "bash")
    assert done.returncode == 0, done.stderr
    path.write_text(done.stdout)
    return path


@pytest.fixture
def state(tmp_path):
    """What earlier replies told."""
    folder = tmp_path / "xinglin"
    folder.mkdir()
    names = {"methods": ["sites.create", "sites.get", "sites.list"], "sites": ["bureau", "t1"], "modules": ["decoction"]}
    (folder / "names.json").write_text(json.dumps(names))
    return str(tmp_path)


def complete(script, state, *words):
    environment = clean_environment(XDG_STATE_HOME=state, PATH=f"{BINARY.parent}:{os.environ['PATH']}")
    done = subprocess.run(
        ["bash", "-c", ASK, "bash", str(script), *words], capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    return {line.strip() for line in done.stdout.splitlines() if line.strip()}


def test_bash_completes_commands_and_flags(script, state):
    assert {"serve", "accounts", "sites", "doctor"} <= complete(script, state, "xinglin", "")
    assert complete(script, state, "xinglin", "acc") == {"accounts"}
    assert complete(script, state, "xinglin", "accounts", "res") == {"reset-password"}
    assert "--data" in complete(script, state, "xinglin", "serve", "--da")


def test_bash_completes_names_without_a_host(script, state):
    assert complete(script, state, "xinglin", "call", "sites.") == {"sites.create", "sites.get", "sites.list"}
    assert complete(script, state, "xinglin", "call", "sites.list", "--site", "") == {"bureau", "t1"}
    assert complete(script, state, "xinglin", "sites", "show", "b") == {"bureau"}
    assert "decoction" in complete(script, state, "xinglin", "modules", "enable", "dec")
    assert complete(script, state, "xinglin", "settings", "listen.") == {"listen.host", "listen.port"}
    assert complete(script, state, "xinglin", "sites", "create", "x", "y", "--kind", "town") == {"townshipCentre"}


def test_bash_completes_a_role_and_its_site(script, state):
    def role(*words):
        return complete(script, state, "xinglin", "accounts", "create", "abc", *words)
    assert role("pharm") == {"pharmacist@bureau", "pharmacist@t1"}
    assert {"doctor@", "dispatcher@"} <= role("d")
    # bash takes @ and : for words of their own.
    assert role("pharmacist", "@", "t") == {"t1"}
    assert role("siteAdmin", "@", "bureau", ":", "sub") == {"subtree"}


def test_bash_completes_the_plugins_methods_before_any_login(script, tmp_path):
    found = complete(script, str(tmp_path / "none"), "xinglin", "call", "decoction.stock.")
    assert "decoction.stock.list" in found
    assert "session.login" in complete(script, str(tmp_path / "none"), "xinglin", "call", "session.")


@pytest.mark.parametrize("shell, check", [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "-n"])])
def test_the_scripts_are_sound(shell, check, tmp_path):
    done = run("completions", shell)
    assert done.returncode == 0 and "xinglin" in done.stdout and "accounts" in done.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here: its script was made, not run")
    file = tmp_path / f"xinglin.{shell}"
    file.write_text(done.stdout)
    checked = subprocess.run([*check, str(file)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr
