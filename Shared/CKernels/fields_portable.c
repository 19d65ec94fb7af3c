#include "vocabulary_portable.h"

#include "elements.h"

#include "arrays.inc"
#include "rounds.inc"
#include "ntt.inc"
