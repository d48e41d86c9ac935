internal import WAFBase
internal import WAFModel
internal import WAFRequest

/// Finds the signatures of requests; each thread has its own.
///
///     client  GET  /cart   id=7   curl/8.5.0            the parts of a request that the web ACL looks at
///       │      │     │       │        │                 memo of each part, else its predicates
///       3      0     2       0        5                 classes
///       └──────┴─────┴───┬───┴────────┘
///                   signature 17                        evaluated once: a plan
///
/// Requests without a signature (`ClassifiedRecord.Special.direct`) are left to an `Evaluator`: those with something that no facet holds, and
/// all that come when there are too many signatures.
public struct Classifier: ~Copyable {
  let program: Program
  var evaluator: Evaluator
  var facets: Cells<FacetState>
  private var signatures: SignatureTable
  /// The classes of the request at hand, one of each facet, then whether its time is known.
  var classes: [UInt32]
  /// Those who make plans, one for each program that is planned for, and the plans that nobody took yet.
  private var planners: Cells<Evaluator>
  private var plans: [[Plan]]
  var description: [UInt8] = []
  /// A key that is put together.
  var key: [UInt8] = []
  let hasher = KeyHash.shared
  /// The classes of the lines at hand, as `classes` line after line.
  var grid: [UInt32] = []
  /// Hashes of the values of one facet of the lines at hand; 0 where it has none.
  var hashes: [UInt64] = []
  /// What `touch` read; of no meaning, but what nobody keeps need not be read.
  var touched: UInt32 = 0
  /// For each facet what tells its class in sliced lines.
  let sources: [SliceSource]

  /// What is remembered of one facet.
  struct FacetState: ~Copyable {
    let kind: Facet.Kind
    /// Name of the header, in lower case; empty for other facets.
    let name: [UInt8]
    /// Whether a value that is known in full decides every predicate by its bytes alone.
    let isPlain: Bool
    let dependsOnForwardedSystem: Bool
    /// Classes of values that are known in full; of logs that mark redaction, and of others.
    var unmarked = ValueMemo()
    var marked = ValueMemo()
    /// Classes of everything else, by a key that spells it.
    var other = ValueMemo(limit: 4_096, arenaLimit: 1 << 18)
    var table = ClassTable()
    /// The class of known values that no predicate matches.
    var quietClass: UInt32?
    var absentClass: UInt32?
    var unknownClass: UInt32?
  }

  /// A classifier for `program`, which has to be `Program.isClassifiable`.
  public init(program: Program) { self.init(program: program, planningFor: [program]) }

  /// A classifier by the predicates of `program`, which was compiled for the web ACLs of `programs` (`Program.init(classifyingFor:)`).
  public init(program: Program, planningFor programs: [Program]) {
    self.program = program
    planners = Cells(count: programs.count) { Evaluator(program: programs[$0]) }
    plans = Array(repeating: [], count: programs.count)
    evaluator = Evaluator(program: program)
    facets = Cells(count: program.facets.count) { index in
      let facet = program.facets[index]
      let dependsOnForwardedSystem = facet.predicates.contains {
        if case .asn(list: _, let forwarded) = program.predicates[$0].kind { forwarded >= 0 } else { false }
      }
      var name: [UInt8] = []
      if case .header(let range) = facet.kind { name = program.literal(range) }
      return FacetState(kind: facet.kind, name: name, isPlain: facet.plain != nil, dependsOnForwardedSystem: dependsOnForwardedSystem)
    }
    classes = Array(repeating: 0, count: program.facets.count + 1)
    signatures = SignatureTable(width: program.facets.count + 1)
    sources = program.facets.map { SliceSource($0.kind, in: program) }
  }

  /// The plans of the signatures that are new since the last call, in the order of their numbers.
  ///
  /// - Parameter planner: Number of the program that they are for.
  public mutating func takePlans(for planner: Int = 0) -> [Plan] {
    let taken = plans[planner]
    plans[planner].removeAll()
    return taken
  }

  /// The class of a value of facet `index` that is known in full, from the memo or else by looking at `request`.
  @inline(__always)
  mutating func classOfKnown(_ index: Int, _ value: Span<UInt8>, marksRedaction: Bool, of request: borrowing Request) -> UInt32 {
    guard marksRedaction ? facets[index].marked.isAwake : facets[index].unmarked.isAwake else {
      if marksRedaction { facets[index].marked.rest() } else { facets[index].unmarked.rest() }
      return newClass(index, of: value, marksRedaction: marksRedaction, request)
    }
    let hash = hasher.hash(value)
    let known = marksRedaction ? facets[index].marked.find(value, hash: hash) : facets[index].unmarked.find(value, hash: hash)
    if let known { return known }
    let number = newClass(index, of: value, marksRedaction: marksRedaction, request)
    if marksRedaction {
      facets[index].marked.insert(value, hash: hash, class: number)
    } else {
      facets[index].unmarked.insert(value, hash: hash, class: number)
    }
    return number
  }

  /// The class that `key` spells for facet `index`, from the memo or else by looking at `request`.
  mutating func classOfKey(_ index: Int, of request: borrowing Request) -> UInt32 {
    let key = self.key
    let hash = hasher.hash(key.span)
    if let known = facets[index].other.find(key.span, hash: hash) { return known }
    let number = newClass(index, of: request)
    facets[index].other.insert(key.span, hash: hash, class: number)
    return number
  }

  /// The class of a part that the request does not have, or of which nothing at all is known.
  mutating func classOfNone(_ index: Int, isAbsent: Bool, of request: borrowing Request) -> UInt32 {
    if let known = isAbsent ? facets[index].absentClass : facets[index].unknownClass { return known }
    let number = newClass(index, of: request)
    if isAbsent { facets[index].absentClass = number } else { facets[index].unknownClass = number }
    return number
  }

  /// The class of an address: as the IP sets of the web ACL see it, 0 where it is unknown.
  @inline(__always)
  func classOfOrigin(_ address: IPAddress?) -> UInt32 {
    address.map { UInt32(program.addresses.classIndex(of: $0)) + 1 } ?? 0
  }

  /// The class of facet `index`, which is plain, of a value that is known in full.
  mutating func newClass(_ index: Int, of value: Span<UInt8>) -> UInt32 {
    guard evaluator.describe(plain: index, value, into: &description) else { return facets[index].table.number(description) }
    if let quiet = facets[index].quietClass { return quiet }
    let quiet = facets[index].table.number(program.facets[index].plain?.quiet ?? [])
    facets[index].quietClass = quiet
    return quiet
  }

  private mutating func newClass(_ index: Int, of value: Span<UInt8>, marksRedaction: Bool, _ request: borrowing Request) -> UInt32 {
    // Where masked values are marked, a query or a cookie header may hold some among known ones.
    let isPlain = facets[index].isPlain && !(marksRedaction && value.mayHoldRedactionMark)
    return isPlain ? newClass(index, of: value) : newClass(index, of: request)
  }

  /// The class of facet `index` of `request` by its predicates.
  mutating func newClass(_ index: Int, of request: borrowing Request) -> UInt32 {
    evaluator.describe(facet: index, of: request, into: &description)
    return facets[index].table.number(description)
  }

  /// Number of the signature that `classes` make; nil where it is new.
  func knownSignature() -> UInt32? { signatures.find(classes.span) }

  /// Number of the signature that the classes of line `line` of the grid make; nil where it is new.
  @inline(__always)
  func knownSignature(ofLine line: Int) -> UInt32? {
    signatures.find(grid.span.extracting((line * classes.count)..<((line + 1) * classes.count)))
  }

  /// Gives the combination of `classes`, which is that of `request`, a number, and makes its plan; `Special.direct` where there are too many.
  mutating func newSignature(of request: borrowing Request) -> UInt32 {
    guard signatures.count < SignatureTable.limit else { return ClassifiedRecord.Special.direct }
    for planner in plans.indices { plans[planner].append(planners[planner].plan(request)) }
    return signatures.add(classes)
  }
}

extension Program {
  /// Whether the requests that it evaluates have signatures: no key of a rate-based rule has labels, which depend on the rules before.
  public var isClassifiable: Bool { !rates.contains(where: \.hasLabels) }
}
