import Foundation
import ServiceKit
import Synchronization
import Testing

/// Keeps what is logged.
final class CollectingLog: LogDestination {
    private let collected = Mutex([String]())

    func write(_ line: String) {
        collected.withLock { $0.append(line) }
    }

    var lines: [String] { collected.withLock { $0 } }
}

@Suite("Logging")
struct LoggerTests {
    /// What follows the time.
    private func text(_ line: String) -> String {
        String(line.drop { $0 != " " }.dropFirst())
    }

    @Test func linesBelowTheLevelAreNeitherWrittenNorComputed() {
        let log = CollectingLog()
        let logger = Logger(label: "x", logLevel: .warning, format: .text, destination: log)
        func costly() -> String {
            Issue.record("a message that nobody reads was computed")
            return ""
        }
        logger.info("\(costly())", metadata: ["a": "\(costly())"])
        for level in Logger.Level.allCases { logger.log(level: level, "m") }
        #expect(log.lines.map(text) == ["warning x m", "error x m", "critical x m"])
    }

    @Test func textLinesCarryMetadataSortedAndQuoted() {
        let log = CollectingLog()
        var logger = Logger(label: "prover", logLevel: .trace, format: .text, destination: log)
        logger[metadataKey: "node"] = "n 1"
        logger[metadataKey: "b"] = 2
        logger.with(["a": "x=y"]).notice("two\nlines", metadata: ["b": 3, "c": 1.5, "d": true, "e": ""])
        #expect(text(log.lines[0]) == #"notice prover two\nlines a="x=y" b=3 c=1.5 d=true e="" node="n 1""#)
    }

    @Test func timesAreRight() throws {
        let log = CollectingLog()
        Logger(label: "x", logLevel: .info, format: .text, destination: log).info("m")
        let word = try #require(log.lines[0].split(separator: " ").first)
        let time = try Date(
            String(word), strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
        #expect(abs(time.timeIntervalSinceNow) < 10)
    }

    /// Foundation's JSON reader is the oracle.
    @Test(arguments: ["plain", "quote\" back\\slash", "\u{0}\u{7}\n\r\t\u{1F}\u{7F}\u{9F}", "ümläut 🧵 \u{2028}"])
    func jsonLinesReadBack(_ hostile: String) throws {
        let log = CollectingLog()
        let logger = Logger(label: hostile, logLevel: .info, format: .json, destination: log)
        logger.error(
            "\(hostile)!",
            metadata: [
                "text": "\(hostile)", "count": .integer(UInt64.max), "n": -4, "x": .double(.nan), "half": 0.5,
                "yes": true, "level": "forged", "\(hostile)": 1,
            ])
        let line = log.lines[0]
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x2028 })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["label"] as? String == hostile && object["message"] as? String == hostile + "!")
        #expect(object["level"] as? String == "error" && object["level_"] as? String == "forged")
        #expect(object["text"] as? String == hostile && object["count"] as? String == "18446744073709551615")
        #expect(object["n"] as? Int == -4 && object["half"] as? Double == 0.5 && object["x"] is NSNull)
        #expect(object["yes"] as? Bool == true && object[hostile] as? Int == 1)
    }
}
