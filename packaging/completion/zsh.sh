# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2154 # filters are jq's; generate.sh has set verbs
# Completion for zsh; generate.sh reads this in.

filters='
    # Everything with options of its own, as {path: its function, it}.
    def walk_commands($path): {path: ($path + "-" + .name), it: .},
        (($path + "-" + .name) as $path | .commands // [] | .[] | walk_commands($path));
    def each: .verbs[] | walk_commands("_otapack");
    def in_brackets: gsub("(?<c>[\\[\\]\\\\])"; "\\\(.c)");
    def is_long: .choices and (.choices | length) > 8;
    def action:
        if is_long then " _otapack_words \(.name)"
        elif .choices then "(\(.choices | join(" ")))"
        elif .type == "folder" then "_files -/"
        elif .type == "file" or .type == "key" or .type == "keys" then "_files"
        else " " end;
    def told: "[\(.help | in_brackets)]"
        + if .type == "flag" then "" else ":\(.value | gsub(":"; "\\:")):\(action)" end;
    def listed: " \\\n        " + ("\(.name):\(.summary)" | @sh);
    # One argument of _arguments, or two by a brace expansion.
    def spec: (if .type == "flag" then {short: "", long: ""} else {short: "+", long: "="} end) as $takes
        | "--\(.name)\($takes.long)" as $long
        | if .letter then "-\(.letter)\($takes.short)" as $short
            | (if .repeats then "*" else "(-\(.letter) --\(.name))" end | @sh)
                + "{\($short),\($long)}" + (told | @sh)
          else (if .repeats then "*" else "" end) + $long + told | @sh end;'

# One function for each verb, and each command in one.
functions() {
    ask "$filters"'each
        | "\n\(.path)() {",
          (if .it.commands then
              "    _otapack_commands \(.path)" + ([.it.commands[] | listed] | add)
           else
              "    _arguments -s -S" + ([(.it.options[] | spec), ("--help[how to use it]" | @sh),
                  (if .path == "_otapack-help" then "1:subject:('"$verbs"' checks formats)" else "*:file:_files" end | @sh)]
                  | map(" \\\n        " + .) | add) end),
          "}"'
}

# "NAME) compadd WORDS ;;" for lists that are long: those of all options with this name.
lists() {
    ask "$filters"'[each.it.options[] | select(is_long)] | group_by(.name)[]
        | "    \(.[0].name)) compadd -- \(map(.choices[]) | in_order | join(" ")) ;;"'
}

write() {
    cat <<END
#compdef otapack
# SPDX-License-Identifier: Apache-2.0
# Completion of otapack for zsh. Written by packaging/completion/generate.sh; do not edit.

# _otapack_commands FUNCTION NAME:SUMMARY...: one of these names, and then what FUNCTION-NAME completes.
_otapack_commands() {
    local of=\$1 curcontext=\$curcontext state state_descr line
    local -A opt_args
    local -a commands options=('(- *)--help[how to use it]')
    shift
    commands=("\$@")
    [[ \$of != _otapack ]] || options+=('(- *)--version[which otapack this is]')
    _arguments -C \$options '1: :->command' '*:: :->rest'
    case \$state in
    command) _describe -t commands command commands ;;
    rest) _call_function - \$of-\${line[1]%.py} ;;
    esac
}

_otapack_words() {
    case \$1 in
$(lists)
    esac
}
$(functions)

_otapack() {
    _otapack_commands _otapack$(ask "$filters"'[.verbs[] | listed] | add')
}

_otapack "\$@"
END
}
