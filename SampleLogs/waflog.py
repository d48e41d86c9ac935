"""Writes what a web ACL decided as AWS WAF logs it: one JSON object a line."""

import json
import subprocess

from webacl import BODY_LIMIT


def waf_line(request, decision, arn, source, trace):
    """One record. `source` is the protected load balancer, `trace` the id that it gave the request."""
    client = request.client
    record = {
        "timestamp": request.time,
        "formatVersion": 1,
        "webaclId": arn,
        "terminatingRuleId": decision.rule,
        "terminatingRuleType": decision.rule_type,
        "action": decision.action,
        "terminatingRuleMatchDetails": decision.details,
        "httpSourceName": "ALB",
        "httpSourceId": source,
        "ruleGroupList": decision.groups,
        "rateBasedRuleList": decision.rates,
        "nonTerminatingMatchingRules": decision.counted,
        "requestHeadersInserted": [{"name": "x-amzn-waf-" + header["Name"], "value": header["Value"]} for header in decision.inserted] or None,
        "responseCodeSent": decision.status,
        "httpRequest": {
            "clientIp": str(client.address),
            "country": client.country,
            "headers": [{"name": name, "value": value} for name, value in request.headers],
            "uri": request.path,
            "args": request.query,
            "httpVersion": request.version,
            "httpMethod": request.method,
            "requestId": trace,
            "fragment": "",
            "scheme": "https",
            "host": request.host,
        },
        **decision.puzzle,
    }
    if decision.labels:
        record["labels"] = [{"name": name} for name in decision.labels]
    record["ja3Fingerprint"] = client.ja3
    record["ja4Fingerprint"] = client.ja4
    if decision.asn is not None:
        record["clientAsn"] = decision.asn
    record["requestBodySize"] = len(request.body)
    record["requestBodySizeInspectedByWAF"] = min(len(request.body), BODY_LIMIT)
    if decision.oversize:
        record["oversizeFields"] = decision.oversize
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


def compress(path, lines):
    """Writes the lines through the zstd command, and says how much it was."""
    text = b"".join(line + b"\n" for line in lines)
    subprocess.run(["zstd", "-19", "--no-progress", "--single-thread", "--force", "--quiet", "-o", str(path)], input=text, check=True)
    print(f"{path.name}: {text.count(bytes([10]))} lines, {len(text)} bytes, {path.stat().st_size} compressed")
