/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/init.h"

#include "base/parallel.h"

#include <libintl.h>
#include <locale.h>
#include <signal.h>

void
patron_init (void)
{
  static gsize done;
  if (!g_once_init_enter (&done))
    return;
  /* Numbers in files, recipes and SQL have a point whatever the user's language; patron_format_number() asks for the locale's
   * form explicitly. */
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  const char *locale_dir = g_getenv ("PATRON_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : PATRON_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* A full disk or a closed pipe is an error to report, not a reason to die. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  patron_parallel_init ();
  g_once_init_leave (&done, 1);
}
