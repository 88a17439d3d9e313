/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include "base/format.h"
#include "table/calendar.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_TICKS 400
/* Beyond this, steps and sums of steps could overflow. */
#define LARGEST 1e300
/* About 80,000 years from now. */
#define FARTHEST_DAY 3e7

static double
forward (PatronAxisKind kind, double value)
{
  return kind == PATRON_AXIS_LOG ? (value > 0 ? log10 (value) : NAN) : value;
}

double
patron_scale_to_pixel (const PatronScaleMap *scale, double value)
{
  double min = forward (scale->kind, scale->min), max = forward (scale->kind, scale->max);
  return scale->from + (forward (scale->kind, value) - min) / (max - min) * (scale->to - scale->from);
}

double
patron_scale_from_pixel (const PatronScaleMap *scale, double pixel)
{
  double min = forward (scale->kind, scale->min), max = forward (scale->kind, scale->max);
  double value = min + (pixel - scale->from) / (scale->to - scale->from) * (max - min);
  return scale->kind == PATRON_AXIS_LOG ? pow (10, value) : value;
}

/* The round number nearest to (or not below) a step: 1, 2 or 5 times a power of ten. P. Heckbert, "Nice numbers for graph labels",
 * Graphics Gems, 1990. */
static double
nice_step (double step)
{
  double power = pow (10, floor (log10 (step)));
  double fraction = step / power;
  return (fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10) * power;
}

static void
add_multiples (GArray *ticks, double min, double max, double step)
{
  double first = floor (min / step + 1e-9), last = ceil (max / step - 1e-9);
  guint n = (guint) CLAMP (last - first + 1, 1, MAX_TICKS);
  for (guint i = 0; i < n; i++)
    {
      double tick = (first + i) * step;
      g_array_append_val (ticks, tick);
    }
}

static void
linear_ticks (GArray *ticks, double min, double max, guint target)
{
  add_multiples (ticks, min, max, nice_step ((max - min) / MAX (1, target - 1)));
}

/* Whole decades; 1-2-5 within them when there are few, every kth when there are many. */
static void
log_ticks (GArray *ticks, double min, double max, guint target)
{
  int first = (int) floor (log10 (min) + 1e-9), last = (int) ceil (log10 (max) - 1e-9);
  int decades = MAX (1, last - first), every = MAX (1, (int) ceil ((double) decades / target));
  gboolean between = (guint) decades * 3 <= target + 1;
  for (int decade = first; decade <= last; decade += every)
    for (int i = 0; i < (between && decade < last ? 3 : 1); i++)
      {
        static const double factors[] = { 1, 2, 5 };
        double tick = factors[i] * pow (10, decade);
        g_array_append_val (ticks, tick);
      }
}

/* Months since January of year 0, and the day a month begins. */
static gint64
month_of (double days)
{
  gint64 day = (gint64) floor (days);
  return patron_date_part (PATRON_YEAR, day) * 12 + patron_date_part (PATRON_MONTH, day) - 1;
}

static double
month_start (gint64 month)
{
  return (double) patron_date_add (0, month - 1970 * 12, PATRON_UNIT_MONTH);
}

/* Days, weeks (Mondays), months, quarters, half-years, years. */
static void
date_ticks (GArray *ticks, double min, double max, guint target)
{
  static const int day_steps[] = { 1, 2, 7, 14 }, month_steps[] = { 1, 2, 3, 6 };
  double step = (max - min) / MAX (1, target - 1);
  /* Far from the ends of the calendar, which the first and last ticks may pass. */
  if (min < -FARTHEST_DAY || max > FARTHEST_DAY)
    {
      linear_ticks (ticks, min, max, target);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (day_steps); i++)
    if (step <= day_steps[i] * 1.2)
      {
        /* 1970-01-05 was a Monday. */
        double offset = day_steps[i] >= 7 ? 4 : 0;
        guint first = ticks->len;
        add_multiples (ticks, min - offset, max - offset, day_steps[i]);
        for (guint j = first; j < ticks->len; j++)
          g_array_index (ticks, double, j) += offset;
        return;
      }
  gint64 months = 0;
  for (guint i = 0; i < G_N_ELEMENTS (month_steps) && months == 0; i++)
    if (step <= month_steps[i] * 30.5 * 1.2)
      months = month_steps[i];
  if (months == 0)
    months = 12 * (gint64) MAX (1, nice_step (step / 365.25));
  gint64 from = month_of (min), first = (from - (from % months + months) % months), last = month_of (max);
  for (gint64 month = first; month < last + months + 1 && ticks->len < MAX_TICKS; month += months)
    {
      double tick = month_start (month);
      g_array_append_val (ticks, tick);
      if (tick >= max)
        break;
    }
}

GArray *
patron_ticks (PatronAxisKind kind, double min, double max, guint target)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  target = CLAMP (target, 2, 100);
  if (!isfinite (min) || !isfinite (max) || min > max)
    {
      min = kind == PATRON_AXIS_LOG ? 1 : 0;
      max = kind == PATRON_AXIS_LOG ? 10 : 1;
    }
  min = CLAMP (min, -LARGEST, LARGEST);
  max = CLAMP (max, -LARGEST, LARGEST);
  if (kind == PATRON_AXIS_CATEGORY)
    add_multiples (ticks, ceil (min), floor (max), MAX (1, ceil ((max - min) / target)));
  else if (kind == PATRON_AXIS_LOG && min > 0 && max > min)
    log_ticks (ticks, min, max, target);
  else
    {
      /* The smallest distance that doubles of this size can still tell apart. */
      double least = MAX (MAX (fabs (min), fabs (max)) * 1e-13, 1e-290);
      if (max - min <= least)
        max = min + least;
      if (kind == PATRON_AXIS_DATE)
        date_ticks (ticks, min, max, target);
      else
        linear_ticks (ticks, min, max, target);
    }
  return ticks;
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */

/* Enough decimals to tell multiples of step apart. */
static int
decimals_of (double step)
{
  if (!(step > 0))
    return 0;
  for (int decimals = 0; decimals < 12; decimals++)
    {
      double scaled = step * pow (10, decimals);
      if (fabs (scaled - round (scaled)) < 1e-6 * scaled)
        return decimals;
    }
  return 12;
}

static char *
compact (double value, double step, double largest)
{
  static const struct { double unit, from; const char *pattern; } thousands[] = {
    { 1e9, 1e9, N_("%s bn") }, { 1e6, 1e6, N_("%s M") }, { 1e3, 1e5, N_("%s k") },
  }, myriads[] = { { 1e8, 1e8, "%s亿" }, { 1e4, 1e5, "%s万" }, { 1e4, 1e5, "%s万" } };
  /* Translators: translate as "myriad" if your language counts in units of 10,000 (as Chinese does with 万 and 亿), else as "thousand". */
  gboolean by_myriad = g_str_equal (C_("how large numbers are grouped", "thousand"), "myriad");
  for (guint i = 0; i < G_N_ELEMENTS (thousands); i++)
    {
      double unit = by_myriad ? myriads[i].unit : thousands[i].unit;
      if (largest < (by_myriad ? myriads[i].from : thousands[i].from) || decimals_of (step / unit) > 2)
        continue;
      if (value == 0)
        return g_strdup ("0");
      g_autofree char *digits = patron_format_fixed (value / unit, decimals_of (step / unit), TRUE);
      return by_myriad ? g_strdup_printf (myriads[i].pattern, digits) : g_strdup_printf (_(thousands[i].pattern), digits);
    }
  return patron_format_fixed (value, decimals_of (step), TRUE);
}

static char *
date_label (const GArray *ticks, guint i)
{
  double day = g_array_index (ticks, double, i);
  double step = ticks->len > 1 ? fabs (g_array_index (ticks, double, 1) - g_array_index (ticks, double, 0)) : 1;
  g_autofree char *date = patron_format_number (PATRON_FORMAT_DATE, day);
  gsize length = strlen (date);
  if (length == 10 && step >= 365)
    date[4] = '\0';
  else if (length == 10 && step >= 28)
    date[7] = '\0';
  return g_steal_pointer (&date);
}

char *
patron_tick_label (const PatronAxis *axis, const GArray *ticks, guint i)
{
  double value = g_array_index (ticks, double, i);
  if (axis->kind == PATRON_AXIS_CATEGORY)
    return value >= 0 && value < axis->categories->len ? patron_text_render (axis->categories->pdata[(guint) value]) : g_strdup ("");
  if (axis->kind == PATRON_AXIS_DATE)
    return date_label (ticks, i);
  double largest = MAX (fabs (g_array_index (ticks, double, 0)), fabs (g_array_index (ticks, double, ticks->len - 1)));
  double step = ticks->len > 1 ? g_array_index (ticks, double, 1) - g_array_index (ticks, double, 0) : value;
  if (axis->kind == PATRON_AXIS_LOG)
    step = largest = value;
  switch (axis->format)
    {
    case PATRON_FORMAT_COUNT:
    case PATRON_FORMAT_NUMBER:
    case PATRON_FORMAT_MONEY:
      if (largest >= 1e15 || (largest < 1e-6 && largest > 0) || step == 0)
        return patron_format_number (PATRON_FORMAT_NUMBER, value);
      return compact (value, fabs (step), largest);
    case PATRON_FORMAT_PERCENT:
      {
        g_autofree char *digits = patron_format_fixed (value * 100, decimals_of (fabs (step) * 100), TRUE);
        return g_strdup_printf (C_("percentage", "%s%%"), digits);
      }
    default:
      return patron_format_number (axis->format, value);
    }
}
