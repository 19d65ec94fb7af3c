import CSQLite

/// A value that SQLite stores.
enum SQLiteValue {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null

    init(_ bytes: [UInt8]?) {
        self = bytes.map(SQLiteValue.blob) ?? .null
    }
}

/// One connection to a database, with its prepared statements. It owns every pointer of SQLite.
///
/// Not for use by two threads at once: `EmbeddedBroker` keeps it under its lock.
final class SQLiteConnection {
    private var handle: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    /// - Parameter path: a file, made if it does not exist, or `:memory:`.
    /// - Throws: `.inUse` when another process has it open, `.storage`.
    init(path: String) throws(BrokerError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK else {
            let error = Self.error(code, handle, "opening \(path)")
            sqlite3_close_v2(handle)  // a failed open leaves a handle as well
            handle = nil
            throw error
        }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs a statement to its end.
    /// - Returns: the number of rows that it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue] = []) throws(BrokerError) -> Int {
        try query(sql, values) { _ in true }
        return Int(sqlite3_changes64(handle))
    }

    /// Hands each row to `body` until it returns false.
    func query(
        _ sql: String, _ values: [SQLiteValue] = [], _ body: (SQLiteRow) throws(BrokerError) -> Bool
    ) throws(BrokerError) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1), of: statement, sql) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if try !body(SQLiteRow(statement: statement)) { return }
            case SQLITE_DONE:
                return
            case let code:
                throw Self.error(code, handle, sql)
            }
        }
    }

    /// All of `body` or nothing.
    func transaction<Outcome>(_ body: () throws(BrokerError) -> Outcome) throws(BrokerError) -> Outcome {
        try run("BEGIN IMMEDIATE")
        do {
            let outcome = try body()
            try run("COMMIT")
            return outcome
        } catch {
            // Whatever fails here, the transaction is not committed; the first error says why.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    private func prepared(_ sql: String) throws(BrokerError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw Self.error(code, handle, sql) }
        statements[sql] = statement
        return statement
    }

    private func bind(
        _ value: SQLiteValue, at index: Int32, of statement: OpaquePointer, _ sql: String
    ) throws(BrokerError) {
        // SQLITE_TRANSIENT, which the importer cannot express: SQLite copies the bytes before bind returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .text(let text): sqlite3_bind_text(statement, index, text, -1, transient)
            case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
            case .blob(let bytes):
                bytes.withUnsafeBytes { buffer in
                    sqlite3_bind_blob64(statement, index, buffer.baseAddress, UInt64(buffer.count), transient)
                }
            case .null: sqlite3_bind_null(statement, index)
            }
        guard code == SQLITE_OK else { throw Self.error(code, handle, sql) }
    }

    private static func error(_ code: Int32, _ handle: OpaquePointer?, _ attempt: String) -> BrokerError {
        let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
        let name = String(cString: sqlite3_errstr(code))
        if code & 0xFF == SQLITE_BUSY {
            return BrokerError(.inUse, "the embedded broker's files are open in another process", nativeName: name)
        }
        return BrokerError(.storage, "\(attempt): \(message)", nativeName: name)
    }
}

/// The row that a query stands on; valid within the call of its body.
struct SQLiteRow {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(statement, column)
    }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
    }

    func text(_ column: Int32) -> String {
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }

    func blob(_ column: Int32) -> [UInt8]? {
        guard sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        // SQLite's buffer of this many bytes is valid until the next step; it is copied here.
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}
