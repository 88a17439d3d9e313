/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PatronRoles
{
  GPtrArray *names[PATRON_N_ROLES];   /* of char*, always NULL-terminated */
};

static GPtrArray *
new_names (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (names, NULL);
  return names;
}

PatronRoles *
patron_roles_new (void)
{
  PatronRoles *roles = g_new0 (PatronRoles, 1);
  for (int i = 0; i < PATRON_N_ROLES; i++)
    roles->names[i] = new_names ();
  return roles;
}

PatronRoles *
patron_roles_copy (const PatronRoles *roles)
{
  PatronRoles *copy = patron_roles_new ();
  for (int i = 0; i < PATRON_N_ROLES; i++)
    for (const char *const *name = patron_roles_get (roles, i); *name != NULL; name++)
      patron_roles_add (copy, i, *name);
  return copy;
}

void
patron_roles_free (PatronRoles *roles)
{
  for (int i = 0; i < PATRON_N_ROLES; i++)
    g_ptr_array_unref (roles->names[i]);
  g_free (roles);
}

void
patron_roles_add (PatronRoles *roles, PatronRole role, const char *column)
{
  GPtrArray *names = roles->names[role];
  names->pdata[names->len - 1] = g_strdup (column);
  g_ptr_array_add (names, NULL);
}

void
patron_roles_clear (PatronRoles *roles, PatronRole role)
{
  g_ptr_array_unref (roles->names[role]);
  roles->names[role] = new_names ();
}

const char *const *
patron_roles_get (const PatronRoles *roles, PatronRole role)
{
  return (const char *const *) roles->names[role]->pdata;
}

const char *
patron_roles_first (const PatronRoles *roles, PatronRole role)
{
  return roles->names[role]->pdata[0];
}

guint
patron_roles_count (const PatronRoles *roles, PatronRole role)
{
  return roles->names[role]->len - 1;
}

gboolean
patron_roles_equal (const PatronRoles *a, const PatronRoles *b)
{
  for (int i = 0; i < PATRON_N_ROLES; i++)
    if (!g_strv_equal (patron_roles_get (a, i), patron_roles_get (b, i)))
      return FALSE;
  return TRUE;
}

PatronRole
patron_roles_of (const PatronRoles *roles, const char *column)
{
  for (int i = 0; i < PATRON_N_ROLES; i++)
    if (g_strv_contains (patron_roles_get (roles, i), column))
      return i;
  return PATRON_N_ROLES;
}

PatronColumn *
patron_input_column (const PatronInput *input, PatronRole role)
{
  const char *name = patron_roles_first (input->roles, role);
  return name != NULL ? patron_table_find (input->table, name) : NULL;
}

/* ---- checks ------------------------------------------------------------------------------------------------- */

static char *
accepted_types (guint accepts)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (int type = 0; type < PATRON_N_TYPES; type++)
    if (accepts & patron_type_accept (type))
      g_ptr_array_add (names, (gpointer) g_dgettext (GETTEXT_PACKAGE, patron_type_label (type)));
  g_ptr_array_add (names, NULL);
  /* Translators: joins the names of column types: "Number, Whole number". */
  return g_strjoinv (C_("list separator", ", "), (char **) names->pdata);
}

static gboolean
check_column (const PatronRoleSpec *spec, PatronTable *table, const char *name, GError **error)
{
  PatronColumn *column = patron_table_require (table, name, error);
  if (column == NULL)
    return FALSE;
  PatronType type = patron_column_get_type (column);
  if (spec->accepts & patron_type_accept (type))
    return TRUE;
  g_autofree char *expected = accepted_types (spec->accepts);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is of type %s and cannot be the %s; expected %s."), name,
               _(patron_type_label (type)), _(patron_role_label (spec->role)), expected);
  return FALSE;
}

static gboolean
is_satisfied (const PatronRoles *roles, const PatronRoleSpec *spec)
{
  if (patron_roles_count (roles, spec->role) > 0)
    return TRUE;
  return spec->role == PATRON_ROLE_AMOUNT && patron_roles_count (roles, PATRON_ROLE_QUANTITY) > 0
         && patron_roles_count (roles, PATRON_ROLE_PRICE) > 0;
}

static gboolean
refuse_missing (const PatronRoleSpec *spec, GError **error)
{
  const char *help = spec->help != NULL ? spec->help : patron_role_help (spec->role);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("No column is chosen as %s. %s"), _(patron_role_label (spec->role)), _(help));
  return FALSE;
}

gboolean
patron_roles_check (const PatronOp *op, PatronTable *table, const PatronRoles *roles, GError **error)
{
  for (const PatronRoleSpec *spec = op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    {
      guint count = patron_roles_count (roles, spec->role);
      if ((spec->flags & PATRON_ROLE_REQUIRED) && !is_satisfied (roles, spec))
        return refuse_missing (spec, error);
      if (count > 1 && !(spec->flags & PATRON_ROLE_MULTIPLE))
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%d columns are chosen as %s; expected one."), (int) count,
                       _(patron_role_label (spec->role)));
          return FALSE;
        }
      for (const char *const *name = patron_roles_get (roles, spec->role); *name != NULL; name++)
        if (!check_column (spec, table, *name, error))
          return FALSE;
    }
  return TRUE;
}
