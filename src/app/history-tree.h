/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project.h"

G_BEGIN_DECLS

#define PATRON_HISTORY_LANES 12

/* Where a step stands in the picture of the history, newest first: every branch has a lane, and ends in the lane it came from. */
typedef struct
{
  const PatronStepInfo *step;     /* borrowed */
  gboolean done, current;         /* as of the step */
  guint8  lane;
  guint8  n_lanes;                /* in use above or below */
  guint16 above, below;           /* bits of lanes that a line runs in */
  guint16 joins;                  /* bits of lanes above that end in this step */
  guint   n_back, n_forth;        /* steps that going there takes back and brings back */
} PatronHistoryRow;

/* Of PatronHistoryRow, the newest step first. steps: of PatronStepInfo*, as patron_project_list_steps() gives them; outlives the rows. */
GArray *patron_history_tree_new (const GPtrArray *steps);
/* The steps that going from the current one to the target takes back and brings back, in that order: of const PatronStepInfo*. target 0: the empty project. */
void    patron_history_tree_way (const GPtrArray *steps, gint64 target, GPtrArray *back, GPtrArray *forth);

G_END_DECLS
