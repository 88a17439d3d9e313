/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cells.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"

void
patron_cells_free (PatronCells *cells)
{
  if (cells == NULL)
    return;
  g_clear_pointer (&cells->dict, patron_dict_unref);
  g_clear_pointer (&cells->values, patron_free);
  g_free (cells);
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

/* The rows of a sorted view lie all over the column: each chunk that any of them is in is read once. */
static gboolean
gather_chunk (PatronColumn *column, const guint32 *rows, gsize n, gsize chunk, gpointer buffer, guint8 *out, GError **error)
{
  gsize size = patron_type_size (patron_column_get_type (column));
  gsize begin = chunk * PATRON_CHUNK_ROWS;
  gsize length = MIN (PATRON_CHUNK_ROWS, patron_column_get_length (column) - begin);
  if (!patron_column_read (column, begin, length, buffer, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (rows[i] / PATRON_CHUNK_ROWS == chunk)
      memcpy (out + i * size, (const guint8 *) buffer + (rows[i] - begin) * size, size);
  return TRUE;
}

static gboolean
gather_lazy (PatronColumn *column, const guint32 *rows, gsize n, guint8 *out, GError **error)
{
  gsize n_chunks = patron_column_get_length (column) / PATRON_CHUNK_ROWS + 1;
  gpointer buffer = patron_try_alloc (PATRON_CHUNK_ROWS, patron_type_size (patron_column_get_type (column)), _("rows of the table"), error);
  if (buffer == NULL)
    return FALSE;
  g_autofree guint8 *needed = g_new0 (guint8, n_chunks);
  gboolean ok = TRUE;
  for (gsize i = 0; i < n; i++)
    needed[rows[i] / PATRON_CHUNK_ROWS] = 1;
  for (gsize chunk = 0; ok && chunk < n_chunks; chunk++)
    if (needed[chunk])
      ok = gather_chunk (column, rows, n, chunk, buffer, out, error);
  patron_free (buffer);
  return ok;
}

static gboolean
gather (PatronColumn *column, const guint32 *rows, gsize n, guint8 *out, GError **error)
{
  gsize size = patron_type_size (patron_column_get_type (column));
  if (!patron_column_is_resident (column))
    return gather_lazy (column, rows, n, out, error);
  const guint8 *values = patron_column_values (column, error);
  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    memcpy (out + i * size, values + rows[i] * size, size);
  return TRUE;
}

PatronCells *
patron_cells_read (PatronColumn *column, const guint32 *order, gsize first, gsize n, GError **error)
{
  g_autoptr (PatronCells) cells = g_new0 (PatronCells, 1);
  cells->type = patron_column_get_type (column);
  cells->first = first;
  cells->n = n;
  cells->values = patron_try_alloc (n, patron_type_size (cells->type), _("rows of the table"), error);
  if (cells->values == NULL)
    return NULL;
  if (patron_column_has_dict (column))
    {
      PatronDict *dict = patron_column_dict (column, error);
      if (dict == NULL)
        return NULL;
      cells->dict = patron_dict_ref (dict);
    }
  gboolean ok = order == NULL ? patron_column_read (column, first, n, cells->values, error)
                              : gather (column, order + first, n, cells->values, error);
  return ok ? g_steal_pointer (&cells) : NULL;
}

/* ---- text -------------------------------------------------------------------------------------------------- */

static int
count_decimals (const char *text)
{
  const char *point = strchr (text, '.');
  return point != NULL && strchr (text, 'e') == NULL ? (int) strlen (point + 1) : 0;
}

int
patron_cells_decimals (const PatronCells *cells)
{
  enum { MOST = 4 };
  if (cells->type != PATRON_TYPE_NUMBER)
    return 0;
  gsize counts[MOST + 1] = { 0 };
  const double *values = cells->values;
  for (gsize i = 0; i < cells->n; i++)
    {
      char text[40];
      if (!isfinite (values[i]))
        continue;
      patron_double_format (values[i], text);
      counts[MIN (MOST, count_decimals (text))]++;
    }
  /* As many as a tenth of the values need. */
  gsize total = 0, seen = 0;
  for (int d = 0; d <= MOST; d++)
    total += counts[d];
  for (int d = MOST; d > 0; d--)
    {
      seen += counts[d];
      if (seen * 10 > total)
        return d;
    }
  return 0;
}

static gboolean
format_number (double value, int decimals, char *buffer, gsize size)
{
  char text[64];
  if (isnan (value))
    return FALSE;
  patron_double_format (value, text);
  int have = count_decimals (text);
  /* Ten digits are what an eye compares; more are mostly the traces of a sum. Copies and files keep them all. */
  if (have > 6 && decimals >= 0)
    {
      g_ascii_formatd (text, sizeof text, "%.10g", value);
      have = count_decimals (text);
    }
  if (have < decimals && strpbrk (text, "en") == NULL)
    {
      if (have == 0)
        strcat (text, ".");
      strncat (text, "0000", decimals - have);
    }
  g_strlcpy (buffer, text, size);
  return TRUE;
}

static gboolean
format_text (const PatronCells *cells, gint32 code, char *buffer, gsize size)
{
  if (code < 0)
    return FALSE;
  const char *text = patron_dict_get (cells->dict, code);
  gsize length = patron_dict_length (cells->dict, code);
  if (length >= size)
    {
      const char *end = g_utf8_find_prev_char (text, text + size - 1);
      length = end != NULL ? (gsize) (end - text) : 0;
    }
  memcpy (buffer, text, length);
  buffer[length] = '\0';
  g_strdelimit (buffer, "\n\r\t", ' ');
  return TRUE;
}

static gboolean
format_duration (gint64 value, char *buffer, gsize size)
{
  gint64 seconds = ABS (value) / G_USEC_PER_SEC;
  if (value == PATRON_INTEGER_MISSING)
    return FALSE;
  g_snprintf (buffer, size, "%s%" G_GINT64_FORMAT ":%02d:%02d", value < 0 ? "-" : "", seconds / 3600, (int) (seconds / 60 % 60),
              (int) (seconds % 60));
  return TRUE;
}

gboolean
patron_cells_format (const PatronCells *cells, gsize i, int decimals, char *buffer, gsize size)
{
  g_assert (i < cells->n && size >= 64);
  gint64 integer;
  gint32 small;
  guint8 flag;
  buffer[0] = '\0';
  switch (cells->type)
    {
    case PATRON_TYPE_NUMBER:
      return format_number (((const double *) cells->values)[i], decimals, buffer, size);
    case PATRON_TYPE_INTEGER:
      integer = ((const gint64 *) cells->values)[i];
      if (integer != PATRON_INTEGER_MISSING)
        g_snprintf (buffer, size, "%" G_GINT64_FORMAT, integer);
      return integer != PATRON_INTEGER_MISSING;
    case PATRON_TYPE_BOOLEAN:
      flag = ((const guint8 *) cells->values)[i];
      if (flag != PATRON_BOOLEAN_MISSING)
        g_strlcpy (buffer, flag ? _("yes") : _("no"), size);
      return flag != PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return format_text (cells, ((const gint32 *) cells->values)[i], buffer, size);
    case PATRON_TYPE_DATE:
      small = ((const gint32 *) cells->values)[i];
      if (small != PATRON_DATE_MISSING)
        patron_date_format (small, buffer);
      return small != PATRON_DATE_MISSING;
    case PATRON_TYPE_TIME:
      integer = ((const gint64 *) cells->values)[i];
      if (integer != PATRON_INTEGER_MISSING)
        patron_time_format (integer, buffer);
      return integer != PATRON_INTEGER_MISSING;
    case PATRON_TYPE_DURATION:
      return format_duration (((const gint64 *) cells->values)[i], buffer, size);
    case PATRON_N_TYPES:
    default:
      g_return_val_if_reached (FALSE);
    }
}
