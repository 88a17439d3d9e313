/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-step.h"

#include <math.h>

#include "table/column.h"

static double
useful_low (const PatronParam *param)
{
  return param->low != 0 || param->high != 0 ? param->low : param->min;
}

static double
useful_high (const PatronParam *param)
{
  return param->low != 0 || param->high != 0 ? param->high : param->max;
}

static double
linear_step (const PatronParam *param)
{
  if (param->step > 0)
    return param->step;
  if (param->kind == PATRON_PARAM_KIND_INT)
    return 1;
  /* A twentieth of the useful range, as a power of ten. */
  double range = useful_high (param) - useful_low (param);
  return range > 0 && isfinite (range) ? pow (10, floor (log10 (range / 10))) : 1;
}

/* The next of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … strictly above or below a positive value. */
static double
next_round (double value, int direction)
{
  static const double marks[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20 };
  double decade = pow (10, floor (log10 (value)));
  if (direction > 0)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
        if (marks[i] * decade > value * (1 + 1e-9))
          return marks[i] * decade;
    }
  else
    {
      for (gsize i = G_N_ELEMENTS (marks); i-- > 0;)
        if (marks[i] * decade < value * (1 - 1e-9))
          return marks[i] * decade;
    }
  return value;
}

static char *
to_text (const PatronParam *param, double value)
{
  char buffer[32];
  if (param->kind == PATRON_PARAM_KIND_INT)
    return g_strdup_printf ("%.0f", value);
  /* Twelve digits drop the dust that repeated addition leaves. */
  char rounded[32];
  g_ascii_formatd (rounded, sizeof rounded, "%.12g", value);
  patron_double_format (g_ascii_strtod (rounded, NULL), buffer);
  return g_strdup (buffer);
}

char *
patron_param_step (const PatronParam *param, gconstpointer values, int direction)
{
  double value = param->kind == PATRON_PARAM_KIND_INT ? patron_param_get_int (param, values) : patron_param_get_double (param, values);
  double next;
  if (param->log && value > 0)
    next = next_round (value, direction);
  else if (param->log)
    next = direction > 0 ? MAX (useful_low (param), 0) : value;
  else
    next = value + direction * linear_step (param);
  if (param->kind == PATRON_PARAM_KIND_INT)
    next = direction > 0 ? ceil (next) : floor (next);
  return to_text (param, CLAMP (next, param->min, param->max));
}

char *
patron_param_first_value (const PatronParam *param)
{
  if (!isnan (param->def) && !(param->kind == PATRON_PARAM_KIND_INT && param->def == PATRON_AUTO_INT))
    return to_text (param, param->def);
  double low = useful_low (param), high = useful_high (param);
  double value = param->log && low > 0 && isfinite (high) ? sqrt (low * high) : low;
  if (!isfinite (value))
    value = CLAMP (1, param->min, param->max);
  return to_text (param, param->kind == PATRON_PARAM_KIND_INT ? round (value) : value);
}
