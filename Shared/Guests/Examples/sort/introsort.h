#ifndef INTROSORT_H
#define INTROSORT_H

#include <stddef.h>
#include <stdint.h>

// Sorts in place, in O(count log count) steps whatever the order was. The word before the first must be no larger than
// any of them, 0 for instance: the insertion sort of small parts stops there.
void introsort(uint32_t *words, size_t count);

#endif
