#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# otapack as a page: drop a file on it, see what inspect says of it.
#
#     build.sh FOLDER
#
# FOLDER/otapack.html is all of it, in one file. packaging/install-deps.sh --web installs what this
# wants; with OTAPACK_CACHE=FOLDER the libraries are kept there.
set -euo pipefail

(($# == 1)) || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/otapack-web.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$1"
"$here/../portable/build.sh" "$work" wasm32-web
"$here/assemble.py" "$work/wasm32-web" "$1/otapack.html"
