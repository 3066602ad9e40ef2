"""Files over the wire and by `xinglin files`, `xinglin export`: resume after kill -9, quotas, memory."""

import base64
import csv
import hashlib
import io
import random
import re
import subprocess
import time

import pytest

from support import county as pharmacy
from support.client import Refused, insist
from support.host import BINARY, clean_environment, run, wait_until
from support.sql import embedded

PIECE = 524_288


def sm3(data):
    return hashlib.new("sm3", data).hexdigest()


def content(size, seed=1):
    return random.Random(seed).randbytes(size)


def declared(data, name="probe.bin"):
    return {"name": name, "mediaType": "application/octet-stream", "bytes": len(data), "sm3": sm3(data)}


def append(client, file, data, offset):
    piece = base64.b64encode(data[offset:offset + PIECE]).decode()
    reply, _ = insist(lambda: client.call(
        "files.append", {"fileId": file, "offset": offset, "base64": piece}, site="t1", deadline_ms=60_000))
    return reply["received"]


def upload(client, data, name="probe.bin"):
    begun = client.call("files.begin", declared(data, name), site="t1")
    offset = begun["received"]
    while offset < len(data):
        offset = append(client, begun["fileId"], data, offset)
    return finish(client, begun["fileId"])


def finish(client, file):
    while True:
        try:
            return client.call("files.finish", {"fileId": file}, site="t1", deadline_ms=60_000, timeout=90)
        except Refused as refusal:
            # A slow machine: the host goes on where it stopped.
            if refusal.reason != "host.deadline":
                raise


def download(client, file):
    data = bytearray()
    while True:
        reply = client.call("files.read", {"fileId": file, "offset": len(data), "length": PIECE}, site="t1", deadline_ms=60_000)
        part = base64.b64decode(reply["base64"], validate=True)
        if not part:
            return bytes(data)
        data += part


@pytest.fixture
def session(own_county, tmp_path):
    """The environment of a terminal where pharmacist-t1 is logged in."""
    environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "LC_ALL": "C.UTF-8"}
    host = own_county.host
    done = run(
        "call", "session.login", '{"account":"pharmacist-t1"}', "--host", f"127.0.0.1:{host.port}", data=host.data,
        environment={**environment, "XINGLIN_PASSWORD": own_county.passwords["pharmacist-t1"]})
    assert done.returncode == 0, done.stderr
    return environment


def test_an_upload_goes_on_after_kill_9_of_the_host_at_the_byte_where_it_stood(own_county):
    host = own_county.host
    data = content(3_300_000)
    with own_county.session("pharmacist-t1") as client:
        file = client.call("files.begin", declared(data), site="t1")["fileId"]
        acknowledged = append(client, file, data, 0)
        acknowledged = append(client, file, data, acknowledged)
        # In the middle of a piece: whether it is there the host knows afterwards.
        client.send_call(
            "files.append",
            {"fileId": file, "offset": acknowledged, "base64": base64.b64encode(data[acknowledged:acknowledged + PIECE]).decode()},
            site="t1")
        host.kill()
    host.start()
    with own_county.session("pharmacist-t1") as client:
        again = client.call("files.begin", declared(data), site="t1")
        assert again["fileId"] == file and again["resumed"] and again["state"] == "open"
        assert again["received"] in (acknowledged, acknowledged + PIECE)
        done = upload(client, data)
        assert done["fileId"] == file and done["state"] == "finished"
        assert download(client, file) == data
    assert embedded(host, "SELECT files, bytes FROM host.file_usage") == f"1|{len(data)}"


def test_the_command_line_puts_lists_gets_and_deletes_a_file(own_county, session, tmp_path):
    source = tmp_path / "report.pdf"
    data = content(1_500_000, seed=2)
    source.write_bytes(data)
    put = run("files", "put", source, "--site", "t1", environment=session)
    assert put.returncode == 0, put.stderr
    file, digest = put.stdout.split()
    assert digest == sm3(data)
    assert run("files", "put", source, "--site", "t1", environment=session).stdout == put.stdout, "the same file again"
    listed = run("files", "list", "--site", "t1", environment=session)
    assert re.search(rf"{file} +1,500,000 +finished +\S+ +report\.pdf", listed.stdout), listed.stdout
    target = tmp_path / "copy.pdf"
    got = run("files", "get", file, "--site", "t1", "--output", target, environment=session)
    assert got.returncode == 0 and target.read_bytes() == data, got.stderr
    assert run("files", "get", file, "--site", "t1", "--output", target, environment=session).returncode == 2, "it is not overwritten"
    # A download that was broken off goes on.
    target.unlink()
    part = tmp_path / f"copy.pdf.{file}.part"
    part.write_bytes(data[:700_000])
    resumed = run("files", "get", file, "--site", "t1", "--output", target, environment=session)
    assert resumed.returncode == 0 and "at byte 700000" in resumed.stderr and target.read_bytes() == data
    assert not part.exists()
    # One that was broken off and damaged is found out.
    target.unlink()
    part.write_bytes(b"x" + data[1:700_000])
    damaged = run("files", "get", file, "--site", "t1", "--output", target, environment=session)
    assert damaged.returncode == 1 and "SM3" in damaged.stderr and not target.exists() and not part.exists()
    deleted = run("files", "delete", file, "--site", "t1", environment={**session, "LC_ALL": "zh_CN.UTF-8"})
    assert deleted.returncode == 0 and f"已删除 {file}" in deleted.stdout
    missing = run("files", "get", file, "--site", "t1", "--output", target, environment=session)
    assert missing.returncode == 1 and "host.notFound" in missing.stderr
    assert run("files", "get", "nonsense", "--site", "t1", "--output", target, environment=session).returncode == 2


def test_an_upload_by_the_command_that_was_killed_goes_on(own_county, session, tmp_path):
    source = tmp_path / "large.bin"
    data = content(48_000_000, seed=3)
    source.write_bytes(data)
    command = [str(BINARY), "files", "put", str(source), "--site", "t1"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(**session))
    host = own_county.host
    wait_until(
        lambda: embedded(host, "SELECT coalesce(max(received), 0) > 500000 FROM host.file") == "t", 120, pause=0.01, what="some pieces")
    process.kill()
    process.communicate()
    received = int(embedded(host, "SELECT received FROM host.file"))
    assert received < len(data), "the kill must come before the end"
    done = run("files", "put", source, "--site", "t1", environment=session, timeout=300)
    assert done.returncode == 0, done.stderr
    start = int(re.search(r"at byte (\d+)", done.stderr).group(1))
    assert start >= received, "what was there is not sent again"
    assert done.stdout.split()[1] == sm3(data)
    assert embedded(host, "SELECT count(*) FROM host.file") == "1"


def test_a_transfer_whose_host_dies_says_that_it_can_be_gone_on_with(own_county, session, tmp_path):
    host = own_county.host
    source = tmp_path / "large.bin"
    source.write_bytes(content(48_000_000, seed=5))
    process = subprocess.Popen(
        [str(BINARY), "files", "put", str(source), "--site", "t1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=clean_environment(**session), text=True)
    wait_until(
        lambda: embedded(host, "SELECT coalesce(max(received), 0) > 500000 FROM host.file") == "t", 120, pause=0.01, what="some pieces")
    host.kill()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 3 and "run the same command again" in said and "--key" not in said, said


def test_stock_that_is_exported_can_be_imported_elsewhere(own_county, session, tmp_path):
    file = tmp_path / "opening.csv"
    header = "饮片代码,批号,供应商许可证号,供应商名称,生产日期,有效期至,数量（克）,单价（元/千克）"
    lines = [
        f"XLYP{19 + number:04d},E{number:04d},SN-EXPORT,\"供应商, 甲\",{pharmacy.days(-60)},{pharmacy.days(400)},{number + 1}.25,8.8{number}"
        for number in range(5)]
    file.write_text("\ufeff" + header + "\n" + "\n".join(lines) + "\n")
    taken = run("import", "decoction.openingStock", file, "--site", "t1", environment=session)
    assert taken.returncode == 0, taken.stderr
    assert embedded(own_county.host, "SELECT count(*) FROM host.file") == "0", "the file that was imported is gone"
    target = tmp_path / "stock.csv"
    done = run("export", "decoction.stock", "--site", "t1", "--output", target, environment={**session, "LC_ALL": "zh_CN.UTF-8"})
    assert done.returncode == 0, done.stderr
    assert "已导出 5 行" in done.stdout and sm3(target.read_bytes()) in done.stdout
    text = target.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["批号"] for row in rows] == [f"E{number:04d}" for number in range(5)]
    assert rows[0]["数量（克）"] == "1.25" and rows[3]["单价（元/千克）"] == "8.83" and rows[0]["供应商名称"] == "供应商, 甲"
    again = run("import", "decoction.openingStock", target, "--site", "t1", "--check-only", environment=session)
    assert "5 lines: 0 good, 5 faulty" in again.stdout, "the same batches, at the same site, are known"
    renamed = tmp_path / "elsewhere.csv"
    renamed.write_text(re.sub(r"\bE(\d{4})\b", r"F\1", text), encoding="utf-8-sig")
    elsewhere = run("import", "decoction.openingStock", renamed, "--site", "t1", environment=session)
    assert elsewhere.returncode == 0 and "5 lines imported" in elsewhere.stdout, elsewhere.stdout + elsewhere.stderr
    stock = embedded(own_county.host, "SELECT sum(on_hand_mg) FILTER (WHERE batch_number ~ '^E') = sum(on_hand_mg) FILTER (WHERE batch_number ~ '^F') FROM decoction.lot")
    assert stock == "t"
    refused = run("export", "people.staff", "--site", "t1", "--output", tmp_path / "staff.csv", environment=session)
    assert refused.returncode == 1 and "host.moduleDisabled" in refused.stderr


def resident(process):
    """Memory that is the process's own, in bytes."""
    with open(f"/proc/{process}/smaps_rollup") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    return sum(int(fields[name].split()[0]) for name in ("Private_Clean", "Private_Dirty")) * 1024


def test_a_file_of_64_mib_goes_up_and_down_in_bounded_memory(own_county):
    host = own_county.host
    data = content(64 * 1024 * 1024, seed=4)
    with own_county.session("pharmacist-t1") as client:
        small = upload(client, data[:2_000_000], "small")
        download(client, small["fileId"])
        before = resident(host.pid)
        start = time.monotonic()
        file = upload(client, data, "large")["fileId"]
        up = time.monotonic() - start
        most = resident(host.pid)
        start = time.monotonic()
        offset = 0
        digest = hashlib.new("sm3")
        while offset < len(data):
            reply = client.call("files.read", {"fileId": file, "offset": offset, "length": PIECE}, site="t1", deadline_ms=60_000)
            part = base64.b64decode(reply["base64"])
            digest.update(part)
            offset += len(part)
            if offset % (8 * PIECE) == 0:
                most = max(most, resident(host.pid))
        down = time.monotonic() - start
        assert digest.hexdigest() == sm3(data)
    print(f"64 MiB up {64 / up:.1f} MiB/s, down {64 / down:.1f} MiB/s, memory {before >> 20} MiB, at most {most >> 20} MiB")
    assert most - before < 48 * 1024 * 1024, "the file is never in memory as a whole"
