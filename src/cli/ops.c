/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "ops/registry.h"
#include "table/expression.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* kind: NULL for any. */
static gboolean
is_of_kind (const PatronOp *op, const char *kind)
{
  return kind == NULL || strcmp (patron_op_kind_id (op->kind), kind) == 0;
}

static JsonNode *
ops_to_json (const char *kind)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      if (!is_of_kind (*op, kind))
        continue;
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, (*op)->id);
      json_builder_set_member_name (builder, "kind");
      json_builder_add_string_value (builder, patron_op_kind_id ((*op)->kind));
      json_builder_set_member_name (builder, "title");
      json_builder_add_string_value (builder, _((*op)->title));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

gboolean
patron_cli_ops (PatronCli *cli, GError **error)
{
  const char *kind = patron_options_next (cli->options);
  if (!patron_options_done (cli->options, error))
    return FALSE;
  gboolean any = FALSE;
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    any |= is_of_kind (*op, kind);
  if (!any)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("There is no operation of kind “%s”; the kinds are reader, prepare, model, analysis, measure and writer."), kind);
      return FALSE;
    }
  if (cli->json)
    {
      patron_cli_print_json (ops_to_json (kind));
      return TRUE;
    }
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if (is_of_kind (*op, kind))
      g_print ("%-22s %-10s %s\n", (*op)->id, patron_op_kind_id ((*op)->kind), _((*op)->title));
  return TRUE;
}

static void
print_roles (const PatronOp *op)
{
  if (op->roles == NULL)
    return;
  g_print ("\n%s\n", _("Roles"));
  for (const PatronRoleSpec *spec = op->roles; spec->role != PATRON_N_ROLES; spec++)
    {
      const char *help = spec->help != NULL ? spec->help : patron_role_help (spec->role);
      const char *need = spec->flags & PATRON_ROLE_REQUIRED ? _("required") : _("optional");
      g_autofree char *flag = g_strdup_printf ("--%s %s", patron_role_id (spec->role), spec->flags & PATRON_ROLE_MULTIPLE ? "A,B,C" : "COLUMN");
      g_print ("  %-26s %s (%s)\n", flag, _(help), need);
    }
}

static void
print_params (const PatronOp *op)
{
  if (patron_params_count (op->params) == 0)
    return;
  g_print ("\n%s\n", _("Parameters"));
  for (const PatronParam *p = op->params; p->kind != PATRON_PARAM_KIND_END; p++)
    {
      g_autofree char *key = patron_param_key (p);
      g_autofree char *range = patron_param_range_text (p);
      g_print ("  --%-24s %s: %s\n  %-26s %s\n", key, _(p->label), range, "", _(p->help));
      if (p->automatic != NULL)
        g_print ("  %-26s auto: %s\n", "", _(p->automatic));
    }
}

/* What a formula can call, where a parameter is one. */
static void
print_functions (const PatronOp *op)
{
  gboolean formula = FALSE;
  guint n;
  const PatronFunction *functions = patron_expression_functions (&n);
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    formula |= p->holds == PATRON_HOLDS_EXPRESSION;
  for (PatronFunctionCategory c = 0; formula && c < PATRON_N_FUNCTION_CATEGORIES; c++)
    {
      g_print ("\n%s: %s\n", _("Functions"), _(patron_function_category_label (c)));
      for (guint i = 0; i < n; i++)
        if (functions[i].category == c)
          g_print ("  %s\n      %s\n", functions[i].signature, _(functions[i].help));
    }
}

/* "patron-cli run filter orders.csv --condition 'spend > 10'" */
static void
print_example (const PatronOp *op)
{
  if (op->example == NULL)
    return;
  g_print ("\n%s\n  patron-cli run %s orders.csv", _("Example"), op->id);
  g_auto (GStrv) lines = g_strsplit (op->example, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char *equals = strchr (*line, '=');
      g_autofree char *quoted = g_shell_quote (equals + 1);
      g_print (" --%.*s %s", (int) (equals - *line), *line, quoted);
    }
  g_print (" --to result.csv\n");
}

gboolean
patron_cli_help (PatronCli *cli, GError **error)
{
  const char *id = patron_cli_word (cli, _("The operation"), error);
  if (id == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  const PatronOp *op = patron_ops_require (id, error);
  if (op == NULL)
    return FALSE;
  g_print ("%s — %s\n\n%s\n", op->id, _(op->title), _(op->summary));
  if (op->help != NULL)
    g_print ("\n%s\n", _(op->help));
  print_roles (op);
  print_params (op);
  print_functions (op);
  print_example (op);
  if (op->reference != NULL)
    g_print ("\n%s\n  %s\n", _("Source"), op->reference);
  return TRUE;
}
