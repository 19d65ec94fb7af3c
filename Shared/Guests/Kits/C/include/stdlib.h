#ifndef SHEAF_STDLIB_H
#define SHEAF_STDLIB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);
void free(void *block);

_Noreturn void exit(int code);
_Noreturn void abort(void);

#ifdef __cplusplus
}
#endif
#endif
