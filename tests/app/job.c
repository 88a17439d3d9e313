/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job.h"

#include <string.h>

#include "base/init.h"

static GThread *main_thread;

typedef struct
{
  int      steps;           /* progress reports */
  gboolean endless;         /* until it is told to end */
  gboolean stopped;         /* out */
  GThread *worker;          /* out */
  gboolean *was_freed;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  g_assert_true (g_thread_self () == main_thread);
  if (work->was_freed != NULL)
    *work->was_freed = TRUE;
  g_free (work);
}

static gboolean
do_work (PatronRun *run, gpointer data, GError **error)
{
  Work *work = data;
  work->worker = g_thread_self ();
  patron_run_push (run, "Reading", 1);
  for (int i = 0; i < work->steps; i++)
    patron_run_progress (run, (double) i / work->steps);
  while (work->endless)
    {
      if (!patron_run_check (run, error))
        return FALSE;
      work->stopped = patron_run_stopping (run);
      if (work->stopped)
        break;
      g_usleep (1000);
    }
  patron_run_pop (run);
  return TRUE;
}

static gboolean
fail (PatronRun *run, gpointer data, GError **error)
{
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT, "It broke.");
  return FALSE;
}

static void
count (int *n)
{
  g_assert_true (g_thread_self () == main_thread);
  (*n)++;
}

static void
test_finishes (void)
{
  int n_finished = 0, n_notified = 0;
  gboolean was_freed = FALSE;
  Work *work = g_new0 (Work, 1);
  work->steps = 200000;
  work->was_freed = &was_freed;
  PatronJob *job = patron_job_start ("Job", PATRON_JOB_EXCLUSIVE, 1, do_work, work, work_free);
  g_signal_connect_swapped (job, "finished", G_CALLBACK (count), &n_finished);
  g_signal_connect_swapped (job, "notify::fraction", G_CALLBACK (count), &n_notified);
  patron_job_wait (job);
  g_assert_cmpint (patron_job_get_state (job), ==, PATRON_JOB_DONE);
  g_assert_cmpfloat (patron_job_get_fraction (job), ==, 1);
  g_assert_cmpint (n_finished, ==, 1);
  g_assert_cmpint (n_notified, <, 1000);   /* 200,000 reports are not 200,000 updates */
  g_assert_true (work->worker != main_thread);
  g_assert_null (patron_job_get_error (job));
  g_object_unref (job);
  while (!was_freed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cancels (void)
{
  Work *work = g_new0 (Work, 1);
  work->endless = TRUE;
  g_autoptr (PatronJob) job = patron_job_start ("Job", PATRON_JOB_EXCLUSIVE, 1, do_work, work, work_free);
  while (patron_job_get_state (job) != PATRON_JOB_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  patron_job_cancel (job);
  patron_job_wait (job);
  g_assert_cmpint (patron_job_get_state (job), ==, PATRON_JOB_CANCELLED);
  g_assert_error ((GError *) patron_job_get_error (job), PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

static void
test_stops (void)
{
  Work *work = g_new0 (Work, 1);
  work->endless = TRUE;
  g_autoptr (PatronJob) job = patron_job_start ("Job", PATRON_JOB_EXCLUSIVE, 1, do_work, work, work_free);
  patron_job_stop (job);
  patron_job_wait (job);
  g_assert_cmpint (patron_job_get_state (job), ==, PATRON_JOB_DONE);
  g_assert_true (work->stopped);
}

static void
test_waits_for_the_one_before (void)
{
  Work *first = g_new0 (Work, 1), *second = g_new0 (Work, 1), *quick = g_new0 (Work, 1);
  first->endless = TRUE;
  g_autoptr (PatronJob) running = patron_job_start ("First", PATRON_JOB_EXCLUSIVE, 1, do_work, first, work_free);
  g_autoptr (PatronJob) waiting = patron_job_start ("Second", PATRON_JOB_EXCLUSIVE, 1, do_work, second, work_free);
  g_autoptr (PatronJob) beside = patron_job_start ("Quick", PATRON_JOB_QUICK, 1, do_work, quick, work_free);
  patron_job_wait (beside);
  g_assert_cmpint (patron_job_get_state (beside), ==, PATRON_JOB_DONE);
  g_assert_true (patron_job_is_active (running));
  g_assert_cmpint (patron_job_get_state (waiting), ==, PATRON_JOB_WAITING);
  patron_job_cancel (waiting);
  patron_job_wait (waiting);
  g_assert_cmpint (patron_job_get_state (waiting), ==, PATRON_JOB_CANCELLED);
  g_assert_null (second->worker);   /* never begun */
  patron_job_cancel (running);
  patron_job_wait (running);
}

static void
test_fails (void)
{
  g_autoptr (PatronJob) job = patron_job_start ("Job", PATRON_JOB_QUICK, 1, fail, NULL, NULL);
  patron_job_wait (job);
  g_assert_cmpint (patron_job_get_state (job), ==, PATRON_JOB_FAILED);
  g_assert_cmpstr (patron_job_get_error (job)->message, ==, "It broke.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  main_thread = g_thread_self ();
  g_test_add_func ("/job/finishes", test_finishes);
  g_test_add_func ("/job/cancels", test_cancels);
  g_test_add_func ("/job/stops", test_stops);
  g_test_add_func ("/job/waits-for-the-one-before", test_waits_for_the_one_before);
  g_test_add_func ("/job/fails", test_fails);
  return g_test_run ();
}
