import Foundation
import Testing

/// Programs that machine_model.py ran, and what its tables held: Vectors/programs.txt.
struct ModelVector: Sendable, CustomTestStringConvertible {
    struct Segment: Sendable {
        var cycles: UInt32
        var status: UInt32
        var code: UInt32
        var programCounter: UInt32
        /// By the model's names of tables: how many rows, and BLAKE3 of all their words.
        var tables: [String: (height: Int, digest: String)] = [:]
    }

    var program: TestProgram
    var segments: [Segment] = []
    var testDescription: String { program.name }

    static let all: [ModelVector] = {
        guard let url = Bundle.module.url(forResource: "programs", withExtension: "txt", subdirectory: "Vectors"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        var all: [ModelVector] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            func words() -> [UInt32] { parts.dropFirst().compactMap { UInt32($0, radix: 16) } }
            switch parts[0] {
            case "case":
                all.append(
                    ModelVector(program: TestProgram(name: parts.dropFirst().joined(separator: " "), code: [])))
            case "first": all[all.count - 1].program.firstCycle = UInt64(parts[1]) ?? 0
            case "words": all[all.count - 1].program.code = words()
            case "data": all[all.count - 1].program.data = words()
            case "inputs": all[all.count - 1].program.inputs = words()
            case "segment":
                let numbers =
                    [UInt32(parts[1]) ?? 0, UInt32(parts[2]) ?? 0] + parts[3...].compactMap { UInt32($0, radix: 16) }
                all[all.count - 1].segments.append(
                    Segment(cycles: numbers[0], status: numbers[1], code: numbers[2], programCounter: numbers[3]))
            default:
                let (vector, segment) = (all.count - 1, all[all.count - 1].segments.count - 1)
                all[vector].segments[segment].tables[parts[0]] = (Int(parts[1]) ?? 0, parts[2])
            }
        }
        for i in all.indices { all[i].program.cuts = all[i].segments.dropLast().map { Int($0.cycles) } }
        return all
    }()
}
