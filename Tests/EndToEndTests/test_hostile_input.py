"""Hostile lines: each has a defined answer or a clean close, the host stays small, and others are served meanwhile."""

import json
import random
import socket

import pytest

from support.bystander import read_to_end, undisturbed
from support.client import Client, Disconnected

PING = b'{"jsonrpc":"2.0","id":%s,"method":"host.ping"}'
CALL = b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":%s}}'
# What one test may leave behind in the host's memory: caches and the allocator's reserve, no leak per line or connection.
MEGABYTES = 64


def answer(client, line):
    client.send_line(line)
    return client.receive()


def error_of(client, line):
    message = answer(client, line)
    assert "result" not in message
    return message["id"], message["error"]["code"], message["error"]["data"]["reason"]


@pytest.mark.parametrize("shown", [
    b'"x"', b'""', b"0", b"-0", b"1", b"1.5", b"1e3", b"1E+400", b"-1e-9999", b"null", b"1" * 400, b'"' + b"x" * 1_022 + b'"',
    b'"\\u0000"', b'"\\ud83d\\ude00"', '"麻黄"'.encode(), b"1.0", b"100000000000000000000000000000000",
])
def test_an_id_that_may_be_comes_back_to_the_byte(anyone, shown):
    anyone.send_line(PING % shown)
    line = anyone.receive_line()
    assert line.endswith(b',"id":' + shown + b"}") and b'"result"' in line


@pytest.mark.parametrize("shown, code", [
    (b"{}", -32600), (b"[]", -32600), (b"[1]", -32600), (b"true", -32600), (b"false", -32600), (b'{"a":{"b":1}}', -32600),
    (b'"' + b"x" * 1_023 + b'"', -32600), (b"1" * 401, -32700), (b"1" * 40_000, -32700), (b"01", -32700), (b"+1", -32700),
    (b"Infinity", -32700), (b"-", -32700), (b"1e", -32700), (b"0x10", -32700), (b"'x'", -32700), (b"nul", -32700),
])
def test_an_id_that_may_not_be_is_refused_with_a_null_id(anyone, shown, code):
    assert error_of(anyone, PING % shown)[:2] == (None, code)
    assert answer(anyone, PING % b"2")["result"]["version"]


@pytest.mark.parametrize("value", [
    b"1e999999", b"-1e999999", b"1e-999999", b"9" * 400, b"-" + b"9" * 399, b"0." + b"0" * 397 + b"1", b"9223372036854775808",
])
def test_huge_numbers_are_read_and_judged_as_params(anyone, pharmacist, value):
    assert error_of(anyone, CALL % value) == (1, -32602, "host.invalidParams")
    # And where a number belongs: refused with its place, never rounded to something that fits.
    line = b'{"jsonrpc":"2.0","id":1,"method":"decoction.stock.list","params":{"limit":%s,"_meta":{"site":"t1"}}}' % value
    message = answer(pharmacist, line)
    assert message["error"]["code"] == -32602
    assert message["error"]["data"]["details"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("value", [b"9" * 401, b"9" * 1_100, b"1e" + b"9" * 1_100, b"1." + b"9" * 60_000])
def test_numbers_beyond_all_measure_are_no_json_here(anyone, value):
    assert error_of(anyone, CALL % value) == (None, -32700, "host.parseError")


@pytest.mark.parametrize("value", [b"[" * 60_000, b'{"a":' * 12_000, b'[{"a":' * 9_000, b"[" * 65 + b"]" * 65])
def test_deep_nesting_is_refused_before_login(anyone, value):
    assert error_of(anyone, CALL % value) == (None, -32700, "host.parseError")
    assert error_of(anyone, value) == (None, -32700, "host.parseError")


def test_a_mebibyte_of_brackets_is_refused_with_a_session(county, pharmacist):
    with undisturbed(county.host, MEGABYTES):
        for letter in (b"[", b"{", b'{"a":', b'"', b"\\", b"-", b"0", b"\xe9", b"\x00", b",", b" 1"):
            line = letter * (1_048_576 // len(letter))
            assert error_of(pharmacist, line)[:2] == (None, -32700), letter
        # Half a million empty objects in a batch are counted to 101 and no further.
        assert error_of(pharmacist, b"[" + b"{}," * 349_000 + b"{}]") == (None, -32600, "host.invalidRequest")


@pytest.mark.parametrize("line", [
    b'{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"host.ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","method":"host.status"}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{},"params":{}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"_meta":{},"_meta":{}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"_meta":{"site":"t1","s\\u0069te":"t2"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","x":{' + b",".join(b'"n%d":1' % (n % 5_000) for n in range(5_001)) + b"}}",
])
def test_duplicated_names_are_refused_wherever_they_stand(anyone, line):
    assert error_of(anyone, line) == (None, -32700, "host.parseError")


@pytest.mark.parametrize("line", [
    b"\x00", b'{"jsonrpc":"2.0","id":1,"method":"host.ping"}\x00', b'{"jsonrpc":"2.0","id":1,"method":"host\x00.ping"}',
    b"\xff\xfe{\x00}\x00", b"\xf5\x80\x80\x80", b'"\xc3"', b"\xed\xa0\x80", b"\xf0\x80\x80\x80", b"\x80" * 1_000,
])
def test_nul_and_bytes_that_are_not_utf_8_are_a_parse_error(anyone, line):
    assert error_of(anyone, line) == (None, -32700, "host.parseError")
    assert answer(anyone, PING % b"2")["result"]["version"]


def test_a_nul_in_text_reaches_no_database(pharmacist):
    for member, pointer in ((b'"query":"a\\u0000b"', "/query"), (b'"query":"mh","_meta":{"site":"t\\u0000"}', "/_meta/site")):
        line = b'{"jsonrpc":"2.0","id":1,"method":"decoction.piece.search","params":{%s}}' % (
            member if b"_meta" in member else member + b',"_meta":{"site":"t1"}')
        message = answer(pharmacist, line)
        # A site that cannot be read is no site: what is refused first is its absence.
        assert message["error"]["data"]["reason"] in ("host.invalidParams", "host.siteRequired"), pointer


@pytest.mark.parametrize("seed", range(4))
def test_garbage_inside_tls_is_answered_line_by_line_or_closed(county, seed):
    source = random.Random(seed)
    with undisturbed(county.host, MEGABYTES):
        for _ in range(10):
            garbage = source.randbytes(source.randint(1, 60_000))
            with county.host.connect() as client:
                client.send_bytes(garbage + b"\n" + PING % b'"end"' + b"\n")
                while True:
                    message = client.receive()
                    if message["id"] == "end":
                        assert message["result"]["version"], f"seed {seed}"
                        break
                    assert message["error"]["code"] in (-32700, -32600), f"seed {seed}"


@pytest.mark.parametrize("seed", range(4))
def test_mutated_calls_are_answered_and_never_with_an_internal_error(pharmacist, seed):
    source = random.Random(seed)
    plain = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "decoction.piece.search", "params": {
        "query": "麻黄", "limit": 3, "_meta": {"site": "t1", "locale": "en"}}}, ensure_ascii=False).encode()
    for _ in range(200):
        line = bytearray(plain)
        for _ in range(source.randint(1, 4)):
            place = source.randrange(len(line))
            line[place:place + source.randint(0, 2)] = source.choice([b"", b'"', b"{", b"}", b"[", b",", b"\\", b"9", source.randbytes(1)])
        pharmacist.send_line(bytes(line).replace(b"\n", b"") + b"\n" + PING % b'"end"')
        while (message := pharmacist.receive())["id"] != "end" or "result" not in message:
            if "error" in message:
                assert message["error"]["code"] not in (-32603, -32008), f"seed {seed}: {bytes(line)!r}"


def test_ten_thousand_pipelined_calls_are_each_answered_once(county, pharmacist):
    with undisturbed(county.host, MEGABYTES):
        wanted = set()
        calls = []
        for number in range(10_000):
            wanted.add(number)
            method = b"decoction.stock.list" if number % 10 == 0 else b"host.ping"
            params = b'{"limit":1,"_meta":{"site":"t1"}}' if number % 10 == 0 else b"{}"
            calls.append(b'{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}\n' % (number, method, params))
        sending = pharmacist.socket
        sending.settimeout(60)
        # Sent in pieces that the sockets can hold; nothing is read until a thousand replies are owed.
        for begin in range(0, 10_000, 1_000):
            pharmacist.send_bytes(b"".join(calls[begin:begin + 1_000]))
            if begin:
                for _ in range(1_000):
                    message = pharmacist.receive(60)
                    assert "result" in message
                    wanted.remove(message["id"])
        for _ in range(1_000):
            message = pharmacist.receive(60)
            assert "result" in message
            wanted.remove(message["id"])
        assert not wanted
        assert pharmacist.receive_nothing(0.3)


def test_garbage_before_tls_is_closed_without_an_answer_of_ours(county):
    source = random.Random(1)
    lines = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00" * 4_000, b"\xff" * 4_000, b"\x16\x03\x01",
        b"\x16\x03\x03\xff\xff" + b"\x01" * 70_000, b"\x80\x2e\x01\x03\x01" + b"\x00" * 60, b"\x15\x03\x03\x00\x02\x02\x28",
        PING % b"1" + b"\n", *(source.randbytes(3_000) for _ in range(10)),
    ]
    with undisturbed(county.host, MEGABYTES):
        for line in lines:
            with socket.create_connection(("127.0.0.1", county.host.port), timeout=15) as raw:
                try:
                    raw.sendall(line)
                    raw.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                received = read_to_end(raw, 15)
                # At the most a TLS alert.
                assert len(received) <= 64 and b"jsonrpc" not in received and b"HTTP" not in received


def test_a_client_that_vanishes_in_the_middle_of_anything_leaves_nothing_behind(county):
    with undisturbed(county.host, MEGABYTES):
        for cut in (1, 50, 200, 65_000):
            for _ in range(10):
                client = Client(county.host.port, county.host.ca)
                try:
                    client.send_bytes((PING % b"1" + b"\n") * 20 + b"x" * cut)
                except Disconnected:
                    pass
                # A reset in place of a farewell.
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                client.close()
