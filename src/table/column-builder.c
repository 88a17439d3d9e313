/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

struct _PatronColumnBuilder
{
  char              *name;
  PatronType         type;
  gsize              size;      /* of a value */
  GByteArray        *bytes;
  PatronDictBuilder *dict;      /* text and categories */
};

PatronColumnBuilder *
patron_column_builder_new (const char *name, PatronType type)
{
  PatronColumnBuilder *builder = g_new0 (PatronColumnBuilder, 1);
  builder->name = g_strdup (name);
  builder->type = type;
  builder->size = patron_type_size (type);
  builder->bytes = g_byte_array_new ();
  if (type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT)
    builder->dict = patron_dict_builder_new ();
  return builder;
}

static void
append (PatronColumnBuilder *builder, gconstpointer value)
{
  g_byte_array_append (builder->bytes, value, builder->size);
}

void
patron_column_builder_append_int64 (PatronColumnBuilder *builder, gint64 value)
{
  double number = (double) value;
  gint32 narrow = (gint32) value;
  guint8 byte = value != 0;
  switch (builder->type)
    {
    case PATRON_TYPE_NUMBER:
      append (builder, &number);
      break;
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      append (builder, &value);
      break;
    case PATRON_TYPE_DATE:
      append (builder, &narrow);
      break;
    case PATRON_TYPE_BOOLEAN:
      append (builder, &byte);
      break;
    default:
      g_return_if_reached ();
    }
}

void
patron_column_builder_append_missing (PatronColumnBuilder *builder)
{
  const double number = NAN;
  const gint64 wide = PATRON_INTEGER_MISSING;
  const gint32 days = PATRON_DATE_MISSING, code = PATRON_CODE_MISSING;
  const guint8 byte = PATRON_BOOLEAN_MISSING;
  switch (builder->type)
    {
    case PATRON_TYPE_NUMBER:
      append (builder, &number);
      break;
    case PATRON_TYPE_DATE:
      append (builder, &days);
      break;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      append (builder, &code);
      break;
    case PATRON_TYPE_BOOLEAN:
      append (builder, &byte);
      break;
    default:
      append (builder, &wide);
      break;
    }
}

void
patron_column_builder_append_number (PatronColumnBuilder *builder, double value)
{
  if (isnan (value))
    patron_column_builder_append_missing (builder);
  else if (builder->type == PATRON_TYPE_NUMBER)
    append (builder, &value);
  else
    patron_column_builder_append_int64 (builder, (gint64) value);
}

void
patron_column_builder_append_text (PatronColumnBuilder *builder, const char *value)
{
  g_return_if_fail (builder->dict != NULL);
  gint32 code = value != NULL ? patron_dict_builder_add (builder->dict, value, -1) : PATRON_CODE_MISSING;
  append (builder, &code);
}

PatronColumn *
patron_column_builder_finish (PatronColumnBuilder *builder)
{
  gsize n = builder->bytes->len / builder->size;
  gpointer values = patron_try_alloc_values (n, builder->size, builder->name, NULL);
  g_assert (values != NULL);
  if (n > 0)
    memcpy (values, builder->bytes->data, builder->bytes->len);
  PatronDict *dict = builder->dict != NULL ? patron_dict_builder_finish (builder->dict) : NULL;
  PatronColumn *column = patron_column_new_take (builder->name, builder->type, n, values, dict);
  g_byte_array_unref (builder->bytes);
  g_free (builder->name);
  g_free (builder);
  return column;
}
