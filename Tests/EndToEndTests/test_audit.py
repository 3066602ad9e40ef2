"""The audit: what is written down, and that an altered row is found."""

import pytest

from support import county as pharmacy
from support.client import Refused
from support.host import run
from support.sql import embedded


def test_writes_and_refusals_that_matter_are_audited_and_an_altered_row_is_found(own_county):
    county = own_county
    host = county.host

    def audited(method, outcome, reason=None):
        condition = f"reason = '{reason}'" if reason else "reason IS NULL"
        return int(embedded(
            host, f"SELECT count(*) FROM host.audit WHERE method = '{method}' AND outcome = '{outcome}' AND {condition}"))

    with county.session("pharmacist-t1") as client:
        county.stock(client, "XLYP0003", 10_000)
        pharmacy.issue(client, "XLYP0003", 1_000)
        with pytest.raises(Refused):
            pharmacy.issue(client, "XLYP0003", 1_000_000)
        with pytest.raises(Refused):
            client.call("decoction.stock.list", site="t2")
    with host.connect() as client, pytest.raises(Refused):
        client.login("admin", "not the password")
    # The rows are there when the reply is.
    assert audited("decoction.lot.receive", "done") == 1
    assert audited("decoction.lot.accept", "done") == 1
    assert audited("decoction.stock.issue", "done") == 1
    assert audited("decoction.stock.issue", "refused", "decoction.insufficientStock") == 1
    assert audited("decoction.stock.list", "refused", "host.forbidden") == 1
    assert audited("session.login", "refused", "host.badCredentials") == 1
    assert audited("decoction.stock.list", "done") == 0, "reads of what is no personal data leave no row"

    text = embedded(host, "SELECT * FROM host.audit")
    assert "not the password" not in text
    assert not any(password in text for password in county.passwords.values())

    whole = run("audit", "verify", data=host.data)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    sequence = embedded(host, "SELECT seq FROM host.audit WHERE method = 'decoction.stock.issue' AND outcome = 'done'")
    embedded(host, f"UPDATE host.audit SET method = 'decoction.lot.accept' WHERE seq = {sequence}")
    altered = run("audit", "verify", data=host.data)
    assert altered.returncode == 1
    assert sequence in altered.stdout
    embedded(host, f"UPDATE host.audit SET method = 'decoction.stock.issue' WHERE seq = {sequence}")
    assert run("audit", "verify", data=host.data).returncode == 0
    assert host.answers()
