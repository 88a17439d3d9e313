/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/item.h"

#include <glib/gi18n-lib.h>

#include "base/text.h"

struct _PatronItem
{
  GObject        parent_instance;
  PatronItemKind kind;
  gint64         id;
  char          *name, *op, *source, *detail;   /* owned */
  gint64         created, n_rows, n_columns, version, bytes, result, model;
};

G_DEFINE_FINAL_TYPE (PatronItem, patron_item, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_DETAIL, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
patron_item_finalize (GObject *object)
{
  PatronItem *self = PATRON_ITEM (object);
  g_free (self->name);
  g_free (self->op);
  g_free (self->source);
  g_free (self->detail);
  G_OBJECT_CLASS (patron_item_parent_class)->finalize (object);
}

static void
patron_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PatronItem *self = PATRON_ITEM (object);
  if (id == PROP_NAME)
    g_value_set_string (value, self->name);
  else if (id == PROP_DETAIL)
    g_value_set_string (value, self->detail);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
patron_item_class_init (PatronItemClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->finalize = patron_item_finalize;
  object_class->get_property = patron_item_get_property;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
patron_item_init (PatronItem *self)
{
}

PatronItem *
patron_item_new (PatronItemKind kind, gint64 id)
{
  PatronItem *self = g_object_new (PATRON_TYPE_ITEM, NULL);
  self->kind = kind;
  self->id = id;
  return self;
}

/* The day, or the time of a thing made today. */
static char *
format_created (gint64 created)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) then = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  if (then == NULL)
    return g_strdup ("");
  gboolean today = g_date_time_get_year (then) == g_date_time_get_year (now)
                   && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now);
  return g_date_time_format (then, today ? "%H:%M" : "%Y-%m-%d");
}

static gboolean
replace (char **field, const char *value)
{
  if (g_strcmp0 (*field, value) == 0)
    return FALSE;
  g_free (*field);
  *field = g_strdup (value);
  return TRUE;
}

void
patron_item_set_values (PatronItem *self, const PatronItemValues *values)
{
  g_return_if_fail (PATRON_IS_ITEM (self));
  replace (&self->op, values->op);
  replace (&self->source, values->source);
  self->created = values->created;
  self->n_rows = values->n_rows;
  self->n_columns = values->n_columns;
  self->version = values->version;
  self->bytes = values->bytes;
  self->result = values->result;
  self->model = values->model;
  if (replace (&self->name, values->name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  g_autofree char *detail = self->kind == PATRON_ITEM_TABLE ? patron_format_number (PATRON_FORMAT_COUNT, (double) self->n_rows)
                                                            : format_created (self->created);
  if (replace (&self->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

PatronItemKind
patron_item_get_kind (PatronItem *self)
{
  return self->kind;
}

gint64
patron_item_get_id (PatronItem *self)
{
  return self->id;
}

const char *
patron_item_get_name (PatronItem *self)
{
  return self->name;
}

const char *
patron_item_get_detail (PatronItem *self)
{
  return self->detail;
}

gint64
patron_item_get_n_rows (PatronItem *self)
{
  return self->n_rows;
}

gint64
patron_item_get_version (PatronItem *self)
{
  return self->version;
}

const char *
patron_item_get_op (PatronItem *self)
{
  return self->op;
}

const char *
patron_item_get_source (PatronItem *self)
{
  return self->source;
}

gint64
patron_item_get_result (PatronItem *self)
{
  return self->result;
}

gint64
patron_item_get_model (PatronItem *self)
{
  return self->model;
}
