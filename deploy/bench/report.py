"""The figures as people read them."""

import os
import pathlib
import platform
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent

# Processor time of host and PostgreSQL per call at 8 connections, as a multiple of pgbench's client and server.
AIMS = {"read": 2.0, "read-audited": 2.8, "list": 1.4, "insert": 1.5, "dispense": 0.8}
PING_AIM, IDLE_AIM, START_AIM = 0.4, 48, 1.0

COLUMNS = (
    f"{'work':13}{'conn':>5}{'calls/s':>9}{'p50':>8}{'p99':>8}{'p99.9':>9} |{'host':>7}{'PG':>7}{'sum':>7} |"
    f"{'pgbench/s':>10}{'mean':>7}{'client':>7}{'PG':>7}{'sum':>7} |{'ratio':>6}  aim"
)


def _output(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def machine(options):
    model = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    swift = _output("swift", "--version").splitlines()
    return {
        "date": time.strftime("%Y-%m-%d %H:%M:%S %Z"), "cores": os.cpu_count(), "model": model[0] if model else "unknown",
        "kernel": platform.release(), "swift": swift[0] if swift else "unknown", "postgres": _output("psql", "--version"),
        "commit": _output("git", "-C", HERE, "rev-parse", "--short", "HEAD"),
        "changed": bool(_output("git", "-C", HERE, "status", "--porcelain", "--untracked-files=no")),
        "load": os.getloadavg()[0], "seconds": options.seconds, "rounds": options.rounds,
        "depth": options.depth, "logLevel": options.log_level,
        "memoryGiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
    }


def heading(about):
    changed = " with changes" if about["changed"] else ""
    return f"""{about['date']}, commit {about['commit']}{changed}
{about['cores']} cores ({about['model']}), {about['memoryGiB']} GiB, Linux {about['kernel']}, load {about['load']:.2f} at the start
{about['swift']}; {about['postgres']}, fsync on
{about['seconds']} s each, the best of {about['rounds']}, {about['depth']} in flight per connection, host's log level {about['logLevel']}
Latency in µs; processor time per call in µs; ratio = (host + PG) / (pgbench client + PG). The aim holds at 8 connections.

{COLUMNS}
{'-' * len(COLUMNS)}"""


def line(row):
    ours, theirs = row["host"], row["pgbench"]
    our_sum, their_sum = ours["sumMicroseconds"], theirs["sumMicroseconds"]
    ratio = our_sum / their_sum
    aim = AIMS.get(row["work"]) if row["connections"] == 8 else None
    verdict = "" if aim is None else f"  {aim} {'met' if ratio <= aim else 'missed'}"
    latency = ours["latencyMicroseconds"]
    text = (
        f"{row['work']:13}{row['connections']:>5}{ours['perSecond']:>9,.0f}"
        f"{latency['p50']:>8,.0f}{latency['p99']:>8,.0f}{latency['p999']:>9,.0f} |"
        f"{ours['hostMicroseconds']:>7,.0f}{ours['databaseMicroseconds']:>7,.0f}{our_sum:>7,.0f} |"
        f"{theirs['perSecond']:>10,.0f}{theirs['meanMicroseconds']:>7,.0f}{theirs['clientMicroseconds']:>7,.0f}"
        f"{theirs['serverMicroseconds']:>7,.0f}{their_sum:>7,.0f} |{ratio:>6.2f}{verdict}"
    )
    for reason, count in sorted(ours["faults"].items()):
        text += f"\n    not done: {count} × {reason}"
    return text


def _verdict(is_met):
    return "met" if is_met else "missed"


def beside(figures):
    ping, echo, shakes = figures["ping"], figures["echo"], figures["handshakes"]
    share = ping["perSecond"] / echo["perSecond"]
    share_of_time = echo["serverMicroseconds"] / ping["serverMicroseconds"]
    starts = figures["starts"]
    lines = [
        "",
        f"host.ping, 1 connection, 32 in flight: {ping['perSecond']:,.0f}/s, server {ping['serverMicroseconds']:.2f} µs, client {ping['clientMicroseconds']:.2f} µs",
        f"bare TLS line echo, the same:          {echo['perSecond']:,.0f}/s, server {echo['serverMicroseconds']:.2f} µs, client {echo['clientMicroseconds']:.2f} µs",
        f"ping / echo: {share:.2f} by throughput, {share_of_time:.2f} by the server's processor time (aim ≥ {PING_AIM}: {_verdict(min(share, share_of_time) >= PING_AIM)})",
        f"full TLS handshakes: {shakes['perSecond']:,.0f}/s, server {sum(shakes['watchedSeconds'].values()) / shakes['calls'] * 1e6:,.0f} µs each",
        f"start-up to ready on an existing cluster: best {starts['best']:.2f} s, median {starts['median']:.2f} s of {starts['count']} (aim < {START_AIM} s: {_verdict(starts['best'] < START_AIM)})",
    ]
    memory = figures.get("idleKiB")
    if memory:
        lines.append(
            f"memory per idle connection, {memory['count']} of them: {memory['bare']:.1f} KiB, with a session {memory['session']:.1f} KiB "
            f"(aim < {IDLE_AIM} KiB: {_verdict(memory['session'] < IDLE_AIM)})")
    return "\n".join(lines)
