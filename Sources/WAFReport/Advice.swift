internal import WAFEngine

extension Reason {
  /// What a person has to know of this gap, and what would close it.
  var advice: String {
    switch self {
    case .bodyNotInLog: "No log holds request bodies. Read the upper number as the worst case, or replay requests captured with their bodies."
    case .headerNotInLog: "The log lacks a header that a rule inspects. AWS WAF logs hold all headers; so do access logs that are told to."
    case .queryNotInLog: "The log lacks query strings. Turn them on in the access log, or replay AWS WAF logs."
    case .pathNotInLog: "The line holds no readable path: a TLS handshake on a plain port, or a template of API Gateway. Log $context.path there."
    case .methodNotInLog: "The line holds no readable method."
    case .fieldRedacted: "The logging configuration redacts a field that a rule inspects. Remove it from RedactedFields or from data protection."
    case .valueTruncated: "The log holds the beginning of a value only: it was cut, or logged in other words than sent. AWS WAF logs hold all of it."
    case .clientIPUnknown: "The line holds no client address, or one that the server masked or that a client may have made up."
    case .countryUnknown: "The log holds no country. AWS WAF logs do; --geoip looks it up in a database."
    case .asnUnknown: "The log holds no autonomous system number. AWS WAF logs do, once a rule uses it; --asn looks it up."
    case .fingerprintUnknown: "The log holds no TLS fingerprint. AWS WAF logs of CloudFront and load balancers do."
    case .timeUnknown: "Requests without a time cannot be counted by a rate-based rule."
    case .managedNotRecorded: "Managed rules are not public. AWS WAF logs record what they matched: replay those, with this web ACL deployed."
    case .referenceMissing: "A set or group that a rule names was not found. Save it beside the web ACL (README.md)."
    case .configurationUnknown: "A template leaves a value open. Fill it in."
    case .labelUndetermined: "A rule looks for a label that an undetermined rule may have added. Close that rule's gap."
    case .rateUndetermined: "It is open which requests count towards the rate. Close the gaps of the rules above it."
    case .tokenUnknown: "CAPTCHA and challenge tokens are encrypted. AWS WAF logs record whether they were valid."
    case .regexLimit: "A regular expression gave up on a value. Simplify the pattern: AWS WAF's own limit is not known."
    case .stoppedEarlier: "AWS ended the evaluation before this rule, so its log records nothing of it."
    }
  }
}
