import ServiceKit
import Testing

@Suite("Command lines")
struct ParsingTests {
    private func parse(_ line: String, environment: [String: String] = [:]) throws -> Run {
        let words = line.split(separator: " ").map(String.init)
        return try #require(try Tool.parseAsRoot(["run"] + words, environment: environment) as? Run)
    }

    private func message(_ line: String, environment: [String: String] = [:]) -> String {
        do {
            _ = try Tool.parseAsRoot(line.split(separator: " ").map(String.init), environment: environment)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func defaultsHold() throws {
        let run = try parse("p.elf")
        #expect(run.program == "p.elf" && run.words.isEmpty && run.threads == 2 && run.deadlineSeconds == nil)
        #expect(run.color == .red && run.verbose == 0 && !run.json && run.compress && run.evenSize == nil)
        #expect(run.cluster.brokers == "localhost:9092" && run.cluster.kafka.isEmpty)
    }

    @Test(arguments: [
        "--threads 8 --json p.elf a b", "p.elf --threads=8 a --json b", "p.elf a b --threads 1 --json --threads 8",
        "--thr 8 --json p.elf a b", "--threads 8 --json -- p.elf a b",
    ])
    func spellingsAgree(_ line: String) throws {
        let run = try parse(line)
        #expect(run.program == "p.elf" && run.words == ["a", "b"] && run.threads == 8 && run.json)
    }

    @Test func shortNamesClusterAndTakeValues() throws {
        let run = try parse("-vvs6 -b host:1 p.elf -v")
        #expect(run.verbose == 3 && run.evenSize == 6 && run.cluster.brokers == "host:1")
    }

    @Test func wordsAfterTwoDashesAreNoOptions() throws {
        let run = try parse("-- p.elf --json -v")
        #expect(run.words == ["--json", "-v"] && !run.json)
    }

    @Test func arraysCollectAndInversionsInvert() throws {
        let run = try parse("p.elf --kafka a=1 --no-compress --kafka b=2,3")
        #expect(run.cluster.kafka == ["a=1", "b=2,3"] && !run.compress)
        #expect(try parse("p.elf --no-compress --compress").compress)
    }

    @Test func negativeNumbersAreValues() throws {
        #expect(try parse("p.elf --deadline-seconds -2.5").deadlineSeconds == -2.5)
    }

    @Test func environmentGivesWhatTheCommandLineDoesNot() throws {
        let environment = [
            "SHEAF_BROKERS": "env:1", "SHEAF_THREADS": "5", "SHEAF_KAFKA": #"a=1, b=x\,y"#, "SHEAF_JSON": "yes",
            "SHEAF_COLOR": "green", "SHEAF_COMPRESS": "0", "SHEAF_VERBOSE": "3", "SHEAF_DEADLINE_SECONDS": "",
        ]
        let run = try parse("p.elf --threads 7", environment: environment)
        #expect(run.cluster.brokers == "env:1" && run.threads == 7 && run.cluster.kafka == ["a=1", "b=x,y"])
        #expect(run.json && run.color == .green && !run.compress && run.verbose == 3)
        #expect(run.deadlineSeconds == nil)
    }

    @Test func subcommandsAreFound() throws {
        #expect(try Tool.parseAsRoot(["nested", "leaf", "--node", "n"]) is Leaf)
        #expect(try (Tool.parseAsRoot(["nested", "--node", "n"]) as? Leaf)?.node == "n")
        #expect(try Tool.parseAsRoot(["secret"]) is Secret)
        #expect(try Tool.parseAsRoot([]) is Tool)
    }

    @Test(arguments: [
        ("run p.elf --thread-s 2", "Unknown option '--thread-s'. Did you mean '--threads'?"),
        ("run p.elf --jsno", "Unknown option '--jsno'. Did you mean '--json'?"),
        ("run p.elf --zzzzzz", "Unknown option '--zzzzzz'."),
        ("run p.elf -x", "Unknown option '-x'."),
        ("run p.elf -threads 3", "Unknown option '-t'. Did you mean '--threads'?"),
        ("rnu p.elf", "Unknown subcommand 'rnu'. Did you mean 'run'?"),
        ("--jsno", "Unknown option '--jsno'."),
        ("run", "Missing expected argument '<program>'."),
        ("run p.elf --threads", "Missing value for '--threads <threads>'."),
        ("run p.elf --json=1", "The option '--json' takes no value."),
        (
            "run p.elf --threads two",
            "The value 'two' is invalid for '--threads <threads>'.\nHelp:  --threads <threads>  Threads."
        ),
        ("run p.elf --size 3", "The value '3' is invalid for '--size <even-size>': not even."),
        ("run p.elf --color blue", "The value 'blue' is invalid for '--color <color>'; expected one of: red, green."),
        ("run p.elf --threads 0", "Expected 1 thread or more, got 0."),
        ("run p.elf --brokers=", "No brokers."),
        ("nested leaf", "Missing expected option '--node <node>'."),
        ("nested leaf --node n extra", "Unexpected argument 'extra'."),
    ])
    func mistakesAreNamed(_ line: String, _ expected: String) {
        #expect(message(line) == expected)
    }

    @Test func mistakesInTheEnvironmentNameTheVariable() {
        #expect(
            message("run p.elf", environment: ["SHEAF_THREADS": "x"])
                == "The value 'x' is invalid for '--threads <threads>' (from SHEAF_THREADS).\n"
                + "Help:  --threads <threads>  Threads.")
    }

    @Test func scanningIsSafeFromManyThreads() async {
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    (try? Tool.parseAsRoot(["run", "p\(index)", "--threads", "\(index + 1)"]) as? Run)
                        .map { $0.threads == index + 1 && $0.program == "p\(index)" } ?? false
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
