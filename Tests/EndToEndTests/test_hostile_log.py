"""Whoever reads the log slowly, or not at all, holds up no call."""

import json
import os
import threading

import pytest

from support.bystander import Bystander, memory
from support.county import County


@pytest.fixture
def unread(host):
    """A county on a host whose stderr is a pipe that nobody reads yet; with the pipe's reading end."""
    reading, writing = os.pipe()
    host.stderr = writing
    host.environment["XINGLIN_LOG_LEVEL"] = "info"
    try:
        county = County(host.start()).found(["nurse-t1"])
        os.close(writing)
        yield county, reading
    finally:
        os.close(reading)


def fill_the_log(county, lines):
    """Makes the host log that many lines: each entry of a batch that is no request is noted."""
    with county.session("nurse-t1") as client:
        batch = b"[" + b",".join([b"1"] * 100) + b"]"
        for _ in range(lines // 1_000):
            client.send_bytes((batch + b"\n") * 10)
            for _ in range(10):
                assert len(client.receive()) == 100


def read_lines(reading, until):
    """Reads the log until that line is there."""
    received = b""
    while until not in received:
        data = os.read(reading, 1 << 20)
        assert data, "the log ended"
        received += data
    return received.split(b"\n")


def test_a_log_that_nobody_reads_stops_neither_calls_nor_the_end(unread):
    county, reading = unread
    with Bystander(county.host):
        before = memory(county.host)
        # A pipe takes 64 KiB, the queue 20,000 lines; the rest is dropped and counted.
        fill_the_log(county, 26_000)
        assert memory(county.host) - before < 100
        lines = read_lines(reading, b"log lines dropped")
    entries = [json.loads(line) for line in lines[:-1]]
    # Those of one thread, the event loop; the time of a line is taken on its own thread.
    times = [entry["ts"] for entry in entries if entry["msg"] == "refused on the wire"]
    assert len(times) > 20_000 - 1_000 and times == sorted(times), "the order is kept"
    dropped = [entry["metadata"]["count"] for entry in entries if entry["msg"].startswith("log lines dropped")]
    assert len(dropped) == 1 and dropped[0] > 1_000
    # What is logged once it is read again comes out.
    reader = threading.Thread(target=read_lines, args=(reading, b'"sites.list"'), daemon=True)
    reader.start()
    with county.session("nurse-t1") as client:
        client.call("sites.list")
    reader.join(30)
    assert not reader.is_alive()
    # And unread again, the host still ends in its time.
    fill_the_log(county, 2_000)
    assert county.host.stop() == 0
