/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/learnt.h"

#include "report/json.h"

#include <glib/gi18n-lib.h>

struct _PatronLearnt
{
  JsonObject *columns;   /* name → object of the keys */
};

PatronLearnt *
patron_learnt_new (void)
{
  PatronLearnt *learnt = g_new0 (PatronLearnt, 1);
  learnt->columns = json_object_new ();
  return learnt;
}

void
patron_learnt_free (PatronLearnt *learnt)
{
  json_object_unref (learnt->columns);
  g_free (learnt);
}

PatronLearnt *
patron_learnt_from_text (const char *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object = text != NULL && json_parser_load_from_data (parser, text, -1, NULL) ? patron_json_object (json_parser_get_root (parser)) : NULL;
  if (object == NULL)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("What a prepare step has learnt cannot be read back."));
      return NULL;
    }
  PatronLearnt *learnt = g_new0 (PatronLearnt, 1);
  learnt->columns = json_object_ref (object);
  return learnt;
}

char *
patron_learnt_to_text (const PatronLearnt *learnt)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, learnt->columns);
  return json_to_string (root, FALSE);
}

static JsonObject *
column_object (PatronLearnt *learnt, const char *column)
{
  if (!json_object_has_member (learnt->columns, column))
    json_object_set_object_member (learnt->columns, column, json_object_new ());
  return json_object_get_object_member (learnt->columns, column);
}

void
patron_learnt_set_numbers (PatronLearnt *learnt, const char *column, const char *key, const double *values, gsize n)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    patron_json_add_number (builder, values[i]);
  json_builder_end_array (builder);
  json_object_set_member (column_object (learnt, column), key, json_builder_get_root (builder));
}

/* A builder takes values inside arrays only. */
void
patron_learnt_set_number (PatronLearnt *learnt, const char *column, const char *key, double value)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  patron_json_add_number (builder, value);
  json_builder_end_array (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  json_object_set_member (column_object (learnt, column), key, json_array_dup_element (json_node_get_array (root), 0));
}

void
patron_learnt_set_text (PatronLearnt *learnt, const char *column, const char *key, const char *value)
{
  json_object_set_string_member (column_object (learnt, column), key, value);
}

void
patron_learnt_set_texts (PatronLearnt *learnt, const char *column, const char *key, const char *const *values, gsize n)
{
  JsonArray *array = json_array_sized_new (n);
  for (gsize i = 0; i < n; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (column_object (learnt, column), key, array);
}

char **
patron_learnt_columns (const PatronLearnt *learnt)
{
  g_autoptr (GList) members = json_object_get_members (learnt->columns);
  GPtrArray *names = g_ptr_array_new ();
  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, g_strdup (l->data));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static JsonNode *
find (const PatronLearnt *learnt, const char *column, const char *key)
{
  JsonObject *object = patron_json_object (patron_json_member (learnt->columns, column));
  return object != NULL ? patron_json_member (object, key) : NULL;
}

double
patron_learnt_get_number (const PatronLearnt *learnt, const char *column, const char *key)
{
  return patron_json_to_number (find (learnt, column, key));
}

char *
patron_learnt_dup_text (const PatronLearnt *learnt, const char *column, const char *key)
{
  return patron_json_to_string (find (learnt, column, key));
}

double *
patron_learnt_dup_numbers (const PatronLearnt *learnt, const char *column, const char *key, gsize *n)
{
  JsonArray *array = patron_json_array (find (learnt, column, key));
  *n = array != NULL ? json_array_get_length (array) : 0;
  double *values = array != NULL ? g_new (double, MAX (*n, 1)) : NULL;
  for (gsize i = 0; i < *n; i++)
    values[i] = patron_json_to_number (json_array_get_element (array, i));
  return values;
}

char **
patron_learnt_dup_texts (const PatronLearnt *learnt, const char *column, const char *key)
{
  JsonArray *array = patron_json_array (find (learnt, column, key));
  if (array == NULL)
    return NULL;
  guint n = json_array_get_length (array);
  char **texts = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      char *text = patron_json_to_string (json_array_get_element (array, i));
      texts[i] = text != NULL ? text : g_strdup ("");
    }
  return texts;
}
