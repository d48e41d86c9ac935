public import WAFDocuments
public import WAFModel

/// Looks for what AWS WAF accepts and its author hardly meant.
public enum Lint {}
