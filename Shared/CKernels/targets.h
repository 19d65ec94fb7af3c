// What the functions between BEGIN_TARGET_... and END_TARGET may use; nothing else in the binary does.
#pragma once
#include <immintrin.h>

#define BEGIN_TARGET(features) \
    _Pragma("clang attribute push") TARGET_PRAGMA(clang attribute (__attribute__((target(features))), apply_to = function))
#define TARGET_PRAGMA(text) _Pragma(#text)
#define END_TARGET _Pragma("clang attribute pop")

#define BEGIN_TARGET_PCLMUL BEGIN_TARGET("avx2,pclmul,bmi2")
#define BEGIN_TARGET_AVX2 BEGIN_TARGET("avx2,pclmul,vpclmulqdq,bmi2")
#define BEGIN_TARGET_AVX512 \
    BEGIN_TARGET("avx2,pclmul,vpclmulqdq,bmi2,gfni,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")
