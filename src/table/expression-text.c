/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Text is worked on by dictionary: each distinct string once, however many rows hold it. Preparing fills in, for every node above a text, a
 * table indexed by that text's codes. */

/* ---- reading dates ------------------------------------------------------------------------------------------ */

static gboolean
read_digits (const char **cursor, guint n, int *value)
{
  *value = 0;
  for (guint i = 0; i < n; i++, (*cursor)++)
    {
      if (!g_ascii_isdigit (**cursor))
        return FALSE;
      *value = *value * 10 + (**cursor - '0');
    }
  return TRUE;
}

static gboolean
read_date (const char **cursor, gint64 *days)
{
  int year, month, day;
  if (!read_digits (cursor, 4, &year) || *(*cursor)++ != '-' || !read_digits (cursor, 2, &month) || *(*cursor)++ != '-'
      || !read_digits (cursor, 2, &day) || !patron_date_valid (year, month, day))
    return FALSE;
  *days = patron_date_from_ymd (year, month, day);
  return TRUE;
}

gboolean
patron_text_to_date (const char *text, gint64 *days)
{
  return read_date (&text, days) && *text == '\0';
}

static gboolean
read_fraction (const char **cursor, gint64 *microseconds)
{
  gint64 unit = 100000;
  const char *start = ++*cursor;
  for (*microseconds = 0; g_ascii_isdigit (**cursor); (*cursor)++, unit /= 10)
    *microseconds += unit * (**cursor - '0');
  return *cursor > start;
}

gboolean
patron_text_to_time (const char *text, gint64 *microseconds)
{
  gint64 days, fraction = 0;
  int hour = 0, minute = 0, second = 0;
  if (!read_date (&text, &days))
    return FALSE;
  if (*text == ' ' || *text == 'T')
    {
      text++;
      if (!read_digits (&text, 2, &hour) || *text++ != ':' || !read_digits (&text, 2, &minute))
        return FALSE;
      if (*text == ':' && (text++, !read_digits (&text, 2, &second)))
        return FALSE;
      if (*text == '.' && !read_fraction (&text, &fraction))
        return FALSE;
    }
  if (*text != '\0' || hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *microseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * G_USEC_PER_SEC + fraction;
  return TRUE;
}

/* ---- tests and measures ------------------------------------------------------------------------------------- */

/* SQL's LIKE: % is any text, _ any character, \ takes the next character as it is. Linear in text × pattern. */
gboolean
patron_text_like (const char *text, const char *pattern)
{
  const char *star = NULL, *resume = NULL;
  while (*text != '\0')
    {
      gboolean escaped = *pattern == '\\' && pattern[1] != '\0';
      const char *wanted = escaped ? pattern + 1 : pattern;
      if (!escaped && *pattern == '%')
        {
          star = ++pattern;
          resume = text;
        }
      else if (*wanted != '\0' && ((!escaped && *pattern == '_') || g_utf8_get_char (wanted) == g_utf8_get_char (text)))
        {
          pattern = g_utf8_next_char (wanted);
          text = g_utf8_next_char (text);
        }
      else if (star != NULL)
        {
          pattern = star;
          resume = g_utf8_next_char (resume);
          text = resume;
        }
      else
        return FALSE;
    }
  while (*pattern == '%')
    pattern++;
  return *pattern == '\0';
}

static gboolean
test_string (const PatronNode *node, const char *string)
{
  const char *argument = node->arguments[0];
  switch (node->text_op)
    {
    case PATRON_TEXT_LIKE:
      return patron_text_like (string, argument);
    case PATRON_TEXT_CONTAINS:
      return strstr (string, argument) != NULL;
    case PATRON_TEXT_STARTS:
      return g_str_has_prefix (string, argument);
    case PATRON_TEXT_ENDS:
      return g_str_has_suffix (string, argument);
    default:
      return g_strv_contains ((const char *const *) node->arguments, string);
    }
}

static gint64
measure_string (const PatronNode *node, const char *string)
{
  gint64 value;
  if (node->text_op == PATRON_TEXT_LENGTH)
    return g_utf8_strlen (string, -1);
  gboolean read = node->text_op == PATRON_TEXT_DATE ? patron_text_to_date (string, &value) : patron_text_to_time (string, &value);
  return read ? value : PATRON_INTEGER_MISSING;
}

static double
number_of_string (const char *string)
{
  char *end;
  while (g_ascii_isspace (*string))
    string++;
  if (!g_ascii_isdigit (*string) && *string != '-' && *string != '+' && *string != '.')
    return NAN;
  double value = g_ascii_strtod (string, &end);
  while (g_ascii_isspace (*end))
    end++;
  return end > string && *end == '\0' && isfinite (value) ? value : NAN;
}

/* ---- maps --------------------------------------------------------------------------------------------------- */

static char *
replace_all (const char *string, const char *from, const char *to)
{
  GString *result = g_string_new (NULL);
  gsize length = strlen (from);
  for (const char *found; (found = strstr (string, from)) != NULL; string = found + length)
    {
      g_string_append_len (result, string, found - string);
      g_string_append (result, to);
    }
  g_string_append (result, string);
  return g_string_free (result, FALSE);
}

static char *
trim (const char *string)
{
  const char *end = string + strlen (string);
  while (*string != '\0' && g_unichar_isspace (g_utf8_get_char (string)))
    string = g_utf8_next_char (string);
  while (end > string && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (string, end - string);
}

static char *
substring (const char *string, gint64 from, gint64 count)
{
  for (gint64 i = 1; i < from && *string != '\0'; i++)
    string = g_utf8_next_char (string);
  const char *end = string;
  for (gint64 i = 0; i < count && *end != '\0'; i++)
    end = g_utf8_next_char (end);
  return g_strndup (string, end - string);
}

static char *
map_string (const PatronNode *node, const char *string)
{
  switch (node->text_op)
    {
    case PATRON_TEXT_LOWER:
      return g_utf8_strdown (string, -1);
    case PATRON_TEXT_UPPER:
      return g_utf8_strup (string, -1);
    case PATRON_TEXT_TRIM:
      return trim (string);
    case PATRON_TEXT_SUBSTRING:
      return substring (string, node->from, node->count);
    case PATRON_TEXT_REPLACE:
      return replace_all (string, node->arguments[0], node->arguments[1]);
    default:
      return g_strconcat (node->arguments[0], string, node->arguments[1], NULL);
    }
}

/* ---- preparing ---------------------------------------------------------------------------------------------- */

static gboolean
fail_memory (GError **error)
{
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the texts of the formula."));
  return FALSE;
}

static gpointer
new_table (const PatronDict *dict, gsize size, GError **error)
{
  gpointer table = g_try_malloc_n (MAX (patron_dict_size (dict), 1), size);
  if (table == NULL)
    fail_memory (error);
  return table;
}

static gboolean
prepare_tables (PatronNode *node, GError **error)
{
  const PatronDict *dict = patron_node_child (node, 0)->dict;
  gsize n = patron_dict_size (dict);
  if (node->kind == PATRON_NODE_TEXT_TEST)
    node->tests = new_table (dict, sizeof *node->tests, error);
  else if (node->kind == PATRON_NODE_TEXT_MEASURE)
    node->measures = new_table (dict, sizeof *node->measures, error);
  else
    node->numbers = new_table (dict, sizeof *node->numbers, error);
  if (node->tests == NULL && node->measures == NULL && node->numbers == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const char *string = patron_dict_get (dict, i);
      if (node->tests != NULL)
        node->tests[i] = test_string (node, string);
      else if (node->measures != NULL)
        node->measures[i] = measure_string (node, string);
      else
        node->numbers[i] = number_of_string (string);
    }
  return TRUE;
}

/* The node's dictionary gathers the (mapped) strings of the children that are text. */
static gboolean
prepare_maps (PatronNode *node, GError **error)
{
  PatronDictBuilder *builder = patron_dict_builder_new ();
  node->maps = g_new0 (gint32 *, node->children->len);
  for (guint c = 0; c < node->children->len; c++)
    {
      const PatronNode *child = patron_node_child (node, c);
      if (!patron_type_is_text (child->type))
        continue;
      node->maps[c] = new_table (child->dict, sizeof (gint32), error);
      for (gsize i = 0; node->maps[c] != NULL && i < patron_dict_size (child->dict); i++)
        {
          g_autofree char *mapped = node->kind == PATRON_NODE_TEXT_MAP ? map_string (node, patron_dict_get (child->dict, i)) : NULL;
          node->maps[c][i] = patron_dict_builder_add (builder, mapped != NULL ? mapped : patron_dict_get (child->dict, i), -1);
          if (node->maps[c][i] < 0)
            {
              patron_dict_builder_free (builder);
              return fail_memory (error);
            }
        }
      if (node->maps[c] == NULL)
        {
          patron_dict_builder_free (builder);
          return FALSE;
        }
    }
  node->dict = patron_dict_builder_finish (builder);
  return node->dict != NULL || fail_memory (error);
}

/* ---- comparing two texts: ranks in code point order --------------------------------------------------------- */

/* Against one fixed string, whether each is before, at or after it. */
static gint32 *
ranks_beside (const PatronDict *dict, const char *fixed, GError **error)
{
  gint32 *ranks = new_table (dict, sizeof *ranks, error);
  for (gsize i = 0; ranks != NULL && i < patron_dict_size (dict); i++)
    {
      int order = strcmp (patron_dict_get (dict, i), fixed);
      ranks[i] = (order > 0) - (order < 0);
    }
  return ranks;
}

typedef struct
{
  const char *string;
  gint32     *rank;
} Ranked;

static int
order_strings (const void *a, const void *b)
{
  return strcmp (((const Ranked *) a)->string, ((const Ranked *) b)->string);
}

static gboolean
rank_both (PatronNode *node, GError **error)
{
  const PatronDict *dicts[2] = { patron_node_child (node, 0)->dict, patron_node_child (node, 1)->dict };
  gsize n = patron_dict_size (dicts[0]) + patron_dict_size (dicts[1]), k = 0;
  g_autofree Ranked *all = g_try_new (Ranked, MAX (n, 1));
  if (all == NULL)
    return fail_memory (error);
  for (guint side = 0; side < 2; side++)
    {
      node->maps[side] = new_table (dicts[side], sizeof (gint32), error);
      if (node->maps[side] == NULL)
        return FALSE;
      for (gsize i = 0; i < patron_dict_size (dicts[side]); i++)
        all[k++] = (Ranked) { patron_dict_get (dicts[side], i), &node->maps[side][i] };
    }
  qsort (all, n, sizeof *all, order_strings);
  gint32 rank = 0;
  for (gsize i = 0; i < n; i++)
    {
      rank += i > 0 && strcmp (all[i].string, all[i - 1].string) != 0;
      *all[i].rank = rank;
    }
  return TRUE;
}

static gboolean
prepare_comparison (PatronNode *node, GError **error)
{
  node->maps = g_new0 (gint32 *, 2);
  for (guint side = 0; side < 2; side++)
    {
      const PatronNode *fixed = patron_node_child (node, side);
      if (fixed->kind != PATRON_NODE_LITERAL || fixed->text == NULL)
        continue;
      node->maps[side] = g_new0 (gint32, 1);
      node->maps[1 - side] = ranks_beside (patron_node_child (node, 1 - side)->dict, fixed->text, error);
      return node->maps[1 - side] != NULL;
    }
  return rank_both (node, error);
}

gboolean
patron_node_prepare_text (PatronNode *node, GError **error)
{
  switch (node->kind)
    {
    case PATRON_NODE_LITERAL:
      {
        const char *strings[] = { node->text };
        if (patron_type_is_text (node->type))
          node->dict = patron_dict_new (strings, node->text != NULL);
        return !patron_type_is_text (node->type) || node->dict != NULL || fail_memory (error);
      }
    case PATRON_NODE_COLUMN:
      {
        PatronDict *dict = patron_type_is_text (node->type) ? patron_column_dict (node->column, error) : NULL;
        node->dict = dict != NULL ? patron_dict_ref (dict) : NULL;
        return !patron_type_is_text (node->type) || dict != NULL;
      }
    case PATRON_NODE_TEXT_TEST:
    case PATRON_NODE_TEXT_MEASURE:
    case PATRON_NODE_TEXT_NUMBER:
      return prepare_tables (node, error);
    case PATRON_NODE_TEXT_MAP:
      return prepare_maps (node, error);
    case PATRON_NODE_IF:
    case PATRON_NODE_COALESCE:
      return !patron_type_is_text (node->type) || prepare_maps (node, error);
    case PATRON_NODE_COMPARE:
      return !patron_type_is_text (patron_node_child (node, 0)->type) || prepare_comparison (node, error);
    default:
      return TRUE;
    }
}
