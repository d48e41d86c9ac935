#!/usr/bin/env python3
"""Makes the second sample log: one week of made traffic at a small photo site, as AWS WAF would have logged it, and the truth planted in it.

    week/generate.py [--output FOLDER] [--seed N]

Needs nothing but Python's standard library and the `zstd` command. The same seed gives the same text, byte for byte. See README.md.
"""

import argparse
import collections
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from photos import truth, week  # noqa: E402
from waflog import compress, waf_line  # noqa: E402
from webacl import WebACL  # noqa: E402

SOURCE = "111122223333-app/photos-alb/1f0c88bd2a5e4c37"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", type=pathlib.Path, default=FOLDER, help="where to write the log and the truth (default: beside this program)")
    parser.add_argument("--seed", type=int, default=20260309)
    options = parser.parse_args()

    requests = week(options.seed)
    planted = json.dumps(truth(requests), indent=2)
    (options.output / "planted.json").write_text(planted + "\n")
    acl = WebACL(FOLDER)
    decisions = [acl.decide(request) for request in requests]
    compress(options.output / "week-waf.jsonl.zst",
             (waf_line(request, decision, acl.arn, SOURCE, trace(number, request.time))
              for number, (request, decision) in enumerate(zip(requests, decisions))))
    for (action, rule), count in sorted(collections.Counter((decision.action, decision.rule) for decision in decisions).items()):
        print(f"{count:7} {action:9} {rule}")


def trace(number, time):
    return f"1-{time // 1000:08x}-5a17e1000000{number:012x}"


if __name__ == "__main__":
    main()
