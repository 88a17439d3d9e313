/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "base/random.h"
#include "ops/prepare/encoding.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum { METHOD_INDICATORS, METHOD_ORDINAL, METHOD_TARGET, METHOD_SHARE, METHOD_COUNT } Method;
typedef enum { ORDER_ALPHABET, ORDER_FREQUENCY } Order;
typedef enum { UNKNOWN_OTHER, UNKNOWN_MISSING } Unknown;

enum { MOST_LEVELS = 1000000, LEVELS_SHOWN = 50 };

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  int    method;
  char   target[PATRON_COLUMN_SIZE];
  double smoothing;
  int    folds;
  char   order[4096];
  int    order_by;
  bool   drop_first;
  double rare;
  int    max_levels;
  int    unknown;
  bool   keep;
  char   suffix[64];
} EncodeParams;

static const PatronChoice methods[] = {
  { "one-hot", N_("A yes/no column for each value (one-hot)") },
  { "ordinal", N_("Numbers 0, 1, 2 … in an order") },
  { "target", N_("Mean of a target (smoothed)") },
  { "frequency", N_("Share of the rows") },
  { "count", N_("Number of rows") },
  { NULL },
};
static const PatronChoice orders[] = { { "alphabet", N_("By name") }, { "frequency", N_("Most frequent first") }, { NULL } };
static const PatronChoice unknowns[] = { { "other", N_("Like the rare values") }, { "missing", N_("Missing") }, { NULL } };

static gboolean
is_indicators (gconstpointer params)
{
  return ((const EncodeParams *) params)->method == METHOD_INDICATORS;
}

static gboolean
is_numbers (gconstpointer params)
{
  return !is_indicators (params);
}

static gboolean
is_ordinal (gconstpointer params)
{
  return ((const EncodeParams *) params)->method == METHOD_ORDINAL;
}

static gboolean
is_target (gconstpointer params)
{
  return ((const EncodeParams *) params)->method == METHOD_TARGET;
}

static const PatronParam encode_params[] = {
  PATRON_PARAM_COLUMNS (EncodeParams, columns, .label = N_("Columns"), .help = N_("The categories to turn into numbers."),
                        .accepts = PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (EncodeParams, method, .label = N_("Method"), .choices = methods, .def = METHOD_INDICATORS,
                       .help = N_("Yes/no columns for a few values without order; numbers in an order for grades; the mean of the target for many "
                                  "values, such as "
                                  "postcodes or products.")),
  PATRON_PARAM_COLUMN (EncodeParams, target, .label = N_("Target"),
                       .help = N_("A number, or a column of two classes: its mean, or the share of the second class, is taken."),
                       .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT, .relevant = is_target),
  PATRON_PARAM_DOUBLE (EncodeParams, smoothing, .label = N_("Smoothing"),
                       .help = N_("As if each value had so many more rows with the overall mean; protects values with few rows."),
                       .def = PATRON_AUTO, .min = 0, .max = 1e9, .low = 0, .high = 100,
                       .automatic = N_("from the variance within and between the values"), .relevant = is_target),
  PATRON_PARAM_INT (EncodeParams, folds, .label = N_("Parts"),
                    .help = N_("Rows learnt from are encoded by the means of the other parts, so that no row sees its own target."), .def = 5,
                    .min = 2, .max = 50, .low = 3, .high = 10, .relevant = is_target, .advanced = true),
  PATRON_PARAM_TEXT (EncodeParams, order, .label = N_("Order"), .def_text = "",
                     .help = N_("The values from lowest to highest, separated by semicolons: low; medium; high. Values not listed follow."),
                     .relevant = is_ordinal),
  PATRON_PARAM_CHOICE (EncodeParams, order_by, .label = N_("Order of the others"), .choices = orders, .def = ORDER_ALPHABET,
                       .help = N_("How values that the order does not list are numbered."), .relevant = is_ordinal),
  PATRON_PARAM_BOOL (EncodeParams, drop_first, .label = N_("Leave out the most frequent value"),
                     .help = N_("Its column follows from the others; regressions then compare with it."), .def = false, .relevant = is_indicators),
  PATRON_PARAM_DOUBLE (EncodeParams, rare, .label = N_("Rare below"),
                       .help = N_("Values with a smaller share of the rows are treated as one value, “other”."), .def = 0, .min = 0, .max = 1,
                       .low = 0, .high = 0.1),
  PATRON_PARAM_INT (EncodeParams, max_levels, .label = N_("Values, at most"),
                    .help = N_("Only the most frequent are told apart; the rest are “other”."), .def = PATRON_AUTO, .min = 1, .max = 1000000,
                    .low = 5, .high = 100, .automatic = N_("50 for yes/no columns, else no limit")),
  PATRON_PARAM_CHOICE (EncodeParams, unknown, .label = N_("Values met later"), .choices = unknowns, .def = UNKNOWN_OTHER, .advanced = true,
                       .help = N_("What rare values and values that were not there to learn from become.")),
  PATRON_PARAM_BOOL (EncodeParams, keep, .label = N_("Keep the column"), .help = N_("Keep the category beside its yes/no columns."), .def = false,
                     .relevant = is_indicators, .advanced = true),
  PATRON_PARAM_TEXT (EncodeParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true, .relevant = is_numbers,
                     .help = N_("Empty: the numbers take the place of the column. Otherwise they become a new column whose name ends in this.")),
  PATRON_PARAM_END
};

/* ---- learning -------------------------------------------------------------------------------------------------- */

/* How many of the classes (most frequent first) get a code of their own. */
static guint
count_kept (const PatronClasses *classes, const EncodeParams *params, gsize n)
{
  guint most = params->max_levels != PATRON_AUTO_INT ? (guint) params->max_levels : params->method == METHOD_INDICATORS ? 50 : G_MAXUINT, kept = 0;
  while (kept < classes->n_classes && kept < most && (double) classes->counts[kept] >= params->rare * n)
    kept++;
  return kept;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The kept levels in their order; ordinal: those given first. */
static char **
order_levels (const PatronClasses *classes, guint kept, const EncodeParams *params)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  GPtrArray *levels = g_ptr_array_new ();
  for (guint k = 0; k < kept; k++)
    g_ptr_array_add (rest, classes->names[k]);
  if (params->method == METHOD_ORDINAL)
    {
      g_auto (GStrv) given = patron_names_split (params->order);
      for (char **name = given; *name != NULL; name++)
        {
          for (guint k = rest->len; k-- > 0;)
            if (g_str_equal (rest->pdata[k], *name))
              g_ptr_array_remove_index (rest, k);
          g_ptr_array_add (levels, g_strdup (*name));
        }
      if (params->order_by == ORDER_ALPHABET)
        g_ptr_array_sort (rest, compare_names);
    }
  for (guint k = 0; k < rest->len; k++)
    g_ptr_array_add (levels, g_strdup (rest->pdata[k]));
  g_ptr_array_add (levels, NULL);
  return (char **) g_ptr_array_free (levels, FALSE);
}

/* slots: of the rows learnt from; fills in what each slot becomes. */
static void
learn_values (PatronLevelCodes *codes, const EncodeParams *params, const gint32 *slots, const double *y, gsize n)
{
  guint n_slots = codes->n_levels + 2;
  if (params->method == METHOD_INDICATORS)
    return;
  codes->values = g_new (double, n_slots);
  if (params->method == METHOD_TARGET)
    patron_encoding_means (slots, y, n, n_slots, params->smoothing, NULL, 0, codes->values);
  for (guint s = 0; s < n_slots && params->method != METHOD_TARGET; s++)
    if (params->method == METHOD_ORDINAL)
      codes->values[s] = s <= codes->n_levels ? s : (double) NAN;
    else
      codes->values[s] = codes->counts[s] / (params->method == METHOD_SHARE ? MAX (n, 1) : 1);
  if (params->unknown == UNKNOWN_MISSING)
    codes->values[PATRON_SLOT_OTHER (codes)] = NAN;
}

static gboolean
learn_column (const PatronPrepareInput *input, const EncodeParams *params, PatronColumn *column, const double *y, PatronLevelCodes *codes,
              PatronRun *run, GError **error)
{
  PatronClasses classes;
  *codes = (PatronLevelCodes) { .n_levels = 0 };
  if (!patron_classes_init (&classes, input, column, MOST_LEVELS, run, error))
    return FALSE;
  gsize n = patron_prepare_n_rows (input);
  guint kept = count_kept (&classes, params, n);
  codes->levels = order_levels (&classes, kept, params);
  codes->n_levels = g_strv_length (codes->levels);
  codes->counts = g_new0 (double, codes->n_levels + 2);
  /* class → slot; the order may name levels that do not occur. */
  g_autofree gint32 *map = g_new (gint32, classes.n_classes + 1);
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint s = 0; s < codes->n_levels; s++)
    g_hash_table_insert (index, codes->levels[s], GUINT_TO_POINTER (s + 1));
  map[0] = (gint32) PATRON_SLOT_MISSING (codes);
  for (guint k = 0; k < classes.n_classes; k++)
    {
      guint slot = GPOINTER_TO_UINT (g_hash_table_lookup (index, classes.names[k]));
      map[k + 1] = slot > 0 ? (gint32) slot - 1 : (gint32) PATRON_SLOT_OTHER (codes);
    }
  for (gsize i = 0; i < n; i++)
    {
      classes.codes[i] = map[classes.codes[i] + 1];
      codes->counts[classes.codes[i]]++;
    }
  learn_values (codes, params, classes.codes, y, n);
  patron_classes_clear (&classes);
  return patron_run_check (run, error);
}

/* What tells whether the rows at hand are those learnt from. */
static double
mean_of (const double *y, gsize n)
{
  double sum = 0, known = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan (y[i]))
      {
        sum += y[i];
        known++;
      }
  return known > 0 ? sum / known : 0;
}

static char *
encode_learn (const PatronPrepareInput *input, gconstpointer values, PatronRun *run, GError **error)
{
  const EncodeParams *params = values;
  g_auto (GStrv) names = patron_names_split (params->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  gsize n = patron_prepare_n_rows (input);
  double *y = NULL;
  if (params->method == METHOD_TARGET && (y = patron_encoding_target (input, patron_table_find (input->table, params->target), run, error)) == NULL)
    return NULL;
  gboolean ok = TRUE;
  for (char **name = names; ok && *name != NULL; name++)
    {
      PatronLevelCodes codes;
      ok = learn_column (input, params, patron_table_find (input->table, *name), y, &codes, run, error);
      if (ok)
        patron_level_codes_save (&codes, learnt, *name);
      if (ok && y != NULL)
        {
          patron_learnt_set_number (learnt, *name, "rows", n);
          patron_learnt_set_number (learnt, *name, "mean", mean_of (y, n));
        }
      patron_level_codes_clear (&codes);
    }
  patron_free (y);
  return ok ? patron_learnt_to_text (learnt) : NULL;
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronPrepareInput *input;
  const EncodeParams       *params;
  const PatronLearnt       *learnt;
  PatronTable              *table;       /* owned: grows */
  PatronReport             *report;
  PatronReportTable        *evidence;    /* borrowed */
  PatronRun                *run;
  double                   *y;           /* target of the rows learnt from, NULL when they are not at hand */
  gsize                     n_y, n_unknown;
} Encode;

static gboolean
add_indicator (Encode *self, const gint32 *slots, guint slot, const char *column, const char *level, GError **error)
{
  g_autofree char *wanted = g_strdup_printf ("%s: %s", column, level);
  g_autofree char *name = patron_prepare_free_name (self->table, wanted);
  gsize n = patron_table_n_rows (self->table);
  guint8 *values = patron_try_alloc_values (n, 1, name, error);
  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    values[i] = slots[i] == (gint32) slot;
  patron_prepare_put (&self->table, patron_column_new_take (name, PATRON_TYPE_BOOLEAN, n, values, NULL));
  return patron_run_check (self->run, error);
}

/* Rare and new values, and missing ones, have a column when they were met while learning. */
static gboolean
apply_indicators (Encode *self, const PatronLevelCodes *codes, const char *name, const gint32 *slots, GError **error)
{
  guint other = PATRON_SLOT_OTHER (codes), missing = PATRON_SLOT_MISSING (codes);
  if (!self->params->keep)
    patron_prepare_drop (&self->table, name);
  for (guint s = self->params->drop_first; s < codes->n_levels; s++)
    if (!add_indicator (self, slots, s, name, codes->levels[s], error))
      return FALSE;
  return (codes->counts[other] == 0 || self->params->unknown == UNKNOWN_MISSING || add_indicator (self, slots, other, name, "other", error))
         && (codes->counts[missing] == 0 || add_indicator (self, slots, missing, name, "missing", error));
}

/* Rows learnt from get the means of the other parts. out: all rows, the means of all parts on entry. */
static gboolean
cross_fit (Encode *self, guint n_slots, const gint32 *slots, double *out, GError **error)
{
  const guint32 *rows = self->input->rows;
  gsize n = self->n_y;
  guint32 *order = patron_try_alloc_values (n, sizeof *order, self->params->target, error);
  gint32 *own = order != NULL ? patron_try_alloc_values (n, sizeof *own, self->params->target, error) : NULL;
  guint8 *fold = own != NULL ? patron_try_alloc_values (n, 1, self->params->target, error) : NULL;
  g_autofree double *means = g_new (double, n_slots);
  for (gsize i = 0; fold != NULL && i < n; i++)
    {
      order[i] = (guint32) i;
      own[i] = slots[rows != NULL ? rows[i] : i];
    }
  if (fold != NULL)
    {
      PatronRandom random;
      patron_random_init (&random, patron_run_get_seed (self->run), 0x656e636f);
      patron_random_shuffle (&random, order, n);
      for (gsize i = 0; i < n; i++)
        fold[order[i]] = (guint8) (i % (gsize) self->params->folds);
    }
  for (guint f = 0; fold != NULL && f < (guint) self->params->folds && !patron_run_cancelled (self->run); f++)
    {
      patron_encoding_means (own, self->y, n, n_slots, self->params->smoothing, fold, (guint8) f, means);
      for (gsize i = 0; i < n; i++)
        if (fold[i] == f && !isnan (self->y[i]) && !isnan (out[rows != NULL ? rows[i] : i]))
          out[rows != NULL ? rows[i] : i] = means[own[i]];
    }
  gboolean ok = fold != NULL;
  patron_free (order);
  patron_free (own);
  patron_free (fold);
  return ok;
}

static PatronColumn *
number_column (Encode *self, const PatronLevelCodes *codes, const char *name, const gint32 *slots, gboolean learnt_here, GError **error)
{
  gsize n = patron_table_n_rows (self->table);
  gboolean whole = self->params->method == METHOD_ORDINAL || self->params->method == METHOD_COUNT;
  double *values = patron_try_alloc_values (n, sizeof *values, name, error);
  if (values == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    values[i] = codes->values[slots[i]];
  if (learnt_here && !cross_fit (self, codes->n_levels + 2, slots, values, error))
    g_clear_pointer (&values, patron_free);
  gint64 *integers = whole && values != NULL ? (gint64 *) values : NULL;   /* of the same size: converted in place */
  for (gsize i = 0; integers != NULL && i < n; i++)
    {
      double value = values[i];
      gint64 integer = isnan (value) ? PATRON_INTEGER_MISSING : (gint64) value;
      memcpy (&integers[i], &integer, sizeof integer);
    }
  return values != NULL ? patron_column_new_take (name, whole ? PATRON_TYPE_INTEGER : PATRON_TYPE_NUMBER, n, values, NULL) : NULL;
}

static void
tell_level (Encode *self, const char *column, PatronText *level, double count, double value)
{
  patron_report_table_add_row (self->evidence);
  patron_report_table_add_string (self->evidence, column);
  patron_report_table_add_text (self->evidence, level);
  patron_report_table_add_number (self->evidence, count);
  patron_report_table_add_number (self->evidence, value);
}

static void
tell_levels (Encode *self, const PatronLevelCodes *codes, const char *column)
{
  for (guint s = 0; s < codes->n_levels + 2; s++)
    {
      double value = codes->values != NULL ? codes->values[s] : (double) NAN;
      if (s < MIN (codes->n_levels, LEVELS_SHOWN))
        tell_level (self, column, patron_text_plain (codes->levels[s]), codes->counts[s], value);
      else if (s >= codes->n_levels && codes->counts[s] > 0)
        tell_level (self, column, patron_text (s == codes->n_levels ? N_("other") : N_("missing"), NULL), codes->counts[s], value);
    }
  if (codes->n_levels > LEVELS_SHOWN)
    patron_report_add_note (self->report,
                            patron_text (N_("{column}: {n} values are told apart; the first {shown} are listed."), "column", PATRON_STRING (column),
                                         "n", PATRON_COUNT (codes->n_levels), "shown", PATRON_COUNT (LEVELS_SHOWN), NULL));
}

static gboolean
apply_column (Encode *self, const char *name, GError **error)
{
  PatronColumn *column = patron_table_find (self->input->table, name);
  PatronLevelCodes codes;
  if (!patron_level_codes_load (&codes, self->learnt, name, error))
    return FALSE;
  gint32 *slots = patron_level_codes_match (&codes, column, self->run, error);
  gboolean ok = slots != NULL;
  for (gsize i = 0; ok && i < patron_table_n_rows (self->table); i++)
    self->n_unknown += slots[i] == (gint32) PATRON_SLOT_OTHER (&codes);
  if (ok && self->params->method == METHOD_INDICATORS)
    ok = apply_indicators (self, &codes, name, slots, error);
  else if (ok && (ok = codes.values != NULL))
    {
      gboolean learnt_here = self->y != NULL && patron_learnt_get_number (self->learnt, name, "rows") == self->n_y
                             && patron_learnt_get_number (self->learnt, name, "mean") == mean_of (self->y, self->n_y);
      g_autofree char *wanted = g_strconcat (name, self->params->suffix, NULL);
      PatronColumn *encoded = number_column (self, &codes, wanted, slots, learnt_here, error);
      ok = encoded != NULL;
      if (ok)
        patron_prepare_put (&self->table, encoded);
    }
  if (ok)
    tell_levels (self, &codes, name);
  patron_free (slots);
  patron_level_codes_clear (&codes);
  return ok && patron_run_check (self->run, error);
}

static void
begin_report (Encode *self)
{
  self->evidence = patron_report_add_table (self->report, "levels", patron_text (N_("What each value becomes"), NULL));
  patron_report_table_add_column (self->evidence, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (self->evidence, "level", patron_text (N_("Value"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (self->evidence, "rows", patron_text (N_("Rows learnt from"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (self->evidence, "becomes", patron_text (N_("Becomes"), NULL), PATRON_FORMAT_NUMBER);
  if (self->params->method == METHOD_TARGET)
    patron_report_table_set_caption (self->evidence, patron_text (N_("New rows get these means of {target}. Rows learnt from get the mean of the "
                                                                     "other parts instead, "
                                                                     "so that no row sees its own target."),
                                                                  "target", PATRON_STRING (self->params->target), NULL));
}

static void
end_report (Encode *self, const char *const *names)
{
  patron_prepare_tell_absent (self->report, self->input->table, names);
  if (self->n_unknown > 0)
    patron_report_add_note (
        self->report,
        self->params->unknown == UNKNOWN_OTHER
            ? patron_text (N_("{n} {n|value is|values are} rare or new, and treated as “other”."), "n", PATRON_COUNT (self->n_unknown), NULL)
            : patron_text (N_("{n} {n|value is|values are} rare or new, and treated as missing."), "n", PATRON_COUNT (self->n_unknown), NULL));
}

static PatronTable *
encode_apply (const PatronPrepareInput *input, gconstpointer values, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const EncodeParams *params = values;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  Encode self = { .input = input, .params = params, .learnt = learnt, .table = patron_table_ref (input->table), .report = report, .run = run };
  PatronColumn *target = params->method == METHOD_TARGET ? patron_table_find (input->table, params->target) : NULL;
  if (target != NULL && patron_prepare_n_rows (input) > 0)
    {
      self.y = patron_encoding_target (input, target, run, NULL);   /* a new file may hold anything there */
      self.n_y = self.y != NULL ? patron_prepare_n_rows (input) : 0;
    }
  begin_report (&self);
  gboolean ok = patron_run_check (run, error);
  for (char **name = names; ok && *name != NULL; name++)
    if (patron_table_find (input->table, *name) != NULL)
      ok = apply_column (&self, *name, error);
  patron_free (self.y);
  if (ok)
    end_report (&self, (const char *const *) names);
  else
    g_clear_pointer (&self.table, patron_table_unref);
  return self.table;
}

/* ---- the operation ---------------------------------------------------------------------------------------------- */

static char *
encode_check (const PatronInput *input, gconstpointer values)
{
  const EncodeParams *params = values;
  g_auto (GStrv) names = patron_names_split (params->columns);
  if (params->method == METHOD_TARGET && g_strv_contains ((const char *const *) names, params->target))
    return g_strdup_printf (_("Column “%s” cannot be encoded by its own mean; choose another target."), params->target);
  return NULL;
}

static PatronText *
encode_sentence (gconstpointer values)
{
  const EncodeParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  if (params->method == METHOD_TARGET)
    return patron_text (N_("Encode {columns} by the mean of {target}"), "columns", PATRON_STRING (columns), "target", PATRON_STRING (params->target),
                        NULL);
  return patron_text (N_("Encode {columns}: {method}"), "columns", PATRON_STRING (columns), "method", PATRON_MSGID (methods[params->method].label),
                      NULL);
}

static const PatronPrepare encode_prepare = { .rows = PATRON_ROWS_KEPT, .learn = encode_learn, .apply = encode_apply, .sentence = encode_sentence };

extern const PatronOp patron_op_encode;
const PatronOp patron_op_encode = {
  .id = "encode",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Encode categories"),
  .question = N_("How do I turn categories into numbers?"),
  .summary = N_("Turns categories into yes/no columns, ordered numbers, means of a target, shares or counts."),
  .help = N_("Models here encode categories by themselves; this step is for when you want to decide how, and for export.\n\nOne-hot makes a yes/no "
             "column for each value. "
             "Ordinal numbers the values in an order you give. Target encoding puts the mean of the target among rows with that value, drawn "
             "towards the overall mean "
             "when there are few; rows learnt from are encoded by the means of the other parts of the data, so that no row sees its own target, "
             "and new rows by the mean of all. Frequency and count put how common the value is.\n\nRare values can be put together as “other”; "
             "values that "
             "were not there to learn from are treated like them. A missing value is a value of its own, except in an order, where it stays "
             "missing."),
  .reference = "D. Micci-Barreca, A Preprocessing Scheme for High-Cardinality Categorical Attributes in Classification and Prediction Problems, "
               "SIGKDD "
               "Explorations 3(1) (2001) 27-32",
  .params = encode_params,
  .params_size = sizeof (EncodeParams),
  .example = "columns=region\nmethod=target\ntarget=churn",
  .check = encode_check,
  .prepare = &encode_prepare,
};
