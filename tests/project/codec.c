/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/codec.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

/* Encodes, decodes, and expects the same bytes; returns the encoded size. */
static guint32
round_trip (PatronElement element, gconstpointer values, gsize n)
{
  PatronChunkStat stat;
  gsize size = patron_element_size (element);
  g_autofree guint8 *bytes = patron_chunk_encode (element, values, n, &stat);
  g_autofree guint8 *out = g_malloc (n * size + 1);
  g_assert_nonnull (bytes);
  g_assert_cmpuint (stat.n, ==, n);
  g_assert_cmpuint (stat.sum, ==, patron_chunk_sum (bytes, stat.size));
  memset (out, 0x5a, n * size);
  g_assert_true (patron_chunk_decode (element, bytes, stat.size, n, G_MAXINT32, out));
  g_assert_cmpmem (out, n * size, values, n * size);
  return stat.size;
}

static void
test_doubles (void)
{
  static const double extremes[] = { 0.0, -0.0, 1.0, -1.0, 0.1, 0.1 + 0.2, G_MAXDOUBLE, -G_MAXDOUBLE, G_MINDOUBLE, 5e-324, INFINITY, -INFINITY,
                                     9007199254740991.0, 9007199254740993.0, 1e300, 1e-300, 4294967295.0, 4294967296.0, 0.07, 1e15 + 0.3 };
  double values[1000];
  for (guint i = 0; i < G_N_ELEMENTS (extremes); i++)
    {
      round_trip (PATRON_ELEMENT_DOUBLE, &extremes[i], 1);
      for (guint j = 0; j < G_N_ELEMENTS (extremes); j++)
        {
          double both[2] = { extremes[i], extremes[j] };
          round_trip (PATRON_ELEMENT_DOUBLE, both, 2);
        }
    }
  for (int decimals = 0; decimals <= 12; decimals++)
    {
      PatronRandom random;
      patron_random_init (&random, 1, decimals);
      for (guint i = 0; i < G_N_ELEMENTS (values); i++)
        values[i] = i % 7 == 3 ? NAN : nearbyint ((patron_random_unit (&random) - 0.5) * 1e5) / pow (10, decimals);
      guint32 size = round_trip (PATRON_ELEMENT_DOUBLE, values, G_N_ELEMENTS (values));
      /* Prices and the like must take far less than eight bytes. */
      if (decimals <= 10)
        g_assert_cmpuint (size, <, 4 * G_N_ELEMENTS (values));
    }
  /* One value with full precision among decimals, out of the sample's reach. */
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = i / 100.0;
  values[777] = M_PI;
  round_trip (PATRON_ELEMENT_DOUBLE, values, G_N_ELEMENTS (values));
  values[777] = 1.23456;
  round_trip (PATRON_ELEMENT_DOUBLE, values, G_N_ELEMENTS (values));
  values[777] = -0.0;
  round_trip (PATRON_ELEMENT_DOUBLE, values, G_N_ELEMENTS (values));
}

static void
test_integers (void)
{
  static const gint64 extremes[] = { PATRON_INTEGER_MISSING, G_MININT64 + 1, -1, 0, 1, 254, 255, 256, 65534, 65535, 65536, G_MAXINT32, G_MAXUINT32, G_MAXINT64 };
  for (guint i = 0; i < G_N_ELEMENTS (extremes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (extremes); j++)
      for (guint k = 0; k < G_N_ELEMENTS (extremes); k++)
        {
          gint64 three[3] = { extremes[i], extremes[j], extremes[k] };
          round_trip (PATRON_ELEMENT_INT64, three, 3);
        }
  /* Time stamps on whole minutes. */
  gint64 times[500];
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    times[i] = i % 9 == 0 ? PATRON_INTEGER_MISSING : G_GINT64_CONSTANT (1298912640000000) + (gint64) (i * i) * 60000000;
  g_assert_cmpuint (round_trip (PATRON_ELEMENT_INT64, times, G_N_ELEMENTS (times)), <, 4 * G_N_ELEMENTS (times) + 24);
  static const gint32 days[] = { PATRON_DATE_MISSING, G_MAXINT32, G_MININT32 + 1, 0, 15033 };
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    for (guint j = 0; j < G_N_ELEMENTS (days); j++)
      {
        gint32 both[2] = { days[i], days[j] };
        round_trip (PATRON_ELEMENT_INT32, both, 2);
      }
  static const guint8 booleans[] = { 0, 1, PATRON_BOOLEAN_MISSING, 1 };
  round_trip (PATRON_ELEMENT_UINT8, booleans, 4);
  round_trip (PATRON_ELEMENT_UINT8, booleans + 2, 1);
}

static void
test_full_chunk (void)
{
  PatronRandom random;
  patron_random_init (&random, 42, 0);
  g_autofree double *doubles = g_new (double, PATRON_CHUNK_ROWS);
  g_autofree gint32 *codes = g_new (gint32, PATRON_CHUNK_ROWS);
  for (gsize i = 0; i < PATRON_CHUNK_ROWS; i++)
    {
      doubles[i] = patron_random_normal (&random);
      codes[i] = (gint32) patron_random_below (&random, 200) - 1;
    }
  round_trip (PATRON_ELEMENT_DOUBLE, doubles, PATRON_CHUNK_ROWS);
  round_trip (PATRON_ELEMENT_DOUBLE, doubles, PATRON_CHUNK_ROWS - 1);
  g_assert_cmpuint (round_trip (PATRON_ELEMENT_CODE, codes, PATRON_CHUNK_ROWS), <=, PATRON_CHUNK_ROWS + 24);
  g_autofree char *text = g_strnfill (PATRON_CHUNK_BYTES, 'x');
  g_assert_cmpuint (round_trip (PATRON_ELEMENT_BYTES, text, PATRON_CHUNK_BYTES), <, 1000);
}

static void
test_statistics (void)
{
  const double values[] = { 3, NAN, -7.5, 12 };
  const gint32 codes[] = { -1, -1 };
  PatronChunkStat stat;
  double min, max;
  g_free (patron_chunk_encode (PATRON_ELEMENT_DOUBLE, values, 4, &stat));
  memcpy (&min, &stat.min, sizeof min);
  memcpy (&max, &stat.max, sizeof max);
  g_assert_cmpuint (stat.n_missing, ==, 1);
  g_assert_cmpfloat (min, ==, -7.5);
  g_assert_cmpfloat (max, ==, 12);
  g_free (patron_chunk_encode (PATRON_ELEMENT_CODE, codes, 2, &stat));
  g_assert_cmpuint (stat.n_missing, ==, 2);
  g_assert_cmpuint (stat.min, ==, 0);
}

/* Foreign bytes: refused or decoded, never read beyond; codes never beyond the dictionary. */
static void
test_hostile (void)
{
  PatronRandom random;
  patron_random_init (&random, 7, 0);
  gint32 codes[300], out[300];
  PatronChunkStat stat;
  for (guint i = 0; i < 300; i++)
    codes[i] = i % 100;
  g_autofree guint8 *bytes = patron_chunk_encode (PATRON_ELEMENT_CODE, codes, 300, &stat);
  g_assert_true (patron_chunk_decode (PATRON_ELEMENT_CODE, bytes, stat.size, 300, 100, out));
  g_assert_false (patron_chunk_decode (PATRON_ELEMENT_CODE, bytes, stat.size, 300, 99, out));
  g_assert_false (patron_chunk_decode (PATRON_ELEMENT_CODE, bytes, stat.size, 299, 100, out));
  g_assert_false (patron_chunk_decode (PATRON_ELEMENT_INT32, bytes, stat.size, 300, 100, out));
  for (gsize size = 0; size < stat.size; size++)
    g_assert_false (patron_chunk_decode (PATRON_ELEMENT_CODE, bytes, size, 300, 100, out));
  for (guint round = 0; round < 20000; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, stat.size);
      for (guint k = 0; k <= round % 3; k++)
        copy[patron_random_below (&random, k == 0 ? 24 : stat.size)] ^= 1 << patron_random_below (&random, 8);
      if (patron_chunk_decode (PATRON_ELEMENT_CODE, copy, stat.size, 300, 100, out))
        for (guint i = 0; i < 300; i++)
          g_assert_true (out[i] >= -1 && out[i] < 100);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/project/codec/doubles", test_doubles);
  g_test_add_func ("/project/codec/integers", test_integers);
  g_test_add_func ("/project/codec/full-chunk", test_full_chunk);
  g_test_add_func ("/project/codec/statistics", test_statistics);
  g_test_add_func ("/project/codec/hostile", test_hostile);
  return g_test_run ();
}
