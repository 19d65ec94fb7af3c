import Foundation
import Tables
import Testing

/// `sheaf soundness` as scripts see it: the tool that was built beside these tests.
struct SoundnessCommandTests {
    /// What a run prints, and its exit code.
    private func sheaf(_ arguments: String...) throws -> (output: Data, exit: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("sheaf")
        process.arguments = ["soundness"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }

    private struct Report: Decodable {
        struct Message: Decodable {
            let name, formula, source: String
            let bits: Double
        }

        struct Record: Decodable {
            let m: Int
            let folds, rates, queries, grind: [Int]
        }

        let target: Double
        let messages: [Message]
        let record: Record
    }

    @Test(arguments: [16, 22, 28]) func everyMessageOfAClassReachesTheTarget(stackLog: Int) throws {
        let (output, exit) = try sheaf("--stack-log2", "\(stackLog)", "--json")
        #expect(exit == 0)
        let report = try JSONDecoder().decode(Report.self, from: output)
        let record = try #require(ParameterRecord.builtIn(version: 1, stackLog: stackLog))
        #expect(report.record.m == stackLog && report.record.folds == record.folds)
        #expect(report.record.rates == record.rates && report.record.queries == record.queries)
        #expect(report.record.grind == record.grinding)
        #expect(report.target == 128)
        #expect(report.messages.allSatisfy { $0.bits >= 128 && !$0.formula.isEmpty && !$0.source.isEmpty })
        #expect(Set(report.messages.map(\.name)).count == report.messages.count)
        for theorem in ["BCHKS25", "DKT26"] {
            for message in ["gamma", "kappa and tau", "z", "phi", "lambda", "rho", "level 0: grinding and queries"] {
                #expect(report.messages.contains { $0.name == "\(message) (\(theorem))" })
            }
        }
    }

    /// One query less, one bit of grinding less: exit code 1, and the report names what falls short.
    @Test(arguments: [["--queries", "224,75"], ["--queries", "225,74"], ["--grind", "15,16"]])
    func aWeakerRecordFails(numbers: [String]) throws {
        let (output, exit) = try sheaf("--stack-log2", "16", "--json", numbers[0], numbers[1])
        #expect(exit == 1)
        let report = try JSONDecoder().decode(Report.self, from: output)
        #expect(report.messages.contains { $0.bits < 128 && $0.name.contains("queries") })
    }

    @Test(arguments: [["--stack-log2", "15"], ["--stack-log2", "29"], ["--queries", "1"], ["--queries", "a,b,c,d"]])
    func aWrongCommandLineIsTwo(arguments: [String]) throws {
        #expect(try sheaf(arguments[0], arguments[1]).exit == 2)
    }
}
