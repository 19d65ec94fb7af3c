/// What a replayed cycle leaves for the filling of its row: all that the row needs beside its instruction and clock.
/// 32 bytes, written once and read once.
struct CycleRecord {
    /// The number of the instruction, in the order of first execution.
    var instruction: UInt32 = 0
    /// The registers read; of `cycle_count` the cycle base in the second.
    var value1: UInt32 = 0
    var value2: UInt32 = 0
    /// rd before and after. After a jump it is the link, of a store the memory word after it.
    var rdOld: UInt32 = 0
    var result: UInt32 = 0
    /// The memory word accessed, before the access, and the time of its last one; of branches the next pc.
    var word: UInt32 = 0
    var lastTime: UInt32 = 0
    /// The tokens of the three accesses: position and slot, ten bits each, the first access in the lowest bits. Bits 30
    /// and 31: the call (1 read_input, 2 cycle_count), or whether the memory word is writable.
    var tokens: UInt32 = 0
}

/// A register's token moved to the current epoch.
struct RefreshRecord {
    var epoch: UInt32
    /// Epoch, position, slot, as in the message.
    var token: UInt32
    var number: UInt32
    var value: UInt32
}

/// The last row of a run that halts or faults, by the names of its fields: rare enough to be filled by name.
struct FinalRow {
    var kind: TableKind
    var values: [String: UInt32]
}

/// Records of 4096 cycles, and how many rows each table had before them: what a thread needs to fill these rows.
///
/// Unsafe: memory for 4096 records, of which the first `count` are initialised; the replay writes them before any
/// filling thread reads.
final class RecordBlock: @unchecked Sendable {
    static let capacity = 4096
    let records: UnsafeMutablePointer<CycleRecord>
    let heights: [Int]
    fileprivate(set) var count = 0

    init(heights: [Int]) {
        records = .allocate(capacity: RecordBlock.capacity)
        self.heights = heights
    }

    deinit { records.deallocate() }

    /// - Precondition: fewer than 4096 so far.
    @inline(__always) func append(_ record: CycleRecord) {
        records[count] = record
        count &+= 1
    }
}
