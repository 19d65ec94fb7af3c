#if defined(__x86_64__)
#include "targets.h"

BEGIN_TARGET_PCLMUL
#include "vocabulary_pclmul.h"

#include "elements.h"

#include "arrays.inc"
#include "rounds.inc"
#include "ntt.inc"
END_TARGET
#endif
