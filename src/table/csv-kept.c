/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-reading-private.h"

#include <string.h>

#include "base/memory.h"

/* Cells kept as they stand: only what another program would misread is rewritten, the decimal comma and the marks between thousands. */

/* A mark that may be a decimal comma or stand between thousands, after a digit. */
static gboolean
has_local_mark (const char *text)
{
  for (const char *p = text; p[0] != '\0' && p[1] != '\0'; p++)
    if (g_ascii_isdigit (p[0]) && (strchr (",.' ", p[1]) != NULL || (guchar) p[1] >= 0x80))
      return TRUE;
  return FALSE;
}

/* Bytes of the grouping mark at p: the form's own, or its look-alikes. */
static gsize
mark_at (const char *p, char grouping)
{
  static const char *const blanks[] = { " ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89" }, *const strokes[] = { "'", "\xe2\x80\x99" };
  if (grouping != ' ' && grouping != '\'')
    return grouping != '\0' && *p == grouping;
  const char *const *marks = grouping == ' ' ? blanks : strokes;
  for (guint i = 0; i < (grouping == ' ' ? G_N_ELEMENTS (blanks) : G_N_ELEMENTS (strokes)); i++)
    if (g_str_has_prefix (p, marks[i]))
      return strlen (marks[i]);
  return 0;
}

/* "1.234,50 €" as "1234.50 €". out has room for text. */
static void
write_plainly (const char *text, PatronNumberForm form, char *out)
{
  while (*text != '\0')
    {
      const gsize mark = mark_at (text, form.grouping);
      if (mark > 0 && g_ascii_isdigit (text[mark]) && g_ascii_isdigit (out[-1]))
        {
          text += mark;
          continue;
        }
      *out++ = *text == form.decimal ? '.' : *text;
      text++;
    }
  *out = '\0';
}

/* Whether the dictionary holds numbers, some written in a way of their country; *form is how. */
static gboolean
find_form (const PatronCsvState *state, PatronDict *dict, const char *name, PatronNumberForm *form)
{
  const gsize n = patron_dict_size (dict);
  gboolean any = FALSE;
  for (gsize i = 0; i < n && !any; i++)
    any = has_local_mark (patron_dict_get (dict, i));
  if (!any)
    return FALSE;
  PatronTypeStats stats;
  patron_type_stats_init (&stats);
  for (gsize i = 0; i < n; i++)
    patron_type_stats_add (&stats, patron_dict_get (dict, i), patron_dict_length (dict, i), i, &state->missing);
  PatronColumnPlan plan;
  patron_plan_column (&stats, name, &state->context, &plan, NULL);
  *form = plan.form;
  return (plan.type == PATRON_TYPE_NUMBER || plan.type == PATRON_TYPE_INTEGER) && (stats.n_grouped > 0 || plan.form.decimal == ',');
}

PatronColumn *
patron_csv_write_numbers_plainly (const PatronCsvState *state, PatronColumn *column, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  const gint32 *codes = dict != NULL ? patron_column_codes (column, error) : NULL;
  PatronNumberForm form;
  if (codes == NULL)
    return NULL;
  if (!find_form (state, dict, patron_column_get_name (column), &form))
    return patron_column_ref (column);
  const gsize n = patron_column_get_length (column), n_texts = patron_dict_size (dict);
  gint32 *map = patron_try_alloc (n_texts, sizeof *map, "distinct values", error);
  gint32 *values = map != NULL ? patron_try_alloc (n, sizeof *values, "column", error) : NULL;
  PatronColumn *plain = NULL;
  if (values != NULL)
    {
      g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
      for (gsize i = 0; i < n_texts; i++)
        {
          /* The byte in front of the first is looked at and is no digit. */
          g_autofree char *out = g_malloc0 (patron_dict_length (dict, i) + 2);
          write_plainly (patron_dict_get (dict, i), form, out + 1);
          map[i] = patron_dict_builder_add (builder, out + 1, -1);
        }
      for (gsize r = 0; r < n; r++)
        values[r] = codes[r] >= 0 ? map[codes[r]] : PATRON_CODE_MISSING;
      plain = patron_column_new_take (patron_column_get_name (column), PATRON_TYPE_TEXT, n, values, patron_dict_builder_finish (g_steal_pointer (&builder)));
    }
  patron_free (map);
  return plain;
}
