/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* The report of one run as pdf, html, xlsx, txt or json, by the ending. */
gboolean patron_cli_write_report (PatronCli *cli, PatronOutcome *outcome, const char *path, GError **error);
/* Every table as CSV and every chart as SVG into a folder, which is made. */
gboolean patron_cli_write_parts  (PatronCli *cli, PatronOutcome *outcome, const char *folder, GError **error);
/* The contract's JSON, or the report as text. */
void     patron_cli_print_outcome (PatronCli *cli, PatronOutcome *outcome);

G_END_DECLS
