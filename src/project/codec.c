/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/codec.h"

#include "base/simd.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>
#include <zstd.h>

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Project files hold little-endian numbers"
#endif

enum
{
  FORMAT = 1,
  /* flags */
  COMPRESSED = 1 << 0,
  SHUFFLED = 1 << 1,
  OFFSETS = 1 << 2,     /* payload 0 is missing, v is base + (v - 1) × step */
  DECIMAL = 1 << 3,     /* OFFSETS of doubles: the integer is divided by step, a power of ten */
  ALL_FLAGS = (1 << 4) - 1,
  MAX_DECIMALS = 10,
};

/* Doubles hold integers exactly up to here. */
#define MAX_EXACT 9007199254740992.0

typedef struct
{
  guint8  format, element, width, flags;
  guint32 n;
  gint64  base;
  gint64  step;
} Header;

G_STATIC_ASSERT (sizeof (Header) == 24);
G_STATIC_ASSERT (sizeof (PatronChunkStat) == 40);
G_STATIC_ASSERT (PATRON_CHUNK_ROWS * 8 <= PATRON_CHUNK_BYTES);

/* Each thread keeps its working memory: chunks are many and small. */
typedef struct
{
  ZSTD_CCtx *compressor;
  ZSTD_DCtx *decompressor;
  gint64    *integers;      /* PATRON_CHUNK_ROWS */
  guint8    *plain;         /* PATRON_CHUNK_BYTES */
  guint8    *shuffled;      /* PATRON_CHUNK_BYTES */
  guint8    *packed;        /* bound of zstd for PATRON_CHUNK_BYTES */
} Scratch;

static void
scratch_free (gpointer data)
{
  Scratch *scratch = data;
  ZSTD_freeCCtx (scratch->compressor);
  ZSTD_freeDCtx (scratch->decompressor);
  g_free (scratch->integers);
  g_free (scratch->plain);
  g_free (scratch->shuffled);
  g_free (scratch->packed);
  g_free (scratch);
}

static GPrivate scratch_key = G_PRIVATE_INIT (scratch_free);

static Scratch *
scratch_get (void)
{
  Scratch *scratch = g_private_get (&scratch_key);
  if (scratch != NULL)
    return scratch;
  scratch = g_new0 (Scratch, 1);
  scratch->compressor = ZSTD_createCCtx ();
  scratch->decompressor = ZSTD_createDCtx ();
  scratch->integers = g_try_new (gint64, PATRON_CHUNK_ROWS);
  scratch->plain = g_try_malloc (PATRON_CHUNK_BYTES);
  scratch->shuffled = g_try_malloc (PATRON_CHUNK_BYTES);
  scratch->packed = g_try_malloc (ZSTD_compressBound (PATRON_CHUNK_BYTES));
  if (scratch->compressor == NULL || scratch->decompressor == NULL || scratch->integers == NULL || scratch->plain == NULL
      || scratch->shuffled == NULL || scratch->packed == NULL)
    {
      scratch_free (scratch);
      return NULL;
    }
  g_private_set (&scratch_key, scratch);
  return scratch;
}

PatronElement
patron_element_of_type (PatronType type)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return PATRON_ELEMENT_DOUBLE;
    case PATRON_TYPE_BOOLEAN:
      return PATRON_ELEMENT_UINT8;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return PATRON_ELEMENT_CODE;
    case PATRON_TYPE_DATE:
      return PATRON_ELEMENT_INT32;
    default:
      return PATRON_ELEMENT_INT64;
    }
}

gsize
patron_element_size (PatronElement element)
{
  static const gsize sizes[] = { 8, 8, 4, 4, 1, 1 };
  return sizes[element];
}

void
patron_element_set_missing (PatronElement element, gsize n, gpointer out)
{
  for (gsize i = 0; i < n; i++)
    switch (element)
      {
      case PATRON_ELEMENT_DOUBLE:
        ((double *) out)[i] = NAN;
        break;
      case PATRON_ELEMENT_INT64:
        ((gint64 *) out)[i] = PATRON_INTEGER_MISSING;
        break;
      case PATRON_ELEMENT_INT32:
        ((gint32 *) out)[i] = PATRON_DATE_MISSING;
        break;
      case PATRON_ELEMENT_CODE:
        ((gint32 *) out)[i] = PATRON_CODE_MISSING;
        break;
      case PATRON_ELEMENT_UINT8:
        ((guint8 *) out)[i] = PATRON_BOOLEAN_MISSING;
        break;
      default:
        ((guint8 *) out)[i] = 0;
        break;
      }
}

guint64
patron_chunk_sum (const guint8 *bytes, gsize size)
{
  return XXH3_64bits (bytes, size);
}

/* ---- shuffling: byte k of every value together ------------------------------------------------------------- */

PATRON_SIMD static void
shuffle (const guint8 *restrict in, gsize n, gsize width, guint8 *restrict out)
{
  for (gsize k = 0; k < width; k++)
    for (gsize i = 0; i < n; i++)
      out[k * n + i] = in[i * width + k];
}

PATRON_SIMD static void
unshuffle_8 (const guint8 *restrict in, gsize n, guint64 *restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = (guint64) in[i] | (guint64) in[n + i] << 8 | (guint64) in[2 * n + i] << 16 | (guint64) in[3 * n + i] << 24
             | (guint64) in[4 * n + i] << 32 | (guint64) in[5 * n + i] << 40 | (guint64) in[6 * n + i] << 48 | (guint64) in[7 * n + i] << 56;
}

PATRON_SIMD static void
unshuffle_4 (const guint8 *restrict in, gsize n, guint32 *restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = (guint32) in[i] | (guint32) in[n + i] << 8 | (guint32) in[2 * n + i] << 16 | (guint32) in[3 * n + i] << 24;
}

PATRON_SIMD static void
unshuffle_2 (const guint8 *restrict in, gsize n, guint16 *restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = (guint16) (in[i] | in[n + i] << 8);
}

/* ---- values to integers ------------------------------------------------------------------------------------ */

#define MISSING G_MININT64

typedef struct
{
  gint64 min, max;
  gsize  n_missing;
} Range;

PATRON_SIMD static Range
range_of (const gint64 *restrict values, gsize n)
{
  gint64 min = G_MAXINT64, max = G_MININT64;
  gsize missing = 0;
  for (gsize i = 0; i < n; i++)
    {
      gint64 v = values[i];
      missing += v == MISSING;
      max = v > max ? v : max;
      v = v == MISSING ? G_MAXINT64 : v;
      min = v < min ? v : min;
    }
  return (Range) { min, max, missing };
}

PATRON_SIMD static void
widen_int32 (const gint32 *restrict in, gsize n, gint32 missing, gint64 *restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = in[i] == missing ? MISSING : (gint64) in[i];
}

PATRON_SIMD static void
widen_uint8 (const guint8 *restrict in, gsize n, gint64 *restrict out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = in[i] == PATRON_BOOLEAN_MISSING ? MISSING : (gint64) in[i];
}

/* Whether v is a decimal of so many digits behind the point: an integer over a power of ten, both exact, whose correctly rounded
 * quotient is v itself, sign of zero included. */
static inline gboolean
is_decimal (double v, double power)
{
  double scaled = nearbyint (v * power);
  if (!(fabs (scaled) < MAX_EXACT))
    return FALSE;
  double back = (double) (gint64) scaled / power;
  return memcmp (&back, &v, sizeof v) == 0;
}

static double
power_of_ten (int decimals)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10 };
  return powers[decimals];
}

/* Digits behind the point that hold a sample of the values; -1 when some value has none such. What holds with d digits holds with more
 * (until the integer is no longer exact, which scale_doubles() checks). */
static int
guess_decimals (const double *values, gsize n)
{
  int decimals = 0;
  gsize stride = MAX (n / 512, 1);
  for (gsize i = 0; i < n; i += stride)
    while (!isnan (values[i]) && !is_decimal (values[i], power_of_ten (decimals)))
      if (++decimals > MAX_DECIMALS)
        return -1;
  return decimals;
}

/* TRUE when every value that is not missing is exactly out[i] / power. */
PATRON_SIMD static gboolean
scale_doubles (const double *restrict values, gsize n, double power, gint64 *restrict out)
{
  guint64 wrong = 0;
  for (gsize i = 0; i < n; i++)
    {
      double v = values[i];
      double scaled = nearbyint (v * power);
      gboolean fits = fabs (scaled) < MAX_EXACT;
      gint64 integer = (gint64) (fits ? scaled : 0.0);
      union { double d; guint64 u; } back = { .d = (double) integer / power }, given = { .d = v };
      gboolean missing = v != v;
      wrong |= missing ? 0 : (back.u ^ given.u) | !fits;
      out[i] = missing ? MISSING : integer;
    }
  return wrong == 0;
}

static gboolean
doubles_to_integers (const double *values, gsize n, gint64 *out, gint64 *power)
{
  int decimals = guess_decimals (values, n);
  if (decimals < 0)
    return FALSE;
  /* The sample may have missed the value with most digits. */
  for (; decimals <= MAX_DECIMALS; decimals += 2)
    if (scale_doubles (values, n, power_of_ten (decimals), out))
      {
        *power = (gint64) power_of_ten (decimals);
        return TRUE;
      }
  return FALSE;
}

/* ---- integers to offsets ----------------------------------------------------------------------------------- */

static gboolean
all_multiples (const gint64 *values, gsize n, gint64 base, guint64 step)
{
  for (gsize i = 0; i < n; i++)
    if (values[i] != MISSING && ((guint64) values[i] - (guint64) base) % step != 0)
      return FALSE;
  return TRUE;
}

/* The largest of the usual steps of time stamps (and of round amounts) that all differences share. */
static guint64
common_step (const gint64 *values, gsize n, const Range *range)
{
  static const guint64 steps[] = { G_GUINT64_CONSTANT (86400000000), 3600000000u, 60000000, 1000000, 1000 };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (all_multiples (values, n, range->min, steps[i]))
      return steps[i];
  return 1;
}

#define DEFINE_PACK(bits)                                                                                          \
  PATRON_SIMD static void                                                                                          \
  pack_##bits (const gint64 *restrict values, gsize n, gint64 base, guint64 step, guint##bits *restrict out)        \
  {                                                                                                                \
    if (step == 1)                                                                                                 \
      for (gsize i = 0; i < n; i++)                                                                                \
        out[i] = values[i] == MISSING ? 0 : (guint##bits) ((guint64) values[i] - (guint64) base + 1);              \
    else                                                                                                           \
      for (gsize i = 0; i < n; i++)                                                                                \
        out[i] = values[i] == MISSING ? 0 : (guint##bits) (((guint64) values[i] - (guint64) base) / step + 1);     \
  }

DEFINE_PACK (8)
DEFINE_PACK (16)
DEFINE_PACK (32)

/* Fills header and plain; FALSE when the offsets need more than four bytes. */
static gboolean
pack_integers (const gint64 *values, gsize n, const Range *range, gboolean may_step, Header *header, guint8 *plain)
{
  if (range->n_missing == n)
    {
      header->width = 0;
      header->base = MISSING;
      return TRUE;
    }
  guint64 span = (guint64) range->max - (guint64) range->min;
  guint64 step = may_step && span >= G_MAXUINT16 ? common_step (values, n, range) : 1;
  span /= step;
  if (span >= G_MAXUINT32)
    return FALSE;
  header->base = range->min;
  if (may_step)
    header->step = step;
  if (span == 0 && range->n_missing == 0)
    header->width = 0;
  else if (span < G_MAXUINT8)
    {
      header->width = 1;
      pack_8 (values, n, range->min, step, plain);
    }
  else if (span < G_MAXUINT16)
    {
      header->width = 2;
      pack_16 (values, n, range->min, step, (guint16 *) plain);
    }
  else
    {
      header->width = 4;
      pack_32 (values, n, range->min, step, (guint32 *) plain);
    }
  return TRUE;
}

/* ---- encoding ---------------------------------------------------------------------------------------------- */

/* The payload follows the header as it is, or compressed when that is worth it. */
static guint8 *
finish (Scratch *scratch, Header *header, const guint8 *payload, PatronChunkStat *stat)
{
  gsize raw = (gsize) header->width * header->n;
  if (header->width > 1 && header->width * (gsize) header->n <= PATRON_CHUNK_BYTES)
    {
      shuffle (payload, header->n, header->width, scratch->shuffled);
      payload = scratch->shuffled;
      header->flags |= SHUFFLED;
    }
  gsize size = raw;
  if (raw >= 64)
    {
      gsize packed = ZSTD_compressCCtx (scratch->compressor, scratch->packed, ZSTD_compressBound (PATRON_CHUNK_BYTES), payload, raw, 1);
      if (!ZSTD_isError (packed) && packed <= raw - raw / 8)
        {
          header->flags |= COMPRESSED;
          payload = scratch->packed;
          size = packed;
        }
    }
  guint8 *bytes = g_try_malloc (sizeof *header + size);
  if (bytes == NULL)
    return NULL;
  memcpy (bytes, header, sizeof *header);
  if (size > 0)
    memcpy (bytes + sizeof *header, payload, size);
  stat->size = sizeof *header + size;
  stat->sum = patron_chunk_sum (bytes, stat->size);
  return bytes;
}

static void
stat_doubles (const double *values, gsize n, PatronChunkStat *stat)
{
  double min = INFINITY, max = -INFINITY;
  guint32 missing = 0;
  for (gsize i = 0; i < n; i++)
    {
      missing += values[i] != values[i];
      min = values[i] < min ? values[i] : min;
      max = values[i] > max ? values[i] : max;
    }
  stat->n_missing = missing;
  if (missing < n)
    {
      memcpy (&stat->min, &min, sizeof min);
      memcpy (&stat->max, &max, sizeof max);
    }
}

static void
stat_integers (const Range *range, gsize n, PatronChunkStat *stat)
{
  stat->n_missing = range->n_missing;
  if (range->n_missing < n)
    {
      stat->min = (guint64) range->min;
      stat->max = (guint64) range->max;
    }
}

static guint8 *
encode_doubles (Scratch *scratch, const double *values, Header *header, PatronChunkStat *stat)
{
  gint64 power;
  stat_doubles (values, header->n, stat);
  if (doubles_to_integers (values, header->n, scratch->integers, &power))
    {
      Range range = range_of (scratch->integers, header->n);
      header->step = power;
      if (pack_integers (scratch->integers, header->n, &range, FALSE, header, scratch->plain))
        {
          header->flags |= OFFSETS | DECIMAL;
          return finish (scratch, header, scratch->plain, stat);
        }
    }
  header->base = 0;
  header->step = 1;
  header->width = 8;
  return finish (scratch, header, (const guint8 *) values, stat);
}

guint8 *
patron_chunk_encode (PatronElement element, gconstpointer values, gsize n, PatronChunkStat *stat)
{
  Scratch *scratch = scratch_get ();
  Header header = { .format = FORMAT, .element = element, .width = 1, .n = n, .step = 1 };
  *stat = (PatronChunkStat) { .n = n };
  if (scratch == NULL)
    return NULL;
  const gint64 *integers = scratch->integers;
  switch (element)
    {
    case PATRON_ELEMENT_DOUBLE:
      return encode_doubles (scratch, values, &header, stat);
    case PATRON_ELEMENT_INT64:
      integers = values;
      break;
    case PATRON_ELEMENT_INT32:
    case PATRON_ELEMENT_CODE:
      widen_int32 (values, n, element == PATRON_ELEMENT_CODE ? PATRON_CODE_MISSING : PATRON_DATE_MISSING, scratch->integers);
      break;
    case PATRON_ELEMENT_UINT8:
      widen_uint8 (values, n, scratch->integers);
      break;
    default:
      return finish (scratch, &header, values, stat);
    }
  Range range = range_of (integers, n);
  stat_integers (&range, n, stat);
  if (pack_integers (integers, n, &range, TRUE, &header, scratch->plain))
    {
      header.flags |= OFFSETS;
      return finish (scratch, &header, scratch->plain, stat);
    }
  header.width = patron_element_size (element);
  return finish (scratch, &header, values, stat);
}

/* ---- decoding ---------------------------------------------------------------------------------------------- */

#define DEFINE_UNPACK(name, type, bits, missing, expression)                                                       \
  PATRON_SIMD static void                                                                                          \
  unpack_##name##_##bits (const guint##bits *restrict in, gsize n, guint64 base, guint64 step, type *restrict out) \
  {                                                                                                                \
    double power = (double) (gint64) step;                                                                         \
    for (gsize i = 0; i < n; i++)                                                                                  \
      {                                                                                                            \
        guint64 v = in[i];                                                                                         \
        out[i] = v == 0 ? (missing) : (type) (expression);                                                         \
      }                                                                                                            \
    (void) power;                                                                                                  \
  }
#define DEFINE_UNPACKS(name, type, missing, expression)                                                            \
  DEFINE_UNPACK (name, type, 8, missing, expression)                                                               \
  DEFINE_UNPACK (name, type, 16, missing, expression)                                                              \
  DEFINE_UNPACK (name, type, 32, missing, expression)                                                              \
  static void                                                                                                      \
  unpack_##name (const Header *header, const guint8 *in, type *out)                                                \
  {                                                                                                                \
    guint64 base = header->base, step = header->step;                                                              \
    if (header->width == 0)                                                                                        \
      {                                                                                                            \
        guint8 code = header->base != MISSING;                                                                     \
        unpack_##name##_8 (&code, MIN (header->n, 1), base, step, out);                                            \
        for (gsize i = 1; i < header->n; i++)                                                                      \
          out[i] = out[0];                                                                                         \
      }                                                                                                            \
    else if (header->width == 1)                                                                                   \
      unpack_##name##_8 (in, header->n, base, step, out);                                                          \
    else if (header->width == 2)                                                                                   \
      unpack_##name##_16 ((const guint16 *) in, header->n, base, step, out);                                       \
    else                                                                                                           \
      unpack_##name##_32 ((const guint32 *) in, header->n, base, step, out);                                       \
  }

DEFINE_UNPACKS (decimal, double, NAN, (double) (gint64) (base + v - 1) / power)
DEFINE_UNPACKS (int64, gint64, PATRON_INTEGER_MISSING, (base + (v - 1) * step))
DEFINE_UNPACKS (int32, gint32, PATRON_DATE_MISSING, (base + (v - 1) * step))
DEFINE_UNPACKS (code, gint32, PATRON_CODE_MISSING, (base + (v - 1) * step))
DEFINE_UNPACKS (uint8, guint8, PATRON_BOOLEAN_MISSING, (base + (v - 1) * step))

/* TRUE when every code is missing or below limit: whoever indexes the dictionary relies on it. */
PATRON_SIMD static gboolean
codes_within (const gint32 *codes, gsize n, gint64 limit)
{
  gint32 min = PATRON_CODE_MISSING, max = PATRON_CODE_MISSING;
  for (gsize i = 0; i < n; i++)
    {
      min = codes[i] < min ? codes[i] : min;
      max = codes[i] > max ? codes[i] : max;
    }
  return min == PATRON_CODE_MISSING && max < limit;
}

PATRON_SIMD static gboolean
booleans_valid (const guint8 *values, gsize n)
{
  guint8 wrong = 0;
  for (gsize i = 0; i < n; i++)
    wrong |= values[i] > 1 && values[i] != PATRON_BOOLEAN_MISSING;
  return wrong == 0;
}

static gboolean
header_valid (const Header *header, PatronElement element, gsize n)
{
  gsize size = patron_element_size (element);
  if (header->format != FORMAT || header->element != element || header->n != n || (header->flags & ~ALL_FLAGS) != 0 || header->step < 1)
    return FALSE;
  if (n > (element == PATRON_ELEMENT_BYTES ? PATRON_CHUNK_BYTES : PATRON_CHUNK_ROWS))
    return FALSE;
  if ((header->flags & OFFSETS) == 0)
    return header->width == size && (header->flags & DECIMAL) == 0;
  if (element == PATRON_ELEMENT_BYTES || ((header->flags & DECIMAL) != 0) != (element == PATRON_ELEMENT_DOUBLE))
    return FALSE;
  return header->width == 0 || header->width == 1 || header->width == 2 || header->width == 4;
}

/* The payload with compression and shuffling undone: in the chunk itself, in the thread's scratch, or NULL. */
static const guint8 *
payload_of (Scratch *scratch, const Header *header, const guint8 *bytes, gsize size)
{
  gsize raw = (gsize) header->width * header->n;
  const guint8 *payload = bytes;
  if ((header->flags & COMPRESSED) != 0)
    {
      gsize got = ZSTD_decompressDCtx (scratch->decompressor, scratch->packed, raw, bytes, size);
      if (ZSTD_isError (got) || got != raw)
        return NULL;
      payload = scratch->packed;
    }
  else if (size != raw)
    return NULL;
  if ((header->flags & SHUFFLED) == 0 || header->width < 2)
    {
      /* Loads of whole words need alignment. */
      if (header->width > 1 && payload == bytes)
        payload = memcpy (scratch->plain, payload, raw);
      return payload;
    }
  if (header->width == 2)
    unshuffle_2 (payload, header->n, (guint16 *) scratch->plain);
  else if (header->width == 4)
    unshuffle_4 (payload, header->n, (guint32 *) scratch->plain);
  else
    unshuffle_8 (payload, header->n, (guint64 *) scratch->plain);
  return scratch->plain;
}

static void
unpack (const Header *header, const guint8 *payload, gpointer out)
{
  if ((header->flags & OFFSETS) == 0)
    {
      if (header->n > 0)
        memcpy (out, payload, (gsize) header->width * header->n);
      return;
    }
  switch (header->element)
    {
    case PATRON_ELEMENT_DOUBLE:
      unpack_decimal (header, payload, out);
      break;
    case PATRON_ELEMENT_INT64:
      unpack_int64 (header, payload, out);
      break;
    case PATRON_ELEMENT_INT32:
      unpack_int32 (header, payload, out);
      break;
    case PATRON_ELEMENT_CODE:
      unpack_code (header, payload, out);
      break;
    default:
      unpack_uint8 (header, payload, out);
      break;
    }
}

gboolean
patron_chunk_decode (PatronElement element, const guint8 *bytes, gsize size, gsize n, gsize limit, gpointer out)
{
  Scratch *scratch = scratch_get ();
  Header header;
  if (scratch == NULL || size < sizeof header)
    return FALSE;
  memcpy (&header, bytes, sizeof header);
  if (!header_valid (&header, element, n))
    return FALSE;
  const guint8 *payload = payload_of (scratch, &header, bytes + sizeof header, size - sizeof header);
  if (payload == NULL)
    return FALSE;
  unpack (&header, payload, out);
  if (element == PATRON_ELEMENT_CODE)
    return codes_within (out, n, MIN (limit, (gsize) G_MAXINT32));
  return element != PATRON_ELEMENT_UINT8 || booleans_valid (out, n);
}
