import Testing
import WAFLogs

/// Texts that are no template, and why.
struct LineTemplateTests {
  @Test(arguments: [
    ("", "no field in it, such as $request of nginx or %r of Apache"),
    ("combined", "no field in it, such as $request of nginx or %r of Apache"),
    ("50% of $5", "no field in it, such as $request of nginx or %r of Apache"),
    ("$remote_addr [$time_local]", "no field of the request in it: needs $request or $request_uri of nginx, %r or %U of Apache"),
    ("%h %t %>s %{Referer}i", "no field of the request in it: needs $request or $request_uri of nginx, %r or %U of Apache"),
    ("$remote_addr$request", "nothing between $remote_addr and $request, so lines cannot be split there"),
    ("$request_method ${uri}$is_args$args", "nothing between ${uri} and $is_args, so lines cannot be split there"),
    ("$request $status", "$request may hold blanks, so it has to stand in quotes"),
    ("%U %{Cookie}i %D", "%{Cookie}i may hold blanks, so it has to stand in quotes"),
    ("%h%r", "nothing between %h and %r, so lines cannot be split there"),
  ])
  func refused(_ text: String, _ reason: String) {
    #expect { try LineTemplate(text) } throws: { "\($0)" == reason }
  }

  /// The time has a length of its own, so nothing has to stand behind it.
  @Test(arguments: ["$time_local$request", "%t%r", "$request", "%r", "${request}", "%m %U%%", "$http_host $request_uri", "$request|$http_cookie|"])
  func accepted(_ text: String) throws {
    _ = try LineTemplate(text)
  }
}
