/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-kernels.h"

#include "base/simd.h"

#include <string.h>

#define DAY_US  PATRON_DAY_US
#define INT_NA  PATRON_INTEGER_MISSING
#define BOOL_NA PATRON_BOOLEAN_MISSING
#define CODE_NA PATRON_CODE_MISSING

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
arithmetic (const PatronNode *node, PatronRegister *a, const PatronRegister *b, gsize n)
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
negate (const PatronNode *node, PatronRegister *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = -r->number[i];
  else
    for (gsize i = 0; i < n; i++)
      r->integer[i] = r->integer[i] == INT_NA ? INT_NA : -r->integer[i];
}

static void
absolute (const PatronNode *node, PatronRegister *r, gsize n)
{
  if (node->type == PATRON_TYPE_NUMBER)
    for (gsize i = 0; i < n; i++)
      r->number[i] = fabs (r->number[i]);
  else
    for (gsize i = 0; i < n; i++)
      r->integer[i] = r->integer[i] == INT_NA ? INT_NA : ABS (r->integer[i]);
}

static void
sign (const PatronNode *node, PatronRegister *r, gsize n)
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
round_numbers (const PatronNode *node, PatronRegister *r, gsize n)
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
integers_to_numbers (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->number[i] = r->integer[i] == INT_NA ? NAN : (double) r->integer[i];
}

static void
numbers_to_integers (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double x = nearbyint (r->number[i]);
      r->integer[i] = fabs (x) < 9.2e18 ? (gint64) x : INT_NA;
    }
}

/* Widening in place goes backwards. */
static void
booleans_to_integers (PatronRegister *r, gsize n)
{
  for (gsize i = n; i-- > 0;)
    {
      guint8 x = r->boolean[i];
      r->integer[i] = x == BOOL_NA ? INT_NA : x;
    }
}

/* Narrowing in place goes forwards. */
static void
integers_to_booleans (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gint64 x = r->integer[i];
      r->boolean[i] = x == INT_NA ? BOOL_NA : x != 0;
    }
}

static void
dates_to_times (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (r->integer[i] == INT_NA || __builtin_mul_overflow (r->integer[i], DAY_US, &r->integer[i]))
      r->integer[i] = INT_NA;
}

static void
times_to_dates (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->integer[i] = r->integer[i] == INT_NA ? INT_NA : patron_time_to_days (r->integer[i]);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static void
date_parts (const PatronNode *node, PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->integer[i] = patron_date_part (node->part, r->integer[i]);
}

static void
clock_parts (const PatronNode *node, PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->integer[i] = patron_clock_part (node->part, r->integer[i]);
}

/* The first operand is a date or a time; the difference of two times is a whole number, so the operand's type counts. */
static void
date_steps (const PatronNode *node, PatronRegister *r, gsize n)
{
  gboolean date = patron_node_child (node, 0)->type == PATRON_TYPE_DATE;
  gint64 *a = r[0].integer;
  const gint64 *b = r[1].integer;
  if (node->kind == PATRON_NODE_DATE_ADD)
    for (gsize i = 0; i < n; i++)
      a[i] = date ? patron_date_add (a[i], b[i], node->unit) : patron_time_add (a[i], b[i], node->unit);
  else if (node->kind == PATRON_NODE_DATE_DIFF)
    for (gsize i = 0; i < n; i++)
      a[i] = date ? patron_date_diff (a[i], b[i], node->unit) : patron_time_diff (a[i], b[i], node->unit);
  else if (node->kind == PATRON_NODE_DATE_START)
    for (gsize i = 0; i < n; i++)
      a[i] = date ? patron_date_start (a[i], node->unit) : patron_time_start (a[i], node->unit);
  else
    for (gsize i = 0; i < n; i++)
      a[i] = patron_date_end (a[i], node->unit);
}

static void
make_dates (PatronRegister *r, gsize n)
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

void
patron_codes_map (const gint32 *map, gint32 *codes, gsize n)
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
compare (const PatronNode *node, PatronRegister *r, gsize n)
{
  PatronType type = patron_node_child (node, 0)->type;
  guint8 out[PATRON_BLOCK_ROWS];
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
logic (const PatronNode *node, PatronRegister *r, gsize n)
{
  guint8 decides = node->kind == PATRON_NODE_OR;
  guint8 *a = r[0].boolean;
  const guint8 *b = r[1].boolean;
  for (gsize i = 0; i < n; i++)
    a[i] = a[i] == decides || b[i] == decides ? decides : a[i] == BOOL_NA || b[i] == BOOL_NA ? BOOL_NA : !decides;
}

static void
logic_not (PatronRegister *r, gsize n)
{
  for (gsize i = 0; i < n; i++)
    r->boolean[i] = r->boolean[i] == BOOL_NA ? BOOL_NA : !r->boolean[i];
}

static void
is_in (const PatronNode *node, PatronRegister *r, gsize n)
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

gboolean
patron_register_is_missing (PatronType type, const PatronRegister *r, gsize i)
{
  if (type == PATRON_TYPE_NUMBER)
    return isnan (r->number[i]);
  if (patron_type_is_integer (type))
    return r->integer[i] == INT_NA;
  return type == PATRON_TYPE_BOOLEAN ? r->boolean[i] == BOOL_NA : r->code[i] == CODE_NA;
}

static void
is_missing (const PatronNode *node, PatronRegister *r, gsize n)
{
  PatronType type = patron_node_child (node, 0)->type;
  for (gsize i = 0; i < n; i++)
    r->boolean[i] = patron_register_is_missing (type, r, i);
}

void
patron_register_set_missing (PatronType type, PatronRegister *r, gsize i)
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

void
patron_register_copy (PatronType type, PatronRegister *to, const PatronRegister *from, gsize i)
{
  if (type == PATRON_TYPE_NUMBER || patron_type_is_integer (type))
    to->integer[i] = from->integer[i];
  else if (type == PATRON_TYPE_BOOLEAN)
    to->boolean[i] = from->boolean[i];
  else
    to->code[i] = from->code[i];
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static void
look_up (const PatronNode *node, PatronRegister *r, gsize n)
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
/* Nodes that combine values already in r, r + 1 … */
void
patron_node_combine (const PatronNode *node, PatronRegister *r, gsize n)
{
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
    case PATRON_NODE_DATE_ADD:
    case PATRON_NODE_DATE_DIFF:
    case PATRON_NODE_DATE_START:
    case PATRON_NODE_DATE_END:
      date_steps (node, r, n);
      break;
    case PATRON_NODE_INTEGER_TO_BOOLEAN:
      integers_to_booleans (r, n);
      break;
    case PATRON_NODE_TEXT_TEST:
    case PATRON_NODE_TEXT_MEASURE:
    case PATRON_NODE_TEXT_NUMBER:
      look_up (node, r, n);
      break;
    case PATRON_NODE_TEXT_MAP:
      patron_codes_map (node->maps[0], r->code, n);
      break;
    default:
      arithmetic (node, r, r + 1, n);
      break;
    }
}
