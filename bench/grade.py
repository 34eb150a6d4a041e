"""How many mistakes are named, on random programs, and how long that takes."""

from __future__ import annotations

import time

from bench.timing import percentile, shown
from graphviz_backprop.explain.grading.answers import Answer
from graphviz_backprop.explain.grading.judge import judge
from tests.support import mistaken

PROGRAMS = 1_000


def main() -> None:
    print("## Diagnoses\n")
    programs = answers = named = blamed = 0
    times = []
    for run, name, made in mistaken.cases(PROGRAMS):
        programs += 1
        blamed += judge(run, f"{name}.total", Answer(run.gradient[name])).diagnoses != ()
        for kinds, wrong in made.values():
            start = time.perf_counter()
            found = judge(run, f"{name}.total", Answer(wrong))
            times.append(time.perf_counter() - start)
            answers += 1
            named += bool(kinds & {mistake.kind for one in found.diagnoses for mistake in one.mistakes})
    print("| programs | wrong answers | named | share | right answers blamed | median | p99 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    print(
        f"| {programs:,} | {answers:,} | {named:,} | {named / answers:.2%} | {blamed} "
        f"| {shown(percentile(times, 0.5))} | {shown(percentile(times, 0.99))} |"
    )
