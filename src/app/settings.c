/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/settings.h"

GSettings *
patron_settings (void)
{
  static GSettings *settings;
  static gboolean looked;
  if (looked)
    return settings;
  looked = TRUE;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, PATRON_APPLICATION_ID, TRUE) : NULL;
  if (schema != NULL)
    settings = g_settings_new (PATRON_APPLICATION_ID);
  return settings;
}

void
patron_settings_restore_window (GtkWindow *window, AdwFlap *flap)
{
  GSettings *settings = patron_settings ();
  int width, height;
  if (settings == NULL)
    return;
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (window, CLAMP (width, 480, 16384), CLAMP (height, 360, 16384));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (window);
  adw_flap_set_reveal_flap (flap, g_settings_get_boolean (settings, "show-sidebar"));
}

void
patron_settings_save_window (GtkWindow *window, AdwFlap *flap)
{
  GSettings *settings = patron_settings ();
  int width, height;
  if (settings == NULL)
    return;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  if (!adw_flap_get_folded (flap))
    g_settings_set_boolean (settings, "show-sidebar", adw_flap_get_reveal_flap (flap));
}
