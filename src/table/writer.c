/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "table/reader.h"

const PatronParam patron_write_params[] = {
  PATRON_PARAM_BOOL (PatronWriteOptions, defuse_formulas, .label = N_("Defuse formulas"), .def = false,
                     .help = N_("Puts an apostrophe before texts that a spreadsheet would run as a formula. For files that go to people who open them in a spreadsheet; "
                                "not for files that are read again by a program.")),
  PATRON_PARAM_BOOL (PatronWriteOptions, units, .label = N_("Write units"), .def = true,
                     .help = N_("Writes currency and per cent signs beside the numbers of columns that were read with them.")),
  PATRON_PARAM_END
};

gboolean
patron_text_is_formula (const char *text)
{
  static const char *const wide[] = { "＝", "＋", "－", "＠", NULL };
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

static gboolean
write_as (PatronTable *table, const char *path, const char *ending, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  if (strcmp (ending, "csv") == 0)
    return patron_write_delimited (table, path, ',', options, run, error);
  if (strcmp (ending, "tsv") == 0)
    return patron_write_delimited (table, path, '\t', options, run, error);
  if (strcmp (ending, "jsonl") == 0)
    return patron_write_jsonl (table, path, options, run, error);
  return patron_write_xlsx (table, path, options, run, error);
}

gboolean
patron_write_file (PatronTable *table, const char *path, const char *const *keys_values, PatronRun *run, GError **error)
{
  static const char *const endings[] = { "csv", "tsv", "xlsx", "jsonl", NULL };
  PatronWriteOptions options;
  if (!parse_options (&options, keys_values, error))
    return FALSE;
  const char *dot = strrchr (path, '.');
  g_autofree char *ending = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);
  if (!g_strv_contains (endings, ending))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” cannot be written; expected a name that ends in .csv, .tsv, .xlsx or .jsonl."), path);
      return FALSE;
    }
  g_autofree char *beside = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);
  gboolean done = write_as (table, beside, ending, &options, run, error);
  if (done && g_rename (beside, path) != 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    g_unlink (beside);
  return done;
}
