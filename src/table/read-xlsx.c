/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-xlsx.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/missing-values.h"
#include "table/xlsx-private.h"

/* Rows from which the layout is found; the others need not wait in memory. */
#define HEAD_ROWS 64
/* Merged cells are looked for in sheets up to this size: in larger ones it would take longer than people wait for a preview. */
#define MAX_MERGE_SEARCH ((gsize) 64 << 20)

/* The values are those of the reader of text files. */
static const PatronChoice headers[] = {
  { "auto", N_("Find out") }, { "no", N_("None") }, { "yes", N_("One row") }, { "2", N_("Two rows") }, { "3", N_("Three rows") }, { NULL }
};

const PatronParam patron_xlsx_params[] = {
  PATRON_PARAM_TEXT (PatronXlsxOptions, sheet, .label = N_("Sheet"), .def_text = "",
                     .help = N_("The sheet to read, by its name or its number from 1. Leave empty for the first visible one.")),
  PATRON_PARAM_TEXT (PatronXlsxOptions, range, .label = N_("Range"), .def_text = "",
                     .help = N_("The cells to read: B3:F100, columns such as B:F, or the first cell, B3. Leave empty for all of the sheet.")),
  PATRON_PARAM_CHOICE (PatronXlsxOptions, header, .label = N_("Header"), .choices = headers, .def = PATRON_CSV_HEADER_AUTO,
                       .help = N_("How many rows of column names the table begins with. A name merged over several columns counts for each of them.")),
  PATRON_READER_COLUMN_PARAMS (PatronXlsxOptions, "NA,N/A,n/a,#N/A,NULL,null,NaN,nan,\\N"),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronXlsxOptions *options;
  PatronXlsxBook          *book;
  guint                    sheet;
  PatronXlsxArea           area;
  gboolean                 has_area;
  GArray                  *merges;      /* NULL: not looked for */
  int                      found_header;  /* rows, -1: not known yet */
} Workbook;

/* ---- recognising --------------------------------------------------------------------------------------------- */

static gboolean
begins_with (const PatronPlace *place, const char *magic, gsize n)
{
  return place->n_head >= n && memcmp (place->head, magic, n) == 0;
}

static gboolean
is_old_workbook (const PatronPlace *place)
{
  return begins_with (place, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
}

/* Old and foreign workbooks come here too, to be told what to do. */
static int
recognise (const PatronPlace *place)
{
  static const char *const endings[] = { "xlsx", "xlsm", "xltx", "xltm", "xls", "xlsb", "xlt", "ods", NULL };
  gboolean named = g_strv_contains (endings, place->ending);
  if (begins_with (place, "PK\x03\x04", 4))
    return named ? PATRON_RECOGNISED_SURELY : PATRON_RECOGNISED_LIKELY;
  if (is_old_workbook (place))
    return PATRON_RECOGNISED_LIKELY;
  return PATRON_RECOGNISED_NOT;
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static void
close_workbook (gpointer state)
{
  Workbook *workbook = state;
  g_clear_pointer (&workbook->book, patron_xlsx_book_free);
  g_clear_pointer (&workbook->merges, g_array_unref);
  g_free (workbook);
}

static gboolean
list (gpointer state, GPtrArray *parts, GError **error)
{
  const Workbook *workbook = state;
  for (guint i = 0; i < workbook->book->sheets->len; i++)
    {
      const PatronXlsxSheet *sheet = workbook->book->sheets->pdata[i];
      patron_parts_add (parts, sheet->name, sheet->hidden ? N_("hidden sheet") : N_("sheet"), sheet->n_rows, sheet->n_columns, (double) NAN);
    }
  return TRUE;
}

static gboolean
choose_sheet (Workbook *workbook, const char *wanted, GError **error)
{
  const GPtrArray *sheets = workbook->book->sheets;
  if (*wanted == '\0')
    {
      while (workbook->sheet < sheets->len && ((const PatronXlsxSheet *) sheets->pdata[workbook->sheet])->hidden)
        workbook->sheet++;
      if (workbook->sheet == sheets->len)
        workbook->sheet = 0;
      return TRUE;
    }
  GPtrArray *parts = patron_parts_new ();
  gboolean fine = list (workbook, parts, error) && patron_parts_find (parts, wanted, N_("sheet"), workbook->book->path, &workbook->sheet, error);
  g_ptr_array_unref (parts);
  return fine;
}

static gboolean
choose_area (Workbook *workbook, const char *range, GError **error)
{
  workbook->has_area = *range != '\0';
  if (!workbook->has_area || patron_xlsx_parse_area (range, &workbook->area))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The range “%s” cannot be understood; expected cells such as B3:F100, columns such as B:F, or a first cell such as B3."), range);
  return FALSE;
}

static gpointer
open_workbook (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  if (is_old_workbook (place))
    {
      g_autofree char *base = g_filename_display_basename (place->name);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is an old workbook (.xls) or protected by a password; save it as .xlsx without one, or as CSV."), base);
      return NULL;
    }
  Workbook *workbook = g_new0 (Workbook, 1);
  workbook->options = params;
  workbook->found_header = -1;
  workbook->book = patron_xlsx_book_open (place->name, error);
  if (workbook->book != NULL && choose_sheet (workbook, workbook->options->sheet, error) && choose_area (workbook, workbook->options->range, error))
    return workbook;
  close_workbook (workbook);
  return NULL;
}

static char *
detected (gpointer state, const char *key)
{
  const Workbook *workbook = state;
  static const char *const counts[] = { "no", "yes", "2", "3" };
  if (strcmp (key, "sheet") == 0)
    return g_strdup (((const PatronXlsxSheet *) workbook->book->sheets->pdata[workbook->sheet])->name);
  if (strcmp (key, "header") == 0 && workbook->found_header >= 0)
    return g_strdup (counts[MIN (workbook->found_header, 3)]);
  return NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

typedef struct
{
  Workbook         *workbook;
  gsize             max_rows;
  GPtrArray        *head;         /* of PatronXlsxRow*; NULL once the layout is found */
  PatronXlsxLayout  layout;
  GPtrArray        *columns;      /* of PatronMixed*, from layout.first_column */
  GPtrArray        *units;        /* of const char*: the unit of every number so far; NULL: none yet, "" none or several */
  gsize             n_rows, n_errors;
  guint32           last_index;
  gsize             n_gaps;       /* empty rows within the table */
  GArray           *tall;         /* of PatronXlsxArea: merged over several rows of the table, by ascending first row; NULL: none */
  guint             next_tall;
  GPtrArray        *open;         /* of Merged*: areas that the last row lies in */
  gsize             n_merged;     /* cells that have their value from a merged area */
  gboolean          failed;
  PatronRun        *run;
} Reading;

static void
set_cell (Reading *reading, const PatronXlsxRow *row, const PatronXlsxCell *cell)
{
  if (cell->column < reading->layout.first_column)
    return;
  guint index = cell->column - reading->layout.first_column;
  while (reading->columns->len <= index)
    {
      g_ptr_array_add (reading->columns, patron_mixed_new ());
      g_ptr_array_add (reading->units, NULL);
    }
  PatronMixed *cells = reading->columns->pdata[index];
  switch (cell->kind)
    {
    case PATRON_XLSX_CELL_TEXT:
      patron_mixed_set_text (cells, reading->n_rows, patron_xlsx_row_text (row, cell), cell->length);
      break;
    case PATRON_XLSX_CELL_NUMBER:
      patron_mixed_set_number (cells, reading->n_rows, cell->number);
      if (reading->units->pdata[index] == NULL)
        reading->units->pdata[index] = (gpointer) cell->unit;
      else if (strcmp (reading->units->pdata[index], cell->unit) != 0)
        reading->units->pdata[index] = (gpointer) "";
      break;
    case PATRON_XLSX_CELL_BOOLEAN:
      patron_mixed_set_boolean (cells, reading->n_rows, cell->integer != 0);
      break;
    case PATRON_XLSX_CELL_DATE:
      patron_mixed_set_date (cells, reading->n_rows, (gint32) cell->integer);
      break;
    case PATRON_XLSX_CELL_TIME:
      patron_mixed_set_time (cells, reading->n_rows, cell->integer);
      break;
    case PATRON_XLSX_CELL_DURATION:
      patron_mixed_set_duration (cells, reading->n_rows, cell->integer);
      break;
    default:
      reading->n_errors++;
    }
  reading->failed |= !patron_mixed_check (cells, NULL);
}

/* ---- merged cells of the table: what stands in one counts for each of its rows ---- */

typedef struct
{
  PatronXlsxArea area;
  PatronXlsxRow *row;      /* owned: with the one cell */
} Merged;

static void
merged_free (gpointer data)
{
  Merged *merged = data;
  patron_xlsx_row_free (merged->row);
  g_free (merged);
}

static int
compare_areas (gconstpointer a, gconstpointer b)
{
  const PatronXlsxArea *one = a, *other = b;
  return (one->first_row > other->first_row) - (one->first_row < other->first_row);
}

static void
find_tall (Reading *reading, const GArray *merges, guint32 first_row)
{
  for (guint i = 0; merges != NULL && i < merges->len; i++)
    {
      const PatronXlsxArea *area = &g_array_index (merges, PatronXlsxArea, i);
      if (area->first_row < first_row || area->last_row <= area->first_row)
        continue;
      if (reading->tall == NULL)
        reading->tall = g_array_new (FALSE, FALSE, sizeof (PatronXlsxArea));
      g_array_append_val (reading->tall, *area);
    }
  if (reading->tall != NULL)
    g_array_sort (reading->tall, compare_areas);
  reading->open = g_ptr_array_new_with_free_func (merged_free);
}

static void
open_merged (Reading *reading, const PatronXlsxArea *area, const PatronXlsxRow *row)
{
  const PatronXlsxCell *cell = patron_xlsx_row_find (row, area->first_column);
  if (cell == NULL)
    return;
  Merged *merged = g_new (Merged, 1);
  *merged = (Merged) { .area = *area, .row = patron_xlsx_row_new () };
  PatronXlsxCell copy = *cell;
  copy.text = 0;
  if (cell->kind == PATRON_XLSX_CELL_TEXT)
    g_string_append_len (merged->row->texts, patron_xlsx_row_text (row, cell), cell->length);
  g_array_append_val (merged->row->cells, copy);
  g_ptr_array_add (reading->open, merged);
}

/* Cells of the row that lie in areas begun above, then the areas that begin in it. */
static void
take_merged (Reading *reading, const PatronXlsxRow *row)
{
  for (guint i = reading->open->len; i > 0; i--)
    {
      const Merged *merged = reading->open->pdata[i - 1];
      if (row->index > merged->area.last_row)
        {
          g_ptr_array_remove_index_fast (reading->open, i - 1);
          continue;
        }
      if (patron_xlsx_row_find (row, merged->area.first_column) != NULL)
        continue;
      set_cell (reading, merged->row, &g_array_index (merged->row->cells, PatronXlsxCell, 0));
      reading->n_merged++;
    }
  for (; reading->next_tall < reading->tall->len; reading->next_tall++)
    {
      const PatronXlsxArea *area = &g_array_index (reading->tall, PatronXlsxArea, reading->next_tall);
      if (area->first_row > row->index)
        break;
      if (area->first_row == row->index)
        open_merged (reading, area, row);
    }
}

static gboolean
take_data (Reading *reading, const PatronXlsxRow *row)
{
  for (guint i = 0; i < row->cells->len; i++)
    set_cell (reading, row, &g_array_index (row->cells, PatronXlsxCell, i));
  if (reading->tall != NULL)
    take_merged (reading, row);
  if (reading->n_rows > 0 && row->index > reading->last_index + 1)
    reading->n_gaps += row->index - reading->last_index - 1;
  reading->last_index = row->index;
  reading->n_rows++;
  return reading->n_rows < reading->max_rows && !reading->failed;
}

static PatronXlsxRow *
copy_row (const PatronXlsxRow *row)
{
  PatronXlsxRow *copy = patron_xlsx_row_new ();
  copy->index = row->index;
  g_array_append_vals (copy->cells, row->cells->data, row->cells->len);
  g_string_append_len (copy->texts, row->texts->str, row->texts->len);
  return copy;
}

/* The layout is found from the rows that waited, which are then taken. */
static gboolean
end_head (Reading *reading)
{
  g_autoptr (GPtrArray) head = g_steal_pointer (&reading->head);
  const Workbook *workbook = reading->workbook;
  int header = workbook->options->header;
  patron_xlsx_layout_find (&reading->layout, head, workbook->merges, header == PATRON_CSV_HEADER_AUTO ? -1 : header - PATRON_CSV_HEADER_NO, workbook->has_area);
  gboolean more = TRUE;
  const guint n_above = reading->layout.n_title + reading->layout.n_header;
  if (n_above < head->len)
    find_tall (reading, workbook->merges, ((const PatronXlsxRow *) head->pdata[n_above])->index);
  for (guint i = n_above; i < head->len && more; i++)
    more = take_data (reading, head->pdata[i]);
  return more;
}

static gboolean
take_row (const PatronXlsxRow *row, gpointer user)
{
  Reading *reading = user;
  if (reading->run != NULL && row->index % 1024 == 0)
    {
      const PatronXlsxSheet *sheet = reading->workbook->book->sheets->pdata[reading->workbook->sheet];
      patron_run_progress (reading->run, sheet->n_rows > 0 ? MIN (row->index / sheet->n_rows, 1) * 0.9 : 0.5);
    }
  if (reading->head == NULL)
    return take_data (reading, row);
  g_ptr_array_add (reading->head, copy_row (row));
  return reading->head->len < HEAD_ROWS || end_head (reading);
}

/* ---- the table ----------------------------------------------------------------------------------------------- */

static gboolean
is_empty (const Reading *reading, guint c)
{
  gboolean named = reading->layout.names[0] != NULL && c < g_strv_length (reading->layout.names) && *reading->layout.names[c] != '\0';
  return !named && patron_mixed_n_rows (reading->columns->pdata[c]) == 0;
}

static PatronColumn *
finish_column (Reading *reading, guint c, const char *name, const PatronMixedRules *rules, GPtrArray *notes, GError **error)
{
  PatronMixed *cells = g_steal_pointer (&reading->columns->pdata[c]);
  g_autoptr (PatronColumn) column = patron_mixed_finish (cells, name, reading->n_rows, rules, notes, error);
  const char *unit = reading->units->pdata[c];
  if (column == NULL || unit == NULL || *unit == '\0')
    return g_steal_pointer (&column);
  PatronType type = patron_column_get_type (column);
  return type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER ? patron_column_with_unit (column, unit) : g_steal_pointer (&column);
}

static char **
name_columns (const Reading *reading, guint *n_kept)
{
  guint n_names = g_strv_length (reading->layout.names);
  g_autofree const char **wishes = g_new0 (const char *, reading->columns->len);
  *n_kept = 0;
  for (guint c = 0; c < reading->columns->len; c++)
    if (!is_empty (reading, c))
      wishes[(*n_kept)++] = c < n_names ? reading->layout.names[c] : "";
  return patron_column_names_unique (wishes, *n_kept);
}

static PatronTable *
make_table (Reading *reading, GPtrArray *notes, GError **error)
{
  const Workbook *workbook = reading->workbook;
  const PatronXlsxSheet *sheet = workbook->book->sheets->pdata[workbook->sheet];
  for (guint n = g_strv_length (reading->layout.names); reading->columns->len < n;)
    {
      g_ptr_array_add (reading->columns, patron_mixed_new ());
      g_ptr_array_add (reading->units, NULL);
    }
  guint n_kept;
  g_auto (GStrv) names = name_columns (reading, &n_kept);
  if (n_kept == 0)
    {
      g_autofree char *base = g_filename_display_basename (workbook->book->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Sheet “%s” of “%s” is empty; expected a table with at least a row of names."), sheet->name, base);
      return NULL;
    }
  PatronMissingTokens missing;
  g_autofree char *words = patron_missing_complete (workbook->options->missing_values, patron_params_find (patron_xlsx_params, "missing-values")->def_text);
  patron_missing_tokens_init (&missing, words, NULL);
  const PatronMixedRules rules = { .type = PATRON_N_TYPES, .missing = &missing };
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  gboolean fine = TRUE;
  for (guint c = 0; c < reading->columns->len && fine; c++)
    {
      if (is_empty (reading, c))
        continue;
      PatronColumn *column = finish_column (reading, c, names[columns->len], &rules, notes, error);
      fine = column != NULL;
      if (fine)
        g_ptr_array_add (columns, column);
    }
  patron_missing_tokens_clear (&missing);
  return fine ? patron_table_new_take (sheet->name, g_steal_pointer (&columns)) : NULL;
}

static void
say_layout (const Reading *reading, GPtrArray *notes)
{
  const Workbook *workbook = reading->workbook;
  const PatronXlsxSheet *sheet = workbook->book->sheets->pdata[workbook->sheet];
  if (workbook->book->sheets->len > 1 && *workbook->options->sheet == '\0')
    g_ptr_array_add (notes, patron_text (N_("The workbook has {n} sheets; “{sheet}” was read."), "n", PATRON_COUNT (workbook->book->sheets->len),
                                         "sheet", PATRON_STRING (sheet->name), NULL));
  if (reading->layout.n_title > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|row|rows} above the table {n|was|were} left out."), "n", PATRON_COUNT (reading->layout.n_title), NULL));
  if (reading->layout.n_header == 0)
    g_ptr_array_add (notes, patron_text (N_("The first row holds values, not names, so the columns are named by their position."), NULL));
  if (reading->layout.n_header > 1)
    g_ptr_array_add (notes, patron_text (N_("The column names stand in {n} rows and were joined."), "n", PATRON_COUNT (reading->layout.n_header), NULL));
  if (reading->n_gaps > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} empty {n|row|rows} within the table {n|was|were} left out."), "n", PATRON_COUNT (reading->n_gaps), NULL));
  if (reading->n_merged > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|cell has its|cells have their} value from merged cells, of which the value counts for each row."), "n",
                                         PATRON_COUNT (reading->n_merged), NULL));
  if (reading->n_errors > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|cell holds an error|cells hold errors} such as #N/A, or a date that no calendar has, and {n|is|are} missing."), "n",
                                         PATRON_COUNT (reading->n_errors), NULL));
}

/* Where merged cells may matter and the search is quick. */
static void
look_for_merges (Workbook *workbook)
{
  const PatronXlsxSheet *sheet = workbook->book->sheets->pdata[workbook->sheet];
  if (workbook->merges != NULL)
    return;
  g_autoptr (GHashTable) members = patron_xlsx_members (workbook->book->path, NULL);
  g_autofree char *key = g_ascii_strdown (sheet->member, -1);
  if (members != NULL && GPOINTER_TO_SIZE (g_hash_table_lookup (members, key)) <= MAX_MERGE_SEARCH)
    workbook->merges = patron_xlsx_merges (workbook->book->path, sheet->member);
}

static gboolean
fill_columns (Reading *reading, GError **error)
{
  Workbook *workbook = reading->workbook;
  const PatronXlsxSheet *sheet = workbook->book->sheets->pdata[workbook->sheet];
  look_for_merges (workbook);
  if (!patron_xlsx_book_read_strings (workbook->book, reading->run, error)
      || !patron_xlsx_sheet_read (workbook->book, sheet, workbook->has_area ? &workbook->area : NULL, take_row, reading, reading->run, error))
    return FALSE;
  if (reading->head != NULL)
    end_head (reading);
  for (guint c = 0; c < reading->columns->len && reading->failed; c++)
    if (!patron_mixed_check (reading->columns->pdata[c], error))
      return FALSE;
  workbook->found_header = reading->layout.n_header;
  return TRUE;
}

static void
mixed_free (gpointer data)
{
  if (data != NULL)
    patron_mixed_free (data);
}

static PatronTable *
read_workbook (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  Reading reading = { .workbook = state, .max_rows = max_rows, .run = run };
  reading.head = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_xlsx_row_free);
  reading.columns = g_ptr_array_new_with_free_func (mixed_free);
  reading.units = g_ptr_array_new ();
  g_autoptr (GPtrArray) met = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  PatronTable *table = fill_columns (&reading, error) ? make_table (&reading, met, error) : NULL;
  if (table != NULL)
    say_layout (&reading, notes);
  for (guint i = 0; i < met->len; i++)
    g_ptr_array_add (notes, patron_text_copy (met->pdata[i]));
  g_clear_pointer (&reading.head, g_ptr_array_unref);
  g_ptr_array_unref (reading.columns);
  g_ptr_array_unref (reading.units);
  g_clear_pointer (&reading.tall, g_array_unref);
  g_clear_pointer (&reading.open, g_ptr_array_unref);
  patron_xlsx_layout_clear (&reading.layout);
  return table;
}

const PatronReader patron_reader_xlsx = {
  .id = "xlsx",
  .params = patron_xlsx_params,
  .params_size = sizeof (PatronXlsxOptions),
  .part = "sheet",
  .recognise = recognise,
  .open = open_workbook,
  .close = close_workbook,
  .list = list,
  .detected = detected,
  .read = read_workbook,
};
