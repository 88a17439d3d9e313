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

static const PatronChoice line_ends[] = {
  { "auto", N_("Find out") }, { "lf", N_("LF") }, { "crlf", N_("CR LF") }, { "cr", N_("CR") }, { "any", N_("Any of them") }, { NULL }
};
static const PatronChoice cells[] = { { "typed", N_("By the type of their column") }, { "kept", N_("As they stand in the file") }, { NULL } };

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
  PATRON_PARAM_INT (PatronCsvOptions, footer, .label = N_("Footer lines"), .unit = N_("lines"), .def = PATRON_AUTO_INT, .min = 0, .max = 1000000, .low = 0, .high = 20,
                    .automatic = N_("notes and further tables after the table are found out"), .advanced = true,
                    .help = N_("Lines at the end of the file that do not belong to the table; 0 reads everything as one table.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, column_types, .label = N_("Column types"), .def_text = "", .advanced = true,
                     .help = N_("Types of columns, as name=type with commas between: number, integer, boolean, category, text, date, time, duration, or skip to leave "
                                "the column out. Columns not named are found out. A backslash before a comma or = makes it part of the name.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, read_columns, .label = N_("Read columns"), .def_text = "", .advanced = true,
                     .help = N_("The columns to read, with commas between; leave empty for all. A backslash before a comma makes it part of the name.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, skip_columns, .label = N_("Leave out columns"), .def_text = "", .advanced = true,
                     .help = N_("Columns that are not read, with commas between. A backslash before a comma makes it part of the name.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, date_format, .label = N_("Date format"), .def_text = "",
                     .help = N_("The order of day, month and year: ymd, dmy, mdy, or a pattern such as dd.mm.yyyy. Leave empty to find out.")),
  PATRON_PARAM_CHOICE (PatronCsvOptions, layout, .label = N_("Layout"), .choices = layouts, .def = PATRON_CSV_LAYOUT_AUTO,
                       .help = N_("What a line of the file is: a record, or a shopping basket whose items stand between delimiters.")),
  PATRON_PARAM_CHOICE (PatronCsvOptions, line_end, .label = N_("Line ends"), .choices = line_ends, .def = PATRON_CSV_LINE_END_AUTO, .advanced = true,
                       .help = N_("What ends a line. When it is found out, files that mix them are read line by line as a person would.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, comment, .label = N_("Comment"), .def_text = "", .advanced = true,
                     .help = N_("Lines that begin with this are left out, or none. Leave empty to find out.")),
  PATRON_PARAM_TEXT (PatronCsvOptions, missing_values, .former = "missing", .label = N_("Missing values"), .def_text = "NA,N/A,n/a,#N/A,NULL,null,NaN,nan,\\N",
                     .advanced = true,
                     .help = N_("What stands for a missing value besides an empty field, with commas between; name=value for one column alone, as in age=999; with no other "
                                "entries than these, the usual words stay in force.")),
  PATRON_PARAM_CHOICE (PatronCsvOptions, cells, .label = N_("Cells"), .choices = cells, .def = PATRON_CSV_CELLS_TYPED, .advanced = true,
                       .help = N_("By type: numbers and dates become values. As they stand: every cell is text, with nothing of its spelling lost.")),
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

char *
patron_csv_escape (const char *name)
{
  GString *escaped = g_string_sized_new (strlen (name) + 4);
  for (const char *p = name; *p != '\0'; p++)
    {
      if (strchr (",=\\", *p) != NULL)
        g_string_append_c (escaped, '\\');
      g_string_append_c (escaped, *p);
    }
  return g_string_free (escaped, FALSE);
}

/* What stands up to an unescaped comma (or "=", when that divides); *p moves to it. Escaped blanks at the ends are not worth a rule. */
static char *
take_entry (const char **p, gboolean divides)
{
  GString *entry = g_string_new (NULL);
  for (; **p != '\0' && **p != ',' && !(divides && **p == '='); (*p)++)
    {
      if (**p == '\\' && (*p)[1] != '\0' && strchr (",=\\", (*p)[1]) != NULL)
        (*p)++;
      g_string_append_c (entry, **p);
    }
  return g_strstrip (g_string_free (entry, FALSE));
}

char **
patron_csv_split_list (const char *list, char ***values)
{
  GPtrArray *entries = g_ptr_array_new (), *after = g_ptr_array_new ();
  for (const char *p = list; *p != '\0';)
    {
      g_autofree char *entry = take_entry (&p, values != NULL);
      g_autofree char *value = NULL;
      if (*p == '=')
        {
          p++;
          value = take_entry (&p, FALSE);
        }
      p += *p == ',';
      if (*entry == '\0' && value == NULL)
        continue;
      g_ptr_array_add (entries, g_steal_pointer (&entry));
      g_ptr_array_add (after, value != NULL ? g_steal_pointer (&value) : g_strdup (""));
    }
  g_ptr_array_add (entries, NULL);
  g_ptr_array_add (after, NULL);
  if (values != NULL)
    *values = (char **) g_ptr_array_free (after, FALSE);
  else
    g_strfreev ((char **) g_ptr_array_free (after, FALSE));
  return (char **) g_ptr_array_free (entries, FALSE);
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
