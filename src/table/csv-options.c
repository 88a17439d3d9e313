/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"

static const PatronChoice headers[] = {
  { "auto", N_("Find out") }, { "no", N_("None") }, { "yes", N_("One row") }, { "2", N_("Two rows") }, { "3", N_("Three rows") }, { NULL }
};
static const PatronChoice layouts[] = {
  { "auto", N_("Find out") }, { "table", N_("A record per line") }, { "baskets", N_("A basket per line, items between delimiters") }, { NULL }
};

const PatronParam patron_csv_params[] = {
  PATRON_PARAM_TEXT (PatronCsvOptions, delimiter, .label = N_("Delimiter"), .def_text = "",
                     .help = N_("What separates the fields: a character, several, or one of comma, semicolon, tab, pipe, space, blanks (any number of spaces), none. "
                                "Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, quote, .label = N_("Quotation mark"), .def_text = "", .advanced = true,
                     .help = N_("What encloses fields that hold a delimiter or a line break: \", ' or none. Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, escape, .label = N_("Escape"), .def_text = "", .advanced = true,
                     .help = N_("How a quotation mark inside quotation marks is written: doubled, or after a character such as \\. Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, encoding, .label = N_("Encoding"), .def_text = "",
                     .help = N_("How characters are stored: UTF-8, UTF-16, GB18030, Big5, Shift_JIS, Windows-1252 and so on. Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, decimal, .label = N_("Decimal mark"), .def_text = "",
                     .help = N_("The mark before the fraction of a number: . or , (comma). Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, thousands, .label = N_("Thousands separator"), .def_text = "", .advanced = true,
                     .help = N_("The mark between groups of three digits: , . ' or space. Leave empty to find out.")),
  PATRON_PARAM_CHOICE (PatronCsvOptions, header, .label = N_("Header"), .choices = headers, .def = PATRON_CSV_HEADER_AUTO,
                       .help = N_("How many rows of column names the table begins with.")),
  PATRON_PARAM_INT (PatronCsvOptions, skip, .label = N_("Skip lines"), .unit = N_("lines"), .def = PATRON_AUTO_INT, .min = 0, .max = 1000000, .low = 0, .high = 20,
                    .automatic = N_("lines before the table are found out"), .help = N_("Lines at the beginning of the file that do not belong to the table.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, column_types, .label = N_("Column types"), .def_text = "", .advanced = true,
                     .help = N_("Types of columns, as name=type with commas between: number, integer, boolean, category, text, date, time, duration, or skip to leave "
                                "the column out. Columns not named are found out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, date_format, .label = N_("Date format"), .def_text = "",
                     .help = N_("The order of day, month and year: ymd, dmy, mdy, or a pattern such as dd.mm.yyyy. Leave empty to find out.")),
  PATRON_PARAM_CHOICE (PatronCsvOptions, layout, .label = N_("Layout"), .choices = layouts, .def = PATRON_CSV_LAYOUT_AUTO,
                       .help = N_("What a line of the file is: a record, or a shopping basket whose items stand between delimiters.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, comment, .label = N_("Comment"), .def_text = "", .advanced = true,
                     .help = N_("Lines that begin with this are left out, or none. Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, missing, .label = N_("Missing values"), .def_text = "NA,N/A,n/a,#N/A,NULL,null,NaN,nan,\\N", .advanced = true,
                     .help = N_("What stands for a missing value besides an empty field, with commas between.")),
  PATRON_PARAM_END
};

void
patron_csv_options_init (PatronCsvOptions *options)
{
  memset (options, 0, sizeof *options);
  patron_params_init (patron_csv_params, options);
}

gboolean
patron_csv_options_parse (PatronCsvOptions *options, const char *const *keys_values, GError **error)
{
  patron_csv_options_init (options);
  for (; keys_values != NULL && keys_values[0] != NULL && keys_values[1] != NULL; keys_values += 2)
    {
      const PatronParam *param = patron_params_find (patron_csv_params, keys_values[0]);
      if (param == NULL)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no setting “%s” for reading text files."), keys_values[0]);
          return FALSE;
        }
      if (!patron_param_parse (param, keys_values[1], options, error))
        return FALSE;
    }
  return patron_params_validate (patron_csv_params, options, error);
}

gboolean
patron_csv_option_bytes (const char *setting, char *out, gsize size)
{
  static const struct { const char *name, *bytes; } names[] = {
    { "comma", "," }, { "semicolon", ";" }, { "tab", "\t" }, { "pipe", "|" }, { "colon", ":" }, { "space", " " }, { "none", "" }, { "double", "\"" },
    { "single", "'" }, { "backslash", "\\" }, { "doubled", "" }, { "point", "." }, { "dot", "." }, { "apostrophe", "'" },
  };
  if (setting[0] == '\0' || g_ascii_strcasecmp (setting, "auto") == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (setting, names[i].name) == 0)
      {
        g_strlcpy (out, names[i].bytes, size);
        return TRUE;
      }
  if (setting[0] == '\\' && setting[1] != '\0')
    {
      g_autofree char *plain = g_strcompress (setting);
      g_strlcpy (out, plain, size);
    }
  else
    g_strlcpy (out, setting, size);
  return TRUE;
}
