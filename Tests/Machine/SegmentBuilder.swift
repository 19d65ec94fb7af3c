import Hashing
import Machine
import Oracles
import Tables
import Testing

/// A program, and what it is run with.
struct TestProgram: Sendable {
    static let codeBase: UInt32 = 0x10000
    static let dataBase: UInt32 = 0x80000

    var name: String
    var code: [UInt32]
    var data: [UInt32] = []
    var inputs: [UInt32] = [7, 8]
    var firstCycle: UInt64 = 1000
    var registers = [UInt32](repeating: 0, count: 32)
    var entry = TestProgram.codeBase
    /// Lengths of segments; what follows them is one more.
    var cuts: [Int] = []
}

/// Segments made by the naive machine, which knows neither tables nor traces.
struct SegmentBuilder {
    private(set) var machine: NaiveMachine

    init(_ program: TestProgram) {
        var memory: [UInt32: UInt32] = [:]
        for (i, word) in program.code.enumerated() { memory[TestProgram.codeBase / 4 + UInt32(i)] = word }
        for (i, word) in program.data.enumerated() { memory[TestProgram.dataBase / 4 + UInt32(i)] = word }
        let pages = Set((0...program.code.count).map { (TestProgram.codeBase + 4 * UInt32($0)) / 1024 })
        machine = NaiveMachine(
            pc: program.entry, memory: memory, codePages: pages, inputs: program.inputs)
        machine.x = program.registers
        machine.cycle = program.firstCycle
    }

    static func segments(of program: TestProgram) -> [Segment] {
        var builder = SegmentBuilder(program)
        var segments: [Segment] = []
        for limit in program.cuts + [1 << 20] {
            segments.append(builder.next(limit: limit, index: UInt32(segments.count)))
            if builder.machine.outcome != .running { break }
        }
        return segments
    }

    /// The next segment; `observe` sees the machine after each cycle.
    mutating func next(
        limit: Int, index: UInt32 = 0, observe: (NaiveMachine) -> Void = { _ in }
    ) -> Segment {
        let before = machine
        machine.touched = []
        var cycles: UInt32 = 0
        while machine.outcome == .running && cycles < limit {
            machine.step()
            cycles += 1
            observe(machine)
        }
        let touched = machine.touched.sorted()
        let pages = touched.map { Segment.Page(index: $0, kind: machine.codePages.contains($0) ? .code : .data) }
        let (old, new) = (SegmentBuilder.tree(before), SegmentBuilder.tree(machine))
        let reads = (machine.executed["read_input"] ?? 0) - (before.executed["read_input"] ?? 0)
        let exit: Exit =
            switch machine.outcome {
            case .running: .running
            case .halted(let code): .halted(code: code)
            case .fault(let code): Exit(status: 2, code: code)!
            }
        return Segment(
            index: index, limitLog: 20, firstCycle: before.cycle, cycles: cycles,
            before: MachineState(programCounter: before.pc, registers: before.x, memoryRoot: old.root),
            after: MachineState(programCounter: machine.pc, registers: machine.x, memoryRoot: new.root), pages: pages,
            contents: touched.flatMap { SegmentBuilder.page($0, before.memory) },
            opening: old.opening(of: touched),
            inputs: Array((before.inputs + Array(repeating: 0, count: reads)).prefix(reads)), exit: exit)
    }

    private static func page(_ index: UInt32, _ memory: [UInt32: UInt32]) -> [UInt32] {
        (0..<256).map { memory[index * 256 + $0] ?? 0 }
    }

    private static func tree(_ machine: NaiveMachine) -> MemoryTree {
        let used = Set(machine.memory.filter { $0.value != 0 }.keys.map { $0 / 256 }).union(machine.codePages).sorted()
        let kinds = used.map { machine.codePages.contains($0) ? PageKind.code : .data }
        var tree = MemoryTree()
        tree.update(
            Array(zip(used, MemoryHash.pages(used.flatMap { page($0, machine.memory) }, kinds: kinds))).map {
                (index: $0, digest: $1)
            })
        return tree
    }
}

/// A segment's filled witness and what its statement says.
struct FilledTrace: Sendable {
    let segment: Segment
    let trace: Trace
    let witness: Witness
    var heights: [Int] { trace.heights }

    init(_ segment: Segment) throws {
        self.segment = segment
        trace = try Trace(segment)
        witness = trace.witness(FilledTrace.layout(trace.heights))
    }

    static func layout(_ heights: [Int]) -> Layout {
        Layout(system: MachineTables.standard.system, heights: heights, stackLog: 30, rowLog: 25)
    }

    var boundary: Boundary {
        SegmentVerifierRules.standard.boundary(SegmentClaim(segment))
    }

    /// All rows of all tables.
    func rows() -> [[[UInt32]]] {
        heights.indices.map { table in (0..<heights[table]).map { witness.row($0, of: table) } }
    }

    /// What the debug checker says of these rows, or of the witness.
    func complaints(_ rows: [[[UInt32]]]? = nil) -> [DebugChecker.Complaint] {
        let checker = DebugChecker(tables: MachineTables.standard.system.tables, kindName: MessageKind.name(ofTag:))
        let boundary = (pushed: boundary.pushed, pulled: boundary.pulled)
        guard let rows else {
            return checker.complaints(heights: heights, boundary: boundary) { witness.row($1, of: $0) }
        }
        return checker.complaints(heights: rows.map(\.count), boundary: boundary) { rows[$0][$1] }
    }
}
