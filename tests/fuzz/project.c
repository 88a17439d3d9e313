/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/init.h"
#include "project/project.h"
#include "project/store-support.h"

#include <unistd.h>

/* A project file with some bytes changed: five bytes of input each, an offset and the byte; the first byte says whether the file also ends
 * after the last offset. Opened, or refused with a sentence; what it then says can be read or is refused. */

static char *path, *template_bytes;
static gsize template_length;

static void
make_template (void)
{
  patron_init ();
  g_autofree char *folder = support_folder ();
  path = g_build_filename (folder, "p.patron", NULL);
  g_autoptr (PatronProject) project = patron_project_create (path, NULL);
  g_autoptr (PatronTable) table = support_table ("orders", 300, 1);
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  patron_project_add_run (project, "RFM", "[run]\nop=rfm\n", report, table, NULL, NULL, NULL);
  g_clear_pointer (&project, patron_project_unref);
  g_assert_true (g_file_get_contents (path, &template_bytes, &template_length, NULL));
}

static void
read_everything (PatronProject *project)
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
  patron_project_check (project, NULL, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (template_bytes == NULL)
    make_template ();
  if (size < 1)
    return 0;
  g_autofree char *bytes = g_memdup2 (template_bytes, template_length);
  gsize length = template_length;
  for (gsize i = 1; i + 5 <= size; i += 5)
    {
      gsize at = (data[i] | data[i + 1] << 8 | data[i + 2] << 16 | (gsize) data[i + 3] << 24) % template_length;
      bytes[at] = data[i + 4];
      if ((data[0] & 1) != 0)
        length = at;
    }
  unlink (path);
  g_assert_true (g_file_set_contents_full (path, bytes, length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, &error);
  g_assert_true ((project != NULL) == (error == NULL));
  if (project != NULL)
    read_everything (project);
  return 0;
}
