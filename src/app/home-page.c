/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/home-page.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/page.h"
#include "app/questions.h"
#include "app/recovered-group.h"

#define MAX_RECENT 6

/* ---- a tile ------------------------------------------------------------------------------------------------ */

typedef struct
{
  const PatronQuestion *question;   /* borrowed: the page has them all */
  GtkWidget *button;
  GtkImage  *state;
  GtkLabel  *needs;
  char      *table;                 /* that fits, or NULL */
} Tile;

static void
tile_free (gpointer data)
{
  Tile *tile = data;
  g_free (tile->table);
  g_free (tile);
}

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static const PatronOp *
tile_op (const Tile *tile)
{
  return tile->question->ops->pdata[0];
}

static Tile *
tile_new (const PatronQuestion *question)
{
  Tile *tile = g_new0 (Tile, 1);
  tile->question = question;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (question->icon);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_widget_set_halign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (icon, "accent");
  GtkWidget *title = make_label (_(question->question), "title-4");
  GtkWidget *summary = make_label (_(question->summary), NULL);
  gtk_widget_set_vexpand (summary, TRUE);
  gtk_widget_set_valign (summary, GTK_ALIGN_START);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  tile->state = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_valign (GTK_WIDGET (tile->state), GTK_ALIGN_START);
  tile->needs = GTK_LABEL (make_label (NULL, "caption"));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (tile->state));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (tile->needs));
  gtk_widget_add_css_class (line, "needs");
  GtkWidget *parts[] = { icon, title, summary, line };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_box_append (GTK_BOX (box), parts[i]);
  tile->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (tile->button), box);
  gtk_widget_add_css_class (tile->button, "card");
  gtk_widget_add_css_class (tile->button, "tile");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(question->question), -1);
  return tile;
}

/* What is needed, and whether it is there. table: the one that fits, or NULL. */
static void
tile_update (Tile *tile, const char *table)
{
  g_autofree char *needs = patron_question_needs (tile_op (tile));
  g_autofree char *text = NULL;
  g_free (tile->table);
  tile->table = g_strdup (table);
  if (table != NULL)
    text = g_strdup_printf (needs != NULL ? _("“%s” has what it needs") : _("“%s” is ready"), table);
  else if (needs != NULL)
    text = g_strdup_printf (_("Needs %s"), needs);
  else
    text = g_strdup (_("Needs a table"));
  gtk_label_set_label (tile->needs, text);
  gtk_image_set_from_icon_name (tile->state, table != NULL ? "patron-ready-symbolic" : "patron-needs-symbolic");
  GtkWidget *line = gtk_widget_get_parent (GTK_WIDGET (tile->needs));
  if (table != NULL)
    gtk_widget_add_css_class (line, "ready");
  else
    gtk_widget_remove_css_class (line, "ready");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* ---- which table fits -------------------------------------------------------------------------------------- */

/* Guessing looks into the columns, which may have to be read first: not while somebody waits. */
typedef struct
{
  PatronProject *project;
  GPtrArray     *tables;    /* of char*: names, the best first */
  GPtrArray     *given;     /* of PatronRoles*: what the user has said of each */
  GPtrArray     *ops;       /* of const PatronOp* */
  GPtrArray     *found;     /* out: of char*, for each operation; NULL for none */
} Fit;

static void
fit_free (gpointer data)
{
  Fit *fit = data;
  patron_project_unref (fit->project);
  g_ptr_array_unref (fit->tables);
  g_ptr_array_unref (fit->given);
  g_ptr_array_unref (fit->ops);
  g_ptr_array_unref (fit->found);
  g_free (fit);
}

static gboolean
is_result (PatronDocument *document, gint64 table)
{
  GListModel *runs = patron_document_get_runs (document);
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (PatronItem) run = g_list_model_get_item (runs, i);
      if (patron_item_get_result (run) == table)
        return TRUE;
    }
  return FALSE;
}

/* The newest first; what was read from files before what was made of it. */
static void
fit_add_tables (Fit *fit, PatronDocument *document, gboolean results)
{
  GListModel *tables = patron_document_get_tables (document);
  for (guint i = g_list_model_get_n_items (tables); i > 0; i--)
    {
      g_autoptr (PatronItem) item = g_list_model_get_item (tables, i - 1);
      if (is_result (document, patron_item_get_id (item)) != results)
        continue;
      g_ptr_array_add (fit->tables, g_strdup (patron_item_get_name (item)));
      g_ptr_array_add (fit->given, patron_document_dup_roles (document, patron_item_get_name (item)));
    }
}

static Fit *
fit_new (PatronDocument *document)
{
  Fit *fit = g_new0 (Fit, 1);
  fit->project = patron_project_ref (patron_document_get_project (document));
  fit->tables = g_ptr_array_new_with_free_func (g_free);
  fit->given = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_roles_free);
  fit->ops = g_ptr_array_new ();
  fit->found = g_ptr_array_new_with_free_func (g_free);
  fit_add_tables (fit, document, FALSE);
  fit_add_tables (fit, document, TRUE);
  return fit;
}

static void
fit_add_op (Fit *fit, const PatronOp *op)
{
  g_ptr_array_add (fit->ops, (gpointer) op);
  g_ptr_array_add (fit->found, NULL);
}

/* The money of a line may be given as quantity and price instead. */
static gboolean
has_role (const PatronRoles *roles, PatronRole role)
{
  return patron_roles_count (roles, role) > 0
         || (role == PATRON_ROLE_AMOUNT && patron_roles_count (roles, PATRON_ROLE_QUANTITY) > 0 && patron_roles_count (roles, PATRON_ROLE_PRICE) > 0);
}

/* Whether every role that must be there can be filled. Target and group are the user's choice: any column that could be one will do. */
static gboolean
table_fits (PatronTable *table, const PatronOp *op, const PatronRoles *given)
{
  if (op->roles == NULL)
    return TRUE;
  g_autoptr (PatronRoles) roles = patron_roles_complete (op, table, given, NULL);
  for (const PatronRoleSpec *spec = op->roles; spec->role != PATRON_N_ROLES; spec++)
    {
      gboolean there = has_role (roles, spec->role) || (spec->flags & PATRON_ROLE_REQUIRED) == 0;
      gboolean chosen = spec->role == PATRON_ROLE_TARGET || spec->role == PATRON_ROLE_GROUP;
      for (guint i = 0; !there && chosen && i < patron_table_n_columns (table); i++)
        there = (spec->accepts & patron_type_accept (patron_column_get_type (patron_table_column (table, i)))) != 0;
      if (!there)
        return FALSE;
    }
  return TRUE;
}

/* Whether every operation has its table. */
static gboolean
fit_try (Fit *fit, guint index)
{
  gboolean all = TRUE;
  g_autoptr (PatronTable) table = patron_project_find_table (fit->project, fit->tables->pdata[index], NULL);
  for (guint i = 0; i < fit->ops->len; i++)
    {
      if (fit->found->pdata[i] == NULL && table != NULL && table_fits (table, fit->ops->pdata[i], fit->given->pdata[index]))
        fit->found->pdata[i] = g_strdup (fit->tables->pdata[index]);
      all = all && fit->found->pdata[i] != NULL;
    }
  return all;
}

static gboolean
fit_work (PatronRun *run, gpointer data, GError **error)
{
  Fit *fit = data;
  for (guint i = 0; i < fit->tables->len; i++)
    {
      if (!patron_run_check (run, error))
        return FALSE;
      if (fit_try (fit, i))
        break;
    }
  return TRUE;
}

char *
patron_home_find_table (PatronDocument *document, const PatronOp *op)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  Fit *fit = fit_new (document);
  fit_add_op (fit, op);
  fit_work (run, fit, NULL);
  char *name = g_steal_pointer (&fit->found->pdata[0]);
  fit_free (fit);
  return name;
}

/* ---- the page ---------------------------------------------------------------------------------------------- */

struct _PatronHomePage
{
  GtkWidget       parent_instance;
  GtkWidget      *scrolled;
  GtkLabel       *subtitle;
  GtkWidget      *sample_button;
  AdwSplitButton *open_button;
  GtkFlowBox     *tiles_box;
  AdwPreferencesGroup *recent;
  PatronRecoveredGroup *recovered;
  PatronDocument *document;     /* owned */
  GPtrArray      *questions;    /* of PatronQuestion* */
  GPtrArray      *tiles;        /* of Tile* */
  GPtrArray      *recent_rows;  /* of GtkWidget*, borrowed */
  PatronJob      *job;          /* owned: looks for tables */
};

static void patron_home_page_page_init (PatronPageInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronHomePage, patron_home_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_home_page_page_init))

enum { ASK, OPEN_RECENT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_tile_clicked (GtkWidget *button, PatronHomePage *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Tile *tile = self->tiles->pdata[i];
      if (tile->button == button)
        g_signal_emit (self, signals[ASK], 0, tile_op (tile), tile->table);
    }
}

static void
on_fitted (PatronJob *job, PatronHomePage *self)
{
  const Fit *fit = patron_job_get_data (job);
  for (guint i = 0; i < self->tiles->len; i++)
    tile_update (self->tiles->pdata[i], fit->found->pdata[i]);
  g_clear_object (&self->job);
}

static void
update_tiles (PatronHomePage *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  gboolean empty = g_list_model_get_n_items (patron_document_get_tables (self->document)) == 0;
  gtk_label_set_label (self->subtitle, empty ? _("Open or drop a file with orders, customers or anything else in rows. It stays on this computer.")
                                             : _("Choose a question. Every answer says what it was made of, and can be undone."));
  gtk_widget_set_visible (self->sample_button, empty && gtk_widget_get_sensitive (self->sample_button));
  Fit *fit = fit_new (self->document);
  for (guint i = 0; i < self->tiles->len; i++)
    fit_add_op (fit, tile_op (self->tiles->pdata[i]));
  patron_job_forget (&self->job, self);
  self->job = patron_job_start (_("Look for tables that fit"), PATRON_JOB_QUICK, 0, fit_work, fit, fit_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_fitted), self);
}

static void
fill_tiles (PatronHomePage *self)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      Tile *tile = tile_new (self->questions->pdata[i]);
      g_ptr_array_add (self->tiles, tile);
      g_signal_connect (tile->button, "clicked", G_CALLBACK (on_tile_clicked), self);
      gtk_flow_box_append (self->tiles_box, tile->button);
      /* The button takes the focus, not the cell around it. */
      gtk_widget_set_focusable (gtk_widget_get_parent (tile->button), FALSE);
    }
}

/* ---- recent projects --------------------------------------------------------------------------------------- */

static void
on_recent_activated (AdwActionRow *row, PatronHomePage *self)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_object_get_data (G_OBJECT (row), "uri"));
  g_signal_emit (self, signals[OPEN_RECENT], 0, file);
}

static void
add_recent (PatronHomePage *self, GtkRecentInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_markup_escape_text (gtk_recent_info_get_display_name (info), -1);
  g_autofree char *where = gtk_recent_info_get_uri_display (info);
  g_autofree char *escaped = g_markup_escape_text (where != NULL ? where : "", -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "uri", g_strdup (gtk_recent_info_get_uri (info)), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (on_recent_activated), self);
  adw_preferences_group_add (self->recent, row);
  g_ptr_array_add (self->recent_rows, row);
}

static int
compare_recent (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b), gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

static void
update_recent (PatronHomePage *self)
{
  for (guint i = 0; i < self->recent_rows->len; i++)
    adw_preferences_group_remove (self->recent, self->recent_rows->pdata[i]);
  g_ptr_array_set_size (self->recent_rows, 0);
  GList *infos = g_list_sort (gtk_recent_manager_get_items (gtk_recent_manager_get_default ()), compare_recent);
  for (GList *link = infos; link != NULL; link = link->next)
    if (self->recent_rows->len < MAX_RECENT && g_strcmp0 (gtk_recent_info_get_mime_type (link->data), "application/x-patron") == 0
        && gtk_recent_info_exists (link->data))
      add_recent (self, link->data);
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
  gtk_widget_set_visible (GTK_WIDGET (self->recent), self->recent_rows->len > 0);
}

static void
on_recovered_chosen (PatronHomePage *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_signal_emit (self, signals[OPEN_RECENT], 0, file);
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_home_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (patron_home_page_parent_class)->map (widget);
  update_tiles (PATRON_HOME_PAGE (widget));
  update_recent (PATRON_HOME_PAGE (widget));
  patron_recovered_group_update (PATRON_HOME_PAGE (widget)->recovered);
}

static void
patron_home_page_dispose (GObject *object)
{
  PatronHomePage *self = PATRON_HOME_PAGE (object);
  patron_job_forget (&self->job, self);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_pointer (&self->recent_rows, g_ptr_array_unref);
  g_clear_pointer (&self->tiles, g_ptr_array_unref);
  g_clear_pointer (&self->questions, g_ptr_array_unref);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_home_page_parent_class)->dispose (object);
}

static void
patron_home_page_class_init (PatronHomePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_home_page_dispose;
  widget_class->map = patron_home_page_map;
  GType type = G_TYPE_FROM_CLASS (class);
  signals[ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_STRING);
  signals[OPEN_RECENT] = g_signal_new ("open-recent", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (PATRON_TYPE_RECOVERED_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, sample_button);
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, open_button);
  gtk_widget_class_bind_template_child_full (widget_class, "tiles", FALSE, G_STRUCT_OFFSET (PatronHomePage, tiles_box));
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, recent);
  gtk_widget_class_bind_template_child (widget_class, PatronHomePage, recovered);
  gtk_widget_class_bind_template_callback (widget_class, on_recovered_chosen);
}

static void
patron_home_page_page_init (PatronPageInterface *iface)
{
}

static void
patron_home_page_init (PatronHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  patron_accessible_name_drop_down (self->open_button, _("Other sources"));
  self->questions = patron_questions_new ();
  self->tiles = g_ptr_array_new_with_free_func (tile_free);
  self->recent_rows = g_ptr_array_new ();
  /* Hidden where there is no sample, rather than greyed for ever. */
  g_object_bind_property (self->sample_button, "sensitive", self->sample_button, "visible", G_BINDING_SYNC_CREATE);
}

GtkWidget *
patron_home_page_new (PatronDocument *document)
{
  PatronHomePage *self = g_object_new (PATRON_TYPE_HOME_PAGE, NULL);
  self->document = g_object_ref (document);
  fill_tiles (self);
  g_signal_connect_object (document, "changed", G_CALLBACK (update_tiles), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
