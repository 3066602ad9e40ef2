"""Commands that are interrupted while a program of theirs is at work: by signals to their process alone."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from support.host import BINARY, clean_environment

LONG = 300


class Running:
    """`xinglin …` under way."""

    def __init__(self, *arguments, data=None, environment=None):
        command = [str(BINARY), *map(str, arguments)] + (["--data", str(data)] if data is not None else [])
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=clean_environment(**(environment or {})), start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    @property
    def pid(self):
        return self.process.pid

    def child(self, name):
        """Waits for a program of that name that it runs, and gives its process id."""
        deadline = time.monotonic() + LONG
        while True:
            for pid in _children(self.pid):
                with contextlib.suppress(OSError):
                    if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                        return pid
            assert self.process.poll() is None, f"it ended without {name}: {self.process.communicate()}"
            assert time.monotonic() < deadline, f"it did not run {name}"

    @contextlib.contextmanager
    def held_in(self, name):
        """Holds that program for the length of the body, so that whatever happens, happens in the middle of its work."""
        pid = self.child(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def send(self, number):
        self.process.send_signal(number)

    def end(self):
        """Waits for its end: the exit code and what it said."""
        output, errors = self.process.communicate(timeout=LONG)
        return self.process.returncode, output, errors


def _children(pid):
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def postmasters_below(folder):
    """The process ids of PostgreSQL servers that work on a data folder below that folder."""
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and os.readlink(f"/proc/{name}/cwd").startswith(f"{folder}/"):
                if Path(f"/proc/{name}/comm").read_text().strip() == "postgres":
                    found.append(int(name))
    return found
