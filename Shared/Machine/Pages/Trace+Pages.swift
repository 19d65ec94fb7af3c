import BinaryFields
import Hashing
import Tables

extension Trace {
    /// Nodes, pages, blocks and registers.
    func fillPages(_ places: Places) {
        for (n, node) in pages.opened.enumerated() {
            var row = places[.openNode].row(n)
            row.node(node, isAfter: false)
        }
        for (n, node) in pages.closed.enumerated() {
            var row = places[.closeNode].row(n)
            row.node(node, isAfter: true)
        }
        for (kind, leaves) in [(TableKind.keep, pages.kept), (.drop, pages.dropped)] {
            for (n, leaf) in leaves.enumerated() {
                var row = places[kind].row(n)
                row.leaf(leaf)
            }
        }
        var numbers: [PageTrace.Change: Int] = [:]
        for (slot, page) in segment.pages.enumerated() {
            let change = pages.changes[slot]
            let number = numbers[change, default: 0]
            numbers[change] = number + 1
            let before = pages.before.digest(level: MemoryMap.pageLevel, index: page.index)
            let after = pages.after.digest(level: MemoryMap.pageLevel, index: page.index)
            switch change {
            case .clean:
                var row = places[.pageClean].row(number)
                row.page(page, before: before, after: nil)
            case .dirty:
                var row = places[.pageDirty].row(number)
                row.page(page, before: before, after: after)
            case .new:
                var row = places[.pageZero].row(number)
                row.page(page, before: nil, after: after)
            }
        }
        fillBlocks(places)
        var row = places[.registers].row(0)
        row.registers(
            before: segment.before.registers, replay.hart,
            digests: (segment.before.registerDigest, segment.after.registerDigest))
    }

    private func fillBlocks(_ places: Places) {
        let (words, blocks) = (MemoryMap.pageWords, MemoryMap.pageBlocks)
        var (clean, open, close, zero) = (0, 0, 0, 0)
        segment.contents.withUnsafeBufferPointer { contents in
            guard let old = contents.baseAddress else { return }
            for (slot, page) in segment.pages.enumerated() {
                let change = pages.changes[slot]
                for j in 0..<blocks {
                    let place = slot * words + 16 * j
                    let (now, times) = (replay.memory.words + place, replay.memory.times + place)
                    switch change {
                    case .clean:
                        var row = places[.blockClean].row(clean + j)
                        row.block(page, j: j, now, times: times)
                        continue
                    case .dirty:
                        var row = places[.blockOpen].row(open + j)
                        row.block(page, j: j, old + place, times: nil)
                    case .new:
                        var row = places[.blockZero].row(zero + j)
                        row.zeroBlock(page, j: j)
                    }
                    var row = places[.blockClose].row(close + j)
                    row.block(page, j: j, now, times: times)
                }
                clean += change == .clean ? blocks : 0
                open += change == .dirty ? blocks : 0
                zero += change == .new ? blocks : 0
                close += change == .clean ? 0 : blocks
            }
        }
    }

    /// The rows of the BLAKE3 table: pages by rising index, each before and after, nodes by level, then the registers.
    func fillHashes(_ places: Places) {
        let nodes = pages.hashOrder.flatMap { isAfter, number in
            let node = isAfter ? pages.closed[number] : pages.opened[number]
            return [node.left, node.right].flatMap { digest in (0..<8).map { digest.words[$0] } }
        }
        let registers = segment.before.registers + (0..<32).map { replay.hart.values[$0] }
        segment.contents.withUnsafeBufferPointer { old in
            nodes.withUnsafeBufferPointer { nodes in
                registers.withUnsafeBufferPointer { registers in
                    let jobs = Jobs(hashJobs(old: old.baseAddress, nodes.baseAddress, registers.baseAddress))
                    parallel(jobs.all.count, grain: 16) { range in
                        var batch = RowBatch(pairs: TableKind.blake3.entries, destination: places[.blake3])
                        for job in jobs.all[range] { Trace.fill(job, &batch) }
                        batch.flush()
                        batch.free()
                    }
                }
            }
        }
    }

    private static func fill(_ job: HashJob, _ batch: inout RowBatch) {
        var chain = MemoryHashing.key.words
        for j in 0..<job.blocks {
            var row = batch.row(job.row + j)
            chain = row.compression(chain, job.words + 16 * j, job: job, j: j)
        }
    }

    /// Read by all threads while the arrays that the jobs point into stand still.
    private struct Jobs: @unchecked Sendable { let all: [HashJob]; init(_ all: [HashJob]) { self.all = all } }

    private func hashJobs(
        old: UnsafePointer<UInt32>?, _ nodes: UnsafePointer<UInt32>?, _ registers: UnsafePointer<UInt32>?
    ) -> [HashJob] {
        var jobs: [HashJob] = []
        var row = 0
        func add(
            _ words: UnsafePointer<UInt32>?, blocks: Int, _ place: UInt32, stage: Int, kind: UInt32,
            isNode: Bool = false
        ) {
            guard let words else { return }
            jobs.append(
                HashJob(
                    row: row, words: words, blocks: blocks, place: place, stage: UInt32(stage), kind: kind,
                    isNode: isNode))
            row += blocks
        }
        for (slot, page) in segment.pages.enumerated() {
            let place = PageTrace.place(MemoryMap.pageLevel, page.index)
            let (start, kind) = (slot * MemoryMap.pageWords, UInt32(page.kind.rawValue))
            if pages.changes[slot] != .new {
                add(old.map { $0 + start }, blocks: MemoryMap.pageBlocks, place, stage: 0, kind: kind)
            }
            if pages.changes[slot] != .clean {
                add(replay.memory.words + start, blocks: MemoryMap.pageBlocks, place, stage: 1, kind: kind)
            }
        }
        for (n, (isAfter, number)) in pages.hashOrder.enumerated() {
            let node = isAfter ? pages.closed[number] : pages.opened[number]
            add(nodes.map { $0 + 16 * n }, blocks: 1, node.place, stage: isAfter ? 1 : 0, kind: 0, isNode: true)
        }
        for stage in 0..<2 {
            add(registers.map { $0 + 32 * stage }, blocks: 2, PageTrace.place(1, 1), stage: stage, kind: 2)
        }
        return jobs
    }
}
