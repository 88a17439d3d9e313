/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/options.h"
#include "project/engine.h"

G_BEGIN_DECLS

/* patron-cli: everything the window does, without a display. Returns the exit status: 0 done, 1 the input or the request is at fault (one
 * sentence on standard error), 2 usage, 130 interrupted. */
int patron_cli_main (int argc, char **argv);

/* What the commands share. */
typedef struct
{
  PatronOptions *options;
  PatronRun     *run;        /* cancelled by an interrupt; shows progress on a terminal */
  gboolean       json;
  GPtrArray     *notes;      /* of PatronText*: what reading noticed; printed when the command has succeeded */
} PatronCli;

/* The commands. */
gboolean patron_cli_import   (PatronCli *cli, GError **error);
gboolean patron_cli_convert  (PatronCli *cli, GError **error);
gboolean patron_cli_ops      (PatronCli *cli, GError **error);
gboolean patron_cli_help     (PatronCli *cli, GError **error);
gboolean patron_cli_run      (PatronCli *cli, GError **error);
gboolean patron_cli_describe (PatronCli *cli, GError **error);
gboolean patron_cli_score    (PatronCli *cli, GError **error);
gboolean patron_cli_report   (PatronCli *cli, GError **error);
gboolean patron_cli_recipe   (PatronCli *cli, GError **error);
gboolean patron_cli_check    (PatronCli *cli, GError **error);
gboolean patron_cli_sql      (PatronCli *cli, GError **error);
gboolean patron_cli_history  (PatronCli *cli, GError **error);

/* A positional word that must be there: PATRON_ERROR_USAGE naming it otherwise. */
const char *patron_cli_word (PatronCli *cli, const char *what, GError **error);
/* An option that must be there. */
const char *patron_cli_need (PatronCli *cli, const char *name, GError **error);

/* "FILE" or "P.patron:TABLE". */
typedef struct
{
  char *file;        /* or */
  char *project;
  char *table;
} PatronCliSource;
void patron_cli_source_parse (PatronCliSource *source, const char *text);
void patron_cli_source_clear (PatronCliSource *source);
/* Reads it; what was noticed is added to cli->notes. read_options as for patron_read_file(). */
PatronTable *patron_cli_source_read (PatronCli *cli, const PatronCliSource *source, char **read_options, GError **error);

/* Opens the project, or makes it when there is no such file. */
PatronProject *patron_cli_open_project (const char *path, GError **error);

/* Takes the reader parameters among the options, but for those that are the operation's own (own, may be NULL); NULL-terminated alternating keys and values,
 * g_strfreev. */
char **patron_cli_read_options (PatronCli *cli, const PatronParam *own);
/* How files are to be written, as patron_write_file() takes it: --KEY, or --to-KEY, which tells the settings of a file that is written from those of one
 * that is read and from the operation's own (own, may be NULL). Owned by the caller. */
char       **patron_cli_write_options (PatronCli *cli, const PatronParam *own);

/* Adds to cli->notes; notes (may be NULL) is consumed. */
void patron_cli_add_notes  (PatronCli *cli, GPtrArray *notes);
void patron_cli_print_json  (JsonNode *node);   /* taken */

G_END_DECLS
