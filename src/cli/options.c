/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char    *name;       /* with dashes, without the two in front */
  char    *value;      /* NULL: none */
  gboolean used;
} Option;

struct _PatronOptions
{
  GPtrArray *words;       /* of char*, borrowed from argv */
  guint      next_word;
  GPtrArray *options;     /* of Option* */
};

static const char *const switches[] = { "json", "help", "version", NULL };

static void
option_free (gpointer data)
{
  Option *option = data;
  g_free (option->name);
  g_free (option->value);
  g_free (option);
}

static gboolean
needs_value (const char *name)
{
  return !g_strv_contains (switches, name);
}

/* argv[i] starts with "--". Returns the number of words used, 0 with error. */
static int
add_option (PatronOptions *options, int left, char **argv, GError **error)
{
  Option *option = g_new0 (Option, 1);
  g_ptr_array_add (options->options, option);
  const char *equals = strchr (argv[0], '=');
  option->name = equals != NULL ? g_strndup (argv[0] + 2, equals - argv[0] - 2) : g_strdup (argv[0] + 2);
  g_strdelimit (option->name, "_", '-');
  if (equals != NULL && !needs_value (option->name))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Option --%s takes no value."), option->name);
      return 0;
    }
  if (equals != NULL)
    {
      option->value = g_strdup (equals + 1);
      return 1;
    }
  if (!needs_value (option->name))
    return 1;
  if (left < 2 || g_str_has_prefix (argv[1], "--"))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Option --%s needs a value."), option->name);
      return 0;
    }
  option->value = g_strdup (argv[1]);
  return 2;
}

PatronOptions *
patron_options_new (int argc, char **argv, GError **error)
{
  g_autoptr (PatronOptions) options = g_new0 (PatronOptions, 1);
  options->words = g_ptr_array_new ();
  options->options = g_ptr_array_new_with_free_func (option_free);
  gboolean only_words = FALSE;
  for (int i = 0; i < argc; )
    if (!only_words && strcmp (argv[i], "--") == 0)
      {
        only_words = TRUE;
        i++;
      }
    else if (!only_words && g_str_has_prefix (argv[i], "--"))
      {
        int used = add_option (options, argc - i, argv + i, error);
        if (used == 0)
          return NULL;
        i += used;
      }
    else
      g_ptr_array_add (options->words, argv[i++]);
  return g_steal_pointer (&options);
}

void
patron_options_free (PatronOptions *options)
{
  g_ptr_array_unref (options->words);
  g_ptr_array_unref (options->options);
  g_free (options);
}

const char *
patron_options_next (PatronOptions *options)
{
  return options->next_word < options->words->len ? options->words->pdata[options->next_word++] : NULL;
}

const char *
patron_options_get (PatronOptions *options, const char *name)
{
  const char *value = NULL;
  for (guint i = 0; i < options->options->len; i++)
    {
      Option *option = options->options->pdata[i];
      if (strcmp (option->name, name) != 0)
        continue;
      option->used = TRUE;
      value = option->value;
    }
  return value;
}

gboolean
patron_options_has (PatronOptions *options, const char *name)
{
  gboolean found = FALSE;
  for (guint i = 0; i < options->options->len; i++)
    {
      Option *option = options->options->pdata[i];
      if (strcmp (option->name, name) == 0)
        found = option->used = TRUE;
    }
  return found;
}

gboolean
patron_options_take (PatronOptions *options, const char **name, const char **value)
{
  for (guint i = 0; i < options->options->len; i++)
    {
      Option *option = options->options->pdata[i];
      if (option->used)
        continue;
      option->used = TRUE;
      *name = option->name;
      *value = option->value;
      return TRUE;
    }
  return FALSE;
}

void
patron_options_untake (PatronOptions *options, const char *name)
{
  for (guint i = 0; i < options->options->len; i++)
    {
      Option *option = options->options->pdata[i];
      if (strcmp (option->name, name) == 0)
        option->used = FALSE;
    }
}

gboolean
patron_options_done (PatronOptions *options, GError **error)
{
  for (guint i = 0; i < options->options->len; i++)
    {
      const Option *option = options->options->pdata[i];
      if (option->used)
        continue;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Unknown option --%s."), option->name);
      return FALSE;
    }
  if (options->next_word < options->words->len)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("Unexpected word “%s”."), (char *) options->words->pdata[options->next_word]);
      return FALSE;
    }
  return TRUE;
}
