// Atomic operations that the compiler calls by name, since the machine has no A extension. It has one hart and no
// interrupts either, so plain loads and stores are atomic.
#include <stdbool.h>
#include <stdint.h>

// The compiler reserves the names for itself: they are given at the level of the assembler.
#define NAMED(name) __asm__(#name)

#define OPERATION(width, type, name, combined)                                                     \
    type sheaf_fetch_##name##_##width(volatile type *at, type operand, int order)                  \
        NAMED(__atomic_fetch_##name##_##width);                                                    \
    type sheaf_fetch_##name##_##width(volatile type *at, type operand, int order) {                \
        (void)order;                                                                               \
        type old = *at;                                                                            \
        *at = (type)(combined);                                                                    \
        return old;                                                                                \
    }

#define WIDTH(width, type)                                                                                         \
    type sheaf_load_##width(const volatile type *at, int order) NAMED(__atomic_load_##width);                      \
    type sheaf_load_##width(const volatile type *at, int order) {                                                  \
        (void)order;                                                                                               \
        return *at;                                                                                                \
    }                                                                                                              \
    void sheaf_store_##width(volatile type *at, type value, int order) NAMED(__atomic_store_##width);              \
    void sheaf_store_##width(volatile type *at, type value, int order) {                                           \
        (void)order;                                                                                               \
        *at = value;                                                                                               \
    }                                                                                                              \
    type sheaf_exchange_##width(volatile type *at, type value, int order) NAMED(__atomic_exchange_##width);        \
    type sheaf_exchange_##width(volatile type *at, type value, int order) {                                        \
        (void)order;                                                                                               \
        type old = *at;                                                                                            \
        *at = value;                                                                                               \
        return old;                                                                                                \
    }                                                                                                              \
    bool sheaf_compare_exchange_##width(volatile type *at, type *expected, type desired, int success, int failure) \
        NAMED(__atomic_compare_exchange_##width);                                                                  \
    bool sheaf_compare_exchange_##width(volatile type *at, type *expected, type desired, int success, int failure) { \
        (void)success;                                                                                             \
        (void)failure;                                                                                             \
        type old = *at;                                                                                            \
        if (old != *expected) {                                                                                    \
            *expected = old;                                                                                       \
            return false;                                                                                          \
        }                                                                                                          \
        *at = desired;                                                                                             \
        return true;                                                                                               \
    }                                                                                                              \
    OPERATION(width, type, add, old + operand)                                                                     \
    OPERATION(width, type, sub, old - operand)                                                                     \
    OPERATION(width, type, and, old & operand)                                                                     \
    OPERATION(width, type, or, old | operand)                                                                      \
    OPERATION(width, type, xor, old ^ operand)

WIDTH(1, uint8_t)
WIDTH(2, uint16_t)
WIDTH(4, uint32_t)
WIDTH(8, uint64_t)
