/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-plan.h"

#include "ops/registry.h"

#define SETTING "report-plan"
/* Title, author, and for each run: id, on, blocks left out. */
#define FORMAT "(ssa(xbau))"

/* ---- entries ------------------------------------------------------------------------------------------------- */

static void
entry_free (gpointer data)
{
  PatronPlanEntry *entry = data;
  g_free (entry->name);
  g_array_unref (entry->hidden);
  g_free (entry);
}

static PatronPlanEntry *
add_entry (PatronReportPlan *plan, gint64 run, const char *name, gboolean on)
{
  PatronPlanEntry *entry = g_new0 (PatronPlanEntry, 1);
  entry->run = run;
  entry->name = g_strdup (name);
  entry->on = on;
  entry->hidden = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (plan->entries, entry);
  return entry;
}

static int
find_hidden (const PatronPlanEntry *entry, guint block)
{
  for (guint i = 0; i < entry->hidden->len; i++)
    if (g_array_index (entry->hidden, guint, i) == block)
      return (int) i;
  return -1;
}

gboolean
patron_plan_entry_hides (const PatronPlanEntry *entry, guint block)
{
  return find_hidden (entry, block) >= 0;
}

static int
compare_uints (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;
  return (x > y) - (x < y);
}

void
patron_plan_entry_hide (PatronPlanEntry *entry, guint block, gboolean hide)
{
  int at = find_hidden (entry, block);
  if (hide && at < 0)
    {
      g_array_append_val (entry->hidden, block);
      g_array_sort (entry->hidden, compare_uints);
    }
  else if (!hide && at >= 0)
    g_array_remove_index (entry->hidden, at);
}

/* ---- plan ---------------------------------------------------------------------------------------------------- */

static PatronReportPlan *
plan_new (const char *title, const char *author)
{
  PatronReportPlan *plan = g_new0 (PatronReportPlan, 1);
  plan->title = g_strdup (title);
  plan->author = g_strdup (author);
  plan->entries = g_ptr_array_new_with_free_func (entry_free);
  return plan;
}

void
patron_report_plan_free (PatronReportPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->title);
  g_free (plan->author);
  g_ptr_array_unref (plan->entries);
  g_free (plan);
}

PatronReportPlan *
patron_report_plan_copy (const PatronReportPlan *plan)
{
  PatronReportPlan *copy = plan_new (plan->title, plan->author);
  for (guint i = 0; i < plan->entries->len; i++)
    {
      const PatronPlanEntry *entry = plan->entries->pdata[i];
      PatronPlanEntry *twin = add_entry (copy, entry->run, entry->name, entry->on);
      g_array_append_vals (twin->hidden, entry->hidden->data, entry->hidden->len);
    }
  return copy;
}

PatronPlanEntry *
patron_report_plan_find (const PatronReportPlan *plan, gint64 run)
{
  for (guint i = 0; i < plan->entries->len; i++)
    if (((PatronPlanEntry *) plan->entries->pdata[i])->run == run)
      return plan->entries->pdata[i];
  return NULL;
}

gboolean
patron_report_plan_move (PatronReportPlan *plan, gint64 run, int by)
{
  guint i;
  PatronPlanEntry *entry = patron_report_plan_find (plan, run);
  if (entry == NULL || !g_ptr_array_find (plan->entries, entry, &i) || (by < 0 && i == 0) || (by > 0 && i + 1 >= plan->entries->len))
    return FALSE;
  plan->entries->pdata[i] = plan->entries->pdata[i + by];
  plan->entries->pdata[i + by] = entry;
  return TRUE;
}

/* ---- keeping ------------------------------------------------------------------------------------------------- */

static const char *
run_name (GPtrArray *runs, gint64 id)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      if (info->id == id)
        return patron_ops_translate_name (info->name);
    }
  return NULL;
}

static PatronReportPlan *
plan_from_text (const char *text, GPtrArray *runs)
{
  g_autoptr (GVariant) value = text != NULL ? g_variant_parse (G_VARIANT_TYPE (FORMAT), text, NULL, NULL, NULL) : NULL;
  if (value == NULL)
    return plan_new ("", "");
  const char *title, *author;
  g_autoptr (GVariantIter) entries = NULL;
  g_variant_get (value, "(&s&sa(xbau))", &title, &author, &entries);
  PatronReportPlan *plan = plan_new (title, author);
  gint64 id;
  gboolean on;
  GVariantIter *hidden;
  while (g_variant_iter_loop (entries, "(xbau)", &id, &on, &hidden))
    {
      const char *name = run_name (runs, id);
      if (name == NULL || patron_report_plan_find (plan, id) != NULL)
        continue;
      PatronPlanEntry *entry = add_entry (plan, id, name, on);
      guint block;
      while (g_variant_iter_loop (hidden, "u", &block))
        patron_plan_entry_hide (entry, block, TRUE);
    }
  return plan;
}

PatronReportPlan *
patron_report_plan_load (PatronProject *project, GError **error)
{
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, error);
  if (runs == NULL)
    return NULL;
  g_autofree char *text = patron_project_get_setting (project, SETTING);
  PatronReportPlan *plan = plan_from_text (text, runs);
  for (guint i = 0; i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      if (patron_report_plan_find (plan, info->id) == NULL)
        add_entry (plan, info->id, patron_ops_translate_name (info->name), TRUE);
    }
  return plan;
}

gboolean
patron_report_plan_save (const PatronReportPlan *plan, PatronProject *project, GError **error)
{
  GVariantBuilder entries;
  g_variant_builder_init (&entries, G_VARIANT_TYPE ("a(xbau)"));
  for (guint i = 0; i < plan->entries->len; i++)
    {
      const PatronPlanEntry *entry = plan->entries->pdata[i];
      GVariantBuilder hidden;
      g_variant_builder_init (&hidden, G_VARIANT_TYPE ("au"));
      for (guint k = 0; k < entry->hidden->len; k++)
        g_variant_builder_add (&hidden, "u", g_array_index (entry->hidden, guint, k));
      g_variant_builder_add (&entries, "(xbau)", entry->run, entry->on, &hidden);
    }
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new (FORMAT, plan->title, plan->author, &entries));
  g_autofree char *text = g_variant_print (value, FALSE);
  return patron_project_set_setting (project, SETTING, text, error);
}

/* ---- reports ------------------------------------------------------------------------------------------------- */

static gint64
result_of (GPtrArray *runs, gint64 id)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      if (info->id == id)
        return info->result_table;
    }
  return 0;
}

static void
unref_table (gpointer table)
{
  if (table != NULL)
    patron_table_unref (table);
}

/* From the last, so that indices stay true. */
static void
leave_out (PatronReport *report, const PatronPlanEntry *entry)
{
  for (guint k = entry->hidden->len; k-- > 0;)
    {
      guint block = g_array_index (entry->hidden, guint, k);
      if (block < report->blocks->len)
        g_ptr_array_remove_index (report->blocks, block);
    }
}

GPtrArray *
patron_report_plan_reports (const PatronReportPlan *plan, PatronProject *project, GPtrArray **results, GError **error)
{
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, error);
  if (runs == NULL)
    return NULL;
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_report_free);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (unref_table);
  for (guint i = 0; i < plan->entries->len; i++)
    {
      const PatronPlanEntry *entry = plan->entries->pdata[i];
      if (!entry->on)
        continue;
      PatronReport *report = patron_project_get_report (project, entry->run, error);
      if (report == NULL)
        return NULL;
      leave_out (report, entry);
      g_ptr_array_add (reports, report);
      gint64 result = result_of (runs, entry->run);
      /* A result that was removed since is left out, not an error. */
      g_ptr_array_add (tables, result != 0 ? patron_project_get_table (project, result, NULL) : NULL);
    }
  if (results != NULL)
    *results = g_steal_pointer (&tables);
  return g_steal_pointer (&reports);
}
