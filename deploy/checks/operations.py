"""Alerts, dashboard and docs/operations.md: every query uses metrics that exist, and every alert has its section."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
SEVERITIES = {"warning", "critical"}
UNITS = {"none", "reqps", "ops", "s", "bytes", "Bps", "percentunit"}
# Prometheus's own, of every scrape.
FOREIGN = {"up", "ALERTS"}
failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)


def metrics_of(page):
    """The table's metrics with their kinds and labels."""
    rows = re.findall(r"^\| `(xinglin_\w+)` \| (counter|gauge|histogram) \| ([^|]*) \|", page, re.MULTILINE)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def check_query(query, metrics, where):
    """Names and labels of a query are those of the host."""
    for name in re.findall(r"\bxinglin_\w+", query):
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        family = metrics.get(name) or metrics.get(base)
        expect(family, f"{where}: there is no metric {name}")
        if family:
            expect((name != base) == (family[0] == "histogram") or name in metrics, f"{where}: {name} is no histogram")
            if family[0] == "counter" or name.endswith("_bucket"):
                expect(re.search(rf"(rate|increase|changes)\({name}", query), f"{where}: the counter {name} is read without rate()")
    for name, matchers in re.findall(r"\b(xinglin_\w+)\{([^}]*)\}", query):
        family = metrics.get(name) or metrics.get(re.sub(r"_(bucket|sum|count)$", "", name))
        for label in re.findall(r"(\w+)\s*(?:=|!=|=~|!~)\"", matchers):
            expect(family and label in family[1] | {"instance", "job", "le"}, f"{where}: {name} has no label {label}")
    for name in re.findall(r"\b([a-zA-Z_]\w*)\s*\{", query):
        expect(name.startswith("xinglin_") or name in FOREIGN or name in {"by"}, f"{where}: {name} is no metric of ours")


def parses(promtool, queries):
    """promtool has no check of a query alone, but it checks rules."""
    rules = [{"record": f"q{number}", "expr": query} for number, query in enumerate(queries)]
    text = yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]})
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([promtool, "check", "rules", file.name], capture_output=True, text=True)
    expect(done.returncode == 0, f"the dashboard's queries: {done.stdout}{done.stderr}")


def check_rules(page, metrics):
    rules = yaml.safe_load((ROOT / "deploy/prometheus/xinglin.rules.yaml").read_text())["groups"][0]["rules"]
    cases = (ROOT / "deploy/prometheus/xinglin.rules.test.yaml").read_text()
    sections = {match.lower() for match in re.findall(r"^### (Xinglin\w+)$", page, re.MULTILINE)}
    for rule in rules:
        name = rule["alert"]
        check_query(rule["expr"], metrics, name)
        expect(rule["labels"]["severity"] in SEVERITIES, f"{name}: severity")
        notes = rule["annotations"]
        for kind in ("summary", "description"):
            expect(HAN.search(notes[f"{kind}_zh"]), f"{name}: {kind}_zh is not Chinese")
            expect(not HAN.search(notes[f"{kind}_en"]), f"{name}: {kind}_en is not English")
        expect(notes["runbook"] == f"docs/operations.md#{name.lower()}", f"{name}: runbook")
        expect(name.lower() in sections, f"{name}: docs/operations.md has no section for it")
        expect(name in cases, f"{name}: no case fires it in xinglin.rules.test.yaml")
    surplus = sections - {rule["alert"].lower() for rule in rules}
    expect(not surplus, f"docs/operations.md has sections for alerts that are not there: {surplus}")
    return len(rules)


def check_dashboard(metrics, promtool):
    board = json.loads((ROOT / "deploy/grafana/xinglin.json").read_text())
    expect(board["uid"] and board["title"] and board["schemaVersion"] >= 36, "the dashboard's head")
    variables = {variable["name"] for variable in board["templating"]["list"]}
    ids, taken, queries, used = set(), set(), [], set()
    for panel in board["panels"]:
        where = f"panel {panel['title']}"
        expect(panel["id"] not in ids, f"{where}: its id stands twice")
        ids.add(panel["id"])
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        expect(not cells & taken and place["x"] + place["w"] <= 24, f"{where}: it lies on another one")
        taken |= cells
        if panel["type"] == "row":
            continue
        expect(panel["type"] in {"timeseries", "stat"}, f"{where}: type")
        expect(panel["fieldConfig"]["defaults"]["unit"] in UNITS, f"{where}: unit")
        expect(HAN.search(panel["title"]) or panel["title"] == "P99", f"{where}: its title is not in both languages")
        expect(panel["datasource"]["uid"] == "${datasource}", f"{where}: datasource")
        refs = [target["refId"] for target in panel["targets"]]
        expect(refs and len(set(refs)) == len(refs), f"{where}: queries")
        for target in panel["targets"]:
            query = target["expr"]
            check_query(query, metrics, where)
            expect(set(re.findall(r"\$(\w+)", query)) <= variables | {"__rate_interval"}, f"{where}: unknown variable")
            used |= set(re.findall(r"xinglin_\w+", query))
            queries.append(query.replace("$__rate_interval", "5m").replace("$instance", ".*"))
    parses(promtool, queries)
    return len(queries), len(used)


def main():
    page = (ROOT / "docs/operations.md").read_text()
    metrics = metrics_of(page)
    expect(len(metrics) > 30, "docs/operations.md has no table of metrics")
    rules = check_rules(page, metrics)
    queries, used = check_dashboard(metrics, sys.argv[1])
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(metrics)} metrics, {rules} alerts, {queries} queries of the dashboard over {used} series")
    sys.exit(1 if failures else 0)


main()
