/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "table/column.h"
#include "table/parse-plain.h"

/* Numbers in wide registers against those read one at a time and by the C library. */

#define N 256

/* Mostly numbers, some with a character that does not belong. */
static void
random_text (PatronRandom *random, char *text)
{
  static const char marks[] = "0123456789.-+e, x:/\xff";
  gsize n = 0;
  if (patron_random_below (random, 20) == 0)
    {
      *text = '\0';
      return;
    }
  if (patron_random_below (random, 3) == 0)
    text[n++] = '-';
  for (gsize k = patron_random_below (random, 9); k > 0; k--)
    text[n++] = '0' + patron_random_below (random, 10);
  if (patron_random_below (random, 2) == 0)
    {
      text[n++] = '.';
      for (gsize k = patron_random_below (random, 9); k > 0; k--)
        text[n++] = '0' + patron_random_below (random, 10);
    }
  if (n > 0 && patron_random_below (random, 30) == 0)
    text[patron_random_below (random, n)] = marks[patron_random_below (random, sizeof marks - 1)];
  text[n] = '\0';
}

/* N fields of a column, each followed by one of another. */
static GString *
random_fields (PatronRandom *random, PatronCsvField *fields, gsize lead)
{
  GString *all = g_string_new (NULL);
  for (gsize i = 0; i < lead; i++)
    g_string_append_c (all, '8');
  for (gsize i = 0; i < N; i++)
    {
      char text[32];
      random_text (random, text);
      fields[2 * i] = (PatronCsvField) { .start = all->len, .length = strlen (text), .quoted = patron_random_below (random, 2) };
      g_string_append (all, text);
      g_string_append_c (all, ',');
      fields[2 * i + 1] = (PatronCsvField) { .start = all->len, .length = 2 };
      g_string_append (all, "77\n");
    }
  for (gsize i = 0; i < PATRON_PLAIN_PADDING; i++)
    g_string_append_c (all, '9');
  return all;
}

/* The numbers of left as a truth value for each field. */
static void
mark_left (const guint32 *left, gsize n_left, gboolean *is_left)
{
  memset (is_left, 0, N * sizeof *is_left);
  for (gsize k = 0; k < n_left; k++)
    {
      g_assert_true (left[k] < N && (k == 0 || left[k] > left[k - 1]));
      is_left[left[k]] = TRUE;
    }
}

static gsize
compare (const GString *all, const PatronCsvField *fields, gsize n)
{
  double numbers[N];
  gint64 whole[N];
  guint32 left[N], left_whole[N];
  gboolean decimal_left[N], integer_left[N];
  gsize n_read = 0;
  mark_left (left, patron_csv_wide_decimals (all->str, fields, 2, n, numbers, left), decimal_left);
  mark_left (left_whole, patron_csv_wide_integers (all->str, fields, 2, n, whole, left_whole), integer_left);
  for (gsize i = 0; i < n; i++)
    {
      const char *text = all->str + fields[2 * i].start;
      const gsize length = fields[2 * i].length;
      g_autofree char *copy = g_strndup (text, length);
      double number = NAN;
      gint64 integer = PATRON_INTEGER_MISSING;
      if (!decimal_left[i])
        {
          g_assert_true (length == 0 || patron_plain_decimal (text, length, &number));
          g_assert_cmpmem (&numbers[i], 8, &number, 8);
          g_assert_true (length == 0 || numbers[i] == strtod (copy, NULL));
          n_read += length > 0;
        }
      if (!integer_left[i])
        {
          g_assert_true (length == 0 || patron_plain_integer (text, length, &integer));
          g_assert_cmpint (whole[i], ==, integer);
          g_assert_true (length == 0 || whole[i] == strtoll (copy, NULL, 10));
        }
    }
  return n_read;
}

static void
test_random (void)
{
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  gsize n_read = 0, n_rounds = 800;
  for (gsize k = 0; k < n_rounds; k++)
    {
      PatronCsvField fields[2 * N];
      g_autoptr (GString) all = random_fields (&random, fields, k % 40);
      n_read += compare (all, fields, k % 3 == 0 ? patron_random_below (&random, N) : N);
    }
  if (patron_csv_has_wide ())
    g_assert_cmpuint (n_read, >, n_rounds * N / 2);
  else
    g_test_skip ("this processor has no such registers");
}

/* The largest that are exact, and the first beyond. */
static void
test_edges (void)
{
  static const char *const texts[] = { "9007199254740992", "9007199254740993", "9999999999999999", "999999999999.999", "-99999999999.999", "0", "-0", "0.0", "-0.5", "1." };
  g_autoptr (GString) all = g_string_new ("0123456789abcdef");
  PatronCsvField fields[2 * N];
  memset (fields, 0, sizeof fields);
  for (gsize i = 0; i < N; i++)
    {
      const char *text = texts[i % G_N_ELEMENTS (texts)];
      fields[2 * i] = (PatronCsvField) { .start = all->len, .length = strlen (text) };
      g_string_append (all, text);
    }
  for (gsize i = 0; i < PATRON_PLAIN_PADDING; i++)
    g_string_append_c (all, '9');
  compare (all, fields, N);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/csv-wide/random", test_random);
  g_test_add_func ("/table/csv-wide/edges", test_edges);
  return g_test_run ();
}
