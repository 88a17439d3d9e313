/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-row.h"

#include <glib/gi18n-lib.h>

#include "app/param-step.h"
#include "app/text-label.h"

struct _PatronParamRow
{
  AdwActionRow parent;

  const PatronParam *param;      /* static */
  gpointer           values;     /* borrowed */
  char              *problem;    /* owned */
  gboolean           refreshing; /* the row itself sets the control */
  gboolean           narrow;     /* in a side pane: what is wider than a switch stands below the label */

  /* Borrowed children. */
  GtkWidget *control;
  GtkWidget *automatic;          /* NULL without */
  GtkWidget *less, *more;        /* NULL unless a number */
  GtkWidget *reset;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronParamRow, patron_param_row, ADW_TYPE_ACTION_ROW)

static gboolean
is_number (const PatronParam *param)
{
  return param->kind == PATRON_PARAM_KIND_INT || param->kind == PATRON_PARAM_KIND_DOUBLE;
}

/* What stands under the label: why the value is refused, what "automatic" does, or what the parameter is for. */
static void
update_subtitle (PatronParamRow *self)
{
  const char *help = self->param->help != NULL ? _(self->param->help) : "";
  if (self->problem != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), self->problem);
  else if (self->param->automatic != NULL && patron_param_is_auto (self->param, self->values))
    {
      /* Translators: a help sentence, then what the automatic setting does. */
      g_autofree char *text = g_strdup_printf (_("%s Automatic: %s."), help, _(self->param->automatic));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
    }
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), help);

  if (self->problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "refused");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
  if (PATRON_IS_PARAM_FIELD (self->control))
    patron_param_field_show_problem (PATRON_PARAM_FIELD (self->control), self->problem);
  if (GTK_IS_ENTRY (self->control))
    {
      if (self->problem != NULL)
        gtk_widget_add_css_class (self->control, "error");
      else
        gtk_widget_remove_css_class (self->control, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_STATE_INVALID,
                                   self->problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
    }
}

static void
update_buttons (PatronParamRow *self)
{
  gboolean is_auto = self->automatic != NULL && patron_param_is_auto (self->param, self->values);
  gboolean is_default = self->problem == NULL && patron_param_is_default (self->param, self->values);

  if (is_number (self->param))
    {
      gtk_entry_set_placeholder_text (GTK_ENTRY (self->control), is_auto ? _("automatic") : NULL);
      gtk_widget_set_sensitive (self->control, !is_auto);
      gtk_widget_set_sensitive (self->less, !is_auto);
      gtk_widget_set_sensitive (self->more, !is_auto);
    }
  /* Where there is room, kept in place when there is nothing to reset, so that the controls stay in one column. */
  gtk_widget_set_opacity (self->reset, is_default ? 0 : 1);
  gtk_widget_set_visible (self->reset, !is_default || !self->narrow);
  gtk_widget_set_sensitive (self->reset, !is_default);
}

static void
emit_changed (PatronParamRow *self)
{
  update_subtitle (self);
  update_buttons (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_text (PatronParamRow *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&self->problem, g_free);
  if (patron_param_parse (self->param, text, self->values, &error))
    return;
  /* The error speaks to whoever writes recipes; here the field is in sight and has a label. */
  g_autofree char *range = patron_param_range_text (self->param);
  /* Translators: the label of a parameter, then its range: “Trees: a whole number from 1 to 100000; default 100.” */
  self->problem = is_number (self->param) ? g_strdup_printf (_("%s: %s."), _(self->param->label), range) : g_strdup (error->message);
}

static void
on_entry_changed (PatronParamRow *self)
{
  if (self->refreshing)
    return;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->control))));
  take_text (self, text);
  emit_changed (self);
}

static void
on_automatic_toggled (PatronParamRow *self)
{
  if (self->refreshing)
    return;
  gboolean active = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->automatic));
  g_autofree char *first = patron_param_first_value (self->param);
  take_text (self, active ? "auto" : first);
  patron_param_row_refresh (self);
  if (!active)
    gtk_widget_grab_focus (self->control);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_switched (PatronParamRow *self)
{
  if (self->refreshing)
    return;
  take_text (self, gtk_switch_get_active (GTK_SWITCH (self->control)) ? "true" : "false");
  emit_changed (self);
}

static void
on_chosen (PatronParamRow *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->control));
  if (self->refreshing || chosen == GTK_INVALID_LIST_POSITION)
    return;
  take_text (self, self->param->choices[chosen].id);
  emit_changed (self);
}

static void
step (PatronParamRow *self, int direction)
{
  g_autofree char *text = patron_param_step (self->param, self->values, direction);
  take_text (self, text);
  patron_param_row_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_less (PatronParamRow *self)
{
  step (self, -1);
}

static void
on_more (PatronParamRow *self)
{
  step (self, 1);
}

static gboolean
on_key_pressed (PatronParamRow *self, guint keyval)
{
  if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    step (self, 1);
  else if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    step (self, -1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
on_reset (PatronParamRow *self)
{
  const PatronParam one[] = { *self->param, PATRON_PARAM_END };
  patron_params_init (one, self->values);
  patron_param_row_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_automatic (PatronParamRow *self, GtkWidget *line)
{
  self->automatic = gtk_check_button_new_with_label (_("Automatic"));
  gtk_widget_set_valign (self->automatic, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->automatic, _(self->param->automatic));
  g_autofree char *name = g_strdup_printf (_("Automatic: %s"), _(self->param->label));
  patron_widget_set_name (self->automatic, name);
  g_signal_connect_object (self->automatic, "toggled", G_CALLBACK (on_automatic_toggled), self, G_CONNECT_SWAPPED);
  if (self->narrow)
    gtk_box_append (GTK_BOX (line), self->automatic);
  else
    gtk_box_prepend (GTK_BOX (line), self->automatic);
}

/* The row's own line of title and suffixes stays; the field stands below it. */
static void
put_below (PatronParamRow *self, GtkWidget *field)
{
  GtkWidget *line = g_object_ref (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), NULL);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), field);
  gtk_widget_add_css_class (field, "field");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);   /* what is below has the focus, not the row around it */
  g_object_unref (line);
}

/* A control that is as wide as it needs: beside the label, or below it where there is little room. */
static void
put_control (PatronParamRow *self, GtkWidget *control)
{
  if (self->narrow)
    put_below (self, control);
  else
    adw_action_row_add_suffix (ADW_ACTION_ROW (self), control);
}

static void
add_number (PatronParamRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  self->control = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->control), 8);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->control), 8);
  gtk_editable_set_alignment (GTK_EDITABLE (self->control), 1);
  gtk_widget_add_css_class (self->control, "numeric");
  gtk_entry_set_activates_default (GTK_ENTRY (self->control), TRUE);
  gtk_entry_set_input_purpose (GTK_ENTRY (self->control), GTK_INPUT_PURPOSE_NUMBER);
  g_autofree char *range = patron_param_range_text (self->param);
  gtk_widget_set_tooltip_text (self->control, range);
  g_signal_connect_object (self->control, "changed", G_CALLBACK (on_entry_changed), self, G_CONNECT_SWAPPED);

  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->control, keys);

  self->less = gtk_button_new_from_icon_name ("value-decrease-symbolic");
  self->more = gtk_button_new_from_icon_name ("value-increase-symbolic");
  gtk_widget_set_focusable (self->less, FALSE);   /* the arrow keys do the same */
  gtk_widget_set_focusable (self->more, FALSE);
  g_autofree char *less = g_strdup_printf (_("Less: %s"), _(self->param->label));
  g_autofree char *more = g_strdup_printf (_("More: %s"), _(self->param->label));
  patron_widget_set_name (self->less, less);
  patron_widget_set_name (self->more, more);
  g_signal_connect_object (self->less, "clicked", G_CALLBACK (on_less), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (on_more), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->control);
  gtk_box_append (GTK_BOX (box), self->less);
  gtk_box_append (GTK_BOX (box), self->more);

  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (line), box);
  if (self->param->unit != NULL)
    gtk_box_append (GTK_BOX (line), patron_label_new_short (_(self->param->unit), "dim-label"));
  if (self->param->automatic != NULL)
    add_automatic (self, line);
  put_control (self, line);
}

/* The widest that the choice in force may be, in characters, beside the row's text and below it; the list has room for all of it. */
#define CHOICE_CHARS        22
#define NARROW_CHOICE_CHARS 40
#define MIN_CHOICE_CHARS    9

/* chars: how wide the choice in force may be; NULL: in the list. */
static void
setup_choice (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer chars)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (chars != NULL)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), MIN_CHOICE_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (label), GPOINTER_TO_INT (chars));
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_choice (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (item), text);
}

static GtkListItemFactory *
choice_factory (int chars)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_choice), GINT_TO_POINTER (chars));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_choice), NULL);
  return factory;
}

static void
add_choice (PatronParamRow *self)
{
  g_autoptr (GtkListItemFactory) shown = choice_factory (self->narrow ? NARROW_CHOICE_CHARS : CHOICE_CHARS), listed = choice_factory (0);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  for (const PatronChoice *choice = self->param->choices; choice->id != NULL; choice++)
    gtk_string_list_append (labels, _(choice->label));
  self->control = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&labels)), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->control), shown);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (self->control), listed);
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  if (self->narrow)
    gtk_widget_set_halign (self->control, GTK_ALIGN_START);
  g_signal_connect_object (self->control, "notify::selected", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  put_control (self, self->control);
}

static void
add_switch (PatronParamRow *self)
{
  self->control = gtk_switch_new ();
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->control, "notify::active", G_CALLBACK (on_switched), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->control);
}

static void
add_text (PatronParamRow *self)
{
  self->control = gtk_entry_new ();
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->control), 18);
  gtk_entry_set_activates_default (GTK_ENTRY (self->control), TRUE);
  g_signal_connect_object (self->control, "changed", G_CALLBACK (on_entry_changed), self, G_CONNECT_SWAPPED);
  put_control (self, self->control);
}

static void
on_field_edited (PatronParamRow *self)
{
  g_autofree char *text = patron_param_field_dup_text (PATRON_PARAM_FIELD (self->control));
  if (self->refreshing)
    return;
  take_text (self, text);
  emit_changed (self);
}

static void
add_field (PatronParamRow *self, GtkWidget *field)
{
  self->control = field;
  g_signal_connect_object (field, "edited", G_CALLBACK (on_field_edited), self, G_CONNECT_SWAPPED);
  put_below (self, field);
}

static void
add_reset (PatronParamRow *self)
{
  g_autofree char *reset = g_strdup_printf (_("Reset “%s” to its default"), _(self->param->label));
  self->reset = patron_icon_button_new ("edit-undo-symbolic", reset);
  g_signal_connect_object (self->reset, "clicked", G_CALLBACK (on_reset), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->reset);
}

static void
build (PatronParamRow *self, PatronParamContext *context)
{
  GtkWidget *field = context != NULL ? patron_param_field_new (self->param, context) : NULL;
  self->narrow = context != NULL;   /* forms that look at a table stand beside it */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(self->param->label));
  add_reset (self);
  if (field != NULL)
    {
      add_field (self, field);
      return;
    }
  switch (self->param->kind)
    {
    case PATRON_PARAM_KIND_INT:
    case PATRON_PARAM_KIND_DOUBLE:
      add_number (self);
      break;
    case PATRON_PARAM_KIND_BOOL:
      add_switch (self);
      break;
    case PATRON_PARAM_KIND_CHOICE:
      add_choice (self);
      break;
    case PATRON_PARAM_KIND_TEXT:
    case PATRON_PARAM_KIND_END:
    default:
      add_text (self);
      break;
    }
  /* The row names its control by its own title. */
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->control);
}

void
patron_param_row_refresh (PatronParamRow *self)
{
  g_return_if_fail (PATRON_IS_PARAM_ROW (self));
  self->refreshing = TRUE;
  g_clear_pointer (&self->problem, g_free);
  gboolean is_auto = self->automatic != NULL && patron_param_is_auto (self->param, self->values);
  if (self->automatic != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->automatic), is_auto);
  if (GTK_IS_SWITCH (self->control))
    gtk_switch_set_active (GTK_SWITCH (self->control), patron_param_get_int (self->param, self->values) != 0);
  else if (GTK_IS_DROP_DOWN (self->control))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->control), (guint) patron_param_get_int (self->param, self->values));
  else if (PATRON_IS_PARAM_FIELD (self->control))
    patron_param_field_set_text (PATRON_PARAM_FIELD (self->control), patron_param_get_text (self->param, self->values));
  else
    {
      g_autofree char *text = is_auto ? g_strdup ("") : patron_param_to_text (self->param, self->values);
      gtk_editable_set_text (GTK_EDITABLE (self->control), text);
    }
  self->refreshing = FALSE;
  update_subtitle (self);
  update_buttons (self);
}

void
patron_param_row_enter (PatronParamRow *self, const char *text)
{
  g_return_if_fail (PATRON_IS_PARAM_ROW (self));
  if (GTK_IS_ENTRY (self->control) && !(self->automatic != NULL && g_str_equal (text, "auto")))
    {
      if (self->automatic != NULL)
        gtk_check_button_set_active (GTK_CHECK_BUTTON (self->automatic), FALSE);
      gtk_editable_set_text (GTK_EDITABLE (self->control), text);
      return;
    }
  take_text (self, text);
  if (self->problem == NULL)
    patron_param_row_refresh (self);
  emit_changed (self);
}

const PatronParam *
patron_param_row_get_param (PatronParamRow *self)
{
  g_return_val_if_fail (PATRON_IS_PARAM_ROW (self), NULL);
  return self->param;
}

const char *
patron_param_row_get_problem (PatronParamRow *self)
{
  g_return_val_if_fail (PATRON_IS_PARAM_ROW (self), NULL);
  return self->problem;
}

GtkWidget *
patron_param_row_get_control (PatronParamRow *self)
{
  g_return_val_if_fail (PATRON_IS_PARAM_ROW (self), NULL);
  return self->control;
}

void
patron_param_row_others_changed (PatronParamRow *self)
{
  g_return_if_fail (PATRON_IS_PARAM_ROW (self));
  if (PATRON_IS_PARAM_FIELD (self->control))
    patron_param_field_others_changed (PATRON_PARAM_FIELD (self->control));
}

GtkWidget *
patron_param_row_new_full (const PatronParam *param, gpointer values, PatronParamContext *context)
{
  PatronParamRow *self = g_object_new (PATRON_TYPE_PARAM_ROW, NULL);
  self->param = param;
  self->values = values;
  build (self, context);
  patron_param_row_refresh (self);
  return GTK_WIDGET (self);
}

GtkWidget *
patron_param_row_new (const PatronParam *param, gpointer values)
{
  return patron_param_row_new_full (param, values, NULL);
}

static void
patron_param_row_finalize (GObject *object)
{
  g_free (PATRON_PARAM_ROW (object)->problem);
  G_OBJECT_CLASS (patron_param_row_parent_class)->finalize (object);
}

static void
patron_param_row_class_init (PatronParamRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_param_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_PARAM_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_param_row_init (PatronParamRow *self)
{
}
