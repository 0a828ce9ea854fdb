# SPDX-License-Identifier: Apache-2.0
# zsh completes verbs, options, values and files by packaging/completion/_otapack, which is what its generator writes.
. "$SOURCE/tests/cli-lib.sh"
need zsh
. "$SOURCE/tests/completion-lib.sh"

generated zsh _otapack
while IFS= read -r line; do
    printf '%s\n' "${line%% :*}"
done <wanted >lines

# Completion is there only in a line that is edited, in a terminal. So when the first line begins, each command line
# is put there and completed, and what would be offered is written down instead of added.
cat >.zshrc <<'END'
PROMPT=
fpath=($SOURCE/packaging/completion $fpath)
autoload -Uz compinit
compinit -D -u
unsetopt autolist automenu
compadd() {
    local -a found
    if [[ " $argv[1,(i)--]" == *\ -[a-zA-Z]#[OAD]* ]]; then # it is only asked which words fit
        builtin compadd "$@"
        return
    fi
    builtin compadd -A found "$@"
    offered+=($found)
    builtin compadd "$@"
}
complete-all() {
    local line
    while IFS= read -r line; do
        BUFFER=${line%"''"} CURSOR=$#BUFFER offered=()
        zle complete-word
        print -r -- "$line : ${(j: :)${(@u)offered}}"
    done <lines >got
    exit
}
setopt extendedglob
typeset -ga offered
zle -N zle-line-init complete-all
END
cat >drive.zsh <<'END'
zmodload zsh/zpty
zpty terminal zsh -d -i || exit 77
while zpty -r terminal said; do print -r -- $said; done
exit 0
END
ZDOTDIR=$PWD SOURCE=$SOURCE HOME=$PWD TERM=dumb zsh -f drive.zsh >said || skip 'there are no pseudo terminals here'
[ -f got ] || { cat said >&2; fail 'zsh did not get as far as a command line'; }
completed got
