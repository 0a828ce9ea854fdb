# SPDX-License-Identifier: Apache-2.0
# otapack help --json parses, and has every option that --help of any command says, as it says it;
# otapack help CHECK-ID says what the list of checks says.
. "$SOURCE/tests/cli-lib.sh"

need jq
expect_exit 0 otapack help --json
mv out help.json
expect_exit 2 otapack help --json verify
expect_one_line_err

# "otapack VERB COMMAND" for all there are.
jq -r '.verbs[] | .name, (.name as $v | .commands // [] | .[]
    | "\($v) \(.name)", (.name as $c | .commands // [] | .[] | "\($v) \($c) \(.name)"))' help.json >commands
[ "$(wc -l <commands)" -ge 25 ] || fail 'hardly any commands were found'
while read -r command; do
    echo "$command"
    # shellcheck disable=SC2086 # words
    otapack $command --help | sed -n '/^Examples:/q; s/^  \(-., \|    \)\(--[a-z-]*[^ ]* [^ ]*\( OP VALUE.\| .LENGTH. FILE\)\{0,1\}\).*/\1\2/p' |
        sed 's/^    //; s/ *$//'
done <commands >said
jq -r '[.verbs[] | [.name, .], (.name as $v | .commands // [] | .[]
    | ["\($v) \(.name)", .], (.name as $c | .commands // [] | .[] | ["\($v) \($c) \(.name)", .]))][]
    | .[0], (.[1].options[] | "\(.letter // "" | if . == "" then "" else "-\(.), " end)--\(.name)"
        + if .value then " \(.value)" else "" end)' help.json >listed
same said listed
[ "$(grep -c '^-' listed)" -ge 100 ] || fail 'hardly any options were found'

# A choice is one of several, and a flag has no value.
jq -e '[.verbs[] | recurse(.commands // [] | .[]) | .options[]]
    | all(if .type == "flag" then .value == null else .value != null end)
      and all(.type != "choice" or (.choices | length) > 0)' help.json >/dev/null || fail 'a type is wrong'

for id in known-format esp-page-align host-slot; do
    expect_exit 0 otapack help "$id"
    [ "$(head -c "${#id}" out)" = "$id" ] || fail "help $id is about something else"
    otapack help checks >checks
    [ "$(grep -c -F -x -f out checks)" -ge "$(wc -l <out)" ] || fail "help $id is not what help checks says"
done
expect_exit 2 otapack help esp-page-aling
expect_err "did you mean .esp-page-align.[?]$"
