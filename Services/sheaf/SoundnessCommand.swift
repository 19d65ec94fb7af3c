import Machine
import ServiceKit
import Tables
import Verification

struct SoundnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soundness",
        abstract: "Says how many bits each message of the verifier has, by which formula and source.",
        discussion: """
            Of a segment's proof, under two theorems on codes: each message must reach the target under both. \
            docs/soundness.md explains the lines. --queries and --grind show what other numbers would be worth; provers and \
            verifiers use none but the built-in ones. Exit codes: 0 each message reaches the target, 1 one does not, 2 \
            wrong command line.
            """)

    @Option(help: "The size class, log2 of the stack: 16 to 28. A segment of 2^k cycles is mostly of class k + 4.")
    var stackLog2 = 23

    @Option(help: "Other numbers of queries, one a level, separated by commas.", transform: numbers)
    var queries: [Int]?

    @Option(help: "Other grinding bits, one a level, separated by commas.", transform: numbers)
    var grind: [Int]?

    @Flag(help: "Prints one JSON object.") var json = false

    func run() throws {
        let record = try record()
        let reports = ProximityTheorem.allCases.map {
            Soundness(record: record, system: MachineTables.standard.system, theorem: $0)
        }
        if json {
            printJSON(Self.object(record, reports))
        } else {
            print(Self.describe(record))
            for report in reports { print(Self.describe(report)) }
        }
        let bits = reports.map(\.bits).min() ?? 0
        guard bits >= Double(ParameterRecord.securityTarget) else {
            Terminal.write(
                "a message has \(rounded(bits)) bits, fewer than \(ParameterRecord.securityTarget)\n",
                to: .standardError)
            throw ExitCode.failure
        }
    }

    private func record() throws -> ParameterRecord {
        guard let record = ParameterRecord.builtIn(version: 1, stackLog: stackLog2) else {
            let classes = ParameterRecord.classes
            throw ValidationError("--stack-log2 \(stackLog2): expected \(classes.lowerBound) to \(classes.upperBound)")
        }
        do {
            return try record.with(queries: queries, grinding: grind)
        } catch ParameterError.outOfRange(let field, let expected, let got) {
            throw ValidationError("\(field): expected \(expected.lowerBound) to \(expected.upperBound), got \(got)")
        }
    }

    private static func object(_ record: ParameterRecord, _ reports: [Soundness]) -> [String: Any] {
        [
            "target": ParameterRecord.securityTarget,
            "messages": reports.flatMap { report in
                report.messages.map { message in
                    [
                        "name": "\(message.name) (\(report.theorem.rawValue))", "bits": message.bits,
                        "formula": message.formula, "source": message.source,
                    ] as [String: Any]
                }
            },
            "record": [
                "m": record.stackLog, "folds": record.folds, "rates": record.rates, "queries": record.queries,
                "grind": record.grinding,
            ] as [String: Any],
        ]
    }

    private static func describe(_ record: ParameterRecord) -> String {
        func row(_ name: String, _ values: [Int]) -> String {
            name.padded(to: 24) + values.map(String.init).joined(separator: ", ")
        }
        return """
            A stack of 2^\(record.stackLog) elements, heights below 2^\(record.rowLog); target: \
            \(ParameterRecord.securityTarget) bits
            \(row("folds a level", record.folds))
            \(row("rates, 2^-R", record.rates))
            \(row("queries", record.queries))
            \(row("grinding bits", record.grinding))
            """
    }

    /// A line for each message; one for those of a step that differ in their numbers alone.
    private static func describe(_ report: Soundness) -> String {
        var lines = ["", "\(report.theorem.citation): \(report.theorem.formula)"]
        for (level, code) in report.levels.enumerated() {
            lines.append(
                "level \(level): r = (2^\(code.dimensionLog) - 1)/2^\(code.dimensionLog + code.rateLog), s = "
                    + "\(code.multiplicity), radius = \(rounded(code.radius, 4)), L\(level) = \(rounded(code.listSize, 1)), "
                    + "e\(level) = 2^\(rounded(report.exceptionalBits(level: level)))")
        }
        var rest = report.messages
        while let message = rest.first {
            let same = rest.filter { $0.isAlike(message) }
            rest.removeAll { $0.isAlike(message) }
            let name =
                same.count == 1
                ? message.name : "\(message.name) to \(same[same.count - 1].numbers), \(same.count) messages"
            lines.append(
                "\(rounded(message.bits).padded(to: 9))\(name.padded(to: 66)) \(message.formula.padded(to: 28)) "
                    + message.source)
        }
        let weakest = report.messages.min { $0.bits < $1.bits }
        lines.append("weakest: \(weakest?.name ?? ""), \(rounded(report.bits)) bits")
        return lines.joined(separator: "\n")
    }
}

extension MessageBound {
    /// Of the same step, error and source.
    fileprivate func isAlike(_ other: MessageBound) -> Bool {
        (bits, formula, source, step) == (other.bits, other.formula, other.source, other.step)
    }

    private var step: Substring { name.prefix { $0 != ":" } }

    /// "round 5" of "rows: round 5".
    fileprivate var numbers: Substring { name.dropFirst(step.count).drop { $0 == ":" || $0 == " " } }
}

/// "225,75" as two numbers.
private func numbers(_ text: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let number = Int(part) else { throw ValidationError("\(part) is not a number") }
        return number
    }
}

/// Towards zero, so that what misses a target does not look as if it reached it.
private func rounded(_ value: Double, _ digits: Int = 2) -> String {
    let unit = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    let parts = (value * unit).rounded(.down) / unit
    let text = String(parts)
    let missing = digits - (text.split(separator: ".").last?.count ?? 0)
    return text + String(repeating: "0", count: max(missing, 0))
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
