/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

G_BEGIN_DECLS

/* Parameters of an operation: a plain C struct (int, double, bool, an int for a choice, char[N]) and a static table over
 * its fields. Dialog, flags, help, recipe, manual page, tuner and tests are all derived from the table.
 *
 *   typedef struct { int n_clusters; double tol; bool restart; int scale; char prefix[32]; } Params;
 *   static const PatronParam params[] = {
 *     PATRON_PARAM_INT (Params, n_clusters, .label = N_("Groups"), .help = N_("…"), .def = 5, .min = 1, .max = 1000, .low = 2, .high = 10),
 *     PATRON_PARAM_DOUBLE (Params, tol, …, .def = 1e-4, .min = 0, .max = 1, .low = 1e-6, .high = 1e-2, .log = true, .advanced = true),
 *     PATRON_PARAM_BOOL (Params, restart, …, .def = true),
 *     PATRON_PARAM_CHOICE (Params, scale, …, .choices = scales, .def = SCALE_STANDARD),
 *     PATRON_PARAM_TEXT (Params, prefix, …, .def_text = ""),
 *     PATRON_PARAM_END
 *   };
 *
 * The field n_clusters is n-clusters as flag and recipe key; both spellings are understood when read. */

typedef enum
{
  PATRON_PARAM_KIND_END,
  PATRON_PARAM_KIND_INT,
  PATRON_PARAM_KIND_DOUBLE,
  PATRON_PARAM_KIND_BOOL,
  PATRON_PARAM_KIND_CHOICE,
  PATRON_PARAM_KIND_TEXT,
} PatronParamKind;

/* What the text of a PATRON_PARAM_KIND_TEXT is, so that a dialog can offer more than an empty line and the engine can check it. */
typedef enum
{
  PATRON_HOLDS_TEXT,
  PATRON_HOLDS_COLUMN,       /* the name of a column */
  PATRON_HOLDS_COLUMNS,      /* names as patron_names_join() writes them */
  PATRON_HOLDS_EXPRESSION,   /* table/expression.h */
  PATRON_HOLDS_TABLE,        /* another table of the project, or a file */
  PATRON_HOLDS_OTHER_COLUMN, /* the name of a column of the table that the parameter with PATRON_HOLDS_TABLE names */
  PATRON_HOLDS_OTHER_COLUMNS, /* names of such columns as patron_names_join() writes them */
  PATRON_HOLDS_DATE,         /* 2011-02-28 */
  PATRON_HOLDS_PAIRS,        /* old=new; old=new: patron_pairs_split() */
  PATRON_HOLDS_AGGREGATES,   /* sum(amount) as revenue; count() as orders */
  PATRON_HOLDS_LINES,        /* several lines of plain text */
} PatronHolds;

/* Bytes of the fields that hold one name, a list of names, a formula, a list of pairs. */
#define PATRON_COLUMN_SIZE     256
#define PATRON_COLUMNS_SIZE    16384
#define PATRON_EXPRESSION_SIZE 4096
#define PATRON_PAIRS_SIZE      16384

/* The value of a choice is its index in the table, which {NULL} ends. id never changes; label is a msgid. */
typedef struct
{
  const char *id;
  const char *label;
} PatronChoice;

typedef struct
{
  const char     *field;         /* C field, with underscores */
  PatronParamKind kind;
  gsize           offset;
  gsize           size;          /* of the field in bytes */
  const char     *former;        /* an earlier name that recipes may still hold, or NULL */
  const char     *label;         /* msgid, for the dialog */
  const char     *help;          /* msgid, one or two sentences: what it does and when to change it */
  const char     *unit;          /* msgid or NULL */
  double          def;           /* default; for PATRON_PARAM_KIND_CHOICE the index */
  const char     *def_text;
  double          min, max;      /* hard range, both inclusive: outside is refused */
  double          low, high;     /* useful range: slider, search axis; 0, 0 means the hard range */
  double          step;          /* of the spin button; 0 means by kind */
  bool            log;           /* search and slide on a logarithmic axis */
  const char     *automatic;     /* msgid saying what "automatic" means; the value is then PATRON_AUTO_INT or PATRON_AUTO_DOUBLE */
  const PatronChoice *choices;
  PatronHolds     holds;         /* PATRON_PARAM_KIND_TEXT only */
  guint           accepts;       /* COLUMN, COLUMNS and their OTHERs: PATRON_ACCEPT_ bits of base/op.h; 0: any type */
  bool            optional;      /* all but TEXT: may be empty (help says what that means) */
  bool            advanced;      /* folded away in the dialog */
  /* Whether the parameter matters given the others; NULL: always. */
  gboolean      (*relevant) (gconstpointer params);
} PatronParam;

#define PATRON_AUTO_INT    G_MININT
#define PATRON_AUTO_DOUBLE ((double) NAN)
#define PATRON_AUTO        ((double) NAN)  /* for .def */

#define PATRON_PARAM_FIELD_(type, name, ctype, k, ...)                                                            \
  { .field = #name, .kind = (k),                                                                                  \
    .offset = offsetof (type, name)                                                                               \
              + 0 * sizeof (char[__builtin_types_compatible_p (__typeof__ (((type *) 0)->name), ctype) ? 1 : -1]), \
    .size = sizeof (((type *) 0)->name), __VA_ARGS__ }
#define PATRON_PARAM_INT(type, name, ...)    PATRON_PARAM_FIELD_ (type, name, int, PATRON_PARAM_KIND_INT, __VA_ARGS__)
#define PATRON_PARAM_DOUBLE(type, name, ...) PATRON_PARAM_FIELD_ (type, name, double, PATRON_PARAM_KIND_DOUBLE, __VA_ARGS__)
#define PATRON_PARAM_BOOL(type, name, ...)   PATRON_PARAM_FIELD_ (type, name, bool, PATRON_PARAM_KIND_BOOL, __VA_ARGS__)
#define PATRON_PARAM_CHOICE(type, name, ...) PATRON_PARAM_FIELD_ (type, name, int, PATRON_PARAM_KIND_CHOICE, __VA_ARGS__)
#define PATRON_PARAM_COLUMN(type, name, ...)     PATRON_PARAM_TEXT (type, name, .holds = PATRON_HOLDS_COLUMN, __VA_ARGS__)
#define PATRON_PARAM_COLUMNS(type, name, ...)    PATRON_PARAM_TEXT (type, name, .holds = PATRON_HOLDS_COLUMNS, __VA_ARGS__)
#define PATRON_PARAM_EXPRESSION(type, name, ...) PATRON_PARAM_TEXT (type, name, .holds = PATRON_HOLDS_EXPRESSION, __VA_ARGS__)
#define PATRON_PARAM_TEXT(type, name, ...)                                                                        \
  { .field = #name, .kind = PATRON_PARAM_KIND_TEXT,                                                               \
    .offset = offsetof (type, name)                                                                               \
              + 0 * sizeof (char[__builtin_types_compatible_p (__typeof__ (&((type *) 0)->name[0]), char *)           \
                                   && !__builtin_types_compatible_p (__typeof__ (((type *) 0)->name), char *) ? 1 : -1]),                    \
    .size = sizeof (((type *) 0)->name), __VA_ARGS__ }
#define PATRON_PARAM_END { .kind = PATRON_PARAM_KIND_END }

/* params: a PATRON_PARAM_END-terminated table, or NULL for none. values: the struct the table describes. */
guint              patron_params_count (const PatronParam *params);
const PatronParam *patron_params_find  (const PatronParam *params, const char *name);  /* also by former name; - and _ alike */
void               patron_params_init  (const PatronParam *params, gpointer values);   /* defaults */
/* Refused with PATRON_ERROR_REQUEST naming parameter, value and what was expected. "auto" where there is an automatic. */
gboolean           patron_param_parse  (const PatronParam *param, const char *text, gpointer values, GError **error);
char              *patron_param_to_text (const PatronParam *param, gconstpointer values);   /* parse() of it is identical */
gboolean           patron_param_is_default (const PatronParam *param, gconstpointer values);
gboolean           patron_param_is_auto (const PatronParam *param, gconstpointer values);
gboolean           patron_param_relevant (const PatronParam *param, gconstpointer values);
gboolean           patron_params_validate (const PatronParam *params, gconstpointer values, GError **error);
/* Refused when a column, formula, table … that is not optional has not been given. */
gboolean           patron_params_complete (const PatronParam *params, gconstpointer values, GError **error);
gboolean           patron_params_equal (const PatronParam *params, gconstpointer a, gconstpointer b);
/* "n-clusters": the flag and recipe key. Owned by the caller. */
char              *patron_param_key    (const PatronParam *param);
/* "1 to 1000, default 5", translated. Owned by the caller. */
char              *patron_param_range_text (const PatronParam *param);

int         patron_param_get_int    (const PatronParam *param, gconstpointer values);   /* also choice and bool */
double      patron_param_get_double (const PatronParam *param, gconstpointer values);
const char *patron_param_get_text   (const PatronParam *param, gconstpointer values);

G_END_DECLS
