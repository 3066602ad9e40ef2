"""Modules are switched on and off per site, and one that fails does not take the others down."""

import re
import shutil
import subprocess

import pytest

from support import county as pharmacy
from support.client import Refused
from support.county import County
from support.host import BINARY


def modules(admin):
    return {module["code"]: module for module in admin.call("modules.list")["modules"]}


def test_disabling_keeps_data_and_enabling_again_shows_it(county, admin):
    site = county.fresh_number("site").lower()
    admin.call("sites.create", {"code": site, "nameZh": "三号镇卫生院", "kind": "townshipCentre", "parent": "county"})
    admin.call("modules.enable", {"module": "decoction", "site": site})
    county.create_account(admin, f"pharmacist-{site}", [{"role": "pharmacist", "site": site}])
    with county.session(f"pharmacist-{site}") as client:
        county.stock(client, "XLYP0003", 40_000, site=site)
        before = pharmacy.lots(client, "XLYP0003", site)
        assert site in modules(admin)["decoction"]["enabledAt"]

        admin.call("modules.disable", {"module": "decoction", "site": site})
        for method, params in (
            ("decoction.stock.list", {}), ("decoction.stock.issue", pharmacy.issue_params("XLYP0003", 1)),
            ("decoction.piece.search", {"query": "gz"}),
        ):
            with pytest.raises(Refused) as refusal:
                client.call(method, params, site=site)
            assert (refusal.value.code, refusal.value.reason) == (-32006, "host.moduleDisabled"), method
        assert site not in modules(admin)["decoction"]["enabledAt"]

        admin.call("modules.enable", {"module": "decoction", "site": site})
        assert pharmacy.lots(client, "XLYP0003", site) == before
        assert pharmacy.issue(client, "XLYP0003", 40_000, site)["moves"]


def test_modules_list_says_what_runs_and_with_which_methods(admin):
    running = {code: module for code, module in modules(admin).items() if module["state"] == "running"}
    assert {"decoction", "example"} <= set(running)
    for code, module in running.items():
        assert module["version"] and module["methods"]
        assert all(method.startswith(f"{code}.") for method in module["methods"])


def test_an_unknown_module_or_site_cannot_be_enabled(admin):
    for params in ({"module": "nothing", "site": "t1"}, {"module": "decoction", "site": "t99"}):
        with pytest.raises(Refused) as refusal:
            admin.call("modules.enable", params)
        assert refusal.value.reason in ("host.notFound", "host.siteUnknown", "host.invalidParams"), params


def copy_of_plugins(folder):
    """The plugins and their data files, as they lie beside the binary."""
    folder.mkdir(mode=0o755)
    libraries = list(BINARY.parent.resolve().glob("lib*Plugin.so"))
    assert libraries, f"no plugin lies beside {BINARY}"
    for library in libraries:
        shutil.copy2(library, folder)
    for resources in BINARY.parent.resolve().glob("*.resources"):
        shutil.copytree(resources, folder / resources.name)
    return folder


def library(path, text):
    """A shared library of that C text."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    assert compiler, "a C compiler is part of what a Swift toolchain needs"
    source = path.with_suffix(".c")
    source.write_text(text)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(path), str(source)], check=True)
    source.unlink()


def test_a_failed_boot_is_quarantined_with_its_reason_and_the_rest_answer(host):
    plugins = copy_of_plugins(host.folder / "plugins")
    example = plugins / "libExamplePlugin.so"
    data_file = next(plugins.rglob("decoction_pieces.csv"))
    whole_library, whole_data = example.read_bytes(), data_file.read_bytes()
    host.environment["XINGLIN_PLUGINS_DIRECTORY"] = str(plugins)
    county = County(host.start()).found(["pharmacist-t1"])
    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 5_000)
    host.stop()

    # A library of rubbish, and one that is no plugin.
    example.write_bytes(b"this is no library\n" * 100)
    library(plugins / "libNothingPlugin.so", "int xinglin_nothing(void) { return 0; }\n")
    host.start()
    with county.session("admin") as admin, county.session("pharmacist-t1") as client:
        found = modules(admin)
        assert found["decoction"]["state"] == "running"
        for word in ("example", "nothing"):
            module = next(module for code, module in found.items() if word in code.lower())
            assert module["state"] == "quarantined" and module["reason"], word
        assert pharmacy.on_hand(client, "XLYP0003") == 5_000
        with pytest.raises(Refused) as refusal:
            client.call("example.note.list", site="t1")
        assert refusal.value.reason in ("host.moduleQuarantined", "host.methodNotFound")
    host.stop()

    # A data file of which one byte is not what the module was built with.
    example.write_bytes(whole_library)
    (plugins / "libNothingPlugin.so").unlink()
    damaged = bytearray(whole_data)
    damaged[len(damaged) // 2] ^= 1
    data_file.write_bytes(damaged)
    host.start()
    with county.session("admin") as admin, county.session("pharmacist-t1") as client:
        found = modules(admin)
        assert found["example"]["state"] == "running"
        assert found["decoction"]["state"] == "quarantined"
        assert "decoction_pieces.csv" in found["decoction"]["reason"]
        assert client.call("example.note.list", site="t1")["notes"] == []
        with pytest.raises(Refused) as refusal:
            client.call("decoction.stock.list", site="t1")
        assert (refusal.value.code, refusal.value.reason) == (-32006, "host.moduleQuarantined")
    host.stop()

    # Mended, everything is there again.
    data_file.write_bytes(whole_data)
    host.start()
    with county.session("pharmacist-t1") as client:
        assert pharmacy.on_hand(client, "XLYP0003") == 5_000


def test_a_plugin_of_another_build_is_refused_before_its_code_is_called(host):
    plugins = copy_of_plugins(host.folder / "stale")
    host.environment["XINGLIN_PLUGINS_DIRECTORY"] = str(plugins)
    county = County(host.start()).found([])
    host.stop()
    # The revision stands in a symbol's name, which another core does not have (debug builds), and in the text that the
    # compiler inlined (release builds).
    example = plugins / "libExamplePlugin.so"
    stale, symbols = re.subn(rb"ABI_[0-9a-f]{16}", b"ABI_" + b"0" * 16, example.read_bytes())
    stale, texts = re.subn(rb"xinglin-kit [0-9a-f]{16}", b"xinglin-kit " + b"0" * 16, stale)
    assert symbols + texts, "the plugin does not name the revision"
    example.write_bytes(stale)
    # The second entry point would end the process if it were called before the text is compared.
    library(
        plugins / "libForeignPlugin.so",
        """#include <stdlib.h>
        const char *xinglin_abi_Foreign(void) { return "xinglin-kit 0000000000000000"; }
        void *xinglin_plugin_Foreign(void) { abort(); }
        """,
    )
    host.start()
    with county.session("admin") as admin:
        found = modules(admin)
        assert found["decoction"]["state"] == "running"
        for code in ("Example", "Foreign"):
            assert found[code]["state"] == "quarantined"
            assert "build it anew" in found[code]["reason"], found[code]["reason"]
