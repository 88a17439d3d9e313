/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/init.h"
#include "base/random.h"
#include "project/project.h"
#include "project/store-support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Killed at any moment, a project opens at its last acknowledged state or at the one whose commit was under way. A changed bit anywhere is
 * noticed or harmless. PATRON_KILLS and PATRON_FLIPS ask for more rounds than the quick ones here. */

static guint
rounds (const char *variable, guint usual)
{
  const char *value = g_getenv (variable);
  return value != NULL ? (guint) g_ascii_strtoull (value, NULL, 10) : usual;
}

/* ---- the work that is interrupted --------------------------------------------------------------------------- */

enum { CYCLE = 8 };

/* A new version: one column less and another one more. */
static gboolean
prepare_last (PatronProject *project, gint64 id)
{
  g_autoptr (PatronTable) table = patron_project_get_table (project, id, NULL);
  g_autoptr (PatronTable) narrow = table != NULL ? patron_table_without (table, "text") : NULL;
  g_autoptr (PatronColumn) copy = narrow != NULL ? patron_column_rename (patron_table_column (narrow, 0), "copy") : NULL;
  g_autoptr (PatronTable) wider = copy != NULL ? patron_table_with_column (narrow, copy) : NULL;
  return wider != NULL && patron_project_set_table_steps (project, id, wider, "[recipe]\nversion=1\n", NULL, NULL, NULL);
}

/* The state right after a table was added, by the number of that step: done twice, it is the same. */
static gboolean
go_to_import (PatronProject *project, gint64 table)
{
  g_autoptr (GPtrArray) steps = patron_project_list_steps (project, NULL);
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const PatronStepInfo *step = steps->pdata[i];
      if (step->table == table && strcmp (step->kind, "import") == 0)
        return patron_project_go_to (project, step->id, NULL);
    }
  return FALSE;
}

/* Step i of the work, one transaction. */
static gboolean
do_step (PatronProject *project, guint i)
{
  g_autofree char *name = g_strdup_printf ("t%u", i / CYCLE);
  g_autofree char *renamed = g_strdup_printf ("u%u", i / CYCLE);
  g_autoptr (PatronTable) table = NULL;
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, NULL);
  PatronTableInfo *last = list != NULL && list->len > 0 ? g_ptr_array_index (list, list->len - 1) : NULL;
  switch (i % CYCLE)
    {
    case 0:
      table = support_table (name, 20000 + 7919 * (i % 11), i);
      return patron_project_add_table (project, table, "file=orders.csv", NULL, NULL) != 0;
    case 1:
      return last != NULL && patron_project_rename_table (project, last->id, renamed, NULL);
    case 2:
    case 4:
      return patron_project_undo (project, NULL);
    case 3:
      return patron_project_redo (project, NULL);
    case 5:
      return last != NULL && prepare_last (project, last->id);
    case 6:
      return last != NULL && go_to_import (project, last->id);
    default:
      return patron_project_set_setting (project, "step", name, NULL);
    }
}

/* Names of the tables after the first n steps. */
static char *
expected_names (guint n)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i * CYCLE < n; i++)
    {
      /* 0: add, 1: rename, 2: undo, 3: redo, 4: undo, 5: prepare, 6: back, 7: setting */
      guint in_cycle = MIN (n - i * CYCLE, CYCLE);
      g_string_append_printf (names, "%c%u,", in_cycle == 2 || in_cycle == 4 ? 'u' : 't', i);
    }
  return g_string_free (names, FALSE);
}

static int
child_work (const char *path, guint first)
{
  PatronProject *project = patron_project_open (path, FALSE, NULL);
  if (project == NULL)
    return 1;
  for (guint i = first;; i++)
    {
      if (!do_step (project, i))
        return 2;
      printf ("%u\n", i + 1);
      fflush (stdout);
    }
}

/* Saves under one name after the other. */
static int
child_save (const char *path)
{
  PatronProject *project = patron_project_open (path, FALSE, NULL);
  if (project == NULL)
    return 1;
  for (guint i = 1;; i++)
    {
      g_autofree char *other = g_strdup_printf ("%s.%u.patron", path, i % 3);
      if (!patron_project_save_as (project, other, NULL))
        return 2;
      printf ("%u\n", i);
      fflush (stdout);
    }
}

/* Starts the child, lets it work for a while, kills it; returns the last step it acknowledged, first when none. */
static guint
run_and_kill (const char *what, const char *path, guint first, guint delay_us)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *start = g_strdup_printf ("%u", first);
  const char *arguments[] = { self, "--child", what, path, start, NULL };
  GPid pid;
  int output;
  g_spawn_async_with_pipes (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  char buffer[65536];
  gsize length = 0;
  gssize got = read (output, buffer, sizeof buffer - 1);
  g_assert_cmpint (got, >, 0);      /* it has begun */
  length += got;
  g_usleep (delay_us);
  kill (pid, SIGKILL);
  while (length < sizeof buffer - 1 && (got = read (output, buffer + length, sizeof buffer - 1 - length)) > 0)
    length += got;
  close (output);
  int status;
  waitpid (pid, &status, 0);
  g_assert_true (WIFSIGNALED (status));
  buffer[length] = '\0';
  if (length > 0 && buffer[length - 1] == '\n')
    buffer[--length] = '\0';
  const char *line = strrchr (buffer, '\n');
  return (guint) g_ascii_strtoull (line != NULL ? line + 1 : buffer, NULL, 10);
}

static char *
actual_names (PatronProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, &error);
  g_assert_no_error (error);
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s,", ((PatronTableInfo *) g_ptr_array_index (list, i))->name);
  return g_string_free (names, FALSE);
}

/* Steps that the file holds: done or one more than acknowledged. */
static guint
check_state (const char *path, guint done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_open (path, FALSE, &error);
  g_assert_no_error (error);
  support_assert_sound (project);
  g_autofree char *names = actual_names (project);
  g_autofree char *step = patron_project_get_setting (project, "step");
  g_autofree char *same = expected_names (done);
  g_autofree char *ahead = expected_names (done + 1);
  guint cycle = done / CYCLE;
  g_autofree char *this_setting = g_strdup_printf ("t%u", cycle);
  gboolean next_is_setting = done % CYCLE == CYCLE - 1;
  if (strcmp (names, ahead) == 0 && strcmp (names, same) != 0)
    return done + 1;
  if (strcmp (names, same) != 0)
    g_error ("after step %u the project holds %s, not %s", done, names, same);
  return next_is_setting && g_strcmp0 (step, this_setting) == 0 ? done + 1 : done;
}

static void
test_kills (void)
{
  PatronRandom random;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "sales.patron", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  guint n = rounds ("PATRON_KILLS", 30), in_transaction = 0, ahead = 0, done = 0;
  patron_random_init (&random, 1, 0);
  for (guint round = 0; round < n; round++)
    {
      g_autoptr (GError) error = NULL;
      if (round % 10 == 0)
        {
          g_unlink (path);
          patron_project_unref (patron_project_create (path, &error));
          g_assert_no_error (error);
          done = 0;
        }
      guint acknowledged = run_and_kill ("work", path, done, patron_random_below (&random, 60000));
      in_transaction += g_file_test (journal, G_FILE_TEST_EXISTS);
      done = check_state (path, acknowledged);
      ahead += done > acknowledged;
    }
  g_test_message ("%u kills, %u within a transaction, %u one commit ahead of the acknowledgement", n, in_transaction, ahead);
  support_remove_folder (folder);
}

static void
test_kills_while_saving (void)
{
  PatronRandom random;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = support_folder ();
  guint n = rounds ("PATRON_KILLS", 30) / 3;
  g_autoptr (PatronTable) table = support_table ("orders", 100000, 5);
  patron_random_init (&random, 2, 0);
  for (guint round = 0; round < n; round++)
    {
      g_autofree char *path = g_strdup_printf ("%s/p%u.patron", folder, round);
      g_autoptr (PatronProject) project = patron_project_create (path, &error);
      g_assert_cmpint (patron_project_add_table (project, table, NULL, NULL, &error), !=, 0);
      g_clear_pointer (&project, patron_project_unref);
      run_and_kill ("save", path, 0, patron_random_below (&random, 30000));
      for (int i = -1; i < 3; i++)
        {
          g_autofree char *other = i < 0 ? g_strdup (path) : g_strdup_printf ("%s.%d.patron", path, i);
          if (i >= 0 && !g_file_test (other, G_FILE_TEST_EXISTS))
            continue;
          g_autoptr (PatronProject) opened = patron_project_open (other, FALSE, &error);
          g_assert_no_error (error);
          support_assert_sound (opened);
          g_autoptr (PatronTable) back = patron_project_find_table (opened, "orders", &error);
          support_assert_equal (table, back);
        }
    }
  support_remove_folder (folder);
}

/* ---- flipped bits ------------------------------------------------------------------------------------------- */

/* TRUE when everything the project says is as it was. */
static gboolean
contents_equal (PatronProject *project, PatronTable *table)
{
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, NULL);
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, NULL);
  g_autoptr (PatronTable) back = patron_project_find_table (project, "orders", NULL);
  g_autofree char *setting = patron_project_get_setting (project, "roles");
  if (list == NULL || list->len != 1 || runs == NULL || runs->len != 1 || back == NULL || g_strcmp0 (setting, "customer=x") != 0)
    return FALSE;
  g_autofree char *recipe = patron_project_get_recipe (project, ((PatronRunInfo *) g_ptr_array_index (runs, 0))->id, NULL);
  if (g_strcmp0 (recipe, "[run]\nop=rfm\n") != 0)
    return FALSE;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *x = patron_table_column (table, i), *y = patron_table_column (back, i);
      gconstpointer a = patron_column_values (x, NULL), b = patron_column_values (y, NULL);
      if (b == NULL || memcmp (a, b, patron_column_get_length (x) * patron_type_size (patron_column_get_type (x))) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
test_flips (void)
{
  g_autoptr (GError) error = NULL;
  PatronRandom random;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "sales.patron", NULL);
  g_autoptr (PatronTable) table = support_table ("orders", 70000, 3);
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  g_autoptr (PatronProject) project = patron_project_create (path, &error);
  patron_project_add_table (project, table, "file=orders.csv", NULL, &error);
  patron_project_add_run (project, "RFM", "[run]\nop=rfm\n", report, NULL, NULL, NULL, &error);
  patron_project_set_setting (project, "roles", "customer=x", &error);
  g_assert_no_error (error);
  g_clear_pointer (&project, patron_project_unref);
  g_autofree char *bytes = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  guint n = rounds ("PATRON_FLIPS", 300), refused = 0, found = 0, harmless = 0;
  patron_random_init (&random, 3, 0);
  for (guint i = 0; i < n; i++)
    {
      /* Every other one in the first pages, where the catalogue is. */
      gsize at = patron_random_below (&random, i % 2 == 0 ? length : MIN (length, 20 * 16384));
      char bit = 1 << patron_random_below (&random, 8);
      bytes[at] ^= bit;
      g_assert_true (g_file_set_contents (path, bytes, length, NULL));
      bytes[at] ^= bit;
      project = patron_project_open (path, TRUE, &error);
      if (project == NULL)
        {
          g_assert_cmpint (error->domain, ==, PATRON_ERROR);
          g_clear_error (&error);
          refused++;
          continue;
        }
      gboolean sound = patron_project_check (project, NULL, NULL, NULL);
      if (sound && !contents_equal (project, table))
        g_error ("the flip of bit 0x%02x at byte %" G_GSIZE_FORMAT " went unnoticed", bit & 0xff, at);
      found += !sound;
      harmless += sound;
      g_clear_pointer (&project, patron_project_unref);
    }
  g_test_message ("%u flips: %u refused when opening, %u found by the check, %u without effect", n, refused, found, harmless);
  support_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--child") == 0)
    {
      patron_init ();
      return strcmp (argv[2], "work") == 0 ? child_work (argv[3], (guint) g_ascii_strtoull (argv[4], NULL, 10)) : child_save (argv[3]);
    }
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/project/crash/kills", test_kills);
  g_test_add_func ("/project/crash/kills-while-saving", test_kills_while_saving);
  g_test_add_func ("/project/crash/flips", test_flips);
  return g_test_run ();
}
