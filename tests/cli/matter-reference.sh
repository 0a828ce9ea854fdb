# SPDX-License-Identifier: Apache-2.0
# Real firmware: the headers that ota_image_tool.py wrote, byte for byte, from a recipe, from --set and
# from compat ota_image_tool create. Then inspect finds in them what they were made of.
. "$SOURCE/tests/matter-lib.sh"
vectors
reference=$VECTORS/matter/reference_headers.jsonl payload=$VECTORS/matter/light.bin

count=0
while IFS= read -r line; do
    printf '%s\n' "$line" >line.json
    name=$(jq -r .name line.json)
    check() { # check FILE
        [ "$(sha256_of "$1")" = "$(jq -r .file_sha256 line.json)" ] ||
            fail "$name: $1 is not what ota_image_tool.py made: $(head -c 160 "$1" | od -An -tx1)"
        [ "$(size_of "$1")" = "$(jq -r .file_size line.json)" ] || fail "$name: size of $1"
        rm "$1"
    }
    # The arguments, one a line; none has a blank.
    jq -r '.arguments[]' line.json >arguments
    # shellcheck disable=SC2046 # one argument per word
    expect_exit 0 otapack compat ota_image_tool create $(cat arguments) "$payload" compat.bin
    no_out
    jq -r '.header_hex' line.json >header.hex
    head -c $(($(wc -c <header.hex) / 2)) compat.bin | od -An -v -tx1 | tr -d ' \n' >found.hex
    [ "$(cat found.hex)" = "$(cat header.hex)" ] || fail "$name: the header is $(cat found.hex)"
    check compat.bin
    { echo create; cat arguments; echo "$payload"; echo file.bin; } >arguments.txt
    expect_exit 0 otapack compat ota_image_tool @arguments.txt
    check file.bin

    jq -r '.arguments | [range(0; length; 2) as $i | {(.[$i]): .[$i + 1]}] | add |
        {"-v": "vendor_id", "-p": "product_id", "-vn": "software_version",
         "-vs": "software_version_string", "-da": "image_digest_type",
         "-mi": "min_applicable_software_version", "-ma": "max_applicable_software_version",
         "-rn": "release_notes_url"} as $keys |
        to_entries[] | "\($keys[.key]) \(.value)"' line.json >keys
    {
        printf 'otapack: 1\noutput: recipe.bin\napp: "%s"\nmatter:\n' "$payload"
        while read -r key value; do
            case $key in
                *_string | *_url) printf '  %s: "%s"\n' "$key" "$value" ;;
                *) printf '  %s: %s\n' "$key" "$value" ;;
            esac
        done <keys
    } >recipe.yaml
    expect_exit 1 otapack build recipe.yaml
    expect_err '\[matter-version-match\]$'
    no_file recipe.bin
    expect_exit 0 otapack build recipe.yaml --allow matter-version-match
    check recipe.bin
    sed 's/^app:/image:/' recipe.yaml >image.yaml
    expect_exit 0 otapack build image.yaml --allow matter-version-match -o image.bin
    expect_exit 1 otapack inspect --json image.bin
    case $name in
        sha3_224) only_failing matter-version-match matter-digest-short ;;
        *) only_failing matter-version-match ;;
    esac
    check image.bin

    printf 'otapack: 1\napp: "%s"\n' "$payload" >bare.yaml
    set --
    while read -r key value; do set -- "$@" --set "matter.$key=$value"; done <keys
    expect_exit 0 otapack build bare.yaml -a matter-version-match -o set.bin "$@"
    check set.bin
    count=$((count + 1))
done <"$reference"
[ "$count" -eq 8 ] || fail "$count lines"
