"""Two hosts on one external database: the second one set up as docs/operations-ha.md tells."""

import subprocess

from support.host import Host


class Pair:
    """Host `a` starts first and makes keys and CA; `b` gets a copy of both and a data folder of its own."""

    def __init__(self, environment):
        self.a, self.b = Host(environment=environment), Host(environment=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.b.destroy()
        self.a.destroy()

    def start(self):
        self.a.start()
        self.copy_keys()
        self.b.start()
        return self

    def copy_keys(self):
        """The documented command: a pipe between the machines would be ssh."""
        self.b.data.mkdir(mode=0o755)
        archive = subprocess.run(
            ["tar", "-C", str(self.a.data), "-cf", "-", "keys", "tls/ca.pem", "tls/ca.key"], check=True, capture_output=True)
        subprocess.run(["tar", "-C", str(self.b.data), "-xpf", "-"], input=archive.stdout, check=True)
