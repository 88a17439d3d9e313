/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/run.h"

G_BEGIN_DECLS

/* A run on a worker thread, as the interface sees it. Properties change and signals arrive on the main thread only, after the call that
 * started the job has returned; progress is coalesced to a few updates a second, however often the worker reports.
 *
 * Properties (all read-only): title, label (what it is doing now, translated), fraction (0 … 1), seconds-left (NaN: not known yet),
 * state (PatronJobState as int), active (waiting or running). Signal: finished, once, in every case, after state has its last value. */
typedef enum
{
  PATRON_JOB_WAITING,
  PATRON_JOB_RUNNING,
  PATRON_JOB_DONE,
  PATRON_JOB_FAILED,
  PATRON_JOB_CANCELLED,
} PatronJobState;

typedef enum
{
  PATRON_JOB_EXCLUSIVE,   /* computes: waits for the computation before it, has all cores */
  PATRON_JOB_QUICK,       /* reads or writes a little for the screen: beside anything else */
} PatronJobLane;

#define PATRON_TYPE_JOB (patron_job_get_type ())
G_DECLARE_FINAL_TYPE (PatronJob, patron_job, PATRON, JOB, GObject)

/* The work, in a worker thread. Polls the run and reports progress to it. FALSE with error when it failed or was cancelled. It leaves
 * what it made in data. */
typedef gboolean (*PatronJobFunc) (PatronRun *run, gpointer data, GError **error);

/* Starts at once. title is for people, translated. data is freed with destroy (may be NULL) on the main thread with the last reference to
 * the job, never before finished. seed: of the run handed to func. The caller owns the job; dropping the reference does not stop the work. */
PatronJob     *patron_job_start        (const char *title, PatronJobLane lane, guint64 seed, PatronJobFunc func, gpointer data,
                                        GDestroyNotify destroy);
/* "Stop (keep best)" is offered: the work polls patron_run_stopping(). Before anything is shown. */
void           patron_job_set_can_stop (PatronJob *job, gboolean can_stop);

/* Whoever started the job says where it stands why it failed: no dialog is needed. */
void           patron_job_set_quiet    (PatronJob *job, gboolean quiet);

void           patron_job_cancel       (PatronJob *job);     /* nothing when it has finished */
void           patron_job_stop         (PatronJob *job);     /* finish early with the best so far */
/* Whoever waits for *job is no longer interested: its handlers with this data are gone, the job is cancelled and *job is NULL. Nothing for NULL. */
void           patron_job_forget       (PatronJob **job, gpointer listener);

const char    *patron_job_get_title    (PatronJob *job);
const char    *patron_job_get_label    (PatronJob *job);     /* "" when the work has not said */
double         patron_job_get_fraction (PatronJob *job);
double         patron_job_get_seconds_left (PatronJob *job);
PatronJobState patron_job_get_state    (PatronJob *job);
gboolean       patron_job_is_active    (PatronJob *job);
gboolean       patron_job_get_can_stop (PatronJob *job);
gboolean       patron_job_get_quiet    (PatronJob *job);
const GError  *patron_job_get_error    (PatronJob *job);     /* NULL unless FAILED or CANCELLED */
gpointer       patron_job_get_data     (PatronJob *job);     /* of func; look into it only after finished */

/* Tests: iterates the default main context until the job has finished. */
void           patron_job_wait         (PatronJob *job);

G_END_DECLS
