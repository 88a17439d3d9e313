/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "table/csv-options.h"
#include "table/csv-types.h"
#include "table/write-value.h"

/* Rows that one worker turns into text at a time, and how many such pieces wait for the disk together. */
#define PIECE_ROWS ((gsize) 8192)
#define PIECES 16
/* Dictionaries up to this size are turned into fields once; a larger one is hardly used twice an entry. */
#define MAX_READY ((gsize) 65536)

typedef struct
{
  char *bytes;
  gsize n, size;
} Piece;

/* A dictionary's n strings as they stand in the file: string i from offsets[i] to offsets[i + 1]. n 0: not made ready. */
typedef struct
{
  gsize  n;
  char  *bytes;
  gsize *offsets;
} Fields;

typedef struct
{
  PatronTable              *table;
  const PatronWriteOptions *options;
  char                      delimiter;     /* '\0': JSON lines */
  const char               *nothing;       /* a missing value */
  guint8                    special[256];  /* bytes for whose sake a field is quoted */
  PatronMissingTokens       missing;       /* texts that without quotes would be read as missing */
  gsize                     first_row;     /* of this round */
  gsize                     n_rows;        /* of the table */
  Piece                     pieces[PIECES];
  gint64                    offset;        /* of this round in the file */
  int                       fd;
  char                    **leads;         /* what comes before a column's value: a delimiter, a key */
  Fields                   *fields;        /* one for each column */
  GError                   *error;         /* the first */
} Writer;

/* One column's values of a piece. */
typedef struct
{
  PatronType    type;
  gsize         size;
  char         *values;
  PatronDict   *dict;
  const Fields *fields;
  const char   *lead, *before, *after;   /* before and after: the unit */
  gsize         lead_length, before_length, after_length;
} Cells;

static inline char *
write_bytes (char *at, const char *bytes, gsize n)
{
  memcpy (at, bytes, n);
  return at + n;
}

static inline gboolean
is_missing (PatronType type, gconstpointer value)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return isnan (*(const double *) value);
    case PATRON_TYPE_BOOLEAN:
      return *(const guint8 *) value == PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_DATE:
      return *(const gint32 *) value == PATRON_DATE_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return *(const gint32 *) value < 0;
    default:
      return *(const gint64 *) value == PATRON_INTEGER_MISSING;
    }
}

static inline gboolean
has_text (PatronType type)
{
  return type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
}

/* Numbers, dates and truth values. */
static inline char *
write_plain (char *at, PatronType type, gconstpointer value)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return patron_write_number (*(const double *) value, at);
    case PATRON_TYPE_INTEGER:
      return patron_write_integer (*(const gint64 *) value, at);
    case PATRON_TYPE_BOOLEAN:
      return patron_write_boolean (*(const guint8 *) value, at);
    case PATRON_TYPE_DATE:
      return patron_write_date (*(const gint32 *) value, at);
    case PATRON_TYPE_TIME:
      return patron_write_time (*(const gint64 *) value, at);
    default:
      return patron_write_duration (*(const gint64 *) value, at);
    }
}

/* Whether a reader could take the text for something else than a value: a comment, a byte order mark, a part of a line that is drawn under names. */
static gboolean
is_mistakable (const char *text, gsize length)
{
  if (text[0] == '#' || (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0))
    return TRUE;
  gsize n_drawn = 0;
  while (n_drawn < length && (text[n_drawn] == '-' || text[n_drawn] == '=' || text[n_drawn] == '+' || text[n_drawn] == ':' || g_ascii_isspace (text[n_drawn])))
    n_drawn++;
  return n_drawn == length && length >= 3;
}

/* RFC 4180: quoted when it holds a delimiter, a quotation mark or a line break; blanks at the ends, the empty text, what stands for a missing
 * value and what is none are quoted too, so that they are read back as they are. Needs room for text_room() bytes. */
static char *
write_field (const Writer *writer, char *at, const char *text, gsize length)
{
  guint8 quote = length == 0 || text[0] == ' ' || text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t'
                 || is_mistakable (text, length) || patron_missing_tokens_match (&writer->missing, text, length);
  for (gsize i = 0; i < length; i++)
    quote |= writer->special[(guchar) text[i]];
  if (quote)
    *at++ = '"';
  if (writer->options->defuse_formulas && patron_text_is_formula (text))
    *at++ = '\'';
  if (!quote)
    return write_bytes (at, text, length);
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        *at++ = '"';
      *at++ = text[i];
    }
  *at++ = '"';
  return at;
}

/* A JSON string, RFC 8259; needs room for text_room() bytes. */
static char *
write_string (char *at, const char *text, gsize length)
{
  static const char hex[] = "0123456789abcdef";
  *at++ = '"';
  for (gsize i = 0; i < length; i++)
    {
      guchar c = text[i];
      if (c >= ' ' && c != '"' && c != '\\')
        {
          *at++ = c;
          continue;
        }
      *at++ = '\\';
      if (c == '\n' || c == '\t' || c == '\r')
        *at++ = c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
      else if (c >= ' ')
        *at++ = c;
      else
        {
          at = write_bytes (at, "u00", 3);
          *at++ = hex[c >> 4];
          *at++ = hex[c & 15];
        }
    }
  *at++ = '"';
  return at;
}

/* The most bytes a text takes in the file. */
static inline gsize
text_room (const Writer *writer, gsize length)
{
  return (writer->delimiter == '\0' ? 6 : 2) * length + 3;
}

static inline char *
write_text_value (const Writer *writer, char *at, const char *text, gsize length)
{
  return writer->delimiter == '\0' ? write_string (at, text, length) : write_field (writer, at, text, length);
}

static char *
write_with_unit (char *at, const Cells *cells, gconstpointer value)
{
  char *start = at;
  at = write_bytes (at, cells->before, cells->before_length);
  at = write_plain (at, cells->type, value);
  at = write_bytes (at, cells->after, cells->after_length);
  /* A minus belongs before the sign of the currency. */
  if (cells->before_length > 0 && start[cells->before_length] == '-')
    {
      memmove (start + 1, start, cells->before_length);
      *start = '-';
    }
  return at;
}

static inline char *
write_json_plain (char *at, PatronType type, gconstpointer value)
{
  gboolean bare = type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_BOOLEAN || (type == PATRON_TYPE_NUMBER && isfinite (*(const double *) value));
  if (!bare)
    *at++ = '"';
  at = write_plain (at, type, value);
  if (!bare)
    *at++ = '"';
  return at;
}

/* Room for n more bytes, where they go; NULL: the error is kept. */
static inline char *
reserve (Writer *writer, Piece *piece, gsize n)
{
  if (G_UNLIKELY (piece->size - piece->n < n))
    {
      GError *error = NULL;
      gsize size = piece->size + MAX (piece->size, n + 65536);
      char *larger = patron_try_realloc (piece->bytes, piece->size, size, 1, "output", &error);
      if (larger == NULL)
        {
          patron_error_keep (&writer->error, error);
          return NULL;
        }
      piece->bytes = larger;
      piece->size = size;
    }
  return piece->bytes + piece->n;
}

/* The unit to write beside a column's numbers. */
static void
choose_unit (const Writer *writer, PatronColumn *column, Cells *cells)
{
  cells->before = cells->after = "";
  const char *unit = patron_column_get_unit (column);
  if (unit == NULL || !writer->options->units || writer->delimiter == '\0' || (cells->type != PATRON_TYPE_NUMBER && cells->type != PATRON_TYPE_INTEGER))
    return;
  if (strcmp (unit, "%") == 0)
    cells->after = unit;
  for (guint i = 0; patron_currency_signs[i] != NULL; i++)
    if (strcmp (unit, patron_currency_signs[i]) == 0)
      cells->before = unit;
  cells->before_length = strlen (cells->before);
  cells->after_length = strlen (cells->after);
}

/* Rows start … start+n-1 of every column; an error is kept. */
static Cells *
read_cells (Writer *writer, gsize start, gsize n)
{
  guint n_columns = patron_table_n_columns (writer->table);
  Cells *cells = g_new0 (Cells, n_columns);
  GError *error = NULL;
  for (guint c = 0; c < n_columns && error == NULL; c++)
    {
      PatronColumn *column = patron_table_column (writer->table, c);
      PatronType type = patron_column_get_type (column);
      cells[c] = (Cells) { .type = type, .size = patron_type_size (type), .lead = writer->leads[c], .lead_length = strlen (writer->leads[c]) };
      choose_unit (writer, column, &cells[c]);
      cells[c].values = patron_try_alloc (n, cells[c].size, "output", &error);
      if (cells[c].values == NULL || !patron_column_read (column, start, n, cells[c].values, &error))
        break;
      if (has_text (type))
        cells[c].dict = patron_column_dict (column, &error);
      cells[c].fields = &writer->fields[c];
    }
  if (error != NULL)
    patron_error_keep (&writer->error, error);
  return cells;
}

static void
free_cells (Cells *cells, guint n)
{
  for (guint c = 0; c < n; c++)
    patron_free (cells[c].values);
  g_free (cells);
}

static gboolean
append_cell (Writer *writer, Piece *piece, const Cells *cells, gsize r)
{
  const char *value = cells->values + r * cells->size;
  const gboolean json = writer->delimiter == '\0', missing = is_missing (cells->type, value);
  gboolean ready = FALSE;
  const char *text = NULL;
  gsize length = 0, room = PATRON_VALUE_ROOM + cells->before_length + cells->after_length;
  if (!missing && has_text (cells->type))
    {
      gint32 code = *(const gint32 *) value;
      ready = (gsize) code < cells->fields->n;
      if (ready)
        {
          text = cells->fields->bytes + cells->fields->offsets[code];
          length = room = cells->fields->offsets[code + 1] - cells->fields->offsets[code];
        }
      else
        {
          text = patron_dict_get (cells->dict, code);
          length = patron_dict_length (cells->dict, code);
          room = text_room (writer, length);
        }
    }
  char *at = reserve (writer, piece, cells->lead_length + room);
  if (at == NULL)
    return FALSE;
  at = write_bytes (at, cells->lead, cells->lead_length);
  if (missing)
    at = write_bytes (at, writer->nothing, strlen (writer->nothing));
  else if (text != NULL)
    at = ready ? write_bytes (at, text, length) : write_text_value (writer, at, text, length);
  else if (json)
    at = write_json_plain (at, cells->type, value);
  else
    at = write_with_unit (at, cells, value);
  piece->n = at - piece->bytes;
  return TRUE;
}

static gboolean
append_row (Writer *writer, Piece *piece, const Cells *cells, guint n_columns, gsize r)
{
  for (guint c = 0; c < n_columns; c++)
    if (!append_cell (writer, piece, &cells[c], r))
      return FALSE;
  const char *end = writer->delimiter != '\0' ? "\n" : n_columns == 0 ? "{}\n" : "}\n";
  char *at = reserve (writer, piece, strlen (end));
  if (at == NULL)
    return FALSE;
  piece->n = write_bytes (at, end, strlen (end)) - piece->bytes;
  return TRUE;
}

static void
format_pieces (gsize begin, gsize end, int worker, gpointer data)
{
  Writer *writer = data;
  guint n_columns = patron_table_n_columns (writer->table);
  for (gsize i = begin; i < end; i++)
    {
      Piece *piece = &writer->pieces[i];
      gsize start = writer->first_row + i * PIECE_ROWS;
      piece->n = 0;
      if (start >= writer->n_rows)
        continue;
      gsize n = MIN (PIECE_ROWS, writer->n_rows - start);
      Cells *cells = read_cells (writer, start, n);
      if (g_atomic_pointer_get (&writer->error) == NULL)
        for (gsize r = 0; r < n; r++)
          if (!append_row (writer, piece, cells, n_columns, r))
            break;
      free_cells (cells, n_columns);
    }
}

/* ---- before the first row ---------------------------------------------------------------------------------- */

/* A name or a text alone. */
static char *
text_alone (const Writer *writer, const char *text)
{
  gsize length = strlen (text);
  char *alone = g_malloc (text_room (writer, length) + 1);
  *write_text_value (writer, alone, text, length) = '\0';
  return alone;
}

/* What comes before each column's value. */
static char **
make_leads (const Writer *writer)
{
  guint n = patron_table_n_columns (writer->table);
  char **leads = g_new0 (char *, n + 1);
  for (guint c = 0; c < n; c++)
    {
      g_autofree char *name = text_alone (writer, patron_column_get_name (patron_table_column (writer->table, c)));
      if (writer->delimiter == '\0')
        leads[c] = g_strdup_printf ("%c%s:", c == 0 ? '{' : ',', name);
      else
        leads[c] = c == 0 ? g_strdup ("") : g_strndup (&writer->delimiter, 1);
    }
  return leads;
}

static gboolean
ready_fields (const Writer *writer, PatronDict *dict, Fields *fields, GError **error)
{
  gsize n = patron_dict_size (dict), room = 0;
  for (gsize i = 0; i < n; i++)
    room += text_room (writer, patron_dict_length (dict, i));
  fields->bytes = patron_try_alloc (room, 1, "output", error);
  fields->offsets = fields->bytes != NULL ? patron_try_alloc (n + 1, sizeof *fields->offsets, "output", error) : NULL;
  if (fields->offsets == NULL)
    return FALSE;
  char *at = fields->bytes;
  for (gsize i = 0; i < n; i++)
    {
      fields->offsets[i] = at - fields->bytes;
      at = write_text_value (writer, at, patron_dict_get (dict, i), patron_dict_length (dict, i));
    }
  fields->offsets[n] = at - fields->bytes;
  fields->n = n;
  return TRUE;
}

/* The small dictionaries' strings as fields, whose rows then only copy them. */
static gboolean
make_fields (Writer *writer, GError **error)
{
  for (guint c = 0; c < patron_table_n_columns (writer->table); c++)
    {
      PatronColumn *column = patron_table_column (writer->table, c);
      if (!has_text (patron_column_get_type (column)))
        continue;
      PatronDict *dict = patron_column_dict (column, error);
      if (dict == NULL)
        return FALSE;
      if (patron_dict_size (dict) <= MIN (MAX_READY, writer->n_rows) && !ready_fields (writer, dict, &writer->fields[c], error))
        return FALSE;
    }
  return TRUE;
}

static char *
make_header (const Writer *writer)
{
  GString *header = g_string_new (NULL);
  for (guint c = 0; c < patron_table_n_columns (writer->table); c++)
    {
      g_autofree char *name = text_alone (writer, patron_column_get_name (patron_table_column (writer->table, c)));
      g_string_append_printf (header, "%s%s", writer->leads[c], name);
    }
  g_string_append_c (header, '\n');
  return g_string_free (header, FALSE);
}

/* ---- all together ------------------------------------------------------------------------------------------ */

/* All n bytes; an error is kept. */
static gboolean
write_at (Writer *writer, const char *bytes, gsize n, gint64 offset)
{
  while (n > 0)
    {
      const ssize_t done = pwrite (writer->fd, bytes, n, offset);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          patron_error_keep (&writer->error, g_error_new (PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), g_strerror (done < 0 ? errno : ENOSPC)));
          return FALSE;
        }
      bytes += done;
      n -= done;
      offset += done;
    }
  return TRUE;
}

/* Every piece goes to its own place: the workers copy side by side. */
static void
write_pieces (gsize begin, gsize end, int worker, gpointer data)
{
  Writer *writer = data;
  for (gsize i = begin; i < end; i++)
    {
      gint64 offset = writer->offset;
      for (gsize before = 0; before < i; before++)
        offset += writer->pieces[before].n;
      if (!write_at (writer, writer->pieces[i].bytes, writer->pieces[i].n, offset))
        return;
    }
}

static gboolean
write_round (Writer *writer, gsize n_pieces, PatronRun *run, GError **error)
{
  patron_parallel_for (run, n_pieces, 1, format_pieces, writer);
  if (writer->error == NULL && (run == NULL || !patron_run_cancelled (run)))
    patron_parallel_for (run, n_pieces, 1, write_pieces, writer);
  if (writer->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&writer->error));
      return FALSE;
    }
  for (gsize i = 0; i < n_pieces; i++)
    writer->offset += writer->pieces[i].n;
  return run == NULL || patron_run_check (run, error);
}

static gboolean
write_all (Writer *writer, PatronRun *run, GError **error)
{
  if (!make_fields (writer, error))
    return FALSE;
  if (writer->delimiter != '\0')
    {
      g_autofree char *header = make_header (writer);
      if (!write_at (writer, header, strlen (header), 0))
        {
          g_propagate_error (error, g_steal_pointer (&writer->error));
          return FALSE;
        }
      writer->offset = strlen (header);
    }
  for (gsize row = 0; row < writer->n_rows; row += PIECES * PIECE_ROWS)
    {
      writer->first_row = row;
      const gsize n = MIN (PIECES, (writer->n_rows - row + PIECE_ROWS - 1) / PIECE_ROWS);
      if (!write_round (writer, n, run, error))
        return FALSE;
      if (run != NULL)
        patron_run_progress (run, (double) row / writer->n_rows);
    }
  return TRUE;
}

static gboolean
write_text (PatronTable *table, const char *path, char delimiter, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  Writer writer = { .table = table, .options = options, .delimiter = delimiter, .n_rows = patron_table_n_rows (table) };
  writer.fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (writer.fd < 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      return FALSE;
    }
  guint n_columns = patron_table_n_columns (table);
  /* In a file of one column an empty line is no row to most programs. */
  writer.nothing = delimiter == '\0' ? "null" : n_columns == 1 ? "\"\"" : "";
  for (const char *mark = "\"\n\r"; *mark != '\0'; mark++)
    writer.special[(guchar) *mark] = TRUE;
  writer.special[(guchar) delimiter] = TRUE;
  PatronCsvOptions reading;
  patron_csv_options_init (&reading);
  patron_missing_tokens_init (&writer.missing, reading.missing_values, NULL);
  g_auto (GStrv) leads = make_leads (&writer);
  g_autofree Fields *fields = g_new0 (Fields, n_columns);
  writer.leads = leads;
  writer.fields = fields;
  gboolean fine = write_all (&writer, run, error);
  for (guint i = 0; i < PIECES; i++)
    patron_free (writer.pieces[i].bytes);
  for (guint c = 0; c < n_columns; c++)
    {
      patron_free (fields[c].bytes);
      patron_free (fields[c].offsets);
    }
  patron_missing_tokens_clear (&writer.missing);
  if (close (writer.fd) != 0 && fine)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), g_strerror (errno));
      fine = FALSE;
    }
  return fine;
}

gboolean
patron_write_delimited (PatronTable *table, const char *path, char delimiter, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  return write_text (table, path, delimiter, options, run, error);
}

gboolean
patron_write_jsonl (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  return write_text (table, path, '\0', options, run, error);
}
