"""The people of `make bench-load`, in a process of its own: `bench.load_locust PLAN RESULTS`.

Locust sends what the plan says, phase after phase, and what came back is written as JSON. It has packages of
its own, those of .venv-bench.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, task
from locust.env import Environment

CLIENTS = 16
# At half the rate each person waits so long on average between two requests; there are as many as that takes.
PACE_SECONDS = 2.0
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


class Script:
    """What people do in one phase, drawn at random with weights; the same draws in every run."""

    def __init__(self, plan: dict[str, Any], phase: dict[str, Any]) -> None:
        self.chance = random.Random(7)  # noqa: S311
        self.plan, self.phase = plan, phase
        self.names, self.weights = list(phase["mix"]), list(phase["mix"].values())
        self.used_up: Counter[str] = Counter()
        self.host = f"http://127.0.0.1:{plan['ports'][phase['server']]}"

    def next(self) -> dict[str, Any]:
        """Return the next request: an act is one of those prepared, a page is one seen by somebody."""
        name = self.chance.choices(self.names, self.weights)[0]
        acts = self.plan["acts"].get(name)
        if acts:
            return dict(acts.pop(), name=name)
        if acts is not None:
            self.used_up[name] += 1
            name = self.names[0]
        page = self.plan["pages"][name]
        who = page["who"]
        if who == "anybody":
            who = "residents" if self.chance.random() < self.plan["signed_in"] else "visitors"
        return {
            "name": name,
            "method": "GET",
            "path": self.chance.choice(page["paths"]),
            "headers": self.chance.choice(self.plan[who]),
            "expects": 200,
        }


class Person(FastHttpUser):
    """Whoever is next: each request is made by another person."""

    abstract = True
    script: Script
    extra: dict[str, str] = {}  # noqa: RUF012

    @task
    def ask(self) -> None:
        one = self.script.next()
        with self.client.request(
            one["method"],
            one["path"],
            name=one["name"],
            headers=one["headers"] | self.extra,
            data=one.get("body"),
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code != one["expects"]:
                answer.failure(f"{answer.status_code} instead of {one['expects']}")
            else:
                answer.success()


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for phase in plan["phases"]:
        print(f"  {phase['name']} ...", flush=True)
        rate = None
        if "half_of" in phase:
            rate = found[phase["half_of"]]["all"]["rate"] / 2
        found[phase["name"]] = run(Script(plan, phase), rate)
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def run(script: Script, rate: float | None) -> dict[str, Any]:
    """Run one phase: as fast as answers come on a few connections, or so many a second, each on its own."""
    people = CLIENTS if rate is None else max(CLIENTS, round(rate * PACE_SECONDS))
    kind = type(
        "Client",
        (Person,),
        {
            "script": script,
            "host": script.host,
            # Not constant_throughput: Locust would have them all ask at the same moment, again and again.
            "wait_time": constant(0) if rate is None else at_random(script.chance, rate / people),
            "extra": {} if rate is None else {"Connection": "close"},
        },
    )
    environment = Environment(user_classes=[kind])
    runner = environment.create_local_runner()
    runner.start(people, spawn_rate=people)
    gevent.sleep(script.phase["settle"])
    environment.stats.reset_all()
    started, own = time.perf_counter(), time.process_time()
    gevent.sleep(script.phase["seconds"])
    lasted, own = time.perf_counter() - started, time.process_time() - own
    found = {name: figures(entry, lasted) for (name, _), entry in environment.stats.entries.items()}
    found["all"] = figures(environment.stats.total, lasted)
    runner.quit()
    errors = {
        f"{error.name}: {error.error}": error.occurrences for error in environment.stats.errors.values()
    }
    return {
        "all": found.pop("all"),
        "pages": found,
        "errors": {f"{one.name}: {one.error}": one.occurrences for one in errors},
        "asked_for": rate,
        "used_up": dict(script.used_up),
        "generator": own / lasted,
    }


def at_random(chance: random.Random, rate: float) -> Callable[[Person], float]:
    """Let somebody ask so many times a second, at moments that do not depend on each other."""
    return lambda _person: chance.expovariate(rate)


def figures(entry: Any, lasted: float) -> dict[str, float]:
    shares = {name: entry.get_response_time_percentile(share) or 0 for name, share in SHARES.items()}
    return {
        "rate": entry.num_requests / lasted,
        "number": entry.num_requests,
        "failures": entry.num_failures,
        **shares,
    }


if __name__ == "__main__":
    main()
