@preconcurrency import CGetopt
import Glibc
import Synchronization

/// The words of a command line cut into options and positions by `getopt_long`, with its habits: `--name value`,
/// `--name=value`, `-nvalue`, clustered `-abc`, unambiguous abbreviations, `--` ends the options.
struct OptionScanner {
    enum Token: Equatable {
        /// `value` is nil for a flag; `name` is the declared name, also when it was abbreviated.
        case option(ArgumentName, value: String?)
        case positional(String)
    }

    enum Failure: Error, Equatable {
        /// As it was typed.
        case unknownOption(String)
        case missingValue(ArgumentName)
        case unexpectedValue(ArgumentName)
    }

    /// The names that may come, and whether each takes a value.
    let names: [(name: ArgumentName, takesValue: Bool)]

    /// `getopt_long` keeps its place in global variables.
    private static let globals = Mutex(())

    /// - Parameters:
    ///   - arguments: the words after the command's name.
    ///   - stopsAtPosition: end at the first word that is no option (a subcommand's name).
    /// - Returns: the tokens, and the words that were not looked at.
    func scan(_ arguments: [String], stopsAtPosition: Bool) throws(Failure) -> (tokens: [Token], rest: [String]) {
        let result = Self.globals.withLock { _ in
            Result { () throws(Failure) in try scanLocked(arguments, stopsAtPosition: stopsAtPosition) }
        }
        return try result.get()
    }

    private func scanLocked(
        _ arguments: [String], stopsAtPosition: Bool
    ) throws(Failure) -> (tokens: [Token], rest: [String]) {
        // Every pointer handed to getopt_long is made here and freed at the end of this function; what it hands back in
        // optarg points into one of the words.
        var words: [UnsafeMutablePointer<CChar>?] = ([""] + arguments).map { strdup($0) } + [nil]
        let table = LongOptionTable(names)
        defer {
            for word in words { free(word) }
            table.free()
        }
        let count = Int32(words.count - 1)
        let short = (stopsAtPosition ? "+:" : "-:") + shortSpecification
        var tokens: [Token] = []
        optind = 0  // GNU: start afresh, with this vector and this specification
        opterr = 0
        while true {
            let code = getopt_long(count, &words, short, table.options, nil)
            let value = optarg.map { String(cString: $0) }
            switch code {
            case -1:
                let next = min(max(1, Int(optind)), arguments.count + 1)
                let rest = words[next..<Int(count)].map { word in word.map { String(cString: $0) } ?? "" }
                if stopsAtPosition { return (tokens, rest) }
                return (tokens + rest.map(Token.positional), [])
            case 1:
                tokens.append(.positional(value ?? ""))
            case Int32(UInt8(ascii: "?")):
                if let name = name(ofCode: optopt), optopt >= LongOptionTable.firstCode {
                    throw .unexpectedValue(name)
                }
                if optopt != 0, let scalar = Unicode.Scalar(UInt32(bitPattern: optopt)) {
                    throw .unknownOption("-\(Character(scalar))")
                }
                let index = Int(optind) - 1
                let typed = words.indices.contains(index) ? words[index].map { String(cString: $0) } : nil
                throw .unknownOption(typed ?? "")
            case Int32(UInt8(ascii: ":")):
                throw name(ofCode: optopt).map(Failure.missingValue) ?? .unknownOption("-")
            default:
                guard let name = name(ofCode: code) else { throw .unknownOption("-") }
                tokens.append(.option(name, value: value))
            }
        }
    }

    /// `n:v` for `-n VALUE` and `-v`.
    private var shortSpecification: String {
        names.map { entry in
            guard case .short(let character) = entry.name else { return "" }
            return "\(character)" + (entry.takesValue ? ":" : "")
        }.joined()
    }

    private func name(ofCode code: Int32) -> ArgumentName? {
        if code >= LongOptionTable.firstCode {
            let index = Int(code - LongOptionTable.firstCode)
            return names.indices.contains(index) ? names[index].name : nil
        }
        return names.first { entry in
            guard case .short(let character) = entry.name else { return false }
            return character.asciiValue.map(Int32.init) == code
        }?.name
    }
}

/// getopt_long's array of long options, each with a code of its own above all characters.
private struct LongOptionTable {
    static let firstCode: Int32 = 1000
    let options: [option]

    init(_ names: [(name: ArgumentName, takesValue: Bool)]) {
        var options: [option] = []
        for (index, entry) in names.enumerated() {
            guard case .long(let name) = entry.name else { continue }
            let code = Self.firstCode + Int32(index)
            options.append(
                option(
                    name: strdup(name), has_arg: entry.takesValue ? required_argument : no_argument, flag: nil,
                    val: code))
        }
        self.options = options + [option(name: nil, has_arg: 0, flag: nil, val: 0)]
    }

    /// Frees the names, which `init` allocated.
    func free() {
        for option in options { Glibc.free(UnsafeMutableRawPointer(mutating: option.name)) }
    }
}
