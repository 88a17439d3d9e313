/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "table/parse-date.h"
#include "table/parse-number.h"
#include "table/text-edit.h"

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

/* The string to look at: case-folded where case is ignored, else itself. *folded owns it. */
static const char *
fold (const PatronNode *node, const char *string, char **folded)
{
  *folded = node->ignore_case ? g_utf8_casefold (string, -1) : NULL;
  return *folded != NULL ? *folded : string;
}

/* A pattern that takes more steps than it may is an error of the formula, not a slow program. */
static gboolean
search (const PatronNode *node, const char *string, GMatchInfo **match, gboolean *found, GError **error)
{
  g_autoptr (GError) failure = NULL;
  *found = g_regex_match_full (node->regex, string, -1, 0, 0, match, &failure);
  if (failure == NULL)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("The regular expression “%s” takes too many steps on the text “%.60s”; expected a simpler one."), node->arguments[0], string);
  return FALSE;
}

static gboolean
test_string (const PatronNode *node, const char *string, guint8 *result, GError **error)
{
  const char *argument = node->arguments[0];
  g_autofree char *folded = NULL;
  gboolean found = FALSE;
  if (node->text_op == PATRON_TEXT_MATCHES)
    {
      if (!search (node, string, NULL, &found, error))
        return FALSE;
      *result = found;
      return TRUE;
    }
  const char *subject = fold (node, string, &folded);
  switch (node->text_op)
    {
    case PATRON_TEXT_LIKE:
      found = patron_text_like (subject, argument);
      break;
    case PATRON_TEXT_CONTAINS:
      found = strstr (subject, argument) != NULL;
      break;
    case PATRON_TEXT_STARTS:
      found = g_str_has_prefix (subject, argument);
      break;
    case PATRON_TEXT_ENDS:
      found = g_str_has_suffix (subject, argument);
      break;
    default:
      found = g_strv_contains ((const char *const *) node->arguments, subject);
      break;
    }
  *result = found;
  return TRUE;
}

/* By the rule given (.from, the argument holds its name), or in ISO form. */
static gint64
moment_of_string (const PatronNode *node, const char *string)
{
  gboolean date = node->text_op == PATRON_TEXT_DATE;
  gint64 value;
  PatronDateValue parsed;
  if (node->arguments == NULL)
    return (date ? patron_text_to_date (string, &value) : patron_text_to_time (string, &value)) ? value : PATRON_INTEGER_MISSING;
  if (!patron_parse_date (string, strlen (string), (PatronDateRule) node->from, &parsed))
    return PATRON_INTEGER_MISSING;
  return date ? parsed.days : parsed.microseconds;
}

static gint64
measure_string (const PatronNode *node, const char *string)
{
  g_autofree char *folded = NULL;
  gint64 value;
  int truth;
  switch (node->text_op)
    {
    case PATRON_TEXT_LENGTH:
      return g_utf8_strlen (string, -1);
    case PATRON_TEXT_FIND:
      {
        const char *subject = fold (node, string, &folded), *found = strstr (subject, node->arguments[0]);
        return found != NULL ? g_utf8_pointer_to_offset (subject, found) + 1 : 0;
      }
    case PATRON_TEXT_BOOLEAN:
      truth = patron_text_to_boolean (string);
      return truth < 0 ? PATRON_INTEGER_MISSING : truth;
    case PATRON_TEXT_DURATION:
      return patron_parse_duration (string, strlen (string), &value) ? value : PATRON_INTEGER_MISSING;
    default:
      return moment_of_string (node, string);
    }
}

/* As people write numbers, with the decimal mark of the argument; a plain number is read whatever the mark. */
static double
number_of_string (const PatronNode *node, const char *string)
{
  gboolean comma = node->arguments != NULL && *node->arguments[0] == ',';
  const PatronNumberForm form = { comma ? ',' : '.', comma ? '.' : ',' };
  PatronNumber number;
  g_autofree char *plain = patron_text_trim (string);
  double value;
  if (!comma && patron_parse_double (plain, strlen (plain), &value))
    return isfinite (value) ? value : NAN;
  return patron_parse_decorated (plain, strlen (plain), form, &number) && isfinite (number.value) ? number.value : NAN;
}

/* ---- maps --------------------------------------------------------------------------------------------------- */

/* The part that the pattern finds: .count is which of its brackets. */
static gboolean
extract (const PatronNode *node, const char *string, char **result, GError **error)
{
  g_autoptr (GMatchInfo) match = NULL;
  gboolean found;
  if (!search (node, string, &match, &found, error))
    return FALSE;
  int begin, end;
  /* A bracket that took no part in the match has no position. */
  if (found && g_match_info_fetch_pos (match, (int) node->count, &begin, &end) && begin >= 0)
    *result = g_strndup (string + begin, end - begin);
  return TRUE;
}

static gboolean
regex_replace (const PatronNode *node, const char *string, char **result, GError **error)
{
  gboolean found;
  if (!search (node, string, NULL, &found, error))
    return FALSE;
  g_autoptr (GError) failure = NULL;
  *result = found ? g_regex_replace (node->regex, string, -1, 0, node->arguments[1], 0, &failure) : g_strdup (string);
  if (failure == NULL)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("The regular expression “%s” takes too many steps on the text “%.60s”; expected a simpler one."), node->arguments[0], string);
  return FALSE;
}

/* The string that takes the place of another; NULL for missing. FALSE with error. */
static gboolean
map_string (const PatronNode *node, const char *string, char **result, GError **error)
{
  *result = NULL;
  switch (node->text_op)
    {
    case PATRON_TEXT_LOWER:
      *result = g_utf8_strdown (string, -1);
      break;
    case PATRON_TEXT_UPPER:
      *result = g_utf8_strup (string, -1);
      break;
    case PATRON_TEXT_PROPER:
      *result = patron_text_proper (string);
      break;
    case PATRON_TEXT_TRIM:
      *result = patron_text_trim (string);
      break;
    case PATRON_TEXT_SQUEEZE:
      *result = patron_text_squeeze (string);
      break;
    case PATRON_TEXT_SUBSTRING:
      *result = patron_text_substring (string, node->from, node->count);
      break;
    case PATRON_TEXT_RIGHT:
      *result = patron_text_right (string, node->count);
      break;
    case PATRON_TEXT_PAD_LEFT:
    case PATRON_TEXT_PAD_RIGHT:
      *result = patron_text_pad (string, node->count, node->arguments[0], node->text_op == PATRON_TEXT_PAD_LEFT);
      break;
    case PATRON_TEXT_SPLIT_PART:
      *result = patron_text_split_part (string, node->arguments[0], node->from);
      break;
    case PATRON_TEXT_REPLACE:
      *result = patron_text_replace (string, node->arguments[0], node->arguments[1]);
      break;
    case PATRON_TEXT_EXTRACT:
      return extract (node, string, result, error);
    case PATRON_TEXT_REGEX_REPLACE:
      return regex_replace (node, string, result, error);
    case PATRON_TEXT_NO_ACCENTS:
      *result = patron_text_no_accents (string);
      break;
    case PATRON_TEXT_NO_PUNCTUATION:
      *result = patron_text_no_punctuation (string);
      break;
    case PATRON_TEXT_HALF_WIDTH:
      *result = patron_text_half_width (string);
      break;
    default:
      *result = g_strconcat (node->arguments[0], string, node->arguments[1], NULL);
      break;
    }
  return TRUE;
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
prepare_tables (PatronNode *node, PatronRun *run, GError **error)
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
      if (node->tests != NULL && !test_string (node, string, &node->tests[i], error))
        return FALSE;
      else if (node->measures != NULL)
        node->measures[i] = measure_string (node, string);
      else if (node->numbers != NULL)
        node->numbers[i] = number_of_string (node, string);
      if (i % 1024 == 0 && run != NULL && !patron_run_check (run, error))
        return FALSE;
    }
  return TRUE;
}

/* The codes of child c in terms of the node's dictionary. */
static gboolean
prepare_map (PatronNode *node, guint c, PatronDictBuilder *builder, PatronRun *run, GError **error)
{
  const PatronDict *dict = patron_node_child (node, c)->dict;
  gboolean mapped = node->kind == PATRON_NODE_TEXT_MAP;
  node->maps[c] = new_table (dict, sizeof (gint32), error);
  for (gsize i = 0; node->maps[c] != NULL && i < patron_dict_size (dict); i++)
    {
      g_autofree char *string = NULL;
      if (mapped && !map_string (node, patron_dict_get (dict, i), &string, error))
        return FALSE;
      node->maps[c][i] =
          mapped && string == NULL ? PATRON_CODE_MISSING : patron_dict_builder_add (builder, mapped ? string : patron_dict_get (dict, i), -1);
      if (node->maps[c][i] < 0 && !(mapped && string == NULL))
        return fail_memory (error);
      if (i % 1024 == 0 && run != NULL && !patron_run_check (run, error))
        return FALSE;
    }
  return node->maps[c] != NULL;
}

/* The node's dictionary gathers the (mapped) strings of the children that are text. */
static gboolean
prepare_maps (PatronNode *node, PatronRun *run, GError **error)
{
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  node->maps = g_new0 (gint32 *, node->children->len);
  for (guint c = 0; c < node->children->len; c++)
    if (patron_type_is_text (patron_node_child (node, c)->type) && !prepare_map (node, c, builder, run, error))
      return FALSE;
  node->dict = patron_dict_builder_finish (g_steal_pointer (&builder));
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
patron_node_prepare_text (PatronNode *node, PatronRun *run, GError **error)
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
      return prepare_tables (node, run, error);
    case PATRON_NODE_TEXT_MAP:
      return prepare_maps (node, run, error);
    case PATRON_NODE_IF:
    case PATRON_NODE_COALESCE:
      return !patron_type_is_text (node->type) || prepare_maps (node, run, error);
    case PATRON_NODE_COMPARE:
      return !patron_type_is_text (patron_node_child (node, 0)->type) || prepare_comparison (node, error);
    default:
      return TRUE;
    }
}
