import ServiceKit
import Testing

@Suite("Help and endings")
struct HelpTests {
    private func ending(_ line: String, width: Int = 80) -> (output: String, error: String, code: Int32) {
        let ending = Tool.ending(
            arguments: line.split(separator: " ").map(String.init), environment: [:], width: width)
        return (ending.standardOutput, ending.standardError, ending.code.rawValue)
    }

    @Test func rootHelpIsWhole() {
        let expected = """
            OVERVIEW: A tool.

            USAGE: tool <subcommand>

            OPTIONS:
              --version               Show the version.
              -h, --help              Show help information.

            SUBCOMMANDS:
              run                     Runs a program.
              nested                  Has commands below.

              See 'tool help <subcommand>' for detailed help.

            """
        #expect(ending("--help").output == expected)
        #expect(ending("-h").output == expected)
        #expect(ending("").output == expected)
        #expect(ending("help").output == expected)
    }

    @Test func commandHelpSaysDefaultsAndVariables() {
        let expected = """
            OVERVIEW: Runs a program.

            At length.

            USAGE: tool run [--brokers <brokers>] [--kafka <kafka> ...]
                   [--threads <threads>] [--deadline-seconds <deadline-seconds>]
                   [--color <color>] [--size <even-size>] [--verbose] [--json] [--compress]
                   [<program>] [<words> ...]
            """
        let help = ending("run --help").output
        #expect(ending("help run").output == help)
        #expect(help.hasPrefix(expected.replacing("[<program>]", with: "<program>")), "\(help)")
        for row in [
            "  <program>               The program.\n",
            """
              -b, --brokers <brokers>
                                      Bootstrap brokers. (default: localhost:9092;
                                      environment: SHEAF_BROKERS)

            """,
            "  --threads <threads>     Threads. (default: 2; environment: SHEAF_THREADS)\n",
            "values: red, green; default: red", "--compress/--no-compress", "default: --compress",
            "  --config <file>         Values of options", "  --version", "  -h, --help",
        ] {
            #expect(help.contains(row), "\(row) in \(help)")
        }
        #expect(!help.contains("internal-name"))
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func usageErrorsEndWithTwo() {
        let ending = ending("nested leaf --nod", width: 100)
        #expect(ending.code == 2 && ending.output.isEmpty)
        #expect(
            ending.error == """
                Error: Missing value for '--node <node>'.
                Usage: tool nested leaf --node <node>
                  See 'tool nested leaf --help' for more information.

                """)
    }

    @Test(arguments: [
        ("run x", 0, "", ""), ("run fails", 1, "", "Error: it broke\n"), ("run code", 7, "", ""),
        ("run message", 0, "done\n", ""), ("--version", 0, "tool 1.2.3\n", ""),
        ("run --version", 0, "tool 1.2.3\n", ""),
    ])
    func runsEnd(_ line: String, _ code: Int32, _ output: String, _ error: String) {
        let ending = ending(line)
        #expect(ending.code == code && ending.output == output && ending.error == error)
    }

    @Test func errorsOfRunMayAskForUsage() {
        let ending = ending("run invalid")
        #expect(ending.code == 2 && ending.error.hasPrefix("Error: Not this one.\nUsage: tool run"))
    }
}
