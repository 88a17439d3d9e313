/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include <cblas.h>

/* OpenBLAS with threads of its own has it (it is what it calls before a fork). */
extern int blas_thread_shutdown_ (void) __attribute__ ((weak));

/* One loop at a time on the pool: loops from several runs take turns, each with all its threads. */
typedef struct
{
  PatronRun         *run;
  gsize              n, grain, n_ranges;
  PatronParallelBody body;
  gpointer           data;
  gsize              next;        /* atomic: the next range to take */
  int                skipped;     /* atomic */
  int                pending;     /* helpers not yet done; under pool.lock */
} Loop;

static struct
{
  GMutex  lock;
  GCond   work, done;
  Loop   *loop;          /* what helpers should join */
  int     wanted;        /* helpers still to join it */
  int     next_worker;
  int     n_threads;
  GMutex  turn;          /* held by the thread whose loop is running */
} pool;

/* Set inside a body, so that a nested loop runs in place. 0: outside; otherwise worker + 1. */
static GPrivate inside;

static void
work (Loop *loop, int worker)
{
  g_private_set (&inside, GINT_TO_POINTER (worker + 1));
  for (;;)
    {
      gsize range = g_atomic_pointer_add (&loop->next, 1);
      if (range >= loop->n_ranges)
        break;
      if (patron_run_cancelled (loop->run))
        {
          g_atomic_int_set (&loop->skipped, 1);
          break;
        }
      gsize begin = range * loop->grain;
      loop->body (begin, MIN (loop->n, begin + loop->grain), worker, loop->data);
    }
  g_private_set (&inside, NULL);
}

static gpointer
helper (gpointer unused)
{
  g_mutex_lock (&pool.lock);
  for (;;)
    {
      while (pool.wanted == 0)
        g_cond_wait (&pool.work, &pool.lock);
      Loop *loop = pool.loop;
      int worker = pool.next_worker++;
      pool.wanted--;
      g_mutex_unlock (&pool.lock);
      work (loop, worker);
      g_mutex_lock (&pool.lock);
      if (--loop->pending == 0)
        g_cond_broadcast (&pool.done);
    }
  return NULL;
}

/* Under pool.lock. */
static void
ensure_threads (int n)
{
  for (; pool.n_threads < n; pool.n_threads++)
    g_thread_unref (g_thread_new ("patron-worker", helper, NULL));
}

static gboolean
run_here (PatronRun *run, gsize n, gsize grain, PatronParallelBody body, int worker, gpointer data)
{
  for (gsize begin = 0; begin < n; begin += grain)
    {
      if (patron_run_cancelled (run))
        return FALSE;
      body (begin, MIN (n, begin + grain), worker, data);
    }
  return TRUE;
}

gboolean
patron_parallel_for (PatronRun *run, gsize n, gsize grain, PatronParallelBody body, gpointer data)
{
  if (n == 0)
    return !patron_run_cancelled (run);
  grain = MAX (grain, 1);
  gsize n_ranges = (n - 1) / grain + 1;
  int outer = GPOINTER_TO_INT (g_private_get (&inside));
  int threads = (int) MIN ((gsize) patron_parallel_workers (run), n_ranges);
  /* A nested body gets worker 0: its scratch space belongs to the loop inside one worker of the outer one. */
  if (outer != 0 || threads <= 1)
    return run_here (run, n, grain, body, 0, data);

  Loop loop = { .run = run, .n = n, .grain = grain, .n_ranges = n_ranges, .body = body, .data = data, .pending = threads - 1 };
  g_mutex_lock (&pool.turn);
  g_mutex_lock (&pool.lock);
  ensure_threads (threads - 1);
  pool.loop = &loop;
  pool.wanted = threads - 1;
  pool.next_worker = 1;
  g_cond_broadcast (&pool.work);
  g_mutex_unlock (&pool.lock);

  work (&loop, 0);

  g_mutex_lock (&pool.lock);
  /* Helpers that have not woken yet are no longer needed. */
  loop.pending -= pool.wanted;
  pool.wanted = 0;
  while (loop.pending > 0)
    g_cond_wait (&pool.done, &pool.lock);
  pool.loop = NULL;
  g_mutex_unlock (&pool.lock);
  g_mutex_unlock (&pool.turn);
  return g_atomic_int_get (&loop.skipped) == 0;
}

void
patron_error_keep (GError **kept, GError *error)
{
  if (error != NULL && !g_atomic_pointer_compare_and_exchange (kept, NULL, error))
    g_error_free (error);
}

int
patron_parallel_workers (PatronRun *run)
{
  return MIN (patron_run_get_threads (run), 256);
}

/* The threads that OpenBLAS started when it was loaded would wait for work by spinning, for as long as a small file takes to read. */
void
patron_parallel_init (void)
{
  openblas_set_num_threads (1);
  if (blas_thread_shutdown_ != NULL)
    blas_thread_shutdown_ ();
}
