// build-guests [DIRECTORY]: builds the example guests for `make build`. For each it leaves NAME.elf in DIRECTORY
// (.build/guests unless given), and for each of its inputs NAME.input and NAME.journal, the journal that the run must
// write as the host computes it in another way. What is newer than everything that it was made from is kept.

import Foundation
import Guests
import Oracles

func build(into directory: URL) throws {
    let kits = try Kits.locate()
    let examples = kits.directory.deletingLastPathComponent().appendingPathComponent("Examples", isDirectory: true)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for example in exampleOracles {
        let source = examples.appendingPathComponent(example.name, isDirectory: true)
        let elf = directory.appendingPathComponent("\(example.name).elf")
        if !isFresh(elf, sources: [source, kits.directory]) {
            let warnings = try GuestBuild(source: source, kits: kits).build(to: elf)
            print("\(warnings)built \(elf.lastPathComponent)")
        }
        for (name, bytes) in try example.inputs(examples: examples) {
            let input = directory.appendingPathComponent("\(name).input")
            let journal = directory.appendingPathComponent("\(name).journal")
            if (try? Data(contentsOf: input)) != Data(bytes) || !isFresh(journal, sources: []) {
                try Data(bytes).write(to: input, options: .atomic)
                try Data(try example.journal(of: bytes)).write(to: journal, options: .atomic)
                print("wrote \(input.lastPathComponent) and \(journal.lastPathComponent)")
            }
        }
    }
}

/// Whether a file is newer than this program and than every file under `sources`.
func isFresh(_ file: URL, sources: [URL]) -> Bool {
    func modified(_ url: URL) -> Date? {
        try? url.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
    }
    guard let made = modified(file) else {
        return false
    }
    let files = sources.flatMap { source in
        FileManager.default.enumerator(at: source, includingPropertiesForKeys: [.contentModificationDateKey])?
            .compactMap { $0 as? URL } ?? []
    }
    let program = Bundle.main.executableURL.map { [$0.resolvingSymlinksInPath()] } ?? []
    return (files + program).allSatisfy { (modified($0) ?? .distantFuture) < made }
}

do {
    let arguments = CommandLine.arguments.dropFirst()
    try build(into: URL(fileURLWithPath: arguments.first ?? ".build/guests", isDirectory: true))
} catch {
    FileHandle.standardError.write(Data("build-guests: \(error)\n".utf8))
    exit(1)
}
