/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/param.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define AT(values, param, type) ((type *) (gpointer) ((char *) (values) + (param)->offset))
#define AT_CONST(values, param, type) ((const type *) (gconstpointer) ((const char *) (values) + (param)->offset))

guint
patron_params_count (const PatronParam *params)
{
  guint n = 0;
  while (params != NULL && params[n].kind != PATRON_PARAM_KIND_END)
    n++;
  return n;
}

/* - and _ alike. */
static gboolean
same_name (const char *a, const char *b)
{
  if (a == NULL || b == NULL)
    return FALSE;
  for (; *a != '\0' && *b != '\0'; a++, b++)
    if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
      return FALSE;
  return *a == *b;
}

const PatronParam *
patron_params_find (const PatronParam *params, const char *name)
{
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (same_name (p->field, name))
      return p;
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (same_name (p->former, name))
      return p;
  return NULL;
}

char *
patron_param_key (const PatronParam *param)
{
  return g_strdelimit (g_strdup (param->field), "_", '-');
}

void
patron_params_init (const PatronParam *params, gpointer values)
{
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    switch (p->kind)
      {
      case PATRON_PARAM_KIND_INT:
        *AT (values, p, int) = isnan (p->def) ? PATRON_AUTO_INT : (int) p->def;
        break;
      case PATRON_PARAM_KIND_CHOICE:
        *AT (values, p, int) = (int) p->def;
        break;
      case PATRON_PARAM_KIND_DOUBLE:
        *AT (values, p, double) = p->def;
        break;
      case PATRON_PARAM_KIND_BOOL:
        *AT (values, p, bool) = p->def != 0;
        break;
      case PATRON_PARAM_KIND_TEXT:
        g_strlcpy (AT (values, p, char), p->def_text != NULL ? p->def_text : "", p->size);
        break;
      case PATRON_PARAM_KIND_END:
        break;
      }
}

int
patron_param_get_int (const PatronParam *param, gconstpointer values)
{
  if (param->kind == PATRON_PARAM_KIND_BOOL)
    return *AT_CONST (values, param, bool);
  return *AT_CONST (values, param, int);
}

double
patron_param_get_double (const PatronParam *param, gconstpointer values)
{
  if (param->kind == PATRON_PARAM_KIND_DOUBLE)
    return *AT_CONST (values, param, double);
  return patron_param_is_auto (param, values) ? NAN : patron_param_get_int (param, values);
}

const char *
patron_param_get_text (const PatronParam *param, gconstpointer values)
{
  return AT_CONST (values, param, char);
}

gboolean
patron_param_is_auto (const PatronParam *param, gconstpointer values)
{
  if (param->automatic == NULL)
    return FALSE;
  if (param->kind == PATRON_PARAM_KIND_INT)
    return *AT_CONST (values, param, int) == PATRON_AUTO_INT;
  return param->kind == PATRON_PARAM_KIND_DOUBLE && isnan (*AT_CONST (values, param, double));
}

gboolean
patron_param_relevant (const PatronParam *param, gconstpointer values)
{
  return param->relevant == NULL || param->relevant (values);
}

static char *
number_text (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (buffer, sizeof buffer, "%.15g", value);
  if (g_ascii_strtod (buffer, NULL) != value)
    g_ascii_formatd (buffer, sizeof buffer, "%.17g", value);
  return g_strdup (buffer);
}

static char *
bound_text (double bound)
{
  return isinf (bound) ? g_strdup ("∞") : number_text (bound);
}

/* "a, b or c" of the ids. */
static char *
choices_text (const PatronParam *param)
{
  GString *text = g_string_new (NULL);
  for (const PatronChoice *choice = param->choices; choice->id != NULL; choice++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", choice->id);
  return g_string_free (text, FALSE);
}

/* What a text has to be. */
static char *
holds_text (const PatronParam *param)
{
  switch (param->holds)
    {
    case PATRON_HOLDS_COLUMN:
      return g_strdup (_("the name of a column"));
    case PATRON_HOLDS_COLUMNS:
      return g_strdup (_("names of columns, separated by semicolons"));
    case PATRON_HOLDS_OTHER_COLUMN:
      return g_strdup (_("the name of a column of the other table"));
    case PATRON_HOLDS_OTHER_COLUMNS:
      return g_strdup (_("names of columns of the other table, separated by semicolons"));
    case PATRON_HOLDS_EXPRESSION:
      return g_strdup (_("a formula"));
    case PATRON_HOLDS_TABLE:
      return g_strdup (_("a table of the project, or a file"));
    case PATRON_HOLDS_DATE:
      return g_strdup (_("a day as 2011-02-28"));
    case PATRON_HOLDS_PAIRS:
      return g_strdup (_("pairs as old=new, separated by semicolons"));
    case PATRON_HOLDS_AGGREGATES:
      return g_strdup (_("columns to make, such as sum(amount) as revenue, separated by semicolons"));
    default:
      return g_strdup_printf (_("a text of at most %d bytes"), (int) param->size - 1);
    }
}

/* What a value has to be, without the default. */
static char *
expected_text (const PatronParam *param)
{
  switch (param->kind)
    {
    case PATRON_PARAM_KIND_INT:
    case PATRON_PARAM_KIND_DOUBLE:
      {
        g_autofree char *low = bound_text (param->min);
        g_autofree char *high = bound_text (param->max);
        const char *format = param->kind == PATRON_PARAM_KIND_INT ? _("a whole number from %s to %s") : _("a number from %s to %s");
        g_autofree char *range = g_strdup_printf (format, low, high);
        return param->automatic != NULL ? g_strdup_printf (_("%s, or auto"), range) : g_steal_pointer (&range);
      }
    case PATRON_PARAM_KIND_BOOL:
      return g_strdup (_("true or false"));
    case PATRON_PARAM_KIND_CHOICE:
      {
        g_autofree char *choices = choices_text (param);
        return g_strdup_printf (_("one of %s"), choices);
      }
    case PATRON_PARAM_KIND_TEXT:
      return holds_text (param);
    case PATRON_PARAM_KIND_END:
      break;
    }
  g_return_val_if_reached (NULL);
}

char *
patron_param_range_text (const PatronParam *param)
{
  g_autofree char *values = g_malloc0 (param->offset + param->size);
  PatronParam only[2] = { *param, PATRON_PARAM_END };
  patron_params_init (only, values);
  g_autofree char *def = patron_param_to_text (param, values);
  g_autofree char *expected = expected_text (param);
  gboolean needed = param->kind == PATRON_PARAM_KIND_TEXT && param->holds != PATRON_HOLDS_TEXT && !param->optional && *def == '\0';
  if (needed || *def == '\0')
    return g_strdup_printf (needed ? _("%s; required") : _("%s; may be left out"), expected);
  return g_strdup_printf (_("%s; default %s"), expected, def);
}

static gboolean
refuse (const PatronParam *param, const char *text, GError **error)
{
  g_autofree char *key = patron_param_key (param);
  g_autofree char *expected = expected_text (param);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Parameter “%s” is “%s”; expected %s."), key, text, expected);
  return FALSE;
}

/* The whole text would fill the screen. */
static gboolean
refuse_long (const PatronParam *param, const char *text, GError **error)
{
  g_autofree char *key = patron_param_key (param);
  g_autofree char *head = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 40));
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Parameter “%s” is “%s…”, a text of %d bytes; expected at most %d bytes."), key, head,
               (int) strlen (text), (int) param->size - 1);
  return FALSE;
}

static gboolean
in_range (const PatronParam *param, double value)
{
  return value >= param->min && value <= param->max;
}

static gboolean
parse_number (const PatronParam *param, const char *text, gpointer values, GError **error)
{
  gboolean whole = param->kind == PATRON_PARAM_KIND_INT;
  if (param->automatic != NULL && (g_ascii_strcasecmp (text, "auto") == 0 || g_ascii_strcasecmp (text, "automatic") == 0))
    {
      if (whole)
        *AT (values, param, int) = PATRON_AUTO_INT;
      else
        *AT (values, param, double) = PATRON_AUTO_DOUBLE;
      return TRUE;
    }
  char *end;
  errno = 0;
  double value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || isnan (value) || !in_range (param, value)
      || (whole && (value != floor (value) || fabs (value) > G_MAXINT)))
    return refuse (param, text, error);
  if (whole)
    *AT (values, param, int) = (int) value;
  else
    *AT (values, param, double) = value;
  return TRUE;
}

static gboolean
parse_bool (const PatronParam *param, const char *text, gpointer values, GError **error)
{
  static const char *const yes[] = { "true", "yes", "on", "1" };
  static const char *const no[] = { "false", "no", "off", "0" };
  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    if (g_ascii_strcasecmp (text, yes[i]) == 0 || g_ascii_strcasecmp (text, no[i]) == 0)
      {
        *AT (values, param, bool) = g_ascii_strcasecmp (text, yes[i]) == 0;
        return TRUE;
      }
  return refuse (param, text, error);
}

gboolean
patron_param_parse (const PatronParam *param, const char *text, gpointer values, GError **error)
{
  switch (param->kind)
    {
    case PATRON_PARAM_KIND_INT:
    case PATRON_PARAM_KIND_DOUBLE:
      return parse_number (param, text, values, error);
    case PATRON_PARAM_KIND_BOOL:
      return parse_bool (param, text, values, error);
    case PATRON_PARAM_KIND_CHOICE:
      for (int i = 0; param->choices[i].id != NULL; i++)
        if (same_name (param->choices[i].id, text))
          {
            *AT (values, param, int) = i;
            return TRUE;
          }
      return refuse (param, text, error);
    case PATRON_PARAM_KIND_TEXT:
      if (!g_utf8_validate (text, -1, NULL))
        return refuse (param, text, error);
      if (strlen (text) >= param->size)
        return refuse_long (param, text, error);
      g_strlcpy (AT (values, param, char), text, param->size);
      return TRUE;
    case PATRON_PARAM_KIND_END:
      break;
    }
  g_return_val_if_reached (FALSE);
}

char *
patron_param_to_text (const PatronParam *param, gconstpointer values)
{
  if (patron_param_is_auto (param, values))
    return g_strdup ("auto");
  switch (param->kind)
    {
    case PATRON_PARAM_KIND_INT:
      return g_strdup_printf ("%d", *AT_CONST (values, param, int));
    case PATRON_PARAM_KIND_DOUBLE:
      return number_text (*AT_CONST (values, param, double));
    case PATRON_PARAM_KIND_BOOL:
      return g_strdup (*AT_CONST (values, param, bool) ? "true" : "false");
    case PATRON_PARAM_KIND_CHOICE:
      return g_strdup (param->choices[*AT_CONST (values, param, int)].id);
    case PATRON_PARAM_KIND_TEXT:
      return g_strdup (AT_CONST (values, param, char));
    case PATRON_PARAM_KIND_END:
      break;
    }
  g_return_val_if_reached (NULL);
}

static gboolean
same_value (const PatronParam *param, gconstpointer a, gconstpointer b)
{
  switch (param->kind)
    {
    case PATRON_PARAM_KIND_DOUBLE:
      {
        double x = *AT_CONST (a, param, double), y = *AT_CONST (b, param, double);
        return x == y || (isnan (x) && isnan (y));
      }
    case PATRON_PARAM_KIND_TEXT:
      return strcmp (AT_CONST (a, param, char), AT_CONST (b, param, char)) == 0;
    default:
      return patron_param_get_int (param, a) == patron_param_get_int (param, b);
    }
}

gboolean
patron_param_is_default (const PatronParam *param, gconstpointer values)
{
  g_autofree char *defaults = g_malloc0 (param->offset + param->size);
  PatronParam only[2] = { *param, PATRON_PARAM_END };
  patron_params_init (only, defaults);
  return same_value (param, values, defaults);
}

gboolean
patron_params_equal (const PatronParam *params, gconstpointer a, gconstpointer b)
{
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (!same_value (p, a, b))
      return FALSE;
  return TRUE;
}

gboolean
patron_params_validate (const PatronParam *params, gconstpointer values, GError **error)
{
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      gboolean number = p->kind == PATRON_PARAM_KIND_INT || p->kind == PATRON_PARAM_KIND_DOUBLE;
      if (!number || patron_param_is_auto (p, values))
        continue;
      double value = patron_param_get_double (p, values);
      if (isnan (value) || !in_range (p, value))
        {
          g_autofree char *text = patron_param_to_text (p, values);
          return refuse (p, text, error);
        }
    }
  return TRUE;
}

gboolean
patron_params_complete (const PatronParam *params, gconstpointer values, GError **error)
{
  for (const PatronParam *p = params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      if (p->kind != PATRON_PARAM_KIND_TEXT || p->holds == PATRON_HOLDS_TEXT || p->optional || *patron_param_get_text (p, values) != '\0'
          || !patron_param_relevant (p, values))
        continue;
      g_autofree char *key = patron_param_key (p);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” (%s) is not set."), _(p->label), key);
      return FALSE;
    }
  return TRUE;
}
