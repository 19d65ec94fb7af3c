#if defined(__x86_64__)
#include "targets.h"

BEGIN_TARGET_AVX2
#include "vocabulary_avx2.h"

#include "elements.h"

#include "arrays.inc"
#include "rounds.inc"
#include "ntt.inc"
END_TARGET
#endif
