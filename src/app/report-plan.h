/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project.h"

G_BEGIN_DECLS

/* What the project's report is made of: which runs in which order, which of their blocks are left out, title and author. Kept as a
 * setting of the project. */
typedef struct
{
  gint64   run;
  char    *name;
  gboolean on;
  GArray  *hidden;      /* of guint: indices of blocks left out, ascending */
} PatronPlanEntry;

typedef struct
{
  char      *title;     /* "" for the report's own */
  char      *author;
  GPtrArray *entries;   /* of PatronPlanEntry*, in the report's order */
} PatronReportPlan;

/* As kept in the project, with the runs it has now: those removed are gone, new ones come last and are on. */
PatronReportPlan *patron_report_plan_load  (PatronProject *project, GError **error);
gboolean          patron_report_plan_save  (const PatronReportPlan *plan, PatronProject *project, GError **error);
void              patron_report_plan_free  (PatronReportPlan *plan);
PatronReportPlan *patron_report_plan_copy  (const PatronReportPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronReportPlan, patron_report_plan_free)

PatronPlanEntry  *patron_report_plan_find  (const PatronReportPlan *plan, gint64 run);
/* by: -1 up, 1 down; FALSE at the end of the list. */
gboolean          patron_report_plan_move  (PatronReportPlan *plan, gint64 run, int by);
gboolean          patron_plan_entry_hides  (const PatronPlanEntry *entry, guint block);
void              patron_plan_entry_hide   (PatronPlanEntry *entry, guint block, gboolean hide);

/* The reports that are on, in order, without the blocks left out; GPtrArray of PatronReport* with free function. results (optional): of
 * PatronTable* or NULL, one for each. */
GPtrArray        *patron_report_plan_reports (const PatronReportPlan *plan, PatronProject *project, GPtrArray **results, GError **error);

G_END_DECLS
