/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"
#include "base/init.h"

int
main (int argc, char **argv)
{
  patron_init ();
  gtk_disable_setlocale ();   /* patron_init() has set it, numbers apart */
  g_autoptr (PatronApplication) application = patron_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
