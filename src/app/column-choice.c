/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-choice.h"

struct _PatronColumnChoice
{
  GObject parent;

  char      *name;     /* owned */
  PatronType type;
  gboolean   chosen;
  char      *taken;    /* owned */
};

enum { PROP_NAME = 1, PROP_CHOSEN, PROP_TAKEN, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PatronColumnChoice, patron_column_choice, G_TYPE_OBJECT)

const char *
patron_type_icon (PatronType type)
{
  static const char *const icons[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = "patron-type-number-symbolic",   [PATRON_TYPE_INTEGER] = "patron-type-number-symbolic",
    [PATRON_TYPE_BOOLEAN] = "patron-type-boolean-symbolic", [PATRON_TYPE_CATEGORY] = "patron-type-category-symbolic",
    [PATRON_TYPE_TEXT] = "patron-type-text-symbolic",       [PATRON_TYPE_DATE] = "patron-type-date-symbolic",
    [PATRON_TYPE_TIME] = "patron-type-date-symbolic",       [PATRON_TYPE_DURATION] = "patron-type-duration-symbolic",
  };
  return type < PATRON_N_TYPES ? icons[type] : NULL;
}

PatronColumnChoice *
patron_column_choice_new (const char *name, PatronType type)
{
  PatronColumnChoice *self = g_object_new (PATRON_TYPE_COLUMN_CHOICE, NULL);
  self->name = g_strdup (name);
  self->type = type;
  return self;
}

const char *
patron_column_choice_get_name (PatronColumnChoice *self)
{
  return self->name;
}

PatronType
patron_column_choice_get_value_type (PatronColumnChoice *self)
{
  return self->type;
}

gboolean
patron_column_choice_get_chosen (PatronColumnChoice *self)
{
  return self->chosen;
}

void
patron_column_choice_set_chosen (PatronColumnChoice *self, gboolean chosen)
{
  if (self->chosen == !!chosen)
    return;
  self->chosen = !!chosen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

const char *
patron_column_choice_get_taken (PatronColumnChoice *self)
{
  return self->taken;
}

void
patron_column_choice_set_taken (PatronColumnChoice *self, const char *taken)
{
  if (g_strcmp0 (self->taken, taken) == 0)
    return;
  g_free (self->taken);
  self->taken = g_strdup (taken);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAKEN]);
}

GListStore *
patron_column_choices (PatronTable *table, guint accepts)
{
  GListStore *store = g_list_store_new (PATRON_TYPE_COLUMN_CHOICE);
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      PatronType type = patron_column_get_type (column);
      if ((accepts & patron_type_accept (type)) == 0)
        continue;
      g_autoptr (PatronColumnChoice) choice = patron_column_choice_new (patron_column_get_name (column), type);
      g_list_store_append (store, choice);
    }
  return store;
}

static void
patron_column_choice_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PatronColumnChoice *self = PATRON_COLUMN_CHOICE (object);
  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CHOSEN:
      g_value_set_boolean (value, self->chosen);
      break;
    case PROP_TAKEN:
      g_value_set_string (value, self->taken);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
patron_column_choice_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CHOSEN)
    patron_column_choice_set_chosen (PATRON_COLUMN_CHOICE (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
patron_column_choice_finalize (GObject *object)
{
  PatronColumnChoice *self = PATRON_COLUMN_CHOICE (object);
  g_free (self->name);
  g_free (self->taken);
  G_OBJECT_CLASS (patron_column_choice_parent_class)->finalize (object);
}

static void
patron_column_choice_class_init (PatronColumnChoiceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->get_property = patron_column_choice_get_property;
  object_class->set_property = patron_column_choice_set_property;
  object_class->finalize = patron_column_choice_finalize;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, readable);
  properties[PROP_CHOSEN] = g_param_spec_boolean ("chosen", NULL, NULL, FALSE, writable);
  properties[PROP_TAKEN] = g_param_spec_string ("taken", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
patron_column_choice_init (PatronColumnChoice *self)
{
}
