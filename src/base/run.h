/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/error.h"

G_BEGIN_DECLS

/* One execution of a recipe: progress, cancellation, seed, threads. Thread-safe; reference counted.
 *
 * The worker calls the reporting functions; the interface sets the listener, which is called in the worker's thread
 * and must only store the values (see app/job.c). */
typedef struct _PatronRun PatronRun;

typedef void (*PatronRunListener) (PatronRun *run, gpointer data);

PatronRun *patron_run_new   (guint64 seed, int threads);   /* threads ≤ 0: one for each core */
PatronRun *patron_run_ref   (PatronRun *run);
void       patron_run_unref (PatronRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRun, patron_run_unref)

guint64 patron_run_get_seed    (PatronRun *run);
int     patron_run_get_threads (PatronRun *run);

/* Cancelling: any thread. Loops poll patron_run_cancelled() (an atomic read) at least every few
 * milliseconds of work, and give up by returning through patron_run_check(), which sets PATRON_ERROR_CANCELLED. */
void     patron_run_cancel    (PatronRun *run);
gboolean patron_run_cancelled (PatronRun *run);
gboolean patron_run_check     (PatronRun *run, GError **error);   /* FALSE and error when cancelled */

/* "Stop and keep the best so far": methods that can, poll this and finish early with what they have. */
void     patron_run_stop     (PatronRun *run);
gboolean patron_run_stopping (PatronRun *run);

/* Progress: stages nest. patron_run_push (run, label, share) says that the next stage is `share` (0…1) of the
 * stage around it; patron_run_progress (run, f) places it inside; patron_run_pop() completes it.
 * Labels are msgids (N_); the listener's side translates. Throttled: cheap to call often. Only from the thread
 * that runs the recipe. */
void patron_run_push     (PatronRun *run, const char *label, double share);
void patron_run_pop      (PatronRun *run);
void patron_run_progress (PatronRun *run, double fraction);

/* What the listener reads. label is a static msgid or NULL. */
double      patron_run_get_fraction (PatronRun *run);
const char *patron_run_get_label    (PatronRun *run);
void        patron_run_set_listener (PatronRun *run, PatronRunListener listener, gpointer data);

G_END_DECLS
