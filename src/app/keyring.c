/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/keyring.h"

#include <libsecret/secret.h>
#include <string.h>

#include "table/read-postgres.h"

static const SecretSchema schema = {
  .name = "org.patron.Patron.Database",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "address", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

static GMutex lock;
static GHashTable *held;   /* under lock: address → password */

void
patron_keyring_free (char *password)
{
  if (password != NULL)
    memset (password, 0, strlen (password));
  g_free (password);
}

void
patron_keyring_hold (const char *address, const char *password)
{
  g_mutex_lock (&lock);
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) patron_keyring_free);
  if (password != NULL)
    g_hash_table_replace (held, g_strdup (address), g_strdup (password));
  else
    g_hash_table_remove (held, address);
  g_mutex_unlock (&lock);
}

gboolean
patron_keyring_store (const char *address, const char *password, GError **error)
{
  g_autofree char *label = g_strdup_printf ("Patron: %s", address);
  return secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, password, NULL, error, "address", address, NULL);
}

char *
patron_keyring_lookup (const char *address)
{
  g_mutex_lock (&lock);
  char *password = held != NULL ? g_strdup (g_hash_table_lookup (held, address)) : NULL;
  g_mutex_unlock (&lock);
  if (password != NULL)
    return password;
  gchar *stored = secret_password_lookup_sync (&schema, NULL, NULL, "address", address, NULL);
  password = g_strdup (stored);
  secret_password_free (stored);
  return password;
}

void
patron_keyring_init (void)
{
  patron_postgres_set_password_func (patron_keyring_lookup);
}
