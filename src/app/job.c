/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <sys/resource.h>

/* Sources are attached to the main context rather than invoked: g_main_context_invoke() would run in the worker whenever nobody
 * happens to own the context. At most one progress source is on its way at any time. */
#define PROGRESS_INTERVAL_MS 60

enum { UNCLAIMED, CLAIMED_BY_WORKER, CLAIMED_BY_CANCEL };

struct _PatronJob
{
  GObject        parent_instance;

  /* constant after start */
  char          *title;
  PatronRun     *run;
  PatronJobLane  lane;
  PatronJobFunc  func;
  gpointer       data;
  GDestroyNotify destroy;
  gboolean       can_stop;
  gboolean       quiet;

  /* shared, atomic */
  int            claim;
  int            progress_pending;

  /* main thread */
  PatronJobState state;
  GError        *error;
  const char    *label;          /* msgid */
  double         fraction;
  double         seconds_left;
  gint64         started;        /* monotonic */
  GError        *worker_error;   /* the worker's until its last source is attached */
};

G_DEFINE_FINAL_TYPE (PatronJob, patron_job, G_TYPE_OBJECT)

enum { PROP_TITLE = 1, PROP_LABEL, PROP_FRACTION, PROP_SECONDS_LEFT, PROP_STATE, PROP_ACTIVE, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
patron_job_finalize (GObject *object)
{
  PatronJob *self = PATRON_JOB (object);
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_clear_pointer (&self->run, patron_run_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->worker_error);
  g_free (self->title);
  G_OBJECT_CLASS (patron_job_parent_class)->finalize (object);
}

static void
patron_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PatronJob *self = PATRON_JOB (object);
  switch (id)
    {
    case PROP_TITLE: g_value_set_string (value, self->title); break;
    case PROP_LABEL: g_value_set_string (value, patron_job_get_label (self)); break;
    case PROP_FRACTION: g_value_set_double (value, self->fraction); break;
    case PROP_SECONDS_LEFT: g_value_set_double (value, self->seconds_left); break;
    case PROP_STATE: g_value_set_int (value, self->state); break;
    case PROP_ACTIVE: g_value_set_boolean (value, patron_job_is_active (self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
patron_job_class_init (PatronJobClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->finalize = patron_job_finalize;
  object_class->get_property = patron_job_get_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, PATRON_JOB_WAITING, PATRON_JOB_CANCELLED, PATRON_JOB_WAITING, flags);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[FINISHED] = g_signal_new ("finished", PATRON_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_job_init (PatronJob *self)
{
  self->seconds_left = NAN;
}

/* ---- main thread ------------------------------------------------------------------------------------------- */

/* Takes the reference: it goes with the source, in the main thread. */
static void
attach_take (PatronJob *self, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, self, g_object_unref);
  g_source_attach (source, NULL);
  g_source_unref (source);
}

static void
attach (PatronJob *self, GSource *source, GSourceFunc func)
{
  attach_take (g_object_ref (self), source, func);
}

/* Time left by what is done, once that says something; smoothed, because stages are never quite of the share they claim. */
static void
estimate_seconds_left (PatronJob *self)
{
  double elapsed = (g_get_monotonic_time () - self->started) / (double) G_USEC_PER_SEC;
  if (self->fraction < 0.03 || elapsed < 0.7)
    return;
  double left = elapsed * (1 - self->fraction) / self->fraction;
  self->seconds_left = isnan (self->seconds_left) ? left : 0.7 * self->seconds_left + 0.3 * left;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECONDS_LEFT]);
}

static gboolean
on_progress (gpointer data)
{
  PatronJob *self = data;
  g_atomic_int_set (&self->progress_pending, 0);
  if (!patron_job_is_active (self))
    return G_SOURCE_REMOVE;
  if (self->state == PATRON_JOB_WAITING)
    {
      self->state = PATRON_JOB_RUNNING;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  const char *label = patron_run_get_label (self->run);
  if (label != self->label)
    {
      self->label = label;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
    }
  double fraction = CLAMP (patron_run_get_fraction (self->run), 0, 1);
  if (fraction != self->fraction)
    {
      self->fraction = fraction;
      estimate_seconds_left (self);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
on_finished (gpointer data)
{
  PatronJob *self = data;
  self->error = g_steal_pointer (&self->worker_error);
  if (self->error == NULL)
    self->state = PATRON_JOB_DONE;
  else if (g_error_matches (self->error, PATRON_ERROR, PATRON_ERROR_CANCELLED) || patron_run_cancelled (self->run))
    self->state = PATRON_JOB_CANCELLED;
  else
    self->state = PATRON_JOB_FAILED;
  if (self->state == PATRON_JOB_DONE)
    {
      self->fraction = 1;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
  g_signal_emit (self, signals[FINISHED], 0);
  return G_SOURCE_REMOVE;
}

/* ---- worker ------------------------------------------------------------------------------------------------ */

static void
schedule_progress (PatronJob *self)
{
  if (g_atomic_int_compare_and_exchange (&self->progress_pending, 0, 1))
    attach (self, g_timeout_source_new (PROGRESS_INTERVAL_MS), on_progress);
}

static void
on_run_progress (PatronRun *run, gpointer data)
{
  schedule_progress (data);
}

static gboolean
on_released (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* The window goes first when both want the processor: computing threads, and the helpers they start, which inherit it, are a little nicer. */
static void
yield_to_the_window (void)
{
  static gsize once;
  if (g_once_init_enter (&once))
    {
      setpriority (PRIO_PROCESS, 0, 4);   /* on Linux of the calling thread alone */
      g_once_init_leave (&once, 1);
    }
}

static void
work (gpointer data, gpointer unused)
{
  PatronJob *self = data;
  if (self->lane == PATRON_JOB_EXCLUSIVE)
    yield_to_the_window ();
  if (g_atomic_int_compare_and_exchange (&self->claim, UNCLAIMED, CLAIMED_BY_WORKER))
    {
      self->started = g_get_monotonic_time ();
      patron_run_set_listener (self->run, on_run_progress, self);
      schedule_progress (self);
      gboolean ok = self->func (self->run, self->data, &self->worker_error);
      patron_run_set_listener (self->run, NULL, NULL);
      if (!ok && self->worker_error == NULL)
        g_set_error (&self->worker_error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” failed without a reason."), self->title);
      attach (self, g_idle_source_new (), on_finished);
    }
  /* The worker's reference goes in the main thread, because the last one frees the data. */
  attach_take (self, g_idle_source_new (), on_released);
}

static GThreadPool *
pool_of (PatronJobLane lane)
{
  static GThreadPool *pools[2];
  static gsize once;
  if (g_once_init_enter (&once))
    {
      /* Threads of their own, which no other pool reuses: the first computes and has another priority. */
      pools[PATRON_JOB_EXCLUSIVE] = g_thread_pool_new (work, NULL, 1, TRUE, NULL);
      pools[PATRON_JOB_QUICK] = g_thread_pool_new (work, NULL, 2, TRUE, NULL);
      g_once_init_leave (&once, 1);
    }
  return pools[lane];
}

/* ---- public ------------------------------------------------------------------------------------------------ */

PatronJob *
patron_job_start (const char *title, PatronJobLane lane, guint64 seed, PatronJobFunc func, gpointer data, GDestroyNotify destroy)
{
  PatronJob *self = g_object_new (PATRON_TYPE_JOB, NULL);
  self->title = g_strdup (title);
  self->lane = lane;
  self->run = patron_run_new (seed, lane == PATRON_JOB_QUICK ? 1 : 0);
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  g_thread_pool_push (pool_of (lane), g_object_ref (self), NULL);
  return self;
}

void
patron_job_set_can_stop (PatronJob *self, gboolean can_stop)
{
  g_return_if_fail (PATRON_IS_JOB (self));
  self->can_stop = can_stop;
}

void
patron_job_set_quiet (PatronJob *self, gboolean quiet)
{
  g_return_if_fail (PATRON_IS_JOB (self));
  self->quiet = quiet;
}

/* A job that still waits behind another is over at once; a running one when its work has noticed. */
void
patron_job_cancel (PatronJob *self)
{
  g_return_if_fail (PATRON_IS_JOB (self));
  if (!patron_job_is_active (self))
    return;
  patron_run_cancel (self->run);
  if (g_atomic_int_compare_and_exchange (&self->claim, UNCLAIMED, CLAIMED_BY_CANCEL))
    {
      g_set_error (&self->worker_error, PATRON_ERROR, PATRON_ERROR_CANCELLED, _("“%s” was cancelled."), self->title);
      attach (self, g_idle_source_new (), on_finished);
    }
}

void
patron_job_forget (PatronJob **job, gpointer listener)
{
  if (*job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*job, listener);
  patron_job_cancel (*job);
  g_clear_object (job);
}

void
patron_job_stop (PatronJob *self)
{
  g_return_if_fail (PATRON_IS_JOB (self));
  patron_run_stop (self->run);
}

const char *
patron_job_get_title (PatronJob *self)
{
  return self->title;
}

const char *
patron_job_get_label (PatronJob *self)
{
  if (self->state == PATRON_JOB_WAITING)
    return _("Waiting for the job before it");
  return self->label != NULL && *self->label != '\0' ? _(self->label) : "";
}

double
patron_job_get_fraction (PatronJob *self)
{
  return self->fraction;
}

double
patron_job_get_seconds_left (PatronJob *self)
{
  return self->seconds_left;
}

PatronJobState
patron_job_get_state (PatronJob *self)
{
  return self->state;
}

gboolean
patron_job_is_active (PatronJob *self)
{
  return self->state == PATRON_JOB_WAITING || self->state == PATRON_JOB_RUNNING;
}

gboolean
patron_job_get_can_stop (PatronJob *self)
{
  return self->can_stop;
}

gboolean
patron_job_get_quiet (PatronJob *self)
{
  g_return_val_if_fail (PATRON_IS_JOB (self), FALSE);
  return self->quiet;
}

const GError *
patron_job_get_error (PatronJob *self)
{
  return self->error;
}

gpointer
patron_job_get_data (PatronJob *self)
{
  return self->data;
}

void
patron_job_wait (PatronJob *self)
{
  g_return_if_fail (PATRON_IS_JOB (self));
  while (patron_job_is_active (self))
    g_main_context_iteration (NULL, TRUE);
}
