"""The logs, web ACLs and peers that a benchmark needs, each made once in the work folder and kept there."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# One after the other in time, and each with clients of its own.
SEEDS = range(2, 11)
ADDRESSES = 10_000_000


class Missing(Exception):
    """Something that cannot be measured here, and why."""


class Workload:
    """What lies in `bench` (generators, acl50, peers) and what is made of it in `work`."""

    def __init__(self, bench, work):
        self.bench, self.work, self.data = bench, work, work / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.acl50 = bench / "acl50.json"
        if not self.acl50.exists():
            raise Missing(f"{bench} does not hold acl50.json: set WAFCAST_BENCH")

    # Logs

    def combined(self):
        return self.generated("combined-5m.log.zst", "--lines", "5000000")

    def hostile(self):
        return self.generated("bust-500k.log.zst", "--lines", "500000", "--bust", "1")

    def balancer(self):
        return self.generated("alb-2m.log.zst", "--lines", "2000000", "--format", "alb")

    def records(self):
        return self.made("waf-300k.jsonl.zst", lambda path: run(HERE / "make-waf-log", self.combined(), path))

    FORMAT_RECORDS = 200_000
    # As `make-format-logs` writes them.
    REALTIME_FIELDS = (
        "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location x-host-header "
        "time-taken cs-protocol-version cs-user-agent cs-referer cs-cookie cs-uri-query x-forwarded-for ssl-protocol c-port c-country cs-headers "
        "cs-header-names cs-headers-count asn"
    )

    def formats(self):
        """A folder with a log of each other format, of the same requests."""
        return self.made("formats", lambda path: run(HERE / "make-format-logs", "--records", str(self.FORMAT_RECORDS), self.combined(), path))

    def long(self):
        """Ten logs that are 50 million requests together: new clients keep coming."""
        first = self.combined()

        def later(seed):
            start = 1740787200 + (seed - 1) * 60_000
            return self.generated(f"combined-5m-{seed:02}.log.zst", "--lines", "5000000", "--seed", str(seed), "--start", str(start))

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return [first, *pool.map(later, SEEDS)]

    def addresses(self):
        """Ten million clients, each with one request, within 500 seconds."""
        return self.made("addresses-10m.log.zst", write_addresses)

    def line(self):
        """A log of one line."""
        return self.made("one.log", lambda path: path.write_bytes(head(self.combined(), 1)))

    def generated(self, name, *arguments):
        return self.made(name, lambda path: run(sys.executable, self.bench / "gen_logs.py", *arguments, "--out", path))

    def made(self, name, make):
        """The file of this name, made under another one first."""
        path = self.data / name
        if not path.exists():
            print(f"bench: making {name}", file=sys.stderr)
            draft = path.with_name("draft-" + name)
            make(draft)
            draft.rename(path)
        return path

    # Web ACLs

    def acl1000(self):
        """A folder as acl50 lies in, with 1,000 patterns in place of 200: the others in further Count rules, ten a set like the first.

        AWS WAF takes no more than 50 references in a web ACL, so it would refuse this one; a replay warns and evaluates it.
        """
        folder = self.data / "acl-1000"
        answer = json.loads(self.acl50.read_text())
        rules = answer["WebACL"]["Rules"]
        last = max(index for index, rule in enumerate(rules) if "RegexPatternSetReferenceStatement" in rule["Statement"])
        like = {
            next(iter(rule["Statement"]["RegexPatternSetReferenceStatement"]["FieldToMatch"])): rule
            for rule in rules[: last + 1]
            if "RegexPatternSetReferenceStatement" in rule["Statement"]
        }
        field = {"ua": "SingleHeader", "path": "UriPath", "query": "QueryString"}
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.bench / "acl50", folder / "acl50")
        more = []
        for name, (kind, patterns) in self.further_patterns().items():
            rule = json.loads(json.dumps(like[field[kind]]))
            arn = f"arn:aws:wafv2:us-east-1:123456789012:regional/regexpatternset/{name}/00000000-0000-4000-a000-000000000000"
            rule["Statement"]["RegexPatternSetReferenceStatement"]["ARN"] = arn
            rule |= {"Name": "re-" + name, "Action": {"Count": {}}}
            rule["VisibilityConfig"]["MetricName"] = rule["Name"]
            rule.pop("RuleLabels", None)
            more.append(rule)
            expressions = [{"RegexString": pattern} for pattern in patterns]
            named = {"Name": name, "ARN": arn, "RegularExpressionList": expressions}
            write_json(folder / "acl50" / f"regexset-{name}.json", {"RegexPatternSet": named})
        rules[last + 1 : last + 1] = more
        for priority, rule in enumerate(rules):
            rule["Priority"] = priority
        write_json(folder / "acl50.json", answer)
        return folder

    def further_patterns(self):
        """The patterns of the thousand that acl50 does not have: set name to field and patterns."""
        table = self.data / "acl" / "patterns-1000.tsv"
        if not table.exists():
            run(sys.executable, self.bench / "gen_acl.py", "--peers", table.parent)
        sets = {}
        for line in table.read_text().splitlines():
            kind, name, pattern = line.split("\t")
            if name.startswith("x-"):
                sets.setdefault(name, (kind, []))[1].append(pattern)
        return sets

    def rate_acl(self):
        """One rate-based rule by client address, over ten minutes."""
        statement = {"RateBasedStatement": {"Limit": 100, "EvaluationWindowSec": 600, "AggregateKeyType": "IP"}}
        visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "limit"}
        rule = {"Name": "limit", "Priority": 0, "Statement": statement, "Action": {"Block": {}}, "VisibilityConfig": visibility}
        path = self.data / "rate.json"
        write_json(path, {"Name": "rate", "DefaultAction": {"Allow": {}}, "Rules": [rule], "VisibilityConfig": visibility})
        return path

    # Peers

    def build_peers(self):
        """Builds the peers' harnesses and makes their data; raises `Missing` where that fails."""
        script = self.bench / "peers" / "run_peers.sh"
        done = subprocess.run([script, self.work, "--rounds", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Missing("the peers cannot be built: " + (done.stderr.strip().splitlines() or ["no message"])[0])


def run(*command):
    if subprocess.run([str(part) for part in command]).returncode != 0:
        raise Missing(f"{pathlib.Path(command[0]).name} failed")


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def head(log, count):
    """The first lines of a log."""
    source = subprocess.Popen(["zstd", "-qdc", log], stdout=subprocess.PIPE)
    lines = b"".join(line for _, line in zip(range(count), source.stdout))
    source.kill()
    source.wait()
    return lines


def write_addresses(path):
    """Writes combined lines whose addresses are all different, in no order, 20,000 a second."""
    halves = [f"{number >> 8}.{number & 255}" for number in range(1 << 16)]
    with subprocess.Popen(["zstd", "-qf", "-1", "-o", path], stdin=subprocess.PIPE) as packer:
        for second in range(ADDRESSES // 20_000):
            tail = f' - - [01/Mar/2025:00:{second // 60:02}:{second % 60:02} +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.5.0"\n'
            lines = []
            for number in range(second * 20_000, (second + 1) * 20_000):
                # An odd factor makes the numbers below 2^32 a permutation of themselves.
                address = number * 2_654_435_761 % (1 << 32)
                lines.append(halves[address >> 16] + "." + halves[address & 65535] + tail)
            packer.stdin.write("".join(lines).encode())
    if packer.returncode != 0:
        raise Missing("zstd failed")
