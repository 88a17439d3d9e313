/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/document-private.h"
#include "ops/registry.h"

/* Tables that stay open after their last user, so that going back and forth between pages reads nothing twice. */
#define KEPT_TABLES 8

struct _PatronDocument
{
  GObject        parent_instance;
  PatronProject *project;
  char          *title;
  guint64        serial;          /* of the project when the lists were read */
  GListStore    *lists[3];        /* by PatronItemKind */
  GQueue         tables;          /* of OpenTable*, last used first */
  GPtrArray     *jobs;            /* of PatronJob*, active ones */
  gboolean       can_undo, can_redo;
  char          *undo_label, *redo_label;
};

G_DEFINE_FINAL_TYPE (PatronDocument, patron_document, G_TYPE_OBJECT)

enum { PROP_TITLE = 1, PROP_UNTITLED, PROP_READ_ONLY, PROP_CAN_UNDO, PROP_CAN_REDO, PROP_UNDO_LABEL, PROP_REDO_LABEL, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { CHANGED, JOB_STARTED, TABLE_IMPORTED, RUN_FINISHED, PROBLEM, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A table as it was when it was opened. */
typedef struct
{
  PatronTable *table;             /* owned */
  gint64       id, version;
} OpenTable;

static void
open_table_free (gpointer data)
{
  OpenTable *open = data;
  patron_table_unref (open->table);
  g_free (open);
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_document_dispose (GObject *object)
{
  PatronDocument *self = PATRON_DOCUMENT (object);
  if (self->jobs != NULL)
    for (guint i = 0; i < self->jobs->len; i++)
      {
        g_signal_handlers_disconnect_by_data (self->jobs->pdata[i], self);
        patron_job_cancel (self->jobs->pdata[i]);
      }
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_queue_clear_full (&self->tables, open_table_free);
  for (int i = 0; i < 3; i++)
    g_clear_object (&self->lists[i]);
  g_clear_pointer (&self->project, patron_project_unref);
  G_OBJECT_CLASS (patron_document_parent_class)->dispose (object);
}

static void
patron_document_finalize (GObject *object)
{
  PatronDocument *self = PATRON_DOCUMENT (object);
  g_free (self->title);
  g_free (self->undo_label);
  g_free (self->redo_label);
  G_OBJECT_CLASS (patron_document_parent_class)->finalize (object);
}

static void
patron_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PatronDocument *self = PATRON_DOCUMENT (object);
  switch (id)
    {
    case PROP_TITLE: g_value_set_string (value, self->title); break;
    case PROP_UNTITLED: g_value_set_boolean (value, patron_project_is_untitled (self->project)); break;
    case PROP_READ_ONLY: g_value_set_boolean (value, patron_project_is_read_only (self->project)); break;
    case PROP_CAN_UNDO: g_value_set_boolean (value, self->can_undo); break;
    case PROP_CAN_REDO: g_value_set_boolean (value, self->can_redo); break;
    case PROP_UNDO_LABEL: g_value_set_string (value, self->undo_label); break;
    case PROP_REDO_LABEL: g_value_set_string (value, self->redo_label); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
patron_document_class_init (PatronDocumentClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->dispose = patron_document_dispose;
  object_class->finalize = patron_document_finalize;
  object_class->get_property = patron_document_get_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_UNTITLED] = g_param_spec_boolean ("untitled", NULL, NULL, FALSE, flags);
  properties[PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  GType type = G_TYPE_FROM_CLASS (class);
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[JOB_STARTED] = g_signal_new ("job-started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PATRON_TYPE_JOB);
  signals[TABLE_IMPORTED] = g_signal_new ("table-imported", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[RUN_FINISHED] = g_signal_new ("run-finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[PROBLEM] = g_signal_new ("problem", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
patron_document_init (PatronDocument *self)
{
  for (int i = 0; i < 3; i++)
    self->lists[i] = g_list_store_new (PATRON_TYPE_ITEM);
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
report_problem (PatronDocument *self, GError *error)
{
  g_signal_emit (self, signals[PROBLEM], 0, error);
  g_error_free (error);
  return FALSE;
}

/* ---- lists ------------------------------------------------------------------------------------------------- */

static PatronItem *
find_item (GListStore *list, gint64 id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      if (patron_item_get_id (item) == id)
        return item;   /* the list holds it */
    }
  return NULL;
}

/* An item for each entry, the former object where there was one; the list is told only when entries came or went. */
static void
update_list (GListStore *list, GPtrArray *items /* of PatronItem*, transferred */)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  gboolean same = n == items->len;
  for (guint i = 0; same && i < n; i++)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      same = item == items->pdata[i];
    }
  if (!same)
    g_list_store_splice (list, 0, n, items->pdata, items->len);
  g_ptr_array_unref (items);
}

static PatronItem *
item_for (PatronDocument *self, PatronItemKind kind, gint64 id, const PatronItemValues *values)
{
  PatronItem *item = find_item (self->lists[kind], id);
  item = item != NULL ? g_object_ref (item) : patron_item_new (kind, id);
  patron_item_set_values (item, values);
  return item;
}

static gboolean
read_tables (PatronDocument *self, GError **error)
{
  g_autoptr (GPtrArray) infos = patron_project_list_tables (self->project, error);
  if (infos == NULL)
    return FALSE;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < infos->len; i++)
    {
      const PatronTableInfo *info = infos->pdata[i];
      PatronItemValues values = { .name = info->name, .source = info->provenance, .created = info->created, .n_rows = info->n_rows,
                                  .n_columns = info->n_columns, .version = info->version, .bytes = info->bytes };
      g_ptr_array_add (items, item_for (self, PATRON_ITEM_TABLE, info->id, &values));
    }
  update_list (self->lists[PATRON_ITEM_TABLE], items);
  return TRUE;
}

static gboolean
read_runs (PatronDocument *self, GError **error)
{
  g_autoptr (GPtrArray) infos = patron_project_list_runs (self->project, error);
  if (infos == NULL)
    return FALSE;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < infos->len; i++)
    {
      const PatronRunInfo *info = infos->pdata[i];
      PatronItemValues values = { .name = patron_ops_translate_name (info->name), .op = info->op, .source = info->table, .created = info->created,
                                  .result = info->result_table, .model = info->model };
      g_ptr_array_add (items, item_for (self, PATRON_ITEM_RUN, info->id, &values));
    }
  update_list (self->lists[PATRON_ITEM_RUN], items);
  return TRUE;
}

static gboolean
read_models (PatronDocument *self, GError **error)
{
  g_autoptr (GPtrArray) infos = patron_project_list_models (self->project, error);
  if (infos == NULL)
    return FALSE;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < infos->len; i++)
    {
      const PatronModelInfo *info = infos->pdata[i];
      PatronItemValues values = { .name = patron_ops_translate_name (info->name), .op = info->op, .created = info->created, .bytes = info->bytes };
      g_ptr_array_add (items, item_for (self, PATRON_ITEM_MODEL, info->id, &values));
    }
  update_list (self->lists[PATRON_ITEM_MODEL], items);
  return TRUE;
}

static void
set_string (PatronDocument *self, char **field, char *value /* taken */, int property)
{
  if (g_strcmp0 (*field, value) == 0)
    {
      g_free (value);
      return;
    }
  g_free (*field);
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_flag (PatronDocument *self, gboolean *field, gboolean value, int property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static char *
make_title (PatronProject *project)
{
  if (patron_project_is_untitled (project))
    return g_strdup (_("Untitled Project"));
  g_autofree char *base = g_filename_display_basename (patron_project_get_path (project));
  if (g_str_has_suffix (base, ".patron"))
    base[strlen (base) - strlen (".patron")] = '\0';
  return g_steal_pointer (&base);
}

/* Tables that were removed, have another name or another version now are not handed out again. */
static void
forget_stale_tables (PatronDocument *self)
{
  for (GList *link = self->tables.head, *next; link != NULL; link = next)
    {
      OpenTable *open = link->data;
      next = link->next;
      PatronItem *item = patron_document_find_table (self, patron_table_get_name (open->table));
      if (item != NULL && patron_item_get_id (item) == open->id && patron_item_get_version (item) == open->version)
        continue;
      open_table_free (open);
      g_queue_delete_link (&self->tables, link);
    }
}

static void
read_everything (PatronDocument *self)
{
  GError *error = NULL;
  self->serial = patron_project_get_serial (self->project);
  if (!read_tables (self, &error) || !read_runs (self, &error) || !read_models (self, &error))
    report_problem (self, error);
  forget_stale_tables (self);
  set_string (self, &self->title, make_title (self->project), PROP_TITLE);
  set_flag (self, &self->can_undo, patron_project_can_undo (self->project), PROP_CAN_UNDO);
  set_flag (self, &self->can_redo, patron_project_can_redo (self->project), PROP_CAN_REDO);
  set_string (self, &self->undo_label, patron_project_undo_label (self->project), PROP_UNDO_LABEL);
  set_string (self, &self->redo_label, patron_project_redo_label (self->project), PROP_REDO_LABEL);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
patron_document_refresh (PatronDocument *self)
{
  g_return_if_fail (PATRON_IS_DOCUMENT (self));
  g_autofree char *title = make_title (self->project);
  if (patron_project_get_serial (self->project) != self->serial || g_strcmp0 (title, self->title) != 0)
    read_everything (self);
}

PatronDocument *
patron_document_new (PatronProject *project)
{
  g_return_val_if_fail (project != NULL, NULL);
  PatronDocument *self = g_object_new (PATRON_TYPE_DOCUMENT, NULL);
  self->project = patron_project_ref (project);
  read_everything (self);
  return self;
}

PatronProject *
patron_document_get_project (PatronDocument *self)
{
  return self->project;
}

const char *
patron_document_get_title (PatronDocument *self)
{
  return self->title;
}

GListModel *
patron_document_get_tables (PatronDocument *self)
{
  return G_LIST_MODEL (self->lists[PATRON_ITEM_TABLE]);
}

GListModel *
patron_document_get_runs (PatronDocument *self)
{
  return G_LIST_MODEL (self->lists[PATRON_ITEM_RUN]);
}

GListModel *
patron_document_get_models (PatronDocument *self)
{
  return G_LIST_MODEL (self->lists[PATRON_ITEM_MODEL]);
}

PatronItem *
patron_document_find_table (PatronDocument *self, const char *name)
{
  GListModel *tables = patron_document_get_tables (self);
  guint n = g_list_model_get_n_items (tables);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (tables, i);
      if (g_strcmp0 (patron_item_get_name (item), name) == 0)
        return item;   /* the list holds it */
    }
  return NULL;
}

PatronItem *
patron_document_find_table_id (PatronDocument *self, gint64 id)
{
  return find_item (self->lists[PATRON_ITEM_TABLE], id);
}

PatronItem *
patron_document_find_run (PatronDocument *self, gint64 id)
{
  return find_item (self->lists[PATRON_ITEM_RUN], id);
}

PatronTable *
patron_document_open_table (PatronDocument *self, const char *name, GError **error)
{
  for (GList *link = self->tables.head; link != NULL; link = link->next)
    {
      OpenTable *open = link->data;
      if (g_strcmp0 (patron_table_get_name (open->table), name) != 0)
        continue;
      g_queue_unlink (&self->tables, link);
      g_queue_push_head_link (&self->tables, link);
      return patron_table_ref (open->table);
    }
  PatronTable *table = patron_project_find_table (self->project, name, error);
  PatronItem *item = table != NULL ? patron_document_find_table (self, name) : NULL;
  if (item == NULL)
    return table;
  OpenTable *open = g_new0 (OpenTable, 1);
  open->table = patron_table_ref (table);
  open->id = patron_item_get_id (item);
  open->version = patron_item_get_version (item);
  g_queue_push_head (&self->tables, open);
  if (self->tables.length > KEPT_TABLES)
    open_table_free (g_queue_pop_tail (&self->tables));
  return table;
}

/* ---- roles ------------------------------------------------------------------------------------------------- */

/* Kept by the table's id, because names change: a variant a(ss) of role id and column, as text. */
static char *
roles_key (PatronDocument *self, const char *table)
{
  PatronItem *item = patron_document_find_table (self, table);
  return item != NULL ? g_strdup_printf ("roles/%" G_GINT64_FORMAT, patron_item_get_id (item)) : NULL;
}

PatronRoles *
patron_document_dup_roles (PatronDocument *self, const char *table)
{
  PatronRoles *roles = patron_roles_new ();
  g_autofree char *key = roles_key (self, table);
  g_autofree char *text = key != NULL ? patron_project_get_setting (self->project, key) : NULL;
  g_autoptr (GVariant) pairs = text != NULL ? g_variant_parse (G_VARIANT_TYPE ("a(ss)"), text, NULL, NULL, NULL) : NULL;
  if (pairs == NULL)
    return roles;
  GVariantIter iter;
  const char *id, *column;
  g_variant_iter_init (&iter, pairs);
  while (g_variant_iter_next (&iter, "(&s&s)", &id, &column))
    {
      PatronRole role;
      if (patron_role_from_id (id, &role))
        patron_roles_add (roles, role, column);
    }
  return roles;
}

static char *
roles_to_text (const PatronRoles *roles)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (int role = 0; role < PATRON_N_ROLES; role++)
    for (const char *const *column = patron_roles_get (roles, role); *column != NULL; column++)
      g_variant_builder_add (&builder, "(ss)", patron_role_id (role), *column);
  g_autoptr (GVariant) pairs = g_variant_ref_sink (g_variant_builder_end (&builder));
  return g_variant_print (pairs, TRUE);
}

/* Roles that only one column can have lose it when another takes it. */
static gboolean
role_is_single (PatronRole role)
{
  return role != PATRON_ROLE_FEATURE && role != PATRON_ROLE_IGNORE && role != PATRON_ROLE_GROUP;
}

void
patron_document_set_roles (PatronDocument *self, const char *table, const PatronRoles *roles)
{
  GError *error = NULL;
  g_autofree char *key = roles_key (self, table);
  g_autofree char *text = roles_to_text (roles);
  if (key == NULL)
    return;
  if (!patron_project_set_setting (self->project, key, text, &error))
    report_problem (self, error);
  patron_document_refresh (self);
}

void
patron_document_set_role (PatronDocument *self, const char *table, const char *column, PatronRole role)
{
  g_autoptr (PatronRoles) old = patron_document_dup_roles (self, table);
  if (role < PATRON_N_ROLES && role_is_single (role))
    patron_roles_clear (old, role);
  g_autoptr (PatronRoles) roles = patron_roles_new ();
  for (int r = 0; r < PATRON_N_ROLES; r++)
    for (const char *const *name = patron_roles_get (old, r); *name != NULL; name++)
      if (g_strcmp0 (*name, column) != 0)
        patron_roles_add (roles, r, *name);
  if (role < PATRON_N_ROLES)
    patron_roles_add (roles, role, column);
  patron_document_set_roles (self, table, roles);
}

/* ---- steps of history -------------------------------------------------------------------------------------- */

gboolean
patron_document_rename (PatronDocument *self, PatronItem *item, const char *name)
{
  GError *error = NULL;
  gint64 id = patron_item_get_id (item);
  gboolean ok = patron_item_get_kind (item) == PATRON_ITEM_TABLE ? patron_project_rename_table (self->project, id, name, &error)
                                                                 : patron_project_rename_run (self->project, id, name, &error);
  if (!ok)
    return report_problem (self, error);
  patron_document_refresh (self);
  return TRUE;
}

gboolean
patron_document_remove (PatronDocument *self, PatronItem *item)
{
  GError *error = NULL;
  gint64 id = patron_item_get_id (item);
  gboolean ok = patron_item_get_kind (item) == PATRON_ITEM_TABLE ? patron_project_remove_table (self->project, id, &error)
                                                                 : patron_project_remove_run (self->project, id, &error);
  if (!ok)
    return report_problem (self, error);
  patron_document_refresh (self);
  return TRUE;
}

gboolean
patron_document_undo (PatronDocument *self)
{
  GError *error = NULL;
  if (!patron_project_undo (self->project, &error))
    return report_problem (self, error);
  patron_document_refresh (self);
  return TRUE;
}

gboolean
patron_document_redo (PatronDocument *self)
{
  GError *error = NULL;
  if (!patron_project_redo (self->project, &error))
    return report_problem (self, error);
  patron_document_refresh (self);
  return TRUE;
}

gboolean
patron_document_go_to (PatronDocument *self, gint64 step)
{
  GError *error = NULL;
  if (!patron_project_go_to (self->project, step, &error))
    return report_problem (self, error);
  patron_document_refresh (self);
  return TRUE;
}

/* ---- jobs -------------------------------------------------------------------------------------------------- */

static void
on_job_finished (PatronJob *job, PatronDocument *self)
{
  /* The project may have changed even when the job failed later on. */
  patron_document_refresh (self);
  g_ptr_array_remove (self->jobs, job);
}

PatronJob *
patron_document_start_seeded_job (PatronDocument *self, const char *title, PatronJobLane lane, guint64 seed,
                                  PatronJobFunc func, gpointer data, GDestroyNotify destroy)
{
  PatronJob *job = patron_job_start (title, lane, seed, func, data, destroy);
  g_ptr_array_add (self->jobs, job);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_job_finished), self, 0);
  g_signal_emit (self, signals[JOB_STARTED], 0, job);
  return job;
}

PatronJob *
patron_document_start_job (PatronDocument *self, const char *title, PatronJobLane lane,
                           PatronJobFunc func, gpointer data, GDestroyNotify destroy)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  return patron_document_start_seeded_job (self, title, lane, 0, func, data, destroy);
}

guint
patron_document_n_active_jobs (PatronDocument *self)
{
  return self->jobs->len;
}

void
patron_document_emit_table_imported (PatronDocument *self, gint64 id)
{
  g_signal_emit (self, signals[TABLE_IMPORTED], 0, id);
}

void
patron_document_emit_run_finished (PatronDocument *self, gint64 id)
{
  g_signal_emit (self, signals[RUN_FINISHED], 0, id);
}
