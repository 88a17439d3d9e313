/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/text.h"

/* What a user may say a column is for; the empty role comes first. */
static const PatronRole choices[] = {
  PATRON_N_ROLES, PATRON_ROLE_CUSTOMER, PATRON_ROLE_ITEM, PATRON_ROLE_DATE, PATRON_ROLE_AMOUNT, PATRON_ROLE_QUANTITY, PATRON_ROLE_PRICE,
  PATRON_ROLE_BASKET, PATRON_ROLE_TARGET, PATRON_ROLE_ID, PATRON_ROLE_TEXT, PATRON_ROLE_GROUP, PATRON_ROLE_WEIGHT, PATRON_ROLE_IGNORE,
};

struct _PatronColumnPanel
{
  GtkWidget   parent_instance;
  GtkWidget  *scrolled;
  GtkLabel   *name, *type;
  GtkDropDown *role;
  GtkLabel   *guess;
  GtkGrid    *statistics;
  GtkLabel   *top_title;
  GtkGrid    *top;
  gboolean    filling;      /* the drop-down is being set, not chosen from */
};

G_DEFINE_FINAL_TYPE (PatronColumnPanel, patron_column_panel, GTK_TYPE_WIDGET)

static guint role_chosen;

/* ---- statistics -------------------------------------------------------------------------------------------- */

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static GtkWidget *
make_label (const char *text, float xalign, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
add_line (GtkGrid *grid, const char *label, const char *value)
{
  int row = 0;
  while (gtk_grid_get_child_at (grid, 0, row) != NULL)
    row++;
  gtk_grid_attach (grid, make_label (label, 0, "dim-label"), 0, row, 1, 1);
  gtk_grid_attach (grid, make_label (value, 1, "numeric"), 1, row, 1, 1);
}

static void
add_number (GtkGrid *grid, const char *label, PatronFormat format, double value)
{
  g_autofree char *text = patron_format_number (format, value);
  add_line (grid, label, text);
}

/* Formats of the values of a type; deviations and widths of dates are numbers of days. */
static PatronFormat
value_format (PatronType type)
{
  return type == PATRON_TYPE_DATE ? PATRON_FORMAT_DATE : type == PATRON_TYPE_DURATION ? PATRON_FORMAT_SECONDS : PATRON_FORMAT_NUMBER;
}

static void
add_value (GtkGrid *grid, const char *label, PatronType type, double value)
{
  if (type == PATRON_TYPE_TIME)
    add_number (grid, label, PATRON_FORMAT_TIME, value * 1e6);
  else
    add_number (grid, label, value_format (type), value);
}

static void
fill_counts (GtkGrid *grid, const PatronColumnProfile *profile)
{
  g_autofree char *missing = patron_format_number (PATRON_FORMAT_COUNT, (double) profile->n_missing);
  g_autofree char *share = patron_format_number (PATRON_FORMAT_PERCENT, profile->n > 0 ? (double) profile->n_missing / (double) profile->n : 0);
  g_autofree char *distinct = patron_format_number (PATRON_FORMAT_COUNT, (double) profile->n_distinct);
  g_autofree char *missing_text = profile->n_missing > 0 ? g_strdup_printf ("%s (%s)", missing, share) : g_strdup (_("none"));
  g_autofree char *distinct_text = profile->more_distinct ? g_strdup_printf (_("over %s"), distinct) : g_strdup (distinct);
  add_number (grid, _("Rows"), PATRON_FORMAT_COUNT, (double) profile->n);
  add_line (grid, _("Missing"), missing_text);
  add_line (grid, _("Distinct"), distinct_text);
}

static void
fill_numbers (GtkGrid *grid, const PatronColumnProfile *profile)
{
  add_value (grid, _("Mean"), profile->type, profile->mean);
  if (profile->type == PATRON_TYPE_NUMBER || profile->type == PATRON_TYPE_INTEGER)
    add_number (grid, _("Standard deviation"), PATRON_FORMAT_NUMBER, profile->deviation);
  add_value (grid, _("Smallest"), profile->type, profile->minimum);
  add_value (grid, _("Lower quartile"), profile->type, profile->q1);
  add_value (grid, _("Median"), profile->type, profile->median);
  add_value (grid, _("Upper quartile"), profile->type, profile->q3);
  add_value (grid, _("Greatest"), profile->type, profile->maximum);
}

static void
fill_top (PatronColumnPanel *self, const PatronColumnProfile *profile)
{
  double most = profile->n_top > 0 ? (double) MAX (profile->top[0].n, profile->top[profile->n_top - 1].n) : 0;
  for (guint i = 0; i < profile->n_top; i++)
    {
      g_autofree char *count = patron_format_number (PATRON_FORMAT_COUNT, (double) profile->top[i].n);
      GtkWidget *bar = gtk_level_bar_new_for_interval (0, MAX (1, most));
      gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), (double) profile->top[i].n);
      gtk_widget_add_css_class (bar, "share");
      GtkWidget *value = make_label (profile->top[i].value, 0, NULL);
      gtk_widget_set_tooltip_text (value, profile->top[i].value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, profile->top[i].value, -1);
      gtk_grid_attach (self->top, value, 0, (int) i * 2, 1, 1);
      gtk_grid_attach (self->top, make_label (count, 1, "numeric"), 1, (int) i * 2, 1, 1);
      gtk_grid_attach (self->top, bar, 0, (int) i * 2 + 1, 2, 1);
    }
}

/* ---- role -------------------------------------------------------------------------------------------------- */

static void
on_role_selected (PatronColumnPanel *self)
{
  guint selected = gtk_drop_down_get_selected (self->role);
  if (!self->filling && selected < G_N_ELEMENTS (choices))
    g_signal_emit (self, role_chosen, 0, (int) choices[selected]);
}

static void
show_role (PatronColumnPanel *self, PatronRole role, gboolean guessed)
{
  guint selected = 0;
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    if (choices[i] == role)
      selected = i;
  self->filling = TRUE;
  gtk_drop_down_set_selected (self->role, selected);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->guess), guessed && role < PATRON_N_ROLES);
}

void
patron_column_panel_show (PatronColumnPanel *self, PatronColumn *column, const PatronColumnProfile *profile, PatronRole role, gboolean guessed)
{
  g_return_if_fail (PATRON_IS_COLUMN_PANEL (self));
  const char *unit = patron_column_get_unit (column);
  const char *type = _(patron_type_label (patron_column_get_type (column)));
  g_autofree char *with_unit = unit != NULL ? g_strdup_printf ("%s · %s", type, unit) : g_strdup (type);
  gtk_label_set_label (self->name, patron_column_get_name (column));
  gtk_label_set_label (self->type, with_unit);
  show_role (self, role, guessed);
  clear_grid (self->statistics);
  clear_grid (self->top);
  /* Where every value is another, none is frequent. */
  gboolean has_top = profile != NULL && profile->n_top > 0 && profile->n_distinct + profile->n_missing < profile->n;
  gtk_widget_set_visible (GTK_WIDGET (self->top_title), has_top);
  if (profile == NULL)
    {
      add_line (self->statistics, _("Looking through the rows…"), "");
      return;
    }
  fill_counts (self->statistics, profile);
  if (!isnan (profile->median))
    fill_numbers (self->statistics, profile);
  if (has_top)
    fill_top (self, profile);
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_column_panel_dispose (GObject *object)
{
  PatronColumnPanel *self = PATRON_COLUMN_PANEL (object);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_column_panel_parent_class)->dispose (object);
}

static void
patron_column_panel_class_init (PatronColumnPanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_column_panel_dispose;
  role_chosen = g_signal_new ("role-chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "columnpanel");
}

static GtkWidget *
make_role_line (PatronColumnPanel *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    gtk_string_list_append (names, choices[i] == PATRON_N_ROLES ? _("No role") : _(patron_role_label (choices[i])));
  self->role = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL));
  g_signal_connect_swapped (self->role, "notify::selected", G_CALLBACK (on_role_selected), self);
  GtkWidget *label = gtk_label_new_with_mnemonic (_("_What it is for"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), GTK_WIDGET (self->role));
  gtk_widget_add_css_class (label, "heading");
  self->guess = GTK_LABEL (make_label (_("Guessed from the name; change it if it is wrong"), 0, "dim-label"));
  gtk_label_set_ellipsize (self->guess, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (self->guess, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->guess), "caption");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->role));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->guess));
  return box;
}

static GtkGrid *
make_grid (int row_spacing)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (grid, 12);
  gtk_grid_set_row_spacing (grid, row_spacing);
  return grid;
}

static void
patron_column_panel_init (PatronColumnPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 15);
  gtk_widget_add_css_class (box, "panel");
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->name = GTK_LABEL (make_label (NULL, 0, "title-4"));
  self->type = GTK_LABEL (make_label (NULL, 0, "dim-label"));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->type));
  self->statistics = make_grid (4);
  self->top_title = GTK_LABEL (make_label (_("Most frequent"), 0, "heading"));
  self->top = make_grid (3);
  GtkWidget *parts[] = { head, make_role_line (self), GTK_WIDGET (self->statistics), GTK_WIDGET (self->top_title), GTK_WIDGET (self->top) };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_box_append (GTK_BOX (box), parts[i]);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), box);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
