// Double and single precision arithmetic for a machine without floating point: IEEE 754, to nearest, ties to even; no
// flags, and every not-a-number is the quiet one. Swift's dictionaries need a little of it; it is slow in cycles.
#include "floats.h"

static struct parts taken_apart(bool negative, int exponent, int highest, int bias, uint64_t fraction) {
    struct parts parts = {.negative = negative};
    if (exponent == highest) {
        parts.kind = fraction == 0 ? INFINITE : NOT_A_NUMBER;
    } else if (exponent == 0 && fraction == 0) {
        parts.kind = ZERO;
    } else if (exponent == 0) {
        return sheaf_normalised(negative, 1 - bias, fraction);
    } else {
        parts.kind = FINITE;
        parts.exponent = exponent - bias;
        parts.significand = (uint64_t)1 << 62 | fraction;
    }
    return parts;
}

struct parts sheaf_parts(double value) {
    uint64_t bits = bits_of(value);
    return taken_apart(bits >> 63, (int)(bits >> 52) & 0x7FF, 0x7FF, 1023, (bits << 12) >> 2);
}

struct parts sheaf_parts_of_float(float value) {
    uint32_t bits = bits_of_float(value);
    return taken_apart(bits >> 31, (int)(bits >> 23) & 0xFF, 0xFF, 127, (uint64_t)(bits & 0x7FFFFF) << 39);
}

struct parts sheaf_normalised(bool negative, int exponent, uint64_t significand) {
    struct parts parts = {.kind = FINITE, .negative = negative, .exponent = exponent};
    if (significand >> 63 != 0) {
        parts.exponent += 1;
        parts.significand = shift_right_sticky(significand, 1);
    } else {
        int shift = __builtin_clzll(significand) - 1;
        parts.exponent -= shift;
        parts.significand = significand << shift;
    }
    return parts;
}

// Sign, exponent and fraction of a format with `precision` bits (the hidden one included) and this highest exponent.
static uint64_t put_together(struct parts parts, int precision, int highest) {
    uint64_t infinite = (uint64_t)highest << (precision - 1);
    uint64_t bits = 0;
    if (parts.kind == NOT_A_NUMBER) {
        return infinite | (uint64_t)1 << (precision - 2);
    }
    if (parts.kind == INFINITE) {
        bits = infinite;
    } else if (parts.kind == FINITE) {
        int exponent = parts.exponent + (highest >> 1);
        uint64_t significand = parts.significand;
        if (exponent <= 0) {
            significand = shift_right_sticky(significand, 1 - exponent);
            exponent = 1;
        }
        int dropped = 63 - precision;
        uint64_t half = (uint64_t)1 << (dropped - 1);
        significand = (significand + half - 1 + (significand >> dropped & 1)) >> dropped;
        // The hidden bit adds the last 1 to the exponent; a carry out of the fraction adds another.
        bits = exponent >= highest ? infinite : ((uint64_t)(exponent - 1) << (precision - 1)) + significand;
    }
    int width = precision == 53 ? 63 : 31;
    return bits | (uint64_t)parts.negative << width;
}

double sheaf_double(struct parts parts) { return double_of(put_together(parts, 53, 0x7FF)); }

float sheaf_float(struct parts parts) { return float_of((uint32_t)put_together(parts, 24, 0xFF)); }

static const struct parts not_a_number = {.kind = NOT_A_NUMBER};

static struct parts sum(struct parts a, struct parts b) {
    if (a.kind == NOT_A_NUMBER || b.kind == NOT_A_NUMBER) {
        return not_a_number;
    }
    if (a.kind == INFINITE || b.kind == INFINITE) {
        if (a.kind == b.kind && a.negative != b.negative) {
            return not_a_number;
        }
        return a.kind == INFINITE ? a : b;
    }
    if (a.kind == ZERO && b.kind == ZERO) {
        a.negative = a.negative && b.negative;
        return a;
    }
    if (a.kind == ZERO || b.kind == ZERO) {
        return a.kind == ZERO ? b : a;
    }
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand)) {
        struct parts swapped = a;
        a = b;
        b = swapped;
    }
    uint64_t aligned = shift_right_sticky(b.significand, a.exponent - b.exponent);
    if (a.negative == b.negative) {
        return sheaf_normalised(a.negative, a.exponent, a.significand + aligned);
    }
    uint64_t difference = a.significand - aligned;
    if (difference == 0) {
        return (struct parts){.kind = ZERO};
    }
    return sheaf_normalised(a.negative, a.exponent, difference);
}

static struct parts product(struct parts a, struct parts b) {
    struct parts result = {.negative = a.negative != b.negative};
    if (a.kind == NOT_A_NUMBER || b.kind == NOT_A_NUMBER) {
        return not_a_number;
    }
    if (a.kind == INFINITE || b.kind == INFINITE) {
        if (a.kind == ZERO || b.kind == ZERO) {
            return not_a_number;
        }
        result.kind = INFINITE;
        return result;
    }
    if (a.kind == ZERO || b.kind == ZERO) {
        result.kind = ZERO;
        return result;
    }
    // 126 bits from four products of words; the low 62 only tell whether anything was lost.
    uint64_t a_low = (uint32_t)a.significand, a_high = a.significand >> 32;
    uint64_t b_low = (uint32_t)b.significand, b_high = b.significand >> 32;
    uint64_t low = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32);
    uint64_t other = a_low * b_high + (uint32_t)middle;
    uint64_t high = a_high * b_high + (middle >> 32) + (other >> 32);
    low = other << 32 | (uint32_t)low;
    uint64_t significand = high << 2 | low >> 62 | ((low << 2) != 0);
    return sheaf_normalised(result.negative, a.exponent + b.exponent, significand);
}

static struct parts quotient(struct parts a, struct parts b) {
    struct parts result = {.negative = a.negative != b.negative};
    bool both_zero = a.kind == ZERO && b.kind == ZERO;
    bool both_infinite = a.kind == INFINITE && b.kind == INFINITE;
    if (a.kind == NOT_A_NUMBER || b.kind == NOT_A_NUMBER || both_zero || both_infinite) {
        return not_a_number;
    }
    if (a.kind == ZERO || b.kind == INFINITE) {
        result.kind = ZERO;
        return result;
    }
    if (a.kind == INFINITE || b.kind == ZERO) {
        result.kind = INFINITE;
        return result;
    }
    // Both leading bits are at 62: the quotient is in (1/2, 2), one bit a turn from weight 2^62 down.
    uint64_t rest = a.significand;
    uint64_t bits = 0;
    for (int i = 0; i < 63; i++) {
        bits <<= 1;
        if (rest >= b.significand) {
            rest -= b.significand;
            bits |= 1;
        }
        rest <<= 1;
    }
    return sheaf_normalised(result.negative, a.exponent - b.exponent, bits | (rest != 0));
}

static double negated(double value) { return double_of(bits_of(value) ^ (uint64_t)1 << 63); }

static float negated_float(float value) { return float_of(bits_of_float(value) ^ 0x80000000u); }

double __adddf3(double a, double b) { return sheaf_double(sum(sheaf_parts(a), sheaf_parts(b))); }

double __subdf3(double a, double b) { return sheaf_double(sum(sheaf_parts(a), sheaf_parts(negated(b)))); }

double __muldf3(double a, double b) { return sheaf_double(product(sheaf_parts(a), sheaf_parts(b))); }

double __divdf3(double a, double b) { return sheaf_double(quotient(sheaf_parts(a), sheaf_parts(b))); }

float __addsf3(float a, float b) { return sheaf_float(sum(sheaf_parts_of_float(a), sheaf_parts_of_float(b))); }

float __subsf3(float a, float b) {
    return sheaf_float(sum(sheaf_parts_of_float(a), sheaf_parts_of_float(negated_float(b))));
}

float __mulsf3(float a, float b) { return sheaf_float(product(sheaf_parts_of_float(a), sheaf_parts_of_float(b))); }

float __divsf3(float a, float b) { return sheaf_float(quotient(sheaf_parts_of_float(a), sheaf_parts_of_float(b))); }
