"""The plugin of a third party in third_party/, built out of the tree by deploy/build-plugin.sh."""

import shutil
import subprocess

from support.host import BINARY, REPOSITORY, clean_environment

SAMPLE = REPOSITORY / "Tests" / "EndToEndTests" / "third_party" / "Plugins" / "Callback"


def copy_sample(folder, **replacements):
    """A copy of the sample's folder with words replaced in every file, as another third party's plugin."""
    shutil.copytree(SAMPLE, folder)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        text = path.read_text()
        for old, new in replacements.items():
            text = text.replace(old, new)
        path.write_text(text)
        for old, new in replacements.items():
            if old in path.name:
                path.rename(path.with_name(path.name.replace(old, new)))
    return folder


def build(folder, out, *arguments):
    """deploy/build-plugin.sh; gives the finished process."""
    return subprocess.run(
        [str(REPOSITORY / "deploy" / "build-plugin.sh"), str(folder), "--out", str(out), "--products",
         str(BINARY.parent), *arguments],
        capture_output=True, text=True, timeout=300, cwd=folder, env=clean_environment())


def built(folder, out):
    """Builds and gives the library's path."""
    done = build(folder, out)
    assert done.returncode == 0, done.stdout + done.stderr
    libraries = list(out.glob("lib*Plugin.so"))
    assert len(libraries) == 1
    return libraries[0]


def callback_county(county, sites=("t1",)):
    """Enables the module, and gives a nurse's account at each site."""
    with county.session("admin") as admin:
        for site in sites:
            admin.call("modules.enable", {"module": "callback", "site": site})
            county.create_account(admin, f"nurse-{site}", [{"role": "nurse", "site": site}])
    return county
