# SPDX-License-Identifier: Apache-2.0
# The pages say what there is, no more and no less: a page for every verb, every option of it with its
# letter and its placeholder, every key of a recipe, every function of the headers; and they point at
# nothing that is not there.
. "$SOURCE/tests/cli-lib.sh"

man=$SOURCE/man
wrong=0

# compare WHAT LIST PAGE: two files with a line for each thing.
compare() {
    local line lines pages differ=
    declare -A listed=() described=()
    mapfile -t lines <"$2"
    mapfile -t pages <"$3"
    [ ${#lines[@]} -gt 0 ] || fail "$1: nothing was found to compare with"
    for line in "${lines[@]}"; do listed[=$line]=1; done
    for line in "${pages[@]}"; do described[=$line]=1; done
    for line in "${!listed[@]}"; do
        if [ -z "${described[$line]-}" ]; then differ+="$1: not on the page: ${line#=}"$'\n'; fi
    done
    for line in "${!described[@]}"; do
        if [ -z "${listed[$line]-}" ]; then differ+="$1: only on the page: ${line#=}"$'\n'; fi
    done
    printf '%s' "$differ"
    [ -z "$differ" ] || wrong=$((wrong + 1))
}

# ---- verbs --------------------------------------------------------------------------------------

need jq
"$OTAPACK" help --json >help.json
verbs=$(jq -r '.verbs[].name' help.json)
for verb in $verbs; do echo "otapack-$verb.1"; done >verbs
for page in "$man"/otapack-*.1; do echo "${page##*/}"; done >pages
compare 'man/' verbs pages

for verb in $verbs; do echo "$verb"; done >verbs
sed -n '/^The verbs are/,/^\.El/s/^\.It Ic //p' "$man/otapack.1" >listed
compare 'man/otapack.1, verbs' verbs listed

# ---- formats: those of files ------------------------------------------------------------------------

jq -r '.formats[].name | select(. != "raw" and . != "text")' help.json >formats
sed -n '/reads these formats/,/^\.El/s/^\.It Cm //p' "$man/otapack.1" | sed 's/ , /\n/g' >listed
compare 'man/otapack.1, formats' formats listed
sed -n '/^| Verb /,/^$/s/^| `\([a-z]*\)`.*/\1/p' "$SOURCE/README.md" >listed
compare 'README.md, verbs' verbs listed

# ---- options ------------------------------------------------------------------------------------

# "-o --output FILE" for each option of a verb, and of the commands in it that its page describes.
help_options() {
    jq -r --arg verb "$1" '.verbs[] | select(.name == $verb)
        | .options[], (.commands // [] | .[] | select($verb == "key" or .name == "create_ota_image").options[])
        | [(.letter // empty | "-" + .), "--" + .name, .value // empty] | join(" ")' help.json
}
# The same of a page.
page_options() {
    sed -n 's/\\(aq/'"'"'/g
        s/^\.It Fl \([a-zA-Z]\) , Fl \(-[a-z-]*\)/.It -\1 -\2/
        s/^\.It Fl -/.It --/
        s/ Ar / /
        s/^\.It \(--*[a-zA-Z].*\)/\1/p' "$1"
}
for verb in $verbs; do
    page=otapack-$verb.1
    help_options "$verb" >options
    page_options "$man/$page" >described
    compare "man/$page, options" options described
done

# ---- keys of a recipe ---------------------------------------------------------------------------

# page_keys SECTION: the keys of a section of the page, and of the pages of formats.
page_keys() {
    awk -v section=".Ss $1" '
        FNR == 1 { inside = 0 }
        /^\.S[sh] / { inside = $0 == section }
        inside && /^\.It Cm [a-z0-9_]+ :/ { print $3 }' "$man/otapack-recipe.5" "$man"/*.7
}
otapack help --json | jq .recipe >recipe
jq -r '(.keys, .layers)[].name' recipe >keys
page_keys 'Top keys' >described
compare 'man/otapack-recipe.5, Top keys' keys described
for key in $(jq -r '(.keys, .layers)[] | select(.keys).name' recipe); do
    jq -r --arg key "$key" '(.keys, .layers)[] | select(.name == $key).keys[].name' recipe >keys
    page_keys "Keys of $key" >described
    compare "man/otapack-recipe.5, Keys of $key" keys described
done

# ---- what names in values begin with: those that the message lists -------------------------------

printf 'otapack: 1\noutput: ${nothing.version}\nimage: x.bin\n' >recipe.yaml
expect_exit 2 otapack build recipe.yaml
sed -n 's/.*no such input here or around it; \(.*\) can be used behind.*/\1/p' err |
    sed 's/ and /, /; s/, /\n/g' >names
sed -n '/^It begins with/,/^and a path/s/^\.Cm \([a-z0-9_.]*\).*/\1/p' "$man/otapack-recipe.5" >described
compare 'man/otapack-recipe.5, Names in values' names described

# ---- keys of a policy ---------------------------------------------------------------------------

otapack help --json | jq .policy >policy
policy_page_keys() {
    awk -v section=".Ss $1" '
        /^\.S[sh] / { inside = $0 == section }
        inside && /^\.It Cm [a-z0-9_]+ :/ { print $3 }' "$man/otapack-policy.5"
}
jq -r '.keys[].name' policy >keys
policy_page_keys 'Keys' >described
compare 'man/otapack-policy.5, Keys' keys described
jq -r '.rules[].name' policy >keys
policy_page_keys 'Rules' >described
compare 'man/otapack-policy.5, Rules' keys described
# The words of each, and the ID that its lines end with.
sed -n '/^\.Ss Rules/,/^\.Ss Versions/p' "$man/otapack-policy.5" >rules
for word in $(jq -r '.rules[] | .id // empty, (.choices // [])[], (.keys // [])[].name' policy); do
    has_line "Cm $word( |\$)" rules || { echo "man/otapack-policy.5, Rules: no $word" && wrong=$((wrong + 1)); }
done

# ---- functions ----------------------------------------------------------------------------------

cat "$SOURCE"/include/otapack/*.h | tr '\n' ' ' | grep -oE 'static inline [^;{(]*\(' |
    grep -oE 'otapack_[a-z0-9_]*\($' | sed 's/($//' | grep -v '_$' >functions
sed -n 's/^\.F[no] \(otapack_[a-z0-9_]*\).*/\1/p' "$man/otapack.3" >described
compare 'man/otapack.3, functions' functions described

# ---- what the pages point at --------------------------------------------------------------------

# The places in the pages that match, as PAGE:MATCH, each once.
grep -oE '^\.Xr otapack[a-z-]* [1-9]' "$man"/*.[1-9] | sort -u >pointers
[ -s pointers ] || fail 'no page points at another'
: >lost
while read -r page name section rest; do
    target=$name.${section%%[!1-9]*}
    page=${page%:.Xr}
    [ -f "$man/$target" ] || echo "${page##*/}: there is no man/$target" >>lost
done <pointers
grep -oE 'otapack[a-z-]*\([1-9]\)' "$SOURCE/README.md" | sort -u >pointers
while IFS='()' read -r name section rest; do
    [ -f "$man/$name.$section" ] || echo "README.md: there is no man/$name.$section" >>lost
done <pointers
grep -oE '\b(\.ci|fixtures|include|man|packaging|src|tests)/[A-Za-z0-9_*./-]*|[A-Za-z_.]*[A-Z]\.md\b' \
    "$SOURCE"/README.md "$man"/*.[1-9] "$SOURCE"/include/otapack/*.md | sort -u >pointers
[ -s pointers ] || fail 'no page names a file'
while IFS=: read -r page target; do
    while [[ $target == *[.*] ]]; do target=${target%?}; done
    [ -e "$SOURCE/$target" ] || compgen -G "$SOURCE/$target*" >/dev/null ||
        [ -e "${page%/*}/$target" ] || echo "${page##*/}: there is no $target" >>lost
done <pointers
cat lost
[ ! -s lost ] && [ "$wrong" -eq 0 ]
