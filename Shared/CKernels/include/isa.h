// The instruction sets that kernels are written for, and the one in use.
#pragma once
#include <stdbool.h>

/// A level includes all below it.
///
///     portable   no instruction named
///     avx2       AVX2, PCLMULQDQ, BMI2
///     avx2 wide  and VPCLMULQDQ on 256 bits
///     avx512     and AVX-512 F, BW, DQ, VL, VBMI, and GFNI, VPCLMULQDQ on 512 bits
typedef enum {
    SHEAF_ISA_PORTABLE = 0,
    SHEAF_ISA_AVX2 = 1,
    SHEAF_ISA_AVX2_WIDE = 2,
    SHEAF_ISA_AVX512 = 3,
} sheaf_isa;

/// The level in use, fixed before main: the best that this machine has, or a lower one that the environment names,
/// SHEAF_ISA = portable | pclmul (avx2 without its wide form) | avx2 (with it, where the machine has it) | avx512.
/// Whatever else the variable holds is ignored.
sheaf_isa sheaf_isa_current(void);

/// The best level of this machine.
sheaf_isa sheaf_isa_detected(void);

/// Changes the level in use, for tests and measurements; a level that the machine lacks changes nothing. Returns whether
/// it is in use now.
bool sheaf_isa_select(sheaf_isa level);
