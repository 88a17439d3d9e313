/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-plan.h"

#include "fixture.h"

static PatronProject *
new_project (gint64 *runs, guint n_runs)
{
  PatronProject *project = patron_project_new_untitled (NULL);
  g_assert_nonnull (project);
  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (PatronReport) report = fixture_report ();
      g_autofree char *name = g_strdup_printf ("Run %u", i + 1);
      runs[i] = patron_project_add_run (project, name, report->recipe, report, NULL, NULL, NULL, NULL);
      g_assert_cmpint (runs[i], !=, 0);
    }
  return project;
}

static PatronPlanEntry *
entry_at (const PatronReportPlan *plan, guint i)
{
  return plan->entries->pdata[i];
}

/* Every run is in, in order, until someone says otherwise; what was said is kept. */
static void
test_keep (void)
{
  gint64 runs[3];
  g_autoptr (PatronProject) project = new_project (runs, 3);
  g_autoptr (PatronReportPlan) plan = patron_report_plan_load (project, NULL);
  g_assert_cmpuint (plan->entries->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (entry_at (plan, i)->run, ==, runs[i]);
      g_assert_true (entry_at (plan, i)->on);
    }
  g_free (plan->title);
  plan->title = g_strdup ("冬季 “customers”");
  entry_at (plan, 1)->on = FALSE;
  patron_plan_entry_hide (entry_at (plan, 0), 4, TRUE);
  g_assert_true (patron_report_plan_move (plan, runs[2], -1));
  g_assert_false (patron_report_plan_move (plan, runs[0], -1));
  g_assert_true (patron_report_plan_save (plan, project, NULL));

  g_autoptr (PatronReportPlan) again = patron_report_plan_load (project, NULL);
  g_assert_cmpstr (again->title, ==, "冬季 “customers”");
  g_assert_cmpint (entry_at (again, 1)->run, ==, runs[2]);
  g_assert_false (patron_report_plan_find (again, runs[1])->on);
  g_assert_true (patron_plan_entry_hides (entry_at (again, 0), 4));
  g_assert_false (patron_plan_entry_hides (entry_at (again, 0), 3));
}

/* Removed runs are gone, new ones come last. */
static void
test_follow (void)
{
  gint64 runs[2];
  g_autoptr (PatronProject) project = new_project (runs, 2);
  g_autoptr (PatronReportPlan) plan = patron_report_plan_load (project, NULL);
  g_assert_true (patron_report_plan_move (plan, runs[1], -1));
  g_assert_true (patron_report_plan_save (plan, project, NULL));
  g_assert_true (patron_project_remove_run (project, runs[0], NULL));
  g_autoptr (PatronReport) report = fixture_report ();
  gint64 added = patron_project_add_run (project, "New", report->recipe, report, NULL, NULL, NULL, NULL);
  g_autoptr (PatronReportPlan) again = patron_report_plan_load (project, NULL);
  g_assert_cmpuint (again->entries->len, ==, 2);
  g_assert_cmpint (entry_at (again, 0)->run, ==, runs[1]);
  g_assert_cmpint (entry_at (again, 1)->run, ==, added);
}

static void
test_reports (void)
{
  gint64 runs[2];
  g_autoptr (PatronProject) project = new_project (runs, 2);
  g_autoptr (PatronReportPlan) plan = patron_report_plan_load (project, NULL);
  g_autoptr (PatronReport) whole = fixture_report ();
  entry_at (plan, 0)->on = FALSE;
  patron_plan_entry_hide (entry_at (plan, 1), 0, TRUE);
  patron_plan_entry_hide (entry_at (plan, 1), 2, TRUE);
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) reports = patron_report_plan_reports (plan, project, &results, NULL);
  g_assert_cmpuint (reports->len, ==, 1);
  g_assert_cmpuint (results->len, ==, 1);
  const PatronReport *report = reports->pdata[0];
  g_assert_cmpuint (report->blocks->len, ==, whole->blocks->len - 2);
  const PatronBlock *first = report->blocks->pdata[0], *second = whole->blocks->pdata[1];
  g_assert_cmpint (first->kind, ==, second->kind);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/report-plan/keep", test_keep);
  g_test_add_func ("/app/report-plan/follow", test_follow);
  g_test_add_func ("/app/report-plan/reports", test_reports);
  return g_test_run ();
}
