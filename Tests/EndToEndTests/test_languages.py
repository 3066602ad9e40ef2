"""The terminal speaks the language of LC_ALL, LC_MESSAGES or LANG: Chinese for zh…, else English."""

import os
import subprocess

import pytest

from support.host import BINARY, clean_environment


def run(*arguments, **environment):
    variables = clean_environment(**environment)
    if "LC_ALL" not in environment:
        variables.pop("LC_ALL")
    return subprocess.run(
        [str(BINARY), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=variables)


def is_chinese(text):
    return any("\u4e00" <= character <= "\u9fff" for character in text)


CHINESE = [{"LANG": "zh_CN.UTF-8"}, {"LC_MESSAGES": "zh_CN"}, {"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}]
ENGLISH = [{"LANG": "en_US.UTF-8"}, {}, {"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, {"LANG": "de_DE.UTF-8"}]


@pytest.mark.parametrize("environment", CHINESE)
def test_chinese_help(environment):
    done = run("--help", **environment)
    assert done.returncode == 0 and done.stdout.startswith("杏林") and "用法：" in done.stdout
    assert "OPTIONS" not in done.stdout and "Show help" not in done.stdout


@pytest.mark.parametrize("environment", ENGLISH)
def test_english_help(environment):
    done = run("--help", **environment)
    assert done.returncode == 0 and "USAGE: xinglin" in done.stdout and not is_chinese(done.stdout)


@pytest.mark.parametrize("arguments", [
    ["acounts"], ["serve", "--dta", "x"], ["call"], ["serve", "--config", "/nowhere/x.yaml"], ["sites", "create", "a", "b"],
    ["accounts", "create", "abc", "pharmacst@t1"], ["call", "host.ping", "{", "--ca", "/dev/null"],
    ["call", "host.ping", "--host", "127.0.0.1:1", "--ca", "/nowhere/ca.pem"],
    ["call", "host.ping", "--host", "nowhere", "--ca", "/dev/null"], ["settings", "listen.prot"],
])
def test_errors_in_both_languages(arguments):
    chinese = run(*arguments, LANG="zh_CN.UTF-8")
    english = run(*arguments, LANG="C.UTF-8")
    assert chinese.returncode == english.returncode != 0
    assert is_chinese(chinese.stderr), chinese.stderr
    assert not is_chinese(english.stderr), english.stderr
    assert chinese.stdout == english.stdout == ""


def test_a_mistyped_command_or_flag_is_answered_with_the_nearest():
    done = run("acounts", "list", LANG="C.UTF-8")
    assert done.returncode == 2 and 'did you mean "xinglin accounts"' in done.stderr
    done = run("doctor", "--confg", "x", LANG="C.UTF-8")
    assert done.returncode == 2 and "Did you mean '--config'" in done.stderr


def test_tables_follow_the_language(tmp_path):
    english = run("modules", "--data", str(tmp_path / "d"), LANG="C.UTF-8")
    chinese = run("modules", "--data", str(tmp_path / "d"), LANG="zh_CN.UTF-8")
    assert english.stdout.startswith("MODULE") and chinese.stdout.startswith("模块")
    assert len(english.stdout.splitlines()) == len(chinese.stdout.splitlines())
    assert run("modules", "--help", LANG="C.UTF-8").returncode == 0


def test_the_example_of_settings_is_the_file_in_deploy():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(root, "deploy", "xinglin.example.yaml"), encoding="utf-8") as file:
        assert run("settings", "--example", LANG="C.UTF-8").stdout == file.read()


def test_settings_tell_where_each_came_from(tmp_path):
    config = tmp_path / "settings.yaml"
    config.write_text("limits:\n  queue: 77\n")
    done = run(
        "settings", "limits.queue", "listen.port", "database.url", "limits.batch", "--config", str(config), "--data",
        str(tmp_path / "d"), LANG="C.UTF-8", XINGLIN_LISTEN_PORT="7555",
        XINGLIN_DATABASE_URL="postgresql://h:word-to-hide@db/x")
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "77" in rows["limits.queue"] and str(config) in rows["limits.queue"]
    assert "7555" in rows["listen.port"] and "XINGLIN_LISTEN_PORT" in rows["listen.port"]
    assert "••••" in rows["database.url"] and "word-to-hide" not in done.stdout
    assert rows["limits.batch"].split()[1:] == ["100", "default"]


def test_an_unknown_variable_is_an_error_of_every_command_that_reads_settings(tmp_path):
    for command in ("serve", "migrate", "modules", "openrpc", "settings"):
        done = run(command, "--data", str(tmp_path / "d"), LANG="C.UTF-8", XINGLIN_LISTEN_PROT="1")
        assert done.returncode == 1 and "XINGLIN_LISTEN_PORT" in done.stderr, command
    assert not (tmp_path / "d").exists()
