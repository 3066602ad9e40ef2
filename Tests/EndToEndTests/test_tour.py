"""The common way through the wire, with three clients of which none is ours."""

import asyncio
import json
import subprocess

import aiorpcx

from support import county as pharmacy
from support.client import tls_context


def test_log_in_search_receive_accept_issue_and_list_with_plain_ssl_and_json(county):
    with county.host.connect() as client:
        session = client.login("pharmacist-t1", county.passwords["pharmacist-t1"])
        assert session["account"] == "pharmacist-t1"
        assert [(grant["role"], grant["site"]) for grant in session["roles"]] == [("pharmacist", "t1")]
        assert "t1" in session["sites"] and "t2" not in session["sites"]
        assert session["token"] and session["expiresAt"]

        pieces = client.call("decoction.piece.search", {"query": "mh"}, site="t1")["pieces"]
        found = {piece["nameZh"]: piece for piece in pieces}
        assert found["麻黄"]["code"] == "XLYP0001"
        assert found["麻黄"]["pinyin"] == "mahuang"
        assert (found["麻黄"]["doseMinMg"], found["麻黄"]["doseMaxMg"]) == (2_000, 10_000)
        assert found["麻黄"]["doseRoute"] == "decoct"
        for query in ("麻黄", "mahuang", "MH"):
            again = client.call("decoction.piece.search", {"query": query}, site="t1")["pieces"]
            assert "XLYP0001" in {piece["code"] for piece in again}, query

        supplier = client.call(
            "decoction.supplier.create", {"nameZh": "岷县饮片厂", "licence": "GS20260001"}, site="t1")["supplierId"]
        lot = client.call("decoction.lot.receive", {
            "pieceCode": "XLYP0001", "supplierId": supplier, "batchNumber": "20260901", "producedOn": pharmacy.days(-80),
            "expiresOn": pharmacy.days(600), "quantityMg": 5_000_000, "unitCostFenPerKg": 6_800,
        }, site="t1")
        assert lot["state"] == "quarantined"
        accepted = client.call("decoction.lot.accept", {"lotId": lot["lotId"]}, site="t1")
        assert accepted == {"lotId": lot["lotId"], "state": "accepted"}

        # The lot is named: other tests have stock of the piece at the site as well.
        params = pharmacy.issue_params("XLYP0001", 120_000)
        params["lines"][0]["lotId"] = lot["lotId"]
        document = client.call("decoction.stock.issue", params, site="t1")
        assert document["moves"] == [{"lotId": lot["lotId"], "pieceCode": "XLYP0001", "quantityMg": 120_000}]
        rest = {entry["lotId"]: entry for entry in pharmacy.lots(client, "XLYP0001")}
        assert rest[lot["lotId"]]["onHandMg"] == 4_880_000
        assert rest[lot["lotId"]]["batchNumber"] == "20260901"
        assert rest[lot["lotId"]]["state"] == "accepted"
        of_document = client.call("decoction.movement.list", {"documentId": document["documentId"]}, site="t1")
        assert [entry["lotId"] for entry in of_document["movements"]] == [lot["lotId"]]
        pharmacy.check_ledger(client, "XLYP0001")


def test_the_same_with_aiorpcx_and_its_newline_framer(county):
    piece = county.fresh_piece()
    meta = {"site": "t1", "locale": "en"}

    async def tour():
        context = tls_context(county.host.ca)
        connection = aiorpcx.connect_rs("127.0.0.1", county.host.port, ssl=context, framer=aiorpcx.NewlineFramer())
        async with connection as session:
            session.sent_request_timeout = 30
            assert "version" in await session.send_request("host.ping", {})
            await session.send_request(
                "session.login", {"account": "pharmacist-t1", "password": county.passwords["pharmacist-t1"]})
            found = await session.send_request("decoction.piece.search", {"query": "mh", "_meta": meta})
            assert "麻黄" in {entry["nameZh"] for entry in found["pieces"]}
            supplier = await session.send_request(
                "decoction.supplier.create", {"nameZh": "亳州饮片厂", "licence": "AH20260002", "_meta": meta})
            lot = await session.send_request("decoction.lot.receive", {
                "pieceCode": piece, "supplierId": supplier["supplierId"], "batchNumber": "AIO-1",
                "producedOn": pharmacy.days(-10), "expiresOn": pharmacy.days(300), "quantityMg": 1_000_000,
                "unitCostFenPerKg": 5_000, "_meta": meta,
            })
            await session.send_request("decoction.lot.accept", {"lotId": lot["lotId"], "_meta": meta})
            issued = await session.send_request(
                "decoction.stock.issue", {**pharmacy.issue_params(piece, 250_000), "_meta": meta})
            assert [move["quantityMg"] for move in issued["moves"]] == [250_000]
            stock = await session.send_request("decoction.stock.list", {"pieceCode": piece, "_meta": meta})
            assert [entry["onHandMg"] for entry in stock["lots"]] == [750_000]

            # Calls at once on one connection, and a refusal as this library shows it.
            pings = await asyncio.gather(*(session.send_request("host.ping", {}) for _ in range(20)))
            assert len(pings) == 20
            try:
                await session.send_request("decoction.nothing", {})
            except aiorpcx.RPCError as error:
                assert error.code == aiorpcx.JSONRPC.METHOD_NOT_FOUND
            else:
                raise AssertionError("an unknown method was answered")

    asyncio.run(tour())


def test_a_ping_through_openssl_s_client(county):
    line = json.dumps({"jsonrpc": "2.0", "id": "from-a-shell", "method": "host.ping"})
    with subprocess.Popen(
        ["openssl", "s_client", "-quiet", "-verify_return_error", "-verify_ip", "127.0.0.1", "-CAfile", str(county.host.ca),
         "-connect", f"127.0.0.1:{county.host.port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as shell:
        try:
            shell.stdin.write(line + "\n")
            shell.stdin.flush()
            answer = json.loads(shell.stdout.readline())
        finally:
            shell.kill()
    assert answer["id"] == "from-a-shell" and answer["jsonrpc"] == "2.0"
    assert set(answer["result"]) >= {"now", "version"}


def test_a_line_splits_over_lots_and_takes_the_first_expiry_first(county, pharmacist):
    piece = county.fresh_piece()
    late = county.stock(pharmacist, piece, 500_000, expires=400)
    early = county.stock(pharmacist, piece, 300_000, expires=100)
    moves = pharmacy.issue(pharmacist, piece, 450_000)["moves"]
    assert [(move["lotId"], move["quantityMg"]) for move in moves] == [(early, 300_000), (late, 150_000)]
    pharmacy.check_ledger(pharmacist, piece)
