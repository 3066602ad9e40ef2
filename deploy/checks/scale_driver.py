"""One process of the load: an open model. Calls fall due at times of their own whether earlier ones are answered or not, and a call's
latency counts from when it fell due. Reads its job from stdin, says `waiting`, starts at a line, and prints what it measured."""

import asyncio
import bisect
import itertools
import json
import random
import ssl
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scale_day import OF_PHARMACIST, Caller  # noqa: E402


class Desk:
    """One account's connection."""

    def __init__(self):
        self.ids = itertools.count(1)
        self.waiting = {}

    async def open(self, job, token, context):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", job["port"], ssl=context, server_hostname="127.0.0.1", limit=4 << 20)
        self.task = asyncio.create_task(self.read())
        answer = await self.call("session.resume", {"token": token}, None)
        if "error" in answer:
            raise SystemExit(f"a session was refused: {answer['error']['data']['reason']}")

    async def read(self):
        while line := await self.reader.readline():
            message = json.loads(line)
            waiting = self.waiting.pop(message.get("id"), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)

    def call(self, method, params, site):
        number = next(self.ids)
        future = asyncio.get_running_loop().create_future()
        self.waiting[number] = future
        meta = {"deadlineMs": 60_000} | ({"site": site} if site else {})
        line = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": meta}}, ensure_ascii=False)
        self.writer.write(line.encode() + b"\n")
        return future


class Driver:
    def __init__(self, job):
        self.job = job
        self.random = random.Random(job["seed"])
        self.callers = [Caller(site, job["seed"]) for site in job["sites"]]
        # Every pair of site and method with its rate, as one cumulative list.
        self.choices, weights = [], []
        for index, site in enumerate(job["sites"]):
            for method, rate in site["callsOfDay"].items():
                self.choices.append((index, method))
                weights.append(rate)
        self.cumulative = list(itertools.accumulate(weights))
        self.latencies, self.refusals = {}, {}
        self.late = 0.0

    async def open(self):
        context = ssl.create_default_context(cafile=self.job["ca"])
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.desks = []
        for site in self.job["sites"]:
            pair = (Desk(), Desk())
            for desk, token in zip(pair, (site["pharmacist"], site["doctor"])):
                await desk.open(self.job, token, context)
            self.desks.append(pair)

    async def one(self, due, index, method):
        caller, site = self.callers[index], self.job["sites"][index]
        method, params = caller.prepare(method)
        desk = self.desks[index][0 if method.startswith(OF_PHARMACIST) else 1]
        answer = await desk.call(method, params, site["code"])
        took = time.perf_counter() - due
        if "error" in answer:
            reason = answer["error"]["data"]["reason"]
            self.refusals[f"{method} {reason}"] = self.refusals.get(f"{method} {reason}", 0) + 1
        else:
            self.latencies.setdefault(method, []).append(took)
            caller.learn(method, answer["result"])

    async def run(self):
        rate, until = self.job["callsPerSecond"], time.perf_counter() + self.job["seconds"]
        due, tasks = time.perf_counter(), set()
        while True:
            due += self.random.expovariate(rate)
            if due > until:
                break
            pause = due - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            # Where this process itself is late, the machine has no time to make the load: that spoils the figures and is told.
            self.late = max(self.late, time.perf_counter() - due)
            draw = self.random.random() * self.cumulative[-1]
            task = asyncio.create_task(self.one(due, *self.choices[bisect.bisect_left(self.cumulative, draw)]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks)

    async def main(self):
        await self.open()
        print("waiting", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        begin = time.perf_counter()
        await self.run()
        print(json.dumps({
            "seconds": time.perf_counter() - begin, "latencies": self.latencies, "refusals": self.refusals, "latestStart": self.late,
        }), flush=True)
        for pair in self.desks:
            for desk in pair:
                desk.task.cancel()
                desk.writer.close()


asyncio.run(Driver(json.loads(sys.stdin.readline())).main())
