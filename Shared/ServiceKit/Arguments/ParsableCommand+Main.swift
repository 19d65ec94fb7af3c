import Glibc

extension ParsableCommand {
    /// The entry point of a process: parses, runs, exits.
    public static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        let ending = ending(arguments: words, environment: ProcessEnvironment.variables, width: Terminal.columns)
        Terminal.write(ending.standardOutput, to: .standardOutput)
        Terminal.write(ending.standardError, to: .standardError)
        exit(ending.code.rawValue)
    }

    /// Parses without running, for tests.
    /// - Throws: `UsageError`; `CleanExit` for `--help` and `--version`.
    public static func parseAsRoot(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> any ParsableCommand {
        switch CommandParser(root: self, environment: environment).parse(arguments) {
        case .success(let parsed): return parsed.command
        case .failure(.failure(let error, _)): throw error
        case .failure(.version(let version)): throw CleanExit.message(version)
        case .failure(.help): throw CleanExit.helpRequest
        }
    }

    /// Parses this very command without running it, for tests.
    public static func parse(_ arguments: [String], environment: [String: String] = [:]) throws -> Self {
        let command = try parseAsRoot(arguments, environment: environment)
        guard let command = command as? Self else {
            throw UsageError("Expected the command '\(commandName)', got '\(type(of: command).commandName)'.")
        }
        return command
    }

    /// Parses and runs; what `main` does, but for the process.
    package static func ending(
        arguments: [String], environment: [String: String], width: Int
    ) -> CommandEnding {
        let hasVersion = !configuration.version.isEmpty
        func help(_ selection: CommandParser.Selection) -> HelpGenerator {
            HelpGenerator(selection, hasVersion: hasVersion, width: width)
        }
        func failure(_ message: String, _ selection: CommandParser.Selection) -> CommandEnding {
            let path = selection.path.joined(separator: " ")
            let text =
                "Error: \(message)\n" + help(selection).usage("Usage:")
                + "\n  See '\(path) --help' for more information.\n"
            return CommandEnding(standardError: text, code: .usage)
        }
        switch CommandParser(root: self, environment: environment).parse(arguments) {
        case .failure(.help(let selection)):
            return CommandEnding(standardOutput: help(selection).help)
        case .failure(.version(let version)):
            return CommandEnding(standardOutput: version + "\n")
        case .failure(.failure(let error, let selection)):
            return failure(error.description, selection)
        case .success((var command, let selection)):
            do {
                try command.run()
                return CommandEnding()
            } catch CleanExit.helpRequest {
                return CommandEnding(standardOutput: help(selection).help)
            } catch CleanExit.message(let message) {
                return CommandEnding(standardOutput: message + "\n")
            } catch let code as ExitCode {
                return CommandEnding(code: code)
            } catch let error as ValidationError {
                return failure(error.message, selection)
            } catch {
                return CommandEnding(standardError: "Error: \(error)\n", code: .failure)
            }
        }
    }
}

/// How a command line ended.
package struct CommandEnding {
    package var standardOutput = ""
    package var standardError = ""
    package var code = ExitCode.success
}
