import BinaryFields
import Foundation
import Hashing
import Tables

/// The vectors of this folder, made by `make_vectors.py` with the protocol's executable specification: tables, and
/// statements with proofs over them.
public struct VectorSystem: Sendable {
    public let system: TableSystem
    /// The digest of the tables, as the specification has it.
    public let digest: Digest?
    public let cases: [VectorCase]

    /// The systems of a file: "toy", "cheating" or "random".
    public static func load(_ name: String) throws -> [VectorSystem] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
        let file = try JSONDecoder().decode(VectorFile.self, from: data)
        let proofs = file.proofs.map(\.bytes)
        return try file.systems.map { described in
            let system = TableSystem(described.tables.map(\.table))
            return VectorSystem(
                system: system, digest: Digest(hex: described.digest),
                cases: try described.cases.map { try VectorCase($0, system: system, proof: proofs[$0.proof]) })
        }
    }
}

extension VectorSystem {
    /// The tables of a listing, and the digest that it names (`TableSystem.listing`).
    public static func read(listing: String) throws -> (tables: [Table], digest: Digest?) {
        let listed = try JSONDecoder().decode(ListedSystem.self, from: Data(listing.utf8))
        return (listed.tables.map(\.table), Digest(hex: listed.digest))
    }
}

/// A statement and a proof: an honest one, with its witness and all that happens on the way, or one to be refused.
public struct VectorCase: Sendable, CustomStringConvertible {
    public let name: String
    public let statement: Statement
    public let proof: [UInt8]
    /// Why the specification's verifier refuses the proof.
    public let refusal: String?
    /// For each table its rows, word by word, up to the end of the runs; beyond the height anything stands in them.
    public let witness: [[UInt32]]
    /// The first state of the transcript.
    public let state: Digest?
    /// All that happens on the transcript; what is absorbed or passed in a row is one event.
    public let schedule: [TranscriptEvent]
    /// All bytes that the draws of the schedule give, one after the other.
    public let drawn: [UInt8]
    /// What the verifier holds on the way, by the names of its steps' claims.
    public let claims: [String: [E]]

    public var description: String { name }

    fileprivate init(_ described: DescribedCase, system: TableSystem, proof: [UInt8]) throws {
        let record = described.record
        name = described.name
        statement = Statement(
            record: try ParameterRecord(
                version: record.version, stackLog: record.stackLog, rowLog: record.rowLog, folds: record.folds,
                rates: record.rates, queries: record.queries, grinding: record.grinding,
                heightLimit: record.heightLimit),
            system: system, heights: described.heights,
            boundary: Boundary(
                pushed: described.boundary[0].map { SIMD4($0) }, pulled: described.boundary[1].map { SIMD4($0) }),
            claim: described.claim.map(\.value))
        self.proof = proof
        refusal = described.refusal
        witness = (described.witness ?? []).map { words($0.bytes) }
        state = described.state.flatMap { Digest(hex: $0) }
        schedule = described.schedule.map { $0.split(separator: " ").map(event) } ?? []
        drawn = described.drawn?.bytes ?? []
        claims = (described.claims ?? [:]).mapValues { elements($0.bytes) }
    }
}

/// Bytes, in base 64.
private struct Packed: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        bytes = [UInt8](try decoder.singleValueContainer().decode(Data.self))
    }
}

private struct VectorFile: Decodable {
    let systems: [DescribedSystem]
    let proofs: [Packed]
}

private struct ListedSystem: Decodable {
    let digest: String
    let tables: [DescribedTable]
}

private struct DescribedSystem: Decodable {
    let digest: String
    let tables: [DescribedTable]
    let cases: [DescribedCase]
}

private struct DescribedTable: Decodable {
    let name: String
    let width: Int
    let constraints: [[DescribedOperand]]
    let pushes, pulls: [DescribedMessage]

    var table: Table {
        Table(
            name: name, width: width,
            constraints: constraints.map { Constraint($0[0].operand, $0[1].operand, $0[2].operand) },
            pushes: pushes.map(\.message), pulls: pulls.map(\.message))
    }
}

private struct DescribedMessage: Decodable {
    let words: [DescribedOperand]
    let power: Int

    var message: Message {
        Message(words[0].operand, words[1].operand, words[2].operand, words[3].operand, power: power)
    }
}

/// The constant, and for each term its word, 0 for a rotation or 1 for a spread bit, by how far or which, the mask.
private struct DescribedOperand: Decodable {
    let operand: Operand

    init(from decoder: any Decoder) throws {
        let numbers = try decoder.singleValueContainer().decode([UInt32].self)
        let terms = stride(from: 1, to: numbers.count, by: 4).map { i in
            let place = Int(numbers[i + 2])
            let kind: Term.Kind = numbers[i + 1] == 0 ? .rotation(place) : .spread(place)
            return Term(word: Int(numbers[i]), kind: kind, mask: numbers[i + 3])
        }
        operand = Operand(constant: numbers[0], terms: terms)
    }
}

private struct DescribedCase: Decodable {
    let name: String
    let record: DescribedRecord
    let heights: [Int]
    let boundary: [[[UInt32]]]
    let claim: [DescribedValue]
    let proof: Int
    let refusal: String?
    let witness: [Packed]?
    let state, schedule: String?
    let drawn: Packed?
    let claims: [String: Packed]?
}

private struct DescribedRecord: Decodable {
    let version, stackLog, rowLog: Int
    let folds, rates, queries, grinding: [Int]
    let heightLimit: Int
}

private struct DescribedValue: Decodable {
    let value: CanonicalValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(UInt32.self) {
            value = .number(number)
        } else {
            value = .list(try container.decode([DescribedValue].self).map(\.value))
        }
    }
}

/// "a32": 32 bytes absorbed; "u8": 8 bytes passed without being hashed; "d1x24": one value of 24 bytes drawn.
private func event(_ text: Substring) -> TranscriptEvent {
    let numbers = text.dropFirst().split(separator: "x").map { Int($0) ?? -1 }
    return switch text.first {
    case "a": .absorbed(bytes: numbers[0])
    case "u": .unabsorbed(bytes: numbers[0])
    default: .drawn(count: numbers[0], bytesEach: numbers[1])
    }
}

private func words(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }
}

private func elements(_ bytes: [UInt8]) -> [E] {
    stride(from: 0, to: bytes.count, by: E.byteCount).compactMap {
        E(littleEndianBytes: bytes[$0..<$0 + E.byteCount])
    }
}
