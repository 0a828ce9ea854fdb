# SPDX-License-Identifier: Apache-2.0
# bash completes verbs, options, values and files by packaging/completion/otapack.bash, which is what its generator
# writes.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/completion-lib.sh"

generated bash otapack.bash
# shellcheck source=/dev/null
. "$SOURCE/packaging/completion/otapack.bash"

# words_of LINE: sets COMP_WORDS. As bash does it, an equals sign is a word of its own.
words_of() {
    local word
    COMP_WORDS=()
    for word in $1; do
        case $word in
        "''") COMP_WORDS+=('') ;;
        --*=) COMP_WORDS+=("${word%=}" "=") ;;
        --*=*) COMP_WORDS+=("${word%%=*}" "=" "${word#*=}") ;;
        *) COMP_WORDS+=("$word") ;;
        esac
    done
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

while IFS= read -r line; do
    words_of "${line%% :*}"
    # In an interactive shell nothing ends at the first command that fails.
    set +eu
    _otapack
    set -eu
    echo "${line%% :*} : ${COMPREPLY[*]}"
done <wanted >got
completed got
