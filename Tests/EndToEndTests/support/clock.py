"""A host whose clock can be set while it runs, by libfaketime (Debian's package libfaketime)."""

import contextlib
import os
from pathlib import Path

from support.host import new_folder, wait_until

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


class FakeClock:
    """The time of day only: what measures how long something takes goes on, as it does when a machine's clock is set."""

    def __init__(self):
        self.folder = new_folder()
        self.file = self.folder / "clock"
        tag = self.folder.name
        # What the library would make and announce by changing the environment, behind which Swift then finds no arguments.
        self.shared = [Path(f"/dev/shm/sem.{tag}"), Path(f"/dev/shm/{tag}-memory")]
        self.shared[0].write_bytes((1).to_bytes(8, "little") + bytes(24))
        self.shared[1].write_bytes(bytes(4096))
        self.environment = {
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_SHARED": f"/{tag} /{tag}-memory",
        }
        self.set(0)

    def set(self, seconds):
        """So far ahead of the machine's, or behind."""
        new = self.folder / "new"
        new.write_text(f"{seconds:+d}\n")
        os.replace(new, self.file)

    def shift(self, seconds, now):
        """Sets it and waits until `now()` says so."""
        before = now()
        self.set(seconds)
        wait_until(lambda: abs(now() - before) > 1_000, 60, what="the host's new time")

    def remove(self):
        for path in self.shared:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        self.file.unlink()
        self.folder.rmdir()
