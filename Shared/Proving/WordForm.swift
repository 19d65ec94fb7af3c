import BinaryFields
import CKernels
import Tables

/// Two operands of one table, the first in the low and the second in the high half of 64 bits: a XOR of pairs of words
/// of the row, each seen through a map of bit positions, and a constant.
///
/// The stack holds words in the same pairs, so that one operation on 64 bits reads two words at once; terms of the two
/// operands that see one pair in the same way become one.
struct WordForm: Sendable {
    /// How a pair of words is seen.
    private struct View: Hashable {
        let pair: Int
        let kind: Term.Kind
        /// Whether the two words change places; for a spread bit it is always false.
        let swapped: Bool
    }

    private(set) var constant: UInt64 = 0
    private var views: [View] = []
    private var masks: [UInt64] = []

    /// Operands beyond the second, and a missing second one, do not exist: constraints and messages come in twos.
    init(_ operands: [Operand]) {
        for (half, operand) in operands.prefix(2).enumerated() {
            let shift = UInt64(32 * half)
            constant |= UInt64(operand.constant) << shift
            for term in operand.terms {
                let view: View
                switch term.kind {
                case .rotation:
                    view = View(pair: term.word / 2, kind: term.kind, swapped: term.word % 2 != half)
                case .spread(let bit):
                    view = View(pair: term.word / 2, kind: .spread(bit + 32 * (term.word % 2)), swapped: false)
                }
                if let seen = views.firstIndex(of: view) {
                    masks[seen] ^= UInt64(term.mask) << shift
                } else {
                    views.append(view)
                    masks.append(UInt64(term.mask) << shift)
                }
            }
        }
    }

    /// The form over the rows of a table whose runs, of 2^`log` entries each, begin at `offset` of the stack.
    func placed(offset: Int, log: Int) -> PlacedForm {
        let terms = zip(views, masks).map { view, mask in
            var term = sheaf_term()
            term.offset = UInt64(offset + view.pair << log)
            term.mask = mask
            term.swapped = view.swapped ? 1 : 0
            switch view.kind {
            case .rotation(let left): term.amount = UInt32(left)
            case .spread(let bit):
                term.amount = UInt32(bit)
                term.spread = 1
            }
            return term
        }
        return PlacedForm(constant: constant, terms: terms)
    }
}

/// A ``WordForm`` over the rows of a stack.
struct PlacedForm: Sendable {
    let constant: UInt64
    let terms: [sheaf_term]

    /// Whether it is zero on every row.
    var isZero: Bool { constant == 0 && terms.allSatisfy { $0.mask == 0 } }

    /// The values on `rows` of the table, which must lie in its runs.
    ///
    /// - Parameter constant: XORed to each value.
    func evaluate(
        _ rows: Range<Int>, of stack: KVector, adding constant: UInt64 = 0, into values: UnsafeMutablePointer<UInt64>
    ) {
        // The terms' runs are those of the table in this stack's layout, and rows lie below their length.
        sheaf_words_form(
            stack.span.pointer, terms, terms.count, self.constant ^ constant, rows.lowerBound, rows.count, values)
    }
}
