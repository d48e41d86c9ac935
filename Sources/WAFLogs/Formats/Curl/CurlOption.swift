internal import WAFBase

/// An option of curl, as far as it matters for the request.
enum CurlOption: Equatable {
  case request, header, data, dataRaw, dataURLEncode, json, form, get, head, cookie, userAgent, referer, user, bearer, compressed, range, url
  case requestTarget, pathAsIs, globOff, http10, http11, http2, http3, otherAuthorization
  /// Changes nothing in the request.
  case ignored
  /// The same, with a value.
  case ignoredValue
  /// Cannot be taken for one request of known content.
  case unsupported(String)
  case unsupportedValue(String)

  /// Whether a value follows.
  var takesValue: Bool {
    switch self {
    case .request, .header, .data, .dataRaw, .dataURLEncode, .json, .form, .cookie, .userAgent, .referer, .user, .bearer, .range, .url,
      .requestTarget, .ignoredValue, .unsupportedValue:
      true
    case .get, .head, .compressed, .pathAsIs, .globOff, .http10, .http11, .http2, .http3, .otherAuthorization, .ignored, .unsupported: false
    }
  }

  /// The option that a word begins with `--` or a letter stands for; nil for an unknown name.
  init?(_ name: String) {
    if let option = Self.named[name] {
      self = option
    } else if name.hasPrefix("--no-"), Self.named["--" + name.dropFirst(5)] == .ignored {
      self = .ignored
    } else {
      return nil
    }
  }

  private static let named: [String: CurlOption] = {
    var options: [String: CurlOption] = [:]
    for (names, option) in meanings { for name in names.split(separator: " ") { options[String(name)] = option } }
    return options
  }()

  private static let oneRequest = "only a single request is taken; give each a command of its own"
  private static let files = "files are not read; give the content itself"

  private static let meanings: [(names: String, option: CurlOption)] = [
    ("-X --request", .request), ("-H --header", .header), ("-d --data --data-ascii --data-binary", .data), ("--data-raw", .dataRaw),
    ("--data-urlencode", .dataURLEncode), ("--json", .json), ("-F --form --form-string", .form), ("-G --get", .get), ("-I --head", .head),
    ("-b --cookie", .cookie), ("-A --user-agent", .userAgent), ("-e --referer", .referer), ("-u --user", .user), ("--oauth2-bearer", .bearer),
    ("--compressed", .compressed), ("-r --range", .range), ("--url", .url), ("--request-target", .requestTarget), ("--path-as-is", .pathAsIs),
    ("-g --globoff", .globOff), ("-0 --http1.0", .http10), ("--http1.1", .http11), ("--http2 --http2-prior-knowledge", .http2),
    ("--http3 --http3-only", .http3), ("--basic", .ignored), ("--digest --ntlm --negotiate --anyauth", .otherAuthorization),
    (
      """
      -k --insecure -s --silent -S --show-error -v --verbose -i --include --show-headers -L --location --location-trusted -f --fail \
      --fail-with-body -N --buffer -# --progress-bar --progress-meter -O --remote-name --remote-name-all -J --remote-header-name -q --disable -4 \
      --ipv4 -6 --ipv6 -1 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ssl --ssl-reqd --ssl-no-revoke --tcp-nodelay --tcp-fastopen \
      --keepalive --alpn --sessionid --create-dirs --raw --post301 --post302 --post303 --retry-connrefused --retry-all-errors --fail-early \
      --styled-output -R --remote-time --trace-time --cert-status --false-start --doh-insecure --proxy-insecure -p --proxytunnel
      """, .ignored
    ),
    (
      """
      -o --output --output-dir -w --write-out -m --max-time --connect-timeout --retry --retry-delay --retry-max-time --resolve --connect-to \
      --cacert --capath -E --cert --cert-type --key --key-type --pass --ciphers --tls13-ciphers --tls-max --curves --pinnedpubkey --interface \
      --limit-rate -x --proxy --preproxy --noproxy -U --proxy-user --proxy-header --socks5 --socks5-hostname -D --dump-header -c --cookie-jar \
      --dns-servers --doh-url --max-redirs --trace --trace-ascii --stderr --local-port -y --speed-time -Y --speed-limit --keepalive-time \
      --unix-socket --abstract-unix-socket --max-filesize --happy-eyeballs-timeout-ms --rate --crlfile --expect100-timeout
      """, .ignoredValue
    ),
    ("-: --next", .unsupported(oneRequest)), ("-Z --parallel", .unsupported(oneRequest)),
    ("-T --upload-file -K --config", .unsupportedValue(files)),
    ("-z --time-cond", .unsupportedValue("its header is not made here; give it with -H")),
    ("--aws-sigv4", .unsupportedValue("signatures are not made here; give the headers with -H")),
    ("--tr-encoding", .unsupported("its header is not made here; give it with -H")), ("-C --continue-at", .unsupportedValue("files are not read")),
  ]
}
