/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/recipe.h"

#include "base/nearest.h"
#include "ops/registry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define RECIPE_VERSION 1
#define DEFAULT_SEED   42

PatronStep *
patron_step_new (const PatronOp *op)
{
  PatronStep *step = g_new0 (PatronStep, 1);
  step->op = op;
  step->params = patron_op_new_params (op);
  step->roles = patron_roles_new ();
  return step;
}

PatronStep *
patron_step_copy (const PatronStep *step)
{
  PatronStep *copy = g_new0 (PatronStep, 1);
  copy->op = step->op;
  copy->params = g_memdup2 (step->params, step->op->params_size);
  copy->roles = patron_roles_copy (step->roles);
  copy->off = step->off;
  return copy;
}

void
patron_step_free (PatronStep *step)
{
  if (step == NULL)
    return;
  g_free (step->params);
  patron_roles_free (step->roles);
  g_free (step);
}

PatronRecipe *
patron_recipe_new (void)
{
  PatronRecipe *recipe = g_new0 (PatronRecipe, 1);
  recipe->prepare = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  recipe->seed = DEFAULT_SEED;
  recipe->version = -1;
  return recipe;
}

PatronRecipe *
patron_recipe_copy (const PatronRecipe *recipe)
{
  PatronRecipe *copy = patron_recipe_new ();
  copy->file = g_strdup (recipe->file);
  copy->table = g_strdup (recipe->table);
  copy->read_options = g_strdupv (recipe->read_options);
  copy->filter = g_strdup (recipe->filter);
  copy->filter_name = g_strdup (recipe->filter_name);
  for (guint i = 0; i < recipe->prepare->len; i++)
    g_ptr_array_add (copy->prepare, patron_step_copy (g_ptr_array_index (recipe->prepare, i)));
  copy->run = recipe->run != NULL ? patron_step_copy (recipe->run) : NULL;
  copy->measure = recipe->measure != NULL ? patron_step_copy (recipe->measure) : NULL;
  copy->seed = recipe->seed;
  copy->version = recipe->version;
  return copy;
}

void
patron_recipe_free (PatronRecipe *recipe)
{
  if (recipe == NULL)
    return;
  g_free (recipe->file);
  g_free (recipe->table);
  g_strfreev (recipe->read_options);
  g_free (recipe->filter);
  g_free (recipe->filter_name);
  g_ptr_array_unref (recipe->prepare);
  patron_step_free (recipe->run);
  patron_step_free (recipe->measure);
  g_free (recipe);
}

/* What is written is complete, so equal texts are equal recipes. */
gboolean
patron_recipe_equal (const PatronRecipe *a, const PatronRecipe *b)
{
  g_autofree char *text_a = patron_recipe_to_text (a);
  g_autofree char *text_b = patron_recipe_to_text (b);
  return strcmp (text_a, text_b) == 0;
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

/* Roles every operation takes, whatever it declares: columns to leave out, and columns to carry along into results. */
static gboolean
role_is_general (PatronRole role)
{
  return role == PATRON_ROLE_IGNORE || role == PATRON_ROLE_ID;
}

static gboolean
role_is_list (const PatronOp *op, PatronRole role)
{
  const PatronRoleSpec *spec = patron_op_role_spec (op, role);
  return spec != NULL ? (spec->flags & (PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST)) != 0 : role_is_general (role);
}

static void
write_step (GKeyFile *file, const char *group, const PatronStep *step)
{
  g_key_file_set_string (file, group, "op", step->op->id);
  if (step->off)
    g_key_file_set_boolean (file, group, "off", TRUE);
  for (PatronRole role = 0; role < PATRON_N_ROLES; role++)
    {
      const char *const *columns = patron_roles_get (step->roles, role);
      guint n = patron_roles_count (step->roles, role);
      if (n > 0 && (n > 1 || role_is_list (step->op, role)))
        g_key_file_set_string_list (file, group, patron_role_id (role), columns, n);
      else if (n == 1)
        g_key_file_set_string (file, group, patron_role_id (role), columns[0]);
    }
  for (const PatronParam *param = step->op->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      g_autofree char *key = patron_param_key (param);
      g_autofree char *value = patron_param_to_text (param, step->params);
      g_key_file_set_string (file, group, key, value);
    }
}

char *
patron_recipe_to_text (const PatronRecipe *recipe)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_key_file_set_integer (file, "recipe", "version", RECIPE_VERSION);
  g_key_file_set_uint64 (file, "recipe", "seed", recipe->seed);
  if (recipe->file != NULL)
    g_key_file_set_string (file, "source", "file", recipe->file);
  if (recipe->table != NULL)
    g_key_file_set_string (file, "source", "table", recipe->table);
  if (recipe->table != NULL && recipe->version >= 0)
    g_key_file_set_int64 (file, "source", "version", recipe->version);
  for (char **option = recipe->read_options; option != NULL && option[0] != NULL; option += 2)
    g_key_file_set_string (file, "source", option[0], option[1]);
  if (recipe->filter != NULL)
    g_key_file_set_string (file, "filter", "expression", recipe->filter);
  if (recipe->filter != NULL && recipe->filter_name != NULL)
    g_key_file_set_string (file, "filter", "name", recipe->filter_name);
  for (guint i = 0; i < recipe->prepare->len; i++)
    {
      g_autofree char *group = g_strdup_printf ("prepare %u", i + 1);
      write_step (file, group, g_ptr_array_index (recipe->prepare, i));
    }
  if (recipe->run != NULL)
    write_step (file, "run", recipe->run);
  if (recipe->measure != NULL)
    write_step (file, "measure", recipe->measure);
  return g_key_file_to_data (file, NULL, NULL);
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static gboolean
refuse_key (const char *group, const char *key, const char *const *known, GError **error)
{
  const char *nearest = known != NULL ? patron_nearest (key, known) : NULL;
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] has no key “%s”; did you mean “%s”?"), group, key, nearest);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] has no key “%s”."), group, key);
  return FALSE;
}

/* GLib would say in the log that a value has two bad escapes. */
static gboolean
has_good_escapes (GKeyFile *file, const char *group, const char *key, const char *known)
{
  g_autofree char *raw = g_key_file_get_value (file, group, key, NULL);
  for (const char *p = raw; p != NULL && *p != '\0'; p++)
    if (*p == '\\' && (*++p == '\0' || strchr (known, *p) == NULL))
      return FALSE;
  return TRUE;
}

/* The value as it was meant (escapes undone), or NULL with a sentence naming group and key. */
static char *
take_string (GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autoptr (GError) cause = NULL;
  char *value = has_good_escapes (file, group, key, "sntr\\") ? g_key_file_get_string (file, group, key, &cause) : NULL;
  if (value == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                 _("The recipe's key “%s” in group [%s] has a value with an unknown escape or that is not UTF-8."), key, group);
  return value;
}

static char **
take_list (GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autoptr (GError) cause = NULL;
  char **values = has_good_escapes (file, group, key, "sntr\\;") ? g_key_file_get_string_list (file, group, key, NULL, &cause) : NULL;
  if (values == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                 _("The recipe's key “%s” in group [%s] has a list with an unknown escape or that is not UTF-8."), key, group);
  return values;
}

static gboolean
take_number (GKeyFile *file, const char *group, const char *key, guint64 min, guint64 max, guint64 *number, GError **error)
{
  g_autofree char *value = take_string (file, group, key, error);
  if (value == NULL)
    return FALSE;
  if (g_ascii_string_to_unsigned (value, 10, min, max, number, NULL))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("The recipe's key “%s” in group [%s] is “%s”; expected a whole number from %" PRIu64 " to %" PRIu64 "."),
               key, group, value, min, max);
  return FALSE;
}

static gboolean
read_head (GKeyFile *file, const char *group, char **keys, PatronRecipe *recipe, GError **error)
{
  static const char *const known[] = { "version", "seed", NULL };
  for (; *keys != NULL; keys++)
    {
      guint64 version;
      if (strcmp (*keys, "seed") == 0)
        {
          if (!take_number (file, group, *keys, 0, G_MAXUINT64, &recipe->seed, error))
            return FALSE;
        }
      else if (strcmp (*keys, "version") != 0)
        return refuse_key (group, *keys, known, error);
      else if (!take_number (file, group, *keys, 1, G_MAXINT, &version, error))
        return FALSE;
      else if (version > RECIPE_VERSION)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                       _("The recipe has version %" PRIu64 ", but this Patron reads versions up to %d; a newer Patron is needed."),
                       version, RECIPE_VERSION);
          return FALSE;
        }
    }
  return TRUE;
}

/* Whether some reader has the setting and takes the value; else the error of the last that has it, or *known FALSE. */
static gboolean
reader_takes (const char *key, const char *value, gboolean *known, GError **error)
{
  *known = FALSE;
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      const PatronParam *param = (*op)->kind == PATRON_OP_READER ? patron_params_find ((*op)->params, key) : NULL;
      g_autofree gpointer values = param != NULL ? patron_op_new_params (*op) : NULL;
      if (param == NULL)
        continue;
      *known = TRUE;
      g_clear_error (error);
      if (patron_param_parse (param, value, values, error))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_reader (const char *value, GError **error)
{
  const PatronOp *op = patron_ops_require (value, error);
  if (op != NULL && op->kind == PATRON_OP_READER)
    return TRUE;
  if (op != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is not a reader; “patron-cli ops reader” lists them."), value);
  return FALSE;
}

static gboolean
read_reader_option (const char *group, const char *key, const char *value, GPtrArray *options, GError **error)
{
  gboolean known = TRUE, fine;
  GError *failure = NULL;
  if (strcmp (key, "reader") == 0)
    fine = check_reader (value, &failure);
  else
    fine = reader_takes (key, value, &known, &failure);
  if (!known)
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < 3; i++)
        g_ptr_array_add (names, g_strdup (((const char *[]) { "file", "table", "reader" })[i]));
      for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
        for (const PatronParam *p = (*op)->kind == PATRON_OP_READER ? (*op)->params : NULL; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
          g_ptr_array_add (names, patron_param_key (p));
      g_ptr_array_add (names, NULL);
      return refuse_key (group, key, (const char *const *) names->pdata, error);
    }
  if (!fine)
    {
      /* TRANSLATORS: %s is a group of the recipe; a sentence about one of its keys follows. */
      g_propagate_prefixed_error (error, failure, _("In the recipe's group [%s]: "), group);
      return FALSE;
    }
  g_autofree char *name = g_strdelimit (g_strdup (key), "_", '-');
  for (guint i = 0; i + 1 < options->len; i += 2)
    if (strcmp (g_ptr_array_index (options, i), name) == 0)
      {
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] sets “%s” twice."), group, name);
        return FALSE;
      }
  g_ptr_array_add (options, g_steal_pointer (&name));
  g_ptr_array_add (options, g_strdup (value));
  return TRUE;
}

static gboolean
read_source (GKeyFile *file, const char *group, char **keys, PatronRecipe *recipe, GError **error)
{
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (g_free);
  for (; *keys != NULL; keys++)
    {
      g_autofree char *value = take_string (file, group, *keys, error);
      if (value == NULL)
        return FALSE;
      if (strcmp (*keys, "file") == 0)
        recipe->file = g_steal_pointer (&value);
      else if (strcmp (*keys, "table") == 0)
        recipe->table = g_steal_pointer (&value);
      else if (strcmp (*keys, "version") == 0 && g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &recipe->version, NULL))
        continue;
      else if (!read_reader_option (group, *keys, value, options, error))
        return FALSE;
    }
  /* Beside a file, the table is one of those inside it. */
  g_autofree char *inside = recipe->file != NULL ? g_steal_pointer (&recipe->table) : NULL;
  if (inside != NULL && !read_reader_option (group, "table", inside, options, error))
    return FALSE;
  if (recipe->table != NULL && options->len > 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("The recipe's group [%s] names the table “%s” and also how to read a file; expected one of the two."), group, recipe->table);
      return FALSE;
    }
  if (options->len > 0)
    {
      g_ptr_array_add (options, NULL);
      recipe->read_options = g_strdupv ((char **) options->pdata);
    }
  return TRUE;
}

static gboolean
read_filter (GKeyFile *file, const char *group, char **keys, PatronRecipe *recipe, GError **error)
{
  static const char *const known[] = { "expression", "name", NULL };
  for (; *keys != NULL; keys++)
    {
      char **value = strcmp (*keys, known[0]) == 0 ? &recipe->filter : strcmp (*keys, known[1]) == 0 ? &recipe->filter_name : NULL;
      if (value == NULL)
        return refuse_key (group, *keys, known, error);
      *value = take_string (file, group, *keys, error);
      if (*value == NULL)
        return FALSE;
    }
  if (recipe->filter == NULL && recipe->filter_name != NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] lacks the key “%s”."), group, known[0]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_role (GKeyFile *file, const char *group, const char *key, PatronRole role, PatronStep *step, GError **error)
{
  if (patron_roles_count (step->roles, role) > 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] sets “%s” twice."), group, patron_role_id (role));
      return FALSE;
    }
  if (!role_is_list (step->op, role))
    {
      g_autofree char *column = take_string (file, group, key, error);
      if (column == NULL)
        return FALSE;
      if (*column != '\0')
        patron_roles_add (step->roles, role, column);
      return TRUE;
    }
  g_auto (GStrv) columns = take_list (file, group, key, error);
  if (columns == NULL)
    return FALSE;
  for (char **column = columns; *column != NULL; column++)
    {
      if (g_strv_contains ((const char *const *) column + 1, *column))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's key “%s” in group [%s] names the column “%s” twice."),
                       key, group, *column);
          return FALSE;
        }
      patron_roles_add (step->roles, role, *column);
    }
  return TRUE;
}

static gboolean
refuse_step_key (const char *group, const char *key, const PatronOp *op, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  for (const PatronParam *param = op->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    g_ptr_array_add (known, patron_param_key (param));
  for (PatronRole role = 0; role < PATRON_N_ROLES; role++)
    if (role_is_general (role) || patron_op_role_spec (op, role) != NULL)
      g_ptr_array_add (known, g_strdup (patron_role_id (role)));
  g_ptr_array_add (known, NULL);
  const char *nearest = patron_nearest (key, (const char *const *) known->pdata);
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("In the recipe's group [%s], “%s” has no parameter or role “%s”; did you mean “%s”?"),
                 group, op->id, key, nearest);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("In the recipe's group [%s], “%s” has no parameter or role “%s”."), group, op->id, key);
  return FALSE;
}

static gboolean
read_param (GKeyFile *file, const char *group, const char *key, const PatronParam *param, PatronStep *step, GError **error)
{
  g_autofree char *value = take_string (file, group, key, error);
  if (value == NULL)
    return FALSE;
  if (patron_param_parse (param, value, step->params, error))
    return TRUE;
  g_prefix_error (error, _("In the recipe's group [%s]: "), group);
  return FALSE;
}

static gboolean
read_off (GKeyFile *file, const char *group, const char *key, PatronStep *step, GError **error)
{
  g_autofree char *value = take_string (file, group, key, error);
  if (value == NULL)
    return FALSE;
  step->off = strcmp (value, "true") == 0;
  if (step->off || strcmp (value, "false") == 0)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's key “%s” in group [%s] is “%s”; expected true or false."), key, group, value);
  return FALSE;
}

/* kinds: bits 1 << PatronOpKind that may stand in this group. */
static PatronStep *
read_step (GKeyFile *file, const char *group, char **keys, guint kinds, GError **error)
{
  if (!g_strv_contains ((const char *const *) keys, "op"))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] lacks the key “op”, the operation to run."), group);
      return NULL;
    }
  g_autofree char *id = take_string (file, group, "op", error);
  const PatronOp *op = id != NULL ? patron_ops_require (id, error) : NULL;
  if (op == NULL)
    {
      g_prefix_error (error, _("In the recipe's group [%s]: "), group);
      return NULL;
    }
  if ((kinds & (1u << op->kind)) == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] cannot hold “%s”, which is a %s."),
                   group, id, patron_op_kind_id (op->kind));
      return NULL;
    }
  g_autoptr (PatronStep) step = patron_step_new (op);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);   /* PatronParam* */
  for (; *keys != NULL; keys++)
    {
      PatronRole role;
      const PatronParam *param = patron_params_find (op->params, *keys);
      if (strcmp (*keys, "op") == 0)
        continue;
      if (op->kind == PATRON_OP_PREPARE && strcmp (*keys, "off") == 0)
        {
          if (!read_off (file, group, *keys, step, error))
            return NULL;
          continue;
        }
      if (param != NULL && !g_hash_table_add (seen, (gpointer) param))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe's group [%s] sets “%s” twice."), group, *keys);
          return NULL;
        }
      if (param != NULL)
        {
          if (!read_param (file, group, *keys, param, step, error))
            return NULL;
        }
      else if (!patron_role_from_id (*keys, &role) || !(role_is_general (role) || patron_op_role_spec (op, role) != NULL))
        {
          refuse_step_key (group, *keys, op, error);
          return NULL;
        }
      else if (!read_role (file, group, *keys, role, step, error))
        return NULL;
    }
  if (!patron_params_validate (op->params, step->params, error))
    {
      g_prefix_error (error, _("In the recipe's group [%s]: "), group);
      return NULL;
    }
  return g_steal_pointer (&step);
}

/* "prepare 3" → 3; 0 when it is not such a group. */
static guint
prepare_number (const char *group)
{
  guint64 number;
  if (!g_str_has_prefix (group, "prepare ") || !g_ascii_isdigit (group[8]) || group[8] == '0'
      || !g_ascii_string_to_unsigned (group + 8, 10, 1, 10000, &number, NULL))
    return 0;
  return number;
}

static gboolean
read_group (GKeyFile *file, const char *group, PatronRecipe *recipe, GError **error)
{
  static const char *const known[] = { "recipe", "source", "filter", "prepare 1", "run", "measure", NULL };
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  if (strcmp (group, "recipe") == 0)
    return read_head (file, group, keys, recipe, error);
  if (strcmp (group, "source") == 0)
    return read_source (file, group, keys, recipe, error);
  if (strcmp (group, "filter") == 0)
    return read_filter (file, group, keys, recipe, error);
  if (strcmp (group, "run") == 0)
    {
      recipe->run = read_step (file, group, keys, 1 << PATRON_OP_MODEL | 1 << PATRON_OP_ANALYSIS, error);
      return recipe->run != NULL;
    }
  if (strcmp (group, "measure") == 0)
    {
      recipe->measure = read_step (file, group, keys, 1 << PATRON_OP_MEASURE, error);
      return recipe->measure != NULL;
    }
  const char *nearest = patron_nearest (group, known);
  if (nearest != NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A recipe has no group [%s]; did you mean [%s]?"), group, nearest);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A recipe has no group [%s]."), group);
  return FALSE;
}

/* Steps are numbered 1, 2, 3 … without a gap, wherever in the file they stand. */
static gboolean
read_prepare_steps (GKeyFile *file, guint n_steps, PatronRecipe *recipe, GError **error)
{
  for (guint i = 1; i <= n_steps; i++)
    {
      g_autofree char *group = g_strdup_printf ("prepare %u", i);
      if (!g_key_file_has_group (file, group))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe has %u prepare steps but no group [%s]; expected numbers from 1 without a gap."),
                       n_steps, group);
          return FALSE;
        }
      g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
      PatronStep *step = read_step (file, group, keys, 1 << PATRON_OP_PREPARE, error);
      if (step == NULL)
        return FALSE;
      g_ptr_array_add (recipe->prepare, step);
    }
  return TRUE;
}

/* GKeyFile merges groups and keeps the last of two equal keys; nothing may be skipped here, so repetitions are refused. */
static gboolean
refuse_repetitions (const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *group = g_strdup ("");
  guint number = 0;
  for (const char *line = text, *end = text + length; line < end; number++)
    {
      const char *newline = memchr (line, '\n', end - line);
      const char *next = newline != NULL ? newline + 1 : end;
      g_autofree char *copy = g_strstrip (g_strndup (line, next - line));
      char *equals = strchr (copy, '=');
      line = next;
      if (copy[0] == '#' || copy[0] == '\0' || (copy[0] != '[' && equals == NULL))
        continue;
      if (copy[0] == '[')
        {
          g_free (group);
          group = g_strdup (copy);
        }
      else
        *equals = '\0';
      char *name = copy[0] == '[' ? g_strdup (copy) : g_strconcat (group, "\n", g_strchomp (copy), NULL);
      if (!g_hash_table_add (seen, name))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Line %u of the recipe repeats “%s” of the group %s."), number + 1, copy, group);
          return FALSE;
        }
    }
  return TRUE;
}

PatronRecipe *
patron_recipe_from_text (const char *text, gssize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  if (memchr (text, '\0', size) != NULL || !g_utf8_validate (text, size, NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe is not UTF-8 text."));
      return NULL;
    }
  if (!refuse_repetitions (text, size, error))
    return NULL;
  if (!g_key_file_load_from_data (file, text, size, G_KEY_FILE_KEEP_TRANSLATIONS, &cause))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The text is not a recipe: %s."), cause->message);
      return NULL;
    }
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  guint n_steps = 0;
  for (char **group = groups; *group != NULL; group++)
    {
      if (prepare_number (*group) > 0)
        n_steps++;
      else if (!read_group (file, *group, recipe, error))
        return NULL;
    }
  if (!read_prepare_steps (file, n_steps, recipe, error))
    return NULL;
  return g_steal_pointer (&recipe);
}
