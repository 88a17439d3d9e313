/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libxml/parser.h>

#include "base/run.h"
#include "table/mixed.h"
#include "table/reader.h"

G_BEGIN_DECLS

/* Office Open XML workbooks (ECMA-376, part 1, SpreadsheetML): a ZIP archive of XML files, each read as a stream. */

#define PATRON_XLSX_MAX_ROWS 1048576
#define PATRON_XLSX_MAX_COLUMNS 16384

/* ---- the archive (xlsx-archive.c) ---------------------------------------------------------------------------- */

/* One file of the archive through a SAX parser. The handler's functions get the xmlParserCtxt, whose _private is user. more (optional) is asked after
 * every piece; FALSE ends the reading, which then has succeeded. A missing file is an error unless found is given. what: for the sentence, "the list of
 * sheets". */
typedef struct
{
  const char     *path;        /* of the workbook */
  const char     *member;
  const char     *what;        /* msgid */
  xmlSAXHandler  *handler;
  gpointer        user;
  gboolean      (*more) (gpointer user);
  PatronRun      *run;
} PatronXlsxStream;

gboolean patron_xlsx_stream  (const PatronXlsxStream *stream, gboolean *found, GError **error);
/* The beginning of a file of the archive, at most n bytes; NULL when it is not there. */
char    *patron_xlsx_head    (const char *path, const char *member, gsize n);
/* Names of the files in the archive → uncompressed size as a gsize in a pointer; NULL with error when it is not a ZIP archive. */
GHashTable *patron_xlsx_members (const char *path, GError **error);
/* Every "<mergeCell ref=" of a sheet, of PatronXlsxArea; reads over the file without parsing it. */
GArray  *patron_xlsx_merges  (const char *path, const char *member);

void     patron_xlsx_refuse  (const char *path, const char *what, const char *why, GError **error);

/* The attribute of that local name, as a new string; NULL when it is not there. attributes as libxml2 hands them over. */
char    *patron_xlsx_attribute (int n, const xmlChar **attributes, const char *name);

/* ---- areas (xlsx-layout.c) ------------------------------------------------------------------------------------- */

/* From 0, both ends inclusive. */
typedef struct
{
  guint32 first_row, last_row, first_column, last_column;
} PatronXlsxArea;

/* "B7" → row 6, column 1. Returns the bytes used, 0 when it is none; a reference without row or column leaves that G_MAXUINT32. */
gsize    patron_xlsx_parse_cell (const char *text, gsize length, guint32 *row, guint32 *column);
/* "B3:F100", "B:F", "3:100", "B3" (from there on). */
gboolean patron_xlsx_parse_area (const char *text, PatronXlsxArea *area);

/* ---- the workbook (xlsx-book.c) ------------------------------------------------------------------------------ */

typedef enum
{
  PATRON_XLSX_NUMBER,
  PATRON_XLSX_DATE,        /* the format shows a date */
  PATRON_XLSX_DATE_TIME,   /* … and a time of day */
  PATRON_XLSX_CLOCK,       /* a time of day alone */
  PATRON_XLSX_ELAPSED,     /* hours may exceed 24 */
  PATRON_XLSX_TEXT,        /* "@" */
} PatronXlsxFormat;

typedef struct
{
  PatronXlsxFormat format;
  char             unit[8];   /* a currency sign that the format shows */
} PatronXlsxStyle;

/* What a number format shows (ECMA-376 part 1, 18.8.30 and 18.8.31). */
PatronXlsxStyle patron_xlsx_classify_format (const char *code);

typedef struct
{
  char    *name;
  char    *member;      /* of the archive */
  gboolean hidden;
  double   n_rows, n_columns;   /* as the sheet says; NaN: it does not */
} PatronXlsxSheet;

typedef struct
{
  char      *path;
  GPtrArray *sheets;         /* of PatronXlsxSheet*; worksheets alone */
  guint      n_others;       /* chart sheets and the like */
  gboolean   from_1904;
  GArray    *styles;         /* of PatronXlsxStyle, by cell style */
  char      *bytes;          /* shared strings, one after the other; NULL: not read yet */
  gsize      n_bytes, bytes_size;
  gsize     *offsets;        /* n_strings + 1 */
  gsize      n_strings, offsets_size;
  char      *strings_member; /* NULL: there are none */
} PatronXlsxBook;

PatronXlsxBook *patron_xlsx_book_open (const char *path, GError **error);
void            patron_xlsx_book_free (PatronXlsxBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronXlsxBook, patron_xlsx_book_free)
gboolean        patron_xlsx_book_read_strings (PatronXlsxBook *book, PatronRun *run, GError **error);
/* Replaces "_x000D_" and the like by the characters they stand for. */
void            patron_xlsx_unescape (GString *text);

/* ---- the sheet (xlsx-sheet.c) -------------------------------------------------------------------------------- */

typedef enum
{
  PATRON_XLSX_CELL_TEXT,
  PATRON_XLSX_CELL_NUMBER,
  PATRON_XLSX_CELL_BOOLEAN,
  PATRON_XLSX_CELL_DATE,       /* days */
  PATRON_XLSX_CELL_TIME,       /* microseconds */
  PATRON_XLSX_CELL_DURATION,   /* microseconds */
  PATRON_XLSX_CELL_ERROR,
} PatronXlsxCellKind;

typedef struct
{
  guint32     column;
  guint8      kind;
  const char *unit;            /* "" or a currency sign, borrowed from the style */
  double      number;
  gint64      integer;         /* days, microseconds */
  guint32     text, length;    /* in the row's texts */
} PatronXlsxCell;

typedef struct
{
  guint32  index;              /* from 0 */
  GArray  *cells;              /* of PatronXlsxCell, by ascending column; empty cells are left out */
  GString *texts;
} PatronXlsxRow;

PatronXlsxRow *patron_xlsx_row_new  (void);
void           patron_xlsx_row_free (PatronXlsxRow *row);
const PatronXlsxCell *patron_xlsx_row_find (const PatronXlsxRow *row, guint32 column);
const char    *patron_xlsx_row_text (const PatronXlsxRow *row, const PatronXlsxCell *cell);

/* Calls take for each row that has cells with values, in ascending order, until it returns FALSE. */
gboolean patron_xlsx_sheet_read (PatronXlsxBook *book, const PatronXlsxSheet *sheet, const PatronXlsxArea *area, gboolean (*take) (const PatronXlsxRow *row, gpointer user),
                                 gpointer user, PatronRun *run, GError **error);

/* ---- the layout (xlsx-layout.c) ------------------------------------------------------------------------------ */

/* Where the table is on the sheet. */
typedef struct
{
  guint  n_title;           /* rows of the head before the header */
  guint  n_header;          /* rows of names; they follow the title */
  char **names;             /* by column of the sheet, from first_column; NULL-terminated, "" where there is none */
  guint32 first_column;
} PatronXlsxLayout;

/* head: of PatronXlsxRow*, the first rows that have values. n_header: as the setting says, -1 to find it out. merges: of PatronXlsxArea or NULL.
 * whole_area: a range was given, so that nothing in it is a title. */
void patron_xlsx_layout_find  (PatronXlsxLayout *layout, const GPtrArray *head, const GArray *merges, int n_header, gboolean whole_area);
void patron_xlsx_layout_clear (PatronXlsxLayout *layout);

G_END_DECLS
