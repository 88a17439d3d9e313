/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/gram.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

/* What sets groups of rows apart, for any method that makes groups: sizes, means with intervals in the units of the table, distances from the
 * overall mean in standard deviations, and how much each input differs. */
typedef struct
{
  gsize   k, p, n;
  gsize  *sizes;                   /* k */
  double *means, *low, *high;      /* k × p, [c * p + j]: in the units of the table, with 95 % intervals */
  double *overall;                 /* p */
  double *z;                       /* k × p: (mean - overall) / deviation on the scale of the method */
  double *f;                       /* p: analysis of variance on that scale */
  double *eta2;                    /* p: its share of the variance between groups */
} PatronGroupProfile;

/* original, scaled: the same rows and columns. labels: 0 … k-1, no group empty. */
gboolean patron_group_profile_compute (PatronGroupProfile *profile, const PatronColumns *original, const PatronColumns *scaled, const gint32 *labels,
                                       gsize k, PatronRun *run, GError **error);
void     patron_group_profile_clear   (PatronGroupProfile *profile);

/* "Group 1" */
PatronText *patron_group_label (gsize group);
/* From the one or two inputs that stand out most: "high income, low age". */
PatronText *patron_group_name  (const PatronGroupProfile *profile, const PatronDesign *design, gsize group);

/* Heat map of z, centres in original units (wide, and with intervals), and the inputs by how much they differ. */
void patron_group_profile_report (const PatronGroupProfile *profile, const PatronDesign *design, PatronReport *report);

/* First two principal components of the scaled rows, at most 5,000 points drawn at random; and the silhouettes of `rows`. */
gboolean patron_group_map        (const PatronColumns *scaled, const gint32 *labels, gsize k, guint64 seed, PatronRun *run, PatronReport *report,
                                  GError **error);
void     patron_group_silhouette_chart (const double *silhouette, const gint32 *labels, gsize n, gsize k, double mean, PatronReport *report);

G_END_DECLS
