"""A plugin built outside the tree loads beside the shipped ones, and one that does not fit says why."""

import re

import pytest

from support.client import Refused
from support.county import County
from support.plugin import build, built, callback_county, copy_sample
from support.sql import embedded


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """The sample, copied to a folder of its own and built there."""
    folder = tmp_path_factory.mktemp("third-party")
    return built(copy_sample(folder / "Callback"), folder / "out")


def modules(admin):
    return {module["code"]: module for module in admin.call("modules.list")["modules"]}


def test_a_plugin_of_a_third_party_loads_beside_the_shipped_ones(host, plugin):
    host.environment["XINGLIN_PLUGINS_DIRECTORIES"] = str(plugin.parent)
    county = callback_county(County(host.start()).found([]))
    with county.session("admin") as admin:
        found = modules(admin)
        assert found["callback"]["state"] == "running", found["callback"]
        assert found["callback"]["version"] == "1.0.0" and found["callback"]["enabledAt"] == ["t1"]
        assert found["decoction"]["state"] == found["example"]["state"] == "running"
    with county.session("nurse-t1") as nurse:
        params = {"phone": "000-0000-0001", "reason": "询问"}
        request = nurse.call("callback.request.add", params, site="t1")["requestId"]
        assert nurse.call("callback.request.find", {"phone": params["phone"]}, site="t1") == {"requestId": request}
        assert nurse.call("callback.request.get", {"requestId": request}, site="t1")["phone"] == params["phone"]
        with pytest.raises(Refused) as refusal:
            nurse.call("callback.request.add", params, site="t1")
        assert (refusal.value.code, refusal.value.reason) == (10000, "callback.alreadyOpen")
        # Another site has not enabled it.
        with pytest.raises(Refused) as refusal:
            nurse.call("callback.request.add", params, site="t2")
        assert refusal.value.reason in ("host.moduleDisabled", "host.forbidden")
        methods = {method["name"] for method in nurse.call("rpc.discover")["methods"]}
        assert "callback.request.add" in methods
    # Its table lies in its own schema, and the number is not to be read there.
    assert embedded(host, "SELECT count(*) FROM callback.request") == "1"
    assert embedded(host, "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'callback.request'::regclass") == "t"
    assert embedded(host, "SELECT count(*) FROM callback.request WHERE position('000-0000'::bytea IN phone) > 0") == "0"


def test_a_stale_a_needy_and_a_second_plugin_of_one_name_are_quarantined(host, plugin, tmp_path):
    out = host.folder / "plugins"
    out.mkdir(mode=0o755)
    # Built against another revision of the Kit: debug builds have it in a symbol's name, all have it in the text.
    stale, symbols = re.subn(rb"ABI_[0-9a-f]{16}", b"ABI_" + b"0" * 16, plugin.read_bytes())
    stale, texts = re.subn(rb"xinglin-kit [0-9a-f]{16}", b"xinglin-kit " + b"0" * 16, stale)
    assert symbols + texts
    (out / plugin.name).write_bytes(stale)
    needy = copy_sample(tmp_path / "Needy", Callback="Needy", callback="needy")
    manifest = needy / "NeedyModule.swift"
    manifest.write_text(manifest.read_text().replace("        faults:", '        needs: ["absent"],\n        faults:'))
    built(needy, tmp_path / "out")
    (out / "libNeedyPlugin.so").write_bytes((tmp_path / "out" / "libNeedyPlugin.so").read_bytes())
    second = host.folder / "more"
    second.mkdir(mode=0o755)
    (second / plugin.name).write_bytes(plugin.read_bytes())
    host.environment["XINGLIN_PLUGINS_DIRECTORIES"] = f"{out},{second}"
    county = County(host.start()).found([])
    with county.session("admin") as admin:
        found = modules(admin)
    assert found["decoction"]["state"] == "running"
    assert found["Callback"]["state"] == "quarantined" and "build it anew" in found["Callback"]["reason"]
    assert found["needy"]["state"] == "quarantined" and "absent" in found["needy"]["reason"]
    assert found["Callback-2"]["state"] == "quarantined" and "has the same name" in found["Callback-2"]["reason"]


def test_the_script_runs_the_conformance_suite_and_says_what_is_missing(tmp_path):
    done = build(copy_sample(tmp_path / "Callback"), tmp_path / "out", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Callback conforms" in done.stdout
    lacking = copy_sample(tmp_path / "Lacking", Callback="Lacking", callback="lacking")
    (lacking / "README.md").unlink()
    done = build(lacking, tmp_path / "out", "--check")
    assert done.returncode != 0
    assert "README.md is missing" in done.stdout + done.stderr
    assert not (tmp_path / "out" / "libLackingPlugin.so").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("no manifest", "must hold one file <Stem>Module.swift"),
        ("no entry point", "does not export xinglin_plugin_Callback"),
        ("shipped stem", "the host ships a plugin of the stem Example"),
    ])
def test_the_script_refuses_what_would_not_load(tmp_path, change, message):
    folder = copy_sample(tmp_path / "Callback")
    manifest = folder / "CallbackModule.swift"
    if change == "no manifest":
        manifest.unlink()
    elif change == "no entry point":
        manifest.write_text(manifest.read_text().replace("xinglin_plugin_Callback", "xinglin_other_Callback"))
    else:
        manifest.rename(folder / "ExampleModule.swift")
    done = build(folder, tmp_path / "out")
    assert done.returncode != 0 and message in done.stderr, done.stderr
    assert not list((tmp_path / "out").glob("*.so"))
