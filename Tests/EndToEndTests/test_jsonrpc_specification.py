"""Every example of the JSON-RPC 2.0 specification (section 7), on the wire.

Two things differ by design: the methods are ours, and params by position are refused with -32602, for ours are by name.
"""

import json

import pytest

NO_REPLY = object()


def outcome(message):
    """A reply without its texts: the id and the result's presence or the error's code."""
    assert message["jsonrpc"] == "2.0"
    assert ("result" in message) != ("error" in message)
    assert set(message) <= {"jsonrpc", "id", "result", "error"} and "id" in message
    return (message["id"], "result" if "result" in message else message["error"]["code"])


def replies(client, line):
    """What comes for a line before the reply to the ping behind it, and after it for a while."""
    client.send_line(line)
    client.send_line({"jsonrpc": "2.0", "id": "behind", "method": "host.ping"})
    messages, behind = [], False
    while not (behind and messages):
        try:
            message = client.receive(0.5 if behind else 20)
        except TimeoutError:
            break
        if isinstance(message, dict) and message.get("id") == "behind":
            behind = True
        else:
            messages.append(message)
    return messages


EXAMPLES = {
    "rpc call with named parameters": (
        '{"jsonrpc": "2.0", "method": "host.ping", "params": {}, "id": 3}', (3, "result")),
    "rpc call with named parameters, members in another order": (
        '{"id": 4, "params": {}, "method": "host.ping", "jsonrpc": "2.0"}', (4, "result")),
    "rpc call with positional parameters, which a method of ours refuses": (
        '{"jsonrpc": "2.0", "method": "host.ping", "params": [42, 23], "id": 1}', (1, -32602)),
    "rpc call with positional parameters of a method that is not there": (
        '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 2}', (2, -32601)),
    "a notification": ('{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', NO_REPLY),
    "a notification without params": ('{"jsonrpc": "2.0", "method": "foobar"}', NO_REPLY),
    "a notification of a method that is there": ('{"jsonrpc": "2.0", "method": "host.ping"}', NO_REPLY),
    "rpc call of non-existent method": ('{"jsonrpc": "2.0", "method": "foobar", "id": "1"}', ("1", -32601)),
    "rpc call with invalid JSON": (
        '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', (None, -32700)),
    "rpc call with invalid Request object": (
        '{"jsonrpc": "2.0", "method": 1, "params": "bar"}', (None, -32600)),
    "rpc call batch, invalid JSON": (
        '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method"]', (None, -32700)),
    "rpc call with an empty array": ("[]", (None, -32600)),
    "rpc call with an invalid batch, but not empty": ("[1]", [(None, -32600)]),
    "rpc call with invalid batch": ("[1,2,3]", [(None, -32600)] * 3),
    "rpc call batch": (
        """[
            {"jsonrpc": "2.0", "method": "host.ping", "params": {}, "id": "1"},
            {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
            {"jsonrpc": "2.0", "method": "host.ping", "params": [42, 23], "id": "2"},
            {"foo": "boo"},
            {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
            {"jsonrpc": "2.0", "method": "host.ping", "id": "9"}
        ]""",
        [("1", "result"), ("2", -32602), (None, -32600), ("5", -32601), ("9", "result")]),
    "rpc call batch of all notifications": (
        """[
            {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
            {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
        ]""", NO_REPLY),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_the_specification(anyone, name):
    line, expected = EXAMPLES[name]
    received = replies(anyone, line.replace("\n", " "))
    if expected is NO_REPLY:
        assert received == []
        return
    assert len(received) == 1
    if isinstance(expected, list):
        assert isinstance(received[0], list)
        assert sorted(map(outcome, received[0]), key=str) == sorted(expected, key=str)
    else:
        assert outcome(received[0]) == expected


@pytest.mark.parametrize("text", ["7", '"seven"', '"\\u9ebb\\u9ec4"', "9007199254740993", "-1", "1.5", "null", '""'])
def test_an_id_comes_back_as_it_was_sent(anyone, text):
    anyone.send_line(f'{{"jsonrpc":"2.0","id":{text},"method":"host.ping"}}')
    line = anyone.receive_line()
    assert json.loads(line)["id"] == json.loads(text)
    assert "result" in json.loads(line)


@pytest.mark.parametrize("text", ["true", "[1]", '{"a":1}'])
def test_an_id_of_another_type_is_no_valid_request(anyone, text):
    anyone.send_line(f'{{"jsonrpc":"2.0","id":{text},"method":"host.ping"}}')
    assert outcome(anyone.receive()) == (None, -32600)


@pytest.mark.parametrize("line", [
    '{"id":1,"method":"host.ping"}', '{"jsonrpc":"1.0","id":1,"method":"host.ping"}', '{"jsonrpc":2.0,"id":1,"method":"host.ping"}',
    '{"jsonrpc":"2.0","id":1}', '{"jsonrpc":"2.0","id":1,"method":"host.ping","params":"bar"}', '"text"', "12", "null", "true",
])
def test_a_json_value_that_is_no_request_is_refused_as_one(anyone, line):
    anyone.send_line(line)
    message = anyone.receive()
    assert message["error"]["code"] == -32600
    assert message["error"]["data"]["reason"] == "host.invalidRequest"


def test_a_batch_of_more_than_100_calls_is_refused_whole(anyone):
    call = {"jsonrpc": "2.0", "id": 1, "method": "host.ping"}
    anyone.send_line([{**call, "id": number} for number in range(100)])
    assert {message["id"] for message in anyone.receive()} == set(range(100))
    anyone.send_line([{**call, "id": number} for number in range(101)])
    message = anyone.receive()
    message = message if isinstance(message, dict) else message[0]
    assert outcome(message) == (None, -32600)


def test_an_error_says_reason_hint_retryable_and_trace(anyone):
    anyone.send_line({"jsonrpc": "2.0", "id": 1, "method": "no.such.method"})
    error = anyone.receive()["error"]
    assert error["code"] == -32601 and error["message"]
    assert error["data"]["reason"] == "host.methodNotFound"
    assert error["data"]["hint"] and error["data"]["trace"]
    assert error["data"]["retryable"] is False
