#ifndef SHEAF_STRING_H
#define SHEAF_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *__restrict to, const void *__restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *left, const void *right, size_t count);
void *memchr(const void *bytes, int value, size_t count);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);

#ifdef __cplusplus
}
#endif
#endif
