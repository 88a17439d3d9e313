/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/help-window.h"

#include <glib/gi18n-lib.h>

#include "ops/registry.h"

static GtkWidget *
make_text (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_row (const char *title, const char *subtitle)
{
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped = g_markup_escape_text (subtitle != NULL ? subtitle : "", -1);
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped_title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

/* ---- one method -------------------------------------------------------------------------------------------- */

static GtkWidget *
make_roles (const PatronOp *op)
{
  GtkWidget *group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("What It Needs"));
  for (const PatronRoleSpec *spec = op->roles; spec->role != PATRON_N_ROLES; spec++)
    {
      gboolean required = (spec->flags & PATRON_ROLE_REQUIRED) != 0;
      g_autofree char *title = g_strdup_printf (required ? "%s" : _("%s (if there is one)"), _(patron_role_label (spec->role)));
      const char *help = spec->help != NULL ? spec->help : patron_role_help (spec->role);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (title, help != NULL ? _(help) : NULL));
    }
  return group;
}

static GtkWidget *
make_params (const PatronOp *op)
{
  GtkWidget *group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Settings"));
  for (const PatronParam *param = op->params; param->kind != PATRON_PARAM_KIND_END; param++)
    {
      g_autofree char *range = patron_param_range_text (param);
      g_autofree char *text = param->help != NULL ? g_strdup_printf ("%s (%s)", _(param->help), range) : g_strdup (range);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (_(param->label), text));
    }
  return group;
}

static GtkWidget *
make_method (const PatronOp *op)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_box_append (GTK_BOX (box), make_text (_(op->title), "title-1"));
  if (op->summary != NULL)
    gtk_box_append (GTK_BOX (box), make_text (_(op->summary), "title-4"));
  if (op->help != NULL)
    gtk_box_append (GTK_BOX (box), make_text (_(op->help), NULL));
  if (op->roles != NULL && op->roles[0].role != PATRON_N_ROLES)
    gtk_box_append (GTK_BOX (box), make_roles (op));
  if (patron_params_count (op->params) > 0)
    gtk_box_append (GTK_BOX (box), make_params (op));
  if (op->reference != NULL)
    {
      g_autofree char *source = g_strdup_printf (_("Source: %s"), op->reference);
      gtk_box_append (GTK_BOX (box), make_text (source, "dim-label"));
    }
  return box;
}

/* ---- all methods ------------------------------------------------------------------------------------------- */

static void
on_method_activated (AdwActionRow *row, const PatronOp *op)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (row)));
  patron_help_window_present (GTK_WINDOW (window), op);
}

static GtkWidget *
make_index (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *group = adw_preferences_group_new ();
  gtk_box_append (GTK_BOX (box), make_text (_("What Patron Can Do"), "title-1"));
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      if ((*op)->kind != PATRON_OP_MODEL && (*op)->kind != PATRON_OP_ANALYSIS)
        continue;
      GtkWidget *row = make_row (_((*op)->title), (*op)->summary != NULL ? _((*op)->summary) : NULL);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      g_signal_connect (row, "activated", G_CALLBACK (on_method_activated), (gpointer) *op);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_box_append (GTK_BOX (box), group);
  return box;
}

void
patron_help_window_present (GtkWindow *parent, const PatronOp *op)
{
  GtkWidget *content = op != NULL ? make_method (op) : make_index ();
  GtkWidget *clamp = adw_clamp_new ();
  gtk_widget_add_css_class (content, "page");
  adw_clamp_set_child (ADW_CLAMP (clamp), content);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);

  GtkWidget *window = adw_window_new ();
  gtk_window_set_title (GTK_WINDOW (window), op != NULL ? _(op->title) : _("Methods"));
  gtk_window_set_default_size (GTK_WINDOW (window), 640, 720);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  adw_window_set_content (ADW_WINDOW (window), box);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_window_present (GTK_WINDOW (window));
}
