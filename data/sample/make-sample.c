/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the sample shop: orders.csv and customers.csv of a tea and coffee shop that does not exist, the same at every build. Customers
 * have habits (how often, what, how long they stay), so that segments, baskets, recommendations and churn have something to find. */
#include "base/random.h"
#include "table/column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_CUSTOMERS 2000
#define N_PRODUCTS  96
#define N_KINDS     8
#define SEED        20240101

enum { TEA, COFFEE, BREWING, CUPS, SWEETS, GIFTS, TREATS, SEASONAL };

static const struct
{
  const char *name;
  double      price;                 /* typical */
  const char *adjectives[4], *nouns[3];
} kinds[N_KINDS] = {
  [TEA] = { "Tea", 9, { "Spring", "Golden", "Smoky", "Mountain" }, { "Oolong", "Green Tea", "Black Tea" } },
  [COFFEE] = { "Coffee", 14, { "House", "Ethiopian", "Dark", "Decaf" }, { "Espresso", "Filter Coffee", "Beans" } },
  [BREWING] = { "Brewing", 34, { "Glass", "Steel", "Travel", "Classic" }, { "Teapot", "Dripper", "Grinder" } },
  [CUPS] = { "Cups", 12, { "Blue", "White", "Hand-thrown", "Double-walled" }, { "Mug", "Tea Cup", "Tumbler" } },
  [SWEETS] = { "Sweets", 6, { "Almond", "Ginger", "Sesame", "Orange" }, { "Biscuits", "Chocolate", "Honey" } },
  [GIFTS] = { "Gifts", 45, { "Small", "Large", "Tasting", "Anniversary" }, { "Gift Box", "Hamper", "Subscription" } },
  [TREATS] = { "Pet treats", 8, { "Salmon", "Chicken", "Pumpkin", "Duck" }, { "Cat Snack", "Dog Biscuit", "Chew" } },
  [SEASONAL] = { "Seasonal", 18, { "Winter", "Lantern", "Moon", "Summer" }, { "Blend", "Candle", "Cake" } },
};

/* A habit: share of customers, orders a year, chance to leave after an order, what they like, how much they spend. */
static const struct
{
  double share, orders_per_year, leave, spend;
  double likes[N_KINDS];
} habits[] = {
  { 0.10, 16, 0.004, 1.3, { 5, 1, 1, 1, 3, 1, 0, 1 } },      /* tea lovers */
  { 0.12, 13, 0.008, 1.1, { 1, 6, 2, 1, 2, 0.5, 0, 0.5 } },  /* coffee every month */
  { 0.18, 5, 0.05, 1.0, { 2, 2, 1, 2, 2, 1, 0, 1 } },        /* now and then */
  { 0.08, 2.5, 0.10, 2.0, { 0.5, 0.5, 1, 1, 1, 7, 0, 3 } },  /* gift givers */
  { 0.07, 9, 0.03, 0.8, { 0.5, 0.5, 0, 0, 0.5, 0, 8, 0 } },  /* came for the pets */
  { 0.45, 1.4, 0.55, 0.9, { 2, 2, 1, 1, 2, 1, 0.3, 2 } },    /* one purchase, perhaps two */
};

static const char *const regions[] = { "North", "East", "South", "West" };
static const char *const channels[] = { "Web", "App", "Store" };
static const char *const plans[] = { "Basic", "Plus", "Premium" };

typedef struct
{
  int    habit, region, channel;
  int    joined, last_day;           /* days since 1970 */
  int    n_orders, age, newsletter, tickets, plan;
  double satisfaction, discount;
} Customer;

typedef struct
{
  char   code[8], name[48];
  int    kind;
  double price, weight;
} Product;

static int
pick (PatronRandom *random, const double *weights, int n)
{
  double total = 0;
  for (int i = 0; i < n; i++)
    total += weights[i];
  double at = patron_random_unit (random) * total;
  for (int i = 0; i < n; i++)
    if ((at -= weights[i]) < 0)
      return i;
  return n - 1;
}

static void
make_products (PatronRandom *random, Product *products)
{
  for (int i = 0; i < N_PRODUCTS; i++)
    {
      Product *product = &products[i];
      int kind = i / 12;
      product->kind = kind;
      snprintf (product->code, sizeof product->code, "%c%03d", kinds[kind].name[0], 100 + i);
      snprintf (product->name, sizeof product->name, "%s %s", kinds[kind].adjectives[i % 12 / 3], kinds[kind].nouns[i % 3]);
      product->price = round (kinds[kind].price * (0.7 + 0.8 * patron_random_unit (random)) * 10) / 10 - 0.01;
      /* A few sell much, most sell little. */
      product->weight = 1 / (1.0 + patron_random_below (random, 12));
    }
}

static void
make_customer (PatronRandom *random, Customer *customer, int first, int last)
{
  double shares[G_N_ELEMENTS (habits)];
  for (guint h = 0; h < G_N_ELEMENTS (habits); h++)
    shares[h] = habits[h].share;
  customer->habit = pick (random, shares, G_N_ELEMENTS (habits));
  customer->region = (int) patron_random_below (random, G_N_ELEMENTS (regions));
  customer->channel = pick (random, (const double[]) { 5, 3, 2 }, 3);
  customer->joined = first + (int) ((last - first - 40) * pow (patron_random_unit (random), 0.8));
  customer->age = 18 + (int) (55 * pow (patron_random_unit (random), 1.3));
  customer->newsletter = patron_random_unit (random) < 0.4;
  customer->plan = pick (random, (const double[]) { 6, 3, 1 }, 3);
  double satisfaction = 3.9 + 0.8 * patron_random_normal (random), discount = 0.15 + 0.12 * patron_random_normal (random);
  customer->satisfaction = round (CLAMP (satisfaction, 1, 5) * 10) / 10;
  customer->discount = round (CLAMP (discount, 0, 0.6) * 100) / 100;
}

/* More before the holidays, less in summer. */
static double
season (int day)
{
  int year, month, of_month;
  patron_date_to_ymd (day, &year, &month, &of_month);
  static const double by_month[] = { 1.1, 0.9, 0.9, 0.9, 0.95, 0.85, 0.8, 0.85, 1, 1.05, 1.4, 1.6 };
  return by_month[month - 1];
}

static int
pick_product (PatronRandom *random, const Product *products, const Customer *customer, int day, int kind_before)
{
  double weights[N_PRODUCTS];
  for (int i = 0; i < N_PRODUCTS; i++)
    {
      int kind = products[i].kind;
      weights[i] = products[i].weight * habits[customer->habit].likes[kind];
      /* What goes together: tea with cups and sweets, coffee with brewing. */
      if ((kind_before == TEA && (kind == CUPS || kind == SWEETS)) || (kind_before == COFFEE && kind == BREWING))
        weights[i] *= 3;
      if (kind == SEASONAL)
        weights[i] *= pow (season (day), 3);
    }
  return pick (random, weights, N_PRODUCTS);
}

static void
write_order (FILE *file, PatronRandom *random, const Product *products, Customer *customer, int number, int id, int day)
{
  char date[40];
  patron_date_format (day, date);
  int hour = 8 + (int) patron_random_below (random, 13), minute = (int) patron_random_below (random, 60);
  int lines = 1 + (int) floor (-log (1 - patron_random_unit (random)) * 1.6 * habits[customer->habit].spend), before = -1;
  for (int line = 0; line < MIN (lines, 9); line++)
    {
      const Product *product = &products[pick_product (random, products, customer, day, before)];
      before = product->kind;
      int quantity = 1 + (patron_random_unit (random) < 0.25) + (patron_random_unit (random) < 0.08);
      gboolean returned = patron_random_unit (random) < 0.012;
      fprintf (file, "O%06d,%s %02d:%02d,C%05d,%s,%s,%s,%d,%.2f,%s,%s\n", number, date, hour, minute, id, product->code, product->name,
               kinds[product->kind].name, returned ? -quantity : quantity, product->price, regions[customer->region], channels[customer->channel]);
    }
  customer->n_orders++;
  customer->last_day = day;
}

typedef struct
{
  int day, customer;
} Visit;

static int
compare_visits (const void *a, const void *b)
{
  const Visit *x = a, *y = b;
  return x->day != y->day ? x->day - y->day : x->customer - y->customer;
}

static GArray *
make_visits (PatronRandom *random, const Customer *customers, int last)
{
  GArray *visits = g_array_new (FALSE, FALSE, sizeof (Visit));
  for (int c = 0; c < N_CUSTOMERS; c++)
    {
      double gap = 365 / habits[customers[c].habit].orders_per_year;
      for (double day = customers[c].joined; day <= last; )
        {
          g_array_append_val (visits, ((Visit) { (int) day, c }));
          if (patron_random_unit (random) < habits[customers[c].habit].leave)
            break;
          day += MAX (1, -log (1 - patron_random_unit (random)) * gap / season ((int) day));
        }
    }
  g_array_sort (visits, compare_visits);
  return visits;
}

/* Leaving depends on silence, trouble and satisfaction, with noise: a model can find it but not perfectly. */
static gboolean
has_churned (PatronRandom *random, const Customer *customer, int last)
{
  double silence = (last - customer->last_day) / 90.0;
  double score = -3.1 + 0.55 * MIN (silence, 6) + 0.7 * customer->tickets - 0.9 * (customer->satisfaction - 3.9) - 0.5 * customer->newsletter
                 - 0.6 * (customer->plan == 2) - 0.08 * customer->n_orders + 1.5 * (customer->discount - 0.15);
  return patron_random_unit (random) < 1 / (1 + exp (-score));
}

static void
write_customers (FILE *file, PatronRandom *random, Customer *customers, int last)
{
  fprintf (file, "customer_id,joined,age,region,channel,plan,newsletter,orders,days_since_order,support_tickets,discount_share,satisfaction,churned\n");
  for (int c = 0; c < N_CUSTOMERS; c++)
    {
      Customer *customer = &customers[c];
      char joined[40], satisfaction[8] = "";
      patron_date_format (customer->joined, joined);
      customer->tickets = (int) floor (-log (1 - patron_random_unit (random)) * (1.1 - 0.2 * (customer->satisfaction - 3.9)));
      if (patron_random_unit (random) > 0.06)
        snprintf (satisfaction, sizeof satisfaction, "%.1f", customer->satisfaction);
      fprintf (file, "C%05d,%s,%d,%s,%s,%s,%s,%d,%d,%d,%.2f,%s,%s\n", 10001 + c, joined, customer->age, regions[customer->region],
               channels[customer->channel], plans[customer->plan], customer->newsletter ? "yes" : "no", customer->n_orders,
               last - customer->last_day, customer->tickets, customer->discount, satisfaction, has_churned (random, customer, last) ? "Yes" : "No");
    }
}

static FILE *
open_in (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  FILE *file = fopen (path, "w");
  if (file == NULL)
    {
      perror (path);
      exit (1);
    }
  return file;
}

int
main (int argc, char **argv)
{
  const char *folder = argc > 1 ? argv[1] : ".";
  int first = patron_date_from_ymd (2024, 1, 1), last = patron_date_from_ymd (2025, 12, 31);
  PatronRandom random;
  patron_random_init (&random, SEED, 0);
  Product products[N_PRODUCTS];
  make_products (&random, products);
  g_autofree Customer *customers = g_new0 (Customer, N_CUSTOMERS);
  for (int c = 0; c < N_CUSTOMERS; c++)
    make_customer (&random, &customers[c], first, last);
  g_autoptr (GArray) visits = make_visits (&random, customers, last);

  FILE *orders = open_in (folder, "orders.csv");
  fprintf (orders, "order_id,order_date,customer_id,product_code,product,category,quantity,unit_price,region,channel\n");
  for (guint v = 0; v < visits->len; v++)
    {
      const Visit *visit = &g_array_index (visits, Visit, v);
      write_order (orders, &random, products, &customers[visit->customer], 100001 + v, 10001 + visit->customer, visit->day);
    }
  fclose (orders);
  FILE *table = open_in (folder, "customers.csv");
  write_customers (table, &random, customers, last);
  fclose (table);
  return 0;
}
