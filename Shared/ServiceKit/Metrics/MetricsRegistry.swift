import Synchronization

/// All metrics of a process, and their exposition for Prometheus.
///
/// Instruments with the same label and dimensions are one: two `Counter`s of the same name add to the same number.
public final class MetricsRegistry: Sendable {
    /// What `Counter(label:)` and its like use unless told otherwise.
    public static let shared = MetricsRegistry()

    /// Series of one family beyond this number are kept but not shown, so that names that come from outside cannot fill
    /// the memory of who scrapes.
    static let maximumSeries = 4096

    enum Kind: String { case counter, gauge, histogram }

    struct Family {
        var kind: Kind
        var help: String
        var series: [Dimensions: any Instrument] = [:]
    }

    private let families = Mutex([String: Family]())

    public init() {}

    /// The instrument of these dimensions, made on first use.
    ///
    /// A label that is no Prometheus name, or that is used for two kinds, is a defect of the caller and traps.
    func instrument<I: Instrument>(
        _ label: String, _ kind: Kind, _ help: String, _ dimensions: [(String, String)], make: () -> I
    ) -> I {
        precondition(Self.isName(label), "'\(label)' is no name of a metric: expected [a-zA-Z_][a-zA-Z0-9_]*")
        precondition(dimensions.allSatisfy { Self.isName($0.0) }, "\(label): a dimension's name is no name")
        let dimensions = Dimensions(dimensions)
        return families.withLock { families in
            var family = families[label] ?? Family(kind: kind, help: help)
            precondition(family.kind == kind, "\(label) is a \(family.kind) and cannot be a \(kind) as well")
            if let known = family.series[dimensions] as? I { return known }
            let made = make()
            if family.series.count < Self.maximumSeries { family.series[dimensions] = made }
            if family.help.isEmpty { family.help = help }
            families[label] = family
            return made
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// All families in Prometheus's text format 0.0.4, by rising name.
    public var exposition: String {
        let families = families.withLock { $0 }
        var text = ""
        for (label, family) in families.sorted(by: { $0.key < $1.key }) {
            if !family.help.isEmpty {
                let help = family.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
                text += "# HELP \(label) \(help)\n"
            }
            text += "# TYPE \(label) \(family.kind.rawValue)\n"
            for (dimensions, instrument) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
                instrument.expose(label, dimensions, into: &text)
            }
        }
        return text
    }
}

/// Something that is counted or measured.
protocol Instrument: AnyObject, Sendable {
    func expose(_ label: String, _ dimensions: Dimensions, into text: inout String)
}

/// Names and values that tell the series of a family apart, by rising name.
struct Dimensions: Hashable, Sendable {
    /// `a="x",b="y"`, escaped.
    let text: String

    init(_ pairs: [(String, String)]) {
        text = pairs.sorted { $0.0 < $1.0 }.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }

    /// In braces, with one more pair at the end; empty without any.
    func braces(adding pair: String = "") -> String {
        let all = [text, pair].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }
}

/// A number as Prometheus reads it.
func prometheusText(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let integer = Int64(exactly: value) { return "\(integer)" }
    return "\(value)"
}
