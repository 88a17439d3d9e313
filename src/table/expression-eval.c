/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-kernels.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/write-value.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Evaluation by blocks: the first child's values go where the node's are wanted, the other children's into the registers after it, and the
 * node combines them in place. */

typedef struct
{
  gsize   start, n;       /* rows of the block */
  GError *error;
} Block;

static gboolean evaluate (const PatronNode *node, Block *block, PatronRegister *r);

/* Registers that a node needs, its own included. */
static guint
count_registers (const PatronNode *node)
{
  guint most = 1;
  if (node->kind == PATRON_NODE_WINDOW || node->kind == PATRON_NODE_CONCAT)
    return 1;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    {
      guint needed = MIN (i, 2) + count_registers (patron_node_child (node, i));   /* once: MAX() would walk the tree below twice */
      most = MAX (most, needed);
    }
  return most;
}

/* Evaluates child c into r; the codes of texts in terms of the node's dictionary. */
static gboolean
evaluate_child (const PatronNode *node, guint c, Block *block, PatronRegister *r)
{
  const PatronNode *child = patron_node_child (node, c);
  if (!evaluate (child, block, r))
    return FALSE;
  if (node->maps != NULL && node->maps[c] != NULL && patron_type_is_text (child->type) && patron_type_is_text (node->type))
    patron_codes_map (node->maps[c], r->code, block->n);
  return TRUE;
}

static gboolean
choose (const PatronNode *node, Block *block, PatronRegister *r)
{
  guint8 condition[PATRON_BLOCK_ROWS];
  if (!evaluate (patron_node_child (node, 0), block, r))
    return FALSE;
  memcpy (condition, r->boolean, block->n);
  if (!evaluate_child (node, 1, block, r) || !evaluate_child (node, 2, block, r + 1))
    return FALSE;
  for (gsize i = 0; i < block->n; i++)
    if (condition[i] == PATRON_BOOLEAN_MISSING)
      patron_register_set_missing (node->type, r, i);
    else if (!condition[i])
      patron_register_copy (node->type, r, r + 1, i);
  return TRUE;
}

static gboolean
coalesce (const PatronNode *node, Block *block, PatronRegister *r)
{
  if (!evaluate_child (node, 0, block, r))
    return FALSE;
  for (guint c = 1; c < node->children->len; c++)
    {
      if (!evaluate_child (node, c, block, r + 1))
        return FALSE;
      for (gsize i = 0; i < block->n; i++)
        if (patron_register_is_missing (node->type, r, i))
          patron_register_copy (node->type, r, r + 1, i);
    }
  return TRUE;
}

/* ---- leaves ------------------------------------------------------------------------------------------------- */

static void
fill_literal (const PatronNode *node, PatronRegister *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = node->literal.number;
  else if (patron_type_is_integer (node->type))
    for (gsize i = 0; i < n; i++)
      r->integer[i] = node->literal.integer;
  else if (node->type == PATRON_TYPE_BOOLEAN)
    memset (r->boolean, node->literal.boolean, n);
  else
    for (gsize i = 0; i < n; i++)
      r->code[i] = node->text != NULL ? 0 : PATRON_CODE_MISSING;
}

static gboolean
read_column (const PatronNode *node, Block *block, PatronRegister *r)
{
  if (!patron_column_read (node->column, block->start, block->n, r, &block->error))
    return FALSE;
  if (node->type == PATRON_TYPE_DATE)
    for (gsize i = block->n; i-- > 0;)
      {
        gint32 days = r->code[i];
        r->integer[i] = days == PATRON_DATE_MISSING ? PATRON_INTEGER_MISSING : days;
      }
  return TRUE;
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

static gboolean
evaluate (const PatronNode *node, Block *block, PatronRegister *r)
{
  switch (node->kind)
    {
    case PATRON_NODE_LITERAL:
      fill_literal (node, r, block->n);
      return TRUE;
    case PATRON_NODE_COLUMN:
      return read_column (node, block, r);
    case PATRON_NODE_WINDOW:
      memcpy (r, (const char *) node->values + block->start * patron_node_value_size (node->type), block->n * patron_node_value_size (node->type));
      return TRUE;
    case PATRON_NODE_CONCAT:
      memcpy (r->code, node->codes + block->start, block->n * sizeof *node->codes);
      return TRUE;
    case PATRON_NODE_IF:
      return choose (node, block, r);
    case PATRON_NODE_COALESCE:
      return coalesce (node, block, r);
    case PATRON_NODE_MIN:
    case PATRON_NODE_MAX:
      if (!evaluate (patron_node_child (node, 0), block, r))
        return FALSE;
      for (guint c = 1; c < node->children->len; c++)
        {
          if (!evaluate (patron_node_child (node, c), block, r + 1))
            return FALSE;
          patron_node_combine (node, r, block->n);
        }
      return TRUE;
    default:
      for (guint c = 0; c < node->children->len; c++)
        if (!evaluate (patron_node_child (node, c), block, r + c))
          return FALSE;
      patron_node_combine (node, r, block->n);
      return TRUE;
    }
}

/* ---- concat: rows to strings -------------------------------------------------------------------------------- */

/* The value of a row as text; FALSE when missing. */
static gboolean
append_value (const PatronNode *node, const PatronRegister *r, gsize i, const char *format, GString *text)
{
  char buffer[64];
  int length = 0;
  if (patron_register_is_missing (node->type, r, i))
    return FALSE;
  if (format != NULL)
    {
      gint64 value = r->integer[i];
      if (node->type == PATRON_TYPE_DATE && __builtin_mul_overflow (value, PATRON_DAY_US, &value))
        return FALSE;
      patron_moment_format (value, format, text);
      return TRUE;
    }
  switch (node->type)
    {
    case PATRON_TYPE_NUMBER:
      length = patron_double_format (r->number[i], buffer);
      break;
    case PATRON_TYPE_DATE:
      length = patron_date_format ((gint32) CLAMP (r->integer[i], G_MININT32, G_MAXINT32), buffer);
      break;
    case PATRON_TYPE_DURATION:
      length = (int) (patron_write_duration (r->integer[i], buffer) - buffer);
      break;
    case PATRON_TYPE_TIME:
      length = patron_time_format (r->integer[i], buffer);
      break;
    case PATRON_TYPE_BOOLEAN:
      g_string_append (text, r->boolean[i] ? "true" : "false");
      return TRUE;
    case PATRON_TYPE_TEXT:
    case PATRON_TYPE_CATEGORY:
      g_string_append (text, patron_dict_get (node->dict, r->code[i]));
      return TRUE;
    default:
      length = g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, r->integer[i]);
      break;
    }
  g_string_append_len (text, buffer, length);
  return TRUE;
}

/* Codes of values met before, for a single operand that is no text: dates and whole numbers come again and again. */
enum { KNOWN_VALUES = 8192 };

typedef struct
{
  gint64 value[KNOWN_VALUES];
  gint32 code[KNOWN_VALUES];       /* PATRON_CODE_MISSING: not known */
} KnownValues;

static KnownValues *
known_values_new (const PatronNode *node)
{
  PatronType type = patron_node_child (node, 0)->type;
  if (node->children->len > 1 || patron_type_is_text (type) || type == PATRON_TYPE_BOOLEAN)
    return NULL;
  KnownValues *known = g_try_new (KnownValues, 1);
  if (known != NULL)
    memset (known->code, 0xff, sizeof known->code);
  return known;
}

static gsize
known_values_at (gint64 value)
{
  return ((guint64) value * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 51;
}

/* Serial, so that codes come in order of first appearance. */
static gboolean
concat_rows (PatronNode *node, gsize n, PatronRegister *r, PatronDictBuilder *builder, PatronRun *run, GError **error)
{
  guint n_children = node->children->len;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree KnownValues *known = known_values_new (node);
  for (gsize start = 0; start < n; start += PATRON_BLOCK_ROWS)
    {
      Block block = { start, MIN (n - start, PATRON_BLOCK_ROWS), NULL };
      gsize offset = 0;
      for (guint c = 0; c < n_children; c++)
        {
          if (!evaluate (patron_node_child (node, c), &block, r + offset))
            {
              g_propagate_error (error, block.error);
              return FALSE;
            }
          offset++;
        }
      for (gsize i = 0; i < block.n; i++)
        {
          gboolean there = TRUE;
          gsize at = known != NULL ? known_values_at (r->integer[i]) : 0;
          if (known != NULL && known->code[at] != PATRON_CODE_MISSING && known->value[at] == r->integer[i])
            {
              node->codes[start + i] = known->code[at];
              continue;
            }
          g_string_truncate (text, 0);
          for (guint c = 0; there && c < n_children; c++)
            there = append_value (patron_node_child (node, c), r + c, i, node->arguments != NULL ? node->arguments[0] : NULL, text);
          node->codes[start + i] = there ? patron_dict_builder_add (builder, text->str, text->len) : PATRON_CODE_MISSING;
          if (known != NULL)
            {
              known->value[at] = r->integer[i];
              known->code[at] = node->codes[start + i];
            }
          if (there && node->codes[start + i] < 0)
            {
              g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the texts of the formula."));
              return FALSE;
            }
        }
      if (run != NULL && !patron_run_check (run, error))
        return FALSE;
    }
  return TRUE;
}

static guint
count_concat_registers (const PatronNode *node)
{
  guint most = 1;
  for (guint c = 0; c < node->children->len; c++)
    {
      guint needed = c + count_registers (patron_node_child (node, c));
      most = MAX (most, needed);
    }
  return most;
}

static gboolean
prepare_concat (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  PatronRegister *r = patron_try_alloc (count_concat_registers (node), sizeof *r, "the formula", error);
  node->codes = g_try_new (gint32, MAX (n, 1));
  if (r == NULL || node->codes == NULL)
    {
      patron_free (r);
      if (error != NULL && *error == NULL)
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the texts of the formula."));
      return FALSE;
    }
  PatronDictBuilder *builder = patron_dict_builder_new ();
  gboolean done = concat_rows (node, n, r, builder, run, error);
  patron_free (r);
  node->dict = patron_dict_builder_finish (builder);
  if (done && node->dict == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the texts of the formula."));
  return done && node->dict != NULL;
}

/* Children first: a node's tables are made from its children's dictionaries. */
static gboolean
prepare (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  for (guint c = 0; node->children != NULL && c < node->children->len; c++)
    if (!prepare (patron_node_child (node, c), n, run, error))
      return FALSE;
  if (node->kind == PATRON_NODE_CONCAT)
    return prepare_concat (node, n, run, error);
  return node->kind == PATRON_NODE_WINDOW ? patron_node_prepare_window (node, n, run, error) : patron_node_prepare_text (node, run, error);
}

/* ---- whole columns ------------------------------------------------------------------------------------------ */

typedef struct
{
  const PatronNode *node;
  PatronRegister   *registers;     /* n_registers for each worker */
  guint             n_registers;
  gsize             first;         /* row that out begins with */
  gboolean          narrow;        /* dates as a column holds them, in 32 bits */
  gboolean          is_filter;     /* only what is true counts */
  guint8           *out;
  GError           *error;
} Computation;

gsize
patron_node_value_size (PatronType type)
{
  return type == PATRON_TYPE_DATE ? sizeof (gint64) : patron_type_size (type);
}

static void
store (PatronType type, const PatronRegister *r, gsize n, guint8 *out)
{
  gint32 *days = (gint32 *) out;
  for (gsize i = 0; i < n; i++)
    days[i] = r->integer[i] > G_MININT32 && r->integer[i] <= G_MAXINT32 ? (gint32) r->integer[i] : PATRON_DATE_MISSING;
}

static void
compute_body (gsize begin, gsize end, int worker, gpointer data)
{
  Computation *computation = data;
  const PatronNode *node = computation->node;
  PatronRegister *r = computation->registers + (gsize) worker * computation->n_registers;
  gboolean narrow = computation->narrow && node->type == PATRON_TYPE_DATE;
  gsize size = narrow ? patron_type_size (node->type) : patron_node_value_size (node->type);
  PatronVerdict verdict = computation->is_filter ? patron_node_judge (node, computation->first + begin, end - begin) : PATRON_VERDICT_OPEN;
  if (verdict != PATRON_VERDICT_OPEN)
    {
      memset (computation->out + begin, verdict == PATRON_VERDICT_ALL, end - begin);
      return;
    }
  for (gsize start = begin; start < end; start += PATRON_BLOCK_ROWS)
    {
      Block block = { computation->first + start, MIN (end - start, PATRON_BLOCK_ROWS), NULL };
      if (evaluate (node, &block, r))
        {
          if (narrow)
            store (node->type, r, block.n, computation->out + start * size);
          else
            memcpy (computation->out + start * size, r, block.n * size);
          continue;
        }
      patron_error_keep (&computation->error, block.error);
      return;
    }
}

/* Rows first … first+n-1 of a prepared node into out. */
static gboolean
compute_rows (const PatronNode *node, gsize first, gsize n, gboolean narrow, gboolean is_filter, gpointer out, PatronRun *run, GError **error)
{
  Computation computation = { .node = node, .n_registers = count_registers (node) + 2, .first = first, .narrow = narrow,
                              .is_filter = is_filter, .out = out };
  /* A few rows of a lazy column are not worth waking the other cores. */
  gboolean alone = n <= PATRON_CHUNK_ROWS;
  gsize n_workers = alone ? 1 : (gsize) patron_parallel_workers (run);
  computation.registers = patron_try_alloc (n_workers * computation.n_registers, sizeof (PatronRegister), "the formula", error);
  if (computation.registers == NULL)
    return FALSE;
  gboolean done = TRUE;
  if (alone)
    compute_body (0, n, 0, &computation);
  else
    done = patron_parallel_for (run, n, PATRON_CHUNK_ROWS, compute_body, &computation);
  patron_free (computation.registers);
  if (computation.error != NULL)
    {
      g_propagate_error (error, computation.error);
      return FALSE;
    }
  return done || patron_run_check (run, error);
}

gboolean
patron_node_evaluate_all (const PatronNode *node, gsize n, gpointer out, PatronRun *run, GError **error)
{
  return compute_rows (node, 0, n, FALSE, FALSE, out, run, error);
}

static gboolean
prepare_all (PatronExpression *expression, PatronRun *run, GError **error)
{
  if (!expression->prepared && !prepare (expression->root, patron_table_n_rows (expression->table), run, error))
    return FALSE;
  expression->prepared = TRUE;
  return TRUE;
}

/* ---- lazy columns: the expression is prepared, and only read from then on --------------------------------------- */

static gboolean
lazy_read (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  const PatronExpression *expression = owner;
  return compute_rows (expression->root, start, n, TRUE, FALSE, out, NULL, error);
}

static PatronDict *
lazy_dict (gpointer owner, GError **error)
{
  const PatronExpression *expression = owner;
  return patron_dict_ref (expression->root->dict);
}

static void
lazy_free (gpointer owner)
{
  patron_expression_free (owner);
}

static gboolean
uses_lazy_column (const PatronNode *node)
{
  if (node->kind == PATRON_NODE_COLUMN)
    return !patron_column_is_resident (node->column);
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    if (uses_lazy_column (patron_node_child (node, i)))
      return TRUE;
  return FALSE;
}

PatronColumn *
patron_expression_compute (PatronExpression *expression, const char *name, PatronRun *run, GError **error)
{
  static const PatronColumnSource source = { .read = lazy_read, .dict = lazy_dict, .free = lazy_free };
  gsize n = patron_table_n_rows (expression->table);
  PatronType type = expression->root->type;
  gboolean lazy = uses_lazy_column (expression->root) && !patron_expression_needs_all_rows (expression);
  if (!prepare_all (expression, run, error))
    return NULL;
  if (lazy)
    {
      g_atomic_ref_count_inc (&expression->references);
      return patron_column_new_lazy (name, type, n, &source, expression);
    }
  guint8 *values = patron_try_alloc_values (n, patron_type_size (type), name, error);
  if (values == NULL)
    return NULL;
  if (!compute_rows (expression->root, 0, n, TRUE, FALSE, values, run, error))
    {
      patron_free (values);
      return NULL;
    }
  return patron_column_new_take (name, type, n, values, patron_type_is_text (type) ? patron_dict_ref (expression->root->dict) : NULL);
}

gboolean
patron_expression_filter (PatronExpression *expression, guint8 *keep, gsize *n_kept, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (expression->table), kept = 0;
  if (expression->root->type != PATRON_TYPE_BOOLEAN)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("A filter needs a condition that is true or false, such as “amount > 0”; this formula is of the type “%s”."),
                   _(patron_type_label (expression->root->type)));
      return FALSE;
    }
  if (!prepare_all (expression, run, error) || !compute_rows (expression->root, 0, n, TRUE, TRUE, keep, run, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      keep[i] = keep[i] == 1;
      kept += keep[i];
    }
  *n_kept = kept;
  return TRUE;
}
