/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-page.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app/grid.h"
#include "app/job.h"
#include "app/page.h"
#include "table/csv.h"

#define PREVIEW_ROWS 200

/* What people choose from instead of typing. The first of each list is "find out". */
#define MAX_CHOICES 13
static const struct
{
  const char *key;
  const char *group;              /* template child the row goes to */
  struct { const char *value, *label; } choices[MAX_CHOICES];
} settings[] = {
  { "delimiter", "layout_group",
    { { "", NULL }, { "comma", N_("Comma") }, { "semicolon", N_("Semicolon") }, { "tab", N_("Tab") }, { "pipe", N_("Vertical bar") },
      { "space", N_("Space") }, { "blanks", N_("Any number of spaces") }, { "none", N_("None: one column") } } },
  { "header", "layout_group",
    { { "auto", NULL }, { "yes", N_("One row") }, { "no", N_("None") }, { "2", N_("Two rows") }, { "3", N_("Three rows") } } },
  { "skip", "layout_group",
    { { "auto", NULL }, { "0", "0" }, { "1", "1" }, { "2", "2" }, { "3", "3" }, { "4", "4" }, { "5", "5" }, { "6", "6" }, { "7", "7" },
      { "8", "8" }, { "9", "9" }, { "10", "10" } } },
  { "encoding", "layout_group",
    { { "", NULL }, { "UTF-8", "UTF-8" }, { "GB18030", N_("GB18030, GBK (Chinese)") }, { "Big5", N_("Big5 (Chinese)") }, { "UTF-16", "UTF-16" },
      { "Windows-1252", N_("Windows-1252 (Western)") }, { "Shift_JIS", N_("Shift JIS (Japanese)") } } },
  { "decimal", "layout_group", { { "", NULL }, { ".", N_("Point: 1234.50") }, { "comma", N_("Comma: 1234,50") } } },
  { "date-format", "layout_group",
    { { "", NULL }, { "ymd", N_("Year, month, day") }, { "dmy", N_("Day, month, year") }, { "mdy", N_("Month, day, year") } } },
  { "layout", "more_group",
    { { "auto", NULL }, { "table", N_("A record per line") }, { "baskets", N_("A basket per line") }, { "fixed", N_("Columns of fixed width") } } },
  { "quote", "more_group", { { "", NULL }, { "double", N_("Double: \"") }, { "single", N_("Single: '") }, { "none", N_("None") } } },
  { "thousands", "more_group",
    { { "", NULL }, { ",", N_("Comma: 1,234") }, { ".", N_("Point: 1.234") }, { "'", N_("Apostrophe: 1'234") }, { "space", N_("Space: 1 234") } } },
  { "comment", "more_group", { { "", NULL }, { "#", "#" }, { "//", "//" }, { ";", ";" }, { "none", N_("None") } } },
};

struct _PatronImportPage
{
  GtkWidget            parent_instance;

  /* template children, borrowed */
  GtkWidget           *box;
  GtkLabel            *title, *subtitle;
  GtkWidget           *import_button;
  GtkStack            *stack;
  GtkScrolledWindow   *scrolled;
  AdwStatusPage       *failure;
  AdwPreferencesGroup *column_group, *layout_group;
  AdwExpanderRow      *more_group, *reasons;
  AdwComboRow         *type_row;
  GtkWidget           *left_out;
  PatronGrid          *grid;
  AdwComboRow         *rows[G_N_ELEMENTS (settings)];
  GPtrArray           *reason_rows;      /* borrowed */

  char                *path;
  GHashTable          *options;          /* key → value, what is not found out */
  GHashTable          *types;            /* column → type id or "skip" */
  PatronTable         *preview;          /* owned, or NULL */
  PatronJob           *job;              /* owned: the one that reads now */
  gboolean             filling;          /* rows are being set, not chosen from */
};

static void patron_import_page_page_init (PatronPageInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (PatronImportPage, patron_import_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_import_page_page_init))

enum { IMPORT, CANCEL, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- reading the beginning --------------------------------------------------------------------------------- */

typedef struct
{
  char              *path;
  char             **options;
  PatronTable       *table;      /* out */
  PatronCsvDetected  detected;   /* out */
  GPtrArray         *sentences;  /* out: of char* */
} PreviewWork;

static void
preview_work_free (gpointer data)
{
  PreviewWork *work = data;
  g_free (work->path);
  g_strfreev (work->options);
  g_clear_pointer (&work->table, patron_table_unref);
  g_clear_pointer (&work->sentences, g_ptr_array_unref);
  g_free (work);
}

static void
add_sentences (PreviewWork *work, const GPtrArray *texts)
{
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      char *sentence = patron_text_render (texts->pdata[i]);
      if (g_ptr_array_find_with_equal_func (work->sentences, sentence, g_str_equal, NULL))
        g_free (sentence);
      else
        g_ptr_array_add (work->sentences, sentence);
    }
}

static gboolean
read_preview (PatronRun *run, gpointer data, GError **error)
{
  PreviewWork *work = data;
  PatronCsvOptions options;
  if (!patron_csv_options_parse (&options, (const char *const *) work->options, error))
    return FALSE;
  g_autoptr (PatronCsv) csv = patron_csv_open (work->path, &options, error);
  if (csv == NULL)
    return FALSE;
  GPtrArray *notes = NULL;
  work->sentences = g_ptr_array_new_with_free_func (g_free);
  patron_csv_get_detected (csv, &work->detected);
  work->table = patron_csv_preview (csv, PREVIEW_ROWS, &notes, error);
  add_sentences (work, patron_csv_get_reasons (csv));
  add_sentences (work, notes);
  g_clear_pointer (&notes, g_ptr_array_unref);
  return work->table != NULL;
}

/* ---- the choices ------------------------------------------------------------------------------------------- */

/* A value as detection states it, in the words of the choices: a tab is no use as a label. */
static const char *
label_of_value (guint setting, const char *value)
{
  char bytes[16];
  for (guint i = 1; i < MAX_CHOICES && settings[setting].choices[i].value != NULL; i++)
    {
      const char *choice = settings[setting].choices[i].value;
      if (g_ascii_strcasecmp (choice, value) == 0
          || (patron_csv_option_bytes (choice, bytes, sizeof bytes) && g_str_equal (bytes, value)))
        return settings[setting].choices[i].label;
    }
  return NULL;
}

static char *
detected_value (guint setting, const PatronCsvDetected *detected)
{
  const char *key = settings[setting].key;
  if (g_str_equal (key, "delimiter"))
    return g_strdup (*detected->delimiter != '\0' ? detected->delimiter : "none");
  if (g_str_equal (key, "header"))
    return g_strdup (detected->n_header == 0 ? "no" : detected->n_header == 1 ? "yes" : detected->n_header == 2 ? "2" : "3");
  if (g_str_equal (key, "skip"))
    return g_strdup_printf ("%u", detected->n_skipped);
  if (g_str_equal (key, "encoding"))
    return g_strdup (detected->encoding);
  if (g_str_equal (key, "quote"))
    return g_strdup (*detected->quote != '\0' ? detected->quote : "none");
  return NULL;
}

/* "Found: semicolon" as the first choice; detection of some settings shows in the columns alone. */
static char *
automatic_label (guint setting, const PatronCsvDetected *detected)
{
  g_autofree char *value = detected != NULL ? detected_value (setting, detected) : NULL;
  if (value == NULL || *value == '\0')
    return g_strdup (_("Find out"));
  const char *label = label_of_value (setting, value);
  return g_strdup_printf (_("Found: %s"), label != NULL ? _(label) : value);
}

static void
fill_row (PatronImportPage *self, guint setting, const PatronCsvDetected *detected)
{
  const char *chosen = g_hash_table_lookup (self->options, settings[setting].key);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *automatic = automatic_label (setting, chosen == NULL ? detected : NULL);
  guint selected = 0;
  gtk_string_list_append (names, automatic);
  for (guint i = 1; i < MAX_CHOICES && settings[setting].choices[i].value != NULL; i++)
    {
      gtk_string_list_append (names, _(settings[setting].choices[i].label));
      if (g_strcmp0 (chosen, settings[setting].choices[i].value) == 0)
        selected = i;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->rows[setting], G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->rows[setting], selected);
  self->filling = FALSE;
}

static void
on_setting_selected (AdwComboRow *row, GParamSpec *pspec, PatronImportPage *self)
{
  guint selected = adw_combo_row_get_selected (row);
  for (guint i = 0; i < G_N_ELEMENTS (settings) && !self->filling; i++)
    if (self->rows[i] == row && selected < MAX_CHOICES)
      patron_import_page_set_option (self, settings[i].key, selected > 0 ? settings[i].choices[selected].value : NULL);
}

static void
add_setting (PatronImportPage *self, guint setting)
{
  const PatronParam *param = patron_params_find (patron_csv_params, settings[setting].key);
  GtkWidget *row = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(param->label));
  gtk_widget_set_tooltip_text (row, _(param->help));
  self->rows[setting] = ADW_COMBO_ROW (row);
  g_signal_connect (row, "notify::selected", G_CALLBACK (on_setting_selected), self);
  if (g_str_equal (settings[setting].group, "layout_group"))
    adw_preferences_group_add (self->layout_group, row);
  else
    adw_expander_row_add_row (self->more_group, row);
  fill_row (self, setting, NULL);
}

/* ---- the column under the cursor --------------------------------------------------------------------------- */

static const PatronType column_types[] = {
  PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_CATEGORY, PATRON_TYPE_TEXT,
  PATRON_TYPE_DATE, PATRON_TYPE_TIME, PATRON_TYPE_BOOLEAN, PATRON_TYPE_DURATION,
};

static PatronColumn *
current_column (PatronImportPage *self)
{
  guint index = self->grid != NULL ? patron_grid_get_column (self->grid) : 0;
  return self->preview != NULL && index < patron_table_n_columns (self->preview) ? patron_table_column (self->preview, index) : NULL;
}

static void
show_column (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  gtk_widget_set_visible (GTK_WIDGET (self->column_group), column != NULL);
  if (column == NULL)
    return;
  const char *given = g_hash_table_lookup (self->types, patron_column_get_name (column));
  g_autofree char *title = g_strdup_printf (_("Column “%s”"), patron_column_get_name (column));
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *found = g_strdup_printf (_("Found: %s"), _(patron_type_label (patron_column_get_type (column))));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;
  gtk_string_list_append (names, given == NULL ? found : _("Find out"));
  for (guint i = 0; i < G_N_ELEMENTS (column_types); i++)
    {
      gtk_string_list_append (names, _(patron_type_label (column_types[i])));
      if (g_strcmp0 (given, patron_type_id (column_types[i])) == 0)
        selected = i + 1;
    }
  gtk_string_list_append (names, _("Leave out"));
  self->filling = TRUE;
  adw_preferences_group_set_title (self->column_group, escaped);
  adw_combo_row_set_model (self->type_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->type_row, selected);
  self->filling = FALSE;
}

static void
on_type_selected (PatronImportPage *self)
{
  PatronColumn *column = current_column (self);
  guint selected = adw_combo_row_get_selected (self->type_row);
  if (self->filling || column == NULL || selected > G_N_ELEMENTS (column_types) + 1)
    return;
  const char *type = selected == 0                                ? NULL
                     : selected <= G_N_ELEMENTS (column_types) ? patron_type_id (column_types[selected - 1])
                                                                  : "skip";
  patron_import_page_set_column (self, patron_column_get_name (column), type);
}

static gboolean
is_skip (gpointer key, gpointer value, gpointer data)
{
  return g_str_equal (value, "skip");
}

static void
on_bring_back (PatronImportPage *self)
{
  g_hash_table_foreach_remove (self->types, is_skip, NULL);
  patron_import_page_set_column (self, "", NULL);
}

/* ---- showing ----------------------------------------------------------------------------------------------- */

static void
show_reasons (PatronImportPage *self, const GPtrArray *sentences)
{
  for (guint i = 0; i < self->reason_rows->len; i++)
    adw_expander_row_remove (self->reasons, self->reason_rows->pdata[i]);
  g_ptr_array_set_size (self->reason_rows, 0);
  for (guint i = 0; i < sentences->len; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *escaped = g_markup_escape_text (sentences->pdata[i], -1);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      adw_expander_row_add_row (self->reasons, row);
      g_ptr_array_add (self->reason_rows, row);
    }
}

static void
show_preview (PatronImportPage *self, PatronTable *table)
{
  guint column = self->grid != NULL ? patron_grid_get_column (self->grid) : 0;
  g_clear_pointer (&self->preview, patron_table_unref);
  self->preview = patron_table_ref (table);
  self->grid = PATRON_GRID (patron_grid_new (table));
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->grid));
  patron_grid_move (self->grid, 0, column, FALSE);
  g_signal_connect_swapped (self->grid, "cursor-moved", G_CALLBACK (show_column), self);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->scrolled));
}

/* The size alone where nothing could be read. */
static void
show_subtitle (PatronImportPage *self, gboolean done)
{
  GStatBuf status;
  g_autofree char *size = g_stat (self->path, &status) == 0 ? patron_format_number (PATRON_FORMAT_BYTES, (double) status.st_size) : g_strdup ("");
  if (!done)
    {
      gtk_label_set_label (self->subtitle, size);
      return;
    }
  g_autofree char *columns = patron_format_number (PATRON_FORMAT_COUNT, patron_table_n_columns (self->preview));
  g_autofree char *text = g_strdup_printf (_("%s · %s columns · the first rows as they will be read"), size, columns);
  gtk_label_set_label (self->subtitle, text);
}

static void
on_preview_read (PatronJob *job, PatronImportPage *self)
{
  PreviewWork *work = patron_job_get_data (job);
  gboolean done = patron_job_get_state (job) == PATRON_JOB_DONE;
  if (done)
    {
      show_preview (self, work->table);
      for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
        fill_row (self, i, &work->detected);
      show_reasons (self, work->sentences);
      show_subtitle (self, TRUE);
      show_column (self);
    }
  else
    {
      adw_status_page_set_description (self->failure, patron_job_get_error (job)->message);
      show_subtitle (self, FALSE);
      gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->failure));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->reasons), done);
  gtk_widget_set_sensitive (self->import_button, done);
  gtk_widget_set_visible (self->left_out, g_hash_table_find (self->types, is_skip, NULL) != NULL);
  g_clear_object (&self->job);
  patron_page_commands_changed (PATRON_PAGE (self));
}

static void
forget_job (PatronImportPage *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  patron_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
read_again (PatronImportPage *self)
{
  forget_job (self);
  PreviewWork *work = g_new0 (PreviewWork, 1);
  work->path = g_strdup (self->path);
  work->options = patron_import_page_dup_options (self);
  self->job = patron_job_start (_("Look at the file"), PATRON_JOB_QUICK, 0, read_preview, work, preview_work_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_preview_read), self);
}

/* ---- options ----------------------------------------------------------------------------------------------- */

void
patron_import_page_set_option (PatronImportPage *self, const char *key, const char *value)
{
  g_return_if_fail (PATRON_IS_IMPORT_PAGE (self));
  if (value != NULL && *value != '\0')
    g_hash_table_replace (self->options, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->options, key);
  read_again (self);
}

void
patron_import_page_set_column (PatronImportPage *self, const char *column, const char *type)
{
  g_return_if_fail (PATRON_IS_IMPORT_PAGE (self));
  if (type != NULL)
    g_hash_table_replace (self->types, g_strdup (column), g_strdup (type));
  else
    g_hash_table_remove (self->types, column);
  read_again (self);
}

char **
patron_import_page_dup_options (PatronImportPage *self)
{
  g_return_val_if_fail (PATRON_IS_IMPORT_PAGE (self), NULL);
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  g_autoptr (GString) types = g_string_new (NULL);
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, self->options);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_ptr_array_add (strings, g_strdup (key));
      g_ptr_array_add (strings, g_strdup (value));
    }
  g_hash_table_iter_init (&iter, self->types);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_append_printf (types, "%s%s=%s", types->len > 0 ? "," : "", (const char *) key, (const char *) value);
  if (types->len > 0)
    {
      g_ptr_array_add (strings, g_strdup ("column-types"));
      g_ptr_array_add (strings, g_strdup (types->str));
    }
  g_ptr_array_add (strings, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

const char *
patron_import_page_get_path (PatronImportPage *self)
{
  return self->path;
}

PatronTable *
patron_import_page_get_preview (PatronImportPage *self)
{
  return self->preview;
}

/* ---- page -------------------------------------------------------------------------------------------------- */

static void
on_import_clicked (PatronImportPage *self)
{
  g_signal_emit (self, signals[IMPORT], 0);
}

static void
on_cancel_clicked (PatronImportPage *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static gboolean
page_can (PatronPage *page, PatronCommand command)
{
  return command == PATRON_COMMAND_RUN && gtk_widget_get_sensitive (PATRON_IMPORT_PAGE (page)->import_button);
}

static void
page_perform (PatronPage *page, PatronCommand command)
{
  on_import_clicked (PATRON_IMPORT_PAGE (page));
}

static void
patron_import_page_page_init (PatronPageInterface *iface)
{
  iface->can = page_can;
  iface->perform = page_perform;
}

/* Return imports, wherever the focus is. */
static void
patron_import_page_map (GtkWidget *widget)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  GTK_WIDGET_CLASS (patron_import_page_parent_class)->map (widget);
  gtk_window_set_default_widget (GTK_WINDOW (gtk_widget_get_root (widget)), self->import_button);
}

static void
patron_import_page_unmap (GtkWidget *widget)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  if (window != NULL && gtk_window_get_default_widget (window) == self->import_button)
    gtk_window_set_default_widget (window, NULL);
  GTK_WIDGET_CLASS (patron_import_page_parent_class)->unmap (widget);
}

static void
patron_import_page_dispose (GObject *object)
{
  PatronImportPage *self = PATRON_IMPORT_PAGE (object);
  forget_job (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->preview, patron_table_unref);
  g_clear_pointer (&self->options, g_hash_table_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
  g_clear_pointer (&self->reason_rows, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (patron_import_page_parent_class)->dispose (object);
}

static void
patron_import_page_class_init (PatronImportPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_import_page_dispose;
  widget_class->map = patron_import_page_map;
  widget_class->unmap = patron_import_page_unmap;
  signals[IMPORT] = g_signal_new ("import", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/import-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, box);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, title);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, import_button);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, failure);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, column_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, layout_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, more_group);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, type_row);
  gtk_widget_class_bind_template_child (widget_class, PatronImportPage, left_out);
  gtk_widget_class_bind_template_callback (widget_class, on_import_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_type_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_bring_back);
}

static void
patron_import_page_init (PatronImportPage *self)
{
  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->reason_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    add_setting (self, i);
}

GtkWidget *
patron_import_page_new (const char *path)
{
  PatronImportPage *self = g_object_new (PATRON_TYPE_IMPORT_PAGE, NULL);
  g_autofree char *name = g_filename_display_basename (path);
  self->path = g_strdup (path);
  gtk_label_set_label (self->title, name);
  read_again (self);
  return GTK_WIDGET (self);
}
