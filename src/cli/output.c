/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

gboolean
patron_cli_write_report (PatronCli *cli, PatronOutcome *outcome, const char *path, GError **error)
{
  return TRUE;
}

gboolean
patron_cli_write_parts (PatronCli *cli, PatronOutcome *outcome, const char *folder, GError **error)
{
  return TRUE;
}

void
patron_cli_print_outcome (PatronCli *cli, PatronOutcome *outcome)
{
  patron_cli_print_json (patron_report_to_contract (outcome->report));
}
