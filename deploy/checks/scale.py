"""What deploy/checks/scale.sh runs: 200 generated sites on one host, a day's mix of calls at growing rates, and what that takes."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Tests" / "EndToEndTests"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from scale_day import PIECES, WRITES, Assumptions, Caller  # noqa: E402

DRIVER = Path(__file__).with_name("scale_driver.py")
SITES_OF_COUNTY = 25


def arguments():
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--factors", type=lambda text: [float(part) for part in text.split(",")], default=[1, 10, 50],
                        help="multiples of the busiest hour's rate")
    parser.add_argument("--seconds", type=float, default=60, help="of each measurement")
    parser.add_argument("--processes", type=int, default=2, help="that make the load")
    parser.add_argument("--persons", type=int, default=50, help="per site before the day begins")
    parser.add_argument("--pieces", type=int, default=20, help="with stock at each site")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", help="a file to write all figures to")
    for field in dataclasses.fields(Assumptions):
        parser.add_argument("--" + re.sub("([A-Z])", lambda found: "-" + found[1].lower(), field.name), dest=field.name,
                            type=type(field.default), default=field.default, help="assumption")
    return parser.parse_args()


# Setting up, by public methods alone

def make_sites(admin, count):
    """Counties of 24 township centres and a hospital each, below a city. Gives the sites that work."""
    admin.call("sites.create", {"code": "city", "nameZh": "模拟市卫生健康委员会", "kind": "bureau"})
    sites = []
    for number in range(count):
        county, place = divmod(number, SITES_OF_COUNTY)
        if place == 0:
            admin.call("sites.create", {"code": f"county-{county}", "nameZh": f"模拟{county}县卫生健康局", "kind": "bureau", "parent": "city"})
        kind = "countyHospital" if place == 0 else "townshipCentre"
        code = f"s{county:02d}-{place:02d}"
        admin.call("sites.create", {"code": code, "nameZh": f"模拟机构{code}", "kind": kind, "parent": f"county-{county}"})
        for module in ("decoction", "people", "example"):
            admin.call("modules.enable", {"module": module, "site": code})
        sites.append({"code": code, "kind": kind})
    return sites


def make_staff(county, site):
    """A pharmacist and a doctor of a site, who log in and change their one-time passwords."""
    with county.session("admin") as admin:
        for role in ("pharmacist", "doctor"):
            account, password = f"{role}-{site['code']}", new_password()
            made = insist(
                lambda: admin.call("accounts.create", {"account": account, "roles": [{"role": role, "site": site["code"]}]},
                                   deadline_ms=60_000), 300)[0]
            with county.host.session(account, made["oneTimePassword"]) as client:
                client.call("session.changePassword", {"current": made["oneTimePassword"], "new": password}, deadline_ms=60_000)
                site[role] = client.login(account, password)["token"]


def stock(host, site, options):
    """A site's supplier, lots, persons and what callers need to know of them."""
    caller = Caller({**site, "pieces": PIECES[:options.pieces], "persons": []}, options.seed)
    with host.connect(timeout=120) as client:
        insist(lambda: client.resume(site["pharmacist"]), 120)

        def call(method, params):
            return insist(lambda: client.call(method, params, site=site["code"], deadline_ms=60_000), 120)[0]
        site["supplier"] = call("decoction.supplier.create", {"nameZh": f"饮片公司{site['code']}", "licence": f"L-{site['code']}"})["supplierId"]
        for piece in caller.site["pieces"]:
            caller.site["supplier"] = site["supplier"]
            lot = call("decoction.lot.receive", {**caller._decoction_lot_receive(), "pieceCode": piece, "quantityMg": 10_000_000_000})
            call("decoction.lot.accept", {"lotId": lot["lotId"]})
        insist(lambda: client.resume(site["doctor"]), 120)
        site["persons"] = [
            call("people.person.register", caller._people_person_register())["personId"] for _ in range(options.persons)]
    site["pieces"], site["lines"] = caller.site["pieces"], options.piecesOfPrescription


# Measuring

def processor_seconds(pid):
    """What a process and its children, ended ones too, have taken."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in [pid, *map(int, children)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += sum(map(int, fields[11:15] if one == pid else fields[11:13]))
    return total / ticks


def memory_mebibytes(pid):
    """Resident memory of the host; of PostgreSQL the proportional share, since its processes share most of it."""
    total = 0
    for one in [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except (FileNotFoundError, PermissionError):
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])
    return total / 1024


def quantile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


class Measurement:
    """One rate for some seconds."""

    def __init__(self, host, sites, options, rate, factor):
        self.host, self.sites, self.options, self.rate, self.factor = host, sites, options, rate, factor

    def drive(self):
        """Runs the load processes and gives what they measured."""
        parts = [self.sites[number::self.options.processes] for number in range(self.options.processes)]
        drivers = []
        try:
            for number, part in enumerate(parts):
                share = sum(sum(site["callsOfDay"].values()) for site in part) / sum(
                    sum(site["callsOfDay"].values()) for site in self.sites)
                job = {
                    "port": self.host.port, "ca": str(self.host.ca), "sites": part, "callsPerSecond": self.rate * share,
                    "seconds": self.options.seconds, "seed": self.options.seed * 1000 + int(self.factor * 10) + number,
                }
                driver = subprocess.Popen(
                    [sys.executable, "-B", str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                drivers.append(driver)
                driver.stdin.write(json.dumps(job) + "\n")
                driver.stdin.flush()
            for driver in drivers:
                if driver.stdout.readline() != "waiting\n":
                    raise SystemExit("a load process did not get ready")
            before = self.watch()
            for driver in drivers:
                driver.stdin.write("go\n")
                driver.stdin.flush()
            reports = [json.loads(driver.stdout.readline()) for driver in drivers]
            return reports, before, self.watch()
        finally:
            for driver in drivers:
                driver.kill()
                driver.wait()

    def watch(self):
        postmaster = self.host.postmaster()
        rows = embedded(self.host, "SELECT pg_database_size(current_database()), pg_current_wal_lsn() - '0/0'::pg_lsn").split("|")
        return {
            "at": time.monotonic(), "host": processor_seconds(self.host.pid), "postgres": processor_seconds(postmaster),
            "bytes": int(rows[0]), "wal": int(rows[1]),
        }

    def run(self):
        reports, before, after = self.drive()
        seconds = after["at"] - before["at"]
        latencies = {}
        for report in reports:
            for method, values in report["latencies"].items():
                latencies.setdefault(method, []).extend(values)
        every = sorted(value for values in latencies.values() for value in values)
        writes = sum(len(values) for method, values in latencies.items() if method in WRITES)
        refusals = {}
        for report in reports:
            for reason, count in report["refusals"].items():
                refusals[reason] = refusals.get(reason, 0) + count
        return {
            "factor": self.factor, "offeredPerSecond": self.rate, "answeredPerSecond": len(every) / seconds, "calls": len(every),
            "writes": writes, "refusals": refusals,
            "milliseconds": {name: quantile(every, share) * 1000 for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
            "ofMethods": {
                method: {"calls": len(values), "p50": statistics.median(values) * 1000, "p99": quantile(sorted(values), 0.99) * 1000}
                for method, values in sorted(latencies.items())},
            "hostProcessors": (after["host"] - before["host"]) / seconds,
            "postgresProcessors": (after["postgres"] - before["postgres"]) / seconds,
            "hostMebibytes": memory_mebibytes(self.host.pid), "postgresMebibytes": memory_mebibytes(self.host.postmaster()),
            "databaseBytes": after["bytes"] - before["bytes"], "walBytes": after["wal"] - before["wal"],
            "latestStartSeconds": max(report["latestStart"] for report in reports),
        }


def sizes(host):
    """Bytes of each table with its indexes, and its rows, as they are."""
    rows = embedded(host, """
        SELECT schemaname || '.' || relname, pg_total_relation_size(relid), n_live_tup FROM pg_stat_user_tables
        WHERE n_live_tup > 1000 ORDER BY 2 DESC LIMIT 12""").splitlines()
    return [{"table": name, "bytes": int(size), "rows": int(count)} for name, size, count in (row.split("|") for row in rows)]


def line(figures):
    times = figures["milliseconds"]
    refused = sum(figures["refusals"].values())
    return (f"| {figures['factor']:g} | {figures['offeredPerSecond']:.1f} | {figures['answeredPerSecond']:.1f} | {times['p50']:.1f} | "
            f"{times['p95']:.1f} | {times['p99']:.1f} | {figures['hostProcessors']:.3f} | {figures['postgresProcessors']:.3f} | "
            f"{figures['hostMebibytes']:.0f} | {figures['postgresMebibytes']:.0f} | {refused} | {figures['latestStartSeconds'] * 1000:.0f} |")


def main(options):
    assumptions = Assumptions(**{field.name: getattr(options, field.name) for field in dataclasses.fields(Assumptions)})
    commit = subprocess.run(["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    figures = {
        "commit": commit, "binary": options.binary, "processors": os.cpu_count(), "loadBefore": os.getloadavg(),
        "assumptions": dataclasses.asdict(assumptions), "measurements": [],
    }
    print(f"commit {commit}, {os.cpu_count()} processors shared with the load, load average before {os.getloadavg()[0]:.2f}", flush=True)
    # One address makes all the load, and the limits are for one client's; the sites are as many as they are.
    environment = {
        "XINGLIN_LIMITS_CONNECTIONS_PER_SECOND": "100000", "XINGLIN_LIMITS_CONNECTIONS_BEFORE_LOGIN": "20000", "XINGLIN_LOG_LEVEL": "warning",
    }
    with Host(environment=environment) as host:
        host.start()
        began = time.monotonic()
        county = County(host)
        with county.first_login() as admin:
            sites = make_sites(admin, options.sites)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda site: make_staff(county, site), sites))
            print(f"{2 * len(sites)} accounts made after {time.monotonic() - began:.0f} s", flush=True)
            list(pool.map(lambda site: stock(host, site, options), sites))
        for site in sites:
            site["callsOfDay"] = assumptions.calls_of_day(site["kind"])
        embedded(host, "VACUUM ANALYZE")
        figures["setUpSeconds"] = time.monotonic() - began
        day = sum(sum(site["callsOfDay"].values()) for site in sites)
        busiest = day * assumptions.busiestHourShare / 3600
        figures |= {"sites": len(sites), "callsOfDay": day, "busiestCallsPerSecond": busiest}
        print(f"{len(sites)} sites, {2 * len(sites)} accounts, made in {figures['setUpSeconds']:.0f} s; "
              f"{day:,.0f} calls a day, {busiest:.1f} a second in the busiest hour\n")
        print("| × busiest hour | offered/s | answered/s | p50 ms | p95 ms | p99 ms | host cores | PostgreSQL cores | host MiB | PostgreSQL MiB | refused | load late ms |")
        print("|---|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
        for factor in options.factors:
            figures["measurements"].append(Measurement(host, sites, options, busiest * factor, factor).run())
            print(line(figures["measurements"][-1]), flush=True)
        figures["tables"] = sizes(host)
        storage(figures, assumptions)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def storage(figures, assumptions):
    """Growth per call of the mix, from the largest measurement, and what follows for a year."""
    most = max(figures["measurements"], key=lambda measurement: measurement["calls"])
    per_call, wal_per_call = most["databaseBytes"] / most["calls"], most["walBytes"] / most["calls"]
    figures["bytesPerCall"], figures["walBytesPerCall"] = per_call, wal_per_call
    print(f"\nmeasured over {most['calls']} calls ({most['writes']} writes): the database grows by {per_call:,.0f} bytes a call, "
          f"the write-ahead log by {wal_per_call:,.0f}")
    print("\n| computed for | calls a day | busiest hour, calls/s | database a year, GB | write-ahead log a day, GB |\n|---|---|---|---|---|")
    hospital, township = (sum(assumptions.calls_of_day(kind).values()) for kind in ("countyHospital", "townshipCentre"))
    county = hospital + (SITES_OF_COUNTY - 1) * township
    for name, day in {f"a county of {SITES_OF_COUNTY} sites": county, f"a city of {8 * SITES_OF_COUNTY} sites": 8 * county}.items():
        print(f"| {name} | {day:,.0f} | {day * assumptions.busiestHourShare / 3600:.1f} | "
              f"{day * per_call * assumptions.workingDaysOfYear / 1e9:.1f} | {day * wal_per_call / 1e9:.2f} |")
    print("\n| table | MiB | rows | bytes a row, indexes included |\n|---|---|---|---|")
    for table in figures["tables"]:
        print(f"| {table['table']} | {table['bytes'] / 1048576:.1f} | {table['rows']:,} | {table['bytes'] / table['rows']:.0f} |")


chosen = arguments()
os.environ["XINGLIN_BINARY"] = str(Path(chosen.binary).resolve())
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

from support.client import insist  # noqa: E402
from support.county import County, new_password  # noqa: E402
from support.host import Host  # noqa: E402
from support.sql import embedded  # noqa: E402

main(chosen)
