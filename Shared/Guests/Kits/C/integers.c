// 64-bit integer arithmetic that the compiler calls by name on a 32-bit machine. Division by zero gives what the ISA
// gives for words: a quotient of all ones, and the dividend as the remainder.
#include <stdint.h>

// (high, low) / divisor for high < divisor, so that the quotient is one word. Two digits of 16 bits, each estimated by a
// division of words and corrected at most twice (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D).
static uint32_t divide_words(uint32_t high, uint32_t low, uint32_t divisor, uint32_t *remainder) {
    unsigned shift = (unsigned)__builtin_clz(divisor);
    divisor <<= shift;
    if (shift != 0) {
        high = high << shift | low >> (32 - shift);
        low <<= shift;
    }
    uint32_t divisor_high = divisor >> 16;
    uint32_t divisor_low = divisor & 0xFFFF;
    uint32_t quotient = 0;
    for (int digit = 0; digit < 2; digit++) {
        uint32_t next = digit == 0 ? low >> 16 : low & 0xFFFF;
        uint32_t estimate = high / divisor_high;
        uint32_t rest = high % divisor_high;
        while (estimate >= 0x10000 || estimate * divisor_low > (rest << 16 | next)) {
            estimate -= 1;
            rest += divisor_high;
            if (rest >= 0x10000) {
                break;
            }
        }
        high = (high << 16 | next) - estimate * divisor;
        quotient = quotient << 16 | estimate;
    }
    *remainder = high >> shift;
    return quotient;
}

static uint64_t divide(uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
    uint32_t high = (uint32_t)(dividend >> 32);
    uint32_t low = (uint32_t)dividend;
    if (divisor >> 32 == 0) {
        uint32_t word = (uint32_t)divisor;
        if (word == 0) {
            *remainder = dividend;
            return ~(uint64_t)0;
        }
        uint32_t quotient_high = 0;
        if (high >= word) {
            quotient_high = high / word;
            high %= word;
        }
        uint32_t rest;
        uint32_t quotient_low = high == 0 ? (rest = low % word, low / word) : divide_words(high, low, word, &rest);
        *remainder = rest;
        return (uint64_t)quotient_high << 32 | quotient_low;
    }
    // The divisor has two words, the quotient one. Dividing half the dividend by the divisor's top 32 bits gives the
    // quotient or one more (Warren, Hacker's Delight, 9-5).
    unsigned shift = (unsigned)__builtin_clz((uint32_t)(divisor >> 32));
    uint32_t leading = (uint32_t)((divisor << shift) >> 32);
    uint64_t half = dividend >> 1;
    uint32_t unused;
    uint32_t estimate = divide_words((uint32_t)(half >> 32), (uint32_t)half, leading, &unused);
    uint64_t quotient = ((uint64_t)estimate << shift) >> 31;
    if (quotient != 0) {
        quotient -= 1;
    }
    uint64_t rest = dividend - quotient * divisor;
    if (rest >= divisor) {
        quotient += 1;
        rest -= divisor;
    }
    *remainder = rest;
    return quotient;
}

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor) {
    uint64_t remainder;
    return divide(dividend, divisor, &remainder);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor) {
    uint64_t remainder;
    divide(dividend, divisor, &remainder);
    return remainder;
}

uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
    uint64_t rest;
    uint64_t quotient = divide(dividend, divisor, &rest);
    if (remainder != 0) {
        *remainder = rest;
    }
    return quotient;
}

static uint64_t magnitude(int64_t value) { return value < 0 ? -(uint64_t)value : (uint64_t)value; }

int64_t __divmoddi4(int64_t dividend, int64_t divisor, int64_t *remainder) {
    uint64_t rest;
    uint64_t quotient = divide(magnitude(dividend), magnitude(divisor), &rest);
    *remainder = (int64_t)(dividend < 0 ? -rest : rest);
    return (int64_t)((dividend < 0) != (divisor < 0) && divisor != 0 ? -quotient : quotient);
}

int64_t __divdi3(int64_t dividend, int64_t divisor) {
    int64_t remainder;
    return __divmoddi4(dividend, divisor, &remainder);
}

int64_t __moddi3(int64_t dividend, int64_t divisor) {
    int64_t remainder;
    __divmoddi4(dividend, divisor, &remainder);
    return remainder;
}

// The high word of a product of words is one instruction, so this is three multiplications and no loop.
int64_t __muldi3(int64_t left, int64_t right) {
    uint32_t a = (uint32_t)left;
    uint32_t b = (uint32_t)right;
    uint32_t high = (uint32_t)((uint64_t)a * b >> 32);
    high += (uint32_t)((uint64_t)left >> 32) * b + a * (uint32_t)((uint64_t)right >> 32);
    return (int64_t)((uint64_t)high << 32 | a * b);
}

// Shifts are written by halves: a shift of the whole value would be a call of the function itself.
int64_t __ashldi3(int64_t value, int amount) {
    uint32_t low = (uint32_t)value;
    uint32_t high = (uint32_t)((uint64_t)value >> 32);
    if (amount >= 32) {
        high = low << (amount - 32);
        low = 0;
    } else if (amount != 0) {
        high = high << amount | low >> (32 - amount);
        low <<= amount;
    }
    return (int64_t)((uint64_t)high << 32 | low);
}

static uint64_t shift_right(uint64_t value, int amount, uint32_t fill) {
    uint32_t low = (uint32_t)value;
    uint32_t high = (uint32_t)(value >> 32);
    if (amount >= 32) {
        low = amount == 32 ? high : high >> (amount - 32) | fill << (64 - amount);
        high = fill;
    } else if (amount != 0) {
        low = low >> amount | high << (32 - amount);
        high = high >> amount | fill << (32 - amount);
    }
    return (uint64_t)high << 32 | low;
}

int64_t __lshrdi3(int64_t value, int amount) { return (int64_t)shift_right((uint64_t)value, amount, 0); }

int64_t __ashrdi3(int64_t value, int amount) {
    return (int64_t)shift_right((uint64_t)value, amount, value < 0 ? 0xFFFFFFFF : 0);
}

// 32 for zero, for which the name promises nothing.
int __clzsi2(uint32_t value) {
    if (value == 0) {
        return 32;
    }
    int count = 0;
    for (int step = 16; step != 0; step /= 2) {
        if (value >> (32 - step) == 0) {
            count += step;
            value <<= step;
        }
    }
    return count;
}

int __ctzsi2(uint32_t value) { return 31 - __clzsi2(value & -value); }

int __clzdi2(uint64_t value) {
    uint32_t high = (uint32_t)(value >> 32);
    return high != 0 ? __clzsi2(high) : 32 + __clzsi2((uint32_t)value);
}

int __ctzdi2(uint64_t value) {
    uint32_t low = (uint32_t)value;
    return low != 0 ? __ctzsi2(low) : 32 + __ctzsi2((uint32_t)(value >> 32));
}

int __popcountsi2(uint32_t value) {
    value -= value >> 1 & 0x55555555;
    value = (value & 0x33333333) + (value >> 2 & 0x33333333);
    value = (value + (value >> 4)) & 0x0F0F0F0F;
    return (int)(value * 0x01010101 >> 24);
}

int __popcountdi2(uint64_t value) { return __popcountsi2((uint32_t)value) + __popcountsi2((uint32_t)(value >> 32)); }
