/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"

#include <math.h>
#include <string.h>

void
patron_json_add_number (JsonBuilder *builder, double value)
{
  if (isnan (value))
    json_builder_add_null_value (builder);
  else if (isinf (value))
    json_builder_add_string_value (builder, value > 0 ? "inf" : "-inf");
  else
    json_builder_add_double_value (builder, value);
}

void
patron_json_put_numbers (JsonBuilder *builder, const char *name, const double *values, gsize n)
{
  if (values == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    patron_json_add_number (builder, values[i]);
  json_builder_end_array (builder);
}

void
patron_json_put_string (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

void
patron_json_put_strings (JsonBuilder *builder, const char *name, const GPtrArray *values)
{
  if (values == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < values->len; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (values->pdata[i], -1);   /* names of files may be anything */
      json_builder_add_string_value (builder, valid);
    }
  json_builder_end_array (builder);
}

void
patron_json_put_number (JsonBuilder *builder, const char *name, double value)
{
  if (isnan (value))
    return;
  json_builder_set_member_name (builder, name);
  patron_json_add_number (builder, value);
}

void
patron_json_put_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
patron_json_put_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  if (!value)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, TRUE);
}

static void
add_argument (JsonBuilder *builder, const PatronText *text, guint i)
{
  PatronFormat format = patron_text_arg_format (text, i);
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, patron_text_arg_name (text, i));
  json_builder_add_string_value (builder, patron_format_id (format));
  if (format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID)
    json_builder_add_string_value (builder, patron_text_arg_string (text, i));
  else
    patron_json_add_number (builder, patron_text_arg_number (text, i));
  json_builder_end_array (builder);
}

void
patron_json_add_text (JsonBuilder *builder, const PatronText *text)
{
  if (text == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  guint n = patron_text_n_args (text);
  if (n == 0 && !patron_text_is_plain (text))
    {
      json_builder_add_string_value (builder, patron_text_get_msgid (text));
      return;
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, patron_text_is_plain (text) ? "plain" : "msgid");
  json_builder_add_string_value (builder, patron_text_get_msgid (text));
  if (n > 0)
    {
      json_builder_set_member_name (builder, "args");
      json_builder_begin_array (builder);
      for (guint i = 0; i < n; i++)
        add_argument (builder, text, i);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

void
patron_json_put_text (JsonBuilder *builder, const char *name, const PatronText *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  patron_json_add_text (builder, text);
}

void
patron_json_put_rendered (JsonBuilder *builder, const char *name, const PatronText *text)
{
  g_autofree char *rendered = patron_text_render (text);
  patron_json_put_string (builder, name, rendered);
}

JsonObject *
patron_json_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
patron_json_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonNode *
patron_json_member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

JsonArray *
patron_json_get_array (JsonObject *object, const char *name)
{
  return patron_json_array (patron_json_member (object, name));
}

static GType
value_type (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
}

double
patron_json_to_number (JsonNode *node)
{
  GType type = value_type (node);
  if (type == G_TYPE_DOUBLE || type == G_TYPE_INT64)
    return json_node_get_double (node);
  if (type == G_TYPE_STRING)
    {
      if (strcmp (json_node_get_string (node), "inf") == 0)
        return INFINITY;
      if (strcmp (json_node_get_string (node), "-inf") == 0)
        return -INFINITY;
    }
  return NAN;
}

double
patron_json_get_number (JsonObject *object, const char *name)
{
  return patron_json_to_number (patron_json_member (object, name));
}

gint64
patron_json_get_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = patron_json_member (object, name);
  return value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : otherwise;
}

gboolean
patron_json_get_flag (JsonObject *object, const char *name)
{
  JsonNode *node = patron_json_member (object, name);
  return value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

char *
patron_json_to_string (JsonNode *node)
{
  return value_type (node) == G_TYPE_STRING ? g_utf8_make_valid (json_node_get_string (node), -1) : NULL;
}

char *
patron_json_get_string (JsonObject *object, const char *name)
{
  return patron_json_to_string (patron_json_member (object, name));
}

static gboolean
read_argument (PatronText *text, JsonNode *node)
{
  JsonArray *array = patron_json_array (node);
  if (array == NULL || json_array_get_length (array) != 3)
    return FALSE;
  g_autofree char *name = patron_json_to_string (json_array_get_element (array, 0));
  g_autofree char *id = patron_json_to_string (json_array_get_element (array, 1));
  if (name == NULL || id == NULL)
    return FALSE;
  PatronFormat format = patron_format_from_id (id);
  if (format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID)
    {
      g_autofree char *string = patron_json_to_string (json_array_get_element (array, 2));
      patron_text_add_string (text, name, format, string);
    }
  else
    patron_text_add_number (text, name, format, patron_json_to_number (json_array_get_element (array, 2)));
  return TRUE;
}

PatronText *
patron_json_to_text (JsonNode *node)
{
  g_autofree char *bare = patron_json_to_string (node);
  if (bare != NULL)
    return patron_text_begin (bare, FALSE);

  JsonObject *object = patron_json_object (node);
  g_autofree char *plain = patron_json_get_string (object, "plain");
  g_autofree char *msgid = patron_json_get_string (object, "msgid");
  if (plain == NULL && msgid == NULL)
    return NULL;
  g_autoptr(PatronText) text = patron_text_begin (plain != NULL ? plain : msgid, plain != NULL);
  JsonArray *args = patron_json_get_array (object, "args");
  for (guint i = 0; args != NULL && i < json_array_get_length (args); i++)
    if (!read_argument (text, json_array_get_element (args, i)))
      return NULL;
  return g_steal_pointer (&text);
}

PatronText *
patron_json_get_text (JsonObject *object, const char *name)
{
  return patron_json_to_text (patron_json_member (object, name));
}

guint
patron_json_get_choice (JsonObject *object, const char *name, const char *const *ids, guint n)
{
  g_autofree char *id = patron_json_get_string (object, name);
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (ids[i], id) == 0)
      return i;
  return 0;
}

double *
patron_json_get_numbers (JsonObject *object, const char *name, gsize n, gboolean *ok)
{
  if (patron_json_member (object, name) == NULL)
    return NULL;
  JsonArray *array = patron_json_get_array (object, name);
  if (array == NULL || json_array_get_length (array) != n)
    {
      *ok = FALSE;
      return NULL;
    }
  double *values = g_new (double, MAX (1, n));
  for (guint i = 0; i < n; i++)
    values[i] = patron_json_to_number (json_array_get_element (array, i));
  return values;
}
