/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/formula-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/column-choice.h"
#include "app/text-label.h"
#include "table/expression.h"

#define MAX_SHOWN 8

typedef struct
{
  char       *text;      /* as it is inserted */
  char       *folded;    /* as it is compared */
  char       *label;
  const char *icon;
} Word;

struct _PatronFormulaWords
{
  GObject      parent;
  GtkTextView *view;       /* borrowed */
  GPtrArray   *words;      /* owned, of Word* */
  guint        idle;
  gboolean     taking;     /* a word is being put in */
  int          start;      /* character where what is being completed begins */

  GtkWidget   *popover;    /* owned by the view's parent */
  GtkListBox  *list;
};

G_DEFINE_FINAL_TYPE (PatronFormulaWords, patron_formula_words, G_TYPE_OBJECT)

static void
word_free (gpointer data)
{
  Word *word = data;
  g_free (word->text);
  g_free (word->folded);
  g_free (word->label);
  g_free (word);
}

static void
add_word (PatronFormulaWords *self, char *text /* taken */, const char *name, const char *label, const char *icon)
{
  Word *word = g_new0 (Word, 1);
  word->text = text;
  word->folded = g_utf8_casefold (name, -1);
  word->label = g_strdup (label);
  word->icon = icon;
  g_ptr_array_add (self->words, word);
}

static void
list_words (PatronFormulaWords *self, PatronTable *table)
{
  for (guint i = 0; table != NULL && i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      const char *name = patron_column_get_name (column);
      add_word (self, patron_expression_quote_name (name), name, name, patron_type_icon (patron_column_get_type (column)));
    }
  guint n;
  const PatronFunction *functions = patron_expression_functions (&n);
  for (guint i = 0; i < n; i++)
    add_word (self, g_strconcat (functions[i].name, "()", NULL), functions[i].name, functions[i].signature, "patron-step-numbers-symbolic");
}

/* ---- what is being typed ----------------------------------------------------------------------------------- */

static gboolean
in_word (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c);
}

/* The beginning of a name before the cursor, from an open bracket or the first letter of a word on; folded, owned by the caller. NULL: none, or inside a
 * text in quotes. */
static char *
typed (PatronFormulaWords *self, const char *text, gsize cursor)
{
  const char *end = text + cursor, *bracket = NULL;
  gunichar quote = 0;
  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (quote != 0)
        quote = c == quote ? 0 : quote;
      else if (c == '"' || c == '\'')
        quote = c;
      else if (c == '[' || c == ']')
        bracket = c == '[' ? p : NULL;
    }
  if (quote != 0)
    return NULL;
  const char *start = bracket != NULL ? bracket + 1 : end;
  while (bracket == NULL && start > text && in_word (g_utf8_get_char (g_utf8_prev_char (start))))
    start = g_utf8_prev_char (start);
  if (bracket == NULL && (start == end || g_ascii_isdigit (*start)))
    return NULL;
  self->start = (int) g_utf8_pointer_to_offset (text, bracket != NULL ? bracket : start);
  return g_utf8_casefold (start, end - start);
}

/* ---- the list ---------------------------------------------------------------------------------------------- */

static void
hide (PatronFormulaWords *self)
{
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
take (PatronFormulaWords *self, GtkListBoxRow *row)
{
  const Word *word = g_object_get_data (G_OBJECT (row), "word");
  GtkTextIter start, end;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));
  gtk_text_buffer_get_iter_at_offset (buffer, &start, self->start);
  /* A bracket that closes by itself would stand there twice. */
  if (gtk_text_iter_get_char (&end) == ']' && g_str_has_suffix (word->text, "]"))
    gtk_text_iter_forward_char (&end);
  self->taking = TRUE;
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, word->text, -1);
  if (g_str_has_suffix (word->text, "()"))
    {
      gtk_text_iter_backward_char (&start);
      gtk_text_buffer_place_cursor (buffer, &start);
    }
  gtk_text_buffer_end_user_action (buffer);
  self->taking = FALSE;
  hide (self);
}

static void
ensure_popover (PatronFormulaWords *self)
{
  if (self->popover != NULL)
    return;
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "completion");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (take), self, G_CONNECT_SWAPPED);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), GTK_WIDGET (self->list));
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_can_focus (self->popover, FALSE);
  /* Not of the view itself, which places its own children. */
  gtk_widget_set_parent (self->popover, gtk_widget_get_ancestor (GTK_WIDGET (self->view), GTK_TYPE_SCROLLED_WINDOW));
}

static void
add_row (PatronFormulaWords *self, const Word *word)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = patron_label_new_short (word->label, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (word->icon));
  gtk_box_append (GTK_BOX (box), label);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "word", (gpointer) word);
  gtk_list_box_append (self->list, row);
}

/* Names that begin so come first, then those that hold it. */
static guint
fill (PatronFormulaWords *self, const char *prefix)
{
  GtkWidget *child;
  guint n = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->words->len && n < MAX_SHOWN; i++)
      {
        const Word *word = self->words->pdata[i];
        gboolean begins = g_str_has_prefix (word->folded, prefix);
        if (pass == 0 ? !begins : begins || strstr (word->folded, prefix) == NULL)
          continue;
        add_row (self, word);
        n++;
      }
  if (n > 0)
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  return n;
}

static gboolean
is_complete (PatronFormulaWords *self, const char *prefix)
{
  for (guint i = 0; i < self->words->len; i++)
    if (g_str_equal (((const Word *) self->words->pdata[i])->folded, prefix))
      return TRUE;
  return FALSE;
}

static void
place (PatronFormulaWords *self)
{
  GtkTextIter iter;
  GdkRectangle at;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  double x, y;
  gtk_text_buffer_get_iter_at_offset (buffer, &iter, self->start);
  gtk_text_view_get_iter_location (self->view, &iter, &at);
  gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, at.x, at.y, &at.x, &at.y);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), gtk_widget_get_parent (self->popover), at.x, at.y, &x, &y);
  at.x = (int) x;
  at.y = (int) y;
  at.width = MAX (1, at.width);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &at);
}

static gboolean
on_idle (gpointer data)
{
  PatronFormulaWords *self = data;
  GtkTextIter start, end, cursor;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  self->idle = 0;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gsize at = (gsize) (g_utf8_offset_to_pointer (text, gtk_text_iter_get_offset (&cursor)) - text);
  g_autofree char *prefix = gtk_widget_has_focus (GTK_WIDGET (self->view)) ? typed (self, text, at) : NULL;
  if (prefix == NULL || is_complete (self, prefix))
    {
      hide (self);
      return G_SOURCE_REMOVE;
    }
  ensure_popover (self);
  if (fill (self, prefix) == 0)
    {
      hide (self);
      return G_SOURCE_REMOVE;
    }
  place (self);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  return G_SOURCE_REMOVE;
}

static void
on_changed (PatronFormulaWords *self)
{
  if (!self->taking && self->idle == 0)
    self->idle = g_idle_add (on_idle, self);
}

gboolean
patron_formula_words_key (PatronFormulaWords *self, guint key)
{
  if (self->popover == NULL || !gtk_widget_get_visible (self->popover))
    return FALSE;
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int index = row != NULL ? gtk_list_box_row_get_index (row) : 0;
  if (key == GDK_KEY_Escape)
    hide (self);
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_Tab)
    take (self, row);
  else if (key == GDK_KEY_Down || key == GDK_KEY_Up)
    {
      row = gtk_list_box_get_row_at_index (self->list, MAX (0, index + (key == GDK_KEY_Down ? 1 : -1)));
      if (row != NULL)
        gtk_list_box_select_row (self->list, row);
    }
  else
    return FALSE;
  return TRUE;
}

static void
on_focus_changed (PatronFormulaWords *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self->view)))
    hide (self);
}

static void
on_view_unrealized (PatronFormulaWords *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

PatronFormulaWords *
patron_formula_words_new (GtkTextView *view, PatronTable *table)
{
  PatronFormulaWords *self = g_object_new (PATRON_TYPE_FORMULA_WORDS, NULL);
  self->view = view;
  list_words (self, table);
  g_signal_connect_object (gtk_text_view_get_buffer (view), "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::has-focus", G_CALLBACK (on_focus_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "unrealize", G_CALLBACK (on_view_unrealized), self, G_CONNECT_SWAPPED);
  return self;
}

static void
patron_formula_words_dispose (GObject *object)
{
  on_view_unrealized (PATRON_FORMULA_WORDS (object));
  G_OBJECT_CLASS (patron_formula_words_parent_class)->dispose (object);
}

static void
patron_formula_words_finalize (GObject *object)
{
  g_ptr_array_unref (PATRON_FORMULA_WORDS (object)->words);
  G_OBJECT_CLASS (patron_formula_words_parent_class)->finalize (object);
}

static void
patron_formula_words_class_init (PatronFormulaWordsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = patron_formula_words_dispose;
  object_class->finalize = patron_formula_words_finalize;
}

static void
patron_formula_words_init (PatronFormulaWords *self)
{
  self->words = g_ptr_array_new_with_free_func (word_free);
}
