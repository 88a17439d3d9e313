/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pair-line.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/column-drop-down.h"
#include "app/text-label.h"

struct _PatronPairLine
{
  GtkWidget  parent;
  GtkWidget *sides[2];    /* borrowed children: GtkEntry, or GtkDropDown of columns */
};

enum { EDITED, REMOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronPairLine, patron_pair_line, GTK_TYPE_WIDGET)

static void
on_edited (PatronPairLine *self)
{
  g_signal_emit (self, signals[EDITED], 0);
}

static void
on_remove (PatronPairLine *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static GtkWidget *
make_entry (PatronPairLine *self, const PatronPairSide *side, const char *text)
{
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), side->name);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  return entry;
}

static GtkWidget *
make_columns (PatronPairLine *self, const PatronPairSide *side, const char *text)
{
  GtkWidget *columns = patron_column_drop_down_new (side->columns, PATRON_ACCEPT_ANY, side->name);
  patron_column_drop_down_set (GTK_DROP_DOWN (columns), *text != '\0' ? text : NULL);
  g_signal_connect_object (columns, "notify::selected", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  return columns;
}

/* A text that the table does not know is shown as it is: nothing is changed by being looked at. */
static GtkWidget *
make_side (PatronPairLine *self, const PatronPairSide *side, const char *text)
{
  gboolean known = side->columns != NULL && (*text == '\0' || patron_table_find (side->columns, text) != NULL);
  GtkWidget *widget = known ? make_columns (self, side, text) : make_entry (self, side, text);
  gtk_widget_set_hexpand (widget, TRUE);
  patron_widget_set_name (widget, side->name);
  return widget;
}

static const char *
side_text (GtkWidget *side)
{
  if (GTK_IS_ENTRY (side))
    return gtk_editable_get_text (GTK_EDITABLE (side));
  const char *column = patron_column_drop_down_get (GTK_DROP_DOWN (side));
  return column != NULL ? column : "";
}

const char *
patron_pair_line_from (PatronPairLine *self)
{
  g_return_val_if_fail (PATRON_IS_PAIR_LINE (self), "");
  return side_text (self->sides[0]);
}

const char *
patron_pair_line_to (PatronPairLine *self)
{
  g_return_val_if_fail (PATRON_IS_PAIR_LINE (self), "");
  return side_text (self->sides[1]);
}

void
patron_pair_line_set_note (PatronPairLine *self, const char *note)
{
  g_return_if_fail (PATRON_IS_PAIR_LINE (self));
  gtk_widget_set_tooltip_text (self->sides[0], note);
}

GtkWidget *
patron_pair_line_new (const PatronPairSide *from, const char *from_text, const PatronPairSide *to, const char *to_text)
{
  PatronPairLine *self = g_object_new (PATRON_TYPE_PAIR_LINE, NULL);
  GtkWidget *both = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", _("Take out this line"));
  g_signal_connect_object (remove, "clicked", G_CALLBACK (on_remove), self, G_CONNECT_SWAPPED);
  self->sides[0] = make_side (self, from, from_text);
  self->sides[1] = make_side (self, to, to_text);
  gtk_box_append (GTK_BOX (both), self->sides[0]);
  gtk_box_append (GTK_BOX (both), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_box_append (GTK_BOX (both), self->sides[1]);
  gtk_box_append (GTK_BOX (both), remove);
  gtk_widget_set_parent (both, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

static gboolean
patron_pair_line_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PATRON_PAIR_LINE (widget)->sides[0]);
}

static void
patron_pair_line_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (patron_pair_line_parent_class)->dispose (object);
}

static void
patron_pair_line_class_init (PatronPairLineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_pair_line_dispose;
  widget_class->grab_focus = patron_pair_line_grab_focus;
  signals[EDITED] = g_signal_new ("edited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
patron_pair_line_init (PatronPairLine *self)
{
}
