/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/readiness-card.h"

#include <glib/gi18n-lib.h>

#include "app/text-label.h"

struct _PatronReadinessCard
{
  GtkWidget parent;
  GtkWidget *list;   /* owned child */
};

G_DEFINE_FINAL_TYPE (PatronReadinessCard, patron_readiness_card, GTK_TYPE_WIDGET)

const char *
patron_readiness_icon (PatronReadinessLevel level)
{
  switch (level)
    {
    case PATRON_READINESS_PROBLEM:
      return "dialog-error-symbolic";
    case PATRON_READINESS_NOTE:
      return "dialog-information-symbolic";
    case PATRON_READINESS_FINE:
    default:
      return "emblem-ok-symbolic";
    }
}

const char *
patron_readiness_class (PatronReadinessLevel level)
{
  switch (level)
    {
    case PATRON_READINESS_PROBLEM:
      return "error";
    case PATRON_READINESS_NOTE:
      return "accent";
    case PATRON_READINESS_FINE:
    default:
      return "success";
    }
}

static void
add_row (PatronReadinessCard *self, GtkWidget *icon, const char *text)
{
  gtk_list_box_append (GTK_LIST_BOX (self->list), patron_told_row_new (icon, patron_label_new (text, NULL)));
}

static GtkWidget *
level_icon (PatronReadinessLevel level)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (patron_readiness_icon (level));
  gtk_widget_add_css_class (icon, patron_readiness_class (level));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  return icon;
}

void
patron_readiness_card_show (PatronReadinessCard *self, const PatronReadiness *readiness)
{
  g_return_if_fail (PATRON_IS_READINESS_CARD (self));
  GtkWidget *row;
  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  if (readiness == NULL)
    {
      GtkWidget *spinner = gtk_spinner_new ();
      gtk_spinner_start (GTK_SPINNER (spinner));
      add_row (self, spinner, _("Checking the data…"));
      return;
    }
  for (guint i = 0; i < readiness->lines->len; i++)
    {
      const PatronReadinessLine *line = readiness->lines->pdata[i];
      add_row (self, level_icon (line->level), line->text);
    }
  g_autofree char *cost = patron_readiness_cost_text (readiness);
  if (cost != NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("preferences-system-time-symbolic");
      gtk_widget_add_css_class (icon, "dim-label");
      add_row (self, icon, cost);
    }
}

GtkWidget *
patron_readiness_card_new (void)
{
  return g_object_new (PATRON_TYPE_READINESS_CARD, NULL);
}

static void
patron_readiness_card_dispose (GObject *object)
{
  g_clear_pointer (&PATRON_READINESS_CARD (object)->list, gtk_widget_unparent);
  G_OBJECT_CLASS (patron_readiness_card_parent_class)->dispose (object);
}

static void
patron_readiness_card_class_init (PatronReadinessCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_readiness_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
patron_readiness_card_init (PatronReadinessCard *self)
{
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  patron_widget_set_name (self->list, _("Readiness"));
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}
