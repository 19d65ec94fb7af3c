// Records of five words: operation, a (two words), b (two words). Journal: two words for each, the result.
#include <sheaf.h>
#include <string.h>

#include "checks.h"

double trunc(double);
double floor(double);
double ceil(double);
int64_t __muldi3(int64_t, int64_t);
int64_t __ashldi3(int64_t, int);
int64_t __lshrdi3(int64_t, int);
int64_t __ashrdi3(int64_t, int);
int __clzsi2(uint32_t);
int __clzdi2(uint64_t);
int __ctzdi2(uint64_t);
int __popcountdi2(uint64_t);

static double number(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

static float single(uint64_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static uint64_t bits(double value) {
    uint64_t result;
    memcpy(&result, &value, 8);
    return result;
}

static uint64_t single_bits(float value) {
    uint32_t result;
    memcpy(&result, &value, 4);
    return result;
}

static uint64_t compare(double x, double y) {
    return (x == y) | (x != y) << 1 | (x < y) << 2 | (x <= y) << 3 | (x > y) << 4 | (x >= y) << 5 |
           __builtin_isunordered(x, y) << 6;
}

static uint64_t compare_single(float x, float y) {
    return (x == y) | (x != y) << 1 | (x < y) << 2 | (x <= y) << 3 | (x > y) << 4 | (x >= y) << 5;
}

static uint64_t compute(uint32_t operation, uint64_t a, uint64_t b) {
    double x = number(a), y = number(b);
    float f = single(a), g = single(b);
    switch (operation) {
    case 0: return a / b;
    case 1: return a % b;
    case 2: return (uint64_t)((int64_t)a / (int64_t)b);
    case 3: return (uint64_t)((int64_t)a % (int64_t)b);
    case 4: return (uint64_t)__muldi3((int64_t)a, (int64_t)b);
    case 5: return (uint64_t)__ashldi3((int64_t)a, (int)(b & 63));
    case 6: return (uint64_t)__lshrdi3((int64_t)a, (int)(b & 63));
    case 7: return (uint64_t)__ashrdi3((int64_t)a, (int)(b & 63));
    case 8: return bits(x + y);
    case 9: return bits(x - y);
    case 10: return bits(x * y);
    case 11: return bits(x / y);
    case 12: return compare(x, y);
    case 13: return single_bits((float)x);
    case 14: return (uint64_t)(int64_t)(int32_t)x;
    case 15: return (uint64_t)(int64_t)x;
    case 16: return (uint64_t)x;
    case 17: return bits((double)(int64_t)a);
    case 18: return bits((double)a);
    case 19: return single_bits((float)(int64_t)a);
    case 20: return single_bits((float)a);
    case 21: return bits(trunc(x));
    case 22: return bits(floor(x));
    case 23: return bits(ceil(x));
    case 24: return single_bits(f + g);
    case 25: return single_bits(f - g);
    case 26: return single_bits(f * g);
    case 27: return single_bits(f / g);
    case 28: return compare_single(f, g);
    case 29: return bits((double)f);
    case 30: return (uint64_t)__clzdi2(a);
    case 31: return (uint64_t)__ctzdi2(a);
    case 32: return (uint64_t)__popcountdi2(a);
    default: return 0;
    }
}

void check_arithmetic(void) {
    while (sheaf_input_remaining() != 0) {
        uint32_t operation = sheaf_input_word();
        uint64_t a = sheaf_input_word();
        a |= (uint64_t)sheaf_input_word() << 32;
        uint64_t b = sheaf_input_word();
        b |= (uint64_t)sheaf_input_word() << 32;
        uint64_t result = compute(operation, a, b);
        sheaf_journal_word((uint32_t)result);
        sheaf_journal_word((uint32_t)(result >> 32));
    }
}
