# SPDX-License-Identifier: Apache-2.0
# The step of action.yml. What comes in is data: it is split here, and never run.
set -euo pipefail

command -v otapack >/dev/null || {
    echo '::error title=otapack::otapack is not installed here; install it in a step before this one'
    exit 2
}

shopt -s nullglob
IFS=$'\n' read -r -d '' -a patterns <<<"$INPUT_FILES" || true
files=()
for pattern in "${patterns[@]}"; do
    IFS=
    # shellcheck disable=SC2206 # a pattern is to become the names that it fits
    matches=($pattern)
    unset IFS
    files+=("${matches[@]:-$pattern}") # one that fits nothing is named as it is, and is not there
done

read -r -d '' -a options <<<"$INPUT_OPTIONS" || true
IFS=$'\n' read -r -d '' -a expected <<<"$INPUT_EXPECT" || true
for text in "${expected[@]}"; do
    options+=(--expect "$text")
done
if [ -n "$INPUT_KEY_DIGEST" ]; then
    if [ -f "$INPUT_KEY_DIGEST" ]; then
        INPUT_KEY_DIGEST=$(<"$INPUT_KEY_DIGEST")
    fi
    options+=(--key-digest "$INPUT_KEY_DIGEST")
fi
if [ -n "$INPUT_KEYS" ]; then
    options+=(--keys "$INPUT_KEYS")
fi
read -r -d '' -a required <<<"$INPUT_REQUIRE_KEY" || true
for name in "${required[@]}"; do
    options+=(--require-key "$name")
done

if [ -n "$INPUT_SARIF" ]; then
    otapack verify --format sarif "${options[@]}" -- "${files[@]}" >"$INPUT_SARIF" 2>/dev/null || true
fi
exec otapack verify --format github "${options[@]}" -- "${files[@]}"
