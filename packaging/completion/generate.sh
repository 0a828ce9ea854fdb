#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints otapack's bash completion, made of what the program says of its verbs, options and checks:
#   packaging/completion/generate.sh build/release/otapack >packaging/completion/otapack.bash
set -eu
export LC_ALL=C
otapack=$1

# options ARGUMENT...: "--output FILE" for each option, with its letter as a line of its own.
options() {
    "$otapack" "$@" --help | sed -n '
        /^Examples:/q
        s/^  \(-[a-zA-Z]\), \(--[a-z-]*\)\( [^ ]*\)\{0,1\}.*/\1\3\
\2\3/p
        s/^      \(--[a-z-]*\)\( [^ ]*\)\{0,1\}.*/\1\2/p'
}
# subcommands ARGUMENT...: those of a script that compat stands in for, or of a verb.
subcommands() {
    "$otapack" "$@" --help | sed -n 's/^  \([a-z][a-z0-9_]*\)   *[a-z].*/\1/p' | words
}
all_options() {
    options "$@"
    for sub in $(subcommands "$@"); do options "$@" "$sub"; done
}
words() { tr '\n' ' ' | sed 's/ $//'; }
long() { options "$@" | sed -n 's/^\(--[a-z-]*\).*/\1/p' | words; }

verbs=$("$otapack" help | sed -n 's/^  \([a-z]*\)   *[a-z].*/\1/p' | words)
tools=$("$otapack" compat --help | sed -n 's/^  \([a-z_]*\)   *of .*/\1/p' | words)
topics=$("$otapack" help --help | sed -n 's/^usage:.*\[VERB | \(.*\)\]$/\1/p' | sed 's/ |//g')
checks=$("$otapack" help checks | sed -nE 's/^([a-z0-9-]+)  (brick|reject|warn|note).*/\1/p' | words)
digests=$("$otapack" compat ota_image_tool create --help | grep -oE '\bsha[0-9]+(_[0-9]+)?' | words)
types=$("$otapack" key generate --help | grep -oE '\b(rsa|ecdsa-p)[0-9]+' | sort -u | words)
kinds=$("$otapack" compat espsecure generate_signing_key --help | grep -oE '\b(rsa|ecdsa)[0-9]+' | words)
schemes=$("$otapack" sign --help | grep -oE '\b(secure-boot-v|esp8266-rsa)[a-z0-9-]*' | words)
layouts=$(printf '%s\n' 512k 512k32 512k64 512k128 1m 1m64 1m128 1m144 1m160 1m192 1m256 1m512 2m \
    2m64 2m128 2m256 2m512 2m1m 4m 4m1m 4m2m 4m3m 8m6m 8m7m 16m14m 16m15m | words)
optional='min_applicable_software_version max_applicable_software_version release_notes_url'
if [ -z "$verbs" ] || [ -z "$tools" ] || [ -z "$topics" ] || [ -z "$checks" ]; then
    echo "generate.sh: the help was not understood" >&2
    exit 1
fi

all=$(mktemp)
trap 'rm -f "$all" "$all.wanted"' EXIT
# "sign --scheme SCHEME" for each option that has a value; of a script, its name is the verb.
for verb in $verbs; do
    case $verb in
    compat) ;;
    key) all_options key | sed "s/^/key /" ;;
    *) options "$verb" | sed "s/^/$verb /" ;;
    esac
done | grep ' .* ' >"$all"
for tool in $tools; do
    all_options compat "$tool" | sed "s/^/$tool /"
done | grep ' .* ' >>"$all"

# taking PLACEHOLDER...: VERB:OPTION of the options whose value is one of these, as a pattern of case;
# *:OPTION where it has such a value with every verb.
taking() {
    printf '%s\n' "$@" >"$all.wanted"
    awk '
        NR == FNR { wanted[$0] = 1; next }
        {
            verb = $1
            option = $2
            sub(/^[^ ]* [^ ]* /, "")
            if ($0 in wanted) takes[verb ":" option] = option
            else other[option] = 1
        }
        END {
            for (pair in takes)
                print (takes[pair] in other ? pair : "*:" takes[pair])
        }' "$all.wanted" "$all" | sort -u | tr '\n' '|' | sed 's/|$//'
}

cat <<END
# SPDX-License-Identifier: Apache-2.0
# Completion of otapack for bash. Written by packaging/completion/generate.sh; do not edit.

# _otapack_reply COMPGEN-OPTION...: what compgen finds. No process substitution: it wants /dev/fd.
_otapack_reply() {
    local found
    COMPREPLY=()
    if found=\$(compgen "\$@"); then mapfile -t COMPREPLY <<<"\$found"; fi
}
_otapack_words() { _otapack_reply -W "\$1" -- "\$2"; }
_otapack_files() {
    _otapack_reply "\$1" -- "\$2"
    compopt -o filenames 2>/dev/null || true
}

# _otapack_value VERB:OPTION WORD: completes the value of an option; false if it has none.
_otapack_value() {
    case \$1 in
    $(taking CHECK-ID)) _otapack_words "$checks" "\$2" ;;
    $(taking WHEN)) _otapack_words "auto always never" "\$2" ;;
    $(taking DIR)) _otapack_files -d "\$2" ;;
    $(taking FILE 'FILE|DIR' KEY)) _otapack_files -f "\$2" ;;
    $(taking FORMAT)) _otapack_words "text json dcl ota-provider" "\$2" ;;
    $(taking FORM)) _otapack_words "pem hex raw arduino-header" "\$2" ;;
    $(taking FIELD)) _otapack_words "$optional" "\$2" ;;
    $(taking TYPE)) _otapack_words "$types" "\$2" ;;
    $(taking KIND)) _otapack_words "$kinds" "\$2" ;;
    $(taking BITS)) _otapack_words "128 192 256 512" "\$2" ;;
    $(taking SECURE-BOOT)) _otapack_words "v1 v2 none" "\$2" ;;
    $(taking HOW)) _otapack_words "first-block" "\$2" ;;
    $(taking SIZE)) _otapack_words "512KB 1MB 2MB 4MB 8MB 16MB" "\$2" ;;
    $(taking LAYOUT)) _otapack_words "$layouts" "\$2" ;;
    sign:--scheme) _otapack_words "$schemes" "\$2" ;;
    ota_image_tool:--digest-algorithm) _otapack_words "$digests" "\$2" ;;
    signing:--mode | signing:-m) _otapack_words "sign header" "\$2" ;;
    $(taking MODE)) _otapack_words "qio qout dio dout" "\$2" ;;
    $(taking URL ID N NUMBER BLOCK 'BLOCK,...' HEX TEXT FIELD=VALUE PATH KEY=VALUE NAME=VALUE "'PATH" BYTES CHIP REVISION VERSION ADDRESS)) COMPREPLY=() ;;
    *) return 1 ;;
    esac
}

_otapack_options() {
    case \$1 in
END
for verb in $verbs; do
    case $verb in compat | key) continue ;; esac
    printf '    %s) echo "%s" ;;\n' "$verb" "$({ long "$verb"; echo ' --help'; } | tr -d '\n' | sed 's/^ //')"
done
# with_subcommands WORD ARGUMENT...: the options of all of its subcommands.
with_subcommands() {
    name=$1
    shift
    printf '    %s) echo "%s --help" ;;\n' "$name" \
        "$(all_options "$@" | sed -n 's/^\(--[a-z-]*\).*/\1/p' | sort -u | words)"
}
with_subcommands key key
for tool in $tools; do with_subcommands "$tool" compat "$tool"; done
cat <<END
    compat) echo "--help" ;;
    *) echo "--help --version" ;;
    esac
}

_otapack_subcommands() {
    case \$1 in
END
printf '    key) echo "%s" ;;\n' "$(subcommands key)"
for tool in $tools; do
    list=$(subcommands compat "$tool")
    [ -z "$list" ] || printf '    %s) echo "%s" ;;\n' "$tool" "$list"
done
cat <<END
    esac
}

_otapack() {
    local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
    local verb=\${COMP_WORDS[1]} at=2
    COMPREPLY=()
    # --option=VALUE comes as three words.
    if [[ \$word == = ]]; then
        word=
    elif [[ \$before == = ]]; then
        before=\${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)) && [[ \$word != -* ]]; then
        _otapack_words "$verbs" "\$word"
        return
    fi
    if [[ \$verb == compat ]] && ((COMP_CWORD > 2)); then
        verb=\${COMP_WORDS[2]%.py} at=3
    fi
    if ((COMP_CWORD > 1)) && _otapack_value "\$verb:\$before" "\$word"; then
        return
    elif ((COMP_CWORD == 1)); then
        _otapack_words "--help --version" "\$word"
    elif [[ \$word == -* ]]; then
        _otapack_words "\$(_otapack_options "\$verb")" "\$word"
    elif [[ \$verb == help ]]; then
        _otapack_words "$verbs $topics" "\$word"
    elif [[ \$verb == compat ]]; then
        _otapack_words "$tools" "\$word"
    elif ((COMP_CWORD == at)) && [[ -n \$(_otapack_subcommands "\$verb") ]]; then
        _otapack_words "\$(_otapack_subcommands "\$verb")" "\$word"
    else
        _otapack_files -f "\$word"
    fi
}

complete -F _otapack otapack
END
