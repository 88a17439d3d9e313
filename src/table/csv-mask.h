/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bit i is set where block[i] == byte; 64 bytes. */
static inline guint64
patron_mask (const char *block, char byte)
{
#ifdef __SSE2__
  const __m128i want = _mm_set1_epi8 (byte);
  guint64 mask = 0;
  for (int i = 0; i < 4; i++)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (block + 16 * i));
      mask |= (guint64) (guint32) _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, want)) << (16 * i);
    }
  return mask;
#else
  guint64 mask = 0;
  for (int i = 0; i < 64; i++)
    mask |= (guint64) (block[i] == byte) << i;
  return mask;
#endif
}

/* Bit i is the parity of bits 0 … i. */
static inline guint64
patron_prefix_xor (guint64 x)
{
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  x ^= x << 32;
  return x;
}
