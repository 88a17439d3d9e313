/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/calendar.h"
#include "table/expression.h"

G_BEGIN_DECLS

/* A formula is parsed into a tree of typed nodes (expression.c, expression-types.c) and evaluated a block of rows at a time (expression-eval.c).
 * Every node yields one of four kinds of array, by its type:
 *
 *   NUMBER                               double, missing NaN
 *   INTEGER DATE TIME DURATION           gint64, missing PATRON_INTEGER_MISSING (dates in days, the others in microseconds)
 *   BOOLEAN                              guint8, missing PATRON_BOOLEAN_MISSING
 *   CATEGORY TEXT                        gint32 codes into the node's own dictionary, missing PATRON_CODE_MISSING
 *
 * What depends on one text only is computed once for each string of its dictionary (expression-text.c). What depends on other rows is computed
 * for the whole column before the blocks (expression-window.c). */

/* What is wrong with a formula, and at which character (from 1). */
typedef struct
{
  GError *error;
  guint   position;
} PatronFault;

void patron_fault_set (PatronFault *fault, guint position, const char *format, ...) G_GNUC_PRINTF (3, 4);

typedef enum
{
  PATRON_NODE_LITERAL,
  PATRON_NODE_COLUMN,
  /* conversions */
  PATRON_NODE_TO_NUMBER,       /* integer or duration → number */
  PATRON_NODE_TO_INTEGER,      /* number → nearest integer */
  PATRON_NODE_BOOLEAN_TO_INTEGER,
  PATRON_NODE_INTEGER_TO_BOOLEAN, /* 0 false, anything else true */
  PATRON_NODE_DATE_TO_TIME,
  PATRON_NODE_TIME_TO_DATE,
  /* arithmetic: on numbers, or on integers, by the node's type */
  PATRON_NODE_ADD,
  PATRON_NODE_SUBTRACT,
  PATRON_NODE_MULTIPLY,
  PATRON_NODE_DIVIDE,          /* numbers only */
  PATRON_NODE_MODULO,
  PATRON_NODE_POWER,           /* numbers only */
  PATRON_NODE_NEGATE,
  PATRON_NODE_ABS,
  PATRON_NODE_SIGN,
  PATRON_NODE_MIN,
  PATRON_NODE_MAX,
  PATRON_NODE_MATH,            /* .math of one number */
  PATRON_NODE_ROUND,           /* to as many digits as .literal.integer */
  /* comparison and logic */
  PATRON_NODE_COMPARE,         /* .relation */
  PATRON_NODE_AND,
  PATRON_NODE_OR,
  PATRON_NODE_NOT,
  PATRON_NODE_IN,              /* .list: sorted numbers or integers */
  PATRON_NODE_IS_MISSING,
  PATRON_NODE_IF,
  PATRON_NODE_COALESCE,
  /* dates */
  PATRON_NODE_DATE_PART,       /* .part of a date */
  PATRON_NODE_CLOCK_PART,      /* .part of a time */
  PATRON_NODE_MAKE_DATE,
  PATRON_NODE_DATE_ADD,        /* a date or time and as many .unit as the second child says */
  PATRON_NODE_DATE_DIFF,       /* whole .unit from the first to the second */
  PATRON_NODE_DATE_START,      /* first day (moment) of the .unit */
  PATRON_NODE_DATE_END,        /* last day of it */
  /* text */
  PATRON_NODE_TEXT_TEST,       /* boolean of each string */
  PATRON_NODE_TEXT_MEASURE,    /* integer, date or time of each string */
  PATRON_NODE_TEXT_NUMBER,     /* number of each string */
  PATRON_NODE_TEXT_MAP,        /* another string for each string */
  PATRON_NODE_CONCAT,          /* of several values that vary */
  /* other rows */
  PATRON_NODE_WINDOW,          /* .window of the rows of the same group: children are arguments, keys and order, in this order */
} PatronNodeKind;

typedef enum { PATRON_EQ, PATRON_NE, PATRON_LT, PATRON_LE, PATRON_GT, PATRON_GE } PatronRelation;
typedef enum
{
  PATRON_TEXT_LIKE, PATRON_TEXT_CONTAINS, PATRON_TEXT_STARTS, PATRON_TEXT_ENDS, PATRON_TEXT_IN, PATRON_TEXT_MATCHES,       /* tests */
  PATRON_TEXT_LENGTH, PATRON_TEXT_DATE, PATRON_TEXT_TIME, PATRON_TEXT_DURATION, PATRON_TEXT_BOOLEAN, PATRON_TEXT_FIND,     /* measures */
  PATRON_TEXT_NUMBER,
  PATRON_TEXT_LOWER, PATRON_TEXT_UPPER, PATRON_TEXT_PROPER, PATRON_TEXT_TRIM, PATRON_TEXT_SQUEEZE, PATRON_TEXT_SUBSTRING,  /* maps */
  PATRON_TEXT_RIGHT, PATRON_TEXT_PAD_LEFT, PATRON_TEXT_PAD_RIGHT, PATRON_TEXT_SPLIT_PART, PATRON_TEXT_REPLACE, PATRON_TEXT_AFFIX,
  PATRON_TEXT_EXTRACT, PATRON_TEXT_REGEX_REPLACE, PATRON_TEXT_NO_ACCENTS, PATRON_TEXT_NO_PUNCTUATION, PATRON_TEXT_HALF_WIDTH,
  PATRON_N_TEXT_OPS,
} PatronTextOp;

/* Functions of the rows of a group. */
typedef enum
{
  /* one value for the group */
  PATRON_WINDOW_COUNT, PATRON_WINDOW_COUNT_ROWS, PATRON_WINDOW_COUNT_DISTINCT, PATRON_WINDOW_SUM, PATRON_WINDOW_MEAN, PATRON_WINDOW_SD,
  PATRON_WINDOW_VARIANCE, PATRON_WINDOW_MIN, PATRON_WINDOW_MAX, PATRON_WINDOW_MEDIAN, PATRON_WINDOW_QUANTILE, PATRON_WINDOW_MODE, PATRON_WINDOW_FIRST,
  PATRON_WINDOW_LAST, PATRON_WINDOW_ANY, PATRON_WINDOW_ALL,
  /* a row beside its group */
  PATRON_WINDOW_SHARE, PATRON_WINDOW_Z_SCORE,
  /* by the order of the rows */
  PATRON_WINDOW_ROW_NUMBER, PATRON_WINDOW_RANK, PATRON_WINDOW_DENSE_RANK, PATRON_WINDOW_PERCENT_RANK, PATRON_WINDOW_NTILE, PATRON_WINDOW_LAG,
  PATRON_WINDOW_LEAD, PATRON_WINDOW_DIFF, PATRON_WINDOW_CUMSUM, PATRON_WINDOW_CUMMIN, PATRON_WINDOW_CUMMAX, PATRON_WINDOW_ROLLING_SUM,
  PATRON_WINDOW_ROLLING_MEAN, PATRON_WINDOW_ROLLING_MIN, PATRON_WINDOW_ROLLING_MAX, PATRON_WINDOW_FILL_FORWARD, PATRON_WINDOW_FILL_BACKWARD,
} PatronWindow;

typedef struct _PatronNode PatronNode;
struct _PatronNode
{
  PatronNodeKind kind;
  PatronType     type;
  gboolean       any_type;      /* the literal "missing", before its context gives it a type */
  guint          position;      /* character of the formula, from 1 */
  guint          height;        /* of the tree below, 1 for leaves: recursion is bounded by it */
  GPtrArray     *children;      /* of PatronNode*, owned; NULL for leaves */

  PatronColumn  *column;        /* COLUMN, owned */
  union { double number; gint64 integer; guint8 boolean; } literal;
  char          *text;          /* LITERAL of text, owned */
  PatronRelation relation;
  PatronDatePart part;
  PatronDateUnit unit;
  double       (*math) (double);
  GArray        *list;          /* IN: of double or gint64, sorted */
  PatronTextOp   text_op;
  char         **arguments;     /* of text_op: strings, NULL-terminated, owned */
  gint64 from, count; /* SUBSTRING: first character (from 1, or from the end), and how many; other texts: which part, how long; WINDOW: rows */
  gboolean       ignore_case;   /* of text_op */
  GRegex        *regex;         /* of text_op, owned */
  PatronWindow   window;
  guint          n_arguments, n_keys;   /* children of a WINDOW; the rest are the order */
  guint64        descending;    /* bit k: the k-th child of the order */

  /* Filled when evaluation is prepared. */
  PatronDict    *dict;          /* of text nodes, owned */
  gint32       **maps;          /* for each child: its codes → codes of dict (COALESCE, IF, TEXT_MAP), or ranks (COMPARE) */
  guint8        *tests;         /* TEXT_TEST: for each string of the child */
  gint64        *measures;      /* TEXT_MEASURE */
  double        *numbers;       /* TEXT_NUMBER */
  gint32        *codes;         /* CONCAT: of every row */
  gpointer       values;        /* WINDOW: of every row, of the node's kind of array; patron_try_alloc() */
};

struct _PatronExpression
{
  gatomicrefcount references;
  PatronTable *table;
  PatronNode  *root;
  gboolean     prepared;
};

static inline gboolean
patron_type_is_text (PatronType type)
{
  return type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY;
}

/* Held as gint64 while evaluating. */
static inline gboolean
patron_type_is_integer (PatronType type)
{
  return type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME || type == PATRON_TYPE_DURATION;
}

PatronNode *patron_node_new  (PatronNodeKind kind, PatronType type, guint position);
void        patron_node_free (PatronNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronNode, patron_node_free)
/* Takes the children given. */
PatronNode *patron_node_new_unary  (PatronNodeKind kind, PatronType type, guint position, PatronNode *child);
PatronNode *patron_node_new_binary (PatronNodeKind kind, PatronType type, guint position, PatronNode *left, PatronNode *right);
PatronNode *patron_node_child      (const PatronNode *node, guint i);
void        patron_node_add        (PatronNode *node, PatronNode *child);
PatronNode *patron_node_copy       (const PatronNode *node);

/* expression-parse.c: the tree of a formula, or NULL with the fault. */
PatronNode *patron_node_parse (const char *text, PatronTable *table, PatronFault *fault);

/* expression-types.c: all take their operands, and return NULL with a fault that points at the character. */
PatronNode *patron_node_arithmetic (PatronNodeKind kind, guint position, PatronNode *left, PatronNode *right, PatronFault *fault);
PatronNode *patron_node_negate     (guint position, PatronNode *operand, PatronFault *fault);
PatronNode *patron_node_compare    (PatronRelation relation, guint position, PatronNode *left, PatronNode *right, PatronFault *fault);
PatronNode *patron_node_logic      (PatronNodeKind kind, guint position, PatronNode *left, PatronNode *right, PatronFault *fault);
PatronNode *patron_node_not        (guint position, PatronNode *operand, PatronFault *fault);
PatronNode *patron_node_in         (guint position, PatronNode *operand, GPtrArray *items, PatronFault *fault);
PatronNode *patron_node_text       (PatronTextOp op, guint position, PatronNode *operand, const char *argument, PatronFault *fault);
/* Brings both to one type, converting where that loses nothing. */
gboolean    patron_node_unify      (PatronNode **left, PatronNode **right, PatronFault *fault);
/* TRUE when the operand is a number or integer; else the error says so. */
gboolean    patron_node_expect_number  (const PatronNode *node, PatronFault *fault);
gboolean    patron_node_expect_boolean (const PatronNode *node, PatronFault *fault);
gboolean    patron_node_expect_text    (const PatronNode *node, PatronFault *fault);
PatronNode *patron_node_to_number      (PatronNode *node);
/* A text literal that reads as a date or time becomes one; else an error. */
gboolean    patron_node_to_moment      (PatronNode **node, PatronFault *fault);

/* The literal "missing" takes the type its context wants. */
void        patron_node_adopt_type     (PatronNode *node, PatronType type);
/* A date or time brought to a time; a time to its date. */
PatronNode *patron_node_to_time        (PatronNode *node);
PatronNode *patron_node_to_date        (PatronNode *node);

/* expression-functions.c. Takes the arguments (PatronNode*), leaving the array empty. */
PatronNode *patron_node_call (const char *name, guint position, GPtrArray *arguments, PatronFault *fault);
gboolean    patron_function_exists (const char *name);
const char *patron_function_nearest (const char *name);

/* expression-zones.c: whether a condition is true for none or for all of these rows, where that is known without reading them. */
typedef enum { PATRON_VERDICT_OPEN, PATRON_VERDICT_NONE, PATRON_VERDICT_ALL } PatronVerdict;
PatronVerdict patron_node_judge (const PatronNode *node, gsize start, gsize n);

/* expression-text.c */
gboolean patron_node_prepare_text (PatronNode *node, PatronRun *run, GError **error);
/* "2011-02-28", "2011-02-28 17:04", "…T17:04:05.25": FALSE unless the whole text is one. */
gboolean patron_text_to_date (const char *text, gint64 *days);
gboolean patron_text_to_time (const char *text, gint64 *microseconds);
gboolean patron_text_like    (const char *text, const char *pattern);

/* expression-eval.c: the values of node over rows start … start+n-1 of its table, as the node's kind of array (a programmer who
 * wants dates gets gint64), into out. The node is prepared. */
gboolean patron_node_evaluate_all (const PatronNode *node, gsize n, gpointer out, PatronRun *run, GError **error);
gsize    patron_node_value_size   (PatronType type);

/* expression-window.c: node->values of n rows. Its children are prepared. */
gboolean patron_node_prepare_window (PatronNode *node, gsize n, PatronRun *run, GError **error);

G_END_DECLS
