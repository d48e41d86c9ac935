"""A small, slow, obvious evaluator of AWS WAF web ACLs: enough for the statements that Rules/shop and week/ use.

It decides what the made WAF log says AWS did. It knows every request in full (body, country, fingerprints, token), works on the
documents as the API answers them and raises KeyError for a statement it does not know, so that a changed rule set cannot be half understood.
Two things cannot be computed and are planted instead: the results of the SQL injection and XSS detectors, and the contents of managed groups.
"""

import base64
import ipaddress
import json
import pathlib
import re

BODY_LIMIT = 8192
CHECK_INTERVAL = 10_000
"""Milliseconds between two looks of a rate-based rule at its counts: the service does not look at every request."""


class Request:
    """One request, known in full."""

    def __init__(self, time, client, method, path, query="", headers=(), body=b"", attack=None, token=None):
        self.time = time
        self.client = client
        self.method = method
        self.path = path
        self.query = query
        self.headers = list(headers)
        self.body = body
        self.attack = attack
        """What the detectors find: a pair of "sqli" or "xss" and the tokens they report."""
        self.token = token or {}
        """Seconds since the epoch at which the client solved a "captcha" or a "challenge"."""

    def header(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def arguments(self):
        for piece in filter(None, self.query.split("&")):
            name, _, value = piece.partition("=")
            yield name, value


class Decision:
    """What became of one request, with everything a WAF log line says about it."""

    def __init__(self):
        self.action = None
        self.rule = "Default_Action"
        self.rule_type = "REGULAR"
        self.details = []
        self.counted = []
        self.groups = []
        self.rates = []
        self.labels = []
        self.inserted = []
        self.status = None
        self.body = None
        self.puzzle = {}
        self.oversize = []
        self.asn = None
        """The client's network number, once a rule has asked for it."""

    def add_label(self, name):
        if name not in self.labels:
            self.labels.append(name)


class WebACL:
    """A web ACL with the sets and groups beside it, and the state of its rate-based rules."""

    def __init__(self, folder):
        self.entities = {}
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            document = json.loads(path.read_text())
            for kind, entity in document.items():
                if kind == "WebACL":
                    self.acl = entity
                elif kind in ("IPSet", "RegexPatternSet", "RuleGroup"):
                    self.entities[entity["ARN"]] = entity
        self.arn = self.acl["ARN"]
        self.rules = sorted(self.acl["Rules"], key=lambda rule: rule["Priority"])
        self.windows = {}
        self.networks = {
            arn: [ipaddress.ip_network(text) for text in entity["Addresses"]]
            for arn, entity in self.entities.items()
            if "Addresses" in entity
        }

    def decide(self, request):
        """Evaluates one request. Requests have to come in order of time."""
        decision = Decision()
        for rule in self.rules:
            if "OverrideAction" in rule:
                ended = self.run_group(rule, request, decision)
            else:
                ended = self.run_rule(rule, request, decision)
            if ended:
                break
        else:
            decision.action = "ALLOW" if "Allow" in self.acl["DefaultAction"] else "BLOCK"
        if decision.action != "ALLOW":
            decision.inserted = []
        return decision

    # Rules and actions

    def run_rule(self, rule, request, decision):
        scope = Scope(self, request, decision, self.acl["LabelNamespace"])
        matched = scope.matches(rule["Statement"], rule["Name"])
        for label in scope.geo_labels:
            decision.add_label(label)
        if not matched:
            return False
        for label in rule.get("RuleLabels", []):
            decision.add_label(self.acl["LabelNamespace"] + label["Name"])
        action, ended, more = self.apply(rule, rule["Action"], request, decision, self.acl)
        if ended:
            decision.action = action
            decision.rule = rule["Name"]
            decision.rule_type = "RATE_BASED" if "RateBasedStatement" in rule["Statement"] else "REGULAR"
            decision.details = scope.details
        else:
            decision.counted.append({"ruleId": rule["Name"], "action": action, "ruleMatchDetails": scope.details, **more})
        return ended

    def apply(self, rule, wanted, request, decision, owner):
        """Carries out an action. Returns its name in the log, whether it ends the evaluation, and what a log entry adds."""
        (kind, settings), = wanted.items()
        action = kind.upper()
        if action in ("ALLOW", "COUNT"):
            decision.inserted += settings.get("CustomRequestHandling", {}).get("InsertHeaders", [])
            return action, action == "ALLOW", {}
        if action == "BLOCK":
            response = settings.get("CustomResponse", {})
            decision.status = response.get("ResponseCode")
            key = response.get("CustomResponseBodyKey")
            decision.body = owner["CustomResponseBodies"][key]["Content"] if key else None
            return action, True, {}
        member = "captchaResponse" if action == "CAPTCHA" else "challengeResponse"
        immunity = (rule.get(kind + "Config") or self.acl[kind + "Config"])["ImmunityTimeProperty"]["ImmunityTime"]
        solved = request.token.get(kind.lower())
        if solved is not None and request.time // 1000 - solved <= immunity:
            return action, False, {member: {"responseCode": 0, "solveTimestamp": solved}}
        decision.status = 405 if action == "CAPTCHA" else 202
        reason = "TOKEN_MISSING" if solved is None and not request.token else "TOKEN_EXPIRED"
        decision.puzzle = {member: {"responseCode": decision.status, "solveTimestamp": 0, "failureReason": reason}}
        return action, True, {}

    # Rule groups

    def run_group(self, rule, request, decision):
        (kind, reference), = rule["Statement"].items()
        entry = {"terminatingRule": None, "nonTerminatingMatchingRules": [], "excludedRules": None, "customerConfig": None}
        if kind == "ManagedRuleGroupStatement":
            scope = Scope(self, request, decision, self.acl["LabelNamespace"])
            if "ScopeDownStatement" in reference and not scope.matches(reference["ScopeDownStatement"], rule["Name"]):
                return False
            entry = {"ruleGroupId": f"{reference['VendorName']}#{reference['Name']}", **entry}
            group, group_type = MANAGED[reference["Name"]], "MANAGED_RULE_GROUP"
            matches = ((name, {"Block": {}}, labels, []) for name, *labels in group["matches"](request, decision))
            prefix, owner = group["prefix"], self.acl
        else:
            group, group_type = self.entities[reference["ARN"]], "GROUP"
            entry = {"ruleGroupId": reference["ARN"], **entry}
            prefix, owner = group["LabelNamespace"], group
            matches = self.group_matches(group, request, decision)
        decision.groups.append(entry)
        excluded = {item["Name"] for item in reference.get("ExcludedRules", [])}
        overrides = {item["Name"]: item["ActionToUse"] for item in reference.get("RuleActionOverrides", [])}
        for name, configured, labels, details in matches:
            for label in labels:
                decision.add_label(prefix + label)
            if name is None:
                continue
            if name in excluded and name not in overrides:
                entry["excludedRules"] = (entry["excludedRules"] or []) + [{"exclusionType": "EXCLUDED_AS_COUNT", "ruleId": name}]
                continue
            counted_group = "Count" in rule["OverrideAction"]
            before = (list(decision.inserted), decision.status, decision.body, decision.puzzle)
            action, ended, more = self.apply(rule, overrides.get(name, configured), request, decision, owner)
            match = {"ruleId": name, "action": action}
            if name in overrides:
                match["overriddenAction"] = next(iter(configured)).upper()
            match["ruleMatchDetails"] = None if ended else details
            if not ended:
                entry["nonTerminatingMatchingRules"].append({**match, **more})
                continue
            entry["terminatingRule"] = match
            if not counted_group:
                decision.action, decision.rule, decision.rule_type, decision.details = action, rule["Name"], group_type, details
                return True
            decision.inserted, decision.status, decision.body, decision.puzzle = before
            decision.counted.append({"ruleId": rule["Name"], "action": "COUNT", "ruleMatchDetails": []})
            return False
        return False

    def group_matches(self, group, request, decision):
        for rule in sorted(group["Rules"], key=lambda rule: rule["Priority"]):
            scope = Scope(self, request, decision, group["LabelNamespace"])
            if scope.matches(rule["Statement"], rule["Name"]):
                yield rule["Name"], rule["Action"], [label["Name"] for label in rule.get("RuleLabels", [])], scope.details


class Scope:
    """The statements of one rule over one request."""

    def __init__(self, acl, request, decision, prefix):
        self.acl = acl
        self.request = request
        self.decision = decision
        self.prefix = prefix
        self.geo_labels = []
        self.details = []

    def matches(self, statement, name):
        (kind, members), = statement.items()
        if kind == "AndStatement":
            return all(self.matches(each, name) for each in members["Statements"])
        if kind == "OrStatement":
            return any(self.matches(each, name) for each in members["Statements"])
        if kind == "NotStatement":
            return not self.matches(members["Statement"], name)
        if kind == "RateBasedStatement":
            return self.over_limit(members, name)
        return STATEMENTS[kind](self, members)

    # Field-based statements

    def bytes_match(self, members):
        wanted = base64.b64decode(members["SearchString"])
        if "JA4Fingerprint" in members["FieldToMatch"]:
            return self.request.client.ja4.encode() == wanted
        test = {
            "EXACTLY": lambda value: value == wanted,
            "STARTS_WITH": lambda value: value.startswith(wanted),
            "ENDS_WITH": lambda value: value.endswith(wanted),
            "CONTAINS": lambda value: wanted in value,
        }[members["PositionalConstraint"]]
        return any(map(test, self.values(members)))

    def regex_match(self, members):
        return self.search([members["RegexString"]], members)

    def regex_set(self, members):
        patterns = self.acl.entities[members["ARN"]]["RegularExpressionList"]
        return self.search([pattern["RegexString"] for pattern in patterns], members)

    def search(self, patterns, members):
        return any(re.search(pattern.encode(), value) for value in self.values(members) for pattern in patterns)

    def size(self, members):
        body = members["FieldToMatch"].get("Body")
        if body and body.get("OversizeHandling") == "MATCH" and len(self.request.body) > BODY_LIMIT:
            self.note_oversize("REQUEST_BODY")
            return True
        wanted = members["Size"]
        test = {
            "GE": lambda value: len(value) >= wanted,
            "GT": lambda value: len(value) > wanted,
        }[members["ComparisonOperator"]]
        return any(map(test, self.values(members)))

    def detector(self, members):
        kind = "sqli" if "SensitivityLevel" in members else "xss"
        if not self.request.attack or self.request.attack[0] != kind:
            return False
        detail = {"conditionType": "SQL_INJECTION", "sensitivityLevel": members["SensitivityLevel"]} if kind == "sqli" else {"conditionType": "XSS"}
        name, _ = next(self.request.arguments())
        self.details.append({**detail, "location": "ALL_QUERY_ARGS", "matchedData": self.request.attack[1], "matchedFieldName": name})
        return True

    def values(self, members):
        values = self.extract(members["FieldToMatch"])
        if not values:
            return values
        for step in sorted(members["TextTransformations"], key=lambda step: step["Priority"]):
            values = [TRANSFORMATIONS[step["Type"]](value) for value in values]
        return values

    def extract(self, field):
        request = self.request
        (kind, members), = field.items()
        if kind == "UriPath":
            return [request.path.encode()]
        if kind == "QueryString":
            return [request.query.encode()] if request.query else []
        if kind == "Method":
            return [request.method.encode()]
        if kind == "AllQueryArguments":
            return [value.encode() for _, value in request.arguments()]
        if kind == "SingleQueryArgument":
            return [value.encode() for name, value in request.arguments() if name.lower() == members["Name"].lower()]
        if kind == "SingleHeader":
            return [value.encode() for value in request.header(members["Name"])]
        if kind == "Cookies":
            pieces = [piece.strip() for line in request.header("cookie") for piece in line.split(";")]
            return [piece.partition("=")[2].encode() for piece in pieces if piece]
        if kind == "Body":
            if len(request.body) > BODY_LIMIT:
                self.note_oversize("REQUEST_BODY")
            return [request.body[:BODY_LIMIT]] if request.body else []
        if kind == "JsonBody":
            # The bodies of the shop's interface are one flat object.
            members = json.loads(request.body)
            return [members[path[1:]].encode() for path in field["JsonBody"]["MatchPattern"]["IncludedPaths"] if path[1:] in members]
        raise KeyError(kind)

    def note_oversize(self, name):
        if name not in self.decision.oversize:
            self.decision.oversize.append(name)

    # Statements over the client and the labels

    def country(self, members):
        client = self.request.client
        self.geo_labels += [f"awswaf:clientip:geo:country:{client.country}", f"awswaf:clientip:geo:region:{client.country}-{client.region}"]
        return client.country in members["CountryCodes"]

    def network_number(self, members):
        self.decision.asn = self.request.client.asn
        return self.request.client.asn in members["AsnList"]

    def address(self, members):
        networks = self.acl.networks[members["ARN"]]
        forwarded = members.get("IPSetForwardedIPConfig")
        if not forwarded:
            return any(self.request.client.address in network for network in networks)
        if forwarded["Position"] != "FIRST" or forwarded["FallbackBehavior"] != "NO_MATCH":
            raise KeyError("forwarded address other than FIRST, NO_MATCH")
        lines = self.request.header(forwarded["HeaderName"])
        try:
            first = ipaddress.ip_address(",".join(lines).split(",")[0].strip())
        except ValueError:
            return False
        return any(first in network for network in networks)

    def label(self, members):
        key, prefix = members["Key"], self.prefix
        for label in self.decision.labels:
            if key.startswith("awswaf:"):
                found = label == key if members["Scope"] == "LABEL" else label.startswith(key)
            elif not label.startswith(prefix):
                continue
            elif members["Scope"] == "LABEL":
                found = (":" + label[len(prefix):]).endswith(":" + key)
            else:
                found = ":" + key in ":" + label[len(prefix):]
            if found:
                return True
        return False

    # Rate-based statements

    def over_limit(self, members, name):
        if "ScopeDownStatement" in members and not self.matches(members["ScopeDownStatement"], name):
            return False
        request, kind = self.request, members["AggregateKeyType"]
        entry = {
            "rateBasedRuleId": f"{self.acl.arn}/{name}",
            "rateBasedRuleName": name,
            "limitKey": kind.replace("CUSTOM_KEYS", "CUSTOMKEYS"),
            "maxRateAllowed": members["Limit"],
            "evaluationWindowSec": str(members["EvaluationWindowSec"]),
        }
        if kind == "IP":
            key = request.client.address
            entry["limitValue"] = str(key)
        else:
            key, entry["customValues"] = self.custom_keys(members["CustomKeys"])
            if key is None:
                self.decision.rates.append({**entry, "rateBasedRuleId": "NO_EVALUATION_PERFORMED"})
                return False
        self.decision.rates.append(entry)
        return self.acl.windows.setdefault(name, RateWindow(members)).count(key, request.time)

    def custom_keys(self, keys):
        values, shown = [], []
        for key in keys:
            (kind, members), = key.items()
            if kind == "IP":
                values.append(self.request.client.address)
                shown.append({"key": "IP", "value": str(self.request.client.address)})
                continue
            if kind != "Header":
                raise KeyError(kind)
            found = self.values({"FieldToMatch": {"SingleHeader": members}, "TextTransformations": members["TextTransformations"]})
            if not found:
                return None, []
            values.append(b",".join(found))
            shown.append({"key": "HEADER", "name": members["Name"], "value": values[-1].decode()[:32]})
        return tuple(values), shown


STATEMENTS = {
    "ByteMatchStatement": Scope.bytes_match,
    "RegexMatchStatement": Scope.regex_match,
    "RegexPatternSetReferenceStatement": Scope.regex_set,
    "SizeConstraintStatement": Scope.size,
    "SqliMatchStatement": Scope.detector,
    "XssMatchStatement": Scope.detector,
    "GeoMatchStatement": Scope.country,
    "AsnMatchStatement": Scope.network_number,
    "IPSetReferenceStatement": Scope.address,
    "LabelMatchStatement": Scope.label,
}


class RateWindow:
    """Counts of one rate-based rule as the service keeps them: looked at every ten seconds, decisive until the next look."""

    def __init__(self, members):
        self.limit = members["Limit"]
        self.window = members["EvaluationWindowSec"] * 1000
        self.times = {}
        self.limited = set()
        self.checked = 0

    def count(self, key, time):
        """Adds a request and says whether its key is over the limit."""
        check = time - time % CHECK_INTERVAL
        if check > self.checked:
            self.checked = check
            kept = ((each, [t for t in times if t > check - self.window]) for each, times in self.times.items())
            self.times = {each: times for each, times in kept if times}
            self.limited = {each for each, times in self.times.items() if len(times) > self.limit}
        self.times.setdefault(key, []).append(time)
        return key in self.limited


# Text transformations

def url_decode(value):
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda found: bytes.fromhex(found[1].decode()), value.replace(b"+", b" "))


def normalize_path(value):
    if not value:
        return value
    absolute, trailing, kept = value.startswith(b"/"), value.endswith(b"/"), []
    for segment in value.split(b"/"):
        if segment in (b"", b"."):
            continue
        if segment != b"..":
            kept.append(segment)
        elif kept and kept[-1] != b"..":
            kept.pop()
        elif not absolute:
            kept.append(segment)
    return b"/" * absolute + b"/".join(kept) + b"/" * (trailing and bool(kept))


TRANSFORMATIONS = {
    "NONE": lambda value: value,
    "LOWERCASE": bytes.lower,
    "URL_DECODE": url_decode,
    "NORMALIZE_PATH": normalize_path,
    "COMPRESS_WHITE_SPACE": lambda value: re.sub(rb"[ \t\n\r\x0b\x0c\xa0]+", b" ", value),
}


# Managed groups: the published checks, as far as the made traffic touches them

def common_rule_set(request, decision):
    """Rules of AWSManagedRulesCommonRuleSet that match, each with its labels, in the order of the published list."""
    if len(request.body) > BODY_LIMIT and "REQUEST_BODY" not in decision.oversize:
        decision.oversize.append("REQUEST_BODY")
    arguments = [url_decode(value.encode()) for _, value in request.arguments()]
    if not request.header("user-agent"):
        yield "NoUserAgent_HEADER", "NoUserAgent_Header"
    if len(request.query) > 2048:
        yield "SizeRestrictions_QUERYSTRING", "SizeRestrictions_QueryString"
    if len(request.body) > BODY_LIMIT:
        yield "SizeRestrictions_BODY", "SizeRestrictions_Body"
    if any(b"169.254.169.254" in value for value in arguments):
        yield "EC2MetaDataSSRF_QUERYARGUMENTS", "EC2MetaDataSSRF_QueryArguments"
    if "../" in request.path:
        yield "GenericLFI_URIPATH", "GenericLFI_URIPath"
    if request.path.endswith((".log", ".ini")):
        yield "RestrictedExtensions_URIPATH", "RestrictedExtensions_URIPath"
    if any(re.match(rb"(https?|ftps?|file)://[0-9]+(\.[0-9]+){3}", value) for value in arguments):
        yield "GenericRFI_QUERYARGUMENTS", "GenericRFI_QueryArguments"
    if request.attack and request.attack[0] == "xss":
        yield "CrossSiteScripting_QUERYARGUMENTS", "CrossSiteScripting_QueryArguments"


SEARCH_ENGINES = {"Googlebot": "googlebot", "bingbot": "bingbot"}
SEARCH_ENGINE_NETWORK = ipaddress.ip_network("198.51.100.128/28")
"""Where the made search engines come from, as those who run the group would look it up."""


def bot_control(request, decision):
    """AWSManagedRulesBotControlRuleSet: a verified search engine gets labels and no rule, one that only bears the name is a match."""
    agent = "".join(request.header("user-agent"))
    for name, label in SEARCH_ENGINES.items():
        if name in agent:
            kind = ["bot:category:search_engine", "bot:name:" + label]
            if request.client.address in SEARCH_ENGINE_NETWORK:
                yield None, *kind, "bot:verified"
            else:
                yield "CategorySearchEngine", *kind, "bot:unverified"


MANAGED = {
    "AWSManagedRulesBotControlRuleSet": {"prefix": "awswaf:managed:aws:bot-control:", "matches": bot_control},
    "AWSManagedRulesCommonRuleSet": {"prefix": "awswaf:managed:aws:core-rule-set:", "matches": common_rule_set},
}
