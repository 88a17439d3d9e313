/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "table/csv-options.h"

/* What people choose from instead of typing, where the declaration has a text. The first of each list is "find out". */
#define MAX_CHOICES 13
static const struct
{
  const char *key;
  PatronChoice choices[MAX_CHOICES];
} known[] = {
  { "delimiter",
    { { "comma", N_("Comma") }, { "semicolon", N_("Semicolon") }, { "tab", N_("Tab") }, { "pipe", N_("Vertical bar") },
      { "space", N_("Space") }, { "blanks", N_("Any number of spaces") }, { "none", N_("None: one column") } } },
  { "encoding",
    { { "UTF-8", "UTF-8" }, { "GB18030", N_("GB18030, GBK (Chinese)") }, { "Big5", N_("Big5 (Chinese)") }, { "UTF-16", "UTF-16" },
      { "Windows-1252", N_("Windows-1252 (Western)") }, { "Shift_JIS", N_("Shift JIS (Japanese)") } } },
  { "decimal", { { ".", N_("Point: 1234.50") }, { "comma", N_("Comma: 1234,50") } } },
  { "date-format", { { "ymd", N_("Year, month, day") }, { "dmy", N_("Day, month, year") }, { "mdy", N_("Month, day, year") } } },
  { "quote", { { "double", N_("Double: \"") }, { "single", N_("Single: '") }, { "none", N_("None") } } },
  { "thousands", { { ",", N_("Comma: 1,234") }, { ".", N_("Point: 1.234") }, { "'", N_("Apostrophe: 1'234") }, { "space", N_("Space: 1 234") } } },
  { "comment", { { "#", "#" }, { "//", "//" }, { ";", ";" }, { "none", N_("None") } } },
};
/* In sight; the others are folded away. A setting that chooses among the parts of a source is always in sight. */
static const char *const basic_keys[] = { "delimiter", "header", "skip", "encoding", "decimal", "date-format",
                                          "sheet", "range", "table", "query", "records", NULL };
/* Said by the preview's own header. */
static const char *const header_keys[] = { "column-types", "read-columns", "skip-columns", NULL };

typedef struct
{
  const PatronParam *param;
  char              *key;       /* owned */
  GtkWidget         *row;       /* borrowed from its list */
  gboolean           advanced;
  GPtrArray         *values;    /* owned, of char*: of the choices behind "find out"; NULL: an entry */
} Setting;

struct _PatronImportSettings
{
  GObject              parent;
  AdwPreferencesGroup *basic;
  AdwExpanderRow      *advanced;
  const PatronReader  *reader;
  GPtrArray           *settings;   /* owned, of Setting* */
  gboolean             filling;
};

G_DEFINE_FINAL_TYPE (PatronImportSettings, patron_import_settings, G_TYPE_OBJECT)

static guint chosen;

static void
setting_free (gpointer data)
{
  Setting *setting = data;
  g_clear_pointer (&setting->values, g_ptr_array_unref);
  g_free (setting->key);
  g_free (setting);
}

/* ---- choices ----------------------------------------------------------------------------------------------- */

static const PatronChoice *
known_choices (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].key, key))
      return known[i].choices;
  return NULL;
}

static gboolean
is_part (PatronImportSettings *self, const Setting *setting)
{
  return g_strcmp0 (self->reader->part, setting->key) == 0;
}

/* A value as detection states it, in the words of the choices: a tab is no use as a label. NULL: there is no such choice. */
static const char *
label_of (const PatronChoice *choices, const char *value)
{
  char bytes[16];
  for (; choices != NULL && choices->id != NULL; choices++)
    if (g_ascii_strcasecmp (choices->id, value) == 0
        || (patron_csv_option_bytes (choices->id, bytes, sizeof bytes) && g_str_equal (bytes, value)))
      return _(choices->label);
  return NULL;
}

static const PatronChoice *
choices_of (const Setting *setting)
{
  return setting->param->kind == PATRON_PARAM_KIND_CHOICE ? setting->param->choices : known_choices (setting->key);
}

static char *
found_label (const Setting *setting, const PatronImportPreview *preview)
{
  const char *found = g_hash_table_lookup (preview->detected, setting->key);
  if (found == NULL)
    return g_strdup (_("Find out"));
  const char *label = label_of (choices_of (setting), found);
  return g_strdup_printf (_("Found: %s"), label != NULL ? label : *found != '\0' ? found : _("none"));
}

static char *
part_label (const PatronPart *part)
{
  if (isnan (part->n_rows))
    return g_strdup (part->name);
  g_autofree char *rows = patron_format_number (PATRON_FORMAT_COUNT, part->n_rows);
  return g_strdup_printf (_("%s · %s rows"), part->name, rows);
}

static void
add_choice (Setting *setting, GtkStringList *labels, const char *value, const char *label)
{
  g_ptr_array_add (setting->values, g_strdup (value));
  gtk_string_list_append (labels, label);
}

static void
list_choices (PatronImportSettings *self, Setting *setting, GtkStringList *labels, const PatronImportPreview *preview)
{
  g_ptr_array_set_size (setting->values, 0);
  for (guint i = 0; is_part (self, setting) && preview->parts != NULL && i < preview->parts->len; i++)
    {
      const PatronPart *part = preview->parts->pdata[i];
      g_autofree char *label = part_label (part);
      add_choice (setting, labels, part->name, label);
    }
  if (is_part (self, setting))
    return;
  if (setting->param->kind == PATRON_PARAM_KIND_INT)
    for (int i = 0; i <= 10; i++)
      {
        g_autofree char *number = g_strdup_printf ("%d", i);
        add_choice (setting, labels, number, number);
      }
  int automatic = setting->param->kind == PATRON_PARAM_KIND_CHOICE ? (int) setting->param->def : -1, i = 0;
  for (const PatronChoice *choice = choices_of (setting); choice != NULL && choice->id != NULL; choice++, i++)
    if (i != automatic)
      add_choice (setting, labels, choice->id, _(choice->label));
}

static void
fill_choices (PatronImportSettings *self, Setting *setting, const PatronImportPreview *preview, const char *value)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autofree char *first = value == NULL ? found_label (setting, preview) : g_strdup (_("Find out"));
  guint selected = 0;
  gtk_string_list_append (labels, first);
  list_choices (self, setting, labels, preview);
  if (value != NULL && !g_ptr_array_find_with_equal_func (setting->values, value, g_str_equal, &selected))
    {
      add_choice (setting, labels, value, value);
      selected = setting->values->len - 1;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (setting->row), G_LIST_MODEL (labels));
  adw_combo_row_set_selected (ADW_COMBO_ROW (setting->row), value != NULL ? selected + 1 : 0);
  self->filling = FALSE;
}

static void
fill_entry (PatronImportSettings *self, Setting *setting, const char *value)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (setting->row));
  const char *wanted = value != NULL ? value : setting->param->def_text != NULL ? setting->param->def_text : "";
  self->filling = TRUE;
  if (!g_str_equal (text, wanted))
    gtk_editable_set_text (GTK_EDITABLE (setting->row), wanted);
  self->filling = FALSE;
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static Setting *
setting_of (PatronImportSettings *self, gpointer row)
{
  for (guint i = 0; i < self->settings->len; i++)
    if (((Setting *) self->settings->pdata[i])->row == row)
      return self->settings->pdata[i];
  return NULL;
}

static void
on_selected (PatronImportSettings *self, GParamSpec *pspec, AdwComboRow *row)
{
  Setting *setting = setting_of (self, row);
  guint selected = adw_combo_row_get_selected (row);
  if (self->filling || setting == NULL || selected > setting->values->len)
    return;
  g_signal_emit (self, chosen, 0, setting->key, selected > 0 ? setting->values->pdata[selected - 1] : NULL);
}

static void
on_applied (PatronImportSettings *self, AdwEntryRow *row)
{
  Setting *setting = setting_of (self, row);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  const char *usual = setting->param->def_text != NULL ? setting->param->def_text : "";
  g_signal_emit (self, chosen, 0, setting->key, g_str_equal (text, usual) ? NULL : text);
}

static void
add_setting (PatronImportSettings *self, const PatronParam *param)
{
  Setting *setting = g_new0 (Setting, 1);
  setting->param = param;
  setting->key = patron_param_key (param);
  setting->advanced = !g_strv_contains (basic_keys, setting->key) && !is_part (self, setting);
  gboolean choice = is_part (self, setting) || param->kind == PATRON_PARAM_KIND_CHOICE || param->kind == PATRON_PARAM_KIND_INT
                    || known_choices (setting->key) != NULL;
  if (choice)
    {
      setting->values = g_ptr_array_new_with_free_func (g_free);
      setting->row = adw_combo_row_new ();
      g_signal_connect_object (setting->row, "notify::selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
    }
  else
    {
      setting->row = adw_entry_row_new ();
      adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (setting->row), TRUE);
      g_signal_connect_object (setting->row, "apply", G_CALLBACK (on_applied), self, G_CONNECT_SWAPPED);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (setting->row), _(param->label));
  gtk_widget_set_tooltip_text (setting->row, param->help != NULL ? _(param->help) : NULL);
  if (setting->advanced)
    adw_expander_row_add_row (self->advanced, setting->row);
  else
    adw_preferences_group_add (self->basic, setting->row);
  g_ptr_array_add (self->settings, setting);
}

static void
remove_rows (PatronImportSettings *self)
{
  for (guint i = 0; i < self->settings->len; i++)
    {
      Setting *setting = self->settings->pdata[i];
      if (setting->advanced)
        adw_expander_row_remove (self->advanced, setting->row);
      else
        adw_preferences_group_remove (self->basic, setting->row);
    }
  g_ptr_array_set_size (self->settings, 0);
}

static void
take_reader (PatronImportSettings *self, const PatronReader *reader)
{
  gboolean any = FALSE;
  remove_rows (self);
  self->reader = reader;
  for (const PatronParam *param = reader->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      g_autofree char *key = patron_param_key (param);
      if (!g_strv_contains (header_keys, key))
        add_setting (self, param);
    }
  for (guint i = 0; i < self->settings->len; i++)
    any = any || ((Setting *) self->settings->pdata[i])->advanced;
  /* With its group, of which the border would stay. */
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (self->advanced), ADW_TYPE_PREFERENCES_GROUP), any);
  gtk_widget_set_visible (GTK_WIDGET (self->basic), self->settings->len > 0);
}

void
patron_import_settings_show (PatronImportSettings *self, const PatronImportPreview *preview, GHashTable *options)
{
  g_return_if_fail (PATRON_IS_IMPORT_SETTINGS (self));
  if (preview->reader != self->reader)
    take_reader (self, preview->reader);
  for (guint i = 0; i < self->settings->len; i++)
    {
      Setting *setting = self->settings->pdata[i];
      const char *value = g_hash_table_lookup (options, setting->key);
      if (setting->values != NULL)
        fill_choices (self, setting, preview, value);
      else
        fill_entry (self, setting, value);
    }
}

PatronImportSettings *
patron_import_settings_new (AdwPreferencesGroup *basic, AdwExpanderRow *advanced)
{
  PatronImportSettings *self = g_object_new (PATRON_TYPE_IMPORT_SETTINGS, NULL);
  self->basic = basic;
  self->advanced = advanced;
  return self;
}

static void
patron_import_settings_finalize (GObject *object)
{
  g_ptr_array_unref (PATRON_IMPORT_SETTINGS (object)->settings);
  G_OBJECT_CLASS (patron_import_settings_parent_class)->finalize (object);
}

static void
patron_import_settings_class_init (PatronImportSettingsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_import_settings_finalize;
  chosen = g_signal_new ("chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
patron_import_settings_init (PatronImportSettings *self)
{
  self->settings = g_ptr_array_new_with_free_func (setting_free);
}
