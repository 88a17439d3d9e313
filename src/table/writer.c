/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "table/csv-options.h"
#include "table/parse-number.h"
#include "table/reader.h"

const PatronParam patron_write_params[] = {
  PATRON_PARAM_BOOL (PatronWriteOptions, defuse_formulas, .label = N_("Defuse formulas"), .def = false,
                     .help = N_("Puts an apostrophe before texts that a spreadsheet would run as a formula. For files that go to people who open them in a spreadsheet; "
                                "not for files that are read again by a program.")),
  PATRON_PARAM_BOOL (PatronWriteOptions, units, .label = N_("Write units"), .def = true,
                     .help = N_("Writes currency and per cent signs beside the numbers of columns that were read with them.")),
  PATRON_PARAM_TEXT (PatronWriteOptions, delimiter, .label = N_("Delimiter"), .def_text = "",
                     .help = N_("What separates the fields of a CSV file: comma, semicolon, tab, pipe or another character. Leave empty for a comma.")),
  PATRON_PARAM_TEXT (PatronWriteOptions, encoding, .label = N_("Encoding"), .def_text = "",
                     .help = N_("How the characters of a text file are stored: UTF-8, UTF-16, GB18030, Windows-1252 and so on. Leave empty for UTF-8.")),
  PATRON_PARAM_BOOL (PatronWriteOptions, mark, .label = N_("Byte order mark"), .def = false,
                     .help = N_("Begins a text file with the mark by which Excel knows that it is Unicode; without it, Excel shows accents and Chinese characters wrong.")),
  PATRON_PARAM_BOOL (PatronWriteOptions, number_formats, .label = N_("Number formats"), .def = true,
                     .help = N_("Shows numbers of a spreadsheet with the currency or per cent sign of their column. They stay numbers.")),
  PATRON_PARAM_TEXT (PatronWriteOptions, table, .label = N_("Table"), .def_text = "",
                     .help = N_("The name of the table in a SQLite database. Other tables of the file stay; one of the same name is replaced.")),
  PATRON_PARAM_END
};

/* What begins like a formula and is none: "-2.25" and the dashes that people write for nothing. */
static gboolean
is_harmless (const char *text)
{
  double value;
  return text[strspn (text, "-")] == '\0' || patron_parse_double (text + strspn (text, "+"), strlen (text) - strspn (text, "+"), &value);
}

gboolean
patron_text_is_formula (const char *text)
{
  static const char *const wide[] = { "＝", "＋", "－", "＠", NULL };
  if (text[0] != '\0' && strchr ("+-", text[0]) != NULL && is_harmless (text))
    return FALSE;
  if (text[0] != '\0' && strchr ("=+-@\t\r\n", text[0]) != NULL)
    return TRUE;
  for (guint i = 0; wide[i] != NULL; i++)
    if (g_str_has_prefix (text, wide[i]))
      return TRUE;
  return FALSE;
}

static gboolean
parse_options (PatronWriteOptions *options, const char *const *keys_values, GError **error)
{
  patron_params_init (patron_write_params, options);
  for (; keys_values != NULL && keys_values[0] != NULL && keys_values[1] != NULL; keys_values += 2)
    {
      const PatronParam *param = patron_params_find (patron_write_params, keys_values[0]);
      if (param == NULL)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no setting “%s” for writing files."), keys_values[0]);
          return FALSE;
        }
      if (!patron_param_parse (param, keys_values[1], options, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- encoding ------------------------------------------------------------------------------------------------ */

static gboolean
copy_stream (GInputStream *from, GOutputStream *to, PatronRun *run, GError **error)
{
  g_autofree char *piece = g_malloc (1 << 18);
  for (;;)
    {
      gssize n = g_input_stream_read (from, piece, 1 << 18, NULL, error);
      if (n <= 0)
        return n == 0;
      if (!g_output_stream_write_all (to, piece, n, NULL, NULL, error) || (run != NULL && !patron_run_check (run, error)))
        return FALSE;
    }
}

/* The file, which is UTF-8, in another encoding and with a mark at its beginning. */
static gboolean
encode_file (const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  const char *encoding = *options->encoding != '\0' ? options->encoding : "UTF-8";
  gboolean unicode = g_ascii_strncasecmp (encoding, "UTF", 3) == 0;
  g_autoptr (GCharsetConverter) converter = g_charset_converter_new (encoding, "UTF-8", NULL);
  g_autofree char *encoded = g_strconcat (path, ".encoded", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (path), to = g_file_new_for_path (encoded);
  g_autoptr (GError) failure = NULL;
  if (converter == NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The encoding “%s” is not known; expected a name such as UTF-8, UTF-16, GB18030, Big5, Shift_JIS or Windows-1252."),
                   encoding);
      return FALSE;
    }
  g_autoptr (GFileInputStream) input = g_file_read (from, NULL, &failure);
  g_autoptr (GFileOutputStream) output = input != NULL ? g_file_replace (to, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, &failure) : NULL;
  gboolean done = output != NULL;
  if (done)
    {
      g_autoptr (GOutputStream) converting = g_converter_output_stream_new (G_OUTPUT_STREAM (output), G_CONVERTER (converter));
      /* "UTF-16" without a byte order writes its mark itself. */
      if (options->mark && unicode && g_ascii_strcasecmp (encoding, "UTF-16") != 0)
        done = g_output_stream_write_all (converting, "\xef\xbb\xbf", 3, NULL, NULL, &failure);
      done = done && copy_stream (G_INPUT_STREAM (input), converting, run, &failure) && g_output_stream_close (converting, NULL, &failure);
    }
  if (done && g_rename (encoded, path) == 0)
    return TRUE;
  g_unlink (encoded);
  if (failure != NULL && failure->domain == PATRON_ERROR)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (failure != NULL && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The table has characters that the encoding “%s” cannot hold; choose UTF-8."), encoding);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), failure != NULL ? failure->message : g_strerror (errno));
  return FALSE;
}

/* ---- files --------------------------------------------------------------------------------------------------- */

static gboolean
write_delimited (PatronTable *table, const char *path, char usual, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  char bytes[16];
  gboolean given = patron_csv_option_bytes (options->delimiter, bytes, sizeof bytes);
  if (given && (strlen (bytes) != 1 || strchr ("\"\r\n", bytes[0]) != NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The delimiter “%s” cannot be written; expected one character such as comma, semicolon or tab."), options->delimiter);
      return FALSE;
    }
  return patron_write_delimited (table, path, given && usual != '\t' ? bytes[0] : usual, options, run, error);
}

static gboolean
write_as (PatronTable *table, const char *path, const char *ending, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  gboolean text = strcmp (ending, "csv") == 0 || strcmp (ending, "tsv") == 0;
  gboolean encoded = text && (options->mark || (*options->encoding != '\0' && g_ascii_strcasecmp (options->encoding, "UTF-8") != 0));
  if (text)
    return write_delimited (table, path, strcmp (ending, "csv") == 0 ? ',' : '\t', options, run, error) && (!encoded || encode_file (path, options, run, error));
  if (strcmp (ending, "jsonl") == 0)
    return patron_write_jsonl (table, path, options, run, error);
  if (strcmp (ending, "xlsx") == 0)
    return patron_write_xlsx (table, path, options, run, error);
  return patron_write_sqlite (table, path, options, run, error);
}

/* Into beside, what is at path already, so that a database keeps its other tables. A file that is no database is replaced. */
static gboolean
copy_database (const char *path, const char *beside, GError **error)
{
  char head[16] = "";
  FILE *file = g_fopen (path, "rbe");
  gsize n = file != NULL ? fread (head, 1, sizeof head, file) : 0;
  if (file != NULL)
    fclose (file);
  if (n < sizeof head || memcmp (head, "SQLite format 3", sizeof head) != 0)
    return TRUE;
  g_autoptr (GFile) from = g_file_new_for_path (path), to = g_file_new_for_path (beside);
  g_autoptr (GError) failure = NULL;
  if (g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &failure))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, failure->message);
  return FALSE;
}

gboolean
patron_write_file (PatronTable *table, const char *path, const char *const *keys_values, PatronRun *run, GError **error)
{
  static const char *const endings[] = { "csv", "tsv", "xlsx", "jsonl", "sqlite", "db", NULL };
  PatronWriteOptions options;
  if (!parse_options (&options, keys_values, error))
    return FALSE;
  const char *dot = strrchr (path, '.');
  g_autofree char *ending = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);
  if (!g_strv_contains (endings, ending))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” cannot be written; expected a name that ends in .csv, .tsv, .xlsx, .jsonl or .sqlite."), path);
      return FALSE;
    }
  gboolean database = strcmp (ending, "sqlite") == 0 || strcmp (ending, "db") == 0;
  g_autofree char *beside = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);
  gboolean done = (!database || copy_database (path, beside, error)) && write_as (table, beside, ending, &options, run, error);
  if (done && g_rename (beside, path) != 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    g_unlink (beside);
  return done;
}
