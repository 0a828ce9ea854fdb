#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints otapack's completion for a shell, made of what the program says of its verbs, options and
# checks (otapack help --json). Needs jq.
#   packaging/completion/generate.sh build/release/otapack >packaging/completion/otapack.bash
#   packaging/completion/generate.sh build/release/otapack zsh >packaging/completion/_otapack
#   packaging/completion/generate.sh build/release/otapack fish >packaging/completion/otapack.fish
# shellcheck disable=SC2016 # filters are jq's
set -eu
export LC_ALL=C
json=$("$1" help --json)
shell=${2-bash}

# ask FILTER: what the filter makes of the program's JSON. Scripts that compat stands in for are like
# verbs, and commands in a verb have their options in common.
ask() {
    printf '%s\n' "$json" | jq -r '
        def verbs: .verbs[] | if .name == "compat" then .commands[] else . end;
        def all_options: .options[], (.commands // [] | .[].options[]);
        def in_order: reduce .[] as $x ([]; if index([$x]) then . else . + [$x] end);
        '"$1"
}
names() { ask "[$1.name] | join(\" \")"; }
verbs=$(names '.verbs[]')
tools=$(names '.verbs[] | select(.name == "compat").commands[]')
if [ -z "$verbs" ] || [ -z "$tools" ]; then
    echo "generate.sh: otapack help --json was not understood" >&2
    exit 1
fi

# It has `write`, which prints all of it.
# shellcheck source=/dev/null
. "${0%/*}/$shell.sh"
write
