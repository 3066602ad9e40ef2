"""`xinglin` as people and scripts call it. Output goes to pipes here, so it is the form for scripts."""

import json

import pytest

from support import county as pharmacy
from support.host import REPOSITORY, run


@pytest.fixture
def state(tmp_path):
    """Where `xinglin call` keeps its session."""
    return {"XDG_STATE_HOME": str(tmp_path)}


def call(county, *arguments, environment=None, stdin=None):
    host = county.host
    return run("call", *arguments, "--host", f"127.0.0.1:{host.port}", data=host.data, environment=environment, stdin=stdin)


def test_call_in_a_pipe_prints_one_line_of_json(county, state):
    done = call(county, "host.ping", environment=state)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1 and done.stdout.endswith("\n")
    assert set(json.loads(done.stdout)) >= {"now", "version"}
    assert done.stderr == ""


def test_call_keeps_the_session_and_forgets_it_at_logout(county, state, tmp_path):
    password = county.passwords["pharmacist-t1b"]
    login = call(
        county, "session.login", '{"account":"pharmacist-t1b"}', environment={**state, "XINGLIN_PASSWORD": password})
    assert login.returncode == 0, login.stderr
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored and all(path.stat().st_mode & 0o077 == 0 for path in stored), "the token is for the owner alone"

    search = call(county, "decoction.piece.search", '{"query":"mh"}', "--site", "t1", environment=state)
    assert search.returncode == 0, search.stderr
    assert "麻黄" in {piece["nameZh"] for piece in json.loads(search.stdout)["pieces"]}
    from_stdin = call(county, "decoction.piece.search", "-", "--site", "t1", environment=state, stdin='{"query":"gz"}')
    assert from_stdin.returncode == 0 and json.loads(from_stdin.stdout)["pieces"]

    assert call(county, "session.logout", environment=state).returncode == 0
    after = call(county, "session.whoami", environment=state)
    assert after.returncode == 1
    assert json.loads(after.stderr)["data"]["reason"] == "host.unauthenticated"
    assert password not in login.stdout + login.stderr


def test_call_repeated_with_one_key_is_done_once(county, pharmacist, state):
    piece = county.fresh_piece()
    county.stock(pharmacist, piece, 5_000)
    environment = {**state, "XINGLIN_PASSWORD": county.passwords["pharmacist-t1b"]}
    assert call(county, "session.login", '{"account":"pharmacist-t1b"}', environment=environment).returncode == 0
    params = json.dumps(pharmacy.issue_params(piece, 1_000))
    outputs = {
        call(county, "decoction.stock.issue", params, "--site", "t1", "--key", "cli-1", environment=state).stdout
        for _ in range(3)
    }
    assert len(outputs) == 1 and json.loads(outputs.pop())["moves"]
    assert pharmacy.on_hand(pharmacist, piece) == 4_000


def test_call_says_by_its_exit_code_what_went_wrong(county, state):
    refused = call(county, "sites.list", environment=state)
    assert refused.returncode == 1
    assert json.loads(refused.stderr)["data"]["reason"] == "host.unauthenticated" and refused.stdout == ""
    assert call(county, "host.ping", "{not json", environment=state).returncode == 2
    assert call(county, "host.ping", "[]", environment=state).returncode == 2
    nobody = run("call", "host.ping", "--host", "127.0.0.1:1", data=county.host.data, environment=state)
    assert nobody.returncode == 3 and nobody.stdout == ""


def test_modules_lists_what_this_machine_would_load_without_a_database(host):
    done = run("modules", data=host.data)
    assert done.returncode == 0, done.stderr
    for module in ("decoction", "example"):
        assert any(module in line and "loads" in line for line in done.stdout.splitlines())
    assert not (host.data / "pg").exists(), "no cluster was made for it"


def test_openrpc_is_the_page_in_docs_and_what_the_host_discovers(county, anyone):
    done = run("openrpc", data=county.host.data)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (REPOSITORY / "docs" / "openrpc.json").read_text(), "regenerate docs/openrpc.json"
    document = json.loads(done.stdout)
    discovered = anyone.call("rpc.discover")
    assert [method["name"] for method in document["methods"]] == [method["name"] for method in discovered["methods"]]
    for method in document["methods"]:
        assert {example["name"] for example in method["examples"]} == {"full", "minimal"}, method["name"]


def test_an_unknown_setting_is_named_with_its_nearest_neighbour(host):
    config = host.folder / "settings.yaml"
    config.write_text("listen:\n  prot: 7443\n")
    done = run("modules", "--config", str(config), data=host.data)
    assert done.returncode == 1
    assert "listen.prot" in done.stderr and "listen.port" in done.stderr
