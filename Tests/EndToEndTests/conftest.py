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
