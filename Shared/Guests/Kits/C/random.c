// Swift seeds its hash tables through this name. A guest must do the same thing on every machine, so the seed is fixed;
// what needs true randomness takes it from the private input.
#include <stddef.h>
#include <string.h>

void arc4random_buf(void *to, size_t count);

void arc4random_buf(void *to, size_t count) { memset(to, 0x5A, count); }
