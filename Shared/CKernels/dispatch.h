// How a kernel is chosen: one load and a branch that is always predicted.
#pragma once
#include <stdatomic.h>

#include "isa.h"

extern _Atomic sheaf_isa sheaf_isa_level;

static inline sheaf_isa isa(void) { return atomic_load_explicit(&sheaf_isa_level, memory_order_relaxed); }
