# SPDX-License-Identifier: Apache-2.0
# fish completes verbs, options, values and files by packaging/completion/otapack.fish, which is what its generator
# writes.
. "$SOURCE/tests/cli-lib.sh"
need fish
. "$SOURCE/tests/completion-lib.sh"

generated fish otapack.fish
while IFS= read -r line; do
    printf '%s\n' "${line%% :*}"
done <wanted >lines
# What is completed comes with a description behind a tab, an option with its value, a folder with a slash; and from
# fish 4 on with words that have what was typed in their middle.
cat >complete.fish <<'END'
source $SOURCE/packaging/completion/otapack.fish
while read -l line
    set -l typed (string replace "''" '' -- $line)
    set -l words (complete -C $typed | string replace -r '\t.*' '' | string replace -r '^--.*=(.)' '$1' |
        string replace -r '/$' '')
    set -l start (string replace -r '.* (--.*=)?' '' -- $typed)
    set -l fitting (string match -- "$start*" $words)
    echo "$line : $fitting"
end
END
HOME=$PWD/.home XDG_CONFIG_HOME=$PWD/.home XDG_DATA_HOME=$PWD/.home XDG_CACHE_HOME=$PWD/.home \
    SOURCE=$SOURCE fish --no-config complete.fish <lines >got
completed got
