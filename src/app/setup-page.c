/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup-page.h"

#include <glib/gi18n-lib.h>

#include "app/page.h"
#include "app/questions.h"
#include "app/readiness-card.h"
#include "app/setup-form.h"
#include "app/text-label.h"

/* Typing pauses this long before the data are checked again, in milliseconds. */
#define CHECK_DELAY 200

struct _PatronSetupPage
{
  GtkWidget parent;

  PatronDocument  *document;     /* owned, may be NULL */
  const PatronOp  *op;
  PatronTable     *table;        /* owned */
  GPtrArray       *methods;      /* owned, of const PatronOp*: what answers the same questions */
  PatronReadiness *readiness;    /* owned; NULL: not known yet */
  PatronJob       *job;          /* owned: the check under way, or NULL */
  guint            check_source;
  gboolean         run_pending;  /* asked to run before the check was done */
  gboolean         refreshing;

  /* Children. */
  GtkWidget *box;
  GtkWidget *scrolled;
  GtkWidget *title, *summary;
  GtkWidget *content;
  GtkWidget *method_row, *table_row;
  GtkWidget *form;
  GtkWidget *readiness_box, *card;
  GtkWidget *state_icon, *state, *cost;
  GtkWidget *run;
};

enum { RUN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void page_init (PatronPageInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronSetupPage, patron_setup_page, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, page_init))

/* ---- readiness --------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronRecipe    *recipe;
  PatronTable     *table;
  PatronReadiness *readiness;    /* out */
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;
  patron_recipe_free (check->recipe);
  patron_table_unref (check->table);
  patron_readiness_free (check->readiness);
  g_free (check);
}

static gboolean
check_work (PatronRun *run, gpointer data, GError **error)
{
  Check *check = data;
  check->readiness = patron_readiness_check (check->recipe, check->table, run);
  return check->readiness != NULL || patron_run_check (run, error);
}

/* The one sentence beside the Run button: the first problem, else how many rows take part. */
static const char *
summary_line (const PatronReadiness *readiness, PatronReadinessLevel *level)
{
  const PatronReadinessLine *line = NULL;
  for (guint i = 0; i < readiness->lines->len; i++)
    {
      const PatronReadinessLine *candidate = readiness->lines->pdata[i];
      if (line == NULL || candidate->level == PATRON_READINESS_PROBLEM
          || (line->level == PATRON_READINESS_NOTE && candidate->level == PATRON_READINESS_FINE))
        line = candidate;
      if (line->level == PATRON_READINESS_PROBLEM)
        break;
    }
  *level = line != NULL ? line->level : PATRON_READINESS_FINE;
  return line != NULL ? line->text : "";
}

static void
show_state (PatronSetupPage *self, PatronReadinessLevel level, const char *text, const char *cost)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->state_icon), patron_readiness_icon (level));
  const char *const classes[] = { patron_readiness_class (level), NULL };
  gtk_widget_set_css_classes (self->state_icon, (const char **) classes);
  gtk_label_set_label (GTK_LABEL (self->state), text);
  gtk_widget_set_tooltip_text (self->state, text);
  gtk_label_set_label (GTK_LABEL (self->cost), cost != NULL ? cost : "");
  gtk_widget_set_visible (self->cost, cost != NULL);
}

static void
update_run (PatronSetupPage *self)
{
  PatronParamRow *problem = patron_setup_form_first_problem (PATRON_SETUP_FORM (self->form));
  gboolean ready = patron_setup_page_is_ready (self);
  gtk_widget_set_sensitive (self->run, ready);
  gtk_widget_set_opacity (self->state_icon, 1);
  if (problem != NULL)
    show_state (self, PATRON_READINESS_PROBLEM, patron_param_row_get_problem (problem), NULL);
  else if (self->readiness == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->state), _("Checking the data…"));
      gtk_widget_set_opacity (self->state_icon, 0);
    }
  else
    {
      PatronReadinessLevel level;
      const char *text = summary_line (self->readiness, &level);
      g_autofree char *cost = patron_readiness_cost_text (self->readiness);
      show_state (self, level, text, cost);
    }
  patron_page_commands_changed (PATRON_PAGE (self));
}

static void
on_checked (PatronSetupPage *self, PatronJob *job)
{
  if (job != self->job)
    return;
  Check *check = patron_job_get_data (job);
  g_clear_pointer (&self->readiness, patron_readiness_free);
  self->readiness = g_steal_pointer (&check->readiness);
  g_clear_object (&self->job);
  if (self->readiness == NULL)
    return;
  patron_readiness_card_show (PATRON_READINESS_CARD (self->card), self->readiness);
  patron_setup_form_show_filter (PATRON_SETUP_FORM (self->form), self->readiness->filter_problem, self->readiness->n_kept, self->readiness->n_rows);
  update_run (self);
  if (self->run_pending)
    patron_setup_page_run (self);
}

static void
stop_check (PatronSetupPage *self)
{
  g_clear_handle_id (&self->check_source, g_source_remove);
  patron_job_forget (&self->job, self);
}

static gboolean
start_check (gpointer data)
{
  PatronSetupPage *self = data;
  self->check_source = 0;
  Check *check = g_new0 (Check, 1);
  check->recipe = patron_setup_page_dup_recipe (self);
  check->table = patron_table_ref (self->table);
  self->job = patron_job_start (_("Checking the data"), PATRON_JOB_QUICK, check->recipe->seed, check_work, check, check_free);
  g_signal_connect_object (self->job, "finished", G_CALLBACK (on_checked), self, G_CONNECT_SWAPPED);
  return G_SOURCE_REMOVE;
}

static void
on_form_changed (PatronSetupPage *self)
{
  stop_check (self);
  self->run_pending = FALSE;
  g_clear_pointer (&self->readiness, patron_readiness_free);
  self->check_source = g_timeout_add (CHECK_DELAY, start_check, self);
  update_run (self);
}

/* ---- method and table -------------------------------------------------------------------------------------- */

static void
show_op (PatronSetupPage *self)
{
  gtk_label_set_label (GTK_LABEL (self->title), _(self->op->question != NULL ? self->op->question : self->op->title));
  /* The method's row tells the rest when there is a choice of methods. */
  gtk_widget_set_visible (self->summary, self->method_row == NULL);
  if (self->method_row != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->method_row), _(self->op->summary));
  /* Translators: the method's name, then what it does in a sentence. */
  g_autofree char *summary = g_strdup_printf (_("%s: %s"), _(self->op->title), _(self->op->summary));
  gtk_label_set_label (GTK_LABEL (self->summary), summary);
}

static void
build_form (PatronSetupPage *self, const PatronRoles *given)
{
  GtkWidget *after = self->form != NULL ? gtk_widget_get_prev_sibling (self->form) : gtk_widget_get_prev_sibling (self->readiness_box);
  if (self->form != NULL)
    gtk_box_remove (GTK_BOX (self->content), self->form);
  self->form = patron_setup_form_new (self->op, self->table, given, self->document);
  gtk_box_insert_child_after (GTK_BOX (self->content), self->form, after);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (on_form_changed), self, G_CONNECT_SWAPPED);
  patron_readiness_card_show (PATRON_READINESS_CARD (self->card), NULL);
  on_form_changed (self);
}

/* What the user has said about the table's columns before. */
static PatronRoles *
given_roles (PatronSetupPage *self)
{
  return self->document != NULL ? patron_document_dup_roles (self->document, patron_table_get_name (self->table)) : patron_roles_new ();
}

static void
choose_op (PatronSetupPage *self, const PatronOp *op)
{
  if (op == self->op)
    return;
  self->op = op;
  show_op (self);
  g_autoptr (PatronRoles) given = given_roles (self);
  build_form (self, given);
}

static void
on_method_chosen (PatronSetupPage *self)
{
  if (!self->refreshing)
    choose_op (self, self->methods->pdata[adw_combo_row_get_selected (ADW_COMBO_ROW (self->method_row))]);
}

static void
on_table_chosen (PatronSetupPage *self)
{
  PatronItem *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self->table_row));
  if (self->refreshing || item == NULL || g_str_equal (patron_item_get_name (item), patron_table_get_name (self->table)))
    return;
  g_autoptr (GError) error = NULL;
  PatronTable *table = patron_document_open_table (self->document, patron_item_get_name (item), &error);
  if (table == NULL)
    {
      show_state (self, PATRON_READINESS_PROBLEM, error->message, NULL);
      return;
    }
  patron_table_unref (self->table);
  self->table = table;
  g_autoptr (PatronRoles) given = given_roles (self);
  build_form (self, given);
}

static GtkWidget *
build_method_row (PatronSetupPage *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  for (guint i = 0; i < self->methods->len; i++)
    gtk_string_list_append (titles, _(((const PatronOp *) self->methods->pdata[i])->title));
  GtkWidget *row = adw_combo_row_new ();
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Me_thod"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_method_chosen), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
build_table_row (PatronSetupPage *self)
{
  GtkWidget *row = adw_combo_row_new ();
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Ta_ble"));
  adw_combo_row_set_expression (ADW_COMBO_ROW (row), gtk_property_expression_new (PATRON_TYPE_ITEM, NULL, "name"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), patron_document_get_tables (self->document));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_table_chosen), self, G_CONNECT_SWAPPED);
  return row;
}

/* Without the choosing showing through as a change. */
static void
show_choices (PatronSetupPage *self)
{
  self->refreshing = TRUE;
  guint i;
  if (self->method_row != NULL && g_ptr_array_find (self->methods, self->op, &i))
    adw_combo_row_set_selected (ADW_COMBO_ROW (self->method_row), i);
  if (self->table_row != NULL)
    {
      GListModel *tables = patron_document_get_tables (self->document);
      for (i = 0; i < g_list_model_get_n_items (tables); i++)
        {
          g_autoptr (PatronItem) item = g_list_model_get_item (tables, i);
          if (g_strcmp0 (patron_item_get_name (item), patron_table_get_name (self->table)) == 0)
            adw_combo_row_set_selected (ADW_COMBO_ROW (self->table_row), i);
        }
    }
  self->refreshing = FALSE;
}

static void
add_choices (PatronSetupPage *self)
{
  self->refreshing = TRUE;
  self->methods = patron_question_methods (self->op);
  if (self->methods->len > 1)
    self->method_row = build_method_row (self);
  if (self->document != NULL)
    self->table_row = build_table_row (self);
  if (self->method_row != NULL || self->table_row != NULL)
    {
      GtkWidget *group = adw_preferences_group_new ();
      if (self->table_row != NULL)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->table_row);
      if (self->method_row != NULL)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->method_row);
      gtk_box_insert_child_after (GTK_BOX (self->content), group, gtk_widget_get_prev_sibling (self->readiness_box));
    }
  self->refreshing = FALSE;
  show_choices (self);
}

/* ---- public ------------------------------------------------------------------------------------------------ */

GtkWidget *
patron_setup_page_new (const PatronOp *op, PatronTable *table, PatronDocument *document)
{
  PatronSetupPage *self = g_object_new (PATRON_TYPE_SETUP_PAGE, NULL);
  self->op = op;
  self->table = patron_table_ref (table);
  if (document != NULL)
    self->document = g_object_ref (document);
  add_choices (self);
  show_op (self);
  g_autoptr (PatronRoles) given = given_roles (self);
  build_form (self, given);
  return GTK_WIDGET (self);
}

void
patron_setup_page_set_recipe (PatronSetupPage *self, const PatronRecipe *recipe)
{
  g_return_if_fail (PATRON_IS_SETUP_PAGE (self));
  if (recipe->run != NULL)
    {
      choose_op (self, recipe->run->op);
      show_choices (self);
    }
  patron_setup_form_set_recipe (PATRON_SETUP_FORM (self->form), recipe);
}

PatronRecipe *
patron_setup_page_dup_recipe (PatronSetupPage *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_PAGE (self), NULL);
  return patron_setup_form_dup_recipe (PATRON_SETUP_FORM (self->form));
}

PatronTable *
patron_setup_page_get_table (PatronSetupPage *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_PAGE (self), NULL);
  return self->table;
}

gboolean
patron_setup_page_is_ready (PatronSetupPage *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_PAGE (self), FALSE);
  return self->readiness != NULL && self->readiness->ready && patron_setup_form_first_problem (PATRON_SETUP_FORM (self->form)) == NULL;
}

void
patron_setup_page_run (PatronSetupPage *self)
{
  g_return_if_fail (PATRON_IS_SETUP_PAGE (self));
  /* Return pressed right after typing: the check decides. */
  self->run_pending = self->readiness == NULL;
  if (!patron_setup_page_is_ready (self))
    return;
  g_autoptr (PatronRecipe) recipe = patron_setup_page_dup_recipe (self);
  g_signal_emit (self, signals[RUN], 0, recipe);
}

/* ---- widget ------------------------------------------------------------------------------------------------ */

static void
patron_setup_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (patron_setup_page_parent_class)->map (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_default_widget (GTK_WINDOW (root), PATRON_SETUP_PAGE (widget)->run);
}

static void
patron_setup_page_unmap (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root) && gtk_window_get_default_widget (GTK_WINDOW (root)) == PATRON_SETUP_PAGE (widget)->run)
    gtk_window_set_default_widget (GTK_WINDOW (root), NULL);
  GTK_WIDGET_CLASS (patron_setup_page_parent_class)->unmap (widget);
}

static gboolean
patron_setup_page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_RUN && patron_setup_page_is_ready (PATRON_SETUP_PAGE (page));
}

static void
patron_setup_page_perform (PatronPage *page, PatronCommand command)
{
  if (command == PATRON_COMMAND_RUN)
    patron_setup_page_run (PATRON_SETUP_PAGE (page));
}

static const PatronOp *
patron_setup_page_page_op (PatronPage *page)
{
  return PATRON_SETUP_PAGE (page)->op;
}

static void
page_init (PatronPageInterface *interface)
{
  interface->can = patron_setup_page_can;
  interface->perform = patron_setup_page_perform;
  interface->get_op = patron_setup_page_page_op;
}

static void
patron_setup_page_dispose (GObject *object)
{
  PatronSetupPage *self = PATRON_SETUP_PAGE (object);
  stop_check (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_setup_page_parent_class)->dispose (object);
}

static void
patron_setup_page_finalize (GObject *object)
{
  PatronSetupPage *self = PATRON_SETUP_PAGE (object);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->methods, g_ptr_array_unref);
  g_clear_pointer (&self->readiness, patron_readiness_free);
  G_OBJECT_CLASS (patron_setup_page_parent_class)->finalize (object);
}

static void
patron_setup_page_class_init (PatronSetupPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = patron_setup_page_dispose;
  object_class->finalize = patron_setup_page_finalize;
  widget_class->map = patron_setup_page_map;
  widget_class->unmap = patron_setup_page_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signals[RUN] = g_signal_new ("run", PATRON_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static GtkWidget *
build_bar (PatronSetupPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (bar, "run-bar");
  self->state_icon = gtk_image_new ();
  self->state = patron_label_new_short (NULL, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->state), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (self->state), TRUE);
  gtk_label_set_lines (GTK_LABEL (self->state), 2);
  gtk_widget_set_hexpand (self->state, TRUE);
  self->cost = patron_label_new_short (NULL, "dim-label numeric");
  self->run = gtk_button_new_with_mnemonic (_("R_un"));
  gtk_widget_add_css_class (self->run, "suggested-action");
  gtk_widget_add_css_class (self->run, "run-button");
  gtk_widget_set_receives_default (self->run, TRUE);
  gtk_widget_set_sensitive (self->run, FALSE);
  gtk_widget_set_tooltip_text (self->run, _("Run (Return)"));
  g_signal_connect_object (self->run, "clicked", G_CALLBACK (patron_setup_page_run), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (bar), self->state_icon);
  gtk_box_append (GTK_BOX (bar), self->state);
  gtk_box_append (GTK_BOX (bar), self->cost);
  gtk_box_append (GTK_BOX (bar), self->run);
  return bar;
}

static void
patron_setup_page_init (PatronSetupPage *self)
{
  self->title = patron_label_new (NULL, "title-1");
  self->summary = patron_label_new (NULL, "dim-label");
  self->card = patron_readiness_card_new ();
  GtkWidget *heading = patron_label_new (_("Ready?"), "heading");
  self->readiness_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (self->readiness_box), heading);
  gtk_box_append (GTK_BOX (self->readiness_box), self->card);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head), self->summary);
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_add_css_class (self->content, "page-content");
  gtk_box_append (GTK_BOX (self->content), head);
  gtk_box_append (GTK_BOX (self->content), self->readiness_box);
  GtkWidget *clamp = adw_clamp_new ();
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 600);
  adw_clamp_set_child (ADW_CLAMP (clamp), self->content);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  /* Lists and tables inside ask for next to nothing at least: give them what they would like. */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (self->scrolled))), GTK_SCROLL_NATURAL);
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), self->scrolled);
  gtk_box_append (GTK_BOX (self->box), build_bar (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
