/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "base/random.h"

/* The separators as each kind of processor finds them, against a look at one byte after the other. */

static guint kind;
static const char *const kinds[] = { "plain", "avx2", "avx512" };

static gboolean
kind_has (const char *feature)
{
  return kind >= (g_str_has_prefix (feature, "avx512") ? 2 : 1);
}

#define PATRON_CPU_HAS(feature) (kind_has (feature) && __builtin_cpu_supports (feature))
#define patron_csv_find_marks tested_find_marks
#define patron_csv_list_bits tested_list_bits
#include "../../src/table/csv-mask.c"

#define MAX_LENGTH 400
#define N_MASKS ((MAX_LENGTH + 63) / 64)

static guint64
bits_of (const char *text, gsize length, gsize block, char mark)
{
  guint64 bits = 0;
  for (gsize i = 64 * block; mark != '\0' && i < MIN (length, 64 * (block + 1)); i++)
    bits |= (guint64) (text[i] == mark) << i % 64;
  return bits;
}

static void
check_marks (const PatronCsvMarks *marks, const char *text, gsize length)
{
  PatronCsvMasks masks[N_MASKS];
  tested_find_marks (marks, text, length, masks);
  for (gsize b = 0; b < (length + 63) / 64; b++)
    {
      g_assert_cmphex (masks[b].newline, ==, bits_of (text, length, b, marks->newline));
      g_assert_cmphex (masks[b].delimiter, ==, bits_of (text, length, b, marks->delimiter));
      g_assert_cmphex (masks[b].quote, ==, bits_of (text, length, b, marks->quote));
      g_assert_cmphex (masks[b].cr, ==, bits_of (text, length, b, marks->cr));
    }
}

/* Texts of every length, with the byte 0, bytes above 127 and runs of marks. */
static void
test_marks (gconstpointer data)
{
  static const char bytes[] = "\n,\"\rab\xff\xac;|\t 9";
  static const PatronCsvMarks marks[] = { { '\n', ',', '"', '\r' }, { '\n', ';', '\0', '\0' }, { '\r', '\t', '\'', '\0' }, { '\n', '\xff', '"', '\r' } };
  PatronRandom random;
  patron_random_init (&random, 7, 0);
  kind = GPOINTER_TO_UINT (data);
  for (gsize length = 0; length <= MAX_LENGTH; length++)
    {
      g_autofree char *text = g_malloc (length + 1);   /* so that a read past the end is found */
      gsize n_bytes = 1 + patron_random_below (&random, sizeof bytes);
      for (gsize i = 0; i < length; i++)
        text[i] = bytes[patron_random_below (&random, n_bytes)];
      for (gsize k = 0; k < G_N_ELEMENTS (marks); k++)
        check_marks (&marks[k], text, length);
    }
}

static void
check_list (const guint64 *masks, gsize n_masks, guint32 base)
{
  g_autofree guint32 *at = g_new (guint32, 64 * n_masks + PATRON_CSV_LIST_PADDING);
  gsize n = tested_list_bits (masks, n_masks, base, at), k = 0;
  for (gsize i = 0; i < 64 * n_masks; i++)
    if ((masks[i / 64] >> i % 64 & 1) != 0)
      {
        g_assert_cmpuint (k, <, n);
        g_assert_cmpuint (at[k++], ==, base + i);
      }
  g_assert_cmpuint (k, ==, n);
}

/* From none to all of the bits. */
static void
test_list (gconstpointer data)
{
  PatronRandom random;
  patron_random_init (&random, 8, 0);
  kind = GPOINTER_TO_UINT (data);
  for (guint density = 0; density <= 64; density++)
    for (gsize n_masks = 0; n_masks <= N_MASKS; n_masks++)
      {
        guint64 masks[N_MASKS] = { 0 };
        for (gsize i = 0; i < 64 * n_masks; i++)
          masks[i / 64] |= (guint64) (patron_random_below (&random, 64) < density) << i % 64;
        check_list (masks, n_masks, density * 1000);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autofree char *marks = g_strdup_printf ("/table/csv-mask/marks/%s", kinds[k]), *list = g_strdup_printf ("/table/csv-mask/list/%s", kinds[k]);
      g_test_add_data_func (marks, GUINT_TO_POINTER (k), test_marks);
      g_test_add_data_func (list, GUINT_TO_POINTER (k), test_list);
    }
  return g_test_run ();
}
