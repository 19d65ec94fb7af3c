// What a thread does between two looks at a word that another one will change.
#pragma once

static inline void sheaf_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
