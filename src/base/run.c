/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/run.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_DEPTH 16

typedef struct
{
  const char *label;
  double      start, share;   /* of the whole run */
  double      used;           /* of this stage's share, by completed children */
} Stage;

struct _PatronRun
{
  gatomicrefcount references;
  guint64         seed;
  int             threads;
  gint64          started;       /* monotonic microseconds */
  int             cancelled;     /* atomic */
  int             stopping;      /* atomic */

  GMutex            lock;        /* what follows */
  Stage             stages[MAX_DEPTH];
  int               depth;       /* of the innermost stage; 0 is the run itself */
  double            fraction;
  PatronRunListener listener;
  gpointer          listener_data;
};

/* Asked for once: the answer costs a file to read. */
static int
count_processors (void)
{
  static int count;
  if (g_atomic_int_get (&count) == 0)
    g_atomic_int_set (&count, (int) g_get_num_processors ());
  return g_atomic_int_get (&count);
}

PatronRun *
patron_run_new (guint64 seed, int threads)
{
  PatronRun *run = g_new0 (PatronRun, 1);
  g_atomic_ref_count_init (&run->references);
  g_mutex_init (&run->lock);
  run->seed = seed;
  run->threads = threads > 0 ? threads : count_processors ();
  run->started = g_get_monotonic_time ();
  run->stages[0].share = 1;
  return run;
}

PatronRun *
patron_run_ref (PatronRun *run)
{
  g_atomic_ref_count_inc (&run->references);
  return run;
}

void
patron_run_unref (PatronRun *run)
{
  if (!g_atomic_ref_count_dec (&run->references))
    return;
  g_mutex_clear (&run->lock);
  g_free (run);
}

guint64
patron_run_get_seed (PatronRun *run)
{
  return run != NULL ? run->seed : 42;
}

int
patron_run_get_threads (PatronRun *run)
{
  return run != NULL ? run->threads : count_processors ();
}

void
patron_run_cancel (PatronRun *run)
{
  g_atomic_int_set (&run->cancelled, 1);
}

gboolean
patron_run_cancelled (PatronRun *run)
{
  return run != NULL && g_atomic_int_get (&run->cancelled) != 0;
}

gboolean
patron_run_check (PatronRun *run, GError **error)
{
  if (!patron_run_cancelled (run))
    return TRUE;
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_CANCELLED, _("Cancelled."));
  return FALSE;
}

void
patron_run_stop (PatronRun *run)
{
  g_atomic_int_set (&run->stopping, 1);
}

gboolean
patron_run_stopping (PatronRun *run)
{
  return run != NULL && g_atomic_int_get (&run->stopping) != 0;
}

/* Under the lock. Progress never runs backwards, and 0 of 0 is none. Returns whether the listener should hear of it. */
static gboolean
move_to (PatronRun *run, double fraction)
{
  if (isnan (fraction) || (fraction < run->fraction + 0.001 && fraction < 1))
    return FALSE;
  run->fraction = CLAMP (fraction, run->fraction, 1.0);
  return TRUE;
}

static void
tell (PatronRun *run, PatronRunListener listener, gpointer data)
{
  if (listener != NULL)
    listener (run, data);
}

void
patron_run_push (PatronRun *run, const char *label, double share)
{
  if (run == NULL)
    return;
  g_mutex_lock (&run->lock);
  g_assert (run->depth < MAX_DEPTH - 1);
  const Stage *outer = &run->stages[run->depth];
  Stage *stage = &run->stages[++run->depth];
  stage->label = label != NULL ? label : outer->label;
  stage->start = outer->start + outer->used * outer->share;
  stage->share = outer->share * CLAMP (share, 0, 1 - outer->used);
  stage->used = 0;
  PatronRunListener listener = run->listener;
  gpointer data = run->listener_data;
  g_mutex_unlock (&run->lock);
  tell (run, listener, data);
}

void
patron_run_pop (PatronRun *run)
{
  if (run == NULL)
    return;
  g_mutex_lock (&run->lock);
  g_assert (run->depth > 0);
  const Stage *stage = &run->stages[run->depth--];
  Stage *outer = &run->stages[run->depth];
  double end = stage->start + stage->share;
  if (outer->share > 0)
    outer->used = (end - outer->start) / outer->share;
  move_to (run, end);
  PatronRunListener listener = run->listener;
  gpointer data = run->listener_data;
  g_mutex_unlock (&run->lock);
  tell (run, listener, data);
}

void
patron_run_progress (PatronRun *run, double fraction)
{
  if (run == NULL)
    return;
  g_mutex_lock (&run->lock);
  const Stage *stage = &run->stages[run->depth];
  gboolean moved = move_to (run, stage->start + stage->share * CLAMP (fraction, 0, 1));
  PatronRunListener listener = run->listener;
  gpointer data = run->listener_data;
  g_mutex_unlock (&run->lock);
  if (moved)
    tell (run, listener, data);
}

double
patron_run_get_fraction (PatronRun *run)
{
  g_mutex_lock (&run->lock);
  double fraction = run->fraction;
  g_mutex_unlock (&run->lock);
  return fraction;
}

const char *
patron_run_get_label (PatronRun *run)
{
  g_mutex_lock (&run->lock);
  const char *label = run->stages[run->depth].label;
  g_mutex_unlock (&run->lock);
  return label;
}

void
patron_run_set_listener (PatronRun *run, PatronRunListener listener, gpointer data)
{
  g_mutex_lock (&run->lock);
  run->listener = listener;
  run->listener_data = data;
  g_mutex_unlock (&run->lock);
}
