import BinaryFields
import Hashing
import Tables

/// Why a proof is refused. A refused proof cannot be mended: it has to be made again, for the right statement.
public enum VerificationError: Error, Equatable, Sendable {
    /// The statement is one of other tables than this verifier's.
    case tables(expected: Digest, got: Digest)
    /// Step 0: no proof could prove the statement under its record.
    case statement(StatementError)
    /// The bytes end early or go on, a nonce does not grind, opened columns do not lead to their root.
    case transcript(TranscriptError)
    /// Step 1: the products of all pushed and of all pulled messages differ.
    case unbalanced(pushed: E, pulled: E)
    /// Step 1: the children sent for layer `layer` of the product tree do not have the claimed product. The layer of
    /// 2^l nodes has the number l.
    case productLayer(Int, expected: E, got: E)
    /// Step 5: the bit columns do not have the value that constraints and messages need.
    case columns(expected: E, got: E)
    /// Step 6: the array sent in clear does not have the value that all weighted claims need.
    case opening(expected: E, got: E)
    /// Step 7: the weight sent is not the one that the public layout has at this point.
    case weight(expected: E, got: E)
}

extension VerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tables(let expected, let got): "the statement is of tables \(got), this verifier's are \(expected)"
        case .statement(let error): "no proof can prove this statement: \(error)"
        case .transcript(let error): "\(error)"
        case .unbalanced(let pushed, let pulled):
            "pushed and pulled messages differ: their products are \(pushed) and \(pulled)"
        case .productLayer(let layer, let expected, let got):
            "layer \(layer) of the product tree: expected the product \(expected), got \(got)"
        case .columns(let expected, let got): "columns: expected \(expected), got \(got)"
        case .opening(let expected, let got): "opening: expected \(expected), got \(got)"
        case .weight(let expected, let got): "weight: expected \(expected), got \(got)"
        }
    }
}
