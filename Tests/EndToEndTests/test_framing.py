"""Lines: their limits, their order, and what stands between them."""

import time

import pytest

from support.client import Disconnected, Refused
from support.half_closed import replies_after_half_close

LIMIT = 1_048_576
LIMIT_BEFORE_LOGIN = 65_536
PING = b'{"jsonrpc":"2.0","id":1,"method":"host.ping"}'


@pytest.mark.parametrize("has_session, limit", [(True, LIMIT), (False, LIMIT_BEFORE_LOGIN)])
def test_an_oversize_line_is_refused_and_the_connection_closed(county, has_session, limit):
    # The limit holds while no line break arrives: the host must not collect without end.
    with county.session("pharmacist-t1") if has_session else county.host.connect() as client:
        try:
            client.send_bytes(b"x" * (limit + 1))
        except Disconnected:
            pass
        message = client.receive()
        assert message["id"] is None
        assert message["error"]["code"] == -32600
        assert message["error"]["data"]["reason"] == "host.invalidRequest"
        with pytest.raises(Disconnected):
            client.receive(10)
    assert county.host.answers()


@pytest.mark.parametrize("has_session, limit", [(True, LIMIT), (False, LIMIT_BEFORE_LOGIN)])
def test_a_line_of_just_the_limit_is_answered(county, has_session, limit):
    with county.session("pharmacist-t1") if has_session else county.host.connect() as client:
        client.send_bytes(PING + b" " * (limit - len(PING)) + b"\n")
        assert "result" in client.receive()


def test_a_login_raises_the_limit_of_a_line_and_a_logout_lowers_it(county):
    line = PING + b" " * (LIMIT_BEFORE_LOGIN + 1) + b"\n"
    with county.host.connect() as client:
        client.login("nurse-t1", county.passwords["nurse-t1"])
        client.send_bytes(line)
        assert "result" in client.receive()
        client.call("session.logout")
        client.send_bytes(line)
        assert client.receive()["error"]["code"] == -32600


def test_blank_lines_are_skipped_and_carriage_returns_are_blanks(anyone):
    anyone.send_bytes(b"\n\n  \n\r\n" + PING + b"\r\n\n")
    assert "result" in anyone.receive()
    assert anyone.receive_nothing(0.3)


def test_ten_calls_in_one_write_are_all_answered(anyone):
    calls = b"".join(PING.replace(b'"id":1', f'"id":{number}'.encode()) + b"\n" for number in range(10))
    anyone.send_bytes(calls)
    assert {anyone.receive()["id"] for _ in range(10)} == set(range(10))


def test_a_line_may_arrive_byte_by_byte(anyone):
    for position in range(len(PING)):
        anyone.send_bytes(PING[position:position + 1])
    anyone.send_bytes(b"\n")
    assert "result" in anyone.receive()


def test_a_thousand_calls_sent_before_reading_are_all_answered(pharmacist):
    calls = [pharmacist.send_call("decoction.piece.search", {"query": "mh", "limit": 1}, site="t1") for _ in range(1000)]
    answered = sum(bool(pharmacist.reply_to(call)["pieces"]) for call in calls)
    assert answered == 1000


def test_calls_in_flight_are_answered_after_the_client_ended_its_side(county):
    lines = [{"jsonrpc": "2.0", "id": 1, "method": "rpc.discover"}, {"jsonrpc": "2.0", "id": 2, "method": "host.ping"}]
    replies = replies_after_half_close(county.host.port, county.host.ca, lines)
    assert {reply["id"] for reply in replies if "result" in reply} == {1, 2}


def test_an_unknown_method_is_not_found(pharmacist):
    for method in ("decoction.nothing.do", "nothing", "host", "rpc.nothing", "x" * 500):
        with pytest.raises(Refused) as refusal:
            pharmacist.call(method, site="t1")
        assert (refusal.value.code, refusal.value.reason) == (-32601, "host.methodNotFound"), method


def test_unknown_params_are_refused_with_their_place(pharmacist):
    with pytest.raises(Refused) as refusal:
        pharmacist.call("decoction.piece.search", {"query": "mh", "colour": "red"}, site="t1")
    assert (refusal.value.code, refusal.value.reason) == (-32602, "host.invalidParams")
    assert [detail["pointer"] for detail in refusal.value.details] == ["/colour"]
    assert all(set(detail) >= {"pointer", "expected"} for detail in refusal.value.details)


@pytest.mark.parametrize("meta, pointer", [
    ({"colour": "red"}, "/_meta/colour"), ({"deadlineMs": 0}, "/_meta/deadlineMs"), ({"deadlineMs": 60_001}, "/_meta/deadlineMs"),
    ({"deadlineMs": "5"}, "/_meta/deadlineMs"), ({"locale": "fr"}, "/_meta/locale"), ({"site": 7}, "/_meta/site"),
    ({"idempotencyKey": ""}, "/_meta/idempotencyKey"), ({"idempotencyKey": 7}, "/_meta/idempotencyKey"),
])
def test_the_members_of_meta_are_checked(anyone, meta, pointer):
    anyone.send_line({"jsonrpc": "2.0", "id": 1, "method": "host.ping", "params": {"_meta": meta}})
    error = anyone.receive()["error"]
    assert (error["code"], error["data"]["details"][0]["pointer"]) == (-32602, pointer)


@pytest.mark.parametrize("meta", [
    {}, {"deadlineMs": 1_000}, {"deadlineMs": 60_000}, {"locale": "zh"}, {"locale": "en"},
    {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
])
def test_meta_within_its_bounds_is_taken(anyone, meta):
    anyone.send_line({"jsonrpc": "2.0", "id": 1, "method": "host.ping", "params": {"_meta": meta}})
    assert "result" in anyone.receive()


def test_messages_come_in_the_language_asked_for(anyone):
    texts = {}
    for locale in ("zh", "en"):
        with pytest.raises(Refused) as refusal:
            anyone.call("host.status", locale=locale)
        texts[locale] = refusal.value.message + refusal.value.hint
    assert any("\u4e00" <= letter <= "\u9fff" for letter in texts["zh"])
    assert texts["en"].isascii()


def test_the_slow_do_not_hold_up_the_quick(county):
    with county.host.connect() as slow, county.host.connect() as quick:
        slow.send_bytes(PING[:10])
        begun = time.monotonic()
        quick.call("host.ping")
        assert time.monotonic() - begun < 5
