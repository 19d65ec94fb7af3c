import Machine

/// What was executed and touched, as a forecast of the witness.
struct Metering {
    var forecast = WitnessForecast()
    /// All pages of the segment, by rising index.
    private(set) var pages: [UInt32] = []
    /// Positions in `GuestMemory.written` of the pages that changed, by rising page index.
    private(set) var dirty: [Int] = []

    /// Meters what `emulator` has executed since its counts were cleared, and touched since its memory's segment began.
    /// The counters must have been collected.
    init(_ emulator: Emulator, cycles: Int) {
        let counts = emulator.counts, memory = emulator.memory
        var registers: UInt64 = 0
        var touched = memory.touched
        var lastPage: UInt32?
        for (number, entry) in emulator.index.entries.enumerated() {
            let executed = counts.executed[number]
            guard executed > 0 else { continue }
            registers |= entry.registers
            if let table = entry.table { forecast[table] += Int(executed) }
            forecast[entry.codeTable] += 1
            let taken = counts.taken[number]
            offer(executed - taken)
            offer(taken)
            let page = entry.address >> MemoryMap.pageShift
            if page != lastPage {
                touched.append(page)
                lastPage = page
            }
        }
        forecast[.readInput] = counts.readInputs
        forecast[.cycleCount] = counts.cycleCounts
        if let ending = counts.ending {
            forecast[ending.table] += 1
            if let instead = ending.instead { forecast[instead] -= 1 }
            if ending.table == .faultFetch { touched.append(ending.address >> MemoryMap.pageShift) }
        }
        forecast[.epoch] = max(cycles - 1, 0) >> 8
        forecast[.refresh] = (cycles + 255) >> 8 * registers.nonzeroBitCount
        touched.sort()
        pages.reserveCapacity(touched.count)
        for page in touched where pages.last != page { pages.append(page) }
        meterPages(memory)
    }

    /// One offer for each set bit of the number of executions.
    private mutating func offer(_ count: UInt64) {
        var left = count
        while left != 0 {
            forecast[.offer(left.trailingZeroBitCount)] += 1
            left &= left - 1
        }
    }

    private mutating func meterPages(_ memory: GuestMemory) {
        dirty = memory.written.indices.filter(memory.isChanged)
        dirty.sort { memory.written[$0] < memory.written[$1] }
        let fresh = dirty.count { memory.wasEmpty($0) }
        let clean = pages.count - dirty.count, changed = dirty.count - fresh
        let opened = Self.ancestors(pages), closed = Self.ancestors(dirty.map { memory.written[$0] })
        let blocks = MemoryMap.pageBlocks
        forecast.touchedPages = pages.count
        forecast.dirtyPages = dirty.count
        forecast[.openNode] = opened
        forecast[.closeNode] = closed
        // Children of nodes that are closed, but for those that are closed themselves; the root, if nothing changed.
        forecast[.keep] = closed + 1 - dirty.count
        // Siblings that nobody touches.
        forecast[.drop] = opened + 1 - pages.count
        forecast[.pageClean] = clean
        forecast[.pageDirty] = changed
        forecast[.pageZero] = fresh
        forecast[.blockZero] = blocks * fresh
        forecast[.blockClean] = blocks * clean
        forecast[.blockOpen] = blocks * changed
        forecast[.blockClose] = blocks * (changed + fresh)
        forecast[.registers] = 1
        forecast[.blake3] = opened + closed + blocks * (clean + 2 * changed + fresh) + 4
    }

    /// Distinct nodes above these pages, which stand by rising index: those of the first, and of each next one those that
    /// lie below where the two part.
    private static func ancestors(_ pages: [UInt32]) -> Int {
        guard !pages.isEmpty else { return 0 }
        return zip(pages, pages.dropFirst()).reduce(MemoryMap.pageLevel - 1) { sum, pair in
            sum + UInt32.bitWidth - (pair.0 ^ pair.1).leadingZeroBitCount - 1
        }
    }
}
