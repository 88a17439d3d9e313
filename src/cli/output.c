/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include "draw/document.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

gboolean
patron_cli_write_report (PatronCli *cli, PatronOutcome *outcome, const char *path, GError **error)
{
  PatronDocumentRun run;
  PatronReportDocument document = patron_document_of_run (&run, outcome->report, outcome->result);
  return patron_document_write (&document, path, cli->run, error);
}

gboolean
patron_cli_write_parts (PatronCli *cli, PatronOutcome *outcome, const char *folder, GError **error)
{
  return patron_report_write_parts (outcome->report, folder, outcome->report->outputs, error);
}

/* Columns of the terminal; 0 when standard output is none. */
static guint
terminal_width (void)
{
  struct winsize size;
  return isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
patron_cli_print_outcome (PatronCli *cli, PatronOutcome *outcome)
{
  if (cli->json)
    {
      patron_cli_print_json (patron_report_to_contract (outcome->report));
      return;
    }
  g_autofree char *text = patron_report_to_terminal (outcome->report, terminal_width ());
  fputs (text, stdout);
  for (guint i = 0; i < outcome->report->outputs->len; i++)
    {
      const char *output = outcome->report->outputs->pdata[i];
      /* Translators: a file that was written. */
      fprintf (stdout, _("Written: %s\n"), output);
    }
}
