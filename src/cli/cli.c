/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/init.h"
#include "ops/registry.h"
#include "table/reader.h"
#include "table/writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct
{
  const char *name;
  gboolean  (*function) (PatronCli *cli, GError **error);
  const char *usage;
} commands[] = {
  { "import", patron_cli_import, N_("import SOURCE... --project P.patron [--name NAME] [reader parameters]") },
  { "convert", patron_cli_convert, N_("convert SOURCE --to FILE") },
  { "describe", patron_cli_describe, N_("describe SOURCE [--by COLUMN]") },
  { "ops", patron_cli_ops, N_("ops [KIND]") },
  { "help", patron_cli_help, N_("help OP") },
  { "run", patron_cli_run, N_("run OP|RECIPE SOURCE [roles] [parameters] [--measure OP] [--filter EXPRESSION] [--project P.patron] "
                              "[--report FILE] [--out DIR] [--save-model NAME|FILE] [--to FILE] [--seed N] [--threads N] [--json]") },
  { "score", patron_cli_score, N_("score MODEL SOURCE --to FILE") },
  { "report", patron_cli_report, N_("report P.patron [--runs A,B] --to FILE") },
  { "recipe", patron_cli_recipe, N_("recipe P.patron") },
  { "sql", patron_cli_sql, N_("sql P.patron \"SELECT …\" [--to FILE]") },
  { "history", patron_cli_history, N_("history P.patron [--go-to STEP]") },
  { "check", patron_cli_check, N_("check P.patron [--salvage NEW.patron]") },
};

/* ---- shared by the commands ------------------------------------------------------------------------------------- */

const char *
patron_cli_word (PatronCli *cli, const char *what, GError **error)
{
  const char *word = patron_options_next (cli->options);
  if (word == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("%s is missing."), what);
  return word;
}

const char *
patron_cli_need (PatronCli *cli, const char *name, GError **error)
{
  const char *value = patron_options_get (cli->options, name);
  if (value == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Option --%s is missing."), name);
  return value;
}

void
patron_cli_source_parse (PatronCliSource *source, const char *text)
{
  *source = (PatronCliSource) { 0 };
  const char *mark = g_strstr_len (text, -1, ".patron:");
  if (mark == NULL || g_file_test (text, G_FILE_TEST_EXISTS))
    {
      source->file = g_strdup (text);
      return;
    }
  source->project = g_strndup (text, mark - text + strlen (".patron"));
  source->table = g_strdup (mark + strlen (".patron:"));
}

void
patron_cli_source_clear (PatronCliSource *source)
{
  g_free (source->file);
  g_free (source->project);
  g_free (source->table);
}

void
patron_cli_add_notes (PatronCli *cli, GPtrArray *notes)
{
  if (notes == NULL)
    return;
  for (guint i = 0; i < notes->len; i++)
    g_ptr_array_add (cli->notes, patron_text_copy (notes->pdata[i]));
  g_ptr_array_unref (notes);
}

/* A command that fails says one sentence only, so notes wait for its end. */
static void
print_notes (const PatronCli *cli)
{
  for (guint i = 0; !cli->json && i < cli->notes->len; i++)
    {
      g_autofree char *sentence = patron_text_render (cli->notes->pdata[i]);
      g_printerr ("%s\n", sentence);
    }
}

PatronTable *
patron_cli_source_read (PatronCli *cli, const PatronCliSource *source, char **read_options, GError **error)
{
  if (source->file != NULL)
    {
      GPtrArray *notes = NULL;
      PatronTable *table = patron_read_file (source->file, (const char *const *) read_options, cli->run, &notes, error);
      patron_cli_add_notes (cli, notes);
      return table;
    }
  g_autoptr (PatronProject) project = patron_project_open (source->project, TRUE, error);
  return project != NULL ? patron_project_find_table (project, source->table, error) : NULL;
}

char **
patron_cli_read_options (PatronCli *cli, const PatronParam *own)
{
  GPtrArray *pairs = g_ptr_array_new ();
  const char *reader = patron_options_get (cli->options, "reader");
  if (reader != NULL)
    {
      g_ptr_array_add (pairs, g_strdup ("reader"));
      g_ptr_array_add (pairs, g_strdup (reader));
    }
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    for (const PatronParam *p = (*op)->kind == PATRON_OP_READER ? (*op)->params : NULL; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
      {
        if (patron_params_find (own, p->field) != NULL)
          continue;
        g_autofree char *key = patron_param_key (p);
        const char *value = patron_options_get (cli->options, key);
        if (value == NULL && p->former != NULL)
          value = patron_options_get (cli->options, p->former);
        if (value == NULL || g_hash_table_contains (seen, key))
          continue;
        g_hash_table_add (seen, key);
        g_ptr_array_add (pairs, g_steal_pointer (&key));
        g_ptr_array_add (pairs, g_strdup (value));
      }
  g_ptr_array_add (pairs, NULL);
  return (char **) g_ptr_array_free (pairs, FALSE);
}

/* Whether some reader has a setting of that name, which then owns the flag. */
static gboolean
is_reader_key (const char *key)
{
  for (const PatronReader *const *reader = patron_readers (); *reader != NULL; reader++)
    if (patron_params_find ((*reader)->params, key) != NULL)
      return TRUE;
  return FALSE;
}

char **
patron_cli_write_options (PatronCli *cli, const PatronParam *own)
{
  g_autoptr (GStrvBuilder) pairs = g_strv_builder_new ();
  for (const PatronParam *param = patron_write_params; param->kind != PATRON_PARAM_KIND_END; param++)
    {
      g_autofree char *key = patron_param_key (param), *flag = g_strconcat ("to-", key, NULL);
      const char *value = patron_options_get (cli->options, flag);
      if (value == NULL && !is_reader_key (key) && patron_params_find (own, key) == NULL)
        value = patron_options_get (cli->options, key);
      if (value != NULL)
        g_strv_builder_add_many (pairs, key, value, NULL);
    }
  return g_strv_builder_end (pairs);
}

void
patron_cli_print_json (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, node);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
  json_node_unref (node);
}

/* ---- interrupt and progress ------------------------------------------------------------------------------------- */

/* Only read by the signal handler, which calls one atomic store. */
static PatronRun *interruptible;

static void
interrupted (int number)
{
  if (interruptible != NULL)
    patron_run_cancel (interruptible);
}

static void
show_progress (PatronRun *run, gpointer data)
{
  const char *label = patron_run_get_label (run);
  g_printerr ("\r\033[K%3.0f %%  %s", patron_run_get_fraction (run) * 100, label != NULL ? _(label) : "");
}

/* ---- main --------------------------------------------------------------------------------------------------------- */

static void
print_usage (void)
{
  g_print ("%s\n\n", _("Patron: from customer data to decisions, on your own machine."));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  patron-cli %s\n", _(commands[i].usage));
  g_print ("\n%s\n", _("SOURCE is a file, a folder, postgresql://host/database or P.patron:TABLE. “patron-cli ops” lists the operations, “patron-cli help OP” their roles and parameters."));
}

static gboolean
parse_count (PatronOptions *options, const char *name, guint64 low, guint64 *value, GError **error)
{
  const char *text = patron_options_get (options, name);
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, low, G_MAXINT64, value, NULL))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Option --%s is “%s”; expected a whole number, %d or more."), name, text, (int) low);
  return FALSE;
}

static gboolean
dispatch (PatronCli *cli, const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return commands[i].function (cli, error);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("There is no command “%s”; “patron-cli --help” lists them."), name);
  return FALSE;
}

static gboolean
run_command (int argc, char **argv, GError **error)
{
  g_autoptr (PatronOptions) options = patron_options_new (argc, argv, error);
  if (options == NULL)
    return FALSE;
  const char *name = patron_options_next (options);
  gboolean help = patron_options_has (options, "help");
  if (patron_options_has (options, "version"))
    {
      g_print ("patron %s\n", PATRON_VERSION);
      return TRUE;
    }
  if (name == NULL || help)
    {
      print_usage ();
      return TRUE;
    }
  guint64 seed = 42, threads = 0;
  if (!parse_count (options, "seed", 0, &seed, error) || !parse_count (options, "threads", 1, &threads, error))
    return FALSE;
  g_autoptr (PatronRun) run = patron_run_new (seed, (int) MIN (threads, 1024));
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  PatronCli cli = { .options = options, .run = run, .json = patron_options_has (options, "json"), .notes = notes };
  interruptible = run;
  signal (SIGINT, interrupted);
  signal (SIGTERM, interrupted);
  gboolean terminal = isatty (STDERR_FILENO) && isatty (STDOUT_FILENO);
  if (terminal)
    patron_run_set_listener (run, show_progress, NULL);
  gboolean ok = dispatch (&cli, name, error);
  if (terminal)
    g_printerr ("\r\033[K");
  interruptible = NULL;
  if (ok)
    print_notes (&cli);
  return ok;
}

/* What is printed is UTF-8 in every locale: GLib would put question marks for what the locale's character set lacks, also in JSON. */
static void
print_out (const char *text)
{
  fputs (text, stdout);
}

static void
print_err (const char *text)
{
  fputs (text, stderr);
}

/* What could not be printed has not been done. Whoever closes a pipe has seen enough, and is told nothing. */
static int
finish_output (void)
{
  errno = 0;
  gboolean failed = ferror (stdout) != 0;
  if (fflush (stdout) == 0 && !failed)
    return EXIT_SUCCESS;
  if (errno != EPIPE)
    g_printerr (_("The output could not be written: %s.\n"), g_strerror (errno != 0 ? errno : EIO));
  return EXIT_FAILURE;
}

int
patron_cli_main (int argc, char **argv)
{
  patron_init ();
  g_set_print_handler (print_out);
  g_set_printerr_handler (print_err);
  g_autoptr (GError) error = NULL;
  if (run_command (argc - 1, argv + 1, &error))
    return finish_output ();
  g_printerr ("%s\n", error->message);
  return patron_error_exit_status (error);
}
