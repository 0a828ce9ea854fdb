# SPDX-License-Identifier: Apache-2.0
# A few damaged copies of good fixtures, each given to a process of its own: it ends with status 1 and
# a JSON document, and no sanitizer speaks. tests/laws/law_sweep.c takes thousands, in one process.
. "$SOURCE/tests/cli-lib.sh"

count=0
noticed() { # noticed WHAT: of mutant.bin
    expect_exit 1 otapack inspect --json mutant.bin
    no_err
    cat out >>all
    count=$((count + 1))
}
for name in esp_image/good-app-esp32s3 rcp_image/good-with-host flash/good-merged-esp32h2 \
    partition_table/good-host matter/good-rcp; do
    file=$FIXTURES/$name.bin
    for length in 0 1 20 100; do
        head -c $length "$file" >mutant.bin
        noticed
    done
    { head -c 17 "$file"; printf '\252'; tail -c +19 "$file"; } >mutant.bin
    cmp -s "$file" mutant.bin && fail "$name: nothing was changed"
    case $name in flash/*) ;; *) noticed ;; esac # there it is unused flash that was changed
done
[ "$(jq -s 'map(select(.otapack == 1 and (.files[0].verdict == "fail"))) | length' all)" -eq $count ] ||
    fail 'not a document for each that says no'
echo "$count mutants"
