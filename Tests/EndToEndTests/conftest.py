"""Fixtures: one host with one county for the whole run, and hosts of their own for tests that kill."""

import pytest

from support.county import County
from support.host import BINARY, Host


def pytest_report_header():
    return f"binary: {BINARY}"


@pytest.fixture(scope="session", autouse=True)
def binary():
    assert BINARY.exists(), f"{BINARY} is missing: build it with `swift build`, or name another with XINGLIN_BINARY"
    return BINARY


@pytest.fixture(scope="session")
def county(binary):
    """The shared county. Tests keep apart by taking a piece of their own (`fresh_piece`)."""
    with Host() as host:
        host.start()
        yield County(host).found()


# Short times and small limits, so that what is cut off is cut off within a test's patience. Everything from 127.0.0.1 alone.
IMPATIENT = {
    "XINGLIN_LIMITS_HANDSHAKE_SECONDS": "2", "XINGLIN_LIMITS_LINE_SECONDS": "2", "XINGLIN_LIMITS_IDLE_SECONDS": "4",
    "XINGLIN_LIMITS_WRITE_STALL_SECONDS": "3", "XINGLIN_LIMITS_CONNECTIONS_BEFORE_LOGIN": "60",
    "XINGLIN_LIMITS_CONNECTIONS_PER_ADDRESS": "90", "XINGLIN_LIMITS_CONNECTIONS_PER_SECOND": "50",
    "XINGLIN_LIMITS_QUEUE": "256", "XINGLIN_TLS_MINIMUM_VERSION": "1.2",
}


@pytest.fixture(scope="session")
def impatient(binary):
    """A county on a host with short times and small limits, which speaks TLS 1.2 too."""
    with Host(environment=IMPATIENT) as host:
        host.start()
        yield County(host).found(["pharmacist-t1", "nurse-t1"])


@pytest.fixture
def host(binary):
    """A host of the test's own, not yet started."""
    with Host() as host:
        yield host


@pytest.fixture
def own_county(host):
    """A county with one pharmacist, on a host of the test's own."""
    return County(host.start()).found(["pharmacist-t1"])


@pytest.fixture
def pharmacist(county):
    with county.session("pharmacist-t1") as client:
        yield client


@pytest.fixture
def admin(county):
    with county.session("admin") as client:
        yield client


@pytest.fixture
def anyone(county):
    """A connection without a session."""
    with county.host.connect() as client:
        yield client
