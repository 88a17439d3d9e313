/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-mask.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PATRON_NO_CLONES)
#define WIDE
#include <immintrin.h>
#ifndef PATRON_CPU_HAS
#define PATRON_CPU_HAS(feature) __builtin_cpu_supports (feature)
#endif
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bit i is set where block[i] == byte; 64 bytes. */
static inline guint64
mask_of (const char *block, char byte)
{
  guint64 mask = 0;
#ifdef __SSE2__
  const __m128i want = _mm_set1_epi8 (byte);
  for (int i = 0; i < 4; i++)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (block + 16 * i));
      mask |= (guint64) (guint32) _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, want)) << (16 * i);
    }
#else
  for (int i = 0; i < 64; i++)
    mask |= (guint64) (block[i] == byte) << i;
#endif
  return mask;
}

static void
find_blocks (const PatronCsvMarks *marks, const char *text, gsize n_blocks, PatronCsvMasks *masks)
{
  for (gsize b = 0; b < n_blocks; b++)
    {
      const char *block = text + 64 * b;
      masks[b] = (PatronCsvMasks) { mask_of (block, marks->newline), mask_of (block, marks->delimiter), mask_of (block, marks->quote),
                                    mask_of (block, marks->cr) };
    }
}

static gsize
list_blocks (const guint64 *masks, gsize n_masks, guint32 base, guint32 *at)
{
  gsize n = 0;
  for (gsize b = 0; b < n_masks; b++, base += 64)
    {
      guint64 mask = masks[b];
      const gsize n_here = __builtin_popcountll (mask);
      /* Eight at a time, so that hardly any branch depends on how many there are. */
      for (gsize done = 0; done < n_here; done += 8)
        for (gsize k = 0; k < 8; k++)
          {
            at[n + done + k] = base + __builtin_ctzll (mask | G_GUINT64_CONSTANT (1) << 63);
            mask &= mask - 1;
          }
      n += n_here;
    }
  return n;
}

#ifdef WIDE

#define AVX2 __attribute__ ((target ("avx2,bmi,bmi2,popcnt,lzcnt")))
#define AVX512 __attribute__ ((target ("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))

static AVX2 inline guint64
mask_of_halves (__m256i low, __m256i high, char byte)
{
  const __m256i want = _mm256_set1_epi8 (byte);
  return (guint32) _mm256_movemask_epi8 (_mm256_cmpeq_epi8 (low, want)) | (guint64) (guint32) _mm256_movemask_epi8 (_mm256_cmpeq_epi8 (high, want)) << 32;
}

static AVX2 void
find_blocks_avx2 (const PatronCsvMarks *marks, const char *text, gsize n_blocks, PatronCsvMasks *masks)
{
  const PatronCsvMarks own = *marks;
  for (gsize b = 0; b < n_blocks; b++)
    {
      const __m256i *block = (const __m256i *) (text + 64 * b);
      const __m256i low = _mm256_loadu_si256 (block), high = _mm256_loadu_si256 (block + 1);
      masks[b] = (PatronCsvMasks) { mask_of_halves (low, high, own.newline), mask_of_halves (low, high, own.delimiter),
                                    mask_of_halves (low, high, own.quote), mask_of_halves (low, high, own.cr) };
    }
}

static AVX512 void
find_blocks_avx512 (const PatronCsvMarks *marks, const char *text, gsize n_blocks, PatronCsvMasks *masks)
{
  const __m512i newline = _mm512_set1_epi8 (marks->newline), delimiter = _mm512_set1_epi8 (marks->delimiter);
  const __m512i quote = _mm512_set1_epi8 (marks->quote), cr = _mm512_set1_epi8 (marks->cr);
  for (gsize b = 0; b < n_blocks; b++)
    {
      const __m512i block = _mm512_loadu_si512 (text + 64 * b);
      masks[b] = (PatronCsvMasks) { _mm512_cmpeq_epi8_mask (block, newline), _mm512_cmpeq_epi8_mask (block, delimiter),
                                    _mm512_cmpeq_epi8_mask (block, quote), _mm512_cmpeq_epi8_mask (block, cr) };
    }
}

/* The bits' numbers, packed together as bytes, are widened sixteen at a time. */
static AVX512 gsize
list_blocks_avx512 (const guint64 *masks, gsize n_masks, guint32 base, guint32 *at)
{
  guint8 numbers[64];
  for (int i = 0; i < 64; i++)
    numbers[i] = i;
  const __m512i all = _mm512_loadu_si512 (numbers);
  gsize n = 0;
  for (gsize b = 0; b < n_masks; b++, base += 64)
    {
      const gsize n_here = __builtin_popcountll (masks[b]);
      const __m512i first = _mm512_set1_epi32 (base);
      __m512i packed = _mm512_maskz_compress_epi8 (masks[b], all);
      for (gsize done = 0; done < n_here; done += 16)
        {
          _mm512_storeu_si512 (at + n + done, _mm512_add_epi32 (_mm512_cvtepu8_epi32 (_mm512_castsi512_si128 (packed)), first));
          packed = _mm512_alignr_epi64 (packed, packed, 2);
        }
      n += n_here;
    }
  return n;
}

static inline gboolean
has_avx512 (void)
{
  return PATRON_CPU_HAS ("avx512bw") && PATRON_CPU_HAS ("avx512vbmi2");
}

#endif

static void
find_whole_blocks (const PatronCsvMarks *marks, const char *text, gsize n_blocks, PatronCsvMasks *masks)
{
#ifdef WIDE
  if (has_avx512 ())
    find_blocks_avx512 (marks, text, n_blocks, masks);
  else if (PATRON_CPU_HAS ("avx2"))
    find_blocks_avx2 (marks, text, n_blocks, masks);
  else
#endif
    find_blocks (marks, text, n_blocks, masks);
}

void
patron_csv_find_marks (const PatronCsvMarks *marks, const char *text, gsize length, PatronCsvMasks *masks)
{
  const gsize n_blocks = length / 64, rest = length % 64, n_masks = n_blocks + (rest > 0);
  find_whole_blocks (marks, text, n_blocks, masks);
  if (rest > 0)
    {
      char tail[64] = { 0 };
      memcpy (tail, text + 64 * n_blocks, rest);
      find_whole_blocks (marks, tail, 1, &masks[n_blocks]);
    }
  /* A mark that is not there was looked for as the byte 0. */
  for (gsize b = 0; marks->quote == '\0' && b < n_masks; b++)
    masks[b].quote = 0;
  for (gsize b = 0; marks->cr == '\0' && b < n_masks; b++)
    masks[b].cr = 0;
}

gsize
patron_csv_list_bits (const guint64 *masks, gsize n_masks, guint32 base, guint32 *at)
{
#ifdef WIDE
  if (has_avx512 ())
    return list_blocks_avx512 (masks, n_masks, base, at);
#endif
  return list_blocks (masks, n_masks, base, at);
}
