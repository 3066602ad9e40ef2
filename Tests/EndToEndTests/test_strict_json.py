"""One strict reader: what RFC 8259 does not allow, or leaves open, is refused."""

import pytest

CALL = '{"jsonrpc":"2.0","id":1,"method":"host.ping"%s}'


@pytest.mark.parametrize("line", [
    b'{"jsonrpc":"2.0","id":1,"id":2,"method":"host.ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":1,"a":2}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":1,"\\u0061":2}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":{"b":1,"b":1}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\\ud800"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\\udc00\\ud800"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\\ud800x"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\xff"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\xc0\xaf"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\xed\xa0\x80"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\xe9\xba"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\x01"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":"\\x"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":01}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":+1}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":.5}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":1.}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":1e}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":NaN}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":True}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":1,}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":[1,]}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"a":[1}]}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{\'a\':1}}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping"} {}',
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping"}//',
    b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"host.ping"}',
    b"\x00\x01\x02\xfe\xff",
    b'{"jsonrpc":"2.0","id":1,"method":"host.ping"',
])
def test_a_line_that_is_not_strict_json_is_a_parse_error(anyone, line):
    anyone.send_line(line)
    message = anyone.receive()
    assert message["error"]["code"] == -32700
    assert message["error"]["data"]["reason"] == "host.parseError"
    assert anyone.call("host.ping")["version"]


@pytest.mark.parametrize("inner, code", [(62, -32602), (63, -32700), (5_000, -32700)])
def test_depth_64_is_read_and_depth_65_is_not(anyone, inner, code):
    # The request's object is level 1, its params are level 2.
    anyone.send_line(CALL % (',"params":{"a":' + "[" * inner + "]" * inner + "}"))
    assert anyone.receive()["error"]["code"] == code


def test_a_pair_of_surrogates_is_one_character(anyone):
    anyone.send_line(CALL % ',"params":{"\\ud83d\\ude00":1}')
    error = anyone.receive()["error"]
    assert (error["code"], error["data"]["details"][0]["pointer"]) == (-32602, "/\U0001f600")


def test_integers_are_exact(county, pharmacist):
    piece = county.fresh_piece()
    quantity = 9_007_199_254_740_993  # 2^53 + 1, which a double cannot hold
    params = {"lines": [{"pieceCode": piece, "quantityMg": quantity}], "reason": "exact"}
    pharmacist.send_line({"jsonrpc": "2.0", "id": 1, "method": "decoction.stock.issue", "params": {**params, "_meta": {"site": "t1"}}})
    error = pharmacist.receive()["error"]
    if error["data"]["reason"] == "decoction.insufficientStock":
        assert error["data"]["details"][0]["requestedMg"] == quantity
    else:
        assert error["data"]["details"][0]["pointer"] == "/lines/0/quantityMg"


@pytest.mark.parametrize("number", ["1.5", "1e3", "99999999999999999999", '"1000"', "-1", "0"])
def test_a_weight_that_is_no_positive_integer_is_refused(pharmacist, number):
    pharmacist.send_line(
        '{"jsonrpc":"2.0","id":1,"method":"decoction.stock.issue","params":{"_meta":{"site":"t1"},"reason":"r",'
        f'"lines":[{{"pieceCode":"XLYP0001","quantityMg":{number}}}]}}}}')
    error = pharmacist.receive()["error"]
    assert error["code"] == -32602
    assert error["data"]["details"][0]["pointer"] == "/lines/0/quantityMg"
