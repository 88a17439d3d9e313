/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include "draw/document.h"

#include <glib/gi18n-lib.h>
#include <sys/ioctl.h>
#include <unistd.h>

gboolean
patron_cli_write_report (PatronCli *cli, PatronOutcome *outcome, const char *path, GError **error)
{
  PatronDocumentRun part;
  PatronReportDocument document = patron_document_of_run (&part, outcome->report, outcome->result);
  return patron_document_write (&document, path, cli->run, error);
}

gboolean
patron_cli_write_parts (PatronCli *cli, PatronOutcome *outcome, const char *folder, GError **error)
{
  return patron_report_write_parts (outcome->report, folder, outcome->report->outputs, error);
}

static guint
terminal_width (void)
{
  struct winsize size;
  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 0;
}

/* "Guessed: customer = CustomerID, date = InvoiceDate." A long list of features is counted instead. */
static void
print_guesses (const PatronOutcome *outcome)
{
  g_autoptr (GString) guesses = g_string_new (NULL);
  for (int role = 0; role < PATRON_N_ROLES && outcome->recipe->run != NULL; role++)
    {
      if (!(outcome->guessed & (1u << role)))
        continue;
      guint count = patron_roles_count (outcome->recipe->run->roles, role);
      g_string_append_printf (guesses, "%s%s = ", guesses->len > 0 ? ", " : "", patron_role_id (role));
      if (count > 6)
        g_string_append_printf (guesses, ngettext ("%u column", "%u columns", count), count);
      else
        {
          g_autofree char *names = g_strjoinv (", ", (char **) patron_roles_get (outcome->recipe->run->roles, role));
          g_string_append (guesses, names);
        }
    }
  if (guesses->len > 0)
    g_printerr (_("Guessed: %s.\n"), guesses->str);
}

void
patron_cli_print_outcome (PatronCli *cli, PatronOutcome *outcome)
{
  if (cli->json)
    {
      patron_cli_print_json (patron_report_to_contract (outcome->report));
      return;
    }
  print_guesses (outcome);
  g_autofree char *text = patron_report_to_terminal (outcome->report, terminal_width ());
  g_print ("%s", text);
}
