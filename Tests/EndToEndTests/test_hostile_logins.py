"""Guessing passwords: slow from wherever it comes, telling nothing, and never keeping the owner out."""

import statistics
import threading
import time

from support.bystander import undisturbed
from support.client import Refused, insist

MEGABYTES = 64


def guess(host, account, source, times=1):
    """The reasons of that many wrong passwords, one after the other, without waiting as told."""
    reasons = []
    with host.connect(source=source, timeout=60) as client:
        for number in range(times):
            try:
                client.login(account, f"a wrong guess {number}")
                reasons.append("let in")
            except Refused as refusal:
                reasons.append(refusal.reason)
    return reasons


def at_once(count, act):
    """Runs the act on so many threads and gives what each gave."""
    gathered = [None] * count
    failures = []

    def run(number):
        try:
            gathered[number] = act(number)
        except Exception as failure:  # noqa: BLE001 - told below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures, failures[0]
    return gathered


def judged(reasons):
    """How many guesses were compared with a password."""
    flat = [reason for some in reasons for reason in some]
    assert set(flat) <= {"host.badCredentials", "host.rateLimited", "host.overloaded"}
    return flat.count("host.badCredentials")


def test_guessing_on_many_connections_gets_no_further_than_on_one(impatient):
    for account, source in (("admin", "127.0.1.1"), ("no-such-account", "127.0.1.2")):
        begun = time.monotonic()
        with undisturbed(impatient.host, MEGABYTES):
            judgements = judged(at_once(20, lambda _: guess(impatient.host, account, source, 5)))
        # Five are free; then 1, 2, 4 … seconds pass between two.
        seconds = time.monotonic() - begun
        assert 5 <= judgements <= 5 + max(1, seconds.__ceil__().bit_length())


def test_guessing_from_many_addresses_never_keeps_the_owner_out(impatient):
    owner = []

    def act(number):
        if number < 12:
            return guess(impatient.host, "admin", f"127.0.2.{number + 1}", 7)
        with impatient.host.connect(source="127.0.3.1", timeout=60) as client:
            login, _ = insist(lambda: client.login("admin", impatient.passwords["admin"]))
            owner.append(login["account"])
        return []

    with undisturbed(impatient.host, MEGABYTES):
        judged(at_once(13, act))
    assert owner == ["admin"]


def test_a_flood_of_logins_from_one_address_leaves_room_for_others(impatient):
    batch = [
        {"jsonrpc": "2.0", "id": number, "method": "session.login", "params": {"account": f"name-{number}", "password": "guess it"}}
        for number in range(100)]
    with undisturbed(impatient.host, MEGABYTES):
        with impatient.host.connect(source="127.0.4.1", timeout=60) as flood:
            for _ in range(3):
                flood.send_line(batch)
            with impatient.host.connect(source="127.0.4.2", timeout=60) as client:
                # Not one refusal: the sources of logins take turns.
                account = "nurse-t1"
                assert client.login(account, impatient.passwords[account])["account"] == account
            reasons = [entry["error"]["data"]["reason"] for _ in range(3) for entry in flood.receive(60)]
    assert len(reasons) == 300
    assert set(reasons) <= {"host.badCredentials", "host.rateLimited", "host.overloaded", "host.deadline"}
    assert "host.overloaded" in reasons


def test_the_time_of_an_answer_does_not_tell_which_accounts_there_are(impatient):
    times = {"nurse-t1": [], "nobody-there": []}
    for number in range(4):
        for account, taken in times.items():
            with impatient.host.connect(source=f"127.0.5.{number + 1}") as client:
                client.call("host.ping")
                begun = time.monotonic()
                try:
                    client.login(account, "a wrong guess")
                except Refused as refusal:
                    assert refusal.reason == "host.badCredentials"
                taken.append(time.monotonic() - begun)
    known, unknown = (statistics.median(taken) for taken in times.values())
    # The work of scrypt is a tenth of a second; without it an answer takes a few milliseconds.
    assert 0.4 < known / unknown < 2.5
