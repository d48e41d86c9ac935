#!/usr/bin/env python3
"""Makes the sample logs: one day of made traffic at a small web shop, as three machines would have written it down.

    generate.py [--output FOLDER] [--seed N]

Needs nothing but Python's standard library and the `zstd` command. The same seed gives the same text, byte for byte; the compressed files may differ
between releases of zstd. See README.md for what is in the logs and why.
"""

import argparse
import collections
import pathlib
import time

from traffic import DAY, HOST, HOUR, MINUTE, SECOND, day
from waflog import compress, waf_line
from webacl import WebACL

FOLDER = pathlib.Path(__file__).resolve().parent
ACCOUNT = "111122223333"
BALANCER = "app/shop-alb/50dc6c495c0c9188"
TARGET_GROUP = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:targetgroup/shop/73e2d6bc24d8a067"
CERTIFICATE = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=pathlib.Path, default=FOLDER, help="where to write the logs (default: beside this program)")
    parser.add_argument("--seed", type=int, default=20260303)
    options = parser.parse_args()

    acl = WebACL(FOLDER.parent / "Rules" / "shop")
    entries = [Entry(number, request, acl.decide(request)) for number, request in enumerate(day(options.seed))]
    compress(options.output / "shop-waf.jsonl.zst",
             (waf_line(entry.request, entry.decision, acl.arn, f"{ACCOUNT}-{BALANCER}", entry.trace) for entry in entries))
    compress(options.output / "shop-alb.log.zst", weave(entries, alb_line, ALB_ODDITIES))
    compress(options.output / "shop-combined.log.zst", weave(entries, combined_line, COMBINED_ODDITIES))
    summarise(entries)


class Entry:
    """One request, what the web ACL made of it, and what the shop answered."""

    def __init__(self, number, request, decision):
        self.request = request
        self.decision = decision
        # Two numbers that look random and follow from the place in the day.
        self.noise = number * 2654435761 % 2**32
        self.trace = f"1-{request.time // SECOND:08x}-5a17e0000000{number:04x}{self.noise:08x}"
        self.target = request.path + ("?" + request.query if request.query else "")
        self.passed = decision.action == "ALLOW"
        self.status = answer(request) if self.passed else decision.status or 403
        if not self.passed:
            self.bytes = len(decision.body) if decision.body else 118
        elif self.status in (204, 302, 304) or request.method == "HEAD":
            self.bytes = 0
        elif request.path == "/healthz":
            self.bytes = 3
        else:
            self.bytes = 300 + (len(request.path) * 7919 + self.noise % 97 * 13) % 41000


def answer(request):
    """Status of the shop's own answer to a request that reached it."""
    if request.method == "OPTIONS":
        return 204
    if request.path.startswith(("/images/", "/catalog/gifts/none")) or request.path.endswith((".php", ".action", ".log", ".ini", "-status")):
        return 404
    if request.method == "POST" and request.path in ("/account/login", "/account/register", "/checkout/payment"):
        return 302 if request.header("cookie") else 401
    if request.path.startswith("/api/v1/partner/") and not request.header("x-api-key"):
        return 401
    return 200


# Application Load Balancer: 33 fields

def alb_line(entry):
    request, decision = entry.request, entry.decision
    spent = 2 + entry.noise % 180 if entry.passed else 1
    target = f"10.0.1.{15 + entry.noise % 2}:8080" if entry.passed else "-"
    agent = "".join(request.header("user-agent")) or "-"
    received = len(entry.target) + 40 + sum(len(name) + len(value) + 4 for name, value in request.headers) + len(request.body)
    return " ".join([
        "h2" if request.version == "HTTP/2.0" else "https",
        iso(request.time + spent, entry.noise % 1000),
        BALANCER,
        f"{request.client.address}:{1024 + entry.noise % 60000}",
        target,
        f"0.001 {spent / 1000:.3f} 0.000" if entry.passed else "0.001 -1 -1",
        str(entry.status),
        str(entry.status) if entry.passed else "-",
        str(received),
        str(entry.bytes + 210),
        quoted(f"{request.method} https://{request.host}:443{entry.target} {request.version}"),
        quoted(agent),
        "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2",
        TARGET_GROUP,
        quoted("Root=" + entry.trace),
        quoted(HOST if request.host == HOST else "-"),
        quoted(CERTIFICATE),
        "0",
        iso(request.time, entry.noise % 1000),
        '"waf,forward"' if entry.passed else '"waf"',
        '"-" "-"',
        quoted(target),
        quoted(str(entry.status) if entry.passed else "-"),
        '"-" "-"',
        f"TID_{entry.noise:08x}{entry.noise % 65521:08x}",
        '"-" "-" "-"',
    ]).encode()


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def iso(milliseconds, micros):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // SECOND)) + f".{milliseconds % SECOND:03d}{micros:03d}Z"


# nginx: combined

def combined_line(entry):
    request = entry.request
    agent = "".join(request.header("user-agent"))
    referer = "".join(request.header("referer"))
    line = escaped(f"{request.method} {entry.target} {request.version}")
    return (f'{request.client.address} - - [{clf(request.time)}] "{line}" {entry.status} {entry.bytes} '
            f'"{escaped(referer) or "-"}" "{escaped(agent) or "-"}"').encode()


def escaped(text):
    """nginx writes quotes, backslashes, control bytes and everything from 0x7f up as hexadecimal."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02X}" for byte in text.encode())


def clf(milliseconds):
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(milliseconds // SECOND))


# Lines that are no ordinary request: they never reached the web ACL, or were never requests at all

def odd_times(count, offset):
    return [DAY + offset + number * (24 * HOUR // count) for number in range(count)]


def combined_oddities():
    tls = "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03"
    for each in odd_times(20, 17 * MINUTE):
        yield each, f'203.0.113.240 - - [{clf(each)}] "{tls}" 400 157 "-" "-"'
    for each in odd_times(24, 29 * MINUTE):
        yield each, f'198.51.100.252 - - [{clf(each)}] "-" 408 0 "-" "-"'
    for each in odd_times(3, 41 * MINUTE):
        yield each, f'198.51.100.252 - - [{clf(each)}] "" 400 0 "-" "-"'
    yield DAY + 6 * HOUR, "nginx: [notice] signal process started"
    yield DAY + 6 * HOUR, ""
    yield DAY + 9 * HOUR, f'203.0.113.77 - - [{clf(DAY + 9 * HOUR)}] "GET /catalog/kitchen HTTP/2.0'
    yield DAY + 15 * HOUR, '203.0.113.78 - - [03/Mar/2026:15:00'
    yield DAY + 20 * HOUR, f'- [{clf(DAY + 20 * HOUR)}] "GET /'


def alb_oddities():
    for number, each in enumerate(odd_times(6, 23 * MINUTE)):
        yield each, (f'http {iso(each, 0)} {BALANCER} 203.0.113.240:{50000 + number} - -1 -1 -1 400 - 0 272 '
                     f'"- http://shop-alb-1234567890.eu-west-1.elb.amazonaws.com:80- " "-" - - - "-" "-" "-" - '
                     f'{iso(each, 0)} "-" "-" "-" "-" "-" "-" "-" TID_00000000000000000000000000000000 "-" "-" "-"')


COMBINED_ODDITIES = list(combined_oddities())
ALB_ODDITIES = list(alb_oddities())


def weave(entries, write, oddities):
    """The lines of the entries with the odd lines between them, in order of time."""
    waiting = collections.deque(sorted(oddities, key=lambda oddity: oddity[0]))
    for entry in entries:
        while waiting and waiting[0][0] <= entry.request.time:
            yield waiting.popleft()[1].encode()
        yield write(entry)
    for _, line in waiting:
        yield line.encode()


# Output

def summarise(entries):
    for (action, rule), count in sorted(collections.Counter((entry.decision.action, entry.decision.rule) for entry in entries).items()):
        print(f"{count:7} {action:9} {rule}")


if __name__ == "__main__":
    main()
