/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/correlation.h"
#include "ops/analyses/group-statistics.h"
#include "ops/analyses/profile.h"
#include "report/report.h"

G_BEGIN_DECLS

/* Above these, one column tells the target too well to be true. */
#define PATRON_LEAK_AUC 0.95
#define PATRON_LEAK_R2  0.9

/* How well one column alone tells the target: learnt on every other row, tried on the rest. */
typedef struct
{
  guint  profile;
  double strength;                          /* area under the ROC curve, or R²; NaN: not tried */
  gsize  n_later;                           /* of a date: rows where it lies after the row's own date */
} PatronTeller;

typedef struct
{
  const PatronProfile *profiles;
  guint   n_profiles;
  gsize   n_rows;
  double  fence;
  double  n_duplicates;                     /* NaN: not counted */
  guint   n_top, n_charts, n_pairs;

  const PatronCorrelation *correlation;     /* NULL without */
  gboolean ranks;
  const guint *correlated;                  /* profile of each row of the correlation */
  guint   n_left_out;                       /* identifiers and constants, numeric */
  guint   n_too_many;                       /* numeric columns beyond those correlated */

  const PatronGroupStatistics *groups;      /* NULL without */
  const PatronLevels *group_levels;
  const char  *group_column;
  const PatronTeller *tellers;              /* n_tellers, the strongest first */
  guint   n_tellers;
  gboolean classes;                         /* the target is a category: areas, else R² */
  const char *target_column, *date_column;  /* NULL without */
  char   *positive;                         /* the class that is told from the rest */

  const guint *grouped;                     /* profile of each of its columns */
} PatronDescription;

void patron_description_report (const PatronDescription *d, PatronReport *report);

/* The parts. In describe-columns.c: */
void patron_description_add_columns     (const PatronDescription *d, PatronReport *report);
guint patron_description_add_findings   (const PatronDescription *d, PatronReport *report);   /* how many columns need a look */
/* In describe-charts.c: */
void patron_description_add_charts      (const PatronDescription *d, PatronReport *report);
void patron_description_add_top_values  (const PatronDescription *d, PatronReport *report);
/* In describe-relations.c: */
void patron_description_add_correlation (const PatronDescription *d, PatronReport *report);
void patron_description_add_groups      (const PatronDescription *d, PatronReport *report);
/* In describe-target.c: *tellers receives one for each column that may tell the target, owned by the caller. date may be NULL, target too. */
gboolean patron_description_find_tellers (PatronDescription *d, PatronColumn *target, PatronColumn *date, PatronTeller **tellers, PatronRun *run, GError **error);
void  patron_description_add_target     (const PatronDescription *d, PatronReport *report);
/* The strongest pair; FALSE when none is worth a sentence. */
gboolean patron_description_strongest   (const PatronDescription *d, guint *a, guint *b, double *r);

/* How values of a column are printed, and the factor from a profile's number to that format's. */
PatronFormat patron_profile_format (const PatronProfile *profile, double *factor);
/* A frequent value in words. */
PatronText  *patron_profile_value_text (const PatronProfile *profile, const PatronFrequency *value);

G_END_DECLS
