// Printing by character and by line; there is no formatted output.
#ifndef SHEAF_STDIO_H
#define SHEAF_STDIO_H

#ifdef __cplusplus
extern "C" {
#endif

int putchar(int character);
int puts(const char *text);

#ifdef __cplusplus
}
#endif
#endif
