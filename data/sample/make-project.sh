#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-project.sh PATRON-CLI ORDERS CUSTOMERS PROJECT: imports the sample files and asks the questions a newcomer would.
set -e
cli=$1 orders=$2 customers=$3 project=$4
LANGUAGE= LC_ALL=C.UTF-8
export LANGUAGE LC_ALL
rm -f "$project"
"$cli" import "$orders" "$customers" --project "$project" >/dev/null
run () { operation=$1 table=$2; shift 2; "$cli" run "$operation" "$project:$table" --project "$project" "$@" >/dev/null; }
run describe orders
run rfm orders
run recommend orders
run kmeans customers --features age,orders,days_since_order,support_tickets,discount_share,satisfaction
run random-forest customers --target churned --ignore joined
run linear-regression customers --target orders --features age,region,channel,plan,newsletter,discount_share,satisfaction
"$cli" check "$project" >/dev/null
