/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"
#include "base/run.h"
#include "base/text.h"
#include "base/visit.h"

G_BEGIN_DECLS

/* The one declaration of an operation. Everything shown about it, every way to set it and half of its tests are
 * derived from the descriptor. An operation is one .c file that ends in one const PatronOp, and one word in ops/registry.def.
 *
 * This folder knows neither tables nor reports: they are forward declarations here and defined in table/ and report/. */

typedef struct _PatronTable  PatronTable;
typedef struct _PatronColumn PatronColumn;
typedef struct _PatronRoles  PatronRoles;    /* table/roles.h */
typedef struct _PatronReport PatronReport;   /* report/report.h */
typedef struct _PatronDesign PatronDesign;   /* table/design.h: how columns become numbers, fitted on training rows */
typedef struct _PatronMatrix PatronMatrix;   /* table/design.h: the numbers */
typedef struct _PatronReader PatronReader;   /* table/reader.h: how a kind of file, folder or database is read */

typedef enum
{
  PATRON_OP_READER,
  PATRON_OP_PREPARE,
  PATRON_OP_MODEL,
  PATRON_OP_ANALYSIS,
  PATRON_OP_MEASURE,
  PATRON_OP_WRITER,
} PatronOpKind;

typedef enum
{
  PATRON_ROLE_TARGET,
  PATRON_ROLE_FEATURE,
  PATRON_ROLE_ID,
  PATRON_ROLE_CUSTOMER,
  PATRON_ROLE_ITEM,
  PATRON_ROLE_QUANTITY,
  PATRON_ROLE_PRICE,
  PATRON_ROLE_AMOUNT,
  PATRON_ROLE_BASKET,
  PATRON_ROLE_DATE,
  PATRON_ROLE_TEXT,
  PATRON_ROLE_IMAGE,
  PATRON_ROLE_WEIGHT,
  PATRON_ROLE_TREATMENT,
  PATRON_ROLE_GROUP,
  PATRON_ROLE_IGNORE,
  PATRON_N_ROLES,
} PatronRole;

/* Bits of the column types a role accepts; the enum itself is PatronType in table/column.h. */
enum
{
  PATRON_ACCEPT_NUMERIC = 1 << 0,      /* number, integer */
  PATRON_ACCEPT_BOOLEAN = 1 << 1,
  PATRON_ACCEPT_CATEGORY = 1 << 2,
  PATRON_ACCEPT_TEXT = 1 << 3,
  PATRON_ACCEPT_DATE = 1 << 4,         /* date, time stamp */
  PATRON_ACCEPT_ANY = 0xff,
};

enum
{
  PATRON_ROLE_REQUIRED = 1 << 0,
  PATRON_ROLE_MULTIPLE = 1 << 1,       /* several columns */
  PATRON_ROLE_REST = 1 << 2,           /* when not given: every column with no other role */
  PATRON_ROLE_KEEP_MISSING = 1 << 3,   /* rows where it is missing stay in (features always do) */
};

/* What an operation needs a column for. The engine drops rows where a required single-column role is missing and counts
 * them in the report. AMOUNT may be given as QUANTITY and PRICE: an operation that declares AMOUNT declares those two as optional, and
 * the engine computes the product into an amount column before the operation sees it. */
typedef struct
{
  PatronRole  role;
  guint       accepts;
  guint       flags;
  const char *help;      /* msgid: what the column should hold; NULL for the role's general text */
} PatronRoleSpec;

/* What a model or analysis works on. Borrowed. */
typedef struct
{
  PatronTable       *table;       /* rows with missing required roles are gone */
  const PatronRoles *roles;       /* complete: guessed and defaulted roles are filled in */
} PatronInput;

/* ---- analysis --------------------------------------------------------------------------------------------- */

typedef struct
{
  /* Fills the report; *result (optional, may stay NULL) receives the per-row or per-customer table that --to writes
   * and the contact list is made of, a new reference. */
  gboolean (*run) (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error);
} PatronAnalysis;

/* ---- model ------------------------------------------------------------------------------------------------ */

typedef enum
{
  PATRON_TASK_CLASSIFICATION = 1 << 0,   /* out: n × k class probabilities */
  PATRON_TASK_REGRESSION = 1 << 1,       /* out: n × 1 */
  PATRON_TASK_GROUPING = 1 << 2,         /* out: n × 1, label 0 … k-1 or -1 for noise; no target */
  PATRON_TASK_MAP = 1 << 3,              /* out: n × d coordinates; no target */
} PatronTask;

typedef enum
{
  PATRON_MISSING_IMPUTE,    /* the design fills in the training median or most frequent value */
  PATRON_MISSING_DROP,      /* rows with a missing feature are dropped and counted (inference) */
  PATRON_MISSING_NATIVE,    /* the matrix has NaN; the model copes */
} PatronMissingPolicy;

typedef enum
{
  PATRON_ENCODE_INDICATORS,       /* a category with L levels becomes L 0/1 columns */
  PATRON_ENCODE_CONTRASTS,        /* L-1 columns: the first (most frequent) level is the reference */
  PATRON_ENCODE_CODES,            /* one column holding 0 … L-1; the design says which columns are categorical */
} PatronEncoding;

/* What fit() sees. All arrays borrowed. */
typedef struct
{
  PatronTask          task;
  const PatronDesign *design;     /* names of the columns of x, levels, scale … */
  const PatronMatrix *x;          /* n × p training rows */
  const double       *y;          /* n values; class index 0 … n_classes-1 for classification; NULL without target */
  const double       *weights;    /* n, or NULL: all one */
  guint               n_classes;
  const char *const  *class_names; /* n_classes, NULL-terminated */
} PatronFitInput;

/* What explain() sees: the fitted model and the rows it was fitted on. */
typedef struct
{
  const PatronFitInput *fit;
  const PatronInput    *input;     /* the table behind it, row i of fit->x is row rows[i] of the table */
  const guint32        *rows;      /* n of fit->x */
} PatronExplainInput;

typedef struct
{
  guint               tasks;       /* PatronTask bits */
  PatronMissingPolicy missing;
  PatronEncoding      encoding;
  bool                weights;     /* uses PatronFitInput.weights */
  bool                scale;       /* the design standardises numeric columns unless the params say otherwise */
  /* Which scaling, when the params decide it (grouping models' --scale): 0 none, 1 standard, 2 robust, 3 minmax. NULL: by .scale. */
  int       (*scaling) (gconstpointer params);

  /* A new state, or NULL with error. Must not look at anything but its arguments. */
  gpointer  (*fit) (const PatronFitInput *input, gconstpointer params, PatronRun *run, GError **error);
  /* x: m × p. out: m × outputs(), column-major, owned by the caller. */
  gboolean  (*predict) (gconstpointer state, const PatronMatrix *x, double *out, PatronRun *run, GError **error);
  gboolean  (*explain) (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report, GError **error);
  void      (*visit) (gpointer state, PatronVisitor *visitor);
  void      (*clear) (gpointer state);   /* frees the insides; the state itself is freed by the caller */
  gsize       state_size;
  /* Columns that predict() writes for grouping and map tasks (classification and regression are known). NULL: 1. */
  guint     (*outputs) (gconstpointer state);
} PatronModelClass;

/* ---- prepare ---------------------------------------------------------------------------------------------- */

/* What a step does to the rows. */
typedef enum
{
  PATRON_ROWS_KEPT,        /* row i stays row i: columns come, change or go */
  PATRON_ROWS_SELECTED,    /* some of the rows, or another order; skipped when a new file is scored */
  PATRON_ROWS_NEW,         /* other rows: groups, pivots, joins */
} PatronRowsEffect;

/* What a step sees. Borrowed. */
typedef struct
{
  PatronTable   *table;
  /* Ascending. learn(): the rows it may look at. apply(): the rows of this table that it learnt from (an encoding by the target treats them
   * differently); not NULL with n_rows 0 when a new file is scored. NULL: all of them. */
  const guint32 *rows;
  gsize          n_rows;
  /* Another table, by the name it has in the project or as a file; a new reference. NULL where there are no others. */
  PatronTable *(*find_table) (gpointer data, const char *name, PatronRun *run, GError **error);
  gpointer       data;
} PatronPrepareInput;

/* A step makes a new table of a table. The engine has checked the parameters: ranges, and that the columns they name exist and have an
 * accepted type. Columns that stay as they are are shared, and values are read by chunks (patron_column_read), since a table may be larger than memory. */
typedef struct
{
  PatronRowsEffect rows;
  /* NULL for a step that needs no learning. What it found in input->rows as JSON text that apply() is given back, now or when
   * a new file is scored years later. Must look at no other row. */
  char        *(*learn) (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error);
  /* The new table. report (never NULL) receives what the step has to say: notes with counts, figures, tables of evidence. */
  PatronTable *(*apply) (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error);
  /* The step in one line: "Keep rows where amount > 0". NULL: the title. */
  PatronText  *(*sentence) (gconstpointer params);
} PatronPrepare;

/* ---- measure ---------------------------------------------------------------------------------------------- */

/* A measure splits; the engine fits, predicts and scores each split. */
typedef struct
{
  guint (*n_splits) (gconstpointer params);
  /* test[i] = TRUE for the rows of this split's test part. strata: class index of each row, or NULL. dates: days of each row, or NULL. */
  gboolean (*split) (gconstpointer params, guint index, gsize n, const double *strata, const double *dates, guint64 seed, guint8 *test, GError **error);
} PatronMeasure;

/* ---- the descriptor --------------------------------------------------------------------------------------- */

typedef struct _PatronOp PatronOp;
struct _PatronOp
{
  const char           *id;          /* "kmeans": fixed for ever */
  PatronOpKind          kind;
  const char           *title;       /* msgid: the method's name, "k-means" */
  const char           *question;    /* msgid: in the user's words, "Who are my customers?" */
  const char           *summary;     /* msgid: one sentence, what it does in plain words */
  const char           *help;        /* msgid: how it works, what it assumes, how to read it; paragraphs split by \n\n */
  const char           *reference;   /* the source of the method, untranslated */
  const PatronParam    *params;
  gsize                 params_size;
  const PatronRoleSpec *roles;       /* ends with .role = PATRON_N_ROLES; NULL for none */
  /* Parameters of a small use of it, "key=value" by lines, for help and for the walking tests, on order lines with the columns customer_id, order_date, order_id,
   * product, quantity, unit_price, region, churn, spend, x1, x2, x3, member; another table is “customers” (customer_id, age, city). Every prepare step has one. */
  const char           *example;
  const char           *icon;        /* symbolic icon name, or NULL */
  bool                  stops;       /* polls patron_run_stopping() and ends early with what it has: "Stop (keep best)" is offered */

  /* NULL (fine) or why this cannot be run, as a translated sentence owned by the caller. Called by every front end before anything
   * runs, after the general checks (ranges, required roles, types). May be NULL. */
  char *(*check) (const PatronInput *input, gconstpointer params);
  /* Rough bytes of memory needed beside the table, and seconds on one core; for "what it will cost". May be NULL. */
  void  (*cost) (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds);

  /* One of these, by kind. */
  const PatronAnalysis   *analysis;
  const PatronModelClass *model;
  const PatronPrepare    *prepare;
  const PatronMeasure    *measure;
  const PatronReader     *reader;
};

const char *patron_op_kind_id (PatronOpKind kind);          /* "model" … */

const char *patron_role_id    (PatronRole role);            /* "customer": flag, recipe key (features for FEATURE) */
const char *patron_role_label (PatronRole role);            /* msgid */
const char *patron_role_help  (PatronRole role);            /* msgid: what such a column holds */
gboolean    patron_role_from_id (const char *id, PatronRole *role);   /* also singular/plural forms */
const PatronRoleSpec *patron_op_role_spec (const PatronOp *op, PatronRole role);   /* NULL: not used by the operation */

/* New values of the operation's parameters, at their defaults (params_size bytes, g_free). */
gpointer    patron_op_new_params (const PatronOp *op);

G_END_DECLS
