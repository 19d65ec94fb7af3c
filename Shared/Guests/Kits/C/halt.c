// How a guest begins and how it ends.
#include <assert.h>
#include <sheaf.h>
#include <stdlib.h>

#include "print.h"

typedef void constructor(void);
extern constructor *const __init_array_start[];
extern constructor *const __init_array_end[];
extern int main(void);

_Noreturn void sheaf_halt(uint32_t code) {
    sheaf_print_flush();
    register uint32_t number __asm__("a7") = 0;
    register uint32_t result __asm__("a0") = code;
    __asm__ volatile("ecall" : : "r"(number), "r"(result));
    __builtin_unreachable();
}

_Noreturn void sheaf_run(void) {
    for (constructor *const *each = __init_array_start; each != __init_array_end; each++) {
        (*each)();
    }
    sheaf_halt((uint32_t)main());
}

_Noreturn void exit(int code) { sheaf_halt((uint32_t)code); }

_Noreturn void abort(void) { sheaf_halt(SHEAF_EXIT_ABORT); }

_Noreturn void sheaf_assertion_failed(const char *condition, const char *file, unsigned line) {
    sheaf_print(file);
    sheaf_print(":");
    sheaf_print_number(line);
    sheaf_print(": assertion failed: ");
    sheaf_print(condition);
    sheaf_print("\n");
    abort();
}
