#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

static sheaf_isa detected = SHEAF_ISA_PORTABLE;
_Atomic sheaf_isa sheaf_isa_level = SHEAF_ISA_PORTABLE;

#if defined(__x86_64__)
#include <cpuid.h>

static bool bit(unsigned word, int position) { return word >> position & 1; }

/// What the processor has, less what the operating system does not save (XCR0).
static sheaf_isa detect(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return SHEAF_ISA_PORTABLE;
    bool pclmul = bit(c, 1), sse41 = bit(c, 19), osxsave = bit(c, 27), avx = bit(c, 28);
    if (!(pclmul && sse41 && osxsave && avx)) return SHEAF_ISA_PORTABLE;
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 0x06) != 0x06) return SHEAF_ISA_PORTABLE;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return SHEAF_ISA_PORTABLE;
    bool avx2 = bit(b, 5), bmi2 = bit(b, 8);
    if (!(avx2 && bmi2)) return SHEAF_ISA_PORTABLE;
    bool vpclmul = bit(c, 10), gfni = bit(c, 8), vbmi = bit(c, 1);
    if (!vpclmul) return SHEAF_ISA_AVX2;
    bool foundation = bit(b, 16), dq = bit(b, 17), bw = bit(b, 30), vl = bit(b, 31);
    bool saved = (low & 0xe6) == 0xe6;
    return saved && foundation && dq && bw && vl && vbmi && gfni ? SHEAF_ISA_AVX512 : SHEAF_ISA_AVX2_WIDE;
}
#else
static sheaf_isa detect(void) { return SHEAF_ISA_PORTABLE; }
#endif

static sheaf_isa named(const char *name) {
    if (!name) return SHEAF_ISA_AVX512;
    if (!strcmp(name, "portable")) return SHEAF_ISA_PORTABLE;
    if (!strcmp(name, "pclmul")) return SHEAF_ISA_AVX2;
    if (!strcmp(name, "avx2")) return SHEAF_ISA_AVX2_WIDE;
    return SHEAF_ISA_AVX512;
}

__attribute__((constructor)) static void choose(void) {
    detected = detect();
    sheaf_isa wanted = named(getenv("SHEAF_ISA"));
    atomic_store_explicit(&sheaf_isa_level, wanted < detected ? wanted : detected, memory_order_relaxed);
}

sheaf_isa sheaf_isa_current(void) { return isa(); }

sheaf_isa sheaf_isa_detected(void) { return detected; }

bool sheaf_isa_select(sheaf_isa level) {
    if (level > detected) return false;
    atomic_store_explicit(&sheaf_isa_level, level, memory_order_relaxed);
    return true;
}
