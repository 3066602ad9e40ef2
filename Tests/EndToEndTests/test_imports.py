"""Bulk imports by `xinglin import`, and a host that is killed in the middle of one."""

import base64
import hashlib
import re
import subprocess

import pytest

from support import county as pharmacy
from support.host import BINARY, clean_environment, run, wait_until
from support.sql import embedded

HEADER = "饮片代码,批号,供应商许可证号,供应商名称,生产日期,有效期至,数量（克）,单价（元/千克）"


def line(number, batch=None, grams="1000", produced=None):
    piece = f"XLYP{19 + number % 40:04d}"
    return f"{piece},{batch or f'N{number:06d}'},SN-IMPORT,测试饮片供应商,{produced or pharmacy.days(-60)},{pharmacy.days(400)},{grams},8.80"


def write(path, lines, encoding="utf-8"):
    path.write_bytes(("\r\n".join([HEADER, *lines]) + "\r\n").encode(encoding))
    return path


@pytest.fixture
def session(own_county, tmp_path):
    """The environment of a terminal where pharmacist-t1 is logged in."""
    environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "LC_ALL": "zh_CN.UTF-8"}
    host = own_county.host
    done = run(
        "call", "session.login", '{"account":"pharmacist-t1"}', "--host", f"127.0.0.1:{host.port}", data=host.data,
        environment={**environment, "XINGLIN_PASSWORD": own_county.passwords["pharmacist-t1"]})
    assert done.returncode == 0, done.stderr
    return environment


def xinglin_import(environment, file, *arguments):
    return run("import", "decoction.openingStock", file, "--site", "t1", *arguments, environment=environment)


def test_a_file_is_previewed_in_the_terminals_language_and_then_imported(own_county, session, tmp_path):
    lines = [line(number) for number in range(300)]
    lines[7] = line(7, grams="1.0005")
    lines[9] = line(9, produced="明天")
    file = write(tmp_path / "期初.csv", lines)

    chinese = xinglin_import(session, file, "--check-only")
    assert chinese.returncode == 1, chinese.stderr
    assert "共 300 行：正确 298，有错误 2，空行 0" in chinese.stdout
    assert re.search(r"8 +数量（克） +须为大于 0 的数", chinese.stdout) and "明天" not in chinese.stdout
    whole = xinglin_import({**session, "LC_ALL": "C.UTF-8"}, file)
    assert whole.returncode == 1
    assert "300 lines: 298 good, 2 faulty, 0 blank" in whole.stdout
    assert re.search(r"10 +Produced on +must be a date", whole.stdout) and "nothing was imported" in whole.stderr
    assert embedded(own_county.host, "SELECT count(*) FROM decoction.lot") == "0"

    good = xinglin_import(session, file, "--mode", "good")
    assert good.returncode == 0, good.stderr
    assert "已导入 298 行，未能导入 0 行" in good.stdout
    assert embedded(own_county.host, "SELECT count(*), count(DISTINCT batch_number) FROM decoction.lot") == "298|298"
    with own_county.session("pharmacist-t1") as client:
        for piece in ("XLYP0019", "XLYP0020"):
            pharmacy.check_ledger(client, piece)

    again = xinglin_import(session, file, "--mode", "good")
    assert again.returncode == 1 and "host.importDone" in again.stderr


def test_a_file_as_chinese_excel_writes_it_is_read_and_a_workbook_is_refused_with_what_to_do(session, tmp_path):
    file = write(tmp_path / "gbk.csv", [line(1)], encoding="gb18030")
    done = xinglin_import(session, file, "--check-only")
    assert done.returncode == 0, done.stderr
    assert "文件：GB18030 编码，逗号分隔" in done.stdout and "共 1 行：正确 1" in done.stdout
    tabs = tmp_path / "tabs.txt"
    tabs.write_bytes(file.read_bytes().replace(b",", b"\t"))
    done = xinglin_import({**session, "LC_ALL": "C.UTF-8"}, tabs, "--check-only")
    assert done.returncode == 0 and "The file: GB18030, parted by tabs" in done.stdout, done.stderr
    workbook = tmp_path / "stock.xlsx"
    workbook.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\n\x00")
    done = xinglin_import(session, workbook)
    assert done.returncode == 2 and "xlsx" in done.stderr and "CSV UTF-8" in done.stderr
    broken = tmp_path / "broken.csv"
    broken.write_text(HEADER + "\n" + line(1) + '\n"XLYP0019,' + line(2) + "\n")
    done = xinglin_import(session, broken)
    assert done.returncode == 1 and "host.importFileMalformed" in done.stderr and re.search(r"\"?line\"?: 2\b", done.stderr), done.stderr
    missing = xinglin_import(session, tmp_path / "nowhere.csv")
    assert missing.returncode != 0 and "nowhere.csv" in missing.stderr


def test_an_upload_that_was_interrupted_goes_on_where_it_stopped(own_county, session, tmp_path):
    file = write(tmp_path / "long.csv", [line(number) for number in range(9_000)])
    data = file.read_bytes()
    host = own_county.host
    # As a run of the command leaves it that was killed behind its first piece.
    with own_county.session("pharmacist-t1") as client:
        begun = client.call(
            "files.begin",
            {"name": "long.csv", "mediaType": "text/csv; header=present", "bytes": len(data), "sm3": hashlib.new("sm3", data).hexdigest()},
            site="t1")
        piece = base64.b64encode(data[:262_144]).decode()
        client.call("files.append", {"fileId": begun["fileId"], "offset": 0, "base64": piece}, site="t1")
    done = xinglin_import(session, file, "--check-only")
    assert done.returncode == 0, done.stderr
    assert "从第 262144 字节开始" in done.stderr, "what was there is not sent again"
    assert "共 9,000 行：正确 9,000" in done.stdout
    assert embedded(host, "SELECT count(*) FROM host.import") == "1"
    assert embedded(host, "SELECT count(*) FROM host.file") == "1"


def test_a_file_that_is_uploaded_is_checked_to_its_end_though_the_host_is_killed_meanwhile(own_county, session, tmp_path):
    file = write(tmp_path / "long.csv", [line(number) for number in range(20_000)])
    command = [str(BINARY), "import", "decoction.openingStock", str(file), "--site", "t1", "--check-only"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(**session))
    host = own_county.host
    wait_until(
        lambda: embedded(host, "SELECT coalesce(max(lines), 0) >= 2000 FROM host.import") == "t", 120, pause=0.01, what="a first part")
    host.kill()
    process.communicate()
    assert embedded(host, "SELECT state, lines < 20000 FROM host.import") == "open|t", "the kill must come while lines are left"
    host.start()
    wait_until(lambda: embedded(host, "SELECT state FROM host.import") == "checked", 300, what="the end of the check")
    assert embedded(host, "SELECT lines, good, faulty FROM host.import") == "20000|20000|0"
    assert embedded(host, "SELECT sum(good), count(DISTINCT first_line) = count(*) FROM host.import_chunk") == "20000|t"


def test_kill_9_in_the_middle_of_an_import_neither_loses_nor_doubles_a_line(own_county, session, tmp_path):
    host = own_county.host
    file = write(tmp_path / "stock.csv", [line(number) for number in range(8_000)])
    checked = xinglin_import(session, file, "--check-only")
    assert checked.returncode == 0, checked.stderr
    with own_county.session("pharmacist-t1") as client:
        only = client.call("imports.list", site="t1")["imports"][0]["importId"]
        client.call("imports.apply", {"importId": only, "mode": "goodLines"}, site="t1")
    kills = 0
    for share in (1_000, 4_000):
        reached = wait_until(
            lambda share=share: int(embedded(host, "SELECT applied FROM host.import")) >= share, 60, pause=0.01, what="progress")
        assert reached
        host.kill()
        kills += embedded(host, "SELECT state FROM host.import") == "applying"
        host.start()
    assert kills >= 1, "a kill must come while lines are left"
    wait_until(lambda: embedded(host, "SELECT state FROM host.import") != "applying", 90, what="the end of the import")
    assert embedded(host, "SELECT state, applied, left_out FROM host.import") == "applied|8000|0"
    assert embedded(host, "SELECT count(*), count(DISTINCT batch_number) FROM decoction.lot") == "8000|8000"
    assert embedded(host, "SELECT count(*), sum(quantity_mg) FROM decoction.movement") == "8000|8000000000"
    assert embedded(host, "SELECT count(*) FROM decoction.lot WHERE on_hand_mg <> 1000000") == "0"
    chunks = embedded(
        host, "SELECT sum((notes::json->>'applied')::bigint) FROM host.audit WHERE method = 'imports.apply' AND notes LIKE '%fromLine%'")
    assert chunks == "8000", "each chunk that stands has just one audit row"
    assert embedded(host, "SELECT count(*) FROM host.import_chunk") == "0"
