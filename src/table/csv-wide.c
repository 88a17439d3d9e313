/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-wide.h"

#include <math.h>

#include "table/column.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PATRON_NO_CLONES)

#include <immintrin.h>

#define WIDE __attribute__ ((target ("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx512bitalg,bmi,bmi2,popcnt,lzcnt")))
#define INLINE WIDE inline __attribute__ ((always_inline))

gboolean
patron_csv_has_wide (void)
{
  return __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl")
         && __builtin_cpu_supports ("avx512vbmi2") && __builtin_cpu_supports ("avx512bitalg");
}

/* Four fields lie side by side, each at the end of sixteen bytes; of masks with a bit for a byte, sixteen bits belong to each. */
#define LANES 4
#define WIDTH 16
#define EACH_LANE(bits) (G_GUINT64_CONSTANT (0x0001000100010001) * (guint16) (bits))
#define FIRST EACH_LANE (0x0001)
#define LAST EACH_LANE (0x8000)

typedef struct
{
  __m512i bytes;
  guint64 field;        /* the bytes that belong to the fields */
} Four;

/* FALSE when one is too long, or so near the beginning of the text that what is before it may not be read. */
static INLINE gboolean
load_four (const char *text, const PatronCsvField *fields, gsize stride, Four *four)
{
  const PatronCsvField a = fields[0], b = fields[stride], c = fields[2 * stride], d = fields[3 * stride];
  if (G_UNLIKELY ((a.length > WIDTH) | (b.length > WIDTH) | (c.length > WIDTH) | (d.length > WIDTH) | (a.start + a.length < WIDTH)))
    return FALSE;
  const char *end = text - WIDTH;
  __m512i bytes = _mm512_castsi128_si512 (_mm_loadu_si128 ((const __m128i *) (end + a.start + a.length)));
  bytes = _mm512_inserti32x4 (bytes, _mm_loadu_si128 ((const __m128i *) (end + b.start + b.length)), 1);
  bytes = _mm512_inserti32x4 (bytes, _mm_loadu_si128 ((const __m128i *) (end + c.start + c.length)), 2);
  four->bytes = _mm512_inserti32x4 (bytes, _mm_loadu_si128 ((const __m128i *) (end + d.start + d.length)), 3);
  /* The highest bits, as many as the field is long. */
  four->field = (0xffff0000u >> a.length & 0xffff) | (guint64) (0xffff0000u >> b.length & 0xffff) << 16
                | (guint64) (0xffff0000u >> c.length & 0xffff) << 32 | (guint64) (0xffff0000u >> d.length & 0xffff) << 48;
  return TRUE;
}

/* The highest bit of each lane that is not 0. */
static INLINE guint64
lanes_with (guint64 x)
{
  return (((x & ~LAST) + ~LAST) | x) & LAST;
}

static INLINE __mmask8
lane_bits (guint64 last)
{
  return _pext_u64 (last, LAST);
}

/* What the fields hold, and in bad the bytes that are not as they should be. */
typedef struct
{
  __m512i digits;          /* 0 … 9, 0 where there is none */
  guint64 point, negative, bad;
} Marks;

static INLINE Marks
find_marks (const Four *four)
{
  const __m512i digits = _mm512_sub_epi8 (four->bytes, _mm512_set1_epi8 ('0'));
  const guint64 field = four->field, begin = field & ~(field << 1 & ~FIRST);
  const guint64 digit = _mm512_mask_cmple_epu8_mask (field, digits, _mm512_set1_epi8 (9));
  const guint64 zero = _mm512_mask_cmpeq_epi8_mask (field, digits, _mm512_setzero_si512 ());
  const guint64 point = _mm512_mask_cmpeq_epi8_mask (field, four->bytes, _mm512_set1_epi8 ('.'));
  const guint64 negative = _mm512_mask_cmpeq_epi8_mask (begin, four->bytes, _mm512_set1_epi8 ('-'));
  /* A second point; a zero first with a digit after it; something else than a digit last. */
  const guint64 second = point & ((point | LAST) - FIRST);
  const guint64 first_digit = (negative << 1 & ~FIRST) | (begin & ~negative);
  const guint64 needless = (first_digit & zero) << 1 & ~FIRST & digit;
  return (Marks) { _mm512_maskz_mov_epi8 (digit, digits), point, negative,
                   (field & ~(digit | point | negative)) | second | needless | (field & ~digit & LAST) };
}

/* The sixteen digits of each lane as a number. */
static INLINE __m256i
numbers_of (__m512i digits)
{
  const __m512i pairs = _mm512_maddubs_epi16 (digits, _mm512_set1_epi16 (1 << 8 | 10));
  const __m512i fours = _mm512_madd_epi16 (pairs, _mm512_set1_epi32 (1 << 16 | 100));
  const __m512i packed = _mm512_packus_epi32 (fours, fours);
  const __m512i eights = _mm512_madd_epi16 (packed, _mm512_set1_epi32 (1 << 16 | 10000));
  const __m512i all = _mm512_add_epi64 (_mm512_mul_epu32 (eights, _mm512_set1_epi64 (100000000)), _mm512_srli_epi64 (eights, 32));
  return _mm512_castsi512_si256 (_mm512_permutexvar_epi64 (_mm512_set_epi64 (6, 4, 2, 0, 6, 4, 2, 0), all));
}

/* The numbers of the lanes with a bad byte, counted from first; returns how many. */
static INLINE gsize
list_bad (guint64 bad, guint32 first, guint32 *left)
{
  gsize n = 0;
  for (guint32 k = 0; k < LANES; k++)
    {
      left[n] = first + k;
      n += (bad >> (k * WIDTH) & 0xffff) != 0;
    }
  return n;
}

/* Digits before the point move up into its place; *places, a lane's 16 bits: how many are after it. */
static INLINE __m512i
close_up (const Marks *marks, __m128i *places)
{
  const guint64 with_point = lanes_with (marks->point), lanes = (with_point >> 15) * 0xffff;
  const guint64 up_to_point = (((marks->point | LAST) - FIRST) ^ (marks->point | LAST)) & lanes;
  *places = _mm_popcnt_epi16 (_mm_cvtsi64_si128 ((gint64) (lanes & ~up_to_point)));
  return _mm512_mask_mov_epi8 (marks->digits, up_to_point, _mm512_bslli_epi128 (marks->digits, 1));
}

WIDE gsize
patron_csv_wide_decimals (const char *text, const PatronCsvField *fields, gsize stride, gsize n, double *values, guint32 *left)
{
  const __m512d low_powers = _mm512_set_pd (1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0);
  const __m512d high_powers = _mm512_set_pd (1e15, 1e14, 1e13, 1e12, 1e11, 1e10, 1e9, 1e8);
  const __m256i exact = _mm256_set1_epi64x (G_GINT64_CONSTANT (1) << 53);
  gsize n_left = 0, i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      Four four;
      guint64 bad = ~G_GUINT64_CONSTANT (0);
      if (G_LIKELY (load_four (text, fields + i * stride, stride, &four)))
        {
          const Marks marks = find_marks (&four);
          __m128i places;
          const __m256i sizes = numbers_of (close_up (&marks, &places));
          const __m512i chosen = _mm512_cvtepu16_epi64 (places);
          const __m256d powers = _mm512_castpd512_pd256 (_mm512_permutex2var_pd (low_powers, chosen, high_powers));
          __m256d result = _mm256_div_pd (_mm256_cvtepi64_pd (sizes), powers);
          result = _mm256_mask_or_pd (result, lane_bits (lanes_with (marks.negative)), result, _mm256_set1_pd (-0.0));
          result = _mm256_mask_mov_pd (result, lane_bits (~four.field & LAST), _mm256_set1_pd ((double) NAN));
          _mm256_storeu_pd (values + i, result);
          bad = marks.bad | _pdep_u64 (_mm256_cmpgt_epi64_mask (sizes, exact), LAST);
        }
      if (G_UNLIKELY (bad != 0))
        n_left += list_bad (bad, i, left + n_left);
    }
  for (; i < n; i++)
    left[n_left++] = i;
  return n_left;
}

WIDE gsize
patron_csv_wide_integers (const char *text, const PatronCsvField *fields, gsize stride, gsize n, gint64 *values, guint32 *left)
{
  gsize n_left = 0, i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      Four four;
      guint64 bad = ~G_GUINT64_CONSTANT (0);
      if (G_LIKELY (load_four (text, fields + i * stride, stride, &four)))
        {
          const Marks marks = find_marks (&four);
          const __m256i sizes = numbers_of (marks.digits);
          __m256i result = _mm256_mask_sub_epi64 (sizes, lane_bits (lanes_with (marks.negative)), _mm256_setzero_si256 (), sizes);
          result = _mm256_mask_mov_epi64 (result, lane_bits (~four.field & LAST), _mm256_set1_epi64x (PATRON_INTEGER_MISSING));
          _mm256_storeu_si256 ((__m256i *) (values + i), result);
          bad = marks.bad | marks.point;
        }
      if (G_UNLIKELY (bad != 0))
        n_left += list_bad (bad, i, left + n_left);
    }
  for (; i < n; i++)
    left[n_left++] = i;
  return n_left;
}

#else

gboolean
patron_csv_has_wide (void)
{
  return FALSE;
}

static gsize
leave_all (gsize n, guint32 *left)
{
  for (gsize i = 0; i < n; i++)
    left[i] = i;
  return n;
}

gsize
patron_csv_wide_decimals (const char *text, const PatronCsvField *fields, gsize stride, gsize n, double *values, guint32 *left)
{
  return leave_all (n, left);
}

gsize
patron_csv_wide_integers (const char *text, const PatronCsvField *fields, gsize stride, gsize n, gint64 *values, guint32 *left)
{
  return leave_all (n, left);
}

#endif
