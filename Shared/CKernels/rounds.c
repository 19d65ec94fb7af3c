#include "rounds.h"

#include "rounds_table.h"
#include "dispatch.h"

static const round_kernels *kernels(void) {
    switch (isa()) {
#if defined(__x86_64__)
        case SHEAF_ISA_AVX2: return &round_kernels_pclmul;
        case SHEAF_ISA_AVX2_WIDE: return &round_kernels_avx2;
        case SHEAF_ISA_AVX512: return &round_kernels_avx512;
#endif
        default: return &round_kernels_portable;
    }
}

#define FORWARD(type, name, parameters, arguments) \
    type sheaf_##name parameters { return kernels()->name arguments; }
ROUND_KERNELS(FORWARD)
