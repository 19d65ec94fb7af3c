/// One word of the row as an operand sees it: rotated, or one of its bits spread over all positions; then masked.
public struct Term: Hashable, Sendable {
    /// Which bit of the word stands on which position.
    public enum Kind: Hashable, Sendable {
        /// For a rotation by `left`: bit `(position - left) mod 32` of the word stands on `position`; `left` is in 0..<32.
        case rotation(Int)
        /// The same bit, in 0..<32, stands on every position.
        case spread(Int)
    }

    /// The word's index in the row, from 0.
    public var word: Int
    public var kind: Kind
    /// The positions that the term reaches.
    public var mask: UInt32

    public init(word: Int, kind: Kind, mask: UInt32 = .max) {
        self.word = word
        self.kind = kind
        self.mask = mask
    }

    /// The bit of the word that stands on `position` (in 0..<32); nil where the mask hides it.
    @inlinable public func source(at position: Int) -> Int? {
        guard mask >> UInt32(position) & 1 == 1 else { return nil }
        switch kind {
        case .rotation(let left): return (position - left) & 31
        case .spread(let bit): return bit
        }
    }

    /// The term's value where its word has the value `word`.
    @inlinable public func value(of word: UInt32) -> UInt32 {
        switch kind {
        case .rotation(let left): return (word &<< UInt32(left) | word &>> (32 &- UInt32(left))) & mask
        case .spread(let bit): return (0 &- (word &>> UInt32(bit) & 1)) & mask
        }
    }
}

/// A 32-bit word that is GF(2)-linear in a row: a constant, XORed with words of the row seen through ``Term``s.
///
///     let sum = Operand(word: 2)
///     let carry = Operand(word: 0) ^ Operand(word: 1) ^ sum
///     let out = carry >> 1 ^ 0x8000_0000
///
/// XOR, shifts, rotations, masks and spread bits cost nothing in the proof: they only change which bits of the row a
/// constraint or a message reads. Terms keep the order in which they first appeared, and two terms with one word and
/// one kind become one term, so equal descriptions have equal bytes (proof-system.md, section 2).
public struct Operand: Hashable, Sendable {
    public var constant: UInt32
    public private(set) var terms: [Term]

    public init(_ constant: UInt32 = 0) {
        self.constant = constant
        terms = []
    }

    /// Exactly these terms, unmerged: for descriptions that come from elsewhere, whose bytes must stay as they are.
    public init(constant: UInt32 = 0, terms: [Term]) {
        self.constant = constant
        self.terms = terms
    }

    /// Word `word` of the row as it is.
    public init(word: Int) {
        self.init(terms: [Term(word: word, kind: .rotation(0))])
    }
}

extension Operand: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt32) { self.init(value) }
}

extension Operand {
    public static func ^ (left: Operand, right: Operand) -> Operand {
        var result = left
        result.constant ^= right.constant
        for term in right.terms {
            if let seen = result.terms.firstIndex(where: { $0.word == term.word && $0.kind == term.kind }) {
                result.terms[seen].mask ^= term.mask
            } else {
                result.terms.append(term)
            }
        }
        result.terms.removeAll { $0.mask == 0 }
        return result
    }

    public static func ^= (left: inout Operand, right: Operand) { left = left ^ right }

    public static prefix func ~ (operand: Operand) -> Operand { operand ^ Operand(.max) }

    public static func & (operand: Operand, mask: UInt32) -> Operand {
        operand.mapTerms(constant: operand.constant & mask) { $0.mask &= mask }
    }

    /// Zeros come in from the right.
    public static func << (operand: Operand, distance: Int) -> Operand {
        (operand & UInt32.max >> UInt32(distance)).rotatedLeft(by: distance)
    }

    /// Zeros come in from the left.
    public static func >> (operand: Operand, distance: Int) -> Operand {
        (operand & UInt32.max << UInt32(distance)).rotatedLeft(by: -distance)
    }

    public func rotatedLeft(by distance: Int) -> Operand {
        let turn = UInt32(truncatingIfNeeded: distance) & 31
        func turned(_ mask: UInt32) -> UInt32 { mask &<< turn | mask &>> (32 &- turn) }
        return mapTerms(constant: turned(constant)) { term in
            term.mask = turned(term.mask)
            if case .rotation(let left) = term.kind { term.kind = .rotation((left + distance) & 31) }
        }
    }

    /// The operand's bit at `position` on every position of `mask`.
    public func spread(_ position: Int = 0, over mask: UInt32 = .max) -> Operand {
        let terms = sources(at: position).map { Term(word: $0.word, kind: .spread($0.bit), mask: mask) }
        return Operand(constant: constant >> UInt32(position) & 1 == 1 ? mask : 0, terms: mask == 0 ? [] : terms)
    }

    /// The bits of the row whose XOR, with the constant's bit, is the operand's bit at `position`.
    public func sources(at position: Int) -> [(word: Int, bit: Int)] {
        var found: [(word: Int, bit: Int)] = []
        var odd: [Bool] = []
        for term in terms {
            guard let bit = term.source(at: position) else { continue }
            if let seen = found.firstIndex(where: { $0 == (term.word, bit) }) {
                odd[seen].toggle()
            } else {
                found.append((term.word, bit))
                odd.append(true)
            }
        }
        return zip(found, odd).filter { $0.1 }.map { $0.0 }
    }

    /// The operand's value on a row. A term beyond the row's end reads zero.
    public func value(on row: Span<UInt32>) -> UInt32 {
        var result = constant
        for term in terms where term.word < row.count { result ^= term.value(of: row[term.word]) }
        return result
    }

    public func value(on row: [UInt32]) -> UInt32 { value(on: row.span) }

    private func mapTerms(constant: UInt32, _ change: (inout Term) -> Void) -> Operand {
        var result = Operand(constant: constant, terms: terms)
        for i in result.terms.indices { change(&result.terms[i]) }
        result.terms.removeAll { $0.mask == 0 }
        return result
    }
}
