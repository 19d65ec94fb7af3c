import Glibc

/// How a line of the log is written.
public enum LogFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// `2026-03-01T12:00:00.000Z info sheaf-prover proved job=j1 seconds=12.5`
    case text
    /// `{"time":"2026-03-01T12:00:00.000Z","level":"info","label":"sheaf-prover","message":"proved","job":"j1"}`
    case json
}

/// What a line says.
struct LogLine {
    var time: Timestamp
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: Logger.Metadata
}

extension LogFormat {
    /// One line, whatever its parts contain: control characters are escaped in both forms, so that what a stranger sent
    /// cannot forge lines.
    func text(of line: LogLine) -> String {
        let facts = line.metadata.sorted { $0.key < $1.key }
        switch self {
        case .text:
            var text = "\(line.time.iso8601) \(line.level.rawValue) \(line.label) "
            text += Self.escape(line.message)
            for (key, value) in facts { text += " \(Self.bare(key))=\(Self.textValue(value))" }
            return text
        case .json:
            var fields = [
                ("time", line.time.iso8601), ("level", line.level.rawValue), ("label", line.label),
                ("message", line.message),
            ].map { (key: $0.0, value: Self.quote($0.1)) }
            let reserved = Set(fields.map(\.key))
            for (key, value) in facts {
                fields.append((key: reserved.contains(key) ? key + "_" : key, value: Self.jsonValue(value)))
            }
            return "{" + fields.map { "\(Self.quote($0.key)):\($0.value)" }.joined(separator: ",") + "}"
        }
    }

    private static func textValue(_ value: MetadataValue) -> String {
        switch value {
        case .string(let text): bare(text)
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        }
    }

    private static func jsonValue(_ value: MetadataValue) -> String {
        switch value {
        case .string(let text): quote(text)
        case .int64(let number): "\(number)"
        case .double(let number): number.isFinite ? "\(number)" : "null"
        case .bool(let flag): "\(flag)"
        }
    }

    /// Without quotes where that is unambiguous.
    private static func bare(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar != " " && scalar != "=" && scalar != "\"" && !mustEscape(scalar)
        }
        return isPlain && !text.isEmpty ? text : quote(text)
    }

    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            default: quoted += escape(scalar)
            }
        }
        return quoted + "\""
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars { escaped += escape(scalar) }
        return escaped
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        guard mustEscape(scalar) else { return String(Character(scalar)) }
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let hex = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        }
    }

    /// Controls of C0 and C1, delete, and Unicode's own line ends.
    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}

/// A moment in milliseconds since 1970.
struct Timestamp: Sendable {
    var milliseconds: Int64

    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// `2026-03-01T12:00:00.000Z`
    var iso8601: String {
        let (days, remainder) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civil(daysSince1970: days)
        func digits(_ value: Int64, _ count: Int) -> String {
            let text = "\(value)"
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let seconds = remainder / 1000
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(digits(seconds / 3600, 2)):"
            + "\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2)).\(digits(remainder % 1000, 3))Z"
    }

    /// The proleptic Gregorian date; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
