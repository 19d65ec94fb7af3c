import ClusterKit
import Foundation
import Oracles
import Testing

/// What scripts rely on: exit codes, one JSON object on standard output, the names in it.
@Suite(.timeLimit(.minutes(10))) struct CommandLineTests {
    @Test func execute() throws {
        let tool = try Tool(), elf = JobGuests.sum(segments: 2), expected = try ExpectedRun(elf, input: [1, 0, 0, 0])
        let ending = try tool.run(
            "execute", try tool.file("sum.elf", elf), "--input", try tool.file("input", [1, 0, 0, 0]), "--limit",
            "2^13",
            "--json")
        #expect(ending.code == 0 && ending.errors.isEmpty, "no progress where nobody looks: \(ending.errors)")
        let object = try ending.object()
        #expect(object["cycles"] as? Int == Int(expected.cycles))
        #expect(object["journal"] as? String == expected.journal.map { hex($0) }.joined())
        let exit = try #require(object["exit"] as? [String: Any])
        #expect(exit["kind"] as? String == "halted" && exit["code"] as? Int == 0)
        let segments = try #require(object["segments"] as? [[String: Any]])
        #expect(segments.count == 2 && segments.map { $0["index"] as? Int } == [0, 1])
        #expect(segments.reduce(0) { $0 + ($1["cycles"] as? Int ?? 0) } == Int(expected.cycles))
        #expect(segments.reduce(0) { $0 + ($1["predicted_bits"] as? Int ?? 0) } == object["predicted_bits"] as? Int)
        for segment in segments {
            #expect(segment["limit_log2"] as? Int == 13)
            for name in ["bytes", "compressed_bytes", "touched_pages"] {
                #expect(segment[name] as? Int ?? 0 > 0, "\(name)")
            }
            #expect(segment["dirty_pages"] is Int)
        }
        for name in ["seconds", "instructions_per_second", "peak_bytes"] {
            #expect(object[name] as? Double ?? 0 > 0, "\(name)")
        }
    }

    @Test func endingsOfARun() throws {
        let tool = try Tool()
        let halting = try tool.run("execute", try tool.file("halts.elf", JobGuests.halts(3)), "--json")
        #expect(halting.code == 1)
        let exit = try #require(try halting.object()["exit"] as? [String: Any])
        #expect(exit["kind"] as? String == "halted" && exit["code"] as? Int == 3)
        let faulting = try tool.run("execute", try tool.file("faults.elf", JobGuests.faults), "--json")
        #expect(faulting.code == 1)
        let fault = try #require(try faulting.object()["exit"] as? [String: Any])
        #expect(fault["kind"] as? String == "faulted" && (fault["reason"] as? String)?.isEmpty == false)
    }

    /// 1 for what cannot be run, 2 for words that make no sense; each says why, on standard error alone.
    @Test func refusals() throws {
        let tool = try Tool(), elf = try tool.file("halts.elf", JobGuests.halts(0))
        for (words, code, reason): ([String], Int32, String) in [
            (["execute", try tool.file("no.elf", [1, 2, 3])], 1, "ELF"),
            (["execute", elf, "--limit", "2^12"], 2, "2^13"),
            (["execute", elf, "--limit", "25"], 2, "2^24"), (["execute"], 2, "program"), (["nothing"], 2, "nothing"),
            (["verify", tool.directory.path("absent")], 2, "absent"), (["verify", elf, "--image-id", "12"], 2, "64"),
            (["soundness", "--stack-log2", "40"], 2, "16 to 28"),
        ] {
            let ending = try tool.run(words)
            #expect(ending.code == code && ending.output.isEmpty, "\(words): \(ending)")
            #expect(ending.errors.contains(reason), "\(words): \(ending.errors)")
        }
        let help = try tool.run("--help")
        #expect(help.code == 0 && help.output.contains("prove-segment") && help.errors.isEmpty)
    }

    @Test func proveAndVerify() throws {
        let tool = try Tool(), elf = JobGuests.sum(segments: 2), input: [UInt8] = [5, 0, 0, 0]
        let program = try tool.file("sum.elf", elf), expected = try ExpectedRun(elf, input: input)
        let receipt = tool.directory.path("sum.receipt")
        let proved = try tool.run(
            "prove", program, "--input", try tool.file("input", input), "--limit", "2^13", "-o", receipt, "--json")
        #expect(proved.code == 0 && proved.errors.isEmpty, "\(proved.errors)")
        let object = try proved.object()
        #expect(object["cycles"] as? Int == Int(expected.cycles) && object["segments"] as? Int == 2)
        #expect(object["image_id"] as? String == expected.imageID)
        #expect(object["journal"] as? String == expected.journal.map { hex($0) }.joined())
        #expect(object["receipt_bytes"] as? Int == (try tool.bytes(receipt).count))
        for name in ["seconds", "cycles_per_second", "threads", "peak_bytes"] {
            #expect(object[name] as? Double ?? 0 > 0, "\(name)")
        }
        #expect(object["isa"] is String && object["exit"] is [String: Any])

        for words in [["--program", program], ["--image-id", expected.imageID], []] {
            let valid = try tool.run(["verify", receipt, "--json"] + words), object = try valid.object()
            #expect(valid.code == 0 && object["valid"] as? Bool == true && object["error"] == nil)
            #expect(object["image_id"] as? String == expected.imageID && object["segments"] as? Int == 2)
            #expect(object["journal"] as? String == expected.journal.map { hex($0) }.joined())
            #expect(object["security_bits"] as? Int ?? 0 >= 128 && object["seconds"] is Double && object["exit"] != nil)
        }

        var flipped = try tool.bytes(receipt)
        flipped[flipped.count / 2] ^= 1
        let truncated = Array(try tool.bytes(receipt).dropLast())
        let otherProgram = try tool.file("other.elf", JobGuests.halts(0))
        for words in [
            [receipt, "--program", otherProgram], [receipt, "--image-id", String(repeating: "0", count: 64)],
            [try tool.file("flipped", flipped)], [try tool.file("truncated", truncated)], [program],
        ] {
            let invalid = try tool.run(["verify", "--json"] + words), object = try invalid.object()
            #expect(invalid.code == 1 && object["valid"] as? Bool == false, "\(words)")
            #expect((object["error"] as? String)?.isEmpty == false && invalid.errors.contains("invalid"), "\(words)")
        }
        let both = try tool.run("verify", receipt, "--program", program, "--image-id", expected.imageID)
        #expect(both.code == 2)
    }

    @Test func segments() throws {
        let tool = try Tool(), program = try tool.file("sum.elf", JobGuests.sum(segments: 2))
        #expect(try tool.run("execute", program, "--limit", "13", "--segments-dir", "segments").code == 0)
        let segment = tool.directory.path("segments/000001.segment")
        #expect(try tool.run("prove-segment", segment).code == 0)
        let verified = try tool.run("verify", segment + ".receipt", "--json"), object = try verified.object()
        #expect(verified.code == 0 && object["valid"] as? Bool == true && object["segments"] as? Int == 1)
        #expect(object["image_id"] is NSNull && object["journal"] is NSNull, "it starts no run")
        for (file, word) in [(program, "program"), (segment, "segment"), (segment + ".receipt", "receipt")] {
            let inspected = try tool.run("inspect", file)
            #expect(inspected.code == 0 && inspected.output.contains(word), "\(file): \(inspected)")
        }
        let rubbish = try tool.run("inspect", try tool.file("rubbish", [1, 2, 3]))
        #expect(rubbish.code == 1 && rubbish.output.isEmpty && !rubbish.errors.isEmpty)
    }

    @Test func soundness() throws {
        let tool = try Tool(), ending = try tool.run("soundness", "--stack-log2", "22", "--json")
        let object = try ending.object(), record = try #require(object["record"] as? [String: Any])
        #expect(ending.code == 0 && object["target"] as? Int == 128 && record["m"] as? Int == 22)
        let levels = try #require(record["folds"] as? [Int]).count
        for name in ["rates", "queries", "grind"] { #expect((record[name] as? [Int])?.count == levels, "\(name)") }
        let messages = try #require(object["messages"] as? [[String: Any]])
        #expect(messages.count > 100)
        for message in messages {
            #expect(message["bits"] as? Double ?? 0 >= 128, "\(message)")
            for name in ["name", "formula", "source"] { #expect((message[name] as? String)?.isEmpty == false) }
        }
        let weak = try tool.run("soundness", "--stack-log2", "22", "--json", "--queries", "100,75,45,33")
        let bits = try #require(try weak.object()["messages"] as? [[String: Any]]).compactMap { $0["bits"] as? Double }
        #expect(weak.code == 1 && bits.contains { $0 < 128 } && weak.errors.contains("fewer than 128"))
    }

    // MARK: -

    private func hex(_ byte: UInt8) -> String { String(format: "%02x", byte) }
}
