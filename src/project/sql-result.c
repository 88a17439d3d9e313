/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* SQL's values have types, not its columns: values are kept as they come, with a tag each, and the narrowest type that holds them all becomes
 * the column's. A column shown as it is keeps the type it has in its table; texts that are all dates become dates. */

#define DAY_US G_GINT64_CONSTANT (86400000000)

enum { TAG_MISSING, TAG_INTEGER, TAG_NUMBER, TAG_TEXT, N_TAGS };

typedef struct
{
  char              *name;
  PatronType         declared;      /* PATRON_N_TYPES: an expression */
  guint8            *tags;
  gint64            *bits;          /* a whole number, a double's bits, or a code */
  PatronDictBuilder *strings;
  gsize              counts[N_TAGS];
} Values;

typedef struct
{
  Values *columns;
  guint   n_columns;
  gsize   n, room;
} Collected;

static void
collected_clear (Collected *collected)
{
  for (guint i = 0; i < collected->n_columns; i++)
    {
      g_free (collected->columns[i].name);
      patron_free (collected->columns[i].tags);
      patron_free (collected->columns[i].bits);
      g_clear_pointer (&collected->columns[i].strings, patron_dict_builder_free);
    }
  g_free (collected->columns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Collected, collected_clear)

static gboolean
grow (Collected *collected, GError **error)
{
  gsize room = MAX (collected->room * 2, 1024);
  for (guint i = 0; i < collected->n_columns; i++)
    {
      Values *values = &collected->columns[i];
      guint8 *tags = patron_try_realloc (values->tags, collected->n, room, sizeof *tags, _("the result of the query"), error);
      if (tags == NULL)
        return FALSE;
      values->tags = tags;
      gint64 *bits = patron_try_realloc (values->bits, collected->n, room, sizeof *bits, _("the result of the query"), error);
      if (bits == NULL)
        return FALSE;
      values->bits = bits;
    }
  collected->room = room;
  return TRUE;
}

/* ---- collecting --------------------------------------------------------------------------------------------- */

/* Text that is not UTF-8, as bytes that a function cut in two, is made so. */
static gint32
add_string (Values *values, const char *text, gsize length)
{
  if (g_utf8_validate (text, length, NULL))
    return patron_dict_builder_add (values->strings, text, length);
  g_autofree char *valid = g_utf8_make_valid (text, length);
  return patron_dict_builder_add (values->strings, valid, strlen (valid));
}

static gboolean
add_value (Values *values, gsize row, sqlite3_stmt *statement, int c, GError **error)
{
  int tag = TAG_MISSING;
  double number;
  switch (sqlite3_column_type (statement, c))
    {
    case SQLITE_INTEGER:
      tag = TAG_INTEGER;
      values->bits[row] = sqlite3_column_int64 (statement, c);
      break;
    case SQLITE_FLOAT:
      tag = TAG_NUMBER;
      number = sqlite3_column_double (statement, c);
      memcpy (&values->bits[row], &number, sizeof number);
      break;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
      {
        tag = TAG_TEXT;
        const char *text = (const char *) sqlite3_column_text (statement, c);
        gsize length = text != NULL ? strlen (text) : 0;
        if (values->strings == NULL)
          values->strings = patron_dict_builder_new ();
        values->bits[row] = add_string (values, text != NULL ? text : "", length);
        if (values->bits[row] < 0)
          {
            g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the result of the query."));
            return FALSE;
          }
        break;
      }
    default:
      break;
    }
  values->tags[row] = (guint8) tag;
  values->counts[tag]++;
  return TRUE;
}

static PatronType
type_of_declaration (const char *declaration)
{
  PatronType type;
  g_autofree char *word = declaration != NULL ? g_ascii_strdown (declaration, (gssize) strcspn (declaration, " ")) : NULL;
  if (word == NULL)
    return PATRON_N_TYPES;
  if (strcmp (word, "real") == 0)
    return PATRON_TYPE_NUMBER;
  return patron_type_from_id (word, &type) ? type : PATRON_N_TYPES;
}

static void
begin (Collected *collected, sqlite3_stmt *statement)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  collected->n_columns = (guint) sqlite3_column_count (statement);
  collected->columns = g_new0 (Values, collected->n_columns);
  for (guint i = 0; i < collected->n_columns; i++)
    {
      const char *name = sqlite3_column_name (statement, (int) i);
      g_autofree char *valid = g_utf8_make_valid (name != NULL && *name != '\0' ? name : "_", -1);
      char *unique = g_strdup (valid);
      for (guint k = 2; g_hash_table_contains (taken, unique); k++)
        {
          g_free (unique);
          unique = g_strdup_printf ("%s %u", valid, k);
        }
      g_hash_table_add (taken, g_strdup (unique));
      collected->columns[i].name = unique;
      collected->columns[i].declared = type_of_declaration (sqlite3_column_decltype (statement, (int) i));
    }
}

/* ---- typing ------------------------------------------------------------------------------------------------- */

static gboolean
all_moments (const PatronDict *dict, gboolean dates)
{
  gint64 value;
  gboolean is_date;
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    if (!patron_sql_parse_moment (patron_dict_get (dict, (gint32) i), patron_dict_length (dict, (gint32) i), &value, &is_date) || is_date != dates)
      return FALSE;
  return patron_dict_size (dict) > 0;
}

static PatronType
choose_type (const Values *values, const PatronDict *dict)
{
  gboolean numbers = values->counts[TAG_NUMBER] > 0;
  if (values->counts[TAG_TEXT] > 0)
    return all_moments (dict, TRUE) ? PATRON_TYPE_DATE : all_moments (dict, FALSE) ? PATRON_TYPE_TIME
           : values->declared == PATRON_TYPE_CATEGORY ? PATRON_TYPE_CATEGORY : PATRON_TYPE_TEXT;
  if (!numbers && values->counts[TAG_INTEGER] == 0)
    return values->declared != PATRON_N_TYPES ? values->declared : PATRON_TYPE_NUMBER;
  if (values->declared == PATRON_TYPE_DURATION)
    return PATRON_TYPE_DURATION;
  if (numbers || values->declared == PATRON_TYPE_NUMBER)
    return PATRON_TYPE_NUMBER;
  return values->declared == PATRON_TYPE_BOOLEAN ? PATRON_TYPE_BOOLEAN : PATRON_TYPE_INTEGER;
}

static double
as_number (const Values *values, gsize row)
{
  double number = NAN;
  if (values->tags[row] == TAG_INTEGER)
    return (double) values->bits[row];
  if (values->tags[row] == TAG_NUMBER)
    memcpy (&number, &values->bits[row], sizeof number);
  return number;
}

/* Beside texts, numbers are texts too. */
static gboolean
numbers_to_texts (Values *values, gsize n)
{
  char buffer[64];
  for (gsize i = 0; values->counts[TAG_TEXT] > 0 && i < n; i++)
    {
      if (values->tags[i] != TAG_INTEGER && values->tags[i] != TAG_NUMBER)
        continue;
      int length = values->tags[i] == TAG_NUMBER ? patron_double_format (as_number (values, i), buffer)
                                                 : g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, values->bits[i]);
      values->bits[i] = patron_dict_builder_add (values->strings, buffer, length);
      values->tags[i] = TAG_TEXT;
      if (values->bits[i] < 0)
        return FALSE;
    }
  return TRUE;
}

/* Days, or microseconds, of every string. */
static gint64 *
read_moments (const PatronDict *dict, PatronType type, GError **error)
{
  gsize n = dict != NULL ? patron_dict_size (dict) : 0;
  gint64 *moments = patron_try_alloc (n, sizeof *moments, _("the result of the query"), error);
  for (gsize i = 0; moments != NULL && i < n; i++)
    {
      gboolean is_date;
      patron_sql_parse_moment (patron_dict_get (dict, (gint32) i), patron_dict_length (dict, (gint32) i), &moments[i], &is_date);
      if (type == PATRON_TYPE_DATE)
        moments[i] = moments[i] / DAY_US - (moments[i] % DAY_US < 0);
    }
  return moments;
}

static void
fill (const Values *values, PatronType type, const gint64 *moments, gsize n, gpointer out)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean there = values->tags[i] != TAG_MISSING;
      switch (type)
        {
        case PATRON_TYPE_NUMBER:
          ((double *) out)[i] = as_number (values, i);
          break;
        case PATRON_TYPE_BOOLEAN:
          ((guint8 *) out)[i] = there ? values->bits[i] != 0 : PATRON_BOOLEAN_MISSING;
          break;
        case PATRON_TYPE_CATEGORY:
        case PATRON_TYPE_TEXT:
          ((gint32 *) out)[i] = there ? (gint32) values->bits[i] : PATRON_CODE_MISSING;
          break;
        case PATRON_TYPE_DATE:
          ((gint32 *) out)[i] = there ? (gint32) moments[values->bits[i]] : PATRON_DATE_MISSING;
          break;
        case PATRON_TYPE_TIME:
          ((gint64 *) out)[i] = there ? moments[values->bits[i]] : PATRON_INTEGER_MISSING;
          break;
        case PATRON_TYPE_DURATION:
          ((gint64 *) out)[i] = there ? (gint64) llround (CLAMP (as_number (values, i) * 1e6, -9e18, 9e18)) : PATRON_INTEGER_MISSING;
          break;
        default:
          ((gint64 *) out)[i] = there ? values->bits[i] : PATRON_INTEGER_MISSING;
          break;
        }
    }
}

static PatronColumn *
finish_column (Values *values, gsize n, GError **error)
{
  if (!numbers_to_texts (values, n))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the result of the query."));
      return NULL;
    }
  g_autoptr (PatronDict) dict = values->strings != NULL ? patron_dict_builder_finish (g_steal_pointer (&values->strings)) : patron_dict_new (NULL, 0);
  PatronType type = choose_type (values, dict);
  gpointer out = patron_try_alloc_values (n, patron_type_size (type), values->name, error);
  gint64 *moments = out != NULL && (type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME) ? read_moments (dict, type, error) : NULL;
  if (out == NULL || (moments == NULL && (type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME)))
    {
      patron_free (out);
      return NULL;
    }
  fill (values, type, moments, n, out);
  patron_free (moments);
  gboolean has_dict = type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
  return patron_column_new_take (values->name, type, n, out, has_dict ? patron_dict_ref (dict) : NULL);
}

PatronTable *
patron_sql_result_read (PatronSqlEngine *engine, sqlite3_stmt *statement, gsize max_rows, gboolean *truncated, GError **error)
{
  g_auto (Collected) collected = { 0 };
  int code;
  begin (&collected, statement);
  *truncated = FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (collected.n == G_MAXINT32 || (max_rows > 0 && collected.n == max_rows))
        {
          *truncated = TRUE;
          break;
        }
      if (collected.n == collected.room && !grow (&collected, error))
        return NULL;
      for (guint i = 0; i < collected.n_columns; i++)
        if (!add_value (&collected.columns[i], collected.n, statement, (int) i, error))
          return NULL;
      collected.n++;
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    {
      patron_sql_fail (engine, NULL, code, NULL, error);
      return NULL;
    }
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < collected.n_columns; i++)
    {
      PatronColumn *column = finish_column (&collected.columns[i], collected.n, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
      g_clear_pointer (&collected.columns[i].tags, patron_free);
      g_clear_pointer (&collected.columns[i].bits, patron_free);
    }
  return patron_table_new_take (_("Result"), g_steal_pointer (&columns));
}
