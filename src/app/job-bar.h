/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/job.h"

G_BEGIN_DECLS

/* The jobs at the bottom of the window: what each is doing, how far it is, and how to end it. Jobs shorter than a blink never appear. */
#define PATRON_TYPE_JOB_BAR (patron_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (PatronJobBar, patron_job_bar, PATRON, JOB_BAR, GtkWidget)

void       patron_job_bar_add    (PatronJobBar *bar, PatronJob *job);
/* The job that Escape cancels: the last one started and still active, or NULL. */
PatronJob *patron_job_bar_newest (PatronJobBar *bar);

G_END_DECLS
