/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup-form.h"

#include <glib/gi18n-lib.h>

#include "app/filter-row.h"
#include "app/text-label.h"
#include "ops/registry.h"

/* The seed, declared like any other parameter. */
typedef struct
{
  int seed;
} Chance;

static const PatronParam chance_params[] = {
  PATRON_PARAM_INT (Chance, seed, .label = N_("Seed"),
                    .help = N_("Starts the random numbers. The same seed gives the same result; change it to see how much chance matters."),
                    .def = 42, .min = 0, .max = G_MAXINT, .advanced = true),
  PATRON_PARAM_END
};

struct _PatronSetupForm
{
  GtkWidget parent;

  const PatronOp *op;
  PatronTable    *table;            /* owned */
  PatronDocument *document;         /* owned, or NULL */
  gpointer        values;           /* owned: of op->params */
  Chance          chance;
  guint64         seed;             /* of the former recipe, which may be larger than the row can show */
  GPtrArray      *prepare;          /* owned, of PatronStep*: steps of the former recipe */

  GPtrArray      *measures;         /* of const PatronOp*; NULL unless the operation predicts a target */
  const PatronOp *measure;
  gpointer        measure_values;   /* owned */
  gboolean        refreshing;

  /* Owned. */
  PatronRolesBlock *roles;
  PatronParamBlock *params;
  PatronParamBlock *chance_block;
  PatronParamBlock *measure_block;
  PatronRolesBlock *measure_roles;

  /* Children. */
  GtkWidget *box;
  GtkWidget *filter;
  GtkWidget *advanced;
  GtkWidget *measure_group;
  GtkWidget *measure_row;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronSetupForm, patron_setup_form, GTK_TYPE_WIDGET)

static void
emit_changed (PatronSetupForm *self)
{
  if (!self->refreshing)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
connect_changed (PatronSetupForm *self, gpointer part)
{
  g_signal_connect_object (part, "changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
}

static AdwPreferencesGroup *
add_group (PatronSetupForm *self, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  gtk_box_append (GTK_BOX (self->box), group);
  return ADW_PREFERENCES_GROUP (group);
}

/* ---- measure ----------------------------------------------------------------------------------------------- */

static gboolean
is_supervised (const PatronOp *op)
{
  return op->kind == PATRON_OP_MODEL && (op->model->tasks & (PATRON_TASK_CLASSIFICATION | PATRON_TASK_REGRESSION)) != 0;
}

static gboolean
has_dates (PatronTable *table)
{
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    if (patron_type_accept (patron_column_get_type (patron_table_column (table, i))) & PATRON_ACCEPT_DATE)
      return TRUE;
  return FALSE;
}

/* Hold-out first, because it is the usual one; those that need a date only when there is one. */
static GPtrArray *
list_measures (PatronTable *table)
{
  GPtrArray *measures = g_ptr_array_new ();
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      if ((*op)->kind != PATRON_OP_MEASURE || (patron_op_role_spec (*op, PATRON_ROLE_DATE) != NULL && !has_dates (table)))
        continue;
      gboolean usual = g_str_equal ((*op)->id, "holdout");
      g_ptr_array_insert (measures, usual ? 0 : -1, (gpointer) *op);
    }
  return measures;
}

/* The rows of one measure, in place of those of the one before. */
static void
choose_measure (PatronSetupForm *self, const PatronOp *measure)
{
  if (measure == self->measure)
    return;
  if (self->measure_block != NULL)
    patron_param_block_clear (self->measure_block);
  if (self->measure_roles != NULL)
    patron_roles_block_clear (self->measure_roles);
  g_clear_object (&self->measure_block);
  g_clear_object (&self->measure_roles);
  g_free (self->measure_values);
  self->measure = measure;
  self->measure_values = patron_op_new_params (measure);

  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self->measure_group);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->measure_row), _(measure->summary));
  if (patron_op_role_spec (self->op, PATRON_ROLE_DATE) == NULL && measure->roles != NULL)
    {
      self->measure_roles = patron_roles_block_new (measure, self->table, NULL, group);
      connect_changed (self, self->measure_roles);
    }
  self->measure_block = patron_param_block_new (measure->params, self->measure_values, group, NULL);
  connect_changed (self, self->measure_block);
}

static void
on_measure_chosen (PatronSetupForm *self)
{
  if (self->refreshing)
    return;
  choose_measure (self, self->measures->pdata[adw_combo_row_get_selected (ADW_COMBO_ROW (self->measure_row))]);
  emit_changed (self);
}

static void
add_measures (PatronSetupForm *self)
{
  self->measures = list_measures (self->table);
  if (self->measures->len == 0)
    return;
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  for (guint i = 0; i < self->measures->len; i++)
    gtk_string_list_append (titles, _(((const PatronOp *) self->measures->pdata[i])->title));
  self->measure_row = adw_combo_row_new ();
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (self->measure_row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->measure_row), _("_Measure"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->measure_row), G_LIST_MODEL (titles));
  AdwPreferencesGroup *group = add_group (self, _("How Good Is It?"), NULL);
  self->measure_group = GTK_WIDGET (group);
  adw_preferences_group_add (group, self->measure_row);
  choose_measure (self, self->measures->pdata[0]);
  g_signal_connect_object (self->measure_row, "notify::selected", G_CALLBACK (on_measure_chosen), self, G_CONNECT_SWAPPED);
}

/* ---- building ---------------------------------------------------------------------------------------------- */

static void
add_settings (PatronSetupForm *self)
{
  AdwPreferencesGroup *group = add_group (self, _("Settings"), NULL);
  self->advanced = adw_expander_row_new ();
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (self->advanced), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->advanced), _("_Advanced"));
  self->params = patron_param_block_new (self->op->params, self->values, group, ADW_EXPANDER_ROW (self->advanced));
  self->chance_block = patron_param_block_new (chance_params, &self->chance, NULL, ADW_EXPANDER_ROW (self->advanced));
  adw_preferences_group_add (group, self->advanced);
  connect_changed (self, self->params);
  connect_changed (self, self->chance_block);
}

static void
build (PatronSetupForm *self, const PatronRoles *given)
{
  if (self->op->roles != NULL)
    {
      AdwPreferencesGroup *group = add_group (self, _("Columns"), _("What each column is for. Guesses come from names, types and values."));
      self->roles = patron_roles_block_new (self->op, self->table, given, group);
      connect_changed (self, self->roles);
    }
  AdwPreferencesGroup *rows = add_group (self, _("Which Rows"), NULL);
  self->filter = patron_filter_row_new (self->document, self->table);
  adw_preferences_group_add (rows, self->filter);
  connect_changed (self, self->filter);
  add_settings (self);
  if (is_supervised (self->op))
    add_measures (self);
}

/* ---- recipe ------------------------------------------------------------------------------------------------ */

/* The date by which a measure splits is no feature of the run. */
static void
take_out_feature (PatronStep *run, const char *column)
{
  g_autoptr (PatronRoles) old = patron_roles_copy (run->roles);
  patron_roles_clear (run->roles, PATRON_ROLE_FEATURE);
  for (const char *const *name = patron_roles_get (old, PATRON_ROLE_FEATURE); *name != NULL; name++)
    if (!g_str_equal (*name, column))
      patron_roles_add (run->roles, PATRON_ROLE_FEATURE, *name);
}

static void
write_measure (PatronSetupForm *self, PatronRecipe *recipe)
{
  if (self->measure == NULL)
    return;
  recipe->measure = patron_step_new (self->measure);
  if (self->measure->params_size > 0)
    memcpy (recipe->measure->params, self->measure_values, self->measure->params_size);
  if (self->measure_roles == NULL)
    return;
  patron_roles_free (recipe->measure->roles);
  recipe->measure->roles = patron_roles_block_dup_roles (self->measure_roles);
  const char *date = patron_roles_first (recipe->measure->roles, PATRON_ROLE_DATE);
  if (date != NULL && patron_roles_of (recipe->run->roles, date) == PATRON_ROLE_FEATURE)
    take_out_feature (recipe->run, date);
}

PatronRecipe *
patron_setup_form_dup_recipe (PatronSetupForm *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_FORM (self), NULL);
  PatronRecipe *recipe = patron_recipe_new ();
  recipe->table = g_strdup (patron_table_get_name (self->table));
  recipe->filter = g_strdup (patron_filter_row_get_text (PATRON_FILTER_ROW (self->filter)));
  recipe->filter_name = g_strdup (patron_filter_row_get_name (PATRON_FILTER_ROW (self->filter)));
  recipe->seed = self->seed > G_MAXINT && self->chance.seed == G_MAXINT ? self->seed : (guint64) self->chance.seed;
  for (guint i = 0; i < self->prepare->len; i++)
    g_ptr_array_add (recipe->prepare, patron_step_copy (self->prepare->pdata[i]));
  recipe->run = patron_step_new (self->op);
  if (self->op->params_size > 0)
    memcpy (recipe->run->params, self->values, self->op->params_size);
  if (self->roles != NULL)
    {
      patron_roles_free (recipe->run->roles);
      recipe->run->roles = patron_roles_block_dup_roles (self->roles);
    }
  write_measure (self, recipe);
  return recipe;
}

static void
read_measure (PatronSetupForm *self, const PatronStep *measure)
{
  guint i;
  if (measure == NULL || self->measures == NULL || !g_ptr_array_find (self->measures, measure->op, &i))
    return;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->measure_row), i);
  choose_measure (self, measure->op);
  if (measure->op->params_size > 0)
    memcpy (self->measure_values, measure->params, measure->op->params_size);
  patron_param_block_refresh (self->measure_block);
  if (self->measure_roles != NULL && patron_roles_first (measure->roles, PATRON_ROLE_DATE) != NULL)
    patron_roles_block_set_roles (self->measure_roles, measure->roles);
}

void
patron_setup_form_set_recipe (PatronSetupForm *self, const PatronRecipe *recipe)
{
  g_return_if_fail (PATRON_IS_SETUP_FORM (self));
  self->refreshing = TRUE;
  if (recipe->run != NULL && recipe->run->op == self->op)
    {
      if (self->op->params_size > 0)
        memcpy (self->values, recipe->run->params, self->op->params_size);
      patron_param_block_refresh (self->params);
      if (self->roles != NULL)
        patron_roles_block_set_roles (self->roles, recipe->run->roles);
    }
  self->seed = recipe->seed;
  self->chance.seed = (int) MIN (recipe->seed, G_MAXINT);
  patron_param_block_refresh (self->chance_block);
  patron_filter_row_set_text (PATRON_FILTER_ROW (self->filter), recipe->filter);
  g_ptr_array_set_size (self->prepare, 0);
  for (guint i = 0; recipe->prepare != NULL && i < recipe->prepare->len; i++)
    g_ptr_array_add (self->prepare, patron_step_copy (recipe->prepare->pdata[i]));
  read_measure (self, recipe->measure);
  self->refreshing = FALSE;
  emit_changed (self);
}

/* ---- public ------------------------------------------------------------------------------------------------ */

PatronParamRow *
patron_setup_form_first_problem (PatronSetupForm *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_FORM (self), NULL);
  PatronParamBlock *blocks[] = { self->params, self->chance_block, self->measure_block };
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      PatronParamRow *row = blocks[i] != NULL ? patron_param_block_first_problem (blocks[i]) : NULL;
      if (row != NULL)
        return row;
    }
  return NULL;
}

void
patron_setup_form_show_filter (PatronSetupForm *self, const char *problem, gsize n_kept, gsize n_rows)
{
  g_return_if_fail (PATRON_IS_SETUP_FORM (self));
  patron_filter_row_show (PATRON_FILTER_ROW (self->filter), problem, n_kept, n_rows);
}

PatronParamBlock *
patron_setup_form_get_params (PatronSetupForm *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_FORM (self), NULL);
  return self->params;
}

PatronRolesBlock *
patron_setup_form_get_roles (PatronSetupForm *self)
{
  g_return_val_if_fail (PATRON_IS_SETUP_FORM (self), NULL);
  return self->roles;
}

GtkWidget *
patron_setup_form_new (const PatronOp *op, PatronTable *table, const PatronRoles *given, PatronDocument *document)
{
  PatronSetupForm *self = g_object_new (PATRON_TYPE_SETUP_FORM, NULL);
  self->op = op;
  self->table = patron_table_ref (table);
  self->document = document != NULL ? g_object_ref (document) : NULL;
  self->values = patron_op_new_params (op);
  build (self, given);
  return GTK_WIDGET (self);
}

static void
patron_setup_form_dispose (GObject *object)
{
  PatronSetupForm *self = PATRON_SETUP_FORM (object);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_object (&self->roles);
  g_clear_object (&self->params);
  g_clear_object (&self->chance_block);
  g_clear_object (&self->measure_block);
  g_clear_object (&self->measure_roles);
  G_OBJECT_CLASS (patron_setup_form_parent_class)->dispose (object);
}

static void
patron_setup_form_finalize (GObject *object)
{
  PatronSetupForm *self = PATRON_SETUP_FORM (object);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->measures, g_ptr_array_unref);
  g_ptr_array_unref (self->prepare);
  g_free (self->values);
  g_free (self->measure_values);
  G_OBJECT_CLASS (patron_setup_form_parent_class)->finalize (object);
}

static void
patron_setup_form_class_init (PatronSetupFormClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = patron_setup_form_dispose;
  object_class->finalize = patron_setup_form_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_SETUP_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_setup_form_init (PatronSetupForm *self)
{
  patron_params_init (chance_params, &self->chance);
  self->seed = self->chance.seed;
  self->prepare = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
