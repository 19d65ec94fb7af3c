import Tables

/// The strength of every message of the verifier, under one theorem, for a record and the tables that it proves.
///
///     let soundness = Soundness(record: record, system: system, theorem: .dkt26)
///     soundness.bits  // of the weakest message
///
/// The errors are of round-by-round knowledge soundness, BLAKE3 a random oracle: a cheat needs about 2^bits hashes to get
/// past the weakest message. docs/soundness.md derives each.
public struct Soundness: Sendable {
    public let record: ParameterRecord
    public let theorem: ProximityTheorem
    /// The code of each level of the opening, at the slack that makes the weakest of the messages that depend on it as
    /// strong as can be.
    public let levels: [CodeBound]
    /// One for each draw of the transcript, in its order; grinding and the queries behind it are one.
    public let messages: [MessageBound]

    public init(record: ParameterRecord, system: TableSystem, theorem: ProximityTheorem) {
        let steps = StepErrors(record: record, system: system)
        let levels = record.folds.indices.map { level in
            LevelBound(record: record, level: level, theorem: theorem, widestStep: steps.widest).best
        }
        self.record = record
        self.theorem = theorem
        self.levels = levels
        messages =
            steps.beforeOpening(listSize: levels[0].listSize)
            + Self.opening(record: record, levels: levels, theorem: theorem)
            + steps.afterOpening
    }

    /// Of the weakest message.
    public var bits: Double { messages.map(\.bits).min() ?? 0 }

    /// log₂ of a level's e.
    public func exceptionalBits(level: Int) -> Double { logTwo(levels[level].exceptionalChallenges) }

    /// The weakest message of all theorems, in bits.
    public static func bits(record: ParameterRecord, system: TableSystem) -> Double {
        ProximityTheorem.allCases
            .map { Soundness(record: record, system: system, theorem: $0).bits }
            .min() ?? 0
    }
}
