/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/column.h"
#include "table/parse-date.h"
#include "table/parse-number.h"

G_BEGIN_DECLS

/* What the values of a column of text could be, found by looking at every one of them. */

/* Texts that stand for nothing. */
typedef struct
{
  char   **tokens;       /* NULL-terminated, owned */
  int      n_own;        /* the first of them: those of the column alone */
  guint8   first[256];   /* whether one begins with the byte */
  gsize    longest;
  gboolean values;       /* some could be read as numbers, dates or truth values: to be looked for first */
} PatronMissingTokens;

/* list: as the setting missing-values; column: the entries for it are taken too (NULL: none). */
void     patron_missing_tokens_init  (PatronMissingTokens *tokens, const char *list, const char *column);
void     patron_missing_tokens_clear (PatronMissingTokens *tokens);
/* Forgets those that are not of the column alone. */
void     patron_missing_tokens_keep_own (PatronMissingTokens *tokens);
gboolean patron_missing_tokens_match (const PatronMissingTokens *tokens, const char *text, gsize length);
/* Which of the tokens it is, -1 for none. */
int      patron_missing_tokens_find  (const PatronMissingTokens *tokens, const char *text, gsize length);

/* 1 or 0 for a word that says true or false, else -1. By itself only true, false, 真 and 假 do; all: also yes, no, y, n, t, f, on, off, 1, 0, 是, 否, 对, 错. */
int      patron_boolean_word         (const char *text, gsize length, gboolean all);

#define PATRON_N_NUMBER_FORMS 5
extern const PatronNumberForm patron_number_forms[PATRON_N_NUMBER_FORMS];

/* The choices a column's values are held against. */
enum
{
  PATRON_GUESS_NUMBER,                                             /* + index of the form */
  PATRON_GUESS_BOOLEAN = PATRON_GUESS_NUMBER + PATRON_N_NUMBER_FORMS,
  PATRON_GUESS_DURATION,
  PATRON_GUESS_DATE,                                               /* + PatronDateRule */
  PATRON_N_GUESSES = PATRON_GUESS_DATE + PATRON_DATE_N_RULES,
};

typedef struct
{
  guint32 n;              /* values that do not fit */
  guint32 row;            /* the first of them, counted from 0 */
  char    text[28];       /* its beginning */
} PatronMisfit;

typedef struct
{
  guint32      n_values, n_missing;
  guint32      n_tokens;              /* of the missing: written as NA and the like */
  PatronMisfit misfits[PATRON_N_GUESSES];
  guint32      n_code_like, n_exponent_like, n_marked;
  guint32      n_integer[2], n_zero_fraction[2];   /* under '.' and under ',' as decimal mark */
  guint32      n_grouped;             /* numbers with marks between thousands */
  guint32      n_contested;           /* a number under '.' and under ',' as decimal mark, with different values */
  guint32      n_percent;
  guint        currency;              /* of the first value that has one */
  gboolean     mixed_currency;
  guint32      n_with_time, n_with_zone;
  guint32      n_two_letters;         /* two capitals, as in country codes */
  gboolean     plain_years;           /* compact dates between 1900 and 2100 only */
  guint        longest;
} PatronTypeStats;

void patron_type_stats_init  (PatronTypeStats *stats);
void patron_type_stats_add   (PatronTypeStats *stats, const char *text, gsize length, guint32 row, const PatronMissingTokens *missing);
/* Adds what other saw; both over different rows, in any order. */
void patron_type_stats_merge (PatronTypeStats *stats, const PatronTypeStats *other);

/* How a column is read. */
typedef struct
{
  PatronType       type;              /* TEXT also where the distinct values will decide between TEXT and CATEGORY */
  gboolean         given;             /* by the user: a value that does not fit is missing, and counted */
  gboolean         kept;              /* cells are texts as they stand: nothing but an empty field is missing */
  gboolean         keep_na;           /* texts: words for missing are values, but for those said of the column alone */
  PatronNumberForm form;
  PatronDateRule   rule;
  char             unit[8];
  guint            currency;          /* of the unit, as in PatronNumber */
  gboolean         percent;
} PatronColumnPlan;

/* What the file as a whole prefers where a column alone cannot tell. */
typedef struct
{
  char           decimal;             /* '.' or ',', '\0': nothing known */
  char           grouping;            /* given by the user, '\0' */
  gboolean       decimal_given;
  gboolean       sample;              /* the statistics are of the first values only */
  gboolean       missing_given;       /* the user has said which words stand for missing */
  gboolean       rule_known, rule_given;
  PatronDateRule rule;
} PatronTypeContext;

/* The plan for a column; *note (optional) receives a sentence where a reader should know how it was decided, or NULL. name is the column's. */
void patron_plan_column (const PatronTypeStats *stats, const char *name, const PatronTypeContext *context, PatronColumnPlan *plan, PatronText **note);
/* The plan for a type the user asked for. */
void patron_plan_given  (const PatronTypeStats *stats, PatronType type, const PatronTypeContext *context, PatronColumnPlan *plan);

G_END_DECLS
