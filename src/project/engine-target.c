/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"
#include "base/order.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More classes than this is a number or a name, not a class. */
#define MAX_CLASSES 200

void
patron_target_clear (PatronTarget *target)
{
  patron_free (target->y);
  patron_free (target->weights);
  g_strfreev (target->class_names);
}

typedef struct
{
  const char *name;
  gint32      code;
} Class;

static int
compare_classes (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Class *) a)->name, ((const Class *) b)->name);
}

static gboolean
refuse_classes (const char *name, gsize n, GError **error)
{
  if (n < 2)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Target “%s” has only one value in the rows used; expected at least two."), name);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Target “%s” has %d different values; expected at most %d classes."), name, (int) n, MAX_CLASSES);
  return FALSE;
}

/* Classes that occur, in order of name, whatever the order of the file. */
static gboolean
read_categories (PatronTarget *target, PatronColumn *column, GError **error)
{
  const gint32 *codes = patron_column_codes (column, error);
  PatronDict *dict = codes != NULL ? patron_column_dict (column, error) : NULL;
  if (dict == NULL)
    return FALSE;
  gsize size = patron_dict_size (dict);
  g_autofree gint32 *class_of = g_new (gint32, MAX (size, 1));
  memset (class_of, 0xff, MAX (size, 1) * sizeof *class_of);
  g_autoptr (GArray) classes = g_array_new (FALSE, FALSE, sizeof (Class));
  for (gsize i = 0; i < target->n; i++)
    if (codes[i] >= 0 && class_of[codes[i]] < 0)
      {
        class_of[codes[i]] = 0;
        g_array_append_val (classes, ((Class) { .name = patron_dict_get (dict, codes[i]), .code = codes[i] }));
      }
  if (classes->len < 2 || classes->len > MAX_CLASSES)
    return refuse_classes (patron_column_get_name (column), classes->len, error);
  g_array_sort (classes, compare_classes);
  target->class_names = g_new0 (char *, classes->len + 1);
  for (guint c = 0; c < classes->len; c++)
    {
      const Class *class = &g_array_index (classes, Class, c);
      target->class_names[c] = g_strdup (class->name);
      class_of[class->code] = (gint32) c;
    }
  for (gsize i = 0; i < target->n; i++)
    target->y[i] = codes[i] >= 0 ? class_of[codes[i]] : (double) NAN;
  return TRUE;
}

/* The distinct values of y when there are at most max of them, ascending; otherwise an array longer than max. */
static GArray *
distinct_values (const double *y, gsize n, guint max)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  for (gsize i = 0; i < n && values->len <= max; i++)
    {
      guint v = 0;
      while (v < values->len && g_array_index (values, double, v) != y[i])
        v++;
      if (v == values->len)
        g_array_append_val (values, y[i]);
    }
  g_array_sort (values, patron_compare_doubles);
  return values;
}

static gboolean
read_numbers_as_classes (PatronTarget *target, PatronColumn *column, GError **error)
{
  g_autoptr (GArray) values = distinct_values (target->y, target->n, MAX_CLASSES);
  if (values->len < 2 || values->len > MAX_CLASSES)
    return refuse_classes (patron_column_get_name (column), values->len, error);
  gboolean boolean = patron_column_get_type (column) == PATRON_TYPE_BOOLEAN;
  target->class_names = g_new0 (char *, values->len + 1);
  for (guint c = 0; c < values->len; c++)
    {
      char buffer[32];
      double value = g_array_index (values, double, c);
      patron_double_format (value, buffer);
      target->class_names[c] = g_strdup (boolean ? (value != 0 ? "true" : "false") : buffer);
    }
  for (gsize i = 0; i < target->n; i++)
    {
      const double *at = bsearch (&target->y[i], values->data, values->len, sizeof (double), patron_compare_doubles);
      target->y[i] = (double) (at - (const double *) (gconstpointer) values->data);
    }
  return TRUE;
}

/* Numbers with two values are classes where the operation can classify; with more they are a quantity if it can do regression. */
static gboolean
wants_classes (const PatronOp *op, PatronColumn *column, const PatronTarget *target)
{
  if (!(op->model->tasks & PATRON_TASK_CLASSIFICATION))
    return FALSE;
  if (!(op->model->tasks & PATRON_TASK_REGRESSION) || patron_column_get_type (column) == PATRON_TYPE_BOOLEAN)
    return TRUE;
  g_autoptr (GArray) values = distinct_values (target->y, target->n, 2);
  return values->len == 2;
}

static gboolean
read_weights (PatronTarget *target, const PatronOp *op, PatronTable *table, const PatronRoles *roles, GError **error)
{
  const char *name = patron_roles_first (roles, PATRON_ROLE_WEIGHT);
  if (name == NULL || !op->model->weights)
    return TRUE;
  target->weights = patron_try_alloc (target->n, sizeof *target->weights, name, error);
  if (target->weights == NULL || !patron_column_read_doubles (patron_table_find (table, name), 0, target->n, target->weights, error))
    return FALSE;
  for (gsize i = 0; i < target->n; i++)
    if (!(target->weights[i] >= 0) || !isfinite (target->weights[i]))
      {
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Weight column “%s”, row %d: %g; expected a number of 0 or more."), name,
                     (int) i + 1, target->weights[i]);
        return FALSE;
      }
  return TRUE;
}

gboolean
patron_target_read (PatronTarget *target, const PatronOp *op, PatronTable *table, const PatronRoles *roles, GError **error)
{
  const char *name = patron_roles_first (roles, PATRON_ROLE_TARGET);
  PatronColumn *column = patron_table_require (table, name, error);
  if (column == NULL)
    return FALSE;
  target->n = patron_table_n_rows (table);
  target->y = patron_try_alloc (target->n, sizeof *target->y, name, error);
  if (target->y == NULL)
    return FALSE;
  gboolean categorical = patron_column_has_dict (column);
  if (categorical && !(op->model->tasks & PATRON_TASK_CLASSIFICATION))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Target “%s” holds names, not numbers; %s predicts numbers."), name, _(op->title));
      return FALSE;
    }
  if (!categorical && !patron_column_read_doubles (column, 0, target->n, target->y, error))
    return FALSE;
  gboolean classes = categorical || wants_classes (op, column, target);
  target->task = classes ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION;
  if (categorical ? !read_categories (target, column, error) : classes && !read_numbers_as_classes (target, column, error))
    return FALSE;
  return read_weights (target, op, table, roles, error);
}
