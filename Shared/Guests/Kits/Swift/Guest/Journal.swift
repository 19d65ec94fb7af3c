import CGuest

/// The journal: the public output of the run, which a receipt proves.
///
/// It holds at most 1,048,572 bytes; a write beyond ends the run with exit code 121.
public enum Journal {
    /// Appends an integer, little-endian, in all its bytes.
    @inlinable public static func write<T: FixedWidthInteger>(_ value: T) {
        if T.bitWidth == 32 {
            sheaf_journal_word(UInt32(truncatingIfNeeded: value))
            return
        }
        withUnsafeBytes(of: value.littleEndian) { sheaf_journal_write($0.baseAddress, $0.count) }
    }

    /// Appends bytes.
    public static func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { sheaf_journal_write($0.baseAddress, $0.count) }
    }

    /// Appends words, little-endian.
    public static func write(_ words: [UInt32]) {
        words.withUnsafeBytes { sheaf_journal_write($0.baseAddress, $0.count) }
    }

    /// Appends the bytes of a text that is known when the guest is compiled.
    public static func write(_ text: StaticString) {
        sheaf_journal_write(text.utf8Start, text.utf8CodeUnitCount)
    }
}
