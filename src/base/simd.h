/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* For the few functions that hold hot loops: compiled for several processors, the best chosen when the program starts. Plain C inside;
 * help the compiler with restrict, fixed trip counts and "#pragma omp simd reduction(+:s)" (-fopenmp-simd is on). A function so marked
 * must be static, since clang gives the choice another name than other files call, and takes everything as arguments. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PATRON_NO_CLONES
#endif
#endif
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(PATRON_NO_CLONES)
#define PATRON_SIMD __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PATRON_SIMD
#endif
