#include "arrays.h"

#include "arrays_table.h"
#include "dispatch.h"

static const array_kernels *kernels(void) {
    switch (isa()) {
#if defined(__x86_64__)
        case SHEAF_ISA_AVX2: return &array_kernels_pclmul;
        case SHEAF_ISA_AVX2_WIDE: return &array_kernels_avx2;
        case SHEAF_ISA_AVX512: return &array_kernels_avx512;
#endif
        default: return &array_kernels_portable;
    }
}

#define FORWARD(type, name, parameters, arguments) \
    type sheaf_##name parameters { return kernels()->name arguments; }
ARRAY_KERNELS(FORWARD)
