internal import WAFEngine
internal import WAFLogs
internal import WAFRequest

/// The stages of all web ACLs that the replayed one is compared with, in their order.
struct DiffStages {
  private let stages: [Box]

  /// A stage in an array, which cannot hold what is not copied itself.
  private final class Box {
    var stage: DiffStage?

    init(_ comparison: WebACLComparison, number: Int, protection: RecordProtection, options: ReplayOptions) {
      stage = DiffStage(comparison, number: number, protection: protection, options: options)
    }
  }

  /// No stages where `options` ask for no comparison.
  init(protection: RecordProtection, options: ReplayOptions) {
    guard let comparison = options.comparison else {
      stages = []
      return
    }
    stages = comparison.others.indices.map { Box(comparison, number: $0, protection: protection, options: options) }
  }

  /// Learns what is new with a batch.
  func learn(_ batch: ClassifiedBatch) { for box in stages { box.stage?.learn(batch) } }

  /// Takes records of a batch that the replayed web ACL has just taken.
  func take(_ indices: Range<Int>, of batch: ClassifiedBatch, input: Int, format: LogFormat, _ replayed: borrowing DecisionLog) {
    for box in stages { box.stage?.take(indices, of: batch, input: input, format: format, replayed) }
  }

  /// Takes a record that the replayed web ACL has just taken.
  func process(_ request: borrowing Request, at place: RecordPlace, _ replayed: borrowing DecisionLog) {
    for box in stages { box.stage?.process(request, at: place, replayed) }
  }

  /// What was found out, in the order of the other web ACLs; nothing more can be taken.
  ///
  /// - Parameter names: Of the inputs.
  func finish(names: (Int) -> [UInt8]) -> [DiffResult] { stages.compactMap { $0.stage.take()?.finish(names: names) } }
}
