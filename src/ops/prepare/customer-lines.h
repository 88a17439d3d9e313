/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Columns of order lines, borrowed; NULL where there is none, except customer and date. Without amount, quantity times price is it. */
typedef struct
{
  PatronColumn *customer, *date, *amount, *order, *quantity, *price, *product, *category, *discount;
} PatronCustomerColumns;

/* Order lines of known customers and dates, in the order of their days. */
typedef struct
{
  gsize         n;
  gsize         n_missing;              /* lines left out: customer or date missing */
  gint32        first_day, last_day;    /* of all lines */
  PatronColumn *customer, *order, *product, *category;   /* NULL: none, except customer */
  PatronColumn *day;                    /* DATE, where days are */
  const gint32 *days;
  double       *amounts, *discounts;    /* NULL: none */
  guint8       *returned;               /* the amount or the quantity is negative */
} PatronCustomerLines;

void patron_customer_lines_clear (PatronCustomerLines *lines);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PatronCustomerLines, patron_customer_lines_clear)

/* lines is empty before. FALSE with error when no line is left. */
gboolean patron_customer_lines_read (const PatronCustomerColumns *columns, PatronCustomerLines *lines, PatronRun *run, GError **error);

/* Those of the days first … last; part is empty before. */
gboolean patron_customer_lines_between (const PatronCustomerLines *lines, gint32 first, gint32 last, PatronCustomerLines *part, PatronRun *run, GError **error);

G_END_DECLS
