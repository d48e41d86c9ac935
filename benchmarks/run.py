#!/usr/bin/env python3
"""Measures wafcast, the peers and the limits of the machine in one run, and prints a Markdown page.

    run.py [--rounds N] [--only REGEX] [--peers] [--out FILE] FOLDER

FOLDER holds wafcast and wafcast-bench. The stages over the sample logs are timed everywhere. For the rest two folders are needed: WAFCAST_BENCH,
generators and peers (../shared/bench beside the checkout unless set), and WAFCAST_BENCH_WORK, where logs and peers are made once (7 GB).

Every round runs every command, so that a drift of the machine hits all alike; figures are medians. A command counts with the processor time of
all its processes, or with the time on the clock where it may use all cores. A figure is void unless the counts of the rules are right, so that
is looked at first, and the run ends where they are not.
"""

import argparse
import collections
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from workload import ADDRESSES, Missing, Workload, head  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only rows whose name matches")
    parser.add_argument("--peers", action="store_true", help="also the table of all peers")
    parser.add_argument("--out", default=os.environ.get("WAFCAST_BENCH_OUT"), help="file to write; standard output unless stated")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    wafcast = options.folder.resolve() / "wafcast"
    page = [f"# {time.strftime('%Y-%m-%d')}\n", machine(wafcast), "## Stages, one process, web ACL `Rules/shop`\n", sample_stages(options)]
    try:
        page[2:2] = targets(options, wafcast)
    except Missing as reason:
        page[2:2] = ["## Targets\n", f"Not measured: {reason}.\n"]
    text = "\n".join(page)
    if options.out:
        pathlib.Path(options.out).write_text(text)
        print(f"bench: wrote {options.out}")
    else:
        print(text)
        print(f"bench: to keep it: WAFCAST_BENCH_OUT=benchmarks/{time.strftime('%Y-%m-%d')}.md", file=sys.stderr)


def workload():
    if "WAFCAST_BENCH_WORK" not in os.environ:
        raise Missing("WAFCAST_BENCH_WORK names no folder for logs and peers")
    bench = os.environ.get("WAFCAST_BENCH", ROOT.parent / "shared" / "bench")
    return Workload(pathlib.Path(bench).resolve(), pathlib.Path(os.environ["WAFCAST_BENCH_WORK"]).resolve())


# What is compared

# A figure of a job: `ns` of processor time a record, `wall` seconds, `ms` on the clock, `peak` MiB.
Ratio = collections.namedtuple("Ratio", "figure over under")
Value = collections.namedtuple("Value", "figure job")
# `must` and `aim` are bounds of `ours`, lower ones where `more` is better.
Row = collections.namedtuple("Row", "name ours must aim peers more unit", defaults=({}, False, "x"))

ROWS = [
    Row("acl50, combined, 5 M lines: processor time against libmodsecurity", Ratio("ns", "libmodsecurity", "wafcast"), 120, 200,
        {"rg": Ratio("ns", "libmodsecurity", "rg"), "DuckDB": Ratio("ns", "libmodsecurity", "DuckDB"),
         "C ceiling": Ratio("ns", "libmodsecurity", "ceiling")},
        more=True),
    Row("the same: processor time against `zstd -dc`", Ratio("ns", "wafcast", "zstd"), 4, 2.5,
        {"libmodsecurity": Ratio("ns", "libmodsecurity", "zstd"), "rg": Ratio("ns", "rg", "zstd"), "C ceiling": Ratio("ns", "ceiling", "zstd")}),
    Row("the same: time on 2 threads against `zstd -dc FILE \\| wc -l`", Ratio("wall", "wafcast, 2 jobs", "zstd, wc"), 1.3, 1.0,
        {"C ceiling on 2 cores": Ratio("wall", "ceiling, 2 cores", "zstd, wc")}),
    Row("hostile log, every field unique: processor time against libmodsecurity", Ratio("ns", "libmodsecurity, hostile", "wafcast, hostile"), 17, 35,
        {"C ceiling": Ratio("ns", "libmodsecurity, hostile", "ceiling, hostile"),
         "with PCRE2": Ratio("ns", "libmodsecurity, hostile", "ceiling with PCRE2, hostile")},
        more=True),
    Row("ALB, time on 2 threads against `zstd -dc FILE \\| wc -l`", Ratio("wall", "wafcast, ALB", "zstd, wc, ALB"), 1.2, 0.95),
    Row("AWS WAF log, time on 2 threads against `zstd -dc FILE \\| wc -l`", Ratio("wall", "wafcast, WAF", "zstd, wc, WAF"), 1.2, 0.85),
    Row("1,000 patterns in place of 200, ordinary", Ratio("ns", "wafcast, 1,000", "wafcast"), 1.2, 1.05,
        {"libmodsecurity": Ratio("ns", "libmodsecurity, 1,000", "libmodsecurity, 200")}),
    Row("1,000 patterns in place of 200, hostile", Ratio("ns", "wafcast, 1,000, hostile", "wafcast, hostile"), 2.5, 1.5),
    Row("start-up to the first verdict, acl50", Value("ms", "wafcast, one line"), 20, 6,
        {"libmodsecurity": Value("ms", "libmodsecurity, one line")}, unit=" ms"),
    Row("peak memory, 5 M lines", Value("peak", "wafcast, 2 jobs"), 150, 64, {"C ceiling": Value("peak", "ceiling")}, unit=" MiB"),
    # Five percent are the noise of the allocator.
    Row("peak memory of 50 M lines against 5 M", Ratio("peak", "wafcast, 50 M", "wafcast, 2 jobs"), 1.05, 1.05),
    Row("peak memory, a rate-based rule over 10 M clients", Value("peak", "wafcast, 10 M clients"), 512, 512, unit=" MiB"),
    Row("one more core of two: speed-up", Ratio("wall", "wafcast", "wafcast, 2 jobs"), 1.6, 1.85, more=True),
]


def figures(row):
    return [row.ours, *row.peers.values()]


def jobs_of(figure):
    return {figure.job} if isinstance(figure, Value) else {figure.over, figure.under}


# `make` gives the command, only where it is needed, since it may have to make its log; `records` as in it. `pinned` to one core.
Job = collections.namedtuple("Job", "records make pinned every repeat", defaults=(True, 1, 1))


def all_jobs(data, wafcast, rounds):
    replay = f"{wafcast} replay --quiet -o json=/dev/null"
    acl50 = f"--acl {data.acl50}"
    one, two = f"{replay} {acl50} --jobs 1", f"{replay} {acl50} --jobs 2"
    peers, acl = data.work / "bin", data.data / "acl"
    python = data.work / "venv" / "bin" / "python"
    plain, hostile, line = data.data / "c50k.log", data.data / "b500k.log", data.line()

    def peer(command):
        tool = pathlib.Path(command.removeprefix("exec ").split()[0])
        if not tool.exists():
            raise Missing(f"{tool.name} is not installed")
        return command

    def grep():
        if subprocess.run(["sh", "-c", "command -v rg"], stdout=subprocess.DEVNULL).returncode != 0:
            raise Missing("rg is not installed")
        return f"zstd -dc {data.combined()} | rg -c -i --no-unicode -f {acl}/grep-200.txt"

    def addresses():
        return f"{replay} --acl {data.rate_acl()} --jobs 2 {data.addresses()}"

    def long():
        return f"{two} " + " ".join(str(log) for log in data.long())

    return {
        "zstd": Job(5_000_000, lambda: f"zstd -dc {data.combined()} >/dev/null"),
        "zstd, wc": Job(5_000_000, lambda: f"zstd -dc {data.combined()} | wc -l", pinned=False),
        "zstd, wc, ALB": Job(2_000_000, lambda: f"zstd -dc {data.balancer()} | wc -l", pinned=False),
        "zstd, wc, WAF": Job(300_000, lambda: f"zstd -dc {data.records()} | wc -l", pinned=False),
        "wafcast": Job(5_000_000, lambda: f"{one} {data.combined()}"),
        "wafcast, 2 jobs": Job(5_000_000, lambda: f"{two} {data.combined()}", pinned=False),
        "wafcast, hostile": Job(500_000, lambda: f"{one} {data.hostile()}"),
        "wafcast, ALB": Job(2_000_000, lambda: f"{two} {data.balancer()}", pinned=False),
        "wafcast, WAF": Job(300_000, lambda: f"{two} {data.records()}", pinned=False),
        "wafcast, 1,000": Job(5_000_000, lambda: f"{replay} --acl {data.acl1000()}/acl50.json --jobs 1 {data.combined()}"),
        "wafcast, 1,000, hostile": Job(500_000, lambda: f"{replay} --acl {data.acl1000()}/acl50.json --jobs 1 {data.hostile()}"),
        "wafcast, one line": Job(1, lambda: f"exec {wafcast} eval --quiet {acl50} {line} >/dev/null", pinned=False, repeat=4),
        "wafcast, 50 M": Job(50_000_000, long, pinned=False, every=rounds),
        "wafcast, 10 M clients": Job(ADDRESSES, addresses, pinned=False, every=rounds),
        "libmodsecurity": Job(50_000, lambda: peer(f"{peers}/modsec {acl}/acl48.conf {plain} 50000 1")),
        "libmodsecurity, hostile": Job(50_000, lambda: peer(f"{peers}/modsec {acl}/acl48.conf {hostile} 50000 1")),
        "libmodsecurity, 200": Job(50_000, lambda: peer(f"{peers}/modsec {acl}/modsec-200.conf {plain} 50000 1"), every=2),
        "libmodsecurity, 1,000": Job(20_000, lambda: peer(f"{peers}/modsec {acl}/modsec-1000.conf {plain} 20000 1"), every=2),
        "libmodsecurity, one line": Job(1, lambda: peer(f"exec {peers}/modsec {acl}/acl48.conf {line} 1 1 >/dev/null"), pinned=False, repeat=4),
        "ceiling": Job(5_000_000, lambda: peer(f"{peers}/limits c {data.combined()} 1 {acl}")),
        "ceiling, 2 cores": Job(5_000_000, lambda: peer(f"{peers}/limits 2 {data.combined()} 1 {acl}"), pinned=False),
        "ceiling, hostile": Job(500_000, lambda: peer(f"{peers}/limits c {data.hostile()} 1 {acl}")),
        "ceiling with PCRE2, hostile": Job(500_000, lambda: peer(f"{peers}/limits p {data.hostile()} 1 {acl}"), every=2),
        "rg": Job(5_000_000, grep, every=2),
        "DuckDB": Job(5_000_000, lambda: peer(f"{python} {data.bench}/peers/duckq.py {data.combined()} {acl} 1 regex"), every=2),
    }


# Measuring


class Measured:
    """Samples of jobs, and why some have none."""

    def __init__(self):
        self.samples, self.missing = collections.defaultdict(list), {}

    def figure(self, figure):
        """The median of a figure; raises `Missing` where one of its jobs was not run."""
        if isinstance(figure, Value):
            return self.median(figure.figure, figure.job)
        return self.median(figure.figure, figure.over) / self.median(figure.figure, figure.under)

    def median(self, name, job):
        if not self.samples[job]:
            raise Missing(self.missing.get(job, "left out"))
        values = [sample[name] for sample in self.samples[job]]
        return max(values) if name == "peak" else statistics.median(values)


def measure(rows, jobs, rounds):
    measured, commands = Measured(), {}
    needed = set().union(*(jobs_of(figure) for row in rows for figure in figures(row)))
    for name, job in jobs.items():
        if name in needed:
            try:
                commands[name] = job.make()
            except Missing as reason:
                measured.missing[name] = str(reason)
    for number in range(rounds):
        for name, command in commands.items():
            job = jobs[name]
            if number % job.every == 0 and name not in measured.missing:
                for _ in range(job.repeat):
                    try:
                        measured.samples[name].append(sample(command, job))
                    except Missing as reason:
                        measured.missing[name] = str(reason)
                        print(f"bench: {name}: {reason}", file=sys.stderr)
                        break
        print(f"bench: round {number + 1} of {rounds}", file=sys.stderr)
    return measured


def sample(command, job):
    """Runs a command. What libmodsecurity needs is what its harness prints, without reading the log."""
    start = time.monotonic()
    pin = (lambda: os.sched_setaffinity(0, {0})) if job.pinned else None
    process = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=pin)
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    wall = time.monotonic() - start
    if status != 0:
        raise Missing("failed: " + (output.strip().splitlines() or ["no message"])[-1])
    inner = re.search(r"([\d.]+) ns/req", output) if "/modsec " in command else None
    nanoseconds = float(inner[1]) if inner else (usage.ru_utime + usage.ru_stime) / job.records * 1e9
    return {"ns": nanoseconds, "wall": wall, "ms": wall * 1e3, "peak": usage.ru_maxrss / 1024}


# Correctness


def check_counts(data, wafcast, rows):
    """Ends the run unless each rule counts what other evaluators count, on the logs that are measured with.

    In a process of its own: to the peak memory of a command counts what the process had that started it, so this one has to stay small.
    """
    child = os.fork()
    if child == 0:
        try:
            check_all_counts(data, wafcast, rows)
            os._exit(0)
        except BaseException as fault:  # Nothing of this process may go on as the other one.
            print(f"bench: {type(fault).__name__}: {fault}; no speed is measured", file=sys.stderr)
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit(1)


class Wrong(Exception):
    """A count that is not what it should be."""


def check_all_counts(data, wafcast, rows):
    jobs = set().union(*(jobs_of(row.ours) for row in rows))
    expected = (data.bench / "acl50-expect-50k-stateless.tsv").read_text()
    compare("combined", counts(wafcast, data.bench, head(data.combined(), 50_000)), expected)
    logs = {
        "wafcast, hostile": (data.bench, data.hostile, data.hostile, "combined", 20_000),
        "wafcast, ALB": (data.bench, data.balancer, data.balancer, "alb", 20_000),
        # The same requests as in the combined log.
        "wafcast, WAF": (data.bench, data.records, data.combined, "combined", 20_000),
        "wafcast, 1,000": (data.acl1000(), data.combined, data.combined, "combined", 5_000),
        "wafcast, 1,000, hostile": (data.acl1000(), data.hostile, data.hostile, "combined", 2_000),
    }
    for job, (folder, log, plain, form, count) in logs.items():
        if job in jobs:
            command = [sys.executable, data.bench / "eval_acl.py", folder, "--format", form]
            expected = subprocess.run(command, input=head(plain(), count), capture_output=True, check=True).stdout.decode()
            compare(job, counts(wafcast, folder, head(log(), count)), expected)


def counts(wafcast, folder, lines):
    """How often each rule of acl50.json in `folder` matched and ended, of those without rates."""
    others = ("rate-", "Default_Action")
    command = [wafcast, "replay", "--quiet", "--acl", folder / "acl50.json", "-o", "json", "-"]
    report = json.loads(subprocess.run(command, input=lines, capture_output=True, check=True).stdout)
    return {rule["name"]: (rule["matched"], rule["terminated"]) for rule in report["rules"] if not rule["name"].startswith(others)}


def compare(log, found, expected):
    """Compares counts with a table of number, rule, action, matched and terminated, after one line of totals."""
    for line in expected.splitlines()[1:]:
        _, name, _, *numbers = line.split("\t")
        if not name.startswith("rate-"):
            bounds = tuple({"low": int(number), "high": int(number)} for number in numbers)
            if found.pop(name) != bounds:
                raise Wrong(f"{log}: rule {name} does not match and end {' and '.join(numbers)} requests")
    if found:
        raise Wrong(f"{log}: nothing to compare rule {next(iter(found))} with")


# The page


def targets(options, wafcast):
    data = workload()
    rows = [row for row in ROWS if re.search(options.only, row.name)]
    try:
        data.build_peers()
    except Missing as reason:
        print(f"bench: {reason}", file=sys.stderr)
    check_counts(data, wafcast, rows)
    jobs = all_jobs(data, wafcast, options.rounds)
    measured = measure(rows, jobs, options.rounds)
    page = ["## Targets\n", "The counts of the rules are those of other evaluators, on all logs.\n", target_table(rows, measured)]
    page += [f"## Commands, {options.rounds} rounds\n", job_table(jobs, measured)]
    page += ["## Formats, acl50, two threads\n", format_table(data, wafcast, options.rounds)]
    log = data.generated("combined-500k.log.zst", "--lines", "500000")
    page += ["## Stages, acl50, 500,000 combined lines\n", stages(options, data.acl50, log)]
    if options.peers:
        page += ["## All peers\n", peer_table(data, wafcast, options.rounds)]
    return page


def format_table(data, wafcast, rounds):
    """Requests a second of each format of log, the same requests in each but ALB and AWS WAF logs, which are of the same traffic."""
    logs = {"alb": (data.balancer(), 2_000_000), "waf": (data.records(), 300_000)}
    # Nothing in a real-time log names its columns.
    options = {"cloudfront-realtime": f"--log-fields '{data.REALTIME_FIELDS}' "}
    logs |= {log.name.removesuffix(".log.zst"): (log, data.FORMAT_RECORDS) for log in sorted(data.formats().glob("*.log.zst"))}
    replay = f"{wafcast} replay --quiet --acl {data.acl50} --jobs 2 -o json"
    times = collections.defaultdict(list)
    for name, (log, records) in logs.items():
        report = json.loads(subprocess.run(["sh", "-c", f"{replay} {options.get(name, '')}{log}"], capture_output=True, check=True).stdout)
        if report["summary"]["formats"] != {name: records}:
            raise Wrong(f"{log}: read as {report['summary']}, not as {records} records of {name}")
    for _ in range(rounds):
        for name, (log, _) in logs.items():
            job = Job(1, None, pinned=False)
            times[name].append((sample(f"{replay}=/dev/null {options.get(name, '')}{log}", job)["wall"], sample(f"zstd -dc {log} >/dev/null", job)["wall"]))
    speeds = {name: logs[name][1] / statistics.median(wall for wall, _ in samples) for name, samples in times.items()}
    lines = ["| format | requests a second | of combined | against `zstd -dc` |", "|---|---:|---:|---:|"]
    for name, speed in sorted(speeds.items(), key=lambda item: -item[1]):
        ratio = statistics.median(wall / zstd for wall, zstd in times[name])
        lines.append(f"| {name} | {speed:,.0f} | {speed / speeds['combined']:.2f} | {ratio:.1f}x |")
    return "\n".join(lines) + "\n"


def target_table(rows, measured):
    lines = ["| | peers and limits | ours | must | aim | verdict |", "|---|---|---:|---:|---:|---|"]
    for row in rows:
        peers = "; ".join(f"{name} {shown(measured, figure, row.unit)}" for name, figure in row.peers.items())
        bounds = f"{row.must}{row.unit} | {row.aim}{row.unit}"
        lines.append(f"| {row.name} | {peers} | {shown(measured, row.ours, row.unit)} | {bounds} | {verdict(row, measured)} |")
    return "\n".join(lines) + "\n"


def shown(measured, figure, unit):
    try:
        value = measured.figure(figure)
    except Missing as reason:
        return f"not measured: {reason}"
    return f"{value:.0f}{unit}" if value >= 20 else f"{value:.1f}{unit}" if unit != "x" or value >= 5 else f"{value:.2f}{unit}"


def verdict(row, measured):
    try:
        value = measured.figure(row.ours)
    except Missing:
        return ""
    met = (lambda bound: value >= bound) if row.more else (lambda bound: value <= bound)
    return "aim met" if met(row.aim) else "must met" if met(row.must) else "**missed**"


def job_table(jobs, measured):
    lines = ["| | ns/record | least–most | wall s | peak MiB |", "|---|---:|---:|---:|---:|"]
    for name in jobs:
        samples = measured.samples[name]
        if samples:
            spread = [sample["ns"] for sample in samples]
            median = {key: measured.median(key, name) for key in samples[0]}
            least, most = (f"{value:,.0f}" for value in (min(spread), max(spread)))
            lines.append(f"| {name} | {median['ns']:,.0f} | {least}–{most} | {median['wall']:.3f} | {median['peak']:.0f} |")
    return "\n".join(lines) + "\n"


def peer_table(data, wafcast, rounds):
    ours = f"{wafcast} replay --quiet --jobs 1 -o json=/dev/null --format {{format}} --acl {{acl}}/acl50.json {{log}}"
    command = [data.bench / "peers" / "run_peers.sh", data.work, "--two", "--rounds", str(rounds), "--ours", ours]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()


def stages(options, acl, log):
    command = [options.folder.resolve() / "wafcast-bench", "--acl", acl, log, "--rounds", str(options.rounds)]
    return "```\n" + subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout.decode() + "```\n"


def sample_stages(options):
    logs = sorted((ROOT / "SampleLogs").glob("*.zst"))
    return "\n".join(f"`{log.name}`\n\n" + stages(options, "Rules/shop", log.relative_to(ROOT)) for log in logs)


def machine(wafcast):
    """Processor, system and versions, one line each."""

    def said(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return ""

    def first(pattern, text):
        found = re.search(pattern, text, re.MULTILINE)
        return found[1] if found else "unknown"

    def content(path):
        return pathlib.Path(path).read_text() if pathlib.Path(path).exists() else ""

    versions = said(wafcast, "--version")
    changed = " with changes" if said("git", "status", "--porcelain", "--untracked-files=no") else ""
    processor = first(r"model name.*: (.*)", content("/proc/cpuinfo"))
    system = first(r'PRETTY_NAME="(.*)"', content("/etc/os-release"))
    swift = first(r"Swift version (\S+)", said("swift", "--version"))
    pcre2, zstd = first(r"PCRE2 ([0-9.]+)", versions), first(r"zstd ([0-9.]+)", versions)
    lines = [
        f"{processor}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start",
        f"{system}, {platform.system()} {platform.release()}",
        f"Swift {swift}, PCRE2 {pcre2}, zstd {zstd}, libmodsecurity {said('pkg-config', '--modversion', 'modsecurity') or 'not installed'}",
        f"commit {said('git', 'rev-parse', '--short', 'HEAD')}{changed}",
    ]
    return "".join(f"- {line}\n" for line in lines)


if __name__ == "__main__":
    main()
