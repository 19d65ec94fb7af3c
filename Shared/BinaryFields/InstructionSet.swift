import CKernels

/// The instruction set that the kernels use. Every one gives the same bits.
///
/// The best that the machine has is taken, or a lower one that the environment names:
/// `SHEAF_ISA=portable|pclmul|avx2|avx512`.
public enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    /// No instruction is named.
    case portable
    /// AVX2 and PCLMULQDQ on 128 bits.
    case pclmul
    /// AVX2 and VPCLMULQDQ on 256 bits.
    case avx2
    /// AVX-512, VPCLMULQDQ on 512 bits, GFNI.
    case avx512

    private var level: sheaf_isa {
        switch self {
        case .portable: SHEAF_ISA_PORTABLE
        case .pclmul: SHEAF_ISA_AVX2
        case .avx2: SHEAF_ISA_AVX2_WIDE
        case .avx512: SHEAF_ISA_AVX512
        }
    }

    private init(_ level: sheaf_isa) {
        self = Self.allCases.first { $0.level == level } ?? .portable
    }

    public static func < (left: Self, right: Self) -> Bool { left.level.rawValue < right.level.rawValue }

    /// The one in use.
    public static var current: InstructionSet { InstructionSet(sheaf_isa_current()) }

    /// The best of this machine.
    public static var detected: InstructionSet { InstructionSet(sheaf_isa_detected()) }

    /// All that this machine has, the portable one first.
    public static var available: [InstructionSet] { allCases.filter { $0 <= detected } }

    /// Changes the one in use, for tests and measurements; false where the machine lacks it, and then nothing changes.
    @discardableResult
    public static func select(_ set: InstructionSet) -> Bool { sheaf_isa_select(set.level) }
}
