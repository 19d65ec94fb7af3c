// Comparisons and conversions of floating-point numbers, named as compilers call them.
#include "floats.h"

// -1, 0 or 1; `unordered` when either is not a number.
static int compared(double a, double b, int unordered) {
    int64_t left = (int64_t)bits_of(a);
    int64_t right = (int64_t)bits_of(b);
    const uint64_t infinite = (uint64_t)0x7FF << 52;
    if ((uint64_t)left << 1 > infinite << 1 || (uint64_t)right << 1 > infinite << 1) {
        return unordered;
    }
    // Sign and magnitude to two's complement: both zeros become 0.
    left = left < 0 ? (int64_t)((uint64_t)1 << 63) - left : left;
    right = right < 0 ? (int64_t)((uint64_t)1 << 63) - right : right;
    return (left > right) - (left < right);
}

double __extendsfdf2(float value) { return sheaf_double(sheaf_parts_of_float(value)); }

float __truncdfsf2(double value) { return sheaf_float(sheaf_parts(value)); }

int __eqdf2(double a, double b) { return compared(a, b, 1); }
int __nedf2(double a, double b) { return compared(a, b, 1); }
int __ltdf2(double a, double b) { return compared(a, b, 1); }
int __ledf2(double a, double b) { return compared(a, b, 1); }
int __gtdf2(double a, double b) { return compared(a, b, -1); }
int __gedf2(double a, double b) { return compared(a, b, -1); }
int __unorddf2(double a, double b) { return compared(a, b, 2) == 2; }

int __eqsf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), 1); }
int __nesf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), 1); }
int __ltsf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), 1); }
int __lesf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), 1); }
int __gtsf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), -1); }
int __gesf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), -1); }
int __unordsf2(float a, float b) { return compared(__extendsfdf2(a), __extendsfdf2(b), 2) == 2; }

static struct parts whole(bool negative, uint64_t magnitude) {
    return magnitude == 0 ? (struct parts){.kind = ZERO} : sheaf_normalised(negative, 62, magnitude);
}

static struct parts whole_signed(int64_t value) {
    return whole(value < 0, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

double __floatsidf(int32_t value) { return sheaf_double(whole_signed(value)); }
double __floatdidf(int64_t value) { return sheaf_double(whole_signed(value)); }
double __floatunsidf(uint32_t value) { return sheaf_double(whole(false, value)); }
double __floatundidf(uint64_t value) { return sheaf_double(whole(false, value)); }
float __floatsisf(int32_t value) { return sheaf_float(whole_signed(value)); }
float __floatdisf(int64_t value) { return sheaf_float(whole_signed(value)); }
float __floatunsisf(uint32_t value) { return sheaf_float(whole(false, value)); }
float __floatundisf(uint64_t value) { return sheaf_float(whole(false, value)); }

// Towards zero; what does not fit becomes the nearest end of the range, and what is not a number its highest value, as
// RISC-V's own conversions have it.
static uint64_t integer(double value, uint64_t lowest_magnitude, uint64_t highest) {
    struct parts parts = sheaf_parts(value);
    if (parts.kind == NOT_A_NUMBER) {
        return highest;
    }
    if (parts.kind == ZERO || (parts.kind == FINITE && parts.exponent < 0)) {
        return 0;
    }
    uint64_t limit = parts.negative ? lowest_magnitude : highest;
    uint64_t magnitude = limit;
    if (parts.kind == FINITE && parts.exponent <= 63) {
        int shift = parts.exponent - 62;
        uint64_t whole = shift > 0 ? parts.significand << shift : parts.significand >> -shift;
        magnitude = whole < limit ? whole : limit;
    }
    return parts.negative ? -magnitude : magnitude;
}

int32_t __fixdfsi(double value) { return (int32_t)integer(value, (uint64_t)1 << 31, INT32_MAX); }
int64_t __fixdfdi(double value) { return (int64_t)integer(value, (uint64_t)1 << 63, INT64_MAX); }
uint32_t __fixunsdfsi(double value) { return (uint32_t)integer(value, 0, UINT32_MAX); }
uint64_t __fixunsdfdi(double value) { return integer(value, 0, UINT64_MAX); }
int32_t __fixsfsi(float value) { return __fixdfsi(__extendsfdf2(value)); }
int64_t __fixsfdi(float value) { return __fixdfdi(__extendsfdf2(value)); }
uint32_t __fixunssfsi(float value) { return __fixunsdfsi(__extendsfdf2(value)); }
uint64_t __fixunssfdi(float value) { return __fixunsdfdi(__extendsfdf2(value)); }

double trunc(double value) {
    int exponent = (int)(bits_of(value) >> 52 & 0x7FF) - 1023;
    if (exponent >= 52) {
        return value;
    }
    uint64_t fraction = ~(uint64_t)0 >> (exponent < 0 ? 1 : 12 + exponent);
    return double_of(bits_of(value) & ~fraction);
}

double floor(double value) {
    double whole = trunc(value);
    return whole > value ? whole - 1 : whole;
}

double ceil(double value) {
    double whole = trunc(value);
    double above = whole < value ? whole + 1 : whole;
    return double_of(bits_of(above) | (bits_of(value) & (uint64_t)1 << 63));
}

float truncf(float value) { return (float)trunc(value); }
float floorf(float value) { return (float)floor(value); }
float ceilf(float value) { return (float)ceil(value); }
