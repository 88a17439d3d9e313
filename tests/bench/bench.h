/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

/* What the workloads share; see bench.c. */
typedef struct
{
  const char *folder;
  PatronRun  *run;
  gint64      start;
  double      processor;    /* seconds of processor time used before */
  gsize       resident;     /* bytes before the fit */
} Bench;

void bench_give_up (const char *what, const GError *error) G_GNUC_NORETURN;
/* The clock and the high-water mark of memory start anew. */
void bench_start   (Bench *bench);
/* Prints the line; quality is the inside of a JSON object. */
void bench_finish  (Bench *bench, const char *workload, const char *quality);

/* tables.c */
void bench_groupby    (Bench *bench);
void bench_group_many (Bench *bench);
void bench_sort       (Bench *bench);
void bench_sort_text  (Bench *bench);
void bench_join       (Bench *bench);
