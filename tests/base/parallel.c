/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

typedef struct
{
  int    *visits;        /* of each element */
  gsize  *owner;         /* first element of the range that visited it */
  int     busy[64];      /* atomic: bodies running as this worker */
  int     clashes;
} Seen;

static void
visit (gsize begin, gsize end, int worker, gpointer data)
{
  Seen *seen = data;
  if (g_atomic_int_add (&seen->busy[worker], 1) != 0)
    g_atomic_int_inc (&seen->clashes);
  for (gsize i = begin; i < end; i++)
    {
      seen->visits[i]++;
      seen->owner[i] = begin;
    }
  g_atomic_int_add (&seen->busy[worker], -1);
}

/* Every element once, in ranges that do not depend on the threads, and no worker twice at once. */
static void
test_covers (void)
{
  static const struct { gsize n, grain; int threads; } cases[] = { { 1, 1, 4 }, { 10, 3, 1 }, { 10, 3, 2 }, { 1000, 7, 8 }, { 1000, 5000, 4 }, { 4096, 1, 16 } };
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    for (int repeat = 0; repeat < 20; repeat++)
      {
        gsize n = cases[c].n;
        g_autofree int *visits = g_new0 (int, n);
        g_autofree gsize *owner = g_new0 (gsize, n);
        Seen seen = { .visits = visits, .owner = owner };
        g_autoptr (PatronRun) run = patron_run_new (1, cases[c].threads);
        g_assert_true (patron_parallel_for (run, n, cases[c].grain, visit, &seen));
        for (gsize i = 0; i < n; i++)
          {
            g_assert_cmpint (visits[i], ==, 1);
            g_assert_cmpuint (owner[i], ==, i / cases[c].grain * cases[c].grain);
          }
        g_assert_cmpint (seen.clashes, ==, 0);
      }
}

static void
cancel_early (gsize begin, gsize end, int worker, gpointer data)
{
  patron_run_cancel (data);
}

static void
test_cancel (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_assert_false (patron_parallel_for (run, 100000, 1, cancel_early, run));
  g_autoptr (GError) error = NULL;
  g_assert_false (patron_run_check (run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

static void
count (gsize begin, gsize end, int worker, gpointer data)
{
  g_atomic_int_add ((int *) data, (int) (end - begin));
}

static void
nest (gsize begin, gsize end, int worker, gpointer data)
{
  for (gsize i = begin; i < end; i++)
    patron_parallel_for (NULL, 10, 3, count, data);
}

static void
test_nested (void)
{
  int total = 0;
  g_assert_true (patron_parallel_for (NULL, 50, 1, nest, &total));
  g_assert_cmpint (total, ==, 500);
}

static gpointer
loop_in_thread (gpointer data)
{
  for (int i = 0; i < 50; i++)
    patron_parallel_for (NULL, 1000, 10, count, data);
  return NULL;
}

/* Loops of several threads take turns. */
static void
test_concurrent (void)
{
  int total = 0;
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("loop", loop_in_thread, &total);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (total, ==, 4 * 50 * 1000);
}

/* Progress rises, ends at 1, and stages divide what is left. */
static void
test_progress (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  patron_run_push (run, "a", 0.5);
  patron_run_progress (run, 0.5);
  g_assert_cmpfloat_with_epsilon (patron_run_get_fraction (run), 0.25, 1e-9);
  g_assert_cmpstr (patron_run_get_label (run), ==, "a");
  patron_run_push (run, "inner", 1);
  patron_run_pop (run);
  patron_run_pop (run);
  g_assert_cmpfloat_with_epsilon (patron_run_get_fraction (run), 0.5, 1e-9);
  patron_run_push (run, NULL, 0.5);
  patron_run_progress (run, 0);
  g_assert_cmpfloat_with_epsilon (patron_run_get_fraction (run), 0.5, 1e-9);
  patron_run_progress (run, 1);
  g_assert_cmpfloat_with_epsilon (patron_run_get_fraction (run), 1, 1e-9);
  patron_run_pop (run);
}

/* Every range fails: one error is kept, whichever came first, and none is lost or kept twice. */
static void
fail_range (gsize begin, gsize end, int worker, gpointer data)
{
  for (gsize i = begin; i < end; i++)
    patron_error_keep (data, g_error_new (PATRON_ERROR, PATRON_ERROR_INPUT, "%" G_GSIZE_FORMAT, i));
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  patron_error_keep (&error, NULL);
  g_assert_no_error (error);
  g_assert_true (patron_parallel_for (NULL, 1000, 3, fail_range, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
  g_autofree char *kept = g_strdup (error->message);
  patron_error_keep (&error, g_error_new_literal (PATRON_ERROR, PATRON_ERROR_INPUT, "later"));
  g_assert_cmpstr (error->message, ==, kept);
}

/* A loop over nothing reports 0 of 0; what comes after still moves. */
static void
test_progress_of_nothing (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  patron_run_progress (run, 0.25);
  patron_run_progress (run, (double) NAN);
  g_assert_cmpfloat (patron_run_get_fraction (run), ==, 0.25);
  patron_run_progress (run, 0.5);
  g_assert_cmpfloat (patron_run_get_fraction (run), ==, 0.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_parallel_init ();
  g_test_add_func ("/base/parallel/covers", test_covers);
  g_test_add_func ("/base/parallel/cancel", test_cancel);
  g_test_add_func ("/base/parallel/nested", test_nested);
  g_test_add_func ("/base/parallel/concurrent", test_concurrent);
  g_test_add_func ("/base/run/progress", test_progress);
  g_test_add_func ("/base/run/progress-of-nothing", test_progress_of_nothing);
  g_test_add_func ("/base/parallel/errors", test_errors);
  return g_test_run ();
}
