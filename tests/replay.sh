#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A fuzz harness built with fuzz/replay.c reads every fixture once: replay.sh HARNESS FIXTURES
set -eu
find "$2" -type f ! -path "$2/*.[ch]" -exec "$1" {} +
