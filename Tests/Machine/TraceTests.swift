import BinaryFields
import Hashing
import Machine
import Oracles
import Tables
import Testing

@Suite struct TraceTests {
    @Test func vectorsAreThere() { #expect(ModelVector.all.count == 20) }

    /// Every word of every table as the model filled it; the debug checker finds nothing.
    @Test(arguments: ModelVector.all) func rowsAreThoseOfTheModel(vector: ModelVector) throws {
        let segments = SegmentBuilder.segments(of: vector.program)
        #expect(segments.count == vector.segments.count)
        for (segment, expected) in zip(segments, vector.segments) {
            #expect(segment.cycles == expected.cycles)
            #expect(segment.exit == Exit(status: expected.status, code: expected.code))
            #expect(segment.after.programCounter == expected.programCounter)
            let filled = try FilledTrace(segment)
            for (table, rows) in zip(MachineTables.standard.system.tables, filled.rows()) {
                let (height, digest) = expected.tables[table.name] ?? (0, "")
                #expect(rows.count == height, "\(table.name)")
                guard rows.count == height, height > 0 else { continue }
                let bytes = rows.joined().flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 255) } }
                #expect(Blake3.hash(bytes).hex == digest, "\(table.name)")
            }
            #expect(filled.complaints().map(\.description) == [])
        }
    }

    /// What lies beyond the heights stays zero, whatever the number of threads.
    @Test func everyThreadCountFillsTheSame() throws {
        let program = try #require(ModelVector.all.first { $0.program.name == "loop over epochs" }).program
        let segment = try #require(SegmentBuilder.segments(of: program).first)
        let count = Threads.count
        defer { Threads.count = count }
        var stacks: [[K]] = []
        for threads in [1, 2, 7] {
            Threads.count = threads
            let witness = try FilledTrace(segment).witness
            stacks.append((0..<witness.stack.count).map { witness.stack[$0] })
        }
        #expect(stacks[0] == stacks[1] && stacks[0] == stacks[2])
        let filled = try FilledTrace(segment)
        for (kind, run) in zip(TableKind.allCases, filled.witness.layout.tables) where run.height > 0 {
            for pair in 0..<kind.entries {
                let first = run.offset + pair << run.log
                #expect((first + run.height..<first + 1 << run.log).allSatisfy { filled.witness.stack[$0] == .zero })
            }
        }
    }

    /// A fetch at a misaligned address touches no page: the memory is kept whole, and dropped unopened.
    @Test func aRunMayTouchNothing() throws {
        let program = TestProgram(name: "nothing", code: Assembler.halt, entry: TestProgram.codeBase + 2)
        let segment = try #require(SegmentBuilder.segments(of: program).first)
        #expect(segment.pages.isEmpty && segment.exit == .faulted(.misalignedFetch))
        let filled = try FilledTrace(segment)
        #expect(filled.complaints().map(\.description) == [])
        let used = TableKind.allCases.filter { filled.heights[$0.rawValue] > 0 }
        #expect(used == [.faultPC, .blake3, .keep, .drop, .registers])
    }

    /// A segment that does not say what its cycles do has no trace.
    @Test func lyingSegmentsHaveNoTrace() throws {
        let program = try #require(ModelVector.all.first { $0.program.name == "calls" }).program
        let honest = try #require(SegmentBuilder.segments(of: program).first)
        func refusal(_ change: (inout Segment) -> Void) -> TraceError? {
            var segment = honest
            change(&segment)
            do throws(TraceError) {
                _ = try Trace(segment)
                return nil
            } catch { return error }
        }
        #expect(refusal { _ in } == nil)
        let last = Int(honest.cycles)
        #expect(refusal { $0.cycles += 1 } == .endedEarly(cycle: last))
        #expect(refusal { $0.cycles -= 1 } == .exit(expected: honest.exit, got: .running))
        #expect(refusal { $0.cycles = 0 } == .cycleCount(0))
        #expect(refusal { $0.inputs = [] } == .missingInput(cycle: 2))
        #expect(refusal { $0.inputs.append(3) } == .unreadInput(expected: 2, got: 3))
        let (code, registers) = (honest.exit.code, honest.after.registers)
        #expect(
            refusal { $0.inputs[0] ^= 1 }
                == .exit(expected: honest.exit, got: .halted(code: code - 7 + 6)))
        #expect(refusal { $0.exit = .running } == .exit(expected: .running, got: honest.exit))
        #expect(
            refusal { $0.after.programCounter += 4 }
                == .programCounter(
                    expected: honest.after.programCounter + 4, got: honest.after.programCounter))
        #expect(
            refusal { $0.after.registers[8] ^= 1 }
                == .register(number: 8, expected: registers[8] ^ 1, got: registers[8]))
        let empty = MemoryTree.empty[1]
        #expect(
            refusal { $0.after.memoryRoot = empty } == .memoryRoot(expected: empty, got: honest.after.memoryRoot))
        #expect(
            refusal { $0.before.memoryRoot = empty }
                == .segment(.memoryRoot(expected: empty, got: honest.before.memoryRoot)))
        guard case .segment(.memoryRoot) = refusal({ $0.contents[0] ^= 1 }) else {
            Issue.record("changed content is not noticed")
            return
        }
        #expect(refusal { $0.contents.removeLast() } == .segment(.field("contents", value: 255)))
        #expect(refusal { $0.pages[0].index = 1 << 22 } == .segment(.field("page", value: 1 << 22)))
        #expect(
            refusal {
                $0.pages += $0.pages
                $0.contents += $0.contents
            } == .segment(.pageOrder(previous: 64, next: 64)))
        #expect(refusal { $0.opening.removeLast() } == .segment(.openingLength(expected: 22, got: 21)))
        #expect(
            refusal {
                $0.pages = []
                $0.contents = []
                $0.opening = []
            } == .missingPage(cycle: 0, address: TestProgram.codeBase))
    }
}
