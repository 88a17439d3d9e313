/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/fill-parts.h"

#include "base/memory.h"
#include "base/order.h"
#include "math/statistics.h"
#include "table/parse-date.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 10000000 };

/* ---- a constant ------------------------------------------------------------------------------------------------ */

static gboolean
parse_boolean (const char *text, double *value)
{
  static const char *const words[] = { "true", "yes", "1", "false", "no", "0" };
  for (guint k = 0; k < G_N_ELEMENTS (words); k++)
    if (g_ascii_strcasecmp (text, words[k]) == 0)
      return *value = k < 3, TRUE;
  return FALSE;
}

static gboolean
parse_value (PatronType type, const char *text, double *value)
{
  char *end = NULL;
  PatronDateValue date;
  gint64 microseconds;
  switch (type)
    {
    case PATRON_TYPE_BOOLEAN:
      return parse_boolean (text, value);
    case PATRON_TYPE_DATE:
    case PATRON_TYPE_TIME:
      if (!patron_parse_date (text, strlen (text), PATRON_DATE_YMD, &date))
        return FALSE;
      *value = type == PATRON_TYPE_DATE ? date.days : date.microseconds / 1e6;
      return TRUE;
    case PATRON_TYPE_DURATION:
      if (!patron_parse_duration (text, strlen (text), &microseconds))
        return FALSE;
      *value = microseconds / 1e6;
      return TRUE;
    default:
      *value = g_ascii_strtod (text, &end);
      return *text != '\0' && *end == '\0' && isfinite (*value) && (type != PATRON_TYPE_INTEGER || *value == round (*value));
    }
}

gboolean
patron_fill_constant (PatronColumn *column, const char *text, PatronFills *fills, GError **error)
{
  PatronType type = patron_column_get_type (column);
  double value;
  if (patron_column_has_dict (column))
    {
      *fills = (PatronFills) { .n = 1, .texts = g_new0 (char *, 1) };
      fills->texts[0] = g_strdup (text);
      return TRUE;
    }
  if (!parse_value (type, text, &value))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is not a value for column “%s”, which is of type %s."), text,
                   patron_column_get_name (column), _(patron_type_label (type)));
      return FALSE;
    }
  *fills = (PatronFills) { .n = 1, .numbers = g_new (double, 1) };
  fills->numbers[0] = value;
  return TRUE;
}

/* ---- groups ---------------------------------------------------------------------------------------------------- */

guint32 *
patron_fill_groups (PatronTable *table, char **columns, guint *n_groups, PatronRun *run, GError **error)
{
  const PatronPrepareInput all = { .table = table };
  gsize n = patron_table_n_rows (table);
  guint32 *groups = patron_try_alloc0_values (n, sizeof *groups, _("the groups"), error);
  *n_groups = 1;
  for (char **name = columns; groups != NULL && *name != NULL; name++)
    {
      PatronClasses classes;
      if (!patron_classes_init (&classes, &all, patron_table_find (table, *name), MOST_LEVELS, run, error))
        {
          patron_free (groups);
          return NULL;
        }
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      guint found = 0;
      for (gsize i = 0; i < n; i++)
        {
          gint64 key = (gint64) groups[i] * ((gint64) classes.n_classes + 1) + classes.codes[i] + 1;
          gpointer group;
          if (!g_hash_table_lookup_extended (seen, &key, NULL, &group))
            {
              group = GUINT_TO_POINTER (found++);
              g_hash_table_insert (seen, g_memdup2 (&key, sizeof key), group);
            }
          groups[i] = GPOINTER_TO_UINT (group);
        }
      *n_groups = found;
      patron_classes_clear (&classes);
    }
  return groups;
}

/* "North\x1fMonday": the names of a row's group, "" for a missing one. */
static char *
group_key (PatronTable *table, char **columns, gsize row)
{
  GString *key = g_string_new (NULL);
  for (char **name = columns; *name != NULL; name++)
    {
      g_autofree char *value = patron_column_format (patron_table_find (table, *name), row);
      g_string_append_printf (key, "%s%s", name == columns ? "" : "\x1f", value);
    }
  return g_string_free (key, FALSE);
}

/* ---- statistics ------------------------------------------------------------------------------------------------ */

/* The most frequent of n ascending values; the smallest of equals. */
static double
mode_of_sorted (const double *values, gsize n)
{
  double best = NAN;
  gsize longest = 0;
  for (gsize i = 0; i < n;)
    {
      gsize j = i;
      while (j < n && values[j] == values[i])
        j++;
      if (j - i > longest)
        longest = j - i, best = values[i];
      i = j;
    }
  return best;
}

static double
statistic_of (double *values, gsize n, PatronFillStatistic statistic)
{
  if (n == 0)
    return NAN;
  if (statistic == PATRON_FILL_MEAN)
    return patron_sum (values, n) / n;
  if (statistic == PATRON_FILL_MEDIAN)
    return patron_quantile (values, n, 0.5);
  patron_sort_doubles (values, n);
  return mode_of_sorted (values, n);
}

/* The rows to learn from, group after group: first[g] … first[g + 1] - 1 are group g. */
static gboolean
sort_by_group (const guint32 *groups, const guint32 *rows, gsize n, guint n_groups, gsize **first, guint32 **order, GError **error)
{
  *first = patron_try_alloc0_values ((gsize) n_groups + 2, sizeof **first, _("the groups"), error);
  *order = *first != NULL ? patron_try_alloc_values (n, sizeof **order, _("the groups"), error) : NULL;
  if (*order == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    (*first)[groups[rows != NULL ? rows[i] : i] + 2]++;
  for (guint g = 0; g < n_groups; g++)
    (*first)[g + 2] += (*first)[g + 1];
  for (gsize i = 0; i < n; i++)
    (*order)[(*first)[groups[rows != NULL ? rows[i] : i] + 1]++] = (guint32) i;
  return TRUE;
}

/* values: of the rows to learn from; for a dictionary, ranks of the names, so that the smallest mode is the first by name. */
typedef struct
{
  double *values;
  char  **names;       /* NULL unless a dictionary */
  gsize   n;
} Source;

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
read_source (Source *source, const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error)
{
  source->n = patron_prepare_n_rows (input);
  if (!patron_column_has_dict (column))
    return (source->values = patron_prepare_gather (input, column, run, error)) != NULL;
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, column, MOST_LEVELS, run, error))
    return FALSE;
  source->values = patron_try_alloc_values (source->n, sizeof *source->values, patron_column_get_name (column), error);
  if (source->values != NULL)
    {
      g_autofree char **sorted = g_memdup2 (classes.names, sizeof (char *) * (classes.n_classes + 1));
      g_autoptr (GHashTable) rank = g_hash_table_new (g_str_hash, g_str_equal);
      qsort (sorted, classes.n_classes, sizeof *sorted, compare_strings);
      for (guint k = 0; k < classes.n_classes; k++)
        g_hash_table_insert (rank, sorted[k], GUINT_TO_POINTER (k));
      for (gsize i = 0; i < source->n; i++)
        source->values[i] = classes.codes[i] < 0 ? (double) NAN : GPOINTER_TO_UINT (g_hash_table_lookup (rank, classes.names[classes.codes[i]]));
      source->names = g_new0 (char *, (gsize) classes.n_classes + 1);
      for (guint k = 0; k < classes.n_classes; k++)
        source->names[k] = g_strdup (sorted[k]);
    }
  patron_classes_clear (&classes);
  return source->values != NULL;
}

/* Puts the known values of rows order[begin … end-1] into work; returns how many. */
static gsize
gather_known (const Source *source, const guint32 *order, gsize begin, gsize end, double *work)
{
  gsize n = 0;
  for (gsize k = begin; k < end; k++)
    {
      double value = source->values[order != NULL ? order[k] : k];
      if (isfinite (value))
        work[n++] = value;
    }
  return n;
}

static void
save_values (PatronLearnt *learnt, const char *name, const char *key, const Source *source, const double *values, gsize n)
{
  if (source->names == NULL)
    {
      patron_learnt_set_numbers (learnt, name, key, values, n);
      return;
    }
  g_autofree const char **texts = g_new0 (const char *, n + 1);
  for (gsize k = 0; k < n; k++)
    texts[k] = isnan (values[k]) ? "" : source->names[(gsize) values[k]];
  patron_learnt_set_texts (learnt, name, key, texts, n);
}

typedef struct
{
  guint   group;
  guint32 row;     /* the first of the group among the rows learnt from */
} FirstRow;

static int
compare_first_rows (const void *a, const void *b)
{
  guint32 x = ((const FirstRow *) a)->row, y = ((const FirstRow *) b)->row;
  return (x > y) - (x < y);
}

/* The groups that occur in the rows learnt from, in the order in which they do, so that what is written depends on no other row. Of FirstRow. */
static GArray *
groups_in_order (const gsize *first, const guint32 *order, guint n_groups)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (FirstRow));
  for (guint g = 0; g < n_groups; g++)
    if (first[g] < first[g + 1])
      g_array_append_val (found, ((FirstRow) { .group = g, .row = order[first[g]] }));
  g_array_sort (found, compare_first_rows);
  return found;
}

static gboolean
learn_groups (PatronLearnt *learnt, const PatronPrepareInput *input, const char *name, char **columns, const Source *source,
              PatronFillStatistic statistic, double *work, PatronRun *run, GError **error)
{
  guint n_groups;
  gsize *first = NULL;
  guint32 *order = NULL, *groups = patron_fill_groups (input->table, columns, &n_groups, run, error);
  gboolean ok = groups != NULL && sort_by_group (groups, input->rows, source->n, n_groups, &first, &order, error);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) found = ok ? groups_in_order (first, order, n_groups) : g_array_new (FALSE, FALSE, sizeof (FirstRow));
  for (guint k = 0; ok && k < found->len; k++)
    {
      guint g = g_array_index (found, FirstRow, k).group;
      double value = statistic_of (work, gather_known (source, order, first[g], first[g + 1], work), statistic);
      if (isnan (value))
        continue;
      guint32 row = order[first[g]];
      g_ptr_array_add (keys, group_key (input->table, columns, input->rows != NULL ? input->rows[row] : row));
      g_array_append_val (values, value);
      ok = patron_run_check (run, error);
    }
  if (ok)
    {
      patron_learnt_set_texts (learnt, name, "groups", (const char *const *) keys->pdata, keys->len);
      save_values (learnt, name, "values", source, (const double *) (gpointer) values->data, values->len);
    }
  patron_free (groups);
  patron_free (first);
  patron_free (order);
  return ok;
}

gboolean
patron_fill_learn_values (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, char **groups, PatronFillStatistic statistic,
                          PatronRun *run, GError **error)
{
  const char *name = patron_column_get_name (column);
  PatronType type = patron_column_get_type (column);
  Source source = { 0 };
  double *work = NULL;
  gboolean ok = read_source (&source, input, column, run, error) && (work = patron_try_alloc_values (source.n, sizeof *work, name, error)) != NULL;
  if (ok)
    {
      if (source.names != NULL || type == PATRON_TYPE_BOOLEAN)
        statistic = PATRON_FILL_MODE;
      double overall = statistic_of (work, gather_known (&source, NULL, 0, source.n, work), statistic);
      save_values (learnt, name, "overall", &source, &overall, 1);
      patron_learnt_set_number (learnt, name, "known", isnan (overall) ? 0 : 1);
      ok = groups[0] == NULL || learn_groups (learnt, input, name, groups, &source, statistic, work, run, error);
    }
  patron_free (work);
  patron_free (source.values);
  g_strfreev (source.names);
  return ok;
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

/* fills: the groups' values, then the overall one. */
static PatronFills
load_fills (const PatronLearnt *learnt, const char *name, gboolean texts)
{
  PatronFills fills = { 0 };
  gboolean known = patron_learnt_get_number (learnt, name, "known") == 1;
  gsize n_groups = 0, n_overall = 0;
  if (texts)
    {
      g_auto (GStrv) values = patron_learnt_dup_texts (learnt, name, "values");
      g_auto (GStrv) overall = patron_learnt_dup_texts (learnt, name, "overall");
      n_groups = values != NULL ? g_strv_length (values) : 0;
      fills.texts = g_new0 (char *, n_groups + 1);
      for (gsize k = 0; k < n_groups; k++)
        fills.texts[k] = g_strdup (values[k]);
      fills.texts[n_groups] = known && overall != NULL ? g_strdup (overall[0]) : NULL;
    }
  else
    {
      g_autofree double *values = patron_learnt_dup_numbers (learnt, name, "values", &n_groups);
      g_autofree double *overall = patron_learnt_dup_numbers (learnt, name, "overall", &n_overall);
      fills.numbers = g_new (double, n_groups + 1);
      if (n_groups > 0)
        memcpy (fills.numbers, values, n_groups * sizeof *values);
      fills.numbers[n_groups] = known && n_overall == 1 ? overall[0] : (double) NAN;
    }
  fills.n = n_groups + 1;
  return fills;
}

/* Which fill each row takes: its group's, else the last. */
static gint32 *
which_fill (const PatronLearnt *learnt, PatronTable *table, const char *name, char **columns, gsize n_fills, PatronRun *run, GError **error)
{
  g_auto (GStrv) keys = patron_learnt_dup_texts (learnt, name, "groups");
  gsize n = patron_table_n_rows (table);
  guint n_groups;
  guint32 *groups = patron_fill_groups (table, columns, &n_groups, run, error);
  if (groups == NULL)
    return NULL;
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize k = 0; keys != NULL && keys[k] != NULL && k + 1 < n_fills; k++)
    g_hash_table_insert (index, keys[k], GSIZE_TO_POINTER (k + 1));
  g_autofree gint32 *fill_of_group = g_new (gint32, MAX (n_groups, 1));
  for (guint g = 0; g < n_groups; g++)
    fill_of_group[g] = -1;
  gint32 *which = (gint32 *) groups;   /* of the same size: turned in place */
  for (gsize i = 0; i < n; i++)
    {
      guint32 g = groups[i];
      if (fill_of_group[g] < 0)
        {
          g_autofree char *key = group_key (table, columns, i);
          gsize k = GPOINTER_TO_SIZE (g_hash_table_lookup (index, key));
          fill_of_group[g] = (gint32) (k > 0 ? k - 1 : n_fills - 1);
        }
      which[i] = fill_of_group[g];
    }
  return which;
}

PatronColumn *
patron_fill_apply_values (const PatronLearnt *learnt, PatronTable *table, PatronColumn *column, char **groups, PatronFillCount *count,
                          gsize *n_groups, PatronRun *run, GError **error)
{
  const char *name = patron_column_get_name (column);
  PatronFills fills = load_fills (learnt, name, patron_column_has_dict (column));
  gboolean grouped = groups[0] != NULL;
  for (char **group = groups; *group != NULL; group++)
    grouped = grouped && patron_table_find (table, *group) != NULL;   /* without them, everyone gets the overall value */
  *n_groups = fills.n - 1;
  gint32 *which = NULL;
  PatronColumn *filled = NULL;
  if (grouped)
    which = which_fill (learnt, table, name, groups, fills.n, run, error);
  else if (fills.n > 1)
    {
      gsize n = patron_table_n_rows (table);
      which = patron_try_alloc_values (n, sizeof *which, name, error);
      for (gsize i = 0; which != NULL && i < n; i++)
        which[i] = (gint32) fills.n - 1;
    }
  if (which != NULL || (!grouped && fills.n == 1))
    filled = patron_fill_from_list (column, which, &fills, count, run, error);
  patron_free (which);
  patron_fills_clear (&fills);
  return filled;
}
