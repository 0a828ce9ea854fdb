# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the completion tests of all shells have in common: completions.txt, and every verb, option and long list of the
# program, as command lines with what their last word is completed to.
need jq
"$OTAPACK" help --json >help.json
: >image.bin
mkdir folder

# generated SHELL FILE: the file is what the generator writes today.
generated() {
    sh "$SOURCE/packaging/completion/generate.sh" "$OTAPACK" "$1" >generated
    same generated "$SOURCE/packaging/completion/$2"
}

# completions: "COMMAND LINE : WORD...", the last word of the command line may be ''.
completions() {
    grep -v '^#' "$SOURCE/tests/docs/completions.txt"
    jq -r '
        .verbs as $verbs
        | "otapack \u0027\u0027 : \([$verbs[].name] | join(" "))",
          # Every layout that the program knows, every chip, every check.
          ($verbs[] | select(.name == "verify").options[] | select(.name == ("layout", "chip", "allow"))
              | "otapack verify --\(.name) \u0027\u0027 : \(.choices | join(" "))"),
          # Every long option of every verb.
          ($verbs[] | select(.options != [])
              | "otapack \(.name) -- : \([.options[] | "--" + .name] + ["--help"] | join(" "))")' help.json
}
completions >wanted
[ "$(wc -l <wanted)" -gt 60 ] || fail 'hardly anything is tried'
[ "$(wc -w <wanted)" -gt 500 ] || fail 'hardly any words are wanted'

# in_order FILE: its lines "COMMAND LINE : WORD...", with the words sorted.
in_order() {
    awk '{
        n = 0
        for (i = NF; i > 0 && $i != ":"; i--) {
            for (j = ++n; j > 1 && words[j - 1] > $i; j--) words[j] = words[j - 1]
            words[j] = $i
        }
        NF = i
        for (i = 1; i <= n; i++) $0 = $0 " " words[i]
        print
    }' "$1"
}

# completed FILE: it has what is wanted, as "COMMAND LINE : WORD..." in the same order.
completed() {
    in_order wanted >wanted.sorted
    in_order "$1" >got.sorted
    diff wanted.sorted got.sorted || fail 'what is wanted (<) and what the shell completes to (>)'
}
