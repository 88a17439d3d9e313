/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/column-drop-down.h"
#include "app/text-label.h"
#include "table/aggregate.h"

/* Summaries of groups, a card each: which function, of which column, and what the new column is called. */
struct _PatronAggregatesField
{
  PatronParamField parent;
  char            *raw;        /* owned: a text that is no list of summaries, kept until something is edited; NULL: none */
  gboolean         refreshing;
  GtkWidget       *cards;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (PatronAggregatesField, patron_aggregates_field, PATRON_TYPE_PARAM_FIELD)

/* The parts of a card; borrowed, kept with it. */
typedef struct
{
  PatronAggregatesField *field;
  GtkWidget *box, *kinds;
  GtkWidget *places;           /* of what depends on the function: */
  GtkWidget *columns;          /* drop-down */
  GtkWidget *by;               /* drop-down, NULL: takes none */
  GtkWidget *argument;         /* entry, NULL: takes none */
  GtkWidget *name;
} Card;

static void
on_edited (Card *card)
{
  if (card->field->refreshing)
    return;
  g_clear_pointer (&card->field->raw, g_free);
  patron_param_field_edited (PATRON_PARAM_FIELD (card->field));
}

static PatronTable *
table_of (PatronAggregatesField *self)
{
  return patron_param_field_get_context (PATRON_PARAM_FIELD (self))->table;
}

static PatronAggregateKind
card_kind (const Card *card)
{
  return (PatronAggregateKind) gtk_drop_down_get_selected (GTK_DROP_DOWN (card->kinds));
}

/* ---- text -------------------------------------------------------------------------------------------------- */

/* "sum(amount) as revenue"; NULL while a column is still to be chosen. */
static char *
card_text (const Card *card)
{
  const PatronAggregateInfo *info = patron_aggregate_info (card_kind (card));
  const char *column = patron_column_drop_down_get (GTK_DROP_DOWN (card->columns));
  const char *by = card->by != NULL ? patron_column_drop_down_get (GTK_DROP_DOWN (card->by)) : NULL;
  const char *argument = card->argument != NULL ? gtk_editable_get_text (GTK_EDITABLE (card->argument)) : "";
  const char *name = gtk_editable_get_text (GTK_EDITABLE (card->name));
  if (column == NULL && card_kind (card) != PATRON_AGGREGATE_COUNT)
    return NULL;
  g_autoptr (GString) text = g_string_new (info->id);
  g_string_append_c (text, '(');
  if (column != NULL)
    g_string_append_printf (text, "[%s]", column);
  if (by != NULL)
    g_string_append_printf (text, " by [%s]", by);
  if (*argument != '\0')
    g_string_append_printf (text, ", %s", argument);
  g_string_append_c (text, ')');
  if (*name != '\0')
    g_string_append_printf (text, " as [%s]", name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_text (PatronParamField *field)
{
  PatronAggregatesField *self = PATRON_AGGREGATES_FIELD (field);
  g_autoptr (GString) text = g_string_new (NULL);
  if (self->raw != NULL)
    return g_strdup (self->raw);
  for (GtkWidget *box = gtk_widget_get_first_child (self->cards); box != NULL; box = gtk_widget_get_next_sibling (box))
    {
      g_autofree char *one = card_text (g_object_get_data (G_OBJECT (box), "card"));
      if (one != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", one);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- cards ------------------------------------------------------------------------------------------------- */

static GtkWidget *
add_columns (Card *card, guint accepts, const char *none, const char *name)
{
  GtkWidget *columns = patron_column_drop_down_new (table_of (card->field), accepts, none);
  patron_widget_set_name (columns, name);
  g_signal_connect_swapped (columns, "notify::selected", G_CALLBACK (on_edited), card);
  gtk_box_append (GTK_BOX (card->places), columns);
  gtk_widget_set_hexpand (columns, TRUE);
  return columns;
}

/* Column and argument for the function that is chosen; the column stays where the function takes it. */
static void
fill_places (Card *card)
{
  const PatronAggregateInfo *info = patron_aggregate_info (card_kind (card));
  g_autofree char *column = card->columns != NULL ? g_strdup (patron_column_drop_down_get (GTK_DROP_DOWN (card->columns))) : NULL;
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (card->places)) != NULL)
    gtk_box_remove (GTK_BOX (card->places), child);
  card->by = card->argument = NULL;
  gboolean rows = card_kind (card) == PATRON_AGGREGATE_COUNT;
  card->columns = add_columns (card, info->accepts, rows ? _("Rows") : _("Choose a column…"), _("Column"));
  patron_column_drop_down_set (GTK_DROP_DOWN (card->columns), column);
  if (info->argument == PATRON_ARGUMENT_ORDER)
    card->by = add_columns (card, PATRON_ACCEPT_ANY, _("In the table’s order"), _("In the order of"));
  else if (info->argument == PATRON_ARGUMENT_WEIGHTS)
    card->by = add_columns (card, PATRON_ACCEPT_NUMERIC, _("Choose weights…"), _("Weights"));
  if (info->argument != PATRON_ARGUMENT_P && info->argument != PATRON_ARGUMENT_DATE)
    return;
  gboolean date = info->argument == PATRON_ARGUMENT_DATE;
  card->argument = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (card->argument), date ? "" : "0.9");
  gtk_editable_set_width_chars (GTK_EDITABLE (card->argument), date ? 11 : 5);
  gtk_entry_set_placeholder_text (GTK_ENTRY (card->argument), date ? _("latest date") : "0.9");
  patron_widget_set_name (card->argument, date ? _("As of the date") : _("Part of the values, from 0 to 1"));
  g_signal_connect_swapped (card->argument, "changed", G_CALLBACK (on_edited), card);
  gtk_box_append (GTK_BOX (card->places), card->argument);
}

static void
on_kind_chosen (Card *card)
{
  fill_places (card);
  on_edited (card);
}

static void
on_remove (Card *card)
{
  PatronAggregatesField *self = card->field;
  g_clear_pointer (&self->raw, g_free);
  gtk_box_remove (GTK_BOX (self->cards), card->box);
  patron_param_field_edited (PATRON_PARAM_FIELD (self));
}

static GtkWidget *
make_kinds (void)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  for (guint i = 0; i < PATRON_N_AGGREGATES; i++)
    gtk_string_list_append (labels, _(patron_aggregate_info (i)->label));
  GtkExpression *text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkWidget *kinds = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&labels)), text);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (kinds), TRUE);
  gtk_widget_set_hexpand (kinds, TRUE);
  patron_drop_down_ellipsize (GTK_DROP_DOWN (kinds));
  patron_widget_set_name (kinds, _("Summary"));
  return kinds;
}

static Card *
add_card (PatronAggregatesField *self, PatronAggregateKind kind)
{
  Card *card = g_new0 (Card, 1);
  card->field = self;
  card->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (card->box, "subcard");
  g_object_set_data_full (G_OBJECT (card->box), "card", card, g_free);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  card->kinds = make_kinds ();
  gtk_drop_down_set_selected (GTK_DROP_DOWN (card->kinds), kind);
  GtkWidget *remove = patron_icon_button_new ("window-close-symbolic", _("Take out this summary"));
  g_signal_connect_swapped (remove, "clicked", G_CALLBACK (on_remove), card);
  gtk_box_append (GTK_BOX (head), card->kinds);
  gtk_box_append (GTK_BOX (head), remove);
  card->places = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  card->name = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (card->name), _("Name of the new column"));
  patron_widget_set_name (card->name, _("Name of the new column"));
  gtk_box_append (GTK_BOX (card->box), head);
  gtk_box_append (GTK_BOX (card->box), card->places);
  gtk_box_append (GTK_BOX (card->box), card->name);
  fill_places (card);
  g_signal_connect_swapped (card->kinds, "notify::selected", G_CALLBACK (on_kind_chosen), card);
  g_signal_connect_swapped (card->name, "changed", G_CALLBACK (on_edited), card);
  gtk_box_append (GTK_BOX (self->cards), card->box);
  return card;
}

static void
on_add (PatronAggregatesField *self)
{
  Card *card = add_card (self, gtk_widget_get_first_child (self->cards) == NULL ? PATRON_AGGREGATE_COUNT : PATRON_AGGREGATE_SUM);
  gtk_widget_grab_focus (card->kinds);
  on_edited (card);
}

/* ---- field ------------------------------------------------------------------------------------------------- */

static void
build (PatronParamField *field)
{
  PatronAggregatesField *self = PATRON_AGGREGATES_FIELD (field);
  self->cards = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *add = gtk_button_new_with_mnemonic (_("_Add a Summary"));
  gtk_widget_set_halign (add, GTK_ALIGN_START);
  g_signal_connect_object (add, "clicked", G_CALLBACK (on_add), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->cards, GTK_WIDGET (self));
  gtk_widget_set_parent (add, GTK_WIDGET (self));
}

static void
show_aggregate (PatronAggregatesField *self, const PatronAggregate *aggregate)
{
  Card *card = add_card (self, aggregate->kind);
  if (aggregate->column != NULL)
    patron_column_drop_down_set (GTK_DROP_DOWN (card->columns), patron_column_get_name (aggregate->column));
  if (card->by != NULL && aggregate->by != NULL)
    patron_column_drop_down_set (GTK_DROP_DOWN (card->by), patron_column_get_name (aggregate->by));
  if (card->argument != NULL && !isnan (aggregate->argument))
    {
      char number[40];
      if (patron_aggregate_info (aggregate->kind)->argument == PATRON_ARGUMENT_DATE)
        patron_date_format ((gint32) aggregate->argument, number);
      else
        patron_double_format (aggregate->argument, number);
      gtk_editable_set_text (GTK_EDITABLE (card->argument), number);
    }
  gtk_editable_set_text (GTK_EDITABLE (card->name), aggregate->name);
}

static void
set_text (PatronParamField *field, const char *text)
{
  PatronAggregatesField *self = PATRON_AGGREGATES_FIELD (field);
  GtkWidget *child;
  g_autoptr (GPtrArray) aggregates = *text != '\0' ? patron_aggregates_parse (text, table_of (self), NULL) : NULL;
  self->refreshing = TRUE;
  while ((child = gtk_widget_get_first_child (self->cards)) != NULL)
    gtk_box_remove (GTK_BOX (self->cards), child);
  for (guint i = 0; aggregates != NULL && i < aggregates->len; i++)
    show_aggregate (self, aggregates->pdata[i]);
  self->refreshing = FALSE;
  g_free (self->raw);
  self->raw = aggregates == NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
patron_aggregates_field_finalize (GObject *object)
{
  g_free (PATRON_AGGREGATES_FIELD (object)->raw);
  G_OBJECT_CLASS (patron_aggregates_field_parent_class)->finalize (object);
}

static void
patron_aggregates_field_class_init (PatronAggregatesFieldClass *class)
{
  PatronParamFieldClass *field_class = PATRON_PARAM_FIELD_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = patron_aggregates_field_finalize;
  field_class->build = build;
  field_class->dup_text = dup_text;
  field_class->set_text = set_text;
}

static void
patron_aggregates_field_init (PatronAggregatesField *self)
{
}
