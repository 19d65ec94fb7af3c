import Execution
import Foundation
import Machine
import Pipeline
import Receipts
import ServiceCommon

/// One execution on a thread of its own: segments come out while the program still runs, and wait to be published.
///
/// It is never more than a few segments ahead of the publisher, so memory stays bounded whatever the length of the run.
/// `@unchecked Sendable`: all that changes is read and written under `condition`'s lock.
final class Run: @unchecked Sendable {
    struct EncodedSegment {
        let bytes: [UInt8]
        let claim: [UInt8]
        let stackLog2: Int
        let cycles: UInt64
    }

    enum Product {
        case segment(EncodedSegment)
        case end(RunEnd)
    }

    let execution: Execution
    private let condition = NSCondition()
    private var products: [Product] = []
    private var cancelled = false
    /// How many segments wait at most.
    private static let ahead = 4

    init(_ execution: Execution) {
        self.execution = execution
    }

    /// Runs `elf` on `input`; on a failure before the first instruction, `failure` alone is published.
    func start(elf: [UInt8], input: [UInt8]) {
        let thread = Thread { [self] in
            do { try produce(elf: elf, input: input) } catch { put(.end(failed("\(error)", cycles: 0, segments: 0))) }
        }
        thread.name = "sheaf-run"
        thread.stackSize = 8 << 20
        thread.start()
    }

    func fail(_ reason: String) { put(.end(failed(reason, cycles: 0, segments: 0))) }

    /// What has come out since, in order: of segments so many bytes, or one.
    func take(bytes limit: Int) -> [Product] {
        condition.lock()
        defer { condition.unlock() }
        var bytes = 0, count = 0
        for product in products {
            if case .segment(let segment) = product { bytes += segment.bytes.count }
            if count > 0, bytes > limit { break }
            count += 1
        }
        defer { products.removeFirst(count) }
        condition.signal()
        return Array(products.prefix(count))
    }

    func cancel() {
        condition.lock()
        defer { condition.unlock() }
        cancelled = true
        condition.broadcast()
    }

    private func produce(elf: [UInt8], input: [UInt8]) throws {
        let segmenter = try Segmenter(
            program: try Program(elf: elf), input: InputStream(bytes: input), limitLog: execution.limitLog2)
        var count = 0
        while let step = segmenter.next() {
            let segment = step.segment
            count += 1
            put(
                .segment(
                    EncodedSegment(
                        bytes: segment.encoded(), claim: SegmentClaim(segment).encoded(),
                        stackLog2: step.forecast.stackLog, cycles: UInt64(segment.cycles))))
            if isCancelled { return }
            if segmenter.cycles >= execution.cycleLimit, segmenter.exit == .running {
                put(
                    .end(
                        failed(
                            "the program did not end within \(execution.cycleLimit) cycles", cycles: segmenter.cycles,
                            segments: count)))
                return
            }
        }
        put(
            .end(
                RunEnd(
                    job: execution.job, cycles: segmenter.cycles, segments: count, journal: hex(segmenter.journal),
                    journalOpening: hex(JournalOpening(segmenter).encoded()), exit: ExitMessage(segmenter.exit))))
    }

    func failed(_ reason: String, cycles: UInt64, segments: Int) -> RunEnd {
        RunEnd(
            job: execution.job, cycles: cycles, segments: segments, journal: nil, journalOpening: nil, exit: nil,
            failure: reason)
    }

    private var isCancelled: Bool {
        condition.lock()
        defer { condition.unlock() }
        return cancelled
    }

    private func put(_ product: Product) {
        condition.lock()
        defer { condition.unlock() }
        while products.count >= Self.ahead, !cancelled { condition.wait() }
        if !cancelled { products.append(product) }
    }
}

extension JournalOpening {
    /// The journal of a run that has ended.
    public init(_ segmenter: Segmenter) {
        let first = MemoryMap.journalBase >> MemoryMap.pageShift
        let length = segmenter.open(pages: [first]).words[0]
        let pages = (0..<UInt32(Self.pageCount(length: Self.length(firstWord: length)))).map { first + $0 }
        let opened = segmenter.open(pages: pages)
        self.init(words: opened.words, digests: opened.digests)
    }
}

extension ExitMessage {
    init(_ exit: Exit) {
        switch exit {
        case .faulted(let code): self.init(kind: .faulted, code: code.rawValue)
        case .halted(let code): self.init(kind: .halted, code: code)
        case .running: self.init(kind: .halted, code: 0)  // no finished run is running
        }
    }
}
