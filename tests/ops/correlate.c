/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlate-private.h"

#include "base/init.h"
#include "math/kendall.h"
#include "ops/registry.h"
#include "table/roles.h"

#include <math.h>
#include <string.h>

/* 500 rows from a generator that both sides can run; the expected figures come from SciPy 1.10 and NumPy:
 *
 *   state = 99; def rnd (n): state = (state * 1103515245 + 12345) % 2147483648; return (state >> 8) % n
 *   a = rnd (1000) / 10; b = 2 * a + rnd (400) / 10; c = rnd (7); d = (rnd (100) + 1) ** 3 / 1000
 *   if rnd (10) == 0: b = nan
 *   if rnd (20) == 0: d = nan
 *   g = "xyz"[rnd (3)]; k = -999 if rnd (50) == 0 else 20 + rnd (60); h = "hi" if a > 50 else "lo"
 *   kendalltau; f_oneway; chi2_contingency (crosstab, correction=False); numpy.linalg.inv (corrcoef)
 */
enum { ROWS = 500 };

static guint32 state;

static guint
draw (guint n)
{
  state = (state * 1103515245u + 12345u) & 0x7fffffff;
  return (state >> 8) % n;
}

static PatronTable *
make_table (void)
{
  static const char *const names[] = { "a", "b", "c", "d", "g", "h" };
  PatronColumnBuilder *builders[6];
  for (guint c = 0; c < 6; c++)
    builders[c] = patron_column_builder_new (names[c], c < 4 ? PATRON_TYPE_NUMBER : PATRON_TYPE_CATEGORY);
  state = 99;
  for (guint i = 0; i < ROWS; i++)
    {
      double a = draw (1000) / 10.0, b = 2 * a + draw (400) / 10.0, c = draw (7), d = draw (100) + 1;
      d = d * d * d / 1000;
      b = draw (10) == 0 ? NAN : b;
      d = draw (20) == 0 ? NAN : d;
      const char g[2] = { "xyz"[draw (3)], '\0' };
      if (draw (50) != 0)
        draw (60);
      const double numbers[4] = { a, b, c, d };
      for (guint k = 0; k < 4; k++)
        patron_column_builder_append_number (builders[k], numbers[k]);
      patron_column_builder_append_text (builders[4], g);
      patron_column_builder_append_text (builders[5], a > 50 ? "hi" : "lo");
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < 6; c++)
    g_ptr_array_add (columns, patron_column_builder_finish (builders[c]));
  return patron_table_new_take ("numbers", columns);
}

#define assert_close(value, expected) g_assert_cmpfloat_with_epsilon (value, expected, 1e-9 * MAX (1, fabs (expected)))

static gsize
common (PatronTable *table, const char *x, const char *y, double *a, double *b)
{
  const double *first = patron_column_doubles (patron_table_find (table, x), NULL),
    *second = patron_column_doubles (patron_table_find (table, y), NULL);
  gsize n = 0;
  for (gsize i = 0; i < ROWS; i++)
    if (!isnan (first[i]) && !isnan (second[i]))
      {
        a[n] = first[i];
        b[n++] = second[i];
      }
  return n;
}

static void
test_kendall (void)
{
  g_autoptr (PatronTable) table = make_table ();
  static const struct { const char *x, *y; gsize n; double tau, p; } expected[] = {
    { "a", "b", 443, 0.8758483864220895, 8.733303517631916e-167 }, { "c", "d", 474, 0.031970918688764366, 0.3324864388186797 },
    { "a", "d", 474, -0.028849415778811633, 0.3505427964398288 },
  };
  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    {
      double x[ROWS], y[ROWS], tau, p;
      gsize n = common (table, expected[k].x, expected[k].y, x, y);
      g_assert_cmpuint (n, ==, expected[k].n);
      g_assert_true (patron_kendall (x, y, n, &tau, &p, NULL));
      assert_close (tau, expected[k].tau);
      g_assert_cmpfloat_with_epsilon (p / expected[k].p, 1, 1e-8);
    }
}

static void
test_partial (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  PatronColumn *columns[4];
  double r[16];
  gsize n;
  for (guint c = 0; c < 4; c++)
    columns[c] = patron_table_column (table, c);
  g_assert_true (patron_correlation_partial (columns, 4, r, &n, run, NULL));
  g_assert_cmpuint (n, ==, 418);
  assert_close (r[0 * 4 + 1], 0.9815677355972788);
  assert_close (r[3 * 4 + 0], 0.011254155452811313);
  assert_close (r[2 * 4 + 3], 0.025998263362041297);
  /* A column that the others make up leaves nothing to correlate. */
  columns[2] = columns[0];
  g_assert_true (patron_correlation_partial (columns, 4, r, &n, run, NULL));
  g_assert_true (isnan (r[1]));
}

static const PatronAssociated *
find_pair (const PatronAssociations *self, const char *a, const char *b)
{
  for (guint k = 0; k < self->n_pairs; k++)
    if (g_str_equal (patron_column_get_name (self->columns[self->pairs[k].a]), a)
        && g_str_equal (patron_column_get_name (self->columns[self->pairs[k].b]), b))
      return &self->pairs[k];
  g_assert_not_reached ();
}

static void
test_mixed (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronColumn *columns[6];
  for (guint c = 0; c < 6; c++)
    columns[c] = patron_table_column (table, c);
  for (int threads = 1; threads <= 2; threads++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, threads);
      PatronAssociateParams params = { .method = PATRON_ASSOCIATE_PEARSON, .categories = true };
      PatronAssociations self = { .params = &params, .table = table, .columns = columns, .n_numbers = 4, .n_columns = 6, .n_rows = ROWS };
      g_assert_true (patron_associations_find (&self, run, NULL));
      g_assert_cmpuint (self.n_pairs, ==, 15);
      const PatronAssociated *ratio = find_pair (&self, "a", "g"), *cramer = find_pair (&self, "g", "h"), *pearson = find_pair (&self, "a", "b");
      assert_close (ratio->value, 0.07041833991740505);
      assert_close (ratio->p, 0.2907437825085708);
      g_assert_true (ratio->low <= ratio->value && ratio->value <= ratio->high);
      assert_close (cramer->value, 0.032805909883745564);
      assert_close (cramer->p, 0.2806851370532254);
      g_assert_cmpfloat (pearson->n, ==, 443);
      g_assert_cmpint (pearson->measure, ==, PATRON_MEASURE_PEARSON);
      g_assert_true (pearson->low < pearson->value && pearson->value < pearson->high);
      g_free (self.pairs);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/correlate/kendall", test_kendall);
  g_test_add_func ("/correlate/partial", test_partial);
  g_test_add_func ("/correlate/mixed", test_mixed);
  return g_test_run ();
}
