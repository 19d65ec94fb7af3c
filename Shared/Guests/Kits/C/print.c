// The print window: a page at 0xD0000000. Word 0 is the count of bytes printed so far; byte n of the output lies at
// 4 + n mod 1020. The executor looks when the count is stored, so bytes are gathered up to the end of a line.
#include "print.h"

#include <sheaf.h>
#include <stdio.h>

enum { RING = 1020 };

static volatile uint32_t *const total = (volatile uint32_t *)0xD0000000u;
static volatile uint8_t *const ring = (volatile uint8_t *)0xD0000004u;

static uint32_t place;    // where the next byte goes, below RING
static uint32_t waiting;  // bytes stored but not counted, at most RING

void sheaf_print_flush(void) {
    if (waiting != 0) {
        *total += waiting;
        waiting = 0;
    }
}

int putchar(int character) {
    ring[place] = (uint8_t)character;
    place = place + 1 == RING ? 0 : place + 1;
    waiting += 1;
    if (waiting == RING || character == '\n') {
        sheaf_print_flush();
    }
    return (uint8_t)character;
}

void sheaf_print_bytes(const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    while (count-- != 0) {
        putchar(*next++);
    }
}

void sheaf_print(const char *text) {
    while (*text != 0) {
        putchar(*text++);
    }
}

void sheaf_print_number(uint32_t number) {
    if (number >= 10) {
        sheaf_print_number(number / 10);
    }
    putchar('0' + (int)(number % 10));
}

int puts(const char *text) {
    sheaf_print(text);
    return putchar('\n');
}
