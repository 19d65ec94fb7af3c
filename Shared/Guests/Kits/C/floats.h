// Floating-point numbers taken apart: what floats.c and conversions.c share.
#ifndef SHEAF_FLOATS_H
#define SHEAF_FLOATS_H

#include <stdbool.h>
#include <stdint.h>

// A finite number that is not zero is (-1)^negative * significand * 2^(exponent - 62), its significand's leading bit
// at position 62. Ten bits below a double's last keep what rounding needs; the lowest stands for all that were lost.
struct parts {
    enum { ZERO, FINITE, INFINITE, NOT_A_NUMBER } kind;
    bool negative;
    int exponent;
    uint64_t significand;
};

static inline uint64_t bits_of(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, 8);
    return bits;
}

static inline double double_of(uint64_t bits) {
    double value;
    __builtin_memcpy(&value, &bits, 8);
    return value;
}

static inline uint32_t bits_of_float(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    return bits;
}

static inline float float_of(uint32_t bits) {
    float value;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

static inline uint64_t shift_right_sticky(uint64_t value, int amount) {
    if (amount == 0) {
        return value;
    }
    if (amount > 63) {
        return value != 0;
    }
    return value >> amount | ((value << (64 - amount)) != 0);
}

struct parts sheaf_parts(double value);
struct parts sheaf_parts_of_float(float value);

// A number from any significand that is not zero, its leading bit brought to position 62.
struct parts sheaf_normalised(bool negative, int exponent, uint64_t significand);

// To the nearest number, ties to even, as IEEE 754-2019, 4.3.1 has it.
double sheaf_double(struct parts parts);
float sheaf_float(struct parts parts);

#endif
