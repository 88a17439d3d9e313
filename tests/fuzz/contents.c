/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/shown-project.h"

/* What an opened project says can be read, or is refused. Bit 1 of the first byte: everything is checked. */
static void
read_everything (PatronProject *project, guint8 flags)
{
  g_autoptr (PatronTable) table = patron_project_find_table (project, "orders", NULL);
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, NULL);
  for (guint i = 0; table != NULL && i < patron_table_n_columns (table); i++)
    if (patron_column_values (patron_table_column (table, i), NULL) != NULL)
      {
        g_autofree char *value = patron_column_format (patron_table_column (table, i), 0);
      }
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      g_autoptr (PatronReport) report = patron_project_get_report (project, ((PatronRunInfo *) g_ptr_array_index (runs, i))->id, NULL);
    }
  g_autoptr (GPtrArray) steps = patron_project_list_steps (project, NULL);
  if ((flags & 2) != 0)
    patron_project_check (project, NULL, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_shown_project (data, size, read_everything);
  return 0;
}
