/// The tables of `replay -o sqlite`, which are a contract as the JSON report is: columns are added, never renamed. `PRAGMA user_version` tells the
/// version of the schema, which rises when a column changes its meaning.
///
///     run          one row: the program, the web ACL, what was read
///     outcome      requests by final action
///     rule         one row a rule in order of evaluation; the default action last
///     reason       why requests left a rule open
///     minute       CloudWatch's metrics by period of time; `rule` is null for the web ACL as a whole
///     top          the most frequent values among the requests that a rule certainly matched; `kind` is client, path, user_agent or country
///     rate_key     the busiest aggregation instances of rate-based rules
///     overlap      requests that two rules matched both; `first` is evaluated first
///     transition   what AWS recorded against what was computed, where the log tells it
///     difference   why the two differ
///     finding      rules that did nothing: observed in this traffic, or proven from the documents alone
///     sample       requests that rules matched, always the same ones; only where `-o samples` is asked for in the same run, since to keep them every
///                  request has to be evaluated on its own. Empty otherwise
///
/// Counts that unknowns can move are two columns, `low` and `high`. Times are milliseconds since 1970 (`time`), and text (`time_text`). Texts from
/// logs are inert, with their secrets masked as in the text report.
enum DatabaseSchema {
  /// `PRAGMA user_version`.
  static let version = 1

  /// What any database begins with. Page size and encoding are told, so that they do not depend on how the library was built.
  static let settings = """
    PRAGMA page_size = 4096;
    PRAGMA encoding = 'UTF-8';
    PRAGMA auto_vacuum = NONE;
    PRAGMA user_version = \(version);

    """

  /// What makes the empty tables.
  static let statements =
    settings + """
      CREATE TABLE run (
        wafcast TEXT NOT NULL, acl TEXT NOT NULL, sha256 TEXT NOT NULL, capacity INTEGER, capacity_at_least INTEGER NOT NULL, changes TEXT,
        files INTEGER NOT NULL, records INTEGER NOT NULL, bad INTEGER NOT NULL, blank INTEGER NOT NULL, overlong INTEGER NOT NULL,
        skipped INTEGER NOT NULL, filtered INTEGER NOT NULL, incomplete INTEGER NOT NULL, files_incomplete INTEGER NOT NULL,
        records_unverified INTEGER NOT NULL, late INTEGER NOT NULL, undetermined INTEGER NOT NULL, from_time INTEGER, from_text TEXT,
        until_time INTEGER, until_text TEXT, compared INTEGER NOT NULL, agree INTEGER NOT NULL, period_seconds INTEGER, untimed INTEGER
      );
      CREATE TABLE outcome (action TEXT PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE rule (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, group_name TEXT, full_name TEXT NOT NULL, priority INTEGER, action TEXT,
        reached_low INTEGER NOT NULL, reached_high INTEGER NOT NULL, matched_low INTEGER NOT NULL, matched_high INTEGER NOT NULL,
        terminated_low INTEGER NOT NULL, terminated_high INTEGER NOT NULL, counted_low INTEGER NOT NULL, counted_high INTEGER NOT NULL,
        unique_low INTEGER, unique_high INTEGER, undetermined INTEGER NOT NULL
      );
      CREATE TABLE reason (rule INTEGER NOT NULL REFERENCES rule, reason TEXT NOT NULL, records INTEGER NOT NULL);
      CREATE TABLE minute (
        time INTEGER NOT NULL, time_text TEXT NOT NULL, rule INTEGER REFERENCES rule, metric TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL
      );
      CREATE TABLE top (
        rule INTEGER NOT NULL REFERENCES rule, kind TEXT NOT NULL, rank INTEGER NOT NULL, value TEXT NOT NULL, low INTEGER NOT NULL,
        high INTEGER NOT NULL
      );
      CREATE TABLE rate_key (
        rule INTEGER NOT NULL REFERENCES rule, rank INTEGER NOT NULL, key TEXT NOT NULL, peak INTEGER NOT NULL, limited INTEGER NOT NULL,
        first_limited INTEGER, first_limited_text TEXT
      );
      CREATE TABLE overlap (
        first INTEGER NOT NULL REFERENCES rule, second INTEGER NOT NULL REFERENCES rule, low INTEGER NOT NULL, high INTEGER NOT NULL
      );
      CREATE TABLE transition (recorded TEXT NOT NULL, computed TEXT NOT NULL, records INTEGER NOT NULL);
      CREATE TABLE difference (recorded TEXT NOT NULL, computed TEXT NOT NULL, reason TEXT NOT NULL, records INTEGER NOT NULL);
      CREATE TABLE finding (
        kind TEXT NOT NULL, code TEXT NOT NULL, rule INTEGER REFERENCES rule, rule_name TEXT, message TEXT NOT NULL, reached_low INTEGER,
        reached_high INTEGER, file TEXT, line INTEGER
      );
      CREATE TABLE sample (
        id INTEGER PRIMARY KEY, time INTEGER, time_text TEXT, client TEXT, country TEXT, method TEXT, target TEXT, user_agent TEXT, action TEXT,
        rule_name TEXT
      );
      """
}
