/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roles-block.h"

#include "app/columns-row.h"
#include "app/role-row.h"

struct _PatronRolesBlock
{
  GObject parent;

  const PatronOp      *op;
  PatronTable         *table;        /* owned */
  AdwPreferencesGroup *list;         /* borrowed */
  GPtrArray           *singles;      /* of PatronRoleRow*, borrowed from the list */
  GPtrArray           *multiples;    /* of PatronColumnsRow*, borrowed from the list */
  PatronRoles         *aside;        /* owned: what columns are for that no row shows, so that they are no features */
  gboolean             rest_guessed; /* the features are what the other choices leave */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronRolesBlock, patron_roles_block, G_TYPE_OBJECT)

static PatronRoles *
single_roles (PatronRolesBlock *self)
{
  PatronRoles *roles = patron_roles_new ();
  for (guint i = 0; i < self->singles->len; i++)
    {
      PatronRoleRow *row = self->singles->pdata[i];
      const char *column = patron_role_row_get_column (row);
      if (column != NULL)
        patron_roles_add (roles, patron_role_row_get_spec (row)->role, column);
    }
  return roles;
}

/* general: only the roles that go with every operation. A role that the operation has no use for has no place in its recipe. */
static void
add_aside (PatronRolesBlock *self, PatronRoles *roles, gboolean general)
{
  for (int role = 0; role < PATRON_N_ROLES; role++)
    {
      if (general && role != PATRON_ROLE_ID && role != PATRON_ROLE_IGNORE)
        continue;
      for (const char *const *name = patron_roles_get (self->aside, role); *name != NULL; name++)
        if (patron_roles_of (roles, *name) == PATRON_N_ROLES)
          patron_roles_add (roles, role, *name);
    }
}

static void
show_others (PatronRolesBlock *self)
{
  g_autoptr (PatronRoles) roles = single_roles (self);
  for (guint i = 0; i < self->multiples->len; i++)
    patron_columns_row_set_others (self->multiples->pdata[i], roles);
}

/* Features that nobody has touched become every column that the other choices leave. */
static void
guess_rest (PatronRolesBlock *self)
{
  g_autoptr (PatronRoles) given = single_roles (self);
  add_aside (self, given, FALSE);
  g_autoptr (PatronRoles) complete = patron_roles_complete (self->op, self->table, given, NULL);
  for (guint i = 0; i < self->multiples->len; i++)
    {
      const PatronRoleSpec *spec = patron_columns_row_get_spec (self->multiples->pdata[i]);
      if (spec->flags & PATRON_ROLE_REST)
        patron_columns_row_set_columns (self->multiples->pdata[i], patron_roles_get (complete, spec->role), TRUE);
    }
}

static void
on_single_changed (PatronRolesBlock *self)
{
  if (self->rest_guessed)
    guess_rest (self);
  show_others (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_multiple_changed (PatronRolesBlock *self, PatronColumnsRow *row)
{
  if (patron_columns_row_get_spec (row)->flags & PATRON_ROLE_REST)
    self->rest_guessed = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_rows (PatronRolesBlock *self)
{
  for (const PatronRoleSpec *spec = self->op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    {
      gboolean multiple = (spec->flags & PATRON_ROLE_MULTIPLE) != 0;
      GtkWidget *row = multiple ? patron_columns_row_new (spec, self->table) : patron_role_row_new (spec, self->table);
      g_signal_connect_object (row, "changed", multiple ? G_CALLBACK (on_multiple_changed) : G_CALLBACK (on_single_changed), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (multiple ? self->multiples : self->singles, row);
      adw_preferences_group_add (self->list, row);
    }
}

static void
take_roles (PatronRolesBlock *self, const PatronRoles *roles, guint32 guessed)
{
  for (guint i = 0; i < self->singles->len; i++)
    {
      PatronRole role = patron_role_row_get_spec (self->singles->pdata[i])->role;
      patron_role_row_set_column (self->singles->pdata[i], patron_roles_first (roles, role), (guessed >> role) & 1);
    }
  for (guint i = 0; i < self->multiples->len; i++)
    {
      PatronRole role = patron_columns_row_get_spec (self->multiples->pdata[i])->role;
      patron_columns_row_set_columns (self->multiples->pdata[i], patron_roles_get (roles, role), (guessed >> role) & 1);
    }
  self->rest_guessed = (guessed >> PATRON_ROLE_FEATURE) & 1;
  patron_roles_free (self->aside);
  self->aside = patron_roles_copy (roles);
  for (const PatronRoleSpec *spec = self->op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    patron_roles_clear (self->aside, spec->role);
  show_others (self);
}

static PatronRoles *
only_known_columns (PatronTable *table, const PatronRoles *roles)
{
  PatronRoles *known = patron_roles_new ();
  for (int role = 0; role < PATRON_N_ROLES; role++)
    for (const char *const *name = patron_roles_get (roles, role); *name != NULL; name++)
      if (patron_table_find (table, *name) != NULL)
        patron_roles_add (known, role, *name);
  return known;
}

PatronRolesBlock *
patron_roles_block_new (const PatronOp *op, PatronTable *table, const PatronRoles *given, AdwPreferencesGroup *list)
{
  PatronRolesBlock *self = g_object_new (PATRON_TYPE_ROLES_BLOCK, NULL);
  self->op = op;
  self->table = patron_table_ref (table);
  self->list = list;
  add_rows (self);
  guint32 guessed = 0;
  g_autoptr (PatronRoles) roles = patron_roles_complete (op, table, given, &guessed);
  take_roles (self, roles, guessed);
  return self;
}

void
patron_roles_block_clear (PatronRolesBlock *self)
{
  g_return_if_fail (PATRON_IS_ROLES_BLOCK (self));
  GPtrArray *lists[] = { self->singles, self->multiples };
  for (gsize k = 0; k < G_N_ELEMENTS (lists); k++)
    {
      for (guint i = 0; i < lists[k]->len; i++)
        adw_preferences_group_remove (self->list, lists[k]->pdata[i]);
      g_ptr_array_set_size (lists[k], 0);
    }
}

PatronRoles *
patron_roles_block_dup_roles (PatronRolesBlock *self)
{
  g_return_val_if_fail (PATRON_IS_ROLES_BLOCK (self), NULL);
  PatronRoles *roles = single_roles (self);
  for (guint i = 0; i < self->multiples->len; i++)
    patron_columns_row_add_to (self->multiples->pdata[i], roles);
  add_aside (self, roles, TRUE);
  return roles;
}

void
patron_roles_block_set_roles (PatronRolesBlock *self, const PatronRoles *roles)
{
  g_return_if_fail (PATRON_IS_ROLES_BLOCK (self));
  g_autoptr (PatronRoles) known = only_known_columns (self->table, roles);
  take_roles (self, known, 0);
}

GtkWidget *
patron_roles_block_find (PatronRolesBlock *self, PatronRole role)
{
  g_return_val_if_fail (PATRON_IS_ROLES_BLOCK (self), NULL);
  for (guint i = 0; i < self->singles->len; i++)
    if (patron_role_row_get_spec (self->singles->pdata[i])->role == role)
      return self->singles->pdata[i];
  for (guint i = 0; i < self->multiples->len; i++)
    if (patron_columns_row_get_spec (self->multiples->pdata[i])->role == role)
      return self->multiples->pdata[i];
  return NULL;
}

static void
patron_roles_block_finalize (GObject *object)
{
  PatronRolesBlock *self = PATRON_ROLES_BLOCK (object);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->aside, patron_roles_free);
  g_ptr_array_unref (self->singles);
  g_ptr_array_unref (self->multiples);
  G_OBJECT_CLASS (patron_roles_block_parent_class)->finalize (object);
}

static void
patron_roles_block_class_init (PatronRolesBlockClass *class)
{
  G_OBJECT_CLASS (class)->finalize = patron_roles_block_finalize;
  signals[CHANGED] = g_signal_new ("changed", PATRON_TYPE_ROLES_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_roles_block_init (PatronRolesBlock *self)
{
  self->aside = patron_roles_new ();
  self->singles = g_ptr_array_new ();
  self->multiples = g_ptr_array_new ();
}
