#include "ntt.h"

#include "ntt_table.h"
#include "dispatch.h"

static const ntt_kernels *kernels(void) {
    switch (isa()) {
#if defined(__x86_64__)
        case SHEAF_ISA_AVX2: return &ntt_kernels_pclmul;
        case SHEAF_ISA_AVX2_WIDE: return &ntt_kernels_avx2;
        case SHEAF_ISA_AVX512: return &ntt_kernels_avx512;
#endif
        default: return &ntt_kernels_portable;
    }
}

#define FORWARD(type, name, parameters, arguments) \
    type sheaf_##name parameters { return kernels()->name arguments; }
NTT_KERNELS(FORWARD)
