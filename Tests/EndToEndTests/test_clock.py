"""The machine's clock is set while the host runs: an hour back, a day ahead, and right again."""

import datetime

import pytest

from support import county as pharmacy
from support.client import Refused
from support.clock import LIBRARY, FakeClock
from support.host import Host

PIECE = "XLYP0019"


@pytest.fixture
def shifted(binary):
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is missing: install Debian's package libfaketime")
    clock = FakeClock()
    try:
        with Host(environment=clock.environment) as host:
            yield pharmacy.County(host.start()).found(["pharmacist-t1"]), clock
    finally:
        clock.remove()


def issue(client, key):
    return client.call("decoction.stock.issue", pharmacy.issue_params(PIECE, 1_000), site="t1", key=key)["documentId"]


def test_a_clock_that_jumps_ends_sessions_and_nothing_else(shifted):
    county, clock = shifted
    host = county.host

    def now():
        with host.connect() as client:
            return datetime.datetime.fromisoformat(client.call("host.ping")["now"]).timestamp()

    with county.session("pharmacist-t1") as client:
        county.stock(client, PIECE, 1_000_000)
        first = [issue(client, f"a{number}") for number in range(3)]
        # Enough wrong guesses for the next ones to be put off.
        for _ in range(8):
            with pytest.raises(Refused), host.connect() as guess:
                guess.login("pharmacist-t1", "not the password")

        clock.shift(-3_600, now)
        assert client.call("session.whoami")["account"] == "pharmacist-t1", "a session goes on when the clock is set back"
        back = [issue(client, f"b{number}") for number in range(3)]
        assert back == sorted(back) and max(back) < min(first), "ids follow the clock, in order as long as it runs"
        with host.session("pharmacist-t1", county.passwords["pharmacist-t1"]) as again:
            assert again.call("session.whoami"), "nobody waits for a login until the clock is where it was"
        assert issue(client, "a0") == first[0], "keys are honoured whatever the time is"

        clock.shift(86_400, now)
        with pytest.raises(Refused) as refused:
            client.call("session.whoami")
        assert refused.value.reason == "host.sessionExpired"
        client.login("pharmacist-t1", county.passwords["pharmacist-t1"])
        ahead = [issue(client, f"c{number}") for number in range(3)]
        assert ahead == sorted(ahead) and min(ahead) > max(first)
        assert issue(client, "a1") == first[1]

        clock.shift(0, now)
        assert client.call("session.whoami")["account"] == "pharmacist-t1"
        last = [issue(client, f"d{number}") for number in range(3)]
        documents = {*first, *back, *ahead, *last}
        assert len(documents) == 12 and pharmacy.on_hand(client, PIECE) == 1_000_000 - 12_000
        pharmacy.check_ledger(client, PIECE)
    assert host.stop() == 0
