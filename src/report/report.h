/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"
#include "report/chart.h"

G_BEGIN_DECLS

/* What a run found, as data. Reports are stored in the project and drawn again years later without computing anything. All
 * sentences are PatronText, so the same report reads in either language. Small: tables here have at most some thousands of rows;
 * per-row and per-customer results are tables of the project. */
/* typedef struct _PatronReport PatronReport; in base/op.h */

typedef struct
{
  char        *id;          /* "accuracy": the name of the field, in the JSON */
  PatronText  *label;
  double       value;
  double       low, high;   /* 95 % interval, NaN without */
  PatronFormat format;
  PatronText  *note;        /* formula or meaning in a sentence: the number's story. May be NULL */
  gboolean     headline;    /* among the 3 – 6 shown large */
} PatronFigure;

typedef struct
{
  char        *id;
  PatronText  *label;
  PatronFormat format;
  gboolean     bar;         /* draw a bar behind the number, relative to the column's maximum */
} PatronReportColumn;

typedef struct
{
  PatronFormat format;      /* TEXT or MSGID: text; otherwise number */
  double       number;
  PatronText  *text;        /* NULL: number, or an empty cell when number is NaN */
} PatronCell;

typedef struct
{
  char       *id;
  PatronText *title;
  PatronText *caption;      /* how to read it; may be NULL */
  GArray     *columns;      /* of PatronReportColumn */
  GPtrArray  *rows;         /* of PatronCell[columns->len] */
  guint       filled;       /* private: cells of the last row given so far */
} PatronReportTable;

typedef enum { PATRON_BLOCK_HEADING, PATRON_BLOCK_TEXT, PATRON_BLOCK_TABLE, PATRON_BLOCK_CHART } PatronBlockKind;

typedef struct
{
  PatronBlockKind    kind;
  PatronText        *text;     /* HEADING, TEXT */
  PatronReportTable *table;
  PatronChart       *chart;
} PatronBlock;

typedef struct
{
  PatronText *reason;
  gsize       rows;
} PatronDropped;

struct _PatronReport
{
  char       *op;              /* id */
  char       *version;         /* of Patron */
  PatronText *title;           /* "Segments by recency, frequency and money" */
  PatronText *headline;        /* the answer in a sentence */
  GPtrArray  *figures;         /* of PatronFigure* */
  GPtrArray  *blocks;          /* of PatronBlock*, in the order of the page: the chart that answers the question first */
  GPtrArray  *notes;           /* of PatronText*: warnings, what was assumed */
  char       *recipe;          /* its full text */
  char       *source;          /* name of the table or file */
  guint64     seed;
  int         threads;
  gsize       rows_read, rows_used;
  GPtrArray  *dropped;         /* of PatronDropped* */
  double      period_first, period_last;   /* days, NaN when there is no date */
  double      read_s, prepare_s, fit_s, measure_s, total_s;
  gsize       peak_memory;
  char       *baseline;        /* id of the rival operation, or NULL */
  GPtrArray  *baseline_figures; /* of PatronFigure* */
  GPtrArray  *outputs;         /* of char*: files written */
  gint64      created;         /* microseconds since 1970, UTC */
};

PatronReport *patron_report_new  (const char *op);
void          patron_report_free (PatronReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronReport, patron_report_free)

/* All PatronText arguments are taken. */
void          patron_report_set_title    (PatronReport *report, PatronText *title);
void          patron_report_set_headline (PatronReport *report, PatronText *headline);
PatronFigure *patron_report_add_figure   (PatronReport *report, const char *id, PatronText *label, PatronFormat format, double value);   /* borrowed: set low, high, note, headline */
PatronFigure *patron_report_add_baseline_figure (PatronReport *report, const char *id, PatronText *label, PatronFormat format, double value);
const PatronFigure *patron_report_find_figure (const PatronReport *report, const char *id);
const PatronFigure *patron_report_find_baseline_figure (const PatronReport *report, const char *id);
void          patron_report_add_heading  (PatronReport *report, PatronText *text);
void          patron_report_add_text     (PatronReport *report, PatronText *text);
PatronReportTable *patron_report_add_table (PatronReport *report, const char *id, PatronText *title);   /* borrowed */
void          patron_report_add_chart    (PatronReport *report, PatronChart *chart);   /* taken */
void          patron_report_add_note     (PatronReport *report, PatronText *note);
void          patron_report_add_dropped  (PatronReport *report, PatronText *reason, gsize rows);   /* nothing when rows is 0 */
const PatronReportTable *patron_report_find_table (const PatronReport *report, const char *id);
const PatronChart       *patron_report_find_chart (const PatronReport *report, const char *id);

void patron_report_table_set_caption (PatronReportTable *table, PatronText *caption);
PatronReportColumn *patron_report_table_add_column (PatronReportTable *table, const char *id, PatronText *label, PatronFormat format);  /* before any row */
/* Starts a row; then one call a column, in order. Cells not given stay empty. */
void patron_report_table_add_row     (PatronReportTable *table);
void patron_report_table_add_number  (PatronReportTable *table, double value);       /* in the column's format */
void patron_report_table_add_formatted (PatronReportTable *table, PatronFormat format, double value);
void patron_report_table_add_string  (PatronReportTable *table, const char *value);  /* from the data */
void patron_report_table_add_text    (PatronReportTable *table, PatronText *text);
const PatronCell *patron_report_table_cell (const PatronReportTable *table, guint row, guint column);
char *patron_cell_render (const PatronCell *cell);                                   /* in the language in force */

/* The contract of `run --json`: sentences in the language in force, numbers with 17 significant digits, not-a-number as null, dates as
 * "2011-02-28". Beside what is promised there: "title", "headline", "source", "period", "labels" and "intervals" of figures; "title" and "caption" (how to read it) of tables and charts. A table has "columns" (ids),
 * "labels" and "rows"; a chart's "marks" hold one object a series with its arrays x, y, low …; those of a heat map x, y (names) and value (rows). … */
JsonNode     *patron_report_to_contract (const PatronReport *report);
/* … and the stored form, which loses nothing. */
char         *patron_report_save (const PatronReport *report);
PatronReport *patron_report_load (const char *json, gssize length, GError **error);

G_END_DECLS
