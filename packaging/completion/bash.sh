# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2154 # filters are jq's; generate.sh has set verbs and tools
# Completion for bash; generate.sh reads this in.

completes='
    def completes:
        if .choices then "_otapack_words \"\(.choices | join(" "))\" \"$2\""
        elif .type == "folder" then "_otapack_files -d \"$2\""
        elif .type == "file" or .type == "key" or .type == "keys" then "_otapack_files -f \"$2\""
        else "COMPREPLY=()" end;'

# "PATTERN|PATTERN) COMMAND ;;" for the options that have a value: VERB:OPTION, and *:OPTION where it
# is the same with every verb that has it. What differs between the commands of a verb is all taken.
values() {
    ask "$completes"'[verbs as $verb | [$verb | all_options | select(.type != "flag")] | group_by(.name)[]
            | .[0] + if .[0].choices then {choices: (map(.choices[]) | in_order)} else {} end
            | completes as $does | ("--" + .name), (.letter // empty | "-" + .)
            | {word: ., verb: $verb.name, $does}]
        | group_by(.word) | map(if (map(.does) | unique | length) == 1 then .[:1] | map(.verb = "*") else . end)
        | flatten | group_by(.does)[]
        | "    \(map(.verb + ":" + .word) | sort | join("|"))) \(.[0].does) ;;"'
}
# "VERB) echo OPTIONS ;;", those of a verb with commands by their letters.
options() {
    ask 'def line($names): "    \(.name)) echo \"\($names + ["--help"] | join(" "))\" ;;";
        ([.verbs[] | select(.commands | not) | line([.options[] | "--" + .name])]
        + [(.verbs[] | select(.commands and .name != "compat")), (.verbs[] | select(.name == "compat").commands[])
            | line([all_options | "--" + .name] | unique)])[]'
}

write() {
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
$(values)
    *) return 1 ;;
    esac
}

_otapack_options() {
    case \$1 in
$(options)
    compat) echo "--help" ;;
    *) echo "--help --version" ;;
    esac
}

_otapack_subcommands() {
    case \$1 in
$(ask 'verbs | select(.commands) | "    \(.name)) echo \"\([.commands[].name] | join(" "))\" ;;"')
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
        _otapack_words "$verbs checks formats" "\$word"
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
}
