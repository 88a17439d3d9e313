/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/join-rows.h"

#include "base/memory.h"
#include "base/random.h"
#include "table/stack-columns.h"

#include <string.h>

typedef struct
{
  gsize         n;
  PatronColumn *word, *number, *date;
} Side;

static Side
side_new (gsize n, guint64 stream)
{
  PatronRandom random;
  patron_random_init (&random, 11, stream);
  PatronColumnBuilder *word = patron_column_builder_new ("word", stream == 0 ? PATRON_TYPE_TEXT : PATRON_TYPE_CATEGORY);
  PatronColumnBuilder *number = patron_column_builder_new ("number", stream == 0 ? PATRON_TYPE_INTEGER : PATRON_TYPE_NUMBER);
  PatronColumnBuilder *date = patron_column_builder_new ("date", PATRON_TYPE_DATE);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("w%zu", patron_random_below (&random, 12) + 2 * stream);
      gint64 value = (gint64) patron_random_below (&random, 5), day = (gint64) patron_random_below (&random, 30);
      patron_column_builder_append_text (word, patron_random_below (&random, 20) == 0 ? NULL : text);
      if (patron_random_below (&random, 20) == 0)
        patron_column_builder_append_missing (number);
      else
        patron_column_builder_append_int64 (number, value);
      if (patron_random_below (&random, 20) == 0)
        patron_column_builder_append_missing (date);
      else
        patron_column_builder_append_int64 (date, day);
    }
  return (Side) { n, patron_column_builder_finish (word), patron_column_builder_finish (number), patron_column_builder_finish (date) };
}

static void
side_clear (Side *side)
{
  patron_column_unref (side->word);
  patron_column_unref (side->number);
  patron_column_unref (side->date);
}

static gboolean
equal (PatronColumn *a, gsize i, PatronColumn *b, gsize j)
{
  g_autofree char *x = patron_column_format (a, i), *y = patron_column_format (b, j);
  return *x != '\0' && strcmp (x, y) == 0;
}

/* The rows of a join by its definition. */
static GArray *
expected_rows (const Side *left, const Side *right, PatronJoinKind kind)
{
  GArray *rows = g_array_new (FALSE, FALSE, 2 * sizeof (guint32));
  g_autofree gboolean *used = g_new0 (gboolean, right->n + 1);
  for (guint32 i = 0; i < left->n; i++)
    {
      gboolean any = FALSE;
      for (guint32 j = 0; j < right->n; j++)
        if (equal (left->word, i, right->word, j) && equal (left->number, i, right->number, j))
          {
            guint32 pair[2] = { i, kind == PATRON_JOIN_SEMI ? PATRON_NO_ROW : j };
            if (kind != PATRON_JOIN_ANTI && (kind != PATRON_JOIN_SEMI || !any))
              g_array_append_val (rows, pair);
            any = used[j] = TRUE;
          }
      guint32 alone[2] = { i, PATRON_NO_ROW };
      if (!any && (kind == PATRON_JOIN_LEFT || kind == PATRON_JOIN_FULL || kind == PATRON_JOIN_ANTI))
        g_array_append_val (rows, alone);
    }
  for (guint32 j = 0; j < right->n && (kind == PATRON_JOIN_RIGHT || kind == PATRON_JOIN_FULL); j++)
    {
      guint32 alone[2] = { PATRON_NO_ROW, j };
      if (!used[j])
        g_array_append_val (rows, alone);
    }
  return rows;
}

static PatronJoin *
join_sides (const Side *left, const Side *right, PatronRun *run)
{
  g_autoptr (GError) error = NULL;
  PatronColumn *l[2], *r[2];
  g_assert_true (patron_join_key_pair (left->word, right->word, &l[0], &r[0], &error));
  g_assert_true (patron_join_key_pair (left->number, right->number, &l[1], &r[1], &error));
  PatronJoin *join = patron_join_new (l, left->n, r, right->n, 2, run, &error);
  g_assert_no_error (error);
  for (guint k = 0; k < 2; k++)
    {
      patron_column_unref (l[k]);
      patron_column_unref (r[k]);
    }
  return join;
}

static void
test_kinds (void)
{
  const gsize sizes[][2] = { { 0, 5 }, { 5, 0 }, { 60, 40 }, { 40, 90 } };
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (PatronJoinKind kind = PATRON_JOIN_LEFT; kind <= PATRON_JOIN_ANTI; kind++)
      {
        g_autoptr (PatronRun) run = patron_run_new (1, 2);
        Side left = side_new (sizes[s][0], 0), right = side_new (sizes[s][1], 1);
        g_autoptr (PatronJoin) join = join_sides (&left, &right, run);
        g_autoptr (GArray) expected = expected_rows (&left, &right, kind);
        guint32 *l, *r;
        gsize n;
        g_assert_true (patron_join_rows (join, kind, &l, &r, &n, run, NULL));
        g_assert_cmpuint (n, ==, expected->len);
        for (gsize i = 0; i < n; i++)
          {
            const guint32 *pair = (const guint32 *) (gpointer) expected->data + 2 * i;
            g_assert_cmpuint (l[i], ==, pair[0]);
            g_assert_cmpuint (r[i], ==, pair[1]);
          }
        patron_free (l);
        patron_free (r);
        side_clear (&left);
        side_clear (&right);
      }
}

static void
test_counts_and_examples (void)
{
  Side left = side_new (80, 0), right = side_new (50, 1);
  g_autoptr (PatronJoin) join = join_sides (&left, &right, NULL);
  const PatronJoinCounts *counts = patron_join_counts (join);
  g_autoptr (GArray) anti = expected_rows (&left, &right, PATRON_JOIN_ANTI), inner = expected_rows (&left, &right, PATRON_JOIN_INNER);
  g_assert_cmpuint (counts->pairs, ==, inner->len);
  g_assert_cmpuint (counts->left_rows - counts->left_matched, ==, anti->len);
  gsize missing = 0;
  for (gsize i = 0; i < left.n; i++)
    missing += patron_column_is_missing (left.word, i) || patron_column_is_missing (left.number, i);
  g_assert_cmpuint (counts->left_missing, ==, missing);
  guint32 rows[4];
  guint n = patron_join_examples (join, FALSE, 4, rows);
  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < n; i++)
    {
      for (gsize j = 0; j < right.n; j++)
        g_assert_false (equal (left.word, rows[i], right.word, j) && equal (left.number, rows[i], right.number, j));
      for (guint k = 0; k < i; k++)
        g_assert_false (equal (left.word, rows[i], left.word, rows[k]) && equal (left.number, rows[i], left.number, rows[k]));
    }
  side_clear (&left);
  side_clear (&right);
}

static void
test_nearest (void)
{
  Side left = side_new (200, 0), right = side_new (150, 1);
  g_autoptr (PatronJoin) join = join_sides (&left, &right, NULL);
  guint32 *found = patron_join_nearest (join, left.date, right.date, NULL, NULL);
  const gint32 *left_days = patron_column_days (left.date, NULL), *right_days = patron_column_days (right.date, NULL);
  for (guint32 i = 0; i < left.n; i++)
    {
      guint32 best = PATRON_NO_ROW;
      for (guint32 j = 0; j < right.n && left_days[i] != PATRON_DATE_MISSING; j++)
        if (equal (left.word, i, right.word, j) && equal (left.number, i, right.number, j) && right_days[j] != PATRON_DATE_MISSING && right_days[j] <= left_days[i]
            && (best == PATRON_NO_ROW || right_days[j] >= right_days[best]))
          best = j;
      g_assert_cmpuint (found[i], ==, best);
    }
  patron_free (found);
  side_clear (&left);
  side_clear (&right);
}

static void
test_types (void)
{
  Side left = side_new (3, 0), right = side_new (3, 1);
  g_autoptr (GError) error = NULL;
  PatronColumn *l, *r;
  g_assert_false (patron_join_key_pair (left.word, right.number, &l, &r, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, "give both the same type"));
  PatronColumnBuilder *builder = patron_column_builder_new ("time", PATRON_TYPE_TIME);
  patron_column_builder_append_int64 (builder, G_GINT64_CONSTANT (86400000000) * 7);
  g_autoptr (PatronColumn) time = patron_column_builder_finish (builder);
  g_assert_true (patron_join_key_pair (left.date, time, &l, &r, NULL));
  g_assert_cmpint (patron_column_get_type (l), ==, PATRON_TYPE_TIME);
  patron_column_unref (l);
  patron_column_unref (r);
  side_clear (&left);
  side_clear (&right);
}

static void
test_stack (void)
{
  Side left = side_new (4, 0), right = side_new (3, 1);
  PatronColumn *parts[3] = { left.word, NULL, right.word }, *mixed[2] = { left.number, right.date };
  const gsize lengths[3] = { 4, 2, 3 }, mixed_lengths[2] = { 4, 3 };
  PatronType type;
  g_assert_true (patron_type_widen (PATRON_TYPE_TEXT, PATRON_TYPE_CATEGORY, &type));
  g_autoptr (PatronColumn) words = patron_columns_stack ("words", type, parts, lengths, 3, NULL, NULL);
  g_assert_cmpuint (patron_column_get_length (words), ==, 9);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *found = patron_column_format (words, i);
      g_autofree char *expected = i < 4 ? patron_column_format (left.word, i) : i < 6 ? g_strdup ("") : patron_column_format (right.word, i - 6);
      g_assert_cmpstr (found, ==, expected);
    }
  g_assert_false (patron_type_widen (PATRON_TYPE_INTEGER, PATRON_TYPE_DATE, &type));
  g_autoptr (PatronColumn) texts = patron_columns_stack ("mixed", type, mixed, mixed_lengths, 2, NULL, NULL);
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *found = patron_column_format (texts, i), *expected = patron_column_format (mixed[i >= 4], i % 4);
      g_assert_cmpstr (found, ==, expected);
    }
  side_clear (&left);
  side_clear (&right);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/join-rows/kinds", test_kinds);
  g_test_add_func ("/join-rows/counts-and-examples", test_counts_and_examples);
  g_test_add_func ("/join-rows/nearest", test_nearest);
  g_test_add_func ("/join-rows/types", test_types);
  g_test_add_func ("/join-rows/stack", test_stack);
  return g_test_run ();
}
