import Execution
import Machine
import Oracles

/// Where tests place code and data.
let codeBase: UInt32 = 0x1_0000
let dataBase: UInt32 = 0x8_0000

/// Pages with `words` from an aligned address on, as a program holds them.
func pages(_ words: [UInt32], at address: UInt32, kind: PageKind) -> [Program.Page] {
    let first = Int(address / 1024), offset = Int(address / 4 % 256)
    let padded = [UInt32](repeating: 0, count: offset) + words
    return stride(from: 0, to: padded.count, by: 256).map { start in
        var page = Array(padded[start..<min(start + 256, padded.count)])
        page += [UInt32](repeating: 0, count: 256 - page.count)
        return Program.Page(index: UInt32(first + start / 256), kind: kind, words: page)
    }
}

/// Code at `codeBase`, data at `dataBase`, where x3 of random programs points.
func program(_ code: [UInt32], data: [UInt32] = []) -> Program {
    Program(entry: codeBase, pages: pages(code, at: codeBase, kind: .code) + pages(data, at: dataBase, kind: .data))
}

/// The same program on the other machine.
func naive(_ program: Program, inputs: [UInt32] = []) -> NaiveMachine {
    var memory: [UInt32: UInt32] = [:], code: Set<UInt32> = []
    for page in program.pages {
        if page.kind == .code { code.insert(page.index) }
        for (offset, word) in page.words.enumerated() where word != 0 {
            memory[page.index * 256 + UInt32(offset)] = word
        }
    }
    return NaiveMachine(pc: program.entry, memory: memory, codePages: code, inputs: inputs)
}

/// A plain run to its end, or to `limit` cycles.
func run(_ program: Program, inputs: [UInt32] = [], limit: Int = 1_000_000) throws -> PlainRun {
    let run = try PlainRun(program: program, input: InputStream(words: inputs))
    _ = run.run(cycles: limit)
    return run
}

extension Exit {
    init(_ outcome: NaiveMachine.Outcome) {
        switch outcome {
        case .running: self = .running
        case .halted(let code): self = .halted(code: code)
        case .fault(let code): self = FaultCode(rawValue: code).map { .faulted($0) } ?? .running
        }
    }
}
