import Foundation
import Hashing

/// Receipts made beforehand, a file each, found by their claims: what stand-ins hand in.
public struct ReceiptStore: Sendable {
    private let directory: String

    public init(directory: String) { self.directory = directory }

    private func path(_ claim: [UInt8]) -> String { "\(directory)/\(Blake3.hash(claim).hex).receipt" }

    public func has(claim: [UInt8]) -> Bool { FileManager.default.fileExists(atPath: path(claim)) }

    public func read(claim: [UInt8]) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(claim))))
    }

    public func write(_ receipt: [UInt8], claim: [UInt8]) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(receipt).write(to: URL(fileURLWithPath: path(claim)), options: .atomic)
    }
}
