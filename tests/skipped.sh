#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Says what the last ctest run skipped and why, which ctest keeps to itself: skipped.sh BUILD
# A script says it in a line "skipped: REASON"; cmocka in "[  SKIPPED ] FUNCTION".
set -eu
awk '
    /^[0-9]+\/[0-9]+ Testing: / { name = $3 }
    /^skipped: / { print "skipped " name ": " substr($0, 10) }
    /^\[  SKIPPED \] [^0-9]/ { print "skipped " name ": " $4 }
' "$1/Testing/Temporary/LastTest.log" | sort -u
