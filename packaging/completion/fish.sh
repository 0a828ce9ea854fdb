# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2154 # filters are jq's; generate.sh has set verbs
# Completion for fish; generate.sh reads this in.

filters='
    # In fish only these two are special between single quotes.
    def quoted: "\u0027" + gsub("(?<c>[\\\\\u0027])"; "\\\(.c)") + "\u0027";
    # Everything with options of its own, as {path: the words that lead to it, it}.
    def walk_commands($path): ($path + [.name]) as $here
        | {path: ($here | join(" ")), it: .}, (.commands // [] | .[] | walk_commands($here));
    def each: .verbs[] | walk_commands([]);
    def is_long: .choices and (.choices | length) > 8;
    def value:
        if is_long then " -x -a \u0027(__otapack_words \(.name))\u0027"
        elif .choices then " -x -a \(.choices | join(" ") | quoted)"
        elif .type == "flag" then ""
        elif .type == "folder" then " -x -a \u0027(__fish_complete_directories)\u0027"
        elif .type == "file" or .type == "key" or .type == "keys" then " -r -F"
        else " -x" end;
    def offer($words): "complete -c otapack -n \u0027__otapack_next\($words)\u0027 -a \(.name) -d \(.summary | quoted)";'

commands() {
    ask "$filters"'(.verbs[] | offer("")), (each | " \(.path)" as $path | .it.commands // [] | .[] | offer($path))'
}
options() {
    ask "$filters"'each | "complete -c otapack -n \u0027__otapack_at \(.path)\u0027" as $here
        | (if .it.commands or .path == "help" then empty else "\($here) -F" end),
          (.it.options[] | "\($here) -l \(.name)" + (if .letter then " -s \(.letter)" else "" end)
              + value + " -d \(.help | quoted)")'
}
lists() {
    ask "$filters"'[each.it.options[] | select(is_long)] | group_by(.name)[]
        | "        case \(.[0].name)\n            string split \" \" \"\(map(.choices[]) | in_order | join(" "))\""'
}

write() {
    cat <<END
# SPDX-License-Identifier: Apache-2.0
# Completion of otapack for fish. Written by packaging/completion/generate.sh; do not edit.

function __otapack_at -d 'The words behind otapack begin with these'
    set -l words (commandline -opc | string replace -r '\.py\$' '')
    set -l last (math 1 + (count \$argv))
    test (count \$words) -ge \$last; and test "\$words[2..\$last]" = "\$argv"
end

function __otapack_next -d 'The words behind otapack are these'
    test (count (commandline -opc)) -eq (math 1 + (count \$argv)); or return
    test (count \$argv) -eq 0; or __otapack_at \$argv
end

function __otapack_words -d 'The values of an option that has many'
    switch \$argv[1]
$(lists)
    end
end

complete -c otapack -f
complete -c otapack -l help -d 'how to use it'
complete -c otapack -n __otapack_next -l version -d 'which otapack this is'
$(commands)
complete -c otapack -n '__otapack_next help' -a '$verbs checks formats'
$(options)
END
}
