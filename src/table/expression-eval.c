/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Evaluation by blocks: the first child's values go where the node's are wanted, the other children's into the registers after it, and the
 * node combines them in place. A register holds BLOCK values of up to eight bytes. */

enum
{
  BLOCK = 4096,
};

#define DAY_US  G_GINT64_CONSTANT (86400000000)
#define INT_NA  PATRON_INTEGER_MISSING
#define BOOL_NA PATRON_BOOLEAN_MISSING
#define CODE_NA PATRON_CODE_MISSING

typedef union
{
  double number[BLOCK];
  gint64 integer[BLOCK];
  guint8 boolean[BLOCK];
  gint32 code[BLOCK];
} Register;

typedef struct
{
  gsize   start, n;       /* rows of the block */
  GError *error;
} Block;

static gboolean evaluate (const PatronNode *node, Block *block, Register *r);

/* Registers that a node needs, its own included. */
static guint
count_registers (const PatronNode *node)
{
  guint most = 1;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    most = MAX (most, MIN (i, 2) + count_registers (patron_node_child (node, i)));
  return most;
}

/* ---- arithmetic --------------------------------------------------------------------------------------------- */

#define DEFINE_NUMBERS(name, expression)                                                                \
  PATRON_SIMD static void                                                                               \
  name##_numbers (double *restrict a, const double *restrict b, gsize n)                                \
  {                                                                                                     \
    for (gsize i = 0; i < n; i++)                                                                       \
      {                                                                                                 \
        double x = a[i], y = b[i];                                                                      \
        a[i] = (expression);                                                                            \
      }                                                                                                 \
  }

DEFINE_NUMBERS (add, x + y)
DEFINE_NUMBERS (subtract, x - y)
DEFINE_NUMBERS (multiply, x *y)
DEFINE_NUMBERS (divide, y == 0 ? NAN : x / y)
DEFINE_NUMBERS (min, x != x || y != y ? NAN : x < y ? x : y)
DEFINE_NUMBERS (max, x != x || y != y ? NAN : x > y ? x : y)

/* The remainder has the sign of the divisor; nothing is left over by zero. */
static void
modulo_numbers (double *a, const double *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double rest = b[i] == 0 ? NAN : fmod (a[i], b[i]);
      a[i] = rest != 0 && (rest < 0) != (b[i] < 0) ? rest + b[i] : rest;
    }
}

static void
power_numbers (double *a, const double *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      /* pow (1, NaN) and pow (NaN, 0) are 1 in C; here missing stays missing. */
      double power = isnan (a[i]) || isnan (b[i]) ? NAN : pow (a[i], b[i]);
      a[i] = isfinite (power) ? power : NAN;
    }
}

/* What does not fit is missing. */
#define DEFINE_INTEGERS(name, statement)                                                                \
  static void                                                                                           \
  name##_integers (gint64 *a, const gint64 *b, gsize n)                                                 \
  {                                                                                                     \
    for (gsize i = 0; i < n; i++)                                                                       \
      {                                                                                                 \
        gint64 x = a[i], y = b[i], z = INT_NA;                                                          \
        if (x != INT_NA && y != INT_NA)                                                                 \
          {                                                                                             \
            statement;                                                                                  \
          }                                                                                             \
        a[i] = z;                                                                                       \
      }                                                                                                 \
  }

DEFINE_INTEGERS (add, if (__builtin_add_overflow (x, y, &z)) z = INT_NA)
DEFINE_INTEGERS (subtract, if (__builtin_sub_overflow (x, y, &z)) z = INT_NA)
DEFINE_INTEGERS (multiply, if (__builtin_mul_overflow (x, y, &z)) z = INT_NA)
DEFINE_INTEGERS (min, z = MIN (x, y))
DEFINE_INTEGERS (max, z = MAX (x, y))
DEFINE_INTEGERS (modulo, if (y == -1) z = 0; else if (y != 0) { z = x % y; z += z != 0 && (z < 0) != (y < 0) ? y : 0; })

typedef void (*Numbers) (double *a, const double *b, gsize n);
typedef void (*Integers) (gint64 *a, const gint64 *b, gsize n);

static void
arithmetic (const PatronNode *node, Register *a, const Register *b, gsize n)
{
  static const struct { Numbers numbers; Integers integers; } kernels[] = {
    [PATRON_NODE_ADD] = { add_numbers, add_integers }, [PATRON_NODE_SUBTRACT] = { subtract_numbers, subtract_integers },
    [PATRON_NODE_MULTIPLY] = { multiply_numbers, multiply_integers }, [PATRON_NODE_DIVIDE] = { divide_numbers, NULL },
    [PATRON_NODE_MODULO] = { modulo_numbers, modulo_integers }, [PATRON_NODE_POWER] = { power_numbers, NULL },
    [PATRON_NODE_MIN] = { min_numbers, min_integers }, [PATRON_NODE_MAX] = { max_numbers, max_integers },
  };
  if (node->type == PATRON_TYPE_NUMBER)
    kernels[node->kind].numbers (a->number, b->number, n);
  else
    kernels[node->kind].integers (a->integer, b->integer, n);
}

static void
negate (const PatronNode *node, Register *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = -r->number[i];
  else
    for (gsize i = 0; i < n; i++)
      r->integer[i] = r->integer[i] == INT_NA ? INT_NA : -r->integer[i];
}

static void
absolute (const PatronNode *node, Register *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = fabs (r->number[i]);
  else
    for (gsize i = 0; i < n; i++)
      r->integer[i] = r->integer[i] == INT_NA ? INT_NA : ABS (r->integer[i]);
}

static void
sign (const PatronNode *node, Register *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = isnan (r->number[i]) ? NAN : (r->number[i] > 0) - (r->number[i] < 0);
  else
    for (gsize i = 0; i < n; i++)
      r->integer[i] = r->integer[i] == INT_NA ? INT_NA : (r->integer[i] > 0) - (r->integer[i] < 0);
}

/* Half away from zero; to negative digits, on tens, hundreds … */
static void
round_numbers (const PatronNode *node, Register *r, gsize n)
{
  double power = pow (10, ABS ((double) node->literal.integer));
  for (gsize i = 0; i < n; i++)
    {
      double x = r->number[i];
      double rounded = node->literal.integer < 0 ? round (x / power) * power : round (x * power) / power;
      r->number[i] = isfinite (rounded) ? rounded : x;
    }
}

/* ---- conversions -------------------------------------------------------------------------------------------- */

static void
integers_to_numbers (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->number[i] = r->integer[i] == INT_NA ? NAN : (double) r->integer[i];
}

static void
numbers_to_integers (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double x = nearbyint (r->number[i]);
      r->integer[i] = fabs (x) < 9.2e18 ? (gint64) x : INT_NA;
    }
}

/* Widening in place goes backwards. */
static void
booleans_to_integers (Register *r, gsize n)
{
  for (gsize i = n; i-- > 0;)
    {
      guint8 x = r->boolean[i];
      r->integer[i] = x == BOOL_NA ? INT_NA : x;
    }
}

static void
dates_to_times (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (r->integer[i] == INT_NA || __builtin_mul_overflow (r->integer[i], DAY_US, &r->integer[i]))
      r->integer[i] = INT_NA;
}

static gint64
floor_divide (gint64 x, gint64 y)
{
  return x / y - (x % y < 0);
}

static void
times_to_dates (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->integer[i] = r->integer[i] == INT_NA ? INT_NA : floor_divide (r->integer[i], DAY_US);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static gint64
date_part (PatronDatePart part, gint64 days)
{
  int year, month, day;
  if (days == INT_NA || days < -100000000 || days > 100000000)
    return INT_NA;
  /* Day 0 was a Thursday; Monday is 1. */
  if (part == PATRON_WEEKDAY)
    return ((days + 3) % 7 + 7) % 7 + 1;
  patron_date_to_ymd ((gint32) days, &year, &month, &day);
  return part == PATRON_YEAR ? year : part == PATRON_QUARTER ? (month - 1) / 3 + 1 : part == PATRON_MONTH ? month : day;
}

static void
date_parts (const PatronNode *node, Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->integer[i] = date_part (node->part, r->integer[i]);
}

static void
clock_parts (const PatronNode *node, Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gint64 time = r->integer[i];
      if (time == INT_NA)
        continue;
      gint64 second = (time - floor_divide (time, DAY_US) * DAY_US) / G_USEC_PER_SEC;
      r->integer[i] = node->part == PATRON_HOUR ? second / 3600 : node->part == PATRON_MINUTE ? second / 60 % 60 : second % 60;
    }
}

static void
make_dates (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double year = r[0].number[i], month = r[1].number[i], day = r[2].number[i];
      gboolean whole = year == floor (year) && month == floor (month) && day == floor (day);
      gboolean valid = whole && year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31
                       && patron_date_valid ((int) year, (int) month, (int) day);
      r[0].integer[i] = valid ? patron_date_from_ymd ((int) year, (int) month, (int) day) : INT_NA;
    }
}

/* ---- comparison and logic ----------------------------------------------------------------------------------- */

#define COMPARE_LOOP(operator, left, right, missing)          \
  for (gsize i = 0; i < n; i++)                               \
    {                                                         \
      guint8 holds = (left) operator (right);                 \
      out[i] = (missing) ? BOOL_NA : holds;                   \
    }
#define DEFINE_COMPARE(name, type, left, right, missing)                                                                   \
  PATRON_SIMD static void                                                                                                  \
  compare_##name (PatronRelation relation, const type *restrict a, const type *restrict b, gsize n, guint8 *restrict out)  \
  {                                                                                                                        \
    switch (relation)                                                                                                      \
      {                                                                                                                    \
      case PATRON_EQ:                                                                                                      \
        COMPARE_LOOP (==, left, right, missing)                                                                            \
        break;                                                                                                             \
      case PATRON_NE:                                                                                                      \
        COMPARE_LOOP (!=, left, right, missing)                                                                            \
        break;                                                                                                             \
      case PATRON_LT:                                                                                                      \
        COMPARE_LOOP (<, left, right, missing)                                                                             \
        break;                                                                                                             \
      case PATRON_LE:                                                                                                      \
        COMPARE_LOOP (<=, left, right, missing)                                                                            \
        break;                                                                                                             \
      case PATRON_GT:                                                                                                      \
        COMPARE_LOOP (>, left, right, missing)                                                                             \
        break;                                                                                                             \
      default:                                                                                                             \
        COMPARE_LOOP (>=, left, right, missing)                                                                            \
        break;                                                                                                             \
      }                                                                                                                    \
  }

DEFINE_COMPARE (numbers, double, a[i], b[i], a[i] != a[i] || b[i] != b[i])
DEFINE_COMPARE (integers, gint64, a[i], b[i], a[i] == INT_NA || b[i] == INT_NA)
DEFINE_COMPARE (ranks, gint32, a[i], b[i], a[i] == CODE_NA || b[i] == CODE_NA)

static void
map_codes (const gint32 *map, gint32 *codes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    codes[i] = codes[i] == CODE_NA ? CODE_NA : map[codes[i]];
}

/* Ranks may be negative; CODE_NA must not be one. */
static void
map_ranks (const gint32 *ranks, gint32 *codes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    codes[i] = codes[i] == CODE_NA ? CODE_NA : ranks[codes[i]] + 1;
}

static void
compare (const PatronNode *node, Register *r, gsize n)
{
  PatronType type = patron_node_child (node, 0)->type;
  guint8 out[BLOCK];
  if (patron_type_is_text (type))
    {
      map_ranks (node->maps[0], r[0].code, n);
      map_ranks (node->maps[1], r[1].code, n);
      compare_ranks (node->relation, r[0].code, r[1].code, n, out);
    }
  else if (type == PATRON_TYPE_NUMBER)
    compare_numbers (node->relation, r[0].number, r[1].number, n, out);
  else
    compare_integers (node->relation, r[0].integer, r[1].integer, n, out);
  memcpy (r[0].boolean, out, n);
}

/* A false decides “and”, a true “or”, whatever is missing beside it. */
static void
logic (const PatronNode *node, Register *r, gsize n)
{
  guint8 decides = node->kind == PATRON_NODE_OR;
  guint8 *a = r[0].boolean;
  const guint8 *b = r[1].boolean;
  for (gsize i = 0; i < n; i++)
    a[i] = a[i] == decides || b[i] == decides ? decides : a[i] == BOOL_NA || b[i] == BOOL_NA ? BOOL_NA : !decides;
}

static void
logic_not (Register *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->boolean[i] = r->boolean[i] == BOOL_NA ? BOOL_NA : !r->boolean[i];
}

static void
is_in (const PatronNode *node, Register *r, gsize n)
{
  gboolean number = patron_node_child (node, 0)->type == PATRON_TYPE_NUMBER;
  const double *numbers = (const double *) node->list->data;
  const gint64 *integers = (const gint64 *) node->list->data;
  for (gsize i = 0; i < n; i++)
    {
      double x = number ? r->number[i] : 0;
      gint64 k = number ? 0 : r->integer[i];
      gsize low = 0, high = node->list->len;
      while (low < high)
        {
          gsize middle = (low + high) / 2;
          if (number ? numbers[middle] < x : integers[middle] < k)
            low = middle + 1;
          else
            high = middle;
        }
      gboolean missing = number ? isnan (x) : k == INT_NA;
      gboolean found = low < node->list->len && (number ? numbers[low] == x : integers[low] == k);
      /* The register narrows from eight bytes to one, so what is still to be read stays ahead of what is written. */
      r->boolean[i] = missing ? BOOL_NA : found;
    }
}

static gboolean
value_is_missing (PatronType type, const Register *r, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    return isnan (r->number[i]);
  if (patron_type_is_integer (type))
    return r->integer[i] == INT_NA;
  return type == PATRON_TYPE_BOOLEAN ? r->boolean[i] == BOOL_NA : r->code[i] == CODE_NA;
}

static void
is_missing (const PatronNode *node, Register *r, gsize n)
{
  PatronType type = patron_node_child (node, 0)->type;
  for (gsize i = 0; i < n; i++)
    r->boolean[i] = value_is_missing (type, r, i);
}

static void
set_missing (PatronType type, Register *r, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    r->number[i] = NAN;
  else if (patron_type_is_integer (type))
    r->integer[i] = INT_NA;
  else if (type == PATRON_TYPE_BOOLEAN)
    r->boolean[i] = BOOL_NA;
  else
    r->code[i] = CODE_NA;
}

static void
copy_value (PatronType type, Register *to, const Register *from, gsize i)
{
  if (type == PATRON_TYPE_NUMBER || patron_type_is_integer (type))
    to->integer[i] = from->integer[i];
  else if (type == PATRON_TYPE_BOOLEAN)
    to->boolean[i] = from->boolean[i];
  else
    to->code[i] = from->code[i];
}

/* Evaluates child c into r; the codes of texts in terms of the node's dictionary. */
static gboolean
evaluate_child (const PatronNode *node, guint c, Block *block, Register *r)
{
  const PatronNode *child = patron_node_child (node, c);
  if (!evaluate (child, block, r))
    return FALSE;
  if (node->maps != NULL && node->maps[c] != NULL && patron_type_is_text (child->type) && patron_type_is_text (node->type))
    map_codes (node->maps[c], r->code, block->n);
  return TRUE;
}

static gboolean
choose (const PatronNode *node, Block *block, Register *r)
{
  guint8 condition[BLOCK];
  if (!evaluate (patron_node_child (node, 0), block, r))
    return FALSE;
  memcpy (condition, r->boolean, block->n);
  if (!evaluate_child (node, 1, block, r) || !evaluate_child (node, 2, block, r + 1))
    return FALSE;
  for (gsize i = 0; i < block->n; i++)
    if (condition[i] == BOOL_NA)
      set_missing (node->type, r, i);
    else if (!condition[i])
      copy_value (node->type, r, r + 1, i);
  return TRUE;
}

static gboolean
coalesce (const PatronNode *node, Block *block, Register *r)
{
  if (!evaluate_child (node, 0, block, r))
    return FALSE;
  for (guint c = 1; c < node->children->len; c++)
    {
      if (!evaluate_child (node, c, block, r + 1))
        return FALSE;
      for (gsize i = 0; i < block->n; i++)
        if (value_is_missing (node->type, r, i))
          copy_value (node->type, r, r + 1, i);
    }
  return TRUE;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static void
look_up (const PatronNode *node, Register *r, gsize n)
{
  if (node->kind == PATRON_NODE_TEXT_TEST)
    for (gsize i = 0; i < n; i++)
      r->boolean[i] = r->code[i] == CODE_NA ? BOOL_NA : node->tests[r->code[i]];
  else if (node->kind == PATRON_NODE_TEXT_MEASURE)
    for (gsize i = n; i-- > 0;)
      {
        gint32 code = r->code[i];
        r->integer[i] = code == CODE_NA ? INT_NA : node->measures[code];
      }
  else
    for (gsize i = n; i-- > 0;)
      {
        gint32 code = r->code[i];
        r->number[i] = code == CODE_NA ? NAN : node->numbers[code];
      }
}

/* ---- leaves ------------------------------------------------------------------------------------------------- */

static void
fill_literal (const PatronNode *node, Register *r, gsize n)
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
      r->code[i] = node->text != NULL ? 0 : CODE_NA;
}

static gboolean
read_column (const PatronNode *node, Block *block, Register *r)
{
  if (!patron_column_read (node->column, block->start, block->n, r, &block->error))
    return FALSE;
  if (node->type == PATRON_TYPE_DATE)
    for (gsize i = block->n; i-- > 0;)
      {
        gint32 days = r->code[i];
        r->integer[i] = days == PATRON_DATE_MISSING ? INT_NA : days;
      }
  return TRUE;
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

/* Nodes that combine values already in r, r + 1 … */
static void
combine (const PatronNode *node, Block *block, Register *r)
{
  gsize n = block->n;
  switch (node->kind)
    {
    case PATRON_NODE_TO_NUMBER:
      integers_to_numbers (r, n);
      break;
    case PATRON_NODE_TO_INTEGER:
      numbers_to_integers (r, n);
      break;
    case PATRON_NODE_BOOLEAN_TO_INTEGER:
      booleans_to_integers (r, n);
      break;
    case PATRON_NODE_DATE_TO_TIME:
      dates_to_times (r, n);
      break;
    case PATRON_NODE_TIME_TO_DATE:
      times_to_dates (r, n);
      break;
    case PATRON_NODE_NEGATE:
      negate (node, r, n);
      break;
    case PATRON_NODE_ABS:
      absolute (node, r, n);
      break;
    case PATRON_NODE_SIGN:
      sign (node, r, n);
      break;
    case PATRON_NODE_MATH:
      for (gsize i = 0; i < n; i++)
        r->number[i] = node->math (r->number[i]);
      break;
    case PATRON_NODE_ROUND:
      round_numbers (node, r, n);
      break;
    case PATRON_NODE_COMPARE:
      compare (node, r, n);
      break;
    case PATRON_NODE_AND:
    case PATRON_NODE_OR:
      logic (node, r, n);
      break;
    case PATRON_NODE_NOT:
      logic_not (r, n);
      break;
    case PATRON_NODE_IN:
      is_in (node, r, n);
      break;
    case PATRON_NODE_IS_MISSING:
      is_missing (node, r, n);
      break;
    case PATRON_NODE_DATE_PART:
      date_parts (node, r, n);
      break;
    case PATRON_NODE_CLOCK_PART:
      clock_parts (node, r, n);
      break;
    case PATRON_NODE_MAKE_DATE:
      make_dates (r, n);
      break;
    case PATRON_NODE_TEXT_TEST:
    case PATRON_NODE_TEXT_MEASURE:
    case PATRON_NODE_TEXT_NUMBER:
      look_up (node, r, n);
      break;
    case PATRON_NODE_TEXT_MAP:
      map_codes (node->maps[0], r->code, n);
      break;
    default:
      arithmetic (node, r, r + 1, n);
      break;
    }
}

static gboolean
evaluate (const PatronNode *node, Block *block, Register *r)
{
  switch (node->kind)
    {
    case PATRON_NODE_LITERAL:
      fill_literal (node, r, block->n);
      return TRUE;
    case PATRON_NODE_COLUMN:
      return read_column (node, block, r);
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
          combine (node, block, r);
        }
      return TRUE;
    default:
      for (guint c = 0; c < node->children->len; c++)
        if (!evaluate (patron_node_child (node, c), block, r + c))
          return FALSE;
      combine (node, block, r);
      return TRUE;
    }
}

/* ---- concat: rows to strings -------------------------------------------------------------------------------- */

/* The value of a row as text; FALSE when missing. */
static gboolean
append_value (const PatronNode *node, const Register *r, gsize i, GString *text)
{
  char buffer[64];
  int length = 0;
  if (value_is_missing (node->type, r, i))
    return FALSE;
  switch (node->type)
    {
    case PATRON_TYPE_NUMBER:
      length = patron_double_format (r->number[i], buffer);
      break;
    case PATRON_TYPE_DATE:
      length = patron_date_format ((gint32) CLAMP (r->integer[i], G_MININT32, G_MAXINT32), buffer);
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

/* Serial, so that codes come in order of first appearance. */
static gboolean
concat_rows (PatronNode *node, gsize n, Register *r, PatronDictBuilder *builder, PatronRun *run, GError **error)
{
  guint n_children = node->children->len;
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize start = 0; start < n; start += BLOCK)
    {
      Block block = { start, MIN (n - start, BLOCK), NULL };
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
          g_string_truncate (text, 0);
          for (guint c = 0; there && c < n_children; c++)
            there = append_value (patron_node_child (node, c), r + c, i, text);
          node->codes[start + i] = there ? patron_dict_builder_add (builder, text->str, text->len) : CODE_NA;
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
    most = MAX (most, c + count_registers (patron_node_child (node, c)));
  return most;
}

static gboolean
prepare_concat (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  Register *r = patron_try_alloc (count_concat_registers (node), sizeof *r, "the formula", error);
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
  return done && node->dict != NULL;
}

/* Children first: a node's tables are made from its children's dictionaries. */
static gboolean
prepare (PatronNode *node, gsize n, PatronRun *run, GError **error)
{
  for (guint c = 0; node->children != NULL && c < node->children->len; c++)
    if (!prepare (patron_node_child (node, c), n, run, error))
      return FALSE;
  return node->kind == PATRON_NODE_CONCAT ? prepare_concat (node, n, run, error) : patron_node_prepare_text (node, error);
}

/* ---- whole columns ------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronExpression *expression;
  Register         *registers;     /* n_registers for each worker */
  guint             n_registers;
  guint8           *out;           /* values of the column's type */
  GMutex            lock;
  GError           *error;
} Computation;

static void
store (PatronType type, const Register *r, gsize n, guint8 *out)
{
  if (type == PATRON_TYPE_DATE)
    {
      gint32 *days = (gint32 *) out;
      for (gsize i = 0; i < n; i++)
        days[i] = r->integer[i] > G_MININT32 && r->integer[i] <= G_MAXINT32 ? (gint32) r->integer[i] : PATRON_DATE_MISSING;
    }
  else
    memcpy (out, r, n * patron_type_size (type));
}

static void
compute_body (gsize begin, gsize end, int worker, gpointer data)
{
  Computation *computation = data;
  const PatronNode *root = computation->expression->root;
  Register *r = computation->registers + (gsize) worker * computation->n_registers;
  gsize size = patron_type_size (root->type);
  for (gsize start = begin; start < end; start += BLOCK)
    {
      Block block = { start, MIN (end - start, BLOCK), NULL };
      if (evaluate (root, &block, r))
        {
          store (root->type, r, block.n, computation->out + start * size);
          continue;
        }
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&computation->lock);
      if (computation->error == NULL)
        computation->error = g_steal_pointer (&block.error);
      g_clear_error (&block.error);
      return;
    }
}

static gboolean
compute (PatronExpression *expression, guint8 *out, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (expression->table);
  if (!expression->prepared && !prepare (expression->root, n, run, error))
    return FALSE;
  expression->prepared = TRUE;
  Computation computation = { .expression = expression, .n_registers = count_registers (expression->root) + 2, .out = out };
  computation.registers = patron_try_alloc ((gsize) patron_parallel_workers (run) * computation.n_registers, sizeof (Register), "the formula", error);
  if (computation.registers == NULL)
    return FALSE;
  g_mutex_init (&computation.lock);
  gboolean done = patron_parallel_for (run, n, PATRON_CHUNK_ROWS, compute_body, &computation);
  g_mutex_clear (&computation.lock);
  patron_free (computation.registers);
  if (computation.error != NULL)
    {
      g_propagate_error (error, computation.error);
      return FALSE;
    }
  return done || patron_run_check (run, error);
}

PatronColumn *
patron_expression_compute (PatronExpression *expression, const char *name, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (expression->table);
  PatronType type = expression->root->type;
  guint8 *values = patron_try_alloc (n, patron_type_size (type), name, error);
  if (values == NULL)
    return NULL;
  if (!compute (expression, values, run, error))
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
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A filter needs a condition that is true or false, such as “amount > 0”; this formula is of the type “%s”."),
                   _(patron_type_label (expression->root->type)));
      return FALSE;
    }
  if (!compute (expression, keep, run, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      keep[i] = keep[i] == 1;
      kept += keep[i];
    }
  *n_kept = kept;
  return TRUE;
}
