"""Events over the wire, and across two hosts on one database: each one once, in order, whoever dies."""

import threading

import pytest

from support.client import Disconnected, Refused
from support.cluster import Cluster
from support.county import County
from support.host import Host, wait_until
from support.sql import embedded
from support.two_hosts import FEW_WORKERS, HeldTable, next_event, on, two_hosts

ACCOUNTS = ["nurse-t1", "pharmacist-t1", "siteadmin-t1"]
PATIENCE = 300


@pytest.fixture
def cluster():
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def pair(cluster):
    with two_hosts(cluster, ACCOUNTS) as (county, second):
        yield county, second


def add_note(client, text, key=None):
    return client.call("example.note.add", {"text": text}, site="t1", key=key, timeout=60)["noteId"]


def settle(cluster, notes):
    """Waits until every note is numbered and counted, and checks that the numbers have no gap."""
    done = f"SELECT count(*) = {notes} FROM host.event WHERE topic = 'example.noteAdded'"
    wait_until(lambda: cluster.superuser(done) == "t", PATIENCE, what="the numbering")
    counted = "SELECT coalesce(sum(notes), 0) FROM example.day"
    wait_until(lambda: int(cluster.superuser(counted)) >= notes, PATIENCE, what="the handler")
    assert int(cluster.superuser(counted)) == notes, "an event was handled twice"
    assert cluster.superuser("SELECT count(*) = max(number) FROM host.event") == "t", "a number is missing"
    assert cluster.superuser("SELECT count(*) FROM host.outbox") == "0"
    twice = "SELECT count(*) FROM (SELECT subject FROM host.event GROUP BY topic, subject HAVING count(*) > 1) twice"
    assert cluster.superuser(twice + " WHERE subject IN (SELECT note_id FROM example.note)") == "0"


def test_what_happens_on_one_host_is_pushed_by_the_other(pair, cluster):
    county, second = pair
    with county.session("nurse-t1") as writer, on(second, county.token("nurse-t1")) as reader:
        subscription = reader.call("events.subscribe", {"topics": ["example.noteAdded"]})
        notes = [add_note(writer, f"便条 {number}") for number in range(20)]
        events = [next_event(reader) for _ in notes]
        assert [event["body"]["noteId"] for event in events] == notes
        assert [event["seq"] for event in events] == list(range(events[0]["seq"], events[0]["seq"] + len(notes)))
        assert {event["subscriptionId"] for event in events} == {subscription["subscriptionId"]}
        assert {event["site"] for event in events} == {"t1"}
        # A second connection replays them from the first on, by its number.
        with on(second, county.token("nurse-t1")) as again:
            again.call("events.subscribe", {"topics": ["example.*"], "after": events[0]["seq"] - 1})
            replayed = [next_event(again) for _ in notes]
        assert [event["seq"] for event in replayed] == [event["seq"] for event in events]
        settle(cluster, len(notes))


class Writer(threading.Thread):
    """Leaves notes on its host; where that host dies, goes on with the other one, repeating with the same key."""

    def __init__(self, name, count, hosts, token):
        super().__init__(daemon=True)
        self.prefix, self.count, self.hosts, self.token = name, count, hosts, token
        self.notes, self.failure = [], None

    def run(self):
        try:
            for number in range(self.count):
                self.notes.append(self.write(f"{self.prefix}-{number}"))
        except BaseException as failure:
            self.failure = failure

    def write(self, key):
        for attempt in range(200):
            try:
                with on(self.hosts[0], self.token) as client:
                    return add_note(client, key, key)
            except (OSError, Disconnected):
                self.hosts = self.hosts[::-1]
            except Refused as refusal:
                if not refusal.retryable:
                    raise
        raise AssertionError("no host took the note")


def test_kill_9_of_the_sealing_host_under_load_loses_and_doubles_nothing(pair, cluster):
    county, second = pair
    token = county.token("nurse-t1")
    writers = [
        Writer(f"w{number}", 25, [county.host, second] if number % 2 else [second, county.host], token)
        for number in range(4)
    ]
    with on(second, token) as reader:
        reader.call("events.subscribe", {"topics": ["example.noteAdded"], "after": 0})
        for writer in writers:
            writer.start()
        seen = [next_event(reader) for _ in range(15)]
        county.host.kill()
        for writer in writers:
            writer.join(PATIENCE)
            assert not writer.is_alive() and writer.failure is None, writer.failure
        notes = {note for writer in writers for note in writer.notes}
        assert len(notes) == 100
        seen += [next_event(reader) for _ in range(100 - len(seen))]
        assert {event["body"]["noteId"] for event in seen} == notes
        numbers = [event["seq"] for event in seen]
        assert numbers == sorted(set(numbers))
        settle(cluster, 100)
        assert "this host seals" in second.log.read_text()
        assert reader.receive_nothing(1)


def blocked(cluster):
    """Whether a handler waits for the held table."""
    return int(cluster.superuser(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'xinglin handlers' AND wait_event_type = 'Lock'"))


def test_kill_9_in_the_middle_of_handling_has_its_effect_once(pair, cluster):
    county, _ = pair
    with HeldTable(cluster, "example.day"):
        with county.session("nurse-t1") as client:
            for number in range(5):
                add_note(client, f"便条 {number}")
        wait_until(lambda: blocked(cluster), PATIENCE, what="the handler")
        county.host.kill()
    settle(cluster, 5)


def test_an_event_that_kills_the_host_again_and_again_is_parked_and_can_be_retried(cluster):
    with Host(environment=FEW_WORKERS) as host:
        cluster.prepare(host.data)
        host.environment.update(cluster.environment())
        county = County(host.start()).found(["nurse-t1"])
        with HeldTable(cluster, "example.day"):
            with county.session("nurse-t1") as client:
                add_note(client, "一")
            for death in range(3):
                wait_until(lambda: blocked(cluster), PATIENCE, what="the handler")
                host.kill()
                # The server would find out only when the lock is given up.
                cluster.superuser(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xinglin handlers'")
                wait_until(lambda: cluster.sessions_of_hosts() == 0, PATIENCE, what="the end of the host's sessions")
                host.start()
        with county.session("admin") as admin:
            def parked():
                return admin.call("events.parked.list")["parked"]
            wait_until(parked, PATIENCE, what="the parked event")
            (one,) = parked()
            assert (one["handler"], one["reason"]) == ("example.day.count", "host.handlerInterrupted")
            assert cluster.superuser("SELECT count(*) FROM example.day") == "0"
            assert admin.call("events.parked.retry", {"handler": one["handler"]})["retried"] == 1
            settle(cluster, 1)
            assert parked() == []


def test_a_subscriber_that_does_not_read_is_cut_off_and_goes_on_from_its_number(own_county):
    host = own_county.host
    wait_until(lambda: embedded(host, "SELECT count(*) FROM host.outbox") == "0", PATIENCE)
    with own_county.session("admin") as client:
        last = client.call("events.subscribe", {"topics": ["host.moduleEnabled"]})["after"]
        # More than the kernel's buffers hold, past the host's methods: 4,000 events of 8 kB.
        embedded(host, """
            INSERT INTO host.outbox (event_id, topic, site_id, subject, at, trace, body)
            SELECT gen_random_uuid(), 'host.moduleEnabled', site_id, site_id, now(), 'test',
                json_build_object('module', 'example', 'site', repeat('x', 8000))::text
            FROM generate_series(1, 4000), host.site WHERE code = 't1'""")
        wait_until(lambda: embedded(host, "SELECT last FROM host.numbering") == str(last + 4000), PATIENCE)
        seen, cut = [], None
        while cut is None:
            message = client.receive(timeout=120)
            if message["method"] == "events.ended":
                assert message["params"]["reason"] == "host.subscriberSlow"
                cut = message["params"]["after"]
            else:
                seen.append(message["params"]["seq"])
        assert seen == list(range(last + 1, cut + 1)) and cut < last + 4000
        client.call("events.subscribe", {"topics": ["host.moduleEnabled"], "after": cut})
        seen += [next_event(client)["seq"] for _ in range(last + 4000 - cut)]
        assert seen == list(range(last + 1, last + 4001))


def test_who_asks_for_events_that_are_gone_is_told_what_there_is(own_county):
    host = own_county.host
    with own_county.session("pharmacist-t1") as client:
        for number in range(3):
            add_note(client, f"便条 {number}")
        wait_until(lambda: embedded(host, "SELECT count(*) FROM host.event WHERE topic = 'example.noteAdded'") == "3", PATIENCE)
        last = int(embedded(host, "SELECT last FROM host.numbering WHERE name = 'event'"))
        embedded(host, f"DELETE FROM host.event WHERE number < {last}")
        with pytest.raises(Refused) as refused:
            client.call("events.subscribe", {"topics": ["example.noteAdded"], "after": last - 3})
        assert refused.value.reason == "host.eventsGone" and refused.value.details == {"oldest": last, "last": last}
        client.call("events.subscribe", {"topics": ["example.noteAdded"], "after": last})
        note = add_note(client, "便条 4")
        assert next_event(client)["body"]["noteId"] == note


def test_a_subscriber_may_be_silent_and_learns_why_its_subscription_ends(impatient):
    with impatient.session("nurse-t1") as client:
        subscription = client.call("events.subscribe", {"topics": ["example.noteAdded"]})
        # Longer than a connection may be idle otherwise (4 s there).
        assert client.receive_nothing(8)
        text = impatient.fresh_number("N")
        with impatient.session("nurse-t1") as writer:
            note = add_note(writer, text)
        assert next_event(client)["body"]["noteId"] == note
        with impatient.session("admin") as admin:
            admin.call("accounts.disable", {"account": "nurse-t1"})
            ended = next_event(client, "events.ended")
            assert ended["subscriptionId"] == subscription["subscriptionId"]
            assert ended["reason"] == "host.sessionExpired"
            admin.call("accounts.enable", {"account": "nurse-t1"})
            impatient.tokens.pop("nurse-t1")
